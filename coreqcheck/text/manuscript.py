"""From a document to a manuscript: sections, sentences, voices. A pure function of its input."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from coreqcheck.model import Block, Document, Manuscript, Role, Section, Sentence, Span, Voice
from coreqcheck.text.citations import citations_in
from coreqcheck.text.numbers import numbers_of
from coreqcheck.text.quotations import Quoted, quotations_of
from coreqcheck.text.sections import SectionLexicon, blocks_by_section, sections_of
from coreqcheck.text.sentences import split
from coreqcheck.text.tokens import words_of
from coreqcheck.text.voices import Draft, voices_of

_WHOLE = frozenset(
    {
        Role.TITLE,
        Role.BYLINE,
        Role.AFFILIATION,
        Role.HEADING,
        Role.TABLE_ROW,
        Role.CAPTION,
        Role.REFERENCE,
        Role.FURNITURE,
        Role.LINE_NUMBER,
        Role.WATERMARK,
        Role.CODE,
    }
)
"""Roles whose blocks are one sentence each."""

_NO_MARKS = _WHOLE - {Role.CAPTION, Role.TABLE_ROW, Role.HEADING}


def analyse(document: Document, lexicon: SectionLexicon) -> Manuscript:
    """All that rules look at, from what a reader found.

    Args:
        document: as a reader left it.
        lexicon: the headings by kind, from ``rules/sections.toml``.

    Returns:
        the manuscript; its diagnostics are those of the document and of the sectioning.
    """
    text, blocks = document.text, document.blocks
    sections, diagnostics = sections_of(document, lexicon)
    block_sections = blocks_by_section(sections, blocks)
    citations = citations_in(
        text, (b.span for b in blocks if b.role not in _NO_MARKS), document.citations
    )
    quoted = quotations_of(document, sections, block_sections, citations)
    return Manuscript(
        document=document,
        sections=sections,
        sentences=_sentences(document, sections, citations, quoted),
        quotations=quoted.quotations,
        authors=document.meta.authors,
        diagnostics=(*document.diagnostics, *diagnostics),
    )


class _Bounds(NamedTuple):
    span: Span
    block: int


def _sentences(
    document: Document, sections: Sequence[Section], citations: Sequence[Span], quoted: Quoted
) -> tuple[Sentence, ...]:
    text = document.text
    bounds = [
        _Bounds(span, index)
        for index, block in enumerate(document.blocks)
        for span in _split(text, block, citations)
    ]
    spans = [b.span for b in bounds]
    marks = _share(spans, citations)
    stretches = _share(spans, quoted.stretches)
    said = _share(spans, [q.span for q in quoted.quotations])
    starts = [s.span.start for s in sections]
    homes = [max(bisect_right(starts, span.start) - 1, 0) for span in spans]
    drafts = [
        Draft(
            bound.span,
            bound.block,
            sections[home].kind,
            bool(mark),
            tuple(stretch),
            sum(len(s) for s in words),
        )
        for bound, home, mark, stretch, words in zip(
            bounds, homes, marks, stretches, said, strict=True
        )
    ]
    voices = voices_of(text, document.blocks, drafts)
    return tuple(
        _sentence(text, number, draft, homes[number], document.blocks, marks[number], voice)
        for number, (draft, voice) in enumerate(zip(drafts, voices, strict=True))
    )


def _sentence(
    text: str,
    number: int,
    draft: Draft,
    section: int,
    blocks: Sequence[Block],
    marks: Sequence[Span],
    voice: Voice,
) -> Sentence:
    words, starts, ends = words_of(text, draft.span.start, draft.span.end, marks)
    return Sentence(
        index=number,
        span=draft.span,
        section=section,
        block=draft.block,
        role=blocks[draft.block].role,
        words=words,
        starts=starts,
        ends=ends,
        numbers=numbers_of(text, words, starts, ends),
        voice=voice,
        quoted=draft.quoted,
        citation=draft.citation,
    )


def _split(text: str, block: Block, citations: Sequence[Span]) -> Sequence[Span]:
    if block.role in _WHOLE or block.cells:
        return (block.span,)
    return split(text, block.span.start, block.span.end, citations)


def _share(sentences: Sequence[Span], spans: Sequence[Span]) -> list[list[Span]]:
    """For each sentence, the parts of ``spans`` (in order, apart) that lie in it."""
    shares: list[list[Span]] = []
    at = 0
    for sentence in sentences:
        while at < len(spans) and spans[at].end <= sentence.start:
            at += 1
        share = []
        ahead = at
        while ahead < len(spans) and spans[ahead].start < sentence.end:
            span = spans[ahead]
            share.append(Span(max(span.start, sentence.start), min(span.end, sentence.end)))
            ahead += 1
        shares.append(share)
    return shares
