"""From an open file to the report on its manuscript, under the settings that hold for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from coreqcheck import config, layers, manuscripts, pipeline
from coreqcheck.config import Settings
from coreqcheck.errors import ConfigError, ReadError, RuleError
from coreqcheck.language.schema import RuleSet
from coreqcheck.model import Document, Report, Severity, Verdict
from coreqcheck.readers import SUFFIXES, ReadOptions, read, read_bytes
from coreqcheck.readers.submission import merge
from coreqcheck.report import baseline

EDITED = frozenset(suffix for suffix, kind in SUFFIXES.items() if kind in {"markdown", "latex"})
"""Endings of the files that an editor shows as text."""
_ONLY_FINDINGS = "it is uncertain whether this is a report of a study"


@dataclass(frozen=True, slots=True)
class Checked:
    """The report on the manuscript whose main file is ``main``; no report when ``wrong`` says why.

    A report without assessments that count is that of a file that is no report of a study.
    """

    main: Path
    report: Report | None = None
    rules: RuleSet | None = None
    wrong: str = ""


def main_file(path: Path) -> Path | None:
    """The main file of the manuscript that ``path`` is a part of; ``None``: it is no manuscript."""
    if path.suffix.lower() not in EDITED:
        return None
    config.loaded.cache_clear()
    try:
        found = manuscripts.submission_of(path)
    except ConfigError:
        return path  # the check says what is wrong
    return Path(found.path).absolute() if found else None


def check(main: Path, buffers: Mapping[Path, str]) -> Checked:
    """Check a manuscript.

    Args:
        main: its main file.
        buffers: what the editor has of files, saved or not; only that of the main file is read
            from here, the files that it takes in are read as they were saved.
    """
    config.loaded.cache_clear()
    try:
        settings = config.in_force(layers.layers(main, layers.given()))
        rules = layers.rules_for(settings)
        report = pipeline.examine(_document(main, buffers, settings), rules, settings=settings)
        return Checked(main, _counted(report, main, settings), rules)
    except ReadError as error:
        return Checked(main, wrong="" if error.code in {"empty", "no-text"} else error.message)
    except (ConfigError, RuleError) as error:
        return Checked(main, wrong=str(error))


def _document(main: Path, buffers: Mapping[Path, str], settings: Settings) -> Document:
    shown = config.shown(main).as_posix()
    text = buffers.get(main)
    options = ReadOptions()
    if text is None:
        own = read(main, shown)
    elif text.strip():
        own = read_bytes(main, shown, text.encode("utf-8", "replace"), options)
    else:
        raise ReadError("empty", "the file is empty")
    more = config.companions_of(main.resolve(), settings.manuscripts)
    return merge([own, *(read(c, config.shown(c).as_posix()) for c in more)])


def _counted(report: Report, main: Path, settings: Settings) -> Report:
    """The report with set aside what does not count, as in a check of changed files."""
    verdict = report.applicability.verdict if report.applicability else Verdict.OTHER
    if verdict is Verdict.OTHER:
        return replace(report, assessments=(), findings=(), diagnostics=())
    if settings.baseline is not None:
        known = baseline.load(settings.baseline).of(report.path)
        report = baseline.apply_baseline(report, known)
    if verdict is Verdict.UNCERTAIN and not manuscripts.is_listed(main):
        items = (replace(i, severity=None, set_aside=_ONLY_FINDINGS) for i in report.assessments)
        sure = tuple(f for f in report.findings if f.severity is Severity.ERROR)
        return replace(report, assessments=tuple(items), findings=sure)
    return report
