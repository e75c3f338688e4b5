"""Tables and figures: zones from drawn rules and captions, and rows and cells from word boxes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from coreqcheck.readers.layout import Row, Zone, rows_of
from coreqcheck.readers.pdf_pages import UPRIGHT, Page, Piece, Stroke

CAPTION = re.compile(
    r"(?:(?:supplementary|appendix|additional|online|extended data)\s+)?"
    r"(?P<kind>table|tab\.|figure|fig\.?|box|exhibit|panel|scheme|chart|diagram|tabla|tabelle|figura"
    r"|abbildung|abb\.|tableau|quadro|tabela|appendix table)\s*"
    r"(?P<number>\(?(?:[A-Z]{1,2}[-.]?)?\d{1,3}(?:[.\-]\d{1,2})?[A-Za-z]?\)?|[IVX]{1,5})\b\)?"
    r"(?P<after>\s*[.:|–—-]|\s|\Z)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\s*(?:\(?[a-z]\)?\s+)?(?:shows?|summari[sz]es?|presents?|lists?|gives?|displays?|illustrates?"
    r"|provides?|depicts?|contains?|describes?|reports?|outlines?|details?|is|are|was|were|and|in|of"
    r"|for|to|below|above|includes?|compares?|demonstrates?|offers?|reveals?|highlights?|on|as|we"
    r"|captures?|represents?|can|also|at|from|or|explains?|indicates?|has|have|with)\b"
)


class Grid(NamedTuple):
    """A table's rows; each cell holds its rows of pieces. ``heads`` rows are headings."""

    rows: list[list[list[Row]]]
    heads: int


def caption_kind(text: str) -> str | None:
    """ "table", "figure" or ``None``: does ``text`` begin like a caption, not like a sentence?"""
    hit = CAPTION.match(text.lstrip())
    if hit is None:
        return None
    rest = text.lstrip()[hit.end() :]
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
    zones: list[Zone] = []
    rest = list(pieces)
    for zone in _ruled(page, rest, gutters):
        zones.append(zone)
        taken = {p.number for p in zone.pieces}
        rest = [p for p in rest if p.number not in taken]
    for zone in _unruled(page, rest, gutters, body):
        zones.append(zone)
        taken = {p.number for p in zone.pieces}
        rest = [p for p in rest if p.number not in taken]
    for zone in _figures(page, rest, gutters, body):
        zones.append(zone)
        taken = {p.number for p in zone.pieces}
        rest = [p for p in rest if p.number not in taken]
    return zones, rest


def _ruled(page: Page, pieces: list[Piece], gutters: tuple[float, ...]) -> list[Zone]:
    rules = _joined(page)
    if len(rules) < 2:
        return []
    zones: list[Zone] = []
    for chain in _chains(rules):
        for zone in _chain_zones(page, chain, pieces, gutters):
            if not any(_overlap(zone, other) for other in zones):
                zones.append(zone)
    return zones


def _overlap(a: Zone, b: Zone) -> bool:
    return a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1


def _joined(page: Page) -> list[Stroke]:
    """Level rules, segments at one height joined; edges of rectangles count as rules."""
    strokes = list(page.level)
    if len(strokes) > 3000:
        return []
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
    page: Page, chain: list[Stroke], pieces: list[Piece], gutters: tuple[float, ...]
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
    inside = [
        p for p in pieces if p.x0 >= x0 - 6 and p.x1 <= x1 + 8 and p.turn == UPRIGHT
    ]
    marks: list[str] = []
    for top, bottom in zip(levels, levels[1:], strict=False):
        part = [p for p in inside if top < p.base - 0.3 * p.size < bottom]
        crossing = [
            p
            for p in pieces
            if p.x0 < x0 - 6 and p.x1 > x0 + 20 and top < p.base - 0.3 * p.size < bottom
        ]
        marks.append("text" if crossing else _judge(part, gutters, bottom - top))
    zones = []
    for first, last in _runs(marks):
        top, bottom = levels[first], levels[last + 1]
        part = [p for p in inside if top - 1 < p.base - 0.3 * p.size < bottom + 1]
        part += [
            p
            for p in pieces
            if p.turn != UPRIGHT and x0 <= p.x0 and p.x1 <= x1 and top <= p.y0 and p.y1 <= bottom
        ]
        if part:
            own = tuple(level for level in levels if top - 1 <= level <= bottom + 1)
            zones.append(Zone("table", x0, top, x1, bottom, tuple(part), own))
    return zones


def _judge(part: list[Piece], gutters: tuple[float, ...], height: float) -> str:
    """What stands between two rules: "cells", "few" lines, "text" or "none"."""
    if not part:
        return "none"
    rows, _ = rows_of(part)
    several = [row for row in rows if _gaps(row)]
    if gutters and len(rows) >= 4:
        split = sum(
            1 for row in several if all(any(a <= g + 2 and b >= g - 6 for g in gutters) for a, b in _gaps(row))
        )
        if split >= 0.8 * len(several) and len(several) > 0.3 * len(rows):
            return "text"
    if len(several) >= 0.34 * len(rows) and several:
        return "cells"
    if several and len(rows) <= 14:
        return "some"
    return "few" if len(rows) <= 6 else "text"


def _gaps(row: Row) -> list[tuple[float, float]]:
    """The wide gaps between the pieces of a row."""
    found = []
    for a, b in zip(row.pieces, row.pieces[1:], strict=False):
        if b.x0 - a.x1 > 0.7 * row.size:
            found.append((a.x1, b.x0))
    return found


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
    page: Page, pieces: list[Piece], gutters: tuple[float, ...], body: float
) -> list[Zone]:
    """Below a table's caption, lines of several cells without rules."""
    zones: list[Zone] = []
    captions = [p for p in pieces if caption_kind(p.text) == "table" and p.turn == UPRIGHT]
    if not captions:
        return zones
    captions.sort(key=lambda p: p.base)
    for caption in captions:
        left, right = _column(page, caption, gutters, pieces)
        below = [
            p
            for p in pieces
            if p.base > caption.base + 2 and p.x0 >= left - 4 and p.x1 <= right + 4
            and p.turn == UPRIGHT
        ]
        rows, _ = rows_of(below)
        zone = _unruled_zone(rows, body, right - left)
        if zone is not None and not any(_overlap(zone, other) for other in zones):
            zones.append(zone)
    return zones


def _unruled_zone(rows: list[Row], body: float, width: float) -> Zone | None:
    first = next((i for i, row in enumerate(rows[:7]) if _gaps(row)), None)
    if first is None:
        return None
    last, several, misses = first, 0, 0
    for index in range(first, len(rows)):
        row = rows[index]
        if index > first and row.base - rows[index - 1].base > 3.2 * max(row.size, body):
            break
        if _gaps(row):
            several += 1
            last, misses = index, 0
        else:
            wide = row.x1 - row.x0 > 0.75 * width
            misses += 3 if wide and len(row.text) > 50 else 1
            if misses >= 3:
                break
    if several < 3:
        return None
    part = rows[first : last + 1]
    pieces = tuple(p for row in part for p in row.pieces)
    return Zone(
        "table",
        min(r.x0 for r in part),
        part[0].base - part[0].size,
        max(r.x1 for r in part),
        part[-1].base + 0.3 * part[-1].size,
        pieces,
    )


def _column(
    page: Page, piece: Piece, gutters: tuple[float, ...], pieces: Sequence[Piece]
) -> tuple[float, float]:
    """The x range of the column (or columns) in which a caption stands."""
    edges = [0.0, *[g - 4 for g in gutters], page.width]
    if not gutters:
        return 0.0, page.width
    for left, right in zip(edges, edges[1:], strict=False):
        if piece.x0 >= left - 6 and piece.x1 <= right + 8:
            # A short caption may be centred over the whole width.
            return left, right
    return 0.0, page.width


def _figures(
    page: Page, pieces: list[Piece], gutters: tuple[float, ...], body: float
) -> list[Zone]:
    """Labels inside a figure: what stands between its caption and the text above."""
    zones = []
    for caption in pieces:
        if caption.turn != UPRIGHT or caption_kind(caption.text) != "figure":
            continue
        left, right = _column(page, caption, gutters, pieces)
        above = [
            p
            for p in pieces
            if p.base < caption.base - 0.5 * caption.size
            and p.x0 >= left - 4
            and p.x1 <= right + 8
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


def _bodylike(piece: Piece, body: float, width: float) -> bool:
    if piece.turn != UPRIGHT:
        return False
    return abs(piece.size - body) < 1.2 and len(piece.text) >= 30 and (
        piece.x1 - piece.x0 > 0.3 * min(width, 300)
    )


def grid(zone: Zone) -> Grid:
    """Cut a table's zone into rows and cells."""
    upright = [p for p in zone.pieces if p.turn == UPRIGHT]
    lines, _ = rows_of(upright)
    if not lines:
        return Grid([], 0)
    edges = _cell_edges(lines)
    rows: list[list[list[Row]]] = []
    tops: list[float] = []
    for line in lines:
        cells = _cells(line, edges)
        if rows and _continues(rows[-1], tops[-1], line, cells, zone.levels, lines):
            for number, cell in enumerate(cells):
                rows[-1][number].extend(cell)
        else:
            rows.append([list(cell) for cell in cells])
        tops.append(line.base) if len(tops) < len(rows) else tops.__setitem__(-1, line.base)
    heads = 0
    inner = zone.levels[1:-1]
    if inner:
        heads = sum(1 for row in rows if _bottom(row) < inner[0] + 1)
        if heads >= len(rows) or heads > 4:
            heads = 0
    if heads == 0 and len(rows) > 1 and all(r.style & 1 for c in rows[0] for r in c):
        heads = 1
    return Grid(rows, heads)


def _bottom(row: list[list[Row]]) -> float:
    return max((line.base for cell in row for line in cell), default=0.0)


def _cell_edges(lines: list[Row]) -> list[float]:
    """Where the cells of a table are parted: gaps that nearly all of its lines leave free."""
    several = [line for line in lines if _gaps(line)]
    if not several:
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
    start: float | None = None
    for x, step in events:
        if step > 0 and depth <= allowed and start is not None and x - start >= 3:
            edges.append((start + x) / 2)
        depth += step
        if depth <= allowed:
            if step < 0:
                start = x
        else:
            start = None
    return edges


def _pieces(line: Row) -> list[tuple[float, float]]:
    """The x ranges of a line, pieces that nearly touch joined."""
    ranges: list[tuple[float, float]] = []
    for piece in line.pieces:
        if ranges and piece.x0 - ranges[-1][1] < 0.4 * line.size:
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


def _continues(
    last: list[list[Row]],
    base: float,
    line: Row,
    cells: list[list[Row]],
    levels: tuple[float, ...],
    lines: list[Row],
) -> bool:
    """Does ``line`` go on with the cells of the row above?"""
    between = any(base < level < line.base - 0.3 * line.size for level in levels)
    if between:
        return False
    gap = line.base - base
    if len(levels) >= 5 and len(levels) >= 0.25 * len(lines):
        return True  # every row has a rule of its own
    if gap > 1.75 * line.size:
        return False
    used = [i for i, cell in enumerate(cells) if cell]
    before = [i for i, cell in enumerate(last) if cell]
    if used and before and 0 not in used and len(used) < max(2, len(last)):
        return True
    if used == [0] and len(before) > 1 and cells[0][0].text[:1].islower():
        return True
    return bool(used) and all(_open(last[i], cells[i]) for i in used if last[i]) and any(
        last[i] for i in used
    )


def _open(above: list[Row], below: list[Row]) -> bool:
    """Does the text of a cell run on into the next line?"""
    if not above or not below:
        return False
    text = below[0].text.strip()
    return text[:1].islower() or above[-1].text.rstrip().endswith(("-", ",", " and", " of", " the"))
