"""Tables that describe the people who took part, for items 12 and 16."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coreqcheck.engine.detectors import Found, detector
from coreqcheck.engine.index import Index
from coreqcheck.model import Block, Manuscript, Role, SectionKind, Span

_NEAR = 4  # blocks between a table and a caption that carries no table number
_LONG = 70  # words: what is quoted of a caption or row

# What people are described by; a trait counts once, however often it is named.
_TRAITS = {
    "age": r"ages?|aged|years of age|yrs|y/o|years old|birth year|year of birth",
    "sex": r"gender|sex|females?|males?|woman|women|men|man|f/m|m/f|girls|boys|mothers?|fathers?",
    "role": r"roles?|professions?|occupations?|positions?|jobs?|job titles?|designations?|titles?"
    r"|cadres?|disciplines?|special(?:i?ty|ties|isms?)|professional (?:group|background|category)"
    r"|nurses?|physicians?|doctors?|midwi(?:fe|ves)|teachers?|students?|managers?|employment"
    r"|occupational status|work(?:place| status)?|areas? of (?:work|research|expertise)",
    "education": r"education(?:al)?(?: level| status| attainment)?|degrees?|schooling"
    r"|qualifications?|literacy|illiterate|diploma|bachelor'?s?|masters?|major",
    "experience": r"experience|years? (?:in|of|since)\b.*|tenure|seniority|length of service"
    r"|time in (?:post|practice|role)|working years|years",
    "family": r"marital(?: status)?|married|single|widow(?:ed)?|children|parity|gravid\w*"
    r"|relationship|kinship|household|living (?:situation|arrangements?|with)|family (?:type|size)"
    r"|spouse|daughter|wife|husband",
    "origin": r"ethnic\w*|race|racial|nationality|country(?: of (?:origin|birth))?|tribe|religion"
    r"|language|residence|rural|urban|region|place of (?:residence|origin|birth)|white|black"
    r"|asian|hispanic|location|area|migrat\w+|district",
    "health": r"diagnos[ie]s|disease\w*|illness|stage|type of (?:cancer|diabetes|stroke|surgery"
    r"|delivery|birth)|comorbid\w*|treatment|therapy|hba1c|duration|severity|disability"
    r"|(?:vision|hearing|hiv|health|art|vaccination) .{0,20}status|time since .*|mode of delivery"
    r"|impairment|years? since diagnosis",
    "means": r"income|socio-?economic\w*|insurance|deprivation|wealth|salary",
    "year": r"(?:first|second|third|fourth|fifth|final) year|year (?:of (?:study|training)|group)"
    r"|grade|class|semester|level of training|stage of training",
}
_TRAIT_RES = {
    name: re.compile(rf"(?<![\w-])(?:{source})(?![\w-])", re.IGNORECASE)
    for name, source in _TRAITS.items()
}
_OF_PEOPLE = re.compile(
    r"participa\w+|respondents?|informants?|interviewees?|interviewed|sample|demograph\w*"
    r"|characteristics?|profiles?|composition|took part|focus groups?|background|attributes"
    r"|\b(?:patients?|women|men|mothers|fathers|parents|nurses|students|carers|caregivers"
    r"|physicians|doctors|teachers|staff|workers|midwives|users|candidates|clients|families"
    r"|engineers|developers|professionals|couples|children|residents|leaders)\b",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\bsurvey|questionnaire|regression|odds ratio|correlation|prevalence|quantitative"
    r"|(?<!inter)views of|\bthemes?\b|sub-?themes?|\bcod(?:es|ing|ebook)\b|quot(?:es?|ations?)"
    r"|interview (?:guide|schedule|questions?|topics?)|topic guide|inclusion|exclusion"
    r"|included (?:studies|articles)|criteria for|recommendation|search strategy|checklist"
    r"|\bcoreq\b|barriers|facilitators|categories and|intervention (?:components?|content)"
    r"|characteristics of (?:the )?(?:included )?(?:hospitals?|facilit|sites?|villages|schools"
    r"|clinics?|studies|programmes?|programs?|wards?|companies|recordings?)",
    re.IGNORECASE,
)
_OF_INTERVIEWS = re.compile(r"interview(?:s|ed|ees?)?\b|focus group|qualitative|\bFGDs?\b", re.I)
_NOT_PEOPLE_HEADER = re.compile(
    r"\b(?:themes?|sub-?themes?|categor(?:y|ies) and|codes?|quotes?|quotations?|exemplar\w*"
    r"|illustrative|excerpts?|verbatim|p[- ]?values?|odds|mean \(sd\)|coefficient|domain"
    r"|questions?|prompts?|probes?|item no|definitions?|references?|author\b.*year)\b",
    re.IGNORECASE,
)
_ROWS_OF_WORDS = 14  # mean words of a cell above which a table holds prose, not traits
_COUNT = re.compile(r"\b[nN]\s*=\s*\d")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the manuscript: its rows, and its caption when it has one."""

    rows: tuple[Block, ...]
    caption: Block | None


@detector("participants-table")
def participants_tables(index: Index) -> Iterable[Found]:
    """Captions and telling rows of the tables that describe who took part."""
    manuscript = index.manuscript
    for table in tables(manuscript):
        traits = _traits(table, manuscript.text)
        if not _describes(table, traits, manuscript):
            continue
        if table.caption is not None:
            yield _found(table.caption, manuscript, 0.95)
        rows = [row for row in table.rows if _row_traits(row, manuscript.text)]
        for row in rows[:3]:
            yield _found(row, manuscript, 0.8)


@detector("participants-caption")
def participants_captions(index: Index) -> Iterable[Found]:
    """Captions of such tables that also count the participants ("n = 26")."""
    manuscript = index.manuscript
    for table in tables(manuscript):
        caption = table.caption
        if caption is None or not _COUNT.search(_text(caption, manuscript.text)):
            continue
        if _describes(table, _traits(table, manuscript.text), manuscript):
            yield _found(caption, manuscript, 0.85)


def tables(manuscript: Manuscript) -> Iterator[Table]:
    """The tables of a manuscript in order, each with the caption that belongs to it."""
    blocks = manuscript.document.blocks
    rows: dict[int, list[int]] = {}
    for number, block in enumerate(blocks):
        if block.role is Role.TABLE_ROW and block.table is not None:
            rows.setdefault(block.table, []).append(number)
    for table, members in rows.items():
        caption = _caption(blocks, table, members)
        yield Table(tuple(blocks[n] for n in members), caption)


def _caption(blocks: tuple[Block, ...], table: int, members: list[int]) -> Block | None:
    for block in blocks:
        if block.role is Role.CAPTION and block.table == table:
            return block
    before = range(members[0] - 1, max(members[0] - 1 - _NEAR, -1), -1)
    after = range(members[-1] + 1, min(members[-1] + 1 + _NEAR, len(blocks)))
    for number in (*before, *after):
        block = blocks[number]
        if block.role is Role.CAPTION and block.table is None:
            return block
        if block.role is Role.TABLE_ROW:
            continue
    return None


def _text(block: Block, text: str) -> str:
    return text[block.span.start : block.span.end]


def _traits(table: Table, text: str) -> set[str]:
    found: set[str] = set()
    for row in table.rows:
        found |= _row_traits(row, text)
    return found


def _row_traits(row: Block, text: str) -> set[str]:
    """The traits that the short cells of a row name."""
    found: set[str] = set()
    for cell in row.cells or (row.span,):
        words = text[cell.start : cell.end].strip()
        if not words or len(words) > 60:
            continue
        found.update(name for name, pattern in _TRAIT_RES.items() if pattern.search(words))
    return found


def _describes(table: Table, traits: set[str], manuscript: Manuscript) -> bool:
    """Whether the table describes the people of the qualitative part."""
    text = manuscript.text
    if len(table.rows) < 2 or _is_prose(table, text):
        return False
    section = manuscript.section_at(table.rows[0].span.start)
    if section is not None and section.kind in {SectionKind.CHECKLIST, SectionKind.REFERENCES}:
        return False
    head = " | ".join(_text(row, text) for row in table.rows[:2])
    if _NOT_PEOPLE_HEADER.search(head):
        return False
    caption = _text(table.caption, text) if table.caption is not None else ""
    if _OF_OTHERS.search(caption) and not _OF_INTERVIEWS.search(caption):
        return False
    if _OF_PEOPLE.search(caption):
        return len(traits) >= 2
    return len(traits) >= 3 and bool(traits & {"age", "sex"})


def _is_prose(table: Table, text: str) -> bool:
    cells = [text[c.start : c.end].split() for row in table.rows for c in row.cells]
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(map(len, filled)) / len(filled) > _ROWS_OF_WORDS


def _found(block: Block, manuscript: Manuscript, confidence: float) -> Found:
    """The block as evidence, cut to what may be quoted."""
    words = list(re.finditer(r"\S+", _text(block, manuscript.text)))
    if not words:
        return Found(block.span, block.span, confidence)
    last = words[min(len(words), _LONG) - 1].end()
    span = Span(block.span.start, block.span.start + last)
    return Found(span, span, confidence)
