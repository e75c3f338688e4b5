"""``coreqcheck serve``: the page on this computer."""

from __future__ import annotations

import importlib.util

import click

from coreqcheck.errors import UsageError


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes any free one.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen. Anything but this computer itself opens the page to your network.",
)
@click.option("--guideline", help="coreq, srqr, or both with a comma between.")
@click.option("--open/--no-open", "opens", default=True, help="Open the browser.")
def command(port: int, host: str, guideline: str | None, opens: bool) -> None:
    """Open a page in the browser to drop manuscripts on; nothing leaves this computer."""
    missing = [m for m in ("starlette", "uvicorn") if importlib.util.find_spec(m) is None]
    if missing:
        raise UsageError("the page needs two more packages; run: pip install 'coreqcheck[web]'")
    from coreqcheck.config import in_force
    from coreqcheck.layers import given, rules_for
    from coreqcheck.web.start import serve

    if guideline:
        # A wrong name is told here, not on the page.
        rules_for(in_force([given(guideline)]))
    serve(host, port, opens, lambda line: click.echo(line, err=True), guideline or "")
