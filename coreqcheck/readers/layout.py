"""Reading order: from the pieces of a page to rows in columns, whatever engine cut them.

A page is cut into bands at everything that crosses its gutters; each band is read column by
column. Gutters come from left edges that many long lines share, and pages help each other.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from coreqcheck.readers.pdf_pages import Page, Piece

_LONG = 12  # characters from which a piece counts for the search of columns


class Row(NamedTuple):
    """The pieces on one baseline of one column, from left to right."""

    pieces: tuple[Piece, ...]
    x0: float
    x1: float
    base: float
    size: float
    style: int
    page: int

    @property
    def text(self) -> str:
        """The text of the row, pieces separated by a space."""
        if len(self.pieces) == 1:
            return self.pieces[0].text
        return " ".join(piece.text.strip() for piece in self.pieces)


class Zone(NamedTuple):
    """A rectangle that is taken out of the flow of text: a table or a figure."""

    kind: str
    x0: float
    y0: float
    x1: float
    y1: float
    pieces: tuple[Piece, ...]
    levels: tuple[float, ...] = ()


class Strip(NamedTuple):
    """A stretch of one column (or of the whole width) in reading order.

    ``column`` counts from 0, -1 is the whole width; ``left`` and ``right`` are the edges of its
    text. It holds rows or one zone.
    """

    page: int
    column: int
    left: float
    right: float
    rows: list[Row]
    zone: Zone | None = None


class Sheet(NamedTuple):
    """A page in reading order. ``doubt`` is the share of rows that run into each other."""

    number: int
    columns: int
    strips: list[Strip]
    doubt: float


def document_gutters(pages: Sequence[tuple[Page, list[Piece]]]) -> list[tuple[float, ...]]:
    """For each page the left edges of its second and further columns; () for one column."""
    own = [_page_gutters(pieces) for _, pieces in pages]
    votes = Counter(round(g) for gutters in own for g in gutters)
    strong = 0
    for (_, pieces), gutters in zip(pages, own, strict=True):
        strong += bool(gutters) and _share(pieces, gutters) > 0.5
    texts = sum(1 for _, pieces in pages if len(pieces) > 15)
    if not votes:
        return [()] * len(pages)
    if strong < 0.2 * texts and strong < 3:
        # One page of columns in a document without: only when it is columns all through.
        return [
            g if g and _share(p, g) > 0.9 and texts <= 4 else ()
            for (_, p), g in zip(pages, own, strict=True)
        ]
    common: list[float] = []
    for key, _ in votes.most_common():
        count = sum(votes[key + d] for d in range(-6, 7))
        if count >= 0.25 * len(pages) and all(abs(key - g) > 24 for g in common):
            common.append(float(key))
    result = []
    for (_, pieces), gutters in zip(pages, own, strict=True):
        found = [g for g in gutters if any(abs(g - c) <= 14 for c in common) or _clear(pieces, g)]
        for edge in common:
            if all(abs(edge - g) > 24 for g in found):
                weak = _weak_gutter(pieces, edge)
                if weak is not None:
                    found.append(weak)
        result.append(tuple(sorted(found)))
    return result


def _share(pieces: list[Piece], gutters: tuple[float, ...]) -> float:
    """The share of the text that does not cross a gutter."""
    whole = inside = 0
    for piece in pieces:
        length = len(piece.text)
        whole += length
        if not any(piece.x0 < g - 10 and piece.x1 > g + 4 for g in gutters):
            inside += length
    return inside / whole if whole else 0.0


def _page_gutters(pieces: list[Piece]) -> tuple[float, ...]:
    long = [p for p in pieces if len(p.text) >= _LONG and p.turn == 0]
    if len(long) < 10:
        return ()
    left = min(p.x0 for p in long)
    right = max(p.x1 for p in long)
    span = right - left
    counts = Counter(round(p.x0) for p in long)
    found: list[float] = []
    for edge in sorted(counts):
        count = counts[edge] + counts[edge - 1] + counts[edge + 1]
        if count < 5 or edge < left + 0.12 * span or (found and edge - found[-1] < 0.14 * span):
            continue
        if counts[edge] < max(counts[edge - 1], counts[edge + 1]):
            continue
        start = found[-1] if found else left
        if _is_gutter(long, float(edge), start, span, count):
            found.append(float(edge))
    return tuple(found)


def _is_gutter(long: list[Piece], edge: float, start: float, span: float, aligned: int) -> bool:
    """Do long lines end before ``edge``, and do long lines begin there?"""
    before = [p for p in long if p.x1 <= edge - 1 and p.x0 >= start - 12]
    after = [p for p in long if p.x0 >= edge - 3]
    if len(before) < 5 or len(after) < 5:
        return False
    near = [p for p in after if p.x0 <= edge + 40]
    if len(before) < 0.5 * len(near):
        return False  # labels beside text: a table, not a column
    starts = Counter(round(p.x0) for p in near if p.x0 > edge + 1.5)
    hanging = max(starts.values(), default=0)  # the other lines of hanging paragraphs
    if aligned + (hanging if hanging > aligned else 0) < 0.4 * len(near):
        return False
    wide = sorted(p.x1 - p.x0 for p in near)[len(near) // 2]
    own = sorted(p.x1 - p.x0 for p in before)[len(before) // 2]
    if wide < 0.14 * span or own < 0.12 * span:
        return False
    # Lines of text fill their column; labels of a table do not.
    if own < 0.6 * (max(p.x1 for p in before) - start):
        return False
    top = max(min(p.base for p in before), min(p.base for p in after))
    bottom = min(max(p.base for p in before), max(p.base for p in after))
    crossing = sum(
        1 for p in long if p.x0 < edge - 10 and p.x1 > edge + 4 and top <= p.base <= bottom
    )
    return crossing <= 0.5 * min(len(before), len(near))


def _clear(pieces: list[Piece], edge: float) -> bool:
    """Does hardly any line cross a gutter that other pages do not have?"""
    before = after = crossing = 0
    for piece in pieces:
        if len(piece.text) < _LONG:
            continue
        if piece.x1 <= edge - 1:
            before += 1
        elif piece.x0 >= edge - 3:
            after += 1
        elif piece.x0 < edge - 10 and piece.x1 > edge + 4:
            crossing += 1
    return crossing <= 0.25 * min(before, after)


def _weak_gutter(pieces: list[Piece], edge: float) -> float | None:
    """The document's gutter on a page with too little text to show it alone."""
    starts = Counter(round(p.x0) for p in pieces if abs(p.x0 - edge) <= 12 and len(p.text) > 5)
    if not starts:
        return None
    place, count = max(starts.items(), key=lambda item: (item[1], -item[0]))
    before = sum(1 for p in pieces if p.x1 <= place - 1 and len(p.text) >= _LONG)
    crossing = sum(1 for p in pieces if p.x0 < place - 10 and p.x1 > place + 4)
    if count >= 2 and before >= 2 and crossing <= 3 * (count + before):
        return float(place)
    return None


def arrange(
    page: Page,
    pieces: list[Piece],
    gutters: tuple[float, ...],
    zones: Sequence[Zone],
    head: float = 0.0,
) -> Sheet:
    """The strips of one page in reading order.

    Args:
        page: the page.
        pieces: its pieces without furniture and without those in ``zones``.
        gutters: left edges of the second and further columns.
        zones: what stands out of the flow.
        head: what stands higher is read over the whole width (title and by-line).
    """
    edges = [g - 4 for g in gutters]

    def first_last(x0: float, x1: float) -> tuple[int, int]:
        low = high = 0
        for edge in edges:
            if x0 > edge - 6:
                low += 1
            if x1 > edge + 8:
                high += 1
        return low, max(low, high)

    full: list[tuple[float, float, Piece | Zone]] = []
    columned: list[list[Piece | Zone]] = [[] for _ in range(len(edges) + 1)]
    for piece in pieces:
        low, high = first_last(piece.x0, piece.x1)
        if low == high and piece.base >= head:
            columned[low].append(piece)
        else:
            full.append((piece.base - piece.size, piece.base + 0.3 * piece.size, piece))
    for zone in zones:
        low, high = first_last(zone.x0 + 6, zone.x1 - 6)
        if low == high:
            columned[low].append(zone)
        else:
            full.append((zone.y0, zone.y1, zone))
    strips: list[Strip]
    if not edges:
        strips, doubt = _column_strips(page.number, -1, columned[0])
        return Sheet(page.number, 1, strips, doubt)
    bands = _bands(full, columned)
    strips = []
    doubts = 0.0
    for kind, content in bands:
        if kind == "full":
            part, doubt = _column_strips(page.number, -1, content[0])
            strips.extend(part)
            doubts += doubt * len(content[0])
        else:
            for number, column in enumerate(content):
                part, doubt = _column_strips(page.number, number, column)
                strips.extend(part)
                doubts += doubt * len(column)
    whole = max(1, len(pieces) + len(zones))
    return Sheet(page.number, len(edges) + 1, strips, doubts / whole)


def side_by_side(
    pieces: list[Piece], gutters: tuple[float, ...]
) -> tuple[float, float, float] | None:
    """A narrow column of keywords or dates beside the abstract.

    Gives (top, bottom, left edge of the second column), or ``None``: at least six long lines
    begin at one edge, with shorter lines beside them that end before it and say what they are.
    """
    long = [p for p in pieces if len(p.text) >= 25 and p.turn == 0]
    if not long:
        return None
    left, right = min(p.x0 for p in pieces), max(p.x1 for p in long)
    starts = Counter(round(p.x0) for p in long)
    for edge, _ in starts.most_common(6):
        if not left + 0.12 * (right - left) < edge < left + 0.6 * (right - left):
            continue
        if any(abs(edge - gutter) <= 14 for gutter in gutters):
            continue
        own = sorted((p for p in pieces if abs(p.x0 - edge) <= 2), key=lambda p: p.base)
        run = _unbroken(own)
        if len(run) < 6:
            continue
        top, bottom = run[0].base - run[0].size, run[-1].base + 0.5 * run[-1].size
        inside = [p for p in pieces if top <= p.base <= bottom]
        beside = [p for p in inside if p.x1 <= edge - 4]
        crossing = [p for p in inside if p.x0 < edge - 4 < p.x1]
        labelled = any(_BESIDE.match(p.text) for p in [*beside, *run[:3]])
        if len(beside) >= 2 and not crossing and labelled:
            return top, bottom, float(edge)
    return None


_BESIDE = re.compile(
    r"\s*(?:A\s?R\s?T\s?I\s?C\s?L\s?E|A\s?B\s?S\s?T\s?R\s?A\s?C\s?T|S\s?U\s?M\s?M\s?A\s?R\s?Y|key\s?words?"
    r"|article history|received|correspond|accepted|citation|to cite)\b",
    re.IGNORECASE,
)


def _unbroken(own: list[Piece]) -> list[Piece]:
    """The longest stretch of lines without a gap of more than three lines."""
    best: list[Piece] = []
    run: list[Piece] = []
    for piece in own:
        if run and piece.base - run[-1].base > 3.2 * piece.size:
            run = []
        run.append(piece)
        if len(run) > len(best):
            best = run[:]
    return best


def in_file_order(page: Page, pieces: list[Piece], zones: Sequence[Zone]) -> Sheet:
    """The strips of a page as the file has them: where columns cannot be told."""
    groups: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.number):
        last = groups[-1][-1] if groups else None
        if (
            last is not None
            and abs(piece.base - last.base) < 0.3 * piece.size
            and piece.x0 >= last.x1 - 1
        ):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    strips = [_strip(page.number, -1, [_row(group) for group in groups])] if groups else []
    strips += [Strip(page.number, -1, zone.x0, zone.x1, [], zone) for zone in zones]
    return Sheet(page.number, 1, strips, 0.0)


def _bands(
    full: list[tuple[float, float, Piece | Zone]], columned: list[list[Piece | Zone]]
) -> list[tuple[str, list[list[Piece | Zone]]]]:
    """Cut the page at what crosses its gutters: ("full", [items]) and ("columns", columns)."""
    full.sort(key=lambda entry: entry[0])
    stretches: list[list[float]] = []  # merged y ranges of crossing things
    for top, bottom, _ in full:
        if stretches and top <= stretches[-1][1] + 1:
            stretches[-1][1] = max(stretches[-1][1], bottom)
        else:
            stretches.append([top, bottom])
    _absorb_ends(full, columned, stretches)
    count = len(stretches)
    whole: list[list[Piece | Zone]] = [[] for _ in range(count)]
    for top, _, item in full:
        whole[_stretch(stretches, top + 0.5)[0]].append(item)
    between: list[list[list[Piece | Zone]]] = [[[] for _ in columned] for _ in range(count + 1)]
    for number, column in enumerate(columned):
        for item in column:
            middle = item.base - 0.35 * item.size if isinstance(item, Piece) else item.y0
            index, inside = _stretch(stretches, middle)
            if inside and isinstance(item, Piece):
                whole[index].append(item)
            else:
                between[index if not inside else index + 1][number].append(item)
    bands: list[tuple[str, list[list[Piece | Zone]]]] = []
    for index in range(count + 1):
        if any(between[index]):
            bands.append(("columns", between[index]))
        if index < count:
            bands.append(("full", [whole[index]]))
    return bands


def _absorb_ends(
    full: list[tuple[float, float, Piece | Zone]],
    columned: list[list[Piece | Zone]],
    stretches: list[list[float]],
) -> None:
    """A short last line of a paragraph over the whole width belongs to it, not to a column."""
    lasts: dict[float, Piece] = {}
    for _, bottom, item in full:
        if isinstance(item, Piece):
            lasts[bottom] = item
    for stretch in stretches:
        last = lasts.get(stretch[1])
        if last is None or len(last.text) < 40:
            continue
        for column in columned:
            for item in column:
                if (
                    isinstance(item, Piece)
                    and 0.5 * last.size < item.base - last.base < 1.4 * last.size
                    and abs(item.x0 - last.x0) < 3
                    and abs(item.size - last.size) < 0.3
                    and item.style == last.style
                    and not any(
                        isinstance(other, Piece)
                        and other is not item
                        and -1 <= other.base - item.base <= 1.15 * (item.base - last.base)
                        for other in column
                    )
                ):
                    stretch[1] = item.base + 0.3 * item.size


def _stretch(stretches: list[list[float]], y: float) -> tuple[int, bool]:
    """(index of the stretch that holds y, True), else (index of the gap before it, False)."""
    low, high = 0, len(stretches)
    while low < high:
        middle = (low + high) // 2
        if stretches[middle][1] < y:
            low = middle + 1
        else:
            high = middle
    return low, low < len(stretches) and stretches[low][0] <= y


def _column_strips(
    page: int, column: int, items: Iterable[Piece | Zone]
) -> tuple[list[Strip], float]:
    pieces: list[Piece] = []
    zones: list[Zone] = []
    for item in items:
        if isinstance(item, Piece):
            pieces.append(item)
        else:
            zones.append(item)
    rows, doubt = rows_of(pieces)
    doubt += _ragged(rows)
    zones.sort(key=lambda zone: (zone.y0, zone.x0))
    strips: list[Strip] = []
    at = 0
    for zone in zones:
        start = at
        while at < len(rows) and rows[at].base <= zone.y0 + 0.5 * (zone.y1 - zone.y0):
            at += 1
        if at > start:
            strips.append(_strip(page, column, rows[start:at]))
        strips.append(Strip(page, column, zone.x0, zone.x1, [], zone))
    if at < len(rows):
        strips.append(_strip(page, column, rows[at:]))
    return strips, doubt


def _ragged(rows: list[Row]) -> float:
    """The share of long rows with a wide gap in them: text of columns that were not told apart."""
    several = [row for row in rows if len(row.pieces) > 1]
    if len(several) < 4:
        return 0.0
    long = [row for row in rows if sum(len(p.text) for p in row.pieces) > 40]
    if len(long) < 12:
        return 0.0
    parted = 0
    for row in several:
        parted += any(
            b.x0 - a.x1 > 1.2 * row.size and len(a.text) > 15 and len(b.text) > 15
            for a, b in itertools.pairwise(row.pieces)
        )
    share = parted / len(long)
    return share if share > 0.3 else 0.0


def _strip(page: int, column: int, rows: list[Row]) -> Strip:
    return Strip(page, column, min(r.x0 for r in rows), max(r.x1 for r in rows), rows)


def rows_of(pieces: list[Piece]) -> tuple[list[Row], float]:
    """Pieces of one column joined to rows, top to bottom, and the share that overlap."""
    pieces = sorted(pieces, key=_place)
    groups: list[list[Piece]] = []
    base = size = 0.0
    doubts = 0
    for piece in pieces:
        if groups:
            group = groups[-1]
            bigger = size if size > piece.size else piece.size
            near = 0.45 if abs(piece.size - size) < 0.15 * bigger else 0.52
            if piece.base - base <= near * bigger:
                clash = any(min(p.x1, piece.x1) - max(p.x0, piece.x0) > 0.3 * bigger for p in group)
                if not clash:
                    group.append(piece)
                    if piece.size > size * 1.15:
                        base, size = piece.base, piece.size
                    continue
                if piece.base - base < 0.2 * bigger:
                    doubts += 1
        groups.append([piece])
        base, size = piece.base, piece.size
    rows = [_row(group) for group in groups]
    return rows, doubts / len(pieces) if pieces else 0.0


def _place(piece: Piece) -> tuple[float, float]:
    return (piece.base, piece.x0)


def _row(group: list[Piece]) -> Row:
    if len(group) == 1:
        p = group[0]
        return Row((p,), p.x0, p.x1, p.base, p.size, p.style, p.page)
    group.sort(key=lambda p: p.x0)
    main = max(group, key=lambda p: (len(p.text.strip()), p.size))
    style = main.style
    for piece in group:
        if len(piece.text.strip()) > 2:
            style &= piece.style
    return Row(
        tuple(group),
        group[0].x0,
        max(p.x1 for p in group),
        main.base,
        main.size,
        style,
        main.page,
    )
