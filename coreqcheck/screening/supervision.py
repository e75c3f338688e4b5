"""A worker process under supervision: whatever a document does to it costs that document only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

import coreqcheck
from coreqcheck.errors import UsageError
from coreqcheck.screening.child import ENDS
from coreqcheck.screening.submissions import Submission
from coreqcheck.screening.work import Outcome, ended, unpacked

_DOCUMENTS = 200
"""After so many documents a worker is replaced, so that leaks of parsers stay small."""
_ATTEMPTS = 2
"""A crash may be the fault of something else (another's kill, the last document): try again."""
_START_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may take: seconds of time, megabytes of memory (address space)."""

    seconds: float = 120.0
    megabytes: int = 2_000

    def __str__(self) -> str:
        return f"{self.seconds:g} s, {self.megabytes} MB"


class Worker:
    """One worker process, replaced when it dies; used by one thread at a time."""

    def __init__(self, limits: Limits, digest: str) -> None:
        self._limits = limits
        self._digest = digest
        self._process: subprocess.Popen[bytes] | None = None
        self._done = 0
        self._late = False
        self._closed = False
        self._lock = threading.Lock()

    def run(self, submission: Submission) -> Outcome:
        """The outcome of one submission, within the limits.

        Raises:
            UsageError: workers cannot start, or their rules are other ones than ours.
        """
        for attempt in range(_ATTEMPTS):
            outcome = self._attempt(submission, last=attempt == _ATTEMPTS - 1)
            if outcome is not None:
                return outcome
        raise AssertionError("the last attempt always has an outcome")

    def fits(self, limits: Limits, digest: str) -> bool:
        """Whether it works within these limits and with these rules."""
        return not self._closed and (self._limits, self._digest) == (limits, digest)

    def close(self) -> None:
        """End the process, also from another thread; the worker cannot be used any more."""
        with self._lock:
            self._closed = True
            process = self._process
        if process is not None:
            process.kill()
            process.wait()

    def _attempt(self, submission: Submission, last: bool) -> Outcome | None:
        process = self._ready()
        fresh = self._done == 0
        line = self._ask(process, json.dumps(asdict(submission)), self._limits.seconds)
        if line.endswith(b"\n"):
            self._done += 1
            if line.startswith(ENDS.encode()):
                self._discard(process)
            outcome = unpacked(line[1:])
            # Earlier documents may have left little room: only a fresh process is a fair trial.
            unfair = outcome.status == "failed" and not fresh and not last
            return None if unfair else outcome
        status = self._discard(process)
        if self._late:
            message = (
                f"took more than {self._limits.seconds:g} s; look at the file, or raise --time"
            )
            return ended(submission, "failed", "timeout", message)
        if self._closed:
            raise UsageError("the screening was stopped")
        if not last:
            return None
        return ended(submission, "failed", "crash", f"the reader crashed ({_cause(status)})")

    def _ask(self, process: subprocess.Popen[bytes], line: str, seconds: float) -> bytes:
        """Send a line, wait for one; what came is cut short when the process died or was late."""
        assert process.stdin is not None
        assert process.stdout is not None
        self._late = False
        timer = threading.Timer(seconds, self._end_late, [process])
        timer.daemon = True
        timer.start()
        try:
            if line:
                process.stdin.write(line.encode() + b"\n")
                process.stdin.flush()
            return process.stdout.readline()
        except OSError:
            return b""
        finally:
            timer.cancel()

    def _end_late(self, process: subprocess.Popen[bytes]) -> None:
        self._late = True
        process.kill()

    def _ready(self) -> subprocess.Popen[bytes]:
        """A live process that has loaded the rules."""
        old = self._process
        if old is not None and old.poll() is None and self._done < _DOCUMENTS:
            return old
        if old is not None:
            self._discard(old)
        for _ in range(_ATTEMPTS + 1):
            process = self._start()
            line = self._ask(process, "", _START_SECONDS)
            if line.endswith(b"\n"):
                self._check(json.loads(line))
                return process
            status = self._discard(process)
        raise UsageError(
            f"workers cannot start ({_cause(status)}); give them more memory with --memory"
        )

    def _start(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise UsageError("the screening was stopped")
            self._done = 0
            self._process = subprocess.Popen(
                [
                    sys.executable, "-P", "-m", "coreqcheck.screening.child",
                    str(self._limits.seconds), str(self._limits.megabytes),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                # Ctrl-C on the terminal is for the supervisor alone. No session of its own, in
                # which ``nice`` would not count against the rest of the desktop.
                process_group=0 if os.name == "posix" else -1,
            )  # fmt: skip
            return self._process

    def _check(self, said: dict[str, str]) -> None:
        """What a new worker says of its rules."""
        if "wrong" in said:
            self.close()
            raise UsageError(said["wrong"])
        if said.get("ready") != self._digest:
            self.close()
            raise UsageError(
                "a worker has other rules than this command; install the same version everywhere, "
                "and leave the rules alone while a screening runs"
            )

    def _discard(self, process: subprocess.Popen[bytes]) -> int:
        """End a process and take its pipes away; its exit status."""
        for pipe in (process.stdin, process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                continue
        try:
            status = process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        with self._lock:
            if self._process is process:
                self._process = None
        return status


def _environment() -> dict[str, str]:
    """Ours, with this very package first: -P keeps the working folder out of the search."""
    home = str(Path(coreqcheck.__file__).parent.parent)
    inherited = os.environ.get("PYTHONPATH", "")
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(p for p in (home, inherited) if p),
        # Parsers' results must not depend on the order of sets.
        "PYTHONHASHSEED": "0",
        # A process that reads hostile files keeps nothing that a later run would load.
        "COREQCHECK_CACHE": "off",
    }


def _cause(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"signal {signal.Signals(-status).name}"
    except ValueError:
        return f"signal {-status}"
