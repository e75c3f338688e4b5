"""How long one waits: a paper of 10,000 words against proselint, and `--version` against click.

    python -m venv a && a/bin/pip install dist/coreqcheck-*.whl
    python -m venv b && b/bin/pip install proselint
    python benchmarks/cold_start.py --coreqcheck a/bin/coreqcheck --proselint b/bin/proselint

Both programs are installed as users have them, and started afresh for each run; the runs alternate,
so that whatever else the machine does falls on both. Medians of ten, elapsed and CPU seconds.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from engine_length import SOURCES, lengthened
from processes import Cost, cost

WORDS = 10_000


def paper() -> str:
    """An invented manuscript of 10,000 words, no paragraph of which is the same as another."""
    text = (SOURCES / "good.md").read_text("utf-8")
    times = 1
    while len(lengthened(text, times).split()) < WORDS:
        times += 1
    return lengthened(text, times)


def alternated(
    first: Sequence[str], second: Sequence[str], runs: int
) -> tuple[list[Cost], list[Cost]]:
    """The costs of two commands that take turns, one turn unmeasured before them."""
    fresh = {"PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": ""}
    cost(first, fresh), cost(second, fresh)
    found: tuple[list[Cost], list[Cost]] = ([], [])
    for _ in range(runs):
        found[0].append(cost(first, fresh))
        found[1].append(cost(second, fresh))
    return found


def told(name: str, costs: Sequence[Cost]) -> tuple[float, float]:
    """Print the medians of elapsed and CPU seconds, and return them."""
    elapsed = statistics.median(c.elapsed for c in costs)
    cpu = statistics.median(c.cpu for c in costs)
    print(f"{name:32} {elapsed:7.3f} s elapsed {cpu:7.3f} s CPU  status {costs[0].status}")
    return elapsed, cpu


def compared(
    names: tuple[str, str], commands: tuple[Sequence[str], Sequence[str]], runs: int
) -> None:
    """Print the medians of both and their ratios."""
    ours, others = alternated(*commands, runs)
    (a, b), (c, d) = told(names[0], ours), told(names[1], others)
    print(f"{'ratio':32} {a / c:7.2f}   elapsed {b / d:7.2f}   CPU\n", flush=True)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--coreqcheck", default=shutil.which("coreqcheck"))
    parser.add_argument("--proselint", default=shutil.which("proselint"))
    parser.add_argument("--runs", type=int, default=10)
    given = parser.parse_args()
    python = str(Path(given.coreqcheck).with_name("python"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paper.md"
        file.write_text(paper(), "utf-8")
        print(f"{len(file.read_text('utf-8').split())} words, {given.runs} alternated runs\n")
        compared(
            ("coreqcheck --version", 'python -c "import click"'),
            ([given.coreqcheck, "--version"], [python, "-c", "import click"]),
            given.runs,
        )
        if given.proselint is None:
            print("proselint is not there: pip install proselint, into an environment of its own")
            return 0
        compared(
            ("coreqcheck check", "proselint check"),
            (
                [given.coreqcheck, "check", str(file), "--fail-on", "never"],
                [given.proselint, "check", str(file)],
            ),
            given.runs,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
