"""The letter to the author, as Markdown and as a Word file."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from manuscript_formats import SOURCES
from manuscripts_from_text import rules
from office import as_pdf

from coreqcheck.cli import cli
from coreqcheck.model import Level
from coreqcheck.pipeline import check
from coreqcheck.report.formats import RenderOptions, render

CONTRADICTS = SOURCES / "contradicts_itself.md"


def letter(*paths: Path, **options: object) -> str | bytes:
    reports = [check(path, rules()) for path in paths]
    return render(reports, "letter", RenderOptions(**options))  # type: ignore[arg-type]


def test_the_command_writes_the_one_that_the_name_asks_for(tmp_path: Path) -> None:
    for name in ("letter.docx", "letter.md"):
        arguments = ["check", str(CONTRADICTS), "--format", "letter", "-o", str(tmp_path / name)]
        assert CliRunner().invoke(cli, arguments).exit_code == 1
    text = (tmp_path / "letter.md").read_text("utf-8")
    assert text.startswith("Dear author,\n\nthank you for “Learning to be recorded")
    paragraphs = docx.Document(str(tmp_path / "letter.docx")).paragraphs
    plain = re.sub(r"\\|\*|^ *- |\u200b", "", text, flags=re.MULTILINE)
    words = " ".join(plain.split())
    assert " ".join(" ".join(p.text for p in paragraphs).split()) == words


def test_both_sides_of_each_contradiction_and_all_items_to_mend_are_in_it() -> None:
    report = check(CONTRADICTS, rules())
    made = letter(CONTRADICTS, suffix=".docx")
    assert isinstance(made, bytes)
    paragraphs = docx.Document(io.BytesIO(made)).paragraphs
    text = "\n".join(p.text for p in paragraphs)
    for finding in report.findings:
        assert finding.message in text
        assert all(f"“{place.quote}”" in text for place in finding.places)
    for item in report.assessments:
        asked = item.level in {Level.ABSENT, Level.PARTIAL} and not item.judgement
        entries = [p for p in paragraphs if p.text.startswith(f"{item.item} {item.name}.")]
        assert len(entries) == int(asked and item.decided), item.name
        if entries:
            assert item.example in entries[0].text
            assert any(run.italic and run.text == item.example for run in entries[0].runs)
            assert entries[0].style is not None
            assert entries[0].style.name == "List Bullet"


def test_it_is_courteous_and_judges_nobody() -> None:
    text = str(letter(CONTRADICTS))
    for word in ("Dear author", "thank you", "Please", "With kind regards", "A program prepared"):
        assert word in text
    assert not re.search(r"(?i)\b(fail\w*|missing|score|poor|must|wrong|violation)\b", text)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert letter(CONTRADICTS, suffix=".docx") == letter(CONTRADICTS, suffix=".docx")


def test_characters_that_word_does_not_take_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "odd.md"
    path.write_text(
        "# Odd \x0b\x01 study\n\n## Methods\n\nWe interviewed 12 nurses. We interviewed 14 "
        "nurses\x02 in all. The sample were 12 nurses.\n",
        "utf-8",
    )
    made = letter(path, suffix=".docx")
    assert isinstance(made, bytes)
    assert docx.Document(io.BytesIO(made)).paragraphs[0].text == "Dear author,"


def test_several_manuscripts_make_several_letters() -> None:
    made = letter(CONTRADICTS, SOURCES / "poor.md", suffix=".docx")
    assert isinstance(made, bytes)
    texts = [p.text for p in docx.Document(io.BytesIO(made)).paragraphs]
    assert texts.count("Dear author,") == 2
    assert str(letter(CONTRADICTS, SOURCES / "poor.md")).count("\n---\n") == 1


@pytest.mark.libreoffice
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    import pymupdf

    path = tmp_path / "letter.docx"
    made = letter(CONTRADICTS, suffix=".docx")
    assert isinstance(made, bytes)
    path.write_bytes(made)
    with pymupdf.open(as_pdf(path)) as printed:
        text = "".join(page.get_text() for page in printed)
    assert "Dear author," in text
    assert "The editorial office" in text
