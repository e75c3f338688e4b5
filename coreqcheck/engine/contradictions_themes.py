"""Themes announced, counted and presented: the numbers must agree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from coreqcheck.engine.consistency import Context, comparison
from coreqcheck.engine.index import members
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import (
    Finding,
    FindingPlace,
    Number,
    Section,
    SectionKind,
    Sentence,
    Span,
)

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
_MAKING = re.compile(
    r"\b(?:identif|emerg|develop|generat|construct|deriv|extract|found|result|reveal|arose|describ|present|"
    r"report|form|produc|yield|creat|captur|organi|group|classif|includ|compris|consist|there (?:were|are)|"
    r"were|are|findings|in (?:four|five|three|six|two|seven))",
    re.IGNORECASE,
)
_SKIPPED = (SectionKind.INTRODUCTION, SectionKind.REFERENCES, SectionKind.CHECKLIST)
_FEWEST = 2
_MOST = 12


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """``count`` themes (or sub-themes, categories ...), as one sentence says."""

    noun: str
    count: int
    sentence: Sentence


def theme_counts(context: Context) -> list[ThemeCount]:
    """The numbers of themes that the authors state for the whole of their findings."""
    index = context.matcher.index
    found = []
    for at in members(index.searchable & ~index.in_kinds(_SKIPPED)):
        sentence = index.sentences[at]
        text = context.manuscript.quote(sentence.span)
        if not sentence.numbers or not _MAKING.search(text):
            continue
        for number in sentence.numbers:
            noun = _noun_after(number, index.views[at])
            if noun is not None and _FEWEST <= number.low <= _MOST:
                found.append(ThemeCount(noun, int(number.low), sentence))
    return found


def _noun_after(number: Number, words: tuple[str, ...]) -> str | None:
    """The noun that a number counts: "four main themes", "five sub-themes"."""
    if number.ordinal or number.percent or number.low != number.high:
        return None
    before = words[number.first - 1] if number.first else ""
    if before in _SOME or before in {"theme", "themes", "category"}:
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
        first = stated[0]
        other = next((c for c in stated if c.count != first.count), None)
        if other is not None:
            yield _finding(
                rule,
                context,
                (first.sentence.span, other.sentence.span),
                one=first.count,
                two=other.count,
                noun=_plural(noun),
            )
        elif noun == "theme" or (noun == "category" and not _has(counts, "theme")):
            yield from _against_headings(rule, context, first)


def _has(counts: list[ThemeCount], noun: str) -> bool:
    return any(c.noun == noun for c in counts)


def _of_a_part(one: ThemeCount, context: Context) -> bool:
    """Whether the sentence counts within one theme, one group or one round, not overall."""
    text = context.manuscript.quote(one.sentence.span)
    section = context.manuscript.sections[one.sentence.section]
    deep = section.kind is SectionKind.RESULTS and section.parent is not None
    parted = re.search(
        r"\b(?:this theme|under (?:this|the)|first (?:theme|phase|round)|initial(?:ly)?|preliminary|"
        r"each theme|theme (?:one|two|1|2|three|3)|pilot|phase|nurses|survey|reduced|merged|collapsed|"
        r"at first|candidate|provisional|draft)\b",
        text,
        re.IGNORECASE,
    )
    return bool(parted) or (deep and one.noun.startswith("sub"))


def _against_headings(
    rule: ConsistencyRule, context: Context, stated: ThemeCount
) -> Iterable[Finding]:
    headings = theme_headings(context)
    if len(headings) < _FEWEST or len(headings) == stated.count:
        return
    # Far off, the headings are something else than the themes.
    if abs(len(headings) - stated.count) > 1:
        return
    spans = [_heading_span(h, context) for h in headings]
    yield _finding(
        rule,
        context,
        (stated.sentence.span, *spans[-1:], *spans[:-1]),
        one=stated.count,
        two=len(headings),
        noun=_plural(stated.noun),
    )


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
        section.span.start <= q.span.start < section.span.end
        for q in context.manuscript.quotations
    )


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


def _finding(
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
