"""The whole check against plain extraction of the text, by format.

    python benchmarks/extraction.py [--rounds 5]

Plain extraction is what one would write to get at the words: python-docx's paragraphs, PyMuPDF's
``get_text``, the text nodes of the XML, the bytes decoded. It knows no headings, columns, quotations
or places. Then coreqcheck's reader, and the whole check with the HTML report. CPU time in one
process, rules loaded before, the best of some rounds, over the three invented manuscripts.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from more_formats import TESTS, WRITERS


def _docx(path: Path) -> str:
    import docx

    document = docx.Document(str(path))
    cells = (c.text for t in document.tables for row in t.rows for c in row.cells)
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def _pdf(path: Path) -> str:
    import pymupdf

    with pymupdf.open(path) as document:
        return "\n".join(page.get_text() for page in document)


def _xml(path: Path) -> str:
    from lxml import etree

    return "\n".join(etree.parse(str(path)).getroot().itertext())


def _odt(path: Path) -> str:
    from lxml import etree

    with zipfile.ZipFile(path) as archive:
        return "\n".join(etree.fromstring(archive.read("content.xml")).itertext())


def _html(path: Path) -> str:
    from lxml import html

    return str(html.fromstring(path.read_bytes()).text_content())


def _bytes(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


PLAIN: dict[str, Callable[[Path], str]] = {
    ".docx": _docx, ".odt": _odt, ".pdf": _pdf, "-two.pdf": _pdf, ".xml": _xml, ".html": _html,
    ".tex": _bytes, ".md": _bytes, ".txt": _bytes,
}  # fmt: skip


def whole_check(path: Path) -> str:
    """Read, check, and make the HTML report."""
    from coreqcheck import pipeline
    from coreqcheck.readers import read
    from coreqcheck.report import html
    from coreqcheck.report.formats import RenderOptions

    rules = pipeline.load_rules()
    return html.render(
        [pipeline.examine(read(path, path.name), rules)], RenderOptions(digest=rules.digest)
    )


def reading(path: Path) -> str:
    """Read with coreqcheck's reader."""
    from coreqcheck.readers import read

    return read(path, path.name).text


def milliseconds(act: Callable[[Path], str], paths: list[Path], rounds: int) -> float:
    """CPU time for all paths, the best of some rounds, the first of all not counted."""
    times = []
    for _ in range(rounds + 1):
        start = time.process_time()
        for path in paths:
            assert act(path)
        times.append(time.process_time() - start)
    return 1000 * min(times[1:])


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    from coreqcheck import pipeline

    rules = pipeline.load_rules()
    # Loaded once, as in a run over many manuscripts.
    pipeline.load_rules = lambda: rules
    texts = {p.stem: p.read_text("utf-8") for p in sorted((TESTS / "manuscripts").glob("*.md"))}
    words = sum(len(t.split()) for t in texts.values())
    print(f"{len(texts)} manuscripts, {words} words; ms of CPU for all of them")
    print("format     plain  reader  whole check  reader/plain  whole/plain  whole/reader")
    with tempfile.TemporaryDirectory() as folder:
        for ending, plain in PLAIN.items():
            paths = []
            for stem, text in texts.items():
                path = Path(folder) / f"{stem}{ending}"
                WRITERS[ending](text, path)
                paths.append(path)
            one, two, three = (
                milliseconds(act, paths, rounds) for act in (plain, reading, whole_check)
            )
            print(
                f"{ending:9} {one:6.1f} {two:7.1f} {three:12.1f} {two / one:12.1f}x"
                f" {three / one:11.1f}x {three / two:12.1f}x",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
