"""``coreqcheck check``: the main command."""

from __future__ import annotations

from pathlib import Path

import click

from coreqcheck.cli.paths import manuscripts
from coreqcheck.errors import UsageError
from coreqcheck.model import Level, Report, Severity
from coreqcheck.report.files import write_whole
from coreqcheck.report.formats import FORMATS, RenderOptions, render

SEVERITIES = (Severity.NOTE, Severity.WARNING, Severity.ERROR)


@click.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write the report here.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    default="error",
    show_default=True,
    help="Exit with 1 when something of at least this severity is found.",
)
@click.option("--min-items", type=int, default=0, help="Exit with 1 when fewer items are located.")
@click.option("--verbose", "-v", is_flag=True, help="Show the reported items as well.")
def command(
    paths: tuple[str, ...],
    form: str,
    output: Path | None,
    fail_on: str,
    min_items: int,
    verbose: bool,
) -> None:
    """Check manuscripts (files, or folders that are searched for them)."""
    from coreqcheck import pipeline

    rules = pipeline.load_rules()
    reports = [pipeline.check(path, rules) for path in manuscripts(paths)]
    options = RenderOptions(digest=rules.digest, verbose=verbose)
    _write(render(reports, form, options), output)
    for report in reports:
        if report.error:
            click.echo(f"coreqcheck: {report.path}: {report.error[1]}", err=True)
    raise SystemExit(status(reports, fail_on, min_items))


def _write(rendered: str | bytes, output: Path | None) -> None:
    if output is None:
        if isinstance(rendered, bytes):
            raise UsageError("this format is a file: name it with --output FILE")
        click.echo(rendered, nl=False)
        return
    write_whole(output, rendered)


def status(reports: list[Report], fail_on: str, min_items: int) -> int:
    """The exit status of design section 5: 3 before 1, 0 when there is nothing to say."""
    if any(r.error for r in reports):
        return 3
    if any(_too_few(r, min_items) for r in reports):
        return 1
    if fail_on == "never":
        return 0
    least = SEVERITIES.index(Severity(fail_on))
    return int(any(SEVERITIES.index(s) >= least for r in reports for s in severities(r)))


def severities(report: Report) -> list[Severity]:
    """The severities of the findings and of the items that were decided."""
    items = [a.severity for a in report.assessments if a.decided and a.severity]
    return [f.severity for f in report.findings] + items


def _too_few(report: Report, least: int) -> bool:
    decided = [a for a in report.assessments if a.decided]
    undecided = len(report.assessments) - len(decided)
    if not least or undecided:
        return False
    return sum(a.level is not Level.ABSENT for a in decided) < least
