"""Whose words a sentence holds: the authors', a participant's, or those on other people's work."""

from __future__ import annotations

import pytest
from manuscripts_of_blocks import manuscript

from coreqcheck.model import Manuscript, Voice

CITED, AUTHOR, PARTICIPANT = Voice.CITED, Voice.AUTHOR, Voice.PARTICIPANT
MARKS = "Rain falls [1]. Snow falls [2]. Hail falls [3]. Sleet falls [4]. Fog lies [5]."


def voices(section: str, *sentences: str) -> list[Voice]:
    """The voices of ``sentences``, which make one paragraph of the section."""
    found = manuscript(
        f"## Methods\nWe met riders.\n## {section}\n{' '.join(sentences)}\n## Notes\n{MARKS}"
    )
    return [s.voice for s in of(found, section)]


def of(found: Manuscript, section: str) -> list[object]:
    """The sentences of a section without its heading."""
    number = next(i for i, s in enumerate(found.sections) if s.title == section)
    return [s for s in found.sentences if s.section == number][1:]  # type: ignore[misc]


@pytest.mark.parametrize("section", ["Introduction", "Discussion", "Limitations"])
@pytest.mark.parametrize(
    "sentence",
    [
        "In the study of Lee and Park, twenty riders were interviewed until saturation [3].",
        "Okoro et al. held interviews with riders and sent them the transcripts [3].",
        "Lee and colleagues recruited riders by letter and recorded every interview [3].",
        "Moreau (2012) interviewed thirty riders twice.",
        "A study in Norway reported member checks with half of its riders [3].",
        "Previous studies have used focus groups with member checking.",
        "Earlier qualitative work has mostly asked drivers [3].",
        "In one Danish study, the interviews were led by two psychologists [3].",
        "The only other study that we know of was led by two nurses [3].",
        "In the largest of these, ferry crews kept diaries and were met twice [3].",
        "The smallest of those followed ferry crews for a month.",
        "Our previous study [3] interviewed drivers by telephone.",
        "In our earlier interviews with drivers, saturation was reached [3].",
        "We have previously shown that drivers wait as well [3].",
        "According to a review of nine studies, riders seldom complain [3].",
        "Among riders, waiting is tied to distress [3,4].",
    ],
)
def test_other_peoples_work(section: str, sentence: str) -> None:
    assert voices(section, sentence) == [CITED]


@pytest.mark.parametrize("section", ["Introduction", "Discussion", "Limitations"])
@pytest.mark.parametrize(
    "sentence",
    [
        "We interviewed twelve riders, as others have done [3].",
        "In this study, saturation was reached after twelve interviews [3].",
        "The present study used focus groups, as recommended [3].",
        "Our participants had read their transcripts.",
        "To our knowledge, this is the first study that asked riders [3].",
        "Future studies should return transcripts to riders.",
        "Unlike Lee et al. [3], we did not return the transcripts.",
    ],
)
def test_this_study(section: str, sentence: str) -> None:
    assert voices(section, sentence) == [AUTHOR]


@pytest.mark.parametrize(
    "sentence",
    [
        "We used thematic analysis [3].",
        "Thematic analysis followed the six phases of Braun and Clarke [3].",
        "Saturation was sought as Lee et al. describe it [3].",
        "Interviews were recorded, as is usual in such studies [3].",
        "The guide drew on previous studies [3].",
    ],
)
def test_methods_cite_what_they_follow(sentence: str) -> None:
    assert voices("Data collection", sentence) == [AUTHOR]


def test_an_earlier_study_told_in_the_methods_is_not_this_one() -> None:
    told = "In an earlier study of drivers, thirty interviews were held by telephone [3]."
    assert voices("Data collection", told, "We met riders at the stop.") == [CITED, AUTHOR]


def test_a_story_of_another_study_goes_on_with_pronouns() -> None:
    assert voices(
        "Discussion",
        "Okoro et al. interviewed drivers in two towns [3].",
        "They recruited by letter and returned all transcripts.",
        "The authors found no saturation.",
        "In that study, two people coded.",
        "Our riders were younger.",
        "They did not mind the rain.",
    ) == [CITED, CITED, CITED, CITED, AUTHOR, AUTHOR]


def test_a_story_in_the_introduction_goes_on_until_the_aim() -> None:
    assert voices(
        "Introduction",
        "Okoro et al. met drivers at six depots and recorded them [3].",
        "Two people coded, and the drivers could correct what was written.",
        "The aim of the study was to hear riders.",
    ) == [CITED, CITED, AUTHOR]


def test_a_new_paragraph_ends_the_story() -> None:
    found = manuscript(
        "## Methods\nx\n## Discussion\nOkoro et al. met drivers in two towns [3].\n"
        "They were at ease in the interviews."
    )
    assert [s.voice for s in of(found, "Discussion")] == [CITED, AUTHOR]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "sentence",
    [
        "The interviews were held by telephone, which may limit rapport [3].",
        "Saturation was reached early, which is common in small towns [3].",
        "The sample was small and drawn from one town [3].",
        "All participants were women, who may wait more often [3].",
    ],
)
def test_a_limit_of_this_study_with_a_reference_is_the_authors(sentence: str) -> None:
    assert voices("Limitations", sentence) == [AUTHOR]


def test_our_finding_set_beside_a_story_of_others_is_cited() -> None:
    told = "These findings agree with Lee et al. [3], who interviewed riders until saturation."
    assert voices("Discussion", told) == [CITED]


@pytest.mark.parametrize(
    ("mark", "cited"),
    [
        ("Waiting is tied to distress [3].", True),
        ("Waiting is tied to distress (Lee, 2010).", True),
        ("Waiting is tied to distress (Lee & Park, 2010; Okoro et al., 2012).", True),
        ("Waiting is tied to distress.³", True),
        ("Waiting is tied to distress (n = 3).", False),
        ("Waiting is tied to distress (in 2010).", False),
        ("Waiting is tied to distress (Table 3).", False),
    ],
)
def test_reference_marks_in_plain_text(mark: str, cited: bool) -> None:
    found = manuscript(f"## Introduction\n{mark}\n## Methods\nx")
    sentence = next(s for s in found.sentences if "waiting" in s.words)
    assert sentence.citation is cited
    assert (sentence.voice is CITED) is cited


def test_marks_in_round_brackets_count_where_the_paper_uses_them() -> None:
    used = "Rain falls (1). Snow falls (2,3). Hail falls (4). Sleet falls (5-7). Fog lies (8)."
    found = manuscript(f"## Introduction\n{used}\n## Methods\nTwo themes (1) and rain (2) came.")
    assert all(s.citation for s in of(found, "Introduction"))  # type: ignore[attr-defined]
    listed = manuscript("## Introduction\nTwo themes: (1) rain and (2) sun.\n## Methods\nx")
    assert not any(s.citation for s in listed.sentences)


def test_superscripts_without_height_hold_no_words_or_numbers() -> None:
    text = (
        "Waiting differs.1 2 Rain falls.3 Snow falls.4 Hail falls.5 Sleet falls,6 and fog lies.7 "
        "We met teams8 and crews9 there."
    )
    found = manuscript(f"## Methods\n{text}")
    sentences = of(found, "Methods")
    assert len(sentences) == 6
    assert all(not s.numbers for s in sentences)  # type: ignore[attr-defined]
    assert "teams" in sentences[-1].words  # type: ignore[attr-defined]


def test_a_year_in_a_reference_is_no_number_of_the_study() -> None:
    found = manuscript("## Methods\nWe met 12 riders (Lee, 2010), as Park (2011) did.")
    assert [n.low for n in of(found, "Methods")[0].numbers] == [12]  # type: ignore[attr-defined]


def test_participants_speak_in_quotations_and_not_around_them() -> None:
    found = manuscript(
        "## Methods\nx\n## Results\n"
        "> We interviewed nobody, I said. They just came. (P3)\n"
        "One rider, who had been interviewed twice, told us “I was late” (P4)."
    )
    said = of(found, "Results")
    assert [s.voice for s in said] == [PARTICIPANT, PARTICIPANT, AUTHOR]  # type: ignore[attr-defined]
    last = said[-1]
    assert [found.quote(q) for q in last.quoted] == ["I was late"]  # type: ignore[attr-defined]


def test_analysis_is_the_same_each_time() -> None:
    markup = f"## Methods\nWe met riders.\n## Results\n“I was late there.” (P3)\n{MARKS}"
    assert manuscript(markup) == manuscript(markup)
