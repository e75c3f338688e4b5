"""Finding phrases in the indexed sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from coreqcheck.engine.index import Here, Index, members
from coreqcheck.engine.programs import Firsts, counts, firsts_of, of_words, program
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
)
from coreqcheck.language.schema import Negation
from coreqcheck.model import Evidence, Number, Span, Voice
from coreqcheck.spelling import normal

_REACH = 5
_TIMEOUT = 0.5
_FEW = 60


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
        self._of_others: Matcher | None = None
        self.evidence: dict[tuple[str, int, str], list[Evidence]] = {}  # of parts looked for
        self._masks: dict[int, int] = {}
        self._ranges: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._holding: dict[tuple[int, ...], int] = {}
        self._begin: dict[int, tuple[frozenset[str], Firsts] | None] = {}
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

    def of_others(self) -> Matcher:
        """The matcher for the sentences about other people's studies."""
        if self._of_others is None:
            index = Index(self.index.manuscript, Voice.CITED)
            self._of_others = Matcher(index, self.negation, self.exhaustive)
        return self._of_others

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
        known = self._masks
        for item in node.needed:
            one = known.get(id(item))
            mask &= self.mask(item) if one is None else one
            if not mask:
                break
        return mask

    def _mask_any(self, node: Alt) -> int:
        mask = 0
        masks = self.index.masks
        plain = node.plain
        for word in plain if len(plain) < _FEW else plain & self.index.words:
            mask |= masks.get(word, 0)
        known = self._masks
        for item in node.items:
            one = known.get(id(item))
            mask |= self.mask(item) if one is None else one
        return mask

    def _mask_kind(self, node: Kind) -> int:
        if node.name in {"number", "range", "percent"}:
            return self.index.numbered
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

    # --- where in a sentence

    def find(self, phrase: Phrase, allowed: int, once: bool = False) -> Iterable[Match]:
        """Every match, at most one for each first word, in the sentences of ``allowed``.

        With ``once``, the first match of a sentence is enough.
        """
        if isinstance(phrase.tree, Pattern):
            return self._find_pattern(phrase, phrase.tree, allowed)
        candidates = self.mask(phrase.tree) & allowed
        return self._matches(phrase, candidates, once) if candidates else ()

    def _matches(self, phrase: Phrase, candidates: int, once: bool) -> Iterator[Match]:
        begin = self._begins(phrase.tree)
        ends = program(phrase.tree, phrase.counts)
        for sentence in members(candidates):
            here = self.index.here(sentence)
            for first in self._starts(begin, here):
                found = ends(here, first)
                if found:
                    last = min(found)
                    if last > first:
                        yield Match(sentence, first, last, phrase)
                        if once:
                            break

    def _begins(self, node: Node) -> tuple[frozenset[str], Firsts] | None:
        """The words of this manuscript that a match can begin with; ``None`` for any word."""
        key = id(node)
        if key not in self._begin:
            firsts = firsts_of(node)
            self._begin[key] = None
            if firsts is not None:
                words = set(firsts.words & self.index.words)
                for prefix in firsts.prefixes:
                    words.update(self.index.expanded(prefix))
                words.discard("")
                self._begin[key] = (frozenset(words), firsts)
        return self._begin[key]

    def _starts(self, begin: tuple[frozenset[str], Firsts] | None, here: Here) -> Iterable[int]:
        """The positions at which a match can begin."""
        view = here.words
        if begin is None:
            return [at for at, word in enumerate(view) if word]
        words, firsts = begin
        at_words = [at for at, word in enumerate(view) if word in words]
        if not firsts.numbers and not firsts.capitals:
            return at_words
        found = set(at_words)
        if firsts.numbers:
            found.update(here.numbers)
        if firsts.capitals:
            found.update(self.index.capitals(here.sentence.index))
        return sorted(at for at in found if view[at])

    def holding(self, phrases: tuple[Phrase, ...], allowed: int) -> int:
        """The sentences of ``allowed`` in which any of ``phrases`` matches."""
        # Not by source: a word list may mean another thing in each file.
        key = tuple(id(p.tree) for p in phrases)
        mask = self._holding.get(key)
        if mask is None:
            mask = 0
            for phrase in phrases:
                mask |= self._with(phrase, self.index.searchable & ~mask)
            self._holding[key] = mask
        return mask & allowed

    def _with(self, phrase: Phrase, allowed: int) -> int:
        """The sentences of ``allowed`` in which ``phrase`` matches."""
        if of_words(phrase.tree):
            return self.mask(phrase.tree) & allowed
        mask = 0
        for match in self.find(phrase, allowed, once=True):
            mask |= 1 << match.sentence
        return mask

    def numbers_in(self, match: Match) -> tuple[tuple[str, Number], ...]:
        """The subjects that the phrase records, each with its number, in order."""
        subjects = [k.subject for k in _kinds(match.phrase.tree) if k.subject]
        if not subjects:
            return ()
        here = self.index.here(match.sentence)
        found = [
            number
            for first, number in sorted(here.numbers.items())
            if match.first <= first < match.last and counts(here, number)
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


def _kinds(node: Node) -> Iterable[Kind]:
    if isinstance(node, Kind):
        yield node
    elif isinstance(node, Seq | Alt):
        for item in node.items:
            yield from _kinds(item)
    elif isinstance(node, Opt):
        yield from _kinds(node.item)
