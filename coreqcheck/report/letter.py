"""A letter to the author, as an editorial office would send it (Markdown)."""

from __future__ import annotations

from collections.abc import Sequence

from coreqcheck.model import Assessment, Level, Report, Severity, Verdict
from coreqcheck.report.formats import RenderOptions
from coreqcheck.report.markdown import escaped
from coreqcheck.report.places import location


def render(reports: Sequence[Report], options: RenderOptions) -> str:
    """One letter for each manuscript that was read."""
    return "\n---\n\n".join(_letter(r, options) for r in reports if r.manuscript is not None)


def _letter(report: Report, options: RenderOptions) -> str:
    assert report.manuscript is not None
    title = report.manuscript.document.meta.title or report.path
    lines = [
        "Dear author,",
        "",
        f"thank you for “{escaped(title)}”. Before it goes to reviewers we compared it with COREQ, "
        "the reporting checklist for interviews and focus groups. A program prepared this list; "
        "it may have overlooked a statement that is there, and it does not judge your study.",
        "",
    ]
    if report.applicability is not None and report.applicability.verdict is not Verdict.INTERVIEW:
        lines += [f"Please note: {escaped(report.applicability.why)}", ""]
    lines += _findings(report, options)
    lines += _items(
        report,
        Level.ABSENT,
        "We did not find a statement on the following. Please add "
        "one, or tell us where it stands; that something was not done is an answer too.",
    )
    lines += _items(report, Level.PARTIAL, "On the following we found a part. Please complete it.")
    lines += ["With kind regards", "", "The editorial office", ""]
    return "\n".join(lines)


def _findings(report: Report, options: RenderOptions) -> list[str]:
    assert report.manuscript is not None
    serious = [f for f in report.findings if f.severity is not Severity.NOTE]
    if not serious:
        return []
    lines = ["Some statements do not seem to agree with each other:", ""]
    for finding in serious:
        lines.append(f"- {escaped(finding.message)}")
        for place in finding.places if options.quotes else ():
            where = (
                "checklist"
                if place.source == "checklist"
                else location(place.span, report.manuscript)
            )
            lines.append(f"  - “{escaped(place.quote)}” ({escaped(where)})")
        if finding.innocent:
            lines.append(
                f"  - This may be in order if {escaped('; or if '.join(finding.innocent))}."
            )
    return [*lines, ""]


def _items(report: Report, level: Level, intro: str) -> list[str]:
    items = [
        a
        for a in report.assessments
        if a.level is level and a.decided and not a.judgement and not a.set_aside
    ]
    if not items:
        return []
    return [intro, "", *(_item(a) for a in items), ""]


def _item(item: Assessment) -> str:
    advice = f" {escaped(item.advice)}" if item.advice else ""
    example = f" For example: *{escaped(item.example)}*" if item.example else ""
    return f"- **{item.item} {escaped(item.name)}.**{advice}{example}"
