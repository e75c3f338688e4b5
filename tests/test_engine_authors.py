"""Who the researchers are: degrees in the by-line, collectors of data, pronouns, initials."""

from __future__ import annotations

import pytest
from manuscripts_from_text import manuscript, matcher, rules

from coreqcheck.engine.assess import assess
from coreqcheck.engine.detectors import DETECTORS
from coreqcheck.engine.index import Index
from coreqcheck.engine.structure import register
from coreqcheck.model import Author, Level

register()
ONE = (Author("Anna B. Keller", "Keller", "ABK"),)
THREE = (*ONE, Author("Maria Dean", "Dean", "MD"), Author("Li Young", "Young", "LY"))


def _found(name: str, *paragraphs: str, heading: str = "Methods", authors=THREE) -> list[str]:  # type: ignore[no-untyped-def]
    made = manuscript(*paragraphs, heading=heading, authors=authors)
    return [made.quote(one.span) for one in DETECTORS[name](Index(made))]


def _level(item: int, text: str, heading: str = "Methods", authors=THREE) -> Level:  # type: ignore[no-untyped-def]
    return assess(rules().rule(item), matcher(text, heading=heading, authors=authors)).level


def test_collected_data_names_the_interviewer_when_there_were_only_interviews() -> None:
    statement = "ABK collected the data and wrote the paper."
    assert _found("data-collector-named", statement) == [statement]
    assert _found("data-collector-beside-others", statement) == []


def test_collected_data_is_less_when_there_were_questionnaires_and_documents() -> None:
    others = (
        "A survey was sent to all wards.",
        "Direct observation followed.",
        "Document analysis came last.",
    )
    statement = "ABK collected the data."
    assert _found("data-collector-named", statement, *others) == []
    assert _found("data-collector-beside-others", statement, *others) == [statement]


@pytest.mark.parametrize(
    "text",
    [
        "ABK supervised the data collection.",
        "ABK helped train the team for data collection.",
        "After data collection, ABK left the team.",
        "Data collection ended in May; ABK wrote the paper.",
    ],
)
def test_other_work_around_the_data_is_not_collecting_them(text: str) -> None:
    assert _found("data-collector-named", text) == []


def test_i_is_the_interviewer_where_there_is_one_author() -> None:
    text = "I interviewed twelve bakers."
    assert _found("single-author-interviewer", text, authors=ONE) == [text]
    assert _found("single-author-interviewer", text, authors=THREE) == []


def test_i_is_the_interviewer_where_nobody_is_named_and_one_person_writes() -> None:
    said = ["I interviewed twelve bakers.", *(f"In year {n} I wrote to them." for n in range(10))]
    alone, joined = "The researcher held the interviews.", "We held workshops, and we kept notes."
    assert _found("single-author-interviewer", *said, alone, authors=()) == said[:1]
    assert _found("single-author-interviewer", *said, *[joined] * 5, authors=()) == []
    assert _found("single-author-interviewer", *said[:3], authors=()) == []


@pytest.mark.parametrize(
    "text",
    [
        "ABK held the interviews. She took notes after each.",
        "Interviews were conducted by the second author, who had herself worked there.",
        "The interviewer wrote down her first impressions.",
    ],
)
def test_a_pronoun_for_the_interviewer_tells_the_gender(text: str) -> None:
    assert _level(4, text) is Level.PARTIAL


@pytest.mark.parametrize(
    "text",
    [
        "ABK held the interviews. MD coded them. She is a nurse.",
        "ABK held the interviews. Each patient was asked what she remembered.",
        "The interviewer let each speaker tell his or her story.",
    ],
)
def test_a_pronoun_for_anyone_else_does_not(text: str) -> None:
    assert _level(4, text) is Level.ABSENT


def test_initials_that_look_like_a_degree_are_no_degree() -> None:
    assert _level(2, "The interviewer (MD) took notes.") is Level.ABSENT
    assert _level(2, "The interviewer (MD) took notes.", authors=ONE) is Level.REPORTED


def test_a_surname_that_is_a_common_word_names_nobody() -> None:
    words = Index(manuscript("Young men and young women were interviewed.", authors=THREE))
    assert "young" not in words.author_words
    assert "keller" in words.author_words


def test_initials_in_brackets_are_no_acronym() -> None:
    index = Index(manuscript("In the intensive care unit (ICU) a trained nurse (KS) asked."))
    assert "ICU" in index.acronyms
    assert "KS" not in index.acronyms


def test_initials_stand_for_authors_where_no_byline_was_read() -> None:
    assert _level(1, "Of the interviews, KS held nine.", authors=()) is Level.REPORTED


def test_the_genitive_of_initials_is_the_author() -> None:
    assert _level(2, "This study formed part of ABK's PhD thesis.") is Level.REPORTED
