"""``coreqcheck audit``: a completed checklist held against its manuscript."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from coreqcheck.errors import UsageError
from coreqcheck.model import Finding
from coreqcheck.report.formats import RenderOptions


@click.command("audit")
@click.argument("manuscript", type=click.Path())
@click.option("--checklist", type=click.Path(), help="The completed checklist, if it is a file.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text")
def command(manuscript: str, checklist: str | None, form: str) -> None:
    """Hold a completed COREQ checklist against MANUSCRIPT.

    A checklist inside the manuscript's file is found by itself. The configuration that holds for
    the manuscript holds here too.
    """
    from coreqcheck.checklist.read import read_checklist
    from coreqcheck.cli.check import counts
    from coreqcheck.cli.settings import checked_under, manuscript_of, settings_of
    from coreqcheck.report.formats import render

    settings = settings_of(manuscript)
    report = checked_under(settings, manuscript, [checklist] if checklist else [])
    if read_checklist(manuscript_of(report).document) is None:
        name = checklist or manuscript
        raise UsageError(f"{Path(name).name}: no completed COREQ checklist was found in it")
    about, accepted = _about_it(report.findings), _about_it(report.set_aside)
    shown = replace(report, findings=about, set_aside=accepted, assessments=())
    click.echo(render([shown], form, RenderOptions(digest=report.rules_digest)), nl=False)
    fail_on = settings.fail_on or "error"
    raise SystemExit(int(any(counts(f.severity, fail_on) for f in about)))


def _about_it(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings of which one side is the checklist."""
    return tuple(f for f in findings if any(p.source == "checklist" for p in f.places))
