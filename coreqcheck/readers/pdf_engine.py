"""The only module that knows PyMuPDF: from bytes to pages, and back to exact boxes.

The engine's structured text is taken as its own JSON with one entry for each change of font or
size, which costs a third of the Python dictionaries that PyMuPDF would build.
"""

from __future__ import annotations

import importlib
import json
import re
from typing import Any, NamedTuple

import msgspec

from coreqcheck.errors import ReadError
from coreqcheck.model import Box
from coreqcheck.readers import Limits
from coreqcheck.readers.pdf_pages import Page, Stroke
from coreqcheck.readers.pdf_pieces import Extract, Extracts, Styles, page_of, style_of


class Source(NamedTuple):
    """What the file says about itself. ``outline`` holds (level, title, page)."""

    pages: list[Page]
    title: str
    author: str
    outline: list[tuple[int, str, int]]
    images: int


def load(data: bytes, limits: Limits, ocr: bool = False) -> Source:
    """All pages of a PDF.

    Args:
        data: the file.
        limits: most pages and characters that are accepted.
        ocr: let Tesseract read the pictures of the pages.

    Raises:
        ReadError: encrypted, damaged, without pages, beyond the limits, or OCR was asked for
            and Tesseract is not there.
    """
    pymupdf = _engine()
    try:
        document = pymupdf.open(stream=data, filetype="pdf")
    except Exception as error:
        raise _damaged() from error
    with document:
        return _load(document, limits, ocr)


def line_boxes(data: bytes, page: int, line: int, start: int, end: int) -> tuple[Box, ...]:
    """The exact boxes of some characters, one for each stretch, for whoever marks evidence.

    Args:
        data: the PDF.
        page: from 1.
        line: ``Origin.run`` of the text, the number of a stretch on the page.
        start, end: offsets from ``Origin.offset``, counted from the start of that stretch on.
    """
    pymupdf = _engine()
    with pymupdf.open(stream=data, filetype="pdf") as document:
        raw = document[page - 1].get_text("rawdict", flags=_flags(pymupdf))
    lines = [entry for block in raw["blocks"] if block["type"] == 0 for entry in block["lines"]]
    found: list[Box] = []
    for entry in lines[line:]:
        chars = [char for span in entry["spans"] for char in span["chars"]]
        boxes = [c["bbox"] for c in chars[max(start, 0) : max(end, 0)] if not c["c"].isspace()]
        if boxes:
            x0, y0 = min(b[0] for b in boxes), min(b[1] for b in boxes)
            x1, y1 = max(b[2] for b in boxes), max(b[3] for b in boxes)
            found.append(Box(page, round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2)))
        start -= len(chars)
        end -= len(chars)
        if end <= 0:
            break
    return tuple(found)


def line_text(data: bytes, page: int, line: int) -> str:
    """The text of one line as it stands in the file: what ``Origin.offset`` counts in.

    A run may go one character further: the space that the end of its line stands for.
    """
    pymupdf = _engine()
    with pymupdf.open(stream=data, filetype="pdf") as document:
        styles: Styles = {}
        text = document[page - 1].get_textpage(flags=_flags(pymupdf))
        blocks = _structured(pymupdf, text, styles)
    pieces = page_of(page, 0, 0, blocks, styles).pieces
    return next((piece.text for piece in pieces if piece.number == line), "")


def _engine() -> Any:
    """PyMuPDF, silenced: it prints advice and complaints to standard output."""
    engine: Any = importlib.import_module("pymupdf")
    engine.TOOLS.mupdf_display_errors(False)
    engine.TOOLS.mupdf_display_warnings(False)
    return engine


def _damaged() -> ReadError:
    return ReadError("damaged", "the PDF is damaged and cannot be opened; export it again")


def _load(document: Any, limits: Limits, ocr: bool) -> Source:
    if document.needs_pass:
        raise ReadError("encrypted", "is protected by a password; save a copy without it")
    try:
        count = document.page_count
    except Exception as error:
        raise _damaged() from error
    if count == 0:
        raise ReadError("damaged", "the PDF has no pages; export it again")
    if count > limits.pages:
        raise ReadError(
            "too-many-pages",
            f"has {count} pages, the limit is {limits.pages}; split it and check the manuscript",
        )
    pymupdf = _engine()
    pages, images, characters = [], 0, 0
    styles: Styles = {}
    for number in range(count):
        try:
            page = document[number]
            text = _recognised(page) if ocr else page.get_textpage(flags=_flags(pymupdf))
            blocks = _structured(pymupdf, text, styles)
            area = page.rect
        except ReadError:
            raise
        except Exception:
            continue
        pages.append(page_of(number + 1, float(area.width), float(area.height), blocks, styles))
        characters += sum(len(piece.text) for piece in pages[-1].pieces)
        if characters > limits.characters:
            raise ReadError(
                "too-long",
                f"has more than {limits.characters} characters; split it and check the manuscript",
            )
    if not pages:
        raise _damaged()
    if not any(page.pieces for page in pages):
        images = _images(document)
    metadata = document.metadata or {}
    return Source(
        pages,
        (metadata.get("title") or "").strip(),
        (metadata.get("author") or "").strip(),
        _outline(document),
        images,
    )


def _images(document: Any) -> int:
    """How many of the first pages hold a picture."""
    count = 0
    for number in range(min(document.page_count, 5)):
        try:
            count += bool(document[number].get_images())
        except Exception:
            continue
    return count


def _flags(pymupdf: Any) -> int:
    # Without PRESERVE_LIGATURES the engine spells ligatures out.
    return int(
        pymupdf.TEXT_PRESERVE_WHITESPACE
        | pymupdf.TEXT_MEDIABOX_CLIP
        | pymupdf.TEXT_PRESERVE_SPANS
        | pymupdf.TEXT_COLLECT_VECTORS
    )


_SCALE = 100  # the engine writes whole numbers


_FONT = re.compile(
    rb'"font":\{"name":"((?:[^"\\]|\\.)*)","family":"[^"]*","weight":"(\w*)","style":"(\w*)"'
)


_decoder = msgspec.json.Decoder(Extracts)


def _recognised(page: Any) -> Any:
    """The text of a page as Tesseract reads it."""
    try:
        return page.get_textpage_ocr(dpi=200, full=True)
    except Exception as error:
        raise ReadError(
            "no-tesseract",
            "no text layer, and Tesseract with its language data was not found; install it, or "
            "run OCR (for example ocrmypdf) first",
        ) from error


def _structured(pymupdf: Any, text: Any, styles: Styles) -> list[Extract]:
    """The blocks of a page's text; coordinates are hundredths of a point."""
    mupdf = pymupdf.mupdf
    buffer = mupdf.fz_new_buffer(1 << 16)
    output = mupdf.FzOutput(buffer)
    mupdf.fz_print_stext_page_as_json(output, text.this, _SCALE)
    output.fz_close_output()
    raw = buffer.fz_buffer_extract()
    try:
        blocks = _decoder.decode(raw).blocks
    except (UnicodeDecodeError, msgspec.DecodeError):
        blocks = msgspec.convert(json.loads(_decoded(raw), strict=False), Extracts).blocks
    _place_rules(text, blocks)
    _learn_styles(blocks, raw, styles)
    return blocks


def _learn_styles(blocks: list[Extract], raw: bytes, styles: Styles) -> None:
    """Note the style of fonts not met before; looked up in the JSON only then."""
    names = {line.font.name for block in blocks for line in block.lines}
    if names <= styles.keys():
        return
    for name, weight, slant in set(_FONT.findall(raw)):
        shown = json.loads(b'"' + name + b'"')
        styles[shown] = style_of(shown, weight.decode(), slant.decode())
    for name in names - styles.keys():
        styles[name] = style_of(name, "", "")


def _decoded(raw: bytes) -> str:
    """UTF-8, in which the engine may write the two halves of a character each on its own."""
    halves = raw.decode("utf-8", "surrogatepass")
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_RULES = 600  # rectangles on a page from which they are a drawing, not rules of tables


def _place_rules(text: Any, blocks: list[Extract]) -> None:
    """Set the ``box`` of drawn rectangles."""
    count = sum(1 for block in blocks if block.rectangle)
    if not 0 < count <= _RULES:
        return
    entry = text.this.m_internal.first_block
    for block in blocks:
        if block.rectangle:
            box = entry.bbox
            block.box = Stroke(box.x0, box.y0, box.x1, box.y1)
            count -= 1
            if not count:
                break
        entry = entry.next


def _outline(document: Any) -> list[tuple[int, str, int]]:
    try:
        return [(int(e[0]), str(e[1]), int(e[2])) for e in document.get_toc(simple=True)]
    except Exception:
        return []
