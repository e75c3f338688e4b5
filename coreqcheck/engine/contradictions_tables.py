"""Tables that do not add up: block sums against N, counts against percentages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.tables import (
    TOTAL_ROW,
    Count,
    CountBlock,
    Grid,
    attainable,
    count_blocks,
    grids,
)
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, Severity, Span

_MULTIPLE = re.compile(
    r"multiple|more than one|several (?:answers|options|responses)|could (?:choose|select|name|give)"
    r"|all that apply|not mutually|may (?:add|exceed|sum)|do(?:es)? not (?:add|sum)|overlap|missing"
    r"|not (?:reported|stated|available|disclosed)|declined to (?:answer|state)|unknown|no answer",
    re.IGNORECASE,
)
_SEX = re.compile(r"\b(?:sex|gender)\b", re.IGNORECASE)
_EXCLUSIVE = re.compile(
    r"\b(?:sex|gender|age|education\w*|years?|schooling|marital|civil|ethnic\w*|religion|caste|parity|income|experience|years|"
    r"district|site|region|residence|location|status|type of school|distance|tenure|grade|level)\b",
    re.IGNORECASE,
)
_SEXES = re.compile(r"\b(?:female|male|women|men|woman|man)\b", re.IGNORECASE)


@comparison("table-sum")
def table_sum(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The rows of one variable do not add up to the N of the table."""
    for grid in grids(context.manuscript):
        if _MULTIPLE.search(f"{grid.caption} {grid.notes}"):
            continue
        blocks = list(count_blocks(grid))
        fitting = sum(_sum(b) == b.total for b in blocks)
        for block in blocks:
            wrong = _wrong_sum(block)
            if wrong and (fitting or _is_sex(block)):
                counts = _parts(block)
                spans = [c.row for c in counts]
                yield report(
                    rule,
                    context,
                    [*_ends(spans), *([block.stated] if block.stated else [])],
                    _weight(block),
                    variable=block.variable or counts[0].label,
                    total=_sum(block),
                    expected=block.total,
                )


def _weight(block: CountBlock) -> Severity | None:
    """A note when the percentages have the block's own sum as base: then some did not answer."""
    parts = _parts(block)
    if all(c.percent and attainable(c.count, _sum(block), c.percent) for c in parts):
        return Severity.NOTE
    # Many more answers than people: several were allowed, unless the variable admits one only.
    excess = _sum(block) - (block.total or 0)
    if excess > max(2, 0.08 * _sum(block)) and not _EXCLUSIVE.search(block.variable):
        return Severity.ERROR if _is_sex(block) else Severity.NOTE
    return Severity.ERROR if _is_sex(block) else None


def _ends(spans: list[Span]) -> list[Span]:
    return spans if len(spans) <= 3 else [spans[0], spans[1], spans[-1]]


def _parts(block: CountBlock) -> list[Count]:
    return [c for c in block.counts if not TOTAL_ROW.match(c.label)]


def _sum(block: CountBlock) -> int:
    return sum(c.count for c in _parts(block))


def _wrong_sum(block: CountBlock) -> bool:
    """A variable with at least two rows, none of which stands for several answers."""
    parts = _parts(block)
    if block.total is None or len(parts) < 2 or _sum(block) == block.total:
        return False
    if any(_MULTIPLE.search(c.label) for c in parts) or _MULTIPLE.search(block.variable):
        return False
    # Far from N the rows are no division of the sample: answers, sites, or another base.
    return 0.75 * block.total <= _sum(block) <= 1.25 * block.total


def _is_sex(block: CountBlock) -> bool:
    labels = [c.label for c in _parts(block)]
    named = _SEX.search(block.variable) is not None
    return named or (len(labels) >= 2 and all(_SEXES.search(label) for label in labels))


@comparison("percentage")
def percentage(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A count and its percentage do not belong to the N of the table."""
    for grid in grids(context.manuscript):
        for block in count_blocks(grid):
            total = block.total
            if total is None or not any(_fits(c, total) for c in block.counts if c.percent):
                continue
            for count in block.counts:
                if count.percent is not None and not _fits(count, total):
                    spans = [count.row, *([block.stated] if block.stated else [])]
                    yield report(
                        rule,
                        context,
                        spans,
                        count=count.count,
                        percent=count.percent,
                        total=total,
                        right=f"{100 * count.count / total:.1f}",
                    )


def _fits(count: Count, total: int) -> bool:
    return count.percent is not None and attainable(count.count, total, count.percent)


# --- totals at the end of rows and columns

_TOTAL_HEAD = re.compile(r"^\W*(?:total|all|overall|sum|frequency|totals)\b(?!.*%)", re.IGNORECASE)
_CELL = re.compile(r"(?:[^\d(]*:\s*)?(\d{1,4})(?:\s*[(\[]\s*\d{1,3}(?:[.,]\d+)?\s*%?\s*[)\]])?\*?")
_MOST_FINDINGS = 5
_FITTING = 0.6


def _number(cell: str) -> int | None:
    """The count of a cell: "12", "12 (48.0)", "Female: 12"; an empty cell or a dash is none."""
    if cell.strip() in {"", "-", "–", "—", "0"}:
        return 0
    hit = _CELL.fullmatch(cell.strip())
    return int(hit[1]) if hit else None


@comparison("row-total")
def row_total(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A row does not add up to its total, or a column to its total row, where the others do."""
    for grid in grids(context.manuscript):
        if _MULTIPLE.search(f"{grid.caption} {grid.notes}"):
            continue
        lines = [*_rows_with_total(grid)], [*_columns_with_total(grid)]
        for checked in lines:
            wrong = [c for c in checked if c[0] != c[1]]
            fitting = len(checked) - len(wrong)
            if fitting < 2 or fitting < _FITTING * len(checked):
                continue
            for sum_, total, spans in wrong[:_MOST_FINDINGS]:
                yield report(rule, context, spans, sum=sum_, total=total)


_Line = tuple[int, int, tuple[Span, ...]]


def _rows_with_total(grid: Grid) -> Iterator[_Line]:
    """Each row with what its cells add up to and what its total says."""
    if not grid.rows:
        return
    head = grid.rows[grid.headers - 1]
    totals = [n for n, cell in enumerate(head) if _TOTAL_HEAD.search(cell)]
    if len(totals) != 1 or totals[0] < 2:
        return
    column = totals[0]
    first = next((n for n in range(1, column) if not _is_label_column(grid, n)), column)
    if column - first < 2 or any(
        re.search(r"%|percent|mean|median|sd\b|p[- ]value|age", c, re.IGNORECASE)
        for c in head[first:column]
    ):
        return
    for row, span in zip(grid.rows[grid.headers :], grid.spans[grid.headers :], strict=True):
        if column >= len(row) or not any(_CELL.fullmatch(c.strip()) for c in row[first:column]):
            continue
        parts = [_number(c) for c in row[first:column]]
        total = _number(row[column])
        if total is None or any(p is None for p in parts) or not row[column].strip():
            continue
        yield sum(p for p in parts if p is not None), total, (span,)


def _is_label_column(grid: Grid, column: int) -> bool:
    cells = [r[column] for r in grid.rows[grid.headers :] if column < len(r) and r[column]]
    return bool(cells) and sum(_CELL.fullmatch(c.strip()) is not None for c in cells) * 2 < len(
        cells
    )


def _columns_with_total(grid: Grid) -> Iterator[_Line]:
    """Each column of a table that ends in a row of totals, with its sum."""
    body = list(zip(grid.rows[grid.headers :], grid.spans[grid.headers :], strict=True))
    if len(body) < 3:
        return
    row, span = body[-1]
    if not row or not TOTAL_ROW.match(row[0]):
        return
    above = [r for r, _ in body[:-1]]
    if any(TOTAL_ROW.match(r[0]) for r in above if r):
        return
    for column in range(1, len(row)):
        head = " ".join(r[column] for r in grid.rows[: grid.headers] if column < len(r))
        cells = [r[column] if column < len(r) else "" for r in above]
        parts = [_number(c) for c in cells]
        total = _number(row[column])
        if (
            not row[column].strip()
            or total is None
            or any(p is None for p in parts)
            or re.search(r"%|percent|mean|age", head, re.IGNORECASE)
        ):
            continue
        if sum(1 for c in cells if c.strip()) >= 2:
            yield sum(p for p in parts if p is not None), total, (span, body[0][1])
