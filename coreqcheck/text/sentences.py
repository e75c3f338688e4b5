"""Where sentences end. Own, small, exact in its offsets, and linear in the length of the text.

A stop ends a sentence when what stands before it is no abbreviation and what follows can begin one.
Closing quotation marks and brackets, reference marks, and the label of a speaker belong to
the sentence that they follow. Colons and semicolons end nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from coreqcheck.model import Span
from coreqcheck.text.wording import words

_STOP = re.compile(r"[.!?…。！？؟।]+")
_CLOSERS = "\"'”’»)]}›"
_LAST_WORD = re.compile(r"[^\s(\[“\"‘«/–—-]*\Z")
_OPENERS = "\"“‘«([¿¡'„‹•–—*"

# Never end a sentence, whatever follows.
_NEVER = words(
    """
    e.g eg i.e ie dr prof mr mrs ms mx fig figs vs cf approx ca st mt nos vol pp eq eqs ref
    refs tab sec sect ch chap jr sr hon rev gen col sgt capt dept univ resp incl excl viz
    max min avg ext tel ft p v ver nr art para al edn sci int natl assoc suppl app e.g, i.e,
    messrs mme bzw z.b d.h usw vgl sog ed eds trans inst acad ave blvd rd lt maj mx esp
    """
)
# End a sentence only before a word that clearly begins one.
_SELDOM = words(
    """
    etc inc ltd co corp al a.m p.m am pm u.s u.k u.n u.s.a e.u ph.d m.d m.sc b.sc m.a b.a
    d.phil m.phil b.n r.n n.d n.b hr hrs yr yrs mo wk wks sec secs mins no op cit ibid n.a
    d.c gmbh ph med bros plc
    """
)
_BEGINNERS = words(
    """
    A After All Although An And Another Any As At Because Before Both But By Data Despite
    During Each Finally First For From Further Furthermore Given He Her His How However I If
    In Interviews Interviewers It Its Many Moreover Most My Nevertheless No Nobody None Not
    Nothing On Once One Only Other Others Our Overall Participants Respondents Second She
    Since So Some Such Than That The Their Then There Therefore These They This Those
    Through Thus To Two Under Until Upon We What When Where Whereas Whether Which While Who
    Why With Within Without You Your Yet Nurses Patients Women Men Students Researchers Here
    Additionally Also Consequently Conversely Hence Similarly Specifically Subsequently
    Three Four Five
    """
)
# Before a number they are short for something; else they are words.
_NUMBERED = words("no nos p pp v ver vol fig figs ch sec eq ref art app")
_ALSO_WORDS = words("no v p app art")
_UNITS = words("min mins sec secs hr hrs h yr yrs mo wk wks cm mm km kg g ml m")
_NUMBER_BEFORE = re.compile(r"\d\s?[a-z]{1,4}\Z")
_INITIALS = re.compile(r"(?:[A-Z]\.?-?){1,4}\Z")
_NUMBER_ONLY = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})(?:\.\d{1,2})*\)?\Z")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_MARK = re.compile(
    r"\s?\[\s?\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\s?\]|[¹²³⁰⁴-⁹]+(?:[,⁻–‐-]*[¹²³⁰⁴-⁹]+)*"
)
# Superscripts that lost their height: "care.12 13 We".
_FLAT = re.compile(r"\d{1,3}(?:[ ,–-]{1,2}\d{1,3})*(?=\s+[“‘\"(]?[A-Z])")
_LABEL = re.compile(r"\s*(?:\([^()]{1,120}\)|\[[^\[\]]{1,120}\])")
_CAMEL = re.compile(r"[a-z]{1,2}[A-Z]")
_GLUED = re.compile(r"[A-Z][a-z]+(?=\s)")
_BRACKET_DOTS = re.compile(r"[\[(]\s?\Z")


def split(text: str, start: int, end: int, citations: Sequence[Span] = ()) -> list[Span]:
    """The sentences of ``text[start:end]``, a block without line breaks.

    Args:
        text: the whole text.
        start: first offset of the block.
        end: offset after its last.
        citations: reference marks of the whole text, in order.

    Returns:
        spans in order, without the white space between them; none for a blank block.
    """
    spans: list[Span] = []
    marks = {c.start: c.end for c in _between(citations, start, end)}
    at = _skip(text, start, end)
    position = at
    while True:
        stop = _STOP.search(text, position, end)
        if stop is None:
            break
        position = stop.end()
        cut = _cut(text, at, stop, end, marks)
        if cut is None:
            continue
        spans.append(Span(at, cut))
        at = position = _skip(text, cut, end)
    last = end
    while last > at and text[last - 1].isspace():
        last -= 1
    if last > at:
        spans.append(Span(at, last))
    return spans


def _between(citations: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    low = bisect_left(citations, Span(start, start))
    high = bisect_left(citations, Span(end, end), lo=low)
    return citations[low:high]


def _skip(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _cut(text: str, begin: int, stop: re.Match[str], end: int, marks: dict[int, int]) -> int | None:
    """Where the sentence that ``stop`` closes ends, or ``None`` when it closes none."""
    after = stop.end()
    while after < end and text[after] in _CLOSERS:
        after += 1
    closers = text[stop.end() : after]
    if "]" in closers and _BRACKET_DOTS.search(text, max(begin, stop.start() - 2), stop.start()):
        return None  # "[...]" is a gap, not a stop
    if ")" in closers and _BRACKET_DOTS.search(text, max(begin, stop.start() - 2), stop.start()):
        return None
    marked = _past_marks(text, after, end, marks)
    if marked == after and text[stop.start() - 1 : stop.start()] not in "0123456789":
        flat = _FLAT.match(text, after, end)
        if flat and not _is_abbreviation(text, begin, stop.start(), after, closers):
            marked = flat.end()
    if marked >= end:
        return None
    glued = not text[marked].isspace() and stop.group()[-1] not in "。！？"
    if glued and marked == after and not _glued_sentence(text, stop, marked):
        return None
    follows = _skip(text, marked, end)
    if follows >= end:
        return None
    labelled = _past_label(text, marked, end, closers, stop)
    if labelled is not None:
        marked = _past_marks(text, labelled, end, marks)
        follows = _skip(text, marked, end)
        if follows >= end:
            return None
    if not _can_begin(text, follows, end, stop.group()):
        return None
    if _NUMBER_ONLY.match(text[begin : stop.start()]):
        return None
    if stop.group() == "." and _is_abbreviation(text, begin, stop.start(), follows, closers):
        return None
    if stop.group() in {"...", "…", ".."} and not closers:
        return None
    return marked


def _past_marks(text: str, at: int, end: int, marks: dict[int, int]) -> int:
    """Past the reference marks after a stop: superscripts, "[3]", several of them."""
    while at < end:
        if at in marks:
            at = marks[at]
            continue
        # "care.<12>,<13>" or "care. <12>": a separator before a further mark.
        if text[at] in " ,;–-" and at + 1 in marks and marks[at + 1] <= end:
            bracket = text[at] == " " and text[at + 1] == "("
            if bracket and not _closes_sentence(text, marks[at + 1]):
                return at
            at = marks[at + 1]
            continue
        hit = _MARK.match(text, at, end)
        if hit is None:
            return at
        at = hit.end()
    return at


def _closes_sentence(text: str, at: int) -> bool:
    """After a mark in round brackets comes a new sentence, or nothing."""
    rest = text[at : at + 2]
    return not rest.strip() or rest[0] in "\n" or (rest[0] == " " and rest[1:].isupper())


def _past_label(text: str, at: int, end: int, closers: str, stop: re.Match[str]) -> int | None:
    """Past "(P3, nurse)" or "[FG2-N4]" after a stop, when a new sentence or nothing follows."""
    hit = _LABEL.match(text, at, end)
    if hit is None:
        return None
    inside = hit.group().strip()[1:-1]
    if inside[-1:] in ".!?" or len(inside.split()) > 12:
        return None
    # Without a closing quotation mark before it, only what names somebody or a source.
    quoted = any(c in "\"”’'»›" for c in closers)
    if not quoted and not re.search(r"\d|^[A-Z]\S*$", inside):
        return None
    next_ = _skip(text, hit.end(), end)
    if next_ < end and text[next_] in ".,;:":
        return None if text[next_] != "." else next_ + 1
    if next_ < end and text[next_].islower():
        return None
    return hit.end()


def _can_begin(text: str, at: int, end: int, stop: str) -> bool:
    """Whether a sentence can begin at ``at``."""
    first = text[at]
    if first.isupper() or first.isdigit():
        return True
    if first in _OPENERS:
        inside = _skip(text, at + 1, end)
        while inside < end and text[inside] in _OPENERS:
            inside += 1
        if first in "–—" and text[at + 1 : at + 2] == " ":
            return False
        return inside < end and not (text[inside].islower() and stop == "." and first in "([–—")
    if first.islower():
        return _CAMEL.match(text, at) is not None
    return first.isalpha()  # a script without capitals


def _is_abbreviation(text: str, begin: int, at: int, follows: int, closers: str) -> bool:
    """Whether the word before the stop at ``at`` is shortened and the sentence goes on."""
    hit = _LAST_WORD.search(text, max(begin, at - 24), at)
    word = hit.group().lstrip("([\"'“‘") if hit else ""
    if not word:
        return False
    low = word.lower()
    next_ = _WORD.match(text, follows)
    beginner = next_ is not None and next_.group() in _BEGINNERS
    if low in _UNITS and _NUMBER_BEFORE.search(text, max(begin, at - 12), at):
        return not text[follows].isupper()
    if low in {"am", "pm"}:
        return False
    if low in _NUMBERED:
        return text[follows].isdigit() or (low not in _ALSO_WORDS and not beginner)
    if low == "al":
        return not beginner or "et" not in text[max(begin, at - 6) : at]
    if low in {"max", "min", "ext", "int", "med", "st", "sci"}:
        return not beginner
    if low in _NEVER:
        return True
    if low in _SELDOM:
        if ")" in closers:
            return False
        return not beginner
    if _INITIALS.fullmatch(word) and (len(word) == 1 or "." in word):
        return not beginner
    return False


def _glued_sentence(text: str, stop: re.Match[str], at: int) -> bool:
    """ "saturation.The next": a lost space, told from "ATLAS.ti" by the word that follows."""
    if stop.group() != "." or at < 3 or not text[stop.start() - 2 : stop.start()].islower():
        return False
    hit = _GLUED.match(text, at)
    return hit is not None and hit.group() in _BEGINNERS
