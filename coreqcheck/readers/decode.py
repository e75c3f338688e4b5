"""Text files: from bytes to text, and from text to lines that know where they stand."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from coreqcheck.errors import ReadError
from coreqcheck.model import Origin
from coreqcheck.readers import Limits
from coreqcheck.readers.builder import DocumentBuilder

_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its break.

    ``number`` counts from 1, ``offset`` is its place in the decoded file, ``part`` names the file
    when it is not the main one; ``page`` and ``printed`` are known where the text marks its pages.
    """

    text: str
    number: int
    offset: int
    part: str | None = None
    page: int | None = None
    printed: str | None = None

    def at(self, column: int) -> Origin:
        """The place of the character at ``column``, counted from 0."""
        return Origin(
            page=self.page,
            printed_page=self.printed,
            line=self.number,
            column=column + 1,
            offset=self.offset + column,
            part=self.part,
        )


def decode(data: bytes, builder: DocumentBuilder, limits: Limits, name: str = "the file") -> str:
    """The text of ``data``, its byte order mark left out; says when the encoding was guessed.

    Raises:
        ReadError: the bytes are no text, or more than a manuscript can hold.
    """
    text = _decoded(data, builder, name)
    if len(text) > limits.characters:
        raise ReadError("too-large", "holds more text than a manuscript can; not read")
    return text


def _decoded(data: bytes, builder: DocumentBuilder, name: str) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, errors="replace"))
    guess = _utf16(data)
    if guess:
        builder.diagnose("text.encoding", f"{name} has no byte order mark and was read as UTF-16")
        return _checked(data.decode(guess, errors="replace"))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    text = _checked(data.decode("cp1252", errors="replace"))
    builder.diagnose(
        "text.encoding",
        f"{name} is not UTF-8 and was read as Windows text (cp1252); save it as UTF-8",
        level="warning",
    )
    return text


def lines_of(text: str, part: str | None = None) -> list[Line]:
    """The lines of ``text``; only line feeds and carriage returns break lines."""
    lines = []
    at = 0
    for number, hit in enumerate(_BREAK.finditer(text), start=1):
        lines.append(Line(text[at : hit.start()], number, at, part))
        at = hit.end()
    if at < len(text):
        lines.append(Line(text[at:], len(lines) + 1, at, part))
    return lines


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark shows as a zero in nearly every other byte."""
    head = data[:4000]
    if len(head) < 20:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _checked(text: str) -> str:
    """Refuse what holds control characters in such numbers that it cannot be prose."""
    sample = text[:200_000]
    strange = len(re.findall(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]", sample))
    if strange > 5 and strange > len(sample) * 0.02:
        raise ReadError("binary", "holds binary data, not text; export it as .docx, .pdf or .txt")
    if not text.strip(" \t\r\n\x0b\x0c\x00\ufeff"):
        raise ReadError("no-text", "holds no text")
    return text
