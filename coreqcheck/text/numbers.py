"""Numbers in digits and words, ranges and per cent signs, over the words of a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coreqcheck.model import Number

# Keys are in normal form: "zero" and "dozen" with s.
_UNITS = {
    w: n
    for n, w in enumerate(
        [
            "sero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    w: 10 * n
    for n, w in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_OTHER = {"dosen": 12, "fourty": 40, "fourtheen": 14}
_SCALES = {"hundred": 100, "thousand": 1000}
_ORDINALS = {
    w: n
    for n, w in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        start=1,
    )
}
_START = frozenset(_UNITS) | frozenset(_TENS) | frozenset(_OTHER) | frozenset(_SCALES)
_LEADS = _START | frozenset(_ORDINALS)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_ORDINAL_DIGITS = re.compile(r"(\d+)(?:st|nd|rd|th)")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_RANGE_UNIT = re.compile(
    r"\s*(?:years?|yrs?|months?|weeks?|days?|hours?|hrs?|h|minutes?|mins?|min|m|%|per ?cent)?"
    r"\.?\s*(?:[-–—‐‑−~]|to)\s*(?:about|around|over)?\s*",
    re.IGNORECASE,
)
_BETWEEN = frozenset({"between", "from"})
_PERCENT = re.compile(r"\s*(?:%|per ?cent\b|percent\b)", re.IGNORECASE)
_HYPHEN = re.compile(r"\s*[-‐‑–]\s*|\s+(?:and\s+)?")


def numbers_of(
    text: str, words: Sequence[str], starts: Sequence[int], ends: Sequence[int]
) -> tuple[Number, ...]:
    """The numbers of a sentence, in order, ranges as one.

    "26", "twenty-six", "a hundred and two", "1,200", "45-60", "45 to 60 minutes", "between 5
    and 9", "5 (19 %)" (two numbers, the second a percentage), "third" (an ordinal).
    """
    singles: list[Number] = []
    last = -1
    for at in [i for i, word in enumerate(words) if word in _LEADS or word[0].isdigit()]:
        found = _single(text, words, starts, ends, at) if at > last else None
        if found is not None:
            singles.append(found)
            last = found.last
    return tuple(_ranges(text, words, starts, ends, singles)) if singles else ()


def value_of(word: str) -> float | None:
    """The value of one written number ("26", "twelve"), or ``None``."""
    if _DIGITS.fullmatch(word):
        return _digits(word)
    return _UNITS.get(word, _TENS.get(word, _OTHER.get(word)))


def _digits(word: str) -> float:
    if _THOUSANDS.fullmatch(word):
        return float(word.replace(",", ""))
    # A decimal comma, as many non-native authors write it.
    if word.count(",") == 1 and "." not in word:
        return float(word.replace(",", "."))
    head, _, tail = word.replace(",", "").partition(".")
    return float(f"{head}.{tail.replace('.', '') or 0}")


def _single(
    text: str, words: Sequence[str], starts: Sequence[int], ends: Sequence[int], at: int
) -> Number | None:
    word = words[at]
    if word in _ORDINALS:
        value = float(_ORDINALS[word])
        return Number(at, at, value, value, ordinal=True)
    ordinal = _ORDINAL_DIGITS.fullmatch(word)
    if ordinal:
        value = float(ordinal.group(1))
        return Number(at, at, value, value, ordinal=True)
    if word[0].isdigit():
        if not _DIGITS.fullmatch(word):
            return None
        value, last = _digits(word), at
    else:
        value, last = _spelt(text, words, starts, ends, at)
    percent = bool(_PERCENT.match(text, ends[last]))
    return Number(at, last, value, value, percent)


def _spelt(
    text: str, words: Sequence[str], starts: Sequence[int], ends: Sequence[int], at: int
) -> tuple[float, int]:
    """A number in words from ``at`` on: its value and its last word."""
    current = float(value_of(words[at]) or 0)
    if words[at] in _SCALES:
        current = float(_SCALES[words[at]])
    last = at
    while last + 1 < len(words):
        follows = words[last + 1]
        joined = _HYPHEN.fullmatch(text, ends[last], starts[last + 1])
        if follows in _SCALES and joined:
            current *= _SCALES[follows]
            last += 1
        elif follows in _UNITS and joined and words[last] in _TENS and 0 < _UNITS[follows] < 10:
            current += _UNITS[follows]
            last += 1
        elif (
            follows == "and"
            and words[last] in _SCALES
            and last + 2 < len(words)
            and (words[last + 2] in _UNITS or words[last + 2] in _TENS)
        ):
            current += float(value_of(words[last + 2]) or 0)
            last += 2
        else:
            break
    return current, last


def _ranges(
    text: str,
    words: Sequence[str],
    starts: Sequence[int],
    ends: Sequence[int],
    singles: list[Number],
) -> list[Number]:
    """Join neighbours into ranges where a dash, "to", or "between ... and" stands between."""
    joined: list[Number] = []
    at = 0
    while at < len(singles):
        one = singles[at]
        two = singles[at + 1] if at + 1 < len(singles) else None
        if two is not None and not one.ordinal and not two.ordinal and one.low < two.low:
            if _is_range(text, words, starts, ends, one, two):
                joined.append(Number(one.first, two.last, one.low, two.low, two.percent))
                at += 2
                continue
        joined.append(one)
        at += 1
    return joined


def _is_range(
    text: str,
    words: Sequence[str],
    starts: Sequence[int],
    ends: Sequence[int],
    one: Number,
    two: Number,
) -> bool:
    low, high = ends[one.last], starts[two.first]
    if _RANGE_UNIT.fullmatch(text, low, high):
        return True
    before = words[one.first - 1] if one.first else ""
    if before in _BETWEEN and two.first - one.last <= 3:
        return words[two.first - 1] in {"and", "to"}
    return False
