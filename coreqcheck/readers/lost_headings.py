"""Headings that lost their line: "Data collection We held ..." is a heading and a sentence.

Text that was copied out of a PDF, or a file that was made from such text, runs headings into the
paragraphs below them. What gives them away is that a sentence starts in the middle of nowhere: a
word such as "We" or "The" with a capital, where no sentence has ended. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from coreqcheck.readers.heads import is_known, is_speaker
from coreqcheck.readers.signposts import is_references

SHORT = 250
"""Characters that a caption alone may have."""

LONG = 1500
"""Characters of a paragraph in which headings are looked for after every sentence."""

LONGEST = 14
"""Words that a heading may have."""

_WORD = re.compile(r"\S+")
_SENTENCE_END = re.compile(
    r"[^\s.A-Z][.!?:][)\]”\"’]*(?:\s?\[[\d,\s–-]{1,12}\])?\s+(?=[A-Z\d(])|\]\s+(?=[A-Z]{4})"
)
_NUMBER = re.compile(
    r"(?:(?P<decimal>\d{1,2}(?:\.\d{1,2}){0,3})\.?|(?P<roman>[IVX]{1,4})\.|(?P<letter>[A-H])\."
    r"|(?P<item>\d{1,2})\))\s+(?=[A-Z“\"])"
)
_PROSE_END = re.compile(r"[.!?:;][)\]”\"’'\s\d,]*$|-$|[a-z,]$")
_ABOUT = re.compile(
    r"authors?['’]? biograph(?:y|ies)|about the authors?|notes on contributors?", re.IGNORECASE
)
_MAJOR = re.compile(
    r"abstract|introduction|methods?|methodology|results|findings|discussion|conclusions?|references",
    re.IGNORECASE,
)
_ANYWHERE = re.compile(
    r"(?<!\S)(?:\d{1,2}\.?\s+|[IVX]{1,4}\.\s+)?(?:ABSTRACT|INTRODUCTION|BACKGROUND|METHODS?|"
    r"METHODOLOGY|RESULTS|FINDINGS|DISCUSSION|CONCLUSIONS?|REFERENCES|ACKNOWLEDGE?MENTS?|"
    r"Abstract|References|Authors?['’]? Biograph(?:y|ies)|About the [Aa]uthors?|"
    r"Notes on [Cc]ontributors?)(?=\s+[A-Z\[“(])"
    r"|(?<!\S)(?:TABLE|FIGURE)\s(?:\d{1,2}|\(\d{1,2}\)|[IVX]{1,4})[.:]?\s+[A-Z]{3}"
)
_LABEL = re.compile(
    r"(?:TABLE|FIGURE|Table|Figure|Fig\.)\s\(?(?:\d{1,2}|[IVX]{1,4})\)?(?P<stop>[.:])?\s+(?=[A-Z])"
)
_CAPTION_END = re.compile(r"[a-z\d)][.](?=\s|$)")
_CAPTION = re.compile(r"(?:supplement\w*\s+)?(?:table|fig(?:ure)?|box|appendix)\b", re.IGNORECASE)
_STARTERS = frozenset(
    """
    A After All Almost Although An And Another As At Based Because Before Between But By
    During Each Eight Even Every Finally First Five For Four Four-fifths From Given He Here How
    However If In Interestingly It Its Many Most No None Nearly Nine Of On Once One Only Other
    Our Over Overall Participants Previous Prior Seven Several She Similarly Since Six Some Such
    Ten That The Their Then There These They This Those Three Through Throughout To Two Under
    Until Upon Using We What When Where Whereas Whether Which While With Within Without
    """.split()
)
"""Words that, with a capital in the middle of a line, open a sentence."""

_JOINERS = frozenset(
    """
    a an the of in on at to for from with by and or nor as is are was were be than that which
    versus vs into between among without within about our their its
    """.split()
)
"""Words that no heading ends with."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A heading inside a paragraph, ``text[start:end]``; ``level`` 0 is a caption."""

    start: int
    end: int
    level: int


def lost_headings(text: str, deep: bool = False, listed: bool = False) -> list[Lost]:
    """The headings (and captions) that a paragraph has swallowed, in order.

    Args:
        text: the paragraph, spaces and line ends as they are.
        deep: look after every sentence, not only where the paragraph starts.
        listed: the paragraph stands in a list of references, where names and titles look alike.
    """
    if not deep and len(text) > SHORT and (caption := _caption_at(text, 0)) is not None:
        return [caption]
    if not deep and not _PROSE_END.search(text[-40:]):
        return []
    found: list[Lost] = []
    for at in _openings(text, deep):
        while not found or at >= found[-1].end:
            lost = _caption_at(text, at) if deep else None
            lost = lost or _heading_at(text, at, deep or len(text) > SHORT)
            if lost is None or (listed and not is_known(text[lost.start : lost.end])):
                break
            found.append(lost)
            if lost.level:
                listed = is_references(text[lost.start : lost.end])
            at = lost.end
            while at < len(text) and text[at].isspace():
                at += 1
    return found


def _openings(text: str, deep: bool) -> Iterator[int]:
    """Where a heading may stand: at the start, after a sentence, or shouted anywhere."""
    starts = {len(text) - len(text.lstrip())}
    if deep:
        starts.update(hit.end() for hit in _SENTENCE_END.finditer(text))
        starts.update(hit.start() for hit in _ANYWHERE.finditer(text))
    yield from sorted(starts)


def _caption_at(text: str, at: int) -> Lost | None:
    """A caption: its label, then words in capitals, or one sentence."""
    label = _LABEL.match(text, at)
    if label is None:
        return None
    words = _words(text, label.end())
    count = _shouting(words, 3 * LONGEST)
    if count > 1:
        return Lost(at, words[count - 1][0] + len(words[count - 1][1]), 0)
    stop = _CAPTION_END.search(text, label.end(), label.end() + 300)
    return Lost(at, stop.end(), 0) if stop and label["stop"] else None


def _heading_at(text: str, at: int, deep: bool) -> Lost | None:
    """The heading that starts at ``at``, if a sentence follows it."""
    number = _NUMBER.match(text, at)
    start = number.end() if number else at
    words = _words(text, start)
    if len(words) < 3 or _CAPTION.match(text, start) or not words[0][1][:1].isupper():
        return None
    count = _capitals(words, number is not None)
    if not count:
        count = _known(words) or _before_a_sentence(words, number)
    if not count and deep and number is not None:
        count = _before_a_capital(words)
    if not count:
        return None
    end = words[count - 1][0] + len(words[count - 1][1])
    bare = text[start:end]
    if is_speaker(bare) and not is_known(bare):
        return None
    return Lost(at, end, _level(bare, number))


def _level(bare: str, number: re.Match[str] | None) -> int:
    if number is not None and number["decimal"] is not None:
        return number["decimal"].count(".") + 1
    if number is not None and (number["letter"] is not None or number["item"] is not None):
        return 2 if number["letter"] is not None else 3
    return 1 if bare.isupper() or number is not None or _MAJOR.fullmatch(bare) else 2


def _words(text: str, start: int) -> list[tuple[int, str]]:
    """The first words from ``start``: as many as the longest heading and its sentence need."""
    words: list[tuple[int, str]] = []
    for hit in _WORD.finditer(text, start, start + 400):
        words.append((hit.start(), hit.group()))
        if len(words) == 2 * LONGEST:
            break
    return words


def _shouting(words: list[tuple[int, str]], most: int) -> int:
    """How many words in capitals come first, without an "A" or "B." that opens what follows."""
    count = 0
    while count < min(len(words) - 1, most) and _shouted(words[count][1]):
        count += 1
    while count and re.fullmatch(r"[AI]|[A-H]\.", words[count - 1][1]):
        count -= 1
    return count


def _capitals(words: list[tuple[int, str]], numbered: bool) -> int:
    """How many words in capitals stand before a word that is not; 0 when they are no heading."""
    count = _shouting(words, 2 * LONGEST)
    if not count or not re.match(r"[A-Z“\"'‘(\d\[]", words[count][1]):
        return 0
    bare = " ".join(word for _, word in words[:count])
    letters = sum(char.isalpha() for char in bare)
    if is_known(bare) or (numbered and letters >= 5):
        return count
    if words[count - 1][1].lower() in _JOINERS:
        return 0
    telling = count > 1 and letters >= 10 and any(len(word) > 4 for _, word in words[:count])
    return count if telling and bare[-1] not in ".,;:" else 0


def _shouted(word: str) -> bool:
    return word == "&" or (word.upper() == word and any(char.isalpha() for char in word))


def _known(words: list[tuple[int, str]]) -> int:
    """The longest name of a section, before a word with a capital."""
    for count in range(min(6, len(words) - 2), 0, -1):
        bare = " ".join(word for _, word in words[:count])
        after, beyond = words[count][1], words[count + 1][1]
        if bare[-1] in ".,;:" or not is_known(bare):
            continue
        if is_references(bare):
            return count if after[0] in "[1" or re.match(r"[A-Z]\.", beyond) else 0
        if _ABOUT.fullmatch(bare) and after[0].isupper():
            return count
        opens = _opens_sentence(after, beyond)
        more = re.match(r"(?:procedure|process|method|tool|instrument|guide)", after, re.IGNORECASE)
        if opens or (count > 1 and after[0].isupper() and beyond[:1].islower() and not more):
            return count
    return 0


def _opens_sentence(word: str, after: str) -> bool:
    if word not in _STARTERS or not re.match(r"[a-z\d]", after) or after == "and":
        return False
    return after != "of" or word not in {"Participants", "A", "The"}


def _before_a_sentence(words: list[tuple[int, str]], number: re.Match[str] | None) -> int:
    """How many words stand before one that opens a sentence; 0 when they are no heading."""
    deep = number is not None and (number["decimal"] is None or "." in number["decimal"])
    for count in range(1, min(LONGEST, len(words) - 2) + 1):
        last, word, after = words[count - 1][1], words[count][1], words[count + 1][1]
        if last[-1] in ".:?" and deep and word[:1].isupper() and 1 < count <= 12:
            initial = re.fullmatch(r"[A-Z]\.|vs\.", last)
            return 0 if initial else count
        if last[-1] in ".,;:!?—" or re.search(r"\d", last):
            return 0
        if _opens_sentence(word, after) and (count > 1 or deep) and last.lower() not in _JOINERS:
            heading = [w for _, w in words[:count]]
            return count if _reads_as_heading(heading, deep, word == "A") else 0
    return 0


def _before_a_capital(words: list[tuple[int, str]]) -> int:
    """How many words of a numbered heading stand before a capital that opens plain words."""
    for count in range(2, min(10, len(words) - 2) + 1):
        last, word, after = words[count - 1][1], words[count][1], words[count + 1][1]
        if last[-1] in ".,;:!?—" or re.search(r"\d", last):
            return 0
        opens = re.match(r"[A-Z][a-z]{2,}$", word) and re.match(r"[a-z]+$", after)
        if opens and after not in _JOINERS and last.lower() not in _JOINERS:
            return count
    return 0


def _reads_as_heading(words: list[str], numbered: bool, doubtful: bool) -> bool:
    """No sentence and no row of cells: a capital first, then words of a title or plain words."""
    if re.match(r"(?:I|We|He|She|They|It|You|This|These|There)(?:[’'].*)?$", words[0]):
        return False
    rest = [word for word in words[1:] if word.lower() not in _JOINERS]
    if numbered or not rest:
        return numbered
    if all(word[0].isupper() for word in rest):
        return all(re.fullmatch(r"[^\W\d_][\w’'/-]+", word) for word in rest)
    capital = sum(word[0].isupper() for word in rest)
    plain = all(re.fullmatch(r"[\w’'“”\"()/-]+", word) for word in words)
    return plain and capital <= 1 and not doubtful
