"""Tables drawn with characters: Pandoc's grid tables and tables under rows of dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Slice = tuple[int, int, int]
"""Index of a line, and the columns (from 0, half open) of a cell's text in it."""

_GRID = re.compile(r"^\s*\+(?:[-=:]+\+)+\s*$")
_DASHES = re.compile(r"^\s*-{2,}(?:\s+-{2,})+\s*$")
_RULE = re.compile(r"^\s*-{4,}\s*$")


@dataclass(frozen=True, slots=True)
class TextRow:
    """A row: for each cell the slices of the lines that it stands on."""

    cells: tuple[tuple[Slice, ...], ...]
    header: bool = False


@dataclass(frozen=True, slots=True)
class TextTable:
    """Lines ``start`` to ``end`` (half open) are this table."""

    start: int
    end: int
    rows: tuple[TextRow, ...]


def text_tables(lines: Sequence[str]) -> Iterator[TextTable]:
    """All tables drawn as text, in order."""
    index = 0
    while index < len(lines):
        table = None
        if _GRID.match(lines[index]):
            table = _grid(lines, index)
        elif _DASHES.match(lines[index]):
            table = _simple(lines, index)
        if table is not None and table.rows:
            yield table
            index = table.end
        else:
            index += 1


def _grid(lines: Sequence[str], start: int) -> TextTable:
    edges = [hit.start() for hit in re.finditer(r"\+", lines[start])]
    rows: list[TextRow] = []
    pending: list[int] = []
    end = start + 1
    headed = False
    while end < len(lines) and re.match(r"\s*[+|]", lines[end]):
        if _GRID.match(lines[end]):
            if pending:
                rows.append(TextRow(_cells(lines, pending, edges)))
                pending = []
            if "=" in lines[end] and not headed:
                rows = [TextRow(row.cells, header=True) for row in rows]
                headed = True
            edges = sorted({*edges, *(hit.start() for hit in re.finditer(r"\+", lines[end]))})
        else:
            pending.append(end)
        end += 1
    if pending:
        rows.append(TextRow(_cells(lines, pending, edges)))
    return TextTable(start, end, tuple(rows))


def _cells(
    lines: Sequence[str], numbers: Sequence[int], edges: Sequence[int]
) -> tuple[tuple[Slice, ...], ...]:
    """Cells between edges; an edge without a bar on the row's first line is spanned."""
    first = lines[numbers[0]]
    bars = [edge for edge in edges if edge < len(first) and first[edge] in "|+"]
    if len(bars) < 2:
        bars = list(edges)
    cells = []
    for left, right in pairwise(bars):
        cells.append(tuple(_trim(lines, number, left + 1, right) for number in numbers))
    return tuple(tuple(one for one in cell if one[2] > one[1]) for cell in cells)


def _trim(lines: Sequence[str], number: int, left: int, right: int) -> Slice:
    text = lines[number][left:right]
    bare = text.strip(" |\t")
    start = left + text.find(bare) if bare else left
    return number, start, start + len(bare)


def _simple(lines: Sequence[str], ruler: int) -> TextTable | None:
    """A table whose columns are given by a row of dashes; a headerless one has a second row."""
    columns = [(hit.start(), hit.end()) for hit in re.finditer(r"-+", lines[ruler])]
    start = ruler
    head: list[int] = []
    above = ruler - 1
    while above >= 0 and lines[above].strip() and ruler - above < 6:
        if _RULE.match(lines[above]):
            break
        head.insert(0, above)
        above -= 1
    multiline = above >= 0 and bool(_RULE.match(lines[above])) and bool(head)
    if not multiline and len(head) > 1:
        return None
    if head:
        start = above if multiline else head[0]
        if any(not _fits(lines[number], columns) for number in head):
            return None
    rows = [TextRow(_columns(lines, head, columns), header=True)] if head else []
    end = ruler + 1
    pending: list[int] = []
    while end < len(lines):
        text = lines[end]
        if _RULE.match(text) or _DASHES.match(text):
            end += 1
            break
        if not text.strip():
            if not multiline:
                break
            if pending:
                rows.append(TextRow(_columns(lines, pending, columns)))
                pending = []
        elif multiline:
            pending.append(end)
        else:
            rows.append(TextRow(_columns(lines, [end], columns)))
        end += 1
    else:
        if multiline:
            return None
    if pending:
        rows.append(TextRow(_columns(lines, pending, columns)))
    if len(rows) < 2:
        return None
    return TextTable(start, end, tuple(rows))


def _fits(text: str, columns: Sequence[tuple[int, int]]) -> bool:
    """True when no word crosses the gap before a column."""
    return all(
        start == 0 or start > len(text) or not text[start - 1 : start].strip()
        for start, _ in columns
    )


def _columns(
    lines: Sequence[str], numbers: Sequence[int], columns: Sequence[tuple[int, int]]
) -> tuple[tuple[Slice, ...], ...]:
    cells = []
    for index, (left, _) in enumerate(columns):
        begin = 0 if index == 0 else left
        right = columns[index + 1][0] if index + 1 < len(columns) else 1_000_000
        slices = tuple(_trim(lines, number, begin, right) for number in numbers)
        cells.append(tuple(one for one in slices if one[2] > one[1]))
    return tuple(cells)
