"""What each paragraph of a PDF is, and which of them are one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from coreqcheck.model import Role
from coreqcheck.readers import bylines, heads
from coreqcheck.readers.layout import Row
from coreqcheck.readers.pdf_pages import BOLD, ITALIC, Page, Stroke
from coreqcheck.readers.pdf_paragraphs import (
    BULLET,
    LABELLED,
    NUMBERED,
    Look,
    Paragraph,
    ending,
    goes_on,
)
from coreqcheck.readers.pdf_tables import caption_kind

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
_ABSTRACT = re.compile(
    r"(?:abstract|summary|synopsis|resumen|resumo|zusammenfassung|r[ée]sum[ée])\b", re.IGNORECASE
)
_DECIMAL = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=\S)")
_ROMAN = re.compile(r"\s*[IVX]{1,5}\.\s+(?=\S)")
_LETTER = re.compile(r"\s*[A-H]\.\s+(?=\S)")
_NOTE_MARK = re.compile(r"\s*(?:[*†‡§¶#]|\d{1,2}\s?(?=[A-Z\"“(]|https?:)|\[\d{1,2}\]|[a-z]\s+(?=[A-Z]))")
_OPENERS = "\"“‘'«„‚‹"


@dataclass(slots=True)
class Part:
    """A block to be: rows with their role. ``cut`` are characters of the first row left out.

    A heading that runs in shares its first row with the paragraph after it: the heading has
    ``until`` characters of its last row, the paragraph starts after ``cut`` of its first.
    """

    role: Role
    paragraph: Paragraph
    level: int = 0
    style: str | None = None
    cut: int = 0
    until: int = 0
    authors: bool = False
    rows: list[Row] = field(default_factory=list)


class Outline:
    """The file's own table of contents: (page, letters) to level."""

    def __init__(self, entries: Sequence[tuple[int, str, int]], title: str) -> None:
        top = [letters(t) for level, t, _ in entries if level == 1]
        lone = len(top) == 1 and len(entries) > 3
        self.shift = 1 if lone else 0
        self.levels: dict[tuple[int, str], int] = {}
        for level, text, page in entries:
            key = letters(heads.strip_number(text)) or letters(text)
            if key and caption_kind(text) is None and level - self.shift >= 1:
                self.levels.setdefault((page, key), level - self.shift)

    def level(self, page: int, text: str) -> int | None:
        """The level of a heading with this text on this page."""
        if not self.levels:
            return None
        key = letters(heads.strip_number(text)) or letters(text)
        return self.levels.get((page, key))


def letters(text: str) -> str:
    """Letters and digits only, in lower case: for comparing titles."""
    return "".join(c for c in text.casefold() if c.isalnum())


def plain(row: Row) -> str:
    """The text of a row without raised and lowered marks."""
    parts = []
    for piece in row.pieces:
        text, at = "", 0
        for start, end, _ in piece.marks:
            text += piece.text[at:start] + " "
            at = end
        parts.append((text + piece.text[at:]).strip())
    return " ".join(parts)


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
    for paragraph in paragraphs:
        if paragraph.order in front.parts:
            parts.extend(front.parts[paragraph.order])
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
            parts.extend(_text(paragraph, look, headings))
    return _joined(parts, look)


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
        text = paragraph.text
        if caption_kind(text) is not None:
            near = index + 1 < len(paragraphs) and paragraphs[index + 1].zone is not None
            near = near or (index > 0 and paragraphs[index - 1].zone is not None)
            if near or len(paragraph.rows) <= 8:
                roles[paragraph.order] = (Role.CAPTION, None)
                _caption_title(paragraphs, index, roles, text)
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
    for paragraph in paragraphs:
        if paragraph.zone is None and paragraph.order not in roles:
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
        if low is None:
            continue
        for paragraph in column[low:]:
            text = paragraph.text
            role = Role.FOOTNOTE
            if number == first and _licence(text):
                role = Role.METADATA
            roles[paragraph.order] = (role, None)


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
    for paragraph in limit:
        if paragraph.zone is not None or paragraph.order in roles:
            continue
        text = " ".join(plain(row) for row in paragraph.rows)
        if _begins_text(paragraph, text, look):
            break
        front.end = paragraph.order
        front.parts[paragraph.order] = _front_parts(paragraph, text)
    return front


def _begins_text(paragraph: Paragraph, text: str, look: Look) -> bool:
    """Is this the abstract, a section, or running text?"""
    bare = text.strip()
    if _ABSTRACT.match(bare) or (heads.is_known(bare) and not bylines.is_metadata(bare)):
        return True
    label = paragraph.first.pieces[0]
    if label.lead and _ABSTRACT.match(label.text[: label.lead].strip()):
        return True
    role = bylines.front_role(bare)
    if role is not None:
        return False
    words = re.findall(r"[^\W\d_]+", bare)
    lower = sum(1 for word in words if word[0].islower())
    return len(paragraph.rows) >= 3 and len(words) > 35 and lower > 0.6 * len(words)


def _front_parts(paragraph: Paragraph, text: str) -> list[Part]:
    role = bylines.front_role(text)
    if role is Role.METADATA or (
        role is not None and not any(_wide_gap(row) for row in paragraph.rows)
    ):
        mixed = role is not Role.METADATA and len(paragraph.rows) > 1 and _mixed(paragraph.rows)
        if not mixed:
            return [Part(role, paragraph, authors=role is Role.BYLINE, rows=paragraph.rows)]
    parts = []
    for row in paragraph.rows:
        for cell in _row_cells(row):
            shown = plain(cell)
            own = bylines.front_role(shown) or Role.METADATA
            if own is Role.METADATA and not bylines.is_metadata(shown):
                own = Role.AFFILIATION if len(shown.split()) <= 12 else Role.METADATA
            last = parts[-1] if parts else None
            if (
                last is not None
                and last.role is own
                and own is not Role.BYLINE
                and len(_row_cells(row)) == 1
            ):
                last.rows.append(cell)
            else:
                parts.append(Part(own, paragraph, authors=own is Role.BYLINE, rows=[cell]))
    return parts


def _mixed(rows: list[Row]) -> bool:
    """Do the lines of a block differ in kind: names above, institution below?"""
    kinds = [bylines.front_role(plain(row)) for row in rows]
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
    upper = [p for p in own if p.first.base < 0.6 * page.height]
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
        if not 3 <= len(text.split()) <= 40 or heads.is_known(text) or bylines.is_byline(text):
            continue
        row = paragraph.first
        middle = abs((row.x0 + row.x1) - (paragraph.left + paragraph.right)) < 20
        centred = middle and row.x0 > paragraph.left + 12
        if paragraph.style & BOLD or centred:
            return [paragraph]
    first = upper[0]
    return [first] if 3 <= len(first.text.split()) <= 40 and len(first.rows) <= 4 else None


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
    flow = [p for p in paragraphs if p.zone is None and p.order not in roles and p.order > start]
    for index, paragraph in enumerate(flow):
        text = " ".join(plain(row) for row in paragraph.rows).strip()
        level = outline.level(paragraph.page, text) if len(text) < 200 else None
        following = flow[index + 1] if index + 1 < len(flow) else None
        if level is None and not _heads(paragraph, text, look, following):
            continue
        if level is not None and len(paragraph.rows) > 4:
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
            if _ROMAN.match(text) and level is None:
                fixed[paragraph.order] = 1
    ranks = _ranks(keys, known)
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
    if BULLET.match(text) or caption_kind(text) is not None or heads.is_speaker(text):
        return False
    known = heads.is_known(text)
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
        rest = text[numbered.end() :]
        return bool(_DECIMAL.match(text)) and "." in numbered[0] and rest[:1].isupper() or bool(
            _ROMAN.match(text)
        )
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
            real = heads.is_known(text) or re.match(r"(?:appendix|annex|supplement)", text, re.I)
            if real or (own <= level and _like(paragraph, look)):
                level = 0
            else:
                del headings[paragraph.order]
        if level and paragraph.zone is None and paragraph.order not in roles:
            roles[paragraph.order] = (Role.REFERENCE, None)


def _like(paragraph: Paragraph, look: Look) -> bool:
    return paragraph.first.size >= look.body - 0.3 and len(paragraph.rows) <= 2 and not (
        LABELLED.match(paragraph.first.text) is not None and not paragraph.style
    )


def _text(paragraph: Paragraph, look: Look, headings: dict[int, int]) -> list[Part]:
    """A paragraph of the running text: list item, quotation, with or without a run-in heading."""
    rows = paragraph.rows
    text = rows[0].text.lstrip()
    lead = _run_in(paragraph)
    if lead is not None:
        count, length = lead
        level = max(headings.values(), default=1)
        parts = [
            Part(
                Role.HEADING,
                paragraph,
                min(level + 1, 6),
                "run-in",
                until=length,
                rows=rows[:count],
            )
        ]
        whole = len(rows[count - 1].pieces) == 1 and length >= len(rows[count - 1].text.rstrip())
        rest = rows[count:] if whole else rows[count - 1 :]
        if rest:
            parts.append(
                Part(Role.PARAGRAPH, paragraph, cut=0 if whole else length, rows=rest)
            )
        return parts
    role = Role.PARAGRAPH
    if BULLET.match(text) or NUMBERED.match(text):
        role = Role.LIST_ITEM
    elif _is_quote(paragraph, text, look):
        role = Role.BLOCK_QUOTE
    elif paragraph.page == 1 and bylines.is_metadata(text) and paragraph.size < look.body - 0.3:
        role = Role.METADATA
    return [Part(role, paragraph, rows=rows)]


def _run_in(paragraph: Paragraph) -> tuple[int, int] | None:
    """(rows, characters of the last of them) of a heading at the start of a paragraph."""
    rows = paragraph.rows
    label = ""
    for count, row in enumerate(rows[:2], start=1):
        piece = row.pieces[0]
        if piece.lead:
            label += piece.text[: piece.lead]
            shown = label.strip()
            rest = piece.text[piece.lead :].lstrip()
            if rest[:1] in "—–" and _ABSTRACT.match(shown):
                return count, piece.lead
            if rest[:1] in "—–:." and shown[-1:] not in ".:":
                shown += "."
                length = piece.lead + len(piece.text[piece.lead :]) - len(rest) + 1
            else:
                length = piece.lead
            emphasis = "bold" if piece.lead_style & BOLD else "italic"
            if heads.is_run_in(shown, emphasis) or (
                re.match(r"index terms|keywords|abstract", shown, re.I) and len(shown) < 24
            ):
                return count, length
            return None
        if not row.style or len(row.pieces) > 1 or len(rows) == 1:
            return None
        label += piece.text.rstrip() + " "
        if len(label) > 110:
            return None
    return None


def _is_quote(paragraph: Paragraph, text: str, look: Look) -> bool:
    rows = paragraph.rows
    size = look.body
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
    return (smaller and (opens or italic)) or (opens and italic)


_FLOW = frozenset({Role.PARAGRAPH, Role.LIST_ITEM, Role.BLOCK_QUOTE, Role.REFERENCE})


def _joined(parts: list[Part], look: Look) -> list[Part]:
    """Join what continues in the next column or page, or after a table or note in between."""
    result: list[Part] = []
    opened: Part | None = None
    apart = False
    for part in parts:
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
            opened = part
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
    if after.cut or before.role is Role.REFERENCE and after.role is not Role.REFERENCE:
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
