"""Tables that do not add up: block sums against N, counts against percentages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coreqcheck.engine.consistency import Context, comparison
from coreqcheck.engine.tables import TOTAL_ROW, Count, CountBlock, attainable, count_blocks, grids
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, FindingPlace, Severity, Span

_MULTIPLE = re.compile(
    r"multiple|more than one|several (?:answers|options|responses)|could (?:choose|select|name|give)"
    r"|all that apply|not mutually|may (?:add|exceed|sum)|do(?:es)? not (?:add|sum)|overlap|missing"
    r"|not (?:reported|stated|available|disclosed)|declined to (?:answer|state)|unknown|no answer",
    re.IGNORECASE,
)
_SEX = re.compile(r"\b(?:sex|gender)\b", re.IGNORECASE)
_SEXES = re.compile(r"\b(?:female|male|women|men|woman|man)\b", re.IGNORECASE)


def _place(context: Context, span: Span) -> FindingPlace:
    return FindingPlace(span, context.manuscript.quote(span))


def _report(
    rule: ConsistencyRule,
    context: Context,
    spans: Iterable[Span],
    severity: Severity | None = None,
    **words: object,
) -> Finding:
    return Finding(
        check=rule.check,
        kind=rule.kind,
        severity=severity or rule.severity,
        message=rule.message.format(**words),
        places=tuple(_place(context, s) for s in dict.fromkeys(spans)),
        advice=rule.advice,
        innocent=rule.innocent,
    )


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
                yield _report(
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
                    yield _report(
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
