"""``coreqcheck init``: a commented configuration to start from, and what runs it by itself."""

from __future__ import annotations

import re
from pathlib import Path

import click

from coreqcheck.config import FILE
from coreqcheck.errors import UsageError
from coreqcheck.report.files import write_whole
from coreqcheck.version import __version__

PRE_COMMIT = ".pre-commit-config.yaml"
WORKFLOW = ".github/workflows/coreqcheck.yml"

CONFIGURATION = """\
# What coreqcheck looks for in the manuscripts of this folder and of the folders below it.
# Lines that start with "# " and hold a key are off; take the "# " away to use them.
# `coreqcheck config` prints what is in force, and from which file.

# Which guideline: "coreq", "srqr", or both.
# guideline = ["coreq"]

# A profile is a journal's own choice of items and severities: "general", "reflexive", or a file.
# profile = "general"

# What makes a check fail: "error", "warning", "note" or "never".
fail-on = "error"

# Fail when fewer items than this are located.
# min-items = 20

# What was there when you began (written by `coreqcheck baseline`): only what got worse fails.
# baseline = "coreqcheck-baseline.json"

# Folders with rules of your own, built as the folder `rules` of coreqcheck.
# rules = ["house-rules"]

# Items by number, in ranges ("1-8"), or with their guideline ("coreq-13", "S6").
# [items]
# select = ["1-8", 10]
# ignore = [15]

# Checks for contradictions, by name; `coreqcheck rules list` shows them.
# [checks]
# ignore = ["software"]

# "error", "warning" or "note".
# [severity]
# absent = "warning"      # an item that was not located
# partial = "note"        # an item of which a part was located
# judgement = "note"      # an item not located that a reader must judge

# [severity.items]
# 13 = "error"

# [severity.checks]
# placeholder = "note"

# The manuscripts of this folder, and what belongs with each. Where they are named, no other file
# is taken for a manuscript when a folder is searched or pre-commit runs.
# [[manuscripts]]
# main = "paper/main.tex"
# companions = ["paper/supplement.docx"]

# Your word on an item: "not-applicable", or "reported" where coreqcheck does not see it. The
# reason is what readers of the report are shown.
# [[answers]]
# item = 18
# level = "not-applicable"
# reason = "one interview with each person"

# Your word that a finding is in order; `quote` narrows it to sentences that hold these words.
# [[answers]]
# check = "sample-size"
# quote = "31 volunteers"
# reason = "the pilot group is counted in one place only"
"""

HOOK = f"""\
- repo: local
  hooks:
    - id: coreqcheck
      name: coreqcheck
      entry: coreqcheck check --changed --quiet
      language: python
      additional_dependencies: ["coreqcheck=={__version__}"]
      files: '(?i)\\.(docx|docm|odt|md|markdown|qmd|rmd|tex|ltx)$'
      require_serial: true
"""

ACTION = f"""\
name: coreqcheck
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  coreqcheck:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install "coreqcheck=={__version__}"
      # Shows items and contradictions beside the lines of a pull request.
      - run: coreqcheck check . --format github
"""


@click.command("init")
@click.option("--pre-commit", is_flag=True, help=f"Add an entry to {PRE_COMMIT}.")
@click.option("--github", is_flag=True, help=f"Write {WORKFLOW}.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
@click.option(
    "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(".")
)
def command(pre_commit: bool, github: bool, force: bool, folder: Path) -> None:
    """Write a commented coreqcheck.toml, and what is asked for besides."""
    # Asked for a hook or workflow, a configuration that is there is no reason to stop.
    if force or not (folder / FILE).exists() or not (pre_commit or github):
        _write(folder / FILE, CONFIGURATION, force)
    if pre_commit:
        _add_hook(folder / PRE_COMMIT)
    if github:
        (folder / WORKFLOW).parent.mkdir(parents=True, exist_ok=True)
        _write(folder / WORKFLOW, ACTION, force)


def _write(path: Path, text: str, force: bool) -> None:
    if path.exists() and not force:
        raise UsageError(f"{path}: is there already; --force writes over it")
    write_whole(path, text)
    click.echo(f"wrote {path}", err=True)


def _add_hook(path: Path) -> None:
    """Add the entry to the list of repositories, as deep as the others stand."""
    if not path.exists():
        _write(path, "repos:\n" + HOOK, False)
        return
    text = path.read_text("utf-8")
    if re.search(r"id:\s*coreqcheck\b", text):
        click.echo(f"{path}: has coreqcheck already", err=True)
        return
    write_whole(path, with_hook(text, path))
    click.echo(f"added coreqcheck to {path}", err=True)


def with_hook(text: str, path: Path) -> str:
    """A pre-commit configuration with our entry at the end of its list of repositories.

    Raises:
        UsageError: it has no such list in the usual form; the message says what to do.
    """
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if re.match(r"repos:\s*(#.*)?$", line)), None)
    if start is None:
        raise UsageError(f"{path}: has no list 'repos:'; add this entry by hand:\n{HOOK}")
    end = start + 1
    while end < len(lines) and not re.match(r"[^\s#-]", lines[end]):
        end += 1
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    first = next((line for line in lines[start + 1 : end] if line.lstrip().startswith("- ")), "")
    indent = first[: len(first) - len(first.lstrip())]
    hook = [indent + line for line in HOOK.splitlines()]
    return "\n".join([*lines[:end], *hook, *lines[end:]]) + "\n"
