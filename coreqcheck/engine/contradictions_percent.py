"""Percentages in prose: a count, its base and its share must belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.contradictions_sample import wholes
from coreqcheck.engine.people import sizes
from coreqcheck.engine.statements import BODY, Statement, Statements
from coreqcheck.engine.tables import attainable
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, Role, SectionKind, Span

_P = r"~?(\d{1,3}(?:\.\d+)?) ?(?:%|per ?cent)"
_SHARES = (
    # "11 of the 18 students (72 %)"
    (
        re.compile(
            rf"(?<![\d.,/-])(\d{{1,5}}) (?:out )?of (?:the |these |those |our |all )?(\d{{1,5}})(?: [a-z'-]+){{0,4}},? ?[(\[]{_P}"
        ),
        (1, 2, 3),
    ),
    # "11/18 (72 %)", "72 % (11/18)", "(11/18, 72 %)"
    (
        re.compile(
            rf"(?<![\d.,/-])(\d{{1,5}}) ?/ ?(\d{{1,5}})(?: [a-z'-]+){{0,3}}[ ,;:=]*[(\[,;=:]? ?{_P}"
        ),
        (1, 2, 3),
    ),
    (
        re.compile(
            rf"(?<![\d.,/-]){_P},? ?[(\[](?:n ?= ?)?(\d{{1,5}}) ?(?:/| of | out of )(?:the )?(\d{{1,5}})[)\],;]"
        ),
        (2, 3, 1),
    ),
    # "Of 318 students, 212 responded (66.7 %)"
    (
        re.compile(
            rf"\b(?:of|among) (?:the |these |those |our |all )?(\d{{1,5}})(?: [a-z'-]+){{1,5}}, (?:a total of |only )?(\d{{1,5}}) ?"
            rf"(?:[a-z'-]+ ){{0,6}}[(\[]{_P}"
        ),
        (2, 1, 3),
    ),
    # "11 (72 %) of the 18 students"
    (
        re.compile(
            rf"(?<![\d.,/-])(\d{{1,5}})(?: [a-z'-]+){{0,2}} ?[(\[]{_P} ?[)\]] (?:out )?of (?:the |these |our |all )?(\d{{1,5}})(?![\d.]*%)"
        ),
        (1, 3, 2),
    ),
    # "a response rate of 72 % (11 of 18)" is caught above; "11 of 18 students, or 72 %"
    (
        re.compile(
            rf"(?<![\d.,/-])(\d{{1,5}}) (?:out )?of (?:the |these |our |all )?(\d{{1,5}})(?: [a-z'-]+){{0,4}}(?:,| -)? (?:or|that is|i\.e\.,?|equal to|which is) (?:about )?{_P}"
        ),
        (1, 2, 3),
    ),
)


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``base`` printed as ``percent``."""

    count: int
    base: int
    percent: str
    statement: Statement
    start: int
    end: int

    @property
    def span(self) -> Span:
        """What to quote."""
        return self.statement.span(self.start, self.end)

    @property
    def fits(self) -> bool:
        """Whether the percentage can be the printed one."""
        return attainable(self.count, self.base, self.percent)


def shares(statements: Statements) -> Iterator[Share]:
    """Every count with its base and its percentage, as the sentences give them."""
    signed = statements.numbered & _with_percent(statements)
    for statement in statements.among(signed & statements.inside(BODY)):
        if statement.sentence.role is Role.TABLE_ROW:
            continue
        taken: list[tuple[int, int]] = []
        for pattern, (count, base, percent) in _SHARES:
            for hit in pattern.finditer(statement.text):
                if any(a < hit.end() and hit.start() < b for a, b in taken):
                    continue
                low, high = int(hit[count]), int(hit[base])
                if high > 0 and low <= high and float(hit[percent]) <= 100:
                    taken.append(hit.span())
                    yield Share(low, high, hit[percent], statement, hit.start(), hit.end())


@lru_cache(maxsize=2)
def _with_percent(statements: Statements) -> int:
    return sum(
        1 << s.index for s in statements.index.sentences if any(n.percent for n in s.numbers)
    )


@comparison("percentage-in-text")
def percentage_in_text(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "Eleven of eighteen (72 %)"."""
    for share in shares(context.statements):
        if not share.fits:
            yield report(
                rule, context, (share.span,), count=share.count, base=share.base,
                percent=share.percent, right=f"{100 * share.count / share.base:.1f}",
            )  # fmt: skip


_COUNT_SHARE = re.compile(
    rf"(?<![\d.,/-])(?<!\d )(\d{{1,4}})(?: [a-z'-]+){{0,3}} ?[(\[](?:n ?= ?\d+[,;] ?)?{_P} ?[)\]]|[(\[]n ?= ?(\d{{1,4}})[,;:] ?{_P} ?[)\]]"
)


@comparison("percentage-of-sample")
def percentage_of_sample(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A count with a percentage that fits no number of the paper, where the others fit the sample."""
    statements = context.statements
    pairs = list(_pairs(statements))
    if not pairs:
        return
    bases = _bases(statements)
    for base, where in wholes(statements, "interview").items():
        fitting = [p for p in pairs if _fits(p, base)]
        odd = [p for p in pairs if not any(_fits(p, b) for b in bases | {base})]
        # One slip among many that fit; several are shares of something else.
        if len(fitting) < max(2, _FITTING_FOR_ONE * len(odd)):
            continue
        for statement, count, percent, at in odd:
            yield report(
                rule, context, (statement.span(at, at + 1), where), count=count, percent=percent, base=base,
                right=f"{100 * count / base:.1f}",
            )  # fmt: skip


_FITTING_FOR_ONE = 2
_Pair = tuple[Statement, int, str, int]


def _pairs(statements: Statements) -> Iterator[_Pair]:
    """Counts that are followed by a percentage and whose base is not given."""
    known = {(s.statement.sentence.index, s.count) for s in shares(statements)}
    mask = _with_percent(statements) & statements.inside((SectionKind.RESULTS, SectionKind.METHODS))
    for statement in statements.among(mask):
        if statement.sentence.role is Role.TABLE_ROW:
            continue
        for hit in _COUNT_SHARE.finditer(statement.text):
            count = int(hit[1] or hit[3])
            if count and (statement.sentence.index, count) not in known:
                yield statement, count, hit[2] or hit[4], hit.start()


def _fits(pair: _Pair, base: int) -> bool:
    return pair[1] <= base and attainable(pair[1], base, pair[2])


def _bases(statements: Statements) -> set[int]:
    """Every whole number that the methods and results state: each may be a base."""
    mask = statements.numbered & statements.inside(BODY)
    return {
        int(n.low)
        for s in statements.among(mask)
        for n in s.sentence.numbers
        if n.low == n.high and not n.percent and n.low == int(n.low) and n.low > 1
    }


# --- percentages that no count can give

_PEOPLE = re.compile(
    r"\b(?:participants?|respondents?|informants|interviewees|women|men|nurses|mothers|students|patients|parents|carers|caregivers|subjects|"
    r"people|persons|individuals|sample|female|male|aged|years old|of them)\b"
)
_SUBGROUP = re.compile(
    r"\b(?:of the \d+|of those|of whom|among (?!(?:the |all )?(?:participants|respondents|informants|interviewees))|in the former|in the latter|vs\.?|compared|each|groups?)\b"
)
_ALONE = re.compile(rf"(?<![\d.,/-]){_P}")
_NOT_SAMPLE = re.compile(
    r"\b(?:survey|questionnaires?|prevalence|population|census|district|country|national|reported that|studies|rate of|confidence|ci\b|increase|"
    r"decrease|agreement|kappa|households|facilities|hospitals|codes|transcripts|statements|utterances|segments|excerpts|comments|sessions|"
    r"budget|income|gdp|time|hours|minutes|effort)"
)


@comparison("percentage-impossible")
def percentage_impossible(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A share of the participants that no whole number of them can make."""
    statements = context.statements
    stated = sizes(statements)
    values = {s.value for s in stated}
    if len(values) != 1:
        return
    base = values.pop()
    surveyed = statements.holding("survey*", "questionnaire*", "cohort", "trial")
    if base > (_LARGEST_BESIDE_SURVEY if surveyed else _LARGEST):
        return
    size = stated[0]
    # A share of "the participants" is of all, or of most of them.
    bases = {b for b in _people_bases(statements) if b >= _MOST_OF * base} | {base}
    mask = _with_percent(statements) & statements.inside(
        (SectionKind.RESULTS, SectionKind.ABSTRACT)
    )
    for statement in statements.among(mask):
        text = statement.text
        if statement.sentence.role in {Role.TABLE_ROW, Role.CAPTION} or statement.sentence.citation:
            continue
        if not _PEOPLE.search(text) or _NOT_SAMPLE.search(text) or _SUBGROUP.search(text):
            continue
        for hit in _ALONE.finditer(text):
            if hit[1] in {"0", "100"} or any(_possible(hit[1], b) for b in bases):
                continue
            yield report(
                rule, context, (statement.span(hit.start(), hit.end()), size.people.span), percent=hit[1], base=base,
                near=_nearest(float(hit[1]), base),
            )  # fmt: skip
            return


_MOST_OF = 0.6
_LARGEST = 100  # participants: of more, nearly every percentage is possible
_LARGEST_BESIDE_SURVEY = 60  # percentages may be of the survey's respondents


def _people_bases(statements: Statements) -> set[int]:
    """Numbers of people that may be bases: samples, and bases that the text itself gives."""
    found = {s.value for s in sizes(statements)} | {s.base for s in shares(statements)}
    mask = statements.numbered & statements.inside((SectionKind.RESULTS, SectionKind.METHODS))
    for statement in statements.among(mask):
        for hit in re.finditer(r"\b(?:of (?:the )?|n ?= ?)(\d{1,4})\b(?! ?%)", statement.text):
            found.add(int(hit[1]))
    return found


def _possible(percent: str, base: int) -> bool:
    nearest = round(float(percent) * base / 100)
    return any(
        attainable(c, base, percent) for c in (nearest - 1, nearest, nearest + 1) if 0 <= c <= base
    )


def _nearest(percent: float, base: int) -> str:
    low = int(percent * base / 100)
    return (
        f"{low} of {base} is {100 * low / base:.1f} %, {low + 1} is {100 * (low + 1) / base:.1f} %"
    )


# --- words for shares

_FRACTION = re.compile(
    r"(?<!than )(?<!nearly )(?<!almost )(?<!about )(?<!over )(?<!around )(?<!roughly )\b(half|a third|1 third|one third|a quarter|two[- ]thirds|2[- ]thirds|three[- ]quarters|3[- ]quarters) of (?:the |our |all )?"
    r"(?:(\d{1,4}) )?(?:[a-z-]+ ){0,2}?[a-z]+ ?\((?:n ?= ?)?(\d{1,4})(?: ?(?:/|of|out of) ?(\d{1,4}))?\)"
)
_MAJORITY = re.compile(
    r"\b(most|the majority|a majority|more than half|over half|the minority|a minority|less than half|fewer than half)(?: of (?:the |our |them|these )?(?:[a-z-]+ ){0,2}?[a-z]*)? ?"
    r"\((?:n ?= ?)?(\d{1,4}) ?(?:/|of|out of) ?(\d{1,4})[,;)]"
)


@comparison("fraction-words")
def fraction_words(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "Half of the 21 nurses (n = 7)", "most (9 of 26)"."""
    statements = context.statements
    mask = statements.holding("half", "third", "thirds", "quarter*", "most", "majority", "minority")
    for statement in statements.among(mask & statements.numbered & statements.inside(BODY)):
        for hit in _FRACTION.finditer(statement.text):
            base = int(hit[2] or hit[4] or 0)
            over, under = _fraction(hit[1])
            count = int(hit[3])
            if base and count <= base and abs(count / base - over / under) > 0.08:
                yield _words(rule, context, statement, hit, hit[1], count, base)
        for hit in _MAJORITY.finditer(statement.text):
            count, base = int(hit[2]), int(hit[3])
            few = hit[1].startswith(("the minority", "a minority", "less", "fewer"))
            if base and count <= base and (count * 2 >= base if few else count * 2 < base):
                yield _words(rule, context, statement, hit, hit[1], count, base)


def _fraction(words: str) -> tuple[int, int]:
    if words == "half":
        return 1, 2
    if "quarter" in words:
        return (3, 4) if words.startswith(("three", "3")) else (1, 4)
    return (2, 3) if words.startswith(("two", "2")) else (1, 3)


def _words(
    rule: ConsistencyRule, context: Context, statement: Statement, hit: re.Match[str], words: str,
    count: int, base: int,
) -> Finding:  # fmt: skip
    return report(
        rule, context, (statement.span(hit.start(), hit.end()),), words=words, count=count, base=base,
        right=f"{100 * count / base:.0f}",
    )  # fmt: skip
