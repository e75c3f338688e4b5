"""Lines of plain text that are no part of the prose: page marks, running heads, watermarks.

Works on text as it comes out of PDF files. Every line keeps its place; what is found is labelled.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from coreqcheck.model import Role
from coreqcheck.readers.decode import Line

_PAGE_MARK = re.compile(
    r"^\W{0,12}\bpage[\s_]*(\d{1,4})(?:\s*(?:of|/|von|de)\s*\d{1,4})?\b\W{0,12}$", re.IGNORECASE
)
_FENCED = re.compile(r"^\s*(?:[=\-–—*#~_\[(<|]\s*){2,}|^\s*\[\s*page", re.IGNORECASE)
_NUMBER_ONLY = re.compile(
    r"^\W{0,3}(?:page|p\.|seite)?\s*(\d{1,4})(?:\s*(?:of|/|von)\s*\d{1,4})?\W{0,3}$", re.IGNORECASE
)
_PRINTED = re.compile(r"^(\d{1,4})\s+(?=[A-Z])|\bpage\s+(\d{1,4})\b|\s(\d{1,4})$", re.IGNORECASE)
_HEADISH = re.compile(
    r"et al\b|\bdoi\b|10\.\d{4,}/|\bopen access\b|\bjournal\b|\bvol(?:ume)?\b|https?://|www\.|"
    r"\bissn\b|©|copyright|downloaded|\b(?:19|20)\d\d\s?[;:]\s?\d|\bmanuscript\b|\bpreprint\b",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"downloadedfrom|bycopyright|byguest|firstpublished|licensedto|allrightsreserved"
)
_URL = re.compile(r"^\s*(?:https?://|www\.)\S+\s*$", re.IGNORECASE)
EDGE = 3
"""How many lines at the top and bottom of a page may be running heads."""


@dataclass(slots=True)
class Row:
    """A line with its label: ``None`` while it is prose. ``start`` is where its text begins."""

    line: Line
    role: Role | None = None
    start: int = 0

    @property
    def bare(self) -> str:
        """The text without white space around, or number before."""
        return self.line.text[self.start :].strip()

    @property
    def blank(self) -> bool:
        """True when nothing is left to read."""
        return not self.bare


def label_lines(lines: Sequence[Line]) -> list[Row]:
    """The lines with furniture, watermarks and line numbers labelled, and their pages known."""
    rows = [Row(line) for line in lines]
    _label_pages(rows)
    _label_stamps(rows)
    _label_running_heads(rows)
    _label_urls(rows)
    _label_line_numbers(rows)
    return rows


def is_page_mark(text: str) -> bool:
    """True for a line that only says which page starts ("=== page 4 ===")."""
    return _PAGE_MARK.match(text) is not None and _FENCED.match(text) is not None


def _label_pages(rows: list[Row]) -> None:
    """Page marks and form feeds number the lines after them."""
    page: int | None = None
    if any("\f" in row.line.text for row in rows):
        page = 1
    marks = [row for row in rows if _PAGE_MARK.match(row.line.text)]
    fenced = [row for row in marks if _FENCED.match(row.line.text)]
    for row in fenced:
        row.role = Role.FURNITURE
    for row in rows:
        text = row.line.text
        if row.role is Role.FURNITURE:
            hit = _PAGE_MARK.match(text)
            page = int(hit.group(1)) if hit else page
        elif "\f" in text and page is not None and not fenced:
            page += text.count("\f") if text.startswith("\f") else 0
        row.line = replace(row.line, page=page)
        if "\f" in text and not text.startswith("\f") and page is not None and not fenced:
            page += text.count("\f")


def _label_stamps(rows: list[Row]) -> None:
    """Stamps that a PDF's text spreads over many short lines, again on every page."""
    counts = Counter(row.bare for row in rows if row.bare)
    group: list[Row] = []
    for row in [*rows, Row(Line("x" * 200, 0, 0))]:
        short = len(row.bare) <= 45 and counts[row.bare] >= 2 and row.role is None
        if row.blank or short:
            group.append(row)
            continue
        filled = [one for one in group if not one.blank]
        tight = "".join(one.bare for one in filled).replace(" ", "").lower()
        if len(filled) >= 4 and _STAMP.search(tight) and len(tight) < 45 * len(filled):
            first = next(i for i, one in enumerate(group) if not one.blank)
            for one in group[first:]:
                one.role = Role.WATERMARK if not one.blank else one.role
        group = []
    for row in rows:
        if row.role is None and re.search(
            r"downloaded from \S+.* (?:on|by) |by guest on |protected by copyright", row.bare, re.I
        ):
            alone = len(row.bare) < 250 and counts[row.bare] >= 2
            row.role = Role.WATERMARK if alone else None


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.split())).lower()


def _label_running_heads(rows: list[Row]) -> None:
    filled = [row for row in rows if not row.blank and row.role is None]
    edges = _edges(rows)
    counts = Counter(_shape(row.bare) for row in filled)
    at_edge = Counter(_shape(row.bare) for row in filled if id(row) in edges)
    pages = len({row.line.page for row in rows if row.line.page is not None})
    for row in filled:
        shape = _shape(row.bare)
        if len(row.bare) > 160:
            continue
        often = at_edge[shape] >= max(3, pages // 6) and id(row) in edges
        head = counts[shape] >= 3 and _HEADISH.search(row.bare) and not _is_sentence(row.bare)
        number = id(row) in edges and pages > 1 and _NUMBER_ONLY.match(row.bare)
        counted = _PAGE_MARK.match(row.bare) and counts[shape] >= 2
        if often or head or number or counted:
            row.role = Role.FURNITURE
    _label_short_heads(rows, counts)
    _print_pages(rows)


def _label_short_heads(rows: list[Row], counts: Counter[str]) -> None:
    """A line beside a running head or stamp that is one too: repeated, or journal and year."""
    marked = {Role.FURNITURE, Role.WATERMARK}
    for index, row in enumerate(rows):
        if row.role is not None or row.blank or len(row.bare) > 120 or _is_sentence(row.bare):
            continue
        if not (
            counts[_shape(row.bare)] >= 2 and (_HEADISH.search(row.bare) or len(row.bare) < 40)
        ):
            continue
        near = [one for one in rows[max(0, index - 4) : index + 5] if not one.blank]
        if any(one.role in marked for one in near):
            row.role = Role.FURNITURE


def _is_sentence(text: str) -> bool:
    return re.search(r"[a-z]{2}[.?!]$", text) is not None and len(text.split()) > 6


def _edges(rows: Sequence[Row]) -> set[int]:
    """Identities of the first and last lines of each page."""
    found: set[int] = set()
    pages: dict[int | None, list[Row]] = {}
    for row in rows:
        if not row.blank and row.role is None and row.line.page is not None:
            pages.setdefault(row.line.page, []).append(row)
    for group in pages.values():
        found.update(id(row) for row in (*group[:EDGE], *group[-EDGE:]))
    return found


def _print_pages(rows: list[Row]) -> None:
    """Printed page numbers, read from running heads that carry one."""
    heads = [
        (index, number)
        for index, row in enumerate(rows)
        if row.role is Role.FURNITURE and (number := _printed(row.bare))
    ]
    if len(heads) < 2:
        return
    if any(row.line.page is not None for row in rows):
        by_page = {rows[index].line.page: number for index, number in heads}
        for row in rows:
            row.line = replace(row.line, printed=by_page.get(row.line.page))
        return
    current: str | None = None
    numbers = dict(heads)
    for index, row in enumerate(rows):
        current = numbers.get(index, current)
        row.line = replace(row.line, printed=current)


def _printed(text: str) -> str | None:
    if _FENCED.match(text):
        return None
    hit = _NUMBER_ONLY.match(text)
    if hit:
        return hit.group(1)
    hit = _PRINTED.search(text)
    return next((group for group in hit.groups() if group), None) if hit else None


def _label_urls(rows: list[Row]) -> None:
    """Link targets that a converter wrote out below a page: two or more in a row."""
    group: list[Row] = []
    for row in [*rows, Row(Line("x", 0, 0))]:
        if row.role is not None or row.blank:
            continue
        if _URL.match(row.bare):
            group.append(row)
            continue
        if len(group) >= 2:
            for one in group:
                one.role = Role.FURNITURE
        group = []
    after = False
    for row in rows:
        if row.blank:
            continue
        if row.role is None and after and _URL.match(row.bare):
            row.role = Role.FURNITURE
        after = row.role in {Role.WATERMARK, Role.FURNITURE}


def _label_line_numbers(rows: list[Row]) -> None:
    """Numbers before nearly every line, each one more than the last."""
    filled = [row for row in rows if not row.blank and row.role is None]
    hits = [re.match(r"\s{0,6}(\d{1,5})(?:\s+(?=\S)|\s*$)", row.line.text) for row in filled]
    numbers = [int(hit.group(1)) if hit else None for hit in hits]
    steps = sum(
        1
        for before, now in pairwise(numbers)
        if before is not None and now is not None and (now == before + 1 or now == 1)
    )
    if len(filled) < 20 or steps < 0.7 * len(filled):
        return
    for row, hit in zip(filled, hits, strict=True):
        if hit:
            row.start = hit.end()
            if row.blank:
                row.role = Role.LINE_NUMBER
