"""The report for a person at a terminal: problems first, each with its evidence and one advice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from coreqcheck.model import (
    Applicability,
    Assessment,
    Finding,
    Level,
    Manuscript,
    Report,
    Severity,
    Span,
    Verdict,
)
from coreqcheck.report.formats import RenderOptions
from coreqcheck.report.guides import named
from coreqcheck.report.homes import fits
from coreqcheck.report.levels import LABELS
from coreqcheck.report.lines import Line, Piece, line, plain, styled
from coreqcheck.report.places import location, own_file

SHOWN = 3
_MARKS = {
    Level.REPORTED: "✓",
    Level.PARTIAL: "◐",
    Level.DECLARED: "–",
    Level.ABSENT: "·",
    Level.NOT_APPLICABLE: "n/a",
}
_STYLES = {
    Level.REPORTED: "green",
    Level.PARTIAL: "yellow",
    Level.DECLARED: "cyan",
    Level.ABSENT: "red",
    Level.NOT_APPLICABLE: "",
}
_WEIGHTS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold"}
_INTRO = {
    Verdict.ABSTRACT_ONLY: "This looks like an abstract only: most items cannot be decided.",
    Verdict.OTHER: "This does not look like a report of interviews or focus groups: {} may not "
    "apply, and what was not located could not be decided.",
    Verdict.UNCERTAIN: "It is uncertain whether this reports interviews or focus groups.",
    Verdict.INTERVIEW: "",
}


def render(reports: Sequence[Report], options: RenderOptions) -> str:
    """The text for all reports; ``options.verbose`` shows the reported items too.

    With ``options.quiet`` only the path, findings, items and diagnostics of the reports; with
    ``options.color`` styled, and with links to the places where ``options.links``.
    """
    return "\n".join(one(report, options) for report in reports)


def one(report: Report, options: RenderOptions) -> str:
    """The text for one report, ending in a newline."""
    lines = list(_lines(report, options))
    if options.color:
        return styled(lines, options.width, options.links)
    return plain(lines, options.width)


def _lines(report: Report, options: RenderOptions) -> Iterator[Line]:
    if report.manuscript is None or report.applicability is None:
        message = report.error[1] if report.error else "could not be read"
        yield line(f"{report.path}: {message}")
        return
    yield line(report.path, style="bold")
    yield line("=" * min(len(report.path), options.width))
    if not options.quiet:
        yield from _kind(report.applicability, named(report))
        yield from _counts_of(report)
    yield from _findings(report, options)
    for level in (Level.ABSENT, Level.PARTIAL, Level.DECLARED, Level.REPORTED):
        if options.verbose or level in {Level.ABSENT, Level.PARTIAL}:
            yield from _items(report, level, options)
    yield from _answers(report)
    yield from _set_aside(report)
    yield from _diagnostics(report)
    if not options.quiet:
        yield line(
            "“Not located” means that no such statement was found, not that it is missing. "
            f"{named(report)} {'asks' if len(report.guidelines) == 1 else 'ask'} what is reported, "
            "not how good a study is."
        )


def _kind(applicability: Applicability, guidelines: str) -> Iterator[Line]:
    if _INTRO[applicability.verdict]:
        yield line(_INTRO[applicability.verdict].format(guidelines))
        yield line(applicability.why, 2)


def _counts_of(report: Report) -> Iterator[Line]:
    """How many items have each level, for each guideline when there are several."""
    if len(report.guidelines) < 2:
        yield from _counts(report.assessments)
        return
    for guideline in report.guidelines:
        own = [a for a in report.assessments if a.guideline == guideline.key]
        yield from _counts(own, f"{guideline.name}, ")


def _counts(assessments: Iterable[Assessment], of: str = "") -> Iterator[Line]:
    items = [a for a in assessments if not a.set_aside]
    if not items:
        return
    count = {level: sum(a.level is level for a in items if a.decided) for level in Level}
    undecided = sum(not a.decided for a in items)
    parts = [
        Piece(f"{count[level]} {LABELS[level]}", _STYLES[level]) for level in LABELS if count[level]
    ]
    if undecided:
        parts.append(Piece(f"{undecided} could not be decided"))
    pieces = [Piece(f"{of}{len(items)} items: ")]
    for number, part in enumerate(parts):
        pieces += [Piece(", "), part] if number else [part]
    yield Line((*pieces, Piece(".")))
    yield Line()


def _findings(report: Report, options: RenderOptions) -> Iterator[Line]:
    if report.findings:
        yield line("Statements that do not agree", style="bold underline")
        yield Line()
    for finding in report.findings:
        yield from _finding(finding, report, options)


def _finding(finding: Finding, report: Report, options: RenderOptions) -> Iterator[Line]:
    assert report.manuscript is not None
    yield Line(
        (
            Piece("! ", _WEIGHTS[finding.severity]),
            Piece(finding.message, "bold"),
            Piece(f" [{finding.check}, {finding.severity}]"),
        )
    )
    for place in finding.places:
        where = "checklist" if place.source == "checklist" else ""
        yield from _quote(place.quote, place.span, report.manuscript, options, where)
    if finding.innocent:
        yield line("May be right if: " + "; ".join(finding.innocent) + ".", 4)
    if finding.advice:
        yield line(finding.advice, 4)
    yield Line()


def _items(report: Report, level: Level, options: RenderOptions) -> Iterator[Line]:
    assert report.manuscript is not None
    asked = [a for a in report.assessments if not a.set_aside and a.answer is None]
    items = [a for a in asked if a.level is level]
    if not items:
        return
    yield line(LABELS[level].capitalize(), style="bold underline")
    yield Line()
    for item in items:
        yield from _item(item, report, options)
    yield Line()


def _item(item: Assessment, report: Report, options: RenderOptions) -> Iterator[Line]:
    manuscript = report.manuscript
    assert manuscript is not None
    doubt = "" if item.decided else " (could not be decided)"
    judged = " (a reader must judge)" if item.judgement else ""
    name = Piece(f"{item.label:>2} {item.name}", "bold")
    mark = Piece(f"{_MARKS[item.level]} ", _STYLES[item.level])
    yield Line((mark, name, Piece(f"{judged}{doubt}")))
    for evidence in item.evidence[:SHOWN]:
        quote = manuscript.quote(evidence.span)
        yield from _quote(quote, evidence.span, manuscript, options)
    if item.note:
        yield line(item.note, 4)
    if item.decided and item.advice:
        yield line(f"→ {item.advice}", 4)
        where = fits(item, manuscript, report.assessments) if options.verbose else ""
        if where:
            yield line(where, 6)


def _quote(
    quote: str, span: Span, manuscript: Manuscript, options: RenderOptions, where: str = ""
) -> Iterator[Line]:
    at = where or location(span, manuscript)
    place = Piece(f"({at})", "cyan", "" if where else _link(span, manuscript))
    if options.quotes:
        yield Line((Piece(f"“{quote}”"), Piece(" "), place) if at else (Piece(f"“{quote}”"),), 4)
    elif at:
        yield Line((place,), 4)


def _link(span: Span, manuscript: Manuscript) -> str:
    """The file with the line, or the page, that a terminal's link opens."""
    place = manuscript.place(span)
    path = Path(own_file(place) or manuscript.document.path).absolute()
    if place.page is not None:
        return f"{path.as_uri()}#page={place.page}"
    return f"{path.as_uri()}#{place.line}" if place.line is not None else path.as_uri()


def _answers(report: Report) -> Iterator[Line]:
    """What stands there on the author's word alone."""
    items = [a for a in report.assessments if a.answer is not None]
    accepted = [f for f in report.set_aside if f.answer is not None]
    if not items and not accepted:
        return
    yield line("On the author's word", style="bold underline")
    yield Line()
    for item in items:
        yield line(f"{_MARKS[item.level]} {item.label:>2} {item.name}")
        yield line(item.note, 4)
    for finding in accepted:
        yield line(f"! {finding.message} [{finding.check}]")
        yield line(f"{finding.set_aside[:1].upper()}{finding.set_aside[1:]}", 4)
    yield Line()


def _set_aside(report: Report) -> Iterator[Line]:
    """How much does not count, and why."""
    aside = [f.set_aside for f in report.set_aside if f.answer is None]
    counted = Counter(("finding", why) for why in aside)
    counted.update(("item", a.set_aside) for a in report.assessments if len(a.set_aside) > 1)
    for (what, why), count in counted.items():
        yield line(f"{count} {what}{'' if count == 1 else 's'} set aside: {why}.")
    if counted:
        yield Line()


def _diagnostics(report: Report) -> Iterator[Line]:
    shown = [d for d in report.diagnostics if d.level == "warning"]
    if not shown:
        return
    yield line("About the reading", style="bold underline")
    yield Line()
    for diagnostic in shown:
        yield line(f"- {diagnostic.message} [{diagnostic.code}]")
    yield Line()
