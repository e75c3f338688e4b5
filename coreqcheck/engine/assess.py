"""From rules and an indexed manuscript to evidence, and from evidence to levels."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from coreqcheck.engine.detectors import DETECTORS
from coreqcheck.engine.index import Index
from coreqcheck.engine.match import Match, Matcher
from coreqcheck.errors import RuleError
from coreqcheck.language.expressions import holds, names
from coreqcheck.language.schema import Loan, Part, Rule, Unless
from coreqcheck.model import Assessment, Evidence, Level, Role, SectionKind, Sentence, Span, Stance

LONGEST_QUOTE = 72
"""Our words that a quotation may have. The JSON contract allows 80, counted more finely."""

_PRIOR = 6  # labelled manuscripts that the rule writer's own estimate is worth
_OUTSIDE = 0.85  # a statement outside the sections that the rule prefers is a little less sure
_SECOND = 0.08  # what each further piece of evidence of one part counts less, for the order only


def assess(rule: Rule, matcher: Matcher) -> Assessment:
    """The verdict on one item, with its evidence ranked best first."""
    found: dict[str, list[Evidence]] = {}
    for part in _in_order(rule.parts):
        found[part.name] = _kept(rule, part, matcher, found)
    present = {name for name, evidence in found.items() if evidence}
    level = next((lv for lv, expr in rule.levels if holds(expr, present)), Level.ABSENT)
    evidence = _ranked(rule, level, found) if level is not Level.ABSENT else ()
    missing = _missing(rule, level, present)
    return Assessment(
        item=rule.item,
        name=rule.name,
        level=level,
        confidence=round(max(map(_sureness, evidence), default=0.8), 2),
        evidence=evidence,
        missing=missing,
        advice=_advice(rule, level, missing),
        judgement=rule.judgement,
        guideline=rule.guideline,
        domain=rule.domain,
        asks=rule.asks,
        example=rule.guidance.example,
        where=rule.guidance.where,
        prefix=rule.prefix,
    )


def _sureness(evidence: Evidence) -> float:
    """What the rule says of such evidence, drawn towards how often it was right.

    The rule's own figure alone ranks evidence: it also tells which sentence a reader wants to see.
    """
    return (evidence.right + _PRIOR * evidence.confidence) / (evidence.seen + _PRIOR)


def _in_order(parts: tuple[Part, ...]) -> list[Part]:
    """Parts that follow others come after them."""
    return sorted(parts, key=lambda p: p.after is not None)


def _kept(
    rule: Rule, part: Part, matcher: Matcher, found: dict[str, list[Evidence]]
) -> list[Evidence]:
    """The evidence of a part, looked for once a manuscript: other guidelines may use it too."""
    key = rule.guideline, rule.item, part.name
    if key not in matcher.evidence:
        matcher.evidence[key] = _evidence(rule, part, matcher, found)
    return matcher.evidence[key]


def _by_loan(rule: Rule, part: Part, loan: Loan, matcher: Matcher) -> Iterator[Evidence]:
    """The evidence of another item's part, as evidence of this one."""
    if loan.rule is None:
        return
    lent = loan.rule.part(loan.part)
    found: dict[str, list[Evidence]] = {}
    if lent.after is not None:
        found[lent.after] = _kept(loan.rule, loan.rule.part(lent.after), matcher, {})
    source = f"{loan.guideline}:{loan.item}.{loan.part}"
    for one in _kept(loan.rule, lent, matcher, found):
        if part.only and _kind_of(one, matcher) not in part.only:
            continue
        yield replace(
            one,
            item=rule.item,
            part=part.name,
            phrase=f"{source}: {one.phrase}",
            stance=part.stance,
            guideline=rule.guideline,
        )


def _evidence(
    rule: Rule, part: Part, matcher: Matcher, found: dict[str, list[Evidence]]
) -> list[Evidence]:
    evidence = _by_phrases(rule, part, matcher)
    if part.cited:
        evidence += _by_phrases(rule, part, matcher.of_others())
    for loan in part.loans:
        evidence += _by_loan(rule, part, loan, matcher)
    if part.detector:
        evidence += _by_detector(rule, part, matcher.index)
    if part.after is not None:
        evidence = [e for e in evidence if _follows(e, found[part.after], part.within, matcher)]
    best: dict[Span, Evidence] = {}
    for one in evidence:
        kept = best.get(one.span)
        if kept is None or one.confidence > kept.confidence:
            best[one.span] = one
    if len(best) < part.at_least:
        return []
    return sorted(best.values(), key=lambda e: (-e.confidence, e.span.start))


def _allowed(rule: Rule, part: Part, index: Index) -> int:
    """The sentences in which a part is looked for."""
    # COREQ asks of the interviews, not of the survey that a paper reports beside them.
    allowed = index.searchable & ~index.aside
    if part.only:
        only = index.in_kinds(part.only)
        if SectionKind.LIMITATIONS in part.only:
            only |= index.limitations
        allowed &= only
    else:
        skip = rule.skip - part.also
        if index.kinds.get(SectionKind.RESULTS) and not index.kinds.get(SectionKind.METHODS):
            # Results without methods: they may well stand under the introduction's heading.
            skip -= {SectionKind.INTRODUCTION}
        allowed &= ~index.in_kinds(skip)
    if rule.without_methods and index.kinds.get(SectionKind.METHODS):
        allowed &= ~index.in_kinds(rule.without_methods) | index.limitations
    if part.roles:
        allowed &= index.in_roles(part.roles)
    elif SectionKind.FRONT not in part.also:
        # A title names the topic; what was done in the study is no news of it.
        allowed &= ~index.in_roles((Role.TITLE,))
    return allowed


def _by_phrases(rule: Rule, part: Part, matcher: Matcher) -> list[Evidence]:
    allowed = _allowed(rule, part, matcher.index)
    if part.context:
        allowed &= _in_context(part, matcher)
    evidence = []
    for phrase in part.phrases:
        for match in matcher.find(phrase, allowed):
            if _counts(rule, part, match, matcher):
                evidence.append(_as_evidence(rule, part, match, matcher))
                if not matcher.exhaustive:
                    # One phrase of a part is enough for a sentence.
                    allowed &= ~(1 << match.sentence)
    return evidence


def _in_context(part: Part, matcher: Matcher) -> int:
    """The sentences that hold one of the context phrases, or follow one that does."""
    mask = matcher.holding(part.context, matcher.index.searchable)
    for _ in range(part.context_within):
        mask |= mask << 1
    return mask


def _counts(rule: Rule, part: Part, match: Match, matcher: Matcher) -> bool:
    if part.negatable and matcher.denied(match):
        return False
    if not part.planned and matcher.planned(match):
        return False
    if part.vetoes and _vetoed(part, match, matcher):
        return False
    return not any(_masked(mask, part, match, matcher) for mask in rule.unless)


def _vetoed(part: Part, match: Match, matcher: Matcher) -> bool:
    """Whether a veto stands in the sentence of the match, or close enough to it."""
    near = range(match.sentence - part.vetoes_within, match.sentence + part.vetoes_within + 1)
    return any(matcher.ranges(part.vetoes, sentence) for sentence in near)


def _masked(mask: Unless, part: Part, match: Match, matcher: Matcher) -> bool:
    if mask.parts and part.name not in mask.parts:
        return False
    ranges = matcher.ranges(mask.phrases, match.sentence)
    if mask.whole:
        return bool(ranges)
    return any(first < match.last and match.first < last for first, last in ranges)


def _as_evidence(rule: Rule, part: Part, match: Match, matcher: Matcher) -> Evidence:
    sentence = matcher.index.sentences[match.sentence]
    kind = matcher.index.manuscript.kind(sentence)
    confidence = part.confidence
    if rule.prefer and kind not in rule.prefer:
        confidence *= _OUTSIDE
    return Evidence(
        item=rule.item,
        part=part.name,
        phrase=match.phrase.source,
        span=quotable(sentence, match.first, match.last),
        match=matcher.span(match),
        stance=part.stance,
        confidence=round(confidence, 3),
        guideline=rule.guideline,
        right=part.right,
        seen=part.seen,
    )


def quotable(sentence: Sentence, first: int, last: int) -> Span:
    """The sentence, or, when it is too long to quote, a window of it around the words."""
    count = len(sentence.words)
    if count <= LONGEST_QUOTE:
        return sentence.span
    spare = max(LONGEST_QUOTE - (last - first), 0)
    low = max(0, min(first - spare // 2, count - LONGEST_QUOTE))
    high = min(low + LONGEST_QUOTE, count)
    return Span(sentence.starts[low], sentence.ends[high - 1])


def _by_detector(rule: Rule, part: Part, index: Index) -> list[Evidence]:
    function = DETECTORS.get(part.detector or "")
    if function is None:
        raise RuleError(f"{rule.file}: there is no detector {part.detector!r}")
    return [
        Evidence(
            item=rule.item,
            part=part.name,
            phrase=f"detector:{part.detector}",
            span=one.span,
            match=one.match or one.span,
            stance=part.stance,
            confidence=round(min(part.confidence, one.confidence), 3),
            guideline=rule.guideline,
            right=part.right,
            seen=part.seen,
        )
        for one in function(index)
    ]


def _follows(evidence: Evidence, before: list[Evidence], within: int, matcher: Matcher) -> bool:
    """Whether the evidence stands in the same sentence as an earlier part's, or soon after."""
    at = _sentence_of(evidence, matcher)
    return any(0 <= at - _sentence_of(one, matcher) <= within for one in before)


def _sentence_of(evidence: Evidence, matcher: Matcher) -> int:
    """The number of the sentence that the evidence stands in."""
    sentences = matcher.index.sentences
    return max(bisect_right(sentences, evidence.match.start, key=lambda s: s.span.start) - 1, 0)


def _kind_of(evidence: Evidence, matcher: Matcher) -> SectionKind:
    """The kind of the section that the evidence stands in."""
    index = matcher.index
    return index.manuscript.kind(index.sentences[_sentence_of(evidence, matcher)])


def _ranked(rule: Rule, level: Level, found: dict[str, list[Evidence]]) -> tuple[Evidence, ...]:
    """The evidence, best first: that of the level's own parts before that of others.

    A part's second piece weighs less than its first, so that every strong part comes early.
    """
    wanted = dict.fromkeys(n for lv, expr in rule.levels if lv is level for n in names(expr))
    ranked: list[Evidence] = []
    seen: set[Span] = set()
    for part_names in (wanted, [n for n in found if n not in wanted]):
        weighed = [
            (one.confidence - _SECOND * rank, -number, one)
            for number, name in enumerate(part_names)
            for rank, one in enumerate(found[name])
        ]
        for _, _, one in sorted(weighed, key=lambda w: w[:2], reverse=True):
            if one.span not in seen:
                seen.add(one.span)
                ranked.append(one)
    return tuple(ranked)


def _missing(rule: Rule, level: Level, present: set[str]) -> tuple[str, ...]:
    """What to add so that the item would be reported."""
    if level not in {Level.PARTIAL, Level.ABSENT}:
        return ()
    wanted = [n for lv, expr in rule.levels if lv is Level.REPORTED for n in names(expr)]
    labels = []
    for name in dict.fromkeys(wanted):
        part = rule.part(name)
        if name not in present and part.stance is Stance.DONE:
            labels.append(part.label)
    return tuple(labels)


def _advice(rule: Rule, level: Level, missing: tuple[str, ...]) -> str:
    if level is Level.ABSENT:
        parts = [p.missing for p in rule.parts if p.missing and p.stance is Stance.DONE]
        return parts[0] if parts else rule.asks
    if level is Level.PARTIAL:
        parts = [p.missing for p in rule.parts if p.label in missing and p.missing]
        return " ".join(dict.fromkeys(parts)) or rule.asks
    return ""
