"""Reader for PDF: pages to lines, columns, paragraphs and roles, with the box of every line.

A run's ``Origin.run`` is the number of its line's first stretch on the page and ``Origin.offset``
the position in that line, as ``pdf_engine.line_text`` counts them; ``pdf_engine.line_boxes`` gives
exact boxes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from coreqcheck.errors import ReadError
from coreqcheck.model import Author, Document, Meta, Origin, Role, Span
from coreqcheck.readers import ReadOptions, appended_checklist, bylines, layout
from coreqcheck.readers import pdf_furniture as furniture
from coreqcheck.readers.builder import DocumentBuilder, Run
from coreqcheck.readers.clean import clean
from coreqcheck.readers.layout import Row, Sheet, Zone
from coreqcheck.readers.pdf_engine import Source, load
from coreqcheck.readers.pdf_front import front_text
from coreqcheck.readers.pdf_headings import Outline
from coreqcheck.readers.pdf_pages import Page, Piece
from coreqcheck.readers.pdf_paragraphs import look_of, split
from coreqcheck.readers.pdf_parts import Part
from coreqcheck.readers.pdf_roles import assign
from coreqcheck.readers.pdf_tables import adopt, caption_kind, captions_of, grid, zones_of
from coreqcheck.readers.pdf_words import HYPHENS, Fix, Vocabulary, fixes, glued

_ABSTRACT = re.compile(r"\s*(?:abstract|summary|synopsis|resumen|resumo)\b", re.IGNORECASE)
_UNITS = frozenset(
    {"m", "cm", "km", "mm", "kg/m", "R", "r", "χ", "η", "c", "ft", "sq", "x", "s"}
)  # what a square may follow
_LOW = 0.12  # share of clashing lines from which the order of a page is doubtful


def read(path: Path, shown: str, data: bytes, options: ReadOptions) -> Document:
    """Read a PDF.

    Args:
        path: the file (its bytes are in ``data``).
        shown: the path as reports print it.
        data: the file's bytes.
        options: limits and choices.

    Raises:
        ReadError: encrypted, damaged, too many pages, or without a text layer.
    """
    source = load(data, options.limits)
    recognised = options.ocr and _lacks_text(source)
    if recognised:
        source = load(data, options.limits, ocr=True)
    _require_text(source)
    reading = _Reading(source, shown)
    if recognised:
        reading.builder.diagnose(
            "pdf.ocr",
            "the pages are pictures, read by Tesseract; hold what is quoted against the pages",
            level="warning",
        )
    return reading.document(data)


def _lacks_text(source: Source) -> bool:
    """Is there hardly a line of text on these pages?"""
    characters = sum(len(piece.text) for page in source.pages for piece in page.pieces)
    return characters < 20 * len(source.pages) and characters < 2000


def _require_text(source: Source) -> None:
    if not _lacks_text(source):
        return
    if source.images == 0 and not any(page.pieces for page in source.pages):
        raise ReadError("no-text", "has no text; export the manuscript again as PDF")
    raise ReadError(
        "no-text-layer",
        "no text layer; run OCR (for example ocrmypdf) first, or give --ocr if Tesseract is installed",
    )


def _caption_row(cells: Sequence[Sequence[Row]]) -> Sequence[Row] | None:
    """The rows of the only filled cell when it is the caption of a table."""
    filled = [cell for cell in cells if cell]
    if len(filled) != 1:
        return None
    text = " ".join(piece.text for row in filled[0] for piece in row.pieces)
    return filled[0] if caption_kind(text) == "table" else None


class _Reading:
    """One reading of one file."""

    def __init__(self, source: Source, shown: str) -> None:
        self.source = source
        self.pages = {page.number: page for page in source.pages}
        self.builder = DocumentBuilder(shown, "pdf")
        self.furniture = furniture.find(source.pages)
        self.printed = {
            page.number: printed
            for page, printed in zip(source.pages, self.furniture.printed, strict=True)
        }
        covers = self.furniture.covers
        self.first = next((p.number for p in source.pages if p.number not in covers), 1)
        self.authors: list[Author] = []
        self.title: list[Span] = []
        self._last: tuple[Piece | None, Origin] = (None, Origin())

    def document(self, data: bytes) -> Document:
        """Lay out, label and build."""
        body = _body_size(self.source.pages)
        sheets = self._sheets(body)
        look = look_of(sheets, body)
        paragraphs = split(sheets, look)
        outline = Outline(self.source.outline, self.source.title)
        parts = assign(
            paragraphs,
            self.source.pages,
            look,
            self.furniture.covers,
            self.source.title,
            outline,
        )
        self.words = Vocabulary(row.text for paragraph in paragraphs for row in paragraph.rows)
        self._emit(parts)
        self._diagnose(sheets)
        document = appended_checklist.label(self.builder.build(data))
        return replace(document, meta=self._meta(document.text))

    def _sheets(self, body: float) -> list[Sheet]:
        roles = self.furniture.roles
        texts: list[tuple[Page, list[Piece]]] = []
        for page in self.source.pages:
            pieces = [p for p in page.pieces if (page.number, p.number) not in roles]
            texts.append((page, pieces))
        gutters = layout.document_gutters(texts)
        sheets = []
        for (page, pieces), own in zip(texts, gutters, strict=True):
            zones, rest = zones_of(page, pieces, own, body)
            if zones:
                zones = self._adopt(page, zones, rest)
            turned = [p for p in rest if p.turn != 0]
            rest = [p for p in rest if p.turn == 0]
            for piece in turned:
                roles[(page.number, piece.number)] = Role.FURNITURE
            if page.number == self.first:
                sheet = _first_sheet(page, rest, own, zones)
            else:
                sheet = layout.arrange(page, rest, own, zones)
            if sheet.doubt > _LOW:
                self.builder.diagnose(
                    "pdf.reading-order",
                    "the order of this page could not be told; it is read as the file has it",
                    level="warning",
                    page=page.number,
                )
                sheet = layout.in_file_order(page, rest, zones)
            sheets.append(sheet)
        return sheets

    def _adopt(self, page: Page, zones: list[Zone], rest: Sequence[Piece]) -> list[Zone]:
        """Heading rows of tables that return on several pages are no running heads."""
        roles = self.furniture.roles
        labelled = [p for p in page.pieces if roles.get((page.number, p.number)) is Role.FURNITURE]
        captions = [piece for piece, _ in captions_of(rest)]
        result = []
        for zone in zones:
            whole = adopt(zone, labelled, captions) if zone.kind == "table" else zone
            for piece in whole.pieces:
                roles.pop((page.number, piece.number), None)
            result.append(whole)
        return result

    def _emit(self, parts: Sequence[Part]) -> None:
        pages = list(self.pages)
        upcoming = 0
        for part in parts:
            here = part.rows[0].page if part.rows else part.paragraph.page
            while upcoming < len(pages) and pages[upcoming] <= here:
                self._emit_furniture(pages[upcoming])
                upcoming += 1
            self._emit_part(part)
        for number in pages[upcoming:]:
            self._emit_furniture(number)

    def _emit_furniture(self, number: int) -> None:
        """Labelled lines of a page: one block for each line, numbers of lines together."""
        page = self.pages[number]
        counted: list[Piece] = []
        for piece in page.pieces:
            role = self.furniture.roles.get((number, piece.number))
            if role is Role.LINE_NUMBER:
                counted.append(piece)
            elif role is not None:
                self.builder.block(role, [Run(piece.text, self._origin(piece, 0))])
        if counted:
            counted.sort(key=lambda p: (p.x0 > page.width / 2, p.base))
            runs: list[Run] = []
            for piece in counted:
                if runs:
                    runs.append(Run(" ", runs[-1].origin, "space"))
                runs.append(Run(piece.text, self._origin(piece, 0)))
            self.builder.block(Role.LINE_NUMBER, runs)

    def _emit_part(self, part: Part) -> None:
        zone = part.paragraph.zone
        if zone is not None:
            if zone.kind == "table":
                self._emit_table(part)
            else:
                rows, _ = layout.rows_of(list(zone.pieces))
                for row in rows:
                    self.builder.block(Role.CAPTION, self._runs([row]), style="figure-text")
            return
        citations = part.role not in {Role.TITLE, Role.METADATA, Role.COVER}
        heading = part.role in {Role.HEADING, Role.TITLE}
        runs = self._runs(part.rows, citations, heading)
        span = self.builder.block(part.role, runs, level=part.level, style=part.style)
        if part.role is Role.TITLE and span is not None:
            self.title.append(span)
        if part.authors:
            for author in bylines.parse_byline(self._cleaned(front_text(part.rows))):
                if author not in self.authors:
                    self.authors.append(author)

    def _cleaned(self, text: str) -> str:
        """A text that goes into no block, repaired like those that do."""
        for fix in reversed(fixes(text, self.words)):
            text = text[: fix.start] + fix.text + text[fix.end :]
        return "".join(piece.text for piece in clean(text))

    def _emit_table(self, part: Part) -> None:
        zone = part.paragraph.zone
        assert zone is not None
        table = self.builder.next_table()
        cut = grid(zone)
        heads = cut.heads
        for number, cells in enumerate(cut.rows):
            caption = _caption_row(cells) if number else None
            if caption is not None:
                # Two tables one below the other were read as one: here the second begins.
                table, heads = self.builder.next_table(), number + 2
                self.builder.block(Role.CAPTION, self._runs(caption), table=table)
                continue
            self.builder.row(
                [self._runs(cell) for cell in cells], table=table, header=number < heads
            )

    def _runs(
        self, rows: Sequence[Row], citations: bool = True, heading: bool = False
    ) -> list[Run]:
        """The runs of rows: hyphens at line ends joined or kept, rows parted by a space.

        Args:
            rows: the rows.
            citations: raised numbers are reference marks.
            heading: spaces inside words are looked for.
        """
        pieces = [piece for row in rows for piece in row.pieces]
        last = len(pieces) - 1
        runs: list[Run] = []
        suspicious = self.words.suspicious
        for index, piece in enumerate(pieces):
            text = piece.text
            bare = text.rstrip()
            if index < last:
                following = pieces[index + 1]
                hyphen = self._hyphen(bare, following.text) if bare[-1:] in HYPHENS else ""
                if hyphen:
                    end = len(bare.rstrip("\u00ad")) if hyphen == "keep" else _before_hyphen(bare)
                    text = text[:end]
                elif len(bare) < len(text) or not (
                    following.text[0].isspace() or _open_address(bare) or _touch(piece, following)
                ):
                    text = bare + " "  # what the end of the line stands for
            else:
                text = bare
            if piece.marks or heading or suspicious(text):
                runs.extend(self._piece(piece, text, citations, heading))
            else:
                runs.append(Run(text, self._origin(piece, 0)))
        return runs

    def _hyphen(self, bare: str, following: str) -> str:
        """ "join", "keep" or "" for a line that ends with a hyphen, and the line after it."""
        soft = bare[-1] == "\u00ad" and bare[-2:-1] not in HYPHENS
        bare = bare if soft else bare.rstrip("\u00ad")
        if len(bare) < 2 or not bare[-2].isalnum():
            return ""
        rest = following.lstrip()
        if not rest or not rest[0].isalnum():
            return ""
        tail = _head_word(rest)
        if tail.casefold() in {"and", "or", "to", "und"}:
            return ""
        more = rest[len(tail) : len(tail) + 1] in {"-", "‐"}
        head = _tail_word(bare[:-1])
        return "join" if self.words.joins(head, tail, soft, more) else "keep"

    def _piece(self, piece: Piece, text: str, citations: bool, heading: bool) -> Iterator[Run]:
        """Runs of a piece that is to read ``text``: reference marks and repairs apart."""
        if not piece.marks:
            yield from self._repaired(piece, text, 0, heading)
            return
        at = 0
        for first, final, raised in piece.marks:
            final = min(final, len(text))
            if first >= final or first < at:
                continue
            if first > at:
                yield from self._repaired(piece, text[at:first], at, heading)
            cited = (
                citations
                and raised
                and _is_citation(text[first:final], text[max(first - 8, 0) : first])
            )
            yield Run(text[first:final], self._origin(piece, first), None, cited)
            at = final
        if at < len(text):
            yield from self._repaired(piece, text[at:], at, heading)

    def _repaired(self, piece: Piece, text: str, start: int, heading: bool) -> Iterator[Run]:
        found: list[Fix] = fixes(text, self.words)
        if heading:
            found = sorted([*found, *glued(text, self.words)])
        at = 0
        for fix in found:
            if fix.start < at:
                continue
            if fix.start > at:
                yield Run(text[at : fix.start], self._origin(piece, start + at))
            if fix.text:
                yield Run(fix.text, self._origin(piece, start + fix.start), fix.repair)
            at = fix.end
        if at < len(text):
            yield Run(text[at:], self._origin(piece, start + at))

    def _origin(self, piece: Piece, offset: int) -> Origin:
        """Where a piece begins (kept, as the space after it comes from there too), or a part."""
        if self._last[0] is not piece:
            box = self.pages[piece.page].box(piece)
            printed = self.printed.get(piece.page)
            shift = piece.shift
            self._last = (
                piece,
                Origin(piece.page, printed, None, None, None, piece.number, None, None, shift, box),
            )
        origin = self._last[1]
        return origin if offset == 0 else replace(origin, offset=piece.shift + offset)

    def _diagnose(self, sheets: Sequence[Sheet]) -> None:
        columned = [sheet.number for sheet in sheets if sheet.columns > 1]
        if columned:
            most = max(sheet.columns for sheet in sheets)
            name = "pdf.two-columns" if most == 2 else "pdf.columns"
            self.builder.diagnose(
                name, f"{len(columned)} of {len(sheets)} pages were read in columns"
            )
        if self.furniture.covers:
            self.builder.diagnose(
                "pdf.cover",
                f"{len(self.furniture.covers)} cover page(s) before the title were not searched",
            )
        if Role.LINE_NUMBER in self.furniture.roles.values():
            self.builder.diagnose("pdf.line-numbers", "line numbers were set apart")
        if self.words.lost >= 20:
            self.builder.diagnose(
                "pdf.damaged-text",
                f"{self.words.lost} characters of the text layer have no meaning; "
                "words and numbers with them are not found",
                level="warning",
            )
        if self.words.damaged:
            shown = ", ".join(self.words.damaged[:5])
            self.builder.diagnose(
                "pdf.ligatures",
                f"ligatures are lost in words such as {shown}; what is searched may be incomplete",
                level="warning",
            )

    def _meta(self, text: str) -> Meta:
        title = " ".join(text[span.start : span.end] for span in self.title)
        title = title or self.source.title
        authors = tuple(self.authors)
        if not authors and self.source.author:
            authors = bylines.parse_byline(self.source.author)
        return Meta(title=title or None, authors=authors, pages=len(self.source.pages))


def _first_sheet(
    page: Page, pieces: list[Piece], gutters: tuple[float, ...], zones: list[Zone]
) -> Sheet:
    """The title page: by-line over the whole width, and perhaps keywords beside the abstract."""
    head = _head(page, pieces, gutters) if gutters else 0.0
    found = layout.side_by_side(pieces, gutters)
    if found is None:
        return layout.arrange(page, pieces, gutters, zones, head)
    top, bottom, edge = found
    above = [p for p in pieces if p.base < top]
    beside = [p for p in pieces if top <= p.base <= bottom]
    below = [p for p in pieces if p.base > bottom]
    sheets = [
        layout.arrange(page, above, gutters, [z for z in zones if z.y0 < top], top),
        layout.arrange(page, beside, (edge,), [z for z in zones if top <= z.y0 <= bottom]),
        layout.arrange(page, below, gutters, [z for z in zones if z.y0 > bottom]),
    ]
    strips = [strip for sheet in sheets for strip in sheet.strips]
    columns = max(sheet.columns for sheet in sheets)
    return Sheet(page.number, columns, strips, max(sheet.doubt for sheet in sheets))


def _head(page: Page, pieces: Sequence[Piece], gutters: tuple[float, ...]) -> float:
    """Where title and by-line of a page in columns end: the line that begins the abstract."""
    for piece in sorted(pieces, key=lambda p: p.base):
        if piece.base > 0.7 * page.height:
            break
        if _ABSTRACT.match(piece.text) and (piece.lead or piece.style or len(piece.text) < 24):
            head = piece.base - piece.size
            return 0.0 if _title_in_column(pieces, gutters, head) else head
    return 0.0


def _title_in_column(pieces: Sequence[Piece], gutters: tuple[float, ...], head: float) -> bool:
    """Whether the title stands in the first column, with text beside it from the top on.

    By-lines may stand in several columns too, but below the title and never beside it.
    """
    above = [p for p in pieces if p.base < head]
    title = max(above, key=lambda p: (p.size, -p.base), default=None)
    if title is None or title.x1 > gutters[0] - 4:
        return False
    return any(p.x0 >= gutters[0] - 4 and p.base <= title.base + title.size for p in above)


def _body_size(pages: Sequence[Page]) -> float:
    """The size, to half a point, in which most of the text is set."""
    sizes: Counter[int] = Counter()
    for page in pages:
        for piece in page.pieces:
            sizes[int(piece.size * 2 + 0.5)] += len(piece.text)
    return sizes.most_common(1)[0][0] / 2 if sizes else 10.0


def _is_citation(shown: str, before: str) -> bool:
    """Is a raised text a reference mark (of an author: to an address), no exponent or ordinal?"""
    bare = shown.strip().strip("[]()")
    if re.fullmatch(r"[a-j](?:[,\s]+[a-j*†‡§]+)*,?", bare) and before[-1:].isalpha():
        return True
    if not bare or not all(c.isdigit() or c in " ,;–-—‒−*∗†‡§¶#" for c in bare):
        return False
    tail = before.rstrip()[-1:]
    if tail.isdigit() or not any(c.isdigit() or c in "*∗†‡§¶#" for c in bare):
        return False
    if bare in {"2", "3"} and before.split()[-1:] and before.split()[-1] in _UNITS:
        return False
    return not bare.startswith(("−", "-"))


def _before_hyphen(text: str) -> int:
    """Where the hyphen at the end of ``text`` begins."""
    bare = text.rstrip()
    return len(bare.rstrip("\u00ad")) - (not bare.endswith("\u00ad") or bare[-2:-1] in "-‐")


def _touch(piece: Piece, following: Piece) -> bool:
    """Do two pieces of one line stand together without a gap?"""
    return (
        following.page == piece.page
        and abs(following.base - piece.base) < 0.3 * piece.size
        and -0.3 * piece.size < following.x0 - piece.x1 < 0.1 * piece.size
    )


def _open_address(text: str) -> bool:
    """Does a line end inside a web address?"""
    if text[-1:] not in "/._-=?&":
        return False
    word = text[text.rfind(" ") + 1 :]
    return ("://" in word or "doi.org" in word) and len(word) > 1


def _tail_word(text: str) -> str:
    at = len(text)
    while at and (text[at - 1].isalnum() or text[at - 1] in "-'’"):
        at -= 1
    return text[at:]


def _head_word(text: str) -> str:
    at = 0
    while at < len(text) and (text[at].isalnum() or text[at] in "'’"):
        at += 1
    return text[:at]
