"""A copy of a Word manuscript with real comments on its sentences.

Comments anchor on runs, so runs are cut at the ends of a sentence; nothing else changes. Places
are found by the origins that the reader recorded (see ``readers/docx.py`` on how they count).
Word allows no comments in footnotes: a remark there moves to the text that carries the note.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from coreqcheck.model import Origin, Report, Segment, Span
from coreqcheck.readers.docx_walk import run_text
from coreqcheck.report.remarks import AUTHOR, INITIALS, remarks

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True, slots=True)
class _End:
    """A position in a run: before the character ``offset`` of its text."""

    run: Any
    offset: int


def annotate(report: Report, data: bytes) -> bytes:
    """The file ``data`` of ``report`` with a comment for each remark.

    Comments that an earlier run of coreqcheck left are replaced; those of people stay.

    Args:
        report: the report on this very file.
        data: the bytes of the DOCX.

    Returns:
        the bytes of the copy.
    """
    import docx
    from docx.text.run import Run

    document = docx.Document(io.BytesIO(data))
    body = document.element
    paragraphs = list(body.iter(f"{W}p"))
    runs = {id(p): list(p.iter(f"{W}r")) for p in paragraphs}
    wanted = [(r, _ends(r.span, report, paragraphs, runs)) for r in remarks(report)]
    pieces = _cut(end for _, ends in wanted if ends for end in ends)
    _remove_own(document)
    for remark, ends in wanted:
        if ends is None:
            continue
        first, last = _first_piece(pieces, ends[0]), _last_piece(pieces, ends[1])
        document.add_comment(
            runs=[Run(first, document), Run(last, document)],
            text=remark.text,
            author=AUTHOR,
            initials=INITIALS,
        )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _ends(
    span: Span, report: Report, paragraphs: list[Any], runs: dict[int, list[Any]]
) -> tuple[_End, _End] | None:
    """Where a span starts and ends among the runs of the main document."""
    assert report.manuscript is not None
    document = report.manuscript.document
    source, own = document.source_map, document.path
    here = source.within(span)
    if here and here[0].origin.part in document.meta.files[1:]:
        return None  # it stands in another file of the submission
    inside = [s for s in here if _in_body(s.origin, own)]
    if not inside:
        # A footnote, or generated text: the last run of the body before it.
        before = [s for s in source.segments if s.end <= span.start and _in_body(s.origin, own)]
        if not before:
            return None
        inside = [before[-1]]
        span = Span(before[-1].start, before[-1].end)
    first, last = inside[0], inside[-1]
    start = _end(first, max(span.start, first.start), paragraphs, runs)
    stop = _end(last, min(span.end, last.end), paragraphs, runs)
    return (start, stop) if start and stop else None


def _in_body(origin: Origin, own: str) -> bool:
    """In the main text of the file ``own``; parts of the package and other files are named."""
    return origin.part in {None, own} and origin.run is not None and origin.paragraph is not None


def _end(
    segment: Segment, at: int, paragraphs: list[Any], runs: dict[int, list[Any]]
) -> _End | None:
    origin = segment.origin
    assert origin.paragraph is not None
    assert origin.run is not None
    if origin.paragraph >= len(paragraphs):
        return None
    here = runs[id(paragraphs[origin.paragraph])]
    if origin.run >= len(here):
        return None
    run = here[origin.run]
    offset = (origin.offset or 0) + (at - segment.start)
    return _End(run, min(offset, len(run_text(run))))


def _cut(ends: Iterable[_End]) -> dict[int, list[tuple[int, Any]]]:
    """Cut the runs at all ends: for each run its pieces, each with the offset where it starts."""
    by_run: dict[int, tuple[Any, set[int]]] = {}
    for end in ends:
        by_run.setdefault(id(end.run), (end.run, set()))[1].add(end.offset)
    pieces: dict[int, list[tuple[int, Any]]] = {}
    for key, (run, offsets) in by_run.items():
        length = len(run_text(run))
        # From the end, so that the offsets before stay right.
        tails = [(o, _split(run, o)) for o in sorted(offsets, reverse=True) if 0 < o < length]
        pieces[key] = [(0, run), *reversed(tails)]
    return pieces


def _first_piece(pieces: dict[int, list[tuple[int, Any]]], end: _End) -> Any:
    """The piece that starts at ``end``."""
    return max((p for p in pieces[id(end.run)] if p[0] <= end.offset), key=lambda p: p[0])[1]


def _last_piece(pieces: dict[int, list[tuple[int, Any]]], end: _End) -> Any:
    """The piece that stops at ``end``."""
    before = [p for p in pieces[id(end.run)] if p[0] < end.offset]
    return max(before, key=lambda p: p[0])[1] if before else end.run


def _split(run: Any, offset: int) -> Any:
    """Cut ``run`` before the character ``offset``; the new run stands behind it."""
    tail = copy.deepcopy(run)
    for child in list(tail):
        if child.tag != f"{W}rPr":
            tail.remove(child)
    passed = 0
    for child in list(run):
        if child.tag == f"{W}rPr":
            continue
        width = _width(child)
        if passed >= offset:
            run.remove(child)
            tail.append(child)
        elif passed + width > offset:
            rest = copy.deepcopy(child)
            rest.text = child.text[offset - passed :]
            child.text = child.text[: offset - passed]
            for part in (child, rest):
                part.set(SPACE, "preserve")
            tail.append(rest)
        passed += width
    run.addnext(tail)
    return tail


def _width(child: Any) -> int:
    """Characters that an element of a run contributes to ``run_text``."""
    if child.tag in {f"{W}t", f"{W}delText"}:
        return len(child.text or "")
    return int(child.tag in {f"{W}tab", f"{W}br", f"{W}cr", f"{W}noBreakHyphen"})


def _remove_own(document: Any) -> None:
    """Take out the comments that an earlier run left, with their marks in the text."""
    own = set()
    for comment in list(document.comments._comments_elm):
        if comment.get(f"{W}author") == AUTHOR:
            own.add(comment.get(f"{W}id"))
            comment.getparent().remove(comment)
    if not own:
        return
    for tag in ("commentRangeStart", "commentRangeEnd"):
        for mark in list(document.element.iter(f"{W}{tag}")):
            if mark.get(f"{W}id") in own:
                mark.getparent().remove(mark)
    for mark in list(document.element.iter(f"{W}commentReference")):
        if mark.get(f"{W}id") in own:
            run = mark.getparent()
            run.getparent().remove(run)
