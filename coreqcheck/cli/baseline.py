"""``coreqcheck baseline``: write down what is there, so that only what gets worse fails."""

from __future__ import annotations

from pathlib import Path

import click

from coreqcheck.config import Settings
from coreqcheck.readers import ReadOptions
from coreqcheck.report import baseline
from coreqcheck.report.files import write_whole


@click.command("baseline")
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path(baseline.FILE),
    show_default=True,
    help="The baseline file. Documents in it that are not checked now stay as they are.",
)
@click.option("--guideline", help="coreq, srqr, or both with a comma between.")
def command(paths: tuple[str, ...], output: Path, guideline: str | None) -> None:
    """Write down what is not located and what contradicts itself in PATHS as they are now.

    Then `coreqcheck check --baseline FILE` fails only on what got worse.
    """
    from coreqcheck.cli.check import Request, check_all
    from coreqcheck.layers import given
    from coreqcheck.manuscripts import submissions

    settings: Settings = given(guideline)
    request = Request(settings, ReadOptions(), ignore_baseline=True)
    checked, _ = check_all(submissions(paths), request)
    former = baseline.load(output) if output.exists() else None
    reports = [c.report for c in checked if not c.excused]
    count = sum(r.error is None for r in reports)
    if count or not reports:
        write_whole(output, baseline.render(reports, output.parent, former))
    for report in reports:
        if report.error:
            click.echo(f"coreqcheck: {report.path}: {report.error[1]}", err=True)
    click.echo(f"{output}: {count} manuscript{'' if count == 1 else 's'} written down", err=True)
    raise SystemExit(3 if any(r.error for r in reports) else 0)
