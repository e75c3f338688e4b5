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
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from coreqcheck.engine.ledger import Entry, ledger
from coreqcheck.model import (
    UNSEARCHED,
    Assessment,
    Block,
    Evidence,
    Finding,
    FindingPlace,
    Level,
    Manuscript,
    Report,
    Role,
    Severity,
    Span,
)
from coreqcheck.report.formats import RenderOptions
from coreqcheck.report.homes import fits
from coreqcheck.report.levels import LABELS
from coreqcheck.report.places import location
from coreqcheck.version import __version__

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).parent / "templates"
SHAPES = {
    Level.REPORTED: "●",
    Level.PARTIAL: "◐",
    Level.DECLARED: "◇",
    Level.ABSENT: "○",
    Level.NOT_APPLICABLE: "–",
}
WEIGHTS = {
    Severity.ERROR: "contradiction",
    Severity.WARNING: "please check",
    Severity.NOTE: "worth a look",
}
_REWORDED = ", put in another way"
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

    number: str
    guideline: str
    item: int
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
    fits: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding with its sides."""

    number: int
    name: str
    severity: str
    weight: str
    message: str
    sides: tuple[QuoteView, ...]
    advice: str
    innocent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a block: plain, or marked for items and findings.

    ``anchor`` when a mark starts here; ``within`` are the anchors of all marks that cover it.
    """

    text: str
    items: tuple[str, ...] = ()
    findings: tuple[int, ...] = ()
    anchor: str = ""
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block of the manuscript as the page shows it: a tag, and pieces or cells of pieces."""

    tag: str
    role: str
    pieces: tuple[Piece, ...] = ()
    cells: tuple[tuple[Piece, ...], ...] = ()
    items: tuple[str, ...] = ()
    findings: tuple[int, ...] = ()
    quiet: bool = False


def render(reports: Sequence[Report], options: RenderOptions) -> str:
    """One page for all reports."""
    return _template().render(
        documents=[_document(r, n, options) for n, r in enumerate(reports)],
        style=_part("report.css"),
        script=_part("report.js"),
        policy=policy(),
        version=__version__,
        rules=options.digest,
        quotes=options.quotes,
    )


def policy() -> str:
    """The content policy of the page: its own style and script by their digests, nothing else."""
    return (
        f"default-src 'none'; style-src '{_digest('report.css')}'; "
        f"script-src '{_digest('report.js')}'; base-uri 'none'; form-action 'none'"
    )


@cache
def _part(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")


@cache
def _digest(name: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(_part(name).encode()).digest()).decode()}"


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
    items = [_item(a, report, prefix) for a in report.assessments]
    findings = [_finding(f, n, manuscript, prefix) for n, f in enumerate(report.findings, 1)]
    return {
        "path": report.path,
        "error": None,
        "prefix": prefix,
        "title": (manuscript.document.meta.title or "").strip() or report.path,
        "verdict": report.applicability.verdict.replace("-", " "),
        "why": report.applicability.why,
        "counts": counts(report.assessments),
        "boards": _boards(report, items),
        "findings": findings,
        "ledger": [_entry(e, manuscript, prefix) for e in ledger(manuscript)],
        "blocks": _blocks(report, prefix) if options.quotes else [],
        "set_aside": [(f.message, f.set_aside) for f in report.set_aside],
        "diagnostics": [d.message for d in report.diagnostics],
        "pages": manuscript.document.meta.pages,
        "words": sum(len(s.words) for s in manuscript.sentences),
    }


def counts(assessments: Iterable[Assessment]) -> list[tuple[str, str, int]]:
    """How many items have each level that occurs: shape, words, number."""
    decided = [a for a in assessments if a.decided and not a.set_aside]
    found = [(SHAPES[lv], LABELS[lv], sum(a.level is lv for a in decided)) for lv in LABELS]
    return [row for row in found if row[2]]


def _boards(
    report: Report, items: Sequence[ItemView]
) -> list[tuple[str, int, list[tuple[str, list[ItemView]]]]]:
    """For each guideline its name, the number of its items, and the items by domain."""
    boards = []
    for guideline in report.guidelines:
        pairs = [
            (a, i)
            for a, i in zip(report.assessments, items, strict=True)
            if a.guideline == guideline.key
        ]
        domains = _domains([a for a, _ in pairs], [i for _, i in pairs])
        boards.append((guideline.name, len(pairs), domains))
    return [board for board in boards if board[1]]


def _domains(
    assessments: Sequence[Assessment], items: Sequence[ItemView]
) -> list[tuple[str, list[ItemView]]]:
    grouped: dict[str, list[ItemView]] = {}
    for assessment, item in zip(assessments, items, strict=True):
        grouped.setdefault(assessment.domain, []).append(item)
    return list(grouped.items())


_FEWEST_SEEN = 5


def sureness(evidence: Sequence[Evidence]) -> str:
    """How often evidence like the first piece was right, in words."""
    if not evidence:
        return ""
    right, seen = evidence[0].right, evidence[0].seen
    if seen < _FEWEST_SEEN:
        return "How often such evidence is right has not been measured: look at it yourself."
    if right == seen:
        return f"Such evidence was right in all {seen} labelled manuscripts that had it."
    return f"Such evidence was right in {right} of the {seen} labelled manuscripts that had it."


def _item(assessment: Assessment, report: Report, prefix: str) -> ItemView:
    manuscript = report.manuscript
    assert manuscript is not None
    quotes = tuple(
        QuoteView(
            manuscript.quote(e.span),
            location(e.span, manuscript),
            _anchor(prefix, e.span),
        )
        for e in assessment.evidence[:MARKED]
    )
    return ItemView(
        number=assessment.label,
        guideline=assessment.guideline,
        item=assessment.item,
        name=assessment.name,
        asks=assessment.asks,
        level=str(assessment.level),
        label=LABELS[assessment.level],
        shape=SHAPES[assessment.level],
        judgement=assessment.judgement,
        decided=assessment.decided,
        quotes=quotes,
        missing=missing(assessment),
        advice=assessment.advice,
        example=assessment.example,
        note=assessment.note
        or (assessment.set_aside and f"Does not count: {assessment.set_aside}."),
        sureness=sureness(assessment.evidence),
        fits=fits(assessment, manuscript, report.assessments),
    )


def missing(assessment: Assessment) -> tuple[str, ...]:
    """What was not located, each once; another wording of the same is nothing more to ask for."""
    labels = dict.fromkeys(assessment.missing)
    plain = tuple(label for label in labels if not label.endswith(_REWORDED))
    return plain or tuple(labels)


def _finding(finding: Finding, number: int, manuscript: Manuscript, prefix: str) -> FindingView:
    return FindingView(
        number=number,
        name=finding.check.replace("-", " "),
        severity=str(finding.severity),
        weight=WEIGHTS[finding.severity],
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
    item: str = ""
    finding: int = 0


def _blocks(report: Report, prefix: str) -> list[BlockView]:
    manuscript = report.manuscript
    assert manuscript is not None
    marks = sorted(_marks(report), key=lambda m: m.span)
    placed: set[str] = set()
    views = []
    above: list[int] = []  # the levels of the headings that the text stands under
    for block in manuscript.document.blocks:
        near = [m for m in marks if m.span.overlaps(block.span)]
        if block.role is Role.HEADING:
            above = [*(level for level in above if level < block.level), block.level]
        depth = min(2 + len(above), 6)  # no level may be skipped
        views.append(_block(block, near, manuscript.text, _Page(prefix, placed, depth)))
    return views


def _marks(report: Report) -> Iterable[_Mark]:
    for assessment in report.assessments:
        for evidence in assessment.evidence[:MARKED]:
            yield _Mark(evidence.span, item=assessment.label)
    for number, finding in enumerate(report.findings, 1):
        for place in finding.places:
            yield _Mark(place.span, finding=number)
    assert report.manuscript is not None
    for entry in ledger(report.manuscript):
        yield _Mark(entry.quotations[0].span)


@dataclass(frozen=True, slots=True)
class _Page:
    """Where a block goes: ``placed`` are the anchors that the page has, ``depth`` of a heading."""

    prefix: str
    placed: set[str]
    depth: int


def _block(block: Block, marks: Sequence[_Mark], text: str, page: _Page) -> BlockView:
    items = _labels(marks)
    findings = tuple(sorted({m.finding for m in marks if m.finding}))
    quiet = block.role in UNSEARCHED
    role = str(block.role)
    if block.cells:
        cells = tuple(_pieces(cell, marks, text, page) for cell in block.cells)
        return BlockView("tr", role, (), cells, items, findings, quiet)
    empty = not text[block.span.start : block.span.end].strip()
    tag = f"h{page.depth}" if block.role is Role.HEADING and not empty else "p"
    if block.role is Role.BLOCK_QUOTE:
        tag = "blockquote"
    pieces = _pieces(block.span, marks, text, page)
    return BlockView(tag, role, pieces, (), items, findings, quiet)


def _labels(marks: Iterable[_Mark]) -> tuple[str, ...]:
    """The items of the marks in the order of their numbers."""
    return tuple(sorted({m.item for m in marks if m.item}, key=lambda label: (len(label), label)))


def _pieces(span: Span, marks: Sequence[_Mark], text: str, page: _Page) -> tuple[Piece, ...]:
    """The stretch cut at the ends of its marks; the first piece of a mark carries its anchor."""
    cuts = {span.start, span.end}
    for mark in marks:
        cuts |= {max(mark.span.start, span.start), min(mark.span.end, span.end)}
    ends = sorted(c for c in cuts if span.start <= c <= span.end)
    return tuple(_piece(Span(low, high), marks, text, page) for low, high in pairwise(ends))


def _piece(span: Span, marks: Sequence[_Mark], text: str, page: _Page) -> Piece:
    over = [m for m in marks if m.span.overlaps(span)]
    within = tuple(dict.fromkeys(_anchor(page.prefix, m.span) for m in over))
    anchor = next((a for a in reversed(within) if a not in page.placed), "")
    page.placed.add(anchor)
    return Piece(
        text=text[span.start : span.end],
        items=_labels(over),
        findings=tuple(sorted({m.finding for m in over if m.finding})),
        anchor=anchor,
        within=within,
    )
