"""What a configuration chooses, looked up in the rules: which items and checks, and their weight."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from coreqcheck.config import Items, Named, Settings, Weight, item_numbers, near
from coreqcheck.errors import ConfigError
from coreqcheck.language.schema import RuleSet
from coreqcheck.model import Answer, Finding, Severity

Key = tuple[str, int]
"""A guideline and the number of one of its items."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The items that are checked, those of the first guideline first; prefixes of guidelines."""

    items: tuple[Key, ...]
    prefixes: dict[str, str]

    def guideline(self, said: Items, where: str) -> str:
        """The guideline that a word means; the first one when it says none."""
        if said.prefix and self.prefixes.get(said.prefix) is None:
            known = " or ".join(f"{p}6 ({g})" for p, g in self.prefixes.items()) or "13"
            raise ConfigError(f"{where}: no guideline has items {said.prefix}1 ...; write {known}")
        meant = self.prefixes.get(said.prefix)
        if said.guideline and meant and meant != said.guideline:
            raise ConfigError(
                f"{where}: items {said.prefix}1 ... are of {meant}, not of {said.guideline}"
            )
        return said.guideline or meant or self.items[0][0]


@dataclass(frozen=True, slots=True)
class Choices:
    """Which items and checks count, and what they weigh.

    ``items`` and ``checks`` are those that count; ``None`` means all. ``absent``, ``partial`` and
    ``judgement`` (an item not located that a reader must judge) are the weights of items that
    ``item_weights`` does not name; it weighs items that were not located. A check that
    ``check_weights`` does not name weighs what its rule says.
    """

    items: frozenset[Key] | None = None
    checks: frozenset[str] | None = None
    absent: Severity = Severity.WARNING
    partial: Severity = Severity.NOTE
    judgement: Severity = Severity.NOTE
    item_weights: tuple[tuple[Key, Severity], ...] = ()
    check_weights: tuple[tuple[str, Severity], ...] = ()

    def weight(self, key: Key) -> Severity | None:
        """The severity that was chosen for an item that was not located."""
        return dict(self.item_weights).get(key)


def choices_of(settings: Settings, rules: RuleSet) -> Choices:
    """The choices of ``settings`` (as ``config.in_force`` gives them).

    Raises:
        ConfigError: they name an item or check that the rules do not have.
    """
    known = _Known(
        tuple((r.guideline, r.item) for r in rules.rules),
        {g.prefix: g.key for g in rules.guidelines if g.prefix},
    )
    checks = tuple(c.check for c in rules.consistency)
    _look_up(settings.answers or (), known, checks)
    return Choices(
        items=_items_that_count(settings, known),
        checks=_checks_that_count(settings, checks),
        absent=settings.absent or Severity.WARNING,
        partial=settings.partial or Severity.NOTE,
        judgement=settings.judgement or Severity.NOTE,
        item_weights=_item_weights(settings.item_weights or (), known),
        check_weights=tuple(
            (_check(w.of, checks), w.severity) for w in settings.check_weights or ()
        ),
    )


def _items_that_count(settings: Settings, known: _Known) -> frozenset[Key] | None:
    ignored = {key for named in settings.ignore_items or () for key in _keys(named, known)}
    if settings.select_items is None:
        return frozenset(known.items) - ignored if ignored else None
    return frozenset(k for n in settings.select_items for k in _keys(n, known)) - ignored


def _checks_that_count(settings: Settings, known: Sequence[str]) -> frozenset[str] | None:
    ignored = {_check(named, known) for named in settings.ignore_checks or ()}
    if settings.select_checks is None:
        return frozenset(known) - ignored if ignored else None
    return frozenset(_check(named, known) for named in settings.select_checks) - ignored


def _item_weights(weights: Iterable[Weight], known: _Known) -> tuple[tuple[Key, Severity], ...]:
    return tuple((key, w.severity) for w in weights for key in _keys(w.of, known))


def _keys(named: Named, known: _Known) -> list[Key]:
    """The items that a word means; none when it is about a guideline that is not checked."""
    said = item_numbers(named)
    guideline = known.guideline(said, named.where)
    there = [number for name, number in known.items if name == guideline]
    for number in said.numbers:
        if there and number not in there:
            raise ConfigError(
                f"{named.where}: there is no item {number} in {guideline}; "
                f"its items are {min(there)} to {max(there)}"
            )
    return [(guideline, number) for number in said.numbers if there]


def _check(named: Named, known: Sequence[str]) -> str:
    if named.text not in known:
        remedy = (
            near(named.text, known) if _close(named.text, known) else "see: coreqcheck rules list"
        )
        raise ConfigError(f"{named.where}: there is no check {named.text!r}; {remedy}")
    return named.text


def _close(word: str, known: Sequence[str]) -> bool:
    return bool(difflib.get_close_matches(word, known, 1))


def _look_up(answers: Iterable[Answer], known: _Known, checks: Sequence[str]) -> None:
    """Refuse answers to what there is not."""
    for answer in answers:
        if answer.check is not None:
            _check(Named(answer.check, answer.where), checks)
        elif answer.item is not None:
            guideline = f"{answer.guideline}:" if answer.guideline else ""
            _keys(Named(f"{guideline}{answer.prefix}{answer.item}", answer.where), known)


def chosen(findings: Iterable[Finding], choices: Choices) -> tuple[Finding, ...]:
    """The findings of the checks that count, with their chosen weights."""
    weights = dict(choices.check_weights)
    return tuple(
        replace(f, severity=weights.get(f.check, f.severity))
        for f in findings
        if choices.checks is None or f.check in choices.checks
    )
