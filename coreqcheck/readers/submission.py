"""Several files of one submission as one document: manuscript first, then what came with it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from coreqcheck.model import (
    Block,
    Comment,
    Diagnostic,
    Document,
    Origin,
    Role,
    Segment,
    SourceMap,
    Span,
)
from coreqcheck.readers.builder import BLOCK_GAP


def merge(documents: Sequence[Document]) -> Document:
    """One document out of a manuscript and its companions (supplements, a checklist).

    Every place names its file. Each companion stands under a heading of its own, which has no
    source; what the manuscript's reader found out (title, authors, pages) is the whole's.
    """
    first, *others = documents
    if not others:
        return first
    merged = _Merged(first)
    for document in others:
        merged.heading(f"Supplementary file: {document.path.rsplit('/', 1)[-1]}")
        merged.add(document)
    digest = hashlib.sha256("".join(d.sha256 for d in documents).encode()).hexdigest()
    return Document(
        path=first.path,
        format=first.format,
        text="".join(merged.parts),
        blocks=tuple(merged.blocks),
        source_map=SourceMap(tuple(merged.segments)),
        sha256=digest,
        meta=replace(
            first.meta,
            files=tuple(d.path for d in documents),
            comments=tuple(_placed(c, d) for d in documents for c in d.meta.comments),
        ),
        diagnostics=tuple(merged.diagnostics),
        citations=tuple(merged.citations),
    )


class _Merged:
    """What has been put together so far."""

    def __init__(self, first: Document) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.blocks: list[Block] = []
        self.segments: list[Segment] = []
        self.citations: list[Span] = []
        self.diagnostics: list[Diagnostic] = []
        self.tables = 0
        self.add(first)

    def _append(self, text: str) -> int:
        if self.length:
            self.parts.append(BLOCK_GAP)
            self.length += len(BLOCK_GAP)
        at = self.length
        self.parts.append(text)
        self.length += len(text)
        return at

    def heading(self, text: str) -> None:
        at = self._append(text)
        span = Span(at, at + len(text))
        self.blocks.append(Block(span, Role.HEADING, 1, "companion"))

    def add(self, document: Document) -> None:
        at = self._append(document.text)
        self.blocks += [_shifted(block, at, self.tables) for block in document.blocks]
        self.segments += [
            _named(segment, at, document.path) for segment in document.source_map.segments
        ]
        self.citations += [_moved(span, at) for span in document.citations]
        self.diagnostics += document.diagnostics
        numbers = [b.table for b in document.blocks if b.table is not None]
        self.tables += max(numbers, default=-1) + 1


def _placed(comment: Comment, document: Document) -> Comment:
    return comment if comment.file else replace(comment, file=document.path)


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _shifted(block: Block, by: int, tables: int) -> Block:
    return replace(
        block,
        span=_moved(block.span, by),
        cells=tuple(_moved(cell, by) for cell in block.cells),
        table=None if block.table is None else block.table + tables,
    )


def _named(segment: Segment, by: int, path: str) -> Segment:
    origin: Origin = segment.origin
    if origin.part is None:
        origin = replace(origin, part=path)
    return Segment(segment.start + by, segment.end + by, origin, segment.repair)
