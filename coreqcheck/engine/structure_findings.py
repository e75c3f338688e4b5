"""What the shape of the findings shows: themes, sub-themes, their backing, tables of codes.

Themes are the headings under the results, less those that speak of the sample or of another method.
Where there are none, an announced list ("three themes: ...") or a table may name them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from coreqcheck.engine.detectors import Found, detector
from coreqcheck.engine.index import Index
from coreqcheck.engine.structure_quotations import quotations_of
from coreqcheck.model import (
    UNSEARCHED,
    Block,
    Manuscript,
    Role,
    Section,
    SectionKind,
    Sentence,
    Span,
)

_SHOWN = 8
_LEADS_OVER = 60  # words below which a section without data presents no theme of its own
_LONGEST = 72
_TABLE_OF_QUOTATIONS = 3
"""Quotations in tables from which a theme without one of its own counts as backed by the table."""

# Headings among the results that name no theme.
_NO_THEME = re.compile(
    r"""(?:the\s|our\s)?(?:
      (?:study\s)?(?:participants?|respondents?|informants?|interviewees?|subjects?|sample|samples
      |interviews|survey|focus\s?groups?|
         patients?|recruitment|population|cohort|demographics?|socio-?demographics?
         |characteristics|quotations?|quotes)
         (?:[’']s?)?(?:\s(?:and\s)?(?:study|sample|socio-?demographic|demographic|baseline
         |clinical|general|background)?\s?
         (?:characteristics|profiles?|demographics?|descriptions?|information|data|composition
         |features|details|results|findings|setting|size))?
      |(?:socio-?demographic|demographic|baseline|general|background|personal|clinical
      |individual)\b.{0,40}
      |(?:characteristics|descriptions?|profiles?|overview|details|features|composition
      |backgrounds?)\sof\s.{0,30}(?:participants?|respondents?|sample|interviewees?|informants?
      |population|subjects|patients|women|nurses|groups?|stud(?:y|ies)|students|mothers|carers
      |caregivers|sites?|settings?|data).{0,40}
      |participants?\sand\s(?:setting|data|sample).*|sample\s(?:and|description).*
      |who\s(?:took\spart|participated|we\sinterviewed).*
      |overview|introduction|summary(?:\sof\s.*)?|response\srates?|recruitment.*
      |(?:study\s)?settings?(?:\sand\s.*)?|context|integration.*|synthesis|meta-?inferences?
      |(?:quantitative|survey|questionnaire|statistical|descriptive|multivaria\w+|univaria\w+
      |regression|baseline|primary\soutcome|quality\sof\slife)\b.{0,60}
      |study\s\d.*|(?:first|second|third)?\s?(?:phase|stage|round)\b.*|tables?\b.*|figures?\b.*
      |box\b.*|charts?\b.*|notes?|legend|abbreviations?.*
      |data\s(?:collection|saturation|availability|analysis).*|saturation|trustworthiness|rigou?r
      |(?:strengths\sand\s)?limitations.*|reflexivity|discussion.*|conclusions?|ethic\w*.*
      |key\s(?:statements|points|messages)|funding|acknowledge?ments?|keywords?|references
      |interpretation|comment|implications.*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# Headings that only hold the themes.
_WRAPPER = re.compile(
    r"(?:the\s|our\s|main\s|key\s|major\s|emerging\s|emergent\s|identified\s|overall\s"
    r"|overarching\s|central\s|core\s)*"
    r"(?:qualitative|thematic|interview|focus\s?group|phenomenological|narrative)?\s?"
    r"(?:themes?(?:\sand\ssub-?themes?)?|categories(?:\sand\ssub-?categories)?|results?"
    r"|findings?|analysis|results?\sof\sthe\s.{0,30}|findings?\s(?:from|of)\s.{0,40}|"
    r"interviews|experiences?|data|strand|arm|part|phase|component)(?:\sfindings"
    r"|\sresults)?(?:\s\(.*\))?",
    re.IGNORECASE,
)
_MINOR = re.compile(
    r"\b(?:minor|secondary|additional|other|sub-?)\s?(?:themes?|categor(?:y|ies)|topics"
    r"|findings)\b",
    re.IGNORECASE,
)
_NUMBERING = re.compile(
    r"\A\s*(?:(?:theme|category|sub-?theme|sub-?category|section|topic|domain"
    r"|dimension)?\s*(?:\d{1,2}(?:\.\d{1,2})*|[ivx]{1,4}|[a-z])\s?[.):–-]\s*"
    r"|\d{1,2}(?:\.\d{1,2})*\.?\s+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Themes:
    """Sections that are themes, and those beneath them, as places in ``Manuscript.sections``."""

    major: tuple[int, ...]
    minor: tuple[int, ...]


def themes_of(manuscript: Manuscript) -> Themes:
    """The headings under the results that name themes, and those beneath them."""
    sections = manuscript.sections
    beneath: dict[int, list[int]] = {}
    roots: list[int] = []
    for place, section in enumerate(sections):
        if section.kind is not SectionKind.RESULTS:
            continue
        parent = section.parent
        if parent is None or sections[parent].kind is not SectionKind.RESULTS:
            roots.append(place)
        else:
            beneath.setdefault(parent, []).append(place)
    if not roots:
        return _themes_anywhere(manuscript)
    major: list[int] = []
    for number, root in enumerate(roots):
        found = _unwrapped(sections, beneath, root)
        if not found and number and _is_theme(sections[root]):
            found = [root]
        major += found
    minor = [
        child
        for theme in major
        for child in beneath.get(theme, ())
        if not _left_out(sections[child])
    ]
    return Themes(tuple(major), tuple(minor))


def _themes_anywhere(manuscript: Manuscript) -> Themes:
    """Sections with quotations, where no section was recognised as the results."""
    held = {q.section for q in manuscript.quotations}
    places = [
        place
        for place, section in enumerate(manuscript.sections)
        if place in held and section.kind is SectionKind.OTHER and _is_theme(section)
    ]
    top = min((manuscript.sections[p].depth for p in places), default=0)
    major = tuple(p for p in places if manuscript.sections[p].depth == top)
    return Themes(major, tuple(p for p in places if p not in major))


def _unwrapped(sections: Sequence[Section], beneath: dict[int, list[int]], place: int) -> list[int]:
    """The themes under a heading, one level further down where a heading only holds them."""
    found: list[int] = []
    children = [c for c in beneath.get(place, ()) if not _left_out(sections[c])]
    for child in children:
        inner = [c for c in beneath.get(child, ()) if not _left_out(sections[c])]
        wraps = len(inner) > 1 and (len(children) == 1 or _is_wrapper(sections[child]))
        found += _unwrapped(sections, beneath, child) if wraps else [child]
    return [f for f in found if _is_theme(sections[f])]


def _plain(section: Section) -> str:
    return _NUMBERING.sub("", section.title, count=1).strip(" .:–-")


def _left_out(section: Section) -> bool:
    plain = _plain(section)
    return not plain or _NO_THEME.fullmatch(plain) is not None


def _is_wrapper(section: Section) -> bool:
    return _WRAPPER.fullmatch(_plain(section)) is not None


def _is_theme(section: Section) -> bool:
    return section.heading is not None and not _left_out(section) and not _is_wrapper(section)


# --- themes: named one by one, backed -----------------------------------------------------------------


@detector("theme-headings")
def theme_headings(index: Index) -> Iterable[Found]:
    """The headings of themes, when there are two or more."""
    themes = themes_of(index.manuscript)
    if len(themes.major) > 1:
        yield from _headings(index.manuscript, themes.major)


@detector("sub-theme-headings")
def sub_theme_headings(index: Index) -> Iterable[Found]:
    """Headings beneath those of themes, when there are two or more; a heading of minor themes."""
    manuscript = index.manuscript
    themes = themes_of(manuscript)
    if len(themes.minor) > 1:
        yield from _headings(manuscript, themes.minor)
    for place, section in enumerate(manuscript.sections):
        if section.kind is SectionKind.RESULTS and _MINOR.search(section.title):
            yield from _headings(manuscript, (place,))


def _headings(manuscript: Manuscript, places: Iterable[int]) -> Iterator[Found]:
    for place in list(places)[:_SHOWN]:
        heading = manuscript.sections[place].heading
        if heading is not None:
            block = manuscript.document.blocks[heading]
            span = _first_words(manuscript.text, block.span, manuscript.sections[place].title)
            yield Found(span, confidence=0.92)


def _first_words(text: str, span: Span, title: str) -> Span:
    """The heading's block; of a run-in heading, its title only."""
    if len(text[span.start : span.end].split()) <= _LONGEST // 3:
        return span
    return Span(span.start, min(span.start + max(len(title), 1), span.end))


@detector("themes-backed")
def themes_backed(index: Index) -> Iterable[Found]:
    """Quotations or other data, when each theme has some."""
    backing = _backing(index)
    if backing.all_backed:
        yield from backing.shown()


@detector("some-themes-backed")
def some_themes_backed(index: Index) -> Iterable[Found]:
    """Quotations or other data, when there are any."""
    yield from _backing(index).shown()


@dataclass(frozen=True, slots=True)
class _Backing:
    """What backs the themes: one stretch of data for each, and whether none goes without."""

    data: tuple[Span, ...]
    all_backed: bool

    def shown(self) -> Iterator[Found]:
        for span in self.data[:_SHOWN]:
            yield Found(span, confidence=0.88)


def _backing(index: Index) -> _Backing:
    manuscript = index.manuscript
    said = [s for s in quotations_of(index) if s.words >= 4 or s.named]
    places = [s.span for s in said]
    themes = [manuscript.sections[m] for m in themes_of(manuscript).major]
    in_tables = sum(s.in_table for s in said) >= _TABLE_OF_QUOTATIONS
    first: list[Span] = []
    bare = 0
    for theme in themes:
        within = [p for p in places if theme.span.start <= p.start < theme.span.end]
        data = within or _data_in(index, theme.span)
        first += data[:1]
        bare += (
            not data
            and not in_tables
            and not (theme is themes[0] and _leads_over(manuscript, themes))
        )
    seen = [*first, *(p for p in places if p not in first)] or _data_in(index, None)
    return _Backing(tuple(seen), bool(seen) and bare == 0 and (bool(themes) or len(seen) > 2))


def _leads_over(manuscript: Manuscript, themes: Sequence[Section]) -> bool:
    """Whether the first of several sections is only a sentence or two that open the findings."""
    first = manuscript.text[themes[0].span.start : themes[0].span.end]
    return len(themes) > 2 and len(first.split()) < _LEADS_OVER


_COUNTED = re.compile(
    r"\d\s?%|\(\s?n\s?=\s?\d|\bn\s?=\s?\d|\b(?:\d{1,3}|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve|half|all|most) "
    r"(?:of (?:the )?)?(?:participants|respondents|interviewees|informants|women|men|nurses"
    r"|patients|mothers|students|parents|carers|groups)\b",
    re.IGNORECASE,
)
_CHARACTERISTICS = re.compile(
    r"\b(?:characteristics?|demographic\w*|participants?|sample|profile|respondents"
    r"|interviewees|composition|background)\b",
    re.IGNORECASE,
)


def _data_in(index: Index, span: Span | None) -> list[Span]:
    """Rows of tables and counted statements in a section; in all results for ``None``."""
    manuscript = index.manuscript
    blocks = manuscript.document.blocks
    sample = _sample_tables(manuscript)
    found: list[Span] = []
    for sentence in index.sentences:
        kind = manuscript.kind(sentence)
        inside = span.contains(sentence.span) if span else kind is SectionKind.RESULTS
        if not inside or sentence.role in UNSEARCHED:
            continue
        row = sentence.role is Role.TABLE_ROW and blocks[sentence.block].table not in sample
        if row or (sentence.numbers and _COUNTED.search(manuscript.quote(sentence.span))):
            found.append(_cut(manuscript.text, sentence.span))
    return found


def _sample_tables(manuscript: Manuscript) -> set[int]:
    return {
        block.table
        for block in manuscript.document.blocks
        if block.role is Role.CAPTION
        and block.table is not None
        and _CHARACTERISTICS.search(manuscript.quote(block.span))
    }


def _cut(text: str, span: Span) -> Span:
    """``span``, or its first words, as many as a report may quote."""
    hits = list(re.finditer(r"\S+", text[span.start : span.end]))
    if len(hits) <= _LONGEST:
        return span
    return Span(span.start, span.start + hits[_LONGEST - 1].end())


# --- announced lists -------------------------------------------------------------------------------

_COUNT = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})"
_KINDS = r"(?:themes?|sub-?themes?|categor(?:y|ies)|sub-?categor(?:y|ies)|propositions|storylines)"
# Words for themes that are also words for anything: the sentence must say that they were found.
_LOOSE_KINDS = (
    r"(?:topics|domains|dimensions|patterns|clusters|concepts|types|codes|factors|issues"
    r"|areas|barriers|facilitators|needs|strategies|"
    r"meanings|elements|stages|narratives|constructs|findings|roles|processes|phases"
    r"|threats|challenges|experiences|attributes)"
)
_FOUND = r"(?:identified|emerged|emerge|found|derived|developed|generated|arose|constructed|established|abstracted|extracted|described|reported|revealed|called)"
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
_SUB_KIND = re.compile(
    r"\bsub-?\s?(?:themes?|categor(?:y|ies)|codes?|dimensions?|topics|domains|concepts|clusters)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"[:—–]|\(\s?(?:1|i|a)\s?\)|\b(?:1|i|a)\)|\bnamely\b|\bincluding\b|\bincluded\b"
    r"|\bsuch as\b|\bas follows\b|\bi\.e\.|\b(?:were|are|was|is|titled|labelled|named"
    r"|called|comprising|comprised|comprises|consist\w* of)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(
    r"\s*(?:;|,|\band\b|\(\s?(?:\d|[ivx]{1,4}|[a-h])\s?\)|\b(?:\d|[ivx]{1,4}|[a-h])\))\s*",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[A-Za-z]{3,}")
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
            yield Found(_cut(manuscript.text, sentence.span), confidence=0.86 if prefers else 0.8)


_GUIDE = re.compile(
    r"\b(?:guide|questions?|asked|inclusion|criteria|literature|previous|questionnaire"
    r"|survey|model|framework|theory|domains of)\b",
    re.IGNORECASE,
)


def _lists(manuscript: Manuscript, sentence: Sentence, sub: bool) -> bool:
    text = manuscript.quote(sentence.span)
    hit = _ANNOUNCED.search(text)
    if hit is None:
        return False
    if manuscript.kind(sentence) is SectionKind.METHODS and not _WAS_FOUND.search(text):
        return False
    kinds = _SUB_KIND if sub else _MAJOR_KIND
    if kinds.search(text) is None or (
        not sub and manuscript.kind(sentence) is SectionKind.METHODS and _GUIDE.search(text)
    ):
        return False
    after = text[hit.end() :] if not sub else text[_SUB_KIND.search(text).end() :]  # type: ignore[union-attr]
    opens = _LISTED.search(after)
    if opens is None and not text[hit.start() : hit.end()].lower().endswith(
        ("were", "are", "included", "comprised", "namely")
    ):
        return False
    if _ELSEWHERE.search(after):
        return False
    items = [i for i in _ITEM.split(after[opens.end() if opens else 0 :]) if _LETTERS.search(i)]
    return len(items) >= 2 and any(mark in after for mark in (",", ";", "(", " and ", ":"))


# --- tables and figures of themes and codes -----------------------------------------------------------

_THEME_CELL = re.compile(
    r"(?:.{0,30}\b)?(?:themes?|categor(?:y|ies)|domains?|dimensions?|constructs?|topics?"
    r"|concepts?|factors?|clusters?|core category|propositions?)(?:\b.{0,25})?",
    re.IGNORECASE,
)
_SUB_CELL = re.compile(
    r".*\b(?:sub-?\s?(?:themes?|categor(?:y|ies)|dimensions?|codes?|topics?|domains?"
    r"|constructs?|factors?)|minor themes?|second(?:ary)? (?:themes?|categories)"
    r"|lower[- ]order .*|second[- ]order .*)\b.*",
    re.IGNORECASE,
)
_CODE_CELL = re.compile(
    r"(?:.{0,40}\b)?(?:codes?|codings|code names?|meaning units?"
    r"|condensed (?:meaning )?units?|nodes?|open codes?|axial codes?"
    r"|first[- ]order (?:concepts|codes)|experiential statements?"
    r"|examples? of (?:statements|codes)|theoretical code|attributes?|labels?|indicators?"
    r"|initial (?:concepts|codes)|formulated meanings?"
    r"|significant statements?)(?:\b.{0,30})?",
    re.IGNORECASE,
)
_DEFINED = re.compile(r".*\b(?:defin\w+|descri\w+|meaning|explanation)\b.*", re.IGNORECASE)
_EXAMPLE = re.compile(
    r".*\b(?:excerpts?|quot\w+|examples?|anchor|illustrat\w+|extracts?|verbatim\w*"
    r"|responses?|statements?)\b.*",
    re.IGNORECASE,
)
_SHOWS_CODES = re.compile(
    r"\b(?:coding (?:tree|frame|framework|scheme|system|structure|book|list|matrix|process"
    r"|template)|codebook|code book|code (?:tree|list|system|structure|frame)"
    r"|category (?:system|scheme|tree)|"
    r"tree of codes|codes? (?:and|to|with|into|under|for)\b|(?:and|of|with|from|by|example"
    r"|examples|initial|open|axial|final|sample) codes?\b|(?:process|example|examples"
    r"|illustration|stages|steps) of (?:the )?(?:data |content |thematic "
    r"|qualitative )?(?:analysis|coding|abstraction|condensation|categori[sz]ation)|"
    r"meaning units?|abstraction process|analytic(?:al)? (?:process|matrix|framework)"
    r"|analysis (?:matrix|process|framework)|framework used? (?:for"
    r"|in) (?:the )?(?:data )?analysis|hierarchy of (?:codes|categories)|data structure"
    r"|thematic (?:framework|tree)|coded (?:based|excerpts|extracts)|codes"
    r"|analytical framework)\b",
    re.IGNORECASE,
)
_SHOWS_THEMES = re.compile(
    r"\b(?:themes?|sub-?themes?|categor(?:y|ies)|sub-?categor(?:y|ies)|thematic (?:map"
    r"|structure|model|network|analysis|summary)|concept(?:ual)? map|typology|domains"
    r"|results of (?:the )?(?:thematic|content|qualitative)|key (?:results|findings)"
    r"|illustrative (?:quot\w+|statements?)|main findings|mind map|word cloud)\b",
    re.IGNORECASE,
)
_NOT_SHOWN = re.compile(
    r"\b(?:interview|topic|discussion|question\w*) (?:guide|schedule|route)|eligib\w+"
    r"|inclusion|PRISMA|flow ?(?:chart|diagram)|recruit\w+|map of|search\b"
    r"|characteristics?\b|demographic\w*|socio",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table as far as it tells what it holds: its caption and the cells of its first rows."""

    caption: str
    head: tuple[str, ...]
    places: tuple[Span, ...]

    def found(self, confidence: float) -> Iterator[Found]:
        """The caption, then the first row, a little less telling."""
        for step, place in enumerate(self.places):
            yield Found(place, confidence=confidence - step / 100)


@detector("code-table")
def code_table(index: Index) -> Iterable[Found]:
    """Tables and figures that show codes, or definitions of categories with examples."""
    for table in _tables(index.manuscript):
        if _is_sample(table):
            continue
        head = table.head
        codes = any(
            _CODE_CELL.fullmatch(c) and not re.search(r"\bpost|\bzip|\bid\b", c, re.I) for c in head
        )
        levels = [c for c in head if _THEME_CELL.fullmatch(c) or _SUB_CELL.fullmatch(c)]
        book = any(map(_DEFINED.fullmatch, head)) and any(map(_EXAMPLE.fullmatch, head))
        if (
            (codes and (len(head) > 1 or levels))
            or (book and levels)
            or _SHOWS_CODES.search(table.caption)
        ):
            yield from table.found(0.88)
    yield from _figures(index.manuscript, _SHOWS_CODES)


@detector("theme-table")
def theme_table(index: Index) -> Iterable[Found]:
    """Tables and figures that show themes, with or without sub-themes."""
    for table in _tables(index.manuscript):
        if _is_sample(table):
            continue
        if _theme_columns(table) or _SHOWS_THEMES.search(table.caption):
            yield from table.found(0.8)
    yield from _figures(index.manuscript, _SHOWS_THEMES)


@detector("sub-theme-table")
def sub_theme_table(index: Index) -> Iterable[Found]:
    """Tables with two levels: themes and sub-themes, or categories and codes."""
    for table in _tables(index.manuscript):
        if _is_sample(table):
            continue
        subs = any(_SUB_CELL.fullmatch(c) for c in table.head)
        codes = any(_CODE_CELL.fullmatch(c) for c in table.head)
        if subs or (codes and _theme_columns(table)) or _SUB_KIND.search(table.caption):
            yield from table.found(0.9)
    yield from _figures(index.manuscript, _SUB_KIND)


_CODES_LISTED = re.compile(
    r"\b(?:sub-?)?codes\b[^.:;]{0,70}?(?::|\bsuch as\b|\bnamely\b|\be\.g\.|\bfor example\b"
    r"|\bincluding\b|\bincluded\b|\blike\b)",
    re.IGNORECASE,
)
_NO_CODES = re.compile(
    r"\b(?:source|zip|postal|icd|qr|dress|diagnostic|access)\s?codes?|anonym\w+"
    r"|confidential\w*|codes of",
    re.IGNORECASE,
)


@detector("codes-listed")
def codes_listed(index: Index) -> Iterable[Found]:
    """Sentences that list codes: "the codes were: ..., ..., ..."."""
    manuscript = index.manuscript
    for sentence in index.sentences:
        in_kind = manuscript.kind(sentence) in {SectionKind.METHODS, SectionKind.RESULTS}
        if not in_kind or not index.masks.get("codes", 0) >> sentence.index & 1:
            continue
        text = manuscript.quote(sentence.span)
        hit = _CODES_LISTED.search(text)
        if hit is None or _NO_CODES.search(text):
            continue
        if len([i for i in _ITEM.split(text[hit.end() :]) if _LETTERS.search(i)]) > 1:
            yield Found(_cut(manuscript.text, sentence.span), confidence=0.7)


def _theme_columns(table: _Table) -> bool:
    return any(_THEME_CELL.fullmatch(c) or _SUB_CELL.fullmatch(c) for c in table.head)


_SAMPLE_CELL = re.compile(
    r"(?:socio-?demographic )?(?:characteristics?|variables?|age|sex|gender|pseudonym"
    r"|participants?(?: id)?|id)(?:\b.{0,20})?",
    re.IGNORECASE,
)


def _is_sample(table: _Table) -> bool:
    """Whether a table describes people or numbers: "Variable | Category | Frequency"."""
    if _NOT_SHOWN.search(table.caption) and not _SHOWS_CODES.search(table.caption):
        return True
    return (
        bool(table.head)
        and _SAMPLE_CELL.fullmatch(table.head[0]) is not None
        and not any(_CODE_CELL.fullmatch(c) or _SUB_CELL.fullmatch(c) for c in table.head)
    )


def _tables(manuscript: Manuscript) -> list[_Table]:
    blocks = manuscript.document.blocks
    captions: dict[int, Block] = {}
    heads: dict[int, list[int]] = {}
    for place, block in enumerate(blocks):
        if block.table is None:
            continue
        if block.role is Role.CAPTION:
            captions.setdefault(block.table, block)
        elif block.role is Role.TABLE_ROW:
            rows = heads.setdefault(block.table, [])
            if not rows or (block.header and len(rows) < 2):
                rows.append(place)
    found = []
    for number, rows in heads.items():
        caption = captions.get(number) or _caption_near(manuscript, rows[0])
        cells = [manuscript.quote(c).strip("* ") for row in rows for c in blocks[row].cells]
        places = ([caption.span] if caption is not None else []) + [blocks[rows[0]].span]
        found.append(
            _Table(
                manuscript.quote(caption.span) if caption is not None else "",
                tuple(c for c in cells if c and len(c) < 80),
                tuple(_cut(manuscript.text, place) for place in places),
            )
        )
    return found


_CAPTION_START = re.compile(r"(?:table|tab)\b", re.IGNORECASE)


def _caption_near(manuscript: Manuscript, first_row: int) -> Block | None:
    """The caption of a table that its reader did not join to it: just before or after the rows."""
    blocks = manuscript.document.blocks
    table, last = blocks[first_row].table, first_row
    while last + 1 < len(blocks) and blocks[last + 1].table == table:
        last += 1
    near = [*blocks[max(first_row - 2, 0) : first_row][::-1], *blocks[last + 1 : last + 3]]
    for block in near:
        if block.role is Role.CAPTION and _CAPTION_START.match(manuscript.quote(block.span)):
            return block
    return None


_FIGURE = re.compile(
    r"(?:supplementary\s|additional\s)?(?:figure|fig|box|panel|diagram|scheme|table"
    r"|appendix|chart)\b",
    re.IGNORECASE,
)


def _figures(manuscript: Manuscript, shows: re.Pattern[str]) -> Iterator[Found]:
    """Captions that stand alone: figures, and tables that are pictures."""
    for block in manuscript.document.blocks:
        if block.role is not Role.CAPTION or block.table is not None:
            continue
        caption = manuscript.quote(block.span)
        if _NOT_SHOWN.search(caption):
            continue
        if shows.search(caption) and (_FIGURE.match(caption) or len(caption.split()) < 30):
            yield Found(_cut(manuscript.text, block.span), confidence=0.8)


@detector("theme-table-only")
def theme_list_table(index: Index) -> Iterable[Found]:
    """Tables whose first columns name themes: they present them one by one."""
    for table in _tables(index.manuscript):
        if not _is_sample(table) and (
            _theme_columns(table)
            or re.search(r"\b(?:sub-?)?themes?\b", table.caption, re.IGNORECASE)
        ):
            yield from table.found(0.85)


# --- results in prose ----------------------------------------------------------------------------------


@detector("results-prose")
def results_prose(index: Index) -> Iterable[Found]:
    """The first sentences of the results, when there are results to read at all."""
    manuscript = index.manuscript
    found = [
        s
        for s in index.sentences
        if manuscript.kind(s) is SectionKind.RESULTS
        and s.role in {Role.PARAGRAPH, Role.LIST_ITEM}
        and not _left_out(manuscript.sections[s.section])
        and len(s.words) > 5
    ]
    if sum(len(s.words) for s in found) < 150:
        return
    for sentence in found[:3]:
        yield Found(_cut(manuscript.text, sentence.span), confidence=0.5)


@detector("single-author")
def single_author(index: Index) -> Iterable[Found]:
    """The by-line, when it holds one name: then "I" and "the researcher" name a person."""
    manuscript = index.manuscript
    if len(manuscript.authors) != 1:
        return
    for block in manuscript.document.blocks:
        if block.role is Role.BYLINE:
            yield Found(_cut(manuscript.text, block.span), confidence=0.6)
            return
