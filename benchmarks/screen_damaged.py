"""Screens 20,000 damaged files: no crash of the run, no hang past the limit, nothing outside OUT.

    python benchmarks/screen_damaged.py [--count 20000] [--workers 2] [--time 20] [--seed 1]
                                        [--folder FOLDER]

Variations of tests/manuscripts in nine formats, each copy damaged once by ``mutations.py`` (bytes,
package members, cross-references, lines ...). All are screened by one command. Then looks at
everything there is below the folder, and at the temporary folder and the working folder of the
command: a path that was not there before and is not in OUT is listed. Exit status 1 when the run
died, a submission has no record, a worker was not ended in time, or anything was written elsewhere.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from more_formats import TESTS, WRITERS  # noqa: E402
from mutations import copies  # noqa: E402

VARIANTS = 4


def originals(folder: Path, chance: random.Random) -> list[Path]:
    """Sound manuscripts in all formats, with some paragraphs gone."""
    folder.mkdir(parents=True)
    made = []
    for source in sorted((TESTS / "manuscripts").glob("*.md")):
        head, *blocks = source.read_text("utf-8").strip().split("\n\n")
        for number in range(VARIANTS):
            kept = [
                b for n, b in enumerate(blocks) if n < 3 or b[0] == "#" or chance.random() > 0.1
            ]
            for ending, write in WRITERS.items():
                path = folder / f"{source.stem}-{number}{ending}"
                write("\n\n".join([head, *kept]) + "\n", path)
                made.append(path)
    return made


def fill(root: Path, count: int, seed: int) -> Counter[str]:
    """The damaged files, a thousand to a folder; how many of each mutation."""
    kinds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        sources = originals(Path(scratch) / "originals", random.Random(seed))
        for path, what, data in copies(sources, count, seed):
            number, _, kind = what.partition(":")
            kinds[kind] += 1
            folder = root / f"{int(number) // 1000:02d}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{int(number):05d}{path.suffix}").write_bytes(data)
    return kinds


def state(*folders: Path) -> dict[str, str]:
    """Every path below the folders, with a digest of what it holds."""
    found: dict[str, str] = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_symlink():
                found[str(path)] = f"-> {os.readlink(path)}"
            elif path.is_file():
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                found[str(path)] = "folder"
    return found


def screened(folder: Path, workers: int, seconds: int) -> tuple[int, str, str, float]:
    """Status, standard output, standard error and elapsed seconds of the command."""
    work, temporary = folder / "cwd", folder / "tmp"
    home = str(HERE.parent)
    inherited = os.environ.get("PYTHONPATH", "")
    environment = os.environ | {
        "TMPDIR": str(temporary),
        "HOME": str(work),
        "PYTHONPATH": os.pathsep.join(p for p in (home, inherited) if p),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    start = time.monotonic()
    with (folder / "stderr.txt").open("w+") as err, (folder / "stdout.txt").open("w+") as out:
        process = subprocess.run(
            [sys.executable, "-m", "coreqcheck", "screen", str(folder / "in"), "-o",
             str(folder / "out"), "--workers", str(workers), "--time", str(seconds),
             "--memory", "1500"],
            stdout=out, stderr=err, cwd=work, env=environment, check=False,
        )  # fmt: skip
        err.seek(0)
        out.seek(0)
        return process.returncode, out.read(), err.read(), time.monotonic() - start


def verdict(
    folder: Path, before: dict[str, str], count: int, run: tuple[int, str, str, float]
) -> int:
    """Print what ended how; the number of things that are not as they should be."""
    status, printed, said, elapsed = run
    print(f"status {status}, {elapsed:.0f} s, {count / elapsed:.1f} a second")
    print("    " + "\n    ".join(said.strip().splitlines()[-2:]))
    wrong = []
    if status not in (0, 3):
        wrong.append(f"the run ended with status {status}")
    if printed:
        wrong.append(f"printed to standard output: {printed[:200]!r}")
    if "Traceback" in said:
        wrong.append("a traceback on standard error")
    after = state(folder / "in", folder / "cwd", folder / "tmp")
    wrong += [
        f"changed outside OUT: {p}" for p in {*before, *after} if before.get(p) != after.get(p)
    ]
    own = {p.name for p in folder.iterdir()} - {
        "in",
        "out",
        "cwd",
        "tmp",
        "stderr.txt",
        "stdout.txt",
    }
    wrong += [f"written beside OUT: {name}" for name in own]
    if (folder / "out" / "submissions.csv").is_file():
        wrong += _records(folder / "out", count)
    for line in wrong:
        print("WRONG:", line)
    return len(wrong)


def _records(out: Path, count: int) -> list[str]:
    with (out / "submissions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    endings = Counter((r["format"], r["status"], r["problem"].partition(":")[0]) for r in rows)
    for (kind, status, code), number in sorted(endings.items()):
        print(f"    {number:6} {kind:5} {status:10} {code}")
    for row in rows:
        if row["status"] == "failed":
            print(f"    failed: {row['path']}: {row['problem']}")
    names = {p.name for p in (out / "reports").iterdir()}
    due = {Path(r["report"]).name for r in rows if r["report"]}
    odd = [n for n in names if not re.fullmatch(r"[a-z0-9-]+\.html", n)]
    with (out / "records.jsonl").open(encoding="utf-8") as file:
        lines = sum(1 for line in file if json.loads(line)["status"])
    return (
        [f"{len(rows)} rows and {lines} records for {count} files"]
        * ((len(rows), lines) != (count,) * 2)
        + ["the reports are others than the table says"] * (names != due)
        + [f"a report with a name of its own: {n}" for n in odd]
        + [
            f"{n} errors of coreqcheck itself"
            for (_, _, c), n in endings.items()
            if c == "internal-error"
        ]
    )


def main() -> int:
    """Make, screen, look."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--time", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="Keep inputs and outputs here; must be empty.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.folder or Path(scratch)).resolve()
        for name in ("cwd", "tmp"):
            (folder / name).mkdir(parents=True)
        kinds = fill(folder / "in", options.count, options.seed)
        print(f"{options.count} files:", ", ".join(f"{n} {k}" for k, n in sorted(kinds.items())))
        before = state(folder / "in", folder / "cwd", folder / "tmp")
        print(f"load at the start {os.getloadavg()[0]:.1f}", flush=True)
        run = screened(folder, options.workers, options.time)
        return int(verdict(folder, before, options.count, run) > 0)


if __name__ == "__main__":
    sys.exit(main())
