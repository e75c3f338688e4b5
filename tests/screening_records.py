"""Invented records, as many as wanted, for tests of the outputs."""

from __future__ import annotations

import random
from typing import Any

LEVELS = ("reported", "partial", "declared", "absent")


def record(number: int, chance: random.Random) -> dict[str, Any]:
    """One record; about one in twenty could not be read."""
    folder = f"in/{2020 + number % 4}"
    path = f"{folder}/paper-{number:05d}.docx"
    head = {
        "schema": "coreqcheck-screening/1", "id": f"paper-{number:05d}", "path": path,
        "folder": folder, "files": [path], "left_out": [], "format": "docx",
        "report": None, "error": None,
    }  # fmt: skip
    if chance.random() < 0.05:
        problem = {"code": "encrypted", "message": "is protected by a password"}
        return head | {"status": "unreadable", "error": problem}
    levels = [chance.choice(LEVELS) for _ in range(32)]
    items = [
        {
            "item": n, "name": f"Item name {n}", "level": level, "decided": True,
            "confidence": 0.9, "judgement": False, "missing": [], "note": "", "evidence": [],
        }
        for n, level in enumerate(levels, 1)
    ]  # fmt: skip
    return head | {
        "status": "checked", "report": f"reports/paper-{number:05d}.html",
        "title": f"How people number {number} live", "words": 5000, "pages": None,
        "language": chance.choice(["en", "en", "de"]),
        "applicability": {"verdict": "interview-or-focus-group", "why": ""},
        "counts": {lv: levels.count(lv) for lv in LEVELS} | {"not-applicable": 0, "undecided": 0},
        "severities": {"error": chance.randrange(4), "warning": chance.randrange(3), "note": 0},
        "items": items, "findings": [],
        "diagnostics": [{"code": "x", "level": "note", "message": "two columns"}],
    }  # fmt: skip


def records(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """So many records, the same for the same seed."""
    chance = random.Random(seed)
    return [record(number, chance) for number in range(count)]
