"""Checks that a document's characters stand in its source where the map says."""

from __future__ import annotations

from pathlib import Path

from coreqcheck.model import Document, Role
from coreqcheck.readers.decode import lines_of


def misplaced(document: Document, sources: dict[str | None, str]) -> list[str]:
    """Stretches whose line, column or offset hold other text.

    ``sources`` are the texts by file name, ``None`` for the main one.
    """
    lines = {name: lines_of(text) for name, text in sources.items()}
    wrong = []
    for segment in document.source_map.segments:
        origin = segment.origin
        shown = document.text[segment.start : segment.end]
        if segment.repair is not None:
            continue
        if origin.line is None or origin.column is None or origin.offset is None:
            wrong.append(shown)
            continue
        line = lines[origin.part][origin.line - 1].text
        column = origin.column - 1
        here = line[column : column + len(shown)] == shown
        source = sources[origin.part]
        if not here or source[origin.offset : origin.offset + len(shown)] != shown:
            wrong.append(shown)
    return wrong


def texts(document: Document, role: Role) -> list[str]:
    """The texts of all blocks with this role."""
    return [
        document.text[block.span.start : block.span.end]
        for block in document.blocks
        if block.role is role
    ]


def outline(document: Document) -> list[tuple[str, int]]:
    """All headings and their levels."""
    return [
        (document.text[block.span.start : block.span.end], block.level)
        for block in document.blocks
        if block.role is Role.HEADING
    ]


def rows(document: Document) -> list[list[str]]:
    """The cells of all table rows."""
    return [
        [document.text[cell.start : cell.end] for cell in block.cells]
        for block in document.blocks
        if block.role is Role.TABLE_ROW
    ]


def cited(document: Document) -> list[str]:
    """The reference marks that the format shows."""
    return [document.text[mark.start : mark.end] for mark in document.citations]


def write(folder: Path, files: dict[str, str]) -> None:
    """Write text files below ``folder``."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
