"""``coreqcheck screen``: a folder of submissions into a table, a dashboard and reports."""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType

import click


@click.command("screen")
@click.argument("folders", nargs=-1, required=True, type=click.Path(), metavar="DIR...")
@click.option(
    "--output", "-o", required=True, type=click.Path(path_type=Path, file_okay=False),
    help="The folder for all outputs.",
)  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 256), help="Processes; one a core by default.")
@click.option("--guideline", help="coreq, srqr, or both with a comma between.")
@click.option("--scheduler", default="", help="Work on a Dask cluster: tcp://host:port.")
@click.option(
    "--resume/--no-resume", default=None,
    help="Insist on going on with an earlier run, or check everything again. By default records "
    "of the same files and rules are kept.",
)  # fmt: skip
@click.option("--retry-failed", is_flag=True, help="Check again what failed in an earlier run.")
@click.option(
    "--time", "seconds", type=click.FloatRange(1, 86_400), default=120.0, show_default=True,
    help="Seconds for one submission.",
)  # fmt: skip
@click.option(
    "--memory", type=click.IntRange(300, 1_000_000), default=2_000, show_default=True,
    help="Megabytes of memory for one worker.",
)  # fmt: skip
def command(
    folders: tuple[str, ...],
    output: Path,
    workers: int | None,
    guideline: str | None,
    scheduler: str,
    resume: bool | None,
    retry_failed: bool,
    seconds: float,
    memory: int,
) -> None:
    """Check every submission below the folders DIR.

    Writes OUT/dashboard.html, a report for each submission, and tables (CSV, XLSX, JSON lines).
    Stopped at any time, the same command goes on where it was. A configuration in DIR or above it
    holds for all submissions in it; one that came with a submission does not count.
    """
    from coreqcheck.screening.screen import Options, default_workers, screen
    from coreqcheck.screening.supervision import Limits

    options = Options(
        workers=workers or default_workers(),
        limits=Limits(seconds, memory),
        resume=resume,
        retry=retry_failed,
        scheduler=scheduler,
        guideline=guideline or "",
    )
    signal.signal(signal.SIGTERM, _stop)
    try:
        summary = screen(folders, output, options, _say)
    except KeyboardInterrupt:
        click.echo(
            "\ncoreqcheck: stopped; what is done is kept, the same command goes on", err=True
        )
        raise SystemExit(130) from None
    _say(
        f"{summary.checked} checked, {summary.unreadable} not readable, {summary.failed} failed; "
        f"see {output / 'dashboard.html'}"
    )
    raise SystemExit(3 if summary.unreadable or summary.failed else 0)


def _say(line: str) -> None:
    click.echo(f"coreqcheck: {line}", err=True)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
