"""How many submissions report each item, overall and by folder, beside the published rates."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ALL = "all submissions"
_LEVELS = ("reported", "partial", "declared", "absent")
_RATES = Path(__file__).parent / "published_rates.csv"


@dataclass(frozen=True, slots=True)
class Rate:
    """What reviews found for an item: of ``studies`` papers, ``reporting`` reported it.

    ``low`` and ``high`` are the lowest and highest percentage of a single review.
    """

    reporting: int
    studies: int
    low: int
    high: int

    @property
    def percent(self) -> int:
        """The pooled percentage."""
        return round(100 * self.reporting / self.studies)


@dataclass(frozen=True, slots=True)
class Share:
    """One item in one folder: of ``decided`` submissions, how many are at each level.

    ``item`` is as people name it ("13", "S6").
    """

    folder: str
    item: str
    name: str
    decided: int
    reported: int
    partial: int
    declared: int
    absent: int
    published: Rate | None

    @property
    def answered(self) -> int | None:
        """Per cent that report the item or say that it was not done."""
        return _percent(self.reported + self.declared, self.decided)

    @property
    def answered_or_partial(self) -> int | None:
        """Per cent that say at least something on the item."""
        return _percent(self.reported + self.declared + self.partial, self.decided)


def published() -> dict[str, Rate]:
    """The pooled rates by item of COREQ; their sources stand in ``docs/published-rates.md``."""
    with _RATES.open(encoding="utf-8", newline="") as file:
        return {
            row["item"]: Rate(*(int(row[k]) for k in ("reporting", "studies", "low", "high")))
            for row in csv.DictReader(file)
        }


def item_key(item: dict[str, Any]) -> tuple[tuple[str, int], str]:
    """What puts the items of records in their order, and the name that people give the item."""
    number = item["item"]
    return (item.get("guideline", "coreq"), number), item.get("label", str(number))


class Tally:
    """Counts levels by folder while records go by."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[tuple[str, str]]] = {ALL: Counter()}
        self._names: dict[tuple[str, int], tuple[str, str]] = {}

    def add(self, record: dict[str, Any]) -> None:
        """Count a record's decided items, when its guideline speaks to the submission."""
        if record["status"] != "checked" or record["applicability"]["verdict"] == "other":
            return
        own = self._counts.setdefault(record["folder"], Counter())
        for item in record["items"]:
            key, label = item_key(item)
            self._names[key] = label, item["name"]
            if item["decided"]:
                self._counts[ALL][label, item["level"]] += 1
                own[label, item["level"]] += 1

    def shares(self) -> Iterable[Share]:
        """All items of all submissions, then of each folder when there are several."""
        rates = published()
        folders = [f for f in self._counts if f != ALL]
        for folder in [ALL, *(sorted(folders) if len(folders) > 1 else ())]:
            counts = self._counts[folder]
            for _, (item, name) in sorted(self._names.items()):
                yes, partly, denied, no = (counts[item, level] for level in _LEVELS)
                decided = yes + partly + denied + no
                yield Share(folder, item, name, decided, yes, partly, denied, no, rates.get(item))


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
