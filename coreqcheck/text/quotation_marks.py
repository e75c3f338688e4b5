"""Pairs of quotation marks in one block: straight, curly, single, low, and guillemets."""

from __future__ import annotations

import re
from typing import NamedTuple

from coreqcheck.model import Span


class Stretch(NamedTuple):
    """Quoted words: with their marks (``outer``) and without (``inner``)."""

    outer: Span
    inner: Span


_ANY = re.compile("[“”„‟«»\"‘’'‹›]|``|''")
_CLOSE = {"“": '”"', "„": '“”"', "‟": '”"', "«": "»", "»": "«", "``": "''”\"", "‹": "›"}
_SINGLES = "‘'"
# Words that begin with an apostrophe of their own.
_CLIPPED = re.compile(
    r"['’‘](?:em|cause|til|till|tis|twas|n|bout|ere|round|s|\d0s)\b", re.IGNORECASE
)
_UNCLOSED_WORDS = 8


def stretches(text: str, start: int, end: int) -> list[Stretch]:
    """The outermost quoted stretches of ``text[start:end]``, in order.

    A mark that opens the block and is never closed (the habit for quotations of several
    paragraphs) runs to the end of the block.
    """
    found: list[Stretch] = []
    at = start
    while True:
        hit = _ANY.search(text, at, end)
        if hit is None:
            return found
        mark = hit.group()
        closing = _closing(text, hit, start, end)
        if closing is None:
            at = hit.end()
            continue
        inner = Span(hit.end(), closing[0])
        if not text[inner.start : inner.end].strip():
            at = closing[1]
            continue
        found.append(Stretch(Span(hit.start(), closing[1]), inner))
        at = max(closing[1], hit.start() + len(mark))


def _closing(text: str, hit: re.Match[str], start: int, end: int) -> tuple[int, int] | None:
    """Where the mark that opens at ``hit`` is closed: offsets before and after the closing mark."""
    mark, at = hit.group(), hit.end()
    if mark in _SINGLES:
        return _single(text, hit, start, end)
    if mark == '"':
        if not _opens(text, hit.start(), at, start, end):
            return None
        return _straight(text, at, end)
    if mark == "»" and not _opens(text, hit.start(), at, start, end):
        return None
    if mark == "''":
        return _find(text, "''", at, end) if _opens(text, hit.start(), at, start, end) else None
    if mark not in _CLOSE:
        return None
    depth = 1
    closers = _CLOSE[mark]
    for later in _ANY.finditer(text, at, end):
        found = later.group()
        if found == mark and mark not in closers and not _closes_wrongly(text, later, end):
            # The next paragraph's opening mark within one block, or a nested one.
            depth += 1
        elif found in closers or found == mark:
            depth -= 1
            if depth == 0:
                return later.start(), later.end()
    if depth > 1:
        # Opened twice, closed less often: the last closing mark ends it all.
        last = max((text.rfind(c, at, end) for c in closers), default=-1)
        if last > at:
            return last, last + 1
    lead = text[start : hit.start()].strip()
    if (not lead or lead.endswith(":")) and len(text[at:end].split()) >= _UNCLOSED_WORDS:
        return end, end
    return None


def _closes_wrongly(text: str, hit: re.Match[str], end: int) -> bool:
    """An opening mark where only a closing one makes sense: "tired.“ - P3"."""
    before, after = text[hit.start() - 1], text[hit.end() : hit.end() + 1]
    return not before.isspace() and (hit.end() == end or not (after.isalnum() or after in "[(…'‘’"))


def _find(text: str, mark: str, at: int, end: int) -> tuple[int, int] | None:
    found = text.find(mark, at, end)
    return None if found < 0 else (found, found + len(mark))


def _opens(text: str, before: int, after: int, start: int, end: int) -> bool:
    """Whether a mark that looks the same on both sides opens: space before, a word after."""
    if after >= end or text[after].isspace():
        return False
    if before == start:
        return True
    previous = text[before - 1]
    if previous.isspace() or previous in "([{—–-:/>|*“‘":
        return True
    return previous in ".,;?!" and text[after].isupper()


def _straight(text: str, at: int, end: int) -> tuple[int, int] | None:
    position = at
    while True:
        found = text.find('"', position, end)
        curly = text.find("”", position, end)
        if found < 0 and curly < 0:
            return None
        if found < 0 or 0 <= curly < found:
            return curly, curly + 1
        spaced = text[found - 1].isspace()
        if spaced and found + 1 < end and text[found + 1].isalnum():
            return None  # opens another stretch: the first one was never closed
        return found, found + 1


def _single(text: str, hit: re.Match[str], start: int, end: int) -> tuple[int, int] | None:
    mark, at = hit.group(), hit.end()
    if not _opens(text, hit.start(), at, start, end) or _CLIPPED.match(text, hit.start()):
        return None
    closer = "’" if mark == "‘" else "'"
    limit = end
    following = text.find("‘", at, end) if mark == "‘" else -1
    if following > 0:
        limit = following
    first = None
    position = at
    while True:
        found = text.find(closer, position, limit)
        if found < 0:
            break
        position = found + 1
        if text[found - 1].isspace():
            continue
        next_ = text[found + 1 : found + 2]
        if next_.isalnum():
            continue
        if text[found - 1] in ".,?!…" or not next_ or next_ in ".,;:)]—–":
            return found, found + 1
        if re.match(r"\s*[(\[—–-]", text[found + 1 : found + 4]):
            return found, found + 1
        if first is None and text[found - 1] != "s":
            # "participants' views" is a possessive; "alone' was" is a closing mark.
            return found, found + 1
        first = first if first is not None else found
    return (first, first + 1) if first is not None else None
