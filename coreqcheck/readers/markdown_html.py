"""HTML inside Markdown: tables, paragraphs and quotations written with tags."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser

from coreqcheck.model import Role
from coreqcheck.readers.builder import Run
from coreqcheck.readers.decode import Line
from coreqcheck.readers.drafts import Draft, plain
from coreqcheck.readers.markdown_inline import Stretch, scan

_CUTS = frozenset(
    {"p", "div", "section", "li", "ul", "ol", "tr", "td", "th", "table", "caption", "figcaption"}
    | {"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "details", "summary", "figure", "hr"}
    | {"center", "dl", "dt", "dd"}
)
_HIDDEN = frozenset({"script", "style", "iframe", "svg", "template"})


def html_drafts(
    lines: Sequence[Line], next_table: Callable[[], int], quoted: bool = False
) -> list[Draft]:
    """Drafts of a block of HTML; ``next_table`` gives a table its number."""
    parser = _Parser(lines, next_table, quoted)
    parser.feed("\n".join(line.text for line in lines))
    parser.close()
    parser.flush()
    return parser.drafts


class _Parser(HTMLParser):
    def __init__(self, lines: Sequence[Line], next_table: Callable[[], int], quoted: bool) -> None:
        super().__init__(convert_charrefs=False)
        self.lines = lines
        self.next_table = next_table
        self.drafts: list[Draft] = []
        self.runs: list[Run] = []
        self.cells: list[list[Run]] | None = None
        self.table: int | None = None
        self.header = False
        self.heads = 0
        self.hidden = 0
        self.quotes = int(quoted)
        self.role = Role.PARAGRAPH
        self.level = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self.hidden += 1
        if tag == "br":
            self._space()
        if tag not in _CUTS:
            return
        if tag in {"td", "th"} and self.cells is not None:
            self.runs = []
            self.heads += tag == "th"
            return
        if self.cells is not None and tag in {"p", "div", "ul", "ol", "li"}:
            self._space()
            return
        self.flush()
        if tag == "table":
            self.table = self.next_table()
        elif tag == "tr":
            self.cells, self.heads = [], 0
        elif tag == "blockquote":
            self.quotes += 1
        elif tag == "li":
            self.role = Role.LIST_ITEM
        elif tag in {"caption", "figcaption"}:
            self.role = Role.CAPTION
        elif re.fullmatch(r"h[1-6]", tag):
            self.role, self.level = Role.HEADING, int(tag[1])

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN and self.hidden:
            self.hidden -= 1
        if tag not in _CUTS:
            return
        if tag in {"td", "th"} and self.cells is not None:
            self.cells.append(self.runs)
            self.runs = []
            return
        if self.cells is not None and tag != "tr" and tag != "table":
            return
        if tag in {"tr", "table"} and self.cells is not None:
            self._row()
        self.flush()
        if tag == "table":
            self.table = None
        elif tag == "blockquote" and self.quotes:
            self.quotes -= 1

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        row, column = self.getpos()
        stretches = []
        for number, text in enumerate(data.split("\n")):
            start = column if number == 0 else 0
            stretches.append(Stretch(self.lines[row - 1 + number], start, start + len(text)))
        self.runs.extend(scan(stretches).runs)

    def handle_entityref(self, name: str) -> None:
        self._entity(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._entity(f"&#{name};")

    def _entity(self, source: str) -> None:
        import html

        row, column = self.getpos()
        origin = self.lines[row - 1].at(column)
        self.runs.append(Run(html.unescape(source), origin, "entity"))

    def _space(self) -> None:
        if self.runs:
            row, column = self.getpos()
            self.runs.append(Run(" ", self.lines[row - 1].at(column), "separator"))

    def _row(self) -> None:
        cells = self.cells or []
        if any(plain(cell) for cell in cells):
            header = bool(cells) and self.heads == len(cells)
            number = self.table if self.table is not None else self.next_table()
            self.drafts.append(Draft(Role.TABLE_ROW, cells=cells, table=number, header=header))
        self.cells = None
        self.runs = []

    def flush(self) -> None:
        """End the block that is being collected."""
        if plain(self.runs):
            role = self.role
            if self.quotes and role in {Role.PARAGRAPH, Role.LIST_ITEM}:
                role = Role.BLOCK_QUOTE
            table = self.table if role is Role.CAPTION else None
            self.drafts.append(Draft(role, self.runs, self.level, "html", table))
        self.runs, self.role, self.level = [], Role.PARAGRAPH, 0
