"""One worker against two, cold start, and peak memory of a screening.

    python benchmarks/screening.py [--count 120] [--rounds 2]

Prints ratios from one run. Throughput counts from the first to the last finished submission, so
that the start of the workers is left out; rounds alternate, the best of each counts. On a machine
that others use, look at the ratio of CPU to elapsed time before you believe the throughput.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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


def throughput(root: Path, workers: int) -> tuple[float, float]:
    """Submissions a second, and CPU seconds of the workers by elapsed second."""
    from coreqcheck.language.load import load_rules
    from coreqcheck.screening.runner import run
    from coreqcheck.screening.submissions import find
    from coreqcheck.screening.supervision import Limits

    found = find([root], root / "none").submissions
    digest = load_rules().digest
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    first, last, done = 0.0, 0.0, 0
    for _ in run(found, workers, Limits(300, 2000), digest):
        last = time.perf_counter()
        # Both workers are warm once each has finished one.
        if done < 2 * workers:
            first = last
        done += 1
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (done - 2 * workers) / (last - first), used / (time.perf_counter() - start)


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
    options = parser.parse_args()
    print(f"load of the machine at the start: {os.getloadavg()[0]:.1f}")
    cold_start()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        fill(folder / "in", options.count)
        best = {1: (0.0, 0.0), 2: (0.0, 0.0)}
        for _ in range(options.rounds):
            for workers in (1, 2):
                best[workers] = max(best[workers], throughput(folder / "in", workers))
        for workers, (rate, cores) in best.items():
            print(f"throughput  {workers} worker(s): {rate:5.2f} a second, {cores:.2f} cores got")
        per_core = [rate / cores for rate, cores in best.values()]
        print(
            f"throughput  two against one: {best[2][0] / best[1][0]:.2f} x; "
            f"per core that was got: {per_core[1] / per_core[0]:.2f} x"
        )
        small, large = peak(folder, options.count), peak(folder, 4 * options.count)
        for name, one, four in zip(("supervisor", "largest worker"), small, large, strict=True):
            print(
                f"peak memory {name}: {one:.0f} MB for {options.count}, "
                f"{four:.0f} MB for {4 * options.count} ({four / one:.2f} x)"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
