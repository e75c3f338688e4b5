"""Where a stretch of the manuscript stands, in words for people."""

from __future__ import annotations

from coreqcheck.model import Manuscript, Place, Span

_PARTS = {"footnotes": "footnote", "endnotes": "endnote", "comments": "comment"}


def location(span: Span, manuscript: Manuscript) -> str:
    """File (when it is another than the manuscript's), page or line, and section."""
    place = manuscript.place(span)
    parts = []
    file = own_file(place)
    if file and file != manuscript.document.path:
        parts.append(file)
    elif place.file and file is None:
        parts.append(_PARTS.get(place.file.rsplit("/", 1)[-1].removesuffix(".xml"), ""))
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
    return ", ".join(p for p in parts if p)


def own_file(place: Place) -> str | None:
    """The file that a place names; ``None`` for a part within an office file's package."""
    if place.file and place.file.startswith("word/") and place.file.endswith(".xml"):
        return None
    return place.file
