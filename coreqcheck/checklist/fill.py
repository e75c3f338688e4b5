"""A filled checklist: for each item where it is reported, and the sentence."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import BadZipFile

from coreqcheck.errors import UsageError
from coreqcheck.model import Assessment, Level, Manuscript, Report, Role, Span
from coreqcheck.report.docx_package import written, xml
from coreqcheck.report.guides import named, names
from coreqcheck.report.homes import fits
from coreqcheck.report.wordless import without_words

BANNER = (
    "Prepared by software (coreqcheck), to be checked by an author: where nothing was located the "
    "answer is left blank."
)
_PARAGRAPHS = frozenset({Role.PARAGRAPH, Role.LIST_ITEM, Role.BLOCK_QUOTE})
HEADER = ("No.", "Item", "Question", "Reported on page or in section", "Quotation")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the filled checklist. ``where`` is blank when nothing was located.

    ``item`` is as people name it ("13", "S6"); ``guideline`` is the key of its guideline.
    """

    item: str
    name: str
    asks: str
    where: str
    quote: str
    advice: str
    domain: str
    guideline: str = "coreq"


def lines(report: Report, quotes: bool = True) -> Iterator[Line]:
    """The rows of the checklist for a report, in the order of the items."""
    if not quotes:
        report = without_words(report)
    manuscript = report.manuscript
    if manuscript is None:
        return
    for item in report.assessments:
        if item.level is Level.NOT_APPLICABLE or item.answer is not None:
            yield Line(
                item.label, item.name, item.asks, item.note, "", "", item.domain, item.guideline
            )
            continue
        located = item.level is not Level.ABSENT and bool(item.evidence)
        yield Line(
            item=item.label,
            name=item.name,
            asks=item.asks,
            where=_where(item, manuscript) if located else "",
            quote=manuscript.quote(item.evidence[0].span) if located and quotes else "",
            advice="" if located else _advice(item, report),
            domain=item.domain,
            guideline=item.guideline,
        )


def _advice(item: Assessment, report: Report) -> str:
    assert report.manuscript is not None
    where = fits(item, report.manuscript, report.assessments)
    return f"{item.advice} {where}".strip()


def _where(item: Assessment, manuscript: Manuscript) -> str:
    """Printed pages when the manuscript has them, else pages, else sections with paragraphs."""
    spans = [e.span for e in item.evidence[:3]]
    places = [manuscript.place(span) for span in spans]
    pages = [p.printed_page or (str(p.page) if p.page is not None else "") for p in places]
    known = list(dict.fromkeys(p for p in pages if p))
    if known:
        where = f"p. {', '.join(known)}"
    else:
        where = "; ".join(dict.fromkeys(_paragraph(span, manuscript) for span in spans))
    said = {Level.DECLARED: " (said not to have been done)", Level.PARTIAL: " (in part)"}
    return where + said.get(item.level, "")


def _paragraph(span: Span, manuscript: Manuscript) -> str:
    """The section, and which of its paragraphs; tables, headings and captions do not count."""
    section = manuscript.section_at(span.start)
    title = " ".join(section.title.split()).rstrip(".:") if section is not None else ""
    if section is None or not title:
        return "title page"
    before = [
        b
        for b in manuscript.document.blocks
        if section.span.start <= b.span.start <= span.start and b.role in _PARAGRAPHS
    ]
    inside = any(b.span.start <= span.start < b.span.end for b in before)
    return f"{title}, paragraph {len(before)}" if inside else title


def as_markdown(report: Report, quotes: bool = True) -> str:
    """The checklist as a Markdown table under a banner."""
    from coreqcheck.report.markdown import escaped

    rows = [f"> {BANNER}", "", f"| {' | '.join(HEADER)} |", "| --- | --- | --- | --- | --- |"]
    for line in lines(report, quotes):
        last = f"“{escaped(line.quote)}”" if line.quote else escaped(line.advice)
        cells = (line.item, escaped(line.name), escaped(line.asks), escaped(line.where), last)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def as_csv(report: Report, quotes: bool = True) -> str:
    """The checklist as CSV, safe against formulas."""
    from coreqcheck.report.csv import safe

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*HEADER, "Advice"))
    for line in lines(report, quotes):
        cells = (line.item, line.name, line.asks, line.where, line.quote, line.advice)
        writer.writerow([safe(c) for c in cells])
    return out.getvalue()


def as_docx(report: Report, quotes: bool = True) -> bytes:
    """The checklist as a Word file: one landscape table, grouped by domain."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(1.8))
    document.styles["Normal"].font.size = Pt(9.5)
    document.add_heading(f"{named(report)} checklist", 1)
    document.add_paragraph(BANNER).runs[0].italic = True
    table = document.add_table(rows=1, cols=len(HEADER))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, HEADER, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    _repeat_header(table.rows[0])
    before = ("", "")
    several = names(report) if len(report.guidelines) > 1 else {}
    for line in lines(report, quotes):
        if (line.guideline, line.domain) != before:
            before = line.guideline, line.domain
            of = several.get(line.guideline, "")
            title = f"{of}: {line.domain}" if of else line.domain.capitalize()
            cells = table.add_row().cells
            cells[0].merge(cells[-1]).paragraphs[0].add_run(title).bold = True
        cells = table.add_row().cells
        for cell, text in zip(cells, (line.item, line.name, line.asks, line.where), strict=False):
            cell.text = _clean(text)
        _last_cell(cells[4], line)
    _widths(table, (Cm(1.2), Cm(4), Cm(6), Cm(4.5), Cm(10.3)))
    return _saved(document)


def _last_cell(cell: object, line: Line) -> None:
    paragraph = cell.paragraphs[0]  # type: ignore[attr-defined]
    if line.quote:
        paragraph.add_run(f"“{_clean(line.quote)}”")
    elif line.advice:
        paragraph.add_run(_clean(line.advice)).italic = True


def _repeat_header(row: object) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()  # type: ignore[attr-defined]
    properties.append(OxmlElement("w:tblHeader"))


def _widths(table: object, widths: tuple[object, ...]) -> None:
    table.autofit = False  # type: ignore[attr-defined]
    for column, width in zip(table.columns, widths, strict=True):  # type: ignore[attr-defined]
        column.width = width
    for row in table.rows:  # type: ignore[attr-defined]
        if len(set(row.cells)) == len(widths):
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width


def _clean(text: str) -> str:
    """Text without characters that XML does not allow."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)


def _saved(document: object) -> bytes:
    from datetime import datetime

    # The same input gives the same bytes: no time of writing.
    properties = document.core_properties  # type: ignore[attr-defined]
    properties.created = properties.modified = datetime(2000, 1, 1)
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


# --- a journal's own form


def into_template(report: Report, template: bytes, quotes: bool = True) -> bytes:
    """A journal's blank form (DOCX) with its answers filled in and its look undisturbed.

    Only the main text changes, and a last line says who filled it in.

    In a table the last empty cell of an item's row takes the answer; where the form is a list,
    the answer is put behind the item. Items are known by their names, as forms renumber them.

    Raises:
        UsageError: the file is no DOCX, or no item of the guideline was found in it.
    """
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(io.BytesIO(template))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError):
        raise UsageError("the template is no DOCX file; save the form as .docx") from None
    answers = {_key(line.name): line for line in lines(report, quotes)}
    filled = _fill_tables(document, answers) or _fill_paragraphs(document, answers)
    if not filled:
        raise UsageError(
            f"no {named(report)} item was found in the template; is it the right form?"
        )
    document.add_paragraph().add_run(BANNER).italic = True
    part = document.part
    return written(template, {str(part.partname).lstrip("/"): xml(part.element)})


def _key(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower().replace("audio/visual", ""))


def _line_for(text: str, answers: dict[str, Line]) -> Line | None:
    """The item that a cell or paragraph names at its start."""
    name = _key(re.sub(r"^\W*[A-Z]?\d{1,2}\s*[.):]?\s*", "", text.split("?")[0].split(":")[0]))
    if not name:
        return None
    if name in answers:
        return answers[name]
    return next(
        (line for key, line in answers.items() if len(key) > 7 and name.startswith(key)), None
    )


def _fill_tables(document: object, answers: dict[str, Line]) -> int:
    filled = 0
    for table in document.tables:  # type: ignore[attr-defined]
        for row in table.rows:
            cells = list(dict.fromkeys(row.cells))
            found = (_line_for(cell.text, answers) for cell in cells[:3])
            line = next((x for x in found if x is not None), None)
            empty = [c for c in cells if not c.text.strip()]
            if line is None or not empty:
                continue
            paragraph = empty[-1].paragraphs[0]
            paragraph.add_run(_clean(line.where))
            filled += 1
    return filled


def _fill_paragraphs(document: object, answers: dict[str, Line]) -> int:
    filled = 0
    for paragraph in document.paragraphs:  # type: ignore[attr-defined]
        line = _line_for(paragraph.text, answers)
        if line is None:
            continue
        filled += 1
        if line.where:
            run = paragraph.add_run(f" {_clean(line.where)}")
            run.bold = True
    return filled
