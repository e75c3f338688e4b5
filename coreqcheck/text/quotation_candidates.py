"""Where a participant may be quoted: candidates with what stands beside them.

The first of two passes: it reads the labels beside quoted words and learns how the paper names
its people; ``quotations`` then decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from coreqcheck.model import Block, Document, Role, SectionKind, Span
from coreqcheck.spelling import normal
from coreqcheck.text.labels import SpeakerLabel, Telling, parse_label
from coreqcheck.text.quotation_marks import Stretch, stretches
from coreqcheck.text.speech import ATTRIBUTION, FIRST_PERSON, PEOPLE
from coreqcheck.text.wording import words

_K = SectionKind

_NEVER = frozenset({_K.REFERENCES, _K.CHECKLIST, _K.FRONT, _K.FUNDING, _K.INTERESTS})
OPEN = frozenset({_K.RESULTS, _K.OTHER, _K.APPENDIX})
"""Sections where quoted words without a label may be a participant's."""

# What a page break puts between a paragraph and the quotation that it leads to.
_ON_PAGES = frozenset({Role.FURNITURE, Role.LINE_NUMBER, Role.WATERMARK})
_LEAD = 600  # characters of a paragraph that leads to a block quotation

_PROSE = frozenset({Role.PARAGRAPH, Role.LIST_ITEM, Role.BLOCK_QUOTE, Role.FOOTNOTE})

_INSIDE = r"([^()\[\]]{1,110}(?:\([^()]{1,40}\)[^()\[\]]{0,40})?)"  # may hold one pair itself
_BRACKET = re.compile(rf"[\s.,;:!?…]{{0,4}}[(\[]{_INSIDE}[)\]]")
_LATER_BRACKET = re.compile(r"[^.!?“”\"«»()\[\]]{0,90}[(\[]([^()\[\]]{1,110})[)\]]")
_DASH = re.compile(r"[\s.,;:]{0,3}(?:[—―–]|\s?-{1,2}\s?)\s*([^.;:“\"\n—]{1,90})")
_BARE = re.compile(r"[\s.,]{0,3}([A-Z][A-Za-z]{0,12}[\s-]?\d{1,3}[^.;“\"\n]{0,60})\.?\s*\Z")
_SPEAKER_COLON = re.compile(r"([^.!?:;“”\"()\[\]]{1,60})\s*:\s*[“\"‘'«]?\s*\Z")
_TURN = re.compile(
    r"\s*[\[(]?([A-Za-z][\w#. -]{0,38}?(?:,\s?[\w -]{1,30}){0,3})[\])]?\s*[:：]\s+(?=\S)"
)
_INTERVIEWER = re.compile(
    r"(?:interviewer|moderator|facilitator|researcher|int|mod|i|q|question|r)\s?\d?", re.IGNORECASE
)
_END_BRACKET = re.compile(rf"[(\[]{_INSIDE}[)\]][\s.,;]*\Z")
_ANY_BRACKET = re.compile(r"(?<=[.!?…”’\"'»])\s*[(\[]([^()\[\]]{1,110})[)\]]")
_ROLE_PLACE = re.compile(
    r"(?<=[.!?…”\"’])\s*[-–—]\s?([A-Z][\w-]*(?:\s[a-z][\w-]*){0,3},\s[A-Z][\w-]+)"
)
_QUOTE_HEAD = words(
    """
    quote quotes quotation quotations verbatim verbatims excerpt excerpts extract extracts
    illustrative exemplar exemplars voices utterance utterances
    """
)
_ID_HEAD = words(
    """
    id participant participants pseudonym name alias speaker source respondent informant
    interviewee interview code identifier
    """
)
_NAME_HEAD = words("pseudonym pseudonyms name alias")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LABEL_ALONE = re.compile(r"\s*[-–—(\[]+\s?([A-Za-z][\w #.-]{0,24}?\d+[a-z]?)[)\]+–−-]*(?=\s|\Z)")
_AUTHORS = re.compile(
    r"\b(?:participants|respondents|informants|interviewees|themes?|this study|"
    r"we (?:found|identified|observed)|(?:nurses|women|patients|students|mothers) "
    r"(?:said|reported|described|felt|explained|expressed|mentioned|stated))\b"
)
_TURN_INSIDE = re.compile(
    r"(?:(?<=[.!?…”\"’\]] )|(?<=\A)|(?<=\n))\s*"
    r"[\[(]?([A-Za-z][\w#. -]{0,24}?)[\])]?\s*[:：]\s+(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A speaker's label: as printed, where, and as understood."""

    printed: str
    span: Span
    read: SpeakerLabel


@dataclass(slots=True)
class Candidate:
    """A quoted stretch with what stands around it."""

    block: int
    kind: SectionKind
    outer: Span
    inner: Span
    before: Span  # from the stretch or stop before it
    after: Span  # to the stretch after it, or the end of the block
    words: int
    label: Label | None = None
    direct: bool = False
    mostly: bool = False  # the stretch is most of its block
    attributed: bool = False
    in_table: bool = False
    said: bool = False


@dataclass(slots=True)
class Names:
    """How the paper names its people, as learnt from labels beside quotations."""

    prefixes: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    terms: set[str] = field(default_factory=set)  # words of headings and captions: no speech


def label_at(text: str, span: tuple[int, int]) -> Label | None:
    """The label printed at ``span``, if it is one of a person."""
    printed = text[span[0] : span[1]]
    read = parse_label(printed)
    if read is None:
        return None
    lead = len(printed) - len(printed.lstrip(" -–—"))
    stripped = printed.strip(" -–—.,;")
    start = span[0] + lead
    return Label(stripped, Span(start, start + len(stripped)), read)


def count(text: str, span: Span) -> int:
    """The number of words in ``span``."""
    return len(text[span.start : span.end].split())


def trim(text: str, span: Span) -> Span:
    """Without white space, quotation marks, and the punctuation of the sentence around."""
    start, end = span.start, span.end
    while start < end and text[start] in " \n\t“”\"‘’'«»„":
        start += 1
    while end > start and text[end - 1] in " \n\t“”\"’'«»,;":
        end -= 1
    return Span(start, end)


def share_labels(text: str, candidates: Sequence[Candidate]) -> None:
    """Two halves of one quotation ("...," he said, "...") share the label that one of them has."""
    for one, two in [*reversed(list(pairwise(candidates))), *pairwise(candidates)]:
        if one.block != two.block or (one.label is None) == (two.label is None):
            continue
        gap = text[one.outer.end : two.outer.start]
        if len(gap.split()) <= 8 and not re.search(r"[.!?;]\s", gap):
            one.label, two.label = (one.label or two.label), (two.label or one.label)


class Collector:
    """Walks the blocks of one document and collects candidates."""

    def __init__(self, document: Document, kinds: Sequence[SectionKind]) -> None:
        self.text = document.text
        self.blocks = document.blocks
        self.kinds = kinds
        self.names = Names()
        self.candidates: list[Candidate] = []
        self.asides: list[Span] = []  # an interviewer's turns

    def collect(self) -> None:
        """Collect candidates with the labels beside them, and learn the paper's names."""
        tables = _table_columns(self.text, self.blocks)
        for index, block in enumerate(self.blocks):
            if block.role in (Role.HEADING, Role.CAPTION, Role.TITLE):
                self.names.terms.add(key_of(self.text[block.span.start : block.span.end]))
            if self.kinds[index] in _NEVER:
                continue
            if block.role is Role.TABLE_ROW and block.table is not None:
                self._table_row(index, block, tables.get(block.table, _Columns()))
            elif block.role in _PROSE:
                self._prose(index, block)
        self._carry_over()
        for candidate in self.candidates:
            label = candidate.label
            if label is None or not candidate.direct:
                continue
            if label.read.telling is Telling.CODE:
                self.names.prefixes.add(label.read.prefix.lower())
            elif label.read.telling is Telling.NAME and label.read.prefix:
                self.names.names.add(label.read.prefix)

    def _prose(self, index: int, block: Block) -> None:
        span, kind = block.span, self.kinds[index]
        found = stretches(self.text, span.start, span.end)
        total = max(len(self.text[span.start : span.end].split()), 1)
        covered = sum(count(self.text, s.inner) for s in found)
        quote_block = block.role is Role.BLOCK_QUOTE
        if quote_block and covered < 0.6 * total:
            self._whole(index, span)
            return
        if covered < 0.4 * total and self._turn(index, block):
            return
        if not quote_block and covered == 0 and self._unmarked(index, block):
            return
        self._inline(index, kind, span, found, total)

    def _inline(
        self, index: int, kind: SectionKind, span: Span, found: Sequence[Stretch], total: int
    ) -> None:
        previous = span.start
        for number, stretch in enumerate(found):
            next_ = found[number + 1].outer.start if number + 1 < len(found) else span.end
            words = count(self.text, stretch.inner)
            candidate = Candidate(
                block=index,
                kind=kind,
                outer=stretch.outer,
                inner=trim(self.text, stretch.inner),
                before=Span(previous, stretch.outer.start),
                after=Span(stretch.outer.end, next_),
                words=words,
                mostly=words >= 0.6 * total,
            )
            self._beside(candidate, span.end)
            self.candidates.append(candidate)
            previous = stretch.outer.end

    def _beside(self, candidate: Candidate, end: int) -> None:
        """The label directly before or after, or after the words that say who spoke."""
        after = candidate.after
        for pattern, direct in ((_BRACKET, True), (_DASH, True), (_LATER_BRACKET, False)):
            hit = pattern.match(self.text, after.start, after.end)
            if hit is None:
                continue
            label = label_at(self.text, hit.span(1))
            if label is None:
                continue
            rest = self.text[hit.end() : after.end].strip(" .,;")
            if pattern is _DASH and label.read.telling is Telling.NAME and rest:
                continue
            said = self.text[after.start : hit.start(1)]
            told = ATTRIBUTION.search(said) or PEOPLE.search(said)
            if pattern is _LATER_BRACKET and (label.read.telling is Telling.NAME or not told):
                continue
            candidate.label, candidate.direct = label, direct
            return
        bare = _BARE.match(self.text, after.start, min(end, after.end))
        if bare is not None and after.end == end:
            label = label_at(self.text, bare.span(1))
            if label is not None and label.read.telling is Telling.CODE:
                candidate.label, candidate.direct = label, True
                return
        before = candidate.before
        near = max(before.start, before.end - 80)
        if self.text.find(":", near, before.end) < 0:
            return
        colon = _SPEAKER_COLON.search(self.text, near, before.end)
        if colon is not None:
            label = label_at(self.text, colon.span(1))
            if label is not None and label.read.telling is Telling.CODE:
                candidate.label, candidate.direct = label, True

    def _whole(self, index: int, span: Span) -> None:
        """A block that is a quotation by its format: one, or several with a label each."""
        text, at = self.text, span.start
        if self._dialogue(index, span):
            return
        for hit in _ANY_BRACKET.finditer(text, span.start, span.end):
            label = label_at(self.text, hit.span(1))
            if label is None or (label.read.telling is Telling.NAME and hit.end() < span.end - 2):
                continue
            self._piece(index, Span(at, hit.start()), label)
            at = hit.end()
        rest = Span(at, span.end)
        if len(text[rest.start : rest.end].strip(" .,;:")) == 0:
            return
        label, end = self._trailing(rest)
        self._piece(index, Span(rest.start, end), label)

    def _trailing(self, span: Span) -> tuple[Label | None, int]:
        """The label at the end of a block, and where the words before it end."""
        hit = _END_BRACKET.search(self.text, max(span.start, span.end - 130), span.end)
        if hit is not None:
            label = label_at(self.text, hit.span(1))
            if label is not None:
                return label, hit.start()
        for dash in reversed(
            list(
                re.finditer(
                    r"\s[-–—]{1,2}\s?|[—–]|(?<=[.!?…”\"’])-{1,2}", self.text[span.start : span.end]
                )
            )
        ):
            at = span.start + dash.end()
            if span.end - at > 90:
                break
            if not self.text[at : span.end].strip():
                continue  # a sign that belongs to the label: "C2-"
            label = label_at(self.text, (at, span.end))
            if label is not None and label.read.telling is not Telling.NAME:
                return label, span.start + dash.start()
            break
        return None, span.end

    def _piece(self, index: int, span: Span, label: Label | None) -> None:
        inner = trim(self.text, span)
        words = count(self.text, inner)
        if words == 0:
            return
        candidate = Candidate(
            block=index,
            kind=self.kinds[index],
            outer=inner,
            inner=inner,
            before=Span(inner.start, inner.start),
            after=Span(inner.end, inner.end),
            words=words,
            label=label,
            direct=label is not None,
            mostly=True,
        )
        if label is None:
            self._from_lead(candidate)
        self.candidates.append(candidate)

    def _from_lead(self, candidate: Candidate) -> None:
        """ "Nurse 4 put it so:" in the paragraph before a block quotation."""
        index = candidate.block - 1
        while index >= 0 and self.blocks[index].role in _ON_PAGES:
            index -= 1
        if index < 0 or self.blocks[index].role not in _PROSE:
            return
        lead = self.blocks[index].span
        if self.text[lead.start : lead.end].rstrip().endswith((":", ",")):
            candidate.before = Span(max(lead.start, lead.end - _LEAD), lead.end)

    def _dialogue(self, index: int, span: Span) -> bool:
        """Turns of speakers within one block; ``True`` when there were any."""
        text = self.text
        turns = [
            (hit.start(), hit.end(), name)
            for hit in _TURN_INSIDE.finditer(text, span.start, span.end)
            if (name := self._speaker(hit.span(1))) is not None
        ]
        if not turns or turns[0][0] > span.start + 2:
            return False
        for number, (_, start, name) in enumerate(turns):
            end = turns[number + 1][0] if number + 1 < len(turns) else span.end
            if isinstance(name, Label):
                self._piece(index, Span(start, end), name)
            else:
                self.asides.append(Span(start, end))
        return True

    def _speaker(self, span: tuple[int, int]) -> Label | str | None:
        """A participant's label, or the word for the interviewer, before a colon."""
        printed = self.text[span[0] : span[1]]
        label = label_at(self.text, span)
        if label is not None and label.read.telling is Telling.CODE:
            return label
        if _INTERVIEWER.fullmatch(printed.strip()):
            return printed
        return None

    def _turn(self, index: int, block: Block) -> bool:
        """A paragraph that is a speaker's turn ("P12: ..."), without quotation marks."""
        if self.kinds[index] not in OPEN | {_K.DISCUSSION}:
            return False
        hit = _TURN.match(self.text, block.span.start, block.span.end)
        if hit is None or self.text[hit.end()] in "“\"‘'«":
            return False
        speaker = self._speaker(hit.span(1))
        if speaker is None:
            return False
        interviewer = not isinstance(speaker, Label)
        if interviewer and not (len(hit.group(1)) >= 3 and self._turns_around(index)):
            return False
        return self._dialogue(index, block.span)

    def _turns_around(self, index: int) -> bool:
        """Whether a neighbouring block is a participant's turn."""
        for near in (index - 1, index + 1):
            if 0 <= near < len(self.blocks):
                span = self.blocks[near].span
                hit = _TURN.match(self.text, span.start, span.end)
                if hit is not None and isinstance(self._speaker(hit.span(1)), Label):
                    return True
        return False

    def _unmarked(self, index: int, block: Block) -> bool:
        """A paragraph that is a quotation whose indent and marks were lost in the file."""
        if self.kinds[index] not in OPEN or block.role is not Role.PARAGRAPH:
            return False
        span = block.span
        label, end = self._trailing(span)
        words = self.text[span.start : end]
        stop = words.rstrip()[-1:]
        speech = FIRST_PERSON.search(words) is not None
        authors = _AUTHORS.search(words) is not None
        if label is None or label.read.telling is Telling.NAME or authors:
            return False
        after_stop = stop in ".!?…"
        coded = speech and label.read.telling is Telling.CODE
        if len(words.split()) < 4 or not (after_stop or coded):
            return False
        self._piece(index, Span(span.start, end), label)
        return True

    def _table_row(self, index: int, block: Block, columns: _Columns) -> None:
        if block.header or block.span == columns.head:
            return
        cells = block.cells or (block.span,)
        label = None
        for number in columns.identity:
            if number < len(cells):
                label = label_at(self.text, (cells[number].start, cells[number].end)) or label
                name = self.text[cells[number].start : cells[number].end].strip()
                if number in columns.names and re.fullmatch(r"[A-Z][a-zà-ÿ’'-]{2,}", name):
                    self.names.names.add(name)
        for number, cell in enumerate(cells):
            if number in columns.identity and number not in columns.quotes:
                continue
            self._cell(index, cell, label, number in columns.quotes)

    def _cell(self, index: int, cell: Span, label: Label | None, column: bool) -> None:
        total = count(self.text, cell)
        if total < 4:
            return
        first = len(self.candidates)
        found = stretches(self.text, cell.start, cell.end)
        covered = sum(count(self.text, s.inner) for s in found)
        if found and (not column or covered >= 0.4 * total):
            self._inline(index, self.kinds[index], cell, found, total)
        elif column:
            self._whole(index, cell)
        elif not found:
            self._labelled_pieces(index, cell)
        for candidate in self.candidates[first:]:
            candidate.in_table = True
            candidate.mostly = covered >= 0.6 * total or not found
            if candidate.label is None and label is not None:
                candidate.label, candidate.direct = label, False
            candidate.said = column and candidate.words >= 3

    def _labelled_pieces(self, index: int, cell: Span) -> None:
        """A cell without marks, in which statement after statement ends "- Nurse, Hill Town"."""
        hits = [
            (hit, label)
            for hit in _ROLE_PLACE.finditer(self.text, cell.start, cell.end)
            if (label := label_at(self.text, hit.span(1))) is not None
            and label.read.telling is not Telling.NAME
        ]
        if len(hits) < 2:
            return
        at = cell.start
        for hit, label in hits:
            self._piece(index, Span(at, hit.start()), label)
            at = hit.end()

    def _carry_over(self) -> None:
        """Labels that a page or column break put into the block after the quotation."""
        for number, candidate in enumerate(self.candidates):
            if candidate.label is not None or not candidate.mostly or candidate.in_table:
                continue
            block = self.blocks[candidate.block].span
            if block.end - candidate.outer.end > 3 or candidate.block + 1 >= len(self.blocks):
                continue
            following = self.blocks[candidate.block + 1].span
            hit = _LABEL_ALONE.match(self.text, following.start, following.end)
            if hit is not None:
                label = label_at(self.text, hit.span(1))
                if label is not None and label.read.telling is Telling.CODE:
                    candidate.label, candidate.direct = label, True
                    continue
            later = self.candidates[number + 1] if number + 1 < len(self.candidates) else None
            adjoining = later is not None and later.block == candidate.block + 1
            if later is not None and adjoining and self._goes_on(candidate, later):
                candidate.label = later.label

    def _goes_on(self, one: Candidate, two: Candidate) -> bool:
        """Whether a quotation opened in ``one`` is closed in ``two``."""
        first = self.text[self.blocks[one.block].span.start : one.outer.end]
        second = self.text[self.blocks[two.block].span.start : self.blocks[two.block].span.end]
        opened = first.count("“") > first.count("”")
        return opened and second.count("”") > second.count("“")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns of a table by number: quotations, who spoke, and pseudonyms."""

    quotes: frozenset[int] = frozenset()
    identity: frozenset[int] = frozenset()
    names: frozenset[int] = frozenset()
    head: Span | None = None  # the row that named them


def _table_columns(text: str, blocks: Sequence[Block]) -> dict[int, _Columns]:
    """What the heading rows of the tables say of their columns."""
    tables: dict[int, _Columns] = {}
    for block in blocks:
        if block.role is not Role.TABLE_ROW or block.table is None or block.table in tables:
            continue
        heads = [
            frozenset(normal(w) for w in _WORD.findall(text[c.start : c.end])) for c in block.cells
        ]
        tables[block.table] = _Columns(
            frozenset(i for i, h in enumerate(heads) if h & _QUOTE_HEAD),
            frozenset(
                i
                for i, h in enumerate(heads)
                if h & _ID_HEAD and len(h) <= 3 and not h & _QUOTE_HEAD
            ),
            frozenset(i for i, h in enumerate(heads) if h & _NAME_HEAD and len(h) <= 2),
            block.span if any(h & (_QUOTE_HEAD | _ID_HEAD) for h in heads) else None,
        )
    return tables


def key_of(text: str) -> str:
    """The words of a heading or of a stretch, for comparison."""
    words = [normal(w) for w in _WORD.findall(text)]
    while words and (words[0].isdigit() or words[0] in {"theme", "category", "subtheme"}):
        words = words[1:]
    return " ".join(words)
