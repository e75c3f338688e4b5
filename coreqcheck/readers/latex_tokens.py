"""From LaTeX source to tokens that know their line and column, and the stream that they form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coreqcheck.model import Comment, Origin
from coreqcheck.readers.decode import Line

_PIECE = re.compile(
    r"(?P<command>\\(?:[a-zA-Z@]+\*?|.|$))|(?P<comment>%.*)|(?P<mark>[{}\[\]&$#])"
    r"|(?P<spelt>~|``|''|---?|,,(?=\w))|(?P<text>[^\\%{}\[\]&$#~`'\-,]+|[`'\-,])"
)
_SPELT = {"~": " ", "``": "“", "''": "”", "--": "–", "---": "—", ",,": "„"}
_RAW = re.compile(r"\\begin\{(verbatim\*?|lstlisting|minted|comment|filecontents\*?|Verbatim)\}")
_SILENT = ("comment", "filecontents")
MAX_EXPANSIONS = 200_000


class Token(NamedTuple):
    """One piece of source.

    ``kind`` is ``text``, ``command`` (``text`` is its name), ``par``, ``code``, or the mark itself
    (``{ } [ ] & $ #``). ``repair`` names why ``text`` differs from the source at ``origin``.
    """

    kind: str
    text: str
    line: Line
    column: int
    repair: str | None = None

    @property
    def origin(self) -> Origin:
        """Its place."""
        return self.line.at(self.column)


def tokenize(lines: Sequence[Line]) -> list[Token]:
    """All tokens of a file, comments left out."""
    tokens: list[Token] = []
    raw: str | None = None
    for line in lines:
        text = line.text
        if raw is not None:
            end = text.find(f"\\end{{{raw}}}")
            if end < 0:
                if not raw.startswith(_SILENT) and text.strip():
                    tokens.append(Token("code", text, line, 0))
                continue
            raw, start = None, end + len(text[end:].split("}", 1)[0]) + 1
            tokens.extend(_line(line, start))
            continue
        if not text.strip():
            tokens.append(Token("par", "", line, 0))
            continue
        opened = _RAW.search(text)
        if opened and "%" not in text[: opened.start()].replace("\\%", ""):
            tokens.extend(_line(line, 0, opened.start()))
            raw = opened.group(1)
            if f"\\end{{{raw}}}" in text[opened.end() :]:
                raw = None
            continue
        tokens.extend(_line(line, 0))
    return tokens


_REMARK = re.compile(r"(?<!\\)(?:\\\\)*%+\s*(?P<text>.*\S)")


def comments(lines: Sequence[Line]) -> Iterator[Comment]:
    """What stands behind the per cent signs of ``lines``."""
    for line in lines:
        hit = _REMARK.search(line.text)
        if hit:
            yield Comment(hit["text"], line.number, line.part)


def _line(line: Line, start: int, end: int | None = None) -> Iterator[Token]:
    text = line.text
    stop = len(text) if end is None else end
    at = start
    while at < stop and text[at].isspace():
        at += 1
    for hit in _PIECE.finditer(text, at, stop):
        kind, piece = hit.lastgroup, hit.group()
        if kind == "comment":
            return
        if kind == "command":
            yield Token("command", piece[1:], line, hit.start())
        elif kind == "mark":
            yield Token(piece, piece, line, hit.start())
        elif kind == "spelt":
            yield Token("text", _SPELT[piece], line, hit.start(), "spelling")
        else:
            yield Token("text", piece, line, hit.start())
    yield Token("text", "\n", line, stop)


class Stream:
    """Tokens to be read, with others pushed before them (included files, macros)."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._frames: list[tuple[Sequence[Token], int]] = [(tokens, 0)]
        self.pushed = 0

    def push(self, tokens: Sequence[Token]) -> bool:
        """Read ``tokens`` next; false when so much was pushed that it cannot be honest."""
        self.pushed += 1
        if self.pushed > MAX_EXPANSIONS or len(self._frames) > 200:
            return False
        if tokens:
            self._frames.append((tokens, 0))
        return True

    def peek(self) -> Token | None:
        """The next token, left where it is."""
        while self._frames:
            tokens, at = self._frames[-1]
            if at < len(tokens):
                return tokens[at]
            self._frames.pop()
        return None

    def next(self) -> Token | None:
        """The next token."""
        token = self.peek()
        if token is not None:
            tokens, at = self._frames[-1]
            self._frames[-1] = (tokens, at + 1)
        return token

    def skip_space(self) -> None:
        """Pass over white space and line ends (not over an empty line)."""
        while (token := self.peek()) is not None and token.kind == "text" and token.text.isspace():
            self.next()

    def argument(self) -> list[Token]:
        """What stands in the next braces, or the next token."""
        self.skip_space()
        token = self.peek()
        if token is None or token.kind in {"par", "}"}:
            return []
        self.next()
        if token.kind != "{":
            if token.kind == "text" and len(token.text) > 1:
                rest = token._replace(text=token.text[1:], column=token.column + 1)
                self.push([rest])
                return [token._replace(text=token.text[0])]
            return [token]
        return self._until("{", "}")

    def option(self) -> list[Token] | None:
        """What stands in the next square brackets; ``None`` when there are none."""
        mark = self.peek()
        spaces = []
        while mark is not None and mark.kind == "text" and mark.text.isspace():
            spaces.append(mark)
            self.next()
            mark = self.peek()
        if mark is None or mark.kind != "[":
            if spaces:
                self.push(spaces)
            return None
        self.next()
        return self._until("[", "]")

    def _until(self, left: str, right: str) -> list[Token]:
        depth, braces = 1, 0
        found: list[Token] = []
        while (token := self.next()) is not None:
            if left != "{" and token.kind in {"{", "}"}:
                braces += 1 if token.kind == "{" else -1
                if braces < 0:
                    self.push([token])
                    return found
            elif token.kind == left and braces == 0:
                depth += 1
            elif token.kind == right and braces == 0:
                depth -= 1
                if depth == 0:
                    return found
            found.append(token)
        return found

    def environment(self, name: str) -> list[Token]:
        """Everything up to ``\\end{name}``, which is passed over."""
        depth = 1
        found: list[Token] = []
        while (token := self.next()) is not None:
            if token.kind == "command" and token.text in {"begin", "end"}:
                inside = self.argument()
                if words(inside) == name:
                    depth += 1 if token.text == "begin" else -1
                    if depth == 0:
                        return found
                brace = token._replace(kind="{", text="{")
                found.extend([token, brace, *inside, brace._replace(kind="}", text="}")])
                continue
            found.append(token)
        return found


def words(tokens: Sequence[Token]) -> str:
    """The letters of an argument that is a name or a number."""
    return "".join(token.text for token in tokens if token.kind != "command").strip()
