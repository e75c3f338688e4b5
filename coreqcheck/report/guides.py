"""The guidelines of a report in words."""

from __future__ import annotations

from collections.abc import Mapping

from coreqcheck.model import Report


def names(report: Report) -> Mapping[str, str]:
    """The name of each guideline by its key."""
    return {guideline.key: guideline.name for guideline in report.guidelines}


def named(report: Report) -> str:
    """Their names: "COREQ", "COREQ and SRQR"."""
    return " and ".join(guideline.name for guideline in report.guidelines)


def introduced(report: Report) -> str:
    """Their names, each with what it is, for a letter."""
    return " and ".join(f"{g.name}, {g.about}" for g in report.guidelines)
