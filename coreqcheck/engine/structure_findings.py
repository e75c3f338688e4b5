"""What the shape of the findings shows: quotations, themes and sub-themes, tables of codes."""

from __future__ import annotations

from collections.abc import Iterable

from coreqcheck.engine.detectors import Found, detector
from coreqcheck.engine.index import Index
from coreqcheck.model import Role


@detector("single-author")
def single_author(index: Index) -> Iterable[Found]:
    """The by-line, when it holds one name: then "I" and "the researcher" name a person."""
    manuscript = index.manuscript
    if len(manuscript.authors) != 1:
        return
    for block in manuscript.document.blocks:
        if block.role is Role.BYLINE:
            yield Found(block.span, confidence=0.6)
            return
