"""SARIF 2.1.0, as GitHub code scanning takes it.

GitHub refuses a whole file when one result has no location: every result here has a relative
URI and a start line. Formats without lines (PDF, DOCX) get the page or paragraph in the message.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from coreqcheck.model import Place, Report, Severity
from coreqcheck.report.formats import RenderOptions
from coreqcheck.report.results import Result, results
from coreqcheck.version import __version__

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render(reports: Sequence[Report], options: RenderOptions) -> str:
    """One run with the results of all reports; unreadable files become notifications."""
    found = [(r, result) for r in reports for result in results(r)]
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
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _rule(rule: str, name: str) -> dict[str, Any]:
    return {
        "id": rule,
        "name": "".join(w.capitalize() for w in name.replace("/", " ").replace("-", " ").split()),
        "shortDescription": {"text": name},
        "help": {"text": f"Run: coreqcheck explain {rule.removeprefix('coreq-').lstrip('0')}"},
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
        "message": {"text": _with_page(result.message, result.place)},
        "locations": [_location(report.path, result.place)],
        "relatedLocations": [
            {
                **_location(report.path, place),
                "id": n,
                "message": {"text": text if quotes else "the other statement"},
            }
            for n, (place, text) in enumerate(result.others, 1)
        ],
        "partialFingerprints": {"coreqcheck/v1": result.fingerprint},
    }


def _with_page(message: str, place: Place) -> str:
    return f"{message} (page {place.page})" if place.page is not None else message


def _location(path: str, place: Place) -> dict[str, Any]:
    name = place.file if place.file and "word/" not in place.file else path
    uri = quote(name.lstrip("/").removeprefix("./"), safe="/")
    region: dict[str, int] = {"startLine": max(place.line or 1, 1)}
    if place.column:
        region["startColumn"] = place.column
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
