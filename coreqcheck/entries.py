"""Reading one table of a TOML file: typed values, and errors that name file, line and remedy.

This stands below both the configuration and the rule language, which do not know each other.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import tomli

from coreqcheck.errors import CoreqcheckError, RuleError

E = TypeVar("E", bound=StrEnum)
_REQUIRED: Any = object()


class Entry:
    """A table of a TOML file. Every getter raises ``wrong`` on a wrong or missing value.

    ``path`` is the file as errors name it, ``line`` where the table starts, ``prefix`` the dotted
    name of the table with a full stop behind it ("" for the file itself).
    """

    __slots__ = ("data", "line", "lines", "path", "prefix", "wrong")

    def __init__(
        self,
        path: Path,
        data: dict[str, Any],
        lines: list[str],
        line: int,
        wrong: type[CoreqcheckError] = RuleError,
        prefix: str = "",
    ) -> None:
        self.path = path
        self.data = data
        self.lines = lines
        self.line = line
        self.wrong = wrong
        self.prefix = prefix

    @classmethod
    def from_file(
        cls,
        path: Path,
        digest: Any = None,
        wrong: type[CoreqcheckError] = RuleError,
        shown: Path | None = None,
    ) -> Entry:
        """Read a file; ``digest`` (a hashlib object) is fed with its name and bytes."""
        shown = shown or path
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise wrong(f"{shown}: cannot be read ({error.strerror})") from None
        if digest is not None:
            digest.update(path.name.encode() + b"\0" + raw)
        try:
            text = raw.decode("utf-8-sig")
            return cls(shown, tomli.loads(text), text.split("\n"), 1, wrong)
        except UnicodeDecodeError:
            raise wrong(f"{shown}: is not UTF-8; save it as UTF-8") from None
        except tomli.TOMLDecodeError as error:
            raise wrong(f"{shown}: is not TOML: {error}") from None

    def error(self, key: str, message: str) -> CoreqcheckError:
        """An error at the line where ``key`` (or the text that it is) stands."""
        return self.wrong(f"{self.path}:{self.line_of(key)}: {message}")

    def line_of(self, key: str) -> int:
        """The line, from 1, where ``key`` (or the text that it is) stands."""
        said = re.compile(rf"\s*\[*[\"']?{re.escape(key)}[\"']?\]*\s*(=|#|$)")
        head = re.compile(rf"\s*\[+{re.escape(self.prefix + key)}\]+\s*(#|$)")
        needle = key.replace("\\", "\\\\")
        lines = list(enumerate(self.lines[self.line - 1 :], start=self.line))
        held = (n for n, line in lines if needle in line and not line.lstrip().startswith("#"))
        tries = (
            (n for n, line in self._own(lines) if said.match(line)),
            (n for n, line in lines if head.match(line)),
            (n for n, line in lines if said.match(line)),
            held,
        )
        return next((n for one in tries for n in one), self.line)

    def _own(self, lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        """The lines of this table itself, up to the head of the next one."""
        for number, line in lines:
            if line.lstrip().startswith("[") and (number > self.line or not self.prefix):
                return
            yield number, line

    def allow(self, *known: str) -> None:
        """Refuse unknown keys, with the nearest known one."""
        for key in self.data:
            if key not in known:
                words = [str(one) for one in known]
                near = difflib.get_close_matches(key, words, 1)
                hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(words)}"
                raise self.error(key, f"unknown key {key!r}{hint}")

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.data

    def keys(self) -> list[str]:
        """The keys in file order."""
        return list(self.data)

    def _get(self, key: str, kind: type | tuple[type, ...], what: str, default: Any) -> Any:
        if key not in self.data:
            if default is _REQUIRED:
                message = f"{key!r} is missing; add {key} = ..."
                raise self.wrong(f"{self.path}:{self.line}: {message}")
            return default
        value = self.data[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(key, f"{key!r} must be {what}")
        return value

    def string(self, key: str, default: str = _REQUIRED) -> str:
        """A text."""
        value: str = self._get(key, str, "a text in quotation marks", default)
        return value

    def integer(self, key: str, default: int = _REQUIRED) -> int:
        """A whole number."""
        value: int = self._get(key, int, "a whole number", default)
        return value

    def number(self, key: str, default: float = _REQUIRED) -> float:
        """A number."""
        return float(self._get(key, (int, float), "a number", default))

    def flag(self, key: str, default: bool = _REQUIRED) -> bool:
        """True or false."""
        value: bool = self._get(key, bool, "true or false", default)
        return value

    def scalar(self, key: str) -> str:
        """A text, number or truth value, as text."""
        value = self._get(key, (str, int, float, bool), "a text or number", _REQUIRED)
        return str(value)

    def strings(self, key: str, default: tuple[str, ...] = _REQUIRED) -> tuple[str, ...]:
        """A list of texts."""
        value = self._get(key, (list, tuple), "a list of texts", default)
        for one in value:
            if not isinstance(one, str):
                raise self.error(key, f"{key!r} must hold texts only, not {one!r}")
        return tuple(value)

    def choice(self, key: str, kind: type[E], default: E = _REQUIRED) -> E:
        """One of the words of ``kind``."""
        if key not in self.data and default is not _REQUIRED:
            return default
        return self.choice_of(key, kind, self.string(key))

    def choice_of(self, key: str, kind: type[E], value: str) -> E:
        """``value`` as one of ``kind``."""
        try:
            return kind(value)
        except ValueError:
            known = [str(k) for k in kind]
            near = difflib.get_close_matches(value, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            raise self.error(value, f"{key}: {value!r} is not known; {hint}") from None

    def table(self, key: str) -> Entry:
        """A table below this one."""
        value = self._get(key, dict, "a table", _REQUIRED)
        name = f"{self.prefix}{key}"
        head = f"[{name}]"
        line = self.line_of(head if any(head in one for one in self.lines) else key)
        return self._below(value, line, f"{name}.")

    def _below(self, value: dict[str, Any], line: int, prefix: str) -> Entry:
        return Entry(self.path, value, self.lines, line, self.wrong, prefix)

    def children(self, key: str) -> Iterator[tuple[str, Entry]]:
        """The tables below ``[key.…]``, with their names."""
        for name, value in self._get(key, dict, "tables", {}).items():
            if not isinstance(value, dict):
                raise self.error(name, f"{key}.{name} must be a table: [{key}.{name}]")
            dotted = f"{self.prefix}{key}.{name}"
            yield name, self._below(value, self.line_of(f"[{dotted}]"), f"{dotted}.")

    def rows(self, key: str) -> Iterator[Entry]:
        """The tables of ``[[key]]``, each with the line where it starts."""
        rows = self._get(key, list, f"a list of tables: [[{key}]]", [])
        head = f"[[{self.prefix}{key}]]"
        lines = enumerate(self.lines, 1)
        starts = [n for n, line in lines if line.split("#", 1)[0].strip() == head]
        for number, value in enumerate(rows):
            if not isinstance(value, dict):
                raise self.error(key, f"{key!r} must be tables: [[{key}]]")
            line = starts[number] if number < len(starts) else self.line
            yield self._below(value, line, f"{self.prefix}{key}.")
