"""Durations and dates that cannot all be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coreqcheck.engine.claims import scope_of
from coreqcheck.engine.consistency import Context, comparison
from coreqcheck.engine.index import members
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, FindingPlace, Number, SectionKind, Sentence, Severity, Span

_MINUTES = frozenset("min mins minute minutes minuets".split())
_HOURS = frozenset("h hr hrs hour hours".split())
_TALK = re.compile(r"interview|focus group|discussion|session|conversation|group|meeting|they|these")
_AVERAGE = frozenset("mean average averaged averaging median medians typically avg".split())
# What may follow an average that leaves its unit to the range beside it.
_AFTER_BARE = frozenset("and with range ranging sd median mean average each per in for but".split())
_PARTED = re.compile(
    r"\b(?:first|second|third|initial|follow|individual|repeat|group|dyad|couple|telephone|online|nurses|staff|"
    r"patients|pilot|former|latter|respectively|shorter|longer)\b"
)
_NOT_LENGTH = re.compile(
    r"\b(?:travel|walk|drive|waited|waiting|shift|survey|questionnaire|video|lecture|class|exercise|"
    r"training session|break|intervention|surgery|visit lasted|complete)\b"
)


@dataclass(frozen=True, slots=True)
class Length:
    """Minutes that a sentence states: a range (``low < high``) or an average."""

    sentence: Sentence
    low: float
    high: float
    average: bool


def lengths(context: Context) -> list[Length]:
    """The durations of interviews and groups that the authors state of their own study."""
    index = context.matcher.index
    skipped = index.in_kinds(
        (SectionKind.INTRODUCTION, SectionKind.DISCUSSION, SectionKind.REFERENCES)
    )
    found = []
    for at in members(index.searchable & ~skipped):
        sentence = index.sentences[at]
        text = context.manuscript.quote(sentence.span).lower()
        if not sentence.numbers or not _TALK.search(text) or _NOT_LENGTH.search(text):
            continue
        for number in sentence.numbers:
            spread = context.manuscript.text[sentence.span.start : sentence.starts[number.first]].rstrip()
            length = _length(sentence, number, index.views[at])
            if length is not None and spread[-1:] not in {"±", "="}:
                found.append(length)
    return found


def _length(sentence: Sentence, number: Number, words: Sequence[str]) -> Length | None:
    unit = _unit(number, words)
    if unit is None or number.ordinal or number.percent:
        return None
    before = words[max(number.first - 5, 0) : number.first]
    average = not _AVERAGE.isdisjoint(before)
    if number.low == number.high and not average:
        return None
    return Length(sentence, number.low * unit, number.high * unit, average)


def _unit(number: Number, words: Sequence[str]) -> int | None:
    """Minutes in the unit that follows; an average often leaves its unit to the range before."""
    after = words[number.last + 1 : number.last + 2]
    if after and after[0] in _MINUTES:
        return 1
    if after and after[0] in _HOURS:
        return 60
    bare = not after or after[0] in _AFTER_BARE
    return 1 if bare and not _MINUTES.isdisjoint(words) and _HOURS.isdisjoint(words) else None


def _one(
    rule: ConsistencyRule, context: Context, spans: Iterable[Span], **words: object
) -> Finding:
    quote = context.manuscript.quote
    return Finding(
        check=rule.check,
        kind=rule.kind,
        severity=rule.severity,
        message=rule.message.format(**words),
        places=tuple(FindingPlace(s, quote(s)) for s in dict.fromkeys(spans)),
        advice=rule.advice,
        innocent=rule.innocent,
    )


@comparison("duration-mean")
def duration_mean(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A mean outside its range: in one sentence, or where the study states just one range."""
    stated = lengths(context)
    ranges = [x for x in stated if not x.average]
    for mean in (x for x in stated if x.average):
        near = [r for r in ranges if r.sentence.index == mean.sentence.index]
        wanted = near or (ranges if len({(r.low, r.high) for r in ranges}) == 1 else [])
        parted = _PARTED.search(context.manuscript.quote(mean.sentence.span).lower())
        if not wanted or (parted and len(near) != 1):
            continue
        if all(not r.low <= mean.low <= r.high for r in wanted):
            one = wanted[0]
            yield _one(
                rule, context, (one.sentence.span, mean.sentence.span),
                mean=_number(mean.low), low=_number(one.low), high=_number(one.high),
            )  # fmt: skip


@comparison("duration-range")
def duration_range(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Two ranges for what seems to be the same interviews."""
    ranges = [
        x
        for x in lengths(context)
        if not x.average and not scope_of(x.sentence) and not _split(x.sentence, context)
    ]
    by_method: dict[str, list[Length]] = {}
    for one in ranges:
        by_method.setdefault(_method(one.sentence, context), []).append(one)
    for same in by_method.values():
        first = same[0]
        other = next((x for x in same if (x.low, x.high) != (first.low, first.high)), None)
        if other is not None and other.sentence.index != first.sentence.index:
            yield _one(
                rule, context, (first.sentence.span, other.sentence.span),
                one=f"{_number(first.low)} to {_number(first.high)}",
                two=f"{_number(other.low)} to {_number(other.high)}",
            )  # fmt: skip


def _split(sentence: Sentence, context: Context) -> bool:
    """Whether the sentence speaks of some of the interviews only."""
    return _PARTED.search(context.manuscript.quote(sentence.span).lower()) is not None


def _method(sentence: Sentence, context: Context) -> str:
    text = context.manuscript.quote(sentence.span).lower()
    if re.search(r"focus|group|discussion", text):
        return "groups"
    return "interviews"


def _number(value: float) -> str:
    return f"{value:g}"


# --- dates

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june",
            "jul july", "aug august", "sep sept september", "oct october", "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))


def _point(number: int) -> str:
    """A month, with a day before or after it and a year after it where they are given."""
    return (
        rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?P<m{number}>{_MONTH})\.?"
        rf"(?:\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d))?,?\s*(?P<y{number}>(?:19|20)\d\d)?)"
    )


_PERIOD = re.compile(
    r"\b(?:(?:from|between|in|during)\s+)?"
    + _point(1)
    + r"\s*(?:to|and|until|till|through|[-–—])\s*(?:the end of\s+)?"
    + _point(2)
    + r"(?![a-z])",
    re.IGNORECASE,
)
_COLLECTION = re.compile(
    r"\b(?:interview|focus group|discussion|data (?:were|was) collect|data collection|collected|fieldwork|"
    r"field work|conducted|took place|carried out|held|recruit)",
    re.IGNORECASE,
)
_OTHER_PERIOD = re.compile(
    r"\b(?:survey|questionnaire|pilot|phase|round|wave|stage|follow-?up|second|first|literature|search|analys|"
    r"approv|lockdown|pandemic|outbreak|admitted|recruit|policy|season|observ|intervention|programme|program|"
    r"database|records|transcri|funded|funding)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """Months from ``start`` to ``end``, counted from year 0, with the words that say it."""

    sentence: Sentence
    start: int
    end: int
    words: str


def periods(context: Context) -> list[Period]:
    """The stretches of months that the authors name as the time of their data collection."""
    index = context.matcher.index
    skipped = index.in_kinds((SectionKind.INTRODUCTION, SectionKind.REFERENCES))
    found = []
    for at in members(index.searchable & ~skipped):
        sentence = index.sentences[at]
        text = context.manuscript.quote(sentence.span)
        if not _COLLECTION.search(text):
            continue
        for hit in _PERIOD.finditer(text):
            period = _period(sentence, hit)
            if period is not None:
                found.append(period)
    return found


def _period(sentence: Sentence, hit: re.Match[str]) -> Period | None:
    year = hit["y2"] or hit["y1"]
    if year is None:
        return None
    start = 12 * int(hit["y1"] or year) + _MONTHS[hit["m1"].lower()]
    end = 12 * int(hit["y2"] or year) + _MONTHS[hit["m2"].lower()]
    if hit["y1"] is None and start > end:
        start -= 12  # "November to February 2021"
    return Period(sentence, start, end, hit.group())


@comparison("period-order")
def period_order(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Data collection that ends before it starts."""
    for one in periods(context):
        if one.end < one.start:
            yield _one(rule, context, (one.sentence.span,), words=one.words)


@comparison("period")
def period(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Two periods for the same data collection."""
    named = [
        p
        for p in periods(context)
        if p.start <= p.end and not _OTHER_PERIOD.search(context.manuscript.quote(p.sentence.span))
    ]
    if not named:
        return
    first = named[0]
    for other in named[1:]:
        same = (first.start, first.end) == (other.start, other.end)
        if not same and other.sentence.index != first.sentence.index:
            severity = rule.severity if _overlap(first, other) else Severity.WARNING
            found = _one(
                rule, context, (first.sentence.span, other.sentence.span),
                one=first.words, two=other.words,
            )  # fmt: skip
            yield Finding(
                found.check, found.kind, severity, found.message, found.places, found.advice,
                found.innocent,
            )  # fmt: skip
            return


def _overlap(one: Period, two: Period) -> bool:
    return one.start <= two.end and two.start <= one.end
