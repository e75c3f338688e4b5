"""JATS and NLM XML, as journals and PubMed Central keep articles.

A place is the element path of the paragraph, title or cell (``/article/body/sec[2]/p[3]``) with
the offset in that element's whole text (XPath ``string()``, entity references spelt as they are).
Nothing outside the file is opened: no DTD, no external entity.
"""

from __future__ import annotations

import html.entities
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from coreqcheck.errors import ReadError
from coreqcheck.model import Author, Document, Meta, Origin, Role
from coreqcheck.readers import ReadOptions, appended_checklist
from coreqcheck.readers.builder import DocumentBuilder, Run
from coreqcheck.readers.bylines import is_degree, make_author, parse_byline, split_degrees
from coreqcheck.readers.drafts import plain, trimmed
from coreqcheck.readers.markdown_inline import Inline
from coreqcheck.readers.run_ins import paragraph_drafts

if TYPE_CHECKING:
    from lxml.etree import _Element, _ElementTree

MAX_DEPTH = 100
MAX_SPAN = 60

_EMPHASIS = frozenset({"bold", "italic", "underline", "sc"})
_SKIPPED = frozenset(
    re.findall(
        r"\S+",
        """
    graphic inline-graphic alt-text long-desc object-id index-term tex-math private-char
    related-article related-object self-uri counts custom-meta-group processing-meta
    contrib-id article-id pub-date issn isbn volume issue issue-id elocation-id fpage lpage
    page-range publisher ext-link-group conference product institution-id milestone-start
    milestone-end nlm-citation-alternatives x-skip volume-id pub-history event
    """,
    )
)
_BLOCKS = frozenset(
    re.findall(
        r"\S+",
        """
    p sec list disp-quote speech verse-group table-wrap table-wrap-group fig fig-group boxed-text
    fn fn-group supplementary-material media def-list preformat code disp-formula disp-formula-group
    statement app app-group ref-list ack notes glossary bio array table chem-struct-wrap
    floats-group answer question explanation alternatives-block attrib-block
    """,
    )
)
_LABELS = {
    "abstract": "Abstract",
    "trans-abstract": "Abstract",
    "ack": "Acknowledgements",
    "ref-list": "References",
    "glossary": "Abbreviations",
}
_ABSTRACT_TYPES = {
    "graphical": "Graphical abstract",
    "teaser": "Summary",
    "toc": "Summary",
    "short": "Summary",
    "summary": "Summary",
    "key-points": "Key points",
    "plain-language-summary": "Plain language summary",
    "executive-summary": "Executive summary",
    "author-highlights": "Highlights",
}


@dataclass(frozen=True, slots=True)
class _Context:
    """What the surroundings say of a paragraph: heading depth, its role, its unit's style."""

    level: int = 0
    role: Role = Role.PARAGRAPH
    style: str | None = None


def read(path: Path, shown: str, data: bytes, options: ReadOptions) -> Document:
    """Read a JATS file.

    Args:
        path: the file (not opened again).
        shown: the path as reports print it.
        data: the file's bytes.
        options: limits.

    Raises:
        ReadError: not XML, no article in it, or an XML bomb.
    """
    builder = DocumentBuilder(shown, "jats")
    tree = _parse(data, builder)
    article = _article(tree, builder)
    reader = _Reader(builder, article, options, _entities(tree))
    meta = reader.article()
    if builder.length == 0:
        raise ReadError("no-text", "the XML holds no text that could be read")
    return appended_checklist.label(builder.build(data, meta))


def _parse(data: bytes, builder: DocumentBuilder) -> _ElementTree:
    """The tree; damaged XML is read as far as it goes, and that is said."""
    from lxml import etree

    def parser(recover: bool) -> etree.XMLParser:
        return etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            recover=recover,
        )

    try:
        return etree.ElementTree(etree.fromstring(data, parser(recover=False)))
    except etree.XMLSyntaxError as error:
        reason = " ".join(str(error.msg).split())[:120]
    except ValueError as error:
        raise ReadError("damaged", f"is not readable XML ({error})") from None
    if "entit" in reason.lower() and ("loop" in reason or "amplification" in reason):
        raise ReadError("entity-bomb", "defines entities that expand without end; not read")
    if "depth" in reason.lower():
        raise ReadError("too-deep", "its XML elements are nested too deeply; not read")
    try:
        root = etree.fromstring(data, parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or not any(_name(one) == "article" for one in root.iter("*")):
        raise ReadError("damaged", f"is not well-formed XML ({reason}); export it again")
    builder.diagnose(
        "jats.damaged",
        f"the XML is damaged ({reason}); text after the damage may be missing",
        level="warning",
    )
    return etree.ElementTree(root)


def _entities(tree: _ElementTree) -> dict[str, str]:
    """The short plain entities that the file itself defines; nested ones are refused."""
    dtd = tree.docinfo.internalDTD
    found: dict[str, str] = {}
    for entity in dtd.iterentities() if dtd is not None else ():  # type: ignore[attr-defined]
        content = entity.content or ""
        if re.search(r"&(?!#)\w+;", content):
            raise ReadError("entity-bomb", "defines entities inside entities; not read")
        if entity.name and len(content) <= 200:
            found[entity.name] = re.sub(r"<[^>]*>", "", content)
    return found


def _article(tree: _ElementTree, builder: DocumentBuilder) -> _Element:
    """The article element, also inside an OAI record or a PMC set."""
    root = tree.getroot()
    _check_depth(root)
    for name in ("article", "book-part"):
        articles = [
            one
            for one in root.iter("*")
            if _name(one) == name and any(_name(c) in _PARTS for c in one)
        ]
        if articles:
            if len(articles) > 1 and articles[0].getparent() is articles[1].getparent():
                builder.diagnose(
                    "jats.several-articles",
                    f"the file holds {len(articles)} articles; only the first was read",
                    level="warning",
                )
            return articles[0]
    name = _name(root)
    if name == "TEI":
        raise ReadError("tei", "is TEI XML, which is not read; use the JATS, PDF or DOCX version")
    raise ReadError(
        "not-jats", f"is XML of another kind (root element <{name}>), not a JATS article"
    )


_PARTS = frozenset({"front", "body", "back", "article-meta", "front-stub", "book-part-meta"})


def _check_depth(root: _Element) -> None:
    from lxml import etree

    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise ReadError("too-deep", "its XML elements are nested too deeply; not read")


def _name(element: _Element) -> str:
    """Local name; ``""`` for comments, processing instructions and entity references."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2]


def _children(element: _Element, *names: str) -> list[_Element]:
    return [child for child in element if _name(child) in names]


def _child(element: _Element | None, *names: str) -> _Element | None:
    if element is None:
        return None
    return next((child for child in element if _name(child) in names), None)


class _Paths:
    """Element paths, each counted once: linear in the size of the tree."""

    def __init__(self, root: _Element) -> None:
        self._known: dict[_Element, str] = {}
        self._name(root, "")

    def _name(self, element: _Element, above: str) -> None:
        self._known[element] = f"{above}/{_name(element)}"

    def of(self, element: _Element) -> str:
        known = self._known.get(element)
        if known is not None:
            return known
        parent = element.getparent()
        if parent is None:
            return f"/{_name(element)}"
        above = self.of(parent)
        names: dict[str, list[_Element]] = {}
        for child in parent:
            names.setdefault(_name(child), []).append(child)
        for name, group in names.items():
            for number, child in enumerate(group, start=1):
                index = f"[{number}]" if len(group) > 1 else ""
                self._known[child] = f"{above}/{name}{index}"
        return self._known[element]


class _Inline:
    """Collects the runs of one unit (paragraph, title, cell), block children aside.

    ``runs`` grow until ``take`` hands them over; ``notes`` are footnotes met inside the text,
    ``emphasis`` the bold and italic stretches (start and end in the element's text).
    """

    def __init__(self, path: str, entities: dict[str, str]) -> None:
        self.path = path
        self.entities = entities
        self.runs: list[Run] = []
        self.notes: list[_Element] = []
        self.emphasis: list[tuple[int, int, str]] = []
        self.offset = 0

    def text(self, text: str | None, citation: bool = False, repair: str | None = None) -> None:
        """Add text that stands in the source here."""
        if not text:
            return
        origin = Origin(path=self.path, offset=self.offset)
        self.runs.append(Run(text, origin, repair, citation))
        self.offset += len(text)

    def gap(self, text: str = " ") -> None:
        """Add a separator that the source does not have."""
        if self.runs and not (text == " " and self.runs[-1].text[-1:].isspace()):
            self.runs.append(Run(text, Origin(path=self.path, offset=self.offset), "separator"))

    def skip(self, text: str) -> None:
        """Pass over text of the source that is not shown."""
        self.offset += len(text)

    def entity(self, name: str, citation: bool) -> None:
        """Add an entity reference, spelt out."""
        known = self.entities.get(name) or html.entities.html5.get(f"{name};")
        source = f"&{name};"
        origin = Origin(path=self.path, offset=self.offset)
        self.runs.append(Run(known or source, origin, "entity" if known else None, citation))
        self.offset += len(source)

    def take(self) -> list[Run]:
        """The runs so far; collecting starts again."""
        runs, self.runs = self.runs, []
        return runs


class _Reader:
    """Walks one article and fills the builder."""

    def __init__(
        self,
        builder: DocumentBuilder,
        article: _Element,
        options: ReadOptions,
        entities: dict[str, str],
    ) -> None:
        self.builder = builder
        self.root = article
        self.options = options
        self.entities = entities
        self.paths = _Paths(article.getroottree().getroot())
        self.blocks = 0
        self.images = 0
        self.handlers: dict[str, Callable[[_Element, _Context], None]] = {
            "p": self.paragraph,
            "sec": self.section,
            "app": self.section,
            "notes": self.section,
            "glossary": self.section,
            "bio": self.bio,
            "ack": self.section,
            "ref-list": self.references,
            "list": self.enumeration,
            "def-list": self.definitions,
            "disp-quote": self.quote,
            "speech": self.speech,
            "verse-group": self.verse,
            "table-wrap": self.table_wrap,
            "fig": self.figure,
            "supplementary-material": self.supplement,
            "media": self.supplement,
            "fn-group": self.footnotes,
            "fn": self.footnote,
            "boxed-text": self.box,
            "preformat": self.code,
            "code": self.code,
            "title": self.title,
            "label": self.stray,
            "caption": self.stray,
            "attrib": self.stray,
            "disp-formula": self.stray,
            "table": self.bare_table,
            "graphic": self.image,
        }

    # -- the article ---------------------------------------------------------------------------

    def article(self) -> Meta:
        """Read everything in reading order; what the file says of itself."""
        front = _child(self.root, "front", "front-stub", "book-part-meta")
        meta = _child(front, "article-meta") if front is not None else None
        meta = meta if meta is not None else front
        title: str | None = None
        authors: tuple[Author, ...] = ()
        if meta is not None:
            title = self.titles(meta)
            authors = self.front(meta)
            for child in front if front is not None else ():
                if _name(child) not in {"article-meta", "journal-meta"} and child is not meta:
                    self.block(child, _Context())
        body = _child(self.root, "body")
        if body is not None:
            self.flow(body, _Context())
        if body is None or not _string(body).strip():
            self.builder.diagnose(
                "jats.no-body", "the XML has no body, only its front matter", level="warning"
            )
        for part in ("floats-group", "back"):
            for child in _children(self.root, part):
                self.flow(child, _Context())
        self.apart()
        return Meta(
            title=title,
            authors=authors,
            language=self.language(),
            article_type=self.root.get("article-type"),
        )

    def language(self) -> str | None:
        code = self.root.get("{http://www.w3.org/XML/1998/namespace}lang")
        return code[:2].lower() if code else None

    def apart(self) -> None:
        """Say which other texts the file holds."""
        others = _children(self.root, "sub-article", "response")
        if others:
            kinds = sorted({one.get("article-type") or _name(one) for one in others})
            self.builder.diagnose(
                "jats.sub-article",
                f"{len(others)} further text(s) in the file were set apart ({', '.join(kinds)})",
            )
        if self.images:
            self.builder.diagnose(
                "jats.image", f"{self.images} table(s) are images; their content was not read"
            )

    # -- front matter --------------------------------------------------------------------------

    def titles(self, meta: _Element) -> str | None:
        group = _child(meta, "title-group")
        group = group if group is not None else meta
        runs: list[Run] = []
        for child in _children(group, "article-title", "title", "subtitle"):
            if runs:
                gap = " " if plain(runs)[-1:] in ":?!.–—" else ": "
                runs.append(Run(gap, Origin(path=self.paths.of(child), offset=0), "separator"))
            runs.extend(self.inline(child))
        text = plain(runs)
        self.put(Role.TITLE, runs)
        return text or None

    def front(self, meta: _Element) -> tuple[Author, ...]:
        """By-line, affiliations, notes, abstracts, keywords and the rest, in that order."""
        authors: list[Author] = []
        roles: list[_Element] = []
        for group in _children(meta, "contrib-group"):
            authors.extend(self.byline(group))
            roles.extend(
                one for one in _children(group, "contrib") if _child(one, "role") is not None
            )
        for aff in meta.iter("*"):
            if _name(aff) == "aff" and _front_of(aff, meta):
                self.put(Role.AFFILIATION, self.inline(aff))
        for one in roles:
            self.roles(one)
        for group in _children(meta, "contrib-group"):
            for contrib in _children(group, "contrib"):
                for bio in _children(contrib, "bio"):
                    self.bio(bio, _Context())
        done = {"title-group", "contrib-group", "aff", "aff-alternatives", "article-title", "title"}
        for child in meta:
            name = _name(child)
            if name in done or name in _SKIPPED:
                continue
            if name == "abstract":
                self.abstract(child)
            elif name == "trans-abstract":
                self.builder.diagnose(
                    "jats.translated-abstract", "a translated abstract was set apart"
                )
            elif name == "author-notes":
                self.author_notes(child)
            else:
                self.metadata(child)
        return tuple(authors)

    def byline(self, group: _Element) -> list[Author]:
        """One block with every author of ``group``; the authors."""
        contribs = [
            one
            for one in _children(group, "contrib")
            if (one.get("contrib-type") or "author") in {"author", "collab", "person"}
        ]
        gap = "; " if any(_child(one, "degrees") is not None for one in contribs) else ", "
        runs: list[Run] = []
        authors: list[Author] = []
        for contrib in contribs:
            mine, author = self.contributor(contrib)
            if not mine:
                continue
            if runs:
                runs.append(Run(gap, Origin(path=self.paths.of(contrib), offset=0), "separator"))
            runs.extend(mine)
            if author is not None:
                authors.append(author)
        self.put(Role.BYLINE, runs)
        others = [one for one in _children(group, "contrib") if one not in contribs]
        for contrib in others:
            mine, _ = self.contributor(contrib)
            kind = contrib.get("contrib-type") or "contributor"
            label = Run(f"{kind}: ", Origin(path=self.paths.of(contrib), offset=0), "attribute")
            self.put(Role.METADATA, [label, *mine] if mine else [], style="contrib")
        return authors

    def contributor(self, contrib: _Element) -> tuple[list[Run], Author | None]:
        """The runs "Given Surname, PhD, RN" of one contributor and the author they make."""
        name = _child(contrib, "name")
        if name is None:
            alternatives = _child(contrib, "name-alternatives")
            name = _child(alternatives, "name", "string-name")
        if name is None:
            name = _child(contrib, "string-name", "collab", "anonymous")
        if name is None:
            return [], None
        parts = [_child(name, part) for part in ("prefix", "given-names", "surname", "suffix")]
        if name.get("name-style") == "eastern":
            parts[1], parts[2] = parts[2], parts[1]
        runs: list[Run] = []
        for part in parts:
            if part is not None:
                self._join(runs, " ", self.inline(part))
        if not runs:
            runs = self.inline(name)
        given, surname = _text(_child(name, "given-names")), _text(_child(name, "surname"))
        titles = [_text(one) for one in _children(contrib, "degrees") if _text(one)]
        suffix = _text(_child(name, "suffix"))
        if suffix and all(is_degree(one) for one in split_degrees(suffix)):
            titles.append(suffix)
        for degrees in _children(contrib, "degrees"):
            self._join(runs, ", ", self.inline(degrees))
        if not (given or surname):
            found = parse_byline(plain(runs)) if _name(name) == "string-name" else ()
            return runs, found[0] if found else None
        return runs, make_author(given, surname, titles)

    def _join(self, runs: list[Run], gap: str, more: list[Run]) -> None:
        if not plain(more):
            return
        if runs:
            runs.append(Run(gap, more[0].origin, "separator"))
        runs.extend(trimmed(more))

    def roles(self, contrib: _Element) -> None:
        """Job titles and contributor roles: "Ana Reyes: Investigation, Writing"."""
        runs, _ = self.contributor(contrib)
        gap = ": "
        for role in _children(contrib, "role"):
            self._join(runs, gap, self.inline(role))
            gap = ", "
        self.put(Role.METADATA, runs, style="contrib-role")

    def author_notes(self, element: _Element) -> None:
        for child in element:
            if _name(child) == "fn":
                self.footnote(child, _Context())
            elif _name(child) == "corresp":
                self.put(Role.METADATA, self.inline(child), style="corresp")
            elif _name(child):
                self.block(child, _Context(role=Role.FOOTNOTE))

    def metadata(self, element: _Element) -> None:
        """Keywords, licence, funding, history, subjects."""
        name = _name(element)
        if name == "kwd-group":
            self.keywords(element)
        elif name == "history":
            for date in _children(element, "date"):
                self.date(date)
        elif name in {"permissions", "article-categories", "funding-group", "open-access"}:
            for child in element.iter("*"):
                if _name(child) in {
                    "copyright-statement",
                    "license-p",
                    "subject",
                    "funding-statement",
                }:
                    self.put(Role.METADATA, self.inline(child), style=_name(child))
        elif name in {"supplementary-material", "notes", "ack", "fn-group", "bio"}:
            self.block(element, _Context())
        elif name and name not in _SKIPPED:
            self.put(Role.METADATA, self.inline(element), style=name)

    def keywords(self, group: _Element) -> None:
        language = group.get("{http://www.w3.org/XML/1998/namespace}lang")
        own = self.root.get("{http://www.w3.org/XML/1998/namespace}lang")
        if language and own and language[:2] != own[:2]:
            return
        title = _child(group, "title", "label")
        runs = self.inline(title) if title is not None else []
        if not plain(runs):
            runs = [Run("Keywords", Origin(path=self.paths.of(group), offset=0), "label")]
        gap = " " if plain(runs).endswith(":") else ": "
        for word in group.iter("*"):
            if _name(word) in {"kwd", "compound-kwd"}:
                self._join(runs, gap, self.inline(word))
                gap = "; "
        self.put(Role.METADATA, runs, style="keywords")

    def date(self, date: _Element) -> None:
        kind = (date.get("date-type") or "date").capitalize()
        runs = [Run(kind, Origin(path=self.paths.of(date), offset=0), "attribute")]
        for name in ("day", "month", "year"):
            part = _child(date, name)
            if part is not None:
                self._join(runs, " ", self.inline(part))
        self.put(Role.METADATA, runs, style="history")

    def abstract(self, element: _Element) -> None:
        kind = element.get("abstract-type") or ""
        self.headed(element, _Context(), _ABSTRACT_TYPES.get(kind, "Abstract"))

    # -- sections ------------------------------------------------------------------------------

    def headed(self, element: _Element, context: _Context, label: str | None) -> None:
        """A section: its heading (or ``label`` when it has none), then its content."""
        inside = replace(context, level=context.level + 1)
        kind = element.get("sec-type") or element.get("notes-type") or element.get("abstract-type")
        style = f"{_name(element)}:{kind}" if kind else _name(element)
        number, title = _child(element, "label"), _child(element, "title")
        runs: list[Run] = []
        if number is not None:
            runs.extend(self.inline(number))
        if title is not None:
            self._join(runs, " ", self.inline(title))
        if not plain(runs) and label:
            runs = [Run(label, Origin(path=self.paths.of(element), offset=0), "label")]
        if self.put(Role.HEADING, runs, level=inside.level, style=style):
            context = inside
        for child in element:
            if child is not number and child is not title:
                self.block(child, context)

    def section(self, element: _Element, context: _Context) -> None:
        self.headed(element, context, _LABELS.get(_name(element)))

    def title(self, element: _Element, context: _Context) -> None:
        """A title that stands where no section begins."""
        self.put(Role.HEADING, self.inline(element), level=context.level + 1, style="title")

    def bio(self, element: _Element, context: _Context) -> None:
        self.flow(element, replace(context, style="bio"))

    def box(self, element: _Element, context: _Context) -> None:
        caption = _child(element, "caption")
        runs = self.caption_runs(element)
        heading = self.put(Role.HEADING, runs, level=context.level + 1, style="boxed-text")
        inside = replace(context, level=context.level + 1, style="boxed-text")
        for child in element:
            if _name(child) not in {"label", "title"} and child is not caption:
                self.block(child, inside if heading else context)

    def references(self, element: _Element, context: _Context) -> None:
        title = _child(element, "title")
        runs = self.inline(title) if title is not None else []
        if not plain(runs):
            label = _LABELS["ref-list"]
            runs = [Run(label, Origin(path=self.paths.of(element), offset=0), "label")]
        nested = _name_of_parent(element) == "ref-list"
        if not nested or title is not None:
            self.put(Role.HEADING, runs, level=context.level + 1, style="ref-list")
        for child in element:
            if _name(child) == "ref":
                self.reference(child)
            elif child is not title:
                self.block(child, replace(context, role=Role.REFERENCE))

    def reference(self, ref: _Element) -> None:
        label = _child(ref, "label")
        runs = self.inline(label) if label is not None else []
        wanted = ("mixed-citation", "element-citation", "nlm-citation", "citation", "note")
        for one in ref:
            if _name(one) == "citation-alternatives":
                one = next((c for w in wanted for c in _children(one, w)), one)
            if _name(one) in wanted:
                self._join(runs, " ", self.inline(one, spaced=True))
        if not plain(runs):
            runs = self.inline(ref, spaced=True)
        self.put(Role.REFERENCE, runs)

    # -- blocks --------------------------------------------------------------------------------

    def put(
        self,
        role: Role,
        runs: list[Run],
        *,
        level: int = 0,
        style: str | None = None,
        table: int | None = None,
    ) -> bool:
        """Add a block; false when it holds no text."""
        self.count()
        return self.builder.block(role, runs, level=level, style=style, table=table) is not None

    def count(self) -> None:
        self.blocks += 1
        limits = self.options.limits
        if self.blocks > limits.blocks or self.builder.length > limits.characters:
            raise ReadError("too-large", "holds more text than a manuscript can; not read")

    def block(self, element: _Element, context: _Context) -> None:
        """One child of a section."""
        name = _name(element)
        handler = self.handlers.get(name)
        if handler is not None:
            handler(element, context)
        elif name and name not in _SKIPPED:
            self.flow(element, context)

    def flow(self, element: _Element, context: _Context) -> None:
        """The content of a container whose own text, if any, is a paragraph."""
        if any(_name(child) in self.handlers for child in element) or (
            len(element) and all(_name(child) not in _INLINE for child in element)
        ):
            for child in element:
                self.block(child, context)
        else:
            self.paragraph(element, context)

    def stray(self, element: _Element, context: _Context) -> None:
        role = Role.CAPTION if _name(element) in {"label", "caption"} else context.role
        self.put(role, self.inline(element, spaced=_name(element) == "caption"))

    def image(self, element: _Element, context: _Context) -> None:
        """An image says nothing that could be read."""

    def paragraph(self, element: _Element, context: _Context) -> None:
        """A paragraph, with the lists, tables, quotations and notes that stand inside it."""
        inline = self.collector(element)
        for piece in self.pieces(element, inline):
            if isinstance(piece, list):
                if plain(piece):
                    self.text(inline, piece, context)
            else:
                self.block(piece, context)
        for note in inline.notes:
            self.footnote(note, context)

    def text(self, inline: _Inline, runs: list[Run], context: _Context) -> None:
        """One stretch of a paragraph; bold labels before its parts become headings."""
        if context.role not in {Role.PARAGRAPH, Role.FOOTNOTE}:
            self.put(context.role, runs, style=context.style)
            return
        drafts = list(paragraph_drafts(_emphasised(inline, runs), context.level))
        headed = len(drafts) > 1 or drafts[0].role is Role.HEADING
        for draft in drafts:
            role, style = draft.role, draft.style
            if role is Role.PARAGRAPH:
                role, style = (role if headed else context.role), context.style
            self.put(role, draft.runs, level=draft.level, style=style)

    def enumeration(self, element: _Element, context: _Context) -> None:
        inside = replace(
            context,
            role=Role.BLOCK_QUOTE if context.role is Role.BLOCK_QUOTE else Role.LIST_ITEM,
        )
        for child in element:
            if _name(child) == "title":
                self.put(Role.PARAGRAPH, self.inline(child), style="list-title")
            elif _name(child) == "list-item":
                self.item(child, inside)

    def item(self, element: _Element, context: _Context) -> None:
        label = _child(element, "label")
        lead = self.inline(label) if label is not None else []
        for child in element:
            if child is label:
                continue
            if _name(child) == "p" and lead:
                inline = self.collector(child)
                for piece in self.pieces(child, inline):
                    if isinstance(piece, list):
                        runs = list(lead)
                        self._join(runs, " ", piece)
                        self.put(context.role, runs)
                        lead = []
                    else:
                        self.block(piece, context)
                for note in inline.notes:
                    self.footnote(note, context)
            else:
                self.block(child, context)

    def definitions(self, element: _Element, context: _Context) -> None:
        for child in element:
            if _name(child) == "title":
                self.title(child, context)
            elif _name(child) == "def-item":
                runs: list[Run] = []
                for part in child:
                    if _name(part) in {"term", "def"}:
                        gap = " " if plain(runs)[-1:] in ":.;" else ": "
                        self._join(runs, gap, self.inline(part, spaced=True))
                self.put(Role.LIST_ITEM, runs, style="def-item")
            elif _name(child) == "def-list":
                self.definitions(child, context)

    def quote(self, element: _Element, context: _Context) -> None:
        """Display quotations; what says who spoke stays with the words."""
        inside = replace(context, role=Role.BLOCK_QUOTE, style="disp-quote")
        attribs = _children(element, "attrib", "source")
        rest = [child for child in element if child not in attribs]
        last = next((child for child in reversed(rest) if _name(child) == "p"), None)
        if last is None and not any(_name(child) in self.handlers for child in rest):
            self.put(Role.BLOCK_QUOTE, self.inline(element, spaced=True), style="disp-quote")
            return
        for child in rest:
            if child is not last or not attribs:
                self.block(child, inside)
                continue
            inline = self.collector(child)
            pieces = list(self.pieces(child, inline))
            for number, piece in enumerate(pieces):
                if not isinstance(piece, list):
                    self.block(piece, inside)
                    continue
                if number == len(pieces) - 1:
                    for attrib in attribs:
                        self._join(piece, " ", self.inline(attrib))
                self.put(Role.BLOCK_QUOTE, piece, style="disp-quote")

    def speech(self, element: _Element, context: _Context) -> None:
        speaker = _child(element, "speaker")
        lead = self.inline(speaker) if speaker is not None else []
        for child in element:
            if _name(child) == "p":
                runs = list(lead)
                self._join(runs, " ", self.inline(child, spaced=True))
                self.put(Role.BLOCK_QUOTE, runs, style="speech")
                lead = []
            elif child is not speaker:
                self.block(child, replace(context, role=Role.BLOCK_QUOTE))

    def verse(self, element: _Element, context: _Context) -> None:
        self.put(Role.BLOCK_QUOTE, self.inline(element, spaced=True), style="verse-group")

    def code(self, element: _Element, context: _Context) -> None:
        self.put(Role.CODE, self.inline(element), style=_name(element))

    # -- tables, figures, notes ----------------------------------------------------------------

    def caption_runs(self, element: _Element) -> list[Run]:
        """ "Table 1. Title. Further words" of a table, figure, box or supplement."""
        runs: list[Run] = []
        label = _child(element, "label")
        if label is not None:
            runs.extend(trimmed(self.inline(label)))
        parts = _children(element, "caption", "title")
        for part in parts:
            inner = _children(part, "title", "p") if _name(part) == "caption" else [part]
            for child in inner or [part]:
                ends = plain(runs)[-1:]
                number = label is not None and child is (inner or [part])[0]
                gap = ". " if number and ends.isalnum() else " "
                self._join(runs, gap, self.inline(child, spaced=True))
        return runs

    def figure(self, element: _Element, context: _Context) -> None:
        self.put(Role.CAPTION, self.caption_runs(element), style="fig")
        for child in element:
            if _name(child) in {"attrib", "p", "fn"}:
                self.put(Role.CAPTION, self.inline(child, spaced=True), style="fig")
            elif _name(child) not in {"label", "caption", "title"}:
                self.block(child, context) if _name(child) in _BLOCKS else None

    def supplement(self, element: _Element, context: _Context) -> None:
        runs = self.caption_runs(element)
        for child in element:
            if _name(child) == "p":
                self._join(runs, " ", self.inline(child, spaced=True))
            elif _name(child) == "media":
                self._join(runs, " ", self.caption_runs(child))
        self.put(Role.SUPPLEMENT, runs, style="supplementary-material")

    def table_wrap(self, element: _Element, context: _Context) -> None:
        number = self.builder.next_table()
        self.put(Role.CAPTION, self.caption_runs(element), style="table-wrap", table=number)
        tables = [one for one in element.iter("*") if _name(one) in {"table", "tgroup"}]
        tables = [
            one for one in tables if not any(_name(a) == "table" for a in _ancestors(one, element))
        ]
        for table in tables:
            self.table(table, number)
        if not tables and any(_name(one) == "graphic" for one in element.iter("*")):
            self.images += 1
        for child in element:
            if _name(child) == "table-wrap-foot":
                self.table_notes(child, number)
            elif _name(child) in {"p", "list", "disp-quote", "attrib", "fn"}:
                self.put(Role.TABLE_NOTE, self.inline(child, spaced=True), table=number)

    def bare_table(self, element: _Element, context: _Context) -> None:
        self.table(element, self.builder.next_table())

    def table_notes(self, foot: _Element, number: int) -> None:
        parts = [one for one in foot.iter("*") if _name(one) in {"fn", "p", "attrib", "title"}]
        inside = {"fn"}
        for one in parts:
            if not any(_name(above) in inside for above in _ancestors(one, foot)):
                self.put(Role.TABLE_NOTE, self.inline(one, spaced=True), table=number)

    def table(self, table: _Element, number: int) -> None:
        """Rows with spanned cells as empty cells, so that columns stay columns."""
        open_rows: dict[int, int] = {}
        for row in table.iter("*"):
            if _name(row) not in {"tr", "row"}:
                continue
            head = any(_name(above) == "thead" for above in _ancestors(row, table))
            cells = _children(row, "td", "th", "entry")
            header = head or (bool(cells) and all(_name(cell) == "th" for cell in cells))
            self.row(cells, open_rows, number, header)

    def row(
        self, cells: list[_Element], open_rows: dict[int, int], number: int, header: bool
    ) -> None:
        out: list[list[Run]] = []
        for cell in cells:
            self._fill(out, open_rows)
            width = _span(cell, "colspan")
            height = _span(cell, "rowspan")
            if cell.get("morerows"):
                height = (
                    min(int(cell.get("morerows") or 0) + 1, MAX_SPAN)
                    if (cell.get("morerows") or "").isdecimal()
                    else 1
                )
            for column in range(len(out), len(out) + width):
                if height > 1:
                    open_rows[column] = height - 1
            out.append(trimmed(self.inline(cell, spaced=True)))
            out.extend([] for _ in range(width - 1))
        self._fill(out, open_rows)
        self.count()
        self.builder.row(out, table=number, header=header)

    def _fill(self, out: list[list[Run]], open_rows: dict[int, int]) -> None:
        """Leave cells empty where one from above reaches down."""
        while open_rows.get(len(out), 0) > 0:
            open_rows[len(out)] -= 1
            out.append([])

    def footnotes(self, element: _Element, context: _Context) -> None:
        title = _child(element, "title")
        inside = context
        if title is not None:
            shown = self.put(
                Role.HEADING, self.inline(title), level=context.level + 1, style="fn-group"
            )
            inside = replace(context, level=context.level + 1) if shown else context
        for child in element:
            if child is not title:
                self.block(child, inside)

    def footnote(self, element: _Element, context: _Context) -> None:
        """A note; one with its own title becomes a small section."""
        kind = element.get("fn-type")
        style = f"fn:{kind}" if kind else "fn"
        label = _child(element, "label")
        title = _child(element, "title")
        lead = self.inline(label) if label is not None else []
        if title is not None and self.put(
            Role.HEADING, self.inline(title), level=context.level + 1, style=style
        ):
            inside = _Context(context.level + 1, Role.PARAGRAPH, style)
        else:
            inside = _Context(context.level, Role.FOOTNOTE, style)
        for child in element:
            if child is label or child is title:
                continue
            if _name(child) == "p" and plain(lead):
                runs = list(lead)
                self._join(runs, " ", self.inline(child, spaced=True))
                self.put(inside.role, runs, style=style)
                lead = []
            else:
                self.block(child, inside)
        if not any(_name(child) in self.handlers for child in element if child is not label):
            self.put(inside.role, self.inline(element), style=style)

    # -- inline --------------------------------------------------------------------------------

    def collector(self, element: _Element) -> _Inline:
        return _Inline(self.paths.of(element), self.entities)

    def inline(self, element: _Element, spaced: bool = False) -> list[Run]:
        """All runs of ``element``; block children are joined to its text.

        ``spaced`` puts a space between child elements that stand side by side without one
        (names in a reference, paragraphs in a cell).
        """
        inline = self.collector(element)
        self._walk(element, inline, spaced, citation=False, notes=False)
        return inline.take()

    def pieces(self, element: _Element, inline: _Inline) -> Iterator[list[Run] | _Element]:
        """The text of ``element`` cut at its block children: runs and elements in turn."""
        inline.text(element.text)
        for child in element:
            name = _name(child)
            if name in _BLOCKS and name not in {"fn", "disp-formula"}:
                runs = inline.take()
                if runs:
                    yield runs
                yield child
                inline.skip(_string(child))
            else:
                self._one(child, inline, False, citation=False, notes=True)
            inline.text(child.tail)
        runs = inline.take()
        if runs:
            yield runs

    def _walk(
        self, element: _Element, inline: _Inline, spaced: bool, citation: bool, notes: bool
    ) -> None:
        inline.text(element.text, citation)
        mixed = not spaced or bool((element.text or "").strip())
        mixed = mixed or any((child.tail or "").strip() for child in element)
        for number, child in enumerate(element):
            apart = _name(child) in _BLOCKS or (not mixed and number > 0)
            labelled = number > 0 and _name(element[number - 1]) == "label"
            if labelled or (spaced and apart and _name(child) not in _EMPHASIS):
                inline.gap()
            self._one(child, inline, spaced, citation, notes)
            if _name(child) == "label" and (child.tail or "").strip():
                inline.gap()
            inline.text(child.tail, citation)

    def _one(
        self, child: _Element, inline: _Inline, spaced: bool, citation: bool, notes: bool
    ) -> None:
        """One child inside running text."""
        name = _name(child)
        if not name:
            self._nameless(child, inline, citation)
        elif name == "fn" and notes:
            inline.notes.append(child)
            inline.skip(_string(child))
        elif name == "break":
            inline.gap()
        elif name == "alternatives":
            shown = _child(child, "math", "table", "textual-form")
            inline.text(child.text)
            for one in child:
                if one is shown:
                    self._walk(one, inline, spaced, citation, notes)
                else:
                    inline.skip(_string(one))
                inline.text(one.tail)
        elif name in _SKIPPED_INLINE:
            inline.skip(_string(child))
        else:
            mark = citation or _is_citation(child, inline)
            start = inline.offset
            self._walk(child, inline, spaced, mark, notes)
            if name in _EMPHASIS and _name_of_parent(child) not in _EMPHASIS:
                bold = name in {"bold", "underline"} or any(_name(c) == "bold" for c in child)
                inline.emphasis.append((start, inline.offset, "bold" if bold else "italic"))

    def _nameless(self, child: _Element, inline: _Inline, citation: bool) -> None:
        text = child.text or ""
        hit = re.fullmatch(r"&([\w.]+);", text)
        if hit:
            inline.entity(hit.group(1), citation)


_INLINE = frozenset(
    re.findall(
        r"\S+",
        """
    bold italic underline sc sup sub xref ext-link uri email named-content styled-content monospace
    roman sans-serif overline strike break institution country addr-line institution-wrap
    inline-formula abbrev inline-supplementary-material string-name name
    """,
    )
)
_SKIPPED_INLINE = frozenset(
    re.findall(
        r"\S+",
        """
    graphic inline-graphic alt-text long-desc object-id index-term tex-math private-char contrib-id
    institution-id
    """,
    )
)


def _is_citation(element: _Element, inline: _Inline) -> bool:
    """Cross references to the bibliography, and superscript numbers that can be nothing else."""
    name = _name(element)
    if name == "xref":
        return element.get("ref-type") in {"bibr", "ref"}
    if name != "sup":
        return False
    text = _string(element).strip()
    if not re.fullmatch(r"[\[(]?\d{1,3}(?:\s*[,;–—‒-]\s*\d{1,3})*\s*[\])]?", text):
        return False
    if any(_name(one) == "xref" for one in element):
        return all(
            one.get("ref-type") in {"bibr", "ref"} for one in element if _name(one) == "xref"
        )
    before = "".join(run.text for run in inline.runs[-3:])
    # "m2", "10-3": a unit or a number before it makes it a power.
    return bool(re.search(r"[^\W\d_]{4,}[.,;:”\"')\]]*$|[.,;:”)\]]$", before))


def _emphasised(inline: _Inline, runs: list[Run]) -> Inline:
    """Runs with the ranges of them that are bold or italic."""
    offsets = [run.origin.offset or 0 for run in runs]
    shown = next((n for n, run in enumerate(runs) if run.text.strip()), 0)
    found = Inline(runs=runs)
    for start, end, emphasis in inline.emphasis:
        first, last = bisect_left(offsets, start), bisect_left(offsets, end)
        if first >= last:
            continue
        found.marked.append((first, last))
        if first <= shown < last and not found.lead:
            found.lead, found.emphasis = last, emphasis
    found.whole = bool(found.lead) and not plain(runs[found.lead :])
    return found


def _string(element: _Element) -> str:
    """The element's whole text, as XPath's ``string()`` with entity references spelt out."""
    return "".join(str(text) for text in element.itertext())


def _text(element: _Element | None) -> str:
    return " ".join(_string(element).split()) if element is not None else ""


def _ancestors(element: _Element, top: _Element) -> Iterator[_Element]:
    above = element.getparent()
    while above is not None and above is not top:
        yield above
        above = above.getparent()


def _front_of(element: _Element, meta: _Element) -> bool:
    """True when ``element`` belongs to the article's own authors."""
    return not any(
        _name(above) in {"bio", "collab", "author-notes"} for above in _ancestors(element, meta)
    )


def _name_of_parent(element: _Element) -> str:
    parent = element.getparent()
    return _name(parent) if parent is not None else ""


def _span(cell: _Element, attribute: str) -> int:
    """A ``rowspan`` or ``colspan``, bounded."""
    value = (cell.get(attribute) or "1").strip()
    return min(max(int(value), 1), MAX_SPAN) if value.isdecimal() and len(value) < 6 else 1
