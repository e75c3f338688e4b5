"""``coreqcheck explain``: the page of an item or a check."""

from __future__ import annotations

import difflib

import click

from coreqcheck.errors import UsageError


@click.command("explain")
@click.argument("what")
def command(what: str) -> None:
    """Explain WHAT: an item by number or name (13), or a check (participant-checking)."""
    from coreqcheck.language.load import load_rules
    from coreqcheck.report import pages

    rules = load_rules()
    wanted = what.lower().removeprefix("coreq-").lstrip("0")
    for rule in rules.rules:
        if wanted in {str(rule.item), rule.name.lower()}:
            click.echo(pages.item_page(rule))
            return
    for check in rules.consistency:
        if what == check.check:
            click.echo(pages.check_page(check))
            return
    known = [r.name.lower() for r in rules.rules] + [c.check for c in rules.consistency]
    near = difflib.get_close_matches(what.lower(), known, 3)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; see: coreqcheck rules list"
    raise UsageError(f"there is no item or check {what!r}{hint}")
