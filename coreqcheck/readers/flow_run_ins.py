"""Headings that run in: **Data collection.** at the start of a paragraph of prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coreqcheck.readers import heads
from coreqcheck.readers.flow import Piece, cut, joined

RUN_INS = 20
"""Most run-in headings of one paragraph; more are a list of terms."""

_STOP = re.compile(r"\s?[.:]")
_SPEAKS = re.compile(r"\bI\b")


def run_ins(pieces: tuple[Piece, ...]) -> list[tuple[bool, tuple[Piece, ...]]]:
    """Cut a paragraph into (is heading, pieces) at labels such as **Data collection.**"""
    text = joined(pieces)
    result: list[tuple[bool, tuple[Piece, ...]]] = []
    done = 0
    rest = pieces
    for start, end in _labels(pieces, text):
        before, rest = cut(rest, start - done)
        head, rest = cut(rest, end - start)
        if before:
            result.append((False, before))
        result.append((True, head))
        done = end
    if rest:
        result.append((False, rest))
    return result


def _labels(pieces: tuple[Piece, ...], text: str) -> list[tuple[int, int]]:
    """Where emphasised labels stand that open the paragraph or a sentence of it."""
    found: list[tuple[int, int]] = []
    for start, end, bold in _emphasised(pieces):
        if len(text[start : start + 400]) < end - start:
            continue  # an emphasised passage
        label = text[start:end].strip()
        before = _last_before(text, start)
        if before and (before not in '.?!)”"' or not heads.is_known(label)):
            continue
        stop = _STOP.match(text, end)
        if label[-1:] not in {".", ":"} and stop is not None:
            end = stop.end()
            label = text[start:end].strip()
        if len(text[end : end + 40].strip()) < 4 or not _heads(label, bold):
            continue
        plain_italic = not (bold or before or heads.is_known(label))
        if plain_italic and not _italic_heads(label, text[end : end + 80].strip()):
            continue
        found.append((start, end))
        if len(found) == RUN_INS:
            break
    return found


def _heads(label: str, bold: bool) -> bool:
    """A label with a stop or colon, or in bold the name of a section without one."""
    if label[-1:] in {".", ":"}:
        return heads.is_known(label) or heads.is_run_in(label, "bold" if bold else "italic")
    return bold and heads.is_known(label)


def _italic_heads(label: str, rest: str) -> bool:
    """Not somebody's words: those say "I", or a label of the speaker follows them."""
    return not _SPEAKS.search(label) and rest[:1].isupper() and len(rest) > 59


def _last_before(text: str, at: int) -> str:
    """The last visible character before ``at``, "" when there is none."""
    while at > 0 and text[at - 1].isspace():
        at -= 1
    return text[at - 1 : at]


def _emphasised(pieces: tuple[Piece, ...]) -> Iterator[tuple[int, int, bool]]:
    """Stretches that are bold (or underlined), and an italic one at the very start."""
    at = 0
    start: int | None = None
    kind = 0
    for piece in pieces:
        look = piece.look
        now = 2 if look.bold or look.underlined else int(look.italic)
        length = len(piece.run.text)
        if piece.run.text.strip() and now != kind:
            if start is not None and kind:
                yield start, at, kind == 2
            start, kind = (at, now) if now else (None, 0)
        at += length
    if start is not None and kind:
        yield start, at, kind == 2
