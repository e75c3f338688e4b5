"""YAML front matter of Quarto, R Markdown and Pandoc: the part of YAML that authors use.

Not a YAML reader: anchors, tags and documents are not known. Each scalar keeps its lines and
columns, so that a title or an abstract has its place like any other text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coreqcheck.readers.decode import Line
from coreqcheck.readers.markdown_inline import Stretch

Path = tuple[str | int, ...]

_KEY = re.compile(r"(?P<key>[A-Za-z_][\w .-]*?|\"[^\"]+\"|'[^']+')\s*:(?=\s|$)")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value and where it stands: ``path`` is its keys, ``stretches`` its lines.

    ``breaks`` tells that empty lines in it separate paragraphs (block scalars).
    """

    path: Path
    stretches: tuple[Stretch, ...]
    breaks: bool = False

    @property
    def text(self) -> str:
        """The value on one line."""
        return " ".join(" ".join(stretch.text for stretch in self.stretches).split())


def extent(lines: Sequence[Line]) -> int:
    """How many lines at the top are front matter, fences included; 0 when there is none."""
    if not lines or lines[0].text.rstrip() != "---":
        return 0
    for index in range(1, min(len(lines), 2000)):
        if lines[index].text.rstrip() in {"---", "..."}:
            body = [line.text for line in lines[1:index] if line.text.strip()]
            return index + 1 if any(_KEY.match(text) for text in body) or not body else 0
    return 0


def scalars(lines: Sequence[Line]) -> list[Scalar]:
    """All scalars between the fences, in order."""
    return _Parser(lines).parse()


class _Parser:
    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = list(lines)
        self.at = 0
        self.found: list[Scalar] = []

    def parse(self) -> list[Scalar]:
        self._node(-1, (), 0)
        return self.found

    def _skip(self) -> None:
        while self.at < len(self.lines):
            text = self.lines[self.at].text.strip()
            if text and not text.startswith("#"):
                return
            self.at += 1

    def _node(self, parent: int, path: Path, depth: int) -> None:
        """Everything indented deeper than ``parent``."""
        counter = 0
        while True:
            self._skip()
            if self.at >= len(self.lines) or depth > 12:
                return
            line = self.lines[self.at]
            indent = len(line.text) - len(line.text.lstrip())
            if indent <= parent:
                return
            if line.text[indent:].startswith("- ") or line.text.strip() == "-":
                self._item(line, indent, (*path, counter), depth)
                counter += 1
            else:
                self._entry(line, indent, path, depth)

    def _item(self, line: Line, indent: int, path: Path, depth: int) -> None:
        start = indent + 1
        while start < len(line.text) and line.text[start] == " ":
            start += 1
        if start >= len(line.text):
            self.at += 1
            self._node(indent, path, depth + 1)
        elif _KEY.match(line.text, start):
            self._entry(line, start, path, depth)
            self._node(indent, path, depth + 1)
        else:
            self.at += 1
            self._value(line, start, indent, path)

    def _entry(self, line: Line, indent: int, path: Path, depth: int) -> None:
        hit = _KEY.match(line.text, indent)
        self.at += 1
        if hit is None:
            return
        inside = (*path, hit.group("key").strip("\"'").strip().lower())
        start = hit.end()
        while start < len(line.text) and line.text[start] in " \t":
            start += 1
        if start >= len(line.text) or line.text[start] == "#":
            self._skip()
            # "authors:" may be followed by items at its own depth.
            if self.at < len(self.lines):
                below = self.lines[self.at].text
                if len(below) - len(below.lstrip()) == indent and below.lstrip().startswith("- "):
                    self._items_at(indent, inside, depth)
                    return
            self._node(indent, inside, depth + 1)
        else:
            self._value(line, start, indent, inside)

    def _items_at(self, indent: int, path: Path, depth: int) -> None:
        counter = 0
        while self.at < len(self.lines):
            line = self.lines[self.at]
            bare = line.text.lstrip()
            if len(line.text) - len(bare) != indent or not bare.startswith("-"):
                return
            self._item(line, indent, (*path, counter), depth)
            counter += 1
            self._skip()

    def _value(self, line: Line, start: int, indent: int, path: Path) -> None:
        """A scalar that begins at ``start``; more lines of it are indented deeper."""
        text = line.text
        if _BLOCK.match(text, start):
            self._block(indent, path)
            return
        if text[start] in "[{":
            self._flow(line, start, path)
            return
        end = len(text.rstrip())
        quote = text[start] if text[start] in "\"'" else ""
        stretches = [Stretch(line, start, end)]
        closed = not quote or _closes(text[start + 1 : end], quote)
        while self.at < len(self.lines):
            more = self.lines[self.at]
            bare = more.text.strip()
            deeper = len(more.text) - len(more.text.lstrip()) > indent
            if (closed and quote) or not bare or not deeper:
                break
            if not quote and (_KEY.match(bare) or bare.startswith("- ")):
                break
            at = len(more.text) - len(more.text.lstrip())
            stretches.append(Stretch(more, at, len(more.text.rstrip())))
            closed = closed or (bool(quote) and _closes(bare, quote))
            self.at += 1
        self.found.append(Scalar(path, tuple(_unquoted(stretches, quote))))

    def _block(self, indent: int, path: Path) -> None:
        stretches = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            at = len(line.text) - len(line.text.lstrip())
            if line.text.strip() and at <= indent:
                break
            stretches.append(Stretch(line, min(at, len(line.text)), len(line.text.rstrip())))
            self.at += 1
        while stretches and stretches[-1].end <= stretches[-1].start:
            stretches.pop()
        if stretches:
            self.found.append(Scalar(path, tuple(stretches), breaks=True))

    def _flow(self, line: Line, start: int, path: Path) -> None:
        """``[a, "b c"]`` and ``{name: x}`` on one line or several."""
        lines = [(line, start)]
        depth = _depth(line.text[start:])
        while depth > 0 and self.at < len(self.lines) and len(lines) < 200:
            more = self.lines[self.at]
            lines.append((more, 0))
            depth += _depth(more.text)
            self.at += 1
        counter = 0
        for one, begin in lines:
            for hit in re.finditer(
                r"\"[^\"]*\"|'[^']*'|[^\[\]{},:\"']+(?::(?!\s)[^\[\]{},]*)?", one.text[begin:]
            ):
                value = hit.group()
                lead = len(value) - len(value.lstrip())
                a, b = (
                    begin + hit.start() + lead,
                    begin + hit.end() - (len(value) - len(value.rstrip())),
                )
                if b <= a or one.text[b : b + 1] == ":":
                    continue
                quote = one.text[a] if one.text[a] in "\"'" else ""
                piece = _unquoted([Stretch(one, a, b)], quote)
                self.found.append(Scalar((*path, counter), tuple(piece)))
                counter += 1


def _depth(text: str) -> int:
    return sum(text.count(c) for c in "[{") - sum(text.count(c) for c in "]}")


def _closes(text: str, quote: str) -> bool:
    bare = text.rstrip()
    return bare.endswith(quote) and not bare.endswith("\\" + quote)


def _unquoted(stretches: list[Stretch], quote: str) -> list[Stretch]:
    """Without the quotation marks around, or the comment behind."""
    first, last = stretches[0], stretches[-1]
    if not quote:
        hit = re.search(r"\s#.*$", last.text)
        if hit:
            stretches[-1] = Stretch(last.line, last.start, last.start + hit.start())
        return stretches
    stretches[0] = Stretch(first.line, first.start + 1, first.end)
    last = stretches[-1]
    close = last.text.rfind(quote)
    if close >= 0:
        stretches[-1] = Stretch(last.line, last.start, last.start + close)
    return stretches
