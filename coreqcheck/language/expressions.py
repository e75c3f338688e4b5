"""Level expressions: ``number and (reasons or rate)``, ``2 of (age, sex, role)``, ``not x``."""

from __future__ import annotations

import re
from collections.abc import Collection, Set
from dataclasses import dataclass

from coreqcheck.errors import RuleError


@dataclass(frozen=True, slots=True)
class Name:
    """True when the part of this name has evidence."""

    part: str


@dataclass(frozen=True, slots=True)
class Not:
    """True when ``item`` is not."""

    item: Expression


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True when at least ``count`` of ``items`` are: ``and`` is all, ``or`` is one."""

    count: int
    items: tuple[Expression, ...]


Expression = Name | Not | AtLeast

_LEX = re.compile(r"\s*(?:(?P<of>\d+\s+of\b)|(?P<word>[a-z][a-z0-9_]*)|(?P<mark>[(),]))")


def parse_expression(source: str, parts: Collection[str]) -> Expression:
    """Parse a level expression over the names in ``parts``.

    Raises:
        RuleError: a word that is no part, or a bracket or operator out of place.
    """
    tokens: list[str] = []
    at = 0
    while source[at:].strip():
        hit = _LEX.match(source, at)
        if hit is None:
            raise RuleError(f"level {source!r}: {source[at:].strip()[:12]!r} is not understood")
        tokens.append(hit.group().strip())
        at = hit.end()
    parser = _Parser(source, tokens, parts)
    tree = parser.any_of()
    if parser.tokens:
        raise RuleError(f"level {source!r}: {parser.tokens[0]!r} is out of place")
    return tree


def holds(expression: Expression, present: Set[str]) -> bool:
    """Whether the expression is true when just the parts in ``present`` have evidence."""
    if isinstance(expression, Name):
        return expression.part in present
    if isinstance(expression, Not):
        return not holds(expression.item, present)
    return sum(holds(item, present) for item in expression.items) >= expression.count


def names(expression: Expression) -> tuple[str, ...]:
    """The parts that the expression asks for (those under ``not`` left out), in order."""
    if isinstance(expression, Name):
        return (expression.part,)
    if isinstance(expression, Not):
        return ()
    return tuple(n for item in expression.items for n in names(item))


class _Parser:
    def __init__(self, source: str, tokens: list[str], parts: Collection[str]) -> None:
        self.source = source
        self.tokens = tokens
        self.parts = parts

    def any_of(self) -> Expression:
        items = [self.all_of()]
        while self._take("or"):
            items.append(self.all_of())
        return items[0] if len(items) == 1 else AtLeast(1, tuple(items))

    def all_of(self) -> Expression:
        items = [self.one()]
        while self._take("and"):
            items.append(self.one())
        return items[0] if len(items) == 1 else AtLeast(len(items), tuple(items))

    def one(self) -> Expression:
        if not self.tokens:
            raise RuleError(f"level {self.source!r}: it ends too early")
        token = self.tokens.pop(0)
        if token == "not":
            return Not(self.one())
        if token == "(":
            inner = self.any_of()
            self._expect(")")
            return inner
        if token[0].isdigit():
            return self._at_least(int(token.split()[0]))
        if token not in self.parts:
            known = ", ".join(self.parts)
            raise RuleError(f"level {self.source!r}: {token!r} is no part of this rule ({known})")
        return Name(token)

    def _at_least(self, count: int) -> Expression:
        self._expect("(")
        items = [self.any_of()]
        while self._take(","):
            items.append(self.any_of())
        self._expect(")")
        return AtLeast(count, tuple(items))

    def _take(self, token: str) -> bool:
        if self.tokens and self.tokens[0] == token:
            self.tokens.pop(0)
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise RuleError(f"level {self.source!r}: {token!r} is missing")
