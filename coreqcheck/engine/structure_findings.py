"""What the shape of the findings shows: themes, sub-themes, their backing, tables of codes.

Themes are the headings under the results, less those that speak of the sample or of another method.
Where there are none, an announced list ("three themes: ...") or a table may name them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from coreqcheck.engine.detectors import Found, detector
from coreqcheck.engine.index import Index
from coreqcheck.engine.structure_quotations import quotations_of
from coreqcheck.model import (
    UNSEARCHED,
    Manuscript,
    Role,
    Section,
    SectionKind,
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


# --- named one by one, backed


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


@lru_cache(maxsize=2)
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
            found.append(quotable_start(manuscript.text, sentence.span))
    return found


def _sample_tables(manuscript: Manuscript) -> set[int]:
    return {
        block.table
        for block in manuscript.document.blocks
        if block.role is Role.CAPTION
        and block.table is not None
        and _CHARACTERISTICS.search(manuscript.quote(block.span))
    }


# --- results in prose, one author


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
        yield Found(quotable_start(manuscript.text, sentence.span), confidence=0.5)


@detector("single-author")
def single_author(index: Index) -> Iterable[Found]:
    """The by-line, when it holds one name: then "I" and "the researcher" name a person."""
    manuscript = index.manuscript
    if len(manuscript.authors) != 1:
        return
    for block in manuscript.document.blocks:
        if block.role is Role.BYLINE:
            yield Found(quotable_start(manuscript.text, block.span), confidence=0.6)
            return


def quotable_start(text: str, span: Span) -> Span:
    """``span``, or its first words, as many as a report may quote."""
    hits = list(re.finditer(r"\S+", text[span.start : span.end]))
    if len(hits) <= _LONGEST:
        return span
    return Span(span.start, span.start + hits[_LONGEST - 1].end())
