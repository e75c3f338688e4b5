"""LaTeX: the main file and what it takes in; macros that carry text; nothing is run.

A place is a line and column of the file that the words stand in. Mathematics is left out but for
what reads as text ("$n = 12$").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coreqcheck.errors import ReadError
from coreqcheck.model import Author, Comment, Document, Meta, Role
from coreqcheck.readers import ReadOptions, appended_checklist
from coreqcheck.readers.builder import DocumentBuilder, Run
from coreqcheck.readers.bylines import front_role, parse_byline
from coreqcheck.readers.decode import decode, lines_of
from coreqcheck.readers.drafts import Draft, emit, label_captions, label_sections, plain, trimmed
from coreqcheck.readers.latex_tokens import Stream, Token, comments, tokenize, words
from coreqcheck.readers.markdown_inline import Inline
from coreqcheck.readers.run_ins import paragraph_drafts

MAX_FILES = 300
MAX_DEPTH = 40

_SECTIONS = {"part": -1, "chapter": 0, "section": 1, "subsection": 2, "subsubsection": 3}
_RUN_IN = {"paragraph": 4, "subparagraph": 5}
_CITES = re.compile(r"[a-zA-Z]*cite[a-zA-Z]*\*?|shortcite|citenum")
_REFERENCES = frozenset({"ref", "autoref", "cref", "Cref", "pageref", "eqref", "nameref"})
_QUOTES = re.compile(r"quot|epigraph|excerpt|participant|verbatimquote|verse", re.IGNORECASE)
_LISTS = frozenset(
    {"itemize", "enumerate", "description", "compactitem", "compactenum", "inparaenum"}
    | {"itemize*", "enumerate*", "compactdesc", "tightlist"}
)
_TABLES = frozenset(
    {"tabular", "tabular*", "tabularx", "tabulary", "longtable", "tblr", "xltabular"}
)
_HIDDEN_ENVIRONMENTS = frozenset(
    {"tikzpicture", "equation", "equation*", "align", "align*", "displaymath", "math", "eqnarray"}
    | {
        "gather",
        "gather*",
        "algorithm",
        "algorithmic",
        "pgfpicture",
        "CCSXML",
        "forest",
        "multline",
    }
)
_TRANSPARENT = frozenset(
    re.findall(
        r"\S+",
        """
    textbf textit emph textsc texttt textrm textsf textnormal underline uline text mbox uppercase
    lowercase MakeUppercase textup textsl textmd hbox fbox ensuremath sout ul hl makecell shortstack
    centerline footnotesize ac acs acl acp acf acsp gls Gls glspl Glspl acrshort acrlong acrfull
    textquote blockquote institution city country department streetaddress state postcode email
    orcid state institute name surname fnm sur orgdiv orgname orgaddress
    """,
    )
)
_DROPPED = {
    "vspace": 1,
    "vspace*": 1,
    "hspace": 1,
    "hspace*": 1,
    "setlength": 2,
    "addtolength": 2,
    "includegraphics": 1,
    "includegraphics*": 1,
    "bibliographystyle": 1,
    "usepackage": 1,
    "documentclass": 1,
    "pagestyle": 1,
    "thispagestyle": 1,
    "graphicspath": 1,
    "setcounter": 2,
    "addtocounter": 2,
    "nocite": 1,
    "index": 1,
    "hypersetup": 1,
    "geometry": 1,
    "color": 1,
    "input@path": 1,
    "hyphenation": 1,
    "newcounter": 1,
    "newlength": 1,
    "renewbibmacro": 2,
    "addbibresource": 1,
    "addcontentsline": 3,
    "fancyhf": 1,
    "fancyhead": 1,
    "fancyfoot": 1,
    "lhead": 1,
    "rhead": 1,
    "chead": 1,
    "cfoot": 1,
    "lfoot": 1,
    "rfoot": 1,
    "titleformat": 5,
    "definecolor": 3,
    "todo": 1,
    "missingfigure": 1,
    "cline": 1,
    "cmidrule": 1,
    "rowcolor": 1,
    "cellcolor": 1,
    "phantom": 1,
    "hphantom": 1,
    "vphantom": 1,
    "newacronym": 3,
    "acrodef": 2,
    "acro": 2,
    "DeclareAcronym": 2,
    "selectlanguage": 1,
    "linespread": 1,
    "markboth": 2,
    "markright": 1,
    "newboolean": 1,
    "setboolean": 2,
    "newtheorem": 2,
    "theoremstyle": 1,
    "captionsetup": 1,
    "lstset": 1,
    "pgfplotsset": 1,
    "usetikzlibrary": 1,
    "setlist": 1,
    "numberwithin": 2,
    "DeclareMathOperator": 2,
    "bibliography": 1,
    "fontsize": 2,
    "setcitestyle": 1,
    "enlargethispage": 1,
    "pdfbookmark": 2,
    "hypertarget": 1,
    "acmDOI": 1,
    "ccsdesc": 1,
    "vskip": 0,
    "hskip": 0,
    "doublespacing": 0,
    "DeclareGraphicsExtensions": 1,
    "titlespacing": 4,
    "crefname": 3,
}
_SYMBOLS = {
    "dots": "…",
    "ldots": "…",
    "textellipsis": "…",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "S": "§",
    "copyright": "©",
    "textcopyright": "©",
    "textregistered": "®",
    "texttrademark": "™",
    "textendash": "–",
    "textemdash": "—",
    "textquoteleft": "‘",
    "textquoteright": "’",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "glqq": "„",
    "grqq": "“",
    "glq": "‚",
    "grq": "‘",
    "flqq": "«",
    "frqq": "»",
    "guillemotleft": "«",
    "guillemotright": "»",
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "l": "ł",
    "L": "Ł",
    "i": "ı",
    "j": "ȷ",
    "textbackslash": "\\",
    "textasciitilde": "~",
    "slash": "/",
    "textbullet": "•",
    "textdegree": "°",
    "degree": "°",
    "euro": "€",
    "pounds": "£",
    "dag": "†",
    "ddag": "‡",
    "P": "¶",
    "textperiodcentered": "·",
    "quad": " ",
    "qquad": " ",
    "newline": " ",
    "linebreak": " ",
    "hfill": " ",
    "space": " ",
    "xspace": "",
    "today": "",
    "par": "",
    "textgreater": ">",
    "textless": "<",
    "checkmark": "✓",
    "times": "×",
    "pm": "±",
    "approx": "≈",
    "leq": "≤",
    "geq": "≥",
    "le": "≤",
    "ge": "≥",
    "sim": "~",
    "kappa": "κ",
    "alpha": "α",
    "beta": "β",
    "chi": "χ",
    "rightarrow": "→",
    "cdot": "·",
    "neq": "≠",
    " ": " ",
    ",": " ",
    ";": " ",
    ":": " ",
    "!": "",
    "-": "",
    "/": "",
    "@": "",
    "\\": " ",
}
_ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "d": "\u0323",
    "b": "\u0331",
    "r": "\u030a",
    "k": "\u0328",
}
_RULES = frozenset({"hline", "midrule", "toprule", "bottomrule", "endhead", "endfirsthead"})


def read(path: Path, shown: str, data: bytes, options: ReadOptions) -> Document:
    """Read a LaTeX file and what it takes in from its own folder.

    Raises:
        ReadError: not text, without text, or too large.
    """
    builder = DocumentBuilder(shown, "latex")
    text = decode(data, builder, options.limits)
    project = _Project(path, builder, options)
    lines = lines_of(text)
    project.comments += comments(lines)
    tokens = tokenize(lines)
    walker = _Walker(project)
    walker.body = not _has(tokens, "documentclass")
    walker.levels_from(tokens)
    walker.walk(Stream(tokens))
    drafts = walker.finished()
    label_sections(drafts)
    label_captions(drafts)
    emit(drafts, builder, options.limits)
    title = next((draft.text for draft in drafts if draft.role is Role.TITLE), None)
    meta = Meta(
        title=title,
        authors=walker.authors,
        files=tuple(project.files),
        comments=tuple(project.comments),
    )
    return appended_checklist.label(builder.build(data, meta))


def main_file(path: Path) -> Path | None:
    """The main file of a LaTeX project.

    Args:
        path: a folder, or any ``.tex`` file of the project.

    Returns:
        The file with ``\\documentclass`` that takes in ``path`` (or the likeliest one of a folder);
        ``path`` itself when it is no part of another; ``None`` for a folder without one.
    """
    if path.is_dir():
        return _likeliest(path)
    source = _source(path)
    if re.search(r"^[^%\n]*\\documentclass(?![^\n]*\{subfiles\})", source, re.MULTILINE):
        return path
    magic = re.search(r"^%\s*!TEX\s+root\s*=\s*(\S+)", source, re.MULTILINE | re.IGNORECASE)
    if magic and (path.parent / magic.group(1)).is_file():
        return path.parent / magic.group(1)
    for folder in (path.parent, *list(path.parent.parents)[:2]):
        for candidate in _mains(folder):
            if _takes_in(candidate, path):
                return candidate
    return path


def is_left_over(path: Path) -> bool:
    """True for a file without a preamble that no main file beside or above it takes in."""
    if main_file(path) != path or re.search(
        r"^[^%\n]*\\documentclass", _source(path), re.MULTILINE
    ):
        return False
    return any(_mains(folder) for folder in (path.parent, *list(path.parent.parents)[:2]))


def _likeliest(folder: Path) -> Path | None:
    mains = _mains(folder) or [
        main for inner in sorted(folder.iterdir()) if inner.is_dir() for main in _mains(inner)
    ]
    if not mains:
        return None
    named = ("main", "paper", "manuscript", "article", "thesis", "report", folder.name.lower())

    def rank(main: Path) -> tuple[bool, int, str]:
        return main.stem.lower() not in named, -len(_inputs(_source(main))), main.name

    return min(mains, key=rank)


def _mains(folder: Path) -> list[Path]:
    pattern = re.compile(
        r"^[^%\n]*\\documentclass(?![^\n]*\{(?:subfiles|standalone)\})", re.MULTILINE
    )
    try:
        files = sorted(folder.glob("*.tex"))[:200]
    except OSError:
        return []
    return [file for file in files if pattern.search(_source(file))]


def _source(path: Path) -> str:
    try:
        return path.read_bytes()[:2_000_000].decode("utf-8", errors="replace")
    except OSError:
        return ""


_INPUT = re.compile(r"\\(?:input|include|subfile|import\{[^}]*\})\s*\{?([^}\s%]+)")


def _inputs(source: str) -> list[str]:
    lines = (re.split(r"(?<!\\)%", line)[0] for line in source.splitlines())
    return _INPUT.findall("\n".join(lines))


def _takes_in(main: Path, wanted: Path) -> bool:
    """True when ``main`` takes in ``wanted``, itself or through others."""
    seen: set[Path] = set()
    queue = [main]
    while queue and len(seen) < MAX_FILES:
        file = queue.pop()
        for name in _inputs(_source(file)):
            target = main.parent / (name if name.endswith(".tex") else f"{name}.tex")
            if target in seen or not _is_file(target):
                continue
            if target.resolve() == wanted.resolve():
                return True
            seen.add(target)
            queue.append(target)
    return False


def _is_file(path: Path) -> bool:
    """``Path.is_file`` that takes a name no file can have for what it is."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _has(tokens: Sequence[Token], name: str) -> bool:
    return any(token.kind == "command" and token.text == name for token in tokens)


class _Project:
    """The folder of the main file, and what was taken in from it."""

    def __init__(self, path: Path, builder: DocumentBuilder, options: ReadOptions) -> None:
        self.builder = builder
        self.options = options
        self.path = path
        main = main_file(path)
        self.root = (main or path).resolve().parent
        self.files: list[str] = []
        self.comments: list[Comment] = []
        self.open: list[Path] = [path.resolve()]
        self.bytes = 0

    def tokens(self, name: str, folder: str = "") -> list[Token]:
        """The tokens of a file that is taken in; empty, and said, when it cannot be had."""
        name = re.sub(r"[\x00-\x1f]", "", name).strip().strip('"')[:400]
        for base in (self.root / folder, self.path.resolve().parent / folder):
            target = base / name
            for candidate in (target, target.with_name(target.name + ".tex")):
                found = self._load(candidate, name)
                if found is not None:
                    return found
        self._warn(f"the file {name} that the manuscript takes in was not found")
        return []

    def _load(self, candidate: Path, name: str) -> list[Token] | None:
        try:
            resolved = candidate.resolve()
            if not resolved.is_file() or resolved.suffix.lower() in {".pdf", ".png", ".jpg"}:
                return None
            if not resolved.is_relative_to(self.root):
                self._warn(f"the file {name} is outside the manuscript's folder; not read")
                return []
            if resolved in self.open or len(self.files) >= MAX_FILES:
                self._warn(
                    f"the file {name} is taken in more than once or by itself; not read again"
                )
                return []
            self.bytes += resolved.stat().st_size
            if self.bytes > self.options.limits.file_bytes:
                self._warn(f"the file {name} is too large; not read")
                return []
            data = resolved.read_bytes()
            part = resolved.relative_to(self.root).as_posix()
            text = decode(data, self.builder, self.options.limits, part)
        except OSError:
            return None
        except ReadError:
            return []
        self.open.append(resolved)
        self.files.append(part)
        lines = lines_of(text, part)
        self.comments += comments(lines)
        return _body_of(tokenize(lines))

    def _warn(self, message: str) -> None:
        self.builder.diagnose("latex.input", message, level="warning")


def _body_of(tokens: list[Token]) -> list[Token]:
    """Of a file with its own preamble (subfiles, standalone) only what stands in the document."""
    if not _has(tokens, "documentclass"):
        return tokens
    stream = Stream(tokens)
    while (token := stream.next()) is not None:
        opens = token.kind == "command" and token.text == "begin"
        if opens and words(stream.argument()) == "document":
            return stream.environment("document")
    return tokens


@dataclass(frozen=True, slots=True)
class _Macro:
    """A macro's body, its number of arguments, and what the first is when it is left out."""

    body: list[Token]
    arguments: int = 0
    default: list[Token] | None = None


@dataclass(slots=True)
class _Group:
    """An open brace: where in the paragraph bold began inside it, if it did."""

    bold_at: int | None = None
    slanted_at: int | None = None


@dataclass(slots=True)
class _Paragraph:
    """Runs so far, and how many of the first are emphasised."""

    runs: list[Run] = field(default_factory=list)
    lead: int = 0
    emphasis: str = ""
    marked: list[tuple[int, int]] = field(default_factory=list)


class _Walker:
    """Reads a stream of tokens into drafts."""

    def __init__(self, project: _Project, depth: int = 0) -> None:
        self.project = project
        self.depth = depth
        self.body = True
        self.drafts: list[Draft] = []
        self.front: list[Draft] = []
        self.authors: tuple[Author, ...] = ()
        self.macros: dict[str, _Macro] = {}
        self.quote_names: set[str] = set()
        self.paragraph = _Paragraph()
        self.groups: list[_Group] = []
        self.roles: list[tuple[str, Role]] = []
        self.notes: list[Draft] = []
        self.level = 0
        self.shift = 0
        self.counts = {"table": 0, "figure": 0}
        self.tables = 0
        self.floats: list[str] = []
        self.caption_table: int | None = None
        self.labels: dict[str, tuple[str, str]] = {}
        self.labelled = ("", "")
        self.pending: list[tuple[Run, str, bool]] = []
        self.ended = False

    # -- frame -----------------------------------------------------------------------------------

    def levels_from(self, tokens: Sequence[Token]) -> None:
        """Chapters, where there are any, are the highest headings."""
        if _has(tokens, "chapter") or _has(tokens, "chapter*"):
            self.shift = 1

    def finished(self) -> list[Draft]:
        """All drafts, front matter first; the authors are known after this."""
        self.close()
        self.resolve()
        authors: list[Author] = []
        for draft in self.front:
            if draft.role is Role.BYLINE:
                authors.extend(parse_byline(draft.text))
        self.authors = tuple(dict.fromkeys(authors))
        return [*self.front, *self.drafts]

    def walk(self, stream: Stream) -> None:
        """Read to the end of the stream or of the document."""
        while not self.ended and (token := stream.next()) is not None:
            self.step(token, stream)
        self.close()

    def step(self, token: Token, stream: Stream) -> None:
        kind = token.kind
        if kind == "command":
            self.command(token, stream)
        elif kind == "{":
            self.groups.append(_Group())
        elif kind == "}":
            self.close_group()
        elif not self.body:
            return
        elif kind == "par":
            self.close()
        elif kind == "$":
            self.math(token, stream)
        elif kind == "code":
            self.close()
            run = Run(token.text, token.origin)
            self.drafts.append(Draft(Role.CODE, [run], style="verbatim"))
        elif kind == "&":
            self.add(Run(" ", token.origin, "separator"))
        elif kind != "#":
            self.add(Run(token.text, token.origin, token.repair))

    def add(self, run: Run) -> None:
        if run.text and (self.paragraph.runs or not run.text.isspace()):
            self.paragraph.runs.append(run)

    def close_group(self) -> None:
        if not self.groups:
            return
        group = self.groups.pop()
        end = len(self.paragraph.runs)
        for at, emphasis in ((group.bold_at, "bold"), (group.slanted_at, "italic")):
            if at is None or end <= at:
                continue
            self.paragraph.marked.append((at, end))
            if at == 0 and not self.paragraph.lead:
                self.paragraph.lead, self.paragraph.emphasis = end, emphasis

    def close(self) -> None:
        """End the paragraph."""
        paragraph, self.paragraph = self.paragraph, _Paragraph()
        self.groups = [_Group() for _ in self.groups]
        if plain(paragraph.runs):
            role = self.roles[-1][1] if self.roles else Role.PARAGRAPH
            if role is Role.PARAGRAPH:
                self.drafts.extend(paragraph_drafts(_inline(paragraph), self.level))
            else:
                self.drafts.append(Draft(role, paragraph.runs, style=self.roles[-1][0]))
        self.drafts.extend(self.notes)
        self.notes = []

    def inline(self, tokens: Sequence[Token]) -> list[Run]:
        """The runs of an argument; notes inside it follow the paragraph."""
        if self.depth > MAX_DEPTH:
            return []
        inner = _Walker(self.project, self.depth + 1)
        inner.macros, inner.quote_names = self.macros, self.quote_names
        inner.labels, inner.pending, inner.labelled = self.labels, self.pending, self.labelled
        stream = Stream(tokens)
        while (token := stream.next()) is not None:
            if token.kind == "par":
                inner.add(Run(" ", token.origin, "separator"))
            else:
                inner.step(token, stream)
        self.notes.extend(inner.notes)
        runs: list[Run] = []
        for draft in inner.drafts:
            runs.extend(draft.runs)
        return [*runs, *inner.paragraph.runs]

    # -- commands --------------------------------------------------------------------------------

    def command(self, token: Token, stream: Stream) -> None:
        name = token.text
        if self.definition(name, stream) or self.metadata(token, stream):
            return
        if name in {"begin", "end"}:
            environment = words(stream.argument())
            self.begin(environment, token, stream) if name == "begin" else self.end(environment)
            return
        if name in {"input", "include", "subfile", "import", "subimport", "subfileinclude"}:
            self.take_in(name, stream)
            return
        if name in {"iffalse"}:
            self.skip_conditional(stream)
            return
        if name in self.macros:
            self.expand(token, stream)
            return
        if not self.body:
            self.drop(name, stream)
            return
        self.body_command(token, stream)

    def body_command(self, token: Token, stream: Stream) -> None:
        name = token.text
        bare = name.rstrip("*")
        if bare in _SECTIONS or bare in _RUN_IN:
            self.section(bare, stream)
        elif name == "item":
            self.item(stream)
        elif name in {"footnote", "footnotetext", "thanks", "marginpar", "endnote", "tnote"}:
            stream.option()
            runs = self.inline(stream.argument())
            self.notes.append(Draft(Role.FOOTNOTE, runs, style=name))
        elif bare == "caption" or name == "captionof":
            self.caption(token, stream)
        elif _CITES.fullmatch(name) and name != "nocite":
            self.cite(stream)
        elif name == "label":
            self.labels.setdefault(words(stream.argument()), self.labelled)
        elif name in _REFERENCES:
            self.refer(token, stream)
        elif name == "bibitem":
            self.close()
            stream.option()
            stream.argument()
        elif name in {"printbibliography", "bibliography"}:
            self.close()
            self.drop(name, stream)
        elif name == "appendix":
            self.close()
            label = Run("Appendix", token.origin, "label")
            self.drafts.append(Draft(Role.HEADING, [label], 1, "appendix"))
            self.shift += 1
        elif name == "par":
            self.close()
        else:
            self.text_command(token, stream)

    def text_command(self, token: Token, stream: Stream) -> None:
        """Commands inside running text."""
        name = token.text
        if name in _ACCENTS and self.accent(token, stream):
            return
        if name in _SYMBOLS:
            if name == "\\":
                stream.option()
            self.add(Run(_SYMBOLS[name], token.origin, "spelling"))
        elif len(name) == 1 and name in "%&$#_{}":
            self.add(Run(name, token.line.at(token.column + 1)))
        elif name in {"(", "["}:
            self.display_math(name, stream)
        elif name in {"enquote", "enquote*", "textquote", "say", "qq"}:
            stream.option()
            self.quoted(token, stream.argument())
        elif name in {"textsuperscript", "textsubscript"}:
            self.raised(stream.argument())
        elif name in {"textbf", "textit", "emph", "textsc", "underline"}:
            self.emphasised(name, stream)
        elif name in {"bf", "bfseries", "it", "itshape", "em", "sc"}:
            self.switch(name)
        elif name in {"href", "textcolor", "colorbox", "foreignlanguage", "raisebox", "resizebox"}:
            stream.option()
            stream.argument()
            if name == "resizebox":
                stream.argument()
        elif name in {"multicolumn", "multirow", "parbox", "fcolorbox", "adjustbox"}:
            self.boxed(name, stream)
        elif name in _TRANSPARENT or name == "url":
            stream.option()
        else:
            self.drop(name, stream)

    def drop(self, name: str, stream: Stream) -> None:
        """Pass over a command; what stands in braces after an unknown one is read as text."""
        count = _DROPPED.get(name)
        if stream.option() is not None and count is None and not name[:1].isalpha():
            return
        for _ in range(count or 0):
            while stream.option() is not None:
                pass
            stream.argument()

    def boxed(self, name: str, stream: Stream) -> None:
        while stream.option() is not None:
            pass
        for _ in range({"multicolumn": 2, "multirow": 2, "parbox": 1, "adjustbox": 1}.get(name, 2)):
            stream.argument()
            while stream.option() is not None:
                pass

    def emphasised(self, name: str, stream: Stream) -> None:
        stream.skip_space()
        token = stream.peek()
        if token is None or token.kind != "{":
            return
        stream.next()
        self.groups.append(_Group())
        self.switch(name)

    def switch(self, name: str) -> None:
        """Bold or italic from here to the end of the group."""
        if not self.groups:
            return
        at = len(self.paragraph.runs)
        if name in {"textbf", "bf", "bfseries"}:
            self.groups[-1].bold_at = at
        elif name in {"textit", "emph", "it", "itshape", "em"}:
            self.groups[-1].slanted_at = at

    def accent(self, token: Token, stream: Stream) -> bool:
        """An accent and its letter, as one character."""
        following = stream.peek()
        if following is None or (token.text.isalpha() and following.kind not in {"{", "text"}):
            return False
        letters = stream.argument()
        base = words(letters) or next(
            (_SYMBOLS.get(one.text, "") for one in letters if one.kind == "command"), ""
        )
        base = {"ı": "i", "ȷ": "j"}.get(base, base)
        if base:
            spelt = unicodedata.normalize("NFC", base[0] + _ACCENTS[token.text]) + base[1:]
            self.add(Run(spelt, token.origin, "accent"))
        return True

    def quoted(self, token: Token, inside: Sequence[Token]) -> None:
        runs = self.inline(inside)
        self.add(Run("“", token.origin, "spelling"))
        for run in runs:
            self.add(run)
        self.add(Run("”", runs[-1].origin if runs else token.origin, "spelling"))

    def raised(self, inside: Sequence[Token]) -> None:
        for run in self.inline(inside):
            mark = re.fullmatch(r"[\d\s,;–-]+", run.text) is not None
            self.add(Run(run.text, run.origin, run.repair, run.citation or mark))

    def cite(self, stream: Stream) -> None:
        while stream.option() is not None:
            pass
        for token in stream.argument():
            if token.kind == "text":
                self.add(Run(token.text, token.origin, token.repair, citation=True))
        while (more := stream.peek()) is not None and more.kind == "{":
            for token in stream.argument():
                if token.kind == "text":
                    self.add(Run(token.text, token.origin, token.repair, citation=True))

    def refer(self, token: Token, stream: Stream) -> None:
        """The number of a table or figure, known when all has been read."""
        for key in words(stream.argument()).split(","):
            run = Run("", token.origin, "reference")
            self.paragraph.runs.append(run)
            self.pending.append((run, key.strip(), token.text in {"autoref", "cref", "Cref"}))

    def resolve(self) -> None:
        """Put the numbers in where tables and figures were referred to."""
        for run, key, named in self.pending:
            kind, number = self.labels.get(key, ("", ""))
            run.text = f"{kind.capitalize()} {number}" if named and number else number

    def math(self, token: Token, stream: Stream) -> None:
        inside: list[Token] = []
        doubled = (following := stream.peek()) is not None and following.kind == "$"
        if doubled:
            stream.next()
        while (one := stream.next()) is not None and one.kind not in {"$", "par"}:
            inside.append(one)
        if doubled:
            stream.next()
        else:
            self.simple_math(inside)

    def display_math(self, name: str, stream: Stream) -> None:
        stop = {"(": ")", "[": "]"}[name]
        inside: list[Token] = []
        while (one := stream.next()) is not None and one.kind != "par":
            if one.kind == "command" and one.text == stop:
                break
            inside.append(one)
        if name == "(":
            self.simple_math(inside)

    def simple_math(self, inside: Sequence[Token]) -> None:
        """Show a formula that is only a number, a letter or a comparison of them."""
        text = words(inside)
        raised = re.fullmatch(r"\^\{?\s*([\d,\s–-]+)\s*\}?", text)
        known = all(
            one.kind != "command" or one.text in _SYMBOLS or one.text in "%{}$" for one in inside
        )
        if not known or len(text) > 60 or (not raised and re.search(r"[\^_]", text)):
            return
        for one in inside:
            if one.kind == "text":
                shown = one.text.replace("^", "")
                shift = len(one.text) - len(one.text.lstrip("^"))
                origin = one.line.at(one.column + shift)
                self.add(Run(shown, origin, one.repair, citation=raised is not None))
            elif one.kind == "command":
                symbol = _SYMBOLS.get(one.text, one.text)
                self.add(Run(symbol, one.origin, "spelling"))

    def skip_conditional(self, stream: Stream) -> None:
        depth = 1
        while depth and (token := stream.next()) is not None:
            if token.kind == "command" and token.text.startswith("if") and token.text != "iff":
                depth += 1
            elif token.kind == "command" and token.text == "fi":
                depth -= 1
            elif token.kind == "command" and token.text == "else" and depth == 1:
                return

    # -- definitions, files ----------------------------------------------------------------------

    def definition(self, name: str, stream: Stream) -> bool:
        bare = name.rstrip("*")
        if bare in {"newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"}:
            self.new_command(stream)
        elif bare in {"def", "gdef", "edef", "xdef"}:
            self.new_def(stream)
        elif bare in {"newenvironment", "renewenvironment", "NewDocumentEnvironment"}:
            environment = words(stream.argument())
            stream.option()
            stream.option()
            if any(_QUOTES.search(one.text) for one in stream.argument()):
                self.quote_names.add(environment)
            stream.argument()
        elif bare in {"NewDocumentCommand", "RenewDocumentCommand", "DeclareDocumentCommand"}:
            macro = _macro_name(stream.argument())
            count = len(re.findall(r"[mor]", words(stream.argument())))
            self.define(macro, _Macro(stream.argument(), count))
        elif bare == "let":
            stream.next()
            stream.next()
        else:
            return False
        return True

    def new_command(self, stream: Stream) -> None:
        macro = _macro_name(stream.argument())
        count = words(stream.option() or [])
        default = stream.option()
        body = stream.argument()
        arguments = int(count) if count.isdecimal() and len(count) < 2 else 0
        self.define(macro, _Macro(body, arguments, default))

    def new_def(self, stream: Stream) -> None:
        token = stream.next()
        count = 0
        while (following := stream.peek()) is not None and following.kind not in {"{", "par"}:
            count += following.kind == "#"
            stream.next()
        body = stream.argument()
        if token is not None and token.kind == "command":
            self.define(token.text, _Macro(body, count))

    def define(self, name: str, macro: _Macro) -> None:
        builtin = name in _SYMBOLS or name in _SECTIONS or name in {"item", "footnote", "caption"}
        if name and not builtin and not _CITES.fullmatch(name):
            self.macros[name] = macro

    def expand(self, call: Token, stream: Stream) -> None:
        """Put a macro's body, its arguments filled in, before the stream."""
        macro = self.macros[call.text]
        arguments: list[list[Token]] = []
        if macro.default is not None and macro.arguments:
            arguments.append(stream.option() or macro.default)
        while len(arguments) < macro.arguments:
            arguments.append(stream.argument())
        out: list[Token] = []
        number = False
        for token in macro.body:
            if token.kind == "#":
                number = True
                continue
            if number and token.kind == "text" and token.text[:1].isdecimal():
                index = int(token.text[0]) - 1
                out.extend(arguments[index] if index < len(arguments) else [])
                token = token._replace(text=token.text[1:])
            number = False
            if token.text or token.kind != "text":
                # The words stand in the definition; their place is the call.
                out.append(Token(token.kind, token.text, call.line, call.column, "macro"))
        if not stream.push(out):
            raise ReadError("macro-loop", "its macros expand without end; not read")

    def take_in(self, name: str, stream: Stream) -> None:
        folder = words(stream.argument()) if name in {"import", "subimport"} else ""
        tokens = self.project.tokens(_file_name(stream), folder)
        if self.body and name == "include":
            self.close()
        if not self.shift:
            self.levels_from(tokens)
        if not stream.push(tokens):
            raise ReadError("macro-loop", "takes in files without end; not read")

    # -- front matter ----------------------------------------------------------------------------

    def metadata(self, token: Token, stream: Stream) -> bool:
        name = token.text
        if name in {"title", "subtitle"}:
            stream.option()
            runs = self.inline(stream.argument())
            if name == "title" or any(draft.role is Role.TITLE for draft in self.front):
                self.title(name, runs)
        elif name in {"author", "authors"}:
            stream.option()
            self.author_lines(stream.argument())
        elif name in {"affil", "affiliation", "institute", "address", "affaddr", "icmlaffiliation"}:
            stream.option()
            self.front.append(Draft(Role.AFFILIATION, self.inline(stream.argument())))
        elif name in {
            "keywords",
            "date",
            "received",
            "accepted",
            "email",
            "Keywords",
            "IEEEkeywords",
        }:
            lead = [Run("Keywords: ", token.origin, "label")] if "eywords" in name else []
            runs = self.inline(stream.argument())
            target = self.drafts if self.body and lead else self.front
            if plain(runs):
                target.append(Draft(Role.METADATA, [*lead, *runs], style=name))
        elif name == "abstract":
            inside = stream.argument()
            self.abstract(token)
            inner = _Walker(self.project, self.depth + 1)
            inner.macros, inner.quote_names, inner.level = self.macros, self.quote_names, 1
            inner.labels, inner.pending = self.labels, self.pending
            inner.walk(Stream(inside))
            self.drafts.extend(inner.drafts)
        else:
            return False
        return True

    def title(self, name: str, runs: list[Run]) -> None:
        if name == "title":
            self.front.insert(0, Draft(Role.TITLE, runs))
            return
        title = next(draft for draft in self.front if draft.role is Role.TITLE)
        if plain(runs):
            title.runs = [*title.runs, Run(": ", runs[0].origin, "separator"), *runs]

    def author_lines(self, inside: Sequence[Token]) -> None:
        """The lines of ``\\author``: names first, then addresses."""
        lines: list[list[Token]] = [[]]
        fresh = [0]
        for token in inside:
            split = token.kind == "command" and token.text in {
                "\\",
                "and",
                "And",
                "AND",
                "newline",
                "IEEEauthorblockN",
                "IEEEauthorblockA",
                "affaddr",
                "email",
                "par",
                "affil",
            }
            if split or token.kind == "par":
                lines.append([])
                if token.text in {"and", "And", "AND", "IEEEauthorblockN"}:
                    fresh.append(len(lines) - 1)
            else:
                lines[-1].append(token)
        for number, line in enumerate(lines):
            runs = self.inline(line)
            text = plain(runs)
            role = front_role(text) or (Role.BYLINE if number in fresh else Role.AFFILIATION)
            if (
                role is Role.BYLINE
                and number not in fresh
                and any(draft.role is Role.BYLINE for draft in self.front)
            ):
                role = Role.AFFILIATION if not re.search(r"[,;]", text) else role
            if text:
                self.front.append(Draft(role, runs))
        for note in self.notes:
            note.role = Role.FOOTNOTE
            self.front.append(note)
        self.notes = []

    def abstract(self, token: Token) -> None:
        self.close()
        label = Run("Abstract", token.origin, "label")
        self.drafts.append(Draft(Role.HEADING, [label], 1, "abstract"))
        self.level = 1

    # -- structure -------------------------------------------------------------------------------

    def section(self, name: str, stream: Stream) -> None:
        self.close()
        self.labelled = ("", "")
        stream.option()
        runs = self.inline(stream.argument())
        if name in _RUN_IN:
            self.drafts.append(Draft(Role.HEADING, runs, _RUN_IN[name] + self.shift, "run-in"))
        else:
            self.level = max(_SECTIONS[name] + self.shift, 1)
            self.drafts.append(Draft(Role.HEADING, runs, self.level, name))
        notes, self.notes = self.notes, []
        self.drafts.extend(notes)

    def item(self, stream: Stream) -> None:
        self.close()
        label = stream.option()
        if label:
            runs = self.inline(label)
            for run in runs:
                self.add(run)
            if runs:
                self.add(Run(" ", runs[-1].origin, "separator"))

    def caption(self, token: Token, stream: Stream) -> None:
        kind = words(stream.argument()) if token.text == "captionof" else ""
        stream.option()
        floats = [name for name in self.floats if name in self.counts]
        kind = kind or (floats[-1] if floats else "figure")
        self.counts[kind] = self.counts.get(kind, 0) + (not token.text.endswith("*"))
        self.labelled = (kind, str(self.counts[kind]))
        runs = self.inline(stream.argument())
        if not plain(runs):
            self.counts[kind] -= 1
            return
        lead = Run(f"{kind.capitalize()} {self.counts[kind]}. ", token.origin, "label")
        table = self.caption_table if kind == "table" else None
        self.drafts.append(Draft(Role.CAPTION, [lead, *runs], style=kind, table=table))

    def begin(self, name: str, token: Token, stream: Stream) -> None:
        if name == "document":
            self.body = True
        elif name in _HIDDEN_ENVIRONMENTS:
            stream.environment(name)
        elif not self.body:
            return
        elif name in _TABLES:
            self.close()
            self.table(name, stream)
        elif name == "abstract":
            self.abstract(token)
        elif name == "thebibliography":
            self.close()
            stream.argument()
            label = Run("References", token.origin, "label")
            self.drafts.append(Draft(Role.HEADING, [label], 1, name))
            self.roles.append((name, Role.REFERENCE))
        elif name in self.quote_names or _QUOTES.search(name):
            self.close()
            while stream.option() is not None:
                pass
            self.roles.append((name, Role.BLOCK_QUOTE))
        elif name in _LISTS:
            self.close()
            stream.option()
            inside = self.roles[-1][1] if self.roles else None
            role = inside if inside is Role.BLOCK_QUOTE else Role.LIST_ITEM
            self.roles.append((name, role))
        else:
            self.other(name, stream)

    def other(self, name: str, stream: Stream) -> None:
        """An environment that only arranges: floats, centring, boxes, keywords."""
        bare = name.rstrip("*")
        self.close()
        stream.option()
        if bare in {"minipage", "adjustbox", "wrapfigure", "wraptable", "subfigure", "subtable"}:
            stream.argument()
            if bare.startswith("wrap"):
                stream.argument()
        kind = re.sub(r"^(?:wrap|sideways|sub|float)", "", bare)
        self.floats.append(kind if kind in self.counts else name)
        if kind == "table":
            self.caption_table = self.tables
        if "keyword" in name.lower():
            self.roles.append((name, Role.METADATA))

    def end(self, name: str) -> None:
        if name == "document":
            self.close()
            self.ended = self.depth == 0
            return
        if not self.body:
            return
        self.close()
        if self.roles and self.roles[-1][0] == name:
            self.roles.pop()
        elif self.floats:
            self.floats.pop()

    def table(self, name: str, stream: Stream) -> None:
        number = self.tables
        if not self.floats or self.caption_table is None or "table" not in self.floats:
            self.caption_table = number
        stream.option()
        if name in {"tabularx", "tabular*", "tabulary", "xltabular"}:
            stream.argument()
        stream.option()
        stream.argument()
        rows = list(_rows(stream.environment(name)))
        ruled = next((i for i, (_, rule) in enumerate(rows) if rule and i), None)
        for index, (cells, _) in enumerate(rows):
            found = list(self.cells(cells))
            header = ruled is not None and index < ruled and ruled <= 2 and len(rows) > 2
            self.drafts.append(Draft(Role.TABLE_ROW, cells=found, table=number, header=header))
        notes, self.notes = self.notes, []
        self.drafts.extend(notes)
        self.tables = number + 1

    def caption_row(self, cell: Sequence[Token]) -> None:
        """A long table's caption stands among its rows."""
        inner = Stream(cell)
        while (token := inner.next()) is not None:
            if token.kind == "command" and token.text == "caption":
                self.floats.append("table")
                self.caption(token, inner)
                self.floats.pop()

    def cells(self, cells: Sequence[list[Token]]) -> Iterator[list[Run]]:
        """The cells of a row; one that spans columns is followed by empty ones."""
        for cell in cells:
            width = 1
            for index, token in enumerate(cell):
                if token.kind == "command" and token.text == "multicolumn":
                    count = words(Stream(cell[index + 1 :]).argument())
                    width = min(int(count), 50) if count.isdecimal() and len(count) < 4 else 1
            if any(token.kind == "command" and token.text == "caption" for token in cell):
                self.caption_row(cell)
                continue
            yield trimmed(self.inline(cell))
            for _ in range(width - 1):
                yield []


def _inline(paragraph: _Paragraph) -> Inline:
    """The paragraph in the form that looks for labels in it."""
    lead = paragraph.lead
    rest = plain(paragraph.runs[lead:])
    return Inline(
        runs=paragraph.runs,
        lead=lead,
        emphasis=paragraph.emphasis,
        whole=bool(lead) and not rest,
        marked=sorted(paragraph.marked),
    )


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[list[list[Token]], bool]]:
    """Rows of cells of a table, each with whether a rule stands above it."""
    cells: list[list[Token]] = [[]]
    depth = 0
    ruled = False
    stream = Stream(tokens)
    while (token := stream.next()) is not None:
        if token.kind == "command" and token.text in _RULES and depth == 0:
            if token.text.startswith("end"):
                cells = [[]]
            ruled = True
            continue
        if token.kind == "command" and token.text in {"cline", "cmidrule"} and depth == 0:
            stream.option()
            stream.argument()
            continue
        depth += (token.kind == "{") - (token.kind == "}")
        if token.kind == "command" and token.text in {"\\", "tabularnewline"} and depth <= 0:
            stream.option()
            if any(words(cell) for cell in cells):
                yield cells, ruled
                ruled = False
            cells = [[]]
        elif token.kind == "&" and depth <= 0:
            cells.append([])
        elif token.kind != "par":
            cells[-1].append(token)
    if any(words(cell) for cell in cells):
        yield cells, ruled


def _macro_name(tokens: Sequence[Token]) -> str:
    return next((token.text for token in tokens if token.kind == "command"), "")


def _file_name(stream: Stream) -> str:
    """The name after ``\\input``, in braces or not."""
    stream.skip_space()
    token = stream.peek()
    if token is not None and token.kind == "{":
        return "".join(one.text for one in stream.argument()).strip()
    name = ""
    while (token := stream.peek()) is not None and token.kind == "text":
        name += token.text
        stream.next()
        if token.text.endswith("\n"):
            break
    return name.strip()
