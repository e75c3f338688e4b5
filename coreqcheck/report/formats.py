"""The report formats by name. Each module has ``render(reports, options)`` and loads on use."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass

from coreqcheck.model import Report

FORMATS = {
    "text": "terminal",
    "json": "json",
    "html": "html",
    "markdown": "markdown",
    "letter": "letter",
    "csv": "csv",
    "xlsx": "xlsx",
    "sarif": "sarif",
    "github": "github",
}
"""What ``--format`` takes, and the module in ``coreqcheck.report`` that renders it."""


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to render.

    ``digest`` names the rules; ``verbose`` shows what is reported too; ``quotes`` is false when
    no text of the manuscript may appear; ``width`` is in columns; ``color`` allows styled text.
    """

    digest: str = ""
    verbose: bool = False
    quiet: bool = False
    quotes: bool = True
    width: int = 88
    color: bool = False


def render(reports: Sequence[Report], form: str, options: RenderOptions) -> str | bytes:
    """The reports in one format; bytes for the binary ones."""
    module = importlib.import_module(f"coreqcheck.report.{FORMATS[form]}")
    rendered: str | bytes = module.render(reports, options)
    return rendered
