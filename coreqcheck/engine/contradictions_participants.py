"""What the identifiers of quotations contradict: the sample's size, each other, themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.encounters import Encounters, encounters
from coreqcheck.engine.ledger import SEXES, Entry, age, ledger, prefixes, sex
from coreqcheck.engine.people import GENERIC, People, counts_in, singular, sizes
from coreqcheck.engine.statements import BODY, Statements
from coreqcheck.engine.tables import Grid, grids
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, Quotation, Role, SectionKind, Severity, Span

_SHORTEST_TWIN = 8  # words; shorter quotations may well be said twice
_FEWEST_FOR_SHARE = 10  # quotations; below, one voice is bound to be loud
_LOUD = 0.4
_LONGEST_PREFIX = 2  # words; a longer label describes a kind of person


def _shown(quotation: Quotation) -> Span:
    """The quotation's last words with its label: what tells it apart."""
    span, label = quotation.span, quotation.label_span
    if label is None:
        return span
    return Span(min(span.start, label.start), max(span.end, label.end))


@comparison("same-identifier")
def same_identifier(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """One identifier for people of two sexes, ages, or roles."""
    entries = ledger(context.manuscript)
    shared = _vocabulary(entries)
    found: list[Finding] = []
    for entry in entries:
        if not _is_person(entry.prefix, [entry]) or len(entry.prefix.split()) > _LONGEST_PREFIX:
            continue
        if len({q.attributes for q in entry.quotations if q.attributes}) > _MOST_ATTRIBUTES:
            continue  # a job title with a number ("SDE2"), no person
        pair = _two_people(entry, shared)
        if pair is not None:
            one, two, words = pair
            found.append(report(
                rule, context, (_shown(one), _shown(two)), identifier=entry.identifier,
                one=words[0], two=words[1],
            ))  # fmt: skip
    # Where it is the rule and not the slip, the words are a part of the identifier.
    if len(found) < _SYSTEMATIC:
        yield from found


_MOST_ATTRIBUTES = 3
_SYSTEMATIC = 3
_AGES_APART = 1  # years that may pass between two interviews


def _two_people(
    entry: Entry, shared: Counter[str]
) -> tuple[Quotation, Quotation, tuple[object, object]] | None:
    """Two quotations of one identifier whose labels cannot be of one person."""
    quotations = entry.quotations
    for number, one in enumerate(quotations):
        for two in quotations[number + 1 :]:
            words = _differ(one, two, shared)
            if words is not None:
                return one, two, words
    return None


def _differ(one: Quotation, two: Quotation, shared: Counter[str]) -> tuple[object, object] | None:
    if sex(one) and sex(two) and sex(one) != sex(two):
        return sex(one), sex(two)
    ages = age(one), age(two)
    if ages[0] is not None and ages[1] is not None and abs(ages[0] - ages[1]) > _AGES_APART:
        return ages
    if _WAVE.search(" ".join((*one.attributes, *two.attributes))):
        return None
    told = [_told(q) for q in (one, two)]
    if len(told[0]) != len(told[1]):
        return None
    for a, b in zip(*told, strict=True):
        if a != b and a not in b and b not in a and not _alike(a, b):
            # Words that other labels use too are a code of the study's, not a slip of the pen.
            known = all(w in KINSHIP or shared[w] > 1 for w in (a, b))
            if known and not re.search(r"\d", a + b):
                return a, b
    return None


_WAVE = re.compile(
    r"\b(?:interview|time \d|t\d|wave|months?|weeks?|follow|phase|session|group|line|page|round|diary|note|visit|pre|post|"
    r"before|after|baseline|day \d)\b",
    re.IGNORECASE,
)
KINSHIP = frozenset(
    "daughter son wife husband mother father sister brother partner spouse grandmother grandfather aunt uncle nurse doctor physician midwife "
    "patient carer caregiver teacher student manager pharmacist physiotherapist surgeon married single widowed divorced rural urban".split()
)


def _told(quotation: Quotation) -> list[str]:
    """What the label says besides sex and age."""
    return [
        a.strip().lower()
        for a in quotation.attributes
        if not re.fullmatch(r"\W*(?:\d+|aged? \d+).*|f|m|male|female|woman|man", a.strip().lower())
    ]


def _alike(a: str, b: str) -> bool:
    words = set(a.split()), set(b.split())
    return len(words[0] & words[1]) * 2 > min(len(words[0]), len(words[1]))


def _vocabulary(entries: Iterable[Entry]) -> Counter[str]:
    """By how many identifiers each attribute is carried."""
    return Counter(word for e in entries for word in {w for q in e.quotations for w in _told(q)})


@comparison("same-quotation")
def same_quotation(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The same words under two identifiers."""
    first: dict[str, Quotation] = {}
    for quotation in context.manuscript.quotations:
        words = re.findall(r"[^\W_]+", context.manuscript.quote(quotation.span).lower())
        if len(words) < _SHORTEST_TWIN or not quotation.identifier:
            continue
        twin = first.setdefault(" ".join(words), quotation)
        if twin.identifier != quotation.identifier:
            yield report(
                rule, context, (_shown(twin), _shown(quotation)), one=twin.identifier,
                two=quotation.identifier,
            )  # fmt: skip


@comparison("identifier-style")
def identifier_style(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """One participant written in two ways (``ID3`` and ``ID03``)."""
    for entry in ledger(context.manuscript):
        by_style: dict[str, Quotation] = {}
        for quotation in entry.quotations:
            digits = re.search(r"\d+", quotation.label or "")
            if digits and entry.number is not None:
                by_style.setdefault(digits[0], quotation)
        if len(by_style) > 1:
            one, two = list(by_style)[:2]
            yield report(
                rule, context, [_shown(q) for q in by_style.values()], one=one, two=two,
                identifier=entry.identifier,
            )  # fmt: skip


@comparison("one-voice")
def one_voice(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """One participant with most of the quotations."""
    entries = ledger(context.manuscript)
    total = sum(len(e.quotations) for e in entries)
    if total < _FEWEST_FOR_SHARE or len(entries) < 3:
        return
    loudest = max(entries, key=lambda e: len(e.quotations))
    count = len(loudest.quotations)
    if count / total >= _LOUD:
        yield report(
            rule, context, [_shown(q) for q in loudest.quotations[:3]],
            identifier=loudest.identifier, count=count, total=total,
        )  # fmt: skip


@comparison("identifier-beyond")
def identifier_beyond(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """An identifier whose number is higher than the number of participants."""
    ranges = dict(_stated_ranges(context.statements))
    size = _sample(context)
    for prefix, entries in prefixes(ledger(context.manuscript)).items():
        if not _is_person(prefix, entries):
            continue
        limit, where, severity = _limit(prefix, ranges, _interviewed(prefix, context) or size)
        beyond = [e for e in entries if limit is not None and (e.number or 0) > limit]
        if beyond and where is not None:
            worst = max(beyond, key=lambda e: e.number or 0)
            yield report(
                rule, context, (_shown(worst.quotations[0]), where), severity,
                identifier=worst.identifier, size=limit,
            )  # fmt: skip


def _limit(
    prefix: str, ranges: dict[str, tuple[int, Span]], size: tuple[int, Span] | None
) -> tuple[int | None, Span | None, Severity | None]:
    """The highest number that an identifier may have, where that is said, and how surely."""
    stated = ranges.get(prefix.lower()) or ranges.get("")
    if stated is not None:
        return stated[0], stated[1], Severity.ERROR
    return (size[0], size[1], None) if size is not None else (None, None, None)


_RANGE = re.compile(
    r"\b([a-z]{1,12})[ -]?#?0{0,2}1 ?(?:to|-|until|through|up to|till|\.\.\.|…) ?(?:\1[ -]?#?)?0?(\d{1,3})\b(?! ?(?:years|min|%))"
)
_NUMBERED = re.compile(
    r"\b(?:numbered|coded|numbers?|codes?|labell?ed|identified|pseudonymi[sz]ed|anonymi[sz]ed)\b[^.;]{0,40}? 1-(\d{1,3})\b"
)
_NOT_CODES = frozenset(
    "table figure tables figures phase step steps chapter question questions theme themes from item items appendix file page pages grade "
    "year years section level type box stage rq aim group groups fg fgd supplement likert scale scored".split()
)


def _stated_ranges(statements: Statements) -> Iterator[tuple[str, tuple[int, Span]]]:
    """Where the authors say how identifiers run ("from C01 to C21", "numbered 1 to 18")."""
    told = statements.holding(
        "number*",
        "cod*",
        "identif*",
        "label*",
        "pseudonym*",
        "called",
        "named",
        "shown",
        "quot*",
        "abbreviat*",
        "marked",
        "until",
        "through",
    )
    for statement in statements.among((told | statements.numbered) & statements.inside(BODY)):
        if statement.sentence.role is Role.TABLE_ROW:
            continue
        for hit in _RANGE.finditer(statement.text):
            if hit[1] not in _NOT_CODES and int(hit[2]) >= 3:
                yield hit[1], (int(hit[2]), statement.span(hit.start(), hit.end()))
        for hit in _NUMBERED.finditer(statement.text):
            yield "", (int(hit[1]), statement.span(hit.start(), hit.end()))


def _sample(context: Context) -> tuple[int, Span] | None:
    """How many people there are to quote, and where that is said."""
    stated = sizes(context.statements)
    counted = [e for e in encounters(context.statements) if e.kind == "interview"]
    met = max(counted, key=lambda e: e.count, default=None)
    if stated and not (met and _adds_up(met)):
        largest: dict[str, int] = {}
        for one in stated:
            largest[one.people.head] = max(one.value, largest.get(one.people.head, 0))
        specific = [n for head, n in largest.items() if head not in GENERIC]
        limit = max(*largest.values(), sum(specific))
        told = next((s for s in stated if s.value == limit), stated[0]).people
        return limit, told.span
    seen = len({e.identifier for e in ledger(context.manuscript)})
    claimed = [
        (int(c.value), c.span)
        for c in context.about("people.interviewed", "interviews")
        if isinstance(c.value, float) and c.value >= seen
    ]
    if met is not None:
        most = max(met.count, *(n for n, _ in claimed)) if claimed else met.count
        return most, met.statement.span(met.start, met.end)
    return max(claimed, key=lambda c: c[0], default=None)


_CODES = {
    "idi": r"idis?\b|in-depth (?:individual )?interviews?",
    "kii": r"kiis?\b|key[- ]informant interviews?",
    "ssi": r"ssis?\b|semi-?structured (?:individual )?interviews?",
}
_WITH_PEOPLE = r"(?:{0})(?: \([^)]*\))*,? (?:(?:were|was) \w+ )?with (\d{{1,3}})\b(?! of)"
_BEFORE_CODE = r"(?<![\d.,/-])(\d{{1,3}}) (?:{0})"
_TWICE = {"counted", "repeated"}  # parts of item 18


def _interviewed(prefix: str, context: Context) -> tuple[int, Span] | None:
    """How many interviews a code such as "IDI" can count, where each was held once.

    Said in one number throughout; where there are several, nobody can tell what they add up to.
    """
    code = _CODES.get(prefix.lower())
    repeated = {
        e.part for a in context.assessments if a.guideline == "coreq" and a.item == 18
        for e in a.evidence
    }  # fmt: skip
    if code is None or repeated & _TWICE:
        return None
    patterns = [re.compile(form.format(code)) for form in (_WITH_PEOPLE, _BEFORE_CODE)]
    said = [
        (int(hit[1]), statement.span(hit.start(), hit.end()))
        for statement in context.statements.among(
            context.statements.numbered & context.statements.inside(BODY)
        )
        if statement.sentence.role is not Role.TABLE_ROW
        for pattern in patterns
        for hit in pattern.finditer(statement.text)
    ]
    return said[0] if len({count for count, _ in said}) == 1 else None


def _adds_up(met: Encounters) -> bool:
    """Whether the sentence parts its interviews ("32 interviews, 20 with nurses, 12 with aides")."""
    numbers = [int(n.low) for n in met.statement.sentence.numbers if not n.percent]
    return len(numbers) > 2 and sum(numbers) == 2 * met.count


_GROUP_CODE = re.compile(r"(?:FGD?|FOCUS GROUP|GROUP|G|GD)[\s#-]*0?(\d{1,2})", re.IGNORECASE)


@comparison("group-beyond")
def group_beyond(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A quotation from a group that is not there ("FG6" where five groups met)."""
    counted = {e.count: e for e in encounters(context.statements) if e.kind == "group"}
    if len(counted) != 1:
        return
    count, one = next(iter(counted.items()))
    for entry in ledger(context.manuscript):
        quotation = entry.quotations[0]
        hit = _GROUP_CODE.match(quotation.label or "")
        if hit and int(hit[1]) > count:
            yield report(
                rule, context, (_shown(quotation), one.statement.span(one.start, one.end)),
                label=quotation.label, count=count,
            )  # fmt: skip
            return


@comparison("role-beyond")
def role_beyond(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "Doctor 4" where three doctors were interviewed."""
    statements = context.statements
    counted: dict[str, list[People]] = {}
    kinds = (SectionKind.ABSTRACT, SectionKind.METHODS, SectionKind.RESULTS)
    for statement in statements.among(statements.numbered & statements.inside(kinds)):
        if statement.sentence.citation or statement.sentence.role is Role.HEADING:
            continue
        for people in counts_in(statement):
            if not people.part:
                counted.setdefault(people.head, []).append(people)
    named = prefixes(ledger(context.manuscript))
    size = _sample(context)
    for prefix, entries in named.items():
        head = singular(prefix.lower())
        stated = counted.get(head, [])
        if head in GENERIC or not stated or " " in prefix:
            continue
        most = max(stated, key=lambda p: p.count)
        beyond = [e for e in entries if (e.number or 0) > most.count]
        if not beyond or len(named) < 2 or most.count < 2:
            continue
        worst = max(beyond, key=lambda e: e.number or 0)
        # One numbering may run through all roles.
        within = size is not None and (worst.number or 0) <= size[0]
        if within and _runs_through(entries, context):
            continue
        yield report(
            rule, context, (_shown(worst.quotations[0]), most.span),
            Severity.WARNING if within else None, identifier=worst.identifier, count=most.count,
        )  # fmt: skip


def _runs_through(entries: list[Entry], context: Context) -> bool:
    """Whether numbers are shared out over the roles: no number stands under two of them."""
    own = {e.number for e in entries}
    return not any(
        e.number in own
        for prefix, others in prefixes(ledger(context.manuscript)).items()
        if others is not entries and prefix != entries[0].prefix
        for e in others
    )


_OUT = re.compile(
    r"\b(?:withdrew|was excluded|were excluded|dropped out|did not (?:complete|finish)|had to be excluded|asked (?:for|us) (?:\w+ ){0,4}(?:deleted|removed))"
)


@comparison("quoted-although-excluded")
def quoted_although_excluded(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A participant who left or was excluded is quoted."""
    statements = context.statements
    entries = {e.identifier.lower(): e for e in ledger(context.manuscript) if e.number is not None}
    if not entries:
        return
    mask = statements.holding(
        "withdrew", "excluded", "dropped", "complete", "finish", "deleted", "removed"
    )
    for statement, hit in statements.find(_OUT, mask & statements.inside(BODY)):
        named = re.findall(r"\b([a-z]{1,12}[ -]?0*\d{1,3})\b", statement.text[: hit.start()][-40:])
        for code in named:
            entry = entries.get(re.sub(r"(?<=[a-z])[ -]?0*(?=\d)", "", code)) or entries.get(code)
            if entry is not None:
                yield report(
                    rule, context, (statement.whole, _shown(entry.quotations[0])), identifier=entry.identifier
                )  # fmt: skip


_ALL_QUOTED = re.compile(
    r"\b(?:every|each|all)(?: (?:of )?(?:the )?(?:\d+|single))?(?: [a-z]+)? (?:is|are|was|were|has been|have been) quoted\b"
    r"|\bquot(?:es?|ations?) (?:from|of|by) (?:all|every|each)(?: of)?(?: the)?(?: \d+)? (?!theme|group|site|categor|level)[a-z]+ (?:are|is|were|have been|was)\b"
    r"|\ball (?:\d+ )?(?:participants|interviewees|respondents|informants) are (?:represented|quoted) (?:in the quot|by at least)"
)


@comparison("all-quoted")
def all_quoted(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """All participants are said to be quoted, and some are not."""
    statements = context.statements
    size = _sample(context)
    seen = list(ledger(context.manuscript))
    if size is None or len(seen) >= size[0] or len(seen) < 3:
        return
    mask = statements.holding("quoted", "quot*", "represented") & statements.inside(BODY)
    for statement, hit in statements.find(_ALL_QUOTED, mask):
        yield report(
            rule, context, (statement.span(hit.start(), hit.end()), size[1]), seen=len(seen), size=size[0]
        )  # fmt: skip
        return


_SPEECH_END = re.compile(r"[:,]$")


@comparison("said-by-another")
def said_by_another(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "C4 said: ... (C5)": the words before the quotation name another speaker than its label."""
    text = context.manuscript.text
    entries = ledger(context.manuscript)
    known = {e.identifier for e in entries}
    for entry in entries:
        if entry.number is None or len(entry.prefix) > 12:
            continue
        spoken = re.compile(
            rf"\b{re.escape(entry.prefix)}[\s-]?#?0*(\d{{1,3}})(?!\d)", re.IGNORECASE
        )
        for quotation in entry.quotations:
            ahead = text[max(quotation.span.start - 260, 0) : quotation.span.start]
            ahead = ahead.rstrip("\n \t\"“”'‘«")
            sentence = re.split(r"(?<=[.!?])\s|\n\s*\n", ahead)[-1]
            if quotation.label_span is None or quotation.label_span.start < quotation.span.start:
                continue
            if not _SPEECH_END.search(ahead) or re.search(r"[\"”]\s*\(", sentence):
                continue
            named = [int(n) for n in spoken.findall(sentence)]
            if len(set(named)) != 1 or named[0] == entry.number:
                continue
            other = f"{entry.prefix}{'' if len(entry.prefix) <= 6 else ' '}{named[0]}"
            if _known(other, known):
                start = max(quotation.span.start - 260, 0) + ahead.rindex(sentence)
                opening = Span(start, quotation.span.start)
                yield report(
                    rule, context, (opening, _shown(quotation)), one=other, two=entry.identifier
                )  # fmt: skip


def _known(identifier: str, known: set[str]) -> bool:
    return identifier.replace(" ", "") in {k.replace(" ", "") for k in known}


_SHORTEST_COMMON = 10  # words that two quotations share before they differ


@comparison("two-wordings")
def two_wordings(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The same words of one person, printed twice with other words in them."""
    quotations = [q for q in context.manuscript.quotations if not q.in_table]
    text = context.manuscript.text
    worded = [(q, _words_of(text[q.span.start : q.span.end])) for q in quotations]
    first: dict[tuple[str, ...], int] = {}
    seen: set[tuple[int, int]] = set()
    for number, (_, words) in enumerate(worded):
        for at in range(max(len(words) - 5, 0)):
            other = first.setdefault(tuple(words[at : at + 6]), number)
            if other == number or (other, number) in seen:
                continue
            seen.add((other, number))
            one, two = worded[other], worded[number]
            if _reworded(one[1], two[1]) and _same_speaker(one[0], two[0]):
                yield report(rule, context, (_shown(one[0]), _shown(two[0])))


def _words_of(text: str) -> list[str]:
    """The words, with a mark where something was left out or added by the authors."""
    text = re.sub(r"\[[^\]]*\]|\.{3,}|…|\. \. \.", " § ", text)
    return re.findall(r"§|[^\W_]+", text.lower().replace("’", "").replace("'", ""))


def _same_speaker(one: Quotation, two: Quotation) -> bool:
    return one.identifier is None or two.identifier is None or one.identifier == two.identifier


def _reworded(one: list[str], two: list[str]) -> bool:
    """Whether the two share most of their words, and in the middle exchange some."""
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    blocks = [b for b in matcher.get_matching_blocks() if b.size]
    shared = sum(b.size for b in blocks)
    if shared < _SHORTEST_COMMON or shared < 0.7 * min(len(one), len(two)):
        return False
    for tag, a, b, c, d in matcher.get_opcodes():
        inner = a > 0 and b < len(one) and c > 0 and d < len(two)
        left_out = "§" in one[max(a - 1, 0) : b + 1] or "§" in two[max(c - 1, 0) : d + 1]
        if tag == "replace" and inner and not left_out and not _spelling(one[a:b], two[c:d]):
            return True
    return False


def _spelling(one: list[str], two: list[str]) -> bool:
    """Whether the exchange is one of spelling only ("organise", "organize")."""
    a, b = "".join(one), "".join(two)
    return a.replace("z", "s") == b.replace("z", "s") or a.isdigit() or b.isdigit()


# --- the table of participants against the labels

_PEOPLE_PREFIXES = {
    "participant": "p",
    "respondent": "r",
    "interviewee": "i",
    "interview": "i",
    "patient": "p",
    "pt": "p",
}


@comparison("identifier-in-table")
def identifier_in_table(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The table gives a participant another sex or age than the labels of the quotations."""
    entries = {_key(e.identifier): e for e in ledger(context.manuscript)}
    if not entries:
        return
    for grid in grids(context.manuscript):
        rows = [
            (row, span, _key(row[0]))
            for row, span in zip(grid.rows, grid.spans, strict=True)
            if row
        ]
        known = [r for r in rows if r[2] in entries]
        if len(known) < 3 or len(known) < 0.3 * (len(rows) - grid.headers):
            continue
        for row, span, key in known:
            for quotation in entries[key].quotations:
                words = _row_against_label(row, grid, quotation)
                if words is not None:
                    yield report(
                        rule, context, (span, _shown(quotation)), identifier=entries[key].identifier,
                        one=words[0], two=words[1],
                    )  # fmt: skip
                    break


def _key(identifier: str) -> str:
    """ "Participant 5", "P5" and "P05" are one."""
    text = re.sub(r"[\s#._-]+", "", identifier.lower())
    hit = re.fullmatch(r"([a-z]+)0*(\d+)", text)
    return f"{_PEOPLE_PREFIXES.get(hit[1], hit[1])}{hit[2]}" if hit else text


def _row_against_label(
    row: tuple[str, ...], grid: Grid, quotation: Quotation
) -> tuple[object, object] | None:
    said = sex(quotation)
    cells = [c.strip().lower() for c in row[1:]]
    sexes = {SEXES[c] for c in cells if c in SEXES}
    if said and len(sexes) == 1 and said not in sexes:
        return next(iter(sexes)), said
    years = age(quotation)
    column = next(
        (n for n, head in enumerate(grid.rows[0]) if re.match(r"age\b", head.strip().lower())), None
    )
    if years is not None and column is not None and column < len(row):
        printed = re.fullmatch(r"(\d{1,2})(?: ?(?:years?|y|yrs?))?", row[column].strip())
        if printed and abs(int(printed[1]) - years) > _AGES_APART:
            return int(printed[1]), years
    return None


_NO_PEOPLE = frozenset(
    "FG FGD G GD GROUP L LINE PAGE FOCUSGROUP SITE TEAM SPEAKER LEVEL YEAR BAND".split()
)


def _is_person(prefix: str, entries: list[Entry]) -> bool:
    """Whether the numbers count people: no groups, transcripts, lines, or years."""
    letters = re.sub(r"[^A-Z]", "", prefix.upper())
    return letters not in _NO_PEOPLE and all((e.number or 0) < 1000 for e in entries)
