"""Finding phrases in the indexed sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from coreqcheck.engine.index import Index, members
from coreqcheck.language.phrases import (
    Alt,
    Exact,
    Gap,
    Kind,
    Node,
    Opt,
    Pattern,
    Phrase,
    Prefix,
    Seq,
    Start,
    Word,
    nullable,
)
from coreqcheck.language.schema import Negation
from coreqcheck.model import Number, Span
from coreqcheck.spelling import normal

_INITIALS = re.compile(r"(?:[A-Z]\.?[ \-‐]?){1,3}[A-Z]\.?|[A-Z]{2,4}")
_NO_COUNT_BEFORE = frozenset(
    [
        "table",
        "tables",
        "figure",
        "figures",
        "fig",
        "box",
        "section",
        "chapter",
        "page",
        "pages",
        "version",
        "phase",
        "appendix",
        "item",
        "covid",
        "step",
        "wave",
        "file",
        "supplement",
        "reference",
        "annex",
        "no",
        "number",
        "grade",
        "stage",
        "type",
    ]
)
_VERSION = re.compile(r"v?\d+(\.\d+)*")
_REACH = 5
_TIMEOUT = 0.5


class Firsts(NamedTuple):
    """What a match can begin with: one of ``words``, a number, a word with a capital."""

    words: frozenset[str]
    numbers: bool = False
    capitals: bool = False


_FIRSTS_OF_KINDS = {
    **dict.fromkeys(("number", "range", "percent", "year"), Firsts(frozenset(), numbers=True)),
    **dict.fromkeys(("author", "initials", "name"), Firsts(frozenset(), capitals=True)),
}

Ends = Callable[[int, tuple[str, ...], int], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """Words ``first`` up to, not including, ``last`` of a sentence, found by ``phrase``."""

    sentence: int
    first: int
    last: int
    phrase: Phrase
    numbers: tuple[tuple[str, Number], ...] = ()


class Matcher:
    """Finds phrases in one manuscript; keeps what it learnt of each phrase node."""

    def __init__(self, index: Index, negation: Negation, exhaustive: bool = False) -> None:
        self.index = index
        self.negation = negation
        self.exhaustive = exhaustive  # every phrase of a part, also where one has matched
        self._masks: dict[int, int] = {}
        self._ranges: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._holding: dict[tuple[int, ...], int] = {}
        self._first_words: dict[int, Firsts | None] = {}
        self._ends: dict[tuple[int, bool], Ends] = {}
        self._alive: dict[tuple[int, int], tuple[Node, ...]] = {}
        self._mask_of: dict[type, Callable[..., int]] = {
            Word: self._mask_word,
            Prefix: lambda node: self.index.with_prefix(node.text),
            Exact: lambda node: self.index.masks.get(normal(node.text), 0),
            Seq: self._mask_all,
            Alt: self._mask_any,
            Opt: lambda node: -1,
            Gap: lambda node: -1,
            Kind: self._mask_kind,
            Start: lambda node: -1,
            Pattern: lambda node: -1,
        }

    # --- which sentences can hold a phrase at all

    def mask(self, node: Node) -> int:
        """A superset of the sentences in which ``node`` can match; -1 stands for all."""
        key = id(node)
        mask = self._masks.get(key)
        if mask is None:
            mask = self._mask_of[type(node)](node)
            self._masks[key] = mask
        return mask

    def _mask_word(self, node: Word) -> int:
        return self.index.masks.get(node.text, 0)

    def _mask_all(self, node: Seq) -> int:
        mask = -1
        for item in node.items:
            mask &= self.mask(item)
            if not mask:
                break
        return mask

    def _mask_any(self, node: Alt) -> int:
        mask = 0
        masks = self.index.masks
        for word in node.plain & self.index.words:
            mask |= masks[word]
        for item in node.items:
            mask |= self.mask(item)
        return mask

    def _mask_kind(self, node: Kind) -> int:
        if node.name in {"number", "range", "percent"}:
            return self._numbered()
        if node.name == "author" and self.index.author_words:
            mask = 0
            for word in self.index.author_words:
                mask |= self.index.masks.get(word, 0) | self.index.masks.get(word + "s", 0)
            return mask | self._author_pairs()
        return -1

    def _author_pairs(self) -> int:
        """Initials that the text parts ("J.A.-S." is two words) start with a shorter word."""
        mask = 0
        for word in self.index.author_words:
            for cut in range(1, min(len(word), 4)):
                mask |= self.index.masks.get(word[:cut], 0) & self.index.masks.get(word[cut:], 0)
        return mask

    def _numbered(self) -> int:
        key = -1
        mask = self._masks.get(key)
        if mask is None:
            mask = sum(1 << s.index for s in self.index.sentences if s.numbers)
            self._masks[key] = mask
        return mask

    # --- where in a sentence

    def find(self, phrase: Phrase, allowed: int) -> Iterable[Match]:
        """Every match, at most one for each first word, in the sentences of ``allowed``."""
        if isinstance(phrase.tree, Pattern):
            yield from self._find_pattern(phrase, phrase.tree, allowed)
            return
        candidates = self.mask(phrase.tree) & allowed
        if not candidates:
            return
        firsts = self._firsts(phrase.tree)
        ends = self._compiled(phrase.tree, phrase.counts)
        for sentence in members(candidates):
            view = self.index.views[sentence]
            for first in self._starts(firsts, sentence, view):
                found = ends(sentence, view, first)
                if found:
                    last = min(found)
                    if last > first:
                        yield Match(sentence, first, last, phrase)

    def _starts(self, firsts: Firsts | None, sentence: int, view: tuple[str, ...]) -> Iterable[int]:
        """The positions at which a match can begin."""
        if firsts is None:
            return [at for at, word in enumerate(view) if word]
        words = firsts.words
        at_words = [at for at, word in enumerate(view) if word in words]
        if not firsts.numbers and not firsts.capitals:
            return at_words
        found = set(at_words)
        if firsts.numbers:
            found.update(self.index.numbers(sentence))
        if firsts.capitals:
            found.update(self.index.capitals(sentence))
        return sorted(at for at in found if view[at])

    def holding(self, phrases: tuple[Phrase, ...], allowed: int) -> int:
        """The sentences of ``allowed`` in which any of ``phrases`` matches."""
        # Not by source: a word list may mean another thing in each file.
        key = tuple(id(p.tree) for p in phrases)
        mask = self._holding.get(key)
        if mask is None:
            mask = 0
            for phrase in phrases:
                for match in self.find(phrase, self.index.searchable & ~mask):
                    mask |= 1 << match.sentence
            self._holding[key] = mask
        return mask & allowed

    def numbers_in(self, match: Match) -> tuple[tuple[str, Number], ...]:
        """The subjects that the phrase records, each with its number, in order."""
        subjects = [k.subject for k in _kinds(match.phrase.tree) if k.subject]
        if not subjects:
            return ()
        found = [
            number
            for first, number in sorted(self.index.numbers(match.sentence).items())
            if match.first <= first < match.last and self._counts(number, match.sentence)
        ]
        return tuple(zip(subjects, found, strict=False))

    def _find_pattern(self, phrase: Phrase, node: Pattern, allowed: int) -> Iterable[Match]:
        import regex

        compiled = regex.compile(node.source)
        text = self.index.manuscript.text
        for sentence in members(allowed & self.index.searchable):
            one = self.index.sentences[sentence]
            try:
                hit = compiled.search(text, one.span.start, one.span.end, timeout=_TIMEOUT)
            except TimeoutError:
                continue
            if hit is None or any(q.start < hit.end() and hit.start() < q.end for q in one.quoted):
                continue
            inside = [n for n, s in enumerate(one.starts) if hit.start() <= s < hit.end()]
            if inside:
                yield Match(sentence, inside[0], inside[-1] + 1, phrase)

    def _firsts(self, node: Node) -> Firsts | None:
        """What a match can begin with in this manuscript; ``None`` for anything."""
        key = id(node)
        if key not in self._first_words:
            self._first_words[key] = self._firsts_of(node)
        return self._first_words[key]

    def _firsts_of(self, node: Node) -> Firsts | None:
        if isinstance(node, Word):
            return Firsts(frozenset((node.text,)))
        if isinstance(node, Prefix):
            return Firsts(frozenset(self.index.expanded(node.text)))
        if isinstance(node, Exact):
            return Firsts(frozenset((normal(node.text),)))
        if isinstance(node, Opt):
            return self._firsts(node.item)
        if isinstance(node, Start):
            return Firsts(frozenset())
        if isinstance(node, Kind):
            return _FIRSTS_OF_KINDS.get(node.name)
        if not isinstance(node, Seq | Alt):
            return None
        words: set[str] = set(node.plain) if isinstance(node, Alt) else set()
        numbers = capitals = False
        for item in node.items:
            found = self._firsts(item)
            if found is None:
                return None
            words |= found.words
            numbers, capitals = numbers or found.numbers, capitals or found.capitals
            if isinstance(node, Seq) and not nullable(item):
                return Firsts(frozenset(words), numbers, capitals)
        return Firsts(frozenset(words), numbers, capitals) if isinstance(node, Alt) else None

    def _compiled(self, node: Node, counts: bool) -> Ends:
        """A function from (sentence, words, position) to the positions after the node."""
        key = (id(node), counts)
        ends = self._ends.get(key)
        if ends is None:
            ends = self._compile(node, counts)
            self._ends[key] = ends
        return ends

    def _compile(self, node: Node, counts: bool) -> Ends:
        if isinstance(node, Word | Prefix):
            firsts = self._firsts(node)
            return _ends_word(firsts.words if firsts else frozenset())
        if isinstance(node, Seq):
            return _ends_seq([self._compiled(item, counts) for item in node.items])
        if isinstance(node, Alt):
            return self._compile_alt(node, counts)
        if isinstance(node, Opt):
            inner = self._compiled(node.item, counts)
            return lambda sentence, view, at: (at, *inner(sentence, view, at))
        if isinstance(node, Gap):
            return self._ends_gap_counting(node) if counts else _ends_gap(node.words)
        if isinstance(node, Kind):
            return lambda sentence, view, at: self._ends_kind(node, sentence, view, at)
        if isinstance(node, Exact):
            return self._ends_exact(node)
        return lambda sentence, view, at: (at,) if at == 0 else ()

    def _compile_alt(self, node: Alt, counts: bool) -> Ends:
        """Single words are one look-up; longer branches are tried only after their first word."""
        words: set[str] = set(node.plain)
        by_word: dict[str, list[Ends]] = {}
        always: list[Ends] = []
        for item in node.items:
            firsts = self._firsts(item)
            if isinstance(item, Word | Prefix):
                words |= firsts.words if firsts else set()
            elif firsts is None or firsts.numbers or firsts.capitals or nullable(item):
                always.append(self._compiled(item, counts))
            elif self.mask(item):
                for word in firsts.words:
                    by_word.setdefault(word, []).append(self._compiled(item, counts))

        def ends(sentence: int, view: tuple[str, ...], at: int) -> tuple[int, ...]:
            word = view[at] if at < len(view) else ""
            found: tuple[int, ...] = (at + 1,) if word and word in words else ()
            for branch in by_word.get(word, ()):
                found += branch(sentence, view, at)
            for branch in always:
                found += branch(sentence, view, at)
            return found

        return ends

    def _ends_exact(self, node: Exact) -> Ends:
        wanted = normal(node.text)
        # In a paper by Mary Shaw, "MS" is she and no degree.
        if len(node.text) <= 3 and node.text.isupper() and wanted in self.index.author_words:
            return lambda sentence, view, at: ()

        def ends(sentence: int, view: tuple[str, ...], at: int) -> tuple[int, ...]:
            if at < len(view) and view[at] == wanted:
                if self.index.printed(sentence, at).replace(".", "") == node.text:
                    return (at + 1,)
            return ()

        return ends

    def _ends_gap_counting(self, node: Gap) -> Ends:
        """A gap that passes over no number."""

        def ends(sentence: int, view: tuple[str, ...], at: int) -> tuple[int, ...]:
            numbers = self.index.numbers(sentence)
            found = [at]
            for end in range(at, min(at + node.words, len(view))):
                number = numbers.get(end)
                if number is not None and not number.percent and self._counts(number, sentence):
                    break
                found.append(end + 1)
            return tuple(found)

        return ends

    def _counts(self, number: Number, sentence: int) -> bool:
        """Whether a number counts something: no year, ordinal, percentage, or table's number."""
        if number.ordinal or number.percent:
            return False
        if 1950 <= number.low <= 2049 and number.first == number.last:
            printed = self.index.printed(sentence, number.first)
            if len(printed) == 4 and printed.isdigit():
                return False
        if number.first == 0:
            return True
        return self.index.views[sentence][number.first - 1] not in _NO_COUNT_BEFORE

    def _ends_kind(
        self, node: Kind, sentence: int, view: tuple[str, ...], at: int
    ) -> tuple[int, ...]:
        if at >= len(view) or not view[at]:
            return ()
        if node.name in {"number", "range", "percent"}:
            number = self.index.numbers(sentence).get(at)
            if number is None:
                return ()
            if node.name == "percent":
                return (number.last + 1,) if number.percent else ()
            if node.name == "range":
                return (number.last + 1,) if number.low < number.high else ()
            return (number.last + 1,) if self._counts(number, sentence) else ()
        if node.name == "year":
            printed = self.index.printed(sentence, at)
            return (at + 1,) if re.fullmatch(r"(19[5-9]|20[0-4])\d", printed) else ()
        if node.name == "author" and self.index.author_words:
            return self._ends_author(sentence, view, at)
        if node.name == "author":  # no by-line was read: any initials may be an author's
            return self._ends_initials(sentence, view, at)
        if node.name == "initials":
            return self._ends_initials(sentence, view, at)
        if node.name == "software":
            digits = at + 1 < len(view) and _VERSION.fullmatch(view[at + 1])
            return (at + 2,) if digits and not view[at][0].isdigit() else ()
        printed = self.index.printed(sentence, at)
        return (at + 1,) if at and printed[0].isupper() and len(printed) > 1 else ()

    def _ends_author(self, sentence: int, view: tuple[str, ...], at: int) -> tuple[int, ...]:
        for width in (3, 2, 1):
            joined = "".join(view[at : at + width])
            if at + width <= len(view) and joined.endswith("s") and width == 1:
                # "MO's notes": the apostrophe is lost in the word's normal form.
                printed_one = self.index.printed(sentence, at)
                if printed_one[:1].isupper() and printed_one[-2:-1] in "'’":
                    joined = joined[:-1] if joined[:-1] in self.index.author_words else joined
            if at + width > len(view) or joined not in self.index.author_words:
                continue
            printed = [self.index.printed(sentence, at + n) for n in range(width)]
            if all(p[0].isupper() for p in printed) and (
                len(joined) > 4 or all(p.replace(".", "").isupper() for p in printed) or width == 1
            ):
                return (at + width,)
        return ()

    def _ends_initials(self, sentence: int, view: tuple[str, ...], at: int) -> tuple[int, ...]:
        found = self._ends_author(sentence, view, at)
        if found:
            return found
        one = self.index.sentences[sentence]
        hit = _INITIALS.match(self.index.manuscript.text, one.starts[at], one.span.end)
        if hit is None:
            return ()
        letters = re.sub(r"[^A-Z]", "", hit.group())
        follows = self.index.manuscript.text[hit.end() : hit.end() + 1]
        if follows.isalnum() or letters in self.index.acronyms or not 2 <= len(letters) <= 4:
            return ()
        after = at
        while after < len(view) and one.starts[after] < hit.end():
            after += 1
        return (after,)

    # --- negation, plans, advice

    def denied(self, match: Match) -> bool:
        """Whether a negation reaches the match that its phrase does not itself spell out."""
        view = self.index.views[match.sentence]
        cues, stops = self.negation.cues, self.negation.terminators
        for at in range(match.first, match.last):
            if view[at] in cues and view[at] not in match.phrase.literals:
                return not self._pseudo(match.sentence, at)
        for at in range(match.first - 1, max(match.first - 1 - _REACH, -1), -1):
            if view[at] in stops or self._clause_ends(match.sentence, at):
                return False
            if view[at] in cues:
                return not self._pseudo(match.sentence, at)
        return False

    def _clause_ends(self, sentence: int, at: int) -> bool:
        """Whether a semicolon, colon or dash follows the word at ``at``."""
        one = self.index.sentences[sentence]
        if at + 1 >= len(one.starts):
            return False
        between = self.index.manuscript.text[one.ends[at] : one.starts[at + 1]]
        return any(mark in between for mark in ";:—") or " – " in between

    def _pseudo(self, sentence: int, at: int) -> bool:
        return any(a <= at < b for a, b in self.ranges(self.negation.pseudo, sentence))

    def planned(self, match: Match) -> bool:
        """Whether the match speaks of what will, should or may be done."""
        for first, last in self.ranges(self.negation.plans, match.sentence):
            if first < match.last and last > match.first - _REACH:
                return True
        return any(f < match.last for f, _ in self.ranges(self.negation.advice, match.sentence))

    def ranges(self, phrases: tuple[Phrase, ...], sentence: int) -> list[tuple[int, int]]:
        """Where in ``sentence`` any of ``phrases`` matches, as (first, last) pairs."""
        key = (id(phrases), sentence)
        found = self._ranges.get(key)
        if found is None:
            here = (1 << sentence) & self.index.searchable if sentence >= 0 else 0
            found = [(m.first, m.last) for p in phrases for m in self.find(p, here)]
            self._ranges[key] = found
        return found

    def span(self, match: Match) -> Span:
        """The characters that the match covers."""
        one = self.index.sentences[match.sentence]
        return Span(one.starts[match.first], one.ends[match.last - 1])


def _ends_word(words: frozenset[str]) -> Ends:
    def ends(sentence: int, view: tuple[str, ...], at: int) -> tuple[int, ...]:
        return (at + 1,) if at < len(view) and view[at] in words else ()

    return ends


def _ends_gap(width: int) -> Ends:
    def ends(sentence: int, view: tuple[str, ...], at: int) -> tuple[int, ...]:
        return tuple(range(at, min(at + width, len(view)) + 1))

    return ends


def _ends_seq(items: list[Ends]) -> Ends:
    def ends(sentence: int, view: tuple[str, ...], at: int) -> tuple[int, ...]:
        found: tuple[int, ...] = (at,)
        for item in items:
            if len(found) == 1:
                found = item(sentence, view, found[0])
            else:
                reached: set[int] = set()
                for end in found:
                    reached.update(item(sentence, view, end))
                found = tuple(reached)
            if not found:
                return ()
        return found

    return ends


def _kinds(node: Node) -> Iterable[Kind]:
    if isinstance(node, Kind):
        yield node
    elif isinstance(node, Seq | Alt):
        for item in node.items:
            yield from _kinds(item)
    elif isinstance(node, Opt):
        yield from _kinds(node.item)
