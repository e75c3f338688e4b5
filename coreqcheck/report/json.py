"""The JSON report: the contract that other programs measure through (design, section 5)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from coreqcheck.engine.ledger import Entry, ledger
from coreqcheck.model import (
    Answer,
    Assessment,
    Evidence,
    Finding,
    FindingPlace,
    Manuscript,
    Report,
    Span,
)
from coreqcheck.report.formats import RenderOptions
from coreqcheck.report.homes import fits
from coreqcheck.version import __version__

SCHEMA = "coreqcheck-report/1"


def render(reports: Iterable[Report], options: RenderOptions) -> str:
    """All reports as one JSON text; the same input gives the same bytes."""
    data = {
        "schema": SCHEMA,
        "tool": {"name": "coreqcheck", "version": __version__, "rules": options.digest},
        "documents": [document(report, options.quotes) for report in reports],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def document(report: Report, quotes: bool = True) -> dict[str, Any]:
    """One entry of ``documents``; without ``quotes`` no sentence of the manuscript is in it."""
    if report.manuscript is None or report.applicability is None:
        code, message = report.error or ("unknown", "could not be read")
        return {"path": report.path, "error": {"code": code, "message": message}}
    if not quotes:
        from coreqcheck.report.wordless import without_words

        report = without_words(report)
    manuscript = report.manuscript
    assert manuscript is not None
    assert report.applicability is not None
    source = manuscript.document
    others = report.assessments
    return {
        "path": report.path,
        "format": source.format,
        "sha256": source.sha256,
        "words": sum(len(s.words) for s in manuscript.sentences),
        "pages": source.meta.pages,
        "title": source.meta.title if quotes else None,
        "language": source.meta.language,
        "applicability": {
            "verdict": str(report.applicability.verdict),
            "why": report.applicability.why,
        },
        "items": [_item(a, manuscript, quotes, others) for a in others],
        "findings": [_finding(f, manuscript, quotes) for f in report.findings],
        "set_aside": [_finding(f, manuscript, quotes) for f in report.set_aside],
        "ledger": [_entry(e, quotes) for e in ledger(manuscript)],
        "diagnostics": [
            {"code": d.code, "level": d.level, "message": d.message} for d in report.diagnostics
        ],
    }


def _entry(entry: Entry, quotes: bool) -> dict[str, Any]:
    """One participant of the ledger: how often quoted, and what the labels say."""
    attributes = dict.fromkeys(a for q in entry.quotations for a in q.attributes)
    return {
        "identifier": entry.identifier,
        "labels": list(entry.labels) if quotes else [],
        "quotations": len(entry.quotations),
        "attributes": list(attributes) if quotes else [],
    }


def _item(
    assessment: Assessment, manuscript: Manuscript, quotes: bool, others: Sequence[Assessment]
) -> dict[str, Any]:
    return {
        "item": assessment.item,
        "label": assessment.label,
        "name": assessment.name,
        "level": str(assessment.level),
        "confidence": assessment.confidence,
        "judgement": assessment.judgement,
        "guideline": assessment.guideline,
        "decided": assessment.decided,
        "severity": str(assessment.severity) if assessment.severity else None,
        "evidence": [_evidence(e, manuscript, quotes) for e in assessment.evidence],
        "missing": list(assessment.missing),
        "advice": assessment.advice,
        "fits": fits(assessment, manuscript, others) or None,
        "note": assessment.note,
        "answer": _answer(assessment.answer),
        "set_aside": assessment.set_aside or None,
    }


def _answer(answer: Answer | None) -> dict[str, Any] | None:
    """An author's word; "accepted" is what is said of a finding."""
    if answer is None:
        return None
    level = str(answer.level) if answer.level else "accepted"
    return {"level": level, "reason": answer.reason, "where": answer.where}


def _evidence(evidence: Evidence, manuscript: Manuscript, quotes: bool) -> dict[str, Any]:
    return {
        "part": evidence.part,
        "quote": manuscript.quote(evidence.span) if quotes else "",
        **_place(evidence.span, manuscript),
        "start": evidence.span.start,
        "end": evidence.span.end,
        "confidence": evidence.confidence,
        "right": evidence.right,
        "seen": evidence.seen,
    }


def _place(span: Span, manuscript: Manuscript) -> dict[str, Any]:
    place = manuscript.place(span)
    return {
        "file": place.file or manuscript.document.path,
        "page": place.page,
        "printed_page": place.printed_page,
        "section": place.section,
        "line": place.line,
        "paragraph": place.paragraph,
    }


def _finding(finding: Finding, manuscript: Manuscript, quotes: bool) -> dict[str, Any]:
    return {
        "check": finding.check,
        "kind": finding.kind,
        "severity": str(finding.severity),
        "message": finding.message,
        "places": [_finding_place(p, manuscript, quotes) for p in finding.places],
        "advice": finding.advice,
        "innocent": list(finding.innocent),
        "answer": _answer(finding.answer),
        "set_aside": finding.set_aside or None,
    }


def _finding_place(one: FindingPlace, manuscript: Manuscript, quotes: bool) -> dict[str, Any]:
    return {
        "quote": one.quote if quotes else "",
        "source": one.source,
        **_place(one.span, manuscript),
        "start": one.span.start,
        "end": one.span.end,
    }
