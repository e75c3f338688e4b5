"""A report as a flat list of results, for the formats that want one line for each."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from coreqcheck.model import (
    Assessment,
    Finding,
    Level,
    Manuscript,
    Place,
    Report,
    Severity,
    Span,
)
from coreqcheck.report.homes import home


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
    seen: Counter[str] = Counter()
    for finding in report.findings:
        yield _of_finding(finding, report.manuscript, seen[finding.check])
        seen[finding.check] += 1
    for item in report.assessments:
        if item.decided and item.severity is not None:
            yield _of_item(item, report.manuscript, report.assessments)


def _of_finding(finding: Finding, manuscript: Manuscript, before: int) -> Result:
    """``before`` findings of its check came first: its name where nothing may be quoted."""
    spans = [p.span for p in finding.places]
    quotes = "|".join(sorted(p.quote for p in finding.places)).strip("|") or str(before)
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


def _of_item(item: Assessment, manuscript: Manuscript, others: tuple[Assessment, ...]) -> Result:
    if item.evidence:
        span = item.evidence[0].span
    else:
        span = home(item, manuscript, others).span
    word = "not located" if item.level is Level.ABSENT else "partly reported"
    assert item.severity is not None
    return Result(
        rule=f"{item.guideline}-{item.item:02d}",
        name=item.name,
        severity=item.severity,
        message=f"Item {item.label} ({item.name}): {word}. {item.advice}".strip(),
        place=manuscript.place(span),
        span=span,
        others=(),
        fingerprint=_print(manuscript, item.guideline, str(item.item)),
    )


def _print(manuscript: Manuscript, *parts: str) -> str:
    text = "\0".join((manuscript.document.path, *parts))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
