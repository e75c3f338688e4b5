"""``coreqcheck diff``: what a revision gained, lost and moved."""

from __future__ import annotations

from dataclasses import replace

import click

from coreqcheck.model import Report


@click.command("diff")
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
@click.option("--guideline", help="coreq, srqr, or both with a comma between.")
def command(old: str, new: str, guideline: str | None) -> None:
    """Compare two versions of a manuscript, for a round of review.

    The configuration that holds for NEW holds for both.
    """
    from coreqcheck.cli.settings import checked_under, settings_of
    from coreqcheck.layers import given
    from coreqcheck.report import diff

    settings = settings_of(new, given(guideline))
    before, after = _counted(checked_under(settings, old)), _counted(checked_under(settings, new))
    click.echo(diff.render(before, after), nl=False)


def _counted(report: Report) -> Report:
    """The report without the items that a configuration set aside; it must have been read."""
    from coreqcheck.cli.settings import manuscript_of

    manuscript_of(report)
    counted = tuple(item for item in report.assessments if not item.set_aside)
    return replace(report, assessments=counted)
