"""``coreqcheck diff``: what a revision gained, lost and moved."""

from __future__ import annotations

import click

from coreqcheck.errors import ReadError
from coreqcheck.model import Report


@click.command("diff")
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
def command(old: str, new: str) -> None:
    """Compare two versions of a manuscript, for a round of review."""
    from coreqcheck import pipeline
    from coreqcheck.report import diff

    rules = pipeline.load_rules()
    before, after = _read(pipeline.check(old, rules)), _read(pipeline.check(new, rules))
    click.echo(diff.render(before, after), nl=False)


def _read(report: Report) -> Report:
    if report.manuscript is None:
        code, message = report.error or ("unknown", "could not be read")
        click.echo(f"coreqcheck: {report.path}: {message}", err=True)
        raise SystemExit(3) from ReadError(code, message)
    return report
