"""Rule files that are wrong: each has a file whose name says the mistake, and an error that helps.

The first line of a file says what is expected: the line of the error, and words of its message.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from test_cli import POOR, run

from coreqcheck.errors import RuleError
from coreqcheck.language.load import load_rules

MISTAKES = sorted((Path(__file__).parent / "mistakes" / "rules").glob("*.toml"))
RIGHT = """schema = 1
item = 1
name = "Weather"
domain = "study design"
asks = "Which weather was it?"
[level]
reported = "said"
[part.said]
label = "the weather"
phrases = ["it rained"]
[guidance]
why = "Readers like weather."
example = "It rained."
"""
PLACES = {
    "item": "coreq/07-field-birds.toml",
    "check": "consistency/owls.toml",
    "lists": "lists.toml",
    "negation": "negation.toml",
    "sections": "sections.toml",
    "guidelines": "guidelines.toml",
}


def rules_with(mistake: Path, folder: Path) -> Path:
    """A folder of rules with one right item and the wrong file; returns where that stands."""
    (folder / "coreq").mkdir()
    (folder / "consistency").mkdir()
    (folder / "coreq" / "01-weather.toml").write_text(RIGHT, "utf-8")
    place = folder / PLACES[mistake.stem.split("_")[0]]
    shutil.copy(mistake, place)
    return place


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda p: p.stem)
def test_a_mistake_names_file_line_and_remedy(mistake: Path, tmp_path: Path) -> None:
    hit = re.match(r"# expect (\d+|-): (.*)", mistake.read_text("utf-8"))
    assert hit, f"{mistake.name} does not say what is expected"
    place = rules_with(mistake, tmp_path)
    with pytest.raises(RuleError) as caught:
        load_rules(tmp_path)
    message = str(caught.value)
    line = f":{hit[1]}" if hit[1] != "-" else ""
    assert message.startswith(f"{place}{line}: "), message
    assert hit[2] in message
    assert "\n" not in message


def test_without_the_mistake_it_loads(tmp_path: Path) -> None:
    (tmp_path / "coreq").mkdir()
    (tmp_path / "coreq" / "01-weather.toml").write_text(RIGHT, "utf-8")
    assert [r.name for r in load_rules(tmp_path).rules] == ["Weather"]


@pytest.mark.parametrize("name", ["item_phrase_with_an_open_bracket", "check_with_unknown_key"])
def test_a_house_s_wrong_rule_ends_a_check_with_2_and_one_line(name: str, tmp_path: Path) -> None:
    (mistake,) = [p for p in MISTAKES if p.stem == name]
    (tmp_path / "house").mkdir()
    place = rules_with(mistake, tmp_path / "house")
    (tmp_path / "coreqcheck.toml").write_text('rules = ["house"]\n', "utf-8")
    (tmp_path / "p.md").write_text(POOR.read_text("utf-8"), "utf-8")
    done = run("check", "p.md", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert f"{place.name}:" in line
    assert "Traceback" not in done.stderr


def test_a_detector_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "house" / "coreq").mkdir(parents=True)
    wrong = RIGHT.replace('phrases = ["it rained"]', 'detector = "weather-vane"')
    (tmp_path / "house" / "coreq" / "01-weather.toml").write_text(wrong, "utf-8")
    (tmp_path / "coreqcheck.toml").write_text('rules = ["house"]\n', "utf-8")
    (tmp_path / "p.md").write_text(POOR.read_text("utf-8"), "utf-8")
    done = run("check", "p.md", cwd=tmp_path)
    assert done.returncode == 2
    assert "01-weather.toml" in done.stderr
    assert "there is no detector 'weather-vane'" in done.stderr
    assert "Traceback" not in done.stderr
