"""What an editor offers at a problem: an example to write after, or the author's own word.

Both are comments of the source. An example is never put into the text: it tells of another study,
and would be taken for a statement of this one. An answer is put in without its reason, which is
asked for until someone has written it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coreqcheck.model import Assessment, Report

_LATEX = frozenset({".tex", ".ltx"})
_ITEM = re.compile(r"(?P<guideline>[a-z]+)-(?P<item>\d+)$")


@dataclass(frozen=True, slots=True)
class Offer:
    """A line to insert before ``line`` (from 0), under a title; ``line`` may be behind the last."""

    title: str
    line: int
    text: str


def offers(code: str, line: int, file: Path, lines: Sequence[str], report: Report) -> list[Offer]:
    """What can be done about a problem.

    Args:
        code: the item ("coreq-13") or the check.
        line: where the problem is shown, from 0.
        file: the file; its ending says what a comment looks like.
        lines: the file's lines.
        report: knows the examples of the items.
    """
    at = gap(line, lines, file)
    is_latex = file.suffix.lower() in _LATEX
    return [
        Offer(title, at, _inserted(text, at, lines, is_latex))
        for title, text in _comments(code, report)
    ]


def _comments(code: str, report: Report) -> Iterator[tuple[str, str]]:
    hit = _ITEM.match(code)
    if hit is None:
        yield "coreqcheck: this is in order, and I say why", f"coreqcheck: {code} accepted:"
        return
    item = _item(report, hit["guideline"], int(hit["item"]))
    if item is None:
        return
    first = report.assessments[0].guideline
    alone = hit["guideline"] == first or not item.label.isdigit()
    name = item.label if alone else code
    if item.example:
        yield (
            f"coreqcheck: show an example of item {name}",
            f"Item {name}, {item.name}. In another study: {item.example}",
        )
    yield (
        f"coreqcheck: item {name} does not apply, and I say why",
        f"coreqcheck: {name} not-applicable:",
    )
    yield f"coreqcheck: item {name} is reported, and I say where", f"coreqcheck: {name} reported:"


def _item(report: Report, guideline: str, number: int) -> Assessment | None:
    found = (i for i in report.assessments if (i.guideline, i.item) == (guideline, number))
    return next(found, None)


def _inserted(text: str, line: int, lines: Sequence[str], is_latex: bool) -> str:
    plain = " ".join(text.split())
    comment = f"% {plain}" if is_latex else f"<!-- {plain.replace('--', '–')} -->"
    if line < len(lines):
        return f"\n{comment}\n"
    ends = not lines or lines[-1].endswith(("\n", "\r"))
    return f"{'' if ends else chr(10)}\n{comment}\n"


def gap(line: int, lines: Sequence[str], file: Path) -> int:
    """The first empty line from ``line`` on, outside of a front matter: there a comment fits."""
    start = line
    if file.suffix.lower() not in _LATEX:
        start = max(line, _behind_front_matter(lines))
    empty = (n for n in range(start, len(lines)) if not lines[n].strip())
    return next(empty, len(lines))


def _behind_front_matter(lines: Sequence[str]) -> int:
    if not lines or lines[0].rstrip() != "---":
        return 0
    ends = (n + 1 for n in range(1, len(lines)) if lines[n].rstrip() in {"---", "..."})
    return next(ends, 0)
