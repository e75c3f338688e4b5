"""What the stages of the PDF reader share: parts of a document, and plain views of rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from coreqcheck.model import Role
from coreqcheck.readers import bylines
from coreqcheck.readers.layout import Row
from coreqcheck.readers.pdf_paragraphs import Paragraph

Roles = dict[int, tuple[Role, str | None]]
"""Role and style of paragraphs, by their order."""

MAIN = re.compile(
    r"(?:introduction|background|methods?|methodology|materials? and methods?|results?|findings|"
    r"results and discussion|discussion|discussion and conclusions?|conclusions?|references|"
    r"related works?|limitations|bibliography|literature cited|acknowledge?ments?|"
    r"literature review)",
    re.IGNORECASE,
)
REFERENCES = re.compile(
    r"(?:references?|bibliography|literature cited|works cited|reference list|literatur"
    r"(?:verzeichnis)?|referencias(?: bibliogr[áa]ficas)?|refer[êe]ncias(?: bibliogr[áa]ficas)?|"
    r"r[ée]f[ée]rences|cited literature|references and notes|notes and references)",
    re.IGNORECASE,
)
ABSTRACT = re.compile(
    r"(?:abstract|summary|synopsis|resumen|resumo|zusammenfassung|r[ée]sum[ée])\b", re.IGNORECASE
)
DECIMAL = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=\S)")
OPENERS = "\"“‘'«„‚‹"
# The same few lines are judged several times.
front_role = lru_cache(maxsize=1024)(bylines.front_role)
is_byline = lru_cache(maxsize=1024)(bylines.is_byline)


@dataclass(slots=True)
class Part:
    """A block to be: rows with their role. ``authors`` tells that its text names authors.

    ``whole`` is false for what stands after a heading on the heading's own line.
    """

    role: Role
    paragraph: Paragraph
    level: int = 0
    style: str | None = None
    authors: bool = False
    whole: bool = True
    rows: list[Row] = field(default_factory=list)


def letters(text: str) -> str:
    """Letters and digits only, in lower case: for comparing titles."""
    return "".join(c for c in text.casefold() if c.isalnum())


def plain(row: Row) -> str:
    """The text of a row without raised and lowered marks."""
    if len(row.pieces) == 1 and not row.pieces[0].marks:
        text = row.pieces[0].text
    else:
        parts = []
        for piece in row.pieces:
            if len(piece.text.strip()) <= 4 and piece.size < 0.8 * row.size:
                continue
            part, at = "", 0
            for start, end, _ in piece.marks:
                part += piece.text[at:start] + " "
                at = end
            parts.append((part + piece.text[at:]).strip())
        text = " ".join(parts)
    if not text.isascii() or "*" in text or "+" in text:
        text = _UNSEEN.sub(" ", text)
    return " ".join(text.split())


_UNSEEN = re.compile("[\u00ad\u200b-\u200f\ufeff\x00-\x1f]|(?<=[^\\W\\d_])[*+]+(?=[,;\\s]|$)")
