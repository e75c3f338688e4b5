"""Where a statement that was not found would fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from manuscript_formats import to_pdf
from manuscripts_from_text import rules

from coreqcheck.model import Assessment, Level, Report
from coreqcheck.pipeline import check
from coreqcheck.report.formats import FORMATS, RenderOptions, render
from coreqcheck.report.homes import fits, home

PAPER = """# Night clinics: interviews with nurses

## Abstract

### Methods

Twelve nurses were interviewed.

## Introduction

Night clinics are rarely studied.

## Methods

### Design

This was a qualitative descriptive study.

### Recruitment

Nurses were sampled purposively. Of 20 nurses invited by e-mail, 8 declined because of lack of time.

### Data collection

Interviews lasted 30 to 40 minutes and were audio recorded.

## Results

Three themes were identified.

### Light

"It is never dark." (P1)

## Discussion

Night work is work.
"""


@pytest.fixture
def report(tmp_path: Path) -> Report:
    path = tmp_path / "paper.md"
    path.write_text(PAPER, "utf-8")
    return check(path, rules())


def item(report: Report, number: int) -> Assessment:
    return next(a for a in report.assessments if a.item == number)


def title_of(report: Report, number: int) -> str:
    assert report.manuscript is not None
    return report.manuscript.quote(
        home(item(report, number), report.manuscript, report.assessments).span
    )


def said(report: Report, number: int) -> str:
    assert report.manuscript is not None
    return fits(item(report, number), report.manuscript, report.assessments)


def test_it_belongs_where_its_neighbours_are_answered(report: Report) -> None:
    assert item(report, 20).level is Level.ABSENT
    assert title_of(report, 20) == "Data collection"
    line = PAPER.split("\n").index("### Data collection") + 3
    expected = "here it would fit under “Data collection”, after the answer to item"
    assert expected in said(report, 20)
    assert f"(line {line})" in said(report, 20)


def test_without_neighbours_it_is_the_first_heading_of_its_kind_but_not_the_abstracts(
    report: Report,
) -> None:
    assert report.manuscript is not None
    alone = home(item(report, 20), report.manuscript)
    assert report.manuscript.quote(alone.span) == "Methods"
    place = report.manuscript.place(alone.span)
    assert place.line == PAPER.split("\n").index("## Methods") + 1


def test_what_is_answered_needs_no_place(report: Report) -> None:
    assert said(report, 13) == ""


def test_pages_are_named_when_they_are_known(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    to_pdf(PAPER, path)
    assert "(page 1)" in said(check(path, rules()), 20)


def test_a_manuscript_without_headings_gets_the_usual_place(tmp_path: Path) -> None:
    path = tmp_path / "bare.txt"
    path.write_text("We interviewed twelve nurses by telephone about their work.\n" * 3, "utf-8")
    bare = check(path, rules())
    for one in bare.assessments:
        assert bare.manuscript is not None
        place = fits(one, bare.manuscript, bare.assessments)
        assert place == "" or place.startswith("It ")


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"xlsx", "csv", "sarif", "github", "text"}))
def test_the_formats_for_people_say_it(report: Report, form: str) -> None:
    rendered = render([report], form, RenderOptions(verbose=True))
    assert isinstance(rendered, str)
    assert "it would fit under “Data collection”" in rendered


def test_so_does_the_terminal_when_it_tells_all(report: Report) -> None:
    rendered = render([report], "text", RenderOptions(verbose=True))
    assert isinstance(rendered, str)
    assert "it would fit under “Data collection”" in " ".join(rendered.split())
