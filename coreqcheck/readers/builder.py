"""The only place where offsets are made: readers hand over runs and blocks, in reading order.

    builder = DocumentBuilder("paper.md", "markdown")
    builder.block(Role.HEADING, [Run("Methods", Origin(line=3, column=4))], level=2)
    builder.row([[Run("Age", ...)], [Run("34", ...)]], table=0)
    document = builder.build(data, meta)

Between blocks stands an empty line, between cells " | ". Those separators have no source.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from coreqcheck.model import (
    Block,
    Diagnostic,
    Document,
    Meta,
    Origin,
    Role,
    Segment,
    SourceMap,
    Span,
)
from coreqcheck.readers.clean import clean, is_clean

BLOCK_GAP = "\n\n"
CELL_GAP = " | "


class Run:
    """Text from one place of the source.

    ``text`` is as in the source, uncleaned. ``repair`` is set when the reader changed the text
    itself (a joined hyphen). ``citation`` marks a reference mark ("12", "[3]", "(Lee 2010)").
    """

    __slots__ = ("citation", "origin", "repair", "text")

    def __init__(
        self, text: str, origin: Origin, repair: str | None = None, citation: bool = False
    ) -> None:
        self.text = text
        self.origin = origin
        self.repair = repair
        self.citation = citation


def _moved(origin: Origin, shift: int) -> Origin:
    """``origin`` of a piece that starts ``shift`` characters into its run."""
    if shift == 0:
        return origin
    return replace(
        origin,
        column=origin.column + shift if origin.column is not None else None,
        offset=origin.offset + shift if origin.offset is not None else None,
    )


class DocumentBuilder:
    """Collects blocks; ``build`` makes the document. Not reusable."""

    def __init__(self, path: str, format: str) -> None:
        self.path = path
        self.format = format
        self.diagnostics: list[Diagnostic] = []
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._segments: list[Segment] = []
        self._citations: list[Span] = []
        self._tables = 0

    def block(
        self,
        role: Role,
        runs: Iterable[Run],
        *,
        level: int = 0,
        style: str | None = None,
        table: int | None = None,
    ) -> Span | None:
        """Add one block; ``None`` (and nothing added) when its runs hold no visible text.

        Args:
            role: what the block is.
            runs: its text in order. White space between runs is the caller's.
            level: depth of a heading, from 1.
            style: the format's own name for it, for diagnostics.
            table: number of the table that a caption or note belongs to (``next_table``).
        """
        mark = self._mark()
        self._open()
        start = self._length
        self._add(runs)
        span = self._close(start, mark)
        if span is not None:
            self._blocks.append(Block(span, role, level, style, table))
        return span

    def row(
        self,
        cells: Sequence[Iterable[Run]],
        *,
        table: int,
        header: bool = False,
        role: Role = Role.TABLE_ROW,
    ) -> Span | None:
        """Add one table row; empty cells keep their place. ``None`` when all cells are empty."""
        mark = self._mark()
        self._open()
        start = self._length
        spans = []
        for number, cell in enumerate(cells):
            if number:
                self._append(CELL_GAP)
            at = self._length
            self._add(cell, fresh=True)
            spans.append(Span(at, self._length))
        if all(len(span) == 0 for span in spans):
            self._rewind(mark)
            return None
        span = Span(start, self._length)
        self._blocks.append(Block(span, role, 0, None, table, tuple(spans), header))
        return span

    def next_table(self) -> int:
        """A fresh number for a table."""
        self._tables += 1
        return self._tables - 1

    def diagnose(
        self, code: str, message: str, *, level: str = "note", page: int | None = None
    ) -> None:
        """Record something that the report should say about the reading."""
        self.diagnostics.append(Diagnostic(code, level, message, page))

    @property
    def length(self) -> int:
        """Number of characters so far."""
        return self._length

    def build(self, data: bytes, meta: Meta | None = None) -> Document:
        """The document; ``data`` are the file's bytes, for its digest."""
        return Document(
            path=self.path,
            format=self.format,
            text="".join(self._parts),
            blocks=tuple(self._blocks),
            source_map=SourceMap(tuple(self._segments)),
            sha256=hashlib.sha256(data).hexdigest(),
            meta=meta or Meta(),
            diagnostics=tuple(self.diagnostics),
            citations=tuple(self._citations),
        )

    def _open(self) -> None:
        if self._length:
            self._append(BLOCK_GAP)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _add(self, runs: Iterable[Run], fresh: bool = True) -> None:
        """Append runs, cleaned; no space at the start of a block or cell, none doubled."""
        spaced = fresh
        parts, segments = self._parts, self._segments
        length = self._length
        for run in runs:
            start, text = length, run.text
            if text and is_clean(text) and not (spaced and text[0] == " "):
                parts.append(text)
                length += len(text)
                segments.append(Segment(start, length, run.origin, run.repair))
                spaced = text[-1] == " "
            else:
                for piece, moved, repair in clean(text):
                    if spaced and piece[0] == " ":
                        piece, moved = piece[1:], moved + 1
                        if not piece:
                            continue
                    at = length
                    parts.append(piece)
                    length += len(piece)
                    spaced = piece[-1] == " "
                    origin = _moved(run.origin, moved)
                    segments.append(Segment(at, length, origin, run.repair or repair))
            if run.citation and length > start:
                self._citations.append(Span(start, length))
        self._length = length

    def _close(self, start: int, mark: tuple[int, int, int, int]) -> Span | None:
        """End a block: trim a trailing space, undo it all when it is empty."""
        if self._length > start and self._parts[-1].endswith(" "):
            self._parts[-1] = self._parts[-1][:-1]
            self._length -= 1
            last = self._segments[-1]
            if last.end > self._length:
                if last.start == self._length:
                    self._segments.pop()
                else:
                    self._segments[-1] = replace(last, end=self._length)
        if self._length == start:
            self._rewind(mark)
            return None
        return Span(start, self._length)

    def _mark(self) -> tuple[int, int, int, int]:
        return len(self._parts), self._length, len(self._segments), len(self._citations)

    def _rewind(self, mark: tuple[int, int, int, int]) -> None:
        parts, self._length, segments, citations = mark
        del self._parts[parts:], self._segments[segments:], self._citations[citations:]
