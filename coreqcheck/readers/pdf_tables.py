"""Tables and figures: zones from drawn rules and captions, and rows and cells from word boxes."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from coreqcheck.readers import heads
from coreqcheck.readers.layout import Row, Zone, rows_of
from coreqcheck.readers.pdf_pages import BOLD, UPRIGHT, Page, Piece, Stroke

CAPTION = re.compile(
    r"(?:(?:supplementary|appendix|additional|online|extended data)\s+)?"
    r"(?P<kind>table|tab\.|figure|fig\.?|box|exhibit|panel|scheme|chart|diagram|tabla|tabelle|figura"
    r"|abbildung|abb\.|tableau|quadro|tabela|appendix table)\s*"
    r"(?P<number>\(?(?:[A-Z]{1,2}[-.]?)?\d{1,3}(?:[.\-]\d{1,2})?[A-Za-z]?\)?|[IVX]{1,5})\b\)?"
    r"(?P<after>\s*[.:|–—-]|\s|\Z)",
    re.IGNORECASE,
)
_CAPTION_STARTS = frozenset(
    {
        "sup",
        "app",
        "add",
        "onl",
        "ext",
        "tab",
        "fig",
        "box",
        "exh",
        "pan",
        "sch",
        "cha",
        "dia",
        "abb",
        "qua",
    }
)
_SENTENCE = re.compile(
    r"\s*(?:\(?[a-z]\)?\s+)?(?:shows?|summari[sz]es?|presents?|lists?|gives?|displays?|illustrates?"
    r"|provides?|depicts?|contains?|describes?|reports?|outlines?|details?|is|are|was|were|and|in|of"
    r"|for|to|below|above|includes?|compares?|demonstrates?|offers?|reveals?|highlights?|on|as|we"
    r"|captures?|represents?|can|also|at|from|or|explains?|indicates?|has|have|with)\b"
)


BULLET = re.compile(
    r"\s*(?:[•‣◦▪▫●○■□►▸▶◆◇✓✔❖➢➤·∙\uf0b7\uf0a7\uf0d8\uf02d]\s*(?=\S)|[-–—*]\s+(?=\S))"
)
"""A bullet at the start of a list item."""


class Grid(NamedTuple):
    """A table's rows; each cell holds its rows of pieces. ``heads`` rows are headings."""

    rows: list[list[list[Row]]]
    heads: int


def caption_kind(text: str) -> str | None:
    """ "table", "figure" or ``None``: does ``text`` begin like a caption, not like a sentence?"""
    text = text.lstrip()
    if text[:3].lower() not in _CAPTION_STARTS:
        return None
    hit = CAPTION.match(text)
    if hit is None:
        return None
    rest = text[hit.end() :]
    after = hit["after"].strip()
    kind = hit["kind"].lower()
    if not hit["kind"][0].isupper():
        return None
    if not after and (_SENTENCE.match(rest) or rest[:1] in {",", ";", ")"}):
        return None
    if not after and rest[:1].islower():
        return None
    return "figure" if kind[:3] in {"fig", "abb", "sch", "cha", "dia"} else "table"


def zones_of(
    page: Page, pieces: Sequence[Piece], gutters: tuple[float, ...], body: float
) -> tuple[list[Zone], list[Piece]]:
    """Tables and figures of a page, and the pieces that are left for the text."""
    captions = captions_of(pieces)
    zones: list[Zone] = []
    rest = list(pieces)
    tables = [p for p, kind in captions if kind == "table"]
    figures = [p for p, kind in captions if kind == "figure"]
    steps: tuple[Callable[[], list[Zone]], ...] = (
        lambda: [_with_head(zone, rest) for zone in _ruled(page, rest, gutters, body, tables)],
        lambda: _unruled(page, rest, gutters, body, tables, zones),
        lambda: _loose(rest, gutters),
        lambda: _figures(page, rest, gutters, body, figures),
    )
    for step in steps:
        found = step()
        if found:
            zones += found
            taken = {p.number for zone in found for p in zone.pieces}
            rest = [p for p in rest if p.number not in taken]
    return zones, rest


def captions_of(pieces: Sequence[Piece]) -> list[tuple[Piece, str]]:
    """The pieces that begin captions, with their kind."""
    found = []
    for piece in pieces:
        text = piece.text
        if text[:3].lower() in _CAPTION_STARTS or text[:1].isspace():
            kind = caption_kind(text)
            if kind is not None and piece.turn == UPRIGHT:
                found.append((piece, kind))
    return found


def adopt(zone: Zone, labelled: Sequence[Piece], captions: Sequence[Piece]) -> Zone:
    """The zone with pieces that looked like running heads but are its heading row.

    Args:
        zone: a table.
        labelled: pieces that were taken for furniture.
        captions: pieces that begin captions.
    """
    own = []
    for piece in labelled:
        if piece.x0 < zone.x0 - 6 or piece.x1 > zone.x1 + 8 or piece.turn != UPRIGHT:
            continue
        inside = zone.y0 - 1 <= piece.base - 0.3 * piece.size <= zone.y1
        close = 0 < zone.y0 - piece.base < 1.6 * piece.size and any(
            0 < piece.base - caption.base < 3.5 * piece.size for caption in captions
        )
        if inside or close:
            own.append(piece)
    if not own:
        return zone
    top = min(zone.y0, min(p.base - p.size for p in own))
    return zone._replace(y0=top, pieces=(*own, *zone.pieces))


def _ruled(
    page: Page,
    pieces: list[Piece],
    gutters: tuple[float, ...],
    body: float,
    captions: Sequence[Piece],
) -> list[Zone]:
    rules = _joined(page)
    if len(rules) < 2:
        return []
    zones: list[Zone] = []
    for chain in _chains(rules):
        for zone in _chain_zones(chain, pieces, gutters, body, captions):
            if not any(_overlap(zone, other) for other in zones):
                zones.append(zone)
    return zones


def _overlap(a: Zone, b: Zone) -> bool:
    return a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1


def _joined(page: Page) -> list[Stroke]:
    """Level rules, segments at one height joined; edges of rectangles count as rules."""
    if len(page.level) > 3000:
        return []
    strokes = _not_underlines(page)
    if len(page.areas) <= 400:
        for area in page.areas:
            if area.y1 - area.y0 < 0.8 * page.height:
                strokes.append(Stroke(area.x0, area.y0, area.x1, area.y0))
                strokes.append(Stroke(area.x0, area.y1, area.x1, area.y1))
    strokes.sort(key=lambda s: (round((s.y0 + s.y1) / 3), s.x0))
    joined: list[Stroke] = []
    for stroke in strokes:
        last = joined[-1] if joined else None
        if (
            last is not None
            and abs((stroke.y0 + stroke.y1) - (last.y0 + last.y1)) <= 3
            and stroke.x0 <= last.x1 + 4
        ):
            joined[-1] = Stroke(last.x0, last.y0, max(last.x1, stroke.x1), last.y1)
        else:
            joined.append(stroke)
    wide = [s for s in joined if s.x1 - s.x0 >= 60]
    wide.sort(key=lambda s: (s.y0 + s.y1, s.x0))
    return wide


def _not_underlines(page: Page) -> list[Stroke]:
    """Level rules without those that underline words."""
    if not page.level:
        return []
    lines: dict[int, list[Piece]] = {}
    for piece in page.pieces:
        lines.setdefault(round(piece.base), []).append(piece)
    kept = []
    for rule in page.level:
        for y in range(int(rule.y0) - 3, int(rule.y0) + 2):
            if any(
                -0.5 <= rule.y0 - p.base <= 0.24 * p.size
                and rule.x0 >= p.x0 - 2
                and rule.x1 <= p.x1 + 2
                for p in lines.get(y, ())
            ):
                break
        else:
            kept.append(rule)
    return kept


def _chains(rules: list[Stroke]) -> list[list[Stroke]]:
    """Rules of about the same extent, top to bottom; a partial one belongs to a wider one."""
    chains: list[list[Stroke]] = []
    for rule in sorted(rules, key=lambda s: s.x0 - s.x1):
        for chain in chains:
            first = chain[0]
            if rule.x0 >= first.x0 - 8 and rule.x1 <= first.x1 + 8:
                chain.append(rule)
                break
        else:
            chains.append([rule])
    for chain in chains:
        chain.sort(key=lambda s: s.y0)
    return chains


def _chain_zones(
    chain: list[Stroke],
    pieces: list[Piece],
    gutters: tuple[float, ...],
    body: float,
    captions: Sequence[Piece],
) -> list[Zone]:
    x0, x1 = min(s.x0 for s in chain), max(s.x1 for s in chain)
    widest = x1 - x0
    levels: list[float] = []
    for rule in chain:
        if rule.x1 - rule.x0 >= 0.45 * widest:
            middle = (rule.y0 + rule.y1) / 2
            if not levels or middle - levels[-1] > 3:
                levels.append(middle)
    if len(levels) < 2:
        return []
    inside = [p for p in pieces if p.x0 >= x0 - 6 and p.x1 <= x1 + 8 and p.turn == UPRIGHT]
    long = [p for p in pieces if len(p.text) > 30]
    if long:
        # Rules that leave part of the text width free do not hold columns of text.
        left, right = min(p.x0 for p in long), max(p.x1 for p in long)
        if x0 > left + 14 and x1 < right - 14:
            gutters = ()
    marks: list[str] = []
    for top, bottom in itertools.pairwise(levels):
        part = [p for p in inside if top < p.base - 0.3 * p.size < bottom]
        crossing = [
            p
            for p in pieces
            if p.x0 < x0 - 6 and p.x1 > x0 + 20 and top < p.base - 0.3 * p.size < bottom
        ]
        near = any(top - 5 * body < p.base < bottom + 3 * body for p in captions)
        marks.append("text" if crossing else _judge(part, gutters, body, near))
    zones = []
    for first, last in _runs(marks):
        top, bottom = levels[first], levels[last + 1]
        part = [p for p in inside if top - 1 < p.base - 0.3 * p.size < bottom + 1]
        part += [
            p
            for p in pieces
            if p.turn != UPRIGHT and x0 <= p.x0 and p.x1 <= x1 and top <= p.y0 and p.y1 <= bottom
        ]
        part = _without_caption(part)
        if part:
            own = tuple(level for level in levels if top - 1 <= level <= bottom + 1)
            zones.append(Zone("table", x0, top, x1, bottom, tuple(part), own))
    return zones


def _without_caption(part: list[Piece]) -> list[Piece]:
    """A caption between the rules, with the line that goes on with it, is left to the text."""
    rows, _ = rows_of([p for p in part if p.turn == UPRIGHT])
    cut = 0
    if rows and caption_kind(rows[0].text) is not None and not _gaps(rows[0]):
        cut = 1
        while (
            cut < min(4, len(rows))
            and not _gaps(rows[cut])
            and (
                rows[cut].base - rows[cut - 1].base < 1.35 * rows[cut].size
                and rows[cut].style == rows[0].style
                and abs(rows[cut].size - rows[0].size) < 0.3
            )
        ):
            cut += 1
    gone = {p.number for row in rows[:cut] for p in row.pieces}
    return [p for p in part if p.number not in gone]


def _judge(part: list[Piece], gutters: tuple[float, ...], body: float, near: bool) -> str:
    """What stands between two rules: "cells", "few" lines, "text" or "none"."""
    if not part:
        return "none"
    rows, _ = rows_of(part)
    several = [row for row in rows if _gaps(row)]
    small = sum(1 for row in rows if row.size < body - 0.8)
    if gutters and len(rows) >= 4 and not (near and small >= 0.8 * len(rows)):
        if near:
            split = sum(1 for row in several if _split_by(row, gutters))
        else:
            split = sum(
                1
                for row in several
                if any(a <= g + 2 and g - 6 <= b <= g + 24 for a, b in _gaps(row) for g in gutters)
            )
        if split >= 0.8 * len(several) and len(several) > 0.3 * len(rows):
            return "text"
    if len(several) >= 0.34 * len(rows) and several:
        return "cells"
    if several and len(rows) <= 14:
        return "some"
    left, right = min(p.x0 for p in part), max(p.x1 for p in part)
    wide = sum(1 for row in rows if len(row.text) > 50 and row.x1 - row.x0 > 0.75 * (right - left))
    return "few" if len(rows) <= 6 and wide <= 1 else "text"


def _gaps(row: Row, anchors: frozenset[int] = frozenset()) -> list[tuple[float, float]]:
    """The gaps between the cells of a row: wide ones, and any before an ``anchor``.

    Args:
        row: the row.
        anchors: places (whole points) where second and further pieces of many rows begin.
    """
    found = []
    for a, b in zip(row.pieces, row.pieces[1:], strict=False):
        gap = b.x0 - a.x1
        if gap > 0.7 * row.size or (gap > -0.2 * row.size and round(b.x0) in anchors):
            found.append((a.x1, b.x0))
    return found


def _anchors(rows: Sequence[Row]) -> frozenset[int]:
    """Where second and further pieces of at least four rows begin."""
    counts = Counter(round(p.x0) for row in rows for p in row.pieces[1:])
    return frozenset(x for x in counts if counts[x - 1] + counts[x] + counts[x + 1] >= 4)


def _runs(marks: list[str]) -> list[tuple[int, int]]:
    """Stretches of intervals that make up one table."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for index, mark in enumerate([*marks, "text"]):
        if mark == "text":
            if start is not None:
                first, last = start, index - 1
                while first <= last and marks[first] == "none":
                    first += 1
                while last >= first and marks[last] == "none":
                    last -= 1
                if any(m == "cells" for m in marks[first : last + 1]):
                    runs.append((first, last))
            start = None
        elif start is None:
            start = index
    return runs


def _unruled(
    page: Page,
    pieces: list[Piece],
    gutters: tuple[float, ...],
    body: float,
    captions: Sequence[Piece],
    ruled: Sequence[Zone],
) -> list[Zone]:
    """Below a table's caption, lines of several cells without rules."""
    zones: list[Zone] = []
    captions = [p for p in captions if not any(_beside(p, zone, body) for zone in ruled)]
    if not captions:
        return zones
    captions.sort(key=lambda p: p.base)
    for caption in captions:
        left, right = _column(page, caption, gutters, pieces)
        below = [
            p
            for p in pieces
            if p.base > caption.base + 2
            and p.x0 >= left - 4
            and p.x1 <= right + 4
            and p.turn == UPRIGHT
        ]
        rows, _ = rows_of(below)
        zone = _unruled_zone(rows, body, right - left, gutters)
        if zone is not None and not any(_overlap(zone, other) for other in zones):
            zones.append(zone)
    return zones


def _loose(pieces: Sequence[Piece], gutters: tuple[float, ...]) -> list[Zone]:
    """On a page without columns of text: many lines of three and more aligned cells."""
    if gutters or len(pieces) < 18:
        return []
    rows, _ = rows_of([p for p in pieces if p.turn == UPRIGHT])
    anchors = _anchors(rows)
    if not anchors:
        return []
    zones = []
    first: int | None = None
    last = several = misses = 0
    used: Counter[int] = Counter()
    for index, row in enumerate([*rows, None]):
        hits = [b for _, b in _gaps(row, anchors) if round(b) in anchors] if row else []
        if hits:
            first = index if first is None else first
            last, misses = index, 0
            several += len(hits) > 0
            used.update(round(b / 3) for b in hits)
            continue
        misses += 2 if row is None or _crosses(row, anchors) else 1
        if first is not None and (row is None or misses > 4):
            columns = [x for x, n in used.items() if n >= 3]
            if several >= 6 and len(columns) >= 2 and several >= 0.4 * (last - first + 1):
                zones.append(_zone(rows[first : last + 1]))
            first, several, misses = None, 0, 0
            used.clear()
    return zones


def _zone(part: list[Row]) -> Zone:
    """A table made of rows."""
    return Zone(
        "table",
        min(r.x0 for r in part),
        part[0].base - part[0].size,
        max(r.x1 for r in part),
        part[-1].base + 0.3 * part[-1].size,
        tuple(p for row in part for p in row.pieces),
    )


def _crosses(row: Row, anchors: frozenset[int]) -> bool:
    """Does a piece of a row run over a place where cells begin?"""
    return any(p.x0 < x - 10 and p.x1 > x + 10 for p in row.pieces for x in anchors)


def _with_head(zone: Zone, pieces: Sequence[Piece]) -> Zone:
    """The zone with a heading row of several cells that stands right above its first rule."""
    own = {p.number for p in zone.pieces}
    above = [
        p
        for p in pieces
        if p.number not in own
        and 0 <= zone.y0 - p.base < 2.2 * p.size
        and p.x0 >= zone.x0 - 4
        and p.x1 <= zone.x1 + 4
        and p.turn == UPRIGHT
    ]
    rows, _ = rows_of(above)
    heads = [row for row in rows if _gaps(row)]
    if not heads or any(caption_kind(row.text) for row in rows):
        return zone
    taken = tuple(p for row in rows if row.base >= heads[0].base - 1 for p in row.pieces)
    top = min(p.base - p.size for p in taken)
    return zone._replace(y0=top, pieces=(*taken, *zone.pieces), levels=(top, *zone.levels))


def _beside(caption: Piece, zone: Zone, body: float) -> bool:
    """Does a caption stand right above or below a table that was found already?"""
    if caption.x1 < zone.x0 or caption.x0 > zone.x1:
        return False
    return (
        -1 < zone.y0 - caption.base < 5 * body
        or -1 < caption.base - zone.y1 < 3 * body
        or zone.y0 <= caption.base <= zone.y1
    )


def _split_by(row: Row, gutters: tuple[float, ...], anchors: frozenset[int] = frozenset()) -> bool:
    """Is every wide gap of a row a gutter of the page?"""
    gaps = _gaps(row, anchors)
    return bool(gaps) and all(any(a <= g + 2 and b >= g - 6 for g in gutters) for a, b in gaps)


def _unruled_zone(
    rows: list[Row], body: float, width: float, gutters: tuple[float, ...]
) -> Zone | None:
    anchors = frozenset(x for x in _anchors(rows) if not any(abs(x - g) <= 24 for g in gutters))
    first = next(
        (
            i
            for i, row in enumerate(rows[:7])
            if _gaps(row, anchors) and not _split_by(row, gutters, anchors)
        ),
        None,
    )
    if first is None:
        return None
    last, several, misses = first, 0, 0
    for index in range(first, len(rows)):
        row = rows[index]
        gap = row.base - rows[index - 1].base if index > first else 0.0
        if gap > 3.2 * max(row.size, body):
            break
        if _gaps(row, anchors) and not _split_by(row, gutters, anchors):
            several += 1
            last, misses = index, 0
        elif _crosses(row, anchors) or (row.x1 - row.x0 > 0.75 * width and len(row.text) > 50):
            break
        elif index == last + 1 and gap < 1.35 * row.size and row.size < body - 0.4:
            last = index  # the rest of a cell
        else:
            misses += 1
            if misses >= 4:
                break
    if several < 3:
        return None
    return _zone(rows[first : last + 1])


def _column(
    page: Page, piece: Piece, gutters: tuple[float, ...], pieces: Sequence[Piece]
) -> tuple[float, float]:
    """The x range of the column (or columns) in which a caption stands."""
    edges = [0.0, *[g - 4 for g in gutters], page.width]
    if not gutters:
        return 0.0, page.width
    for left, right in itertools.pairwise(edges):
        if piece.x0 >= left - 6 and piece.x1 <= right + 8:
            # A short caption may be centred over the whole width.
            return left, right
    return 0.0, page.width


def _figures(
    page: Page,
    pieces: list[Piece],
    gutters: tuple[float, ...],
    body: float,
    captions: Sequence[Piece],
) -> list[Zone]:
    """Labels inside a figure: what stands between its caption and the text above."""
    zones = []
    for caption in captions:
        left, right = _column(page, caption, gutters, pieces)
        above = [
            p
            for p in pieces
            if p.base < caption.base - 0.5 * caption.size and p.x0 >= left - 4 and p.x1 <= right + 8
        ]
        above.sort(key=lambda p: -p.base)
        labels: list[Piece] = []
        stop: Piece | None = None
        for piece in above:
            if _bodylike(piece, body, right - left):
                stop = piece
                break
            labels.append(piece)
        if stop is not None:
            tail = stop.base + 1.6 * body
            labels = [
                p
                for p in labels
                if not (p.base <= tail and abs(p.size - stop.size) < 0.6 and p.x0 < stop.x0 + 30)
                and not _headlike(p, stop, body)
            ]
        labels = [p for p in labels if caption_kind(p.text) is None]
        if len(labels) >= 2 and not any(
            p.base < piece.base < caption.base and caption_kind(piece.text)
            for piece in above
            for p in labels[-1:]
        ):
            zones.append(
                Zone(
                    "figure",
                    min(p.x0 for p in labels),
                    min(p.y0 for p in labels),
                    max(p.x1 for p in labels),
                    max(p.y1 for p in labels),
                    tuple(labels),
                )
            )
    return zones


def _headlike(piece: Piece, text: Piece, body: float) -> bool:
    """Does a line above a figure look like a heading of the text before it?"""
    return (
        abs(piece.x0 - text.x0) < 4
        and piece.size >= body - 0.3
        and (bool(piece.style & BOLD) or piece.text.isupper() or heads.is_known(piece.text))
    )


def _bodylike(piece: Piece, body: float, width: float) -> bool:
    if piece.turn != UPRIGHT:
        return False
    if piece.text.isupper() and len(piece.text) > 20 and piece.size > body - 2.6:
        return True
    return (
        abs(piece.size - body) < 1.2
        and len(piece.text) >= 30
        and (piece.x1 - piece.x0 > 0.3 * min(width, 300))
    )


def grid(zone: Zone) -> Grid:
    """Cut a table's zone into rows and cells."""
    upright = [p for p in zone.pieces if p.turn == UPRIGHT]
    lines, _ = rows_of(upright)
    if not lines:
        return Grid([], 0)
    edges = _cell_edges(lines)
    cut = [_cells(line, edges) for line in lines]
    limits = [
        max((cell[0].x1 for cells in cut if (cell := cells[number])), default=0.0)
        for number in range(len(edges) + 1)
    ]
    rows: list[list[list[Row]]] = []
    for start, end in _intervals(lines, zone.levels):
        if _one_row(cut[start:end], limits):
            rows.append(
                [[c for cells in cut[start:end] for c in cells[n]] for n in range(len(limits))]
            )
            continue
        fresh, base = True, 0.0
        for line, cells in zip(lines[start:end], cut[start:end], strict=True):
            if not fresh and _continues(rows[-1], base, line, cells, limits):
                for number, cell in enumerate(cells):
                    rows[-1][number].extend(cell)
            else:
                rows.append([list(cell) for cell in cells])
            base, fresh = line.base, False
    rows = _without_bullet_columns(rows)
    return Grid(rows, _heads(rows, zone.levels))


def _heads(rows: list[list[list[Row]]], levels: tuple[float, ...]) -> int:
    """How many rows at the top are headings: above the first inner rule, or bold."""
    inner = levels[1:-1]
    if inner:
        count = sum(1 for row in rows if _bottom(row) < inner[0] + 1)
        if 0 < count < len(rows) and count <= 4:
            return count
    if len(rows) > 1 and all(line.style & 1 for cell in rows[0] for line in cell):
        return 1
    return 0


def _bottom(row: list[list[Row]]) -> float:
    return max((line.base for cell in row for line in cell), default=0.0)


def _cell_edges(lines: list[Row]) -> list[float]:
    """Where the cells of a table are parted: gaps that nearly all of its lines leave free."""
    if all(len(line.pieces) < 2 for line in lines):
        return []
    events: list[tuple[float, int]] = []
    for line in lines:
        for piece in _pieces(line):
            events.append((piece[0], 1))
            events.append((piece[1], -1))
    events.sort()
    allowed = max(1, round(0.12 * len(lines))) if len(lines) > 3 else 0
    edges: list[float] = []
    depth = 0
    begun = False
    best: tuple[int, float, float] | None = None  # depth, minus width, middle of the best gap
    last = events[0][0]
    for x, step in events:
        if depth <= allowed and begun and x - last >= 1:
            gap = (depth, last - x, (last + x) / 2)
            best = gap if best is None or gap < best else best
        depth += step
        last = x
        if depth > allowed:
            if best is not None:
                edges.append(best[2])
            best, begun = None, True
    return edges


def _pieces(line: Row) -> list[tuple[float, float]]:
    """The x ranges of a line, pieces that nearly touch joined."""
    ranges: list[tuple[float, float]] = []
    for piece in line.pieces:
        if ranges and piece.x0 - ranges[-1][1] < 0.05 * line.size:
            ranges[-1] = (ranges[-1][0], max(ranges[-1][1], piece.x1))
        else:
            ranges.append((piece.x0, piece.x1))
    return ranges


def _cells(line: Row, edges: list[float]) -> list[list[Row]]:
    cells: list[list[Piece]] = [[] for _ in range(len(edges) + 1)]
    for piece in line.pieces:
        index = 0
        start = piece.x0 + min(4.0, 0.25 * (piece.x1 - piece.x0))
        for edge in edges:
            if start > edge:
                index += 1
        cells[index].append(piece)
    return [
        [
            Row(
                tuple(cell),
                cell[0].x0,
                max(p.x1 for p in cell),
                line.base,
                max(p.size for p in cell),
                _all_styles(cell),
                line.page,
            )
        ]
        if cell
        else []
        for cell in cells
    ]


def _all_styles(cell: list[Piece]) -> int:
    style = 3
    for piece in cell:
        style &= piece.style
    return style


def _intervals(lines: list[Row], levels: tuple[float, ...]) -> list[tuple[int, int]]:
    """Stretches of lines that no rule parts."""
    cuts = [0]
    for index in range(1, len(lines)):
        above, below = lines[index - 1], lines[index]
        if any(above.base < level < below.base - 0.3 * below.size for level in levels):
            cuts.append(index)
    return list(zip(cuts, [*cuts[1:], len(lines)], strict=True))


def _one_row(cut: list[list[list[Row]]], limits: list[float]) -> bool:
    """Do the lines between two rules make up one row, its cells set over several lines?"""
    if len(cut) < 2:
        return True
    firsts = [line for cells in cut for line in cells[0]]
    if any(b.base - a.base > 1.7 * b.size for a, b in itertools.pairwise(firsts)):
        return False  # the first column begins again: several rows
    on = off = 0
    for above, below in itertools.pairwise(cut):
        both = [n for n in range(len(limits)) if above[n] and below[n]]
        if any(BULLET.match(below[n][0].text) for n in range(len(limits)) if below[n]):
            continue
        runs = [n for n in both if _runs_on(above[n][-1], below[n][0], limits[n])]
        fewer = sum(1 for cell in below if cell) < sum(1 for cell in above if cell)
        long = any(len(above[n][-1].text) >= 28 for n in runs)
        if len(runs) == len(both) or (runs and (fewer or long)):
            on += 1
        else:
            off += 1
    return off == 0 if on + off < 4 else on >= 0.7 * (on + off)


def _without_bullet_columns(rows: list[list[list[Row]]]) -> list[list[list[Row]]]:
    """A column of nothing but bullets belongs to the column after it."""
    number = 0
    while rows and number < len(rows[0]) - 1:
        texts = [line.text.strip() for row in rows for line in row[number]]
        if texts and all(len(t) <= 2 and BULLET.match(t + " x") for t in texts):
            for row in rows:
                row[number + 1] = sorted(
                    row[number] + row[number + 1], key=lambda line: (round(line.base), line.x0)
                )
                del row[number]
        else:
            number += 1
    return rows


def _continues(
    last: list[list[Row]],
    base: float,
    line: Row,
    cells: list[list[Row]],
    limits: list[float],
) -> bool:
    """Does ``line`` go on with the cells of the row above?"""
    if line.base - base > 1.9 * line.size:
        return False
    used = [i for i, cell in enumerate(cells) if cell]
    before = [i for i, cell in enumerate(last) if cell]
    if not used or not before:
        return False
    if 0 not in used and 0 in before:
        return True
    return all(last[i] and _runs_on(last[i][-1], cells[i][0], limits[i]) for i in used)


def _runs_on(above: Row, below: Row, limit: float) -> bool:
    """Does the text of a cell go on in the next line?"""
    text = below.text.strip()
    over = above.text.rstrip()
    if not text or not over or BULLET.match(text):
        return False
    if over.endswith(("-", ",", "\u00ad", "/", "(")) or text[0].islower():
        return True
    if len(over.split()) < 2 and len(over) < 12:
        return False
    if not any(c.isalpha() for c in text) or over.endswith((".", ";")):
        return False
    word = 0.5 * below.size * len(text.split(" ", 1)[0])
    return limit - above.x1 < word + 0.3 * below.size
