"""The HTML report: one self-contained page with the board, the findings, and the marked text.

Manuscript text is untrusted: it only ever reaches the page through autoescape, and the page's
content policy lets nothing run but its own script, and nothing load.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from coreqcheck.engine.ledger import Entry, ledger
from coreqcheck.model import (
    UNSEARCHED,
    Assessment,
    Block,
    Finding,
    FindingPlace,
    Level,
    Manuscript,
    Report,
    Role,
    Span,
)
from coreqcheck.report.formats import RenderOptions
from coreqcheck.report.places import location
from coreqcheck.version import __version__

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).parent / "templates"
LABELS = {
    Level.REPORTED: "reported",
    Level.PARTIAL: "partly reported",
    Level.DECLARED: "said not to have been done",
    Level.ABSENT: "not located",
    Level.NOT_APPLICABLE: "not applicable",
}
SHAPES = {
    Level.REPORTED: "●",
    Level.PARTIAL: "◐",
    Level.DECLARED: "◇",
    Level.ABSENT: "○",
    Level.NOT_APPLICABLE: "–",
}
MARKED = 3
"""Pieces of evidence of one item that are marked in the text."""


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quotation with its place and the anchor of its sentence in the text."""

    text: str
    where: str
    anchor: str
    source: str = "manuscript"


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item of the board."""

    number: int
    name: str
    asks: str
    level: str
    label: str
    shape: str
    judgement: bool
    decided: bool
    quotes: tuple[QuoteView, ...]
    missing: tuple[str, ...]
    advice: str
    example: str
    note: str
    sureness: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding with its sides."""

    number: int
    name: str
    severity: str
    message: str
    sides: tuple[QuoteView, ...]
    advice: str
    innocent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a block: plain, or marked for items and findings."""

    text: str
    items: tuple[int, ...] = ()
    findings: tuple[int, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block of the manuscript as the page shows it: a tag, and pieces or cells of pieces."""

    tag: str
    role: str
    pieces: tuple[Piece, ...] = ()
    cells: tuple[tuple[Piece, ...], ...] = ()
    items: tuple[int, ...] = ()
    quiet: bool = False


def render(reports: Sequence[Report], options: RenderOptions) -> str:
    """One page for all reports."""
    script = (TEMPLATES / "report.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _template().render(
        documents=[_document(r, n, options) for n, r in enumerate(reports)],
        style=(TEMPLATES / "report.css").read_text("utf-8"),
        script=script,
        script_digest=f"sha256-{digest}",
        version=__version__,
        rules=options.digest,
        quotes=options.quotes,
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def _document(report: Report, number: int, options: RenderOptions) -> dict[str, object]:
    """What the template shows of one report."""
    if report.manuscript is None or report.applicability is None:
        message = report.error[1] if report.error else "could not be read"
        return {"path": report.path, "error": message, "prefix": f"d{number}"}
    prefix = f"d{number}"
    manuscript = report.manuscript
    items = [_item(a, manuscript, prefix) for a in report.assessments]
    findings = [_finding(f, n, manuscript, prefix) for n, f in enumerate(report.findings, 1)]
    return {
        "path": report.path,
        "error": None,
        "prefix": prefix,
        "title": manuscript.document.meta.title or report.path,
        "verdict": report.applicability.verdict.replace("-", " "),
        "why": report.applicability.why,
        "counts": _counts(report.assessments),
        "domains": _domains(report.assessments, items),
        "findings": findings,
        "ledger": [_entry(e, manuscript, prefix) for e in ledger(manuscript)],
        "blocks": _blocks(report, prefix) if options.quotes else [],
        "diagnostics": [d.message for d in report.diagnostics],
        "pages": manuscript.document.meta.pages,
        "words": sum(len(s.words) for s in manuscript.sentences),
    }


def _counts(assessments: Iterable[Assessment]) -> list[tuple[str, str, int]]:
    decided = [a for a in assessments if a.decided]
    found = [
        (SHAPES[lv], LABELS[lv], sum(a.level is lv for a in decided)) for lv in LABELS
    ]
    return [row for row in found if row[2]]


def _domains(
    assessments: Sequence[Assessment], items: Sequence[ItemView]
) -> list[tuple[str, list[ItemView]]]:
    grouped: dict[str, list[ItemView]] = {}
    for assessment, item in zip(assessments, items, strict=True):
        grouped.setdefault(assessment.domain, []).append(item)
    return list(grouped.items())


def sureness(confidence: float) -> str:
    """A confidence in words."""
    if confidence >= 0.9:
        return "nearly always right"
    if confidence >= 0.75:
        return "mostly right"
    return "look at it yourself"


def _item(assessment: Assessment, manuscript: Manuscript, prefix: str) -> ItemView:
    quotes = tuple(
        QuoteView(
            manuscript.quote(e.span),
            location(e.span, manuscript),
            _anchor(prefix, e.span),
        )
        for e in assessment.evidence[:MARKED]
    )
    return ItemView(
        number=assessment.item,
        name=assessment.name,
        asks=assessment.asks,
        level=str(assessment.level),
        label=LABELS[assessment.level],
        shape=SHAPES[assessment.level],
        judgement=assessment.judgement,
        decided=assessment.decided,
        quotes=quotes,
        missing=assessment.missing,
        advice=assessment.advice,
        example=assessment.example,
        note=assessment.note,
        sureness=sureness(assessment.confidence) if assessment.evidence else "",
    )


def _finding(finding: Finding, number: int, manuscript: Manuscript, prefix: str) -> FindingView:
    return FindingView(
        number=number,
        name=finding.check.replace("-", " "),
        severity=str(finding.severity),
        message=finding.message,
        sides=tuple(_side(p, manuscript, prefix) for p in finding.places),
        advice=finding.advice,
        innocent=finding.innocent,
    )


def _side(place: FindingPlace, manuscript: Manuscript, prefix: str) -> QuoteView:
    where = "checklist" if place.source == "checklist" else location(place.span, manuscript)
    return QuoteView(place.quote, where, _anchor(prefix, place.span), place.source)


def _entry(entry: Entry, manuscript: Manuscript, prefix: str) -> dict[str, object]:
    attributes = dict.fromkeys(a for q in entry.quotations for a in q.attributes)
    return {
        "identifier": entry.identifier,
        "labels": ", ".join(entry.labels),
        "count": len(entry.quotations),
        "attributes": ", ".join(attributes),
        "anchor": _anchor(prefix, entry.quotations[0].span),
    }


def _anchor(prefix: str, span: Span) -> str:
    return f"{prefix}-t{span.start}"


# --- the manuscript's text with its marks


@dataclass(frozen=True, slots=True)
class _Mark:
    span: Span
    item: int = 0
    finding: int = 0
    anchored: bool = True


def _blocks(report: Report, prefix: str) -> list[BlockView]:
    manuscript = report.manuscript
    assert manuscript is not None
    marks = sorted(_marks(report), key=lambda m: m.span)
    views = []
    for block in manuscript.document.blocks:
        near = [m for m in marks if m.span.overlaps(block.span)]
        views.append(_block(block, near, manuscript.text, prefix))
    return views


def _marks(report: Report) -> Iterable[_Mark]:
    for assessment in report.assessments:
        for evidence in assessment.evidence[:MARKED]:
            yield _Mark(evidence.span, item=assessment.item)
    for number, finding in enumerate(report.findings, 1):
        for place in finding.places:
            yield _Mark(place.span, finding=number)
    assert report.manuscript is not None
    for entry in ledger(report.manuscript):
        yield _Mark(entry.quotations[0].span)


def _block(block: Block, marks: Sequence[_Mark], text: str, prefix: str) -> BlockView:
    items = tuple(sorted({m.item for m in marks if m.item}))
    quiet = block.role in UNSEARCHED
    if block.cells:
        cells = tuple(_pieces(cell, marks, text, prefix) for cell in block.cells)
        return BlockView("tr", str(block.role), cells=cells, items=items, quiet=quiet)
    tag = f"h{min(max(block.level, 1) + 2, 6)}" if block.role is Role.HEADING else "p"
    if block.role is Role.BLOCK_QUOTE:
        tag = "blockquote"
    pieces = _pieces(block.span, marks, text, prefix)
    return BlockView(tag, str(block.role), pieces, items=items, quiet=quiet)


def _pieces(span: Span, marks: Sequence[_Mark], text: str, prefix: str) -> tuple[Piece, ...]:
    """The stretch cut at the ends of its marks; each start of a mark carries its anchor."""
    cuts = {span.start, span.end}
    for mark in marks:
        cuts |= {max(mark.span.start, span.start), min(mark.span.end, span.end)}
    ends = sorted(c for c in cuts if span.start <= c <= span.end)
    anchors = {m.span.start for m in marks}
    pieces = []
    for low, high in zip(ends, ends[1:], strict=False):
        over = [m for m in marks if m.span.start < high and low < m.span.end]
        pieces.append(
            Piece(
                text=text[low:high],
                items=tuple(sorted({m.item for m in over if m.item})),
                findings=tuple(sorted({m.finding for m in over if m.finding})),
                anchor=f"{prefix}-t{low}" if low in anchors else "",
            )
        )
    return tuple(pieces)

