"""From heading blocks to sections: what each stretch of the manuscript is about.

Headings are compared with a lexicon (``rules/sections.toml``). A heading that says nothing inherits
from the section around it or, where levels are flat, from the section before it. What cannot
be told is ``OTHER``: searched for everything, never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from coreqcheck.model import Block, Diagnostic, Document, Role, Section, SectionKind, Span
from coreqcheck.spelling import normal
from coreqcheck.text.wording import words

_K = SectionKind

BACK_MATTER = frozenset(
    {
        _K.CONTRIBUTORS,
        _K.ETHICS,
        _K.FUNDING,
        _K.INTERESTS,
        _K.ACKNOWLEDGEMENTS,
        _K.DECLARATIONS,
        _K.REFERENCES,
        _K.APPENDIX,
        _K.CHECKLIST,
    }
)
"""Kinds that stand after the text proper."""

_BODY = frozenset({_K.INTRODUCTION, _K.METHODS, _K.RESULTS, _K.DISCUSSION, _K.CONCLUSION})
# What may end a section of results although its heading is nested in it: levels are often wrong.
_ENDS_RESULTS = frozenset(
    {
        _K.DISCUSSION,
        _K.CONCLUSION,
        _K.REFERENCES,
        _K.APPENDIX,
        _K.CHECKLIST,
        _K.ACKNOWLEDGEMENTS,
        _K.CONTRIBUTORS,
    }
)
# A heading without a kind of its own joins the section of these kinds before it.
_FLOWS = frozenset({_K.METHODS, _K.RESULTS, _K.DISCUSSION, _K.LIMITATIONS, _K.APPENDIX})

_NOT_IN_ABSTRACT = frozenset(
    {
        _K.FRONT,
        _K.REFERENCES,
        _K.CONTRIBUTORS,
        _K.ACKNOWLEDGEMENTS,
        _K.INTERESTS,
        _K.DECLARATIONS,
        _K.APPENDIX,
    }
)
_ABSTRACT_PART_WORDS = 300
_ABSTRACT_WORDS = 900

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_DECIMAL = re.compile(
    r"\s*(?:(?:section|chapter|part|§)\s*)?(\d{1,2}(?:\s?\.\s?\d{1,2}){0,4})\s?[.):|]?\s+(?=\S)",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"\s*((?:X{0,2})(?:IX|IV|V?I{0,3}))\s?[.):]\s*(?=\S)")
_LETTER = re.compile(r"\s*([A-Z])\s?[.):]\s+(?=\S)")


class Strength(IntEnum):
    """How much a heading tells by itself."""

    WEAK = 1
    SUB = 2
    MAJOR = 3


@dataclass(frozen=True, slots=True)
class Match:
    """What the lexicon says of a heading. ``exact``: the whole heading was the phrase."""

    kind: SectionKind
    strength: Strength
    exact: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    kind: SectionKind
    strength: Strength
    text: str
    begins: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class SectionLexicon:
    """Headings by kind. ``exact`` is keyed by the heading without spaces; build it with ``of``."""

    exact: dict[str, Match]
    open: tuple[_Phrase, ...]

    @classmethod
    def of(cls, phrases: Iterable[tuple[SectionKind, Sequence[str]]]) -> SectionLexicon:
        """From phrases as ``rules/sections.toml`` writes them (see its head for the notation)."""
        exact: dict[str, Match] = {}
        open_: list[_Phrase] = []
        for kind, sources in phrases:
            for source in sources:
                phrase = _phrase(kind, source)
                if phrase.begins or phrase.ends:
                    open_.append(phrase)
                else:
                    key = phrase.text.replace(" ", "")
                    found = Match(kind, phrase.strength, True)
                    if key not in exact or exact[key].strength < found.strength:
                        exact[key] = found
        # The most telling first: strong before weak, "begins" before "ends" before "holds", long.
        # "Appendix 2. COREQ checklist" is a checklist before it is an appendix.
        open_.sort(
            key=lambda p: (
                -p.strength,
                p.kind is not _K.CHECKLIST,
                p.ends,
                not p.begins,
                -len(p.text),
            )
        )
        return cls(exact, tuple(open_))

    def match(self, heading: str) -> Match | None:
        """What ``heading`` says of its section; ``None`` when it says nothing."""
        words = heading_words(heading)
        key = "".join(words)
        exact = self.exact.get(key)
        if exact is not None and exact.strength is Strength.MAJOR:
            return exact
        found = self._open(" ".join(words), key)
        if exact is None or (found is not None and found.strength > exact.strength):
            return found
        return exact

    def _open(self, line: str, key: str) -> Match | None:
        padded = f" {line} "
        for phrase in self.open:
            text = f" {phrase.text} "
            if phrase.begins and phrase.ends:
                hit = text in padded
            elif phrase.begins:
                # Without spaces as well: "RE SULTS AND DISCUSSION".
                squeezed = phrase.text.replace(" ", "")
                hit = padded.startswith(text) or (
                    len(squeezed) > 6 and key.startswith(squeezed) and _garbled(line)
                )
            else:
                hit = padded.endswith(text)
            if hit:
                return Match(phrase.kind, phrase.strength, False)
        return None


def _phrase(kind: SectionKind, source: str) -> _Phrase:
    strength, text = Strength.MAJOR, source.strip()
    for mark, found in (("sub:", Strength.SUB), ("weak:", Strength.WEAK)):
        if text.startswith(mark):
            strength, text = found, text[len(mark) :].strip()
    leads, trails = text.startswith("..."), text.endswith("...")
    words = " ".join(normal(w) for w in _WORD.findall(text))
    if leads and trails:
        return _Phrase(kind, strength, words, True, True)
    return _Phrase(kind, strength, words, trails, leads)


def _garbled(line: str) -> bool:
    """True when a heading looks as if spaces had been put inside its words ("RE SULTS")."""
    return any(len(word) <= 3 and word not in _SHORT for word in line.split())


_SHORT = words(
    """
    a an and of the in on for to by or with our we as at is it how who
    """
)


def heading_words(heading: str) -> tuple[str, ...]:
    """The words that tell of what a heading is about: numbering and punctuation left out."""
    rest = _unnumbered(heading)
    return tuple(normal(w) for w in _WORD.findall(rest.replace("&", " and ")))


def _unnumbered(heading: str) -> str:
    for pattern in (_DECIMAL, _ROMAN, _LETTER):
        hit = pattern.match(heading)
        if hit and hit.group(1):
            return heading[hit.end() :]
    return heading


@dataclass(slots=True)
class _Draft:
    """A section in the making; ``level`` is the depth that its heading claims."""

    kind: SectionKind
    title: str
    start: int
    level: int
    block: int | None
    confidence: float
    parent: int | None = None
    own: bool = False  # the heading itself told the kind


def sections_of(
    document: Document, lexicon: SectionLexicon
) -> tuple[tuple[Section, ...], tuple[Diagnostic, ...]]:
    """The sections of ``document`` in text order, parents before children.

    A section's span runs to the next one that does not lie inside it. Together the sections cover
    the whole text.
    """
    text, blocks = document.text, document.blocks
    headings = [i for i, b in enumerate(blocks) if b.role is Role.HEADING]
    matches = {
        i: lexicon.match(text[blocks[i].span.start : blocks[i].span.end]) for i in headings
    }
    levels = _levels(document, headings, matches)
    drafts = _Outline(document, lexicon, headings, matches, levels).drafts()
    sections = _spans(drafts, len(text))
    diagnostics = []
    recognised = {d.kind for d in drafts if d.own} & _BODY
    if not recognised & {_K.METHODS, _K.RESULTS}:
        what = "no headings" if not headings else "no heading of methods or results"
        diagnostics.append(
            Diagnostic("sections.none", "note", f"{what} recognised; searched everywhere")
        )
        sections = tuple(
            replace(s, confidence=min(s.confidence, 0.4)) if s.kind is _K.OTHER else s
            for s in sections
        )
    return sections, tuple(diagnostics)


# -- levels


def _levels(
    document: Document, headings: Sequence[int], matches: dict[int, Match | None]
) -> dict[int, int]:
    """The depth of each heading: its number where the paper numbers, else the reader's level."""
    text, blocks = document.text, document.blocks
    levels = {i: max(blocks[i].level, 1) for i in headings}
    flat = len(set(levels.values())) <= 1
    depths = _numbered(
        [(i, text[blocks[i].span.start : blocks[i].span.end]) for i in headings], matches
    )
    if not depths:
        return levels
    base = min((levels[i] for i, depth in depths.items() if depth == 1), default=1)
    current = base
    for i in headings:
        if i in depths:
            levels[i] = current = base + depths[i] - 1
        elif flat:
            match = matches[i]
            major = match is not None and match.strength is Strength.MAJOR
            levels[i] = base if major else current + 1
    return levels


def _numbered(
    titles: Sequence[tuple[int, str]], matches: dict[int, Match | None]
) -> dict[int, int]:
    """Depths by numbering ("2.1" is 2, "II." is 1, "A." is 2); empty where majors have none."""

    def majors(depths: dict[int, int]) -> int:
        return sum(
            1
            for i, depth in depths.items()
            if depth == 1 and (m := matches[i]) is not None and m.strength is Strength.MAJOR
        )

    decimal = {}
    for i, title in titles:
        hit = _DECIMAL.match(title)
        if hit:
            decimal[i] = hit.group(1).count(".") + 1
    if majors(decimal) >= 2:
        return decimal
    roman = {i: 1 for i, title in titles if (h := _ROMAN.match(title)) and h.group(1)}
    if majors(roman) < 2:
        return {}
    expected = "A"
    for i, title in titles:
        hit = _LETTER.match(title)
        # "C." and "D." are letters when they follow "B." and "C.", else Roman numerals.
        if hit and hit.group(1) == expected:
            roman[i] = 2
            expected = chr(ord(expected) + 1)
        elif i in roman:
            expected = "A"
    return roman


# -- kinds


class _Outline:
    """Walks the headings once, from the first to the last, and gives each a kind and a parent."""

    def __init__(
        self,
        document: Document,
        lexicon: SectionLexicon,
        headings: Sequence[int],
        matches: dict[int, Match | None],
        levels: dict[int, int],
    ) -> None:
        self.text = document.text
        self.blocks = document.blocks
        self.title = document.meta.title
        self.lexicon = lexicon
        self.headings = headings
        self.matches = matches
        self.levels = levels
        self.made: list[_Draft] = []
        self.stack: list[int] = []
        self.flow: int | None = None
        self.abstract_words = 0

    def drafts(self) -> list[_Draft]:
        first = self.headings[0] if self.headings else len(self.blocks)
        self._front(first)
        for number, block in enumerate(self.headings):
            after = (
                self.headings[number + 1] if number + 1 < len(self.headings) else len(self.blocks)
            )
            self._heading(number, block, after)
            self._within(block + 1, after)
        return self.made

    def _front(self, first: int) -> None:
        """Everything before the first heading: title page, and an abstract without a heading."""
        kind = _K.FRONT if self.headings else _K.OTHER
        self.made.append(_Draft(kind, "", 0, 0, None, 0.9 if self.headings else 0.3))
        if self.headings:
            self._abstract_in(0, first)
        self._within(0, first)

    def _abstract_in(self, low: int, high: int) -> None:
        """An abstract among the blocks of the title page: marked so, or simply a long paragraph."""
        for block in range(low, high):
            if self.blocks[block].role is not Role.PARAGRAPH:
                continue
            start = self.blocks[block].span.start
            line = self._block_text(block)
            said = _ABSTRACT_START.match(line) is not None
            if said or (len(line.split()) >= 80 and not _ADDRESS.search(line)):
                self.made.append(_Draft(_K.ABSTRACT, "Abstract", start, 1, None, 0.6, parent=0))
                return

    def _heading(self, number: int, block: int, after: int) -> None:
        level, match = self.levels[block], self.matches[block]
        while self.stack and self.made[self.stack[-1]].level >= level:
            self.stack.pop()
        parent = self.stack[-1] if self.stack else None
        if self._is_title(number, block):
            self._add(_K.FRONT, block, 0, None, 0.9, own=True)
            self._abstract_in(block + 1, after)
            self.stack.clear()
            return
        if self._in_abstract(number, block, after, parent):
            abstract = self._open_abstract()
            self._add(_K.ABSTRACT, block, level, abstract, 0.9)
            return
        kind, parent, confidence, own = self._decide(number, block, parent, match)
        self._add(kind, block, level, parent, confidence, own)
        if own and kind is _K.ABSTRACT:
            self.abstract_words = self._words(block + 1, after)

    def _add(
        self,
        kind: SectionKind,
        block: int,
        level: int,
        parent: int | None,
        confidence: float,
        own: bool = False,
    ) -> None:
        index = len(self.made)
        title = " ".join(self._block_text(block).split())
        start = self.blocks[block].span.start
        # The title page before a first heading that is the title itself is one with it.
        if index == 1 and start == 0 and self.made[0].kind is _K.FRONT and not self.made[0].title:
            self.made.clear()
            index = 0
        self.made.append(_Draft(kind, title, start, level, block, confidence, parent, own))
        self.stack.append(index)
        if own and kind in _BODY | BACK_MATTER | {_K.LIMITATIONS, _K.ABSTRACT, _K.FRONT}:
            if parent is None or self.made[parent].kind is not kind:
                self.flow = index

    def _is_title(self, number: int, block: int) -> bool:
        """The manuscript's title, given as a heading by the format (Markdown's ``#``)."""
        match = self.matches[block]
        if number > 0 or (match is not None and match.strength is Strength.MAJOR):
            return False
        if self.title and heading_words(self.title) == heading_words(self._block_text(block)):
            return True
        others = [self.levels[i] for i in self.headings[1:]]
        return bool(others) and self.levels[block] < min(others)

    def _open_abstract(self) -> int | None:
        if self.made and self.flow is not None and self.made[self.flow].kind is _K.ABSTRACT:
            return self.flow
        return None

    def _in_abstract(self, number: int, block: int, after: int, parent: int | None) -> bool:
        """Whether the heading is one of a structured abstract ("Methods" in the abstract).

        Either it is nested in the abstract and its text is short; or levels are flat, its text
        is short, and a heading of the same kind comes again.
        """
        abstract = self._open_abstract()
        if abstract is None:
            return False
        match = self.matches[block]
        if match is not None and match.kind is _K.ABSTRACT and match.strength is Strength.MAJOR:
            return False
        words = self._words(block + 1, after)
        if words > _ABSTRACT_PART_WORDS or self.abstract_words + words > _ABSTRACT_WORDS:
            return False
        nested = self.levels[block] > self.made[abstract].level
        if not nested and not self._comes_again(number, match):
            return False
        if match is not None and match.kind in _NOT_IN_ABSTRACT:
            return False
        self.abstract_words += words
        return True

    def _comes_again(self, number: int, match: Match | None) -> bool:
        """Whether a flat heading after "Abstract" is repeated by the body."""
        later = [m for i in self.headings[number + 1 :] if (m := self.matches[i]) is not None]
        if match is None or match.kind not in _BODY | {_K.LIMITATIONS}:
            # "Objectives", "Setting" ... of an abstract stand before its "Results"; the body
            # then has an introduction of its own.
            return match is not None and sum(1 for m in later if m.kind is _K.RESULTS) >= 2
        return any(m.kind is match.kind and m.strength is match.strength for m in later)

    def _decide(
        self, number: int, block: int, parent: int | None, match: Match | None
    ) -> tuple[SectionKind, int | None, float, bool]:
        """Kind, parent, confidence, and whether the heading itself told the kind."""
        around = self.made[parent].kind if parent is not None else None
        if around in (None, _K.FRONT, _K.ABSTRACT):
            parent, around = None, None
        if match is not None and match.strength is Strength.MAJOR:
            return self._major(match, parent, around)
        if around is None or around is _K.OTHER:
            return self._flat(number, match, parent)
        if self._after_the_text():
            return _K.APPENDIX, parent, 0.6, False
        # A box of strengths and limitations stands before the methods in some journals.
        early = around is _K.INTRODUCTION or (
            around is _K.LIMITATIONS and not self._had(_K.METHODS)
        )
        if early and match is not None and match.kind is _K.METHODS:
            return _K.METHODS, parent, 0.7, True
        return around, parent, 0.9, False

    def _after_the_text(self) -> bool:
        """Whether references, an appendix or a checklist went before."""
        kind = self.made[self.flow].kind if self.flow is not None else None
        return kind in (_K.REFERENCES, _K.APPENDIX, _K.CHECKLIST)

    def _major(
        self, match: Match, parent: int | None, around: SectionKind | None
    ) -> tuple[SectionKind, int | None, float, bool]:
        kind = match.kind
        confidence = 1.0 if match.exact else 0.9
        if not match.exact and kind in _BODY | {_K.LIMITATIONS} and self._after_the_text():
            return _K.APPENDIX, parent, 0.6, False
        if around is None or around is _K.OTHER or around is kind:
            return kind, parent, confidence, True
        if around in (_K.DISCUSSION, _K.LIMITATIONS, _K.CONCLUSION) and kind in BACK_MATTER:
            return kind, self._leave(parent), confidence, True
        if around is _K.RESULTS:
            if kind in _ENDS_RESULTS and (match.exact or kind is not _K.DISCUSSION):
                return kind, self._leave(parent), confidence, True
            if kind in (_K.LIMITATIONS, _K.METHODS) and match.exact:
                return kind, parent, 0.7, True
            return around, parent, 0.8, False
        if around is _K.DISCUSSION and kind in (_K.RESULTS, _K.INTRODUCTION, _K.METHODS):
            return around, parent, 0.8, False
        if around is _K.METHODS:
            if kind in (_K.INTRODUCTION, _K.DISCUSSION, _K.CHECKLIST, _K.ABSTRACT, _K.FRONT):
                if not (kind is _K.DISCUSSION and match.exact):
                    return around, parent, 0.8, False
            if kind in _BODY:
                return kind, self._leave(parent), confidence, True
        if around is _K.INTRODUCTION:
            if kind in BACK_MATTER and kind not in (_K.REFERENCES, _K.CHECKLIST):
                return around, parent, 0.8, False
            if kind in (_K.RESULTS, _K.DISCUSSION) and not match.exact:
                return around, parent, 0.7, False
            if kind in _BODY:
                return kind, self._leave(parent), confidence, True
        if around in (_K.REFERENCES, _K.CHECKLIST):
            return kind, self._leave(parent), confidence, True
        if around is _K.APPENDIX and kind not in (_K.CHECKLIST, _K.REFERENCES):
            return around, parent, 0.8, False
        return kind, parent, confidence, True

    def _leave(self, parent: int | None) -> int | None:
        """Close ``parent``: its heading was printed too high, or this one too low."""
        if parent is None:
            return None
        while self.stack and self.stack[-1] >= parent:
            self.stack.pop()
        return self.stack[-1] if self.stack else None

    def _flat(
        self, number: int, match: Match | None, parent: int | None
    ) -> tuple[SectionKind, int | None, float, bool]:
        """A heading with nothing around it: its own hint, or the section that went before."""
        flow = self.made[self.flow] if self.flow is not None else None
        before = flow.kind if flow is not None else None
        if match is not None and match.strength is Strength.SUB:
            if before in (_K.REFERENCES, _K.APPENDIX, _K.CHECKLIST):
                return _K.APPENDIX, parent, 0.6, False
            return self._flat_sub(match, before, parent)
        if match is not None:
            later = any(
                m.kind is _K.METHODS and m.strength is Strength.MAJOR
                for i in self.headings[number + 1 :]
                if (m := self.matches[i]) is not None
            )
            if match.kind is _K.INTRODUCTION and later:
                return _K.INTRODUCTION, parent, 0.6, True
            if match.kind is _K.METHODS and before not in _FLOWS and not later:
                return _K.METHODS, parent, 0.6, True
            if match.kind is _K.INTRODUCTION and before in (None, _K.ABSTRACT, _K.INTRODUCTION):
                return _K.METHODS, parent, 0.4, True
        if before is _K.METHODS and not self._results_to_come(number):
            # No heading of results in the paper: what follows the methods may be the themes.
            return _K.OTHER, parent, 0.4, False
        if before in _FLOWS:
            return self._inherit(parent)
        if before is not None and before in BACK_MATTER:
            if before is _K.REFERENCES:
                return _K.APPENDIX, parent, 0.4, False
            if before is _K.CHECKLIST:
                return _K.OTHER, parent, 0.4, False
            return _K.DECLARATIONS, parent, 0.4, False
        return _K.OTHER, parent, 0.4, False

    def _flat_sub(
        self, match: Match, before: SectionKind | None, parent: int | None
    ) -> tuple[SectionKind, int | None, float, bool]:
        """A word of sub-headings ("Recruitment", "Theme 1") at the level of the main headings."""
        had_methods = self._had(_K.METHODS)
        if match.kind is not _K.METHODS:
            if before is match.kind:
                return self._inherit(parent)
            return (match.kind if had_methods else _K.OTHER), parent, 0.6, True
        if before is _K.METHODS:
            return _K.METHODS, self._flow_parent(parent), 0.9, False
        if had_methods and (self._had(_K.RESULTS) or before is _K.DISCUSSION):
            return self._inherit(parent) if before in _FLOWS else (_K.OTHER, parent, 0.4, False)
        return _K.METHODS, parent, 0.7, True

    def _had(self, kind: SectionKind) -> bool:
        return any(d.kind is kind and d.own for d in self.made)

    def _results_to_come(self, number: int) -> bool:
        return any(
            m.kind is _K.RESULTS and m.strength is Strength.MAJOR
            for i in self.headings[number + 1 :]
            if (m := self.matches[i]) is not None
        )

    def _flow_parent(self, parent: int | None) -> int | None:
        return self.flow if parent is None else parent

    def _inherit(self, parent: int | None) -> tuple[SectionKind, int | None, float, bool]:
        assert self.flow is not None
        kind = self.made[self.flow].kind
        if kind is _K.LIMITATIONS:
            # Limitations stand in the methods of some papers.
            return (_K.DISCUSSION if self._had(_K.RESULTS) else _K.METHODS), parent, 0.6, False
        return kind, self._flow_parent(parent), 0.6, False

    def _within(self, low: int, high: int) -> None:
        """Sections without a heading of their own: run-in heads, and an appended checklist."""
        if not self.made:
            return
        parent = len(self.made) - 1
        kind = self.made[parent].kind
        level = self.made[parent].level + 1
        checklist = False
        for index in range(low, high):
            block = self.blocks[index]
            if block.role is Role.CHECKLIST:
                if not checklist and kind is not _K.CHECKLIST:
                    self._checklist(block, level, parent)
                checklist = True
                continue
            if checklist and kind is not _K.CHECKLIST:
                self.made.append(_Draft(kind, "", block.span.start, level, None, 0.6, parent))
            checklist = False
            if block.role in _RUN_IN_ROLES and (
                kind in _RUN_IN_SECTIONS or block.role is not Role.PARAGRAPH
            ):
                self._run_in(index, parent, level)

    def _checklist(self, block: Block, level: int, parent: int) -> None:
        first = " ".join(self.text[block.span.start : block.span.end].split())
        title = first if len(first) <= 80 else "Checklist"
        self.flow = len(self.made)
        self.made.append(
            _Draft(_K.CHECKLIST, title, block.span.start, level, None, 1.0, parent, True)
        )

    def _run_in(self, index: int, parent: int, level: int) -> None:
        """ "Funding. None. Competing interests: none." in one paragraph: a section each."""
        block = self.blocks[index]
        for hit in _RUN_IN.finditer(self.text, block.span.start, block.span.end):
            match = self.lexicon.match(hit.group(1))
            if match is None or match.strength is not Strength.MAJOR:
                continue
            if match.kind not in BACK_MATTER or not (match.exact or hit.group(2) == ":"):
                continue
            start = hit.start(1)
            self.made.append(
                _Draft(match.kind, hit.group(1).strip(), start, level, None, 0.8, parent, True)
            )

    def _words(self, low: int, high: int) -> int:
        if low >= high:
            return 0
        return self.text.count(" ", self.blocks[low].span.start, self.blocks[high - 1].span.end) + 1

    def _block_text(self, block: int) -> str:
        span = self.blocks[block].span
        return self.text[span.start : span.end]


_ABSTRACT_START = re.compile(
    r"\s*(?:A\s?B\s?S\s?T\s?R\s?A\s?C\s?T|Abstract|Summary|SUMMARY|Resumen|Resumo|Zusammenfassung|"
    r"Résumé)\b\s?(?:[.:—–-]|\s(?=[A-Z]))"
)
_ADDRESS = re.compile(r"@|\bUniversity\b.*\bUniversity\b|©|Copyright|Permission to make", re.DOTALL)
_RUN_IN_ROLES = frozenset(
    {Role.PARAGRAPH, Role.FOOTNOTE, Role.METADATA, Role.LIST_ITEM, Role.TABLE_NOTE}
)
_RUN_IN_SECTIONS = (BACK_MATTER - {_K.REFERENCES, _K.CHECKLIST}) | {_K.CONCLUSION, _K.OTHER}
_RUN_IN = re.compile(r"(?:(?<=[.:;!?\s])|^|\A)([A-Z][^.:;!?\n]{1,60})([.:])(?=\s|$)", re.MULTILINE)


def _spans(drafts: list[_Draft], length: int) -> tuple[Section, ...]:
    """Spans and depths from the order and the parents of the drafts."""
    sections = []
    for index, draft in enumerate(drafts):
        end = length
        for later in range(index + 1, len(drafts)):
            if not _inside(drafts, later, index):
                end = drafts[later].start
                break
        depth, above = 1, draft.parent
        while above is not None:
            depth, above = depth + 1, drafts[above].parent
        sections.append(
            Section(
                draft.kind,
                draft.title,
                Span(draft.start, end),
                depth,
                draft.parent,
                draft.block,
                draft.confidence,
            )
        )
    return tuple(sections)


def _inside(drafts: list[_Draft], index: int, ancestor: int) -> bool:
    above = drafts[index].parent
    while above is not None:
        if above == ancestor:
            return True
        above = drafts[above].parent
    return False


def blocks_by_section(sections: Sequence[Section], blocks: Sequence[Block]) -> tuple[int, ...]:
    """For each block, the index of the innermost section that holds its start."""
    found = []
    at = 0
    for block in blocks:
        while at + 1 < len(sections) and sections[at + 1].span.start <= block.span.start:
            at += 1
        found.append(at)
    return tuple(found)
