"""Workflow commands that GitHub shows as annotations beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from coreqcheck.model import Report, Severity
from coreqcheck.report.formats import RenderOptions
from coreqcheck.report.lines import shown
from coreqcheck.report.results import Result, results

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(reports: Sequence[Report], options: RenderOptions) -> str:
    """One line for each result; unreadable files are errors."""
    lines = [f"::error file={_value(r.path)}::{_text(r.error[1])}" for r in reports if r.error]
    lines += [_line(r, x) for r in reports for x in results(r)]
    return "".join(f"{line}\n" for line in lines)


def _line(report: Report, result: Result) -> str:
    line = f",line={result.place.line}" if result.place.line else ""
    title = _value(result.name)
    command = _COMMANDS[result.severity]
    return f"::{command} file={_value(report.path)}{line},title={title}::{_text(result.message)}"


def _text(text: str) -> str:
    return shown(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
