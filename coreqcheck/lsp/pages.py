"""What an editor shows when one points at a place: the pages of ``coreqcheck explain``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coreqcheck.language.schema import RuleSet
from coreqcheck.lsp.marks import Mark
from coreqcheck.report import pages

_MOST = 3  # pages at one place
_ANSWERED = re.compile(r"coreqcheck\s*:\s*(?P<target>[\w-]+)", re.IGNORECASE)


def hover(marks: Sequence[Mark], line: int, column: int, text: str, rules: RuleSet) -> str:
    """The text for a position, in Markdown; "" when there is nothing to say.

    Args:
        marks: those of the file.
        line, column: the position, from 0, in code points.
        text: the line of the file, in which an answer may stand.
        rules: what the pages are made of.
    """
    here = [m for m in marks if m.reach.holds(line, column)]
    codes = dict.fromkeys([*_answered(text, rules), *(m.code for m in here)])
    said = dict.fromkeys(m.message for m in here)
    shown = [page for code in list(codes)[:_MOST] if (page := _page(code, rules))]
    if not shown:
        return ""
    rest = list(codes)[_MOST:]
    more = [f"Further here: {', '.join(rest)}"] if rest else []
    return "\n\n---\n\n".join([*list(said)[:_MOST], *shown, *more])


def _answered(text: str, rules: RuleSet) -> Iterator[str]:
    """The item or check of an answer that stands in a line."""
    for hit in _ANSWERED.finditer(text):
        target = hit["target"].lower()
        first = rules.rules[0].guideline if rules.rules else "coreq"
        yield f"{first}-{target}" if target.isdigit() else target


def _page(code: str, rules: RuleSet) -> str:
    """The page without its examples, which would fill the screen."""
    for rule in rules.rules:
        if code in {f"{rule.guideline}-{rule.item}", rule.label.lower()}:
            return _before_examples(pages.item_page(rule))
    for check in rules.consistency:
        if code == check.check:
            return _before_examples(pages.check_page(check))
    return ""


def _before_examples(page: str) -> str:
    return page.split("\n## Examples", 1)[0].strip()
