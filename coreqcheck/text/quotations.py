"""Participants' quotations: which quoted words a participant said, and who that was.

Two passes. The first reads the labels that stand beside quoted words ("... tired." (P3)) and
learns how this paper names its people; the second finds the same names in the prose around
("As Brian put it, ..."). Quotation marks for terms, titles, theme names and interview questions
are not participants' words; long ones are still told apart from the authors' own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from coreqcheck.model import Document, Quotation, Role, Section, SectionKind, Span
from coreqcheck.text.labels import ROLES, SpeakerLabel, Telling
from coreqcheck.text.quotation_candidates import (
    OPEN,
    Candidate,
    Collector,
    Label,
    key_of,
    label_at,
    share_labels,
)
from coreqcheck.text.speech import (
    ATTRIBUTION,
    FIRST_PERSON,
    NAMED_SPEAKER,
    PEOPLE,
    PLACED_SPEAKER,
    SAID,
    SPOKEN,
)
from coreqcheck.text.wording import either, words

_K = SectionKind

_FRAME = either(
    """
    questions? asked prompts? probes? guide items? statement titled entitled headed called
    labell?ed named terms? themes? categor(?:y|ies) sub-?themes? codes? column defin\\w+ concept
    notion known_as phrase so-called article paper book journal checklist criteria guidelines?
    """
)
_QUESTION_FRAME = re.compile(rf"\b{_FRAME}\b", re.IGNORECASE)
_CODE_IN_TEXT = re.compile(
    r"\b(?:[A-Z][A-Za-z]{0,12}[\s._#-]{0,2}(?:no\.?\s?)?\d{1,3}(?:-[A-Z]{1,4}\d{1,3})?[a-z]?|"
    r"(?:participant|respondent|informant|interviewee|patient|nurse|student|teacher)"
    r"\s#?\d{1,3})(?![\w%])"
)
_CAPITALISED = re.compile(r"\b[A-ZÀ-Þ][a-zà-ÿ’'-]+(?:-[A-Z][a-z]+)?(?:\s[A-ZÀ-Þ][a-zà-ÿ’'-]+){0,3}")
_PRONOUN = re.compile(rf"\b(?:[Hh]e|[Ss]he)\s(?:\w+ly\s|also\s|had\s|then\s)?{SAID}\b")
_LEAD = 240  # characters before a stretch in which its speaker is named
_NO_NAMES = words(
    """
    as the this that these those it here there when while after before although in on at for
    from with according similarly however moreover theme table figure box quote both all
    """
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """What is quoted: participants' quotations, and every stretch that is not the authors' own.

    ``stretches`` are in text order and do not overlap; they hold the quotations' spans.
    """

    quotations: tuple[Quotation, ...]
    stretches: tuple[Span, ...]


def quotations_of(
    document: Document,
    sections: Sequence[Section],
    block_sections: Sequence[int],
    citations: Sequence[Span],
) -> Quoted:
    """The quotations of a document.

    Args:
        document: the document.
        sections: its sections.
        block_sections: for each block, the index of its section.
        citations: reference marks in order.

    Returns:
        quotations in text order, and all stretches that the authors did not say themselves.
    """
    collector = Collector(document, [sections[i].kind for i in block_sections])
    collector.collect()
    judge = _Judge(collector, citations)
    judge.decide()
    said = sorted(
        (c for c in collector.candidates if c.said and len(c.inner)), key=lambda c: c.inner
    )
    quotations = tuple(_quotation(c, block_sections[c.block]) for c in said)
    spans = [c.inner for c in said] + collector.asides
    spans += [c.outer for c in collector.candidates if not c.said and judge.stands_apart(c)]
    return Quoted(quotations, _apart(spans))


def _quotation(candidate: Candidate, section: int) -> Quotation:
    label = candidate.label
    return Quotation(
        span=candidate.inner,
        block=candidate.block,
        section=section,
        label=label.printed if label else None,
        label_span=label.span if label else None,
        identifier=label.read.identifier if label else None,
        attributes=label.read.attributes if label else (),
        in_table=candidate.in_table,
    )


class _Judge:
    """The second pass: labels from the prose around, and speech told from terms."""

    def __init__(self, collector: Collector, citations: Sequence[Span]) -> None:
        self.text = collector.text
        self.blocks = collector.blocks
        self.names = collector.names
        self.candidates = collector.candidates
        self.marks = {c.start for c in citations}
        self.bare_numbers: int | None = None

    def decide(self) -> None:
        """Find labels in the prose around, then tell speech from terms."""
        self._learn_pseudonyms()
        for candidate in self.candidates:
            if candidate.label is None:
                candidate.label = self._in_prose(candidate)
        share_labels(self.text, self.candidates)
        for candidate in self.candidates:
            candidate.attributed = self._attributed(candidate)
            candidate.said = candidate.said or self._is_speech(candidate)

    def _learn_pseudonyms(self) -> None:
        """Names that the prose alone gives: "Odile noted, ..." again and again."""
        heard: Counter[str] = Counter()
        for candidate in self.candidates:
            if candidate.label is None and candidate.kind in (_K.RESULTS, _K.OTHER):
                clause = self.text[slice(*self._clause(candidate))]
                hits = NAMED_SPEAKER.finditer(clause)
                heard.update(n for h in hits if (n := self._proper(h.group("name"))) is not None)
        least = 1 if "pseudonym" in self.text else 2
        self.names.names.update(name for name, times in heard.items() if times >= least)

    def _proper(self, name: str) -> str | None:
        """``name`` without "As" or "While" before it; ``None`` for "Participants", "Theme"."""
        parts = name.split()
        while parts and parts[0].lower() in _NO_NAMES:
            parts = parts[1:]
        common = any(
            p.lower() in ROLES or p.lower() in _NO_NAMES or PEOPLE.match(p) or ATTRIBUTION.match(p)
            for p in parts
        )
        return None if common or not parts else " ".join(parts)

    def _clause(self, candidate: Candidate) -> tuple[int, int]:
        """From the last stop before the stretch to the stretch."""
        before = candidate.before
        low = max(before.start, before.end - _LEAD)
        clause = re.split(r"[.!?]\s", self.text[low : before.end])[-1]
        return before.end - len(clause), before.end

    def _in_prose(self, candidate: Candidate) -> Label | None:
        """A known code or pseudonym in the clause before or after the stretch."""
        clause = Span(*self._clause(candidate))
        label = self._known(clause, last=True) or self._placed(clause)
        if label is not None:
            return label
        if candidate.before.end < self.blocks[candidate.block].span.start:
            return _only_one(self._labels(candidate.before))
        rest = self.text[candidate.after.start : candidate.after.end]
        stop = re.search(r"[.!?;](?:\s|$)", rest)
        high = candidate.after.start + min(stop.start() if stop else len(rest), 70)
        closed = self.text[candidate.inner.end - 1 : candidate.inner.end]
        if closed in ".!?" and self.text[candidate.after.start : high].lstrip()[:1].isupper():
            return None  # a new sentence, about somebody else perhaps
        tail = Span(candidate.after.start, high)
        return (
            self._known(tail, last=False)
            or self._placed(tail)
            or self._meant(
                candidate, self.text[clause.start : clause.end], self.text[tail.start : tail.end]
            )
        )

    def _meant(self, candidate: Candidate, clause: str, tail: str) -> Label | None:
        """ "..., he explained": the one person that the sentence before names."""
        if not (_PRONOUN.search(clause) or _PRONOUN.search(tail)):
            return None
        low = self.blocks[candidate.block].span.start
        end = candidate.before.end - len(clause)
        sentence = re.split(r"[.!?][”\"’)]*\s", self.text[low:end].rstrip(" .!?"))[-1]
        at = low + self.text[low:end].rfind(sentence)
        return _only_one(self._labels(Span(at, at + len(sentence))))

    def _placed(self, clause: Span) -> Label | None:
        """ "A midwife in Hillton noted": no code, but more than "one midwife"."""
        hit = PLACED_SPEAKER.search(self.text, clause.start, clause.end)
        label = label_at(self.text, hit.span("who")) if hit is not None else None
        return label if label is not None and label.read.telling is Telling.ROLE else None

    def _known(self, span: Span, last: bool) -> Label | None:
        """The last or first known code or name in ``span``."""
        found = self._labels(span)
        if not found:
            return None
        return max(found, key=lambda f: f.span.start) if last else found[0]

    def _labels(self, span: Span) -> list[Label]:
        """All known codes and names in ``span``."""
        text, found = self.text, []
        for hit in _CODE_IN_TEXT.finditer(text, span.start, span.end):
            label = label_at(self.text, hit.span())
            if label is not None and label.read.telling is Telling.CODE:
                prefix = label.read.prefix.lower()
                if prefix in self.names.prefixes or prefix in ROLES or prefix == "p":
                    found.append(label)
        for run in _CAPITALISED.finditer(text, span.start, span.end):
            found += self._names_in(run)
        return found

    def _names_in(self, run: re.Match[str]) -> list[Label]:
        """Known names in a run of capitalised words ("As Odile", "North Ward")."""
        parts = [(hit.start(), hit.end()) for hit in re.finditer(r"\S+", run.group())]
        found = []
        for first, (start, _) in enumerate(parts):
            for _, end in reversed(parts[first:]):
                name = re.sub(r"[’']s?$", "", run.group()[start:end])
                if name in self.names.names:
                    end = start + len(name)
                    at = Span(run.start() + start, run.start() + end)
                    found.append(Label(name, at, SpeakerLabel(name, (), Telling.NAME, name)))
                    break
        return found

    def _attributed(self, candidate: Candidate) -> bool:
        """Whether the words around say that somebody said this."""
        after = candidate.after
        clause = self.text[slice(*self._clause(candidate))]
        rest = self.text[after.start : min(after.end, after.start + 90)]
        tail = re.split(r"[.!?;](?:\s|$)", rest)[0]
        around = f"{clause} | {tail}"
        if clause.rstrip().endswith(":") and ATTRIBUTION.search(clause):
            return True
        return ATTRIBUTION.search(around) is not None and PEOPLE.search(around) is not None

    def _is_speech(self, candidate: Candidate) -> bool:
        kind, words, label = candidate.kind, candidate.words, candidate.label
        if self._cited(candidate) and not (label and label.read.telling is Telling.CODE):
            return False
        if label is not None:
            telling = label.read.telling
            if telling is Telling.CODE:
                if kind is _K.INTRODUCTION:
                    return words >= 5 and self._speaks(candidate)
                return words >= 2 or candidate.direct
            if telling is Telling.ROLE and candidate.direct:
                if kind in (_K.INTRODUCTION, _K.METHODS, _K.ABSTRACT):
                    return words >= 6 and self._speaks(candidate)
                return words >= 3
            if telling is Telling.NAME:
                if self._is_mark(label):
                    return False
                bare = not label.read.prefix  # a number alone
                if bare and not (kind is _K.RESULTS and self._numbers_are_people()):
                    return False
                known = label.read.prefix in self.names.names or candidate.direct
                return known and words >= 2 and kind not in (_K.INTRODUCTION, _K.METHODS)
        inner = self.text[candidate.inner.start : candidate.inner.end]
        key = key_of(inner)
        if key in self.names.terms:
            return False
        speech = self._speaks(candidate)
        block = self.blocks[candidate.block]
        if inner.isupper():
            return False
        if kind in OPEN:
            if block.role is Role.BLOCK_QUOTE and kind is not _K.APPENDIX:
                return words >= 4
            if block.role is Role.BLOCK_QUOTE:
                return words >= 8 and FIRST_PERSON.search(inner) is not None
            if candidate.in_table:
                return candidate.mostly and speech and words >= 5
            if candidate.mostly and words >= 6 and speech:
                return True
            if words >= 4:
                if self._framed(candidate) and not FIRST_PERSON.search(inner):
                    return False
                if kind is _K.OTHER:
                    return candidate.attributed and speech
                return candidate.attributed or speech or words >= 12
            return False
        if kind is _K.ABSTRACT or kind in (_K.DISCUSSION, _K.CONCLUSION, _K.LIMITATIONS):
            return words >= 4 and candidate.attributed and FIRST_PERSON.search(inner) is not None
        return False

    def _speaks(self, candidate: Candidate) -> bool:
        """Spoken words: "I", "you", "don't", or whole sentences."""
        inner = self.text[candidate.inner.start : candidate.inner.end]
        return SPOKEN.search(inner) is not None or inner.rstrip()[-1:] in ".!?…"

    def _numbers_are_people(self) -> bool:
        """Whether the paper labels long quotations with bare numbers: "... tired." (3)."""
        if self.bare_numbers is None:
            self.bare_numbers = sum(
                1
                for c in self.candidates
                if c.direct
                and c.words >= 6
                and c.label is not None
                and c.label.printed.isdigit()
                and not self._is_mark(c.label)
            )
        return self.bare_numbers >= 3

    def _is_mark(self, label: Label) -> bool:
        """A bare number in brackets that is a reference mark."""
        return label.printed.strip().isdigit() and label.span.start - 1 in self.marks

    def _cited(self, candidate: Candidate) -> bool:
        """A reference mark follows: the words are another author's."""
        end = candidate.outer.end
        return any(at in self.marks for at in range(end, end + 4))

    def _framed(self, candidate: Candidate) -> bool:
        """ "the theme", "the question", "a study titled" before a stretch: no speech."""
        low = max(candidate.before.start, candidate.before.end - 40)
        return _QUESTION_FRAME.search(self.text, low, candidate.before.end) is not None

    def stands_apart(self, candidate: Candidate) -> bool:
        """Whether quoted words that no participant said are kept from the authors' words."""
        inner = self.text[candidate.inner.start : candidate.inner.end]
        if candidate.kind in (_K.RESULTS, _K.DISCUSSION) and candidate.attributed:
            return candidate.words >= 2
        return candidate.words >= 4 and (
            "?" in inner or SPOKEN.search(inner) is not None or candidate.words >= 15
        )


def _only_one(people: Sequence[Label]) -> Label | None:
    """The person that all labels name, if they name one only."""
    return people[0] if len({p.read.identifier for p in people}) == 1 else None


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """``spans`` in order, overlaps joined."""
    joined: list[Span] = []
    for span in sorted(s for s in spans if len(s) > 0):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)
