"""The same manuscript gets the same verdicts, whatever the format that it comes in."""

from __future__ import annotations

from pathlib import Path

import pytest
from manuscript_formats import SOURCES, to_docx, to_jats, to_pdf, to_text
from manuscripts_from_text import rules

from coreqcheck.model import Report
from coreqcheck.pipeline import check


def _in_all_formats(source: Path, folder: Path) -> dict[str, Path]:
    markdown = source.read_text("utf-8")
    paths = {
        name: folder / f"{source.stem}-{name}" for name in ("docx", "pdf1", "pdf2", "xml", "txt")
    }
    paths = {
        "docx": folder / "one.docx",
        "one column": folder / "one.pdf",
        "two columns": folder / "two.pdf",
        "jats": folder / "one.xml",
        "text": folder / "one.txt",
    }
    to_docx(markdown, paths["docx"])
    to_pdf(markdown, paths["one column"])
    to_pdf(markdown, paths["two columns"], columns=2)
    to_jats(markdown, paths["jats"])
    to_text(markdown, paths["text"])
    return paths


def _levels(report: Report) -> dict[int, str]:
    assert report.error is None
    return {a.item: str(a.level) for a in report.assessments}


@pytest.mark.parametrize("source", sorted(SOURCES.glob("*.md")), ids=lambda p: p.stem)
def test_levels_and_findings_do_not_depend_on_the_format(source: Path, tmp_path: Path) -> None:
    expected = check(source, rules())
    for name, path in _in_all_formats(source, tmp_path).items():
        got = check(path, rules())
        assert _levels(got) == _levels(expected), name
        assert [f.check for f in got.findings] == [f.check for f in expected.findings], name


def test_the_good_sample_reports_nearly_everything_and_contradicts_nothing() -> None:
    report = check(SOURCES / "good.md", rules())
    assert [a.item for a in report.assessments if a.level == "absent"] == []
    assert report.findings == ()
    assert _levels(report)[18] == "declared"
    assert _levels(report)[23] == "declared"


def test_the_poor_sample_is_not_answered_by_other_peoples_studies_and_plans() -> None:
    levels = _levels(check(SOURCES / "poor.md", rules()))
    assert {levels[item] for item in (19, 24, 27, 28)} == {"absent"}


def test_the_contradictory_sample_shows_both_sides() -> None:
    report = check(SOURCES / "contradicts_itself.md", rules())
    (finding,) = [f for f in report.findings if f.check == "participant-checking"]
    assert "was returned to the participants" in finding.places[0].quote
    assert "not returned to the participants" in finding.places[1].quote
