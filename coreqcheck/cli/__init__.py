"""The command line. Each command is one module, imported only when it is used."""

from __future__ import annotations

import importlib
import sys

import click

from coreqcheck.errors import CoreqcheckError
from coreqcheck.version import __version__

COMMANDS = {
    "annotate": "Write a copy with comments (DOCX) or highlights (PDF).",
    "audit": "Hold a completed checklist against its manuscript.",
    "baseline": "Write down what is there, so that only what gets worse fails.",
    "config": "Print what is in force for a manuscript, and from which file.",
    "init": "Write a commented configuration, a pre-commit entry, a GitHub workflow.",
    "checklist": "Fill in the checklist of COREQ or SRQR.",
    "check": "Check manuscripts against COREQ (or SRQR) and look for contradictions.",
    "diff": "Show what a revision gained, lost and moved.",
    "evaluate": "Measure the rules against labelled manuscripts.",
    "explain": "Explain an item or a check.",
    "lsp": "Show items and findings in an editor while one writes (a language server).",
    "sample": "Write invented manuscripts to try things on.",
    "serve": "Open a page in the browser to drop manuscripts on.",
    "screen": "Check a folder of submissions into a table, a dashboard and reports.",
    "rules": "List, show, test and try the rules.",
}
CANNOT_RUN = 2


class LazyGroup(click.Group):
    """A group whose commands are modules of this package, loaded on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of their names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Load the command's module; help texts come from ``COMMANDS`` without loading."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"coreqcheck.cli.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


def _version(ctx: click.Context, option: click.Parameter, asked: bool) -> None:
    if not asked or ctx.resilient_parsing:
        return
    from coreqcheck.language.rule_files import rules_digest

    click.echo(f"coreqcheck {__version__} (rules {rules_digest()})")
    ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Print the version, and the digest of the rules.",
)
def cli() -> None:
    """Check qualitative research manuscripts against COREQ, offline.

    COREQ asks what a report says, not how good the study is: there is no score here.
    """


def main() -> None:
    """The entry point: errors become one line on standard error and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        # A manuscript may hold characters that the terminal's encoding lacks.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        cli.main(prog_name="coreqcheck", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(CANNOT_RUN)
    except CoreqcheckError as error:
        click.echo(f"coreqcheck: {error}", err=True)
        sys.exit(CANNOT_RUN)
    except BrokenPipeError:
        sys.exit(141)
