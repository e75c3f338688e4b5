"""The phrase language: from what a methodologist writes to a small tree.

| written | matches |
| --- | --- |
| ``declined`` | that word, in any case and spelling variant |
| ``declin*`` ``themes?`` | a word that starts so; an optional last letter |
| ``=MA`` | that word in exactly this case |
| ``(refused|opted out)`` ``(the)?`` | one of these; optional |
| ``...`` ``...4`` | up to 8, up to 4 words between |
| ``<number>`` ``<number:people.declined>`` | a number; the second also records a claim |
| ``<range>`` ``<percent>`` ``<year>`` ``<initials>`` ``<author>`` ``<name>`` | see ``CLASSES`` |
| ``{findings}`` | a word list of the file or of ``lists.toml`` |
| ``^`` | the start of the sentence |
| ``re:...`` | a regular expression over the sentence; must be the whole phrase |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

from coreqcheck.errors import RuleError
from coreqcheck.spelling import CONTRACTED, normal

DEFAULT_GAP = 8
CLASSES = {
    "number": "a number in digits or words, no percentage",
    "range": "a range of numbers",
    "percent": "a percentage",
    "year": "a year from 1950 to 2049",
    "initials": "two to four capitals, such as K.M. or JAS",
    "author": "initials or surname of someone in the by-line",
    "name": "a capitalised word inside a sentence",
    "software": "a word with a version number after it",
}


# Nodes are named tuples and not dataclasses: a rule set has a hundred thousand of them, and tuples
# come out of the cache of parsed rules several times faster (``cache.py``).


class Word(NamedTuple):
    """One word in normal form."""

    text: str


class Prefix(NamedTuple):
    """A word that starts with ``text``."""

    text: str


class Exact(NamedTuple):
    """One word as printed, capitals and all."""

    text: str


class Seq(NamedTuple):
    """One after the other (make it with ``all_of``). ``nullable``: it can match no words.

    ``needed`` are the items without which a sentence cannot match, the quickest to look up first.
    """

    items: tuple[Node, ...]
    nullable: bool = False
    needed: tuple[Node, ...] = ()


class Alt(NamedTuple):
    """One of these: a word of ``plain``, or one of ``items`` (make it with ``any_of``).

    ``words`` are those that a word list spells out.
    """

    items: tuple[Node, ...]
    words: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    nullable: bool = False


class Opt(NamedTuple):
    """This or nothing."""

    item: Node


class Gap(NamedTuple):
    """Up to ``words`` words of any kind."""

    words: int


class Kind(NamedTuple):
    """A word class of ``CLASSES``; ``subject`` names the claim that a number records."""

    name: str
    subject: str | None = None


class Start(NamedTuple):
    """The start of the sentence."""


class Pattern(NamedTuple):
    """A regular expression over the text of the sentence."""

    source: str


def any_of(branches: Iterable[Node], words: frozenset[str] = frozenset()) -> Alt:
    """The alternative of ``branches``: single words become one set, lists in it are merged."""
    items: list[Node] = []
    plain: set[str] = set()
    for branch in branches:
        if isinstance(branch, Word):
            plain.add(branch.text)
        elif isinstance(branch, Alt):
            items += branch.items
            plain |= branch.plain
        else:
            items.append(branch)
    return _shared(Alt(tuple(items), words, frozenset(plain), any(map(nullable, items))))


def all_of(items: Iterable[Node]) -> Seq:
    """The sequence of ``items``."""
    found = tuple(items)
    needed = sorted((n for n in found if not isinstance(n, Opt | Gap | Start)), key=_cost)
    return _shared(Seq(found, all(map(nullable, found)), tuple(needed)))


def _cost(node: Node) -> int:
    """How long it takes to tell which sentences may hold the node, for an order only."""
    if isinstance(node, Word | Exact):
        return 0
    return len(node.plain) + 10 * len(node.items) if isinstance(node, Alt) else 5


def nullable(node: Node) -> bool:
    """Whether the node can match no words at all."""
    if isinstance(node, Seq | Alt):
        return node.nullable
    return isinstance(node, Opt | Gap | Start)


Node = Word | Prefix | Exact | Seq | Alt | Opt | Gap | Kind | Start | Pattern
_N = TypeVar("_N", Word, Prefix, Exact, Seq, Alt, Opt, Gap, Kind, Start)
_SHARED: dict[tuple[object, ...], object] = {}


def _shared(node: _N) -> _N:
    """The first node that was made with these contents, so that what is learnt of it is learnt once.

    Types are part of the key, as named tuples of two types may be equal; children go by identity,
    which holds since they are shared themselves and kept by the table.
    """
    key: tuple[object, ...]
    if isinstance(node, Seq):
        key = (Seq, *map(id, node.items))
    elif isinstance(node, Alt):
        key = (Alt, node.words, node.plain, *map(id, node.items))
    elif isinstance(node, Opt):
        key = (Opt, id(node.item))
    else:
        key = (type(node), *node)
    found = _SHARED.setdefault(key, node)
    assert isinstance(found, type(node))
    return found


class Phrase(NamedTuple):
    """A phrase as written, as a tree, and the words it spells out itself.

    ``literals`` tell a negation that the phrase means from one that merely stands in its gap.
    ``counts`` is true when it holds a number: then its gaps pass over no other number.
    """

    source: str
    tree: Node
    literals: frozenset[str]
    counts: bool


_LEX = re.compile(
    r"\s*(?:(?P<gap>\.\.\.(?P<width>\d*))|(?P<open>\()|(?P<close>\)\??)|(?P<bar>\|)"
    r"|<(?P<kind>[a-z]+)(?::(?P<subject>[a-z0-9.\-]+))?>|\{(?P<list>[a-z0-9_\-]+)\}"
    r"|(?P<start>\^)|(?P<word>=?[^\s()|<>{}^*?]+(?P<mark>[*?])?))",
    re.UNICODE,
)
_PARTS = re.compile(r"[-‐‑–/]")


def parse(source: str, lists: Mapping[str, Node] | None = None) -> Phrase:
    """Parse one phrase.

    Args:
        source: what the rule file says.
        lists: parsed word lists by name.

    Raises:
        RuleError: what is wrong and where in the phrase, without the file's name.
    """
    if source.startswith("re:"):
        return Phrase(source, _pattern(source), frozenset(), False)
    parser = _Parser(source, lists or {})
    tree = parser.whole()
    return Phrase(source, tree, frozenset(parser.literals), parser.counts)


def _pattern(source: str) -> Pattern:
    import regex

    try:
        regex.compile(source[3:])
    except regex.error as error:
        raise RuleError(f"regular expression {source!r}: {error}") from None
    return Pattern(source[3:])


def parse_list(entries: list[str], lists: Mapping[str, Node] | None = None) -> Node:
    """A word list: each entry is a phrase without gaps' claims, and any of them will do."""
    phrases = [parse(entry, lists) for entry in entries]
    words = frozenset[str]().union(*(p.literals for p in phrases))
    return any_of((p.tree for p in phrases), words)


class _Parser:
    def __init__(self, source: str, lists: Mapping[str, Node]) -> None:
        self.source = source
        self.lists = lists
        self.at = 0
        self.literals: set[str] = set()
        self.counts = False

    def whole(self) -> Node:
        tree = self._alternatives(top=True)
        if self.at < len(self.source.rstrip()):
            raise self._error("a closing bracket without its opening one; take it out")
        return tree

    def _error(self, what: str) -> RuleError:
        return RuleError(f"phrase {self.source!r}, character {self.at + 1}: {what}")

    def _alternatives(self, top: bool = False) -> Node:
        branches: list[Node] = []
        items: list[Node] = []
        while True:
            hit = _LEX.match(self.source, self.at)
            if hit is None:
                if self.source[self.at :].strip():
                    raise self._error("this is no part of a phrase")
                if not top:
                    raise self._error("a bracket is not closed; add )")
                break
            if hit["close"]:
                if top:
                    raise self._error("a closing bracket without its opening one; take it out")
                break
            self.at = hit.end()
            if hit["bar"]:
                branches.append(self._sequence(items))
                items = []
            else:
                items.append(self._item(hit))
        branches.append(self._sequence(items))
        return branches[0] if len(branches) == 1 else any_of(branches)

    def _sequence(self, items: list[Node]) -> Node:
        if not items:
            raise self._error("an alternative is empty; write words between the bars, or (...)?")
        if len(items) == 1:
            return items[0]
        return all_of(items)

    def _item(self, hit: re.Match[str]) -> Node:
        if hit["gap"]:
            return _shared(Gap(int(hit["width"] or DEFAULT_GAP)))
        if hit["open"]:
            inner = self._alternatives()
            close = _LEX.match(self.source, self.at)
            assert close is not None
            self.at = close.end()
            if self.source[self.at : self.at + 1] not in {"", " ", ")", "|"}:
                raise self._error("a bracket ends inside a word; put the ending into the bracket")
            return _shared(Opt(inner)) if close["close"].endswith("?") else inner
        if hit["start"]:
            return _shared(Start())
        if hit["kind"]:
            return self._kind(hit["kind"], hit["subject"])
        if hit["list"]:
            if hit["list"] not in self.lists:
                remedy = "define it under [list] in this file, or in lists.toml"
                raise self._error(f"there is no word list {{{hit['list']}}}; {remedy}")
            node = self.lists[hit["list"]]
            if isinstance(node, Alt):
                self.literals.update(node.words)
            return node
        return self._word(hit["word"], hit["mark"])

    def _kind(self, name: str, subject: str | None) -> Node:
        if name not in CLASSES:
            known = ", ".join(f"<{one}>" for one in sorted(CLASSES))
            raise self._error(f"<{name}> is not known; known: {known}")
        self.counts = self.counts or name in {"number", "range", "percent"}
        return _shared(Kind(name, subject))

    def _word(self, written: str, mark: str | None) -> Node:
        found = _leaf(written, mark)
        if found is None:
            raise self._error(f"{written!r} holds no letters or figures; take it out")
        node, literals = found
        self.literals.update(literals)
        return node


@lru_cache(maxsize=50_000)
def _leaf(written: str, mark: str | None) -> tuple[Node, tuple[str, ...]] | None:
    """The node of one written word, shared by all phrases that use the word, and its literals."""
    if written.startswith("="):
        return _shared(Exact(written[1:].replace(".", ""))), (normal(written[1:]),)
    stem = written[: -len(mark)] if mark else written
    parts = tuple(normal(p) for p in _PARTS.split(stem) if normal(p))
    if not parts:
        return None
    joined = _ending("".join(parts), mark)
    if len(parts) == 1:
        pair = CONTRACTED.get(parts[0]) if mark is None else None
        if pair is not None:
            return all_of(tuple(_shared(Word(p)) for p in pair)), pair
        return joined, parts
    spread = all_of((*(_shared(Word(p)) for p in parts[:-1]), _ending(parts[-1], mark)))
    return any_of((spread, joined)), parts


def _ending(word: str, mark: str | None) -> Node:
    if mark == "*":
        return _shared(Prefix(word))
    if mark == "?":
        return any_of((_shared(Word(word)), _shared(Word(word[:-1]))))
    return _shared(Word(word))
