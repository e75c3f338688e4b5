"""A table with one row for each item of each manuscript, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from coreqcheck.model import Report
from coreqcheck.report.formats import RenderOptions
from coreqcheck.report.places import location

HEADER = ("document", "item", "name", "level", "decided", "quotation", "place", "missing", "advice")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(reports: Sequence[Report], options: RenderOptions) -> str:
    """The table as CSV; cells that a spreadsheet would take for a formula are disarmed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for report in reports:
        writer.writerows([safe(cell) for cell in row] for row in rows(report, options.quotes))
    return out.getvalue()


def safe(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would run it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def rows(report: Report, quotes: bool = True) -> Iterator[tuple[str, ...]]:
    """The rows of one report: 32 items, then its findings; one row when it was not read."""
    if report.manuscript is None:
        message = report.error[1] if report.error else ""
        yield (report.path, "", "", "not read", "", "", "", "", message)
        return
    for item in report.assessments:
        best = item.evidence[0] if item.evidence else None
        yield (
            report.path,
            item.label,
            item.name,
            str(item.level),
            "yes" if item.decided else "no",
            report.manuscript.quote(best.span) if best and quotes else "",
            location(best.span, report.manuscript) if best else "",
            "; ".join(item.missing),
            item.advice,
        )
    for finding in report.findings:
        sides = " / ".join(p.quote for p in finding.places) if quotes else ""
        yield (
            report.path, finding.check, finding.message, str(finding.severity), "yes", sides,
            "; ".join(location(p.span, report.manuscript) for p in finding.places), "",
            finding.advice,
        )  # fmt: skip
