"""Tables and figures that show themes, sub-themes, or the codes that they were built from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coreqcheck.engine.detectors import Found, detector
from coreqcheck.engine.index import Index
from coreqcheck.engine.structure_findings import quotable_start
from coreqcheck.engine.structure_lists import LETTERS, LISTED_ITEM, SUB_KIND
from coreqcheck.model import Block, Manuscript, Role, SectionKind, Span

_THEME_CELL = re.compile(
    r"(?:.{0,30}\b)?(?:themes?|categor(?:y|ies)|domains?|dimensions?|constructs?|topics?"
    r"|concepts?|factors?|clusters?|core category|propositions?)(?:\b.{0,25})?",
    re.IGNORECASE,
)
_SUB_CELL = re.compile(
    r".*\b(?:sub-?\s?(?:themes?|categor(?:y|ies)|dimensions?|codes?|topics?|domains?"
    r"|constructs?|factors?)|minor themes?|second(?:ary)? (?:themes?|categories)"
    r"|subordinate (?:themes?|categor(?:y|ies)|concepts?)"
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
        if subs or (codes and _theme_columns(table)) or SUB_KIND.search(table.caption):
            yield from table.found(0.9)
    yield from _figures(index.manuscript, SUB_KIND)


_CODES_LISTED = re.compile(
    r"\b(?:sub-?)?codes\b[^.:;]{0,70}?(?::|\bsuch as\b|\bnamely\b|\be\.g\.|\bfor example\b"
    r"|\bincluding\b|\bincluded\b|\blike\b)",
    re.IGNORECASE,
)
_NO_CODES = re.compile(
    r"\b(?:source|zip|postal|icd|qr|dress|diagnostic|access)\s?codes?|anonym\w+|in place of"
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
        if len([i for i in LISTED_ITEM.split(text[hit.end() :]) if LETTERS.search(i)]) > 1:
            yield Found(quotable_start(manuscript.text, sentence.span), confidence=0.7)


def _theme_columns(table: _Table) -> bool:
    return any(_THEME_CELL.fullmatch(c) or _SUB_CELL.fullmatch(c) for c in table.head)


_SAMPLE_CELL = re.compile(
    r"(?:socio-?demographic )?(?:characteristics?|variables?|age|sex|gender|pseudonym"
    r"|participants?(?: id)?|id)(?:\b.{0,20})?",
    re.IGNORECASE,
)


_MEASURE_CELL = re.compile(
    r"(?:mean|sd|median|iqr|p[- ]?values?|p|baseline|endline|scores?|odds ratios?|or"
    r"|(?:95 ?% ?)?ci|cronbach.*|factor loadings?|reference range|dose)(?:\b.{0,20})?",
    re.IGNORECASE,
)
_PERSON_CELL = re.compile(
    r"(?:age|sex|gender|occupation|profession|job|marital status|education\w*|work experience"
    r"|years? of|ethnicity|diagnosis|course of disease)(?:\b.{0,30})?",
    re.IGNORECASE,
)


_COUNT_CELL = re.compile(
    r"\b(?:number of|no\. of|total|participants|interviews|interviewees|FGDs?|focus groups)\b"
    r"|^n(?: ?=.*)?$|^%$|\bn \(%\)",
    re.IGNORECASE,
)


def _is_sample(table: _Table) -> bool:
    """Whether a table describes people or numbers: "Variable | Category | Frequency"."""
    if _NOT_SHOWN.search(table.caption) and not _SHOWS_CODES.search(table.caption):
        return True
    if any(map(_MEASURE_CELL.fullmatch, table.head)) and not any(
        _THEME_CELL.fullmatch(c) or _SUB_CELL.fullmatch(c) for c in table.head
    ):
        return True
    if sum(1 for c in table.head if _COUNT_CELL.search(c)) >= 2:
        return True  # "Category | Town A: participants | Town B: participants"
    people = sum(1 for c in table.head if _PERSON_CELL.fullmatch(c))
    if people >= 2 and not any(map(_THEME_CELL.fullmatch, table.head)):
        # "Code | Sex | Age": the participants' codes.
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
                tuple(quotable_start(manuscript.text, place) for place in places),
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
            yield Found(quotable_start(manuscript.text, block.span), confidence=0.8)


@detector("theme-table-only")
def theme_list_table(index: Index) -> Iterable[Found]:
    """Tables whose first columns name themes: they present them one by one."""
    for table in _tables(index.manuscript):
        if not _is_sample(table) and (
            _theme_columns(table)
            or re.search(r"\b(?:sub-?)?themes?\b", table.caption, re.IGNORECASE)
        ):
            yield from table.found(0.85)
