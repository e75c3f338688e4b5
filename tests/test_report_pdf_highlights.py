"""Highlights and notes in a copy of a PDF, as common viewers draw them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from manuscript_formats import SOURCES, to_pdf
from manuscripts_from_text import rules

from coreqcheck.model import Level
from coreqcheck.pipeline import check
from coreqcheck.report import pdf_highlights
from coreqcheck.report.remarks import AUTHOR


def made(folder: Path, name: str = "contradicts_itself", rotation: int = 0) -> Path:
    path = folder / f"{name}.pdf"
    to_pdf((SOURCES / f"{name}.md").read_text("utf-8"), path)
    if rotation:
        with pymupdf.open(path) as document:
            for page in document:
                page.set_rotation(rotation)
            document.saveIncr()
    return path


def annotated(path: Path) -> bytes:
    return pdf_highlights.annotate(check(path, rules()), path.read_bytes())


def annotations(data: bytes) -> list[tuple[str, Any, str, str]]:
    """Kind, rectangle, content and words under each annotation."""
    with pymupdf.open(stream=data, filetype="pdf") as document:
        return [
            (a.type[1], a.rect, a.info["content"], page.get_textbox(a.rect))
            for page in document
            for a in page.annots()
        ]


def test_each_item_and_each_side_is_told_once_at_a_place(tmp_path: Path) -> None:
    path = made(tmp_path)
    report = check(path, rules())
    found = annotations(pdf_highlights.annotate(report, path.read_bytes()))
    told = [a for a in report.assessments if a.decided and a.level in {Level.ABSENT, Level.PARTIAL}]
    for item in told:
        holders = [c for _, _, c, _ in found if f"COREQ {item.item} {item.name}:" in c]
        assert len(holders) == 1, item.name
    for finding in report.findings:
        sides = [t for kind, _, c, t in found if finding.message in c and kind == "Highlight"]
        assert len(sides) >= len({p.span for p in finding.places}) > 0


def test_every_annotation_has_an_appearance_a_popup_and_no_time(tmp_path: Path) -> None:
    with pymupdf.open(stream=annotated(made(tmp_path)), filetype="pdf") as document:
        for page in document:
            for annotation in page.annots():
                kind, value = document.xref_get_key(annotation.xref, "AP/N")
                assert kind == "xref"
                stream = document.xref_stream(int(value.split()[0]))
                assert stream
                assert len(stream) > 20
                assert annotation.info["title"] == AUTHOR
                assert annotation.info["modDate"] == annotation.info["creationDate"] == ""
                assert annotation.rect in page.rect
                if annotation.type[1] == "Text":
                    window = annotation.popup_rect
                    assert window.width > 100
                    assert window in pymupdf.Rect(page.rect) + pymupdf.Rect(-1, -1, 1, 1)


def test_notes_do_not_lie_upon_each_other(tmp_path: Path) -> None:
    path = made(tmp_path, "poor")
    notes = [rect for kind, rect, _, _ in annotations(annotated(path)) if kind == "Text"]
    assert notes
    for number, one in enumerate(notes):
        assert all(not one.intersects(other) for other in notes[number + 1 :])


def test_the_words_of_the_pages_are_as_before(tmp_path: Path) -> None:
    path = made(tmp_path)
    with pymupdf.open(path) as old, pymupdf.open(stream=annotated(path), filetype="pdf") as new:
        assert [p.get_text() for p in new] == [p.get_text() for p in old]
        assert [p.read_contents() for p in new] == [p.read_contents() for p in old]


def test_a_second_run_replaces_its_own_and_leaves_those_of_people(tmp_path: Path) -> None:
    path = made(tmp_path)
    with pymupdf.open(path) as document:
        note = document[0].add_text_annot(pymupdf.Point(20, 20), "A person's own note")
        note.set_info(title="Rosa")
        document.saveIncr()
    once = annotated(path)
    path.write_bytes(once)
    one, two = (sorted((k, c) for k, _, c, _ in annotations(d)) for d in (once, annotated(path)))
    assert one == two
    assert ("Text", "A person's own note") in two


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_on_a_turned_page_the_marks_lie_on_their_words(tmp_path: Path, rotation: int) -> None:
    path = made(tmp_path, rotation=rotation)
    found = annotations(annotated(path))
    assert any("returned to the participants" in " ".join(t.split()) for *_, t in found)
    with pymupdf.open(path) as document:
        assert all(rect in document[0].mediabox for _, rect, _, _ in found)


def test_poppler_draws_the_highlights(tmp_path: Path) -> None:
    """Another viewer than the library that wrote them: yellow and red lie on the page."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed")
    path = made(tmp_path)
    copy = tmp_path / "copy.pdf"
    copy.write_bytes(annotated(path))
    shades = []
    for source in (path, copy):
        run = ["pdftoppm", "-r", "40", "-f", "1", "-l", "1", str(source)]
        done = subprocess.run(run, capture_output=True, check=True)
        assert b"Error" not in done.stderr
        pixels = done.stdout.split(b"\n", 3)[3]
        colours = zip(pixels[0::3], pixels[1::3], pixels[2::3], strict=True)
        shades.append(sum(r > 230 and b < 200 for r, _, b in colours))
    assert shades[0] == 0
    assert shades[1] > 500
