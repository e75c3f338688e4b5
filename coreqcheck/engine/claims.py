"""Typed facts that a manuscript states about its own study, for comparison with each other.

Claims come from the phrases of the consistency rules, from the numbers that item rules record
(``<number:people.declined>``), and from the functions registered with ``@source``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from coreqcheck.engine.assess import quotable
from coreqcheck.engine.match import Match, Matcher
from coreqcheck.language.schema import ClaimPattern, ItemClaims, RuleSet
from coreqcheck.model import Assessment, Claim, Evidence, SectionKind, Sentence, Stance

Source = Callable[[Matcher], Iterable[Claim]]
SOURCES: list[Source] = []

_PILOT = frozenset({"pilot", "piloted", "pilots", "piloting", "pretest", "pretested"})
_HEDGES = frozenset(
    {"may", "might", "perhaps", "possibly", "probably", "fully", "partly", "mostly", "largely"}
)
_SKIPPED = (SectionKind.INTRODUCTION, SectionKind.REFERENCES, SectionKind.CHECKLIST)


def source(function: Source) -> Source:
    """Register a function that finds claims in the text's structure."""
    SOURCES.append(function)
    return function


def collect(
    matcher: Matcher, rules: RuleSet, assessments: Iterable[Assessment] = ()
) -> tuple[Claim, ...]:
    """All claims of one manuscript, in text order, each once.

    The evidence of ``assessments`` becomes claims where a consistency rule asks for it.
    """
    claims: dict[tuple[object, ...], Claim] = {}
    found = [claim for rule in rules.consistency for p in rule.claims for claim in _by(p, matcher)]
    found += _recorded(matcher, rules)
    evidence = [e for a in assessments for e in a.evidence if a.guideline == "coreq"]
    for rule in rules.consistency:
        for items in rule.items:
            found += _from_evidence(items, evidence, matcher)
    found += [claim for function in SOURCES for claim in function(matcher)]
    for claim in found:
        key = (claim.subject, claim.value, claim.polarity, claim.scope, claim.span)
        claims.setdefault(key, claim)
    return tuple(sorted(claims.values(), key=lambda c: (c.span, c.subject)))


def _from_evidence(
    items: ItemClaims, evidence: Iterable[Evidence], matcher: Matcher
) -> Iterable[Claim]:
    for one in evidence:
        if one.item != items.item or one.part not in items.done + items.denied:
            continue
        sentence = sentence_at(matcher.index.sentences, one.match.start)
        if items.vetoes and matcher.ranges(items.vetoes, sentence.index):
            continue
        yield Claim(
            subject=items.subject,
            value=None,
            polarity=Stance.DONE if one.part in items.done else Stance.DENIED,
            scope=_scope(sentence, items.subject),
            span=one.span,
            sentence=sentence.index,
            hedged=not _HEDGES.isdisjoint(sentence.words),
        )


def sentence_at(sentences: Sequence[Sentence], offset: int) -> Sentence:
    """The sentence that holds ``offset``, or the last one before it."""
    return sentences[max(bisect_right(sentences, offset, key=lambda s: s.span.start) - 1, 0)]


def _by(pattern: ClaimPattern, matcher: Matcher) -> Iterable[Claim]:
    index = matcher.index
    allowed = index.searchable
    if pattern.only:
        allowed &= index.in_kinds(pattern.only)
    else:
        allowed &= ~index.in_kinds(pattern.skip or _SKIPPED)
    for phrase in pattern.phrases:
        for match in matcher.find(phrase, allowed):
            if pattern.negatable and matcher.denied(match):
                continue
            if not pattern.planned and matcher.planned(match):
                continue
            if pattern.vetoes and matcher.ranges(pattern.vetoes, match.sentence):
                continue
            yield claim_of(
                match, matcher, pattern.subject, pattern.stance, _value(pattern, match, matcher)
            )


def _value(
    pattern: ClaimPattern, match: Match, matcher: Matcher
) -> float | str | tuple[float, float] | None:
    """The word that the rule names, else the first number or range of the match."""
    if pattern.value is not None:
        return pattern.value
    numbers = matcher.numbers_in(match)
    if not numbers:
        return None
    number = numbers[0][1]
    return number.low if number.low == number.high else (number.low, number.high)


def claim_of(
    match: Match,
    matcher: Matcher,
    subject: str,
    stance: Stance,
    value: float | str | tuple[float, float] | None,
) -> Claim:
    """A claim about ``subject`` that rests on ``match``; its sentence is what is quoted."""
    sentence = matcher.index.sentences[match.sentence]
    return Claim(
        subject=subject,
        value=value,
        polarity=stance,
        scope=_scope(sentence, subject),
        span=quotable(sentence, match.first, match.last),
        sentence=match.sentence,
        hedged=not _HEDGES.isdisjoint(sentence.words),
    )


def scope_of(sentence: Sentence) -> str:
    """``pilot`` when the sentence speaks of one, else the main study."""
    return "pilot" if not _PILOT.isdisjoint(sentence.words) else ""


def _scope(sentence: Sentence, subject: str) -> str:
    """Whether there was a pilot is a question about the main study."""
    return "" if subject == "pilot" else scope_of(sentence)


def _recorded(matcher: Matcher, rules: RuleSet) -> list[Claim]:
    """The numbers that phrases of item rules record."""
    found = []
    for rule in rules.rules:
        allowed = matcher.index.searchable & ~matcher.index.in_kinds(rule.skip)
        for part in rule.parts:
            for phrase in part.phrases:
                if ":" not in phrase.source or "<number:" not in phrase.source:
                    continue
                for match in matcher.find(phrase, allowed):
                    if matcher.denied(match) or matcher.planned(match):
                        continue
                    for subject, number in matcher.numbers_in(match):
                        value = (
                            number.low if number.low == number.high else (number.low, number.high)
                        )
                        found.append(claim_of(match, matcher, subject, Stance.DONE, value))
    return found
