"""Places of a report as an editor counts them: files, lines and columns from 0, in code points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coreqcheck.lsp.checking import Checked
from coreqcheck.model import Diagnostic, Level, Manuscript, Report, Severity, Span
from coreqcheck.report.results import Result, results

_SAID_WHERE = re.compile(r"(?P<file>.+?):(?P<line>\d+): (?P<what>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reach:
    """A stretch of a file. ``last`` and ``end`` are behind it; an ``end`` of -1 is the line's."""

    file: Path
    line: int = 0
    start: int = 0
    last: int = 0
    end: int = -1

    def holds(self, line: int, column: int) -> bool:
        """Whether a position lies in it, its end included."""
        if not self.line <= line <= self.last:
            return False
        after = line > self.line or column >= self.start
        before = line < self.last or self.end < 0 or column <= self.end
        return after and before


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to show at a place. ``code`` is an item ("coreq-13"), a check, or ``answer.…``.

    ``severity`` is ``None`` for evidence, which is shown only when one points at it; ``others``
    are the other sides of a contradiction with their sentences.
    """

    reach: Reach
    code: str
    message: str
    severity: Severity | None = None
    others: tuple[tuple[Reach, str], ...] = ()


def marks(checked: Checked) -> list[Mark]:
    """All that an editor shows of a report: problems first, evidence behind them."""
    if checked.wrong:
        # At the place that is named, and in the manuscript, where people look.
        places = dict.fromkeys([_said_where(checked.wrong, checked.main), Reach(checked.main)])
        return [Mark(place, "file", checked.wrong, Severity.ERROR) for place in places]
    report = checked.report
    if report is None or report.manuscript is None:
        return []
    found = [m for result in results(report) for m in _of(result, report.manuscript, checked.main)]
    found += [
        _of_answer(d, checked.main) for d in report.diagnostics if d.code.startswith("answer.")
    ]
    return found + list(_evidence(report, report.manuscript, checked.main))


def _of(result: Result, manuscript: Manuscript, main: Path) -> Iterator[Mark]:
    """One mark at each side, each naming the others."""
    first = manuscript.quote(result.span)
    sides = [(reach(result.span, manuscript, main), first)]
    sides += [(_at(p.file, p.line, p.column, main), quote) for p, quote in result.others if p.line]
    for here, _ in dict(sides).items():
        others = tuple((there, quote) for there, quote in sides if there != here)
        yield Mark(here, _code(result.rule), result.message, result.severity, others)


def _code(rule: str) -> str:
    """The name of an item without the nought before its number, as answers have it."""
    return re.sub(r"^([a-z]+)-0+(?=\d+$)", r"\1-", rule)


def _of_answer(diagnostic: Diagnostic, main: Path) -> Mark:
    said = _SAID_WHERE.match(diagnostic.message)
    message = said["what"] if said else diagnostic.message
    return Mark(_said_where(diagnostic.message, main), diagnostic.code, message, Severity.WARNING)


def _said_where(message: str, main: Path) -> Reach:
    """The line that a message begins with when it is one of a text; else the first of ``main``."""
    said = _SAID_WHERE.match(message)
    if said is None:
        return Reach(main)
    line = int(said["line"]) - 1
    file = _file(said["file"], main)
    return Reach(file, line, 0, line) if file.is_file() else Reach(main)


def _evidence(report: Report, manuscript: Manuscript, main: Path) -> Iterator[Mark]:
    for item in report.assessments:
        word = "partly reported" if item.level is Level.PARTIAL else "reported"
        word = "said not to have been done" if item.level is Level.DECLARED else word
        for evidence in item.evidence[:3]:
            yield Mark(
                reach(evidence.span, manuscript, main),
                f"{item.guideline}-{item.item}",
                f"Item {item.label} ({item.name}): {word} here.",
            )


def reach(span: Span, manuscript: Manuscript, main: Path) -> Reach:
    """Where a span stands in the files of the manuscript."""
    place = manuscript.place(span)
    start = _at(place.file, place.line, place.column, main)
    if len(span) == 0 or place.line is None:
        return start
    behind = manuscript.document.place(Span(span.end - 1, span.end))
    if behind.line is None or behind.file != place.file or behind.line - 1 < start.line:
        return start
    return Reach(start.file, start.line, start.start, behind.line - 1, behind.column or -1)


def _at(file: str | None, line: int | None, column: int | None, main: Path) -> Reach:
    number = max((line or 1) - 1, 0)
    return Reach(_file(file, main), number, max((column or 1) - 1, 0), number)


def _file(name: str | None, main: Path) -> Path:
    """The file of a name as reports have it: from the working folder, or beside the main file."""
    if name is None or Path(name).absolute() == main:
        return main
    beside = main.parent / name
    return beside if beside.is_file() else Path(name).absolute()
