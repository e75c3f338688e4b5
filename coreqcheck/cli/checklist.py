"""``coreqcheck checklist``: a filled checklist of the guideline's items."""

from __future__ import annotations

from pathlib import Path

import click

from coreqcheck.errors import UsageError


@click.command("checklist")
@click.argument("manuscript", type=click.Path())
@click.option(
    "--output",
    "-o",
    required=True,
    type=click.Path(path_type=Path),
    help="checklist.docx, .md, .csv",
)
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A journal's own blank form (DOCX), to be filled in.",
)
@click.option("--no-quotes", is_flag=True, help="Leave the manuscript's sentences out.")
@click.option(
    "--guideline",
    default="coreq",
    show_default=True,
    help="coreq, srqr, or both with a comma between.",
)
def command(
    manuscript: str, output: Path, template: Path | None, no_quotes: bool, guideline: str
) -> None:
    """Fill in the checklist for MANUSCRIPT; an author must check it."""
    from coreqcheck.checklist import fill
    from coreqcheck.cli.settings import checked, manuscript_of
    from coreqcheck.layers import given
    from coreqcheck.report.files import write_whole

    suffix = output.suffix.lower()
    if suffix not in {".docx", ".md", ".csv"} or (template and suffix != ".docx"):
        wanted = ".docx, as the template" if template else ".docx, .md or .csv"
        raise UsageError(f"{output}: the name must end in {wanted}")
    report = checked(manuscript, given(guideline))
    manuscript_of(report)
    content: str | bytes
    if template is not None:
        content = fill.into_template(report, template.read_bytes(), not no_quotes)
    elif suffix == ".docx":
        content = fill.as_docx(report, not no_quotes)
    elif suffix == ".md":
        content = fill.as_markdown(report, not no_quotes)
    else:
        content = fill.as_csv(report, not no_quotes)
    write_whole(output, content)
