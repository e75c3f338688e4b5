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
    no text of the manuscript may appear; ``width`` is in columns; ``color`` allows styled text,
    ``links`` also links to files. ``suffix`` is the ending of the file that is written (".docx"),
    "" for none.
    """

    digest: str = ""
    verbose: bool = False
    quiet: bool = False
    quotes: bool = True
    width: int = 88
    color: bool = False
    links: bool = False
    suffix: str = ""


def render(reports: Sequence[Report], form: str, options: RenderOptions) -> str | bytes:
    """The reports in one format; bytes for the binary ones."""
    if not options.quotes:
        from coreqcheck.report.wordless import without_words

        reports = [without_words(report) for report in reports]
    module = importlib.import_module(f"coreqcheck.report.{FORMATS[form]}")
    rendered: str | bytes = module.render(reports, options)
    return rendered
