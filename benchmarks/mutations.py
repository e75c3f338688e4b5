"""Reads hundreds of damaged copies of given files and reports what does not end as it should.

    python benchmarks/mutations.py FILE_OR_FOLDER... [--count 500] [--seed 1] [--limit 20]

Every copy must end in a document or in a ``ReadError`` of one line, within the limit in seconds,
and without anything on standard output. Anything else is listed with the mutation that caused
it; ``--keep FOLDER`` saves those copies. The same seed makes the same copies. Each read runs in a
worker process, so that a crash or an endless loop is reported, too. Exit status 1 when anything
is listed.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import random
import re
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

SUFFIXES = frozenset(".docx .odt .pdf .html .htm .xml .md .qmd .rmd .tex .txt .doc".split())


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a read ended: ``kind`` is text, error (a ReadError), exception, output, slow or crash."""

    kind: str
    detail: str
    seconds: float


# --- mutations ------------------------------------------------------------------------------


def _truncated(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(1, max(len(data), 2))]


def _flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 4, 20, 200))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _zeroed(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return (
        data[:at] + bytes(min(chance.choice((16, 512, 8192)), len(data) - at)) + data[at + 8192 :]
    )


def _repeated(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    piece = data[at : at + chance.choice((40, 2_000, 50_000))]
    return data[:at] + piece * chance.choice((2, 5, 50)) + data[at:]


def _swapped(data: bytes, chance: random.Random) -> bytes:
    a, b, c = sorted(chance.randrange(len(data)) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _cut_out(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.choice((1, 30, 3_000, 100_000)) :]


def _lines_lost(data: bytes, chance: random.Random) -> bytes:
    """For markup as text: some lines gone, so that ends miss their beginnings."""
    lines = data.split(b"\n")
    return b"\n".join(line for line in lines if chance.random() > 0.05)


def _cross_references(data: bytes, chance: random.Random) -> bytes:
    """For PDF: offsets, lengths and object numbers are wrong."""
    pattern = chance.choice(
        (
            rb"startxref\s+(\d+)",
            rb"(?m)^(\d{10}) \d{5} n",
            rb"/Length (\d+)",
            rb"(\d+) 0 R",
            rb"(\d+) 0 obj",
        )
    )
    share = chance.choice((0.02, 0.3, 1.0))

    def wrong(match: re.Match[bytes]) -> bytes:
        if chance.random() > share:
            return match.group()
        number = str(chance.randrange(10 ** len(match.group(1)))).zfill(len(match.group(1)))
        return match.group().replace(match.group(1), number.encode(), 1)

    return re.sub(pattern, wrong, data)


def _words_lost(data: bytes, chance: random.Random) -> bytes:
    """For PDF: words of its structure are gone."""
    word = chance.choice(
        (b"endobj", b"endstream", b"/Root", b"/Pages", b"/Kids", b"/Type", b"%%EOF", b">>")
    )
    return re.sub(re.escape(word), lambda m: b"" if chance.random() < 0.3 else m.group(), data)


def _repacked(change: Callable[[dict[str, bytes], str, random.Random], None]) -> Mutation:
    """A mutation of one member of a zip package, packed again with right checksums."""

    def mutate(data: bytes, chance: random.Random) -> bytes:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        change(members, _telling(members, chance), chance)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    return mutate


def _telling(members: dict[str, bytes], chance: random.Random) -> str:
    """A member, mostly one with XML."""
    names = [name for name in members if name.endswith((".xml", ".rels"))] or list(members)
    main = [name for name in names if name in {"word/document.xml", "content.xml"}]
    return main[0] if main and chance.random() < 0.5 else chance.choice(names)


def _member_lost(members: dict[str, bytes], name: str, chance: random.Random) -> None:
    del members[name]


def _member_emptied(members: dict[str, bytes], name: str, chance: random.Random) -> None:
    members[name] = b""


def _member_exchanged(members: dict[str, bytes], name: str, chance: random.Random) -> None:
    other = chance.choice(list(members))
    members[name], members[other] = members[other], members[name]


def _member_damaged(members: dict[str, bytes], name: str, chance: random.Random) -> None:
    if members[name]:
        members[name] = chance.choice((_truncated, _flipped, _cut_out))(members[name], chance)


def _elements_lost(members: dict[str, bytes], name: str, chance: random.Random) -> None:
    """Whole elements of one kind gone: well-formed, but not what the schema says."""
    kinds = re.findall(rb"<([A-Za-z]+:[A-Za-z]+)", members[name])
    if kinds:
        kind = re.escape(chance.choice(kinds))
        pattern = (
            rb"<" + kind + rb"(?:\s[^<>]*)?/>|<" + kind + rb"(?:\s[^<>]*)?>[^<]*</" + kind + rb">"
        )
        members[name] = re.sub(pattern, b"", members[name])


def _values_wrong(members: dict[str, bytes], name: str, chance: random.Random) -> None:
    """Attribute values replaced by absurd ones."""
    absurd = chance.choice((b"", b"-1", b"999999999999", b"x", "é".encode(), b"0" * 400))

    def wrong(match: re.Match[bytes]) -> bytes:
        return match.group(1) + absurd + b'"' if chance.random() < 0.2 else match.group()

    members[name] = re.sub(
        rb'(\s(?!xmlns)[A-Za-z]+:?[A-Za-z-]*=")[^"<>]{0,40}"', wrong, members[name]
    )


def _names_exchanged(members: dict[str, bytes], name: str, chance: random.Random) -> None:
    """Every element of one kind becomes one of another kind."""
    kinds = re.findall(rb"<([A-Za-z]+:[A-Za-z]+)", members[name])
    if kinds:
        one, other = chance.choice(kinds), chance.choice(kinds)
        members[name] = re.sub(
            rb"(</?)" + re.escape(one) + rb"(?=[\s/>])", rb"\1" + other, members[name]
        )


Mutation = Callable[[bytes, random.Random], bytes]

ANY: tuple[Mutation, ...] = (_truncated, _flipped, _zeroed, _repeated, _swapped, _cut_out)
PACKAGE: tuple[tuple[str, Mutation], ...] = tuple(
    (change.__name__, _repacked(change))
    for change in (
        _member_lost,
        _member_emptied,
        _member_exchanged,
        _member_damaged,
        _elements_lost,
        _values_wrong,
        _names_exchanged,
    )
)
PDF: tuple[Mutation, ...] = (_cross_references, _words_lost)


def mutations(data: bytes, suffix: str) -> list[tuple[str, Mutation]]:
    """The mutations that make sense for a file, by name."""
    chosen = [(mutation.__name__, mutation) for mutation in ANY]
    if zipfile.is_zipfile(io.BytesIO(data)):
        chosen += [*PACKAGE, *PACKAGE]
    elif data.startswith(b"%PDF"):
        chosen += [(mutation.__name__, mutation) for mutation in PDF for _ in range(3)]
    else:
        chosen += [(_lines_lost.__name__, _lines_lost)] * 2
    return chosen


def copies(files: list[Path], count: int, seed: int) -> Iterator[tuple[Path, str, bytes]]:
    """``count`` damaged copies: (original, what was done, bytes)."""
    chance = random.Random(seed)
    for number in range(count):
        path = files[number % len(files)]
        data = path.read_bytes()
        name, mutate = chance.choice(mutations(data, path.suffix.lower()))
        yield path, f"{number}:{name.strip('_')}", mutate(data, chance)


# --- the worker -----------------------------------------------------------------------------


def _worker(jobs: Connection) -> None:
    """Read what comes and say how it ended."""
    from coreqcheck.errors import ReadError
    from coreqcheck.readers import read

    target = Path(f"/tmp/mutation-{os.getpid()}")
    while True:
        suffix, data = jobs.recv()
        path = target.with_suffix(suffix)
        path.write_bytes(data)
        printed, sys.stdout = sys.stdout, io.StringIO()
        start = time.perf_counter()
        try:
            document = read(path, path.name)
            kind, detail = "text", f"{len(document.text)} characters"
        except ReadError as error:
            kind = "error" if "\n" not in str(error) else "exception"
            detail = f"{error.code}: {error}"
        except BaseException:
            kind, detail = "exception", traceback.format_exc(limit=-4)
        seconds = time.perf_counter() - start
        output, sys.stdout = sys.stdout.getvalue(), printed
        if output:
            kind, detail = "output", output[:200]
        path.unlink(missing_ok=True)
        jobs.send(Outcome(kind, detail, seconds))


class _Reader:
    """A worker process that is replaced when it hangs or dies."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._jobs, inner = context.Pipe()
        self._process = context.Process(target=_worker, args=(inner,), daemon=True)
        self._process.start()
        inner.close()

    def read(self, suffix: str, data: bytes) -> Outcome:
        """How the read of these bytes ends."""
        try:
            self._jobs.send((suffix, data))
            if self._jobs.poll(self.limit + 10):
                outcome: Outcome = self._jobs.recv()
                if outcome.seconds > self.limit and outcome.kind != "exception":
                    return Outcome("slow", outcome.detail, outcome.seconds)
                return outcome
            kind = "slow"
        except (EOFError, OSError):
            kind = "crash"
        self.close()
        status = self._process.exitcode
        self._start()
        return Outcome(kind, f"the reader was ended (status {status})", self.limit)

    def close(self) -> None:
        """End the worker."""
        self._process.kill()
        self._process.join()


# --- the report -----------------------------------------------------------------------------


def _files(arguments: list[str]) -> list[Path]:
    found: list[Path] = []
    for argument in arguments:
        path = Path(argument)
        inner = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [file for file in inner if file.suffix.lower() in SUFFIXES and file.is_file()]
    return found


def main() -> int:
    """Run, print a table of endings by format, list what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=20.0)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    files = _files(options.paths)
    if not files:
        print("no files of a known kind", file=sys.stderr)
        return 2
    reader = _Reader(options.limit)
    endings: Counter[tuple[str, str]] = Counter()
    slowest: tuple[float, str] = (0.0, "")
    wrong = 0
    for path, what, data in copies(files, options.count, options.seed):
        outcome = reader.read(path.suffix, data)
        endings[path.suffix, outcome.kind] += 1
        slowest = max(slowest, (outcome.seconds, f"{path.name} {what}"))
        if outcome.kind in {"text", "error"}:
            continue
        wrong += 1
        print(f"\n{outcome.kind} {path.name} {what} {outcome.seconds:.1f} s\n{outcome.detail}")
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            name = f"{what.replace(':', '-')}-{path.stem}{path.suffix}"
            (options.keep / name).write_bytes(data)
    reader.close()
    for (suffix, kind), number in sorted(endings.items()):
        print(f"{suffix:6} {kind:10} {number}")
    print(f"slowest {slowest[0]:.1f} s: {slowest[1]}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
