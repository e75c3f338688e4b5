"""The same work on a Dask cluster that exists already; needs the extra ``cluster``.

Each thread of a Dask worker has a worker process of ours, so that time, memory and crashes are
bounded as on one machine. What a dying Dask worker had in hand, Dask gives to another one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from coreqcheck.errors import UsageError
from coreqcheck.screening.submissions import Submission
from coreqcheck.screening.supervision import Limits, Worker
from coreqcheck.screening.work import Outcome, ended, unpacked

_AHEAD = 3
"""Submissions in the cluster for each of its threads: enough to keep it busy, never all."""
_CONNECT = "30s"
_own = threading.local()


def run(
    submissions: Iterator[Submission], scheduler: str, limits: Limits, digest: str
) -> Iterator[Outcome]:
    """Yield the outcome of each submission as it ends.

    Raises:
        UsageError: dask.distributed is missing, the scheduler cannot be reached or went away,
            or its workers have other rules than this command.
    """
    try:
        import distributed
    except ImportError:
        raise UsageError('--scheduler needs Dask: pip install "coreqcheck[cluster]"') from None
    try:
        client = distributed.Client(scheduler, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"{scheduler}: no scheduler answers ({type(error).__name__})") from None
    try:
        yield from _exchanged(client, submissions, limits, digest)
    except (OSError, distributed.CancelledError) as error:
        raise UsageError(
            f"{scheduler}: the scheduler went away ({type(error).__name__}); "
            "what is done is kept, the same command goes on"
        ) from None
    finally:
        client.close(timeout=5)


def task(submission: Submission, limits: Limits, digest: str) -> str:
    """One submission, on a worker of the cluster: the outcome as a line of JSON."""
    worker: Worker | None = getattr(_own, "worker", None)
    if worker is None or not worker.fits(limits, digest):
        worker = _own.worker = Worker(limits, digest)
    return worker.run(submission).packed()


def _exchanged(
    client: Any, submissions: Iterator[Submission], limits: Limits, digest: str
) -> Iterator[Outcome]:
    from distributed import as_completed

    def submit(submission: Submission) -> Any:
        future = client.submit(task, submission, limits, digest, pure=False, retries=0)
        pending[future.key] = submission
        return future

    pending: dict[str, Submission] = {}
    done = as_completed(loop=client.loop)
    for submission in submissions:
        done.add(submit(submission))
        if len(pending) < _AHEAD * max(_threads(client), 1):
            continue
        future = next(done)
        yield _outcome(future, pending.pop(future.key))
    while pending:
        future = next(done)
        yield _outcome(future, pending.pop(future.key))


def _threads(client: Any) -> int:
    return sum(client.nthreads().values())


def _outcome(future: Any, submission: Submission) -> Outcome:
    """The outcome of a task that ended, well or not."""
    from distributed import KilledWorker

    error = future.exception()
    if error is None:
        return unpacked(future.result())
    if isinstance(error, UsageError):
        raise error
    if isinstance(error, KilledWorker):
        message = "several workers of the cluster died over it; look at the file"
        return ended(submission, "failed", "crash", message)
    if isinstance(error, ImportError):
        raise UsageError("a worker of the cluster lacks coreqcheck, or has another version of it")
    return ended(submission, "failed", "internal-error", f"{type(error).__name__} in the cluster")
