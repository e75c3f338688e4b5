"""Headings that were run into paragraphs when a text was copied out of a PDF."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from source_places import misplaced

from coreqcheck.model import Document, Role
from coreqcheck.readers import ReadOptions, docx, text
from coreqcheck.readers.lost_headings import LONG, lost_headings


def found(line: str, deep: bool = False) -> list[str]:
    return [line[lost.start : lost.end] for lost in lost_headings(line, deep)]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("Data collection We met the keepers in their huts.", "Data collection"),
        ("Results The keepers spoke of winter.", "Results"),
        ("STUDY DESIGN We walked with each keeper.", "STUDY DESIGN"),
        ("Walks Along the Dyke Each walk took an hour.", "Walks Along the Dyke"),
        (
            "Gates are opened by habit In most huts the key hangs outside.",
            "Gates are opened by habit",
        ),
        ("2.1 Keepers The district keeps a list.", "2.1 Keepers"),
        (
            "3.1.1 Losing the Path at Night. Most keepers had once.",
            "3.1.1 Losing the Path at Night.",
        ),
        ("IV. FINDINGS Our walks gave three themes.", "IV. FINDINGS"),
        ("B. Reading the Water When it rises they go up.", "B. Reading the Water"),
    ],
)
def test_a_heading_before_a_sentence(line: str, heading: str) -> None:
    assert found(line) == [heading]


@pytest.mark.parametrize(
    "line",
    [
        "The keepers of the Old Dyke were glad that We Came was sung.",
        "In the study of Lee The Hague was left out.",
        "Keepers said that nobody came. The path was wet.",
        "Table 2 shows who took part and for how long.",
        "I also think about the nights a lot And then I sleep.",
        "Interviewer: What did you do then?",
        "Vitamin A is given in the spring.",
        "Data collection",
    ],
)
def test_sentences_are_no_headings(line: str) -> None:
    assert found(line) == []


def test_headings_and_captions_inside_a_page() -> None:
    page = (
        "The huts stand far apart. METHODS Keepers The district gave us a list of them. "
        "It was long. Data analysis We read all the notes twice. "
        "TABLE 2. WHO WALKED WITH US Keeper Years Hut REFERENCES [1] A. Moe and The Others. Dykes."
    )
    assert found(page, deep=True) == [
        "METHODS",
        "Data analysis",
        "TABLE 2. WHO WALKED WITH US",
        "REFERENCES",
    ]


def test_names_in_a_list_of_references_are_no_headings() -> None:
    listed = "[12] C. Moe and A. Lee. Dykes in winter. [13] B. Hut Paths For all seasons. Oslo."
    assert lost_headings(listed, deep=True, listed=True) == []


SENTENCE = "The keepers told us about the water and about the long nights in the huts. "
PAGES = [
    "Keeping the dyke Ida Moe1, Bo Lee2, Ann Reyes1 ABSTRACT We walked with keepers. "
    "INTRODUCTION " + SENTENCE * 30,
    "METHODS We asked for walks. Data collection Two of us walked with each keeper. "
    + SENTENCE * 30
    + "RESULTS Our keepers spoke of three things. "
    + SENTENCE * 10
    + "and then the",
    "story goes on. " + SENTENCE * 25 + "DISCUSSION We found that dykes are kept. " + SENTENCE,
    "Still more of it. REFERENCES [1] A. Moe. The dyke. Oslo, 2001.",
]


def rolled() -> Document:
    """A DOCX of pages without styles, as converters make it from plain text."""
    library = pytest.importorskip("docx")
    made = library.Document()
    for number, page in enumerate(PAGES, 1):
        made.add_paragraph(f"=== page {number} ===")
        made.add_paragraph(f"Journal of Dykes 12 ({number}) " + page)
    out = io.BytesIO()
    made.save(out)
    return docx.read(Path("dyke.docx"), "dyke.docx", out.getvalue(), ReadOptions())


def test_pages_of_a_document_without_styles() -> None:
    document = rolled()

    def shown(role: Role) -> list[str]:
        spans = [block.span for block in document.blocks if block.role is role]
        return [document.text[span.start : span.end] for span in spans]

    heads = shown(Role.HEADING)
    expected = ["METHODS", "Data collection", "RESULTS", "DISCUSSION", "REFERENCES"]
    assert [head for head in heads if head in expected] == expected
    assert [author.name for author in document.meta.authors] == ["Ida Moe", "Bo Lee", "Ann Reyes"]
    assert "=== page 2 ===" in shown(Role.FURNITURE)
    assert not any("Journal of Dykes" in line for line in shown(Role.PARAGRAPH))
    assert any("and then the story goes on." in line for line in shown(Role.PARAGRAPH))
    assert any("A. Moe. The dyke." in line for line in shown(Role.REFERENCE))
    assert max(len(line) for line in PAGES) > LONG


def test_lines_that_are_paragraphs() -> None:
    lines = [
        "ABSTRACT We walked with keepers of the dyke.",
        "INTRODUCTION " + SENTENCE * 3,
        "METHODS " + SENTENCE * 3,
        "2.1 Keepers",
        SENTENCE * 3,
        "Research article",
        "RESULTS AND DISCUSSION " + SENTENCE * 3,
    ]
    source = "\n".join(lines).encode()
    document = text.read(Path("dyke.txt"), "dyke.txt", source, ReadOptions())
    heads = [
        document.text[block.span.start : block.span.end]
        for block in document.blocks
        if block.role is Role.HEADING
    ]
    assert heads == ["ABSTRACT", "INTRODUCTION", "METHODS", "2.1 Keepers", "RESULTS AND DISCUSSION"]


def test_what_is_taken_apart_keeps_its_place() -> None:
    source = "METHODS\n\n" + "  ".join(PAGES[1:3]) + "\n"
    document = text.read(Path("dyke.txt"), "dyke.txt", source.encode(), ReadOptions())
    assert "Data collection" in [
        document.text[block.span.start : block.span.end]
        for block in document.blocks
        if block.role is Role.HEADING
    ]
    assert misplaced(document, {None: source}) == []
