"""``coreqcheck explain``: the page of an item or a check."""

from __future__ import annotations

import difflib

import click

from coreqcheck.cli import window
from coreqcheck.errors import UsageError


@click.command("explain")
@click.argument("what")
def command(what: str) -> None:
    """Explain WHAT: an item by number or name (13), or a check (participant-checking)."""
    from coreqcheck.language.load import load_rules
    from coreqcheck.language.rule_files import guideline_keys, rules_folder
    from coreqcheck.report import pages

    rules = load_rules(guidelines=guideline_keys([rules_folder()]))
    wanted = what.strip().lower().lstrip("0")
    for rule in rules.rules:
        if wanted in rule.called() | {rule.name.lower()}:
            _show(pages.item_page(rule))
            return
    for check in rules.consistency:
        if wanted in {check.check, check.name.lower()}:
            _show(pages.check_page(check))
            return
    names = [r.name.lower() for r in rules.rules] + [c.check for c in rules.consistency]
    near = difflib.get_close_matches(wanted, names, 3)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; see: coreqcheck rules list"
    raise UsageError(f"there is no item or check {what!r}{hint}")


def _show(page: str) -> None:
    """Markdown as it is, or laid out where the terminal can."""
    if not window.has_styles():
        click.echo(page)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=window.width(), force_terminal=True, color_system="standard").print(
        Markdown(page)
    )
