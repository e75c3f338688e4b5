"""A copy of a PDF manuscript with highlights on its sentences, and notes where one would fit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coreqcheck.model import Box, Report, Segment, Severity, Span
from coreqcheck.report.remarks import AUTHOR, Remark, remarks

_COLOURS = {
    Severity.ERROR: (1.0, 0.72, 0.68),
    Severity.WARNING: (1.0, 0.85, 0.55),
    Severity.NOTE: (1.0, 0.95, 0.62),
}
_NOTE_STEP = 14.0  # points between notes that would lie upon each other


def annotate(report: Report, data: bytes) -> bytes:
    """The file ``data`` of ``report`` with its remarks as annotations, appearances included.

    Annotations that an earlier run of coreqcheck left are replaced.
    """
    import pymupdf

    assert report.manuscript is not None
    with pymupdf.open(stream=data, filetype="pdf") as document:
        _remove_own(document)
        notes: dict[tuple[int, int], int] = {}
        for remark in remarks(report):
            boxes = list(_boxes(remark.span, report))
            if not boxes:
                continue
            if remark.located:
                _highlight(document, boxes, remark)
            else:
                _note(document, boxes[0], remark, notes)
        return bytes(document.tobytes(garbage=1, deflate=True, no_new_id=True))


def _boxes(span: Span, report: Report) -> Iterable[Box]:
    """The boxes of a span, one a line; a line that it covers in part is cut by its letters."""
    assert report.manuscript is not None
    document = report.manuscript.document
    for segment in document.source_map.within(span):
        box = segment.origin.box
        if box is not None and segment.origin.part in {None, document.path}:
            yield _part(box, segment, span)


def _part(box: Box, segment: Segment, span: Span) -> Box:
    length = max(segment.end - segment.start, 1)
    low = max(span.start - segment.start, 0) / length
    high = min(span.end - segment.start, length) / length
    width = box.x1 - box.x0
    return Box(box.page, box.x0 + low * width, box.y0, box.x0 + high * width, box.y1)


def _highlight(document: Any, boxes: list[Box], remark: Remark) -> None:
    import pymupdf

    by_page: dict[int, list[Any]] = {}
    for box in boxes:
        rectangle = pymupdf.Rect(box.x0, box.y0, box.x1, box.y1)
        by_page.setdefault(box.page, []).append(rectangle)
    for number, rectangles in by_page.items():
        page = document[number - 1]  # an annotation lives only as long as its page is held
        annotation = page.add_highlight_annot(rectangles)
        annotation.set_colors(stroke=_COLOURS[remark.severity])
        _finish(annotation, remark)


def _note(document: Any, box: Box, remark: Remark, notes: dict[tuple[int, int], int]) -> None:
    """A note beside the heading where a statement would fit, below the notes already there."""
    import pymupdf

    key = box.page, round(box.y0)
    number = notes[key] = notes.get(key, -1) + 1
    page = document[box.page - 1]
    right = page.rect.x1 - 24 - _NOTE_STEP * number
    point = pymupdf.Point(max(right, page.rect.x0 + 4), box.y0)
    _finish(page.add_text_annot(point, remark.text), remark)


def _finish(annotation: Any, remark: Remark) -> None:
    annotation.set_info(title=AUTHOR, content=remark.text, creationDate="", modDate="")
    annotation.update()


def _remove_own(document: Any) -> None:
    for page in document:
        for annotation in list(page.annots() or ()):
            if annotation.info.get("title") == AUTHOR:
                page.delete_annot(annotation)
