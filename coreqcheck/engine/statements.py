"""The authors' sentences as plain text with every number in digits, for comparisons of values.

Phrases find words; arithmetic needs "eleven of the eighteen students (72 %)" as
"11 of the 18 students (72 %)". A statement keeps the way back to the sentence's words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from coreqcheck.engine.assess import quotable
from coreqcheck.engine.index import members
from coreqcheck.engine.match import Matcher
from coreqcheck.model import Number, SectionKind, Sentence, Span
from coreqcheck.spelling import normal

_DASHES = str.maketrans("–—‐‑−‒’‘ʼ“”", "------'''\"\"")
_SPACES = re.compile(r"\s+")
_MARK = re.compile(r"[^\W_]")
QUOTED = "~"
"""What stands in a statement's text for the words that somebody else says."""

BODY = frozenset(SectionKind) - {
    SectionKind.INTRODUCTION,
    SectionKind.REFERENCES,
    SectionKind.CHECKLIST,
    SectionKind.FRONT,
}
"""Sections in which authors speak of their own study."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence in lower case; ``starts[i]`` is where its word ``i`` begins in ``text``.

    ``people`` are words that this manuscript uses for those who took part ("apprentices").
    """

    sentence: Sentence
    kind: SectionKind
    text: str
    starts: tuple[int, ...]
    people: frozenset[str] = frozenset()

    def word_at(self, offset: int) -> int:
        """The number of the word that holds ``offset``, or the last one before it."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def span(self, start: int, end: int) -> Span:
        """What to quote for ``text[start:end]``: the sentence, or a window of a long one."""
        return quotable(self.sentence, self.word_at(start), self.word_at(max(end - 1, start)) + 1)

    @property
    def whole(self) -> Span:
        """What to quote for the statement as such."""
        return quotable(self.sentence, 0, 1)


_TOOK_PART = {
    ("took", "part"), ("were", "interviewed"), ("were", "included"), ("were", "recruited"), ("participated", "in"),
    ("participated",), ("who", "participated"), ("who", "took"), ("participated", "and"), ("were", "enrolled"),
}  # fmt: skip
_ASKED = frozenset({"interviewed"})
_NO_NOUNS = frozenset(
    """
    interviews groups discussions sessions themes categories codes transcripts hospitals clinics schools villages
    sites centres centers practices wards districts towns cities countries regions questions minutes hours days
    weeks months years times parts cases facilities organisations organizations projects companies units teams
    households statements items records recordings of in and or with from who that the a at were was is which
    """.split()
)


class Statements:
    """The statements of one manuscript, made when they are asked for."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.index = matcher.index
        self._made: dict[int, Statement] = {}
        self._kinds = [s.kind for s in self.index.manuscript.sections]
        self.numbered = self.index.numbered
        self.people = frozenset(self._people())

    def _people(self) -> Iterator[str]:
        """The plurals that are counted and said to have taken part, whatever they are called."""
        took = self.holding(
            "participated", "interviewed", "part", "sample", "included", "interviews"
        )
        for at in members(self.numbered & took):
            sentence = self.index.sentences[at]
            words = sentence.words
            for number in sentence.numbers:
                for place in range(number.last + 1, min(number.last + 4, len(words))):
                    word = words[place]
                    if not word.isalpha() or word in _NO_NOUNS:
                        break
                    after = words[place + 1 : place + 3]
                    before = words[max(number.first - 3, 0) : number.first]
                    if word.endswith("s") and (after in _TOOK_PART or _ASKED.intersection(before)):
                        yield word
                        break

    def of(self, at: int) -> Statement:
        """The statement of sentence ``at``."""
        made = self._made.get(at)
        if made is None:
            sentence = self.index.sentences[at]
            text, starts = _plain(sentence, self.index.views[at], self.index.manuscript.text)
            kind = self._kinds[sentence.section]
            made = Statement(sentence, kind, text, starts, self.people)
            self._made[at] = made
        return made

    def holding(self, *words: str) -> int:
        """The sentences with any of these words; ``declin*`` stands for all that start so."""
        mask = 0
        for word in words:
            if word.endswith("*"):
                mask |= self.index.with_prefix(normal(word[:-1]))
            else:
                mask |= self.index.masks.get(normal(word), 0)
        return mask & self.index.searchable

    def inside(self, kinds: Iterable[SectionKind]) -> int:
        """The searchable sentences in sections of these kinds."""
        return self.index.in_kinds(kinds) & self.index.searchable

    def among(self, mask: int) -> Iterator[Statement]:
        """The statements of a set of sentences, in text order."""
        for at in members(mask & self.index.searchable):
            yield self.of(at)

    def find(
        self, pattern: re.Pattern[str], mask: int
    ) -> Iterator[tuple[Statement, re.Match[str]]]:
        """Every hit of ``pattern`` in the sentences of ``mask``."""
        for statement in self.among(mask):
            for hit in pattern.finditer(statement.text):
                yield statement, hit


@lru_cache(maxsize=2)
def statements_of(matcher: Matcher) -> Statements:
    """The statements of the matcher's manuscript; only the last ones are kept."""
    return Statements(matcher)


def _plain(sentence: Sentence, view: tuple[str, ...], text: str) -> tuple[str, tuple[int, ...]]:
    """The sentence's text with numbers in digits, quoted words blanked, reference marks gone."""
    numbers = {n.first: n for n in sentence.numbers}
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    before = sentence.span.start
    at = 0
    count = len(sentence.words)
    while at < count:
        number = numbers.get(at)
        last = number.last if number is not None else at
        between = _between(text[before : sentence.starts[at]])
        word = QUOTED if not view[at] else _word(number, text, sentence, at)
        length += len(between)
        starts += [length] * (last - at + 1)
        length += len(word)
        pieces += (between, word)
        before = sentence.ends[last]
        at = last + 1
    pieces.append(_between(text[before : sentence.span.end]))
    return "".join(pieces), tuple(starts)


def _between(printed: str) -> str:
    if printed == " " or not printed:
        return printed
    if _MARK.search(printed):
        printed = _MARK.sub("", printed).replace("[]", "").replace("()", "") or " "
    return _SPACES.sub(" ", printed.translate(_DASHES))


def _word(number: Number | None, text: str, sentence: Sentence, at: int) -> str:
    printed = text[sentence.starts[at] : sentence.ends[at]]
    if number is None or number.ordinal:
        return printed.lower().translate(_DASHES)
    if number.low == number.high:
        return f"{number.low:g}" if number.low < 1e6 else f"{number.low:.0f}"
    return f"{number.low:g}-{number.high:g}"
