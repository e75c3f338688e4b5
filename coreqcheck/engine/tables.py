"""Tables as columns of counts and percentages, in blocks of rows under one variable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coreqcheck.model import Block, Manuscript, Role, Span

_COUNT_PERCENT = re.compile(r"(\d{1,5})\s*[(\[]\s*(\d{1,3}(?:[.,]\d+)?)\s*%?\s*[)\]]\s*\*?")
_COUNT = re.compile(r"n?\s*=?\s*(\d{1,5})\s*\*?")
_PERCENT = re.compile(r"[(\[]?\s*(\d{1,3}(?:[.,]\d+)?)\s*(%?)\s*[)\]]?")
_TOTAL_OF = re.compile(r"(?:\b[nN]\s*=\s*|\btotal\s+)(\d{1,5})\b")
_PERCENT_HEAD = re.compile(r"%|per ?cent|proportion", re.IGNORECASE)
_COUNT_HEAD = re.compile(r"\bn\b|\bno\b|number|freq|count|participants|total", re.IGNORECASE)
TOTAL_ROW = re.compile(r"(?:grand )?(?:total|sum|all|overall)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Count:
    """A count, its percentage as printed (``"57.7"``) if any, and where its row stands."""

    label: str
    count: int
    percent: str | None
    row: Span


@dataclass(frozen=True, slots=True)
class CountBlock:
    """The counts of one variable in one column; ``total`` is the N that the table states.

    ``stated`` is where it states it (caption or heading row).
    """

    variable: str
    counts: tuple[Count, ...]
    total: int | None
    stated: Span | None
    caption: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cell texts with their spans, its caption and the notes below it."""

    number: int
    rows: tuple[tuple[str, ...], ...]
    spans: tuple[Span, ...]
    headers: int
    caption: str
    caption_span: Span | None
    notes: str


def grids(manuscript: Manuscript) -> list[Grid]:
    """The tables of a manuscript in document order."""
    by_table: dict[int, list[Block]] = {}
    captions: dict[int, Block] = {}
    notes: dict[int, str] = {}
    blocks = manuscript.document.blocks
    for position, block in enumerate(blocks):
        if block.role is Role.TABLE_ROW and block.table is not None:
            if block.table not in by_table:
                found = _caption_near(blocks, position, manuscript.text)
                if found is not None:
                    captions[block.table] = found
            by_table.setdefault(block.table, []).append(block)
        elif block.role is Role.TABLE_NOTE and block.table is not None:
            text = manuscript.quote(block.span)
            notes[block.table] = f"{notes.get(block.table, '')} {text}"
    return [
        _grid(number, rows, captions.get(number), notes.get(number, ""), manuscript)
        for number, rows in sorted(by_table.items())
    ]


def _caption_near(blocks: Sequence[Block], position: int, text: str) -> Block | None:
    """The caption of the table that starts at ``position``: its own, or the block before."""
    table = blocks[position].table
    for block in blocks[max(position - 4, 0) : position]:
        if block.role is Role.CAPTION and block.table == table:
            return block
    before = blocks[position - 1] if position else None
    if before is not None and before.role is Role.CAPTION:
        return before
    return None


def _grid(
    number: int, rows: list[Block], caption: Block | None, notes: str, manuscript: Manuscript
) -> Grid:
    headers = 0
    while headers < len(rows) and rows[headers].header:
        headers += 1
    return Grid(
        number=number,
        rows=tuple(tuple(manuscript.quote(c) for c in row.cells) for row in rows),
        spans=tuple(row.span for row in rows),
        headers=headers or 1,
        caption=manuscript.quote(caption.span) if caption else "",
        caption_span=caption.span if caption else None,
        notes=notes,
    )


def count_blocks(grid: Grid) -> Iterable[CountBlock]:
    """The blocks of counts of every column that holds them."""
    width = max((len(r) for r in grid.rows), default=0)
    for column in range(1, width):
        if not _holds_counts(grid, column):
            continue
        total, stated = _total(grid, column)
        percents = _percent_column(grid, column, width)
        yield from _blocks(grid, column, percents, total, stated)


def _head(grid: Grid, column: int) -> str:
    return " ".join(r[column] for r in grid.rows[: grid.headers] if column < len(r))


def _holds_counts(grid: Grid, column: int) -> bool:
    """Whether the column's cells are counts, with or without a percentage beside them."""
    cells = [r[column] for r in grid.rows[grid.headers :] if column < len(r) and r[column]]
    if len(cells) < 2 or _PERCENT_HEAD.search(_head(grid, column).split("(")[0]):
        return False
    both = sum(_COUNT_PERCENT.fullmatch(c) is not None for c in cells)
    alone = sum(_COUNT.fullmatch(c) is not None for c in cells)
    headed = _COUNT_HEAD.search(_head(grid, column)) is not None
    return both >= 2 or (headed and alone >= 2 and alone + both >= 0.6 * len(cells))


def _percent_column(grid: Grid, column: int, width: int) -> int | None:
    """The column of percentages that belongs to a column of counts."""
    after = column + 1
    if after >= width:
        return None
    cells = [r[after] for r in grid.rows[grid.headers :] if after < len(r) and r[after]]
    headed = _PERCENT_HEAD.search(_head(grid, after)) is not None
    signed = sum("%" in c for c in cells)
    return after if cells and (headed or signed >= 0.6 * len(cells)) else None


def _total(grid: Grid, column: int) -> tuple[int | None, Span | None]:
    """The N of a column: from its heading, or from the caption when that names just one."""
    hit = _TOTAL_OF.search(_head(grid, column))
    if hit:
        return int(hit[1]), grid.spans[0]
    named = _TOTAL_OF.findall(grid.caption)
    heads = [_TOTAL_OF.search(c) for r in grid.rows[: grid.headers] for c in r]
    if len(set(named)) == 1 and not any(heads):
        return int(named[0]), grid.caption_span
    return None, None


def _has_second_labels(grid: Grid) -> bool:
    """Whether the second column names categories, so that the first one names variables."""
    cells = [r[1] for r in grid.rows[grid.headers :] if len(r) > 1 and r[1]]
    words = sum(
        re.search(r"[^\W\d_]", c) is not None and not _COUNT_PERCENT.fullmatch(c) for c in cells
    )
    return words * 2 > len(cells)


def _blocks(
    grid: Grid, column: int, percents: int | None, total: int | None, stated: Span | None
) -> Iterable[CountBlock]:
    variable = ""
    counts: list[Count] = []
    labelled = column >= 2 and _has_second_labels(grid)
    for row, span in zip(grid.rows[grid.headers :], grid.spans[grid.headers :], strict=True):
        cell = row[column] if column < len(row) else ""
        found = _count(row, cell, percents, span)
        starts = bool(row[0]) and labelled
        if starts or (found is None and row[0]):
            if counts:
                yield CountBlock(variable, tuple(counts), total, stated, grid.caption)
            counts, variable = [], row[0]
        if found is not None:
            counts.append(found)
    if counts:
        yield CountBlock(variable, tuple(counts), total, stated, grid.caption)


def _count(row: Sequence[str], cell: str, percents: int | None, span: Span) -> Count | None:
    label = next((c for c in reversed(row[:2]) if c and not c[0].isdigit()), row[0])
    both = _COUNT_PERCENT.fullmatch(cell)
    if both:
        return Count(label, int(both[1]), both[2], span)
    alone = _COUNT.fullmatch(cell)
    if alone is None:
        return None
    beside = row[percents] if percents is not None and percents < len(row) else ""
    percent = _PERCENT.fullmatch(beside)
    return Count(label, int(alone[1]), percent[1] if percent else None, span)


def attainable(count: int, total: int, printed: str) -> bool:
    """Whether ``count`` of ``total`` may be printed as this percentage.

    Rounding up, rounding half to even and cutting off are all allowed.
    """
    places = len(re.split(r"[.,]", printed)[1]) if re.search(r"[.,]", printed) else 0
    value = float(printed.replace(",", "."))
    return abs(100 * count / total - value) < 0.1**places + 1e-9
