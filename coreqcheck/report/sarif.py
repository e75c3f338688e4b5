"""SARIF 2.1.0, as GitHub code scanning takes it.

GitHub refuses a whole file when one result has no location: every result here has a relative
URI and a start line. Formats without lines (PDF, DOCX) get the page in the message. GitHub knows a
result again by ``primaryLocationLineHash`` alone, which here does not depend on lines; it cuts
texts at a thousand characters or so, and takes at most 25,000 results of one run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from coreqcheck.model import COREQ, Place, Report, Severity
from coreqcheck.report.formats import RenderOptions
from coreqcheck.report.places import own_file
from coreqcheck.report.results import Result, results
from coreqcheck.version import __version__

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST = 25_000  # results of one run
_LONGEST = 1000  # characters of a text
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render(reports: Sequence[Report], options: RenderOptions) -> str:
    """One run with the results of all reports; unreadable files become notifications."""
    everything = [(r, result) for r in reports for result in results(r)]
    # When there are too many, the worst stay.
    order = list(_LEVELS)
    found = sorted(everything, key=lambda x: order.index(x[1].severity))[:MOST]
    if len(everything) <= MOST:
        found = everything
    rules = {x.rule: x.name for _, x in found}
    index = {rule: number for number, rule in enumerate(sorted(rules))}
    run = {
        "tool": {
            "driver": {
                "name": "coreqcheck",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule, rules[rule]) for rule in sorted(rules)],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(r) for r in reports if r.error],
            }
        ],
        "results": [_result(r, x, index[x.rule], options.quotes) for r, x in found],
    }
    data = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _rule(rule: str, name: str) -> dict[str, Any]:
    guideline, _, number = rule.rpartition("-")
    is_item = number.isdigit() and guideline.isalpha()
    shown = str(int(number)) if is_item else rule
    asked = rule if is_item and guideline != COREQ.key else shown
    title = f"{guideline.upper()} item {shown}: {name}" if is_item else name.replace("-", " ")
    return {
        "id": rule,
        "name": "".join(w.capitalize() for w in name.replace("/", " ").replace("-", " ").split()),
        "shortDescription": {"text": title},
        "fullDescription": {
            "text": f"{title}. What is asked, and how it is decided, is in the help."
        },
        "help": {"text": f"Run: coreqcheck explain {asked}"},
        "properties": {"tags": ["item" if is_item else "contradiction"]},
    }


def _notification(report: Report) -> dict[str, Any]:
    message = report.error[1] if report.error else ""
    return {
        "level": "error",
        "message": {"text": f"{report.path}: {message}"},
        "locations": [_location(report.path, Place())],
    }


def _result(report: Report, result: Result, index: int, quotes: bool) -> dict[str, Any]:
    return {
        "ruleId": result.rule,
        "ruleIndex": index,
        "level": _LEVELS[result.severity],
        "message": {"text": _with_page(_plain(result.message), result.place)},
        "locations": [_location(report.path, result.place)],
        "relatedLocations": [
            {
                **_location(report.path, place),
                "id": n,
                "message": {"text": _plain(text) if quotes else "the other statement"},
            }
            for n, (place, text) in enumerate(result.others, 1)
        ],
        "partialFingerprints": {
            "coreqcheck/v1": result.fingerprint,
            "primaryLocationLineHash": f"{result.fingerprint}:1",
        },
    }


def _plain(text: str) -> str:
    """Text in which SARIF sees no link and no placeholder, and that is not too long."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]} …"
    return re.sub(r"\{(\d+)\}", r"{{\1}}", re.sub(r"([\\\[\]])", r"\\\1", short))


def _with_page(message: str, place: Place) -> str:
    return f"{message} (page {place.page})" if place.page is not None else message


def _location(path: str, place: Place) -> dict[str, Any]:
    """A relative URI, whatever was typed: a file outside of the working folder goes by its name."""
    name = (own_file(place) or path).replace("\\", "/")
    here = f"{Path.cwd().as_posix()}/"
    parts = name.removeprefix(here).split("/")
    outside = parts[0] == "" or ".." in parts or parts[0].endswith(":")
    kept = parts[-1:] if outside else [p for p in parts if p not in {"", "."}]
    region: dict[str, int] = {"startLine": max(place.line or 1, 1)}
    if place.column:
        region["startColumn"] = place.column
    uri = quote("/".join(kept), safe="/")
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
