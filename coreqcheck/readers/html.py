"""The HTML reader: a journal's article page, without what surrounds the article.

How places are counted (``Origin``): ``path`` is the XPath of a text node in the tree that
``lxml.html`` builds (``/html/body/div[2]/p[3]/text()[1]``), ``offset`` the position in that node.
Nothing is ever fetched: scripts, frames, images and style sheets are left out.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from coreqcheck.errors import ReadError
from coreqcheck.model import Author, Document, Meta, Origin, Role, SectionKind
from coreqcheck.readers import ReadOptions, appended_checklist, bylines, signposts
from coreqcheck.readers.builder import DocumentBuilder, Run
from coreqcheck.readers.emission import hand_over
from coreqcheck.readers.flow import BREAK, PLAIN, Item, Look, Paragraph, Piece, Row, Table, text_of

if TYPE_CHECKING:
    from lxml import etree

_SPAN_LIMIT = 200  # rows or columns that one cell may cover
_BODY_CHARACTERS = 4_000  # less text than this outside the abstract is no paper


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DROPPED = _words(
    "script style noscript nav aside form button svg iframe object embed template select input "
    "textarea video audio canvas map dialog head link meta title footer menu"
)
_BLOCKS = _words(
    "address article blockquote body center dd details div dl dt fieldset figcaption figure "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html li main ol p pre section summary ul caption legend "
    "tbody thead tfoot tr td th"
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DROPPED_ROLES = _words(
    "navigation banner contentinfo search complementary dialog alert alertdialog menu menubar "
    "toolbar tablist tooltip"
)
_DROPPED_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|gdpr|onetrust|cc-(?:banner|window)|(?:consent|privacy)[_-](?:banner|modal|"
    r"popup|manager|dialog)|advert\w*|ads?-(?:slot|unit|container)|social|share(?:-\w+)?|sharing|"
    r"breadcrumbs?|newsletter|sidebar|site-(?:header|footer|nav)|navbar|menus?|toolbar|altmetrics?|"
    r"related-(?:articles?|content|items?|links?)|recommend(?:ed|ations)-(?:articles?|content|items?)|"
    r"skip-(?:link|to-\w+)|login|paywall|subscribe|comments-section|citation-tools|article-tools|"
    r"download-links?|metrics|sr-only|visually-hidden|visuallyhidden|screen-reader-\w+|"
    r"back-to-top|pagination|modal|popup|tooltip|article-nav|jump-links?|toc|table-of-contents)"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)
_REFERENCE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:ref-?list|references?|bibliography|citations?-list|biblio|refs|bib)(?=$|[\s_-])",
    re.IGNORECASE,
)
_REFERENCE_LINK = re.compile(
    r"#(?:ref|bib|cit|cr|b\d|r\d|en\d|bibr|c\d|cite|core-R|rf|ref-CR)[\w.-]*$", re.IGNORECASE
)
_REFERENCE_CLASS = re.compile(
    r"(?:^|\s)(?:xref-bibr|bibr|bibr-link|ref-link|reference-link|citation|cite|xref|xref-ref|"
    r"bib|ref|reflink|citref|bibref)(?=$|\s)",
    re.IGNORECASE,
)
_AUTHOR_NAMES = re.compile(
    r"(?:^|[\s_-])(?:authors?(?:-list|-group|s)?|contrib(?:utor)?(?:-group|s)?|byline)(?=$|\s)",
    re.IGNORECASE,
)
_AFFILIATION_NAMES = re.compile(
    r"(?:^|[\s_-])(?:aff(?:iliations?)?|institutions?)(?=$|[\s_-])", re.I
)
_TITLE_NAMES = re.compile(r"(?:article|document|citation|content)[_-]?title", re.IGNORECASE)
_CAPTION_NAMES = re.compile(
    r"(?:^|[\s_-])(?:fig(?:ure)?|table|tbl|image)[_-]?(?:caption|legend|title)(?=$|\s)|"
    r"(?:^|\s)caption(?=$|\s)",
    re.IGNORECASE,
)
_NOTE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:table|tbl)[_-](?:foot|notes?|fn|wrap-foot)", re.IGNORECASE
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_PLAIN_TAG = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_BODY_HEADS = re.compile(
    r"(?:introduction|background|(?:materials?|patients?|participants?|subjects?)? ?(?:and )?"
    r"methods?|methodology|research design.*|results?|findings|discussions?|"
    r"(?:results|findings) and discussion|conclusions?|literature review|"
    r"study design.*|participants.*|limitations.*)",
    re.IGNORECASE,
)


def read(path: Path, shown: str, data: bytes, options: ReadOptions) -> Document:
    """Read an article page.

    Args:
        path: the file; not opened again.
        shown: the path as reports print it.
        data: the file's bytes.
        options: limits.

    Raises:
        ReadError: ``too-large``, ``damaged`` or ``no-text``.
    """
    builder = DocumentBuilder(shown, "html")
    root = _parse(data, builder)
    walker = _Walker()
    try:
        items = walker.page(root)
    except RecursionError:
        raise ReadError("damaged", "its elements are nested too deeply; save it again") from None
    front = hand_over(_main_part(items), builder, options.limits)
    if builder.length == 0:
        raise ReadError("no-text", "holds no text; save the page again once it has loaded")
    if walker.images:
        builder.diagnose("html.images", f"{walker.images} images or formulas are not read")
    named = _Named(root)
    document = builder.build(
        data,
        Meta(
            title=named.title or front.title,
            authors=_better(front.authors, named.authors),
            language=named.language,
            article_type=named.article_type,
        ),
    )
    return appended_checklist.label(_with_body_checked(document, named.is_article))


def _parse(data: bytes, builder: DocumentBuilder) -> etree._Element:
    from lxml import etree
    from lxml import html as lxml_html

    text = _decoded(data, builder).encode("utf-8", "replace")
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True)
    try:
        root = lxml_html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        raise ReadError("damaged", "holds no page that can be read; save it again") from None
    if len(data) > 1000 and sum(len(text) for text in root.itertext()) * 200 < len(data):
        _refuse_cut_off(parser)
    return root


def _refuse_cut_off(parser: etree.HTMLParser) -> None:
    """The parser gives up silently at a single text of more than 10 MB."""
    for error in parser.error_log:
        if "too long" in error.message or "limit" in error.message.lower():
            raise ReadError(
                "too-large", "a single text in it has more than 10 MB; split the document"
            )


def _decoded(data: bytes, builder: DocumentBuilder) -> str:
    """The page's text: by byte order mark, as UTF-8 where the bytes allow it, or as declared."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(data[:4096])
    name = declared[1].decode("ascii").lower() if declared is not None else "utf-8"
    if name not in {"utf-8", "utf8", "us-ascii", "ascii"}:
        try:
            return data.decode(name, "replace")
        except (LookupError, ValueError):
            pass
    builder.diagnose("html.encoding", "the encoding is not stated; read as Windows-1252")
    return data.decode("windows-1252", "replace")


# --- what the page says in its head ---------------------------------------------------------


class _Named:
    """Citation tags of the page's head (Highwire, Dublin Core, Open Graph)."""

    def __init__(self, root: etree._Element) -> None:
        self._values: dict[str, list[str]] = {}
        for element in root.iter("meta"):
            name = (element.get("name") or element.get("property") or "").lower()
            content = " ".join((element.get("content") or "").split())
            if name and content:
                self._values.setdefault(name, []).append(content)
        language = (root.get("lang") or root.get("xml:lang") or "").strip().lower()
        stated = self._first("citation_language", "dc.language") or language
        self.language = stated[:2] if re.match(r"[a-z]{2}(?:$|[-_])", stated) else None
        self.title = self._first("citation_title", "dc.title", "dcterms.title")
        self.article_type = self._first("citation_article_type", "dc.type.articletype")
        self.is_article = any(name.startswith("citation_") for name in self._values)
        self.authors = self._authors()

    def _first(self, *names: str) -> str | None:
        for name in names:
            if self._values.get(name):
                return self._values[name][0]
        return None

    def _authors(self) -> tuple[Author, ...]:
        names = self._values.get("citation_author") or self._values.get("citation_authors")
        names = names or self._values.get("dc.creator") or self._values.get("dcterms.creator") or []
        parts = [part for name in names for part in name.split(";") if part.strip()]
        return tuple(dict.fromkeys(_author(part.strip()) for part in parts))


def _author(name: str) -> Author:
    """ "Reyes, Ana P." or "Ana P. Reyes"."""
    if "," in name:
        surname, given = name.split(",", 1)
        if not bylines.is_degree(given.strip()):
            return bylines.make_author(given, surname)
    parsed = bylines.parse_byline(name)
    if len(parsed) == 1:
        return parsed[0]
    given, _, surname = name.rpartition(" ")
    return bylines.make_author(given, surname)


def _better(printed: tuple[Author, ...], named: tuple[Author, ...]) -> tuple[Author, ...]:
    """The printed by-line where it has degrees or as many names, else the head's."""
    if not named or (printed and len(printed) >= len(named)):
        return printed
    by_surname = {author.surname: author for author in printed}
    return tuple(by_surname.get(author.surname, author) for author in named)


# --- is the paper itself on the page? -------------------------------------------------------


def _with_body_checked(document: Document, is_article: bool) -> Document:
    """Say it when the page is only the paper's landing page."""
    from coreqcheck.model import Diagnostic

    abstract, text, heads = False, 0, 0
    has_abstract = False
    level = 0
    for block in document.blocks:
        words = document.text[block.span.start : block.span.end]
        if block.role is Role.HEADING:
            bare = signposts.bare_heading(words).lower()
            if bare in {"abstract", "summary", SectionKind.ABSTRACT}:
                abstract, has_abstract, level = True, True, block.level
            elif abstract and block.level <= level:
                abstract = False
            if not abstract and block.style != "run-in" and _BODY_HEADS.fullmatch(bare):
                heads += 1
        elif not abstract and block.role in {Role.PARAGRAPH, Role.LIST_ITEM, Role.BLOCK_QUOTE}:
            text += len(words)
    if not (has_abstract or is_article) or text >= (2 if heads < 2 else 1) * _BODY_CHARACTERS:
        return document
    if heads >= 3 and text >= _BODY_CHARACTERS // 4:
        return document
    said = Diagnostic(
        "html.no-body",
        "warning",
        "the page holds the abstract but not the paper; check the full text or the PDF instead",
    )
    return replace(document, diagnostics=(*document.diagnostics, said))


def _main_part(items: Sequence[Item]) -> Sequence[Item]:
    """``items`` from the first heading of level 1 on, when only scraps stand before it."""
    for index, item in enumerate(items):
        if isinstance(item, Paragraph) and item.level == 1 and text_of(item):
            before = sum(len(text_of(i)) for i in items[:index] if isinstance(i, Paragraph))
            return items[index:] if before < 400 else items
    return items


# --- the walk -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Setting:
    """What holds for the text inside an element."""

    look: Look = PLAIN
    role: Role | None = None
    level: int = 0
    item: bool = False
    number: str = ""
    centred: bool = False
    indent: float = 0.0
    citation: bool = False
    preserved: bool = False
    style: str = ""


@dataclass(slots=True)
class _Line:
    """The paragraph under work."""

    setting: _Setting = _Setting()
    pieces: list[Piece] = field(default_factory=list)
    picture: bool = False
    letters: int = 0
    linked: int = 0


class _Walker:
    """Walks the page, block by block."""

    def __init__(self) -> None:
        self.images = 0
        self._items: list[Item] = []
        self._line = _Line()

    def page(self, root: etree._Element) -> list[Item]:
        """The article's flow."""
        body = root.find("body")
        main = _article(body if body is not None else root)
        self._block(main, _path_of(main), _Setting())
        self._flush()
        return self._items

    def _flush(self) -> None:
        line, self._line = self._line, _Line()
        setting = line.setting
        if not any(piece.run.text.strip() for piece in line.pieces):
            if line.picture:
                self._items.append(Paragraph((), picture=True))
            return
        self._items.append(
            Paragraph(
                pieces=tuple(line.pieces),
                style=setting.style,
                role=setting.role,
                level=setting.level,
                item=setting.item,
                number=setting.number,
                centred=setting.centred,
                indent=setting.indent,
                linked=line.letters > 0 and line.linked == line.letters,
                picture=line.picture,
            )
        )

    def _block(self, element: etree._Element, path: str, setting: _Setting) -> None:
        """A block element: what was under work ends before it and after it."""
        self._flush()
        if element.tag == "table" and not _is_layout(element):
            self._table(element, path, setting)
            return
        inner = _block_setting(element, setting)
        self._line.setting = inner
        self._inside(element, path, inner)
        self._flush()

    def _inside(self, element: etree._Element, path: str, setting: _Setting) -> None:
        """Text and children of any element."""
        texts = 0
        if element.text:
            texts += 1
            self._say(element.text, f"{path}/text()[{texts}]", setting)
        seen: dict[str, int] = {}
        elements = 0
        for child in element:
            if isinstance(child.tag, str):
                elements += 1
                seen[child.tag] = seen.get(child.tag, 0) + 1
                step = f"{child.tag}[{seen[child.tag]}]"
                if not _PLAIN_TAG.fullmatch(child.tag):
                    step = f"*[{elements}]"
                if not _is_dropped(child):
                    self._child(child, f"{path}/{step}", setting)
            if child.tail:
                texts += 1
                self._say(child.tail, f"{path}/text()[{texts}]", setting)

    def _child(self, child: etree._Element, path: str, setting: _Setting) -> None:
        tag = child.tag
        if tag in _BLOCKS or tag == "table":
            self._block(child, path, setting)
            self._line.setting = setting
        elif tag == "br":
            self._generated(BREAK)
        elif tag in {"img", "math", "picture"}:
            self.images += 1
            self._line.picture = True
        elif tag == "q":
            self._generated("“", "quote")
            self._inside(child, path, setting)
            self._generated("”", "quote")
        elif tag not in {"rt", "rp"}:
            self._inside(child, path, _inline_setting(child, setting))

    def _say(self, text: str, path: str, setting: _Setting) -> None:
        line = self._line
        if not line.pieces and not text.strip():
            return
        origin = Origin(path=path, offset=0)
        line.pieces.append(Piece(Run(text, origin, None, setting.citation), setting.look))
        line.letters += len(text.strip())

    def _generated(self, text: str, repair: str = "space") -> None:
        self._line.pieces.append(Piece(Run(text, Origin(), repair)))

    # tables

    def _table(self, element: etree._Element, path: str, setting: _Setting) -> None:
        rows: list[Row] = []
        covered: dict[int, int] = {}
        caption = element.find("caption")
        if caption is not None:
            self._block(caption, f"{path}/caption[1]", replace(setting, role=Role.CAPTION))
        for row, where in _rows(element, path):
            rows.append(self._row(row, where, covered, setting))
        self._items.append(Table(tuple(rows), setting.role))

    def _row(
        self, row: etree._Element, path: str, covered: dict[int, int], setting: _Setting
    ) -> Row:
        cells: list[tuple[Paragraph, ...]] = []
        header = row.getparent() is not None and row.getparent().tag == "thead"  # type: ignore[union-attr]
        kinds: set[str] = set()
        seen: dict[str, int] = {}
        for child in row:
            if not isinstance(child.tag, str):
                continue
            seen[child.tag] = seen.get(child.tag, 0) + 1
            if child.tag not in {"td", "th"}:
                continue
            _skip_covered(cells, covered)
            kinds.add(child.tag)
            column = len(cells)
            cells.append(self._cell(child, f"{path}/{child.tag}[{seen[child.tag]}]", setting))
            wide, tall = _span(child, "colspan"), _span(child, "rowspan")
            cells.extend([()] * (wide - 1))
            if tall > 1:
                covered.update({column + extra: tall - 1 for extra in range(wide)})
        _skip_covered(cells, covered)
        return Row(tuple(cells), header or kinds == {"th"})

    def _cell(self, cell: etree._Element, path: str, setting: _Setting) -> tuple[Paragraph, ...]:
        outer_items, outer_line = self._items, self._line
        self._items, self._line = [], _Line()
        look = replace(setting.look, bold=setting.look.bold or cell.tag == "th")
        self._inside(cell, path, _Setting(look=look))
        self._flush()
        inner, self._items, self._line = self._items, outer_items, outer_line
        return tuple(_paragraphs(inner))


def _skip_covered(cells: list[tuple[Paragraph, ...]], covered: dict[int, int]) -> None:
    """Leave empty what cells of the rows above cover."""
    while covered.get(len(cells), 0) > 0:
        covered[len(cells)] -= 1
        cells.append(())


def _rows(table: etree._Element, path: str) -> Iterator[tuple[etree._Element, str]]:
    seen: dict[str, int] = {}
    for child in table:
        if not isinstance(child.tag, str):
            continue
        seen[child.tag] = seen.get(child.tag, 0) + 1
        where = f"{path}/{child.tag}[{seen[child.tag]}]"
        if child.tag == "tr":
            yield child, where
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from _rows(child, where)


def _span(cell: etree._Element, name: str) -> int:
    text = (cell.get(name) or "").strip()
    return min(max(int(text), 1), _SPAN_LIMIT) if re.fullmatch(r"\d{1,5}", text) else 1


def _paragraphs(items: Sequence[Item]) -> Iterator[Paragraph]:
    for item in items:
        if isinstance(item, Paragraph):
            yield item
        else:
            for row in item.rows:
                for cell in row.cells:
                    yield from cell


# --- elements -------------------------------------------------------------------------------


def _name_of(element: etree._Element) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _is_dropped(element: etree._Element) -> bool:
    """What is not the article: scripts, navigation, banners, what nobody sees."""
    tag = element.tag
    if tag in _DROPPED:
        return not (tag == "footer" and _within_article(element)) and not (
            tag == "aside" and _holds_prose(element)
        )
    style = element.get("style", "")
    if element.get("hidden") is not None or element.get("role", "") in _DROPPED_ROLES:
        return True
    if element.get("aria-hidden") == "true" and tag != "div" and tag != "section":
        return True
    if re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", style):
        return True
    if tag == "header" and not _within_article(element):
        return next(element.iter("h1"), None) is None
    name = _name_of(element)
    return (
        len(name) > 1
        and tag not in {"body", "article", "main", "h1", "h2", "h3", "p"}
        and _DROPPED_NAMES.search(name) is not None
    )


def _within_article(element: etree._Element) -> bool:
    return next(element.iterancestors("article", "main"), None) is not None


def _holds_prose(element: etree._Element) -> bool:
    """An ``aside`` inside the article may be a box of the paper."""
    if not _within_article(element):
        return False
    return any(sum(map(len, p.itertext())) > 200 for p in element.iter("p"))


def _article(body: etree._Element) -> etree._Element:
    """The element that holds nearly all of the page's prose."""
    whole = _prose(body)
    best = body
    for element in body.iter("article", "main", "div"):
        if element.tag == "div" and element.get("role") != "main":
            continue
        if _prose(element) >= 0.7 * whole and next(element.iter("h1"), None) is not None:
            best = element
    return best


def _prose(element: etree._Element) -> int:
    return sum(len(p.text or "") + sum(len(c.tail or "") for c in p) for p in element.iter("p"))


def _path_of(element: etree._Element) -> str:
    return element.getroottree().getpath(element)


def _is_layout(table: etree._Element) -> bool:
    """A table that only arranges the page."""
    if table.get("role") == "presentation":
        return True
    return next(table.iter("h1", "h2", "h3"), None) is not None


def _block_setting(element: etree._Element, setting: _Setting) -> _Setting:
    tag = element.tag
    if tag in _HEADINGS:
        title = _TITLE_NAMES.search(_name_of(element)) is not None and tag == "h1"
        role = Role.TITLE if title else None
        return replace(setting, level=_HEADINGS[tag], role=role, item=False, style=tag)
    if tag == "blockquote":
        return replace(setting, role=setting.role or Role.BLOCK_QUOTE, style=tag)
    if tag in {"figcaption", "caption"}:
        return replace(setting, role=Role.CAPTION, style=tag)
    if tag == "li":
        number = "1." if _parent_tag(element) == "ol" else "•"
        return replace(setting, item=True, number=number, style=tag)
    if tag == "pre":
        return replace(setting, role=setting.role or Role.CODE, preserved=True, style=tag)
    style = element.get("style", "")
    centred = setting.centred or tag == "center" or element.get("align") == "center"
    centred = centred or re.search(r"text-align\s*:\s*center", style) is not None
    indent = setting.indent + _inset(style)
    return replace(setting, role=_named_role(element, setting), centred=centred, indent=indent)


def _inset(style: str) -> float:
    """The left margin that a style attribute gives, in points."""
    found = re.search(r"margin-left\s*:\s*(\d{0,4}\.?\d{0,4})(in|cm|mm|pt|px|em)", style)
    if found is None or not found[1].strip("."):
        return 0.0
    points = {"in": 72.0, "cm": 28.35, "mm": 2.835, "pt": 1.0, "px": 0.75, "em": 12.0}
    return float(found[1]) * points[found[2]]


def _parent_tag(element: etree._Element) -> str:
    parent = element.getparent()
    return str(parent.tag) if parent is not None else ""


def _named_role(element: etree._Element, setting: _Setting) -> Role | None:
    """What a block's class or identifier says that it holds."""
    name = _name_of(element)
    if setting.role is not None or len(name) < 3:
        return setting.role
    if element.tag in {"ol", "ul", "div", "section"} and _REFERENCE_NAMES.search(name):
        return Role.REFERENCE
    if _NOTE_NAMES.search(name):
        return Role.TABLE_NOTE
    if _CAPTION_NAMES.search(name):
        return Role.CAPTION
    if element.tag in {"div", "p", "ul", "ol"} and next(element.iter("h1", "h2"), None) is None:
        if _AUTHOR_NAMES.search(name):
            return Role.BYLINE
        if _AFFILIATION_NAMES.search(name):
            return Role.AFFILIATION
    return None


def _inline_setting(element: etree._Element, setting: _Setting) -> _Setting:
    tag, style = element.tag, element.get("style", "")
    look = setting.look
    if tag in {"b", "strong"} or re.search(r"font-weight\s*:\s*(?:bold|[6-9]00)", style):
        look = replace(look, bold=True)
    elif tag in {"i", "em", "cite", "var"} or re.search(r"font-style\s*:\s*italic", style):
        look = replace(look, italic=True)
    elif tag == "u":
        look = replace(look, underlined=True)
    elif tag == "sup" or re.search(r"vertical-align\s*:\s*super", style):
        look = replace(look, raised=True)
    citation = setting.citation or (tag == "a" and _is_citation(element))
    if look is setting.look and citation is setting.citation:
        return setting
    return replace(setting, look=look, citation=citation)


def _is_citation(link: etree._Element) -> bool:
    """A link to an entry of the reference list."""
    target = link.get("href", "")
    if link.get("data-test") == "citation-ref" or link.get("role") == "doc-biblioref":
        return True
    if _REFERENCE_LINK.search(target) is not None:
        return True
    if not target.startswith("#") and "rid" not in link.get("data-rid", ""):
        return False
    return _REFERENCE_CLASS.search(link.get("class", "")) is not None
