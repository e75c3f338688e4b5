"""What each paragraph of a PDF is, and which of them are one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coreqcheck.model import Role
from coreqcheck.readers import bylines, heads
from coreqcheck.readers.layout import Row, rows_of
from coreqcheck.readers.pdf_front import front_matter
from coreqcheck.readers.pdf_headings import Outline, headings_of, run_in
from coreqcheck.readers.pdf_notes import captions, footnotes
from coreqcheck.readers.pdf_pages import ITALIC, Page, Stroke
from coreqcheck.readers.pdf_paragraphs import LABELLED, NUMBERED, Look, Paragraph, ending, goes_on
from coreqcheck.readers.pdf_parts import ABSTRACT, DECIMAL, MAIN, OPENERS, REFERENCES, Part, Roles
from coreqcheck.readers.pdf_tables import BULLET

_APPENDIX = re.compile(
    r"\s*(?:(?:APPENDIX|ANNEX)\b|(?:Appendix|Annex|Anhang|Ap[eé]ndice)(?:\s+[A-Z0-9]{1,2})?\s*[.:]?\s*\Z"
    r"|Supplement(?:ary|al) (?:material|file|information)s?\s*\Z)"
)
_KEYWORDS = re.compile(r"(?:key\s?-?words?|index terms|palabras clave|mots-cl)", re.IGNORECASE)
_BACK = re.compile(
    r"acknowledg|funding|contribut|conflict|competing|declar|data availab|author|support|disclos"
    r"|abbreviat|supplement|provenance|consent|ethic",
    re.IGNORECASE,
)
_NO_SPEAKER = re.compile(
    r"(?:S?RQ|H|Hypothesis|Aim|Step|Phase|Stage|Theme|Part|Day|Week|Year|Table|Fig|Item)\s?\d",
    re.IGNORECASE,
)
_FLOW = frozenset({Role.PARAGRAPH, Role.LIST_ITEM, Role.BLOCK_QUOTE, Role.REFERENCE})


def assign(
    paragraphs: list[Paragraph],
    pages: Sequence[Page],
    look: Look,
    covers: frozenset[int],
    title: str,
    outline: Outline,
) -> list[Part]:
    """Roles for all paragraphs; the result is in reading order, joined over columns and pages."""
    roles: Roles = {}
    first = next((page.number for page in pages if page.number not in covers), 1)
    by_page = {page.number: page for page in pages}
    for paragraph in paragraphs:
        if paragraph.page in covers:
            roles[paragraph.order] = (Role.COVER, None)
    captions(paragraphs, roles, look)
    footnotes(paragraphs, roles, by_page, look, first)
    front = front_matter(paragraphs, roles, by_page, look, first, title)
    headings = headings_of(paragraphs, roles, look, outline, front.end)
    _references(paragraphs, roles, headings, look)
    parts: list[Part] = []
    begin = _body_start(paragraphs, headings)
    back = False
    for paragraph in paragraphs:
        if paragraph.order in headings and len(paragraph.rows) < 3:
            back = _BACK.match(heads.strip_number(paragraph.text)) is not None
        if paragraph.order in front.parts:
            parts.extend(front.parts[paragraph.order])
        elif paragraph.zone is not None and paragraph.order in roles:
            rows, _ = rows_of(list(paragraph.zone.pieces))
            whole = Paragraph(rows, paragraph.left, paragraph.right, paragraph.page, -1)
            parts.append(Part(Role.COVER, whole, rows=rows))
        elif paragraph.zone is not None:
            parts.append(Part(Role.TABLE_ROW, paragraph, rows=[]))
        elif paragraph.order in headings:
            parts.append(
                Part(Role.HEADING, paragraph, headings[paragraph.order], rows=paragraph.rows)
            )
        elif paragraph.order in roles:
            role, style = roles[paragraph.order]
            parts.append(Part(role, paragraph, 0, style, rows=paragraph.rows))
        else:
            body = paragraph.order > begin and not back
            parts.extend(_text(paragraph, look, headings, body))
    return _joined(parts, look, _Boxes(pages))


class _Boxes:
    """Shaded or framed rectangles on pages: text inside does not belong to the text around."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.areas: dict[int, list[Stroke]] = {}
        for page in pages:
            own = [
                a for a in page.areas if a.x1 - a.x0 > 90 and 12 < a.y1 - a.y0 < 0.8 * page.height
            ]
            if own and len(own) < 60:
                self.areas[page.number] = own

    def of(self, part: Part) -> Stroke | None:
        """The box in which a part begins."""
        areas = self.areas.get(part.rows[0].page) if part.rows else None
        if not areas:
            return None
        row = part.rows[0]
        for area in areas:
            if area.y0 <= row.base - 0.3 * row.size <= area.y1 and (
                area.x0 - 2 <= row.x0 and row.x1 <= area.x1 + 2
            ):
                return area
        return None


def _body_start(paragraphs: list[Paragraph], headings: dict[int, int]) -> int:
    """Where the abstract and its like are over: the first heading of a main section."""
    for paragraph in paragraphs:
        if paragraph.order in headings:
            text = heads.strip_number(" ".join(paragraph.text.split()))
            if not ABSTRACT.match(text) and MAIN.fullmatch(text):
                return paragraph.order
    return min(headings, default=0)


def _references(
    paragraphs: list[Paragraph],
    roles: Roles,
    headings: dict[int, int],
    look: Look,
) -> None:
    """Everything under the heading of the references, up to the next one of its level."""
    level = 0
    for paragraph in paragraphs:
        if paragraph.order in headings:
            text = heads.strip_number(" ".join(paragraph.text.split()))
            own = headings[paragraph.order]
            if REFERENCES.fullmatch(text) or REFERENCES.fullmatch(text.replace(" ", "")):
                level = max(own, 1)
                continue
            if not level:
                continue
            real = heads.is_known(text) or _APPENDIX.match(paragraph.text)
            if real or (own <= level and _like(paragraph, look)):
                level = 0
            else:
                del headings[paragraph.order]
        if paragraph.zone is None and _APPENDIX.match(paragraph.first.text):
            level = 0
        if level and paragraph.zone is None and paragraph.order not in roles:
            roles[paragraph.order] = (Role.REFERENCE, None)


def _like(paragraph: Paragraph, look: Look) -> bool:
    return (
        paragraph.first.size >= look.body - 0.3
        and len(paragraph.rows) <= 2
        and not (LABELLED.match(paragraph.first.text) is not None and not paragraph.style)
    )


def _text(paragraph: Paragraph, look: Look, headings: dict[int, int], body: bool) -> list[Part]:
    """A paragraph of the running text: list item, quotation, with or without a run-in heading."""
    rows = paragraph.rows
    text = rows[0].text.lstrip()
    lead = run_in(paragraph)
    if lead is not None:
        heading, rest = lead
        level = _run_in_level(heading[0].text.strip(), headings)
        parts = [Part(Role.HEADING, paragraph, level, "run-in", rows=heading)]
        if rest:
            parts.append(Part(Role.PARAGRAPH, paragraph, whole=False, rows=rest))
        return parts
    role = Role.PARAGRAPH
    if _is_item(text):
        role = Role.LIST_ITEM
    elif _is_quote(paragraph, text, look, body):
        role = Role.BLOCK_QUOTE
    elif (paragraph.page <= 2 and _KEYWORDS.match(text)) or (
        paragraph.page == 1 and bylines.is_metadata(text) and paragraph.size < look.body - 0.3
    ):
        role = Role.METADATA
    return [Part(role, paragraph, rows=rows)]


def _run_in_level(text: str, headings: dict[int, int]) -> int:
    """The level of a heading that runs in: by its number, else below all others."""
    if ABSTRACT.match(text) or _KEYWORDS.match(text):
        return 1
    decimal = DECIMAL.match(text)
    if decimal is not None and "." in decimal[1]:
        return min(decimal[1].count(".") + 1, 6)
    return min(max(headings.values(), default=1) + 1, 6)


def _is_item(text: str) -> bool:
    """Does a paragraph begin with a bullet or the number of a list?"""
    if BULLET.match(text):
        return text[0] not in "-–—*" or text[1:].lstrip()[:1].isupper()
    return NUMBERED.match(text) is not None


def _is_quote(paragraph: Paragraph, text: str, look: Look, body: bool) -> bool:
    rows = paragraph.rows
    size = look.body
    label, colon, _ = text[:30].partition(":")
    if body and colon and heads.is_speaker(label) and not _NO_SPEAKER.match(label):
        return True  # somebody speaks in a transcript
    inner = min(row.x0 for row in rows[1:]) if len(rows) > 1 else rows[0].x0
    indent = inner - paragraph.left
    opens = text[:1] in OPENERS
    italic = bool(paragraph.style & ITALIC)
    smaller = paragraph.size < size - 0.6
    if len(rows) == 1:
        return (indent > 0.8 * size or smaller) and (opens or italic) and len(text) > 20
    if indent > 0.8 * size and rows[0].x0 - paragraph.left > 0.5 * size:
        short = paragraph.right - max(row.x1 for row in rows) > 0.6 * size
        return opens or italic or smaller or short
    return (smaller and (opens or italic)) or (italic and (opens or body))


def _joined(parts: list[Part], look: Look, boxes: _Boxes) -> list[Part]:
    """Join what continues in the next column or page, or after a table or note in between."""
    result: list[Part] = []
    opened: Part | None = None
    home: Stroke | None = None  # the box of the paragraph that is open
    apart = False
    for part in parts:
        box = boxes.of(part)
        if box is not None and box != home and opened is not None:
            result.append(part)
            apart = True
            continue
        if part.role is Role.HEADING or part.role is Role.TITLE:
            opened = None
            result.append(part)
            continue
        if part.role not in _FLOW:
            apart = True
            result.append(part)
            continue
        if opened is not None and (apart or _moved(opened, part)) and _one(opened, part, look):
            opened.paragraph.joined.append(len(opened.rows))
            opened.rows = opened.rows + part.rows
            opened.paragraph = _tail(opened.paragraph, part.paragraph, opened.rows)
        else:
            result.append(part)
            opened, home = part, box
        apart = False
    return result


def _moved(before: Part, after: Part) -> bool:
    a, b = before.paragraph, after.paragraph
    return (a.page, a.column) != (b.page, b.column) or b.first.base < a.last.base


def _tail(before: Paragraph, after: Paragraph, rows: list[Row]) -> Paragraph:
    """The joined paragraph, with the edges of the column in which it ends."""
    return Paragraph(
        rows, after.left, after.right, after.page, after.column, None, before.order, before.joined
    )


def _one(before: Part, after: Part, look: Look) -> bool:
    if not after.whole or (before.role is Role.REFERENCE and after.role is not Role.REFERENCE):
        return False
    if after.role is Role.REFERENCE and before.role is not Role.REFERENCE:
        return False
    if after.role is Role.LIST_ITEM:
        return False
    if not after.rows or not before.rows:
        return False
    a = Paragraph(
        before.rows,
        before.paragraph.left,
        before.paragraph.right,
        before.paragraph.page,
        before.paragraph.column,
    )
    if after.role is Role.BLOCK_QUOTE and before.role is not Role.BLOCK_QUOTE:
        return False
    if before.role is Role.BLOCK_QUOTE and after.role is Role.PARAGRAPH:
        shift = (after.rows[0].x0 - after.paragraph.left) - (
            before.rows[-1].x0 - before.paragraph.left
        )
        if abs(shift) > 0.8 * look.body or ending(before.rows[-1]) in ".?!":
            return False
    return goes_on(a, after.paragraph, look)
