"""What stands in a terminal: widths, colours only where they are wanted, links, no tricks."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from manuscript_formats import SOURCES, to_pdf
from manuscripts_from_text import rules

from coreqcheck.cli import cli, window
from coreqcheck.pipeline import check
from coreqcheck.report.formats import RenderOptions, render
from coreqcheck.report.lines import Line, Piece, plain, styled

CONTRADICTS = SOURCES / "contradicts_itself.md"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")


def text(path: Path = CONTRADICTS, **options: object) -> str:
    rendered = render([check(path, rules())], "text", RenderOptions(**options))  # type: ignore[arg-type]
    assert isinstance(rendered, str)
    return rendered


@pytest.mark.parametrize("width", [60, 72, 100])
@pytest.mark.parametrize("color", [False, True])
def test_no_line_is_wider_than_the_window(width: int, color: bool) -> None:
    lines = ESCAPE.sub("", text(width=width, color=color, links=color, verbose=True)).split("\n")
    assert max(map(len, lines)) <= width
    assert sum(len(line) > width - 15 for line in lines) > 30  # and the width is used


def test_styles_change_no_word() -> None:
    plain_, coloured = text(verbose=True), text(verbose=True, color=True, links=True)
    assert "\x1b" not in plain_
    assert "\x1b[" in coloured
    assert ESCAPE.sub("", coloured).split() == plain_.split()


def test_links_open_the_file_at_the_line_or_the_page(tmp_path: Path) -> None:
    coloured = text(color=True, links=True)
    line = next(
        number
        for number, written in enumerate(CONTRADICTS.read_text("utf-8").split("\n"), 1)
        if "A summary of the themes was returned" in written
    )
    assert f"{CONTRADICTS.absolute().as_uri()}#{line}\x1b\\" in coloured
    assert "\x1b]8;" not in text(color=True)
    pdf = tmp_path / "a b.pdf"
    to_pdf(CONTRADICTS.read_text("utf-8"), pdf)
    assert f"{pdf.absolute().as_uri()}#page=1\x1b\\" in text(pdf, color=True, links=True)


def test_a_manuscript_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "evil.md"
    path.write_text(
        "# A study \x1b]0;owned\x07 of nurses\n\n## Methods\n\nWe interviewed 12 nurses "
        "\x1b[2J\x1b]8;;http://evil.example\x1b\\by telephone\x9b31m \u202eyldrawkcab\u202c. "
        "Interviews lasted 30 to 40 minutes\x08\x08\x7f.\n",
        "utf-8",
    )
    for form in ("text", "markdown", "letter", "github"):
        rendered = render([check(path, rules())], form, RenderOptions(verbose=True))
        assert isinstance(rendered, str)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", rendered), form
    coloured = ESCAPE.sub("", text(path, color=True, links=True, verbose=True))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", coloured)
    assert "evil.example" not in "".join(ESCAPE.findall(text(path, color=True, links=True)))


def test_wide_characters_and_endless_words_stay_in_the_window() -> None:
    lines = [Line((Piece("訪問" * 50),)), Line((Piece("x" * 300),), 4)]
    for shown in styled(lines, 60, False).split("\n"):
        cells = sum(2 if "\u4e00" <= c <= "\u9fff" else 1 for c in ESCAPE.sub("", shown))
        assert cells <= 60
    assert max(map(len, plain(lines, 60).split("\n"))) <= 60


def run(*arguments: str, **environment: str) -> str:
    keep = {"NO_COLOR": "", "FORCE_COLOR": "", "COLUMNS": "", **environment}
    env: dict[str, str | None] = {k: v or None for k, v in keep.items()}
    result = CliRunner().invoke(cli, ["check", str(CONTRADICTS), *arguments], env=env)
    return result.output


def test_no_color_wins_over_everything() -> None:
    assert "\x1b" not in run()
    assert "\x1b[" in run(FORCE_COLOR="1")
    assert "\x1b" not in run(FORCE_COLOR="1", NO_COLOR="1")


def test_columns_set_the_width_within_what_is_readable() -> None:
    assert max(map(len, run(COLUMNS="70").split("\n"))) <= 70
    assert 60 < max(map(len, run(COLUMNS="20").split("\n"))) + 1 <= 61
    assert max(map(len, run(COLUMNS="300").split("\n"))) <= window.WIDEST


def test_a_file_gets_no_colours(tmp_path: Path) -> None:
    made = tmp_path / "report.txt"
    run("-o", str(made), FORCE_COLOR="1")
    assert "\x1b" not in made.read_text("utf-8")


def test_quiet_shows_only_what_fails() -> None:
    shown = run("--quiet")
    assert "participant-checking" in shown
    assert "Not located" not in shown
    assert "identifier-beyond" not in shown  # a warning does not fail by default
    assert run("--quiet", "--fail-on", "never") == ""


@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminal")
@pytest.mark.parametrize(
    ("environment", "coloured", "linked"),
    [({"TERM": "xterm-256color"}, True, True), ({"TERM": "linux"}, True, False),
     ({"TERM": "dumb"}, False, False), ({"TERM": "xterm", "NO_COLOR": "1"}, False, False)],
)  # fmt: skip
def test_on_a_real_terminal(environment: dict[str, str], coloured: bool, linked: bool) -> None:
    master, slave = pty.openpty()
    inherited = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "coreqcheck", "check", str(CONTRADICTS)],
        stdout=slave,
        stderr=subprocess.DEVNULL,
        env={**inherited, "COLUMNS": "64", **environment},
    )
    os.close(slave)
    out = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        out += piece
    os.close(master)
    assert process.wait() == 1
    shown = out.decode("utf-8").replace("\r\n", "\n")
    assert ("\x1b[" in shown) is coloured
    assert ("\x1b]8;" in shown) is linked
    assert max(map(len, ESCAPE.sub("", shown).split("\n"))) <= 64
