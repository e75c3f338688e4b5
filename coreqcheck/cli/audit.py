"""``coreqcheck audit``: a completed checklist held against its manuscript."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from coreqcheck.errors import UsageError
from coreqcheck.report.formats import RenderOptions


@click.command("audit")
@click.argument("manuscript", type=click.Path())
@click.option("--checklist", type=click.Path(), help="The completed checklist, if it is a file.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text")
def command(manuscript: str, checklist: str | None, form: str) -> None:
    """Hold a completed COREQ checklist against MANUSCRIPT.

    A checklist inside the manuscript's file is found by itself.
    """
    from coreqcheck import pipeline
    from coreqcheck.checklist.read import read_checklist
    from coreqcheck.report.formats import render

    rules = pipeline.load_rules()
    report = pipeline.check(manuscript, rules, companions=[checklist] if checklist else [])
    if report.manuscript is None:
        message = report.error[1] if report.error else "could not be read"
        click.echo(f"coreqcheck: {report.path}: {message}", err=True)
        raise SystemExit(3)
    if read_checklist(report.manuscript.document) is None:
        name = checklist or manuscript
        raise UsageError(f"{Path(name).name}: no completed COREQ checklist was found in it")
    about = tuple(f for f in report.findings if any(p.source == "checklist" for p in f.places))
    shown = replace(report, findings=about, assessments=())
    click.echo(render([shown], form, RenderOptions(digest=rules.digest)), nl=False)
    raise SystemExit(1 if any(f.severity == "error" for f in about) else 0)
