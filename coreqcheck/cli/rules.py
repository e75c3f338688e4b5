"""``coreqcheck rules``: list, show, test and try the rules."""

from __future__ import annotations

import click


@click.group("rules")
def command() -> None:
    """List, show, test and try the rules."""


@command.command("test")
@click.argument("ids", nargs=-1)
def test(ids: tuple[str, ...]) -> None:
    """Run the examples of the rule files (all, or those of the items and checks named)."""
    from coreqcheck.evaluation import examples

    failures, count = examples.run(ids)
    for failure in failures:
        click.echo(failure)
    click.echo(f"{count - len(failures)} of {count} examples hold.")
    raise SystemExit(1 if failures else 0)
