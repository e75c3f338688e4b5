"""A report as a flat list of results, for the formats that want one line for each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from coreqcheck.model import (
    Assessment,
    Finding,
    Level,
    Manuscript,
    Place,
    Report,
    Role,
    SectionKind,
    Severity,
    Span,
)

_HOMES = {
    "front": (SectionKind.FRONT,),
    "methods": (SectionKind.METHODS,),
    "results": (SectionKind.RESULTS,),
    "discussion": (SectionKind.LIMITATIONS, SectionKind.DISCUSSION),
    "contributors": (SectionKind.CONTRIBUTORS,),
}
"""Where a statement on an item usually stands, by the ``where`` of its rule."""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing to say: an item that is not fully reported, or a finding.

    ``rule`` is the item ("coreq-13") or check; ``place`` always has at least a line or a page
    where the format knows them. ``fingerprint`` does not depend on lines.
    """

    rule: str
    name: str
    severity: Severity
    message: str
    place: Place
    span: Span
    others: tuple[tuple[Place, str], ...]
    fingerprint: str


def results(report: Report) -> Iterator[Result]:
    """Findings first, then the items that are absent or partial, as far as they were decided."""
    if report.manuscript is None:
        return
    for finding in report.findings:
        yield _of_finding(finding, report.manuscript)
    for item in report.assessments:
        if item.decided and item.severity is not None:
            yield _of_item(item, report.manuscript)


def _of_finding(finding: Finding, manuscript: Manuscript) -> Result:
    spans = [p.span for p in finding.places]
    quotes = "|".join(sorted(p.quote for p in finding.places))
    first = spans[0] if spans else Span(0, 0)
    return Result(
        rule=finding.check,
        name=finding.check,
        severity=finding.severity,
        message=f"{finding.message} {finding.advice}".strip(),
        place=manuscript.place(first),
        span=first,
        others=tuple((manuscript.place(p.span), p.quote) for p in finding.places[1:]),
        fingerprint=_print(manuscript, finding.check, quotes),
    )


def _of_item(item: Assessment, manuscript: Manuscript) -> Result:
    if item.evidence:
        span = item.evidence[0].span
    else:
        span = home(item, manuscript)
    word = "not located" if item.level is Level.ABSENT else "partly reported"
    assert item.severity is not None
    return Result(
        rule=f"{item.guideline}-{item.item:02d}",
        name=item.name,
        severity=item.severity,
        message=f"Item {item.item} ({item.name}): {word}. {item.advice}".strip(),
        place=manuscript.place(span),
        span=span,
        others=(),
        fingerprint=_print(manuscript, item.guideline, str(item.item)),
    )


def home(item: Assessment, manuscript: Manuscript) -> Span:
    """The heading of the section where a statement on the item usually stands, else the title."""
    blocks = manuscript.document.blocks
    for kind in (*_HOMES.get(item.where, ()), SectionKind.METHODS):
        for section in manuscript.sections:
            if section.kind is kind and section.heading is not None:
                return blocks[section.heading].span
    title = next((b for b in blocks if b.role is Role.TITLE), blocks[0] if blocks else None)
    return title.span if title else Span(0, 0)


def _print(manuscript: Manuscript, *parts: str) -> str:
    text = "\0".join((manuscript.document.path, *parts))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
