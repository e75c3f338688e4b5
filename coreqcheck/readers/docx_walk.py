"""The walk over a DOCX: every paragraph and run in document order, into a flow.

How paragraphs, runs and offsets are counted stands in ``docx``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from coreqcheck.errors import ReadError
from coreqcheck.model import Comment, Origin, Role
from coreqcheck.readers.builder import DocumentBuilder, Run
from coreqcheck.readers.docx_package import Package, Relation
from coreqcheck.readers.docx_styles import (
    VAL,
    Numbering,
    Stylesheet,
    W,
    format_of,
    layout_of,
    numbering,
    stylesheet,
)
from coreqcheck.readers.emission import looks_like_reference
from coreqcheck.readers.flow import (
    BREAK,
    PLAIN,
    Attached,
    Item,
    Look,
    Paragraph,
    Piece,
    Row,
    Table,
    gap,
    text_of,
)
from coreqcheck.readers.styles import Format, heading_level, style_role

if TYPE_CHECKING:
    from lxml import etree

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"

_P, _RUN, _TBL, _SDT = f"{W}p", f"{W}r", f"{W}tbl", f"{W}sdt"
_TEXT = frozenset({f"{W}t", f"{W}delText"})
_SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_INSERTED = frozenset({f"{W}ins", f"{W}moveTo"})
_DELETED = frozenset({f"{W}del", f"{W}moveFrom"})
_CONTAINERS = frozenset({f"{W}smartTag", f"{W}customXml", f"{W}dir", f"{W}bdo"})
_GRAPHICS = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_SPAN_LIMIT = 200  # columns that one merged cell may cover

_CITATION_FIELD = re.compile(
    r"\s*(?:ADDIN\s+(?:ZOTERO_ITEM|EN\.CITE|CSL_CITATION|MENDELEY_CITATION|Mendeley Citation|"
    r"REFMGR\.CITE|PAPERS2_CITATIONS|RW\.CITE|CitaviPlaceholder|NE\.Ref)|CITATION\b)",
    re.IGNORECASE,
)
_BIBLIOGRAPHY_FIELD = re.compile(
    r"\s*(?:ADDIN\s+(?:ZOTERO_BIBL|EN\.REFLIST|CSL_BIBLIOGRAPHY|Mendeley Bibliography|"
    r"REFMGR\.REFLIST|PAPERS2_BIBLIOGRAPHY|RW\.BIB|CitaviBibliography|NE\.Bib)|BIBLIOGRAPHY\b)",
    re.IGNORECASE,
)
_CONTENTS_FIELD = re.compile(r"\s*(?:TOC|INDEX|TOA)\b", re.IGNORECASE)
_CITATION_TAG = re.compile(r"MENDELEY_CITATION|CitaviPlaceholder|papers2_citation", re.IGNORECASE)
_BIBLIOGRAPHY_TAG = re.compile(r"MENDELEY_BIBLIOGRAPHY|CitaviBibliography", re.IGNORECASE)
_CITATION_LINK = re.compile(r"https?://(?:www\.)?paperpile\.com/c/")

_NOTES = {"footnotes": "word/footnotes.xml", "endnotes": "word/endnotes.xml"}


def run_text(run: etree._Element) -> str:
    """The text of a ``w:r`` in which ``Origin.offset`` counts."""
    parts = []
    for child in run:
        if child.tag in _TEXT:
            parts.append(child.text or "")
        elif child.tag in _SIGNS:
            parts.append(_SIGNS[child.tag])
        elif child.tag == f"{W}br" and not _is_page_break(child):
            parts.append("\n")
    return "".join(parts)


def _is_page_break(element: etree._Element) -> bool:
    return element.get(f"{W}type") in {"page", "column"}


@dataclass(slots=True)
class Tally:
    """What was met and is to be said: counts of elements."""

    changes: int = 0
    images: int = 0
    equations: int = 0
    hidden: int = 0
    boxes: int = 0
    chunks: int = 0
    paged: bool = False

    def report(self, builder: DocumentBuilder, original: bool, comments: int) -> None:
        """Write the counts as diagnostics."""
        if self.changes:
            how = "the original is read, without them" if original else "they are read as accepted"
            builder.diagnose("docx.tracked-changes", f"{self.changes} tracked changes: {how}")
        if comments:
            builder.diagnose("docx.comments", f"{comments} comments are not read as text")
        if self.images:
            builder.diagnose("docx.images", f"{self.images} images or charts are not read")
        if self.equations:
            builder.diagnose(
                "docx.equations", f"{self.equations} equations: only plain characters are read"
            )
        if self.boxes:
            builder.diagnose(
                "docx.text-boxes", f"{self.boxes} text boxes are read after their paragraph"
            )
        if self.hidden:
            builder.diagnose("docx.hidden-text", f"{self.hidden} stretches of hidden text left out")
        if self.chunks:
            builder.diagnose(
                "docx.embedded",
                f"{self.chunks} embedded documents are not read; open the file in Word and save "
                "it again to make them part of it",
                level="warning",
            )
        if self.paged:
            builder.diagnose("docx.pages", "page numbers are those of Word's last layout")


class Book:
    """All parts with what they share: styles, numbering, notes, counts."""

    def __init__(self, package: Package, tally: Tally, original: bool) -> None:
        self.package = package
        self.tally = tally
        self.original = original
        self.sheet: Stylesheet = stylesheet(_tolerant(package, "styles", "word/styles.xml"))
        self.numbering: Numbering = numbering(_tolerant(package, "numbering", "word/numbering.xml"))
        self._notes = {kind: _Notes(self, kind) for kind in _NOTES}

    def body(self) -> list[Item]:
        """The main document's flow."""
        root = self.package.tree(self.package.main)
        body = root.find(f"{W}body") if root is not None else None
        if root is None or body is None:
            raise ReadError("damaged", "has no text body; open it in Word and save it again")
        walker = _Walker(self, None, root, self.package.relations)
        recorded = _recorded_pages(root)
        if recorded > 1 and recorded == self.package.pages():
            walker.page = 1
            self.tally.paged = True
        return walker.flow(body)

    def note(self, kind: str, identifier: str | None) -> tuple[Item, ...]:
        """The flow of a footnote or endnote; empty when it is unknown or was given before."""
        return self._notes[kind].take(identifier)

    def margins(self) -> Iterator[Paragraph]:
        """Headers and footers, each text once."""
        seen: set[str] = set()
        for kind in ("header", "footer"):
            for name in self.package.parts(kind):
                root = self.package.tree(name)
                if root is None:
                    continue
                walker = _Walker(self, name, root, self.package.relations_of(name))
                for paragraph in _every_paragraph(walker.flow(root)):
                    text = text_of(paragraph)
                    if text and text not in seen:
                        seen.add(text)
                        yield replace(paragraph, style=kind)

    def comments(self) -> tuple[Comment, ...]:
        """The text of every comment, in the order of the file."""
        name = self.package.part("comments", "word/comments.xml")
        root = self.package.tree(name)
        if root is None:
            return ()
        walker = _Walker(self, name, root, {})
        texts = []
        for comment in root.iterchildren(f"{W}comment"):
            paragraphs = _every_paragraph(walker.flow(comment))
            texts.append("\n".join(filter(None, map(text_of, paragraphs))))
        return tuple(Comment(text) for text in texts if text)


def _tolerant(package: Package, kind: str, fallback: str) -> etree._Element | None:
    """A part that only serves looks: without it the text is still worth reading."""
    try:
        return package.tree(package.part(kind, fallback))
    except ReadError:
        return None


def _every_paragraph(items: list[Item] | tuple[Item, ...]) -> Iterator[Paragraph]:
    for item in items:
        if isinstance(item, Paragraph):
            yield item
            for attached in item.attached:
                yield from _every_paragraph(attached.items)
        else:
            for row in item.rows:
                for cell in row.cells:
                    yield from _every_paragraph(cell)


def _recorded_pages(root: etree._Element) -> int:
    """Pages by the breaks that Word recorded; a row counts its longest cell."""
    count = 1
    rows: dict[etree._Element, dict[etree._Element, int]] = {}
    for element in root.iter(f"{W}lastRenderedPageBreak"):
        cell = next(element.iterancestors(f"{W}tc"), None)
        row = next(element.iterancestors(f"{W}tr"), None)
        if cell is None or row is None:
            count += 1
        else:
            cells = rows.setdefault(row, {})
            cells[cell] = cells.get(cell, 0) + 1
    return count + sum(max(cells.values()) for cells in rows.values())


class _Notes:
    """The footnotes or the endnotes, read when they are cited."""

    def __init__(self, book: Book, kind: str) -> None:
        self.book = book
        self.kind = kind
        self._taken: set[str] = set()
        self._loaded = False
        self._elements: dict[str, tuple[etree._Element, int]] = {}
        self._name = ""
        self._root: etree._Element | None = None
        self._relations: dict[str, Relation] = {}

    def take(self, identifier: str | None) -> tuple[Item, ...]:
        if not self._loaded:
            self._load()
        if identifier is None or identifier in self._taken or self._root is None:
            return ()
        if identifier not in self._elements:
            return ()
        self._taken.add(identifier)
        element, paragraph = self._elements[identifier]
        walker = _Walker(self.book, self._name, element, self._relations)
        walker.paragraph = paragraph - 1
        return tuple(walker.flow(element))

    def _load(self) -> None:
        self._loaded = True
        package = self.book.package
        self._name = package.part(self.kind, _NOTES[self.kind])
        self._root = package.tree(self._name)
        if self._root is None:
            return
        self._relations = package.relations_of(self._name)
        paragraph = 0
        for element in self._root:
            identifier = element.get(f"{W}id")
            if identifier is not None and element.get(f"{W}type") in {None, "normal"}:
                self._elements.setdefault(identifier, (element, paragraph))
            paragraph += sum(1 for _ in element.iter(_P))


# --- the walk -------------------------------------------------------------------------------


@dataclass(slots=True)
class _Field:
    """A complex field that is open: its code so far, and whether its result has begun."""

    code: list[str] = field(default_factory=list)
    kind: Role | None = None
    citation: bool = False
    result: bool = False

    def begin_result(self) -> None:
        code = "".join(self.code)
        self.result = True
        self.citation = _CITATION_FIELD.match(code) is not None
        if _BIBLIOGRAPHY_FIELD.match(code):
            self.kind = Role.REFERENCE
        elif _CONTENTS_FIELD.match(code):
            self.kind = Role.FURNITURE


@dataclass(slots=True)
class _Line:
    """The paragraph under work."""

    index: int
    base: Format
    runs: Iterator[etree._Element]
    run: int = -1
    pieces: list[Piece] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)
    picture: bool = False
    letters: int = 0
    linked: int = 0
    cited: int = 0
    kind: Role | None = None


class _Walker:
    """Walks one part from top to bottom, counting paragraphs and runs."""

    def __init__(
        self,
        book: Book,
        part: str | None,
        root: etree._Element,
        relations: dict[str, Relation],
    ) -> None:
        self.book = book
        self.part = part
        self.relations = relations
        self.paragraph = -1
        self.page: int | None = None
        self._paragraphs = root.iter(_P)
        self._fields: list[_Field] = []
        self._citing: set[str] = set()
        self._pending: list[tuple[list[Piece], list[Attached]]] = []
        self._kinds: list[Role] = []
        self._links: list[bool] = []

    # blocks

    def flow(self, parent: etree._Element) -> list[Item]:
        """The paragraphs and tables inside ``parent``."""
        held, self._pending = self._pending, []
        items: list[Item] = []
        self._blocks(parent, items)
        if self._pending:
            items.append(self._carried(Paragraph(())))
        self._pending = held
        return items

    def _blocks(self, parent: etree._Element, items: list[Item]) -> None:
        for child in parent:
            tag = child.tag
            if tag == _P:
                paragraph = self._paragraph(child)
                if paragraph is not None:
                    items.append(paragraph)
            elif tag == _TBL:
                items.append(self._table(child))
            elif tag == _SDT:
                self._control(child, lambda content: self._blocks(content, items))
            elif tag in _CONTAINERS or tag in self._in():
                self._blocks(child, items)
            elif tag == f"{_MC}AlternateContent":
                branch = _branch(child)
                if branch is not None:
                    self._blocks(branch, items)
            elif tag in {f"{W}altChunk", f"{W}subDoc"}:
                self.book.tally.chunks += 1

    def _in(self) -> frozenset[str]:
        """The containers of tracked changes whose content is read."""
        return _DELETED if self.book.original else _INSERTED

    def _control(self, element: etree._Element, descend: Callable[[etree._Element], None]) -> None:
        """A content control: its content, unless it only shows its prompt."""
        content = element.find(f"{W}sdtContent")
        properties = element.find(f"{W}sdtPr")
        if content is None:
            return
        kind, citation = None, False
        if properties is not None:
            if properties.find(f"{W}showingPlcHdr") is not None:
                return
            kind, citation = _control_kind(properties)
        if kind is not None:
            self._kinds.append(kind)
        if citation:
            self._citing.add("control")
        descend(content)
        if citation:
            self._citing.discard("control")
        if kind is not None:
            self._kinds.pop()

    def _count(self, element: etree._Element) -> int:
        """The index of a paragraph in its part."""
        for met in self._paragraphs:
            self.paragraph += 1
            if met is element:
                break
        return self.paragraph

    def _paragraph(self, element: etree._Element) -> Paragraph | None:
        """One paragraph; ``None`` when it goes on in the next one or holds nothing at all."""
        index = self._count(element)
        properties = element.find(f"{W}pPr")
        if properties is None and len(element) == 0 and not self._pending:
            return None
        identifier = _style_of(properties)
        style = self.book.sheet.paragraph_style(identifier)
        line = _Line(index, style.format, element.iter(_RUN))
        self._inline(element, line)
        while self._fields and not self._fields[-1].result:
            self._fields.pop()  # a code that never ended must not hide the rest of the document
        if self._merges(properties):
            self._pending.append((line.pieces, line.attached))
            return None
        layout = style.layout
        if properties is not None:
            layout = layout_of(properties).over(layout)
        number = self._number(layout.numbering, layout.depth or 0, line)
        if not (line.pieces or line.attached or line.picture or number or self._pending):
            return None
        made = Paragraph(
            pieces=tuple(line.pieces),
            style=style.name,
            role=self._kind(line) or style_role(style.name),
            level=heading_level(style.name, layout.outline),
            item=layout.numbering not in {None, "0"},
            number=number,
            centred=bool(layout.centred),
            indent=layout.indent or 0.0,
            right=layout.right or 0.0,
            first=layout.first or 0.0,
            linked=line.letters > 0 and line.linked == line.letters,
            picture=line.picture,
            attached=tuple(line.attached),
        )
        return self._carried(made) if self._pending else made

    def _kind(self, line: _Line) -> Role | None:
        """What the field or content control around the paragraph says that it is."""
        if self._kinds:
            return self._kinds[-1]
        return line.kind

    def _number(self, numbering: str | None, depth: int, line: _Line) -> str:
        if numbering in {None, "0"} or numbering is None:
            return ""
        return self.book.numbering.next(numbering, depth)

    def _carried(self, paragraph: Paragraph) -> Paragraph:
        """``paragraph`` with what the paragraphs before it left over when their mark went."""
        pieces: list[Piece] = []
        attached: list[Attached] = []
        for before, hung in self._pending:
            pieces.extend(before)
            attached.extend(hung)
        self._pending = []
        return replace(
            paragraph,
            pieces=(*pieces, *paragraph.pieces),
            attached=(*attached, *paragraph.attached),
        )

    def _merges(self, properties: etree._Element | None) -> bool:
        """True when the paragraph's mark is not there in the view that is read."""
        mark = properties.find(f"{W}rPr") if properties is not None else None
        if mark is None:
            return False
        inserted = any(mark.find(tag) is not None for tag in _INSERTED)
        deleted = any(mark.find(tag) is not None for tag in _DELETED)
        self.book.tally.changes += inserted + deleted
        return inserted if self.book.original else deleted

    # tables

    def _table(self, element: etree._Element) -> Table:
        rows = [self._row(row) for row in self._rows(element)]
        made = [row for row in rows if row is not None]
        if made and not any(row.header for row in made) and _heads_table(made):
            made[0] = replace(made[0], header=True)
        return Table(tuple(made), self._kinds[-1] if self._kinds else None)

    def _rows(self, element: etree._Element) -> Iterator[etree._Element]:
        for child in element:
            if child.tag == f"{W}tr":
                yield child
            elif child.tag == _SDT:
                content = child.find(f"{W}sdtContent")
                if content is not None:
                    yield from self._rows(content)
            elif child.tag in _CONTAINERS or child.tag in _INSERTED or child.tag in _DELETED:
                yield from self._rows(child)

    def _row(self, element: etree._Element) -> Row | None:
        properties = element.find(f"{W}trPr")
        if self._gone(properties):
            return None
        cells: list[tuple[Paragraph, ...]] = [()] * _grid(properties, "gridBefore")
        start, last = self.page, self.page
        for cell in self._cells(element):
            self.page = start
            inner = cell.find(f"{W}tcPr")
            content: tuple[Paragraph, ...] = ()
            if not self._gone(inner, "cell") and not _covered(inner):
                content = tuple(_cell_paragraphs(self.flow(cell)))
            cells.append(content)
            cells.extend([()] * (_grid(inner, "gridSpan", 1) - 1))
            if last is not None and self.page is not None:
                last = max(last, self.page)
        self.page = last
        cells.extend([()] * _grid(properties, "gridAfter"))
        header = properties is not None and _is_on(properties.find(f"{W}tblHeader"))
        return Row(tuple(cells), header)

    def _cells(self, element: etree._Element) -> Iterator[etree._Element]:
        for child in element:
            if child.tag == f"{W}tc":
                yield child
            elif child.tag == _SDT:
                content = child.find(f"{W}sdtContent")
                if content is not None:
                    yield from self._cells(content)
            elif child.tag in _CONTAINERS:
                yield from self._cells(child)

    def _gone(self, properties: etree._Element | None, prefix: str = "") -> bool:
        """True for a row or cell that is not there in the view that is read."""
        if properties is None:
            return False
        names = ("cellIns", "cellDel") if prefix else ("ins", "del")
        inserted, deleted = (properties.find(W + name) is not None for name in names)
        self.book.tally.changes += inserted + deleted
        return inserted if self.book.original else deleted

    # inside a paragraph

    def _inline(self, parent: etree._Element, line: _Line) -> None:
        for child in parent:
            tag = child.tag
            if tag == _RUN:
                self._run(child, line)
            elif tag == f"{W}hyperlink":
                self._link(child, line)
            elif tag in _INSERTED or tag in _DELETED:
                self.book.tally.changes += tag != f"{W}moveTo"
                if tag in self._in():
                    self._inline(child, line)
            elif tag in _CONTAINERS:
                self._inline(child, line)
            elif tag == _SDT:
                self._control(child, lambda content: self._inline(content, line))
            elif tag == f"{W}fldSimple":
                self._simple_field(child, line)
            elif tag in {f"{W}bookmarkStart", f"{W}bookmarkEnd"}:
                self._bookmark(child)
            elif tag in {f"{_M}oMath", f"{_M}oMathPara"}:
                self._equation(child, line)
            elif tag == f"{_MC}AlternateContent":
                branch = _branch(child)
                if branch is not None:
                    self._inline(branch, line)

    def _link(self, element: etree._Element, line: _Line) -> None:
        inside = element.get(f"{W}anchor") is not None
        relation = self.relations.get(element.get(f"{_R}id", ""))
        cites = relation is not None and _CITATION_LINK.match(relation.target) is not None
        self._links.append(inside)
        if cites:
            self._citing.add("link")
        self._inline(element, line)
        if cites:
            self._citing.discard("link")
        self._links.pop()

    def _simple_field(self, element: etree._Element, line: _Line) -> None:
        opened = _Field([element.get(f"{W}instr", "")])
        opened.begin_result()
        self._fields.append(opened)
        self._inline(element, line)
        if self._fields and self._fields[-1] is opened:
            self._fields.pop()

    def _bookmark(self, element: etree._Element) -> None:
        """Zotero may keep its citations in bookmarks instead of fields."""
        identifier = "bookmark " + element.get(f"{W}id", "")
        if element.tag == f"{W}bookmarkEnd":
            self._citing.discard(identifier)
        elif element.get(f"{W}name", "").startswith("ZOTERO_BREF"):
            self._citing.add(identifier)

    def _equation(self, element: etree._Element, line: _Line) -> None:
        """The plain characters of an equation; one with structure is only counted."""
        self.book.tally.equations += 1
        if any(child.tag in _STRUCTURES for child in element.iter()):
            line.pieces.append(gap())
            return
        text = "".join(part.text or "" for part in element.iter(f"{_M}t"))
        if text and self._visible():
            origin = Origin(paragraph=line.index, part=self.part, page=self.page)
            line.pieces.append(Piece(Run(text, origin, "equation"), PLAIN))
            line.letters += len(text)

    def _visible(self) -> bool:
        return all(opened.result for opened in self._fields)

    def _run(self, element: etree._Element, line: _Line) -> None:
        for met in line.runs:
            line.run += 1
            if met is element:
                break
        properties = element.find(f"{W}rPr")
        format = self._format(properties, line.base)
        _Speech(self, line, format.look(), bool(format.hidden)).say(element)

    def _format(self, properties: etree._Element | None, base: Format) -> Format:
        if properties is None:
            return base
        own = format_of(properties)
        named = properties.find(f"{W}rStyle")
        if named is not None:
            own = own.over(self.book.sheet.style(named.get(VAL)).format)
        return own.over(base)


class _Speech:
    """Turns one run into pieces; a new piece begins where something without text stands."""

    __slots__ = ("buffer", "hidden", "line", "look", "offset", "start", "walker")

    def __init__(self, walker: _Walker, line: _Line, look: Look, hidden: bool) -> None:
        self.walker = walker
        self.line = line
        self.look = look
        self.hidden = hidden
        self.buffer: list[str] = []
        self.offset = 0
        self.start = 0

    def say(self, element: etree._Element) -> None:
        """Read the run."""
        for child in element:
            tag = child.tag
            if tag in _TEXT:
                self._text(child.text or "")
            elif tag in _SIGNS:
                self._text(BREAK if tag == f"{W}cr" else _SIGNS[tag])
            elif tag == f"{W}br":
                if _is_page_break(child):
                    self._flush()
                    self.line.pieces.append(gap())
                else:
                    self._text(BREAK)
            elif tag == f"{W}fldChar":
                self._field(child)
            elif tag in {f"{W}instrText", f"{W}delInstrText"}:
                if self.walker._fields and not self.walker._fields[-1].result:
                    self.walker._fields[-1].code.append(child.text or "")
            elif tag != f"{W}rPr":
                self._other(child)
        self._flush()
        if self.hidden and self.offset:
            self.walker.book.tally.hidden += 1

    def _text(self, text: str) -> None:
        if not self.hidden and self.walker._visible():
            if not self.buffer:
                self.start = self.offset
            self.buffer.append(text)
        self.offset += len(text)

    def _other(self, child: etree._Element) -> None:
        tag = child.tag
        if tag == f"{W}sym":
            self._symbol(child)
        elif tag == f"{W}lastRenderedPageBreak":
            self._flush()
            if self.walker.page is not None:
                self.walker.page += 1
        elif tag in {f"{W}footnoteReference", f"{W}endnoteReference"}:
            self._flush()
            self._note(child)
        elif tag in _GRAPHICS or tag == f"{_MC}AlternateContent":
            self._flush()
            self._graphic(child)
        elif tag == f"{W}ruby":
            base = child.find(f"{W}rubyBase")
            if base is not None:
                self._flush()
                self.walker._inline(base, self.line)

    def _flush(self) -> None:
        if not self.buffer:
            return
        text = "".join(self.buffer)
        self.buffer = []
        self._piece(text, self.start, None)

    def _piece(self, text: str, offset: int | None, repair: str | None) -> None:
        walker, line = self.walker, self.line
        cited = bool(walker._citing) or any(opened.citation for opened in walker._fields)
        origin = Origin(
            page=walker.page,
            paragraph=line.index,
            run=line.run if offset is not None else None,
            part=walker.part,
            offset=offset,
        )
        line.pieces.append(Piece(Run(text, origin, repair, cited), self.look))
        length = len(text.strip())
        line.letters += length
        if walker._links and walker._links[-1]:
            line.linked += length
        if line.kind is None:
            line.kind = next((opened.kind for opened in walker._fields if opened.kind), None)

    def _symbol(self, element: etree._Element) -> None:
        """A character of a symbol font: what it means is known for a few only."""
        code = element.get(f"{W}char", "")
        self._flush()
        if self.hidden or not re.fullmatch(r"[0-9A-Fa-f]{1,6}", code) or not self.walker._visible():
            return
        point = int(code, 16)
        text = _SYMBOLS.get(point & 0xFF if 0xF000 <= point <= 0xF0FF else point)
        if text is None:
            text = "" if 0xE000 <= point <= 0xF8FF or point > 0x10FFFF else chr(point)
        if text:
            self._piece(text, self.offset, "symbol")

    def _field(self, element: etree._Element) -> None:
        self._flush()
        fields = self.walker._fields
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            fields.append(_Field())
        elif kind == "separate" and fields:
            fields[-1].begin_result()
        elif kind == "end" and fields:
            fields.pop()

    def _note(self, element: etree._Element) -> None:
        kind = "footnotes" if element.tag == f"{W}footnoteReference" else "endnotes"
        identifier = element.get(f"{W}id")
        items = self.walker.book.note(kind, identifier)
        if not items:
            return
        self.line.attached.append(Attached(items, True))
        if identifier is not None and any(
            looks_like_reference(text_of(paragraph)) for paragraph in _every_paragraph(items)
        ):
            # Word shows a number here; without it the sentence would seem to cite nothing.
            origin = Origin(paragraph=self.line.index, part=self.walker.part)
            self.line.pieces.append(Piece(Run(identifier, origin, "note-mark", True), self.look))

    def _graphic(self, element: etree._Element) -> None:
        tally = self.walker.book.tally
        for found in _drawn(element):
            if found.tag == f"{W}txbxContent":
                self.line.attached.append(Attached(tuple(self.walker.flow(found)), False))
                tally.boxes += 1
            else:
                tally.images += 1
                self.line.picture = True


_SYMBOLS = {
    0xB7: "•", 0xA7: "•", 0xA8: "☐", 0xFE: "☒", 0xFC: "✓", 0x6D: "μ", 0x61: "α", 0x62: "β",
    0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB4: "×", 0xAE: "→", 0xE0: "→", 0x2D: "−", 0xD2: "®",
}  # fmt: skip

_STRUCTURES = frozenset(
    _M + name
    for name in ("f", "nary", "rad", "m", "sSup", "sSub", "sSubSup", "d", "eqArr", "limLow",
                 "limUpp", "func", "acc", "bar", "box", "borderBox", "groupChr", "sPre")
)  # fmt: skip

_IMAGES = frozenset(
    {f"{_A}blip", f"{_V}imagedata", "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
     "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"}
)  # fmt: skip


def _drawn(element: etree._Element) -> Iterator[etree._Element]:
    """The text boxes and images of a graphic, copies for older programs left out."""
    if element.tag == f"{_MC}AlternateContent":
        branch = _branch(element)
        if branch is not None:
            yield from _drawn(branch)
        return
    for child in element:
        if child.tag == f"{W}txbxContent" or child.tag in _IMAGES:
            yield child
        elif isinstance(child.tag, str):
            yield from _drawn(child)


def _branch(element: etree._Element) -> etree._Element | None:
    """The one branch of an alternative that is read: the choice, unless only the other has text."""
    choices = element.findall(f"{_MC}Choice")
    fallback = element.find(f"{_MC}Fallback")
    for choice in choices:
        if next(choice.iter(f"{W}t"), None) is not None:
            return choice
    if fallback is not None and next(fallback.iter(f"{W}t"), None) is not None:
        return fallback
    return choices[0] if choices else fallback


def _control_kind(properties: etree._Element) -> tuple[Role | None, bool]:
    """What a content control says its content is: (role of its paragraphs, citation)."""
    tag = properties.find(f"{W}tag")
    name = tag.get(VAL, "") if tag is not None else ""
    if properties.find(f"{W}citation") is not None or _CITATION_TAG.match(name):
        return None, True
    if properties.find(f"{W}bibliography") is not None or _BIBLIOGRAPHY_TAG.match(name):
        return Role.REFERENCE, False
    gallery = properties.find(f"{W}docPartObj/{W}docPartGallery")
    kind = gallery.get(VAL, "") if gallery is not None else ""
    if kind == "Table of Contents":
        return Role.FURNITURE, False
    return (Role.REFERENCE if kind == "Bibliographies" else None), False


def _style_of(properties: etree._Element | None) -> str | None:
    named = properties.find(f"{W}pStyle") if properties is not None else None
    return named.get(VAL) if named is not None else None


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and element.get(VAL, "1") not in {"0", "false", "off"}


def _grid(properties: etree._Element | None, name: str, default: int = 0) -> int:
    """A count of columns, within reason."""
    found = properties.find(W + name) if properties is not None else None
    text = found.get(VAL, "") if found is not None else ""
    return min(max(int(text), default), _SPAN_LIMIT) if re.fullmatch(r"\d{1,6}", text) else default


def _covered(properties: etree._Element | None) -> bool:
    """True for a cell that a merged one above covers."""
    merged = properties.find(f"{W}vMerge") if properties is not None else None
    return merged is not None and merged.get(VAL, "continue") != "restart"


def _cell_paragraphs(items: list[Item]) -> Iterator[Paragraph]:
    """A cell's paragraphs; tables inside it are read cell by cell."""
    for item in items:
        if isinstance(item, Paragraph):
            yield item
        else:
            for row in item.rows:
                for cell in row.cells:
                    yield from cell


def _heads_table(rows: list[Row]) -> bool:
    """True when the first row is bold throughout and the second is not."""
    if len(rows) < 2:
        return False
    first, second = (
        [p.look.bold for cell in row.cells for q in cell for p in q.pieces if p.run.text.strip()]
        for row in rows[:2]
    )
    return bool(first) and all(first) and not all(second)
