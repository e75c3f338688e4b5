"""What an annotated copy says, and where: one remark for each item to mend and each side found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coreqcheck.model import Level, Report, Severity, Span
from coreqcheck.report.guides import names
from coreqcheck.report.homes import home

AUTHOR = "coreqcheck"
INITIALS = "cq"


@dataclass(frozen=True, slots=True)
class Remark:
    """A note for the margin. ``located`` is false when it stands where a statement would fit."""

    span: Span
    text: str
    located: bool = True
    severity: Severity = Severity.NOTE


def remarks(report: Report) -> Iterator[Remark]:
    """One for each partial or absent item, one at each side of a contradiction."""
    if report.manuscript is None:
        return
    for finding in report.findings:
        for place in finding.places:
            if place.source == "checklist" or len(place.span) == 0:
                continue
            others = [p.quote for p in finding.places if p.span != place.span][:2]
            against = "".join(f"\nCompare: “{q}”" for q in others)
            text = f"{finding.message}{against}\n{finding.advice}".strip()
            yield Remark(place.span, text, True, finding.severity)
    guides = names(report)
    for item in report.assessments:
        told = item.level in {Level.ABSENT, Level.PARTIAL}
        if not item.decided or item.set_aside or not told:
            continue
        located = item.level is Level.PARTIAL and bool(item.evidence)
        span = (
            item.evidence[0].span
            if located
            else home(item, report.manuscript, report.assessments).span
        )
        word = "partly reported" if located else "not located; it would fit here"
        example = f"\nFor example: {item.example}" if item.example else ""
        name = f"{guides.get(item.guideline, item.guideline.upper())} {item.label} {item.name}"
        text = f"{name}: {word}. {item.advice}{example}".strip()
        yield Remark(span, text, located, item.severity or Severity.NOTE)
