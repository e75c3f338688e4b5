"""What a word processor's file is before its paragraphs have roles.

The readers of DOCX, ODT and HTML walk their trees into a flow of ``Paragraph`` and ``Table``;
``labelling`` decides what each paragraph is and hands everything to the builder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from coreqcheck.model import Origin, Role
from coreqcheck.readers.builder import Run

BREAK = "\u2028"
"""A line break inside a paragraph; a plain new line in a run is only white space."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a stretch of text looks. ``size`` is in points, 0 when the file does not say."""

    bold: bool = False
    italic: bool = False
    underlined: bool = False
    caps: bool = False
    raised: bool = False
    size: float = 0.0


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Piece:
    """A run and its look."""

    run: Run
    look: Look = PLAIN


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as its format describes it.

    ``style`` is the format's name for it; ``role`` is set when the format itself says what it
    is; ``level`` is the depth of a heading by style or outline (0: none). ``item`` tells that it
    belongs to a list; ``number`` is what automatic numbering shows before it ("2.1", "1.").
    ``indent``, ``right`` and ``first`` are in points (``first`` is negative when hanging).
    ``linked`` tells that all of its text is a link to another place of the document.
    ``attached`` are the footnotes cited and the text boxes anchored in it. ``picture`` tells
    that an image stands in it.
    """

    pieces: tuple[Piece, ...]
    style: str = ""
    role: Role | None = None
    level: int = 0
    item: bool = False
    number: str = ""
    centred: bool = False
    indent: float = 0.0
    right: float = 0.0
    first: float = 0.0
    linked: bool = False
    picture: bool = False
    attached: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; a cell that a merged one covers is empty."""

    cells: tuple[tuple[Paragraph, ...], ...]
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table, top to bottom; ``role`` as for a paragraph."""

    rows: tuple[Row, ...]
    role: Role | None = None


Item = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Attached:
    """What hangs on a paragraph: a footnote (``note``) or a text box."""

    items: tuple[Item, ...]
    note: bool


def joined(pieces: Iterable[Piece]) -> str:
    """The text of pieces as it stands, white space and breaks included."""
    return "".join(piece.run.text for piece in pieces)


def text_of(paragraph: Paragraph) -> str:
    """The paragraph's text on one line, as a person reads it."""
    return " ".join(joined(paragraph.pieces).split())


def gap() -> Piece:
    """A space that the reader adds, between the lines of a cell or around a break."""
    return Piece(Run(" ", Origin(), "space"))


def cut(pieces: Sequence[Piece], at: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The pieces before and after character ``at`` of their joined text."""
    before: list[Piece] = []
    after: list[Piece] = []
    seen = 0
    for piece in pieces:
        length = len(piece.run.text)
        if seen + length <= at:
            before.append(piece)
        elif seen >= at:
            after.append(piece)
        else:
            before.append(_part(piece, 0, at - seen))
            after.append(_part(piece, at - seen, length))
        seen += length
    return tuple(before), tuple(after)


def parted(pieces: Sequence[Piece], stops: Iterable[int]) -> list[tuple[Piece, ...]]:
    """The pieces between ``stops``, characters of their joined text in order: one part more."""
    parts: list[tuple[Piece, ...]] = []
    rest, done = tuple(pieces), 0
    for stop in stops:
        before, rest = cut(rest, stop - done)
        parts.append(before)
        done = stop
    return [*parts, rest]


def _part(piece: Piece, start: int, end: int) -> Piece:
    """``piece`` from ``start`` to ``end`` of its own text, its way back kept exact."""
    run = piece.run
    origin = run.origin
    if origin.offset is not None:
        origin = replace(origin, offset=origin.offset + start)
    return Piece(Run(run.text[start:end], origin, run.repair, run.citation), piece.look)


def lines(paragraph: Paragraph) -> Iterator[tuple[Piece, ...]]:
    """The pieces of each line between the paragraph's own line breaks."""
    line: list[Piece] = []
    for piece in paragraph.pieces:
        start = 0
        text = piece.run.text
        while (found := text.find(BREAK, start)) >= 0:
            line.append(_part(piece, start, found + 1))
            yield tuple(line)
            line = []
            start = found + 1
        if start < len(text):
            line.append(_part(piece, start, len(text)) if start else piece)
    if line:
        yield tuple(line)
