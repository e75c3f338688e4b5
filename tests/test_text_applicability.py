"""What kind of document was read, and in which language."""

from __future__ import annotations

import pytest
from manuscripts_of_blocks import manuscript

from coreqcheck.model import Meta, Verdict
from coreqcheck.text.applicability import judge, language_of

WORDS = "Riders in small towns wait for buses that do not come, and they know it well. " * 10
STUDY = f"""
# Waiting for buses: a qualitative interview study
## Abstract
We interviewed twelve riders and analysed the transcripts thematically.
## Introduction
{WORDS}
## Methods
Twelve semi-structured interviews were conducted with riders. They were recorded and transcribed.
We used thematic analysis. Interviews lasted an hour.
## Results
Two themes came out. {WORDS}
“I waited for an hour there.” (P3)
“I walked home in the rain.” (P4)
“I never go by bus now.” (P5)
## Discussion
{WORDS}
## References
~ Lee A. Buses. 2010.
"""


def verdict(markup: str, meta: Meta | None = None) -> Verdict:
    return judge(manuscript(markup, meta)).verdict


def test_an_interview_study() -> None:
    found = judge(manuscript(STUDY))
    assert found.verdict is Verdict.INTERVIEW
    assert found.why.endswith(".")


def test_a_focus_group_study_without_recognised_headings() -> None:
    markup = (
        STUDY.replace("## Methods", "## The riders and we")
        .replace("interviews were conducted with", "focus groups were held with")
        .replace("## Results", "## Rain")
    )
    assert verdict(markup) is Verdict.INTERVIEW


def test_an_abstract_page() -> None:
    page = (
        f"## Abstract\nMethods: We interviewed twelve riders. {WORDS}\n## Funding\nNone.\n"
        "## Data availability\nNone."
    )
    assert verdict(page) is Verdict.ABSTRACT_ONLY


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a qualitative interview study", "a systematic review of qualitative studies"),
        ("a qualitative interview study", "a meta-ethnography"),
        ("Waiting for buses: a qualitative interview study", "Editorial: buses and interviews"),
    ],
)
def test_other_kinds_by_their_title(old: str, new: str) -> None:
    markup = STUDY.replace(old, new)
    if new.startswith("Editorial"):
        markup = f"# {new}\n## Introduction\n{WORDS}\nInterviews are in fashion.\n{WORDS}"
    assert verdict(markup) is Verdict.OTHER


def test_a_review_by_its_methods() -> None:
    methods = (
        "MEDLINE, CINAHL, Embase and Scopus were searched. We followed PRISMA. Included studies "
        "were appraised with CASP. Full texts were read. Studies used interviews."
    )
    markup = f"# Waiting\n## Introduction\n{WORDS}\n## Methods\n{methods}\n## Results\n{WORDS}"
    assert verdict(markup) is Verdict.OTHER


def test_a_protocol() -> None:
    methods = (
        "Interviews will be held with riders. They will be recorded. Themes will be built. We will "
        "ask twelve riders."
    )
    markup = f"# Waiting: a study protocol\n## Introduction\n{WORDS}\n## Methods\n{methods}"
    assert verdict(markup) is Verdict.OTHER


def test_a_trial() -> None:
    markup = STUDY.replace(
        "Waiting for buses: a qualitative interview study",
        "Free tickets: a randomised controlled trial",
    )
    assert verdict(markup) is Verdict.OTHER


def test_a_trials_interviews_are_an_interview_study() -> None:
    markup = STUDY.replace(
        "a qualitative interview study", "a qualitative study within a randomised controlled trial"
    )
    assert verdict(markup) is Verdict.INTERVIEW


def test_a_transcript() -> None:
    turn = f"Interviewer: And then? {WORDS}\nP1: Then I walked. {WORDS}\n"
    turns = turn * 8
    assert verdict(turns) is Verdict.OTHER


def test_a_practice_page_with_interviews_but_no_methods() -> None:
    page = (
        f"## Waiting for buses\nThis page draws on four interviews with drivers. {WORDS}\n"
        f"## Participants\n- A. Driver, North Depot\n## Challenges\n{WORDS}\n## Next steps\n{WORDS}"
    )
    found = judge(manuscript(page))
    assert found.verdict is Verdict.OTHER
    assert "methods" in found.why


def test_a_study_without_interviews() -> None:
    markup = f"# Buses\n## Methods\nWe counted buses. {WORDS}\n## Results\nForty came. {WORDS}"
    assert verdict(markup) is Verdict.OTHER


def test_quotations_without_the_word_interview_leave_it_open() -> None:
    said = "\n".join(f"“I waited for an hour at stop {n}.” (P{n})" for n in range(1, 8))
    markup = (
        f"# Buses\n## Methods\nParticipants kept diaries. They were coded. Themes were built."
        f" {WORDS}\n## Results\n{said}\n{WORDS}"
    )
    assert verdict(markup) is Verdict.UNCERTAIN


def test_a_scrap_is_uncertain() -> None:
    assert verdict("We met riders.") is Verdict.UNCERTAIN


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The riders were asked what they had seen on the way to the town that day."),
        ("de", "Die Fahrgäste wurden gefragt, was sie auf dem Weg in die Stadt gesehen haben."),
        ("fr", "Les passagers ont été interrogés sur ce qu’ils ont vu dans les rues de la ville."),
        ("es", "Los viajeros contaron lo que vieron en el camino a la ciudad y por qué se fueron."),
        ("pt", "Os passageiros contaram o que viram no caminho para a cidade e não foram embora."),
        ("it", "I passeggeri hanno detto che cosa è stato visto nella città e come si va via."),
        ("nl", "De reizigers werden gevraagd naar wat zij op de weg in de stad hebben gezien."),
        ("ar", "سُئل الركاب عما رأوه في الطريق إلى المدينة في ذلك اليوم."),
        ("zh", "我们询问了乘客在去城里的路上看到了什么，以及他们为什么离开。"),
        ("other", "Pasażerowie opowiedzieli, co widzieli podczas drogi; niektórzy wysiedli."),
    ],
)
def test_languages(language: str, sentence: str) -> None:
    markup = "## X\n" + "\n".join([sentence] * 5)
    assert language_of(manuscript(markup)) == language


def test_too_little_text_has_no_language() -> None:
    assert language_of(manuscript("Buses.")) is None


def test_another_language_is_named_in_the_reason() -> None:
    text = "Die Fahrgäste wurden gefragt, was sie auf dem Weg in die Stadt gesehen haben. " * 20
    found = judge(manuscript(f"## Methode\n{text}"))
    assert found.verdict is Verdict.UNCERTAIN
    assert "German" in found.why
