"""From a PDF to our own line tuples: the only module that knows PyMuPDF.

A ``Piece`` is one line up to a wide gap; a ``Stroke`` is a drawn rule or filled rectangle. All
coordinates are points from the top left corner of the page as shown.

The engine's structured text is taken as its own JSON with one entry for each change of font or
size ("stretch"), which costs a third of the Python dictionaries that PyMuPDF would build.
"""

from __future__ import annotations

import importlib
import json
import re
from typing import Any, NamedTuple

import msgspec

from coreqcheck.errors import ReadError
from coreqcheck.model import Box

BOLD, ITALIC = 1, 2

UPRIGHT, UPWARDS, DOWNWARDS, SLANTED = 0, 1, 2, 3


class Piece(NamedTuple):
    """A line up to a wide gap. ``number`` is that of its first stretch on the page, from 0.

    ``base`` is the baseline, ``size`` and ``style`` those of most of its text. ``marks`` are the
    (start, end, raised) of superscripts and subscripts; ``lead`` is the length of a bold or
    italic beginning (0: none, or all of it) and ``lead_style`` its style. ``shift`` is where
    ``text`` begins in the first stretch.
    """

    page: int
    number: int
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    style: int
    text: str
    marks: tuple[tuple[int, int, bool], ...] = ()
    lead: int = 0
    lead_style: int = 0
    turn: int = UPRIGHT
    shift: int = 0

    def cut(self, at: int) -> tuple[Piece, Piece]:
        """The piece before and from character ``at``; their boxes are proportional."""
        middle = self.x0 + (self.x1 - self.x0) * at / max(1, len(self.text))
        before = tuple((a, min(b, at), r) for a, b, r in self.marks if a < at)
        after = tuple((max(a - at, 0), b - at, r) for a, b, r in self.marks if b > at)
        return (
            self._replace(text=self.text[:at], x1=middle, marks=before, lead=0, lead_style=0),
            self._replace(
                text=self.text[at:],
                x0=middle,
                marks=after,
                lead=0,
                lead_style=0,
                shift=self.shift + at,
            ),
        )


class Stroke(NamedTuple):
    """A drawn rule (one side at most 3 points) or a filled or stroked rectangle."""

    x0: float
    y0: float
    x1: float
    y1: float


class Page(NamedTuple):
    """One page. ``turn`` is the direction of a page whose text was turned for reading.

    ``level``, ``upright`` and ``areas`` are the horizontal rules, vertical rules and rectangles.
    """

    number: int
    width: float
    height: float
    pieces: list[Piece]
    level: list[Stroke]
    upright: list[Stroke]
    areas: list[Stroke]
    turn: int = UPRIGHT
    label: str = ""

    def box(self, piece: Piece) -> Box:
        """Where ``piece`` stands on the page as shown, turned back if it had been turned."""
        x0, y0, x1, y1 = piece.x0, piece.y0, piece.x1, piece.y1
        if self.turn == UPRIGHT and not piece.shift:
            return Box(self.number, x0, y0, x1, y1)
        if self.turn == UPWARDS:
            x0, y0, x1, y1 = y0, self.width - x1, y1, self.width - x0
        elif self.turn == DOWNWARDS:
            x0, y0, x1, y1 = self.height - y1, x0, self.height - y0, x1
        return Box(self.number, round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))


class Source(NamedTuple):
    """What the file says about itself. ``outline`` holds (level, title, page)."""

    pages: list[Page]
    title: str
    author: str
    outline: list[tuple[int, str, int]]
    images: int


def load(data: bytes, page_limit: int) -> Source:
    """All pages of a PDF.

    Raises:
        ReadError: encrypted, damaged, without pages or with more than ``page_limit``.
    """
    pymupdf = _engine()
    try:
        document = pymupdf.open(stream=data, filetype="pdf")
    except Exception as error:
        raise _damaged() from error
    with document:
        return _load(document, page_limit)


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
        blocks = _structured(pymupdf, document[page - 1], styles)
    pieces = _page(page, 0, 0, blocks, styles).pieces
    return next((piece.text for piece in pieces if piece.number == line), "")


def _engine() -> Any:
    """PyMuPDF, silenced: it prints advice and complaints to standard output."""
    engine: Any = importlib.import_module("pymupdf")
    engine.TOOLS.mupdf_display_errors(False)
    engine.TOOLS.mupdf_display_warnings(False)
    return engine


def _damaged() -> ReadError:
    return ReadError("damaged", "the PDF is damaged and cannot be opened; export it again")


def _load(document: Any, page_limit: int) -> Source:
    if document.needs_pass:
        raise ReadError("encrypted", "is protected by a password; save a copy without it")
    try:
        count = document.page_count
    except Exception as error:
        raise _damaged() from error
    if count == 0:
        raise ReadError("damaged", "the PDF has no pages; export it again")
    if count > page_limit:
        raise ReadError(
            "too-many-pages",
            f"has {count} pages, the limit is {page_limit}; split it and check the manuscript",
        )
    pymupdf = _engine()
    pages, images = [], 0
    styles: Styles = {}
    for number in range(count):
        try:
            page = document[number]
            blocks = _structured(pymupdf, page, styles)
            area = page.rect
        except Exception:
            continue
        pages.append(_page(number + 1, float(area.width), float(area.height), blocks, styles))
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


class _Box(msgspec.Struct):
    x: int
    y: int
    w: int
    h: int


class _Font(msgspec.Struct):
    name: str
    size: int


class _Line(msgspec.Struct):
    """A stretch: text of one font and size. ``y`` is its baseline."""

    bbox: _Box
    font: _Font
    y: int
    text: str


class _Block(msgspec.Struct):
    """A block of lines, or a drawn shape, whose box the engine leaves out."""

    type: str
    lines: list[_Line] = []
    rectangle: int = 0
    box: Stroke | None = None


class _Structured(msgspec.Struct):
    blocks: list[_Block]


_FONT = re.compile(
    rb'"font":\{"name":"((?:[^"\\]|\\.)*)","family":"[^"]*","weight":"(\w*)","style":"(\w*)"'
)


_decoder = msgspec.json.Decoder(_Structured)


def _structured(pymupdf: Any, page: Any, styles: Styles) -> list[_Block]:
    """The blocks of a page; coordinates are hundredths of a point."""
    mupdf = pymupdf.mupdf
    text = page.get_textpage(flags=_flags(pymupdf))
    buffer = mupdf.fz_new_buffer(1 << 16)
    output = mupdf.FzOutput(buffer)
    mupdf.fz_print_stext_page_as_json(output, text.this, _SCALE)
    output.fz_close_output()
    raw = buffer.fz_buffer_extract()
    try:
        blocks = _decoder.decode(raw).blocks
    except (UnicodeDecodeError, msgspec.DecodeError):
        blocks = msgspec.convert(json.loads(_decoded(raw), strict=False), _Structured).blocks
    _place_rules(text, blocks)
    _learn_styles(blocks, raw, styles)
    return blocks


def _learn_styles(blocks: list[_Block], raw: bytes, styles: Styles) -> None:
    """Note the style of fonts not met before; looked up in the JSON only then."""
    names = {line.font.name for block in blocks for line in block.lines}
    if names <= styles.keys():
        return
    for name, weight, slant in set(_FONT.findall(raw)):
        shown = json.loads(b'"' + name + b'"')
        styles[shown] = _style(shown, weight.decode(), slant.decode())
    for name in names - styles.keys():
        styles[name] = _style(name, "", "")


def _decoded(raw: bytes) -> str:
    """UTF-8, in which the engine may write the two halves of a character each on its own."""
    halves = raw.decode("utf-8", "surrogatepass")
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_RULES = 600  # rectangles on a page from which they are a drawing, not rules of tables


def _place_rules(text: Any, blocks: list[_Block]) -> None:
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


def _page(number: int, width: float, height: float, blocks: list[_Block], styles: Styles) -> Page:
    pieces: list[Piece] = []
    level: list[Stroke] = []
    upright: list[Stroke] = []
    areas: list[Stroke] = []
    count = 0
    for block in blocks:
        if block.lines:
            pieces.extend(_pieces(number, count, block.lines, styles))
            count += len(block.lines)
        elif block.box is not None:
            x0, y0, x1, y1 = block.box
            wide, high = x1 - x0, y1 - y0
            if high <= 3:
                if wide >= 4:
                    level.append(block.box)
            elif wide <= 3:
                if high >= 6:
                    upright.append(block.box)
            elif wide >= 20 and high >= 6:
                areas.append(block.box)
    page = Page(number, width, height, _single_marks(_once(pieces)), level, upright, areas)
    return _turned(page)


def _once(pieces: list[Piece]) -> list[Piece]:
    """Text printed twice for a shadow or a fat look is kept once."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for piece in pieces:
        key = (piece.text, int(piece.x0), int(piece.base))
        if key not in seen:
            seen.add(key)
            kept.append(piece)
    return kept


def _single_marks(pieces: list[Piece]) -> list[Piece]:
    """Bullets printed twice (once for the eye, once for the copied text) are kept once."""
    marks = [p for p in pieces if len(p.text.strip()) == 1 and not p.text.strip().isalnum()]
    if not marks:
        return pieces
    gone = set()
    starts: dict[tuple[str, int], list[Piece]] = {}
    for piece in pieces:
        starts.setdefault((piece.text.strip()[0], round(piece.base)), []).append(piece)
    for mark in marks:
        for other in starts[(mark.text.strip(), round(mark.base))]:
            if other.number > mark.number and abs(other.x0 - mark.x0) < 12:
                gone.add(mark.number)
    return [p for p in pieces if p.number not in gone]


_HEAVY = re.compile(r"bold|black|heavy|medi(?!a)|semib|demi|-bd|bdc", re.IGNORECASE)
Styles = dict[str, int]
"""BOLD and ITALIC of each font of a file."""


def _style(name: str, weight: str, slant: str) -> int:
    """BOLD and ITALIC of a font, by what the engine says and by its name."""
    bold = weight == "bold" or _HEAVY.search(name) is not None
    slanted = slant == "italic" or "italic" in name.lower() or "oblique" in name.lower()
    return (BOLD if bold else 0) | (ITALIC if slanted else 0)


class _Stretch:
    """Neighbouring stretches of one size, style and baseline; lengths in hundredths."""

    __slots__ = ("base", "parts", "size", "style", "x0", "x1", "y0", "y1")

    def __init__(self, box: _Box, base: int, size: int, style: int, text: str) -> None:
        self.x0, self.y0 = box.x, box.y
        self.x1, self.y1 = box.x + box.w, box.y + box.h
        self.base = base
        self.size = size
        self.style = style
        self.parts = [text]


def _pieces(page: int, number: int, lines: list[_Line], styles: Styles) -> list[Piece]:
    """Pieces of a block: neighbouring stretches on one line, up to a wide gap."""
    found: list[Piece | None] = []
    group: list[_Stretch] = []
    first = number
    base = size = end = 0
    last: _Stretch | None = None
    for line in lines:
        box, text = line.bbox, line.text
        font, y, x = line.font, line.y, box.x
        own = font.size
        if last is not None:
            large = size if size > own else own
            gap = x - end
            if (
                -0.4 * large < gap < 0.7 * large
                and -0.5 * large < y - base < 0.5 * large
                and (gap < 0.17 * large or text[:1] == " " or last.parts[-1][-1:] == " ")
            ):
                number += 1
                end = x + box.w
                if text == " ":
                    last.parts.append(text)
                    continue
                style = styles[font.name]
                if style == last.style and own == last.size and y == last.base:
                    last.parts.append(text)
                    last.x1 = end
                    continue
                last = _Stretch(box, y, own, style, text)
                group.append(last)
                if own > size:
                    size, base = own, y
                continue
            found.append(_piece(page, first, group))
        style = styles[font.name]
        last = _Stretch(box, y, own, style, text)
        group = [last]
        first = number
        base, size, end = y, own, x + box.w
        number += 1
    found.append(_piece(page, first, group))
    return [piece for piece in found if piece is not None]


def _piece(page: int, number: int, group: list[_Stretch]) -> Piece | None:
    first = group[0]
    if len(group) == 1:
        parts = first.parts
        if len(parts) > 1 and parts[0].strip() == parts[1].strip() and _is_sign(parts[0].strip()):
            del parts[0]
            number += 1
        text = "".join(parts)
        if not text or text.isspace():
            return None
        x0, y0, x1, y1 = first.x0 / 100, first.y0 / 100, first.x1 / 100, first.y1 / 100
        base, size = first.base / 100, first.size / 100
        turn = _turn(x0, y0, x1, y1, base, size, text) if y1 - y0 > 1.9 * size else UPRIGHT
        return Piece(page, number, x0, y0, x1, y1, base, size, first.style, text, (), 0, 0, turn)
    if first.parts[0].strip() == group[1].parts[0].strip() and _is_sign(first.parts[0].strip()):
        return _piece(page, number + len(first.parts), group[1:])  # a bullet printed twice
    texts = ["".join(stretch.parts) for stretch in group]
    text = "".join(texts)
    if not text or text.isspace():
        return None
    weights: dict[int, int] = {}
    total = bold = italic = 0
    for stretch, part in zip(group, texts, strict=True):
        length = len(part)
        style = stretch.style
        total += length
        if style:
            if style & 1:
                bold += length
            if style & 2:
                italic += length
        weights[stretch.size] = weights.get(stretch.size, 0) + length
    size = max(weights, key=weights.__getitem__)
    # A stretch that begins with a space may have the baseline of the raised mark before it.
    same = [stretch for stretch in group if stretch.size == size]
    base = next((s.base for s in same if s.parts[0][:1] != " "), same[0].base)
    style = 0
    if bold > 0.85 * total:
        style |= BOLD
    if italic > 0.85 * total:
        style |= ITALIC
    marks: tuple[tuple[int, int, bool], ...] = ()
    if len(weights) > 1 and min(weights) < 0.86 * size:
        marks = _marks(group, texts, size, base)
    lead, lead_style = 0, 0
    if (bold and not style & BOLD) or (italic and not style & ITALIC):
        lead, lead_style = _lead(group, texts, ~style)
    return Piece(
        page,
        number,
        first.x0 / 100,
        min([stretch.y0 for stretch in group]) / 100,
        max([stretch.x1 for stretch in group]) / 100,
        max([stretch.y1 for stretch in group]) / 100,
        base / 100,
        size / 100,
        style,
        text,
        marks,
        lead,
        lead_style,
    )


def _is_sign(text: str) -> bool:
    return len(text) == 1 and not text.isalnum()


def _turn(x0: float, y0: float, x1: float, y1: float, base: float, size: float, text: str) -> int:
    """The direction of a stretch, from its box: the engine's JSON does not say."""
    count = len(text.strip())
    wide, high = x1 - x0, y1 - y0
    if count < 3 or high < 0.3 * count * size:
        return UPRIGHT
    if wide < 1.9 * size:
        return UPWARDS if base > y0 + 0.5 * high else DOWNWARDS
    return SLANTED if high > 2.5 * size and wide < 1.2 * count * size else UPRIGHT


def _marks(
    group: list[_Stretch], texts: list[str], size: int, base: int
) -> tuple[tuple[int, int, bool], ...]:
    """Small text off the baseline: (start, end, raised), neighbours joined."""
    marks: list[tuple[int, int, bool]] = []
    at = 0
    for stretch, text in zip(group, texts, strict=True):
        end = at + len(text)
        shift = base - stretch.base
        if stretch.size < 0.86 * size and abs(shift) > 0.1 * size and not text.isspace():
            raised = shift > 0
            if marks and marks[-1][2] == raised and marks[-1][1] == at:
                marks[-1] = (marks[-1][0], end, raised)
            else:
                marks.append((at, end, raised))
        at = end
    return tuple(marks)


def _lead(group: list[_Stretch], texts: list[str], mask: int) -> tuple[int, int]:
    """Length and style of a beginning that has an emphasis (of ``mask``) which the rest lacks."""
    at, style = 0, 0
    for stretch, part in zip(group, texts, strict=True):
        if not part.isspace():
            own = stretch.style & mask
            if style == 0:
                if own == 0:
                    if at == 0 and part.strip(" .\u00a0").replace(".", "").isdigit():
                        at += len(part)  # the number of a heading
                        continue
                    return 0, 0
                style = own
            elif not own & style:
                return at, style
            else:
                style &= own
        at += len(part)
    return 0, 0


def _turned(page: Page) -> Page:
    """A page whose text mostly runs up or down is turned so that it reads level."""
    counts = [0, 0, 0, 0]
    for piece in page.pieces:
        counts[piece.turn] += len(piece.text)
    main = counts.index(max(counts))
    if main not in (UPWARDS, DOWNWARDS):
        return page
    width, height = page.width, page.height

    def move(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        if main == UPWARDS:
            return height - y1, x0, height - y0, x1
        return y0, width - x1, y1, width - x0

    pieces = []
    for piece in page.pieces:
        box = move(piece.x0, piece.y0, piece.x1, piece.y1)
        short = piece.turn == UPRIGHT and len(piece.text.strip()) < 3  # cannot be told
        turn = UPRIGHT if piece.turn == main or short else max(piece.turn, UPWARDS)
        base = box[3] - 0.22 * piece.size
        pieces.append(
            piece._replace(x0=box[0], y0=box[1], x1=box[2], y1=box[3], base=base, turn=turn)
        )
    strokes = [Stroke(*move(*s)) for s in (*page.level, *page.upright)]
    return Page(
        page.number,
        height,
        width,
        pieces,
        [s for s in strokes if s.y1 - s.y0 <= 3],
        [s for s in strokes if s.y1 - s.y0 > 3],
        [Stroke(*move(*s)) for s in page.areas],
        main,
    )
