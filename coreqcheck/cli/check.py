"""``coreqcheck check``: the main command."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from coreqcheck.cli import window
from coreqcheck.config import Settings, in_force
from coreqcheck.errors import UsageError
from coreqcheck.manuscripts import Submission, one_submission, submissions
from coreqcheck.model import Diagnostic, Report, Severity, Verdict
from coreqcheck.readers import ReadOptions
from coreqcheck.report.files import write_whole
from coreqcheck.report.formats import FORMATS, RenderOptions, render

SEVERITIES = (Severity.NOTE, Severity.WARNING, Severity.ERROR)
NO_MANUSCRIPT = frozenset({"empty", "no-text", "binary", "not-jats", "tei"})
"""Why a text file may not be readable without anything being wrong: it is no manuscript at all."""
_OFFICE = frozenset({".docx", ".docm", ".odt", ".pdf"})
MAY_BE_ANYTHING = "it is uncertain whether this is a report of a study, and nobody named the file"
ONLY_FINDINGS = "only findings were asked for"
CRASHED = (
    "reading it ended the program, so the file may be damaged; "
    "open it in the program that made it, save it anew, and check that copy"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A report, and what makes it fail.

    ``least`` is the number of items that must be located. What is ``excused`` fails nothing.
    """

    report: Report
    fail_on: str
    least: int
    excused: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What was typed that is no setting."""

    settings: Settings
    read: ReadOptions
    file: Path | None = None
    only_findings: bool = False
    ignore_baseline: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A submission, and how it is checked."""

    submission: Submission
    settings: Settings
    request: Request


@click.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True
)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write the report here.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    help="Exit with 1 when something of at least this severity is found.  [default: error]",
)
@click.option(
    "--min-items", type=click.IntRange(0), help="Exit with 1 when fewer items are located."
)
@click.option("--guideline", help="coreq, srqr, or both with a comma between.")
@click.option("--profile", help="A profile by name (general, reflexive), or a TOML file.")
@click.option(
    "--with",
    "companions",
    multiple=True,
    type=click.Path(),
    help="A further file of the submission: a supplement, a completed checklist. Repeatable.",
)
@click.option("--as-one", is_flag=True, help="Take all files of a folder for one submission.")
@click.option(
    "--revisions",
    type=click.Choice(["accepted", "original"]),
    default="accepted",
    show_default=True,
    help="Read tracked changes as accepted, or the text before them.",
)
@click.option(
    "--ocr", is_flag=True, help="Let Tesseract read PDFs that are scans (it must be installed)."
)
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Fail only on what got worse since this file was written.",
)
@click.option("--only-findings", is_flag=True, help="Look for contradictions only, not for items.")
@click.option(
    "--changed",
    is_flag=True,
    help="The files are what changed, not what was chosen: a part is checked with its main file, "
    "and what is no report of a study is passed over.",
)
@click.option(
    "--config",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Use this configuration instead of the nearest one.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1),
    help="Processes for several manuscripts.  [default: one for each core]",
)
@click.option("--verbose", "-v", is_flag=True, help="Show the reported items as well.")
@click.option("--quiet", "-q", is_flag=True, help="Show only what makes the run fail.")
@click.option("--no-quotes", is_flag=True, help="Show no sentence of a manuscript.")
def command(
    paths: tuple[str, ...],
    form: str,
    output: Path | None,
    fail_on: str | None,
    min_items: int | None,
    guideline: str | None,
    profile: str | None,
    companions: tuple[str, ...],
    as_one: bool,
    revisions: str,
    ocr: bool,
    baseline: Path | None,
    only_findings: bool,
    changed: bool,
    file: Path | None,
    jobs: int | None,
    verbose: bool,
    quiet: bool,
    no_quotes: bool,
) -> None:
    """Check manuscripts (files, or folders that are searched for them)."""
    from coreqcheck.layers import given

    request = Request(
        settings=given(guideline, profile, fail_on, min_items, baseline),
        read=ReadOptions(revisions=revisions, ocr=ocr),
        file=file,
        only_findings=only_findings,
    )
    found = _submissions(paths, companions, as_one, changed, request.read)
    checked, digest = check_all(found, request, jobs)
    reports = [c.report for c in checked]
    options = RenderOptions(
        digest=digest,
        verbose=verbose,
        quiet=quiet,
        quotes=not no_quotes,
        width=window.USUAL if output else window.width(),
        color=output is None and window.has_styles(),
        links=output is None and window.has_links(),
        suffix=output.suffix.lower() if output else "",
    )
    shown = [pressing(c) for c in checked if _says_something(c)] if quiet else reports
    _write(render(shown, form, options), output)
    for one in checked:
        _tell(one)
    raise SystemExit(status(checked))


def _submissions(
    paths: Sequence[str],
    companions: Sequence[str],
    one: bool,
    changed: bool,
    options: ReadOptions,
) -> list[Submission]:
    if one:
        found = [one_submission(path, options) for path in paths]
    else:
        found = submissions(paths, changed)
    if not companions:
        return found
    if len(found) != 1:
        raise UsageError(
            f"--with belongs to one manuscript, not to {len(found)}; check them one by one"
        )
    more = tuple(dict.fromkeys((*found[0].companions, *companions)))
    whole = Path(found[0].path).absolute()
    return [replace(found[0], companions=tuple(c for c in more if Path(c).absolute() != whole))]


def check_all(
    found: Sequence[Submission], request: Request, jobs: int | None = None
) -> tuple[list[Checked], str]:
    """Check submissions, each with the settings that hold for it, in ``jobs`` processes.

    Returns:
        what was checked, and the digest of the rules. What is no report of a study is excused
        when nobody typed its name, and named on standard error.

    Raises:
        ConfigError: a configuration, profile or baseline is wrong.
        RuleError: a rule file is wrong.
    """
    from coreqcheck.layers import layers, rules_for

    tasks = [
        Task(one, in_force(layers(Path(one.path), request.settings, request.file)), request)
        for one in found
    ]
    # Every rule file is read here, so that a mistake in one is told once, before any work.
    digests = [rules_for(task.settings).digest for task in tasks]
    if not digests:
        digests.append(rules_for(in_force([request.settings])).digest)
    # What is loaded by now stays: the collector need not look at a hundred thousand tuples again.
    gc.freeze()
    return _every(tasks, jobs), "+".join(dict.fromkeys(digests))


def _every(tasks: Sequence[Task], jobs: int | None) -> list[Checked]:
    if len(tasks) < 2:
        return [_check(task) for task in tasks]
    from coreqcheck.cli import several

    return several.each(_check, tasks, _lost, jobs)


def _lost(task: Task) -> Checked:
    """What stands for a manuscript whose reading ended its process."""
    path = task.submission.path.replace("\\", "/")
    report = Report(path, None, None, rules_digest="", error=("crash", CRASHED))
    return Checked(report, task.settings.fail_on or "error", 0)


def _check(task: Task) -> Checked:
    from coreqcheck import pipeline
    from coreqcheck.layers import rules_for
    from coreqcheck.report import baseline

    submission, settings, request = task.submission, task.settings, task.request
    rules = rules_for(settings)
    report = pipeline.check(
        submission.path, rules, request.read, submission.companions, settings=settings
    )
    least = 0 if request.only_findings else settings.min_items or 0
    if settings.baseline is not None and not request.ignore_baseline:
        known = baseline.load(settings.baseline).of(report.path)
        report = baseline.apply_baseline(report, known)
        least = min(least, known.located) if known else least
    if request.only_findings:
        report = without_items(report, ONLY_FINDINGS)
    elif submission.searched and _may_be_anything(report):
        report, least = without_items(report, MAY_BE_ANYTHING), 0
    excused = submission.searched and _is_no_report(report)
    if not excused and _has_too_few(report, least):
        report = _saying_too_few(report, least)
    return Checked(report, settings.fail_on or "error", least, excused)


def _is_no_report(report: Report) -> bool:
    if report.error is not None:
        is_text = Path(report.path).suffix.lower() not in _OFFICE
        return is_text and report.error[0] in NO_MANUSCRIPT
    return report.applicability is not None and report.applicability.verdict is Verdict.OTHER


def _may_be_anything(report: Report) -> bool:
    return report.applicability is not None and report.applicability.verdict is Verdict.UNCERTAIN


def without_items(report: Report, why: str) -> Report:
    """The report with its items set aside, so that only findings count."""
    items = (replace(i, severity=None, set_aside=why) for i in report.assessments)
    return replace(report, assessments=tuple(items))


def _tell(checked: Checked) -> None:
    """One line on standard error for what could not be read, or was no manuscript."""
    report = checked.report
    if checked.excused:
        click.echo(f"coreqcheck: {report.path}: no report of a study; passed over", err=True)
    elif report.error:
        click.echo(f"coreqcheck: {report.path}: {report.error[1]}", err=True)


def _write(rendered: str | bytes, output: Path | None) -> None:
    if output is None:
        if isinstance(rendered, bytes):
            raise UsageError("this format is a file: name it with --output FILE")
        click.echo(rendered, nl=False, color=window.has_styles() or None)
        return
    write_whole(output, rendered)


# -- what counts ---------------------------------------------------------------------------------


def status(checked: Sequence[Checked]) -> int:
    """The exit status of design section 5: 3 before 1, 0 when there is nothing to say."""
    counted = [c for c in checked if not c.excused]
    if any(c.report.error for c in counted):
        return 3
    return int(any(_fails(c) for c in counted))


def _fails(checked: Checked) -> bool:
    if _has_too_few(checked.report, checked.least):
        return True
    return any(counts(s, checked.fail_on) for s in severities(checked.report))


def counts(severity: Severity | None, fail_on: str) -> bool:
    """Whether a severity is at or above ``--fail-on``."""
    if severity is None or fail_on == "never":
        return False
    return SEVERITIES.index(severity) >= SEVERITIES.index(Severity(fail_on))


def severities(report: Report) -> list[Severity]:
    """The severities of the findings and of the items that were decided."""
    items = [a.severity for a in report.assessments if a.decided and a.severity]
    return [f.severity for f in report.findings] + items


def _has_too_few(report: Report, least: int) -> bool:
    """Fewer items located than were asked for; never where some could not be decided."""
    from coreqcheck.report.baseline import located

    return bool(least) and all(a.decided for a in report.assessments) and located(report) < least


def _saying_too_few(report: Report, least: int) -> Report:
    from coreqcheck.report.baseline import located

    message = f"{located(report)} items are located, at least {least} are asked for"
    said = Diagnostic("items.too-few", "warning", message)
    return replace(report, diagnostics=(*report.diagnostics, said))


def _says_something(checked: Checked) -> bool:
    """Whether there is anything to show when only what fails is to be shown."""
    if checked.excused:
        return False
    report = pressing(checked)
    return bool(report.error or report.findings or report.diagnostics) or any(
        i.severity for i in report.assessments
    )


def pressing(checked: Checked) -> Report:
    """The report with only what makes the run fail, and warnings about answers."""
    report, fail_on = checked.report, checked.fail_on
    items = tuple(
        i if i.decided and counts(i.severity, fail_on) else replace(i, severity=None, set_aside="-")
        for i in report.assessments
    )
    said = [d for d in report.diagnostics if d.code.startswith(("answer.", "items."))]
    return replace(
        report,
        assessments=items,
        findings=tuple(f for f in report.findings if counts(f.severity, fail_on)),
        diagnostics=tuple(said),
        set_aside=(),
    )
