"""The pool: submissions to worker processes, outcomes back in the order in which they end."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator

from coreqcheck.screening.submissions import Submission
from coreqcheck.screening.supervision import Limits, Worker
from coreqcheck.screening.work import Outcome

_POLL = 0.5


def run(
    submissions: Iterable[Submission], workers: int, limits: Limits, digest: str
) -> Iterator[Outcome]:
    """Yield the outcome of each submission as it ends; each worker has one thread to watch it.

    The input is taken only as fast as the work goes. Closing the iterator ends all workers.

    Raises:
        UsageError: workers cannot start, or have other rules.
    """
    jobs: queue.Queue[Submission | None] = queue.Queue(maxsize=workers)
    outcomes: queue.Queue[Outcome | BaseException] = queue.Queue()
    crew = [Worker(limits, digest) for _ in range(workers)]
    threads = [
        threading.Thread(target=_serve, args=(one, jobs, outcomes), daemon=True) for one in crew
    ]
    for thread in threads:
        thread.start()
    try:
        yield from _exchanged(submissions, jobs, outcomes)
    finally:
        for one in crew:
            one.close()
        for _ in crew:
            _offer(jobs, None)
        for thread in threads:
            thread.join(timeout=5)


def _exchanged(
    submissions: Iterable[Submission],
    jobs: queue.Queue[Submission | None],
    outcomes: queue.Queue[Outcome | BaseException],
) -> Iterator[Outcome]:
    waiting = 0
    for submission in submissions:
        while not _offer(jobs, submission):
            for outcome in _arrived(outcomes, _POLL):
                waiting -= 1
                yield outcome
        waiting += 1
        for outcome in _arrived(outcomes, 0):
            waiting -= 1
            yield outcome
    while waiting:
        for outcome in _arrived(outcomes, _POLL):
            waiting -= 1
            yield outcome


def _offer(jobs: queue.Queue[Submission | None], job: Submission | None) -> bool:
    try:
        jobs.put_nowait(job)
    except queue.Full:
        return False
    return True


def _arrived(outcomes: queue.Queue[Outcome | BaseException], seconds: float) -> Iterator[Outcome]:
    """One outcome, when there is one within the time; an error of a thread is raised here."""
    try:
        outcome = outcomes.get(timeout=seconds) if seconds else outcomes.get_nowait()
    except queue.Empty:
        return
    if isinstance(outcome, BaseException):
        raise outcome
    yield outcome


def _serve(
    worker: Worker,
    jobs: queue.Queue[Submission | None],
    outcomes: queue.Queue[Outcome | BaseException],
) -> None:
    """Work until there is nothing more; an error is handed to the main thread."""
    while (job := jobs.get()) is not None:
        try:
            outcomes.put(worker.run(job))
        except BaseException as error:
            outcomes.put(error)
            return
