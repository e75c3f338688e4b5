"""Golden cases for the sentence splitter. "|" in a case marks where a sentence must end."""

from __future__ import annotations

from itertools import pairwise

import pytest

from coreqcheck.model import Span
from coreqcheck.text.sentences import split

CASES = [
    # plain
    "We met twelve nurses. | They spoke freely. | Nobody left.",
    "Was it tiring? | It was! | She laughed.",
    "One sentence without a stop",
    # abbreviations
    "Some topics, e.g. pain and sleep, came up. | Others did not.",
    "Rules, i.e. Local ones, were kept. | They held.",
    "Lee et al. found the same. | We did too.",
    "This was shown by Lee et al. | The present study differs.",
    "Dr. Hall and Prof. Ruiz read all notes. | Mrs. Oyelaran did not.",
    "See Fig. 2 and Tab. 3 for the groups. | Each is shown.",
    "Day vs. night was compared. | No gap was seen.",
    "The form (No. 4) was old. | It was kept.",
    "Asked again, she said no. | Four others agreed.",
    "It took approx. 40 min per visit. | Some were longer.",
    "It took about 40 min. | The longest took 90.",
    "The leaflet (Ward Office, n.d.) was used. | It is short.",
    "Pens, paper, etc. were brought. | Nothing was lost.",
    "Pens, paper, etc. | The room was warm.",
    "The work of J. Smith and A.B. Okoro was read. | It helped.",
    "Notes were checked by A.B. | The rest was read by C.D.",
    "We went to St. Anne Hospital. | It lies in a valley.",
    "As one put it (p. 5), it was late. | The bus had gone.",
    "Calls ran until 9 p.m. | The line was poor.",
    "Calls until 9 p.m. Monday were kept. | Later ones were not.",
    "She holds a Ph.D. in nursing. | He does not.",
    "The U.S. Department of Work paid. | It had no say.",
    "Visits took 30 to 45 min. | Ward sisters kept the times.",
    '"So there I am." | Renard had gone by then.',
    "They all used the app. | Users of the old one did not.",
    # numbers
    "The mean was 3.5 years. | The range was 1.5 to 9.",
    "It began in 2019. | Twelve people came.",
    "Codes were kept in Tool v. 12 by one person. | Another read them.",
    "Themes were built in ATLAS.ti by two people. | ATLAS.ti 9 was used.",
    "We used NVivo 12. | It served.",
    "1. What is a good day for you? | What is a bad one?",
    "2.1. Setting of the work was a ward. | It had ten beds.",
    # dots
    "She paused ... and then went on. | We waited.",
    "“I was so … I do not know.” | He stopped.",
    "The bus came late. | [...] Then it rained all day.",
    "He left [...] and came back. | All were glad.",
    # quotation marks and brackets after the stop
    "She said, “I am tired.” | He nodded.",
    "“Why did you go?” she asked. | He did not say.",
    '"It was cold. | It was dark." | Then they left.',
    "(This was agreed beforehand.) | The rest followed.",
    "They were late (the bus broke down). | Nobody minded.",
    # reference marks after the stop
    "Care differs.12 13 | We asked why.",
    "Care differs.[3] | We asked why.",
    "Care differs. [3,4] | We asked why.",
    "Care differs [3]. | We asked why.",
    "Care differs.¹² | We asked why.",
    "Care differs (Lee, 2010). | We asked why.",
    # labels of speakers after the stop
    "“I was lost there.” (P3) | Others agreed.",
    "“I was lost there.” [FG2-N4] | Others agreed.",
    "“I was lost there” (P3, nurse, 34 years). | Others agreed.",
    "“I was lost there.” (Brian)",
    "“I was lost there.” – Participant 7",
    # what does not end a sentence
    "Three things mattered: time; trust; and talk. | All three were named.",
    "Topics were: (1) pain, (2) sleep. | More came later.",
    "Two steps followed; the first was slow. | The second was not.",
    # a lost space
    "No new topics came up.The last two visits confirmed it.".replace(".The", ".| The"),
    # lower case after the stop is not a new sentence; a name in small letters may be
    "It was noted at approx. noon. | iPads were used.",
    "Visits ended at no. 9 Mill Road. | All were seen.",
    # other scripts
    "这是第一句。| 这是第二句。",
]


def parts_of(case: str) -> tuple[str, list[str]]:
    """The text of a case, and its sentences."""
    text = case.replace(".| The", ".The").replace("。| ", "。").replace("| ", "")
    return text, [part.strip() for part in case.split("|")]


@pytest.mark.parametrize("case", CASES)
def test_sentence_ends(case: str) -> None:
    text, expected = parts_of(case)
    found = split(text, 0, len(text))
    assert [text[s.start : s.end] for s in found] == expected


@pytest.mark.parametrize("case", CASES)
def test_offsets_are_exact_and_nothing_is_lost(case: str) -> None:
    text, _ = parts_of(case)
    found = split(f"xx {text} yy", 3, 3 + len(text))
    shifted = [Span(s.start - 3, s.end - 3) for s in found]
    assert shifted == split(text, 0, len(text))
    covered = "".join(text[s.start : s.end] for s in shifted)
    assert covered.replace(" ", "") == text.replace(" ", "")
    assert all(a.end <= b.start for a, b in pairwise(shifted))


def test_a_superscript_known_from_the_format_belongs_to_the_sentence_before() -> None:
    text = "Care differs.3We asked why.4,5 Nobody knew."
    marks = (Span(13, 14), Span(27, 28), Span(29, 30))
    found = [text[s.start : s.end] for s in split(text, 0, len(text), marks)]
    assert found == ["Care differs.3", "We asked why.4,5", "Nobody knew."]


def test_an_author_year_mark_after_the_stop_stays_with_its_sentence() -> None:
    text = "Care differs. (Lee 2010) We asked why."
    found = [text[s.start : s.end] for s in split(text, 0, len(text), (Span(14, 24),))]
    assert found == ["Care differs. (Lee 2010)", "We asked why."]


def test_a_long_text_without_stops_is_split_in_linear_time() -> None:
    text = ("word " * 20_000 + "e.g. " * 20_000 + ". " * 10_000).strip()
    assert len(split(text, 0, len(text))) < 20_000


def test_a_blank_block_has_no_sentences() -> None:
    assert split("   ", 0, 3) == []
