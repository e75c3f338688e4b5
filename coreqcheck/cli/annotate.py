"""``coreqcheck annotate``: a copy of the manuscript with comments or highlights."""

from __future__ import annotations

from pathlib import Path

import click

from coreqcheck.errors import UsageError


@click.command("annotate")
@click.argument("manuscript", type=click.Path(path_type=Path))
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), help="The copy.")
@click.option("--guideline", help="coreq, srqr, or both with a comma between.")
def command(manuscript: Path, output: Path, guideline: str | None) -> None:
    """Write a copy of MANUSCRIPT (DOCX or PDF) with a comment at each place to look at."""
    from coreqcheck.cli.settings import checked, manuscript_of
    from coreqcheck.layers import given
    from coreqcheck.report import docx_comments, pdf_highlights
    from coreqcheck.report.files import write_whole

    report = checked(manuscript, given(guideline))
    kind = manuscript_of(report).document.format
    writers = {"docx": docx_comments.annotate, "pdf": pdf_highlights.annotate}
    if kind not in writers:
        raise UsageError(f"{manuscript}: only DOCX and PDF can be annotated; this is {kind}")
    if output.suffix.lower() != manuscript.suffix.lower():
        raise UsageError(f"{output}: a copy of {manuscript.name} must end in {manuscript.suffix}")
    if output.exists() and output.samefile(manuscript):
        raise UsageError(f"{output}: the copy must have another name than the manuscript")
    write_whole(output, writers[kind](report, manuscript.read_bytes()))
