"""A letter to the author, as an editorial office would send it: Markdown, or a Word file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from coreqcheck.model import Assessment, Finding, Level, Manuscript, Report, Severity, Verdict
from coreqcheck.report.formats import RenderOptions
from coreqcheck.report.guides import introduced
from coreqcheck.report.homes import fits
from coreqcheck.report.markdown import escaped
from coreqcheck.report.places import location

_EPOCH = datetime(2000, 1, 1)


class Look(StrEnum):
    """How a stretch of a line looks."""

    PLAIN = ""
    STRONG = "**"
    STRESSED = "*"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph (``depth`` 0) or an entry of a list at depth 1 or 2: stretches with a look."""

    stretches: tuple[tuple[str, Look], ...]
    depth: int = 0


def render(reports: Sequence[Report], options: RenderOptions) -> str | bytes:
    """One letter for each manuscript that was read; a Word file when the output ends in .docx."""
    letters = [list(_letter(r, options.quotes)) for r in reports if r.manuscript is not None]
    if options.suffix == ".docx":
        return _as_docx(letters)
    return "\n---\n\n".join(_as_markdown(lines) for lines in letters)


# --- what it says


def _letter(report: Report, quotes: bool) -> Iterator[Line]:
    assert report.manuscript is not None
    title = report.manuscript.document.meta.title if quotes else None
    named = f"“{title}”" if title else f"your manuscript ({report.path})"
    yield _said("Dear author,")
    yield _said(
        f"thank you for {named}. Before it goes to reviewers we compared it with "
        f"{introduced(report)}. A program prepared this list; it may "
        "have overlooked a statement that is there, and it does not judge your study."
    )
    if report.applicability is not None and report.applicability.verdict is not Verdict.INTERVIEW:
        yield _said(f"Please note: {report.applicability.why}")
    yield from _findings(report, quotes)
    yield from _items(
        report,
        Level.ABSENT,
        "We did not find a statement on the following. Please add one, or tell us where it stands; "
        "that something was not done is an answer too.",
    )
    yield from _items(
        report, Level.PARTIAL, "On the following we found a part. Please complete it."
    )
    yield _said("With kind regards")
    yield _said("The editorial office")


def _said(text: str, depth: int = 0) -> Line:
    return Line(((text, Look.PLAIN),), depth)


def _findings(report: Report, quotes: bool) -> Iterator[Line]:
    assert report.manuscript is not None
    serious = [f for f in report.findings if f.severity is not Severity.NOTE]
    if not serious:
        return
    yield _said("Some statements do not seem to agree with each other:")
    for finding in serious:
        yield from _finding(finding, report.manuscript, quotes)


def _finding(finding: Finding, manuscript: Manuscript, quotes: bool) -> Iterator[Line]:
    yield _said(finding.message, 1)
    for place in finding.places:
        checklist = place.source == "checklist"
        where = "checklist" if checklist else location(place.span, manuscript)
        if quotes:
            yield _said(f"“{place.quote}” ({where})" if where else f"“{place.quote}”", 2)
        elif where:
            yield _said(f"see {where}", 2)
    if finding.innocent:
        yield _said(f"This may be in order if {'; or if '.join(finding.innocent)}.", 2)
    if finding.advice:
        yield _said(finding.advice, 2)


def _items(report: Report, level: Level, intro: str) -> Iterator[Line]:
    assert report.manuscript is not None
    items = [
        a
        for a in report.assessments
        if a.level is level and a.decided and not a.judgement and not a.set_aside
    ]
    if items:
        yield _said(intro)
    for item in items:
        yield _item(item, report.manuscript, report.assessments)


def _item(item: Assessment, manuscript: Manuscript, others: Sequence[Assessment]) -> Line:
    stretches = [(f"{item.label} {item.name}.", Look.STRONG)]
    if item.advice:
        stretches.append((f" {item.advice}", Look.PLAIN))
    if item.level is Level.PARTIAL and item.evidence:
        where = location(item.evidence[0].span, manuscript)
        stretches.append((f" See {where}." if where else "", Look.PLAIN))
    where = fits(item, manuscript, others)
    if where:
        stretches.append((f" {where}", Look.PLAIN))
    if item.example:
        stretches += [(" For example: ", Look.PLAIN), (item.example, Look.STRESSED)]
    return Line(tuple(s for s in stretches if s[0]), 1)


# --- how it is written down


def _as_markdown(lines: Sequence[Line]) -> str:
    """Paragraphs with a blank line between; entries of a list stand together."""
    out: list[str] = []
    for before, line in zip((None, *lines), lines, strict=False):
        text = "".join(_marked(text, look) for text, look in line.stretches)
        if before is not None and (not before.depth or not line.depth):
            out.append("")
        out.append(f"{'  ' * (line.depth - 1)}- {text}" if line.depth else text)
    return "\n".join([*out, ""])


def _marked(text: str, look: Look) -> str:
    inner = escaped(text)
    if look is Look.PLAIN:
        edge = " " if text.startswith(" ") else ""
        return f"{edge}{inner}{' ' if text.endswith(' ') else ''}"
    return f"{look}{inner}{look}"


def _as_docx(letters: Sequence[Sequence[Line]]) -> bytes:
    import docx

    document: Any = docx.Document()
    for number, lines in enumerate(letters):
        if number:
            document.add_page_break()
        for line in lines:
            style = ("Normal", "List Bullet", "List Bullet 2")[line.depth]
            paragraph = document.add_paragraph(style=style)
            for text, look in line.stretches:
                run = paragraph.add_run(_clean(text))
                run.bold = look is Look.STRONG or None
                run.italic = look is Look.STRESSED or None
    return _saved(document)


def _clean(text: str) -> str:
    """Text without characters that XML does not allow."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


def _saved(document: Any) -> bytes:
    # The same input gives the same bytes: no time of writing.
    properties = document.core_properties
    properties.created = properties.modified = _EPOCH
    properties.author, properties.title = "coreqcheck", "Letter to the author"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
