"""Reference marks in plain text: "[3, 4]", superscript digits, "(Lee & Park, 2010)".

Marks that the format shows by itself (``Document.citations``) are taken over. A mark holds no
words: neither its year nor its number is a number of the study.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from coreqcheck.model import Span

_LIST = r"\d{1,3}(?:\s?[,;–—‐‑−-]\s?\d{1,3})*"
_BRACKETS = re.compile(rf"\[\s?{_LIST}\s?\]")
_ROUND = re.compile(rf"\(\s?{_LIST}\s?\)")
_RAISED_DIGITS = "¹²³⁰⁴⁵⁶⁷⁸⁹"
_RAISED = re.compile(rf"[{_RAISED_DIGITS}]+(?:[,⁻–‐-]*[{_RAISED_DIGITS}]+)*")
# "care.12 13 We", "rain,7 and", "buses4-6 and": superscripts that lost their height.
_FLAT = re.compile(
    r"(?<=[a-z)\]”’\"%][.,;:])\d{1,3}(?:(?:[,–-]|\s)\d{1,3})*(?=\s+[A-Z“‘(\[]|\s*$|\s[a-z])"
)
_GLUED = re.compile(r"(?<=[a-z]{4})\d{1,3}(?:[,–-]\d{1,3})*(?=[\s.,;:)])")
_NAME = r"(?:(?:van|von|de|der|den|di|la|le|el|al|bin|Al|El|St\.?)[\s-])*[A-ZÀ-ÖØ-ÞŁŚŽŠČ][\w’'‑-]+"
_NAMES = (
    rf"{_NAME}(?:,?\s(?:[A-Z]\.\s?)+)?(?:(?:,\s{_NAME})*,?\s(?:and|&|y|und)\s{_NAME}|\set\sal\.?|"
    rf"\sand\s(?:colleagues|others|co-workers))?"
)
_YEAR = r"(?:1[89]|20)\d\d[a-z]?"
_AUTHOR_YEAR = re.compile(
    r"[(\[](?:(?:see|see also|e\.g\.|eg|cf\.|for example|for instance|in|also)[,:]?\s)*"
    rf"{_NAMES}[^()\[\]]{{0,60}}?,?\s?(?:{_YEAR}|in press|n\.d\.)[^()\[\]]{{0,160}}[)\]]"
)
_NARRATIVE = re.compile(
    rf"\b{_NAMES}(?:[’']s?)?\s(?P<mark>[(\[]{_YEAR}(?:[,;:]\s?[^()\[\]]{{1,40}})?[)\]])"
)
# An organisation with its year: "(WHO, 2016)", "(Department of Schools, 2019)" is caught above.
_NOT_NAMES = re.compile(
    r"[(\[](?:In|From|Between|Since|During|January|February|March|April|May|June|July|August|"
    r"September|October|November|December|Version|Approval|Reference|Ref|No|Protocol|Table|Figure|"
    r"ID|IRB|P\d|N\s?=|n\s?=)\b"
)


def citations_in(text: str, blocks: Iterable[Span], known: Sequence[Span] = ()) -> tuple[Span, ...]:
    """All reference marks in the given stretches of ``text``, in order, without overlap.

    Args:
        text: the document's text.
        blocks: the stretches to look at (no reference list, no tables of data).
        known: marks that the reader found.

    Returns:
        their spans. Marks in round brackets, and digits that lost their height, count only
        when the paper uses that style throughout.
    """
    spans = list(blocks)
    found: list[Span] = list(known)
    brackets = _in(_BRACKETS, text, spans)
    found += brackets
    if any(sign in text for sign in _RAISED_DIGITS):
        found += _in(_RAISED, text, spans)
    named = [s for s in _in(_AUTHOR_YEAR, text, spans) if not _NOT_NAMES.match(text, s.start)]
    narrative = [
        Span(*hit.span("mark"))
        for span in spans
        if any(text.find(sign, *_ends(span)) >= 0 for sign in ("(1", "(2", "[1", "[2"))
        for hit in _NARRATIVE.finditer(text, *_ends(span))
    ]
    found += named + narrative
    if len(known) < 5 and len(brackets) < 5 and len(named) < 5:
        flat = _in(_FLAT, text, spans)
        if len(flat) >= 5:
            found += flat + _in(_GLUED, text, spans)
        else:
            found += _round(text, spans)
    return _merged(found)


def _round(text: str, spans: Sequence[Span]) -> list[Span]:
    """Numbers in round brackets, when many of them stand before a stop or a comma."""
    hits = _in(_ROUND, text, spans)
    closing = sum(1 for s in hits if text[s.end : s.end + 1] in {".", ",", ";"})
    opening = sum(1 for s in hits if text[s.end : s.end + 1] == " ")
    if closing < 5 or closing < opening / 2:
        return []
    return hits


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _in(pattern: re.Pattern[str], text: str, spans: Iterable[Span]) -> list[Span]:
    return [Span(*hit.span()) for s in spans for hit in pattern.finditer(text, s.start, s.end)]


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            if span.end > merged[-1].end:
                merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return tuple(merged)
