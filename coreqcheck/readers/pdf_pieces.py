"""From the stretches that the engine extracts to pieces of lines.

A stretch is text of one font and size; a piece is what stands on one line up to a wide gap.
"""

from __future__ import annotations

import re

import msgspec

from coreqcheck.readers.pdf_pages import (
    BOLD,
    DOWNWARDS,
    ITALIC,
    SLANTED,
    UPRIGHT,
    UPWARDS,
    Page,
    Piece,
    Stroke,
)


class Area(msgspec.Struct):
    x: int
    y: int
    w: int
    h: int


class Font(msgspec.Struct):
    name: str
    size: int


class Line(msgspec.Struct):
    """A stretch: text of one font and size. ``y`` is its baseline."""

    bbox: Area
    font: Font
    y: int
    text: str


class Extract(msgspec.Struct):
    """A block of lines, or a drawn shape, whose box the engine leaves out."""

    type: str
    lines: list[Line] = []
    rectangle: int = 0
    box: Stroke | None = None


class Extracts(msgspec.Struct):
    blocks: list[Extract]


def page_of(
    number: int, width: float, height: float, blocks: list[Extract], styles: Styles
) -> Page:
    pieces: list[Piece] = []
    level: list[Stroke] = []
    upright: list[Stroke] = []
    areas: list[Stroke] = []
    count = 0
    for block in blocks:
        if block.lines:
            pieces.extend(_pieces(number, count, block.lines, styles))
            count += len(block.lines)
        elif block.box is not None:
            x0, y0, x1, y1 = block.box
            wide, high = x1 - x0, y1 - y0
            if high <= 3:
                if wide >= 4:
                    level.append(block.box)
            elif wide <= 3:
                if high >= 6:
                    upright.append(block.box)
            elif wide >= 20 and high >= 6:
                areas.append(block.box)
    page = Page(number, width, height, _single_marks(_once(pieces)), level, upright, areas)
    return _turned(page)


def _once(pieces: list[Piece]) -> list[Piece]:
    """Text printed twice for a shadow or a fat look is kept once."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for piece in pieces:
        key = (piece.text, int(piece.x0), int(piece.base))
        if key not in seen:
            seen.add(key)
            kept.append(piece)
    return kept


def _single_marks(pieces: list[Piece]) -> list[Piece]:
    """Bullets printed twice (once for the eye, once for the copied text) are kept once."""
    marks = [p for p in pieces if len(p.text.strip()) == 1 and not p.text.strip().isalnum()]
    if not marks:
        return pieces
    gone = set()
    starts: dict[tuple[str, int], list[Piece]] = {}
    for piece in pieces:
        starts.setdefault((piece.text.strip()[0], round(piece.base)), []).append(piece)
    for mark in marks:
        for other in starts[(mark.text.strip(), round(mark.base))]:
            if other.number > mark.number and abs(other.x0 - mark.x0) < 12:
                gone.add(mark.number)
    return [p for p in pieces if p.number not in gone]


_HEAVY = re.compile(r"bold|black|heavy|medi(?!a)|semib|demi|-bd|bdc", re.IGNORECASE)
Styles = dict[str, int]
"""BOLD and ITALIC of each font of a file."""


def style_of(name: str, weight: str, slant: str) -> int:
    """BOLD and ITALIC of a font, by what the engine says and by its name."""
    bold = weight == "bold" or _HEAVY.search(name) is not None
    slanted = slant == "italic" or "italic" in name.lower() or "oblique" in name.lower()
    return (BOLD if bold else 0) | (ITALIC if slanted else 0)


class _Stretch:
    """Neighbouring stretches of one size, style and baseline; lengths in hundredths."""

    __slots__ = ("base", "parts", "size", "style", "x0", "x1", "y0", "y1")

    def __init__(self, box: Area, base: int, size: int, style: int, text: str) -> None:
        self.x0, self.y0 = box.x, box.y
        self.x1, self.y1 = box.x + box.w, box.y + box.h
        self.base = base
        self.size = size
        self.style = style
        self.parts = [text]


def _pieces(page: int, number: int, lines: list[Line], styles: Styles) -> list[Piece]:
    """Pieces of a block: neighbouring stretches on one line, up to a wide gap."""
    found: list[Piece | None] = []
    group: list[_Stretch] = []
    first = number
    base = size = end = 0
    last: _Stretch | None = None
    for line in lines:
        box, text = line.bbox, line.text
        font, y, x = line.font, line.y, box.x
        own = font.size
        if last is not None:
            large = size if size > own else own
            gap = x - end
            if (
                -0.4 * large < gap < 0.7 * large
                and -0.5 * large < y - base < 0.5 * large
                and (gap < 0.17 * large or text[:1] == " " or last.parts[-1][-1:] == " ")
            ):
                number += 1
                end = x + box.w
                if text == " ":
                    last.parts.append(text)
                    continue
                style = styles[font.name]
                if style == last.style and own == last.size and y == last.base:
                    last.parts.append(text)
                    last.x1 = end
                    continue
                last = _Stretch(box, y, own, style, text)
                group.append(last)
                if own > size:
                    size, base = own, y
                continue
            found.append(_piece(page, first, group))
        style = styles[font.name]
        last = _Stretch(box, y, own, style, text)
        group = [last]
        first = number
        base, size, end = y, own, x + box.w
        number += 1
    found.append(_piece(page, first, group))
    return [piece for piece in found if piece is not None]


def _piece(page: int, number: int, group: list[_Stretch]) -> Piece | None:
    first = group[0]
    if len(group) == 1:
        parts = first.parts
        if len(parts) > 1 and parts[0].strip() == parts[1].strip() and _is_sign(parts[0].strip()):
            del parts[0]
            number += 1
        text = "".join(parts)
        if not text or text.isspace():
            return None
        x0, y0, x1, y1 = first.x0 / 100, first.y0 / 100, first.x1 / 100, first.y1 / 100
        base, size = first.base / 100, max(first.size, 10) / 100
        turn = _turn(x0, y0, x1, y1, base, size, text) if y1 - y0 > 1.9 * size else UPRIGHT
        return Piece(page, number, x0, y0, x1, y1, base, size, first.style, text, (), 0, 0, turn)
    if first.parts[0].strip() == group[1].parts[0].strip() and _is_sign(first.parts[0].strip()):
        return _piece(page, number + len(first.parts), group[1:])  # a bullet printed twice
    texts = ["".join(stretch.parts) for stretch in group]
    text = "".join(texts)
    if not text or text.isspace():
        return None
    weights: dict[int, int] = {}
    total = bold = italic = 0
    for stretch, part in zip(group, texts, strict=True):
        length = len(part)
        style = stretch.style
        total += length
        if style:
            if style & 1:
                bold += length
            if style & 2:
                italic += length
        weights[stretch.size] = weights.get(stretch.size, 0) + length
    size = max(weights, key=weights.__getitem__)
    # A stretch that begins with a space may have the baseline of the raised mark before it.
    same = [stretch for stretch in group if stretch.size == size]
    base = next((s.base for s in same if s.parts[0][:1] != " "), same[0].base)
    style = 0
    if bold > 0.85 * total:
        style |= BOLD
    if italic > 0.85 * total:
        style |= ITALIC
    marks: tuple[tuple[int, int, bool], ...] = ()
    if len(weights) > 1 and min(weights) < 0.86 * size:
        marks = _marks(group, texts, size, base)
    lead, lead_style = 0, 0
    if style and min(bold or total, italic or total) < total:
        lead, lead_style = _heading_lead(group, texts, text, style)
        style &= ~lead_style
    if not lead and ((bold and not style & BOLD) or (italic and not style & ITALIC)):
        lead, lead_style = _lead(group, texts, ~style)
    return Piece(
        page,
        number,
        first.x0 / 100,
        min([stretch.y0 for stretch in group]) / 100,
        max([stretch.x1 for stretch in group]) / 100,
        max([stretch.y1 for stretch in group]) / 100,
        base / 100,
        max(size, 10) / 100,
        style,
        text,
        marks,
        lead,
        lead_style,
    )


def _is_sign(text: str) -> bool:
    return len(text) == 1 and not text.isalnum()


def _turn(x0: float, y0: float, x1: float, y1: float, base: float, size: float, text: str) -> int:
    """The direction of a stretch, from its box: the engine's JSON does not say."""
    count = len(text.strip())
    wide, high = x1 - x0, y1 - y0
    if count < 3 or high < 0.3 * count * size:
        return UPRIGHT
    if wide < 1.9 * size:
        return UPWARDS if base > y0 + 0.5 * high else DOWNWARDS
    return SLANTED if high > 2.5 * size and wide < 1.2 * count * size else UPRIGHT


def _marks(
    group: list[_Stretch], texts: list[str], size: int, base: int
) -> tuple[tuple[int, int, bool], ...]:
    """Small text off the baseline: (start, end, raised), neighbours joined."""
    marks: list[tuple[int, int, bool]] = []
    at = 0
    for stretch, text in zip(group, texts, strict=True):
        end = at + len(text)
        shift = base - stretch.base
        if stretch.size < 0.86 * size and abs(shift) > 0.1 * size and not text.isspace():
            raised = shift > 0
            if marks and marks[-1][2] == raised and marks[-1][1] == at:
                marks[-1] = (marks[-1][0], end, raised)
            else:
                marks.append((at, end, raised))
        at = end
    return tuple(marks)


def _lead(group: list[_Stretch], texts: list[str], mask: int) -> tuple[int, int]:
    """Length and style of a beginning that has an emphasis (of ``mask``) which the rest lacks."""
    at, style = 0, 0
    for stretch, part in zip(group, texts, strict=True):
        if not part.isspace():
            own = stretch.style & mask
            if style == 0:
                if own == 0:
                    if at == 0 and part.strip(" .\u00a0").replace(".", "").isdigit():
                        at += len(part)  # the number of a heading
                        continue
                    return 0, 0
                style = own
            elif not own & style:
                return at, style
            else:
                style &= own
        at += len(part)
    return 0, 0


def _heading_lead(group: list[_Stretch], texts: list[str], text: str, mask: int) -> tuple[int, int]:
    """As ``_lead``, for a heading that fills its line but for the first word after its stop."""
    at, style = _lead(group, texts, mask)
    stopped = text[:at].rstrip()[-1:] in ".:" or text[at:].lstrip()[:1] in ".:"
    if at and stopped and sum(map(str.isalpha, text[at:])) > 0:
        return at, style
    return 0, 0


def _turned(page: Page) -> Page:
    """A page whose text mostly runs up or down is turned so that it reads level."""
    counts = [0, 0, 0, 0]
    for piece in page.pieces:
        counts[piece.turn] += len(piece.text)
    main = counts.index(max(counts))
    if main not in (UPWARDS, DOWNWARDS):
        return page
    width, height = page.width, page.height

    def move(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        if main == UPWARDS:
            return height - y1, x0, height - y0, x1
        return y0, width - x1, y1, width - x0

    pieces = []
    for piece in page.pieces:
        box = move(piece.x0, piece.y0, piece.x1, piece.y1)
        short = piece.turn == UPRIGHT and len(piece.text.strip()) < 3  # cannot be told
        turn = UPRIGHT if piece.turn == main or short else max(piece.turn, UPWARDS)
        base = box[3] - 0.22 * piece.size
        pieces.append(
            piece._replace(x0=box[0], y0=box[1], x1=box[2], y1=box[3], base=base, turn=turn)
        )
    strokes = [Stroke(*move(*s)) for s in (*page.level, *page.upright)]
    return Page(
        page.number,
        height,
        width,
        pieces,
        [s for s in strokes if s.y1 - s.y0 <= 3],
        [s for s in strokes if s.y1 - s.y0 > 3],
        [Stroke(*move(*s)) for s in page.areas],
        main,
    )
