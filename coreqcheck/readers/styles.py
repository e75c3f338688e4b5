"""Styles of word processors: what they inherit, and what their names say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coreqcheck.model import Role
from coreqcheck.readers.flow import Look

_HEADING_STYLE = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|overskrift|otsikko|nagłówek)\s?"
    r"(?P<level>[1-9])(?:\D.*)?",
    re.IGNORECASE,
)
_STYLE_ROLES: tuple[tuple[re.Pattern[str], Role], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), role)
    for pattern, role in (
        (r"(?:.*\b)?(?:paper|article|manuscript|document)?\s?title|sub-?title", Role.TITLE),
        (r".*\bauthors?(?:s? ?names?)?|.*author list", Role.BYLINE),
        (r".*\baffiliations?|.*address(?:es)?|institution", Role.AFFILIATION),
        (r".*caption|(?:table|figure) ?(?:title|legend|heading)|beschriftung", Role.CAPTION),
        (r".*table ?(?:foot)?notes?", Role.TABLE_NOTE),
        (
            r"(?:intense |block |long |extended )?quot(?:e|ation|ations)(?: char)?|block ?text|"
            r".*block ?quot\w*|.*quotations?|zitat|cita(?:tion)? (?:longue|larga)|"
            r"preformatted text|html preformatted",
            Role.BLOCK_QUOTE,
        ),
        (r"bibliograph\w*(?: \d)?|.*references?(?: list)?|literaturverzeichnis|endnote bib\w*",
         Role.REFERENCE),
        (r"toc(?: heading| ?\d)?|contents? (?:heading|\d)|table of (?:contents|figures)|index \d",
         Role.FURNITURE),
        (r"(?:foot|end)note text|footnote|endnote", Role.FOOTNOTE),
        (r"source ?code|verbatim|code|program listing", Role.CODE),
        (r".*key ?words?|.*correspond\w*|.*received.*", Role.METADATA),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Format:
    """Character properties; ``None`` where nothing is said."""

    bold: bool | None = None
    italic: bool | None = None
    underlined: bool | None = None
    caps: bool | None = None
    raised: bool | None = None
    hidden: bool | None = None
    size: float | None = None

    def over(self, base: Format) -> Format:
        """These properties, and those of ``base`` where these say nothing."""
        return Format(
            base.bold if self.bold is None else self.bold,
            base.italic if self.italic is None else self.italic,
            base.underlined if self.underlined is None else self.underlined,
            base.caps if self.caps is None else self.caps,
            base.raised if self.raised is None else self.raised,
            base.hidden if self.hidden is None else self.hidden,
            base.size if self.size is None else self.size,
        )

    def look(self) -> Look:
        """As a look; what is not said is plain."""
        return Look(
            bool(self.bold),
            bool(self.italic),
            bool(self.underlined),
            bool(self.caps),
            bool(self.raised),
            self.size or 0.0,
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """Paragraph properties; ``None`` where nothing is said. ``outline`` counts from 0."""

    outline: int | None = None
    numbering: str | None = None
    depth: int | None = None
    centred: bool | None = None
    indent: float | None = None
    right: float | None = None
    first: float | None = None

    def over(self, base: Layout) -> Layout:
        """These properties, and those of ``base`` where these say nothing."""
        return Layout(
            base.outline if self.outline is None else self.outline,
            base.numbering if self.numbering is None else self.numbering,
            base.depth if self.depth is None else self.depth,
            base.centred if self.centred is None else self.centred,
            base.indent if self.indent is None else self.indent,
            base.right if self.right is None else self.right,
            base.first if self.first is None else self.first,
        )


@dataclass(frozen=True, slots=True)
class Style:
    """One style with all that it inherits."""

    name: str = ""
    format: Format = Format()
    layout: Layout = Layout()


def style_role(name: str) -> Role | None:
    """What a style's name says that its paragraphs are; ``None`` when it says nothing."""
    if not name or _HEADING_STYLE.fullmatch(name):
        return None
    for pattern, role in _STYLE_ROLES:
        if pattern.fullmatch(name):
            return role
    return None


def heading_level(name: str, outline: int | None) -> int:
    """The depth of a heading by its style's name or outline level; 0: none."""
    found = _HEADING_STYLE.fullmatch(name)
    if found is not None:
        return int(found["level"])
    if re.fullmatch(r"abstract ?(?:title|heading)", name, re.IGNORECASE):
        return 1
    if outline is not None and 0 <= outline <= 8:
        return outline + 1
    return 0
