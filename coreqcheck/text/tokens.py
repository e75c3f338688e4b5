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

_CONTRACTIONS = frozenset(CONTRACTED)
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
        hits = list(_WORD.finditer(text, low, high))
        found = [normal(hit[0]) for hit in hits]
        if not _CONTRACTIONS.isdisjoint(found):
            _add_parted(hits, found, words, starts, ends)
            continue
        words += found
        starts += [hit.start() for hit in hits]
        ends += [hit.end() for hit in hits]
    return tuple(words), tuple(starts), tuple(ends)


def _add_parted(
    hits: Sequence[re.Match[str]],
    found: Sequence[str],
    words: list[str],
    starts: list[int],
    ends: list[int],
) -> None:
    """Add words, of contracted ones both parts."""
    for hit, word in zip(hits, found, strict=True):
        pair = CONTRACTED.get(word)
        low, high = hit.span()
        if pair is None:
            words.append(word)
            starts.append(low)
            ends.append(high)
            continue
        part = low + len(pair[0])
        words += pair
        starts += (low, part)
        ends += (part, high)


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
