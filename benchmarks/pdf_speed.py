"""How long reading PDFs takes, as a multiple of PyMuPDF's plain text extraction.

    python benchmarks/pdf_speed.py paper.pdf folder ... [--rounds 5]

Each file is extracted and read in turn, and the best of the rounds counts, so that other work on
the machine weighs on both alike. Target: reading takes at most twice as long as plain extraction.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def files(arguments: Iterable[str]) -> list[Path]:
    """PDFs among the arguments and in the folders among them."""
    found: list[Path] = []
    for argument in arguments:
        path = Path(argument)
        found.extend(sorted(path.glob("**/*.pdf")) if path.is_dir() else [path])
    return found


def plain(data: bytes) -> int:
    """Plain text extraction of a whole file; the number of its pages."""
    import pymupdf

    with pymupdf.open(stream=data, filetype="pdf") as document:
        for page in document:
            page.get_text()
        return int(document.page_count)


def timed(call: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def main() -> int:
    """Print one line for each file and the total; 1 when the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--target", type=float, default=2.0)
    options = parser.parse_args()

    import pymupdf

    from coreqcheck.errors import ReadError
    from coreqcheck.readers import ReadOptions, read_bytes

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    whole_plain = whole_read = 0.0
    pages = 0
    for path in files(options.paths):
        data = path.read_bytes()
        try:
            count = plain(data)
            read_bytes(path, path.name, data, ReadOptions())
        except (ReadError, RuntimeError, ValueError) as error:
            print(f"{path.name}: passed over ({error})")
            continue
        best_plain = best_read = float("inf")
        for _ in range(options.rounds):
            best_plain = min(best_plain, timed(partial(plain, data)))
            best_read = min(
                best_read,
                timed(partial(read_bytes, path, "", data, ReadOptions())),
            )
        whole_plain += best_plain
        whole_read += best_read
        pages += count
        print(
            f"{best_read / best_plain:5.2f} x  {best_plain / count * 1000:6.1f} ms plain  "
            f"{best_read / count * 1000:6.1f} ms read, a page  {path.name}"
        )
    if not pages:
        return 2
    ratio = whole_read / whole_plain
    print(f"{ratio:5.2f} x in all, {pages} pages (target {options.target} x)")
    return int(ratio > options.target)


if __name__ == "__main__":
    raise SystemExit(main())
