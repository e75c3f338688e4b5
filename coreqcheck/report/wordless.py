"""A report that carries no word of its manuscript, for what must not leave the house.

Not each renderer but the report itself is emptied: whatever shows it, there is nothing to leak.
Places, numbers, levels and what the rules say stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from coreqcheck.model import (
    Answer,
    Assessment,
    Diagnostic,
    Document,
    Finding,
    Manuscript,
    Meta,
    Quotation,
    Report,
    Section,
    SectionKind,
    Sentence,
)

_SAID = "the author's word"
_KINDS = {SectionKind.FRONT: "Title page", SectionKind.OTHER: "Another section"}


def without_words(report: Report) -> Report:
    """The report with every text that comes from the manuscript taken out.

    Sections go by what they are about, participants by numbers. A finding whose message would
    hold words or numbers of the manuscript has its rule's name as its message.
    """
    if report.manuscript is None:
        return report
    titles = [s.title for s in report.manuscript.sections if s.title.strip()]
    messages = _messages()
    return replace(
        report,
        manuscript=_manuscript(report.manuscript),
        assessments=tuple(_item(a, titles) for a in report.assessments),
        findings=tuple(_finding(f, messages) for f in report.findings),
        set_aside=tuple(_finding(f, messages) for f in report.set_aside),
        diagnostics=tuple(_diagnostic(d) for d in report.diagnostics),
    )


@cache
def _messages() -> Mapping[str, str]:
    """For each check what may be said: its message if that is fixed, else its name."""
    from coreqcheck.language.cache import cached_rules

    return {
        rule.check: f"{rule.name}." if "{" in rule.message else rule.message
        for rule in cached_rules().consistency
    }


def _finding(finding: Finding, messages: Mapping[str, str]) -> Finding:
    plain = f"{finding.check.replace('-', ' ').capitalize()}."
    return replace(
        finding,
        message=messages.get(finding.check, plain),
        places=tuple(replace(p, quote="") for p in finding.places),
        answer=_answer(finding.answer),
        set_aside=_SAID if finding.answer is not None else finding.set_aside,
    )


def _item(item: Assessment, titles: Sequence[str]) -> Assessment:
    note = item.note
    for title in titles:
        note = note.replace(f" ({title})", "")
    if item.answer is not None:
        note = f"{_SAID.capitalize()}, not found in the text."
    return replace(item, note=note, answer=_answer(item.answer))


def _answer(answer: Answer | None) -> Answer | None:
    """An author's word often stands in the manuscript itself."""
    return None if answer is None else replace(answer, reason="…", quote="")


def _diagnostic(diagnostic: Diagnostic) -> Diagnostic:
    """Between quotation marks a message repeats the manuscript; so may one on an answer."""
    if diagnostic.code.startswith("answer."):
        return replace(diagnostic, message="an answer is not used, or not understood")
    message = re.sub(r"“[^”]*”|\"[^\"]*\"", "“…”", diagnostic.message)
    return replace(diagnostic, message=message)


def _manuscript(manuscript: Manuscript) -> Manuscript:
    return replace(
        manuscript,
        document=_document(manuscript.document),
        sections=tuple(_section(s) for s in manuscript.sections),
        sentences=tuple(_sentence(s) for s in manuscript.sentences),
        quotations=_quotations(manuscript.quotations),
        authors=(),
    )


def _document(document: Document) -> Document:
    meta = document.meta
    kept = Meta(
        language=meta.language,
        pages=meta.pages,
        tracked_changes=meta.tracked_changes,
        files=meta.files,
    )
    return replace(document, text=re.sub(r"\S", "·", document.text), meta=kept)


def _section(section: Section) -> Section:
    return replace(section, title=_KINDS.get(section.kind, section.kind.capitalize()))


def _sentence(sentence: Sentence) -> Sentence:
    return replace(sentence, words=("·",) * len(sentence.words))


def _quotations(quotations: Sequence[Quotation]) -> tuple[Quotation, ...]:
    """One number for each speaker, in the order of first quotation."""
    named = dict.fromkeys(q.identifier for q in quotations if q.identifier)
    numbers = {name: f"participant {n}" for n, name in enumerate(named, 1)}
    return tuple(
        replace(
            q,
            label=None,
            label_span=None,
            identifier=numbers[q.identifier] if q.identifier else None,
            attributes=(),
        )
        for q in quotations
    )
