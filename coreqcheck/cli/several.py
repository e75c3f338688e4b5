"""Several manuscripts at once: one process for each core.

A process more also means that a parser which ends its process costs one manuscript, not the run.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_WORTH_FORKING = 3
_WORTH_STARTING = 12
"""Manuscripts from which on further processes save time: a forked one has the rules at once."""


def cores() -> int:
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def each(
    work: Callable[[T], R], tasks: Sequence[T], lost: Callable[[T], R], jobs: int | None = None
) -> list[R]:
    """``work`` done for every task, in order.

    Args:
        work: a function at the top level of a module.
        tasks: what it is called with, one by one.
        lost: what stands for a task whose process died.
        jobs: how many processes; as many as there are cores when ``None``.
    """
    jobs = min(jobs or cores(), len(tasks))
    if jobs < 2 or len(tasks) < _worth():
        return [work(task) for task in tasks]
    return _in_processes(work, tasks, lost, jobs)


def _worth() -> int:
    return _WORTH_FORKING if _forks() else _WORTH_STARTING


def _forks() -> bool:
    # Forking a process with threads is unsafe on macOS, and there is none on Windows.
    return sys.platform == "linux"


def _context() -> BaseContext:
    return multiprocessing.get_context("fork" if _forks() else "spawn")


def _in_processes(
    work: Callable[[T], R], tasks: Sequence[T], lost: Callable[[T], R], jobs: int
) -> list[R]:
    done: dict[int, R] = {}
    with _pool(jobs) as pool:
        waiting: dict[int, Future[R]] = {n: pool.submit(work, t) for n, t in enumerate(tasks)}
        try:
            for number, future in waiting.items():
                done[number] = future.result()
        except BrokenProcessPool:
            # One of those that ran killed its process; which one, only trying again tells.
            done |= {n: f.result() for n, f in waiting.items() if f.done() and not f.exception()}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for number, task in enumerate(tasks):
        if number not in done:
            done[number] = _alone(work, task, lost)
    return [done[number] for number in range(len(tasks))]


def _alone(work: Callable[[T], R], task: T, lost: Callable[[T], R]) -> R:
    with _pool(1) as pool:
        try:
            return pool.submit(work, task).result()
        except BrokenProcessPool:
            return lost(task)


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=_context(), initializer=_begin)


def _begin() -> None:
    # Ctrl-C is the parent's to handle; a traceback of each worker would tell nobody anything.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
