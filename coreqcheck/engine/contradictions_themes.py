"""Themes announced, counted and presented: the numbers must agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.statements import QUOTED, Statement, Statements
from coreqcheck.engine.tables import grids
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, Number, Role, Section, SectionKind, Span

_NOUNS = {
    "theme": "theme", "themes": "theme", "metatheme": "theme", "metathemes": "theme",
    "subtheme": "subtheme", "subthemes": "subtheme", "category": "category",
    "categories": "category", "subcategory": "subcategory", "subcategories": "subcategory",
}  # fmt: skip
_BETWEEN = frozenset(
    "main major key core central overarching principal primary broad broader overall final distinct "
    "interrelated interconnected related recurrent recurring dominant analytic analytical interpretive "
    "general important higher level order superordinate global organising common of the cross cutting "
    "essential fundamental interlinked linked inter emergent emerging thematic new such group".split()
)
_SOME = frozenset(
    "first second third last next other another remaining these those additional further one each initial "
    "preliminary candidate provisional from into under within across per".split()
)
_ARRANGED = frozenset("organised arranged presented summarised described reported gathered".split())
_MAKING = re.compile(
    r"\b(?:identif|emerg|develop|generat|construct|deriv|extract|found|result|reveal|arose|describ|present|"
    r"report|form|produc|yield|creat|captur|organi|group|classif|includ|compris|consist|there (?:were|are)|"
    r"were|are|findings|in \d)"
)
_DEFINITE = re.compile(r"\b(?:the|these|all|our|its|their|all of the|across the|underlying the) $")
_SKIPPED = (SectionKind.INTRODUCTION, SectionKind.REFERENCES, SectionKind.CHECKLIST)
_FEWEST = 2
_MOST = 12
_SHOWN = 4  # places


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """``count`` themes (or sub-themes, categories ...), as one sentence says."""

    noun: str
    count: int
    statement: Statement
    start: int
    end: int

    @property
    def span(self) -> Span:
        """What to quote."""
        return self.statement.span(self.start, self.end)


def theme_counts(context: Context) -> list[ThemeCount]:
    """The numbers of themes that the authors state for the whole of their findings."""
    statements = context.statements
    index = context.matcher.index
    mask = statements.holding(
        "theme*", "category", "categories", "subtheme*", "subcategor*", "metatheme*"
    )
    found = []
    for statement in statements.among(mask & statements.numbered & ~index.in_kinds(_SKIPPED)):
        sentence = statement.sentence
        if sentence.role is Role.TABLE_ROW:
            continue
        citing = sentence.citation and statement.kind is SectionKind.DISCUSSION
        for number in sentence.numbers:
            noun = _noun_after(number, index.views[sentence.index])
            if noun is None or not _FEWEST <= number.low <= _MOST:
                continue
            start = statement.starts[number.first]
            definite = _DEFINITE.search(statement.text, 0, start)
            if definite or (not citing and _MAKING.search(statement.text)):
                end = statement.starts[min(number.last + 1, len(statement.starts) - 1)]
                found.append(ThemeCount(noun, int(number.low), statement, start, end))
    return found


def _noun_after(number: Number, words: tuple[str, ...]) -> str | None:
    """The noun that a number counts: "four main themes", "five sub-themes"."""
    if number.ordinal or number.percent or number.low != number.high:
        return None
    before = words[number.first - 1] if number.first else ""
    arranged = number.first > 1 and words[number.first - 2] in _ARRANGED
    if (before in _SOME and not (arranged and before in {"under", "into"})) or before in {
        "theme",
        "themes",
        "category",
    }:
        return None
    at = number.last + 1
    sub = ""
    while at < len(words) and at <= number.last + 5:
        word = words[at]
        if word == "sub":
            sub = "sub"
        elif sub + word in _NOUNS:
            return _NOUNS[sub + word]
        elif word in _NOUNS:
            return _NOUNS[word]
        elif word not in _BETWEEN:
            return None
        at += 1
    return None


@comparison("theme-count")
def theme_count(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Two numbers of themes, or a number that the headings of the results do not bear out."""
    counts = theme_counts(context)
    for noun in ("theme", "category", "subtheme", "subcategory"):
        stated = [c for c in counts if c.noun == noun and not _of_a_part(c, context)]
        if not stated:
            continue
        if len({c.count for c in stated}) > 1:
            first = stated[0]
            other = next(c for c in stated if c.count != first.count)
            if first.statement is not other.statement:
                yield report(
                    rule, context, [c.span for c in (first, other, *stated)][: _SHOWN + 2],
                    one=first.count, two=other.count, noun=_plural(noun),
                )  # fmt: skip
        elif noun == "theme" or (noun == "category" and not _has(counts, "theme")):
            whole = [c for c in stated if not _under_a_heading(c, context)]
            yield from (f for c in whole[:1] for f in _against_headings(rule, context, c))
        elif noun.startswith("sub"):
            yield from _against_table(rule, context, stated[0])


def _has(counts: list[ThemeCount], noun: str) -> bool:
    return any(c.noun == noun for c in counts)


_PARTED = re.compile(
    r"\b(?:this (?:theme|category)|under (?:this|the)|each (?:theme|category|of)|theme (?:\d|one|two|three|i{1,3}\b)|category (?:\d|i{1,3}\b)|"
    r"pilot|phase|survey|stakeholders?|per (?:theme|category)|respectively|first (?:theme|category)|second (?:theme|category)|"
    r"(?:the|this) (?:first|second|third|fourth|last|final) (?:theme|category|main)|of the (?:\d|themes|main))\b"
)
_STAGE = re.compile(
    r"\b(?:initial(?:ly)?|preliminary|candidate|provisional|draft|original|at first|first|tentative|a priori|predetermined|pre-?defined|emerging) "
    r"(?:[a-z-]+ )?$|(?:reduced|merged|collapsed|condensed|combined) (?:from|in|into) $"
)
_STAGE_AFTER = re.compile(
    r"^[a-z -]{0,40}?(?:were|was|being) (?:then |later |subsequently )?(?:merged|reduced|collapsed|condensed|combined|dropped|added|discarded)"
)


def _of_a_part(one: ThemeCount, context: Context) -> bool:
    """Whether the sentence counts within one theme, one group or one round, not overall."""
    text = one.statement.text
    section = context.manuscript.sections[one.statement.sentence.section]
    deep = section.kind is SectionKind.RESULTS and section.parent is not None
    staged = _STAGE.search(text, max(one.start - 40, 0), one.start)
    later = _STAGE_AFTER.match(text[one.end :])
    if staged or later or _PARTED.search(text):
        return True
    return deep and one.noun.startswith("sub")


_SUB_HEAD = re.compile(r"sub-? ?(?:themes?|categor(?:y|ies))", re.IGNORECASE)


def _against_table(
    rule: ConsistencyRule, context: Context, stated: ThemeCount
) -> Iterable[Finding]:
    """The table of sub-themes has more or fewer rows than the text says."""
    for grid in grids(context.manuscript):
        head = grid.rows[0] if grid.rows else ()
        column = next((n for n, cell in enumerate(head) if _SUB_HEAD.search(cell)), None)
        if column is None or re.search(
            r"example|excerpt|process|meaning unit",
            f"{grid.caption} {' '.join(head)}",
            re.IGNORECASE,
        ):
            continue
        cells = [
            (row[column], span)
            for row, span in zip(grid.rows[grid.headers :], grid.spans[grid.headers :], strict=True)
            if column < len(row) and row[column].strip()
        ]
        names = {cell.strip().lower() for cell, _ in cells}
        if (
            len(names) != stated.count
            and abs(len(names) - stated.count) <= 2
            and len(names) >= _FEWEST
        ):
            if any(";" in n or "\n" in n for n in names):
                continue
            where = grid.caption_span or grid.spans[0]
            yield report(
                rule, context, (stated.span, where, cells[-1][1]), one=stated.count, two=len(names),
                noun=_plural(stated.noun),
            )  # fmt: skip
            return


def _against_headings(
    rule: ConsistencyRule, context: Context, stated: ThemeCount
) -> Iterable[Finding]:
    headings = theme_headings(context)
    if len(headings) < _FEWEST or len(headings) == stated.count:
        return
    # Far off, the headings are something else than the themes.
    if abs(len(headings) - stated.count) > 1 and not all(_NAMED.match(h.title) for h in headings):
        return
    spans = [_heading_span(h, context) for h in headings]
    yield report(
        rule, context, (stated.span, *spans[-1:], *spans[:-1]), one=stated.count,
        two=len(headings), noun=_plural(stated.noun),
    )  # fmt: skip


def theme_headings(context: Context) -> list[Section]:
    """The headings of the results under which quotations stand, all at one depth."""
    sections = context.manuscript.sections
    results = [n for n, s in enumerate(sections) if _is_results_root(n, context)]
    if len(results) != 1:
        return []
    children = [s for s in sections if s.parent == results[0] and s.heading is not None]
    quoted = [s for s in children if _quotations_in(s, context)]
    if len(quoted) < _FEWEST:
        return []
    named = [s for s in children if _NAMED.match(s.title)]
    if len(named) >= _FEWEST:
        return named
    return [s for s in children if not _NO_THEME.search(s.title)]


_NAMED = re.compile(r"[\s\d.]*(?:theme|category)\s+\w+\s*[:.–-]", re.IGNORECASE)
_NO_THEME = re.compile(
    r"participant|sample|characteristic|demographic|respondent|overview|quantitative|survey|setting|"
    r"background|description of|socio|summary|context|profile|study population|main findings|supplement|"
    r"general information|limitation|strength|basic information|demograph|conclusion|themes$",
    re.IGNORECASE,
)


def _is_results_root(number: int, context: Context) -> bool:
    section = context.manuscript.sections[number]
    if section.kind is not SectionKind.RESULTS or section.heading is None:
        return False
    parent = section.parent
    return parent is None or context.manuscript.sections[parent].kind is not SectionKind.RESULTS


def _quotations_in(section: Section, context: Context) -> bool:
    return any(
        section.span.start <= q.span.start < section.span.end for q in context.manuscript.quotations
    )


def _under_a_heading(stated: ThemeCount, context: Context) -> bool:
    """Whether the number stands in a part of the results: then it may be that part's own."""
    section = context.manuscript.sections[stated.statement.sentence.section]
    return any(section is h for h in theme_headings(context))


def _heading_span(section: Section, context: Context) -> Span:
    assert section.heading is not None
    return context.manuscript.document.blocks[section.heading].span


def _plural(noun: str) -> str:
    return {
        "theme": "themes",
        "category": "categories",
        "subtheme": "sub-themes",
        "subcategory": "sub-categories",
    }[noun]


# --- lists that are announced with a number

_ANNOUNCED = re.compile(
    r"(?<![\d.,/-])(\d{1,2}) (?:[a-z-]+ ){0,3}?(themes|sub-?themes|categories|sub-?categories|phases|steps|stages|criteria|domains|dimensions|constructs|components|"
    r"topics|areas|parts|sections|groups|principles|questions|blocks|propositions|concepts|factors|aspects|types|strategies|levels|elements|pillars|headings)\b([^:;.()]{0,90}?)(: | \(|, namely,? |, i\.e\.,? |, that is,? )"
)
_MARKER = re.compile(r"(?:^|[\s(,;])\(?(?:([1-9]\d?)|([a-h])|(i{1,3}|iv|v|vi{1,3}))[).](?=\s)")
_NO_LIST = re.compile(
    r"\b(?:including|such as|for example|e\.g\.|among|like|see|table|figure|box|appendix|cf\.|from|across|with|between|within|per|each|every)\b"
)


@dataclass(frozen=True, slots=True)
class Announced:
    """A list of ``items`` that a sentence announces as ``count`` of a kind (``noun``)."""

    count: int
    noun: str
    items: tuple[str, ...]
    sure: bool
    statement: Statement
    start: int
    end: int


def announced_lists(statements: Statements) -> Iterator[Announced]:
    """ "Three themes: a, b, and c": numbers with the list that follows at once."""
    index = statements.index
    mask = statements.numbered & statements.index.searchable & ~index.in_kinds(_SKIPPED)
    nouns = statements.holding(
        "theme*",
        "subtheme*",
        "categories",
        "subcategories",
        "phases",
        "steps",
        "stages",
        "criteria",
        "domains",
        "dimensions",
        "constructs",
        "components",
        "principles",
        "blocks",
        "propositions",
        "concepts",
        "factors",
        "aspects",
        "parts",
        "elements",
        "pillars",
        "topics",
        "areas",
        "questions",
        "strategies",
        "types",
        "levels",
        "headings",
    )
    for statement in statements.among(mask & nouns):
        if statement.sentence.role in {Role.TABLE_ROW, Role.HEADING} or (
            statement.sentence.citation and statement.kind is SectionKind.DISCUSSION
        ):
            continue
        for hit in _ANNOUNCED.finditer(statement.text):
            if _NO_LIST.search(hit[3]) or _NO_LIST.match(
                statement.text[hit.end() : hit.end() + 12]
            ):
                continue
            found = _listed(statement.text, hit)
            if found is not None:
                items, sure, end = found
                yield Announced(int(hit[1]), hit[2], items, sure, statement, hit.start(), end)


def _listed(text: str, hit: re.Match[str]) -> tuple[tuple[str, ...], bool, int] | None:
    """The items after an announcement, whether their number is sure, and where they end."""
    opened = hit[4].strip()
    rest = text[hit.end() :]
    if opened == "(":
        close = rest.find(")")
        listed = rest[:close] if close > 0 and not re.match(r"[1a-i]\)", rest) else ""
    else:
        stop = re.search(r"\.(?:\s|$)", rest)
        listed = rest[: stop.start()] if stop else rest
    end = hit.end() + len(listed)
    marks = list(_MARKER.finditer(listed))
    if len(marks) >= 2:
        values = [_mark_value(m) for m in marks]
        if values != list(range(1, len(values) + 1)):
            return None
        items = [
            listed[m.end() : (marks[n + 1].start() if n + 1 < len(marks) else len(listed))]
            for n, m in enumerate(marks)
        ]
        return tuple(i.strip(" ,;.and") for i in items), True, end
    if ";" in listed:
        items = [i for i in re.split(r";\s*(?:and )?", listed) if i.strip()]
        return tuple(i.strip(" ,.") for i in items), True, end
    items = [i for i in re.split(r",\s*(?:and |as well as )?", listed) if i.strip()]
    if len(items) < 2:
        return None
    oxford = re.search(r", (?:and|as well as) [^,]+$", listed) is not None
    if not oxford:
        last = re.split(r" and | as well as ", items[-1])
        if len(last) != 2:
            return None
        items[-1:] = last
    # An "and" inside an item may hide a further one.
    sure = oxford and not any(" and " in i or " or " in i for i in items)
    return tuple(i.strip(" .") for i in items), sure, end


def _mark_value(mark: re.Match[str]) -> int:
    if mark[1]:
        return int(mark[1])
    if mark[3]:
        return ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"].index(mark[3]) + 1
    return ord(mark[2]) - ord("a") + 1


@comparison("announced-list")
def announced_list(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "Three categories: a; b; c; d"."""
    for one in announced_lists(context.statements):
        counted = len(one.items)
        if counted == one.count or not one.sure or one.count < _FEWEST:
            continue
        wrong = abs(counted - one.count) <= 2 and counted >= _FEWEST
        if not wrong or any(len(i.split()) > 14 for i in one.items):
            continue
        # Names with commas in them make a list look longer than it is.
        if (
            counted > one.count
            and ";" not in one.statement.text[one.start : one.end]
            and not _MARKER.search(one.statement.text[one.start : one.end])
        ):
            continue
        yield report(
            rule, context, (one.statement.span(one.start, one.end),), count=one.count, noun=one.noun, listed=counted
        )  # fmt: skip


# --- the names of themes in the abstract and above the results

_COMMON = frozenset(
    "the a an of and or in to for on at by with from as is are be being not no theme themes category categories".split()
)


@comparison("theme-names")
def theme_names(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The abstract lists the themes of the headings, one of them under another name."""
    headings = theme_headings(context)
    for one in announced_lists(context.statements):
        if one.statement.kind is not SectionKind.ABSTRACT or not one.noun.startswith(
            ("theme", "categor")
        ):
            continue
        if (
            len(one.items) != len(headings)
            or len(headings) < 3
            or any(QUOTED in i for i in one.items)
        ):
            continue
        titles = [_NUMBERING.sub("", h.title) for h in headings]
        scores = [[_likeness(item, title) for title in titles] for item in one.items]
        unmatched = [n for n, row in enumerate(scores) if max(row) < _UNLIKE]
        lonely = [t for t in range(len(titles)) if max(row[t] for row in scores) < _UNLIKE]
        sure = sum(max(row) >= _LIKE for row in scores)
        if len(unmatched) == 1 and len(lonely) == 1 and sure >= len(titles) - 1:
            yield report(
                rule, context, (one.statement.span(one.start, one.end), _heading_span(headings[lonely[0]], context)),
                one=one.items[unmatched[0]], two=titles[lonely[0]],
            )  # fmt: skip
            return


_LIKE = 0.6
_UNLIKE = 0.3
_NUMBERING = re.compile(r"^[\s\d.]*(?:(?:theme|category)\s+\w+\s*[:.–-])?\s*", re.IGNORECASE)


def _likeness(one: str, two: str) -> float:
    """The share of telling words that two names have in common; stems count."""
    words = [
        {w[:5] for w in re.findall(r"[^\W\d_]+", name.lower()) if w not in _COMMON}
        for name in (one, two)
    ]
    return len(words[0] & words[1]) / max(min(len(words[0]), len(words[1])), 1)
