"""The report for a person at a terminal: problems first, each with its evidence and one advice."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from coreqcheck.model import (
    Assessment,
    Evidence,
    Finding,
    Level,
    Manuscript,
    Report,
    Span,
    Verdict,
)
from coreqcheck.report.formats import RenderOptions
from coreqcheck.report.places import location

SHOWN = 3
LABELS = {
    Level.REPORTED: "reported",
    Level.PARTIAL: "partly reported",
    Level.DECLARED: "said not to have been done",
    Level.ABSENT: "not located",
    Level.NOT_APPLICABLE: "not applicable",
}
_MARKS = {
    Level.REPORTED: "✓",
    Level.PARTIAL: "◐",
    Level.DECLARED: "–",
    Level.ABSENT: "·",
    Level.NOT_APPLICABLE: "n/a",
}
_INTRO = {
    Verdict.ABSTRACT_ONLY: "This looks like an abstract only: most items cannot be decided.",
    Verdict.OTHER: "This does not look like a report of interviews or focus groups: COREQ may not "
    "apply, and what was not located could not be decided.",
    Verdict.UNCERTAIN: "It is uncertain whether this reports interviews or focus groups.",
    Verdict.INTERVIEW: "",
}


def render(reports: Sequence[Report], options: RenderOptions) -> str:
    """The text for all reports; ``options.verbose`` shows the reported items too."""
    return "\n".join(one(report, options.verbose, options.width) for report in reports)


def one(report: Report, verbose: bool, width: int) -> str:
    """The text for one report, ending in a newline."""
    if report.manuscript is None or report.applicability is None:
        message = report.error[1] if report.error else "could not be read"
        return f"{report.path}: {message}\n"
    lines = [report.path, "=" * min(len(report.path), width)]
    lines += _wrapped(_INTRO[report.applicability.verdict], width)
    if report.applicability.verdict is not Verdict.INTERVIEW:
        lines += _wrapped(report.applicability.why, width, "  ")
    if report.assessments:
        lines += _counts(report.assessments, width)
    lines += _findings(report, width)
    for level in (Level.ABSENT, Level.PARTIAL, Level.DECLARED, Level.REPORTED):
        if level in {Level.DECLARED, Level.REPORTED} and not verbose:
            continue
        lines += _items(report, level, width)
    lines += _diagnostics(report, width)
    lines += _limits(width)
    return "\n".join(lines) + "\n"


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent)


def _counts(assessments: Iterable[Assessment], width: int) -> list[str]:
    items = list(assessments)
    count = {level: sum(a.level is level for a in items if a.decided) for level in Level}
    undecided = sum(not a.decided for a in items)
    parts = [f"{count[level]} {LABELS[level]}" for level in LABELS if count[level]]
    if undecided:
        parts.append(f"{undecided} could not be decided")
    return [*_wrapped(f"{len(items)} items: " + ", ".join(parts) + ".", width), ""]


def _findings(report: Report, width: int) -> list[str]:
    if not report.findings:
        return []
    lines = ["Statements that do not agree", ""]
    for finding in report.findings:
        lines += _finding(finding, report, width)
    return lines


def _finding(finding: Finding, report: Report, width: int) -> list[str]:
    assert report.manuscript is not None
    lines = _wrapped(f"! {finding.message} [{finding.check}, {finding.severity}]", width)
    for place in finding.places:
        where = "checklist" if place.source == "checklist" else ""
        lines += _quote(place.quote, place.span, report.manuscript, width, where)
    if finding.innocent:
        lines += _wrapped("May be right if: " + "; ".join(finding.innocent) + ".", width, "    ")
    if finding.advice:
        lines += _wrapped(finding.advice, width, "    ")
    return [*lines, ""]


def _items(report: Report, level: Level, width: int) -> list[str]:
    assert report.manuscript is not None
    items = [a for a in report.assessments if a.level is level]
    if not items:
        return []
    lines = [LABELS[level].capitalize(), ""]
    for item in items:
        doubt = "" if item.decided else " (could not be decided)"
        judged = " (a reader must judge)" if item.judgement else ""
        lines += _wrapped(f"{_MARKS[level]} {item.item:>2} {item.name}{judged}{doubt}", width)
        for evidence in item.evidence[:SHOWN]:
            lines += _evidence(evidence, report.manuscript, width)
        if item.note:
            lines += _wrapped(item.note, width, "    ")
        if item.decided and item.advice:
            lines += _wrapped(f"→ {item.advice}", width, "    ")
    return [*lines, ""]


def _evidence(evidence: Evidence, manuscript: Manuscript, width: int) -> list[str]:
    return _quote(manuscript.quote(evidence.span), evidence.span, manuscript, width)


def _quote(
    quote: str, span: Span, manuscript: Manuscript, width: int, where: str = ""
) -> list[str]:
    at = where or location(span, manuscript)
    return _wrapped(f"“{quote}” ({at})" if at else f"“{quote}”", width, "    ")


def _diagnostics(report: Report, width: int) -> list[str]:
    shown = [d for d in report.diagnostics if d.level == "warning"]
    if not shown:
        return []
    lines = ["About the reading", ""]
    for diagnostic in shown:
        lines += _wrapped(f"- {diagnostic.message} [{diagnostic.code}]", width)
    return [*lines, ""]


def _limits(width: int) -> list[str]:
    return _wrapped(
        "“Not located” means that no such statement was found, not that it is missing. COREQ asks "
        "what is reported, not how good a study is.",
        width,
    )
