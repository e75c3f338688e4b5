"""The ODT reader: OpenDocument text, from ``content.xml`` and ``styles.xml``.

How places are counted (``Origin``):

- ``paragraph`` is the index of the ``text:p`` or ``text:h`` among all of them in document order
  in ``content.xml`` (those in notes, tables, annotations and recorded deletions count too);
  ``path`` is an XPath expression for the same element.
- ``run`` is the index of the text among ``text_nodes(element)``: every non-empty text and tail
  inside the paragraph's element, in document order.
- ``offset`` counts in that text.
- ``part`` is ``styles.xml`` for headers and footers (their paragraphs counted there), ``None``
  otherwise.

Spaces and tabs that are elements (``text:s``) have no ``run``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from coreqcheck.errors import ReadError
from coreqcheck.model import Comment, Document, Meta, Origin, Role
from coreqcheck.readers import ReadOptions, appended_checklist
from coreqcheck.readers.archive import Archive, parse_xml
from coreqcheck.readers.builder import DocumentBuilder, Run
from coreqcheck.readers.emission import hand_over, within
from coreqcheck.readers.flow import BREAK, Attached, Item, Paragraph, Piece, Row, Table, text_of
from coreqcheck.readers.styles import Format, Layout, Style, heading_level, style_role

if TYPE_CHECKING:
    from lxml import etree

_NS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, TEXT, TABLE = _NS % "office", _NS % "text", _NS % "table"
STYLE, DRAW, META = _NS % "style", _NS % "drawing", _NS % "meta"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_XLINK = "{http://www.w3.org/1999/xlink}"

_P, _H = f"{TEXT}p", f"{TEXT}h"
_SPAN_LIMIT = 200  # columns that one cell may be repeated over
_CHAIN = 30
_SKIPPED = frozenset(
    {
        f"{OFFICE}annotation",
        f"{OFFICE}annotation-end",
        f"{TEXT}tracked-changes",
        f"{TEXT}hidden-text",
        f"{TEXT}script",
        f"{TEXT}ruby-text",
        f"{TEXT}note-citation",
        f"{TEXT}placeholder",
        f"{TEXT}sequence-decls",
        f"{OFFICE}forms",
    }
)
_INDEXES = {
    f"{TEXT}table-of-content": Role.FURNITURE,
    f"{TEXT}illustration-index": Role.FURNITURE,
    f"{TEXT}table-index": Role.FURNITURE,
    f"{TEXT}object-index": Role.FURNITURE,
    f"{TEXT}user-index": Role.FURNITURE,
    f"{TEXT}alphabetical-index": Role.FURNITURE,
    f"{TEXT}bibliography": Role.REFERENCE,
}
_CITATION_MARK = re.compile(
    r"(?:ZOTERO_ITEM|CSL_CITATION|MENDELEY|JR_|CITAVI|EN\.CITE)", re.IGNORECASE
)
_BIBLIOGRAPHY_MARK = re.compile(r"ZOTERO_BIBL|CSL_BIBLIOGRAPHY|MENDELEY_BIB", re.IGNORECASE)


def read(path: Path, shown: str, data: bytes, options: ReadOptions) -> Document:
    """Read an OpenDocument text.

    Args:
        path: the file; not opened again.
        shown: the path as reports print it.
        data: the file's bytes.
        options: limits, and which side of tracked changes is read.

    Raises:
        ReadError: ``not-zip``, ``damaged``, ``encrypted``, ``too-large`` or ``no-text``.
    """
    try:
        return _read(shown, data, options)
    except RecursionError:
        raise ReadError(
            "damaged", "its parts are nested too deeply; save it again from a word processor"
        ) from None


def text_nodes(paragraph: etree._Element) -> list[str]:
    """The texts inside a paragraph in document order: the unit that ``Origin.run`` counts."""
    found = []
    for element, is_tail in _spots(paragraph):
        text = element.tail if is_tail else element.text
        if text:
            found.append(text)
    return found


def _spots(paragraph: etree._Element) -> Iterator[tuple[etree._Element, bool]]:
    """Where text may stand inside an element: (element, whether after it), in order."""
    from lxml import etree

    for event, element in etree.iterwalk(paragraph, events=("start", "end", "comment", "pi")):
        if event == "start":
            yield element, False
        elif element is not paragraph:
            yield element, True


def _read(shown: str, data: bytes, options: ReadOptions) -> Document:
    archive = Archive(data, options.limits)
    _refuse_encrypted(archive)
    content = archive.read("content.xml")
    if content is None:
        raise ReadError("damaged", "holds no content.xml; open it in LibreOffice and save it again")
    root = parse_xml(content, "content.xml")
    body = root.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise ReadError("damaged", "holds no text document; save it as .odt or .docx")
    styles = _optional(archive, "styles.xml")
    sheet = _Sheet((styles, root))
    builder = DocumentBuilder(shown, "odt")
    changes = _Changes(body, options.revisions == "original")
    walker = _Walker(root, sheet, changes)
    front = hand_over(walker.flow(body), builder, options.limits)
    if builder.length == 0:
        raise ReadError(
            "no-text", "holds no text; if its pages are pictures, use the file they were made from"
        )
    for paragraph in _margins(styles, sheet):
        builder.block(Role.FURNITURE, (piece.run for piece in paragraph.pieces))
        within(builder, 0, options.limits)
    comments = _comments(body)
    _report(builder, walker, changes, len(comments))
    title, pages = _properties(_optional(archive, "meta.xml"))
    meta = Meta(
        title=front.title or title,
        authors=front.authors,
        pages=pages,
        tracked_changes=changes.count,
        comments=comments,
    )
    return appended_checklist.label(builder.build(data, meta))


def _refuse_encrypted(archive: Archive) -> None:
    manifest = archive.read("META-INF/manifest.xml")
    if manifest is not None and b"encryption-data" in manifest:
        raise ReadError("encrypted", "is protected by a password; save a copy without it")


def _optional(archive: Archive, name: str) -> etree._Element | None:
    """A part that the text does not depend on."""
    try:
        data = archive.read(name)
        return parse_xml(data, name) if data is not None else None
    except ReadError:
        return None


def _properties(root: etree._Element | None) -> tuple[str | None, int | None]:
    """The title and the number of pages that the file records about itself."""
    if root is None:
        return None, None
    title = " ".join((root.findtext(f"{OFFICE}meta/{DC}title") or "").split())
    counted = root.find(f"{OFFICE}meta/{META}document-statistic")
    text = counted.get(f"{META}page-count", "") if counted is not None else ""
    pages = int(text) if text.isdecimal() and len(text) < 7 else None
    return (title if len(title.split()) > 2 else None), pages


def _comments(body: etree._Element) -> tuple[Comment, ...]:
    texts = []
    for annotation in body.iter(f"{OFFICE}annotation"):
        lines = (
            " ".join("".join(text_nodes(element)).split()) for element in annotation.iter(_P, _H)
        )
        texts.append("\n".join(filter(None, lines)))
    return tuple(Comment(text) for text in texts if text)


def _margins(styles: etree._Element | None, sheet: _Sheet) -> Iterator[Paragraph]:
    """Headers and footers, each text once."""
    if styles is None:
        return
    walker = _Walker(styles, sheet, None, "styles.xml")
    seen: set[str] = set()
    masters = styles.find(f"{OFFICE}master-styles")
    for element in masters.iter() if masters is not None else ():
        if not isinstance(element.tag, str) or not re.search(r"\}(?:header|footer)", element.tag):
            continue
        for item in walker.flow(element):
            if isinstance(item, Paragraph) and text_of(item) not in seen:
                seen.add(text_of(item))
                yield item


def _report(builder: DocumentBuilder, walker: _Walker, changes: _Changes, comments: int) -> None:
    if changes.count:
        how = "the original is read, without them" if changes.original else "read as accepted"
        builder.diagnose("odt.tracked-changes", f"{changes.count} tracked changes: {how}")
    if comments:
        builder.diagnose("odt.comments", f"{comments} comments are not read as text")
    if walker.images:
        builder.diagnose("odt.images", f"{walker.images} images, charts or equations are not read")


# --- styles ---------------------------------------------------------------------------------


class _Sheet:
    """All styles by family and name, with what they inherit."""

    def __init__(self, roots: tuple[etree._Element | None, ...]) -> None:
        self._elements: dict[tuple[str, str], etree._Element] = {}
        self._defaults: dict[str, etree._Element] = {}
        self._numbered: dict[str, bool] = {}
        self._made: dict[tuple[str, str], Style] = {}
        for root in roots:
            if root is None:
                continue
            for element in root.iter(f"{STYLE}style"):
                key = element.get(f"{STYLE}family", ""), element.get(f"{STYLE}name", "")
                self._elements[key] = element
            for element in root.iter(f"{STYLE}default-style"):
                self._defaults.setdefault(element.get(f"{STYLE}family", ""), element)
            for element in root.iter(f"{TEXT}list-style"):
                first = next(iter(element), None)
                numbered = first is not None and first.tag == f"{TEXT}list-level-style-number"
                self._numbered[element.get(f"{STYLE}name", "")] = numbered

    def numbered(self, name: str | None) -> bool:
        """True when a list style gives numbers, not bullets."""
        return self._numbered.get(name or "", False)

    def style(self, family: str, name: str | None) -> Style:
        """A style with its inheritance and the family's defaults, named as people see it."""
        key = family, name or ""
        if key not in self._made:
            self._made[key] = self._make(family, name)
        return self._made[key]

    def _make(self, family: str, name: str | None) -> Style:
        format, layout, shown = Format(), Layout(), ""
        at = name
        for _ in range(_CHAIN):
            element = self._elements.get((family, at or ""))
            if element is None:
                break
            format, layout = _said(element, format, layout)
            automatic = re.fullmatch(r"[PT]\d+", at or "") is not None
            if not shown and not automatic:
                shown = element.get(f"{STYLE}display-name") or _decoded(at or "")
            at = element.get(f"{STYLE}parent-style-name")
        default = self._defaults.get(family)
        if default is not None and family == "paragraph":
            format, layout = _said(default, format, layout)
        return Style("" if shown == "Standard" else shown or _decoded(at or ""), format, layout)


def _decoded(name: str) -> str:
    """A style's internal name as people see it ("Heading_20_1")."""
    return re.sub(r"_([0-9a-f]{2})_", lambda found: chr(int(found[1], 16)), name)


def _said(element: etree._Element, format: Format, layout: Layout) -> tuple[Format, Layout]:
    """``format`` and ``layout``, with what one style says where they say nothing yet."""
    text = element.find(f"{STYLE}text-properties")
    paragraph = element.find(f"{STYLE}paragraph-properties")
    if text is not None:
        format = format.over(_format(text))
    if paragraph is not None:
        layout = layout.over(_layout(paragraph))
    outline = element.get(f"{STYLE}default-outline-level", "")
    if outline.isdecimal() and len(outline) < 3:
        layout = layout.over(Layout(outline=int(outline) - 1))
    return format, layout


def _format(element: etree._Element) -> Format:
    weight = element.get(f"{FO}font-weight")
    slant = element.get(f"{FO}font-style")
    line = element.get(f"{STYLE}text-underline-style")
    case = element.get(f"{FO}text-transform") or element.get(f"{FO}font-variant")
    position = element.get(f"{STYLE}text-position")
    hidden = element.get(f"{TEXT}display")
    size = element.get(f"{FO}font-size", "")
    return Format(
        bold=None if weight is None else weight in {"bold", "600", "700", "800", "900"},
        italic=None if slant is None else slant in {"italic", "oblique"},
        underlined=None if line is None else line != "none",
        caps=None if case is None else case in {"uppercase", "small-caps"},
        raised=None if position is None else _is_raised(position),
        hidden=None if hidden is None else hidden == "none",
        size=_points(size) if not size.endswith("%") else None,
    )


def _is_raised(position: str) -> bool:
    """ "super 58%" or "33% 58%"; a negative rise is a subscript."""
    first = (position.split() or [""])[0]
    return first == "super" or bool(re.fullmatch(r"[1-9]\d?(?:\.\d+)?%", first))


def _layout(element: etree._Element) -> Layout:
    align = element.get(f"{FO}text-align")
    return Layout(
        centred=None if align is None else align == "center",
        indent=_points(element.get(f"{FO}margin-left", "")),
        right=_points(element.get(f"{FO}margin-right", "")),
        first=_points(element.get(f"{FO}text-indent", "")),
    )


def _points(length: str) -> float | None:
    found = re.fullmatch(r"(-?\d{1,6}(?:\.\d{1,6})?)(pt|cm|mm|in|inch|px|pc)", length.strip())
    if found is None:
        return None
    unit = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "inch": 72.0, "px": 0.75, "pc": 12.0}
    return float(found[1]) * unit[found[2]]


# --- tracked changes ------------------------------------------------------------------------


class _Changes:
    """The recorded changes: insertions stand in the text, deletions are kept apart."""

    def __init__(self, body: etree._Element, original: bool) -> None:
        self.original = original
        self.count = 0
        self.inserted: set[str] = set()
        self.deleted: dict[str, etree._Element] = {}
        for region in body.iterfind(f"{TEXT}tracked-changes/{TEXT}changed-region"):
            identifier = region.get(f"{TEXT}id", "") or region.get(_XML_ID, "")
            deletion = region.find(f"{TEXT}deletion")
            if deletion is not None:
                self.deleted[identifier] = deletion
            elif region.find(f"{TEXT}insertion") is not None:
                self.inserted.add(identifier)
            else:
                continue  # a change of formatting
            self.count += 1


# --- the walk -------------------------------------------------------------------------------


@dataclass(slots=True)
class _Line:
    """The paragraph under work."""

    index: int
    runs: dict[tuple[etree._Element, bool], int]
    pieces: list[Piece] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)
    picture: bool = False
    letters: int = 0
    linked: int = 0


@dataclass(frozen=True, slots=True)
class _Setting:
    """What holds for a stretch of text: its format, and whether it is a citation or a link."""

    format: Format
    citation: bool = False
    linked: bool = False


class _Walker:
    """Walks one part; paragraphs keep the number that they have in the file."""

    def __init__(
        self,
        root: etree._Element,
        sheet: _Sheet,
        changes: _Changes | None,
        part: str | None = None,
    ) -> None:
        self.sheet = sheet
        self.changes = changes
        self.part = part
        self.images = 0
        self._numbers = {element: index for index, element in enumerate(root.iter(_P, _H))}
        self._open: set[str] = set()  # insertions that the original does not have
        self._citing: set[str] = set()
        self._pending: list[_Line] = []
        self._kinds: list[Role] = []

    # blocks

    def flow(self, parent: etree._Element) -> list[Item]:
        """The paragraphs and tables inside ``parent``."""
        held, self._pending = self._pending, []
        items: list[Item] = []
        self._blocks(parent, items, "")
        if self._pending:
            items.append(self._carried(Paragraph(())))
        self._pending = held
        return items

    def _blocks(self, parent: etree._Element, items: list[Item], number: str) -> None:
        for child in parent:
            tag = child.tag
            if tag in (_P, _H):
                paragraph = self._paragraph(child, number)
                number = "" if not number else " "
                if paragraph is not None:
                    items.append(paragraph)
            elif tag == f"{TEXT}list":
                self._list(child, items)
            elif tag == f"{TABLE}table":
                items.append(self._table(child))
            elif tag in _INDEXES:
                self._kinds.append(_INDEXES[tag])
                self._blocks(child, items, "")
                self._kinds.pop()
            elif tag == f"{TEXT}section":
                self._section(child, items)
            elif tag in {f"{TEXT}index-body", f"{TEXT}index-title", f"{TEXT}numbered-paragraph"}:
                self._blocks(child, items, number)
            elif isinstance(tag, str) and tag.startswith(DRAW):
                self._floating(child, items)
            elif tag in _MARKERS:
                self._marker(child)

    def _section(self, element: etree._Element, items: list[Item]) -> None:
        references = _BIBLIOGRAPHY_MARK.search(element.get(f"{TEXT}name", "")) is not None
        if references:
            self._kinds.append(Role.REFERENCE)
        self._blocks(element, items, "")
        if references:
            self._kinds.pop()

    def _list(self, element: etree._Element, items: list[Item]) -> None:
        numbered = self.sheet.numbered(element.get(f"{TEXT}style-name"))
        count = 0
        for child in element:
            if child.tag == f"{TEXT}list-item":
                count += 1
                self._blocks(child, items, f"{count}." if numbered else "•")
            elif child.tag == f"{TEXT}list-header":
                self._blocks(child, items, " ")

    def _floating(self, element: etree._Element, items: list[Item]) -> None:
        """A frame that stands between paragraphs."""
        line = _Line(0, {})
        self._graphic(element, line)
        for attached in line.attached:
            items.extend(attached.items)

    def _paragraph(self, element: etree._Element, number: str) -> Paragraph | None:
        """One paragraph; ``None`` when it goes on in the next one or is empty."""
        if len(element) == 0 and not element.text and not self._pending:
            return None
        style = self.sheet.style("paragraph", element.get(f"{TEXT}style-name"))
        line = _Line(self._numbers[element], _runs(element))
        self._inline(element, line, _Setting(style.format))
        if self._open:
            self._pending.append(line)
            return None
        outline = element.get(f"{TEXT}outline-level", "")
        level = int(outline) if outline.isdecimal() and len(outline) < 3 else 0
        if element.tag == _H:
            level = level or heading_level(style.name, style.layout.outline) or 1
        else:
            level = heading_level(style.name, style.layout.outline)
        made = Paragraph(
            pieces=tuple(line.pieces),
            style=style.name,
            role=self._kinds[-1] if self._kinds else style_role(style.name),
            level=level,
            item=bool(number) and element.tag == _P,
            number=number.strip(),
            centred=bool(style.layout.centred),
            indent=style.layout.indent or 0.0,
            right=style.layout.right or 0.0,
            first=style.layout.first or 0.0,
            linked=line.letters > 0 and line.linked == line.letters,
            picture=line.picture,
            attached=tuple(line.attached),
        )
        return self._carried(made) if self._pending else made

    def _carried(self, paragraph: Paragraph) -> Paragraph:
        """``paragraph`` with the ones before it that an insertion had split off."""
        pieces = [piece for line in self._pending for piece in line.pieces]
        attached = [hung for line in self._pending for hung in line.attached]
        self._pending = []
        return replace(
            paragraph,
            pieces=(*pieces, *paragraph.pieces),
            attached=(*attached, *paragraph.attached),
        )

    # tables

    def _table(self, element: etree._Element) -> Table:
        rows: list[Row] = []
        self._rows(element, rows, False)
        return Table(tuple(rows), self._kinds[-1] if self._kinds else None)

    def _rows(self, element: etree._Element, rows: list[Row], header: bool) -> None:
        for child in element:
            if child.tag == f"{TABLE}table-row":
                rows.append(Row(tuple(self._cells(child)), header))
            elif child.tag == f"{TABLE}table-header-rows":
                self._rows(child, rows, True)
            elif child.tag in {f"{TABLE}table-rows", f"{TABLE}table-row-group"}:
                self._rows(child, rows, header)

    def _cells(self, row: etree._Element) -> Iterator[tuple[Paragraph, ...]]:
        for cell in row:
            if cell.tag == f"{TABLE}table-cell":
                yield tuple(_paragraphs(self.flow(cell)))
            elif cell.tag != f"{TABLE}covered-table-cell":
                continue
            else:
                yield ()
            repeated = cell.get(f"{TABLE}number-columns-repeated", "1")
            times = int(repeated) if repeated.isdecimal() and len(repeated) < 7 else 1
            for _ in range(min(times, _SPAN_LIMIT) - 1):
                yield ()

    # inside a paragraph

    def _inline(self, element: etree._Element, line: _Line, setting: _Setting) -> None:
        self._say(element, False, line, setting)
        for child in element:
            if isinstance(child.tag, str):
                self._child(child, line, setting)
            self._say(child, True, line, setting)

    def _child(self, child: etree._Element, line: _Line, setting: _Setting) -> None:
        tag = child.tag
        if tag == f"{TEXT}span":
            style = self.sheet.style("text", child.get(f"{TEXT}style-name"))
            self._inline(child, line, replace(setting, format=style.format.over(setting.format)))
        elif tag == f"{TEXT}s":
            self._generated(" ", line)
        elif tag == f"{TEXT}tab":
            self._generated("\t", line)
        elif tag == f"{TEXT}line-break":
            self._generated(BREAK, line)
        elif tag == f"{TEXT}note":
            body = child.find(f"{TEXT}note-body")
            if body is not None:
                line.attached.append(Attached(tuple(self.flow(body)), True))
        elif tag == f"{TEXT}a":
            inside = child.get(f"{_XLINK}href", "").startswith("#")
            self._inline(child, line, replace(setting, linked=setting.linked or inside))
        elif tag == f"{TEXT}bibliography-mark":
            self._inline(child, line, replace(setting, citation=True))
        elif tag in _MARKERS:
            self._marker(child, line)
        elif tag.startswith(DRAW):
            self._graphic(child, line)
        elif tag not in _SKIPPED:
            self._inline(child, line, setting)

    def _say(self, element: etree._Element, is_tail: bool, line: _Line, setting: _Setting) -> None:
        text = element.tail if is_tail else element.text
        if not text or self._open or setting.format.hidden:
            return
        index = line.index
        origin = Origin(
            paragraph=index,
            run=line.runs[element, is_tail],
            part=self.part,
            path=_path(index),
            offset=0,
        )
        cited = setting.citation or bool(self._citing)
        line.pieces.append(Piece(Run(text, origin, None, cited), setting.format.look()))
        letters = len(text.strip())
        line.letters += letters
        line.linked += letters * setting.linked

    def _generated(self, text: str, line: _Line) -> None:
        if not self._open:
            origin = Origin(paragraph=line.index, part=self.part, path=_path(line.index))
            line.pieces.append(Piece(Run(text, origin, "space")))

    def _marker(self, element: etree._Element, line: _Line | None = None) -> None:
        """The ends of changes and of marked stretches."""
        tag = element.tag
        if tag in {f"{TEXT}reference-mark-start", f"{TEXT}bookmark-start"}:
            name = element.get(f"{TEXT}name", "")
            if _CITATION_MARK.search(name):
                self._citing.add(name)
            return
        if tag in {f"{TEXT}reference-mark-end", f"{TEXT}bookmark-end"}:
            self._citing.discard(element.get(f"{TEXT}name", ""))
            return
        if self.changes is None or not self.changes.original:
            return
        identifier = element.get(f"{TEXT}change-id", "")
        if tag == f"{TEXT}change-start" and identifier in self.changes.inserted:
            self._open.add(identifier)
        elif tag == f"{TEXT}change-end":
            self._open.discard(identifier)
        elif tag == f"{TEXT}change" and line is not None and not self._open:
            self._restore(self.changes.deleted.get(identifier), line)

    def _restore(self, deletion: etree._Element | None, line: _Line) -> None:
        """Put deleted text back where it stood; its paragraphs are parted by empty lines."""
        if deletion is None:
            return
        for number, element in enumerate(deletion.iter(_P, _H)):
            inner = _Line(self._numbers[element], _runs(element))
            style = self.sheet.style("paragraph", element.get(f"{TEXT}style-name"))
            self._inline(element, inner, _Setting(style.format))
            if number:
                self._generated(2 * BREAK, line)
            line.pieces.extend(inner.pieces)
            line.attached.extend(inner.attached)

    def _graphic(self, element: etree._Element, line: _Line) -> None:
        """A drawing: text boxes are read, the first other content is an image."""
        boxes = list(element.iter(f"{DRAW}text-box"))
        outer = [box for box in boxes if not any(a in boxes for a in box.iterancestors())]
        if self._open:
            return
        for box in outer:
            line.attached.append(Attached(tuple(self.flow(box)), False))
        if outer:
            return
        paragraphs = next(element.iter(_P, _H), None)
        if paragraphs is not None and element.tag != f"{DRAW}object":
            line.attached.append(Attached(tuple(self.flow(element)), False))
        elif (
            next(element.iter(f"{DRAW}image", f"{DRAW}object", f"{DRAW}object-ole"), None)
            is not None
        ):
            self.images += 1
            line.picture = True


_MARKERS = frozenset(
    TEXT + name
    for name in (
        "change",
        "change-start",
        "change-end",
        "reference-mark-start",
        "reference-mark-end",
        "bookmark-start",
        "bookmark-end",
    )
)


def _runs(paragraph: etree._Element) -> dict[tuple[etree._Element, bool], int]:
    """The number of every text inside a paragraph, as ``text_nodes`` lists them."""
    numbers: dict[tuple[etree._Element, bool], int] = {}
    for element, is_tail in _spots(paragraph):
        if element.tail if is_tail else element.text:
            numbers[element, is_tail] = len(numbers)
    return numbers


def _path(paragraph: int) -> str:
    return f"(//text:p|//text:h)[{paragraph + 1}]"


def _paragraphs(items: list[Item]) -> Iterator[Paragraph]:
    """A cell's paragraphs; tables inside it are read cell by cell."""
    for item in items:
        if isinstance(item, Paragraph):
            yield item
        else:
            for row in item.rows:
                for cell in row.cells:
                    yield from cell
