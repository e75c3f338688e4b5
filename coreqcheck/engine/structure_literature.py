"""Other people's work, where an argument rests on it: in the introduction and in the discussion."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from coreqcheck.engine.assess import LONGEST_QUOTE, quotable
from coreqcheck.engine.detectors import Found, detector
from coreqcheck.engine.index import Index
from coreqcheck.model import Role, SectionKind, Sentence, Voice

_INTRODUCTION = frozenset({SectionKind.INTRODUCTION})
_DISCUSSION = frozenset({SectionKind.DISCUSSION, SectionKind.CONCLUSION, SectionKind.LIMITATIONS})
_PROSE = frozenset({Role.PARAGRAPH, Role.LIST_ITEM})
_SHOWN = 8


@detector("literature-in-introduction")
def literature_in_introduction(index: Index) -> Iterator[Found]:
    """Sentences of the introduction that cite."""
    yield from _citing(index, _INTRODUCTION)


@detector("prior-work-in-discussion")
def prior_work_in_discussion(index: Index) -> Iterator[Found]:
    """Sentences of the discussion that cite."""
    yield from _citing(index, _DISCUSSION)


def _citing(index: Index, kinds: frozenset[SectionKind]) -> Iterator[Found]:
    citing = (s for s in index.sentences if index.manuscript.kind(s) in kinds and _cites(s))
    for sentence in islice(citing, _SHOWN):
        yield Found(quotable(sentence, 0, LONGEST_QUOTE), confidence=0.75)


def _cites(sentence: Sentence) -> bool:
    return sentence.role in _PROSE and (sentence.citation or sentence.voice is Voice.CITED)
