"""Where a statement on an item would stand, when the manuscript has none.

The heading is that of the part where the item's neighbours are answered: an item on how people
were approached belongs where the sampling stands. Without such neighbours it is the first heading
of the kind that the item's rule names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coreqcheck.model import Assessment, Level, Manuscript, Role, Section, SectionKind, Span

_KINDS = {
    "front": (SectionKind.FRONT,),
    "methods": (SectionKind.METHODS,),
    "results": (SectionKind.RESULTS,),
    "discussion": (SectionKind.LIMITATIONS, SectionKind.DISCUSSION),
    "contributors": (SectionKind.CONTRIBUTORS,),
    "abstract": (SectionKind.FRONT,),
    "introduction": (SectionKind.INTRODUCTION,),
    "interests": (SectionKind.INTERESTS, SectionKind.DECLARATIONS, SectionKind.FUNDING),
    "funding": (SectionKind.FUNDING, SectionKind.DECLARATIONS, SectionKind.ACKNOWLEDGEMENTS),
}
"""The sections where a statement on an item usually stands, by the ``where`` of its rule."""
_WORDS = {
    "front": "on the title page",
    "contributors": "with the authors' contributions",
    "interests": "in the statements after the text",
    "funding": "in the statements after the text",
}
_AFTER_THE_TEXT = frozenset({"interests", "funding"})
_NEAR = 4  # items away at which a neighbour still tells something


@dataclass(frozen=True, slots=True)
class Home:
    """The span of a heading (or title) under which a statement would fit.

    ``after`` is the span of the neighbour's sentence behind which it would fit, and
    ``neighbour`` that neighbour's label; ``None`` when there is no such sentence.
    """

    span: Span
    section: Section | None = None
    after: Span | None = None
    neighbour: str | None = None


def home(item: Assessment, manuscript: Manuscript, others: Sequence[Assessment] = ()) -> Home:
    """Where a statement on ``item`` would fit; ``others`` are the assessments of all items."""
    kinds = _KINDS.get(item.where, (SectionKind.METHODS,))
    for other in _neighbours(item, others):
        for evidence in other.evidence[:1]:
            section = manuscript.section_at(evidence.span.start)
            if section is None or section.heading is None or _in_abstract(section, manuscript):
                continue
            if section.kind in kinds:
                span = manuscript.document.blocks[section.heading].span
                return Home(span, section, evidence.span, other.label)
    for kind in kinds if item.where in _AFTER_THE_TEXT else (*kinds, SectionKind.METHODS):
        for section in manuscript.sections:
            if section.kind is not kind or _in_abstract(section, manuscript):
                continue
            if section.heading is not None:
                return Home(manuscript.document.blocks[section.heading].span, section)
    blocks = manuscript.document.blocks
    title = next((b for b in blocks if b.role is Role.TITLE), blocks[0] if blocks else None)
    return Home(title.span if title else Span(0, 0))


def _in_abstract(section: Section, manuscript: Manuscript) -> bool:
    """An abstract has headings of its own, and no room for what is missing."""
    at: Section | None = section
    while at is not None:
        if at.kind is SectionKind.ABSTRACT:
            return True
        at = manuscript.sections[at.parent] if at.parent is not None else None
    return False


def fits(item: Assessment, manuscript: Manuscript, others: Sequence[Assessment] = ()) -> str:
    """The same in words: usual section, heading and page; "" when the item needs no statement."""
    if item.level is not Level.ABSENT or not item.decided:
        return ""
    found = home(item, manuscript, others)
    usual = _WORDS.get(item.where, f"in the {item.where or 'methods'}")
    title = " ".join(found.section.title.split()).rstrip(".:") if found.section else ""
    if not title:
        return f"It usually stands {usual}."
    place = manuscript.place(found.after or found.span)
    page = place.printed_page or (str(place.page) if place.page is not None else "")
    at = f"page {page}" if page else f"line {place.line}" if place.line is not None else ""
    where = f"under “{title}”"
    if found.neighbour is not None:
        where += f", after the answer to item {found.neighbour}"
    where += f" ({at})" if at else ""
    known = title.casefold() in usual
    return (
        f"It would fit {where}."
        if known
        else f"It usually stands {usual}; here it would fit {where}."
    )


def _neighbours(item: Assessment, others: Sequence[Assessment]) -> Iterator[Assessment]:
    """Items of the same domain and usual place that are answered in the text, nearest first."""
    near = [
        o
        for o in others
        if o.guideline == item.guideline
        and o.domain == item.domain
        and o.where == item.where
        and o.evidence
        and 0 < abs(o.item - item.item) <= _NEAR
    ]
    yield from sorted(near, key=lambda o: (abs(o.item - item.item), o.item))
