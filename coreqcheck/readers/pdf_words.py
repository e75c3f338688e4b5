"""Words cut or damaged by the page: hyphens at line ends, spaces inside words, lost ligatures.

The document's own words decide; nothing is guessed from a dictionary.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from coreqcheck.readers.clean import LIGATURES

HYPHENS = "-\u00ad\u2010"
_WORD = re.compile(r"[^\W\d_]+(?:['’\-‐][^\W\d_]+)*")
_CUT = re.compile(r"\S*[-\u00ad‐]\s*\n\s*\S+")
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\ufeff]")
_DAMAGED = frozenset(
    """frst diferent diference diferences diferently difcult difculty difculties signifcant
    signifcantly signifcance specifc specifcally defned defnition defne fndings fnding fnd fnal
    fnally identifed identifes infuence infuenced refect refected refection refexive refexivity
    ofce ofcial ofer ofered ofers efect efects efective efort eforts afect afected afects
    sufcient efcient efciency staf conficts confict beneft benefts confrm confrmed confdence
    confdential confdentiality feld felds fve fle fles fll flled modifed classifed qualifed
    scientifc workfow fow fexible frstly""".split()
)
_LIGATURE_LETTERS = ("fi", "fl", "ff", "ffi", "ffl")
_SUSPENDED = frozenset({"and", "or", "to", "und", "oder", "y", "o", "e", "et", "ou", "bis", "nor", "vs"})
_SPACED = re.compile(r"(?<=[^\W\d_])([-‐])[ \u00a0]+(?=(\w+))|(?<=\b[A-Z]{5})(-)[ \u00a0]+(?=(\d+))")


class Vocabulary:
    """The words of a document and how often they stand in it, whole on one line."""

    __slots__ = ("_prefixes", "_suffixes", "damaged", "repairs", "soft", "words")

    def __init__(self, lines: Iterable[str]) -> None:
        text = "\n".join(lines)
        self.soft = len(re.findall("\u00ad\\s*\n", text)) >= 3
        for ligature, letters in LIGATURES.items():
            if ligature in text:
                text = text.replace(ligature, letters)
        text = _INVISIBLE.sub("", _CUT.sub(" ", text)).casefold()
        self.words: Counter[str] = Counter(_WORD.findall(text))
        self._prefixes: Counter[str] = Counter()
        self._suffixes: Counter[str] = Counter()
        for word, count in self.words.items():
            if "-" in word:
                head, _, tail = word.partition("-")
                self._prefixes[head] += count
                self._suffixes[tail] += count
        self.damaged: tuple[str, ...] = tuple(sorted(_DAMAGED.intersection(self.words)))
        self.repairs: dict[str, str] = _lost(self.words) if self.damaged else {}

    def joins(self, head: str, tail: str, soft: bool) -> bool:
        """Is "head-", cut at a line end, one word with "tail" (the hyphen goes)?

        Args:
            head: the letters before the hyphen, with hyphens of their own.
            tail: the letters after it.
            soft: the hyphen is a soft one.
        """
        if soft:
            return True
        if not head or not tail or not tail[0].islower() or not head[-1].isalpha():
            return False
        left, right = head.casefold(), tail.casefold()
        joined, hyphened = self.words[left + right], self.words[f"{left}-{right}"]
        if joined or hyphened:
            return joined >= hyphened
        if self.soft:
            return False  # this document breaks words with soft hyphens: this one is real
        short = left.rpartition("-")[2]
        whole = self.words[short + right]
        if whole:
            return True
        if self._prefixes[short] and not self._starts_words(short):
            return False
        if len(short) < 2:
            return False
        if self.words[short] and self.words[right] and len(right) > 2:
            return False
        return True

    def _starts_words(self, head: str) -> bool:
        """Is ``head`` also the beginning of longer words, and no word itself?"""
        if self.words[head]:
            return False
        return any(word.startswith(head) and "-" not in word for word in self.words)


def _lost(words: Counter[str]) -> dict[str, str]:
    """Words that become another word of the document when a ligature is put back."""
    found: dict[str, str] = {}
    for word, count in words.items():
        if len(word) < 3 or not word.isalpha():
            continue
        best, most = "", 0
        for letters in _LIGATURE_LETTERS:
            for at in range(len(word) + 1):
                if letters[0] == "f" and word[at : at + 1] != "f" and letters not in ("fi", "fl"):
                    pass
                candidate = word[:at] + letters[1:] + word[at:] if (
                    at and word[at - 1] == "f"
                ) else word[:at] + letters + word[at:]
                seen = words.get(candidate, 0)
                if seen > most:
                    best, most = candidate, seen
        if best and word in _DAMAGED and most >= 1:
            found[word] = best
        elif best and most > 3 * count and len(word) >= 5 and _rare_shape(word):
            found[word] = best
    return found


_RARE = re.compile(r"(?:^f[bcdghkmnpqstvwxz]|[^aeiouyf]f[bcdghkmnpqvwxz]|[bcdghkmnpqvwxz]f[st])")


def _rare_shape(word: str) -> bool:
    """Letters that hardly ever stand together where no ligature was lost."""
    return bool(_RARE.search(word))


class Fix(NamedTuple):
    """Characters ``start..end`` of a text are to be read as ``text``."""

    start: int
    end: int
    text: str
    repair: str


def fixes(text: str, vocabulary: Vocabulary) -> list[Fix]:
    """Repairs inside one line: spaces after hyphens inside words, lost ligatures, U+FFFD."""
    found: list[Fix] = []
    if "- " in text or "-\u00a0" in text:
        for hit in _SPACED.finditer(text):
            tail = hit[2] or hit[4]
            if tail.casefold() in _SUSPENDED:
                continue
            found.append(Fix(hit.start() + 1, hit.end(), "", "space"))
    if vocabulary.repairs:
        for hit in _WORD.finditer(text):
            good = vocabulary.repairs.get(hit.group().casefold())
            if good is not None:
                found.append(Fix(hit.start(), hit.end(), _cased(hit.group(), good), "ligature"))
    if "\ufffd" in text:
        found.extend(_replaced(text, vocabulary))
    found.sort()
    return found


def _cased(bad: str, good: str) -> str:
    if bad.isupper():
        return good.upper()
    return good[0].upper() + good[1:] if bad[0].isupper() else good


def _replaced(text: str, vocabulary: Vocabulary) -> list[Fix]:
    """U+FFFD inside a word, where a ligature in its place gives a word of the document."""
    found = []
    for hit in re.finditer(r"[^\W\d_]*\ufffd[^\W\d_]+|[^\W\d_]+\ufffd", text):
        for letters in _LIGATURE_LETTERS:
            if vocabulary.words[hit.group().replace("\ufffd", letters).casefold()]:
                at = hit.group().index("\ufffd") + hit.start()
                found.append(Fix(at, at + 1, letters, "ligature"))
                break
    return found


def glued(text: str, vocabulary: Vocabulary) -> list[Fix]:
    """Spaces inside the words of a heading ("RE SULTS"): removed where the whole is a word."""
    found = []
    tokens = list(re.finditer(r"[^\W\d_]+", text))
    for a, b in zip(tokens, tokens[1:], strict=False):
        if text[a.end() : b.start()] not in {" ", "\u00a0", "  "}:
            continue
        left, right = a.group().casefold(), b.group().casefold()
        whole = vocabulary.words[left + right]
        if not whole:
            continue
        alone = vocabulary.words[left] > 1 and vocabulary.words[right] > 1
        if not alone and len(left + right) > 3:
            found.append(Fix(a.end(), b.start(), "", "space"))
    return found
