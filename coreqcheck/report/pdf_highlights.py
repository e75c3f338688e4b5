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
_ICON = 16.0  # points: the side of a note's icon
_POPUP = (220.0, 120.0)  # points: the window in which a note opens


def annotate(report: Report, data: bytes) -> bytes:
    """The file ``data`` of ``report`` with its remarks as annotations, appearances included.

    Annotations that an earlier run of coreqcheck left are replaced.
    """
    import pymupdf

    assert report.manuscript is not None
    with pymupdf.open(stream=data, filetype="pdf") as document:
        _remove_own(document)
        # One annotation for all that is said at a place: nothing lies upon something else.
        places: dict[tuple[bool, Span], list[Remark]] = {}
        for remark in remarks(report):
            places.setdefault((remark.located, remark.span), []).append(remark)
        for (located, span), here in places.items():
            boxes = list(_boxes(span, report))
            if boxes and located:
                _highlight(document, boxes, here)
            elif boxes:
                _note(document, boxes[0], here)
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


def _highlight(document: Any, boxes: list[Box], here: list[Remark]) -> None:
    """One highlight on each page that the boxes are on, in the colour of the gravest remark."""
    import pymupdf

    gravest = next(s for s in _COLOURS if any(remark.severity is s for remark in here))

    by_page: dict[int, list[Any]] = {}
    for box in boxes:
        rectangle = pymupdf.Rect(box.x0, box.y0, box.x1, box.y1)
        by_page.setdefault(box.page, []).append(rectangle)
    for number, rectangles in by_page.items():
        page = document[number - 1]  # an annotation lives only as long as its page is held
        annotation = page.add_highlight_annot(rectangles)
        annotation.set_colors(stroke=_COLOURS[gravest])
        _finish(annotation, _text(here))


def _note(document: Any, box: Box, here: list[Remark]) -> None:
    """One note beside a heading for all that would fit under it."""
    import pymupdf

    page = document[box.page - 1]
    place = (page.rect * page.derotation_matrix).normalize()
    x = min(box.x1 + 6, place.x1 - _ICON - 4)
    y = min(max((box.y0 + box.y1 - _ICON) / 2, place.y0), place.y1 - _ICON)
    text = _text(here)
    annotation = page.add_text_annot(pymupdf.Point(x, y), text)
    width, height = _POPUP
    left = max(min(x, place.x1 - width), place.x0)
    annotation.set_popup(pymupdf.Rect(left, y, left + width, y + height))
    annotation.set_colors(stroke=_COLOURS[Severity.WARNING])
    _finish(annotation, text)


def _text(here: list[Remark]) -> str:
    return "\n\n".join(remark.text for remark in here)


def _finish(annotation: Any, text: str) -> None:
    annotation.set_info(title=AUTHOR, content=text, creationDate="", modDate="")
    annotation.update()


def _remove_own(document: Any) -> None:
    for page in document:
        for annotation in list(page.annots() or ()):
            if annotation.info.get("title") == AUTHOR:
                page.delete_annot(annotation)
