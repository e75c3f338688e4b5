"""From rows in reading order to paragraphs, and paragraphs joined over columns and pages."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from coreqcheck.readers import heads
from coreqcheck.readers.layout import Row, Sheet, Strip, Zone
from coreqcheck.readers.pdf_pages import BOLD, ITALIC
from coreqcheck.readers.pdf_tables import BULLET

NUMBERED = re.compile(
    r"\s*(?:\([a-z]{1,2}\d{1,2}\)|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})\)|\d{1,2}\.(?!\d)|[a-z]\.)\s+(?=\S)"
)
_SECTION = re.compile(r"\s*\d{1,2}(?:\.\d{1,2})+\.?\s+[A-Z]")
LABELLED = re.compile(r"\s*(?:\[\d{1,3}\]|\d{1,3}\.)\s*(?=\S)")
_CLOSERS = "\"'”’)]»›*†‡ \u00a0\u00ad\u200b"
_TERMINAL = ".?!:;…"


@dataclass(slots=True)
class Paragraph:
    """Rows that belong together. ``left`` and ``right`` are the edges of its column.

    ``column`` is -1 for the whole width; ``zone`` is set for a table or figure instead of rows.
    ``joined`` counts from which row on the text stands in a later column or page.
    """

    rows: list[Row]
    left: float
    right: float
    page: int
    column: int
    zone: Zone | None = None
    order: int = 0
    joined: list[int] = field(default_factory=list)
    _text: str | None = None

    @property
    def text(self) -> str:
        """Its rows on one line."""
        if self._text is None:
            self._text = " ".join([row.text.strip() for row in self.rows])
        return self._text

    @property
    def first(self) -> Row:
        """The first row."""
        return self.rows[0]

    @property
    def last(self) -> Row:
        """The last row."""
        return self.rows[-1]

    @property
    def size(self) -> float:
        """The size of most of its rows."""
        if len(self.rows) <= 2:
            return self.rows[0].size
        return Counter(round(r.size * 2) / 2 for r in self.rows).most_common(1)[0][0]

    @property
    def style(self) -> int:
        """BOLD and ITALIC where all of its rows are so."""
        style = BOLD | ITALIC
        for row in self.rows:
            style &= row.style
            if not style:
                break
        return style


@dataclass(frozen=True, slots=True)
class Look:
    """How the text of a document looks: size of the body and leading of each size (half points)."""

    body: float
    leads: dict[int, float]
    indented: bool

    def lead(self, size: float) -> float:
        """The usual distance of baselines for text of ``size``."""
        key = round(size * 2)
        for near in (key, key + 1, key - 1):
            if near in self.leads:
                return self.leads[near]
        return 1.2 * size


def look_of(sheets: Iterable[Sheet], body: float) -> Look:
    """Measure leadings, and whether paragraphs begin with an indent."""
    gaps: dict[int, Counter[int]] = defaultdict(Counter)
    indents = flush = 0
    for sheet in sheets:
        for strip in sheet.strips:
            rows = strip.rows
            for a, b in itertools.pairwise(rows):
                if abs(a.size - b.size) < 0.4:
                    gap = b.base - a.base
                    if 0.8 * a.size < gap < 3 * a.size:
                        gaps[round(b.size * 2)][round(gap * 2)] += 1
                    if abs(b.size - body) < 0.6 and gap < 1.5 * body:
                        shift = b.x0 - a.x0
                        if 0.7 * body < shift < 4 * body:
                            indents += 1
                        else:
                            flush += 1
    leads = {}
    for size, counts in gaps.items():
        if sum(counts.values()) >= 3:
            best = max(counts.items(), key=lambda item: (item[1], -item[0]))[0]
            leads[size] = best / 2
    return Look(body, leads, indents > 0.03 * (indents + flush))


def split(sheets: Sequence[Sheet], look: Look) -> list[Paragraph]:
    """All paragraphs of a document, in reading order, not yet joined over columns."""
    edges = _column_edges(sheets)
    found: list[Paragraph] = []
    for sheet in sheets:
        for strip in sheet.strips:
            if strip.zone is not None:
                found.append(
                    Paragraph([], strip.left, strip.right, strip.page, strip.column, strip.zone)
                )
                continue
            left, right = edges[(strip.page, strip.column)]
            if strip.column < 0 and sheet.columns > 1:
                left, right = min(left, strip.left), max(right, strip.right)
            found.extend(_split_strip(strip, left, right, look))
    for order, paragraph in enumerate(found):
        paragraph.order = order
    return found


def _column_edges(sheets: Sequence[Sheet]) -> dict[tuple[int, int], tuple[float, float]]:
    """Left and right edge of the text of each column of each page."""
    rows: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for sheet in sheets:
        for strip in sheet.strips:
            rows[(strip.page, strip.column)].extend(strip.rows)
    kinds = {sheet.number: sheet.columns for sheet in sheets}
    usual: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    edges: dict[tuple[int, int], tuple[float, float]] = {}
    for key, own in rows.items():
        if len(own) >= 8:
            edges[key] = _edges(own)
            usual[(kinds[key[0]], key[1])].append(edges[key])
    for key, own in rows.items():
        if key in edges:
            continue
        others = usual.get((kinds[key[0]], key[1]))
        low = min((r.x0 for r in own), default=0.0)
        high = max((r.x1 for r in own), default=0.0)
        if others:
            near = [e for e in others if e[0] - 4 <= low and e[1] + 30 >= high]
            if near:
                edges[key] = Counter((round(a), round(b)) for a, b in near).most_common(1)[0][0]
                continue
        edges[key] = (low, high)
    return edges


def _edges(rows: list[Row]) -> tuple[float, float]:
    starts = Counter(round(r.x0) for r in rows)
    top = max(starts.values())
    left = min(x for x, n in starts.items() if n >= 0.22 * top and (n > 1 or top < 4))
    ends = Counter(round(r.x1) for r in rows)
    firm = [x for x, n in ends.items() if n + ends.get(x - 1, 0) + ends.get(x + 1, 0) >= 3]
    right = max(firm) if firm else max(ends)
    return float(left), float(right)


def ending(row: Row) -> str:
    """The last visible character of a row, closing quotes, brackets and raised marks aside."""
    piece = row.pieces[-1]
    text = piece.text
    stripped = text.rstrip()
    for start, end, raised in reversed(piece.marks):
        if raised and end >= len(stripped):
            stripped = stripped[:start].rstrip()
    stripped = stripped.rstrip(_CLOSERS)
    return stripped[-1:] if stripped else ""


def is_terminal(row: Row) -> bool:
    """Does a row end like the end of a sentence?"""
    end = ending(row)
    return end != "" and end in _TERMINAL


def _split_strip(strip: Strip, left: float, right: float, look: Look) -> list[Paragraph]:
    found: list[Paragraph] = []
    current: list[Row] = []
    for row in strip.rows:
        if current and _starts(current, row, left, right, look):
            found.append(Paragraph(current, left, right, strip.page, strip.column))
            current = []
        current.append(row)
    if current:
        found.append(Paragraph(current, left, right, strip.page, strip.column))
    return found


def _starts(rows: list[Row], row: Row, left: float, right: float, look: Look) -> bool:
    """Does ``row`` begin a paragraph after ``rows``?"""
    last = rows[-1]
    size = last.size
    gap = row.base - last.base
    usual = look.lead(size)
    if _capitals(last, row) and gap < 1.6 * max(size, row.size):
        return heads.NUMBERING.match(row.text.lstrip()) is not None
    if abs(row.size - size) > 0.09 * max(row.size, size) + 0.15:
        return not _same_anyway(last, row)
    if len(rows) > 1:
        own = last.base - rows[-2].base
        limit = max(own * 1.22, min(usual, own * 1.4) * 1.15) + 0.6
    else:
        limit = usual * 1.25 + 0.8
    if gap > limit or gap < 0:
        return True
    large = size > look.body * 1.18
    if (large or row.style & BOLD) and _SECTION.match(row.text):
        return True  # a heading under a heading
    if large:
        return (last.style ^ row.style) & BOLD != 0
    text = row.text.lstrip()
    done = is_terminal(last)
    if rows[0].x0 > left + 0.7 * size and last.x0 > left + 0.7 * size:
        # A quotation or list has a right edge of its own.
        own_right = max(max(r.x1 for r in rows), row.x1) if len(rows) < 8 else last.x1
        right = min(right, max(own_right, right - 6 * size))
    room = right - last.x1
    word = len(text.split(" ", 1)[0]) * 0.5 * size
    deliberate = room > word + 1.3 * size
    lower = text[:1].islower()
    opening = text[:1]
    if done and not lower and _opens_with_label(row):
        return True
    if not opening.isalnum() and BULLET.match(text):
        if opening not in "-–—*":
            return True
        if _attribution(rows, text):
            return False
        if (done or deliberate) and text[1:].lstrip()[:1].isupper() and len(text.split()) > 4:
            return True
    if opening in "([" or opening.isdigit() or text[1:2] in ".)":
        if NUMBERED.match(text) and (done or deliberate) and not (lower and text[1:2].isalpha()):
            return True
        if row.x0 <= rows[0].x0 + 2 and LABELLED.match(text) and LABELLED.match(rows[0].text):
            return True
    styled = last.style ^ row.style
    if styled & BOLD:
        if last.style & BOLD:
            if not row.pieces[0].lead_style & BOLD:
                return True
        elif (done or deliberate) and not lower:
            return True
    elif styled & ITALIC:
        if last.style & BOLD and not lower and deliberate:
            return True  # one heading below another
        if last.style & ITALIC:
            alone = len(rows) == 1 and not row.pieces[0].lead_style & ITALIC
            if alone and not lower and (deliberate or ending(last).isalnum()):
                return True
        elif (done or deliberate) and not lower and abs(row.x0 - last.x0) > 0.5 * size:
            return True
    return _indent_starts(rows, row, text, left, size, done, deliberate, lower)


def _opens_with_label(row: Row) -> bool:
    """True for a line that opens with the emphasised name of a section ("Methods. We")."""
    first = row.pieces[0]
    if not first.lead or first.lead > 60:
        return False
    label, rest = first.text[: first.lead].strip(), first.text[first.lead :].lstrip()
    return (label[-1:] in ".:" or rest[:1] in ".:") and heads.is_known(label)


def _capitals(last: Row, row: Row) -> bool:
    """Two lines in capitals, large and small: the size says little about them."""
    return (
        0.7 < row.size / last.size < 1.4
        and len(row.text) > 8
        and row.text.isupper()
        and last.text.isupper()
    )


def _attribution(rows: list[Row], text: str) -> bool:
    """ "– P7, nurse" after a quotation belongs to it."""
    end = rows[-1].text.rstrip()[-1:]
    return len(text.split()) <= 8 and (
        end in "\"”’'.?!…»" or rows[0].text.lstrip()[:1] in "\"“‘'«„"
    )


def _same_anyway(last: Row, row: Row) -> bool:
    """A short end of a paragraph may have no letters of its size (a citation, a formula)."""
    return (
        len(row.text.strip()) <= 4
        and row.size < last.size
        and row.base - last.base < 1.6 * last.size
        and not is_terminal(last)
    )


def _indent_starts(
    rows: list[Row],
    row: Row,
    text: str,
    left: float,
    size: float,
    done: bool,
    deliberate: bool,
    lower: bool,
) -> bool:
    last = rows[-1]
    step = 0.7 * size
    if len(rows) == 1:
        shift = row.x0 - last.x0
        if shift > step:
            if _item(last.text):
                return False  # hanging
            if done and not lower:
                return True
            return deliberate and not lower and last.x0 <= left + step
        if shift < -step:
            if last.x0 > left + 6 * size and deliberate:
                return not lower  # a centred line before text
            return deliberate and done and not lower
    else:
        base = min(r.x0 for r in rows[1:]) if len(rows) < 4 else rows[-1].x0
        shift = row.x0 - base
        if shift > step and (done or deliberate) and not lower:
            return True
        if shift < -step:
            if rows[0].x0 < base - step:
                return (row.x0 <= rows[0].x0 + step and not lower) or done
            return done or not lower
    return deliberate and (done or not lower) and (done or not _centred(rows, row))


def _item(text: str) -> bool:
    return any(pattern.match(text) for pattern in (BULLET, NUMBERED, LABELLED))


def _centred(rows: list[Row], row: Row) -> bool:
    """Lines of a centred text share their middle."""
    last = rows[-1]
    return abs((last.x0 + last.x1) - (row.x0 + row.x1)) < 4 and abs(last.x0 - row.x0) > 2


def goes_on(before: Paragraph, after: Paragraph, look: Look) -> bool:
    """Does ``after``, at the top of a column, continue ``before``, at the end of another?"""
    last, first = before.last, after.first
    if abs(last.size - first.size) > 0.09 * max(last.size, first.size) + 0.15:
        return False
    if (last.style ^ first.style) & BOLD:
        return False
    text = first.text.lstrip()
    if BULLET.match(text):
        return False
    end = last.text.rstrip()[-1:]
    if end in {"-", "\u00ad", "‐"}:
        return True
    if text[:1].islower():
        return not is_terminal(last) or not NUMBERED.match(text)
    if not is_terminal(last):
        shift = first.x0 - after.left
        own = last.x0 - before.left
        return not (shift > own + 0.7 * last.size and before.right - last.x1 > 6 * last.size)
    # A full last line and a first line without indent, where paragraphs have one.
    full = before.right - last.x1 < 0.6 * last.size
    flush = first.x0 - after.left < 0.4 * last.size
    return bool(
        look.indented
        and full
        and flush
        and last.x0 - before.left < 0.4 * last.size
        and len(after.rows) > 1
        and not after.first.style
        and ending(last) not in ":;"
    )
