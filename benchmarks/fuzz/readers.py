"""Coverage-guided fuzzing of the readers and the phrase parser, with atheris.

    pip install atheris
    python benchmarks/fuzz/readers.py CORPUS [-max_total_time=3600] [-timeout=20] [-rss_limit_mb=2048]

The first byte chooses what is fuzzed, the rest is the input. A ``ReadError`` or ``RuleError`` of one
line is right; every other exception is a find, and libFuzzer keeps its input (crash-...) beside
you. Start CORPUS with ``--seed CORPUS``, which writes one input of each kind.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import tempfile
from pathlib import Path

KINDS = (".md", ".txt", ".html", ".xml", ".tex", ".docx", ".odt", ".pdf", "phrase")
SOURCES = Path(__file__).resolve().parents[2] / "tests" / "manuscripts"
_TARGET = Path(tempfile.mkdtemp(prefix="coreqcheck-fuzz-")) / "input"


def one(data: bytes) -> None:
    """Read one input."""
    from coreqcheck.errors import ReadError, RuleError
    from coreqcheck.readers import read

    if len(data) < 2:
        return
    kind, rest = KINDS[data[0] % len(KINDS)], data[1:]
    if kind == "phrase":
        try:
            _phrase(rest.decode("utf-8", "replace"))
        except RuleError as error:
            _one_line(error)
        return
    path = _TARGET.with_suffix(kind)
    path.write_bytes(rest)
    try:
        document = read(path, path.name)
    except ReadError as error:
        _one_line(error)
        return
    for block in document.blocks:
        assert 0 <= block.span.start <= block.span.end <= len(document.text)


def _phrase(text: str) -> None:
    from coreqcheck.language.phrases import parse

    parse(text, {})


def _one_line(error: Exception) -> None:
    assert "\n" not in str(error), str(error)


def seed(folder: Path) -> None:
    """One input of each kind, to begin with."""
    sys.path.insert(0, str(SOURCES.parent))
    import manuscript_formats as formats

    folder.mkdir(parents=True, exist_ok=True)
    text = (SOURCES / "good.md").read_text("utf-8")
    writers = {
        ".md": lambda t, p: p.write_text(t, "utf-8"), ".txt": formats.to_text,
        ".xml": formats.to_jats, ".docx": formats.to_docx, ".pdf": formats.to_pdf,
    }  # fmt: skip
    for kind, write in writers.items():
        path = folder / f"seed{kind}"
        write(text, path)
        path.write_bytes(bytes([KINDS.index(kind)]) + path.read_bytes())
    phrase = b"<number:people.declined> ...4 (refus*|declin*|dropped out)"
    (folder / "seed-phrase").write_bytes(bytes([KINDS.index("phrase")]) + phrase)


def main() -> None:
    """Write seeds, or fuzz until stopped."""
    if "--seed" in sys.argv:
        seed(Path(sys.argv[sys.argv.index("--seed") + 1]))
        return
    import atheris

    # Readers are imported on use: load all of them here, so that their branches are seen.
    with atheris.instrument_imports(include=["coreqcheck"]):
        import coreqcheck.language.phrases
        import coreqcheck.readers

        for module in pkgutil.iter_modules(coreqcheck.readers.__path__):
            importlib.import_module(f"coreqcheck.readers.{module.name}")
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
