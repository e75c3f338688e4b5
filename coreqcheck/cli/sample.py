"""``coreqcheck sample``: invented manuscripts to try things on."""

from __future__ import annotations

from pathlib import Path

import click

from coreqcheck.errors import UsageError
from coreqcheck.report.files import write_whole


@click.command("sample")
@click.argument("folder", type=click.Path(path_type=Path), default="sample_manuscripts")
def command(folder: Path) -> None:
    """Write invented manuscripts into FOLDER, to try things on before one trusts them.

    Files that are there already stay as they are.
    """
    samples = samples_folder()
    if not samples.is_dir():
        raise UsageError("the sample manuscripts did not come with this installation")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; name a folder")
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(samples.iterdir()):
        if file.is_file() and not (folder / file.name).exists():
            write_whole(folder / file.name, file.read_bytes())
            click.echo(f"wrote {(folder / file.name).as_posix()}", err=True)


def samples_folder() -> Path:
    """Where the samples are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_samples"
    return installed if installed.is_dir() else package.parent / "sample_manuscripts"
