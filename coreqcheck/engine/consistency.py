"""Comparing claims: statements that cannot both hold become findings.

A consistency rule names its kind of comparison. ``opposed`` is generic; what a rule file cannot
say, a function registered with ``@comparison("check-name")`` says: the rule file still holds its
message, severity, guidance and examples.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from coreqcheck.engine.match import Matcher
from coreqcheck.engine.people import GENERIC, is_head, singular, sizes
from coreqcheck.engine.statements import Statements, statements_of
from coreqcheck.errors import RuleError
from coreqcheck.language.schema import ConsistencyRule, RuleSet
from coreqcheck.model import (
    Assessment,
    Checklist,
    Claim,
    Finding,
    FindingPlace,
    Manuscript,
    SectionKind,
    Severity,
    Span,
    Stance,
)


@dataclass(frozen=True, slots=True)
class Context:
    """What comparisons look at."""

    manuscript: Manuscript
    matcher: Matcher
    claims: tuple[Claim, ...]
    assessments: tuple[Assessment, ...]
    checklist: Checklist | None = None

    def about(self, *subjects: str) -> tuple[Claim, ...]:
        """The claims about these subjects, in text order."""
        return tuple(c for c in self.claims if c.subject in subjects)

    @property
    def statements(self) -> Statements:
        """The sentences as plain text, numbers in digits."""
        return statements_of(self.matcher)


Comparison = Callable[[ConsistencyRule, Context], Iterable[Finding]]
COMPARISONS: dict[str, Comparison] = {}


def comparison(check: str) -> Callable[[Comparison], Comparison]:
    """Register the function behind a rule with ``compare = "function"``."""

    def register(function: Comparison) -> Comparison:
        COMPARISONS[check] = function
        return function

    return register


def compare(context: Context, rules: RuleSet) -> tuple[Finding, ...]:
    """The findings of all consistency rules, worst first, then in text order."""
    found: list[Finding] = []
    for rule in rules.consistency:
        found.extend(_compared(rule, context))
    order = list(Severity)
    unique = {(f.check, tuple(p.span for p in f.places)): f for f in found}
    return tuple(
        sorted(
            unique.values(),
            key=lambda f: (order.index(f.severity), f.places[0].span if f.places else 0, f.check),
        )
    )


def _compared(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    function = COMPARISONS.get(rule.check) or COMPARISONS.get(rule.compare)
    if function is None:
        raise RuleError(f"{rule.file}: there is no comparison {rule.compare!r} ({rule.check})")
    return function(rule, context)


def finding(
    rule: ConsistencyRule,
    context: Context,
    claims: Iterable[Claim],
    severity: Severity | None = None,
    **words: object,
) -> Finding:
    """A finding of ``rule`` with one place for each claim; ``words`` fill its message."""
    places = tuple(FindingPlace(c.span, context.manuscript.quote(c.span), c.source) for c in claims)
    return Finding(
        check=rule.check,
        kind=rule.kind,
        severity=severity or rule.severity,
        message=rule.message.format(**words),
        places=places,
        advice=_advice(rule),
        innocent=rule.innocent,
    )


def _advice(rule: ConsistencyRule) -> str:
    """The advice, with the literature that it rests on."""
    return f"{rule.advice} ({rule.reference})" if rule.reference else rule.advice


def report(
    rule: ConsistencyRule,
    context: Context,
    spans: Iterable[Span],
    severity: Severity | None = None,
    **words: object,
) -> Finding:
    """A finding of ``rule`` with these places; ``words`` fill its message."""
    quote = context.manuscript.quote
    clipped = [_clip(s, context.manuscript.text) for s in spans]
    return Finding(
        check=rule.check,
        kind=rule.kind,
        severity=severity or rule.severity,
        message=rule.message.format(**words),
        places=tuple(FindingPlace(s, quote(s)) for s in dict.fromkeys(clipped)),
        advice=_advice(rule),
        innocent=rule.innocent,
    )


_LONGEST_PLACE = 72  # words: the contract allows 80, counted more finely
_WORD = re.compile(r"[^\W_]+")


def _clip(span: Span, text: str) -> Span:
    """The last words of a long stretch: a quotation's label stands at its end."""
    words = list(_WORD.finditer(text, span.start, span.end))
    if len(words) <= _LONGEST_PLACE:
        return span
    return Span(words[-_LONGEST_PLACE].start(), span.end)


@comparison("opposed")
def opposed(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Done against not done, for the same subject and scope: one finding for each scope.

    A hedged side weakens an error to a warning. ``options.apart`` sentences must lie between the
    two sides: an exception that is named at once is no contradiction.
    """
    claims = context.about(*(rule.subjects or (rule.check,)))
    apart = int(dict(rule.options).get("apart", "1"))
    for scope in dict.fromkeys(c.scope for c in claims):
        done = [c for c in claims if c.scope == scope and c.polarity is Stance.DONE]
        denied = [c for c in claims if c.scope == scope and c.polarity is Stance.DENIED]
        # A sentence that says both ("some were, others were not") explains itself.
        mixed = {c.sentence for c in done} & {c.sentence for c in denied}
        far = [
            (a, b)
            for a in done
            for b in denied
            if abs(a.sentence - b.sentence) >= apart
            and mixed.isdisjoint((a.sentence, b.sentence))
            and not _of_others(a, b, context)
            and not _in_two_studies(a, b, context)
        ]
        if far:
            yield _opposition(rule, context, [a for a, _ in far], [b for _, b in far])


_ANYBODY = GENERIC | frozenset("woman man member relative adult people staff researcher".split())


def _of_others(one: Claim, two: Claim, context: Context) -> bool:
    """Whether two sentences speak of different people: the nurses here, the patients there."""
    a, b = (_people_of(c, context) for c in (one, two))
    return bool(a and b) and a.isdisjoint(b)


def _people_of(claim: Claim, context: Context) -> frozenset[str]:
    """The kinds of people, in the singular, of the sample that the sentence of a claim names."""
    sampled = {s.people.head for s in sizes(context.statements)} - _ANYBODY
    if claim.sentence < 0 or len(sampled) < 2:
        return frozenset()
    words = context.manuscript.sentences[claim.sentence].words
    return frozenset(singular(w) for w in words if is_head(w)) & sampled


_STUDY = re.compile(
    r"[\d.\s]*(?:sub-?)?(?:study|part|experiment) (\d+|[ivx]+|one|two|three|four|[a-d])\b", re.I
)


def _in_two_studies(one: Claim, two: Claim, context: Context) -> bool:
    """Whether each of two sentences stands under the heading of another numbered study."""
    a, b = (_study_of(c, context) for c in (one, two))
    return bool(a and b) and a != b


def _study_of(claim: Claim, context: Context) -> str:
    """The number of the study ("Study 1", "Part B") under whose heading a claim stands, or ""."""
    if claim.sentence < 0:
        return ""
    at: int | None = context.manuscript.sentences[claim.sentence].section
    while at is not None:
        section = context.manuscript.sections[at]
        if found := _STUDY.match(section.title):
            return found[1].lower()
        at = section.parent
    return ""


def _opposition(
    rule: ConsistencyRule, context: Context, done: list[Claim], denied: list[Claim]
) -> Finding:
    sides = [*_distinct(done)[:2], *_distinct(denied)[:2]]
    plain = any(not c.hedged for c in done) and any(not c.hedged for c in denied)
    severity = rule.severity
    if not plain and severity is Severity.ERROR:
        severity = Severity.WARNING
    return finding(rule, context, sides, severity)


def _distinct(claims: list[Claim]) -> list[Claim]:
    return list({c.span: c for c in claims}.values())


@comparison("together")
def together(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Two practices that stand side by side although they come from different traditions.

    The rule names two subjects; one claim of each is shown.
    """
    first, second = (context.about(subject) for subject in rule.subjects[:2])
    if first and second:
        yield finding(rule, context, _distinct([first[0], second[0]]))


@comparison("same")
def same(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """One value wherever it is stated: two different words, or two different numbers, do not agree.

    Words conflict only in the ``pairs`` that the rule names ("purposive/convenience; ..."), and
    not where some sentence of the manuscript names both: then it is a mixture. With
    ``options.sections = "different"`` both must stand in sections of different kinds.
    """
    options = dict(rule.options)
    elsewhere = options.get("sections") == "different"
    pairs = {frozenset(p.strip().split("/")) for p in options.get("pairs", "").split(";")}
    claims = context.about(*(rule.subjects or (rule.check,)))
    for scope in dict.fromkeys(c.scope for c in claims):
        stated = [c for c in claims if c.scope == scope and c.value is not None]
        mixed = {frozenset((a.value, b.value)) for a in stated for b in stated if _together(a, b)}
        found = next(
            (
                (a, b)
                for n, a in enumerate(stated)
                for b in stated[n + 1 :]
                if a.value != b.value
                and a.sentence != b.sentence
                and not (elsewhere and _kind(a, context) is _kind(b, context))
                and (not options.get("pairs") or frozenset((a.value, b.value)) in pairs)
                and frozenset((a.value, b.value)) not in mixed
                and not _of_others(a, b, context)
                and not _in_two_studies(a, b, context)
            ),
            None,
        )
        if found:
            hedged = any(c.hedged for c in found) and rule.severity is Severity.ERROR
            severity = Severity.WARNING if hedged else rule.severity
            one, two = found
            yield finding(rule, context, found, severity, one=one.value, two=two.value)


def _kind(claim: Claim, context: Context) -> SectionKind:
    return context.manuscript.kind(context.manuscript.sentences[claim.sentence])


def _together(one: Claim, two: Claim) -> bool:
    return one.sentence == two.sentence and one.value != two.value
