"""Headings that run in: **Data collection.** at the start of a paragraph of prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coreqcheck.readers import heads
from coreqcheck.readers.flow import Piece, cut

RUN_INS = 20
"""Most run-in headings of one paragraph; more are a list of terms."""

_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I’m|my|me|we|you|your|our)\b", re.IGNORECASE)


def run_ins(pieces: tuple[Piece, ...]) -> list[tuple[bool, tuple[Piece, ...]]]:
    """Cut a paragraph into (is heading, pieces) at labels such as **Data collection.**"""
    text = "".join(piece.run.text for piece in pieces)
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
        if found and not bold:
            continue
        lead = text[(found[-1][1] if found else 0) : start].rstrip()
        if lead and (not found or lead[-1] not in '.?!)”"'):
            continue
        label = text[start:end].strip()
        if label and label[-1] not in ".:":
            stop = re.compile(r"\s?[.:]").match(text, end)
            if stop is None:
                continue
            end = stop.end()
            label = text[start:end].strip()
        rest = text[end : end + 400].strip()
        if len(rest) < 4 or not heads.is_run_in(label, "bold" if bold else "italic"):
            continue
        if not bold and (_FIRST_PERSON.search(label) or len(text) - end < 60):
            continue
        found.append((start, end))
        if len(found) == RUN_INS:
            break
    return found


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
