"""What the identifiers of quotations contradict: the sample's size, each other, themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from coreqcheck.engine.consistency import Context, comparison, finding
from coreqcheck.engine.ledger import Entry, age, ledger, prefixes, sex
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Claim, Finding, FindingPlace, Quotation, Span

_SHORTEST_TWIN = 8  # words; shorter quotations may well be said twice
_FEWEST_FOR_SHARE = 10  # quotations; below, one voice is bound to be loud
_LOUD = 0.4
_LONGEST_PREFIX = 2  # words; a longer label describes a kind of person


def _places(context: Context, quotations: Iterable[Quotation]) -> tuple[FindingPlace, ...]:
    text = context.manuscript
    return tuple(FindingPlace(_shown(q), text.quote(_shown(q))) for q in quotations)


def _shown(quotation: Quotation) -> Span:
    """The quotation's last words with its label: what tells it apart."""
    span, label = quotation.span, quotation.label_span
    if label is None:
        return span
    return Span(min(span.start, label.start), max(span.end, label.end))


def _finding(
    rule: ConsistencyRule, context: Context, places: tuple[FindingPlace, ...], **words: object
) -> Finding:
    return Finding(
        check=rule.check,
        kind=rule.kind,
        severity=rule.severity,
        message=rule.message.format(**words),
        places=places,
        advice=rule.advice,
        innocent=rule.innocent,
    )


@comparison("same-identifier")
def same_identifier(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """One identifier, two sexes or two ages."""
    for entry in ledger(context.manuscript):
        if not _is_person(entry.prefix, [entry]) or len(entry.prefix.split()) > _LONGEST_PREFIX:
            continue
        for attribute in (sex, age):
            values: dict[object, Quotation] = {}
            for quotation in entry.quotations:
                value = attribute(quotation)
                if value is not None:
                    values.setdefault(value, quotation)
            if len(values) > 1:
                one, two = list(values.items())[:2]
                yield _finding(
                    rule,
                    context,
                    _places(context, (one[1], two[1])),
                    identifier=entry.identifier,
                    one=one[0],
                    two=two[0],
                )
                break


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
            yield _finding(
                rule,
                context,
                _places(context, (twin, quotation)),
                one=twin.identifier,
                two=quotation.identifier,
            )


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
            yield _finding(
                rule, context, _places(context, by_style.values()), one=one, two=two,
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
        yield _finding(
            rule,
            context,
            _places(context, loudest.quotations[:3]),
            identifier=loudest.identifier,
            count=count,
            total=total,
        )


@comparison("identifier-beyond")
def identifier_beyond(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """An identifier whose number is higher than the number of participants."""
    sizes = [c for c in context.about("people.interviewed") if isinstance(c.value, float)]
    if not sizes:
        return
    size = _agreed(sizes)
    largest = max(float(c.value) for c in sizes if isinstance(c.value, float))
    for prefix, entries in prefixes(ledger(context.manuscript)).items():
        beyond = [e for e in entries if e.number is not None and e.number > largest]
        if beyond and size is not None and _is_person(prefix, entries):
            worst = max(beyond, key=lambda e: e.number or 0)
            quoted = finding(rule, context, [size], identifier=worst.identifier, size=largest)
            yield Finding(
                check=rule.check,
                kind=rule.kind,
                severity=rule.severity,
                message=rule.message.format(identifier=worst.identifier, size=int(largest)),
                places=(*_places(context, worst.quotations[:1]), *quoted.places),
                advice=rule.advice,
                innocent=rule.innocent,
            )


def _agreed(sizes: list[Claim]) -> Claim | None:
    """The claim that states the commonest value."""
    common, _ = Counter(c.value for c in sizes).most_common(1)[0]
    return next((c for c in sizes if c.value == common), None)


def _is_person(prefix: str, entries: list[Entry]) -> bool:
    """Whether the numbers count people: no groups, transcripts, lines, or years."""
    letters = re.sub(r"[^A-Z]", "", prefix.upper())
    groups = {"FG", "FGD", "G", "GD", "GROUP", "L", "LINE", "PAGE", "FOCUSGROUP", "SITE", "TEAM"}
    return letters not in groups and all((e.number or 0) < 1000 for e in entries)
