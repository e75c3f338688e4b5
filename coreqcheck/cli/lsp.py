"""``coreqcheck lsp``: the language server, for an editor to start."""

from __future__ import annotations

import importlib.util

import click

from coreqcheck.errors import UsageError


@click.command("lsp")
def command() -> None:
    """Speak the language server protocol on standard input and output; editors start this.

    Shows items and findings in Markdown and LaTeX manuscripts while one writes.
    """
    if importlib.util.find_spec("pygls") is None:
        raise UsageError(
            "the language server needs one more package; run: pip install 'coreqcheck[lsp]'"
        )
    from coreqcheck.lsp.server import make

    make().start_io()
