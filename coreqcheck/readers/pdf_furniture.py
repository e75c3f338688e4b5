"""What is printed on pages without being text of the manuscript: heads, feet, numbers, stamps.

Everything keeps its text; this module only says which pieces are what, and which page number
is printed on which page.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from coreqcheck.model import Role
from coreqcheck.readers.pdf_pages import SLANTED, UPRIGHT, Page, Piece

Key = tuple[int, int]  # page, number of the piece

_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,7}", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|seite|p[áa]gina|s\.)?\s*[-–—•|]*\s*(?P<n>[a-z]{0,2}\d{1,6}|[ivxlc]{1,7})"
    r"(?P<of>\s*(?:of|/|von|de|out of)\s*\d{1,5})?\s*[-–—•|]*",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"download(?:ed)? (?:from|by|on|at|via)|authori[sz]ed licen[sc]ed use|protected by copyright"
    r"|(?:first|originally) published as|wiley online library on|terms and conditions"
    r"|for personal use only|no other uses without permission|by guest|subject to .{0,40}licen[sc]e"
    r"|arxiv:\d|(?:bio|med)rxiv preprint|not certified by peer review"
    r"|content downloaded|restrictions apply|ieee xplore|provisional|uncorrected proof|draft",
    re.IGNORECASE,
)
_COVER = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"provisional pdf",
        r"follow this and additional works",
        r"recommended citation|suggested citation",
        r"repositor(?:y|ies)\b|e-?pubs|eprints?\b|digital ?commons|open research online",
        r"this is (?:an?|the) (?:accepted|peer|author|pre|repository|self|version|post)",
        r"(?:author(?:'s|’s|s)?|accepted|final|submitted) (?:accepted |peer.reviewed )?"
        r"(?:manuscript|version)",
        r"to (?:cite|link to) this (?:article|version|document|paper)",
        r"(?:please )?(?:refer to|cite|use) the (?:published|official|original) ",
        r"view (?:the |related |all |crossmark )+(?:article|data|citations?)?",
        r"article views|view supplementary material|submit your article",
        r"version of record|published version|citation (?:for|of) (?:the )?(?:published|original)",
        r"link to (?:published|publication|record|item)",
        r"(?:general|reuse|copyright) rights?|take ?down policy"
        r"|terms (?:and conditions )?of (?:use|access)",
        r"deposited|archive ouverte|\bHAL\b|made available (?:through|by|in)|brought to you",
        r"downloaded from",
        r"fully formatted|as it appeared upon acceptance|full terms",
        r"citation/publisher attribution|document version|publication date|peer reviewed version",
    )
)


class Furniture(NamedTuple):
    """The roles of pieces outside the text, and the printed number of each page index."""

    roles: dict[Key, Role]
    printed: list[str | None]
    covers: frozenset[int]


def find(pages: Sequence[Page]) -> Furniture:
    """Label what repeats, counts lines or pages, runs up a margin, or is a cover page."""
    roles: dict[Key, Role] = {}
    left, right = _text_edges(pages)
    for page in pages:
        _line_numbers(page, left, right, roles)
        _turned_stamps(page, left, right, roles)
    heads = _extremes(pages, roles)
    printed = _page_numbers(pages, heads, roles)
    _repeated(pages, heads, roles)
    _stamps(pages, heads, roles)
    _everywhere(pages, roles)
    covers = _covers(pages, roles)
    return Furniture(roles, printed, covers)


def _text_edges(pages: Sequence[Page]) -> tuple[float, float]:
    """Left and right edge of the text of most pages."""
    long = [p for page in pages for p in page.pieces if len(p.text) > 20 and p.turn == UPRIGHT]
    starts = Counter([int(p.x0) for p in long])
    ends = Counter([int(p.x1) + 1 for p in long])
    if not starts:
        return 0.0, 1e6
    whole = sum(starts.values())

    def edge(counts: Counter[int], order: list[int]) -> float:
        seen = 0
        for value in order:
            seen += counts[value]
            if seen > 0.03 * whole:
                return float(value)
        return float(order[-1])

    return edge(starts, sorted(starts)), edge(ends, sorted(ends, reverse=True))


def _line_numbers(page: Page, left: float, right: float, roles: dict[Key, Role]) -> None:
    """A column of rising numbers beside the text; the number may be cut off with its line."""
    groups: dict[bool, list[tuple[Piece, int]]] = {True: [], False: []}
    for piece in page.pieces:
        text = piece.text.strip()
        if not text.isdecimal() or len(text) > 5 or piece.turn != UPRIGHT:
            continue
        if piece.x1 <= left + 2:
            groups[True].append((piece, int(text)))
        elif piece.x0 >= right - 2:
            groups[False].append((piece, int(text)))
    for group in groups.values():
        if len(group) < 5:
            continue
        group.sort(key=lambda entry: entry[0].base)
        steps = Counter(b[1] - a[1] for a, b in itertools.pairwise(group))
        step, count = steps.most_common(1)[0]
        if 0 < step <= 10 and count >= 0.7 * (len(group) - 1):
            for piece, _ in group:
                roles[(page.number, piece.number)] = Role.LINE_NUMBER


def _turned_stamps(page: Page, left: float, right: float, roles: dict[Key, Role]) -> None:
    """Text that runs up the margin or across the page."""
    for piece in page.pieces:
        if piece.turn == UPRIGHT:
            continue
        outside = piece.x1 <= left + 4 or piece.x0 >= right - 4
        if piece.turn == SLANTED or outside or _STAMP.search(piece.text):
            roles[(page.number, piece.number)] = Role.WATERMARK


class _Edge(NamedTuple):
    """Rows at the top (rank 0, 1, 2 from the edge) or bottom (-1, -2, -3) of a page."""

    rank: int
    pieces: list[Piece]


def _extremes(pages: Sequence[Page], roles: dict[Key, Role]) -> list[list[_Edge]]:
    """The outermost rows of each page, without what is labelled already."""
    result = []
    for page in pages:
        rest = [
            p
            for p in page.pieces
            if p.turn == UPRIGHT
            and (p.base < 0.16 * page.height or p.base > 0.84 * page.height)
            and (page.number, p.number) not in roles
        ]
        rest.sort(key=lambda p: p.base)
        rows: list[list[Piece]] = []
        for piece in rest:
            if rows and piece.base - rows[-1][0].base < 3:
                rows[-1].append(piece)
            else:
                rows.append([piece])
        top = [r for r in rows if r[0].base < 0.5 * page.height]
        bottom = [r for r in rows if r[0].base >= 0.5 * page.height]
        edges = [_Edge(rank, row) for rank, row in enumerate(top[:4])]
        edges += [_Edge(-rank, row) for rank, row in enumerate(reversed(bottom[-5:]), start=1)]
        result.append(edges)
    return result


def _page_numbers(
    pages: Sequence[Page], heads: list[list[_Edge]], roles: dict[Key, Role]
) -> list[str | None]:
    """The printed number of each page, where numbers rise with the pages."""
    candidates: list[list[tuple[Piece, str, int]]] = []
    for edges in heads:
        found = []
        for edge in edges:
            if edge.rank > 1 or edge.rank < -2:
                continue
            for piece in edge.pieces:
                found.extend(_numbers_in(piece))
        candidates.append(found)
    shifts: Counter[tuple[int, bool]] = Counter()
    for index, found in enumerate(candidates):
        shifts.update({(value - index, not shown[-1:].isdigit()) for _, shown, value in found})
    printed: list[str | None] = [None] * len(pages)
    if not shifts:
        return printed
    used: list[tuple[int, bool]] = []
    for (shift, roman), count in shifts.most_common(4):
        if count < 2 and len(pages) > 1:
            break
        if used and count < max(3, 0.1 * len(pages)):
            break
        if used and any(u[1] == roman for u in used):
            continue
        if count < min(3, len(pages)) and count < 0.5 * len(pages):
            break
        used.append((shift, roman))
    for index, found in enumerate(candidates):
        fitting = [
            (piece, shown)
            for piece, shown, value in found
            if (value - index, not shown[-1:].isdigit()) in used
        ]
        alone = [(p, shown) for p, shown in fitting if _PAGE_NUMBER.fullmatch(p.text.strip())]
        if alone or fitting:
            printed[index] = (alone or fitting)[0][1]
        if len(pages) > 1:
            roles.update({(p.page, p.number): Role.FURNITURE for p, _ in alone})
    _fill(printed, used)
    return printed


def _numbers_in(piece: Piece) -> list[tuple[Piece, str, int]]:
    """Page numbers that a piece may hold: alone, or at the end of a running head."""
    text = piece.text.strip()
    if len(text) > 160:
        return []
    alone = _PAGE_NUMBER.fullmatch(text)
    if alone:
        value = _value(alone["n"])
        return [(piece, alone["n"], value)] if value is not None else []
    found = []
    hit = re.search(r"\b(?:page|p\.|seite)\s*(\d{1,5})\b", text, re.IGNORECASE)
    if hit:
        found.append((piece, hit.group(1), int(hit.group(1))))
    for pattern in (r"(\d{1,5})(?:\s*(?:of|/)\s*\d{1,5})?\s*\Z", r"\A(\d{1,5})\b(?![.:)])"):
        hit = re.search(pattern, text)
        if hit:
            found.append((piece, hit.group(1), int(hit.group(1))))
    return found


def _value(shown: str) -> int | None:
    digits = _DIGITS.search(shown)
    if digits:
        return int(digits.group())
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
    total = last = 0
    for letter in reversed(shown.lower()):
        value = values.get(letter)
        if value is None:
            return None
        total += value if value >= last else -value
        last = max(last, value)
    return total or None


def _fill(printed: list[str | None], used: list[tuple[int, bool]]) -> None:
    """Pages without a number of their own get it when arabic numbers run through the rest."""
    arabic = [shift for shift, roman in used if not roman]
    if not arabic:
        return
    shift = arabic[0]
    known = [i for i, shown in enumerate(printed) if shown and shown[-1:].isdigit()]
    if len(known) < max(2, 0.4 * len(printed)):
        return
    for index, shown in enumerate(printed):
        value = index + shift
        if shown is None and value > 0 and index >= known[0] - 2:
            printed[index] = str(value)


def _norm(text: str) -> str:
    return _DIGITS.sub("#", "".join(text.split()).casefold())


def _repeated(pages: Sequence[Page], heads: list[list[_Edge]], roles: dict[Key, Role]) -> None:
    """Rows at the edge whose words return at the same height on other pages."""
    count = len(pages)
    if count < 2:
        return
    places: dict[str, list[tuple[int, float, int]]] = defaultdict(list)
    for index, edges in enumerate(heads):
        for edge in edges:
            for piece in edge.pieces:
                places[_norm(piece.text)].append((index, piece.base, edge.rank))
    heights: Counter[tuple[int, int]] = Counter()
    wanted = 2 if count <= 4 else 3
    known: dict[str, list[float]] = {}
    for norm, entries in places.items():
        if not norm or len({index for index, _, _ in entries}) < wanted:
            continue
        if not norm.strip("#.-–—/|•()"):
            continue  # bare numbers count the pages or are cells of a table
        levels = Counter(round(base / 3) for _, base, _ in entries)
        good = [
            level * 3.0
            for level, n in levels.items()
            if n + levels[level - 1] + levels[level + 1] >= wanted
        ]
        if good:
            known[norm] = good
    for edges in heads:
        inner: _Edge | None = None
        for edge in sorted(edges, key=lambda e: (e.rank < 0, -abs(e.rank))):  # inner rows first
            same_side = inner is not None and (inner.rank < 0) == (edge.rank < 0)
            for piece in edge.pieces:
                levels_ = known.get(_norm(piece.text))
                if not levels_ or all(abs(piece.base - level) > 4.5 for level in levels_):
                    continue
                if same_side and inner is not None and _runs_on(piece, inner.pieces[0], roles):
                    continue
                roles[(piece.page, piece.number)] = Role.FURNITURE
                heights[(round(piece.base / 2), round(piece.size * 2))] += 1
            inner = edge
    _beside(pages, heads, heights, roles)


def _runs_on(piece: Piece, inner: Piece, roles: dict[Key, Role]) -> bool:
    """Does a line at the edge belong to the text that begins right beside it?"""
    if (inner.page, inner.number) in roles:
        return False
    near = abs(piece.base - inner.base) < 1.4 * max(piece.size, inner.size)
    return near and abs(piece.size - inner.size) < 0.4


def _beside(
    pages: Sequence[Page],
    heads: list[list[_Edge]],
    heights: Counter[tuple[int, int]],
    roles: dict[Key, Role],
) -> None:
    """The rest of a running row, and rows at the height where most pages have one."""
    often = {key for key, n in heights.items() if n >= 0.3 * len(pages) and n >= 3}
    for edges in heads:
        for edge in edges:
            done = [p for p in edge.pieces if (p.page, p.number) in roles]
            for piece in edge.pieces:
                if (piece.page, piece.number) in roles:
                    continue
                size = round(piece.size * 2)
                level = round(piece.base / 2)
                same = any((level + d, size) in often for d in (-1, 0, 1))
                beside = done and all(piece.x1 <= p.x0 + 1 or piece.x0 >= p.x1 - 1 for p in done)
                outer = edge.rank in (0, 1, -1, -2) and piece.page != pages[0].number
                if (beside and len(piece.text) < 140) or (same and outer):
                    roles[(piece.page, piece.number)] = Role.FURNITURE


def _stamps(pages: Sequence[Page], heads: list[list[_Edge]], roles: dict[Key, Role]) -> None:
    """Download stamps at the edges are watermarks, also when nothing repeats."""
    for edges in heads:
        for edge in edges:
            for piece in edge.pieces:
                if not _STAMP.search(piece.text):
                    continue
                key = (piece.page, piece.number)
                repeated = roles.get(key) is Role.FURNITURE
                if repeated or (edge.rank in (0, -1, -2) and piece.size < 9):
                    roles[key] = Role.WATERMARK


def _everywhere(pages: Sequence[Page], roles: dict[Key, Role]) -> None:
    """The same words at the same place of most pages, wherever that is."""
    if len(pages) < 3:
        return
    wanted = max(3, 0.5 * len(pages))
    texts: Counter[str] = Counter()
    for page in pages:
        texts.update({piece.text for piece in page.pieces})
    often = {text for text, n in texts.items() if n >= wanted and len(text) > 2}
    if not often:
        return
    places: dict[tuple[str, int, int], list[Key]] = defaultdict(list)
    for page in pages:
        for piece in page.pieces:
            if piece.text in often:
                place = (piece.text, round(piece.x0 / 3), round(piece.base / 3))
                places[place].append((page.number, piece.number))
    for keys in places.values():
        if len(keys) >= wanted:
            for key in keys:
                roles.setdefault(key, Role.WATERMARK)


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _covers(pages: Sequence[Page], roles: dict[Key, Role]) -> frozenset[int]:
    """Pages before the title page that a repository or publisher put there."""
    covers: list[int] = []
    for index, page in enumerate(pages[:3]):
        if index + 1 >= len(pages) or not page.pieces:
            break
        text = " ".join(p.text for p in page.pieces)
        if len(text) >= 3500:
            break
        hits = sum(1 for pattern in _COVER if pattern.search(text))
        following = _letters(" ".join(p.text for p in pages[index + 1].pieces[:60]))
        repeats = _title_returns(page, following)
        if (hits >= 1 and repeats) or (hits >= 3 and not _has_body(page)):
            covers.append(page.number)
        else:
            break
    return frozenset(covers)


def _title_returns(page: Page, following: str) -> bool:
    """Is one of the largest lines of this page printed again at the start of the next?"""
    lines = [p for p in page.pieces if len(p.text.strip()) > 14]
    lines.sort(key=lambda p: (-round(p.size), p.base))
    for line in lines[:4]:
        letters = _letters(line.text)
        if len(letters) > 14 and letters in following:
            return True
    return False


def _has_body(page: Page) -> bool:
    """More than some twenty lines of one size and width: text, not a cover."""
    sizes = Counter(round(p.size) for p in page.pieces if len(p.text) > 60)
    return bool(sizes) and sizes.most_common(1)[0][1] > 22
