"""What a person answers to an item, put into a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from coreqcheck.model import Assessment, Level, Report


def with_answers(report: Report, answers: Mapping[int, str]) -> Report:
    """The report with "not applicable because ..." for the items of ``answers``."""
    items = tuple(
        _answered(a, answers[a.item]) if a.item in answers else a for a in report.assessments
    )
    return replace(report, assessments=items)


def _answered(item: Assessment, reason: str) -> Assessment:
    return replace(
        item,
        level=Level.NOT_APPLICABLE,
        missing=(),
        advice="",
        severity=None,
        decided=True,
        note=f"Not applicable, an author says: {reason}",
    )
