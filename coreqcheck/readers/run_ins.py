"""Emphasised labels inside a paragraph that head its parts ("**Design.** Case study.").

From a scanned paragraph to drafts; shared by Markdown and by text with Markdown marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from coreqcheck.model import Role
from coreqcheck.readers.builder import Run
from coreqcheck.readers.drafts import Draft, is_caption, plain
from coreqcheck.readers.heads import is_bold_heading, is_known, is_run_in
from coreqcheck.readers.markdown_inline import Inline, moved

_KEYWORDS = re.compile(r"\W*key\s?-?words?\b", re.IGNORECASE)


def paragraph_drafts(inline: Inline, level: int) -> Iterator[Draft]:
    """A paragraph below a heading of depth ``level``; labels of its parts become headings."""
    label = plain(inline.runs[: inline.lead])
    if inline.whole and inline.emphasis == "bold" and is_bold_heading(label):
        yield Draft(Role.HEADING, inline.runs, level + 1, "bold")
        return
    labels = _labels(inline)
    bold = inline.emphasis == "bold" and inline.lead > 0
    first = labels[0][0] if labels else len(inline.runs)
    if first:
        yield Draft(Role.PARAGRAPH, inline.runs[:first], style="bold-start" if bold else None)
    stops = [*(start for start, _ in labels[1:]), len(inline.runs)]
    for (start, end), stop in zip(labels, stops, strict=False):
        head, rest = _with_stop(inline.runs[start:end], inline.runs[end:stop])
        if _KEYWORDS.match(plain(head)):
            yield Draft(Role.METADATA, [*head, *rest], style="keywords")
            continue
        yield Draft(Role.HEADING, head, level + 1, "run-in")
        yield Draft(Role.PARAGRAPH, rest)


def _labels(inline: Inline) -> list[tuple[int, int]]:
    """The ranges of runs that are headings inside a paragraph: at its start, or known names."""
    found: list[tuple[int, int]] = []
    if inline.lead and not inline.whole and _leads(inline):
        found.append((0, inline.lead))
    for start, end in inline.marked:
        text = plain(inline.runs[start:end])
        before = plain(inline.runs[max(0, start - 3) : start])
        if start < inline.lead or not text or (before and before[-1] not in '.!?)”"’'):
            continue
        after = inline.runs[end].text if end < len(inline.runs) else ""
        stop = text[-1] in ".:" or after[:1] in {".", ":"} or re.match(r"\s+[A-Z]", after)
        if stop and (is_known(text) or _KEYWORDS.match(text)):
            found.append((start, end))
    return found


def _leads(inline: Inline) -> bool:
    """True when the emphasised words at the start are a heading of the paragraph."""
    label = plain(inline.runs[: inline.lead])
    rest = inline.runs[inline.lead :]
    if is_caption(label):
        return False
    if _KEYWORDS.match(label):
        return inline.emphasis == "bold"
    following = rest[0].text if rest else ""
    if is_run_in(label, inline.emphasis):
        return True
    if following[:1] in {".", ":"}:
        return is_run_in(label + following[0], inline.emphasis)
    return following[:1].isspace() and is_known(label) and inline.emphasis == "bold"


def _with_stop(head: list[Run], rest: list[Run]) -> tuple[list[Run], list[Run]]:
    """Move the stop or colon after a label to the label."""
    if not rest or rest[0].text[:1] not in {".", ":"} or plain(head)[-1:] in {".", ":"}:
        return head, rest
    first = rest[0]
    stop = Run(first.text[0], first.origin, first.repair, first.citation)
    return [*head, stop], [moved(first, 1), *rest[1:]]
