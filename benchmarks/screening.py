"""One worker against two, cold start, and peak memory of a screening.

    python benchmarks/screening.py [--count 120] [--rounds 2] [--memory 200,2000] [--urgent]

Prints ratios from one run. Throughput counts from the first to the last finished submission, so
that the start of the workers is left out; rounds alternate, the best of each counts. On a machine
that others use, look at the cores that they took before you believe it: the last ratio uses CPU time
alone. ``--urgent`` gives the measured processes precedence.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from processes import others_busy

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parent / "tests" / "manuscripts"


def fill(root: Path, count: int) -> None:
    """``count`` small submissions, none the same."""
    root.mkdir(parents=True)
    chance = random.Random(1)
    texts = [p.read_text("utf-8") for p in sorted(SOURCES.glob("*.md"))]
    for number in range(count):
        blocks = texts[number % len(texts)].split("\n\n")
        kept = [b for b in blocks if b.startswith("#") or chance.random() > 0.05]
        (root / f"{number:05d}.md").write_text("\n\n".join(kept), "utf-8")


@dataclass(frozen=True, slots=True)
class Round:
    """One run: rate a second of the pool alone and of the whole with its tables; CPU milliseconds a
    submission of workers and supervisor; cores that everything else on the machine took."""

    rate: float
    whole: float
    worker: float
    supervisor: float
    others: float


def measured(root: Path, out: Path, workers: int) -> Round:
    """Screen in this process, and look at what it and its workers used."""
    from coreqcheck.screening import runner, screen

    times: list[float] = []

    def timed(*given: object) -> Iterator[object]:
        for outcome in pool(*given):
            times.append(time.perf_counter())
            yield outcome

    pool, runner.run = runner.run, timed
    before, start = _used(), time.perf_counter()
    try:
        with open(os.devnull, "w") as nothing, contextlib.redirect_stderr(nothing):
            screen.screen([str(root)], out, screen.Options(workers=workers), lambda line: None)
    finally:
        runner.run = pool
    elapsed = time.perf_counter() - start
    own, children, machine = (b - a for a, b in zip(before, _used(), strict=True))
    # All workers are warm, rules loaded, once each has finished two.
    steady = times[2 * workers :]
    return Round(
        (len(steady) - 1) / (steady[-1] - steady[0]),
        len(times) / elapsed,
        1000 * children / len(times),
        1000 * own / len(times),
        (machine - own - children) / elapsed,
    )


def _used() -> tuple[float, float, float]:
    """CPU seconds until now: of this process, of its children that ended, of the machine."""
    own, children = (
        resource.getrusage(which) for which in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime, others_busy()


def throughput(folder: Path, count: int, rounds: int) -> None:
    """One worker and two in turn; the quietest round of each is compared."""
    fill(folder / "in", count)
    made: dict[int, list[Round]] = {1: [], 2: []}
    for number in range(rounds):
        for workers in (1, 2):
            done = measured(folder / "in", folder / f"{number}-{workers}", workers)
            made[workers].append(done)
            print(
                f"throughput  {workers} worker(s): {done.rate:5.2f} a second, {done.whole:5.2f} with "
                f"start and tables; CPU a submission: {done.worker:.0f} ms worker, "
                f"{done.supervisor:.1f} ms supervisor; others took {done.others:.2f} cores",
                flush=True,
            )
    one, two = (max(made[n], key=lambda r: r.rate) for n in (1, 2))
    free = 2000 / (two.worker + two.supervisor) / (1000 / one.worker)
    print(
        f"throughput  two against one, best of each: {two.rate / one.rate:.2f} x, "
        f"{two.whole / one.whole:.2f} x with start and tables; "
        f"by CPU time, on two cores that are free: {free:.2f} x"
    )


def cold_start() -> None:
    """Whole commands, in CPU seconds of the child, best of five, against an empty Python."""
    commands = {
        "python -c pass": ["-c", "pass"],
        "coreqcheck --version": ["-m", "coreqcheck", "--version"],
        "coreqcheck check (1,200 words)": ["-m", "coreqcheck", "check", str(SOURCES / "good.md")],
    }
    base = 0.0
    for name, words in commands.items():
        times = []
        for _ in range(5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=False)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        base = base or min(times)
        print(f"cold start  {name:32} {min(times):6.2f} s CPU  {min(times) / base:5.1f} x")


def peak(folder: Path, count: int) -> tuple[float, float]:
    """Peak resident MB of the supervisor and of the largest worker, for so many submissions."""
    root, out = folder / f"in{count}", folder / f"out{count}"
    fill(root, count)
    process = subprocess.Popen(
        [sys.executable, "-m", "coreqcheck", "screen", str(root), "-o", str(out), "--workers", "2"],
        stderr=subprocess.DEVNULL,
    )
    own = workers = 0.0
    while process.poll() is None:
        own = max(own, _peak(process.pid))
        workers = max([workers, *(_peak(child) for child in _children(process.pid))])
        time.sleep(0.1)
    shutil.rmtree(out)
    return own, workers


def _peak(process: int) -> float:
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1000 if found else 0.0


def _children(process: int) -> list[int]:
    found = []
    for entry in os.listdir(f"/proc/{process}/task") if os.path.exists(f"/proc/{process}") else []:
        try:
            text = Path(f"/proc/{process}/task/{entry}/children").read_text()
        except OSError:
            continue
        found += [int(p) for p in text.split()]
    return found


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--memory", default="200,2000", help="Numbers of submissions.")
    parser.add_argument("--urgent", action="store_true", help="Before all others (Linux, root).")
    options = parser.parse_args()
    if options.urgent:
        Path("/proc/self/autogroup").write_text("-15")
        os.nice(-15)
    print(f"load of the machine at the start: {os.getloadavg()[0]:.1f}")
    cold_start()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        throughput(folder, options.count, options.rounds)
        sizes = [int(n) for n in options.memory.split(",") if n]
        peaks = {size: peak(folder, size) for size in sizes}
        for number, name in enumerate(("supervisor", "largest worker")):
            line = ", ".join(f"{p[number]:.0f} MB for {size}" for size, p in peaks.items())
            print(f"peak memory {name}: {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
