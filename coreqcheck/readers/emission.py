"""From labelled paragraphs to blocks: run-in headings cut off, notes after their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from coreqcheck.errors import ReadError
from coreqcheck.model import Origin, Role
from coreqcheck.readers import Limits
from coreqcheck.readers.builder import DocumentBuilder, Run
from coreqcheck.readers.flow import Attached, Item, Paragraph, Piece, Table, gap, joined, text_of
from coreqcheck.readers.flow_run_ins import run_ins
from coreqcheck.readers.labelling import (
    Front,
    Label,
    Labelled,
    label,
    label_box,
    table_numbers,
)

_REFERENCE_LIKE = re.compile(r"\b(?:19|20)\d{2}[a-z]?\b")
_PUBLISHED = re.compile(
    r"\bdoi\b|https?://|\d+\s?[:(]\s?\d+|\bpp?\.\s?\d|\d+[-–]\d+|\bet al\b|\b(?:Press|Sage|"
    r"Springer|Routledge|Wiley|Elsevier|J|Journal)\b"
)
_KEYWORDS = re.compile(r"\W*(?:key\s?-?words|index terms)\b", re.IGNORECASE)
_MARK = re.compile(r"[\s\d,;–\-\[\]()a-e*]*\d[\s\d,;–\-\[\]()a-e]*")
_EXPONENT = re.compile(r"(?:\d|\b(?:[kcmnµ]?m|s|kg|χ|chi|R|r|x|I|p|η|10))$")


def hand_over(items: Sequence[Item], builder: DocumentBuilder, limits: Limits) -> Front:
    """Label a whole document's flow and give it to the builder, in order.

    Args:
        items: the flow, without headers and footers.
        builder: receives the blocks, and a diagnostic when headings had to be guessed.
        limits: bounds on blocks and characters.

    Raises:
        ReadError: ``too-large``, past those bounds.
    """
    if len(items) > limits.blocks:
        raise _too_many(limits)
    labelled = label(items)
    if labelled.looks:
        builder.diagnose(
            f"{builder.format}.headings-by-look",
            f"{labelled.looks} headings were recognised by their look, not by a heading style",
        )
    _Emission(labelled, builder, limits).run()
    return labelled.front


class _Emission:
    """Hands labelled items to the builder, run-in headings split off, within the limits."""

    __slots__ = ("blocks", "builder", "labelled", "level", "limits", "tables")

    def __init__(self, labelled: Labelled, builder: DocumentBuilder, limits: Limits) -> None:
        self.labelled = labelled
        self.builder = builder
        self.limits = limits
        self.level = 0
        self.blocks = 0
        self.tables: dict[int, int] = {}

    def run(self) -> None:
        numbers = table_numbers(self.labelled.items)
        for index, item in enumerate(self.labelled.items):
            if isinstance(item, Table):
                self._table(item, self._number(numbers[index]))
                continue
            label = self.labelled.labels[index]
            if label is not None:
                self._paragraph(item, label)
            self._attached(item)

    def _number(self, of_flow: int) -> int:
        """The builder's number of the flow's table: a caption may ask first."""
        if of_flow not in self.tables:
            self.tables[of_flow] = self.builder.next_table()
        return self.tables[of_flow]

    def _paragraph(self, paragraph: Paragraph, label: Label) -> None:
        if label.role is Role.HEADING:
            self.level = label.level
        if label.role is Role.PARAGRAPH:
            self._parts(paragraph, label)
            return
        self._block(label, paragraph.pieces)

    def _parts(self, paragraph: Paragraph, label: Label) -> None:
        """A paragraph with its run-in headings cut off; keywords stay in one piece."""
        keywords: tuple[Piece, ...] = ()
        for head, pieces in run_ins(paragraph.pieces):
            if head and _KEYWORDS.match(joined(pieces)):
                keywords = pieces
            elif head:
                self._block(Label(Role.HEADING, min(self.level + 1, 9), "run-in"), pieces)
            elif keywords:
                self._block(Label(Role.METADATA, 0, "keywords"), (*keywords, *pieces))
                keywords = ()
            else:
                self._block(label, pieces)

    def _block(self, label: Label, pieces: Sequence[Piece]) -> None:
        table = None if label.table is None else self._number(label.table)
        span = self.builder.block(
            label.role,
            runs_of(pieces, label.role),
            level=label.level if label.role is Role.HEADING else 0,
            style=label.style,
            table=table,
        )
        self._count(span is not None)

    def _count(self, added: bool) -> None:
        self.blocks += added
        within(self.builder, self.blocks, self.limits)

    def _table(self, table: Table, number: int) -> None:
        for row in table.rows:
            cells = [_cell(cell) for cell in row.cells]
            role = table.role or Role.TABLE_ROW
            span = self.builder.row(cells, table=number, header=row.header, role=role)
            self._count(span is not None)
        for row in table.rows:
            for cell in row.cells:
                for paragraph in cell:
                    self._attached(paragraph)

    def _attached(self, paragraph: Paragraph) -> None:
        for attached in paragraph.attached:
            self._hang(attached)

    def _hang(self, attached: Attached) -> None:
        if attached.note:
            for paragraph in _paragraphs(attached.items):
                cited = looks_like_reference(text_of(paragraph))
                self._block(Label(Role.REFERENCE if cited else Role.FOOTNOTE), paragraph.pieces)
                self._attached(paragraph)
            return
        labelled = label_box(attached.items)
        inner = _Emission(labelled, self.builder, self.limits)
        inner.level, inner.blocks = self.level, self.blocks
        inner.run()
        self.blocks = inner.blocks


def within(builder: DocumentBuilder, blocks: int, limits: Limits) -> None:
    """Raise ``ReadError`` when a document has grown past the limits."""
    if blocks > limits.blocks:
        raise _too_many(limits)
    if builder.length > limits.characters:
        millions = limits.characters // 1_000_000
        raise ReadError(
            "too-large", f"has more than {millions} million characters; split the document"
        )


def _too_many(limits: Limits) -> ReadError:
    return ReadError("too-large", f"has more than {limits.blocks} paragraphs; split the document")


def _paragraphs(items: Iterable[Item]) -> Iterable[Paragraph]:
    for item in items:
        if isinstance(item, Paragraph):
            yield item
        else:
            for row in item.rows:
                for cell in row.cells:
                    yield from cell


def _cell(paragraphs: tuple[Paragraph, ...]) -> list[Run]:
    """A cell's runs: paragraphs on one line, automatic numbers spelt out."""
    pieces: list[Piece] = []
    for paragraph in paragraphs:
        numbered = any(char.isdigit() for char in paragraph.number)
        visible = any(piece.run.text.strip() for piece in paragraph.pieces)
        if pieces and (numbered or visible):
            pieces.append(gap())
        if numbered:
            pieces.append(Piece(_number_run(paragraph)))
        if numbered and visible:
            pieces.append(gap())
        if visible:
            pieces.extend(paragraph.pieces)
    return list(runs_of(pieces, Role.TABLE_ROW))


def _number_run(paragraph: Paragraph) -> Run:
    first = paragraph.pieces[0].run.origin if paragraph.pieces else Origin()
    origin = Origin(paragraph=first.paragraph, part=first.part, path=first.path)
    return Run(paragraph.number, origin, "numbering")


def looks_like_reference(text: str) -> bool:
    """True for a note that is a work's reference rather than a remark."""
    return (
        len(text) < 900
        and _REFERENCE_LIKE.search(text) is not None
        and _PUBLISHED.search(text) is not None
        and not re.search(r"\b(?:we|our|was|were|interview)\b", text)
    )


_NO_MARKS = frozenset(
    {Role.TITLE, Role.BYLINE, Role.AFFILIATION, Role.METADATA, Role.REFERENCE, Role.FURNITURE}
)


def runs_of(pieces: Sequence[Piece], role: Role) -> Iterable[Run]:
    """The runs of ``pieces``, superscript reference marks marked as citations."""
    before = ""
    for piece in pieces:
        run = piece.run
        raised = piece.look.raised and not run.citation and role not in _NO_MARKS
        if raised and _MARK.fullmatch(run.text) and not _EXPONENT.search(before):
            run = Run(run.text, run.origin, run.repair, True)
        if run.text:
            before = (before + run.text)[-12:]
        yield run
