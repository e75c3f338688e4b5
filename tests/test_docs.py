"""The documentation: every command in it runs, and the site builds.

Blocks of ``console`` hold commands behind ``$`` and lines that their output has, in this order
(``...`` stands for any lines); blocks of ``sh`` hold commands alone. A comment before a block,
``<!-- test: append to FILE -->`` or ``<!-- test: write FILE -->``, does what the reader is told to do.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from coreqcheck import config
from coreqcheck.cli import cli

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(
    r"(?ms)^(?:<!-- test: (?P<told>[^\n]*?) -->\n)?(?P<indent> *)```(?P<kind>\w+)\n(?P<body>.*?)^(?P=indent)```$"
)
ELSEWHERE = {
    r"pip install (coreqcheck|'coreqcheck\[\w+\]')": "tests/test_packaging.py",
    r"coreqcheck serve": "tests/test_web.py",
    r"python3 -m venv \.venv && \.venv/bin/pip install -q -e .*": ".ci/run",
    r"dask (scheduler|worker)( .*)?|coreqcheck screen .* --scheduler .*": "tests/test_screening_cluster.py",
}
"""Commands that another test runs: they need a network, a cluster, or never end."""
MAY_FIND = frozenset({"check", "audit"})


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its lines, and what a comment before it tells the test."""

    kind: str
    body: str
    told: str


def blocks(page: Path) -> list[Block]:
    found = []
    for hit in FENCE.finditer(page.read_text("utf-8")):
        lines = hit["body"].split("\n")
        body = "\n".join(line.removeprefix(hit["indent"]) for line in lines)
        found.append(Block(hit["kind"], body, hit["told"] or ""))
    return found


def commands(block: Block) -> list[tuple[str, list[str]]]:
    """Each command with the lines that are shown of its output."""
    if block.kind == "sh":
        return [(line, []) for line in block.body.splitlines() if line.strip()]
    found: list[tuple[str, list[str]]] = []
    for line in block.body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:].split("  #")[0].strip(), []))
        elif found:
            found[-1][1].append(line)
    return found


def elsewhere(command: str) -> str | None:
    return next((file for p, file in ELSEWHERE.items() if re.fullmatch(p, command)), None)


class Reader:
    """Somebody who does what a page says, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.here = folder
        for name in ("sample_manuscripts", "submissions"):
            shutil.copytree(ROOT / "sample_manuscripts", folder / name)

    def does(self, block: Block) -> None:
        told = re.match(r"(append to|write) (\S+)", block.told)
        if told:
            file = self.here / told[2]
            before = file.read_text("utf-8") if told[1] == "append to" else ""
            file.write_text(before + block.body, "utf-8")
        elif block.kind in {"console", "sh"}:
            for command, shown in commands(block):
                self.types(command, [] if "another" in block.told else shown)
        elif block.kind == "python" and "import coreqcheck" in block.body:
            done = self.run([sys.executable, "-c", block.body])
            assert done.returncode == 0, done.stderr

    def types(self, command: str, shown: list[str]) -> None:
        if elsewhere(command):
            return
        words = shlex.split(command)
        if words[0] == "cd":
            self.here = self.here / words[1]
            assert self.here.is_dir(), command
            return
        assert words[0] == "coreqcheck", f"{command}: no test knows how to run this"
        done = self.run([sys.executable, "-m", *words])
        allowed = {0, 1} if words[1] in MAY_FIND else {0}
        assert done.returncode in allowed, f"{command}: {done.stderr}"
        assert "Traceback" not in done.stderr
        rest = " ".join((done.stdout + done.stderr).split())
        for line in shown:
            if line.strip() in {"", "..."}:
                continue
            _, hit, rest = rest.partition(" ".join(line.split()))
            assert hit, f"{command}: {line!r} is not in its output"

    def run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        return subprocess.run(
            words, cwd=self.here, env=env, capture_output=True, text=True, encoding="utf-8", check=False
        )  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_command_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    for block in blocks(page):
        reader.does(block)


def test_what_is_run_elsewhere_is_run_there() -> None:
    for file in ELSEWHERE.values():
        assert (ROOT / file).is_file()
    letter = (ROOT / ".ci" / "run").read_text("utf-8")
    for line, _ in [c for b in blocks(ROOT / "README.md") for c in commands(b)]:
        if elsewhere(line) == ".ci/run" and "pytest" in line:
            assert line in letter


INLINE = sorted(
    {
        (page.name, said)
        for page in PAGES
        for said in re.findall(r"`(coreqcheck [a-z][^`]*)`", page.read_text("utf-8"))
    }
)


@pytest.mark.parametrize(("page", "said"), INLINE)
def test_what_a_sentence_calls_a_command_is_one(page: str, said: str) -> None:
    words = shlex.split(said)[1:]
    context = click.Context(cli)
    command = cli.get_command(context, words.pop(0))
    assert command is not None, said
    while isinstance(command, click.Group) and words:
        command = command.get_command(click.Context(command), words.pop(0))
        assert command is not None, said
    if not words:
        return
    with contextlib.suppress(_NoSuchFile):
        _parsed(command, words)


class _NoSuchFile(Exception):
    """A name of a file that only the reader has."""


def _parsed(command: click.Command, words: list[str]) -> None:
    try:
        command.make_context("coreqcheck", words)
    except click.BadParameter as error:
        if "does not exist" in error.format_message():
            raise _NoSuchFile from error
        raise


def test_the_settings_that_are_shown_are_understood(tmp_path: Path) -> None:
    for name in ("main.tex", "supplement.docx"):
        (tmp_path / "paper").mkdir(exist_ok=True)
        (tmp_path / "paper" / name).touch()
    shown = [
        b.body
        for page in PAGES
        for b in blocks(page)
        if b.kind == "toml" and re.search(r"\[\[(answers|manuscripts)\]\]", b.body)
    ]
    assert len(shown) >= 2
    for text in shown:
        (tmp_path / "coreqcheck.toml").write_text(text, "utf-8")
        config.load(tmp_path / "coreqcheck.toml")


def test_every_key_of_a_configuration_is_explained() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    for key in config.KEYS:
        assert re.search(rf"`\[*{key}[\].`]", page), key


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("material", reason="not installed: pip install coreqcheck[docs]")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-f", ROOT / "mkdocs.yml", "-d", tmp_path],
        capture_output=True, text=True, check=False, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "tutorial" / "index.html").read_text("utf-8")
    assert "Ten minutes with your manuscript" in page
    assert "fonts.googleapis" not in page, "nothing is fetched from elsewhere"
