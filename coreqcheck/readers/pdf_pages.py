"""From a PDF to our own line tuples: the only module that knows PyMuPDF.

A ``Piece`` is one line as the engine cut it (it cuts at wide gaps); a ``Stroke`` is a drawn rule
or filled rectangle. All coordinates are points from the top left corner of the page as shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from coreqcheck.errors import ReadError
from coreqcheck.model import Box

if TYPE_CHECKING:
    import pymupdf

BOLD, ITALIC = 1, 2

UPRIGHT, UPWARDS, DOWNWARDS, SLANTED = 0, 1, 2, 3


class Piece(NamedTuple):
    """One line of the engine's. ``number`` is its index on the page, in the file's own order.

    ``base`` is the baseline, ``size`` and ``style`` those of most of its text. ``marks`` are the
    (start, end, raised) of superscripts and subscripts; ``lead`` is the length of a bold or
    italic beginning (0: none, or all of it) and ``lead_style`` its style. ``shift`` is where
    ``text`` begins in the line.
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
        if self.turn == UPWARDS:
            x0, y0, x1, y1 = y0, self.width - x1, y1, self.width - x0
        elif self.turn == DOWNWARDS:
            x0, y0, x1, y1 = self.height - y1, x0, self.height - y0, x1
        return Box(
            self.number, round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2)
        )


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
    """The exact box of characters ``start..end`` of a line, for whoever marks evidence.

    Args:
        data: the PDF.
        page: from 1.
        line: ``Origin.run`` of the text.
        start, end: offsets in the line (``Origin.offset`` counts the same way).
    """
    pymupdf = _engine()
    with pymupdf.open(stream=data, filetype="pdf") as document:
        raw = document[page - 1].get_text("rawdict", flags=_flags(pymupdf))
    for number, entry in enumerate(_lines(raw)):
        if number == line:
            chars = [c for span in entry["spans"] for c in span["chars"]][start:end]
            boxes = [c["bbox"] for c in chars if not c["c"].isspace()]
            if not boxes:
                return ()
            x0, y0 = min(b[0] for b in boxes), min(b[1] for b in boxes)
            x1, y1 = max(b[2] for b in boxes), max(b[3] for b in boxes)
            return (Box(page, round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2)),)
    return ()


def line_text(data: bytes, page: int, line: int) -> str:
    """The text of one line as it stands in the file: what ``Origin.offset`` counts in."""
    pymupdf = _engine()
    with pymupdf.open(stream=data, filetype="pdf") as document:
        raw = document[page - 1].get_text("dict", flags=_flags(pymupdf))
    for number, entry in enumerate(_lines(raw)):
        if number == line:
            return "".join(span["text"] for span in entry["spans"])
    return ""


def _engine() -> Any:
    """PyMuPDF, silenced: it prints advice and complaints to standard output."""
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    return pymupdf


def _damaged() -> ReadError:
    return ReadError("damaged", "the PDF is damaged and cannot be opened; export it again")


def _load(document: pymupdf.Document, page_limit: int) -> Source:
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
    flags = _flags(_engine())
    pages, images, broken = [], 0, 0
    for number in range(count):
        try:
            page = document[number]
            raw = page.get_text("dict", flags=flags)
            width, height = float(raw["width"]), float(raw["height"])
        except Exception:
            broken += 1
            continue
        pages.append(_page(number + 1, width, height, raw))
    if not pages:
        raise _damaged()
    if not any(page.pieces for page in pages):
        images = sum(1 for page in _some(document) if page.get_images())
    metadata = document.metadata or {}
    return Source(
        pages,
        (metadata.get("title") or "").strip(),
        (metadata.get("author") or "").strip(),
        _outline(document),
        images,
    )


def _some(document: pymupdf.Document) -> Iterator[pymupdf.Page]:
    for number in range(min(document.page_count, 5)):
        try:
            yield document[number]
        except Exception:
            continue


def _flags(pymupdf: Any) -> int:
    return int(
        pymupdf.TEXT_PRESERVE_LIGATURES
        | pymupdf.TEXT_PRESERVE_WHITESPACE
        | pymupdf.TEXT_MEDIABOX_CLIP
        | getattr(pymupdf, "TEXT_COLLECT_VECTORS", 0)
    )


def _outline(document: pymupdf.Document) -> list[tuple[int, str, int]]:
    try:
        return [(int(e[0]), str(e[1]), int(e[2])) for e in document.get_toc(simple=True)]
    except Exception:
        return []


def _lines(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for block in raw["blocks"]:
        if block["type"] == 0:
            yield from block["lines"]


def _page(number: int, width: float, height: float, raw: dict[str, Any]) -> Page:
    pieces: list[Piece] = []
    level: list[Stroke] = []
    upright: list[Stroke] = []
    areas: list[Stroke] = []
    seen: set[tuple[str, int, int]] = set()
    count = 0
    for block in raw["blocks"]:
        kind = block["type"]
        if kind == 0:
            for line in block["lines"]:
                piece = _piece(number, count, line)
                count += 1
                if piece is None:
                    continue
                key = (piece.text, round(piece.x0), round(piece.base))
                if key not in seen:  # text printed twice for a shadow or a fat look
                    seen.add(key)
                    pieces.append(piece)
        elif kind == 3:
            x0, y0, x1, y1 = block["bbox"]
            wide, high = x1 - x0, y1 - y0
            if high <= 3:
                if wide >= 4:
                    level.append(Stroke(x0, y0, x1, y1))
            elif wide <= 3:
                if high >= 6:
                    upright.append(Stroke(x0, y0, x1, y1))
            elif block.get("isrect") and wide >= 20 and high >= 6:
                areas.append(Stroke(x0, y0, x1, y1))
    page = Page(number, width, height, _single_marks(pieces), level, upright, areas)
    return _turned(page)


def _single_marks(pieces: list[Piece]) -> list[Piece]:
    """Bullets printed twice (once for the eye, once for the copied text) are kept once."""
    marks = [p for p in pieces if len(p.text.strip()) == 1 and not p.text.strip().isalnum()]
    if not marks:
        return pieces
    gone = set()
    starts = {(p.text.strip()[0], round(p.base)): p for p in pieces if len(p.text.strip()) > 1}
    for mark in marks:
        sign, base = mark.text.strip(), round(mark.base)
        for near in (base, base - 1, base + 1):
            other = starts.get((sign, near))
            if other is not None and abs(other.x0 - mark.x0) < 12:
                gone.add(mark.number)
    return [p for p in pieces if p.number not in gone]


_styles: dict[tuple[str, int], int] = {}
_HEAVY = ("bold", "black", "heavy", "medi", "semib", "demi", "-bd")


def _style(font: str, flags: int) -> int:
    """BOLD and ITALIC of a font, by its flags and its name."""
    key = (font, flags & 18)
    style = _styles.get(key)
    if style is None:
        name = font.lower()
        bold = flags & 16 or any(part in name for part in _HEAVY)
        italic = flags & 2 or "italic" in name or "oblique" in name
        style = (BOLD if bold else 0) | (ITALIC if italic else 0)
        if len(_styles) > 2000:
            _styles.clear()
        _styles[key] = style
    return style


def _piece(page: int, number: int, line: dict[str, Any]) -> Piece | None:
    spans = line["spans"]
    x0, y0, x1, y1 = line["bbox"]
    direction = line["dir"]
    turn = UPRIGHT if direction[0] > 0.99 else _turn(direction)
    first = spans[0]
    if len(spans) == 1:
        text = first["text"]
        if not text or text.isspace():
            return None
        return Piece(
            page,
            number,
            x0,
            y0,
            x1,
            y1,
            first["origin"][1],
            first["size"],
            _style(first["font"], first["flags"]),
            text,
            (),
            0,
            0,
            turn,
        )
    text = "".join([span["text"] for span in spans])
    if not text or text.isspace():
        return None
    longest, main, smallest = 0, first, 1e9
    total = bold = italic = 0
    for span in spans:
        part = span["text"]
        if part == " ":
            continue
        length = len(part)
        style = _style(span["font"], span["flags"])
        total += length
        if style:
            if style & 1:
                bold += length
            if style & 2:
                italic += length
        if length > longest:
            longest, main = length, span
        if span["size"] < smallest:
            smallest = span["size"]
    style = 0
    if bold > 0.85 * total:
        style |= BOLD
    if italic > 0.85 * total:
        style |= ITALIC
    size, base = main["size"], main["origin"][1]
    marks: tuple[tuple[int, int, bool], ...] = ()
    if smallest < 0.86 * size:
        marks = _marks(spans, size, base)
    lead, lead_style = 0, 0
    if (bold and not style & BOLD) or (italic and not style & ITALIC):
        lead, lead_style = _lead(spans, ~style)
    return Piece(
        page, number, x0, y0, x1, y1, base, size, style, text, marks, lead, lead_style, turn
    )


def _turn(direction: tuple[float, float]) -> int:
    if direction[1] < -0.99:
        return UPWARDS
    if direction[1] > 0.99:
        return DOWNWARDS
    return SLANTED


def _marks(
    spans: list[dict[str, Any]], size: float, base: float
) -> tuple[tuple[int, int, bool], ...]:
    """Small text off the baseline: (start, end, raised), neighbours joined."""
    marks: list[tuple[int, int, bool]] = []
    at = 0
    for span in spans:
        end = at + len(span["text"])
        shift = base - span["origin"][1]
        if span["size"] < 0.86 * size and abs(shift) > 0.1 * size and not span["text"].isspace():
            raised = shift > 0
            if marks and marks[-1][2] == raised and marks[-1][1] == at:
                marks[-1] = (marks[-1][0], end, raised)
            else:
                marks.append((at, end, raised))
        at = end
    return tuple(marks)


def _lead(spans: list[dict[str, Any]], mask: int) -> tuple[int, int]:
    """Length and style of a beginning that has an emphasis (of ``mask``) which the rest lacks."""
    at, style = 0, 0
    for span in spans:
        part = span["text"]
        if not part.isspace():
            own = _style(span["font"], span["flags"]) & mask
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
        turn = UPRIGHT if piece.turn == main else (piece.turn if piece.turn == SLANTED else UPWARDS)
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
