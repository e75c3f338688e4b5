"""Captions, notes under tables and footnotes of a PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coreqcheck.model import Role
from coreqcheck.readers import bylines, heads
from coreqcheck.readers.pdf_pages import Page, Stroke
from coreqcheck.readers.pdf_paragraphs import Look, Paragraph
from coreqcheck.readers.pdf_parts import REFERENCES, Roles
from coreqcheck.readers.pdf_tables import caption_kind

_NOTE_MARK = re.compile(
    r"\s*(?:[*∗⁎†‡§¶#]|\d{1,2}\s?(?=[A-Z\"“(]|https?:)|\[\d{1,2}\]|[a-z]\s+(?=[A-Z]))"
)


def captions(paragraphs: list[Paragraph], roles: Roles, look: Look) -> None:
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
            note = re.match(
                r"\s*(?:notes?\b|\*|†|‡|[a-z]\s[A-Z]|abbreviations?\b|[A-Z]{2,6}\s*[=:,])", text
            )
            marked = bool(paragraph.first.pieces[0].marks) and (
                paragraph.first.pieces[0].marks[0][0] <= 1
            )
            if close and small and (note or marked or len(paragraph.rows) <= 3):
                roles[paragraph.order] = (Role.TABLE_NOTE, None)
        after_table = None


def _caption_title(
    paragraphs: list[Paragraph],
    index: int,
    roles: Roles,
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


def footnotes(
    paragraphs: list[Paragraph],
    roles: Roles,
    pages: dict[int, Page],
    look: Look,
    first: int,
) -> None:
    """Small text at the foot of a column that begins with a mark or stands under a short rule."""
    columns: dict[tuple[int, int], list[Paragraph]] = {}
    end = max(
        (p.order for p in paragraphs if p.zone is None and REFERENCES.fullmatch(_bare(p))),
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
            if (
                _marked(paragraph)
                or _under_rule(paragraph, page.level)
                or (number == first and _licence(paragraph.text))
            ):
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
