"""A baseline: what was there when a project began to check, so that only what got worse fails.

Everything is kept by document, item and finding, never by line: moving a paragraph changes
nothing. A finding is known by its check and a digest of the sentences that it quotes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coreqcheck.errors import ConfigError
from coreqcheck.model import Assessment, Finding, Level, Report

FILE = "coreqcheck-baseline.json"
SCHEMA = "coreqcheck-baseline/1"
KNOWN = "as in the baseline"
_RANK = {Level.ABSENT: 0, Level.PARTIAL: 1}
_FULL = 2


@dataclass(frozen=True, slots=True)
class Known:
    """What a baseline holds of one document.

    ``items`` are the levels of the items that were absent or partial ("coreq-13"); ``findings``
    the keys of the findings; ``located`` the number of items that were located.
    """

    items: Mapping[str, Level]
    findings: frozenset[str]
    located: int = 0


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline file; ``documents`` by their paths from the file's folder, with ``/``."""

    folder: Path
    documents: Mapping[str, Known]

    def of(self, path: str) -> Known | None:
        """What is known of the document at ``path`` (from the working directory)."""
        return self.documents.get(document_key(path, self.folder))


def document_key(path: str, folder: Path) -> str:
    """The name of a document in a baseline that stands in ``folder``."""
    try:
        return Path(os.path.relpath(Path(path).absolute(), folder.absolute())).as_posix()
    except ValueError:  # another drive
        return Path(path).absolute().as_posix()


def item_key(item: Assessment) -> str:
    """The name of an item in a baseline."""
    return f"{item.guideline}-{item.item}"


def finding_key(finding: Finding) -> str:
    """The name of a finding: its check, and a digest of what it quotes, in any order."""
    quotes = "\0".join(sorted(" ".join(p.quote.split()) for p in finding.places))
    return f"{finding.check} {hashlib.sha256(quotes.encode()).hexdigest()[:16]}"


def load(file: Path) -> Baseline:
    """Read a baseline.

    Raises:
        ConfigError: it is missing or no baseline; the message names the remedy.
    """
    remedy = f"write it with: coreqcheck baseline PATH... --output {file}"
    try:
        data = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{file}: there is no such baseline; {remedy}") from None
    except (OSError, ValueError):
        raise ConfigError(f"{file}: is no baseline (no JSON); {remedy}") from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise ConfigError(f"{file}: is no baseline of this version ({SCHEMA}); {remedy}")
    try:
        documents = {str(path): _known(one) for path, one in data["documents"].items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ConfigError(
            f"{file}: this baseline was changed by hand and is broken; {remedy}"
        ) from None
    return Baseline(file.absolute().parent, documents)


def _known(data: Mapping[str, object]) -> Known:
    items, findings, located = data["items"], data["findings"], data.get("located", 0)
    if (
        not isinstance(items, dict)
        or not isinstance(findings, list)
        or not isinstance(located, int)
    ):
        raise TypeError
    return Known(
        {str(k): Level(v) for k, v in items.items()}, frozenset(map(str, findings)), located
    )


def render(reports: Sequence[Report], folder: Path, former: Baseline | None) -> str:
    """The text of a baseline file.

    Args:
        reports: of the documents that were checked now; what they say replaces what was known.
        folder: where the file will stand.
        former: the file as it is; documents that were not checked now stay as they are in it.
    """
    documents = {
        path: _as_data(known) for path, known in (former.documents if former else {}).items()
    }
    for report in reports:
        if report.manuscript is not None:
            documents[document_key(report.path, folder)] = _as_data(known_of(report))
    data = {"schema": SCHEMA, "documents": dict(sorted(documents.items()))}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _as_data(known: Known) -> dict[str, object]:
    return {
        "located": known.located,
        "items": {key: str(level) for key, level in known.items.items()},
        "findings": sorted(known.findings),
    }


def known_of(report: Report) -> Known:
    """What a baseline holds of a report; what was accepted or left out is not in it."""
    items = {
        item_key(i): i.level for i in report.assessments if i.level in _RANK and not i.set_aside
    }
    return Known(items, frozenset(map(finding_key, report.findings)), located(report))


def located(report: Report) -> int:
    """The number of items on which the manuscript says something."""
    counted = {Level.REPORTED, Level.PARTIAL, Level.DECLARED}
    return sum(i.level in counted and i.set_aside in {"", KNOWN} for i in report.assessments)


def apply_baseline(report: Report, known: Known | None) -> Report:
    """The report with what was known set aside: only what is new or got worse counts."""
    if known is None:
        return report
    old = tuple(replace(f, set_aside=KNOWN) for f in report.findings if _is_known(f, known))
    return replace(
        report,
        assessments=tuple(_known_aside(item, known) for item in report.assessments),
        findings=tuple(f for f in report.findings if not _is_known(f, known)),
        set_aside=(*report.set_aside, *old),
    )


def _is_known(finding: Finding, known: Known) -> bool:
    return finding_key(finding) in known.findings


def _known_aside(item: Assessment, known: Known) -> Assessment:
    before = known.items.get(item_key(item))
    worse = _RANK.get(item.level, _FULL) < (_FULL if before is None else _RANK[before])
    if item.severity is None or worse:
        return item
    return replace(item, severity=None, set_aside=KNOWN)
