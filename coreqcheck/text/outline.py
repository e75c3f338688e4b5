"""The outline of a manuscript: each heading's kind and place, from first to last."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from coreqcheck.model import Block, Document, Role, SectionKind
from coreqcheck.text.headings import Match, SectionLexicon, Strength, heading_words

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

BODY = frozenset({_K.INTRODUCTION, _K.METHODS, _K.RESULTS, _K.DISCUSSION, _K.CONCLUSION})
_ALL = frozenset(SectionKind)


@dataclass(frozen=True, slots=True)
class _Nesting:
    """What a heading of another kind does inside a section, for levels are often wrong.

    It ``stays`` part of that section ("Key results" in the discussion), or the section ends and
    it ``leaves`` it; otherwise it opens a section inside. ``stays_unless_exact``: a heading that
    merely begins like one of these kinds stays.
    """

    stays: frozenset[SectionKind] = frozenset()
    leaves: frozenset[SectionKind] = frozenset()
    stays_unless_exact: frozenset[SectionKind] = frozenset()


_ENDS_RESULTS = (BACK_MATTER | {_K.DISCUSSION, _K.CONCLUSION}) - {
    _K.ETHICS,
    _K.FUNDING,
    _K.INTERESTS,
    _K.DECLARATIONS,
}
_NESTINGS = {
    _K.INTRODUCTION: _Nesting(
        stays=BACK_MATTER - {_K.REFERENCES, _K.CHECKLIST},
        leaves=BODY,
        stays_unless_exact=frozenset({_K.RESULTS, _K.DISCUSSION}),
    ),
    _K.METHODS: _Nesting(
        stays=frozenset({_K.INTRODUCTION, _K.CHECKLIST, _K.ABSTRACT, _K.FRONT}),
        leaves=BODY,
        stays_unless_exact=frozenset({_K.DISCUSSION}),
    ),
    # Themes may be called "Support" or "Confidentiality".
    _K.RESULTS: _Nesting(
        stays=_ALL - _ENDS_RESULTS - {_K.LIMITATIONS, _K.METHODS},
        leaves=_ENDS_RESULTS,
        stays_unless_exact=frozenset({_K.DISCUSSION, _K.METHODS}),
    ),
    _K.DISCUSSION: _Nesting(
        stays=frozenset({_K.RESULTS, _K.INTRODUCTION, _K.METHODS}), leaves=BACK_MATTER
    ),
    _K.LIMITATIONS: _Nesting(leaves=BACK_MATTER),
    _K.CONCLUSION: _Nesting(leaves=BACK_MATTER),
    _K.REFERENCES: _Nesting(leaves=_ALL),
    _K.CHECKLIST: _Nesting(leaves=_ALL),
    _K.APPENDIX: _Nesting(stays=_ALL - {_K.CHECKLIST, _K.REFERENCES}),
}
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


@dataclass(slots=True)
class Draft:
    """A section in the making; ``level`` is the depth that its heading claims."""

    kind: SectionKind
    title: str
    start: int
    level: int
    block: int | None
    confidence: float
    parent: int | None = None
    own: bool = False  # the heading itself told the kind


class Outline:
    """Walks the headings once, from the first to the last, and gives each a kind and a parent."""

    def __init__(
        self,
        document: Document,
        lexicon: SectionLexicon,
        headings: Sequence[int],
        matches: Mapping[int, Match | None],
        levels: Mapping[int, int],
    ) -> None:
        self.text = document.text
        self.blocks = document.blocks
        self.title = document.meta.title
        self.lexicon = lexicon
        self.headings = headings
        self.matches = matches
        self.levels = levels
        self.made: list[Draft] = []
        self.stack: list[int] = []
        self.flow: int | None = None
        self.abstract_words = 0

    def drafts(self) -> list[Draft]:
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
        self.made.append(Draft(kind, "", 0, 0, None, 0.9 if self.headings else 0.3))
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
                self.made.append(Draft(_K.ABSTRACT, "Abstract", start, 1, None, 0.6, parent=0))
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
        self.made.append(Draft(kind, title, start, level, block, confidence, parent, own))
        self.stack.append(index)
        # A sub-heading ("Implications of rain" in a theme) does not end the section around it.
        opens = parent is None or (kind in BODY and confidence == 1.0)
        if own and opens and kind is not _K.OTHER:
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
        level = self.levels[self.headings[number]]
        # "Background" right under "Introduction" is a part of it, not the body's own.
        beyond = dropwhile(lambda i: self.levels[i] > level, self.headings[number + 1 :])
        later = [m for i in beyond if (m := self.matches[i]) is not None]
        if match is None or match.kind not in BODY | {_K.LIMITATIONS}:
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
            verb = match.kind is _K.APPENDIX and _SUPPLEMENT_WITH.match(self._block_text(block))
            if around is None or not verb:
                if around is _K.RESULTS and self._named_like_a_discussion(number, match, parent):
                    return around, parent, 0.7, False
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

    def _named_like_a_discussion(self, number: int, match: Match, parent: int | None) -> bool:
        """A theme called "Lessons learned": below the results, with the discussion to come."""
        if match.kind is not _K.DISCUSSION or parent is None:
            return False
        if "discussion" in self._block_text(self.headings[number]).lower():
            return False
        top = parent
        while (above := self.made[top].parent) is not None and self.made[above].kind is _K.RESULTS:
            top = above
        level = self.made[top].level
        return self.levels[self.headings[number]] > level and any(
            m.kind is _K.DISCUSSION and m.exact and self.levels[i] <= level
            for i in self.headings[number + 1 :]
            if (m := self.matches[i]) is not None
        )

    def _after_the_text(self) -> bool:
        """Whether references, an appendix or a checklist went before."""
        kind = self.made[self.flow].kind if self.flow is not None else None
        return kind in (_K.REFERENCES, _K.APPENDIX, _K.CHECKLIST)

    def _major(
        self, match: Match, parent: int | None, around: SectionKind | None
    ) -> tuple[SectionKind, int | None, float, bool]:
        """A heading that opens a section by itself, wherever it stands."""
        kind = match.kind
        confidence = 1.0 if match.exact else 0.9
        if not match.exact and kind in BODY | {_K.LIMITATIONS} and self._after_the_text():
            return _K.APPENDIX, parent, 0.6, False
        nesting = _NESTINGS.get(around) if around is not None and around is not kind else None
        if nesting is None or around is None:
            return kind, parent, confidence, True
        if kind in nesting.stays or (not match.exact and kind in nesting.stays_unless_exact):
            return around, parent, 0.8, False
        if kind in nesting.leaves:
            return kind, self._leave(parent), confidence, True
        return kind, parent, min(confidence, 0.9), True

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
            hinted = self._weak(number, match, before, parent)
            if hinted is not None:
                return hinted
        if before in (None, _K.FRONT) and self._to_come(number, _K.ABSTRACT):
            return _K.FRONT, parent, 0.5, False
        if before is _K.METHODS and not self._to_come(number, _K.RESULTS):
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

    def _weak(
        self, number: int, match: Match, before: SectionKind | None, parent: int | None
    ) -> tuple[SectionKind, int | None, float, bool] | None:
        """ "The present study", "Our study": introduction or methods, as the rest leaves room."""
        methods_to_come = self._to_come(number, _K.METHODS)
        if match.kind is _K.INTRODUCTION and methods_to_come:
            return _K.INTRODUCTION, parent, 0.6, True
        if match.kind is _K.METHODS and before not in _FLOWS and not methods_to_come:
            return _K.METHODS, parent, 0.6, True
        if match.kind is _K.INTRODUCTION and before in (None, _K.ABSTRACT, _K.INTRODUCTION):
            return _K.METHODS, parent, 0.4, True
        return None

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

    def _to_come(self, number: int, kind: SectionKind) -> bool:
        """Whether a later heading opens a section of ``kind``."""
        return any(
            m.kind is kind and m.strength is Strength.MAJOR
            for i in self.headings[number + 1 :]
            if (m := self.matches[i]) is not None
        )

    def _flow_parent(self, parent: int | None) -> int | None:
        """The section that went before, unless another has been opened since."""
        if parent is not None or self.flow is None:
            return parent
        above: int | None = len(self.made) - 1
        while above is not None and above != self.flow:
            above = self.made[above].parent
        return above

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
                self.made.append(Draft(kind, "", block.span.start, level, None, 0.6, parent))
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
            Draft(_K.CHECKLIST, title, block.span.start, level, None, 1.0, parent, True)
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
                Draft(match.kind, hit.group(1).strip(), start, level, None, 0.8, parent, True)
            )

    def _words(self, low: int, high: int) -> int:
        if low >= high:
            return 0
        return self.text.count(" ", self.blocks[low].span.start, self.blocks[high - 1].span.end) + 1

    def _block_text(self, block: int) -> str:
        span = self.blocks[block].span
        return self.text[span.start : span.end]


# "Supplement with other ways" asks for something; "Supplement 2" is one.
_SUPPLEMENT_WITH = re.compile(
    r"\W*[Ss]upplement\s+(?!(?:materials?|files?|tables?|figures?|data|documents?)\b)[a-z]"
)
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
