"""What each paragraph of a PDF is, and which of them are one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from coreqcheck.model import Role
from coreqcheck.readers import bylines, heads
from coreqcheck.readers.layout import Row, rows_of
from coreqcheck.readers.pdf_pages import BOLD, ITALIC, Page, Piece, Stroke
from coreqcheck.readers.pdf_paragraphs import (
    LABELLED,
    NUMBERED,
    Look,
    Paragraph,
    ending,
    goes_on,
)
from coreqcheck.readers.pdf_tables import BULLET, caption_kind

_MAIN = re.compile(
    r"(?:introduction|background|methods?|methodology|materials? and methods?|results?|findings|"
    r"results and discussion|discussion|discussion and conclusions?|conclusions?|references|"
    r"related works?|limitations|bibliography|literature cited|acknowledge?ments?|literature review)",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"(?:references?|bibliography|literature cited|works cited|reference list|literatur"
    r"(?:verzeichnis)?|referencias(?: bibliogr[áa]ficas)?|refer[êe]ncias(?: bibliogr[áa]ficas)?|"
    r"r[ée]f[ée]rences|cited literature|references and notes|notes and references)",
    re.IGNORECASE,
)
_APPENDIX = re.compile(
    r"\s*(?:(?:APPENDIX|ANNEX)\b|(?:Appendix|Annex|Anhang|Ap[eé]ndice)(?:\s+[A-Z0-9]{1,2})?\s*[.:]?\s*\Z"
    r"|Supplement(?:ary|al) (?:material|file|information)s?\s*\Z)"
)
_ABSTRACT = re.compile(
    r"(?:abstract|summary|synopsis|resumen|resumo|zusammenfassung|r[ée]sum[ée])\b", re.IGNORECASE
)
_PLAIN_LABEL = re.compile(r"\s*(?:ABSTRACT|Abstract)\s*[.:—–-]\s*(?=\S)")
_KEYWORDS = re.compile(r"(?:key\s?-?words?|index terms|palabras clave|mots-cl)", re.IGNORECASE)
_BACK = re.compile(
    r"acknowledg|funding|contribut|conflict|competing|declar|data availab|author|support|disclos"
    r"|abbreviat|supplement|provenance|consent|ethic",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=\S)")
_ROMAN = re.compile(r"\s*[IVX]{1,5}\.\s+(?=\S)")
_LETTER = re.compile(r"\s*[A-H]\.\s+(?=\S)")
_PAREN = re.compile(r"\s*\d{1,2}\)\s+(?=\S)")
_NOTE_MARK = re.compile(r"\s*(?:[*∗⁎†‡§¶#]|\d{1,2}\s?(?=[A-Z\"“(]|https?:)|\[\d{1,2}\]|[a-z]\s+(?=[A-Z]))")
_OPENERS = "\"“‘'«„‚‹"


@dataclass(slots=True)
class Part:
    """A block to be: rows with their role. ``authors`` tells that its text names authors.

    ``whole`` is false for what stands after a heading on the heading's own line.
    """

    role: Role
    paragraph: Paragraph
    level: int = 0
    style: str | None = None
    authors: bool = False
    whole: bool = True
    rows: list[Row] = field(default_factory=list)


# The same few lines are judged several times.
_front_role = lru_cache(maxsize=1024)(bylines.front_role)
_is_byline = lru_cache(maxsize=1024)(bylines.is_byline)


class Outline:
    """The file's own table of contents: (page, letters) to level."""

    def __init__(self, entries: Sequence[tuple[int, str, int]], title: str) -> None:
        top = [letters(t) for level, t, _ in entries if level == 1]
        lone = len(top) == 1 and len(entries) > 3
        self.shift = 1 if lone else 0
        self.levels: dict[int, dict[str, int]] = {}
        for level, text, page in entries:
            key = letters(heads.strip_number(text)) or letters(text)
            if key and caption_kind(text) is None and level - self.shift >= 1:
                self.levels.setdefault(page, {}).setdefault(key, level - self.shift)

    def level(self, page: int, text: str) -> int | None:
        """The level of a heading with this text on this page."""
        own = self.levels.get(page)
        if own is None:
            return None
        return own.get(letters(heads.strip_number(text)) or letters(text))


def letters(text: str) -> str:
    """Letters and digits only, in lower case: for comparing titles."""
    return "".join(c for c in text.casefold() if c.isalnum())


def plain(row: Row) -> str:
    """The text of a row without raised and lowered marks."""
    if len(row.pieces) == 1 and not row.pieces[0].marks:
        text = row.pieces[0].text
    else:
        parts = []
        for piece in row.pieces:
            if len(piece.text.strip()) <= 4 and piece.size < 0.8 * row.size:
                continue
            part, at = "", 0
            for start, end, _ in piece.marks:
                part += piece.text[at:start] + " "
                at = end
            parts.append((part + piece.text[at:]).strip())
        text = " ".join(parts)
    if not text.isascii() or "*" in text or "+" in text:
        text = _UNSEEN.sub(" ", text)
    return " ".join(text.split())


_UNSEEN = re.compile("[\u00ad\u200b-\u200f\ufeff\x00-\x1f]|(?<=[^\\W\\d_])[*+]+(?=[,;\\s]|$)")


def assign(
    paragraphs: list[Paragraph],
    pages: Sequence[Page],
    look: Look,
    covers: frozenset[int],
    title: str,
    outline: Outline,
) -> list[Part]:
    """Roles for all paragraphs; the result is in reading order, joined over columns and pages."""
    roles: dict[int, tuple[Role, str | None]] = {}
    first = next((page.number for page in pages if page.number not in covers), 1)
    by_page = {page.number: page for page in pages}
    for paragraph in paragraphs:
        if paragraph.page in covers:
            roles[paragraph.order] = (Role.COVER, None)
    _captions(paragraphs, roles, look)
    _footnotes(paragraphs, roles, by_page, look, first)
    front = _front(paragraphs, roles, by_page, look, first, title)
    headings = _headings(paragraphs, roles, look, outline, front.end)
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
                a
                for a in page.areas
                if a.x1 - a.x0 > 90
                and 12 < a.y1 - a.y0 < 0.8 * page.height
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
            if not _ABSTRACT.match(text) and _MAIN.fullmatch(text):
                return paragraph.order
    return min(headings, default=0)


def _captions(
    paragraphs: list[Paragraph], roles: dict[int, tuple[Role, str | None]], look: Look
) -> None:
    after_table: Paragraph | None = None
    for index, paragraph in enumerate(paragraphs):
        if paragraph.zone is not None:
            after_table = paragraph if paragraph.zone.kind == "table" else None
            continue
        if paragraph.order in roles:
            after_table = None
            continue
        text = paragraph.first.text
        if caption_kind(text) is not None:
            near = index + 1 < len(paragraphs) and paragraphs[index + 1].zone is not None
            near = near or (index > 0 and paragraphs[index - 1].zone is not None)
            if near or len(paragraph.rows) <= 8:
                roles[paragraph.order] = (Role.CAPTION, None)
                _caption_title(paragraphs, index, roles, paragraph.text)
                if not near:
                    after_table = None
                continue
        if after_table is not None and after_table.zone is not None:
            small = paragraph.size < look.body - 0.4
            close = (
                paragraph.page == after_table.page
                and 0 < paragraph.first.base - after_table.zone.y1 < 3 * look.body
            )
            note = re.match(r"\s*(?:notes?\b|\*|†|‡|[a-z]\s[A-Z]|abbreviations?\b|[A-Z]{2,6}\s*[=:,])", text)
            marked = bool(paragraph.first.pieces[0].marks) and (
                paragraph.first.pieces[0].marks[0][0] <= 1
            )
            if close and small and (note or marked or len(paragraph.rows) <= 3):
                roles[paragraph.order] = (Role.TABLE_NOTE, None)
        after_table = None


def _caption_title(
    paragraphs: list[Paragraph],
    index: int,
    roles: dict[int, tuple[Role, str | None]],
    text: str,
) -> None:
    """ "TABLE I" alone has its title in the next lines."""
    if len(text.split()) > 3 or index + 1 >= len(paragraphs):
        return
    following = paragraphs[index + 1]
    if following.zone is None and following.page == paragraphs[index].page:
        gap = following.first.base - paragraphs[index].last.base
        if 0 < gap < 2.2 * following.first.size and len(following.rows) <= 4:
            roles[following.order] = (Role.CAPTION, None)


def _footnotes(
    paragraphs: list[Paragraph],
    roles: dict[int, tuple[Role, str | None]],
    pages: dict[int, Page],
    look: Look,
    first: int,
) -> None:
    """Small text at the foot of a column that begins with a mark or stands under a short rule."""
    columns: dict[tuple[int, int], list[Paragraph]] = {}
    end = max(
        (p.order for p in paragraphs if p.zone is None and _REFERENCES.fullmatch(_bare(p))),
        default=len(paragraphs),
    )
    for paragraph in paragraphs:
        if paragraph.zone is None and paragraph.order not in roles and paragraph.order < end:
            columns.setdefault((paragraph.page, paragraph.column), []).append(paragraph)
    for (number, _), column in columns.items():
        page = pages[number]
        column = sorted(column, key=lambda p: p.first.base)
        low: int | None = None
        for index in range(len(column) - 1, -1, -1):
            paragraph = column[index]
            if paragraph.size > look.body - 0.6 or paragraph.first.base < 0.35 * page.height:
                break
            if _marked(paragraph) or _under_rule(paragraph, page.level):
                low = index
            elif number == first and _licence(paragraph.text):
                low = index
        if low is None:
            continue
        for paragraph in column[low:]:
            text = paragraph.text
            role = Role.FOOTNOTE
            if number == first and _licence(text):
                role = Role.METADATA
            elif number == first and bylines.is_affiliation(text):
                role = Role.AFFILIATION
            roles[paragraph.order] = (role, None)


def _bare(paragraph: Paragraph) -> str:
    """A short paragraph without the number of a heading; empty for a long one."""
    return heads.strip_number(paragraph.text) if len(paragraph.rows) == 1 else ""


def _licence(text: str) -> bool:
    return bylines.is_metadata(text) or bool(
        re.search(
            r"permission to make digital|copyright|creative commons|licen[sc]ed? under|©|isbn|issn"
            r"|https?://(?:dx\.)?doi",
            text,
            re.IGNORECASE,
        )
    )


def _marked(paragraph: Paragraph) -> bool:
    piece = paragraph.first.pieces[0]
    if piece.marks and piece.marks[0][0] <= 1 and piece.marks[0][2]:
        return True
    if len(piece.text.strip()) <= 2 and piece.size < 0.85 * paragraph.first.size:
        return True
    return _NOTE_MARK.match(paragraph.first.text) is not None


def _under_rule(paragraph: Paragraph, rules: Sequence[Stroke]) -> bool:
    """Is there a short rule right above, at the left edge of the column?"""
    top = paragraph.first.base - paragraph.first.size
    width = paragraph.right - paragraph.left
    for rule in rules:
        if (
            -3 < top - rule.y1 < 12
            and abs(rule.x0 - paragraph.left) < 6
            and 20 < rule.x1 - rule.x0 < 0.75 * width + 20
        ):
            return True
    return False


@dataclass(slots=True)
class _Front:
    """Parts made of the front matter, by paragraph, and the order at which text begins."""

    parts: dict[int, list[Part]]
    end: int


def _front(
    paragraphs: list[Paragraph],
    roles: dict[int, tuple[Role, str | None]],
    pages: dict[int, Page],
    look: Look,
    first: int,
    title: str,
) -> _Front:
    """Title, by-line, affiliations and what else stands before the abstract."""
    front = _Front({}, 0)
    own = [p for p in paragraphs if p.page == first and p.zone is None and p.order not in roles]
    page = pages.get(first)
    if not own or page is None:
        return front
    heading = _title(own, page, look, title)
    if heading is None:
        return front
    for paragraph in heading:
        front.parts[paragraph.order] = [Part(Role.TITLE, paragraph, rows=paragraph.rows)]
    start = heading[0].order
    last = heading[-1].order
    for paragraph in own:
        if paragraph.order < start:
            front.parts[paragraph.order] = [
                Part(Role.METADATA, paragraph, rows=paragraph.rows)
            ]
    front.end = last
    limit = [p for p in paragraphs if p.order > last and p.page in (first, first + 1)]
    between: list[tuple[Paragraph, str]] = []
    for paragraph in limit:
        if paragraph.zone is not None or paragraph.order in roles:
            continue
        text = front_text(paragraph.rows)
        if _begins_text(paragraph, text, look):
            break
        front.end = paragraph.order
        between.append((paragraph, text))
    between = _whole_bylines(between, front)
    names = _Names(between, " ".join(p.text for p in heading))
    for paragraph, text in between:
        front.parts[paragraph.order] = _front_parts(paragraph, text, names)
    return front


def _whole_bylines(
    between: list[tuple[Paragraph, str]], front: _Front
) -> list[tuple[Paragraph, str]]:
    """A by-line with ragged lines may have been cut into paragraphs: put it together."""
    result: list[tuple[Paragraph, str]] = []
    for paragraph, text in between:
        if result:
            before, begun = result[-1]
            gap = paragraph.first.base - before.last.base
            whole = f"{begun} {text}"
            if (
                abs(paragraph.first.size - before.last.size) < 0.3
                and paragraph.first.style == before.last.style
                and 0 < gap < 1.5 * paragraph.first.size
                and begun.rstrip()[-1:] != "."
                and ("," in whole or " and " in whole)
                and not any(_wide_gap(row) for row in paragraph.rows)
                and _is_byline(whole)
                and not bylines.is_affiliation(text)
            ):
                merged = Paragraph(
                    before.rows + paragraph.rows,
                    before.left,
                    before.right,
                    before.page,
                    before.column,
                    None,
                    before.order,
                )
                front.parts[paragraph.order] = []
                result[-1] = (merged, whole)
                continue
        result.append((paragraph, text))
    return result


def front_text(rows: Sequence[Row]) -> str:
    """Rows of the front matter on one line, names parted by commas where dots part them."""
    return " ".join(plain(row) for row in rows).replace(" · ", ", ").replace(" •", ",")


class _Names:
    """How names look in this by-line: what stands smaller or returns is a place, not a person."""

    def __init__(self, between: list[tuple[Paragraph, str]], title: str) -> None:
        self.title = letters(title)
        self.size = 0.0
        self.seen: Counter[str] = Counter()
        for paragraph, text in between:
            if _is_byline(text) and not self.size:
                self.size = paragraph.first.size
            for row in paragraph.rows:
                for cell in _row_cells(row):
                    shown = front_text([cell]).strip()
                    self.seen[shown] += 1
                    if not self.size and _is_byline(shown):
                        self.size = cell.size

    def role(self, cell: Row, shown: str) -> Role:
        """The role of one line (or part of a line) of the front matter."""
        role = _front_role(shown)
        if role is Role.METADATA or letters(shown) in self.title:
            return Role.METADATA
        if role is Role.BYLINE and cell.size > self.size - 0.4 and self.seen[shown.strip()] == 1:
            return role
        if role is Role.AFFILIATION or len(shown.split()) <= 12:
            return Role.AFFILIATION
        return Role.METADATA


def _begins_text(paragraph: Paragraph, text: str, look: Look) -> bool:
    """Is this the abstract, a section, or running text?"""
    bare = text.strip()
    if _ABSTRACT.match(bare) or (heads.is_known(bare) and not bylines.is_metadata(bare)):
        return True
    label = paragraph.first.pieces[0]
    if label.lead and _ABSTRACT.match(label.text[: label.lead].strip()):
        return True
    role = _front_role(bare)
    if role is not None:
        return False
    if BULLET.match(bare) or NUMBERED.match(bare):
        return True
    if "·" in paragraph.first.text or any(
        _is_byline(plain(cell)) for cell in _row_cells(paragraph.first)
    ):
        return False
    strong = paragraph.style & BOLD or paragraph.first.size > look.body + 0.8
    if strong and heads.is_bold_heading(bare) and len(paragraph.rows) <= 2:
        return True
    words = re.findall(r"[^\W\d_]+", bare)
    lower = sum(1 for word in words if word[0].islower())
    return len(paragraph.rows) >= 3 and len(words) > 35 and lower > 0.6 * len(words)


def _front_parts(paragraph: Paragraph, text: str, names: _Names) -> list[Part]:
    role = _front_role(text)
    gaps = any(_wide_gap(row) for row in paragraph.rows)
    if role is Role.METADATA and not _mixed(paragraph.rows):
        return [Part(role, paragraph, rows=paragraph.rows)]
    if role is not None and not gaps and not _mixed(paragraph.rows):
        if role is Role.BYLINE and len(paragraph.rows) == 1:
            role = names.role(paragraph.first, text)
        return [Part(role, paragraph, authors=role is Role.BYLINE, rows=paragraph.rows)]
    parts: list[Part] = []
    for row in paragraph.rows:
        cells = _row_cells(row)
        for cell in cells:
            own = names.role(cell, front_text([cell]))
            last = parts[-1] if parts else None
            if last is not None and last.role is own is not Role.BYLINE and len(cells) == 1:
                last.rows.append(cell)
            else:
                parts.append(Part(own, paragraph, authors=own is Role.BYLINE, rows=[cell]))
    return parts


def _mixed(rows: list[Row]) -> bool:
    """Do the lines of a block differ in kind: names above, institution below?"""
    kinds = [_front_role(plain(row)) for row in rows]
    return Role.BYLINE in kinds and Role.AFFILIATION in kinds


def _wide_gap(row: Row) -> bool:
    return any(b.x0 - a.x1 > 1.4 * row.size for a, b in zip(row.pieces, row.pieces[1:], strict=False))


def _row_cells(row: Row) -> list[Row]:
    """The parts of a row that wide gaps separate."""
    groups = [[row.pieces[0]]]
    for piece in row.pieces[1:]:
        if piece.x0 - groups[-1][-1].x1 > 1.4 * row.size:
            groups.append([piece])
        else:
            groups[-1].append(piece)
    if len(groups) == 1:
        return [row]
    return [
        Row(tuple(g), g[0].x0, g[-1].x1, row.base, row.size, row.style, row.page) for g in groups
    ]


def _title(
    own: list[Paragraph], page: Page, look: Look, title: str
) -> list[Paragraph] | None:
    """The paragraphs of the title: the file's own title found again, else the largest text."""
    upper = []
    for paragraph in own:
        bare = heads.strip_number(paragraph.text) if len(paragraph.rows) == 1 else ""
        if _MAIN.fullmatch(bare) or (_ABSTRACT.fullmatch(bare) and len(bare) < 24):
            break  # no title stands below the first section
        if paragraph.first.base < 0.6 * page.height:
            upper.append(paragraph)
    upper = [p for p in upper if len(letters(p.text)) >= 8 and not bylines.is_metadata(p.text)]
    if not upper:
        return None
    wanted = letters(title)
    if len(wanted) > 14:
        for index, paragraph in enumerate(upper):
            found = letters(paragraph.text)
            if len(found) < 10 or not wanted.startswith(found[: len(wanted)]):
                continue
            if len(found) > 1.3 * len(wanted):
                continue
            chosen, have = [paragraph], found
            for following in upper[index + 1 : index + 4]:
                more = have + letters(following.text)
                if len(have) < len(wanted) and wanted.startswith(more[: len(wanted)]):
                    chosen.append(following)
                    have = more
                else:
                    break
            if len(have) >= 0.6 * len(wanted):
                return chosen
    largest = max(p.first.size for p in upper)
    if largest < look.body * 1.08:
        return _plain_title(upper)
    for index, paragraph in enumerate(upper):
        if paragraph.first.size >= largest - 0.3 and not heads.is_known(paragraph.text):
            chosen = [paragraph]
            for following in upper[index + 1 : index + 4]:
                near = following.first.base - chosen[-1].last.base < 2.4 * largest
                if abs(following.first.size - largest) < 0.4 and near:
                    chosen.append(following)
                else:
                    break
            return chosen
    return None


def _plain_title(upper: list[Paragraph]) -> list[Paragraph] | None:
    """In a manuscript of one size, the title is the first bold or centred paragraph."""
    for paragraph in upper[:6]:
        text = paragraph.text.strip()
        if not 3 <= len(text.split()) <= 40 or heads.is_known(text) or _is_byline(text):
            continue
        row = paragraph.first
        middle = abs((row.x0 + row.x1) - (paragraph.left + paragraph.right)) < 20
        centred = middle and row.x0 > paragraph.left + 12
        if paragraph.style & BOLD or centred:
            return [paragraph]
    first = upper[0]
    words = len(first.text.split())
    ended = first.text.rstrip()[-1:] in {".", ":", ";", ","}
    return [first] if 3 <= words <= 40 and len(first.rows) <= 4 and not ended else None


def _headings(
    paragraphs: list[Paragraph],
    roles: dict[int, tuple[Role, str | None]],
    look: Look,
    outline: Outline,
    start: int,
) -> dict[int, int]:
    """Paragraphs that are headings, with their levels."""
    keys: dict[int, tuple[float, int, bool]] = {}
    fixed: dict[int, int] = {}
    known: Counter[tuple[float, int, bool]] = Counter()
    lettered: dict[int, str] = {}
    roman = False
    flow = [p for p in paragraphs if p.zone is None and p.order not in roles and p.order > start]
    for index, paragraph in enumerate(flow):
        if len(paragraph.rows) > 4:
            continue
        text = " ".join([plain(row) for row in paragraph.rows])
        level = outline.level(paragraph.page, text) if len(text) < 200 else None
        following = flow[index + 1] if index + 1 < len(flow) else None
        if level is None and not _heads(paragraph, text, look, following):
            continue
        if level is None and text.count(" ") > 2 and bylines.is_metadata(text):
            continue
        key = (
            round(paragraph.first.size * 2) / 2,
            paragraph.style,
            text.isupper() or _small_caps(paragraph),
        )
        keys[paragraph.order] = key
        decimal = _DECIMAL.match(text)
        if level is not None:
            fixed[paragraph.order] = level
        elif decimal and int(decimal[1].split(".")[0]) <= 20:
            fixed[paragraph.order] = decimal[1].rstrip(".").count(".") + 1
        if _MAIN.fullmatch(heads.strip_number(text)):
            known[key] += 1
        if _ROMAN.match(text) and level is None and not _LETTER.match(text):
            fixed[paragraph.order] = 1
            roman = True
        elif _LETTER.match(text) or _PAREN.match(text):
            lettered[paragraph.order] = text
    ranks = _ranks(keys, known)
    romans = sum(1 for level in fixed.values() if level == 1) if roman else 0
    for order, text in lettered.items():
        if romans >= 2 and order not in fixed:
            fixed[order] = 2 if _LETTER.match(text) else 3
    return {order: fixed.get(order, ranks[key]) for order, key in keys.items()}


def _small_caps(paragraph: Paragraph) -> bool:
    return all(c.isupper() for row in paragraph.rows for c in row.text if c.isalpha())


def _ranks(
    keys: dict[int, tuple[float, int, bool]], known: Counter[tuple[float, int, bool]]
) -> dict[tuple[float, int, bool], int]:
    """Levels of looks: that of the main sections is 1, weaker ones follow."""

    def weight(key: tuple[float, int, bool]) -> tuple[float, int, int, int]:
        size, style, caps = key
        return (size, int(bool(style & BOLD)), int(caps), -int(bool(style & ITALIC)))

    looks = sorted(set(keys.values()), key=weight, reverse=True)
    if known:
        main = max(known.items(), key=lambda item: (item[1], weight(item[0])))[0]
    elif looks:
        main = looks[0]
    else:
        return {}
    ranks: dict[tuple[float, int, bool], int] = {}
    level = 1
    for key in looks:
        if weight(key) >= weight(main):
            ranks[key] = 1
        else:
            level = min(level + 1, 5)
            ranks[key] = level
    return ranks


def _heads(
    paragraph: Paragraph, text: str, look: Look, following: Paragraph | None
) -> bool:
    """Does a paragraph look like a heading?"""
    count = len(text.split())
    if not text or count > 24 or len(paragraph.rows) > 4 or not any(c.isalpha() for c in text):
        return False
    known = heads.is_known(text)
    if BULLET.match(text) or caption_kind(text) is not None:
        return False
    if heads.is_speaker(text) and not known:
        return False
    end = text[-1]
    if end in ",;" or (end in ".:" and not known and count > 12):
        return False
    size = paragraph.first.size
    style = paragraph.style
    bigger = size >= look.body * 1.08 and size >= look.body + 0.8
    small = size < look.body - 1.6
    if known and (style or bigger or _alone(paragraph) or text.isupper()):
        return True
    if small or text[0].islower() or text[0] in _OPENERS and not bigger:
        return False
    if following is None:
        return False
    numbered = _DECIMAL.match(text) or _ROMAN.match(text) or _LETTER.match(text)
    if bigger and not following_is_same(paragraph, following):
        return count <= 24
    if style & BOLD:
        return heads.is_bold_heading(text) and not (
            following.zone is None and following.style & BOLD and len(following.rows) > 3
        )
    caps = text.isupper() and sum(c.isalpha() for c in text) >= 4
    if caps and count <= 14:
        return end not in "."
    if style & ITALIC:
        plain_next = not following.style & ITALIC
        if numbered and count <= 14:
            return True
        return (
            count <= 12
            and end not in ".:!?\"”’)"
            and plain_next
            and _alone(paragraph)
            and text[0].isupper()
            and len(paragraph.rows) <= 2
        )
    if numbered and count <= 14 and end not in ".:" and _alone(paragraph):
        decimal = _DECIMAL.match(text)
        deep = decimal is not None and "." in decimal[1] and text[decimal.end()].isupper()
        return deep or _ROMAN.match(text) is not None
    return False


def following_is_same(paragraph: Paragraph, following: Paragraph) -> bool:
    """Large text that goes on in paragraphs of its own is no heading."""
    return (
        following.zone is None
        and abs(following.size - paragraph.size) < 0.4
        and len(following.rows) > 4
    )


def _alone(paragraph: Paragraph) -> bool:
    """A short line that does not reach the right edge."""
    return paragraph.right - paragraph.last.x1 > 3 * paragraph.first.size


def _references(
    paragraphs: list[Paragraph],
    roles: dict[int, tuple[Role, str | None]],
    headings: dict[int, int],
    look: Look,
) -> None:
    """Everything under the heading of the references, up to the next one of its level."""
    level = 0
    for paragraph in paragraphs:
        if paragraph.order in headings:
            text = heads.strip_number(" ".join(paragraph.text.split()))
            own = headings[paragraph.order]
            if _REFERENCES.fullmatch(text) or _REFERENCES.fullmatch(text.replace(" ", "")):
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
    return paragraph.first.size >= look.body - 0.3 and len(paragraph.rows) <= 2 and not (
        LABELLED.match(paragraph.first.text) is not None and not paragraph.style
    )


def _text(
    paragraph: Paragraph, look: Look, headings: dict[int, int], body: bool
) -> list[Part]:
    """A paragraph of the running text: list item, quotation, with or without a run-in heading."""
    rows = paragraph.rows
    text = rows[0].text.lstrip()
    lead = _run_in(paragraph)
    if lead is not None:
        heading, rest = lead
        level = min(max(headings.values(), default=1) + 1, 6)
        parts = [Part(Role.HEADING, paragraph, level, "run-in", rows=heading)]
        if rest:
            parts.append(Part(Role.PARAGRAPH, paragraph, whole=False, rows=rest))
        return parts
    role = Role.PARAGRAPH
    if _is_item(text):
        role = Role.LIST_ITEM
    elif _is_quote(paragraph, text, look, body):
        role = Role.BLOCK_QUOTE
    elif paragraph.page <= 2 and _KEYWORDS.match(text):
        role = Role.METADATA
    elif paragraph.page == 1 and bylines.is_metadata(text) and paragraph.size < look.body - 0.3:
        role = Role.METADATA
    return [Part(role, paragraph, rows=rows)]


def _is_item(text: str) -> bool:
    """Does a paragraph begin with a bullet or the number of a list?"""
    if BULLET.match(text):
        return text[0] not in "-–—*" or text[1:].lstrip()[:1].isupper()
    return NUMBERED.match(text) is not None


def _run_in(paragraph: Paragraph) -> tuple[list[Row], list[Row]] | None:
    """The rows of a heading at the start of a paragraph, and those of its text."""
    rows = paragraph.rows
    named = _PLAIN_LABEL.match(rows[0].pieces[0].text)
    if named is not None:
        before, after = _cut(rows[0], 0, named.end())
        if before is not None:
            return [before], [*([after] if after else []), *rows[1:]]
    label, emphasis = "", 0
    for count, row in enumerate(rows[:2]):
        for index, piece in enumerate(row.pieces):
            if piece.lead or (label and not piece.style):
                length = _label_end(label, piece, emphasis)
                if length < 0:
                    return None
                before, after = _cut(row, index, length)
                return (
                    [*rows[:count], *([before] if before else [])],
                    [*([after] if after else []), *rows[count + 1 :]],
                )
            if not piece.style:
                return None
            emphasis = piece.style
            label += piece.text.strip() + " "
        if len(rows) == 1 or len(label) > 110:
            return None
    return None


def _label_end(label: str, piece: Piece, style: int) -> int:
    """Where in ``piece`` a heading that begins with ``label`` ends; -1 when it is none."""
    shown = (label + piece.text[: piece.lead]).strip()
    rest = piece.text[piece.lead :]
    skipped = len(rest) - len(rest.lstrip())
    stop = rest[skipped : skipped + 1]
    length = piece.lead
    if stop and stop in "—–" and _ABSTRACT.match(shown) and len(shown) < 24:
        return length + skipped + 1
    if stop and stop in "—–:." and shown[-1:] not in ".:":
        shown += "."
        length += skipped + 1
    if len(shown) > 120 or not shown:
        return -1
    bold = (piece.lead_style or style) & BOLD
    decimal = _DECIMAL.match(shown)
    if decimal and "." in decimal[1] and shown[-1] in ".:":
        return length
    if bold and heads.is_known(shown) and rest.lstrip()[:1].isupper():
        return length
    if _PAREN.match(shown) and shown[-1] in ".:" and len(shown.split()) <= 14:
        return length
    if re.match(r"index terms|keywords|abstract", shown, re.I) and len(shown) < 24:
        return length
    return length if heads.is_run_in(shown, "bold" if bold else "italic") else -1


def _cut(row: Row, index: int, at: int) -> tuple[Row | None, Row | None]:
    """A row before and after character ``at`` of its piece ``index``."""
    before, after = row.pieces[index].cut(at)
    left = (*row.pieces[:index], *((before,) if before.text.strip() else ()))
    right = (*((after,) if after.text.strip() else ()), *row.pieces[index + 1 :])
    return (
        row._replace(pieces=left, x1=left[-1].x1) if left else None,
        row._replace(pieces=right, x0=right[0].x0) if right else None,
    )


def _is_quote(paragraph: Paragraph, text: str, look: Look, body: bool) -> bool:
    rows = paragraph.rows
    size = look.body
    label, colon, _ = text[:30].partition(":")
    if body and colon and heads.is_speaker(label):
        return True  # somebody speaks in a transcript
    inner = min(row.x0 for row in rows[1:]) if len(rows) > 1 else rows[0].x0
    indent = inner - paragraph.left
    opens = text[:1] in _OPENERS
    italic = bool(paragraph.style & ITALIC)
    smaller = paragraph.size < size - 0.6
    if len(rows) == 1:
        return (indent > 0.8 * size or smaller) and (opens or italic) and len(text) > 20
    if indent > 0.8 * size and rows[0].x0 - paragraph.left > 0.5 * size:
        short = paragraph.right - max(row.x1 for row in rows) > 0.6 * size
        return opens or italic or smaller or short
    return (smaller and (opens or italic)) or (italic and (opens or body))


_FLOW = frozenset({Role.PARAGRAPH, Role.LIST_ITEM, Role.BLOCK_QUOTE, Role.REFERENCE})


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
    if not after.whole or before.role is Role.REFERENCE and after.role is not Role.REFERENCE:
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
        shift = (after.rows[0].x0 - after.paragraph.left) - (before.rows[-1].x0 - before.paragraph.left)
        if abs(shift) > 0.8 * look.body or ending(before.rows[-1]) in ".?!":
            return False
    return goes_on(a, after.paragraph, look)
