"""The same texts through coreqcheck, proselint and textlint: CPU time, memory, and ratios.

    pip install proselint; npm install textlint textlint-rule-write-good
    python benchmarks/linters.py [--count 40] [--rounds 3] [--textlint node_modules/.bin/textlint]

Each program gets all texts in one command, in one process, and one short text alone; the difference
is what the texts cost without the start. A program that is not there is said to be absent. The three
answer different questions: proselint and textlint look at wording sentence by sentence, coreqcheck
reads the whole manuscript, finds sections and voices, and decides 32 items. So this says what an
author who runs all of them in one hook waits for, not which is better.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

from processes import HOME, best

SOURCES = HOME / "tests" / "manuscripts"


def fill(folder: Path, count: int) -> int:
    """``count`` variations of the invented manuscripts; their words in all."""
    chance = random.Random(1)
    texts = [p.read_text("utf-8") for p in sorted(SOURCES.glob("*.md"))]
    words = 0
    for number in range(count):
        blocks = texts[number % len(texts)].split("\n\n")
        kept = "\n\n".join(b for b in blocks if b.startswith("#") or chance.random() > 0.05)
        words += len(kept.split())
        (folder / f"{number:03d}.md").write_text(kept, "utf-8")
    return words


def programs(textlint: str) -> dict[str, list[str] | None]:
    """The command of each program, ``None`` when it is not installed."""
    proselint = importlib.util.find_spec("proselint") is not None
    found = textlint if os.path.isfile(textlint) else shutil.which("textlint")
    return {
        "coreqcheck": [
            sys.executable, "-m", "coreqcheck", "check", "--jobs", "1", "--fail-on", "never",
        ],
        "proselint": [sys.executable, "-m", "proselint", "check"] if proselint else None,
        "textlint": [found, "--rule", "write-good"] if found else None,
    }  # fmt: skip


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--textlint", default="node_modules/.bin/textlint")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "texts"
        folder.mkdir()
        words = fill(folder, options.count)
        short = Path(scratch) / "short.md"
        short.write_text("# A title\n\nOne sentence.\n", "utf-8")
        texts = [str(p) for p in sorted(folder.iterdir())]
        print(f"{len(texts)} texts, {words} words; load {os.getloadavg()[0]:.1f}")
        print("program       start s  all s   ms a 1,000 words  against coreqcheck  peak MB")
        base = 0.0
        for name, command in programs(options.textlint).items():
            if command is None:
                print(f"{name:12}  absent")
                continue
            environment = {"COREQCHECK_CACHE": str(Path(scratch) / "cache")}
            start = best([*command, str(short)], options.rounds, environment)
            whole = best([*command, *texts], options.rounds, environment)
            if whole.status not in (0, 1):
                print(f"{name:12}  ended with status {whole.status}")
                continue
            each = (whole.cpu - start.cpu) / words * 1e6
            base = base or each
            print(
                f"{name:12} {start.cpu:8.2f} {whole.cpu:6.2f} {each:18.1f} {each / base:19.2f} x"
                f" {whole.megabytes:7.0f}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
