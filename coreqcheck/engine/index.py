"""A word index over the sentences of one manuscript.

Sets of sentences are whole numbers used as bit sets: sentence ``i`` is bit ``i``. A phrase whose
rarest word is absent costs one look-up.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property

from coreqcheck.model import (
    UNSEARCHED,
    Manuscript,
    Role,
    SectionKind,
    Sentence,
    Voice,
)
from coreqcheck.spelling import normal

_LIMITS = ("limitation", "shortcoming", "weakness", "strengths")
_GLOSSARY = re.compile(r"\babbreviations?\b|\bacronyms?\b|\bglossary\b", re.IGNORECASE)
_ENTRY = re.compile(r"(?<![^\W_])([A-Z]{2,4})s?\b(?=[\s|]*[:=|–—,-]|\s+[A-Za-z])")
_ACRONYM = re.compile(r"\(([A-Z]{2,4})s?\)")
_NOT_INITIALS = frozenset(
    [
        "AM",
        "PM",
        "UK",
        "US",
        "USA",
        "EU",
        "UN",
        "WHO",
        "NHS",
        "HIV",
        "AIDS",
        "TB",
        "GP",
        "GPS",
        "ICU",
        "ED",
        "ER",
        "RN",
        "MD",
        "PHD",
        "MSC",
        "BSC",
        "MPH",
        "BA",
        "MA",
        "MS",
        "BMJ",
        "IRB",
        "REC",
        "DNA",
        "RNA",
        "UI",
        "UX",
        "IT",
        "AI",
        "ML",
        "HCI",
        "CS",
        "SE",
        "II",
        "III",
        "IV",
        "VI",
        "VII",
        "IX",
        "XI",
        "XII",
        "OK",
        "QA",
        "HR",
        "CEO",
        "CTO",
        "NA",
        "NO",
        "ID",
        "PI",
        "CI",
        "SD",
        "OR",
        "RQ",
        "FGD",
        "FGDS",
        "IDI",
        "KII",
        "TA",
        "GT",
        "IPA",
        "NGO",
        "PTSD",
        "ADHD",
        "BMI",
        "CRC",
        "NCD",
        "LMIC",
        "HCP",
        "HCW",
        "CHW",
        "CEO",
        "PC",
        "TV",
        "CD",
        "DVD",
        "COVID",
        "SARS",
        "PPE",
        "VAS",
        "QI",
        "QOL",
        "RCT",
        "SPSS",
        "TDF",
        "CFIR",
        "COREQ",
        "SRQR",
        "CASP",
    ]
)


class Here:
    """One sentence as phrases see it.

    ``words`` has an empty word behind the last, so that every position up to ``size`` can be read;
    words inside quotations are empty, too.
    """

    __slots__ = ("index", "numbers", "sentence", "size", "words")

    def __init__(self, index: Index, sentence: Sentence, view: tuple[str, ...]) -> None:
        self.index = index
        self.sentence = sentence
        self.words = (*view, "")
        self.size = len(view)
        self.numbers = {n.first: n for n in sentence.numbers}

    def printed(self, position: int) -> str:
        """The word at ``position`` as printed."""
        one = self.sentence
        return self.index.manuscript.text[one.starts[position] : one.ends[position]]


_ARMS = frozenset({SectionKind.METHODS, SectionKind.RESULTS})
_QUANTITATIVE = re.compile(
    r"\bquantitative\b|\bsurvey\b|\bstatistical (?:methods|analys[ie]s)\b",
    re.IGNORECASE,
)
_QUALITATIVE = re.compile(
    r"\bqualitative\b|\binterview|\bfocus[- ]groups?\b|\bgroup discussions?\b|\bfgds?\b|\bmixed\b",
    re.IGNORECASE,
)


_OF_AUTHORS = (SectionKind.METHODS, SectionKind.OTHER, SectionKind.LIMITATIONS)
_TITLES = frozenset("dr prof professor associate assistant mr mrs ms miss sir".split())
_BEFORE_PLACES = frozenset("in at from near to st saint".split())
_AND = frozenset(("and", "et"))


class Index:
    """The searchable sentences of a manuscript, by word, section kind and role.

    These are the authors' own, unless another ``voice`` is asked for.
    """

    def __init__(self, manuscript: Manuscript, voice: Voice = Voice.AUTHOR) -> None:
        self.manuscript = manuscript
        self.sentences = manuscript.sentences
        self.views: list[tuple[str, ...]] = [()] * len(self.sentences)
        self.masks: dict[str, int] = {}
        self.kinds: dict[SectionKind, int] = {}
        self.roles: dict[Role, int] = {}
        self.searchable = 0
        self._here: dict[int, Here] = {}
        self._capitals: dict[int, tuple[int, ...]] = {}
        kinds = [section.kind for section in manuscript.sections]
        for sentence in self.sentences:
            bit = 1 << sentence.index
            kind = kinds[sentence.section]
            self.kinds[kind] = self.kinds.get(kind, 0) | bit
            self.roles[sentence.role] = self.roles.get(sentence.role, 0) | bit
            if sentence.voice is voice and sentence.role not in UNSEARCHED:
                self.searchable |= bit
                self._add(sentence, bit)
        self.vocabulary = sorted(self.masks)
        self.words = frozenset(self.masks)
        self.author_words = self._author_words()
        self.acronyms = _NOT_INITIALS | _acronyms_of(manuscript.text) | self._glossary()
        self._prefixes: dict[str, int] = {}
        self.aside = self._of_the_survey()

    def _glossary(self) -> set[str]:
        """What a list of abbreviations explains: no one's initials."""
        sections = self.manuscript.sections
        return {
            hit[1]
            for sentence in self.sentences
            if _GLOSSARY.search(sections[sentence.section].title)
            for hit in _ENTRY.finditer(self.manuscript.text, sentence.span.start, sentence.span.end)
        }

    def _of_the_survey(self) -> int:
        """The sentences under "Quantitative part" or "Survey", beside a "Qualitative part"."""
        sections = self.manuscript.sections
        if not any(_QUALITATIVE.search(s.title) for s in sections if s.kind in _ARMS):
            return 0
        aside: set[int] = set()
        for number, section in enumerate(sections):
            named = section.kind in _ARMS and _QUANTITATIVE.search(section.title) is not None
            if (named and not _QUALITATIVE.search(section.title)) or (
                section.parent in aside and not _QUALITATIVE.search(section.title)
            ):
                aside.add(number)
        return sum(1 << s.index for s in self.sentences if s.section in aside)

    def _add(self, sentence: Sentence, bit: int) -> None:
        words = sentence.words
        if sentence.quoted:
            words = tuple(
                "" if any(q.start <= start < q.end for q in sentence.quoted) else word
                for word, start in zip(words, sentence.starts, strict=True)
            )
        self.views[sentence.index] = words
        masks = self.masks
        for word in words:
            masks[word] = masks.get(word, 0) | bit

    def _author_words(self) -> frozenset[str]:
        """Initials and surnames of the by-line, in normal form."""
        words: set[str] = set()
        for author in self.manuscript.authors:
            initials = normal(author.initials)
            if len(initials) >= 2:
                words.add(initials)
                # "KMA" is also written "KA": first and last.
                words.add(initials[0] + initials[-1])
            surname = re.split(r"[\s\-‐‑–]+", author.surname)[-1]
            if len(surname) >= 3 and not self._is_common_word(surname):
                words.add(normal(surname))
        return frozenset(words | self._given_names())

    def _given_names(self) -> set[str]:
        """Given names of the by-line, where the authors call each other by them.

        One name alone may be a participant's or a place's; two of one by-line are not.
        """
        names: set[str] = set()
        for author in self.manuscript.authors:
            given = [w for w in author.name.split()[:-1] if w.strip(".").lower() not in _TITLES]
            if given and len(given[0]) >= 3 and given[0].isalpha() and given[0].istitle():
                names.add(normal(given[0]))
        names -= {normal(q.identifier) for q in self.manuscript.quotations if q.identifier}
        told = self.in_kinds(_OF_AUTHORS) & self.searchable
        called = {
            name
            for name in names & self.words
            if any(self._calls(number, name, names) for number in members(self.masks[name] & told))
        }
        return called if len(called) > 1 else set()

    def _calls(self, sentence: int, name: str, names: set[str]) -> bool:
        """Whether a sentence calls someone by the given name alone: no surname, place or source."""
        if self.sentences[sentence].citation:
            return False
        here = self.here(sentence)
        words = (*self.views[sentence], "", "")
        for at, word in enumerate(words):
            if word != name or words[at - 1] in _BEFORE_PLACES:
                continue
            if words[at + 1] in _AND and words[at + 2] not in names:
                continue
            if not here.printed(at)[0].isupper():
                continue
            if at + 3 == len(words):  # the sentence ends here: "were coded by Imogen"
                return words[at - 1] == "by" or words[at - 2] in names
            if here.printed(at + 1)[0].islower():
                return True
        return False

    def _is_common_word(self, surname: str) -> bool:
        """ "Young" is no author in a paper that speaks of young people."""
        common = rf"(?<![\w-]){re.escape(surname.lower())}(?![\w-])"
        return surname.isascii() and re.search(common, self.manuscript.text) is not None

    def expanded(self, prefix: str) -> list[str]:
        """The words of the manuscript that start with ``prefix``."""
        words = []
        at = bisect_left(self.vocabulary, prefix)
        while at < len(self.vocabulary) and self.vocabulary[at].startswith(prefix):
            words.append(self.vocabulary[at])
            at += 1
        return words

    def with_prefix(self, prefix: str) -> int:
        """The sentences that hold a word with this prefix."""
        mask = self._prefixes.get(prefix)
        if mask is None:
            mask = 0
            for word in self.expanded(prefix):
                mask |= self.masks[word]
            self._prefixes[prefix] = mask
        return mask

    def in_kinds(self, kinds: Iterable[SectionKind]) -> int:
        """The sentences in sections of these kinds."""
        mask = 0
        for kind in kinds:
            mask |= self.kinds.get(kind, 0)
        return mask

    @cached_property
    def limitations(self) -> int:
        """The paragraphs of the discussion that speak of the study's limitations.

        They often have no heading of their own.
        """
        limits = sum_of(map(self.with_prefix, _LIMITS))
        blocks = {self.sentences[n].block for n in members(limits)}
        late = self.in_kinds((SectionKind.DISCUSSION, SectionKind.CONCLUSION))
        return sum(1 << n for n in members(late) if self.sentences[n].block in blocks)

    @cached_property
    def numbered(self) -> int:
        """The sentences that hold a number."""
        return sum(1 << s.index for s in self.sentences if s.numbers)

    def in_roles(self, roles: Iterable[Role]) -> int:
        """The sentences with these roles."""
        mask = 0
        for role in roles:
            mask |= self.roles.get(role, 0)
        return mask

    def here(self, sentence: int) -> Here:
        """A sentence as phrases see it."""
        found = self._here.get(sentence)
        if found is None:
            found = Here(self, self.sentences[sentence], self.views[sentence])
            self._here[sentence] = found
        return found

    def capitals(self, sentence: int) -> tuple[int, ...]:
        """The positions of the words that are printed with a capital."""
        found = self._capitals.get(sentence)
        if found is None:
            text = self.manuscript.text
            starts = self.sentences[sentence].starts
            found = tuple(at for at, start in enumerate(starts) if text[start].isupper())
            self._capitals[sentence] = found
        return found


def _acronyms_of(text: str) -> set[str]:
    """Capitals in brackets that shorten the words before them; "(KS)" after a role is a person."""
    found = set()
    for hit in _ACRONYM.finditer(text):
        letters = hit.group(1)
        before = re.findall(r"[^\W\d_]+", text[max(0, hit.start() - 90) : hit.start()])
        words = [word.lower() for word in before[-len(letters) - 3 :]]
        if any(_shortens(letters.lower(), words[at:]) for at in range(len(words))):
            found.add(letters)
    return found


def _shortens(letters: str, words: list[str]) -> bool:
    """True when ``letters`` run through ``words`` in order, beginning with the first's initial."""
    if not words or not words[0].startswith(letters[0]):
        return False
    pool = "".join(words)[1:] if len(letters) > 2 else [word[0] for word in words[1:]]
    rest = iter(pool)
    return all(letter in rest for letter in letters[1:])


def sum_of(masks: Iterable[int]) -> int:
    """The sentences of any of the bit sets."""
    union = 0
    for mask in masks:
        union |= mask
    return union


def members(mask: int) -> Iterable[int]:
    """The sentences of a bit set, in order."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
