"""A whole screening: find, look what is kept, work, keep, write the outputs."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from coreqcheck.config import DEFAULTS
from coreqcheck.engine.choices import choices_of
from coreqcheck.errors import UsageError
from coreqcheck.language.rule_files import rules_digest
from coreqcheck.layers import rules_for
from coreqcheck.screening import outputs, runner
from coreqcheck.screening.progress import Progress
from coreqcheck.screening.store import Key, Store
from coreqcheck.screening.submissions import Found, Submission, content_digest, find
from coreqcheck.screening.supervision import Limits
from coreqcheck.screening.work import Outcome, settings_of
from coreqcheck.version import __version__

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to screen.

    ``resume``: ``None`` keeps what an earlier run of the same rules left, ``True`` insists that
    there is one, ``False`` checks everything again. ``retry`` checks failures again.
    ``scheduler`` is the address of a Dask scheduler, "" for this machine. ``guideline`` names
    one or several with commas between, "" for COREQ.
    """

    workers: int = 2
    limits: Limits = field(default_factory=Limits)
    resume: bool | None = None
    retry: bool = False
    scheduler: str = ""
    guideline: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """How many submissions ended how, and what was passed over."""

    checked: int
    unreadable: int
    failed: int
    kept: int


def screen(roots: Iterable[str], out: Path, options: Options, say: Say) -> Summary:
    """Screen all submissions below ``roots`` into ``out``.

    Args:
        roots: folders, files, or fsspec URLs.
        out: the folder of the outputs; made when it is missing. Nothing is written elsewhere.
        options: how.
        say: takes lines for people.

    Raises:
        ConfigError, RuleError: a configuration that holds for a submission is wrong.
        UsageError: nothing to screen, outputs that cannot be written, workers that cannot start.
        KeyboardInterrupt: stopped; everything finished is kept.
    """
    digest = rules_digest()
    key = Key(f"{digest} {__version__}", str(options.limits))
    found = _found(list(roots), out)
    for line in found.skipped:
        say(f"passed over: {line}")
    if not found.submissions:
        raise UsageError("no manuscripts found; name a folder with .docx, .pdf, .md ... in it")
    if options.guideline:
        asked = (replace(s, guideline=options.guideline) for s in found.submissions)
        found = replace(found, submissions=tuple(asked))
    chosen = {s.ident: _chosen(s) for s in found.submissions}
    with Store(out) as store:
        _check_resume(store, key, options, say)
        store.remove_leftovers()
        progress = Progress(len(found.submissions))
        _work_off(found, chosen, store, key, digest, options, progress)
        progress.close()
        idents = [s.ident for s in found.submissions]
        for note in outputs.write_all(out, lambda: _records(store, idents), digest):
            say(note)
        return _summary(_records(store, idents), progress.kept)


def _found(roots: list[str], out: Path) -> Found:
    remote = [r for r in roots if "://" in r]
    local = find([Path(r) for r in roots if "://" not in r], out)
    if not remote:
        return local
    from coreqcheck.screening.remote import listed

    submissions = [*local.submissions, *(s for url in remote for s in listed(url))]
    if len({s.path for s in submissions}) < len(submissions):
        raise UsageError("two of the folders have the same name; screen their common parent")
    return Found(tuple(sorted(submissions, key=lambda s: s.path)), local.skipped)


def _check_resume(store: Store, key: Key, options: Options, say: Say) -> None:
    former = store.rules()
    if key.rules in former:
        return
    if options.resume:
        raise UsageError(
            f"{store.out}: holds no run of these rules to resume; leave --resume out to check all"
        )
    if former:
        say("the rules or the version are others than in the earlier run: all are checked again")


def _chosen(submission: Submission) -> str:
    """A name for what a configuration chose for a submission, its rules included; "" for none.

    Raises:
        ConfigError, RuleError: something in the configuration, or a rule of the house, is wrong.
    """
    settings = settings_of(submission)
    if settings is DEFAULTS:
        return ""
    rules = rules_for(settings)
    choices_of(settings, rules)
    return hashlib.sha256(f"{settings!r} {rules.digest}".encode()).hexdigest()


def _work_off(
    found: Found,
    chosen: Mapping[str, str],
    store: Store,
    key: Key,
    digest: str,
    options: Options,
    progress: Progress,
) -> None:
    contents: dict[str, str] = {}

    def waiting() -> Iterator[Submission]:
        """Those without a record; their content is read just before they are handed out."""
        for submission in found.submissions:
            content = _content(submission)
            content = content and content + chosen[submission.ident]
            keeps = options.resume is not False
            if keeps and store.holds(submission.ident, content, key, options.retry):
                progress.keep()
                continue
            contents[submission.ident] = content
            yield submission

    for outcome in _outcomes(waiting(), digest, options):
        store.keep(outcome, contents.pop(outcome.ident), key)
        progress.end(outcome.status)


def _content(submission: Submission) -> str:
    if "://" in submission.root:
        from coreqcheck.screening.remote import remote_digest

        return remote_digest(submission)
    return content_digest(submission)


def _outcomes(
    submissions: Iterator[Submission], digest: str, options: Options
) -> Iterator[Outcome]:
    if options.scheduler:
        from coreqcheck.screening import cluster

        return cluster.run(submissions, options.scheduler, options.limits, digest)
    return runner.run(submissions, options.workers, options.limits, digest)


def _records(store: Store, idents: Iterable[str]) -> Iterator[dict[str, Any]]:
    for ident in idents:
        line = store.record(ident)
        if line is not None:
            yield json.loads(line)


def _summary(records: Iterable[dict[str, Any]], kept: int) -> Summary:
    statuses = [r["status"] for r in records]
    return Summary(
        statuses.count("checked"), statuses.count("unreadable"), statuses.count("failed"), kept
    )


def default_workers() -> int:
    """One for each core that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(len(os.sched_getaffinity(0)), 1)
    return os.cpu_count() or 1
