"""Markdown: CommonMark, Pandoc, Quarto, R Markdown and what people write for it.

markdown-it says which lines are headings, paragraphs, quotes and tables; what is read of each line
is decided in ``markdown_inline``. A place is a line and column of the file (or of an included one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from coreqcheck.errors import ReadError
from coreqcheck.model import Author, Comment, Document, Meta, Role
from coreqcheck.readers import ReadOptions, appended_checklist
from coreqcheck.readers.builder import DocumentBuilder, Run
from coreqcheck.readers.bylines import front_role, make_author, parse_byline
from coreqcheck.readers.decode import Line, decode, lines_of
from coreqcheck.readers.drafts import (
    Draft,
    emit,
    label_captions,
    label_front,
    label_sections,
    plain,
)
from coreqcheck.readers.frontmatter import Scalar, extent, scalars
from coreqcheck.readers.heads import is_known
from coreqcheck.readers.markdown_html import html_drafts
from coreqcheck.readers.markdown_inline import Inline, Stretch, scan
from coreqcheck.readers.markdown_tables import TextTable, text_tables
from coreqcheck.readers.run_ins import paragraph_drafts

if TYPE_CHECKING:
    from markdown_it.token import Token

PROJECT_FILES = ("_quarto.yml", "_quarto.yaml", "_bookdown.yml")
MAX_INCLUDES = 200
_SUFFIXES = frozenset({".md", ".markdown", ".qmd", ".rmd"})
MAX_INCLUDE_DEPTH = 10

_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+[\"']?([^\s\"'>]+)[\"']?\s*>\}\}\s*$")
_CHILD = re.compile(r"^\s*```+\s*\{r[^}]*\bchild\s*=\s*[\"']([^\"']+)[\"'][^}]*\}")
_DIV = re.compile(r"^\s{0,3}:{3,}\s*(?P<open>\S.*)?$")
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]{1,60})\]:\s*")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_QUOTE_CLASS = re.compile(r"quot|epigraph|participant|verbatim|excerpt|extract", re.IGNORECASE)
_SHORTCODE_LINE = re.compile(
    r"^\s*(?:\{\{[<%].*[>%]\}\}|\\[a-zA-Z]+(?:\[[^\]]*\])?(?:\{[^{}]*\})*)\s*$"
)
_CHUNK_CAPTION = re.compile(r"^#\|\s*(?:fig|tbl|tab)-(?:sub)?cap:\s*[\"']?(?P<text>.*?)[\"']?\s*$")
_CHUNK_OPTION = re.compile(r"(?:fig|tab|tbl)\.cap\s*=\s*([\"'])(?P<text>.*?)\1")
_TABLE_CAPTION = re.compile(r"^\s*(?:Table)?:\s+(?=\S)", re.IGNORECASE)


def read(path: Path, shown: str, data: bytes, options: ReadOptions) -> Document:
    """Read a Markdown file and what it includes from its own project.

    Raises:
        ReadError: not text, without text, or too large.
    """
    builder = DocumentBuilder(shown, "markdown")
    lines = lines_of(decode(data, builder, options.limits))
    project = _Project(path, builder, options)
    drafts: list[Draft] = []
    meta = Meta()
    top = extent(lines)
    if top:
        front, meta = front_matter(lines[1 : top - 1])
        drafts.extend(front)
        lines = lines[top:]
    drafts.extend(_Body(project, None, path.parent, 0).read(lines))
    titled = bool(drafts) and drafts[0].role is Role.TITLE
    if not titled:
        _promote_title(drafts)
    _split_front(drafts)
    authors = meta.authors or label_front(drafts, titled=titled and bool(meta.authors))
    label_sections(drafts)
    label_captions(drafts)
    emit(drafts, builder, options.limits)
    title = next((draft.text for draft in drafts if draft.role is Role.TITLE), None)
    meta = Meta(
        title=title or meta.title,
        authors=authors,
        language=meta.language,
        files=tuple(project.files),
        comments=tuple(project.comments),
    )
    return appended_checklist.label(builder.build(data, meta))


def main_file(path: Path) -> Path:
    """The Markdown file that takes ``path`` in, itself or through others; else ``path``."""
    seen = {path.resolve()}
    while (above := _included_by(path)) is not None and above.resolve() not in seen:
        path = above
        seen.add(path.resolve())
    return path


_TAKEN_IN = re.compile(f"{_INCLUDE.pattern}|{_CHILD.pattern}", re.MULTILINE)


def _included_by(path: Path) -> Path | None:
    wanted = path.resolve()
    for folder in (path.parent, *list(path.parent.parents)[:2]):
        try:
            files = sorted(f for f in folder.iterdir() if f.suffix.lower() in _SUFFIXES)
        except OSError:
            return None
        for file in files[:MAX_INCLUDES]:
            if file.resolve() != wanted and wanted in _targets(file):
                return file
    return None


def _targets(file: Path) -> set[Path]:
    """The files that a Markdown file names for inclusion."""
    try:
        data = file.read_bytes()
    except OSError:
        return set()
    if b"include" not in data and b"child" not in data:
        return set()
    names = [a or b for a, b in _TAKEN_IN.findall(data.decode("utf-8", errors="replace"))]
    root = _project_root(file)
    return {((root if n[0] == "/" else file.parent) / n.lstrip("/")).resolve() for n in names}


class _Project:
    """The folder that a file may include from, and what was included."""

    def __init__(self, path: Path, builder: DocumentBuilder, options: ReadOptions) -> None:
        self.builder = builder
        self.options = options
        self.main = path
        self.root = _project_root(path)
        self.files: list[str] = []
        self.comments: list[Comment] = []
        self.bytes = 0
        self.open: list[Path] = []

    def lines(self, folder: Path, name: str, depth: int) -> tuple[list[Line], Path] | None:
        """The lines of an included file; ``None`` and a diagnostic when it cannot be had."""
        name = re.sub(r"[\x00-\x1f]", "", name)[:400]
        target = (self.root if name.startswith("/") else folder) / name.lstrip("/")
        try:
            resolved = target.resolve()
            inside = resolved.is_relative_to(self.root.resolve())
            exists = resolved.is_file()
        except OSError:
            inside = exists = False
        if not inside:
            self._warn(f"the included file {name} is outside the manuscript's folder; not read")
        elif not exists:
            self._warn(f"the included file {name} was not found")
        elif resolved in self.open or depth > MAX_INCLUDE_DEPTH or len(self.files) >= MAX_INCLUDES:
            self._warn(f"the included file {name} includes itself or too many others; not read")
        else:
            return self._load(resolved, name)
        return None

    def _load(self, resolved: Path, name: str) -> tuple[list[Line], Path] | None:
        try:
            self.bytes += resolved.stat().st_size
            if self.bytes > self.options.limits.file_bytes:
                self._warn(f"the included file {name} is too large; not read")
                return None
            data = resolved.read_bytes()
        except OSError:
            self._warn(f"the included file {name} cannot be read")
            return None
        part = resolved.relative_to(self.root.resolve()).as_posix()
        try:
            text = decode(data, self.builder, self.options.limits, part)
        except ReadError as error:
            if error.code != "no-text":
                self._warn(f"the included file {name} {error.message}")
            return None
        self.files.append(part)
        return lines_of(text, part), resolved

    def _warn(self, message: str) -> None:
        self.builder.diagnose("markdown.include", message, level="warning")


def _project_root(path: Path) -> Path:
    """The folder of the nearest Quarto or R project file above, else the file's own folder."""
    folder = path.resolve().parent
    for above in (folder, *list(folder.parents)[:4]):
        if any(
            (above / name).is_file() for name in ("_quarto.yml", "_quarto.yaml", "_bookdown.yml")
        ):
            return above
    return folder


# -- front matter ---------------------------------------------------------------------------------


def front_matter(lines: Sequence[Line]) -> tuple[list[Draft], Meta]:
    """Title, by-line, affiliations, abstract and keywords of YAML front matter."""
    values = [_unformatted(value) for value in scalars(lines)]
    drafts: list[Draft] = []
    title = _joined([v for v in values if v.path in {("title",), ("subtitle",)}])
    drafts.append(Draft(Role.TITLE, title))
    byline, authors = _yaml_authors(values)
    drafts.append(Draft(Role.BYLINE, byline))
    drafts.extend(_yaml_details(values))
    language = next((v.text for v in values if v.path in {("lang",), ("language",)}), None)
    for value in values:
        if value.path[0] == "abstract" and len(value.path) == 1:
            label = Run("Abstract", value.stretches[0].line.at(0), "label")
            drafts.append(Draft(Role.HEADING, [label], 1, "front-matter"))
            drafts.extend(_yaml_paragraphs(value))
    keywords = [v for v in values if v.path[0] in {"keywords", "keyword", "tags", "categories"}]
    if keywords:
        lead = Run("Keywords: ", keywords[0].stretches[0].line.at(0), "label")
        drafts.append(Draft(Role.METADATA, [lead, *_joined(keywords, "; ")], style="keywords"))
    shown = [draft for draft in drafts if draft.text]
    return shown, Meta(
        title=plain(title) or None,
        authors=authors,
        language=language[:2].lower() if language else None,
    )


def _unformatted(value: Scalar) -> Scalar:
    """``format: {pdf: {author: x}}`` says the same as ``author: x``."""
    if value.path[0] == "format" and len(value.path) > 2:
        return Scalar(value.path[2:], value.stretches, value.breaks)
    return value


def _yaml_paragraphs(value: Scalar) -> Iterator[Draft]:
    group: list[Stretch] = []
    for stretch in (*value.stretches, None):
        if stretch is not None and stretch.end > stretch.start:
            group.append(stretch)
        elif group:
            yield from paragraph_drafts(scan(group), 1)
            group = []


def _joined(values: Sequence[Scalar], gap: str = ": ") -> list[Run]:
    runs: list[Run] = []
    for value in values:
        more = scan(value.stretches).runs
        if runs and more:
            runs.append(Run(gap, more[0].origin, "separator"))
        runs.extend(more)
    return runs


def _yaml_authors(values: Sequence[Scalar]) -> tuple[list[Run], tuple[Author, ...]]:
    """The by-line and its authors, from ``author``, ``authors`` or lists of names."""
    mine = [v for v in values if v.path[0] in {"author", "authors", "by-author", "creator"}]
    groups: dict[str | int, list[Scalar]] = {}
    for value in mine:
        groups.setdefault(value.path[1] if len(value.path) > 1 else 0, []).append(value)
    runs: list[Run] = []
    authors: list[Author] = []
    for group in groups.values():
        names = [v for v in group if _leaf(v) in {"name", "literal", ""} and _is_own(v)]
        given = [v for v in group if _leaf(v) in {"given", "first", "firstname", "given-name"}]
        family = [v for v in group if _leaf(v) in {"family", "last", "lastname", "surname"}]
        degrees = [v for v in group if "degrees" in v.path or _leaf(v) in {"degree", "credentials"}]
        shown = [*given[:1], *family[:1]] if family else names[:1]
        if not shown:
            continue
        piece = _joined(shown, " ")
        for degree in degrees:
            more = _joined([degree])
            piece.extend([Run(", ", more[0].origin, "separator"), *more] if more else [])
        if runs and piece:
            runs.append(Run("; ", piece[0].origin, "separator"))
        runs.extend(piece)
        if family:
            found = [make_author(given[0].text if given else "", family[0].text, _texts(degrees))]
        else:
            found = list(parse_byline(", ".join([names[0].text, *_texts(degrees)])))
        authors.extend(found)
    return runs, tuple(authors)


def _texts(values: Sequence[Scalar]) -> list[str]:
    return [value.text for value in values]


def _leaf(value: Scalar) -> str:
    keys = [part for part in value.path[1:] if isinstance(part, str)]
    return keys[-1] if keys else ""


def _is_own(value: Scalar) -> bool:
    """False for the name of an affiliation or of a role."""
    return not any(
        isinstance(part, str) and part.startswith(("affil", "role", "institut", "degree"))
        for part in value.path[1:]
    )


def _yaml_details(values: Sequence[Scalar]) -> Iterator[Draft]:
    """Affiliations, jobs and roles, each a block."""
    groups: dict[tuple[str | int, ...], list[Scalar]] = {}
    for value in values:
        keys = [part for part in value.path if isinstance(part, str)]
        if any(key.startswith(("affil", "institut")) for key in keys) and keys[-1] not in {
            "id",
            "ref",
        }:
            cut = next(
                i
                for i, part in enumerate(value.path)
                if isinstance(part, str) and part.startswith(("affil", "institut"))
            )
            groups.setdefault(value.path[: cut + 2], []).append(value)
        elif keys[0] in {"author", "authors"} and keys[-1] in {
            "role",
            "roles",
            "title",
            "position",
        }:
            yield Draft(Role.METADATA, _joined([value]), style="contrib-role")
    for group in groups.values():
        yield Draft(Role.AFFILIATION, _joined(group, ", "))
    for value in values:
        if value.path in {("date",), ("thanks",), ("funding",), ("acknowledgements",)}:
            yield Draft(Role.METADATA, _joined([value]), style=str(value.path[0]))


# -- the body -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Masked:
    """Lines with what is no running text blanked (same length), and what was taken out."""

    lines: list[Line]
    shown: list[str]
    quoted: set[int] = field(default_factory=set)
    notes: list[list[Line]] = field(default_factory=list)
    tables: dict[int, TextTable] = field(default_factory=dict)


class _Body:
    """Reads the lines of one file into drafts."""

    def __init__(self, project: _Project, part: str | None, folder: Path, depth: int) -> None:
        self.project = project
        self.part = part
        self.folder = folder
        self.depth = depth
        self.level = 0
        self.table = 0

    def read(self, lines: list[Line]) -> list[Draft]:
        """Drafts of ``lines``, included files in their place."""
        drafts: list[Draft] = []
        start = 0
        fenced = False
        for index, line in enumerate(lines):
            if re.match(r"\s{0,3}(?:```|~~~)", line.text) and not _CHILD.match(line.text):
                fenced = not fenced
            hit = None if fenced else _INCLUDE.match(line.text) or _CHILD.match(line.text)
            if hit is None:
                continue
            drafts.extend(self.segment(lines[start:index]))
            drafts.extend(self.include(hit.group(1)))
            start = index + 1
        drafts.extend(self.segment(lines[start:]))
        return drafts

    def include(self, name: str) -> list[Draft]:
        found = self.project.lines(self.folder, name, self.depth)
        if found is None:
            return []
        lines, path = found
        front: list[Draft] = []
        top = extent(lines)
        if top:
            front = [d for d in front_matter(lines[1 : top - 1])[0] if d.role is not Role.BYLINE]
            for draft in front:
                if draft.role is Role.TITLE:
                    draft.role, draft.level = Role.HEADING, 1
            lines = lines[top:]
        self.project.open.append(path)
        inner = _Body(self.project, lines[0].part if lines else None, path.parent, self.depth + 1)
        inner.level, inner.table = self.level, self.table
        drafts = [*front, *inner.read(lines)]
        self.level, self.table = inner.level, inner.table
        self.project.open.pop()
        return drafts

    def segment(self, lines: list[Line]) -> list[Draft]:
        """Drafts of lines without includes."""
        if not any(line.text.strip() for line in lines):
            return []
        self.project.comments += _comments(lines)
        masked = _mask(lines)
        tokens = _parser().parse("\n".join(masked.shown))
        drafts = list(_Walk(self, masked).blocks(tokens))
        for note in masked.notes:
            stretches = _stretches(note)
            if stretches:
                drafts.append(Draft(Role.FOOTNOTE, scan(stretches).runs, style="footnote"))
        return drafts

    def next_table(self) -> int:
        self.table += 1
        return self.table - 1


def _parser() -> _MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable("table")


if TYPE_CHECKING:
    from markdown_it import MarkdownIt as _MarkdownIt


def _mask(lines: list[Line]) -> _Masked:
    """Blank comments, fences of divs, shortcodes; take out footnotes and tables drawn as text."""
    masked = _Masked(lines, _without_comments(lines))
    stack: list[bool] = []
    fence = ""
    index = 0
    while index < len(lines):
        text = masked.shown[index]
        opened = re.match(r"\s*(?:>\s*)*(`{3,}|~{3,})", text)
        if fence:
            if opened and opened.group(1).startswith(fence) and not text.strip(" >`~"):
                fence = ""
            index += 1
            continue
        if opened:
            fence = opened.group(1)[0] * 3
            index += 1
            continue
        div = _DIV.match(text)
        if div is not None:
            if div.group("open"):
                stack.append(bool(_QUOTE_CLASS.search(div.group("open"))))
            elif stack:
                stack.pop()
            masked.shown[index] = ""
        elif _SHORTCODE_LINE.match(text):
            masked.shown[index] = ""
        elif _NOTE.match(text):
            index = _take_note(masked, index)
            continue
        if any(stack):
            masked.quoted.add(index)
        index += 1
    for table in text_tables(masked.shown):
        masked.tables[table.start] = table
        for index in range(table.start, table.end):
            masked.shown[index] = ""
        # A mark that markdown-it gives back as a paragraph, where the table stood.
        masked.shown[table.start] = TABLE_MARK
    return masked


TABLE_MARK = "\ue000table"


def _without_comments(lines: list[Line]) -> list[str]:
    """The lines with HTML comments turned to spaces."""
    text = "\n".join(line.text for line in lines)
    if "<!--" in text:
        text = _COMMENT.sub(lambda hit: re.sub(r"[^\n]", " ", hit.group()), text)
    return text.split("\n")


def _comments(lines: list[Line]) -> Iterator[Comment]:
    """The HTML comments in ``lines``, each with the line that it starts in."""
    text = "\n".join(line.text for line in lines)
    for hit in _COMMENT.finditer(text) if "<!--" in text else ():
        line = lines[text.count("\n", 0, hit.start())]
        yield Comment(hit.group()[4:-3].strip("- \n"), line.number, line.part)


def _take_note(masked: _Masked, index: int) -> int:
    """Take a footnote's definition out; the line after it."""
    hit = _NOTE.match(masked.shown[index])
    start = hit.end() if hit else 0
    first = masked.lines[index]
    note = [Line(" " * start + first.text[start:], first.number, first.offset, first.part)]
    masked.shown[index] = ""
    index += 1
    while index < len(masked.lines):
        text = masked.shown[index]
        following = masked.shown[index + 1] if index + 1 < len(masked.lines) else ""
        lazy = (
            text.strip()
            and note[-1].text.strip()
            and not re.match(r"\s*(?:[-*+>#|]|\[\^|\d+[.)]\s)", text)
        )
        if not (re.match(r"(?: {2,}|\t)\S", text) or lazy):
            more = re.match(r"(?: {4}|\t)\S", following)
            if text.strip() or not more:
                break
        note.append(masked.lines[index])
        masked.shown[index] = ""
        index += 1
    masked.notes.append(note)
    return index


def _stretches(lines: Sequence[Line]) -> list[Stretch]:
    """The lines without the white space around."""
    found = []
    for line in lines:
        bare = line.text.strip()
        if bare:
            start = len(line.text) - len(line.text.lstrip())
            found.append(Stretch(line, start, start + len(bare)))
    return found


class _Walk:
    """From markdown-it's tokens to drafts."""

    def __init__(self, body: _Body, masked: _Masked) -> None:
        self.body = body
        self.masked = masked
        self.quotes = 0
        self.items = 0

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Draft]:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            kind = token.type
            if kind == "blockquote_open":
                self.quotes += 1
            elif kind == "blockquote_close":
                self.quotes -= 1
            elif kind == "list_item_open":
                self.items += 1
            elif kind == "list_item_close":
                self.items -= 1
            elif kind == "heading_open":
                yield from self.heading(tokens[index + 1], int(token.tag[1:]))
                index += 2
            elif kind == "paragraph_open":
                yield from self.paragraph(tokens[index + 1])
                index += 2
            elif kind == "table_open":
                end = _closing(tokens, index)
                yield from self.table(tokens[index:end])
                index = end
            elif kind in {"fence", "code_block"}:
                yield from self.code(token)
            elif kind == "html_block":
                yield from self.html(token)
            index += 1

    def lines(self, token: Token) -> list[Stretch]:
        """The stretches of the source that an inline token came from."""
        if token.map is None:
            return []
        found = []
        content = token.content.split("\n")
        for number, bare in zip(range(*token.map), content, strict=False):
            line = self.masked.lines[number]
            shown = self.masked.shown[number]
            bare = bare.strip()
            end = len(shown.rstrip())
            start = end - len(bare)
            if shown[start:end] != bare:
                start = shown.find(bare)
                if start < 0:
                    start, bare = len(shown) - len(shown.lstrip()), shown.strip()
            if bare:
                found.append(_line_as_shown(line, shown, start, start + len(bare)))
        return found

    def heading(self, token: Token, level: int) -> Iterator[Draft]:
        inline = scan(self.lines(token))
        self.body.level = level
        runs = inline.runs
        yield Draft(Role.HEADING, runs, level, f"h{level}")
        yield from self.aside(inline)

    def paragraph(self, token: Token) -> Iterator[Draft]:
        if token.content == TABLE_MARK and token.map is not None:
            yield from self.text_table(self.masked.tables[token.map[0]])
            return
        stretches = self.lines(token)
        if not stretches:
            return
        caption = _TABLE_CAPTION.match(stretches[0].text)
        if caption and (len(stretches[0].text) > caption.end() + 2):
            first = stretches[0]
            stretches[0] = Stretch(first.line, first.start + caption.end(), first.end)
            yield Draft(Role.CAPTION, scan(stretches).runs, style="table-caption")
            return
        inline = scan(stretches)
        quoted = token.map is not None and token.map[0] in self.masked.quoted
        if inline.images and not _rest_without_images(inline):
            for image in inline.images:
                yield Draft(Role.CAPTION, image, style="image")
            return
        if self.quotes or quoted:
            yield Draft(Role.BLOCK_QUOTE, inline.runs, style="blockquote")
        elif self.items:
            yield Draft(Role.LIST_ITEM, inline.runs, style="list")
        else:
            yield from paragraph_drafts(inline, self.body.level)
        yield from self.aside(inline)

    def aside(self, inline: Inline) -> Iterator[Draft]:
        for note in inline.notes:
            yield Draft(Role.FOOTNOTE, note, style="inline-note")

    def code(self, token: Token) -> Iterator[Draft]:
        start, end = token.map or (0, 0)
        lines = self.masked.lines[start:end]
        if token.type == "fence":
            yield from self._chunk_captions(lines)
            lines = lines[1:-1] if len(lines) > 1 and _is_fence(lines[-1].text) else lines[1:]
        prose = token.type == "code_block" and _is_prose(token.content)
        role = Role.BLOCK_QUOTE if prose else Role.CODE
        groups = _by_blank_lines(lines) if prose else [lines]
        for group in groups:
            runs = scan(_stretches(group), marks=prose).runs
            yield Draft(role, runs, style="indented" if prose else "code")

    def _chunk_captions(self, lines: Sequence[Line]) -> Iterator[Draft]:
        for line in lines:
            hit = _CHUNK_CAPTION.match(line.text) or (
                _CHUNK_OPTION.search(line.text) if line is lines[0] else None
            )
            if hit and hit.group("text"):
                stretch = Stretch(line, hit.start("text"), hit.end("text"))
                yield Draft(Role.CAPTION, scan([stretch]).runs, style="chunk")

    def html(self, token: Token) -> Iterator[Draft]:
        start, end = token.map or (0, 0)
        lines = [
            Line(shown, line.number, line.offset, line.part)
            for line, shown in zip(
                self.masked.lines[start:end], self.masked.shown[start:end], strict=True
            )
        ]
        yield from html_drafts(lines, self.body.next_table, bool(self.quotes))

    # -- tables --------------------------------------------------------------------------------

    def table(self, tokens: Sequence[Token]) -> Iterator[Draft]:
        number = self.body.next_table()
        header = False
        for index, token in enumerate(tokens):
            if token.type == "thead_open":
                header = True
            elif token.type == "thead_close":
                header = False
            elif token.type == "tr_open":
                end = _closing(tokens, index)
                cells = [one for one in tokens[index:end] if one.type == "inline"]
                yield from self.table_row(token, cells, number, header)

    def table_row(
        self, row: Token, cells: Sequence[Token], number: int, header: bool
    ) -> Iterator[Draft]:
        start = row.map[0] if row.map else (cells[0].map or [0])[0] if cells else 0
        line, shown = self.masked.lines[start], self.masked.shown[start]
        if "|" not in shown and _TABLE_CAPTION.match(shown):
            caption = _TABLE_CAPTION.match(shown)
            begin = caption.end() if caption else 0
            stretch = _line_as_shown(line, shown, begin, len(shown.rstrip()))
            yield Draft(Role.CAPTION, scan([stretch]).runs, style="table-caption", table=number)
            return
        found: list[list[Run]] = []
        at = 0
        for cell in cells:
            raw = cell.content.replace("|", "\\|")
            place = shown.find(raw, at) if raw else -1
            if place < 0 and raw:
                raw = cell.content
                place = shown.find(raw, at)
            if place < 0:
                found.append([])
                continue
            at = place + len(raw)
            found.append(scan([_line_as_shown(line, shown, place, at)]).runs)
        yield Draft(Role.TABLE_ROW, cells=found, table=number, header=header)

    def text_table(self, table: TextTable) -> Iterator[Draft]:
        number = self.body.next_table()
        for row in table.rows:
            cells = []
            for cell in row.cells:
                stretches = [
                    _line_as_shown(self.masked.lines[i], self.masked.lines[i].text, a, b)
                    for i, a, b in cell
                ]
                cells.append(scan(stretches).runs if stretches else [])
            yield Draft(Role.TABLE_ROW, cells=cells, table=number, header=row.header)


def _line_as_shown(line: Line, shown: str, start: int, end: int) -> Stretch:
    """A stretch of a line whose comments are blanked."""
    if shown != line.text:
        line = Line(shown, line.number, line.offset, line.part)
    return Stretch(line, start, end)


def _rest_without_images(inline: Inline) -> str:
    text = inline.text
    for image in inline.images:
        text = text.replace(plain(image), "", 1)
    return text.strip()


def _closing(tokens: Sequence[Token], index: int) -> int:
    """The index of the token that closes the one at ``index``."""
    depth = 0
    for at in range(index, len(tokens)):
        depth += tokens[at].nesting
        if depth == 0:
            return at
    return len(tokens)


def _is_fence(text: str) -> bool:
    return re.match(r"\s*(?:>\s*)*(?:`{3,}|~{3,})\s*$", text) is not None


def _is_prose(text: str) -> bool:
    """Indented text that is words, not code: people indent quotations."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    strange = len(re.findall(r"[{}<>=$;\\|]|\(\)|::|->", text))
    return len(words) >= 6 and strange <= len(words) // 25


def _by_blank_lines(lines: Sequence[Line]) -> list[list[Line]]:
    groups: list[list[Line]] = [[]]
    for line in lines:
        if line.text.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


# -- what the whole decides ------------------------------------------------------------------------


def _promote_title(drafts: list[Draft]) -> None:
    """The first heading of the highest level is the title, unless it names a section."""
    headings = [draft for draft in drafts if draft.role is Role.HEADING and draft.style != "run-in"]
    if not headings or not drafts:
        return
    first = headings[0]
    if is_known(first.text) or drafts.index(first) > 3 or first.style == "bold":
        return
    top = min(draft.level for draft in headings)
    others = [draft for draft in headings[1:] if draft.level == first.level]
    if first.level != top or (others and not any(is_known(draft.text) for draft in others)):
        return
    before = drafts[: drafts.index(first)]
    if any(len(draft.text) > 200 for draft in before):
        return
    first.role, first.level = Role.TITLE, 0
    for draft in before:
        if draft.role is Role.PARAGRAPH:
            draft.role = Role.METADATA
    drafts.remove(first)
    drafts.insert(0, first)
    drafts[1 : 1 + len(before)] = before


def _split_front(drafts: list[Draft]) -> None:
    """Cut paragraphs of front matter whose lines are each a by-line, address or date."""
    at = 0
    while at < len(drafts) and at < 30:
        draft = drafts[at]
        if draft.role is Role.HEADING:
            return
        if draft.role is Role.PARAGRAPH:
            lines = _by_line(draft.runs)
            roles = [front_role(plain(line)) for line in lines]
            if (
                len(lines) > 1 and all(role is not None for role in roles) and len(set(roles)) > 1
            ) or (len(lines) > 1 and all(role is Role.AFFILIATION for role in roles)):
                drafts[at : at + 1] = [Draft(Role.PARAGRAPH, line) for line in lines]
                at += len(lines) - 1
        at += 1


def _by_line(runs: Sequence[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = []
    number: int | None = None
    for run in runs:
        if run.origin.line != number:
            lines.append([])
            number = run.origin.line
        lines[-1].append(run)
    return lines
