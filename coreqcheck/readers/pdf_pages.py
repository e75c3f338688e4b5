"""Pages as the PDF reader sees them: pieces of lines and drawn strokes, whatever engine cut them.

All coordinates are points from the top left corner of the page as shown.
"""

from __future__ import annotations

from typing import NamedTuple

from coreqcheck.model import Box

BOLD, ITALIC = 1, 2

UPRIGHT, UPWARDS, DOWNWARDS, SLANTED = 0, 1, 2, 3


class Piece(NamedTuple):
    """A line up to a wide gap. ``number`` is that of its first stretch on the page, from 0.

    ``base`` is the baseline, ``size`` and ``style`` those of most of its text. ``marks`` are the
    (start, end, raised) of superscripts and subscripts; ``lead`` is the length of a bold or
    italic beginning (0: none, or all of it) and ``lead_style`` its style. ``shift`` is where
    ``text`` begins in the first stretch.
    """

    page: int
    number: int
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    style: int
    text: str
    marks: tuple[tuple[int, int, bool], ...] = ()
    lead: int = 0
    lead_style: int = 0
    turn: int = UPRIGHT
    shift: int = 0

    def cut(self, at: int) -> tuple[Piece, Piece]:
        """The piece before and from character ``at``; their boxes are proportional."""
        middle = self.x0 + (self.x1 - self.x0) * at / max(1, len(self.text))
        before = tuple((a, min(b, at), r) for a, b, r in self.marks if a < at)
        after = tuple((max(a - at, 0), b - at, r) for a, b, r in self.marks if b > at)
        return (
            self._replace(text=self.text[:at], x1=middle, marks=before, lead=0, lead_style=0),
            self._replace(
                text=self.text[at:],
                x0=middle,
                marks=after,
                lead=0,
                lead_style=0,
                shift=self.shift + at,
            ),
        )


class Stroke(NamedTuple):
    """A drawn rule (one side at most 3 points) or a filled or stroked rectangle."""

    x0: float
    y0: float
    x1: float
    y1: float


class Page(NamedTuple):
    """One page. ``turn`` is the direction of a page whose text was turned for reading.

    ``level``, ``upright`` and ``areas`` are the horizontal rules, vertical rules and rectangles.
    """

    number: int
    width: float
    height: float
    pieces: list[Piece]
    level: list[Stroke]
    upright: list[Stroke]
    areas: list[Stroke]
    turn: int = UPRIGHT
    label: str = ""

    def box(self, piece: Piece) -> Box:
        """Where ``piece`` stands on the page as shown, turned back if it had been turned."""
        x0, y0, x1, y1 = piece.x0, piece.y0, piece.x1, piece.y1
        if self.turn == UPRIGHT and not piece.shift:
            return Box(self.number, x0, y0, x1, y1)
        if self.turn == UPWARDS:
            x0, y0, x1, y1 = y0, self.width - x1, y1, self.width - x0
        elif self.turn == DOWNWARDS:
            x0, y0, x1, y1 = self.height - y1, x0, self.height - y0, x1
        return Box(self.number, round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))
