"""What a paper says of its survey, and where words belong that are printed as one."""

from __future__ import annotations

from pathlib import Path

import pytest
from manuscripts_from_text import manuscript, rules

from coreqcheck import pipeline
from coreqcheck.engine.index import Index
from coreqcheck.model import Level, SectionKind

_MIXED = """# Porters and their boots

## Methods

### Quantitative part

Fifty porters were telephoned and invited by letter. Three refused because of lack of time.

### {other}

Porters told of their boots in interviews.

## Results

They wore boots.
"""


def _level(tmp_path: Path, text: str, item: int) -> Level:
    path = tmp_path / "m.md"
    path.write_text(text, encoding="utf-8")
    report = pipeline.check(path, rules())
    return next(a.level for a in report.assessments if a.item == item)


@pytest.mark.parametrize("item", [11, 13])
def test_the_survey_beside_the_interviews_answers_nothing(tmp_path: Path, item: int) -> None:
    assert _level(tmp_path, _MIXED.format(other="Qualitative part"), item) is Level.ABSENT


@pytest.mark.parametrize("item", [11, 13])
def test_a_paper_without_a_qualitative_part_is_read_whole(tmp_path: Path, item: int) -> None:
    assert _level(tmp_path, _MIXED.format(other="Setting"), item) is Level.REPORTED


def test_a_contracted_not_is_a_word_of_its_own() -> None:
    sentence = manuscript("Transcripts weren't returned.").sentences[-1]
    assert sentence.words == ("transcripts", "were", "not", "returned")
    assert list(sentence.starts) == sorted(sentence.starts)


def test_background_under_introduction_is_no_part_of_the_abstract(tmp_path: Path) -> None:
    path = tmp_path / "m.md"
    path.write_text(
        "# Boots\n\n## Abstract\n\n**Background:** Boots wear.\n\n**Methods:** We asked.\n\n"
        "**Results:** They wear.\n\n## Introduction\n\n### Background\n\nBoots have soles.\n\n"
        "### Objectives\n\nWe asked of soles.\n\n## Methods\n\nWe interviewed porters.\n\n"
        "## Results\n\nSoles wear.\n",
        encoding="utf-8",
    )
    found = pipeline.check(path, rules()).manuscript
    assert found is not None
    kinds = {s.title: s.kind for s in found.sections}
    assert kinds["Introduction"] is SectionKind.INTRODUCTION
    assert kinds["Objectives"] is SectionKind.INTRODUCTION


def test_words_in_a_table_of_coding_need_no_speaker(tmp_path: Path) -> None:
    quotations = "\n\n".join(
        f'"My boots were old when I got them from the store." (P{n}, {30 + n} years)'
        for n in range(1, 4)
    )
    rows = "\n".join(f'| "The sole came off in the rain, step {n}" | Soles |' for n in range(4))
    text = (
        "# Boots\n\n## Methods\n\nWe interviewed porters.\n\n## Results\n\n### Soles\n\n"
        f"{quotations}\n\n**Table 1.** Example of coding\n\n| Meaning unit | Code |\n|---|---|\n"
        f"{rows}\n\n## Discussion\n\nBoots wear.\n"
    )
    assert _level(tmp_path, text, 29) is Level.REPORTED


def test_no_section_is_aside_in_a_paper_of_interviews_alone() -> None:
    assert Index(manuscript("We interviewed porters.")).aside == 0
