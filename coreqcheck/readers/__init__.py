"""Readers: from a file to a ``Document``. Each format is one module with one ``read`` function."""

from __future__ import annotations

import gc
import importlib
import os
from dataclasses import dataclass
from pathlib import Path

from coreqcheck.errors import ReadError
from coreqcheck.model import Document

SUFFIXES = {
    ".docx": "docx",
    ".docm": "docx",
    ".pdf": "pdf",
    ".md": "markdown",
    ".markdown": "markdown",
    ".qmd": "markdown",
    ".rmd": "markdown",
    ".tex": "latex",
    ".ltx": "latex",
    ".xml": "jats",
    ".nxml": "jats",
    ".jats": "jats",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".odt": "odt",
    ".txt": "text",
    ".text": "text",
}
"""Known endings, and the reader of each."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what a reader accepts; documented for users in ``docs/readers.md``."""

    file_bytes: int = 100_000_000
    unpacked_bytes: int = 400_000_000
    pages: int = 2_000
    characters: int = 20_000_000
    blocks: int = 500_000


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read. ``revisions`` is ``accepted`` or ``original`` (tracked changes of a DOCX)."""

    limits: Limits = Limits()
    revisions: str = "accepted"
    ocr: bool = False


def read(path: Path, shown: str, options: ReadOptions | None = None) -> Document:
    """Read one manuscript.

    Args:
        path: the file.
        shown: the path as reports print it.
        options: limits and choices.

    Raises:
        ReadError: the file is missing, empty, too large, of no known kind, damaged, encrypted
            or without text. The message names the remedy, not the file.
    """
    options = options or ReadOptions()
    return read_bytes(path, shown, _load(path, options.limits), options)


def read_bytes(path: Path, shown: str, data: bytes, options: ReadOptions) -> Document:
    """Read a manuscript of which the bytes are known, such as what an editor has not saved yet.

    Args:
        path: where the file is, for its ending and for the files that it takes in.
        shown: the path as reports print it.
        data: the content.
        options: limits and choices.

    Raises:
        ReadError: as ``read`` does, but for what only a file on the disk can be.
    """
    format = sniff(path, data)
    module = importlib.import_module(f"coreqcheck.readers.{format}")
    # A reader makes many small objects, none of them in cycles: looking for cycles is a sixth of
    # its time.
    running = gc.isenabled()
    gc.disable()
    try:
        document: Document = module.read(path, shown, data, options)
    finally:
        if running:
            gc.enable()
    return document


def _load(path: Path, limits: Limits) -> bytes:
    """The bytes of ``path``, or a ``ReadError`` that says why there are none."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise ReadError("missing", "there is no such file; check the name and folder") from None
    except OSError as error:
        raise ReadError("unreadable", f"cannot be opened ({error.strerror})") from None
    if path.is_dir():
        raise ReadError(
            "directory",
            "holds no manuscript; name a file, or a folder with .docx, .pdf, .md ... in it",
        )
    if not path.is_file():
        raise ReadError("not-a-file", "is not an ordinary file")
    if size == 0:
        raise ReadError("empty", "the file is empty; save the manuscript again")
    if size > limits.file_bytes:
        megabytes = limits.file_bytes // 1_000_000
        raise ReadError(
            "too-large",
            f"has {size / 1e6:.0f} MB, the limit is {megabytes} MB; reduce its images first",
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadError("unreadable", f"cannot be read ({error.strerror})") from None


def sniff(path: Path, data: bytes) -> str:
    """The name of the reader for these bytes; the content counts before the ending.

    Raises:
        ReadError: binary Word, Git LFS pointers, other known kinds without a reader, unknown ones.
    """
    head = data[:1024]
    suffix = os.path.splitext(path.name)[1].lower()
    if head.startswith(b"version https://git-lfs.github.com/spec/"):
        raise ReadError("git-lfs", "is a Git LFS pointer, not the file; run: git lfs pull")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole(data, suffix)
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _zip(data, suffix)
    if head.lstrip().startswith(b"{\\rtf"):
        raise ReadError("rtf", "is Rich Text; open it in Word and save it as .docx")
    if suffix == ".pdf":
        raise ReadError("not-pdf", "is named .pdf but holds no PDF; export it again")
    if suffix in {".docx", ".docm", ".odt"}:
        raise ReadError("not-zip", f"is named {suffix} but is no such document; save it again")
    if suffix in SUFFIXES:
        return _markup(SUFFIXES[suffix], head)
    if suffix == ".doc":
        raise ReadError("doc", "is named .doc but holds no document; save it again as .docx")
    raise ReadError(
        "unknown-kind",
        f"has the ending {suffix or '(none)'}, which is not read; use .docx, .pdf, .md, .tex, "
        ".xml (JATS), .html, .odt or .txt",
    )


def _ole(data: bytes, suffix: str) -> str:
    if b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k" in data:
        raise ReadError("encrypted", "is protected by a password; save a copy without it")
    raise ReadError("doc", "is binary Word (.doc); open it in Word and save it as .docx")


def _zip(data: bytes, suffix: str) -> str:
    # The names stand in the local headers; the whole archive is looked at by the reader only.
    if b"word/" in data or suffix in {".docx", ".docm"}:
        return "docx"
    if b"opendocument.text" in data[:200] or suffix == ".odt":
        return "odt"
    if b"xl/" in data:
        raise ReadError("spreadsheet", "is a spreadsheet, not a manuscript")
    if b"ppt/" in data:
        raise ReadError("slides", "is a presentation, not a manuscript")
    raise ReadError("archive", "is an archive; unpack it and check the manuscript inside")


def _markup(format: str, head: bytes) -> str:
    """An .xml file may hold HTML and the other way round: look at the root."""
    if format in {"jats", "html"}:
        lowered = head.lower()
        if b"<article" in lowered and b"<html" not in lowered:
            return "jats"
        if b"<html" in lowered or b"<!doctype html" in lowered:
            return "html"
    return format
