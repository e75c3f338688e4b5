"""Characters that stand in files but not in what a person reads, and their repair.

A cleaned run is cut into pieces of (text, shift, repair): ``shift`` is where the piece starts in
the uncleaned run, so that every character keeps its way back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}

# Soft hyphen, zero-width space, joiners, direction marks, BOM, and control characters: invisible.
_INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\u202a-\u202e\u2066-\u2069"
    "\ufeff\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff"
)
_SPACE = " \t\n\r\x0b\x0c\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_DIRTY = re.compile(
    f"(?P<space>[{_SPACE}]*[{_SPACE[1:]}][{_SPACE}]*| {{2,}})"
    f"|(?P<gone>[{_INVISIBLE}]+)"
    f"|(?P<ligature>[{''.join(LIGATURES)}])"
)


# The first character of what _DIRTY finds: one quick look tells that a run is clean.
_ANY = re.compile(f"[{_SPACE[1:]}{_INVISIBLE}{''.join(LIGATURES)}]|  ")


def is_clean(run: str) -> bool:
    """True when ``clean`` would hand back the whole of ``run`` as it is."""
    return _ANY.search(run) is None


class Piece(NamedTuple):
    """A stretch of a cleaned run; ``shift`` is its start in the uncleaned run."""

    text: str
    shift: int
    repair: str | None


def clean(run: str) -> Iterator[Piece]:
    """Yield the pieces of ``run``: white space single, ligatures spelt out, invisibles left out."""
    at = 0
    for hit in _DIRTY.finditer(run):
        if hit.start() > at:
            yield Piece(run[at : hit.start()], at, None)
        at = hit.end()
        if hit.lastgroup == "space":
            yield Piece(" ", hit.start(), "space")
        elif hit.lastgroup == "ligature":
            yield Piece(LIGATURES[hit.group()], hit.start(), "ligature")
    if at < len(run):
        yield Piece(run[at:] if at else run, at, None)
