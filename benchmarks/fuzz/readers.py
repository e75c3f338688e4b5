"""Coverage-guided fuzzing of the readers and the phrase parser, with atheris.

    pip install atheris
    python benchmarks/fuzz/readers.py CORPUS [-max_total_time=3600] [-timeout=20] [-rss_limit_mb=2048]

The first byte chooses what is fuzzed, the rest is the input. A ``ReadError`` or ``RuleError`` of one
line is right; every other exception is a find, and libFuzzer keeps its input (crash-...) beside
you. Start CORPUS with ``--seed CORPUS``, which writes one input of each kind.
"""

from __future__ import annotations

import importlib
import io
import pkgutil
import re
import sys
import tempfile
import zipfile
from pathlib import Path

KINDS = (
    ".md", ".txt", ".html", ".xml", ".tex", ".docx", ".odt", ".pdf", "phrase",
    "document.xml", "content.xml",
)  # fmt: skip
"""Endings, the phrase parser, and the main parts of a DOCX and an ODT, packed here: a fuzzer hardly
ever makes a whole zip package."""
HERE = Path(__file__).resolve().parent
SOURCES = HERE.parents[1] / "tests" / "manuscripts"
SHORT = """# Why drivers stay: an interview study

Ana Bell, PhD; Tom Reid, MSc

## Abstract

We asked **twelve** drivers[1]. "It is the road," said one (P3).

## Introduction

Few studies ask.

## Methods

| Who | n |
|---|---|
| Women | 7 |

- Two authors coded.

> I never slept. (P5, 34 years)
"""
_TARGET = Path(tempfile.mkdtemp(prefix="coreqcheck-fuzz-")) / "input"
_PACKAGES: dict[str, bytes] = {}


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
    path = _written(kind, rest)
    try:
        document = read(path, path.name)
    except ReadError as error:
        _one_line(error)
        return
    for block in document.blocks:
        assert 0 <= block.span.start <= block.span.end <= len(document.text)


def _written(kind: str, data: bytes) -> Path:
    """The input as a file of its kind."""
    if kind == "document.xml":
        path = _TARGET.with_suffix(".docx")
        _with_part(_PACKAGES[kind], "word/document.xml", data, path)
    elif kind == "content.xml":
        path = _TARGET.with_suffix(".odt")
        _with_part(_PACKAGES[kind], "content.xml", data, path)
    else:
        path = _TARGET.with_suffix(kind)
        path.write_bytes(data)
    return path


def _with_part(package: bytes, name: str, data: bytes, path: Path) -> None:
    """The package with one of its parts replaced."""
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(path, "w") as new:
        for member in old.namelist():
            new.writestr(member, data if member == name else old.read(member))


def _packages() -> dict[str, bytes]:
    """A small DOCX and a small ODT, by the name of the part that is fuzzed."""
    sys.path.insert(0, str(HERE.parent))
    from more_formats import WRITERS

    made = {}
    for name, ending in (("document.xml", ".docx"), ("content.xml", ".odt")):
        WRITERS[ending](SHORT, _TARGET)
        made[name] = _TARGET.read_bytes()
    return made


def _phrase(text: str) -> None:
    from coreqcheck.language.phrases import parse

    parse(text, {})


def _one_line(error: Exception) -> None:
    assert "\n" not in str(error), str(error)


def seed(folder: Path) -> None:
    """Inputs of each kind, to begin with: a short manuscript, and phrases of the rules."""
    sys.path.insert(0, str(HERE.parent))
    from more_formats import WRITERS

    folder.mkdir(parents=True, exist_ok=True)
    for ending, write in WRITERS.items():
        write(SHORT, _TARGET)
        kind = ending.replace("-two", "")
        _seed(folder, f"short{ending}", kind, _TARGET.read_bytes())
    for kind, part in (("document.xml", "word/document.xml"), ("content.xml", "content.xml")):
        with zipfile.ZipFile(io.BytesIO(_packages()[kind])) as package:
            _seed(folder, f"short-{kind}", kind, package.read(part))
    for number, phrase in enumerate(_phrases()):
        _seed(folder, f"phrase-{number}", "phrase", phrase.encode())


def _phrases() -> list[str]:
    """A few phrases of the rules for each item, written as they stand there."""
    found = []
    for file in sorted((HERE.parents[1] / "rules" / "coreq").glob("*.toml")):
        text = file.read_text("utf-8")
        found += re.findall(r'"([^"\\\n]*[.*(<][^"\\\n]*)"', text)[:6]
    return [*found, r"re:\b(COREQ|SRQR)\b"]


def _seed(folder: Path, name: str, kind: str, data: bytes) -> None:
    (folder / name).write_bytes(bytes([KINDS.index(kind)]) + data)


def main() -> None:
    """Write seeds, or fuzz until stopped."""
    if "--seed" in sys.argv:
        seed(Path(sys.argv[sys.argv.index("--seed") + 1]))
        return
    import atheris

    _PACKAGES.update(_packages())
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
