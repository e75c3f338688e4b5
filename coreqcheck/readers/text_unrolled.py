"""Paragraphs of plain text that have swallowed headings, taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coreqcheck.model import Role
from coreqcheck.readers.builder import Run
from coreqcheck.readers.drafts import Draft, trimmed
from coreqcheck.readers.heads import is_known
from coreqcheck.readers.lost_headings import LONG, lost_headings
from coreqcheck.readers.markdown_inline import moved
from coreqcheck.readers.signposts import is_references


def unrolled(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """The drafts, with a heading of its own for each one that opens a paragraph, and captions.

    What stands before the first heading that is known is left alone: names and addresses look
    much the same.
    """
    begun = listed = False
    for draft in drafts:
        if draft.role is Role.HEADING:
            begun = begun or is_known(draft.text)
            listed = is_references(draft.text) or (listed and not is_known(draft.text))
        if begun and not listed and draft.role in {Role.PARAGRAPH, Role.LIST_ITEM}:
            yield from _taken_apart(draft)
        else:
            yield draft


def _taken_apart(draft: Draft) -> Iterator[Draft]:
    text = "".join(run.text for run in draft.runs)
    rest, done = draft.runs, 0
    for lost in lost_headings(text, len(text) > LONG):
        before, rest = _cut(rest, lost.start - done)
        if "".join(run.text for run in before).strip():
            yield Draft(Role.PARAGRAPH, trimmed(before))
        head, rest = _cut(rest, lost.end - lost.start)
        done = lost.end
        if lost.level:
            yield Draft(Role.HEADING, trimmed(head), lost.level, "lost")
        else:
            yield Draft(Role.CAPTION, trimmed(head), style="lost")
    if done:
        yield Draft(Role.PARAGRAPH, trimmed(rest))
    else:
        yield draft


def _cut(runs: Sequence[Run], at: int) -> tuple[list[Run], list[Run]]:
    """The runs before and after character ``at`` of their joined text."""
    before: list[Run] = []
    after: list[Run] = []
    seen = 0
    for run in runs:
        length = len(run.text)
        if seen + length <= at:
            before.append(run)
        elif seen >= at:
            after.append(run)
        else:
            before.append(Run(run.text[: at - seen], run.origin, run.repair, run.citation))
            after.append(moved(run, at - seen))
        seen += length
    return before, after
