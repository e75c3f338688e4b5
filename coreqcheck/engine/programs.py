"""Phrases as functions: from a sentence and a position to the positions where the phrase may end.

A function depends on the phrase alone, never on the manuscript, so that it is made once for all
manuscripts of a run; what it needs to know of the sentence comes with ``Here``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from coreqcheck.engine.index import Here
from coreqcheck.language.phrases import (
    Alt,
    Exact,
    Gap,
    Kind,
    Node,
    Opt,
    Prefix,
    Seq,
    Start,
    Word,
    nullable,
)
from coreqcheck.model import Number
from coreqcheck.spelling import normal

Ends = Callable[[Here, int], tuple[int, ...]]
"""The position just behind each match that begins at the position given; empty for none."""

_INITIALS = re.compile(r"(?:[A-Z]\.?[ \-‐]?){1,3}[A-Z]\.?|[A-Z]{2,4}")
_NO_COUNT_BEFORE = frozenset(
    """
    table tables figure figures fig box section chapter page pages version phase appendix item covid
    step wave file supplement reference annex no number grade stage type
    """.split()
)
_VERSION = re.compile(r"v?\d+(\.\d+)*")
_YEAR = re.compile(r"(19[5-9]|20[0-4])\d")
_MOST_KEPT = 300_000


class Firsts(NamedTuple):
    """What a match can begin with: a word, a word's beginning, a number, a word with a capital."""

    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    numbers: bool = False
    capitals: bool = False


_FIRSTS_OF_KINDS = {
    **dict.fromkeys(("number", "range", "percent", "year"), Firsts(numbers=True)),
    **dict.fromkeys(("author", "initials", "name"), Firsts(capitals=True)),
}

# The nodes stand beside what was made of them: while they are kept, no other has their identity.
_programs: dict[tuple[int, bool], tuple[Node, Ends]] = {}
_firsts: dict[int, tuple[Node, Firsts | None]] = {}


def program(node: Node, counts: bool) -> Ends:
    """The function for ``node``; with ``counts``, its gaps pass over no number."""
    key = (id(node), counts)
    found = _programs.get(key)
    if found is None:
        if len(_programs) > _MOST_KEPT:
            _programs.clear()
        found = _programs[key] = (node, _made(node, counts))
    return found[1]


def firsts_of(node: Node) -> Firsts | None:
    """What a match of ``node`` can begin with; ``None`` for anything."""
    key = id(node)
    found = _firsts.get(key)
    if found is None:
        if len(_firsts) > _MOST_KEPT:
            _firsts.clear()
        found = _firsts[key] = (node, _first(node))
    return found[1]


def of_words(node: Node) -> bool:
    """Whether the node is words and beginnings of words only: who holds one, matches."""
    if isinstance(node, Alt):
        return not node.nullable and all(map(of_words, node.items))
    return isinstance(node, Word | Prefix)


def _first(node: Node) -> Firsts | None:
    if isinstance(node, Word):
        return Firsts(frozenset((node.text,)))
    if isinstance(node, Prefix):
        return Firsts(prefixes=(node.text,))
    if isinstance(node, Exact):
        return Firsts(frozenset((normal(node.text),)))
    if isinstance(node, Opt):
        return firsts_of(node.item)
    if isinstance(node, Start):
        return Firsts()
    if isinstance(node, Kind):
        return _FIRSTS_OF_KINDS.get(node.name)
    if isinstance(node, Seq):
        return _first_of_several(node)
    return _first_of_any(node) if isinstance(node, Alt) else None


def _first_of_several(node: Seq) -> Firsts | None:
    found: list[Firsts] = []
    for item in node.items:
        first = firsts_of(item)
        if first is None:
            return None
        found.append(first)
        if not nullable(item):
            return _together(found)
    return None


def _first_of_any(node: Alt) -> Firsts | None:
    found = [Firsts(node.plain)]
    for item in node.items:
        first = firsts_of(item)
        if first is None:
            return None
        found.append(first)
    return _together(found)


def _together(found: list[Firsts]) -> Firsts:
    if len(found) == 1:
        return found[0]
    return Firsts(
        frozenset().union(*(f.words for f in found)),
        tuple(dict.fromkeys(p for f in found for p in f.prefixes)),
        any(f.numbers for f in found),
        any(f.capitals for f in found),
    )


def _made(node: Node, counts: bool) -> Ends:
    if isinstance(node, Word):
        return _one_word(frozenset((node.text,)), ())
    if isinstance(node, Prefix):
        return _one_word(frozenset(), (node.text,))
    if isinstance(node, Seq):
        return _sequence(node, counts)
    if isinstance(node, Alt):
        return _alternative(node, counts)
    if isinstance(node, Opt):
        inner = program(node.item, counts)
        return lambda here, at: (at, *inner(here, at))
    if isinstance(node, Gap):
        return _counting_gap(node.words) if counts else _gap(node.words)
    if isinstance(node, Kind):
        return _KINDS[node.name]
    if isinstance(node, Exact):
        return _exact(node)
    return lambda here, at: (at,) if at == 0 else ()


def _one_word(words: frozenset[str], prefixes: tuple[str, ...]) -> Ends:
    if not prefixes:
        return lambda here, at: (at + 1,) if here.words[at] in words else ()

    def ends(here: Here, at: int) -> tuple[int, ...]:
        word = here.words[at]
        return (at + 1,) if word in words or word.startswith(prefixes) else ()

    return ends


def _alternative(node: Alt, counts: bool) -> Ends:
    """Single words are one look-up; longer branches are tried only after their first word."""
    prefixes = tuple(i.text for i in node.items if isinstance(i, Prefix))
    words = node.plain.union(i.text for i in node.items if isinstance(i, Word))
    longer = [i for i in node.items if not isinstance(i, Word | Prefix)]
    single = _one_word(words, prefixes)
    if not longer:
        return single
    return _branches(single, longer, counts)


def _branches(single: Ends, items: Sequence[Node], counts: bool) -> Ends:
    by_word: dict[str, list[Node]] = {}
    by_letter: dict[str, list[tuple[str, Node]]] = {}
    always: list[Ends] = []
    for item in items:
        firsts = firsts_of(item)
        if firsts is None or firsts.numbers or firsts.capitals or nullable(item):
            always.append(program(item, counts))
            continue
        for word in firsts.words:
            by_word.setdefault(word, []).append(item)
        for prefix in firsts.prefixes:
            by_letter.setdefault(prefix[0], []).append((prefix, item))
    # Most branches are never reached: each is made when its first word comes.
    ready: dict[str, tuple[Ends, ...]] = {}

    def ends(here: Here, at: int) -> tuple[int, ...]:
        found = single(here, at)
        word = here.words[at]
        branches = ready.get(word)
        if branches is None and word in by_word:
            branches = ready[word] = tuple(program(n, counts) for n in by_word[word])
        for branch in branches or ():
            found += branch(here, at)
        if by_letter:
            for prefix, item in by_letter.get(word[:1], ()):
                if word.startswith(prefix):
                    found += program(item, counts)(here, at)
        for branch in always:
            found += branch(here, at)
        return found

    return ends


def _sequence(node: Seq, counts: bool) -> Ends:
    items: list[Ends] = []
    rest = list(node.items)
    while rest:
        one = rest.pop(0)
        if isinstance(one, Gap) and rest and not counts:
            firsts = firsts_of(rest[0])
            if firsts and not (firsts.numbers or firsts.capitals or nullable(rest[0])):
                items.append(_gap_to(one.words, firsts, program(rest.pop(0), counts)))
                continue
        items.append(program(one, counts))

    def ends(here: Here, at: int) -> tuple[int, ...]:
        found: tuple[int, ...] = (at,)
        for item in items:
            if len(found) == 1:
                found = item(here, found[0])
            else:
                reached: set[int] = set()
                for end in found:
                    reached.update(item(here, end))
                found = tuple(reached)
            if not found:
                return ()
        return found

    return ends


def _gap_to(width: int, firsts: Firsts, then: Ends) -> Ends:
    """A gap and what follows it, tried only at words that it can begin with."""
    wanted, prefixes = firsts.words, firsts.prefixes

    def ends(here: Here, at: int) -> tuple[int, ...]:
        words = here.words
        found: tuple[int, ...] = ()
        for place in range(at, min(at + width, here.size) + 1):
            word = words[place]
            if word in wanted or (prefixes and word.startswith(prefixes)):
                found += then(here, place)
        return found

    return ends


def _gap(width: int) -> Ends:
    return lambda here, at: tuple(range(at, min(at + width, here.size) + 1))


def _counting_gap(width: int) -> Ends:
    """A gap that passes over no number."""

    def ends(here: Here, at: int) -> tuple[int, ...]:
        numbers = here.numbers
        stop = min(at + width, here.size)
        if not numbers:
            return tuple(range(at, stop + 1))
        found = [at]
        for end in range(at, stop):
            number = numbers.get(end)
            if number is not None and not number.percent and counts(here, number):
                break
            found.append(end + 1)
        return tuple(found)

    return ends


def _exact(node: Exact) -> Ends:
    wanted = normal(node.text)
    # In a paper by Mary Shaw, "MS" is she and no degree.
    may_be_initials = len(node.text) <= 3 and node.text.isupper()

    def ends(here: Here, at: int) -> tuple[int, ...]:
        if here.words[at] != wanted or here.printed(at).replace(".", "") != node.text:
            return ()
        if may_be_initials and wanted in here.index.author_words:
            return ()
        return (at + 1,)

    return ends


# --- word classes


def counts(here: Here, number: Number) -> bool:
    """Whether a number counts something: no year, ordinal, percentage, or table's number."""
    if number.ordinal or number.percent:
        return False
    if 1950 <= number.low <= 2049 and number.first == number.last:
        printed = here.printed(number.first)
        if len(printed) == 4 and printed.isdigit():
            return False
    return number.first == 0 or here.words[number.first - 1] not in _NO_COUNT_BEFORE


def _number(here: Here, at: int) -> tuple[int, ...]:
    number = here.numbers.get(at) if here.words[at] else None
    return (number.last + 1,) if number is not None and counts(here, number) else ()


def _range(here: Here, at: int) -> tuple[int, ...]:
    number = here.numbers.get(at) if here.words[at] else None
    return (number.last + 1,) if number is not None and number.low < number.high else ()


def _percent(here: Here, at: int) -> tuple[int, ...]:
    number = here.numbers.get(at) if here.words[at] else None
    return (number.last + 1,) if number is not None and number.percent else ()


def _year(here: Here, at: int) -> tuple[int, ...]:
    return (at + 1,) if here.words[at] and _YEAR.fullmatch(here.printed(at)) else ()


def _software(here: Here, at: int) -> tuple[int, ...]:
    word = here.words[at]
    if not word or word[0].isdigit() or at + 1 >= here.size:
        return ()
    return (at + 2,) if _VERSION.fullmatch(here.words[at + 1]) else ()


def _name(here: Here, at: int) -> tuple[int, ...]:
    if not at or not here.words[at]:
        return ()
    printed = here.printed(at)
    return (at + 1,) if printed[0].isupper() and len(printed) > 1 else ()


def _author(here: Here, at: int) -> tuple[int, ...]:
    if not here.words[at]:
        return ()
    if not here.index.author_words:  # no by-line was read: any initials may be an author's
        return _initials(here, at)
    return _in_byline(here, at)


def _in_byline(here: Here, at: int) -> tuple[int, ...]:
    known = here.index.author_words
    for width in (3, 2, 1):
        if at + width > here.size:
            continue
        joined = "".join(here.words[at : at + width])
        if width == 1 and joined.endswith("s") and joined[:-1] in known:
            # "MO's notes": the apostrophe is lost in the word's normal form.
            printed_one = here.printed(at)
            if printed_one[:1].isupper() and printed_one[-2:-1] in "'’":
                joined = joined[:-1]
        if joined not in known:
            continue
        printed = [here.printed(at + n) for n in range(width)]
        if all(p[0].isupper() for p in printed) and (
            len(joined) > 4 or all(p.replace(".", "").isupper() for p in printed) or width == 1
        ):
            return (at + width,)
    return ()


def _initials(here: Here, at: int) -> tuple[int, ...]:
    if not here.words[at]:
        return ()
    found = _in_byline(here, at)
    if found:
        return found
    index, one = here.index, here.sentence
    hit = _INITIALS.match(index.manuscript.text, one.starts[at], one.span.end)
    if hit is None:
        return ()
    letters = re.sub(r"[^A-Z]", "", hit.group())
    follows = index.manuscript.text[hit.end() : hit.end() + 1]
    if follows.isalnum() or letters in index.acronyms or not 2 <= len(letters) <= 4:
        return ()
    after = at
    while after < here.size and one.starts[after] < hit.end():
        after += 1
    return (after,)


_KINDS: dict[str, Ends] = {
    "number": _number,
    "range": _range,
    "percent": _percent,
    "year": _year,
    "initials": _initials,
    "author": _author,
    "name": _name,
    "software": _software,
}
