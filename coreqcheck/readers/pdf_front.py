"""Title, by-line, affiliations and what else stands before the text of a PDF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from coreqcheck.model import Role
from coreqcheck.readers import bylines, heads
from coreqcheck.readers.layout import Row
from coreqcheck.readers.pdf_pages import BOLD, Page
from coreqcheck.readers.pdf_paragraphs import NUMBERED, Look, Paragraph
from coreqcheck.readers.pdf_parts import (
    ABSTRACT,
    MAIN,
    Part,
    Roles,
    front_role,
    is_byline,
    letters,
    plain,
)
from coreqcheck.readers.pdf_tables import BULLET

_KEYWORDS = re.compile(r"\s*(?:key\s?-?words?|index terms)\W*\Z", re.IGNORECASE)


@dataclass(slots=True)
class Front:
    """Parts made of the front matter, by paragraph, and the order at which text begins."""

    parts: dict[int, list[Part]]
    end: int


def front_matter(
    paragraphs: list[Paragraph],
    roles: Roles,
    pages: dict[int, Page],
    look: Look,
    first: int,
    title: str,
) -> Front:
    """Title, by-line, affiliations and what else stands before the abstract."""
    front = Front({}, 0)
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
            front.parts[paragraph.order] = [Part(Role.METADATA, paragraph, rows=paragraph.rows)]
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
    keywords = False
    for paragraph, text in between:
        parts = _front_parts(paragraph, text, names)
        if keywords:  # what follows a label "Keywords:" line by line
            for part in parts:
                part.role = Role.METADATA if part.role is Role.AFFILIATION else part.role
        keywords = keywords or _KEYWORDS.match(text) is not None
        front.parts[paragraph.order] = parts
    return front


def _whole_bylines(
    between: list[tuple[Paragraph, str]], front: Front
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
                and is_byline(whole)
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
            if is_byline(text) and not self.size:
                self.size = paragraph.first.size
            for row in paragraph.rows:
                for cell in _row_cells(row):
                    shown = front_text([cell]).strip()
                    self.seen[shown] += 1
                    if not self.size and is_byline(shown):
                        self.size = cell.size

    def role(self, cell: Row, shown: str) -> Role:
        """The role of one line (or part of a line) of the front matter."""
        role = front_role(shown)
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
    strong = paragraph.style & BOLD or paragraph.first.size > look.body + 1.4
    if ABSTRACT.match(bare) or MAIN.fullmatch(heads.strip_number(bare)):
        return True
    tight = bare.replace(" ", "")
    if heads.is_known(bare) and (strong or tight.isupper()) and not bylines.is_metadata(bare):
        return True
    label = paragraph.first.pieces[0]
    if label.lead and ABSTRACT.match(label.text[: label.lead].strip()):
        return True
    role = front_role(bare)
    if role is not None:
        return False
    if BULLET.match(bare) or NUMBERED.match(bare):
        return True
    if "·" in paragraph.first.text or any(
        is_byline(plain(cell)) for cell in _row_cells(paragraph.first)
    ):
        return False
    strong = strong and not any(_wide_gap(row) for row in paragraph.rows)
    if strong and heads.is_bold_heading(bare) and len(paragraph.rows) <= 2:
        return True
    words = re.findall(r"[^\W\d_]+", bare)
    lower = sum(1 for word in words if word[0].islower())
    return len(paragraph.rows) >= 3 and len(words) > 35 and lower > 0.6 * len(words)


def _front_parts(paragraph: Paragraph, text: str, names: _Names) -> list[Part]:
    role = front_role(text)
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
    kinds = [front_role(plain(row)) for row in rows]
    return Role.BYLINE in kinds and Role.AFFILIATION in kinds


def _wide_gap(row: Row) -> bool:
    return any(
        b.x0 - a.x1 > 1.4 * row.size for a, b in zip(row.pieces, row.pieces[1:], strict=False)
    )


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


def _title(own: list[Paragraph], page: Page, look: Look, title: str) -> list[Paragraph] | None:
    """The paragraphs of the title: the file's own title found again, else the largest text."""
    upper = []
    for paragraph in own:
        bare = heads.strip_number(paragraph.text) if len(paragraph.rows) == 1 else ""
        if MAIN.fullmatch(bare) or (ABSTRACT.fullmatch(bare) and len(bare) < 24):
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
        if not 3 <= len(text.split()) <= 40 or heads.is_known(text) or is_byline(text):
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
