"""The dashboard: one self-contained page over all submissions, written piece by piece.

What comes from manuscripts and file names reaches the page through autoescape only; the content
policy lets nothing run but the page's own script, and nothing load.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coreqcheck.report.html import SHAPES
from coreqcheck.report.levels import LABELS
from coreqcheck.screening.aggregates import ALL, Share, item_key
from coreqcheck.version import __version__

_TEMPLATES = Path(__file__).parent / "templates"
_LETTER = {"reported": "r", "partial": "p", "declared": "d", "absent": "a", "not-applicable": "n"}
UNDECIDED = ("u", "·", "not decided")


@dataclass(slots=True)
class Choices:
    """What the filters offer, and counts by status, gathered while records go by."""

    folders: set[str] = field(default_factory=set)
    formats: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    verdicts: set[str] = field(default_factory=set)
    statuses: dict[str, int] = field(default_factory=dict)
    items: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)

    def add(self, record: dict[str, Any]) -> None:
        """Take in one record."""
        self.folders.add(record["folder"])
        self.formats.add(record["format"])
        self.statuses[record["status"]] = self.statuses.get(record["status"], 0) + 1
        if record["status"] == "checked":
            self.languages.add(record["language"] or "unknown")
            self.verdicts.add(record["applicability"]["verdict"])
            for item in record["items"]:
                key, label = item_key(item)
                self.items[key] = label, item["name"]


@dataclass(frozen=True, slots=True)
class RowView:
    """A submission as the table shows it; ``cells`` are (letter, shape) of its items."""

    path: str
    title: str
    folder: str
    status: str
    problem: str
    format: str
    language: str
    verdict: str
    report: str
    counts: tuple[int, ...]
    severities: tuple[int, ...]
    diagnostics: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]
    spoken: str


def pieces(
    records: Iterable[dict[str, Any]], choices: Choices, shares: Iterable[Share], digest: str
) -> Iterator[str]:
    """The page, a piece at a time."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = (_TEMPLATES / "dashboard.js").read_text("utf-8")
    hashed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    shares = list(shares)
    yield from environment.get_template("dashboard.html").generate(
        rows=map(_row, records),
        choices=choices,
        items=[choices.items[key] for key in sorted(choices.items)],
        overall=[s for s in shares if s.folder == ALL],
        folders=_by_item([s for s in shares if s.folder != ALL]),
        folder_names=list(dict.fromkeys(s.folder for s in shares if s.folder != ALL)),
        legend=[(_LETTER[lv], SHAPES[lv], LABELS[lv]) for lv in LABELS if lv != "not-applicable"]
        + [UNDECIDED],
        style=(_TEMPLATES / "dashboard.css").read_text("utf-8"),
        script=script,
        script_digest=f"sha256-{hashed}",
        version=__version__,
        rules=digest,
    )


def _by_item(shares: Iterable[Share]) -> list[tuple[str, str, list[Share]]]:
    grouped: dict[str, list[Share]] = {}
    for share in shares:
        grouped.setdefault(share.item, []).append(share)
    return [(item, group[0].name, group) for item, group in grouped.items()]


def _row(record: dict[str, Any]) -> RowView:
    error = record["error"]
    counts, severities = record.get("counts", {}), record.get("severities", {})
    items = record.get("items", [])
    verdict = record.get("applicability", {}).get("verdict", "")
    return RowView(
        path=record["path"],
        title=record.get("title") or "",
        folder=record["folder"],
        status=record["status"],
        problem=error["message"] if error else "",
        format=record["format"],
        language=(record.get("language") or "unknown") if not error else "",
        verdict=verdict,
        report=record["report"] or "",
        counts=tuple(counts[k] for k in ("reported", "partial", "declared", "absent", "undecided"))
        if counts
        else (),
        severities=tuple(severities[k] for k in ("error", "warning", "note")) if severities else (),
        diagnostics=tuple(d["message"] for d in record.get("diagnostics", ())),
        cells=tuple(_cell(i) for i in items),
        spoken=_spoken(items),
    )


def _cell(item: dict[str, Any]) -> tuple[str, str]:
    if not item["decided"]:
        return UNDECIDED[0], UNDECIDED[1]
    return _LETTER[item["level"]], next(s for lv, s in SHAPES.items() if lv == item["level"])


def _spoken(items: Iterable[dict[str, Any]]) -> str:
    """The board of one submission in words."""
    groups: dict[str, list[str]] = {}
    for item in items:
        label = next(text for lv, text in LABELS.items() if lv == item["level"])
        groups.setdefault(label if item["decided"] else UNDECIDED[2], []).append(item_key(item)[1])
    return "; ".join(f"{label}: {', '.join(numbers)}" for label, numbers in groups.items())
