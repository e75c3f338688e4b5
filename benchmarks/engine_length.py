"""Time of the engine against the length of the manuscript: 1, 10 and 100 times the same sections.

    python benchmarks/engine_length.py [--times 1,10,100]

Everything after the reader (sections, sentences, voices, rules, findings), in seconds of CPU time,
the best of three for short ones. Linear is a time per word that stays the same: the last column is
the time per word against that of the shortest.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "tests" / "manuscripts"


def lengthened(markdown: str, times: int) -> str:
    """The manuscript with the text below each heading of the body so many times.

    Each repetition has numbers and names of its own at its end, so that no paragraph is the same.
    """
    out = []
    for block in markdown.strip().split("\n\n"):
        if block.startswith(("#", "|")) or times == 1:
            out.append(block)
            continue
        out += [f"{block} This was noted in round {n} of the work." for n in range(times)]
    return "\n\n".join(out) + "\n"


def seconds(path: Path, repeats: int) -> tuple[int, float, float]:
    """Words, and the best CPU times of reading and of all that follows."""
    from coreqcheck import pipeline
    from coreqcheck.readers import read

    rules = pipeline.load_rules()
    reading, engine, words = [], [], 0
    for _ in range(repeats):
        start = time.process_time()
        document = read(path, path.name)
        middle = time.process_time()
        report = pipeline.examine(document, rules)
        end = time.process_time()
        reading.append(middle - start)
        engine.append(end - middle)
        assert report.manuscript is not None
        words = sum(len(s.words) for s in report.manuscript.sentences)
    return words, min(reading), min(engine)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", default="1,10,100")
    times = [int(t) for t in parser.parse_args().times.split(",")]
    text = (SOURCES / "good.md").read_text("utf-8")
    base = 0.0
    print("length   words    reading s  engine s  us/word  against 1x")
    with tempfile.TemporaryDirectory() as folder:
        for n in times:
            path = Path(folder) / f"{n}.md"
            path.write_text(lengthened(text, n), "utf-8")
            words, reading, engine = seconds(path, 3 if n < 50 else 1)
            each = engine / words
            base = base or each
            print(
                f"{n:5}x {words:8} {reading:10.3f} {engine:9.3f} {each * 1e6:8.0f} {each / base:8.2f}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
