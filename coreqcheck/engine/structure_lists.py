"""Themes and sub-themes named in a sentence: "three themes were identified: a, b and c"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from coreqcheck.engine.detectors import Found, detector
from coreqcheck.engine.index import Index
from coreqcheck.engine.structure_findings import quotable_start
from coreqcheck.model import Manuscript, Role, SectionKind, Sentence

_SHOWN = 8

_COUNT = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})"
_KINDS = r"(?:themes?|sub-?themes?|categor(?:y|ies)|sub-?categor(?:y|ies)|propositions|storylines)"
# Words for themes that are also words for anything: the sentence must say that they were found.
_LOOSE_KINDS = (
    r"(?:topics|domains|dimensions|patterns|clusters|concepts|types|codes|factors|issues"
    r"|areas|barriers|facilitators|needs|strategies|"
    r"meanings|elements|stages|narratives|constructs|findings|roles|processes|phases"
    r"|threats|challenges|experiences|attributes)"
)
_FOUND = (
    r"(?:identified|emerged|emerge|found|derived|developed|generated|arose|constructed|established"
    r"|abstracted|extracted|described|reported|revealed|called)"
)
_WAS_FOUND = re.compile(rf"\b{_FOUND}\b", re.IGNORECASE)
_ANNOUNCED = re.compile(
    rf"\b{_COUNT}\b(?:\s[\w’'-]+){{0,5}}?\s{_KINDS}\b"
    rf"|\b{_KINDS}\b(?:\s[\w’'-]+){{0,4}}\s(?:were|are|included|comprised|namely|emerged"
    rf"|identified)\b"
    rf"|\b{_FOUND}\b(?:\s[\w’'-]+){{0,3}}\s{_COUNT}\b(?:\s[\w’'-]+){{0,5}}?\s{_LOOSE_KINDS}\b"
    rf"|\b{_COUNT}\b(?:\s[\w’'-]+){{0,5}}?\s{_LOOSE_KINDS}\b(?:\s[\w’'-]+){{0,5}}\s{_FOUND}\b",
    re.IGNORECASE,
)
_MAJOR_KIND = re.compile(
    r"\b(?:themes?|categor(?:y|ies)|domains|dimensions|propositions|patterns|types|topics"
    r"|factors|threats|codes|findings|clusters|narratives|storylines|concepts|constructs)\b",
    re.IGNORECASE,
)
SUB_KIND = re.compile(
    r"\bsub-?\s?(?:themes?|categor(?:y|ies)|codes?|dimensions?|topics|domains|concepts|clusters)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"[:—–]|\(\s?(?:1|i|a)\s?\)|\b(?:1|i|a)\)|\bnamely\b|\bincluding\b|\bincluded\b"
    r"|\bsuch as\b|\bas follows\b|\bi\.e\.|\b(?:were|are|was|is|titled|labelled|named"
    r"|called|comprising|comprised|comprises|consist\w* of)\b",
    re.IGNORECASE,
)
LISTED_ITEM = re.compile(
    r"\s*(?:;|,|\band\b|\(\s?(?:\d|[ivx]{1,4}|[a-h])\s?\)|\b(?:\d|[ivx]{1,4}|[a-h])\))\s*",
    re.IGNORECASE,
)
LETTERS = re.compile(r"[A-Za-z]{3,}")
_ELSEWHERE = re.compile(
    r"\b(?:tables?|figures?|fig|box|below|above|following sections?|turn|in detail)\b",
    re.IGNORECASE,
)
_WHERE_ANNOUNCED = frozenset(
    {
        SectionKind.ABSTRACT,
        SectionKind.RESULTS,
        SectionKind.METHODS,
        SectionKind.DISCUSSION,
        SectionKind.CONCLUSION,
        SectionKind.OTHER,
    }
)


@detector("themes-announced")
def themes_announced(index: Index) -> Iterable[Found]:
    """Sentences that name the themes in a list."""
    return _announced(index, sub=False)


@detector("sub-themes-announced")
def sub_themes_announced(index: Index) -> Iterable[Found]:
    """Sentences that name sub-themes in a list."""
    return _announced(index, sub=True)


def _announced(index: Index, sub: bool) -> Iterator[Found]:
    manuscript = index.manuscript
    mask = 0
    for prefix in (
        "theme",
        "subtheme",
        "categor",
        "subcategor",
        "sub",
        "domain",
        "dimension",
        "proposition",
        "pattern",
        "type",
        "topic",
        "factor",
        "threat",
        "code",
        "finding",
        "cluster",
        "narrative",
        "concept",
        "construct",
    ):
        mask |= index.with_prefix(prefix)
    shown = 0
    for sentence in index.sentences:
        if not mask >> sentence.index & 1 or not index.searchable >> sentence.index & 1:
            continue
        if manuscript.kind(sentence) not in _WHERE_ANNOUNCED or sentence.role is Role.TABLE_ROW:
            continue
        if sentence.citation:
            continue
        if _lists(manuscript, sentence, sub) and shown < _SHOWN:
            shown += 1
            prefers = manuscript.kind(sentence) is SectionKind.RESULTS
            yield Found(
                quotable_start(manuscript.text, sentence.span), confidence=0.86 if prefers else 0.8
            )


_GUIDE = re.compile(
    r"\b(?:guide|questions?|asked|inclusion|criteria|literature|previous|questionnaire"
    r"|survey|model|framework|theory|domains of)\b",
    re.IGNORECASE,
)


_LEADS_ON = ("were", "are", "included", "comprised", "namely")


def _lists(manuscript: Manuscript, sentence: Sentence, sub: bool) -> bool:
    """Whether the sentence names two things or more after saying that they are themes."""
    text = manuscript.quote(sentence.span)
    hit = _ANNOUNCED.search(text)
    kind = (SUB_KIND if sub else _MAJOR_KIND).search(text)
    if hit is None or kind is None:
        return False
    if manuscript.kind(sentence) is SectionKind.METHODS and (
        not _WAS_FOUND.search(text) or (not sub and _GUIDE.search(text))
    ):
        return False
    after = text[kind.end() if sub else hit.end() :]
    opens = _LISTED.search(after)
    if opens is None and not hit.group().lower().endswith(_LEADS_ON):
        return False
    if _ELSEWHERE.search(after):
        return False
    rest = after[opens.end() if opens else 0 :]
    items = [i for i in LISTED_ITEM.split(rest) if LETTERS.search(i)]
    return len(items) > 1 and any(mark in after for mark in (",", ";", "(", " and ", ":"))
