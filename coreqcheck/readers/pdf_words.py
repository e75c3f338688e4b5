"""Words cut or damaged by the page: hyphens at line ends, spaces inside words, lost ligatures.

The document's own words decide; nothing is guessed from a dictionary.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from coreqcheck.readers.clean import LIGATURES


def _set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


HYPHENS = "-\u00ad\u2010\ufffd"
"""Signs that may be the hyphen at a line end; U+FFFD is one that has lost its meaning."""
_WORD = re.compile(r"[^\W\d_]+(?:['’\-‐][^\W\d_]+)*")
# Latin-1 bytes: letters, hyphens and apostrophes stay, everything else parts words.
_KEPT = frozenset(b"-'") | {n for n in range(256) if chr(n).isalpha()}
_APART = bytes(n if n in _KEPT else 32 for n in range(256))
_SIGNS = (
    ("’", "'"),
    ("‐", "-"),
    ("‑", "-"),
    ("“", " "),
    ("”", " "),
    ("‘", " "),
    ("–", " "),
    ("—", " "),
)
_LINE_HYPHENS = "-\u00ad‐"
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\ufeff]")
_DAMAGED = _set(
    """
    frst diferent diference diferences diferently difcult difculty difculties signifcant
    signifcantly signifcance specifc specifcally defned defnition defne fndings fnding fnd fnal
    fnally identifed identifes infuence infuenced refect refected refection refexive refexivity
    ofce ofcial ofer ofered ofers efect efects efective efort eforts afect afected afects sufcient
    efcient efciency staf conficts confict beneft benefts confrm confrmed confdence confdential
    confdentiality feld felds fve fle fles fll flled modifed classifed qualifed scientifc workfow
    fow fexible frstly
    """
)
_LIGATURE_LETTERS = ("fi", "fl", "ff", "ffi", "ffl")
_SUSPENDED = frozenset(
    {"and", "or", "to", "und", "oder", "y", "o", "e", "et", "ou", "bis", "nor", "vs"}
)
# What the document's own words leave open, English decides: number words and the like begin
# compounds, and participles end them; syllables that begin or end words do neither.
_HEADS = _set(
    """
    one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty
    seventy eighty ninety hundred first second third fourth fifth half quarter self well ill non
    cross all vice high low long short full part mid left right large small wide open close hard
    soft old new young fast slow hands face real follow
    """
)
_LOOSE_HEADS = _set("post semi quasi pseudo anti multi co neo pre")
_TAILS = _set(
    """
    up in out off on down to by of the based related specific centred centered oriented driven led
    level levels wide term scale day days year years old olds month week hour minute like friendly
    free rich poor aged depth going standing party hand page person people group groups sided
    round end ended structured faceted makers maker awareness esteem efficacy care report reports
    reflection management life quality risk stage step fold point item
    """
)
_SYLLABLES = _set(
    """
    in de dis ex re un over under out up inter pro per con com en em im mis trans sub super ad ab
    be fore any some every no with there here what who where when other counter his her an at
    """
)
_ENDINGS = _set(
    """
    ability able ance ence ward wards wise self selves way ways where thing things body one all
    form forms work works style styles frame frames ness ship ships less ever over time times
    place places side sides line lines man men woman women book books ground grounds room rooms
    shop shops site sites land load loads top tops stroke strokes stand stands come comes
    """
)
_SMALL = _set("in of for the to and on at by up as a an or de la")
_SPACED = re.compile(
    r"(?<=[^\W\d_])([-‐])[ \u00a0]+(?=(\w+))|(?<=\b[A-Z]{5})(-)[ \u00a0]+(?=(\d+))"
)


# Adobe's private code points for old-style digits, small capitals and a few signs.
_ADOBE = {
    **{chr(0xF730 + n): str(n) for n in range(10)},
    **{chr(0xF761 + n): chr(ord("A") + n) for n in range(26)},
    "\uf6d9": "©",
    "\uf6da": "®",
    "\uf6db": "™",
    "\uf8e8": "®",
    "\uf8e9": "©",
    "\uf8ea": "™",
    "\uf726": "&",
    "\uf724": "$",
}
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_PRIVATE_RUN = re.compile("[\ue000-\uf8ff]+")


class Vocabulary:
    """The words of a document and how often they stand in it, whole on one line.

    ``damaged`` are words that have lost a ligature, ``repairs`` what the document's other words
    prove them to be; ``glyphs`` are the proven meanings of private code points, ``lost`` counts
    characters that stay without one.
    """

    __slots__ = ("_prefixes", "_sorted", "damaged", "glyphs", "lost", "repairs", "soft", "words")

    def __init__(self, lines: Iterable[str]) -> None:
        whole: list[str] = []
        pending = False
        soft = 0
        for line in lines:
            if pending:
                line = line.lstrip().partition(" ")[2]
            bare = line.rstrip()
            pending = bare[-1:] in _LINE_HYPHENS and bare != ""
            if pending:
                soft += bare[-1] == "\u00ad" and bare[-2:-1].isalpha()
                line = bare.rpartition(" ")[0]
            whole.append(line)
        self.soft = soft >= 3
        text = "\n".join(whole)
        if not text.isascii():
            for ligature, letters in LIGATURES.items():
                if ligature in text:
                    text = text.replace(ligature, letters)
            text = _INVISIBLE.sub("", text)
        private = set() if text.isascii() else set(_PRIVATE.findall(text))
        for sign in private & _ADOBE.keys():
            text = text.replace(sign, _ADOBE[sign])
        folded = text.casefold()
        self.words: Counter[str] = Counter(_words(folded))
        self.glyphs: dict[str, str] = {sign: _ADOBE[sign] for sign in private & _ADOBE.keys()}
        for sign in sorted(private - _ADOBE.keys()):
            if ord(sign) in _SYMBOLS:
                continue
            letters = _meaning(sign, folded, self.words)
            if letters:
                self.glyphs[sign] = letters
        self.lost = text.count("\ufffd") + sum(
            text.count(sign)
            for sign in private
            if sign not in self.glyphs and ord(sign) not in _SYMBOLS
        )
        self._sorted: list[str] = []
        self._prefixes: Counter[str] = Counter()
        for word, count in self.words.items():
            if "-" in word:
                head, _, tail = word.partition("-")
                if head and tail:
                    self._prefixes[head] += count
        self.damaged: tuple[str, ...] = tuple(sorted(_DAMAGED.intersection(self.words)))
        self.repairs: dict[str, str] = _lost(self.words) if self.damaged else {}

    def suspicious(self, text: str) -> bool:
        """Could ``fixes`` find anything in this line? Quick, and mostly no."""
        return bool(self.repairs) or _SUSPICIOUS.search(text) is not None

    def joins(self, head: str, tail: str, soft: bool, more: bool = False) -> bool:
        """Is "head-", cut at a line end, one word with "tail" (the hyphen goes)?

        Args:
            head: the letters before the hyphen, with hyphens of their own.
            tail: the letters after it.
            soft: the hyphen is a soft one.
            more: another hyphen follows ``tail``.
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
        before, _, short = left.rpartition("-")
        if self.words[short + right]:
            return True
        if len(short) < 2 or (short in _SMALL and (before or more)):
            return False
        return self._unseen(short, right)

    def _unseen(self, left: str, right: str) -> bool:
        """Is a word that stands nowhere else more likely written without hyphen?"""
        known = self.words[left] > 0 and len(left) > 2
        other = self.words[right] > 0 and len(right) > 2
        if left in _HEADS and (len(right) > 3 or right in _TAILS):
            return right in _ENDINGS and left not in {"self", "non"}
        if left in _LOOSE_HEADS and other and len(right) > 3:
            return False
        if left in _SYLLABLES or right in _ENDINGS:
            return True
        if self._prefixes[left] and other and not self._starts_words(left):
            return False
        if known and (right in _TAILS or other):
            return False
        participle = len(right) > 5 and right.endswith(("ed", "ing"))
        return not (participle and (known or (other and len(left) > 3)))

    def _starts_words(self, head: str) -> bool:
        """Is ``head`` also the beginning of longer words, and no word itself?"""
        if self.words[head]:
            return False
        if not self._sorted:
            self._sorted = sorted(word for word in self.words if "-" not in word)
        at = bisect_left(self._sorted, head)
        return at < len(self._sorted) and self._sorted[at].startswith(head)


def _words(folded: str) -> list[str]:
    """The words of a text in lower case; fast for languages that Latin-1 can write."""
    if not folded.isascii():
        for sign, plain in _SIGNS:
            if sign in folded:
                folded = folded.replace(sign, plain)
    latin = folded.encode("latin-1", "replace")
    if latin.count(b"?") > 0.01 * len(latin):
        return _WORD.findall(folded)
    return latin.translate(_APART).decode("latin-1").split()


_SYMBOLS = range(0xF000, 0xF100)  # where symbol fonts put bullets and boxes
_GLYPH_LETTERS = ("fi", "fl", "ff", "ffi", "ffl", "ft", "tt", "ti", "tf", "th", "ct", "st", "fj")


def _meaning(sign: str, folded: str, words: Counter[str]) -> str:
    """The letters for which a sign inside words stands, when other words prove it."""
    inside = set(re.findall(rf"[^\W\d_]*{sign}[^\W\d_]+|[^\W\d_]+{sign}", folded))
    best, most = "", 0
    for letters in _GLYPH_LETTERS:
        proven = sum(1 for word in inside if words.get(word.replace(sign, letters), 0))
        if proven > most:
            best, most = letters, proven
    return best


def _lost(words: Counter[str]) -> dict[str, str]:
    """Words that become another word of the document when a ligature is put back."""
    found: dict[str, str] = {}
    for word, count in words.items():
        if len(word) < 3 or not word.isalpha():
            continue
        if word not in _DAMAGED and not _RARE.search(word):
            continue
        best = max(_restored(word), key=lambda w: (words.get(w, 0), w))
        seen = words.get(best, 0)
        if seen and (word in _DAMAGED or seen > 3 * count):
            found[word] = best
    return found


def _restored(word: str) -> set[str]:
    """``word`` with one ligature put back, whole or its second half ("difcult", "frst")."""
    forms = set()
    for letters in _LIGATURE_LETTERS:
        for at in range(len(word) + 1):
            forms.add(word[:at] + letters + word[at:])
            if at and word[at - 1] == "f":
                forms.add(word[:at] + letters[1:] + word[at:])
    return forms


# Letters that hardly ever stand together where no ligature was lost.
_RARE = re.compile(r"(?:^f[bcdghkmnpqstvwxz]|[^aeiouyf]f[bcdghkmnpqvwxz]|[bcdghkmnpqvwxz]f[st])")


_ACCENTS = {
    "´": "\u0301",
    "`": "\u0300",
    "¨": "\u0308",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "ˇ": "\u030c",
    "˚": "\u030a",
    "˘": "\u0306",
    "˙": "\u0307",
    "˝": "\u030b",
    "¯": "\u0304",
    "¸": "\u0327",
}
_ACCENTED = re.compile(r"(?:(?<=[^\W\d_])|(?<![\w´`¨]))([´¨ˆ˜ˇ˚˘˙˝¯¸]|(?<=[^\W\d_])`)\s?([^\W\d_])")


def _composed(text: str) -> list[Fix]:
    """Accents set as signs of their own before their letter ("M´alaga"), put together."""
    found = []
    for hit in _ACCENTED.finditer(text):
        letter = {"ı": "i", "ȷ": "j"}.get(hit[2], hit[2])
        whole = unicodedata.normalize("NFC", letter + _ACCENTS[hit[1]])
        if len(whole) == 1:
            found.append(Fix(hit.start(), hit.end(), whole, "accent"))
    return found


_SUSPICIOUS = re.compile("[-‐][ \u00a0]|[\ufffd\ue000-\uf8ff´`¨ˆ˜ˇ˚˘˙˝¯¸]")


_LETTERSPACED = re.compile(r"(?:[^\W\d_]\s+){4,}[^\W\d_]")  # "A B S T R A C T"


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
    if not text.isascii() and not _ACCENTS.keys().isdisjoint(text):
        found.extend(_composed(text))
    if vocabulary.glyphs:
        for hit in _PRIVATE_RUN.finditer(text):
            meant = "".join(vocabulary.glyphs.get(sign, sign) for sign in hit.group())
            if meant != hit.group():
                found.append(Fix(hit.start(), hit.end(), meant, "glyph"))
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
    if _LETTERSPACED.fullmatch(text.strip()):
        gaps = re.finditer(r"(?<=\S) (?=\S)", text)
        return [Fix(gap.start(), gap.end(), "", "space") for gap in gaps]
    found = []
    tokens = list(re.finditer(r"[^\W\d_]+", text))
    for a, b in itertools.pairwise(tokens):
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
