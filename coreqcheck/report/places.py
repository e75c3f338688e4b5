"""Where a stretch of the manuscript stands, in words for people."""

from __future__ import annotations

from coreqcheck.model import Manuscript, Span


def location(span: Span, manuscript: Manuscript) -> str:
    """File (when it is another than the manuscript's), page or line, and section."""
    place = manuscript.place(span)
    parts = []
    if place.file and place.file != manuscript.document.path:
        parts.append(place.file)
    if place.page is not None:
        printed = place.printed_page
        extra = f", printed {printed}" if printed and printed != str(place.page) else ""
        parts.append(f"page {place.page}{extra}")
    elif place.line is not None:
        parts.append(f"line {place.line}")
    elif place.paragraph is not None:
        parts.append(f"paragraph {place.paragraph + 1}")
    if place.section:
        parts.append(place.section)
    return ", ".join(parts)
