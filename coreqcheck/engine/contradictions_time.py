"""Durations and dates that cannot all be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coreqcheck.engine.claims import scope_of
from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.encounters import encounters
from coreqcheck.engine.index import members
from coreqcheck.engine.people import sizes
from coreqcheck.engine.statements import BODY, Statements
from coreqcheck.engine.tables import grids
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, Number, Role, SectionKind, Sentence, Severity, Span

_MINUTES = frozenset("min mins minute minutes minuets".split())
_HOURS = frozenset("h hr hrs hour hours".split())
_TALK = re.compile(
    r"interview|focus group|discussion|session|conversation|group|meeting|they|these"
)
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
    timed = context.statements.holding(*_MINUTES, *_HOURS) & context.statements.numbered
    found = []
    for at in members(timed & ~skipped):
        sentence = index.sentences[at]
        text = context.manuscript.quote(sentence.span).lower()
        if sentence.role is Role.TABLE_ROW or not _TALK.search(text) or _NOT_LENGTH.search(text):
            continue
        for number in sentence.numbers:
            spread = context.manuscript.text[
                sentence.span.start : sentence.starts[number.first]
            ].rstrip()
            length = _length(sentence, number, index.views[at])
            if length is not None and spread[-1:] not in {"±", "="}:
                found.append(length)
    return found


def _length(sentence: Sentence, number: Number, words: Sequence[str]) -> Length | None:
    unit = _unit(number, words)
    if unit is None or number.ordinal or number.percent:
        return None
    earlier = [n.last for n in sentence.numbers if n.last < number.first]
    before = words[max(number.first - 9, *earlier, 0) : number.first]
    if "total" in before or "altogether" in before:
        return None
    after = words[number.last + 2 : number.last + 5]
    alone = not any(number.last < n.first <= number.last + 4 for n in sentence.numbers)
    behind = alone and "on" in after and not _AVERAGE.isdisjoint(after)
    average = not _AVERAGE.isdisjoint(before) or behind
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


@comparison("duration-mean")
def duration_mean(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A mean outside its range: in one sentence, or where the study states just one range."""
    stated = lengths(context)
    ranges = [x for x in stated if not x.average]
    for mean in (x for x in stated if x.average):
        near = [r for r in ranges if r.sentence.index == mean.sentence.index]
        wanted = near or (ranges if len({(r.low, r.high) for r in ranges}) == 1 else [])
        if not wanted or (len(near) != 1 and _split(mean.sentence, context)):
            continue
        if all(not r.low <= mean.low <= r.high for r in wanted):
            one = wanted[0]
            yield report(
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
            yield report(
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


_HOUR_RANGE = re.compile(
    r"(?<![\d.,/-])(\d{1,3}(?:\.\d+)?)(?:-(\d{1,3}(?:\.\d+)?))? ?(?:h|hrs?|hours)\b"
)
_LASTED = re.compile(r"\b(?:lasted|took|duration|length|lasting|long|ranged|between)\b")
_ENCOUNTER = re.compile(
    r"\b(?:interviews?|focus groups?|discussions?|group sessions?|conversations?|fgds?|idis?)\b"
)
_WHOLE_TIME = re.compile(
    r"\b(?:total|altogether|in all|overall|observ|fieldwork|material|recordings?|audio|data|of (?:interviews?|talk|conversation)|days?|per week|"
    r"after|within|before|workshop|training|shift|sleep|transcri|spent|amounted|resulted|yield|notice|24|48|72)"
)
_LONGEST_HOURS = 5


@comparison("duration-unit")
def duration_unit(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Interviews of 45 to 60 hours."""
    statements = context.statements
    kinds = (SectionKind.ABSTRACT, SectionKind.METHODS, SectionKind.RESULTS)
    mask = (
        statements.holding("h", "hr", "hrs", "hours")
        & statements.numbered
        & statements.inside(kinds)
    )
    for statement, hit in statements.find(_HOUR_RANGE, mask):
        text = statement.text
        if float(hit[2] or hit[1]) <= _LONGEST_HOURS or _WHOLE_TIME.search(text):
            continue
        ahead = text[max(hit.start() - 70, 0) : hit.start()]
        if _LASTED.search(ahead) and _ENCOUNTER.search(ahead):
            yield report(rule, context, (statement.span(hit.start(), hit.end()),), words=hit[0])


_TOTAL_TIME = re.compile(
    r"(?:total|altogether|in all|overall|amounted to|resulted in|yield(?:ed|ing)|produced)[^.;]{0,60}?(?<![\d.,/-])(\d{1,4}(?:\.\d+)?) ?(h|hrs?|hours|min|mins|minutes)\b"
    r"|(?<![\d.,/-])(\d{1,4}(?:\.\d+)?) (hours|minutes)(?: and \d+ minutes)? of (?:audio|recorded|recordings?|interview|talk|conversation|material|data)"
)
_TOLERANCE = 0.15


@comparison("duration-total")
def duration_total(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """All interviews together are longer, or shorter, than their number and length allow."""
    statements = context.statements
    counted = {e.count: e for e in encounters(statements) if e.kind == "interview"}
    stated = lengths(context)
    if len(counted) != 1 or any(_method(x.sentence, context) == "groups" for x in stated):
        return
    count, one = next(iter(counted.items()))
    mask = statements.numbered & statements.holding("hours", "h", "hrs", "minutes", "min")
    kinds = (SectionKind.ABSTRACT, SectionKind.METHODS, SectionKind.RESULTS)
    for statement, hit in statements.find(_TOTAL_TIME, mask & statements.inside(kinds)):
        if "group" in statement.text or _OTHER_TOTAL.search(statement.text):
            continue
        value = float(hit[1] or hit[3]) * (60 if (hit[2] or hit[4]).startswith("h") else 1)
        means = [x for x in stated if x.average]
        ranges = [x for x in stated if not x.average]
        if len(means) == 1:
            low = high = means[0].low * count
            source = means[0]
        elif not means and len({(x.low, x.high) for x in ranges}) == 1:
            low, high, source = ranges[0].low * count, ranges[0].high * count, ranges[0]
        else:
            return
        if not low * (1 - _TOLERANCE) <= value <= high * (1 + _TOLERANCE):
            yield report(
                rule, context,
                (source.sentence.span, statement.span(hit.start(), hit.end()), one.statement.span(one.start, one.end)),
                count=count, low=_number(source.low), high=_number(source.high), total=_number(value / 60),
                least=_number(round(low / 60, 1)), most=_number(round(high / 60, 1)),
            )  # fmt: skip
            return


_OTHER_TOTAL = re.compile(
    r"observ|fieldwork|shadow|notes|training|workshop|per week|analysis|transcri(?:bing|ption took)"
)
_LENGTH_HEAD = re.compile(r"\b(?:duration|length|minutes|mins?|time \(min)\b", re.IGNORECASE)


@comparison("duration-in-table")
def duration_in_table(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A table lists an interview that is shorter or longer than the range in the text."""
    ranges = [x for x in lengths(context) if not x.average and not _split(x.sentence, context)]
    if len({(x.low, x.high) for x in ranges}) != 1:
        return
    stated = ranges[0]
    for grid in grids(context.manuscript):
        for column, head in enumerate(grid.rows[0] if grid.rows else ()):
            if not _LENGTH_HEAD.search(head) or _NOT_LENGTH.search(head.lower()):
                continue
            unit = 60 if re.search(r"\bh(?:ours?|rs?)?\b", head.lower()) else 1
            for row, span in zip(
                grid.rows[grid.headers :], grid.spans[grid.headers :], strict=True
            ):
                cell = row[column] if column < len(row) else ""
                hit = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)(?: ?min\w*)?", cell.strip())
                if hit is None:
                    continue
                value = float(hit[1]) * unit
                if (
                    not stated.low <= value <= stated.high
                    and stated.low * 0.3 < value < stated.high * 3
                ):
                    yield report(
                        rule, context, (stated.sentence.span, span), low=_number(stated.low),
                        high=_number(stated.high), value=_number(value),
                    )  # fmt: skip
                    return


_AFTER_POINT = re.compile(
    r"saturat[a-z]* (?:of (?:the )?(?:data|themes|codes) )?(?:was|were|had been|has been|occurred|came|appeared|had)?[^.;]{0,30}?(?:after|at|by|with|in|following) "
    r"(?:the )?(?:completion of )?(?:the )?(?:(\d{1,3})(?:st|nd|rd|th)?|(\d0)-(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)) "
    r"(?:in-depth |semi-structured |individual )?(interviews?|participants?|focus groups?|fgds?|discussions?|groups?|transcripts?)"
)
_UNITS = {
    w: n
    for n, w in enumerate("first second third fourth fifth sixth seventh eighth ninth".split(), 1)
}


@comparison("saturation-point")
def saturation_point(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Saturation after more interviews than there were."""
    statements = context.statements
    mask = statements.holding("saturat*") & statements.inside(BODY)
    for statement, hit in statements.find(_AFTER_POINT, mask):
        point = int(hit[1]) if hit[1] else int(hit[2]) + _UNITS[hit[3]]
        group = hit[4].startswith(("focus", "fgd", "discussion", "group"))
        found = _largest(statements, "group" if group else "interview")
        if found is None or point <= found[0] or statement.sentence.citation:
            continue
        yield report(
            rule, context, (statement.span(hit.start(), hit.end()), found[1]), point=point, noun=hit[4], count=found[0]
        )  # fmt: skip


def _largest(statements: Statements, kind: str) -> tuple[int, Span] | None:
    """The highest number of encounters, or for interviews also of people, that is stated."""
    numbers = [
        (e.count, e.statement.span(e.start, e.end))
        for e in encounters(statements)
        if e.kind == kind
    ]
    if kind == "interview":
        numbers += [(s.value, s.people.span) for s in sizes(statements)]
    return max(numbers, key=lambda n: n[0], default=None)


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
    r"\b(?:survey|questionnaire|pilot|phase|round|wave|stage|follow-?up|second (?:interview|focus|group|set|data)|first (?:interview|focus|group|set|data)|"
    r"literature|search|analys|"
    r"approv|lockdown|outbreak|admitted|policy|observations?\b|intervention|programme|program|"
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
    dated = context.statements.holding(*_MONTHS)
    found = []
    for at in members(dated & ~skipped):
        sentence = index.sentences[at]
        text = context.manuscript.quote(sentence.span)
        if sentence.role is Role.TABLE_ROW or not _COLLECTION.search(text):
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
            yield report(rule, context, (one.sentence.span,), words=one.words)


_BARE_MONTHS = re.compile(
    rf"\b(?:in|during|between|from|over|through|throughout)\s+(?:the months? of\s+)?({_MONTH})(?:\s+(?:and|to|until|-|–|through)\s+({_MONTH}))?"
    r"(?!\w)(?:,?\s*((?:19|20)\d\d))?",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\b(?:data (?:were|was|had been) collected|data collection|interviews? (?:were|was|took|ran|had been)|focus groups? (?:were|was|took|ran|met)|"
    r"discussions? (?:were|was|took)|groups? met|fieldwork (?:was|took|ran)|interviews ran|were interviewed|we interviewed|(?:interviews|discussions|groups), (?:which were )?"
    r"(?:held|conducted|carried out))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Months:
    """The months of one year, or of an unnamed one, in which data were collected."""

    sentence: Sentence
    months: frozenset[int]
    year: int | None
    words: str


def bare_months(context: Context) -> list[Months]:
    """Where data collection is dated by one month or two, with or without a year."""
    index = context.matcher.index
    skipped = index.in_kinds((SectionKind.INTRODUCTION, SectionKind.REFERENCES))
    found = []
    for at in members(context.statements.holding(*_MONTHS) & ~skipped):
        sentence = index.sentences[at]
        text = context.manuscript.quote(sentence.span)
        if sentence.role is Role.TABLE_ROW or not _DATA.search(text) or sentence.citation:
            continue
        if _PERIOD.search(text) and any(h["y1"] or h["y2"] for h in _PERIOD.finditer(text)):
            continue
        hits = list(_BARE_MONTHS.finditer(text))
        if len(hits) == 1 and not _OTHER_PERIOD.search(text.replace(hits[0][0], "")):
            first = _MONTHS[hits[0][1].lower()]
            last = _MONTHS[hits[0][2].lower()] if hits[0][2] else first
            months = (
                range(first, last + 1)
                if first <= last
                else (*range(first, 13), *range(1, last + 1))
            )
            year = int(hits[0][3]) if hits[0][3] else None
            found.append(Months(sentence, frozenset(months), year, hits[0][0]))
    return found


def _calendar(period: Period) -> frozenset[int]:
    """The months of the year that a period touches, whatever the year."""
    return frozenset(
        (m - 1) % 12 + 1 for m in range(period.start, min(period.end, period.start + 11) + 1)
    )


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
        if (
            not same
            and not _within(first, other, context)
            and _comparable(first.sentence, other.sentence, context)
        ):
            severity = rule.severity if _overlap(first, other) else Severity.WARNING
            yield report(
                rule, context, (first.sentence.span, other.sentence.span), severity,
                one=first.words, two=other.words,
            )  # fmt: skip
            return
    for month in bare_months(context):
        outside = month.months - _calendar(first)
        elsewhere = month.year is not None and month.year not in {
            (m - 1) // 12 for m in range(first.start, first.end + 1)
        }
        if (outside or elsewhere) and _comparable(first.sentence, month.sentence, context):
            yield report(
                rule, context, (first.sentence.span, month.sentence.span), one=first.words, two=month.words
            )  # fmt: skip
            return


def _comparable(one: Sentence, two: Sentence, context: Context) -> bool:
    """Whether two sentences may date the same data: not the interviews here, the groups there."""
    kinds = {_dated(s, context) for s in (one, two)}
    return one.index != two.index and kinds != {"groups", "interviews"}


_WHOLE_STUDY = re.compile(
    r"\b(?:study|research|project|data (?:were|was) (?:\w+ )?collected|data collection|fieldwork|field work|recruit\w*)\b",
    re.IGNORECASE,
)


def _within(one: Period, two: Period, context: Context) -> bool:
    """Whether the interviews fill a part of the time of the study, of recruitment, or of fieldwork."""
    inner, outer = sorted((one, two), key=lambda p: p.end - p.start)
    if not (outer.start <= inner.start and inner.end <= outer.end):
        return False
    wide, narrow = (context.manuscript.quote(p.sentence.span) for p in (outer, inner))
    return (
        _WHOLE_STUDY.search(wide) is not None
        and _WHOLE_STUDY.search(narrow) is None
        and re.search(r"interview|group|discussion", wide, re.IGNORECASE) is None
    )


def _dated(sentence: Sentence, context: Context) -> str:
    text = context.manuscript.quote(sentence.span).lower()
    groups = re.search(r"group|discussion|fgd|workshop", text) is not None
    single = re.search(r"interview|conversation|talks", text) is not None
    return "" if groups == single else "groups" if groups else "interviews"


def _overlap(one: Period, two: Period) -> bool:
    return one.start <= two.end and two.start <= one.end


_FOR_MONTHS = re.compile(
    r"\b(?:over (?:a )?(?:period of )?|(?:a )?period of |during |for |within |lasted |took |lasting |spanning |in a )(?:about |approximately |some )?"
    r"(\d{1,2}) months?\b|\b(\d{1,2})-month\b",
)
_ABOUT = 1  # months by which a stretch may be counted otherwise


@comparison("period-months")
def period_months(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "From January to December, over six months"."""
    for one in periods(context):
        statement = context.statements.of(one.sentence.index)
        hits = list(_FOR_MONTHS.finditer(statement.text))
        if (
            len(hits) != 1
            or one.end < one.start
            or len(list(_PERIOD.finditer(context.manuscript.quote(one.sentence.span)))) != 1
        ):
            continue
        said = int(hits[0][1] or hits[0][2])
        real = one.end - one.start + 1
        if re.search(
            r"age[ds]?|old|follow|experience|at least|diagnos|postpartum|treatment|every|each|previous|last \d",
            statement.text,
        ):
            continue
        if not real - 1 - _ABOUT <= said <= real + _ABOUT:
            yield report(rule, context, (statement.whole,), words=one.words, said=said, real=real)


_APPROVED = re.compile(
    r"\b(?:approv|clearance|permission|favourable opinion|favorable opinion|vote|no objection|granted|obtained)",
    re.IGNORECASE,
)
_BOARD = re.compile(r"\b(?:ethic|review board|irb|committee|rec\b|board)", re.IGNORECASE)
_DATE = re.compile(
    rf"\b(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?P<month>{_MONTH})\.?(?:\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d))?,?\s+(?P<year>(?:19|20)\d\d))\b",
    re.IGNORECASE,
)


@comparison("approval-date")
def approval_date(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Data collected before the committee approved the study."""
    collected = [
        p
        for p in periods(context)
        if p.start <= p.end and _DATA.search(context.manuscript.quote(p.sentence.span))
    ]
    approved = _approvals(context)
    if not collected or not approved:
        return
    first = min(collected, key=lambda p: p.start)
    earliest = min(approved, key=lambda a: a[0])
    if earliest[0] > first.start and earliest[1].index != first.sentence.index:
        yield report(
            rule, context, (earliest[1].span, first.sentence.span), approved=earliest[2], period=first.words
        )  # fmt: skip


def _approvals(context: Context) -> list[tuple[int, Sentence, str]]:
    """The months in which a committee is said to have approved, counted from year 0."""
    index = context.matcher.index
    found = []
    skipped = index.in_kinds((SectionKind.INTRODUCTION, SectionKind.REFERENCES))
    for at in members(context.statements.holding(*_MONTHS) & ~skipped):
        sentence = index.sentences[at]
        text = context.manuscript.quote(sentence.span)
        if not _APPROVED.search(text) or not _BOARD.search(text):
            continue
        if re.search(
            r"amend|renew|extension|extended|parent|trial|first|secondary|registr|modif",
            text,
            re.IGNORECASE,
        ):
            return []
        for hit in _DATE.finditer(text):
            found.append((12 * int(hit["year"]) + _MONTHS[hit["month"].lower()], sentence, hit[0]))
    return found
