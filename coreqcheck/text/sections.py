"""From heading blocks to sections: what each stretch of the manuscript is about.

Headings are compared with a lexicon (``rules/sections.toml``). A heading that says nothing inherits
from the section around it or, where levels are flat, from the section before it. What cannot
be told is ``OTHER``: searched for everything, never passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coreqcheck.model import Block, Diagnostic, Document, Role, Section, SectionKind, Span
from coreqcheck.text.headings import SectionLexicon, heading_words, levels_of
from coreqcheck.text.outline import BACK_MATTER, BODY, Draft, Outline

__all__ = ["BACK_MATTER", "SectionLexicon", "blocks_by_section", "heading_words", "sections_of"]

_K = SectionKind


def sections_of(
    document: Document, lexicon: SectionLexicon
) -> tuple[tuple[Section, ...], tuple[Diagnostic, ...]]:
    """The sections of ``document`` in text order, parents before children.

    A section's span runs to the next one that does not lie inside it. Together the sections cover
    the whole text.
    """
    text, blocks = document.text, document.blocks
    headings = [i for i, b in enumerate(blocks) if b.role is Role.HEADING]
    matches = {i: lexicon.match(text[blocks[i].span.start : blocks[i].span.end]) for i in headings}
    levels = levels_of(document, headings, matches)
    drafts = Outline(document, lexicon, headings, matches, levels).drafts()
    sections = _spans(drafts, len(text))
    diagnostics = []
    recognised = {d.kind for d in drafts if d.own} & BODY
    if not recognised & {_K.METHODS, _K.RESULTS}:
        what = "no headings" if not headings else "no heading of methods or results"
        diagnostics.append(
            Diagnostic("sections.none", "note", f"{what} recognised; searched everywhere")
        )
        sections = tuple(
            replace(s, confidence=min(s.confidence, 0.4)) if s.kind is _K.OTHER else s
            for s in sections
        )
    return sections, tuple(diagnostics)


def _spans(drafts: list[Draft], length: int) -> tuple[Section, ...]:
    """Spans and depths from the order and the parents of the drafts."""
    sections = []
    for index, draft in enumerate(drafts):
        end = length
        for later in range(index + 1, len(drafts)):
            if not _inside(drafts, later, index):
                end = drafts[later].start
                break
        depth, above = 1, draft.parent
        while above is not None:
            depth, above = depth + 1, drafts[above].parent
        sections.append(
            Section(
                draft.kind,
                draft.title,
                Span(draft.start, end),
                depth,
                draft.parent,
                draft.block,
                draft.confidence,
            )
        )
    return tuple(sections)


def _inside(drafts: list[Draft], index: int, ancestor: int) -> bool:
    above = drafts[index].parent
    while above is not None:
        if above == ancestor:
            return True
        above = drafts[above].parent
    return False


def blocks_by_section(sections: Sequence[Section], blocks: Sequence[Block]) -> tuple[int, ...]:
    """For each block, the index of the innermost section that holds its start."""
    found = []
    at = 0
    for block in blocks:
        while at + 1 < len(sections) and sections[at + 1].span.start <= block.span.start:
            at += 1
        found.append(at)
    return tuple(found)
