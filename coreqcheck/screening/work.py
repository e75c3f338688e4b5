"""The work on one submission: files in, one record and one HTML report out.

Runs in a worker process, here or on a cluster; both sides only exchange JSON.
"""

from __future__ import annotations

import json
import os
import traceback
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from coreqcheck import config
from coreqcheck.config import DEFAULTS, Settings
from coreqcheck.errors import ReadError
from coreqcheck.language.schema import RuleSet
from coreqcheck.layers import given, layers, rules_for
from coreqcheck.model import Diagnostic, Document, Level, Report, Severity
from coreqcheck.readers import read
from coreqcheck.readers.submission import merge
from coreqcheck.report import html
from coreqcheck.report import json as report_json
from coreqcheck.report.formats import RenderOptions
from coreqcheck.screening.submissions import Submission

SCHEMA = "coreqcheck-screening/1"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a submission ended.

    ``status`` is ``checked``, ``unreadable`` (the file's fault) or ``failed`` (time, memory, a
    crash, an error of ours). ``record`` is the JSON line; ``report`` the HTML page, "" if none.
    """

    ident: str
    status: str
    record: str
    report: str = ""

    def packed(self) -> str:
        """The outcome as one line of JSON."""
        return json.dumps(asdict(self))


def unpacked(line: str | bytes) -> Outcome:
    """The outcome out of its line; raises ``ValueError`` when it is none."""
    data = json.loads(line)
    if not isinstance(data, dict) or set(data) != {"ident", "status", "record", "report"}:
        raise ValueError("not an outcome")
    return Outcome(*(str(data[k]) for k in ("ident", "status", "record", "report")))


def work(submission: Submission, rules: RuleSet) -> Outcome:
    """Check one submission; never raises but ``MemoryError``."""
    try:
        with fetched(submission) as folder:
            report = examined(submission, folder, rules)
        if report.manuscript is None:
            code, message = report.error or ("unknown", "could not be read")
            return ended(submission, "unreadable", code, message)
        page = html.render([report], RenderOptions(digest=rules.digest))
        entry = _entry(report)
    except MemoryError:
        raise
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}, line {where.lineno}"
        return ended(
            submission, "failed", "internal-error",
            f"coreqcheck itself failed ({type(error).__name__} in {place}); please report it",
        )  # fmt: skip
    record = _head(submission, "checked") | entry | {"report": f"reports/{submission.ident}.html"}
    return Outcome(submission.ident, "checked", _line(record), _valid(page))


def ended(submission: Submission, status: str, code: str, message: str) -> Outcome:
    """The outcome of a submission that could not be checked."""
    record = _head(submission, status) | {
        "error": {"code": code, "message": message},
        "format": PurePosixPath(submission.files[0]).suffix.lower().lstrip("."),
    }
    return Outcome(submission.ident, status, _line(record))


def fetched(submission: Submission) -> AbstractContextManager[str]:
    """A context that gives the local folder of the submission's files."""
    if "://" in submission.root:
        from coreqcheck.screening.remote import downloaded

        return downloaded(submission)
    return nullcontext(submission.root)


def examined(submission: Submission, folder: str, rules: RuleSet) -> Report:
    """The report; a companion that cannot be read is a diagnostic, not an error."""
    from coreqcheck import pipeline

    settings = settings_of(submission)
    rules = rules_for(settings) if settings is not DEFAULTS else rules
    main, *companions = submission.files
    shown = submission.shown(main)
    try:
        documents = [read(Path(os.path.join(folder, main)), shown)]
    except ReadError as error:
        return Report(shown, None, None, rules_digest=rules.digest, error=(error.code, str(error)))
    more, diagnostics = _companions(submission, folder, companions)
    report = pipeline.examine(merge([*documents, *more]), rules, settings=settings)
    return replace(report, diagnostics=report.diagnostics + diagnostics)


def settings_of(submission: Submission) -> Settings:
    """What the configuration says of a submission; ``DEFAULTS`` when there is none.

    It stands in the screened folder or above: one that came with a submission does not count, for
    authors must not choose how they are screened. The outputs are about COREQ, or the
    guidelines that were typed, whatever other guidelines a configuration names. Answers are
    those that name no manuscript, or this one.

    Raises:
        ConfigError: a configuration or profile is wrong or missing.
    """
    typed = given(submission.guideline or "coreq")
    unset = config.in_force([typed]) if submission.guideline else DEFAULTS
    if "://" in submission.root:
        return unset
    root = Path(submission.root)
    if config.find(root) is None:
        return unset
    found = config.in_force(layers(root, typed))
    here = str(Path(root, submission.files[0]).resolve())
    meant = (a for a in found.answers or () if a.manuscript in {"", here})
    return replace(found, answers=tuple(replace(a, manuscript="") for a in meant))


def _companions(
    submission: Submission, folder: str, files: Sequence[str]
) -> tuple[list[Document], tuple[Diagnostic, ...]]:
    documents, problems = [], []
    for file in files:
        try:
            documents.append(read(Path(os.path.join(folder, file)), submission.shown(file)))
        except ReadError as error:
            message = f"{submission.shown(file)} was left out: {error.message}"
            problems.append(Diagnostic(f"companion.{error.code}", "warning", message))
    return documents, tuple(problems)


def _head(submission: Submission, status: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "id": submission.ident,
        "path": submission.path,
        "folder": submission.folder,
        "files": [submission.shown(f) for f in submission.files],
        "left_out": [submission.shown(f) for f in submission.left_out],
        "status": status,
        "error": None,
        "report": None,
    }


def _entry(report: Report) -> dict[str, Any]:
    """The JSON report of design section 5 with only the best evidence, and counts."""
    data = report_json.document(report)
    decided = [a for a in report.assessments if a.decided]
    levels = Counter(a.level for a in decided)
    severities = Counter(f.severity for f in report.findings)
    return {
        **{k: data[k] for k in ("format", "words", "pages", "title", "language", "sha256")},
        "applicability": data["applicability"],
        "counts": {str(level): levels[level] for level in Level}
        | {"undecided": len(report.assessments) - len(decided)},
        "severities": {str(s): severities[s] for s in Severity},
        "items": [_item(item) for item in data["items"]],
        "findings": data["findings"],
        "diagnostics": data["diagnostics"],
    }


def _item(item: dict[str, Any]) -> dict[str, Any]:
    kept = (
        "item", "label", "guideline", "name", "level", "decided", "confidence", "judgement", "missing",
        "note", "answer",
    )  # fmt: skip
    return {k: item[k] for k in kept} | {"evidence": item["evidence"][:1]}


def _line(record: dict[str, Any]) -> str:
    return _valid(json.dumps(record, ensure_ascii=False))


def _valid(text: str) -> str:
    """Text that can be written as UTF-8, whatever a manuscript held."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
