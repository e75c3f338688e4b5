"""A flow that was made from plain text: page marks, running heads, and pages as one paragraph.

Nothing is styled in such a file, and headings run into the paragraphs below them. Only flows in
which no paragraph is a main heading by itself are touched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from coreqcheck.model import Role
from coreqcheck.readers.bylines import is_byline
from coreqcheck.readers.flow import Item, Paragraph, Piece, cut, gap, joined, parted, text_of
from coreqcheck.readers.heads import is_known, strip_number
from coreqcheck.readers.lost_headings import LONG, lost_headings
from coreqcheck.readers.signposts import is_major, is_references
from coreqcheck.readers.text_lines import is_page_mark

_ENDED = re.compile(r"[.!?:;][)\]”\"’']*(?:\s?\[[\d,\s–-]+\])?\s*$")
_MARKED = r"\s?(?:\d{1,2}|[*†‡])(?:,\s?[\d*†‡])*"
_NAME = r"[A-Z][\w’'-]+(?:\s[A-Z][\w’'.-]*){1,3}"
_NAMES = re.compile(  # of the first name two words: more may be the title's
    rf"(?<!\S)[A-Z][\w’'-]+\s(?:[A-Z]\.?\s)?[A-Z][\w’'-]+{_MARKED},\s+"
    rf"(?:{_NAME}{_MARKED},?\s+(?:and\s+|&\s+)?){{1,40}}{_NAME}{_MARKED}(?=\s|$)"
)
_FRONT = 8
_HEAD_WORDS = 24


def unrolled(items: Sequence[Item]) -> list[Item]:
    """The flow with its page marks labelled, pages joined, and lost headings on their own."""
    paragraphs = [item for item in items if isinstance(item, Paragraph)]
    if any(item.level or is_major(text_of(item)) for item in paragraphs):
        return list(items)
    return list(_taken_apart(list(_named(_joined(_without_heads(_marked(items)))))))


def _marked(items: Sequence[Item]) -> list[Item]:
    """Paragraphs that only say which page starts become furniture."""
    return [
        replace(item, role=Role.FURNITURE)
        if isinstance(item, Paragraph) and is_page_mark(text_of(item))
        else item
        for item in items
    ]


def _is_mark(item: Item) -> bool:
    return isinstance(item, Paragraph) and item.role is Role.FURNITURE


def _without_heads(items: Sequence[Item]) -> list[Item]:
    """Words that open page after page are a running head, cut off."""
    shapes = {
        index: _shape(item)
        for index, item in enumerate(items)
        if index and isinstance(item, Paragraph) and _is_mark(items[index - 1])
    }
    counts: Counter[tuple[str, ...]] = Counter()
    for shape in shapes.values():
        counts.update(shape[:count] for count in range(3, len(shape) + 1))
    result: list[Item] = []
    for index, item in enumerate(items):
        if index not in shapes or not isinstance(item, Paragraph):
            result.append(item)
            continue
        shape = shapes[index]
        shared = [n for n in range(3, len(shape) + 1) if counts[shape[:n]] >= 3]
        result.extend(_beheaded(item, max(shared, default=0)))
    return result


def _shape(paragraph: Paragraph) -> tuple[str, ...]:
    """The first words, figures made equal: page numbers differ from page to page."""
    words = text_of(paragraph).split()[:_HEAD_WORDS]
    return tuple(re.sub(r"\d+", "#", word) for word in words)


def _beheaded(item: Paragraph, words: int) -> Iterator[Paragraph]:
    if not words:
        yield item
        return
    text = joined(item.pieces)
    end = [hit.end() for hit in re.finditer(r"\S+", text)][words - 1]
    head, rest = cut(item.pieces, end)
    yield replace(item, pieces=head, role=Role.FURNITURE, attached=())
    yield replace(item, pieces=rest)


def _joined(items: Sequence[Item]) -> list[Item]:
    """A paragraph that stops in the middle of a sentence goes on after the page mark."""
    result: list[Item] = []
    at: int | None = None
    marks = False
    for item in items:
        if _is_mark(item):
            marks = True
        elif isinstance(item, Paragraph) and at is not None and marks and _goes_on(result[at]):
            open_ = result.pop(at)
            assert isinstance(open_, Paragraph)
            pieces: tuple[Piece, ...] = (*open_.pieces, gap(), *item.pieces)
            item = replace(item, pieces=pieces, attached=(*open_.attached, *item.attached))
            marks = False
        else:
            marks = False
        result.append(item)
        if not _is_mark(item):
            at = len(result) - 1
    return result


def _goes_on(item: Item) -> bool:
    return isinstance(item, Paragraph) and not _ENDED.search(text_of(item)[-60:])


def _named(items: Sequence[Item]) -> Iterator[Item]:
    """A by-line of names with marks, in the middle of the first page, stands alone."""
    found = False
    for index, item in enumerate(items):
        names = None
        if index < _FRONT and not found and isinstance(item, Paragraph) and item.role is None:
            names = _NAMES.search(joined(item.pieces), 0, 3000)
        if names is None or not isinstance(item, Paragraph) or not is_byline(names.group()):
            yield item
            continue
        found = True
        before, line, rest = parted(item.pieces, names.span())
        for pieces in (before, line, rest):
            if joined(pieces).strip():
                role = Role.BYLINE if pieces is line else None
                attached = item.attached if pieces is rest else ()
                yield replace(item, pieces=pieces, role=role, attached=attached)


def _taken_apart(items: Sequence[Item]) -> Iterator[Item]:
    listed = False
    paged = sum(map(_is_mark, items)) > 1
    for item in items:
        if not isinstance(item, Paragraph) or item.role is not None:
            yield item
            continue
        text = joined(item.pieces)
        if len(text) > LONG:
            item = replace(item, item=False)
        rest, done = item.pieces, 0
        for lost in lost_headings(text, paged or len(text) > LONG, listed):
            before, rest = cut(rest, lost.start - done)
            head, rest = cut(rest, lost.end - lost.start)
            done = lost.end
            if text_of(replace(item, pieces=before)):
                yield replace(item, pieces=before, attached=(), role=_role(listed))
            if lost.level:
                bare = text[lost.start : lost.end]
                listed = is_references(bare) or (listed and not is_known(strip_number(bare)))
                yield replace(item, pieces=head, attached=(), level=lost.level)
            else:
                yield replace(item, pieces=head, attached=(), role=Role.CAPTION)
        yield replace(item, pieces=rest, role=_role(listed)) if done else item


def _role(listed: bool) -> Role | None:
    return Role.REFERENCE if listed else None
