"""Inside a worker process: reads jobs from standard input, writes outcomes, one JSON line each.

Started by ``supervision.Worker`` as ``python -m coreqcheck.screening.child SECONDS MEGABYTES``.
Before each outcome stands ``GOES_ON`` or ``ENDS``: whether the process takes another job.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
from typing import BinaryIO

GOES_ON, ENDS = ".", "!"
_FULL = 0.5
"""Share of the memory limit past which a process makes room for a fresh one."""
GRACE = 10.0
"""Seconds past the limit after which a worker whose supervisor is gone ends by itself."""


def main(seconds: float, megabytes: int) -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = _private_channel()
    _limit_memory(megabytes)
    from coreqcheck.errors import RuleError
    from coreqcheck.language.load import load_rules
    from coreqcheck.screening.submissions import Submission
    from coreqcheck.screening.work import ended, work

    try:
        rules = load_rules()
    except RuleError as error:
        _say(channel, json.dumps({"wrong": str(error)}))
        return
    _say(channel, json.dumps({"ready": rules.digest}))
    sink = open(os.devnull, "w")  # noqa: SIM115 - lives as long as the process
    for line in sys.stdin.buffer:
        data = json.loads(line)
        data |= {"files": tuple(data["files"]), "left_out": tuple(data["left_out"])}
        submission = Submission(**data)
        # A thread in C: it also ends a parser that never gives Python back its turn.
        faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=sink)
        try:
            outcome = work(submission, rules)
        except MemoryError:
            outcome = None
        faulthandler.cancel_dump_traceback_later()
        if outcome is None:
            message = (
                f"needs more than {megabytes} MB of memory; reduce its images or raise --memory"
            )
            # What is left of this process is not to be trusted.
            _say(channel, ENDS + ended(submission, "failed", "memory", message).packed())
            return
        spent = _size() > _FULL * megabytes
        _say(channel, (ENDS if spent else GOES_ON) + outcome.packed())
        if spent:
            return


def _private_channel() -> BinaryIO:
    """Standard output for us alone: what a library prints must not mix with outcomes."""
    channel = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    return channel


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    size = megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    except (ValueError, OSError):  # macOS, or a lower limit that is already set
        return


def _size() -> float:
    """Megabytes of address space, which is what the limit counts; 0 where nothing tells."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0


def _say(channel: BinaryIO, line: str) -> None:
    channel.write(line.encode() + b"\n")
    channel.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
