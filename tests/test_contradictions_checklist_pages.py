"""The pages of a completed checklist against those of the file: PDF and Word."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from manuscripts_from_text import rules

from coreqcheck.checklist.pages import Cited, numbering
from coreqcheck.model import Finding
from coreqcheck.pipeline import check

# What stands on which page, by item.
_PAGES = {
    2: [
        "Methods",
        "A qualitative study with thematic analysis was conducted.",
        "Keepers were recruited by purposive sampling. They were approached by letter.",
        "Eighteen keepers were interviewed. Two keepers declined to take part for lack of time.",
    ],
    3: [
        "Data collection",
        "Interviews were held at the mill. Nobody else was present at the interviews.",
        "An interview guide with nine questions was pilot tested. No repeat interviews were held.",
        "All interviews were audio recorded. Field notes were made after each interview.",
        "Interviews lasted between 30 and 60 minutes. Data saturation was reached.",
        "Transcripts were not returned to the participants.",
    ],
    4: [
        "Data analysis",
        "Two researchers coded all transcripts independently. NVivo 12 was used for coding.",
        "Member checking was done: participants commented on the findings.",
    ],
    5: ["Results", "Three themes were found. The tide sets the hours of work."],
}
_NAMES = {
    9: "Methodological orientation and Theory", 10: "Sampling", 11: "Method of approach", 12: "Sample size",
    13: "Non-participation", 14: "Setting of data collection", 15: "Presence of non-participants",
    17: "Interview guide", 18: "Repeat interviews", 19: "Audio/visual recording", 20: "Field notes",
    21: "Duration", 22: "Data saturation", 23: "Transcripts returned", 24: "Number of data coders",
    27: "Software", 28: "Participant checking",
}  # fmt: skip
_RIGHT = {9: 2, 10: 2, 11: 2, 12: 2, 13: 2, 14: 3, 15: 3, 17: 3, 18: 3, 19: 3, 20: 3, 21: 3, 22: 3, 23: 3, 24: 4, 27: 4, 28: 4}  # fmt: skip


def _form(pages: dict[int, int]) -> list[str]:
    return ["COREQ checklist (32 items)"] + [
        f"{item}. {name} How was it? Page {pages[item]}" for item, name in _NAMES.items()
    ]


def _sheets(pages: dict[int, int]) -> list[list[str]]:
    """The pages of the manuscript, then the checklist on one of its own."""
    first = [
        "The keepers of the tide mill: a qualitative study",
        "Abstract",
        "Keepers were interviewed.",
    ]
    return [first, *_PAGES.values(), ["Discussion", "The sea is a clock."], _form(pages)]


def _pdf(path: Path, pages: dict[int, int]) -> Path:
    import pymupdf

    document = pymupdf.open()
    for sheet in _sheets(pages):
        page = document.new_page()
        for number, line in enumerate(sheet):
            headed = len(line.split()) <= 2 or line.startswith(("The keepers", "COREQ"))
            page.insert_text((60, 80 + 32 * number), line, fontsize=14 if headed else 10)
    document.save(str(path))
    return path


def _docx(path: Path, pages: dict[int, int]) -> Path:
    """A Word file that records where its pages break."""
    import docx
    from docx.oxml import OxmlElement

    document = docx.Document()
    sheets = _sheets(pages)
    for number, sheet in enumerate(sheets):
        for at, line in enumerate(sheet):
            headed = len(line.split()) <= 2 or line.startswith("COREQ")
            level = 0 if line.startswith("The keepers") else 1
            entry = (
                document.add_heading(line, level)
                if headed or not level
                else document.add_paragraph(line)
            )
            if number and not at:
                entry.runs[0]._r.insert(0, OxmlElement("w:lastRenderedPageBreak"))
    plain = path.with_suffix(".plain.docx")
    document.save(str(plain))
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/app.xml":
                data = (
                    b'<?xml version="1.0"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
                    b'extended-properties"><Pages>%d</Pages></Properties>' % len(sheets)
                )
            new.writestr(name, data)
    plain.unlink()
    return path


def _about_pages(path: Path) -> list[Finding]:
    names = {"checklist-page", "checklist-last-page", "checklist-numbering"}
    return [f for f in check(path, rules()).findings if f.check in names]


@pytest.fixture(params=["pdf", "docx"])
def make(request: pytest.FixtureRequest, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Makes the manuscript with its checklist in one format."""
    return lambda pages: (_pdf if request.param == "pdf" else _docx)(
        tmp_path / f"paper.{request.param}", pages
    )


def test_right_pages_are_silent(make) -> None:  # type: ignore[no-untyped-def]
    assert _about_pages(make(_RIGHT)) == []


def test_a_page_off_by_one_is_silent(make) -> None:  # type: ignore[no-untyped-def]
    assert _about_pages(make({**_RIGHT, 20: 4, 24: 3, 27: 5})) == []


def test_a_page_where_nothing_of_the_kind_stands_is_found(make) -> None:  # type: ignore[no-untyped-def]
    found = _about_pages(make({**_RIGHT, 20: 6}))
    assert [f.check for f in found] == ["checklist-page"]
    assert "Item 20" in found[0].message
    assert "page 6" in found[0].message
    assert "page 3" in found[0].message


def test_a_page_beyond_the_last_is_found(make) -> None:  # type: ignore[no-untyped-def]
    found = _about_pages(make({**_RIGHT, 28: 31}))
    assert [f.check for f in found] == ["checklist-last-page"]
    assert "31" in found[0].message


def test_pages_of_another_version_are_allowed_for_and_said(make) -> None:  # type: ignore[no-untyped-def]
    found = _about_pages(make({item: page + 10 for item, page in _RIGHT.items()}))
    assert [f.check for f in found] == ["checklist-numbering"]
    assert "10 higher" in found[0].message


def test_pages_that_no_numbering_explains_say_nothing() -> None:
    jumbled = [Cited(i, (3 * i,), frozenset({(7 * i) % 11 + 1})) for i in range(1, 9)]
    assert numbering(jumbled) is None


def test_printed_numbers_are_tried_beside_counted_ones() -> None:
    counted = [Cited(i, (300 + i,), frozenset({i})) for i in range(1, 9)]
    printed = [Cited(i, (300 + i,), frozenset({300 + i})) for i in range(1, 9)]
    known = numbering(counted, printed)
    assert known is not None
    assert known.printed
    assert known.offset == 0
