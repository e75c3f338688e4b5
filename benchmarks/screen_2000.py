"""Screens 2,000 submissions twice: undisturbed, and killed three times and resumed.

    python benchmarks/screen_2000.py [--count 2000] [--workers 2] [--folder FOLDER] [--once]

The submissions are variations of tests/manuscripts in all formats; one in twenty is damaged, and
seven crash, hang, spin or eat memory on purpose (tests/hostile_workers). Prints what ended how,
rates, peak memory of the supervisor at each quarter and of the largest worker, and which final
tables or reports differ. ``--once`` leaves the kills out, ``--count 10000 --once`` is the large run.
Exit status 1 when a submission has no record or a byte differs.
"""

from __future__ import annotations

import argparse
import csv
import filecmp
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent / "tests"
sys.path[:0] = [str(TESTS), str(HERE)]

import manuscript_formats as formats  # noqa: E402
from mutations import mutations  # noqa: E402

TABLES = (
    "records.jsonl", "submissions.csv", "items.csv", "findings.csv", "aggregates.csv",
    "screening.xlsx", "dashboard.html",
)  # fmt: skip
HOSTILE = ("exit", "abort", "hang", "spin", "memory", "error", "print")
KILLS = (0.2, 0.45, 0.7)
VARIANTS = 24
LIMITS = ("--time", "40", "--memory", "1500")


# --- making submissions ---------------------------------------------------------------------


def varied(markdown: str, chance: random.Random) -> str:
    """The manuscript with some paragraphs gone and some numbers otherwise."""
    blocks = markdown.strip().split("\n\n")
    head, body = blocks[:4], blocks[4:]
    kept = [b for b in body if b.startswith("#") or chance.random() > 0.08]
    text = "\n\n".join([*head, *kept])
    return re.sub(
        r"\b(\d\d)\b",
        lambda m: m[1] if chance.random() > 0.1 else str(chance.randint(10, 60)),
        text,
    )


def originals(folder: Path, chance: random.Random) -> list[Path]:
    """Every variation in every format."""
    folder.mkdir()
    made = []
    for source in sorted(formats.SOURCES.glob("*.md")):
        for number in range(VARIANTS):
            text = varied(source.read_text("utf-8"), chance)
            stem = folder / f"{source.stem}-{number}"
            formats.to_docx(text, stem.with_suffix(".docx"))
            formats.to_pdf(text, stem.with_suffix(".pdf"))
            formats.to_pdf(text, stem.with_name(f"{stem.name}-two.pdf"), columns=2)
            formats.to_text(text, stem.with_suffix(".txt"))
            formats.to_jats(text, stem.with_suffix(".xml"))
            stem.with_suffix(".md").write_text(text, "utf-8")
    made = sorted(folder.iterdir())
    chance.shuffle(made)
    return made


def fill(root: Path, count: int, chance: random.Random) -> None:
    """``count`` submissions in folders by year."""
    with tempfile.TemporaryDirectory() as scratch:
        sources = originals(Path(scratch) / "originals", chance)
        for number in range(count - len(HOSTILE)):
            source = sources[number % len(sources)]
            folder = root / str(2020 + number % 5)
            if number % 50 == 7:
                folder = folder / f"submission-{number}"
            folder.mkdir(parents=True, exist_ok=True)
            target = folder / f"{number:05d}{source.suffix}"
            if number % 20 == 3:
                data = source.read_bytes()
                _, mutate = chance.choice(mutations(data, source.suffix))
                target.write_bytes(mutate(data, chance) or b"x")
            else:
                shutil.copy(source, target)
            if number % 50 == 7:
                (folder / "Supplement.md").write_text("# Interview guide\n\n1. What happened?\n")
    for act in HOSTILE:
        (root / "2022" / f"hostile-{act}.md").write_text(f"hostile: {act}\n\n# A title\n\nText.\n")


# --- running --------------------------------------------------------------------------------


@dataclass(slots=True)
class Run:
    """What one run of the command did.

    ``memory`` is MB of the supervisor by reports done, ``largest`` that of the largest worker.
    """

    seconds: float
    status: int
    memory: list[tuple[int, float]]
    largest: float
    last: str


def run(root: Path, out: Path, workers: int, kill_at: int = 0) -> Run:
    """Screen; kill -9 when so many reports are there."""
    path = os.pathsep.join(
        p for p in (str(TESTS / "hostile_workers"), os.environ.get("PYTHONPATH", "")) if p
    )
    start = time.monotonic()
    with tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "coreqcheck", "screen", str(root), "-o", str(out),
             "--workers", str(workers), *LIMITS],
            stdout=subprocess.DEVNULL, stderr=err, env=os.environ | {"PYTHONPATH": path},
        )  # fmt: skip
        memory = []
        largest = 0.0
        while process.poll() is None:
            time.sleep(0.5)
            done = reports(out)
            if (megabytes := peak(process.pid)) is not None:
                memory.append((done, megabytes))
            largest = max([largest, *(peak(child) or 0 for child in children(process.pid))])
            if kill_at and done >= kill_at:
                process.kill()
                process.wait()
                break
        err.seek(0)
        lines = err.read().strip().splitlines()
    return Run(
        time.monotonic() - start, process.returncode, memory, largest, "\n    ".join(lines[-3:])
    )


def reports(out: Path) -> int:
    folder = out / "reports"
    return len(os.listdir(folder)) if folder.is_dir() else 0


def peak(process: int) -> float | None:
    """The peak resident memory of a process in MB."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) / 1000 if found else None


def children(process: int) -> list[int]:
    """The processes that a process, or a thread of it, started."""
    found = []
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [int(child) for child in file.read_text().split()]
        except OSError:
            continue
    return found


def show(name: str, made: Run) -> None:
    print(f"{name}: {made.seconds:.0f} s, status {made.status}\n    {made.last}")
    if made.memory:
        quarters = [made.memory[len(made.memory) * n // 4] for n in range(1, 4)] + [made.memory[-1]]
        print("    peak MB of the supervisor at n reports:",
              ", ".join(f"{mb:.0f} at {n}" for n, mb in quarters),
              f"; of the largest worker {made.largest:.0f}", flush=True)  # fmt: skip


def main() -> int:
    """Run all and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="Keep inputs and outputs here.")
    parser.add_argument("--once", action="store_true", help="Only the undisturbed run.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        root = folder / "in"
        if not root.exists():
            fill(root, options.count, random.Random(1))
        print(f"{options.count} submissions made", flush=True)
        show("undisturbed", undisturbed := run(root, folder / "plain", options.workers))
        if options.once:
            return int(endings(folder / "plain", undisturbed) != options.count)
        for number, share in enumerate(KILLS, 1):
            made = run(root, folder / "killed", options.workers, int(share * options.count))
            show(f"killed {number}", made)
        show("resumed", run(root, folder / "killed", options.workers))
        return verdict(folder, options.count, undisturbed)


def endings(out: Path, made: Run) -> int:
    """Print what ended how; how many records there are."""
    with (out / "submissions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counted = Counter((r["status"], r["problem"].partition(":")[0]) for r in rows)
    print(f"{len(rows)} records, {len(rows) / made.seconds:.1f} a second with the tables")
    for (status, code), number in sorted(counted.items()):
        print(f"    {number:5} {status} {code}")
    for table in TABLES:
        print(f"    {table} {(out / table).stat().st_size / 1e6:.1f} MB")
    return len(rows)


def verdict(folder: Path, count: int, undisturbed: Run) -> int:
    """Compare, print, and say whether all is well."""
    rows = endings(folder / "plain", undisturbed)
    differ = [
        t for t in TABLES
        if not filecmp.cmp(folder / "plain" / t, folder / "killed" / t, shallow=False)
    ]  # fmt: skip
    names = sorted(os.listdir(folder / "plain" / "reports"))
    if names != sorted(os.listdir(folder / "killed" / "reports")):
        differ.append("names of reports")
    _, unequal, missing = filecmp.cmpfiles(
        folder / "plain" / "reports", folder / "killed" / "reports", names, shallow=False
    )
    differ += unequal + missing
    print(
        "differ:", ", ".join(differ) or "nothing", f"({len(TABLES)} tables, {len(names)} reports)"
    )
    return int(bool(differ) or rows != count)


if __name__ == "__main__":
    sys.exit(main())
