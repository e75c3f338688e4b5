"""Every type that flows through coreqcheck: frozen, slotted, and importing nothing of ours.

Offsets are code points of ``Document.text``. A ``Span`` is half open: ``text[start:end]``.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How a manuscript answers an item; ``not-applicable`` only ever comes from a person."""

    REPORTED = "reported"
    PARTIAL = "partial"
    DECLARED = "declared"
    ABSENT = "absent"
    NOT_APPLICABLE = "not-applicable"


class Severity(StrEnum):
    """How much a finding or an unanswered item weighs, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Voice(StrEnum):
    """Who speaks in a sentence: this study's authors, a participant, or other people's work."""

    AUTHOR = "author"
    PARTICIPANT = "participant"
    CITED = "cited"


class Stance(StrEnum):
    """What a statement says of a practice: that it was done, or that it was not."""

    DONE = "done"
    DENIED = "denied"


class Role(StrEnum):
    """What a block of a document is. Nothing is dropped; some roles are not searched."""

    TITLE = "title"
    BYLINE = "byline"
    AFFILIATION = "affiliation"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list-item"
    BLOCK_QUOTE = "block-quote"
    TABLE_ROW = "table-row"
    CAPTION = "caption"
    TABLE_NOTE = "table-note"
    FOOTNOTE = "footnote"
    REFERENCE = "reference"
    METADATA = "metadata"  # keywords, dates of receipt, correspondence, licence
    FURNITURE = "furniture"  # running heads, footers, page numbers
    LINE_NUMBER = "line-number"
    WATERMARK = "watermark"
    COVER = "cover"  # a repository's or publisher's page before the title
    CHECKLIST = "checklist"  # a completed reporting checklist inside the file
    CODE = "code"
    SUPPLEMENT = "supplement"  # label of supplementary material


UNSEARCHED = frozenset(
    {
        Role.REFERENCE,
        Role.FURNITURE,
        Role.LINE_NUMBER,
        Role.WATERMARK,
        Role.COVER,
        Role.CHECKLIST,
        Role.CODE,
    }
)
"""Roles whose text is kept and shown but is never evidence."""


class SectionKind(StrEnum):
    """What a section is about, whatever its heading says."""

    FRONT = "front"  # title, by-line, affiliations: everything before the abstract
    ABSTRACT = "abstract"
    INTRODUCTION = "introduction"
    METHODS = "methods"
    RESULTS = "results"
    DISCUSSION = "discussion"
    LIMITATIONS = "limitations"
    CONCLUSION = "conclusion"
    CONTRIBUTORS = "contributors"
    ETHICS = "ethics"
    FUNDING = "funding"
    INTERESTS = "interests"
    ACKNOWLEDGEMENTS = "acknowledgements"
    DECLARATIONS = "declarations"  # data availability, abbreviations, other back matter
    REFERENCES = "references"
    APPENDIX = "appendix"
    CHECKLIST = "checklist"
    OTHER = "other"  # a heading that is not recognised and has no recognised parent


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points in ``Document.text``."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """True when the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """True when ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the top left corner. ``page`` counts from 1."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a run of text stands in its source; a reader fills what its format knows.

    ``page`` and ``line`` count from 1, ``paragraph`` and ``run`` from 0 in document order.
    ``part`` names the file (LaTeX input, Quarto include, second file of a submission) or the
    package part (``word/footnotes.xml``); ``path`` is an element path. ``column`` is that of the
    run's first character, from 1. ``offset`` is the position of the run's first character in
    the text of that source unit (run, element, or file).
    """

    page: int | None = None
    printed_page: str | None = None
    line: int | None = None
    column: int | None = None
    paragraph: int | None = None
    run: int | None = None
    part: str | None = None
    path: str | None = None
    offset: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """``text[start:end]`` comes, character by character, from ``origin``.

    ``repair`` names what the reader did when source and text differ here (``hyphen-joined``,
    ``ligature``, ``entity``, ``space``); ``None`` means that they are equal.
    """

    start: int
    end: int
    origin: Origin
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class SourceMap:
    """Segments in text order, without overlap; gaps are separators that the reader added."""

    segments: tuple[Segment, ...] = ()
    _starts: tuple[int, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(s.start for s in self.segments))

    def within(self, span: Span) -> tuple[Segment, ...]:
        """The segments that share a character with ``span``, in order."""
        first = max(bisect_right(self._starts, span.start) - 1, 0)
        found = []
        for segment in self.segments[first:]:
            if segment.start >= span.end:
                break
            if segment.end > span.start:
                found.append(segment)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span stands, for people and programs. Unknown parts are ``None``."""

    page: int | None = None
    printed_page: str | None = None
    line: int | None = None
    column: int | None = None
    paragraph: int | None = None
    section: str | None = None
    boxes: tuple[Box, ...] = ()
    file: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, table row, caption ...: the unit that readers hand over.

    ``level`` is the depth of a heading (1 is the highest; 0: not a heading). ``table`` numbers
    tables in document order from 0; ``cells`` are the spans of a row's cells, ``header`` marks a
    heading row. ``style`` is free text of the reader's (``Heading 2``, ``disp-quote``).
    """

    span: Span
    role: Role
    level: int = 0
    style: str | None = None
    table: int | None = None
    cells: tuple[Span, ...] = ()
    header: bool = False


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something that a reader or a later stage wants to say about its own work.

    ``level`` is ``note`` or ``warning``; ``code`` is stable (``pdf.two-columns``).
    """

    code: str
    level: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """One name of the by-line. ``degrees`` as printed; ``initials`` in capitals, without stops."""

    name: str
    surname: str
    initials: str
    degrees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the source: Word's and ODT's, ``<!-- -->`` of Markdown, ``%`` of LaTeX.

    ``line`` counts from 1; ``file`` names the file when it is another than the manuscript's.
    """

    text: str
    line: int | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Meta:
    """What the source says about itself. ``language`` is an ISO 639-1 code or ``None``."""

    title: str | None = None
    authors: tuple[Author, ...] = ()
    language: str | None = None
    article_type: str | None = None
    pages: int | None = None
    tracked_changes: int = 0
    comments: tuple[Comment, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A manuscript as its reader leaves it: text, labelled blocks, and the way back.

    ``citations`` are the reference marks that the format itself shows (superscripts, cross
    references, citation fields, ``[@key]``); marks in plain text are found later.
    """

    path: str
    format: str
    text: str
    blocks: tuple[Block, ...]
    source_map: SourceMap
    sha256: str
    meta: Meta = Meta()
    diagnostics: tuple[Diagnostic, ...] = ()
    citations: tuple[Span, ...] = ()

    def place(self, span: Span) -> Place:
        """Where ``span`` stands in the source (its section is filled by ``Manuscript.place``)."""
        segments = self.source_map.within(span)
        if not segments:
            return Place()
        first, origin = segments[0], segments[0].origin
        shift = max(span.start - first.start, 0)
        column = origin.column + shift if origin.column is not None else None
        return Place(
            page=origin.page,
            printed_page=origin.printed_page,
            line=origin.line,
            column=column,
            paragraph=origin.paragraph,
            boxes=tuple(s.origin.box for s in segments if s.origin.box is not None),
            file=origin.part,
            anchor=origin.path,
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the document under one heading. ``parent`` indexes ``Manuscript.sections``.

    ``kind`` is inherited from the parent where the heading itself says nothing. ``heading`` is
    the block index of the heading, ``None`` for text before the first one.
    """

    kind: SectionKind
    title: str
    span: Span
    depth: int
    parent: int | None = None
    heading: int | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Number:
    """A number in digits or words over words ``first..last`` (inclusive) of a sentence.

    ``low == high`` unless it is a range ("45-60"). ``percent`` when a per cent sign follows.
    """

    first: int
    last: int
    low: float
    high: float
    percent: bool = False
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, heading, list item or table row.

    ``words`` are what phrases are compared with (lower case, spelling variants made equal);
    word ``i`` is ``text[starts[i]:ends[i]]``. ``quoted`` are the stretches inside it that a participant says or that are quoted words;
    ``voice`` is the voice of the rest. ``citation`` tells that a reference mark stands in it.
    """

    index: int
    span: Span
    section: int
    block: int
    role: Role
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    numbers: tuple[Number, ...] = ()
    voice: Voice = Voice.AUTHOR
    quoted: tuple[Span, ...] = ()
    citation: bool = False


@dataclass(frozen=True, slots=True)
class Quotation:
    """A participant's words, with the label that identifies who spoke, if there is one.

    ``identifier`` is normalised ("P7", "FG2-N4", "Nurse 4", "Brian"); ``label`` is as printed.
    ``attributes`` are what else the label says ("female", "34"). ``block`` is where it stands.
    """

    span: Span
    block: int
    section: int
    label: str | None = None
    label_span: Span | None = None
    identifier: str | None = None
    attributes: tuple[str, ...] = ()
    in_table: bool = False


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A document with its sections, sentences, and voices: all that rules look at."""

    document: Document
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    quotations: tuple[Quotation, ...]
    authors: tuple[Author, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def text(self) -> str:
        """The document's whole text."""
        return self.document.text

    def quote(self, span: Span) -> str:
        """The text of ``span`` on one line."""
        return " ".join(self.document.text[span.start : span.end].split())

    def kind(self, sentence: Sentence) -> SectionKind:
        """The kind of the section that ``sentence`` stands in."""
        return self.sections[sentence.section].kind

    def section_at(self, offset: int) -> Section | None:
        """The innermost section that holds ``offset``."""
        found = None
        for section in self.sections:
            if section.span.start <= offset < section.span.end:
                found = section
        return found

    def place(self, span: Span) -> Place:
        """Where ``span`` stands, its section's title included."""
        from dataclasses import replace

        section = self.section_at(span.start)
        return replace(self.document.place(span), section=section.title if section else None)


@dataclass(frozen=True, slots=True)
class ChecklistAnswer:
    """What a completed checklist says of one item.

    ``text`` is the answer alone, without the item's name and question; ``pages`` are the page
    numbers in it; ``span`` is the whole row or entry. ``stance`` is ``denied`` for "No", "not
    done", "none"; ``None`` when the answer is blank or only "not applicable".
    """

    item: int
    text: str
    span: Span
    pages: tuple[int, ...] = ()
    stance: Stance | None = None
    not_applicable: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """A completed COREQ checklist that came with a manuscript: a claim about it.

    ``items_said`` is the number of items that its heading names; ``manuscript_title`` the title
    of the manuscript that it says it belongs to. ``in_table`` tells that rows were read as such.
    """

    span: Span
    answers: tuple[ChecklistAnswer, ...]
    manuscript_title: str | None = None
    manuscript_title_span: Span | None = None
    items_said: int | None = None
    items_said_span: Span | None = None
    in_table: bool = False

    def answer(self, item: int) -> ChecklistAnswer | None:
        """The answer to an item, if the checklist has it."""
        return next((a for a in self.answers if a.item == item), None)


class Verdict(StrEnum):
    """What kind of document this is, as far as COREQ is concerned."""

    INTERVIEW = "interview-or-focus-group"
    UNCERTAIN = "uncertain"
    ABSTRACT_ONLY = "abstract-only"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Applicability:
    """Whether COREQ speaks to this document, and why we think so.

    ``qualitative`` is true for what has no interviews but looks like a qualitative study.
    """

    verdict: Verdict
    why: str
    qualitative: bool = False


@dataclass(frozen=True, slots=True)
class Guideline:
    """A reporting guideline. ``key`` names the folder of its rules.

    ``prefix`` stands before the numbers of its items ("S" in "S6"), ``about`` says what it is in
    a letter. ``any_qualitative`` is true when it speaks to every qualitative study, false when
    only to interviews and focus groups.
    """

    key: str = "coreq"
    name: str = "COREQ"
    prefix: str = ""
    about: str = "the reporting checklist for interviews and focus groups"
    any_qualitative: bool = False


COREQ = Guideline()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of text on which a verdict rests: ``part`` of ``item``, found by ``phrase``.

    ``span`` is what is quoted (a sentence or a table row, eighty words at most); ``match`` is
    what the phrase itself covered. In ``seen`` labelled manuscripts that held evidence of this part
    it was right ``right`` times; ``seen`` is 0 when that was not measured.
    """

    item: int
    part: str
    phrase: str
    span: Span
    match: Span
    stance: Stance
    confidence: float
    guideline: str = "coreq"
    right: int = 0
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """An author's word on an item, or that a finding is in order. The reason is never empty.

    ``item`` (of ``guideline``, or of the one whose items have ``prefix``; when both are "", of the
    first that is checked) with ``level``, or ``check``, of
    which only findings whose sentences hold ``quote`` are meant when it is given. ``where`` names
    the place where it was said ("coreqcheck.toml:12"). ``manuscript`` is the path of the only
    manuscript that is meant, as an absolute path; "" means every one.
    """

    reason: str
    where: str
    item: int | None = None
    level: Level | None = None
    check: str | None = None
    guideline: str = ""
    quote: str = ""
    manuscript: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdict on one item. ``missing`` names each part that was not located.

    ``domain``, ``asks`` and ``example`` come from the item's rule: where it belongs, its question
    in our words, and a sentence as an author might write it. ``answer`` is the author's word, to
    which ``level`` then owes itself. ``set_aside`` says why the item does not count (left out by
    a configuration, known from a baseline); "" when it does. ``prefix`` is the guideline's.
    """

    item: int
    name: str
    level: Level
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    advice: str = ""
    judgement: bool = False
    decided: bool = True
    guideline: str = "coreq"
    severity: Severity | None = None
    note: str = ""
    domain: str = ""
    asks: str = ""
    example: str = ""
    where: str = ""
    answer: Answer | None = None
    set_aside: str = ""
    prefix: str = ""

    @property
    def label(self) -> str:
        """The item as people name it: "13", "S6"."""
        return f"{self.prefix}{self.item}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A typed fact that the manuscript states about itself.

    ``subject`` is a dotted name ("people.declined", "participant-checking"); ``value`` is a
    number, a pair for a range, or a word; ``scope`` narrows it ("pilot", "nurses", "site:A");
    the empty scope is the main study. ``span`` is what is quoted. ``source`` is ``manuscript`` or
    ``checklist`` (what a completed checklist says of the manuscript).
    """

    subject: str
    value: float | str | tuple[float, float] | None
    polarity: Stance
    scope: str
    span: Span
    sentence: int
    hedged: bool = False
    source: str = "manuscript"


@dataclass(frozen=True, slots=True)
class FindingPlace:
    """One side of a contradiction; ``source`` tells a checklist row from the manuscript."""

    span: Span
    quote: str
    source: str = "manuscript"


@dataclass(frozen=True, slots=True)
class Finding:
    """Two or more statements that cannot both hold, or that an editor would ask about.

    ``answer`` and ``set_aside`` are as in ``Assessment``.
    """

    check: str
    kind: str
    severity: Severity
    message: str
    places: tuple[FindingPlace, ...]
    advice: str = ""
    innocent: tuple[str, ...] = ()
    answer: Answer | None = None
    set_aside: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All that coreqcheck has to say about one manuscript.

    ``error`` is a (code, message) pair when the file could not be read; then there is no
    manuscript and there are no items. ``set_aside`` are the findings that do not count: accepted
    by the author, or known from a baseline. ``guidelines`` are those of the items, in order.
    """

    path: str
    manuscript: Manuscript | None
    applicability: Applicability | None
    assessments: tuple[Assessment, ...] = ()
    findings: tuple[Finding, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    rules_digest: str = ""
    error: tuple[str, str] | None = None
    set_aside: tuple[Finding, ...] = ()
    guidelines: tuple[Guideline, ...] = (COREQ,)
