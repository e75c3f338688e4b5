"""A report in Markdown, for a pull request comment or a note to co-authors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coreqcheck.model import Assessment, Finding, Level, Manuscript, Report
from coreqcheck.report.formats import RenderOptions
from coreqcheck.report.homes import fits
from coreqcheck.report.levels import LABELS
from coreqcheck.report.lines import shown
from coreqcheck.report.places import location


def render(reports: Sequence[Report], options: RenderOptions) -> str:
    """One part for each manuscript: findings, then the table of items."""
    return "\n".join(_one(report, options) for report in reports)


def escaped(text: str) -> str:
    """Manuscript text that stays text: no markup, no links, no mentions."""
    plain = re.sub(r"([\\`*_{}\[\]<>()#+!|~&])", r"\\\1", " ".join(shown(text).split()))
    return plain.replace("@", "@\u200b")


def _one(report: Report, options: RenderOptions) -> str:
    lines = [f"## {escaped(report.path)}", ""]
    if report.manuscript is None or report.applicability is None:
        message = report.error[1] if report.error else "could not be read"
        return "\n".join([*lines, f"Not read: {escaped(message)}", ""])
    lines += [escaped(report.applicability.why), ""]
    if report.findings:
        lines += ["### Statements that do not agree", ""]
        for finding in report.findings:
            lines += _finding(finding, report.manuscript, options.quotes)
    lines += [
        "### Items",
        "",
        "| Item | | Level | Where | Advice |",
        "| --- | --- | --- | --- | --- |",
    ]
    asked = [a for a in report.assessments if not a.set_aside]
    told = [a for a in asked if options.verbose or a.answer or a.level is not Level.REPORTED]
    lines += [_row(item, report.manuscript, report.assessments) for item in told]
    reported = sum(a.level is Level.REPORTED and a.answer is None for a in report.assessments)
    lines += [
        "",
        f"{reported} items are reported. “Not located” means that no such statement was found.",
    ]
    return "\n".join([*lines, ""])


def _finding(finding: Finding, manuscript: Manuscript, quotes: bool) -> list[str]:
    lines = [f"- **{finding.severity}**: {escaped(finding.message)}"]
    for place in finding.places if quotes else ():
        where = "checklist" if place.source == "checklist" else location(place.span, manuscript)
        lines.append(f"  - “{escaped(place.quote)}” ({escaped(where)})")
    if finding.advice:
        lines.append(f"  - {escaped(finding.advice)}")
    return [*lines, ""]


def _row(item: Assessment, manuscript: Manuscript, others: Sequence[Assessment]) -> str:
    where = location(item.evidence[0].span, manuscript) if item.evidence else ""
    level = LABELS[item.level] if item.decided else "could not be decided"
    advice = (item.advice or item.note) if item.decided else ""
    advice = f"{advice} {fits(item, manuscript, others)}".strip()
    cells = (item.label, item.name, level, where, advice)
    return "| " + " | ".join(escaped(c) for c in cells) + " |"
