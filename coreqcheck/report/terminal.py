"""The report for a person at a terminal: problems first, each with its evidence and one advice."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence

from coreqcheck.model import (
    Applicability,
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
    """The text for all reports; ``options.verbose`` shows the reported items too.

    With ``options.quiet`` only the path, findings, items and diagnostics of the reports.
    """
    return "\n".join(one(report, options) for report in reports)


def one(report: Report, options: RenderOptions) -> str:
    """The text for one report, ending in a newline."""
    width = options.width
    if report.manuscript is None or report.applicability is None:
        message = report.error[1] if report.error else "could not be read"
        return f"{report.path}: {message}\n"
    lines = [report.path, "=" * min(len(report.path), width)]
    if not options.quiet:
        lines += _kind(report.applicability, width)
        lines += _counts(report.assessments, width)
    lines += _findings(report, options)
    for level in (Level.ABSENT, Level.PARTIAL, Level.DECLARED, Level.REPORTED):
        if level in {Level.DECLARED, Level.REPORTED} and not options.verbose:
            continue
        lines += _items(report, level, options)
    lines += _answers(report, width)
    lines += _set_aside(report, width)
    lines += _diagnostics(report, width)
    if not options.quiet:
        lines += _limits(width)
    return "\n".join(lines) + "\n"


def _kind(applicability: Applicability, width: int) -> list[str]:
    lines = _wrapped(_INTRO[applicability.verdict], width)
    if applicability.verdict is not Verdict.INTERVIEW:
        lines += _wrapped(applicability.why, width, "  ")
    return lines


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent)


def _counts(assessments: Iterable[Assessment], width: int) -> list[str]:
    items = [a for a in assessments if not a.set_aside]
    if not items:
        return []
    count = {level: sum(a.level is level for a in items if a.decided) for level in Level}
    undecided = sum(not a.decided for a in items)
    parts = [f"{count[level]} {LABELS[level]}" for level in LABELS if count[level]]
    if undecided:
        parts.append(f"{undecided} could not be decided")
    return [*_wrapped(f"{len(items)} items: " + ", ".join(parts) + ".", width), ""]


def _findings(report: Report, options: RenderOptions) -> list[str]:
    if not report.findings:
        return []
    lines = ["Statements that do not agree", ""]
    for finding in report.findings:
        lines += _finding(finding, report, options)
    return lines


def _finding(finding: Finding, report: Report, options: RenderOptions) -> list[str]:
    assert report.manuscript is not None
    width = options.width
    lines = _wrapped(f"! {finding.message} [{finding.check}, {finding.severity}]", width)
    for place in finding.places:
        where = "checklist" if place.source == "checklist" else ""
        lines += _quote(place.quote, place.span, report.manuscript, options, where)
    if finding.innocent:
        lines += _wrapped("May be right if: " + "; ".join(finding.innocent) + ".", width, "    ")
    if finding.advice:
        lines += _wrapped(finding.advice, width, "    ")
    return [*lines, ""]


def _items(report: Report, level: Level, options: RenderOptions) -> list[str]:
    assert report.manuscript is not None
    width = options.width
    asked = [a for a in report.assessments if not a.set_aside and a.answer is None]
    items = [a for a in asked if a.level is level]
    if not items:
        return []
    lines = [LABELS[level].capitalize(), ""]
    for item in items:
        doubt = "" if item.decided else " (could not be decided)"
        judged = " (a reader must judge)" if item.judgement else ""
        lines += _wrapped(f"{_MARKS[level]} {item.item:>2} {item.name}{judged}{doubt}", width)
        for evidence in item.evidence[:SHOWN]:
            lines += _evidence(evidence, report.manuscript, options)
        if item.note:
            lines += _wrapped(item.note, width, "    ")
        if item.decided and item.advice:
            lines += _wrapped(f"→ {item.advice}", width, "    ")
    return [*lines, ""]


def _evidence(evidence: Evidence, manuscript: Manuscript, options: RenderOptions) -> list[str]:
    return _quote(manuscript.quote(evidence.span), evidence.span, manuscript, options)


def _quote(
    quote: str, span: Span, manuscript: Manuscript, options: RenderOptions, where: str = ""
) -> list[str]:
    at = where or location(span, manuscript)
    if not options.quotes:
        return _wrapped(f"({at})", options.width, "    ") if at else []
    return _wrapped(f"“{quote}” ({at})" if at else f"“{quote}”", options.width, "    ")


def _answers(report: Report, width: int) -> list[str]:
    """What stands there on the author's word alone."""
    items = [a for a in report.assessments if a.answer is not None]
    accepted = [f for f in report.set_aside if f.answer is not None]
    if not items and not accepted:
        return []
    lines = ["On the author's word", ""]
    for item in items:
        lines += _wrapped(f"{_MARKS[item.level]} {item.item:>2} {item.name}", width)
        lines += _wrapped(item.note, width, "    ")
    for finding in accepted:
        lines += _wrapped(f"! {finding.message} [{finding.check}]", width)
        lines += _wrapped(f"{finding.set_aside[:1].upper()}{finding.set_aside[1:]}", width, "    ")
    return [*lines, ""]


def _set_aside(report: Report, width: int) -> list[str]:
    """How much does not count, and why."""
    aside = [f.set_aside for f in report.set_aside if f.answer is None]
    counted = Counter(("finding", why) for why in aside)
    counted.update(("item", a.set_aside) for a in report.assessments if len(a.set_aside) > 1)
    lines = []
    for (what, why), count in counted.items():
        lines += _wrapped(f"{count} {what}{'' if count == 1 else 's'} set aside: {why}.", width)
    return [*lines, ""] if lines else []


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
