"""Who took part: tables that describe them, and the number that the text states."""

from __future__ import annotations

from pathlib import Path

import pytest
from manuscripts_from_text import rules

from coreqcheck.engine.index import Index
from coreqcheck.engine.structure_sample import (
    participants_captions,
    participants_tables,
    sample_size,
    tables,
)
from coreqcheck.model import Manuscript
from coreqcheck.readers import read
from coreqcheck.text.manuscript import analyse
from coreqcheck.text.sections import SectionLexicon

_CHARACTERISTICS = """
## Results

**Table 1. Characteristics of the participants (n = 12)**

| Characteristic | n |
| --- | --- |
| Women | 9 |
| Men | 3 |
| Age 20 to 39 | 5 |
| Age 40 to 65 | 7 |
"""
_THEMES = """
## Results

**Table 2. Themes and quotations from women and men of all ages**

| Theme | Quotation |
| --- | --- |
| Age and gender | I was the oldest man there |
| Education | They spoke of degrees |
"""
_SURVEY = """
## Results

**Table 1. Characteristics of survey respondents (n = 212)**

| Characteristic | n |
| --- | --- |
| Women | 150 |
| Age over 40 | 90 |
"""


@pytest.fixture
def manuscript(tmp_path: Path):  # type: ignore[no-untyped-def]
    """From Markdown below a title to a manuscript."""

    def make(text: str) -> Manuscript:
        path = tmp_path / "study.md"
        path.write_text(f"# A study\n{text}", "utf-8")
        return analyse(read(path, str(path), None), SectionLexicon.of(rules().sections))

    return make


def _quotes(one: Manuscript, detector) -> list[str]:  # type: ignore[no-untyped-def]
    return [one.quote(found.span) for found in detector(Index(one))]


def test_a_table_of_participants_is_found_with_its_caption_first(manuscript) -> None:  # type: ignore[no-untyped-def]
    quotes = _quotes(manuscript(_CHARACTERISTICS), participants_tables)
    assert quotes[0].startswith("Table 1. Characteristics")
    assert any("Women" in quote for quote in quotes[1:])


@pytest.mark.parametrize("text", [_THEMES, _SURVEY])
def test_tables_of_themes_and_of_survey_samples_are_not(manuscript, text: str) -> None:  # type: ignore[no-untyped-def]
    assert _quotes(manuscript(text), participants_tables) == []


def test_a_caption_counts_only_with_a_number(manuscript) -> None:  # type: ignore[no-untyped-def]
    assert len(_quotes(manuscript(_CHARACTERISTICS), participants_captions)) == 1
    without = manuscript(_CHARACTERISTICS.replace(" (n = 12)", ""))
    assert _quotes(without, participants_captions) == []


def test_a_table_keeps_its_rows(manuscript) -> None:  # type: ignore[no-untyped-def]
    (table,) = tables(manuscript(_CHARACTERISTICS))
    assert table.caption is not None
    assert len(table.rows) == 5


def test_the_number_of_the_whole_sample_comes_before_parts_of_it(manuscript) -> None:  # type: ignore[no-untyped-def]
    text = """
## Methods

We conducted interviews in 2021. Fourteen lamplighters and nurses took part in an interview.

## Results

A total of 14 nurses were interviewed. Two nurses took part although they were on leave.
"""
    quotes = _quotes(manuscript(text), sample_size)
    assert "14" in quotes[0] or "Fourteen" in quotes[0]
    assert not quotes[0].startswith("Two")


@pytest.mark.parametrize(
    "sentence",
    [
        "A questionnaire was filled in by 450 students.",
        "Care of COVID-19 patients was discussed in the interview.",
        "Two researchers coded the transcripts.",
        "Table 2 participants are described elsewhere.",
        "The hospital has 400 beds and 12 wards.",
        "We checked 1) the guide, 2) whether participants took part and 3) members included.",
        "The total sample size was set after five factors had been weighed.",
    ],
)
def test_other_numbers_count_nobody(manuscript, sentence: str) -> None:  # type: ignore[no-untyped-def]
    assert _quotes(manuscript(f"\n## Methods\n\n{sentence}\n"), sample_size) == []
