"""What a DOCX says about looks: styles with their inheritance, and automatic numbering.

Sizes and indents come out in points. All functions read trees in the transitional namespace.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from coreqcheck.readers.styles import Format, Layout, Style

if TYPE_CHECKING:
    from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
_OFF = frozenset({"0", "false", "off", "none"})
_CHAIN = 30  # styles that are based on one another; more is a loop


def format_of(properties: etree._Element | None) -> Format:
    """The character properties of a ``w:rPr``."""
    if properties is None:
        return Format()
    found: dict[str, bool] = {}
    size: float | None = None
    for child in properties:
        tag = child.tag
        if tag in _TOGGLES:
            name = _TOGGLES[tag]
            found[name] = found.get(name, False) or child.get(VAL, "1") not in _OFF
        elif tag == f"{W}vertAlign":
            found["raised"] = child.get(VAL) == "superscript"
        elif tag == f"{W}position" and "raised" not in found:
            found["raised"] = (_number(child.get(VAL)) or 0) >= 4
        elif tag == f"{W}sz":
            half = _number(child.get(VAL))
            size = half / 2 if half else None
    if not found and size is None:
        return _NO_FORMAT
    return Format(
        found.get("bold"),
        found.get("italic"),
        found.get("underlined"),
        found.get("caps"),
        found.get("raised"),
        found.get("hidden"),
        size,
    )


_NO_FORMAT = Format()
_TOGGLES = {
    f"{W}b": "bold",
    f"{W}i": "italic",
    f"{W}u": "underlined",
    f"{W}caps": "caps",
    f"{W}smallCaps": "caps",
    f"{W}vanish": "hidden",
}


def layout_of(properties: etree._Element | None) -> Layout:
    """The paragraph properties of a ``w:pPr``."""
    if properties is None:
        return _NO_LAYOUT
    layout = _NO_LAYOUT
    for child in properties:
        tag = child.tag
        if tag == f"{W}outlineLvl":
            outline = _number(child.get(VAL))
            layout = replace(layout, outline=None if outline is None else int(outline))
        elif tag == f"{W}numPr":
            layout = _numbered(layout, child)
        elif tag == f"{W}jc":
            layout = replace(layout, centred=child.get(VAL) == "center")
        elif tag == f"{W}ind":
            layout = _indented(layout, child)
    return layout


_NO_LAYOUT = Layout()


def _numbered(layout: Layout, element: etree._Element) -> Layout:
    numbering = element.find(f"{W}numId")
    depth = element.find(f"{W}ilvl")
    level = None if depth is None else _number(depth.get(VAL))
    return replace(
        layout,
        numbering=None if numbering is None else numbering.get(VAL),
        depth=None if level is None else min(max(int(level), 0), 8),
    )


def _indented(layout: Layout, element: etree._Element) -> Layout:
    first = _twips(element, "firstLine")
    hanging = _twips(element, "hanging")
    left = _twips(element, "left")
    right = _twips(element, "right")
    return replace(
        layout,
        indent=left if left is not None else _twips(element, "start"),
        right=right if right is not None else _twips(element, "end"),
        first=-hanging if hanging is not None else first,
    )


def _twips(element: etree._Element, name: str) -> float | None:
    """An indent in points; strict files may write a unit after the number."""
    number = _number(element.get(W + name))
    if number is None:
        return None
    unit = re.sub(r"[\d.+-]", "", element.get(W + name) or "")
    return number * {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "pc": 12.0}.get(unit, 0.05)


def _number(text: str | None) -> float | None:
    found = re.match(r"\s*([+-]?\d{1,9}(?:\.\d{1,9})?)", text or "")
    return float(found[1]) if found else None


@dataclass(slots=True)
class Stylesheet:
    """The styles of a document by identifier."""

    elements: dict[str, etree._Element] = field(default_factory=dict)
    defaults: Style = field(default_factory=Style)
    usual: str | None = None
    _made: dict[str, Style] = field(default_factory=dict)

    def style(self, identifier: str | None) -> Style:
        """A style with its inheritance; an unknown one is named by its identifier."""
        if identifier is None:
            return _NO_STYLE
        if identifier not in self._made:
            self._made[identifier] = self._make(identifier)
        return self._made[identifier]

    def paragraph_style(self, identifier: str | None) -> Style:
        """The style of a paragraph, document defaults included; unnamed when it is the usual."""
        key = f"paragraph {identifier}"
        if key not in self._made:
            style = self.style(identifier if identifier is not None else self.usual)
            self._made[key] = Style(
                style.name if identifier is not None and identifier != self.usual else "",
                style.format.over(self.defaults.format),
                style.layout.over(self.defaults.layout),
            )
        return self._made[key]

    def _make(self, identifier: str) -> Style:
        name = identifier
        chain: list[etree._Element] = []
        at: str | None = identifier
        while at is not None and at in self.elements and len(chain) < _CHAIN:
            element = self.elements[at]
            chain.append(element)
            based = element.find(f"{W}basedOn")
            at = based.get(VAL) if based is not None else None
        if chain:
            said = chain[0].find(f"{W}name")
            name = (said.get(VAL) if said is not None else None) or identifier
        format, layout = _NO_FORMAT, _NO_LAYOUT
        for element in chain:
            format = format.over(format_of(element.find(f"{W}rPr")))
            layout = layout.over(layout_of(element.find(f"{W}pPr")))
        return Style(name, format, layout)


_NO_STYLE = Style()


def stylesheet(root: etree._Element | None) -> Stylesheet:
    """The styles of ``word/styles.xml``; empty when there is no such part."""
    sheet = Stylesheet()
    if root is None:
        return sheet
    for element in root.iterchildren(f"{W}style"):
        identifier = element.get(f"{W}styleId")
        if identifier is None:
            continue
        sheet.elements[identifier] = element
        usual = element.get(f"{W}default") in {"1", "true", "on"}
        if usual and element.get(f"{W}type") == "paragraph":
            sheet.usual = identifier
    run = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    paragraph = root.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr")
    sheet.defaults = Style("", format_of(run), layout_of(paragraph))
    return sheet


# --- numbering ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _NumberLevel:
    kind: str
    pattern: str
    start: int


@dataclass(slots=True)
class Numbering:
    """Automatic numbers, counted while the document is walked from top to bottom."""

    lists: dict[str, tuple[str, Mapping[int, _NumberLevel]]] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)

    def next(self, numbering: str, depth: int) -> str:
        """What stands before the next paragraph of a list ("2.1", "•"), "" for nothing."""
        known = self.lists.get(numbering)
        if known is None:
            return ""
        key, levels = known
        counts = self._counts.setdefault(key, [None] * 9)
        level = levels.get(depth)
        if level is None:
            return ""
        held = counts[depth]
        counts[depth] = level.start if held is None else held + 1
        counts[depth + 1 :] = [None] * (8 - depth)
        if level.kind == "bullet":
            return "•"
        if level.kind == "none":
            return ""
        return _spelt(level.pattern, levels, counts)


def _spelt(pattern: str, levels: Mapping[int, _NumberLevel], counts: list[int | None]) -> str:
    def fill(match: re.Match[str]) -> str:
        depth = int(match.group(1)) - 1
        level = levels.get(depth)
        if level is None:
            return ""
        count = counts[depth]
        return _numeral(level.start if count is None else count, level.kind)

    return re.sub(r"%([1-9])", fill, pattern)


def _numeral(count: int, kind: str) -> str:
    if kind in {"lowerLetter", "upperLetter"} and count > 0:
        letter = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 5)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in {"lowerRoman", "upperRoman"} and 0 < count < 400:
        roman = _roman(count)
        return roman if kind == "upperRoman" else roman.lower()
    if kind == "decimalZero":
        return f"{count:02d}"
    return str(count)


def _roman(count: int) -> str:
    result = ""
    for value, sign in ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
                        (5, "V"), (4, "IV"), (1, "I")):  # fmt: skip
        result += sign * (count // value)
        count %= value
    return result


def numbering(root: etree._Element | None) -> Numbering:
    """The lists of ``word/numbering.xml``; empty when there is no such part."""
    made = Numbering()
    if root is None:
        return made
    abstract: dict[str, dict[int, _NumberLevel]] = {}
    for element in root.iterchildren(f"{W}abstractNum"):
        identifier = element.get(f"{W}abstractNumId")
        if identifier is not None:
            abstract[identifier] = _levels(element)
    for element in root.iterchildren(f"{W}num"):
        identifier = element.get(f"{W}numId")
        link = element.find(f"{W}abstractNumId")
        base = link.get(VAL) if link is not None else None
        if identifier is None or base is None or base not in abstract:
            continue
        levels = dict(abstract[base])
        own = _overrides(element, levels)
        made.lists[identifier] = (f"num {identifier}" if own else f"abstract {base}", levels)
    return made


def _levels(element: etree._Element) -> dict[int, _NumberLevel]:
    return {
        int(depth): _level(level)
        for level in element.iterchildren(f"{W}lvl")
        if (depth := _number(level.get(f"{W}ilvl"))) is not None
    }


def _level(element: etree._Element) -> _NumberLevel:
    kind = element.find(f"{W}numFmt")
    pattern = element.find(f"{W}lvlText")
    start = element.find(f"{W}start")
    first = _number(start.get(VAL)) if start is not None else None
    return _NumberLevel(
        (kind.get(VAL) if kind is not None else None) or "decimal",
        (pattern.get(VAL) if pattern is not None else None) or "",
        int(first) if first is not None else 1,
    )


def _overrides(element: etree._Element, levels: dict[int, _NumberLevel]) -> bool:
    """Put a list's own beginnings into ``levels``; True when it starts a count of its own."""
    own = False
    for override in element.iterchildren(f"{W}lvlOverride"):
        depth = _number(override.get(f"{W}ilvl"))
        if depth is None:
            continue
        inner = override.find(f"{W}lvl")
        if inner is not None:
            levels[int(depth)] = _level(inner)
        start = override.find(f"{W}startOverride")
        first = _number(start.get(VAL)) if start is not None else None
        if first is not None and int(depth) in levels:
            levels[int(depth)] = replace(levels[int(depth)], start=int(first))
            own = True
    return own
