"""Words, as phrases see them: lower case, and with spelling variants made equal.

Hyphens and slashes part words ("semi-structured" is two); apostrophes are dropped
("participant's" is "participants"), so are the stops of initials and degrees ("K.M." is "km",
"Ph.D." is "phd"). A contracted "not" is a word of its own ("didn't" is "did", "not").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from coreqcheck.model import Span
from coreqcheck.spelling import CONTRACTED, normal

_WORD = re.compile(
    r"[a-z]{2,}+(?![^\W_]|['’ʼ‘`´])"  # most words; here only because it is the quickest to try
    r"|[A-Z][a-z]{0,2}(?:\.[A-Z][a-z]{0,2})+(?![^\W_])"  # K.M, Ph.D, M.Sc: initials and degrees
    r"|[a-z](?:\.[a-z])+(?![^\W_])"  # e.g, i.e
    r"|\d+(?:[.,]\d+)*(?![^\W_])"  # 19.5, 1,200
    r"|\d+(?=(?:min(?:ute)?s?|h(?:ou)?rs?|h|y(?:ea)?rs?|months?|weeks?|days?)\b)"  # 45min
    r"|[^\W_]+(?:['’ʼ‘`´][^\W\d_]+)*"
)


def words_of(
    text: str, start: int, end: int, holes: Sequence[Span] = ()
) -> tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]:
    """The words of ``text[start:end]`` with their offsets.

    Args:
        text: the whole text.
        start: first offset.
        end: offset after the last.
        holes: stretches that hold no words (reference marks), in order; a word that reaches
            into one is cut there, so that "consent32" with a superscript 32 is "consent".

    Returns:
        normalised words, their starts, their ends.
    """
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for low, high in _stretches(start, end, holes):
        for hit in _WORD.finditer(text, low, high):
            word = normal(hit.group())
            pair = CONTRACTED.get(word)
            if pair is not None:
                part = hit.start() + len(pair[0])
                words.append(pair[0])
                starts.append(hit.start())
                ends.append(part)
                words.append(pair[1])
                starts.append(part)
                ends.append(hit.end())
                continue
            words.append(word)
            starts.append(hit.start())
            ends.append(hit.end())
    return tuple(words), tuple(starts), tuple(ends)


def _stretches(start: int, end: int, holes: Sequence[Span]) -> list[tuple[int, int]]:
    stretches = []
    at = start
    for hole in holes:
        if hole.end <= at or hole.start >= end:
            continue
        if hole.start > at:
            stretches.append((at, hole.start))
        at = hole.end
    if at < end:
        stretches.append((at, end))
    return stretches
