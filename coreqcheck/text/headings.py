"""Headings: what the lexicon says of them, and how deep they are.

The lexicon is ``rules/sections.toml``. A heading is compared without case, numbering, punctuation
and accents, and with all spaces removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from coreqcheck.model import Document, SectionKind
from coreqcheck.spelling import normal
from coreqcheck.text.wording import words

_K = SectionKind

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_DECIMAL = re.compile(
    r"\s*(?:(?:section|chapter|part|§)\s*)?(\d{1,2}(?:\s?\.\s?\d{1,2}){0,4})\s?[.):|]?\s+(?=\S)",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"\s*((?:X{0,2})(?:IX|IV|V?I{0,3}))\s?[.):]\s*(?=\S)")
_LETTER = re.compile(r"\s*([A-Z])\s?[.):]\s+(?=\S)")


class Strength(IntEnum):
    """How much a heading tells by itself."""

    WEAK = 1
    SUB = 2
    MAJOR = 3


@dataclass(frozen=True, slots=True)
class Match:
    """What the lexicon says of a heading. ``exact``: the whole heading was the phrase."""

    kind: SectionKind
    strength: Strength
    exact: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    """``text`` has a space on either side; ``key`` is it without any."""

    kind: SectionKind
    strength: Strength
    text: str
    key: str
    begins: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class SectionLexicon:
    """Headings by kind. ``exact`` is keyed by the heading without spaces; build it with ``of``.

    ``by_word`` finds the phrases of ``open`` by their first word, or the last of those that end
    a heading.
    """

    exact: dict[str, Match]
    open: tuple[_Phrase, ...]
    by_word: dict[str, tuple[int, ...]]

    @classmethod
    def of(cls, phrases: Iterable[tuple[SectionKind, Sequence[str]]]) -> SectionLexicon:
        """From phrases as ``rules/sections.toml`` writes them (see its head for the notation)."""
        exact: dict[str, Match] = {}
        open_: list[_Phrase] = []
        for kind, sources in phrases:
            for source in sources:
                phrase = _phrase(kind, source)
                if phrase.begins or phrase.ends:
                    open_.append(phrase)
                else:
                    found = Match(kind, phrase.strength, True)
                    if phrase.key not in exact or exact[phrase.key].strength < found.strength:
                        exact[phrase.key] = found
        # The most telling first: strong before weak, "begins" before "ends" before "holds", long.
        # "Appendix 2. COREQ checklist" is a checklist before it is an appendix.
        open_.sort(
            key=lambda p: (
                -p.strength,
                p.kind is not _K.CHECKLIST,
                p.ends,
                not p.begins,
                -len(p.text),
            )
        )
        by_word: dict[str, tuple[int, ...]] = {}
        for number, phrase in enumerate(open_):
            word = phrase.text.split()[0 if phrase.begins else -1]
            by_word[word] = (*by_word.get(word, ()), number)
        return cls(exact, tuple(open_), by_word)

    def match(self, heading: str) -> Match | None:
        """What ``heading`` says of its section; ``None`` when it says nothing."""
        words = heading_words(heading)
        key = "".join(words)
        exact = self.exact.get(key)
        if exact is not None and exact.strength is Strength.MAJOR:
            return exact
        found = self._open(" ".join(words), key)
        if exact is None or (found is not None and found.strength > exact.strength):
            return found
        return exact

    def _open(self, line: str, key: str) -> Match | None:
        padded, garbled = f" {line} ", _garbled(line)
        numbers = {n for word in line.split() for n in self.by_word.get(word, ())}
        phrases = self.open if garbled else [self.open[n] for n in sorted(numbers)]
        for phrase in phrases:
            if phrase.begins and phrase.ends:
                hit = phrase.text in padded
            elif phrase.begins:
                hit = padded.startswith(phrase.text)
                if not hit and garbled and len(phrase.key) > 6:
                    hit = key.startswith(phrase.key)  # "RE SULTS AND DISCUSSION"
            else:
                hit = padded.endswith(phrase.text)
            if hit:
                return Match(phrase.kind, phrase.strength, False)
        return None


def _phrase(kind: SectionKind, source: str) -> _Phrase:
    strength, text = Strength.MAJOR, source.strip()
    for mark, found in (("sub:", Strength.SUB), ("weak:", Strength.WEAK)):
        if text.startswith(mark):
            strength, text = found, text[len(mark) :].strip()
    leads, trails = text.startswith("..."), text.endswith("...")
    found_words = [normal(w) for w in _WORD.findall(text)]
    padded, key = f" {' '.join(found_words)} ", "".join(found_words)
    holds = leads and trails
    return _Phrase(kind, strength, padded, key, holds or trails, holds or leads)


def _garbled(line: str) -> bool:
    """True when a heading looks as if spaces had been put inside its words ("RE SULTS")."""
    return any(len(word) <= 3 and word not in _SHORT for word in line.split())


_SHORT = words(
    """
    a an and of the in on for to by or with our we as at is it how who
    """
)


def heading_words(heading: str) -> tuple[str, ...]:
    """The words that tell of what a heading is about: numbering and punctuation left out."""
    rest = _unnumbered(heading)
    return tuple(normal(w) for w in _WORD.findall(rest.replace("&", " and ")))


def _unnumbered(heading: str) -> str:
    for pattern in (_DECIMAL, _ROMAN, _LETTER):
        hit = pattern.match(heading)
        if hit and hit.group(1):
            return heading[hit.end() :]
    return heading


# -- levels


def levels_of(
    document: Document, headings: Sequence[int], matches: Mapping[int, Match | None]
) -> dict[int, int]:
    """The depth of each heading: its number where the paper numbers, else the reader's level."""
    text, blocks = document.text, document.blocks
    levels = {i: max(blocks[i].level, 1) for i in headings}
    flat = len(set(levels.values())) <= 1
    depths = _numbered(
        [(i, text[blocks[i].span.start : blocks[i].span.end]) for i in headings], matches
    )
    if not depths:
        return levels
    base = min((levels[i] for i, depth in depths.items() if depth == 1), default=1)
    current = base
    for i in headings:
        if i in depths:
            levels[i] = current = base + depths[i] - 1
        elif flat:
            match = matches[i]
            major = match is not None and match.strength is Strength.MAJOR
            levels[i] = base if major else current + 1
    return levels


def _numbered(
    titles: Sequence[tuple[int, str]], matches: Mapping[int, Match | None]
) -> dict[int, int]:
    """Depths by numbering ("2.1" is 2, "II." is 1, "A." is 2); empty where majors have none."""

    def majors(depths: dict[int, int]) -> int:
        return sum(
            1
            for i, depth in depths.items()
            if depth == 1 and (m := matches[i]) is not None and m.strength is Strength.MAJOR
        )

    decimal = {}
    for i, title in titles:
        hit = _DECIMAL.match(title)
        if hit:
            decimal[i] = hit.group(1).count(".") + 1
    if majors(decimal) >= 2:
        return decimal
    roman = {i: 1 for i, title in titles if (h := _ROMAN.match(title)) and h.group(1)}
    if majors(roman) < 2:
        return {}
    expected = "A"
    for i, title in titles:
        hit = _LETTER.match(title)
        # "C." and "D." are letters when they follow "B." and "C.", else Roman numerals.
        if hit and hit.group(1) == expected:
            roman[i] = 2
            expected = chr(ord(expected) + 1)
        elif i in roman:
            expected = "A"
    return roman
