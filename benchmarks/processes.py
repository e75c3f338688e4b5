"""Commands as processes: what they cost in CPU time, elapsed time and memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU and elapsed seconds, peak resident MB (of the largest process), and the exit status."""

    cpu: float
    elapsed: float
    megabytes: float
    status: int


def cost(words: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command without its output; children that it waited for count."""
    inherited = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join(p for p in (str(HOME), inherited) if p)
    start = time.perf_counter()
    process = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": path} | dict(environment or {}),
    )
    _, status, used = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    # ru_maxrss is in kilobytes on Linux, in bytes on macOS.
    size = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return Cost(used.ru_utime + used.ru_stime, elapsed, size, process.returncode)


def best(words: Sequence[str], rounds: int, environment: Mapping[str, str] | None = None) -> Cost:
    """The run with the least CPU time: what others do on the machine only ever adds to it."""
    return min((cost(words, environment) for _ in range(rounds)), key=lambda c: c.cpu)


def others_busy() -> float:
    """CPU seconds that the whole machine was busy since its start; 0 where nothing tells."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            ticks = [int(n) for n in file.readline().split()[1:9]]
    except (OSError, ValueError):
        return 0.0
    # Columns: user, nice, system, idle, iowait, irq, softirq, steal.
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")
