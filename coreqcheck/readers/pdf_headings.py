"""Headings of a PDF: by outline, looks, numbers and words, on lines of their own or run in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from coreqcheck.readers import bylines, heads
from coreqcheck.readers.layout import Row
from coreqcheck.readers.pdf_pages import BOLD, ITALIC, Piece
from coreqcheck.readers.pdf_paragraphs import Look, Paragraph
from coreqcheck.readers.pdf_parts import ABSTRACT, DECIMAL, MAIN, OPENERS, Roles, letters, plain
from coreqcheck.readers.pdf_tables import BULLET, caption_kind

_ROMAN = re.compile(r"\s*[IVX]{1,5}\.\s+(?=\S)")
_LETTER = re.compile(r"\s*[A-H]\.\s+(?=\S)")
_PAREN = re.compile(r"\s*\d{1,2}\)\s+(?=\S)")
_PLAIN_LABEL = re.compile(r"\s*(?:ABSTRACT|Abstract)\s*[.:—–-]\s*(?=\S)")


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


def headings_of(
    paragraphs: list[Paragraph],
    roles: Roles,
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
        decimal = DECIMAL.match(text)
        if level is not None:
            fixed[paragraph.order] = level
        elif decimal and int(decimal[1].split(".")[0]) <= 20:
            fixed[paragraph.order] = decimal[1].rstrip(".").count(".") + 1
        if MAIN.fullmatch(heads.strip_number(text)):
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


def _heads(paragraph: Paragraph, text: str, look: Look, following: Paragraph | None) -> bool:
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
    caps = text.isupper() and sum(c.isalpha() for c in text) >= 4
    small = size < look.body - (3 if caps and _ROMAN.match(text) else 1.6)
    if known and (style or bigger or _alone(paragraph) or text.isupper()):
        return True
    if small or text[0].islower() or (text[0] in OPENERS and not bigger):
        return False
    if following is None:
        return False
    numbered = any(p.match(text) for p in (DECIMAL, _ROMAN, _LETTER, _PAREN))
    if bigger and not following_is_same(paragraph, following):
        return count <= 24
    if style & BOLD:
        return heads.is_bold_heading(text) and not (
            following.zone is None and following.style & BOLD and len(following.rows) > 3
        )
    if caps and count <= 14:
        return end not in "."
    if style & ITALIC:
        plain_next = not following.style & ITALIC
        if numbered and count <= 14:
            return True
        return (
            count <= 12
            and end not in '.:!?"”’)'
            and plain_next
            and _alone(paragraph)
            and text[0].isupper()
            and len(paragraph.rows) <= 2
        )
    if numbered and count <= 14 and end not in ".:" and _alone(paragraph):
        decimal = DECIMAL.match(text)
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


def run_in(paragraph: Paragraph) -> tuple[list[Row], list[Row]] | None:
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
    if stop and stop in "—–" and ABSTRACT.match(shown) and len(shown) < 24:
        return length + skipped + 1
    if stop and stop in "—–:." and shown[-1:] not in ".:":
        shown += "."
        length += skipped + 1
    if len(shown) > 120 or sum(c.isalpha() for c in shown) < 3:
        return -1
    bold = (piece.lead_style or style) & BOLD
    decimal = DECIMAL.match(shown)
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
