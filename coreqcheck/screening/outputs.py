"""The files of a screening, made again from the store: the same store gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from coreqcheck.report.csv import safe
from coreqcheck.report.files import whole
from coreqcheck.screening import dashboard
from coreqcheck.screening.aggregates import Share, Tally, item_key

Record = dict[str, Any]
Row = Sequence[str]
Records = Callable[[], Iterable[Record]]
"""Gives all records in the order of their paths, each time it is called; never all at once."""

SUBMISSIONS = (
    "id", "path", "folder", "status", "problem", "title", "format", "language", "words", "pages",
    "applicability", "reported", "partly reported", "said not done", "not located", "not decided",
    "errors", "warnings", "notes", "diagnostics", "files", "left out", "report",
)  # fmt: skip
ITEMS = (
    "id", "path", "item", "name", "level", "decided", "quotation", "place", "not located in it",
    "answer",
)  # fmt: skip
FINDINGS = (
    "id", "path", "check", "kind", "severity", "message", "quotations", "places", "answer",
)  # fmt: skip
AGGREGATES = (
    "folder", "item", "name", "submissions", "reported", "partly reported", "said not done",
    "not located", "% reported or said not done", "% with partly reported", "% published",
    "published lowest", "published highest", "published papers",
)  # fmt: skip
_SHEETS = (
    ("Submissions", SUBMISSIONS),
    ("Items", ITEMS),
    ("Findings", FINDINGS),
    ("Aggregates", AGGREGATES),
)
_EPOCH = datetime(2000, 1, 1)
_CELL = 32_000
_SHEET_ROWS = 1_048_575


def write_all(out: Path, records: Records, digest: str) -> list[str]:
    """Write every output into ``out``; returns what people must know about them.

    Raises:
        UsageError: a file cannot be written.
    """
    tally = Tally()
    choices = dashboard.Choices()
    with _whole(out / "records.jsonl") as lines:
        for record in records():
            tally.add(record)
            choices.add(record)
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
    shares = list(tally.shares())
    tables: tuple[tuple[str, Row, Callable[[], Iterable[Row]]], ...] = (
        ("submissions", SUBMISSIONS, lambda: map(_submission, records())),
        ("items", ITEMS, lambda: (row for r in records() for row in _items(r))),
        ("findings", FINDINGS, lambda: (row for r in records() for row in _findings(r))),
        ("aggregates", AGGREGATES, lambda: map(_share, shares)),
    )
    for name, header, rows in tables:
        with _whole(out / f"{name}.csv") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows([safe(cell) for cell in row] for row in rows())
    notes = _workbook(out / "screening.xlsx", [rows() for _, _, rows in tables])
    with _whole(out / "dashboard.html") as file:
        for piece in dashboard.pieces(records(), choices, shares, digest):
            file.write(piece)
    return notes


@contextmanager
def _whole(path: Path) -> Iterator[IO[str]]:
    """A text file that appears under its name only when it is complete."""
    with whole(path) as raw:
        text = io.TextIOWrapper(raw, "utf-8", "backslashreplace", newline="")
        yield text
        text.flush()
        text.detach()


def _workbook(path: Path, sheets: Sequence[Iterable[Row]]) -> list[str]:
    """Write the tables as a workbook, row by row; every cell is text."""
    import xlsxwriter

    notes = []
    scratch: AbstractContextManager[str] = tempfile.TemporaryDirectory(
        dir=path.parent, prefix=".xlsx."
    )
    with scratch as folder, whole(path) as file:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = xlsxwriter.Workbook(file, options)
        # The same input gives the same bytes: no time of creation.
        book.set_properties({"created": _EPOCH, "title": "coreqcheck screening"})
        bold = book.add_format({"bold": True})
        for (name, header), rows in zip(_SHEETS, sheets, strict=True):
            sheet = book.add_worksheet(name)
            sheet.set_column(0, len(header) - 1, 16)
            sheet.freeze_panes(1, 0)
            for column, text in enumerate(header):
                sheet.write_string(0, column, text, bold)
            line = 0
            for line, row in enumerate(rows, 1):
                if line > _SHEET_ROWS:
                    notes.append(f"{path.name}: sheet {name} is full; the CSV has all rows")
                    break
                for column, cell in enumerate(row):
                    if cell:
                        sheet.write_string(line, column, cell[:_CELL])
            sheet.autofilter(0, 0, max(min(line, _SHEET_ROWS), 1), len(header) - 1)
        book.close()
    return notes


def _submission(record: Record) -> Row:
    counts, severities = record.get("counts", {}), record.get("severities", {})
    error = record["error"] or {}
    levels = ("reported", "partial", "declared", "absent", "undecided")
    return (
        record["id"],
        record["path"],
        record["folder"],
        record["status"],
        f"{error['code']}: {error['message']}" if error else "",
        *(_text(record.get(k)) for k in ("title", "format", "language", "words", "pages")),
        record.get("applicability", {}).get("verdict", ""),
        *(_text(counts.get(k)) for k in levels),
        *(_text(severities.get(k)) for k in ("error", "warning", "note")),
        "; ".join(d["message"] for d in record.get("diagnostics", ())),
        "; ".join(record["files"]),
        "; ".join(record["left_out"]),
        record["report"] or "",
    )


def _items(record: Record) -> Iterator[Row]:
    for item in record.get("items", ()):
        best = item["evidence"][0] if item["evidence"] else None
        yield (
            record["id"],
            record["path"],
            item_key(item)[1],
            item["name"],
            item["level"],
            "yes" if item["decided"] else "no",
            best["quote"] if best else "",
            _place(best) if best else "",
            "; ".join(item["missing"]),
            _answer(item),
        )


def _findings(record: Record) -> Iterator[Row]:
    for finding in record.get("findings", ()):
        yield (
            record["id"],
            record["path"],
            finding["check"],
            finding["kind"],
            finding["severity"],
            finding["message"],
            " / ".join(p["quote"] for p in finding["places"]),
            "; ".join(_place(p) for p in finding["places"]),
            _answer(finding),
        )


def _answer(entry: Record) -> str:
    """What the configuration answers to an item or a finding."""
    answer = entry.get("answer")
    return f"{answer['level']}: {answer['reason']}" if answer else ""


def _share(share: Share) -> Row:
    rate = share.published
    return (
        share.folder,
        share.item,
        share.name,
        *(_text(n) for n in (share.decided, share.reported, share.partial, share.declared)),
        _text(share.absent),
        _text(share.answered),
        _text(share.answered_or_partial),
        *(
            (str(rate.percent), str(rate.low), str(rate.high), str(rate.studies))
            if rate
            else ("",) * 4
        ),
    )


def _place(place: Record) -> str:
    parts = []
    if place.get("page") is not None:
        parts.append(f"page {place['page']}")
    elif place.get("line") is not None:
        parts.append(f"line {place['line']}")
    elif place.get("paragraph") is not None:
        parts.append(f"paragraph {place['paragraph'] + 1}")
    if place.get("section"):
        parts.append(place["section"])
    return ", ".join(parts)


def _text(value: object) -> str:
    return "" if value is None else str(value)
