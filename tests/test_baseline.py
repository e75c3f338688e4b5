"""A baseline: what was there does not fail, what got worse does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_cli import CONTRADICTS, POOR, run

from coreqcheck.errors import ConfigError
from coreqcheck.report import baseline

MISTAKES = sorted((Path(__file__).parent / "mistakes" / "baseline").glob("*.json"))
TEXT = CONTRADICTS.read_text("utf-8")
STRICT = ("--baseline", "coreqcheck-baseline.json", "--fail-on", "note")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "p.md").write_text(TEXT, "utf-8")
    done = run("baseline", "p.md", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    return tmp_path


@pytest.mark.parametrize("file", MISTAKES, ids=lambda p: p.stem)
def test_a_mistake_names_the_file_and_the_remedy(file: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        baseline.load(file)
    assert file.name in str(caught.value)
    assert "write it with: coreqcheck baseline" in str(caught.value)


def test_a_baseline_that_is_not_there_ends_the_run_with_2(tmp_path: Path) -> None:
    done = run("check", POOR, "--baseline", tmp_path / "none.json")
    assert done.returncode == 2
    assert "there is no such baseline" in done.stderr


def test_what_was_there_does_not_fail(folder: Path) -> None:
    assert run("check", "p.md", "--fail-on", "note", cwd=folder).returncode == 1
    done = run("check", "p.md", *STRICT, cwd=folder)
    assert done.returncode == 0
    assert "set aside: as in the baseline" in done.stdout


def test_moving_text_changes_nothing(folder: Path) -> None:
    moved = TEXT.replace("## Introduction", "Some more words on cameras.\n\n\n\n## Introduction")
    (folder / "p.md").write_text(moved, "utf-8")
    assert run("check", "p.md", *STRICT, cwd=folder).returncode == 0


def test_no_line_is_written_down(folder: Path) -> None:
    data = json.loads((folder / "coreqcheck-baseline.json").read_text("utf-8"))
    assert list(data["documents"]) == ["p.md"]
    assert set(data["documents"]["p.md"]) == {"items", "findings", "located"}
    assert "returned" not in json.dumps(data), "no sentence of the manuscript is in it"


def test_an_item_that_was_lost_fails(folder: Path) -> None:
    (folder / "p.md").write_text(TEXT.replace(" using NVivo 12", ""), "utf-8")
    done = run("check", "p.md", *STRICT[:2], "--fail-on", "warning", "-q", cwd=folder)
    assert done.returncode == 1
    assert "27 Software" in done.stdout
    assert "Field notes" not in done.stdout, "what was missing before is not shown"


def test_a_new_contradiction_fails(folder: Path) -> None:
    new = TEXT.replace(
        "The study has limitations.", "The study has limitations. Data saturation was not reached."
    )
    (folder / "p.md").write_text(new, "utf-8")
    done = run("check", "p.md", *STRICT[:2], "--format", "json", cwd=folder)
    assert done.returncode == 1
    (document,) = json.loads(done.stdout)["documents"]
    assert [f["check"] for f in document["findings"]] == ["saturation"]
    assert {f["set_aside"] for f in document["set_aside"]} == {"as in the baseline"}


def test_a_document_that_is_not_in_it_is_judged_in_full(folder: Path) -> None:
    (folder / "q.md").write_text(TEXT, "utf-8")
    assert run("check", "q.md", *STRICT[:2], cwd=folder).returncode == 1


def test_a_partial_run_updates_only_its_documents(folder: Path) -> None:
    file = folder / "coreqcheck-baseline.json"
    before = json.loads(file.read_text("utf-8"))["documents"]["p.md"]
    (folder / "p.md").write_text(TEXT.replace("## Results", "## Results of it"), "utf-8")
    (folder / "sub").mkdir()
    (folder / "sub" / "q.md").write_text(POOR.read_text("utf-8"), "utf-8")
    assert run("baseline", "sub/q.md", cwd=folder).returncode == 0
    after = json.loads(file.read_text("utf-8"))["documents"]
    assert list(after) == ["p.md", "sub/q.md"]
    assert after["p.md"] == before


def test_paths_are_from_the_folder_of_the_baseline(folder: Path) -> None:
    (folder / "sub").mkdir()
    done = run("check", "../p.md", "--baseline", "../coreqcheck-baseline.json", cwd=folder / "sub")
    assert done.returncode == 0, done.stdout


def test_a_configuration_names_a_baseline_and_writing_it_again_is_not_blinded(folder: Path) -> None:
    (folder / "coreqcheck.toml").write_text('baseline = "coreqcheck-baseline.json"\n', "utf-8")
    file = folder / "coreqcheck-baseline.json"
    before = file.read_bytes()
    assert run("check", "p.md", cwd=folder).returncode == 0
    assert run("baseline", "p.md", cwd=folder).returncode == 0
    assert file.read_bytes() == before


def test_a_file_that_cannot_be_read_leaves_what_was_known(folder: Path) -> None:
    file = folder / "coreqcheck-baseline.json"
    before = file.read_bytes()
    (folder / "p.md").write_bytes(b"")
    assert run("baseline", "p.md", cwd=folder).returncode == 3
    assert file.read_bytes() == before


def test_too_few_items_count_against_what_was_located(folder: Path) -> None:
    assert (
        run("check", "p.md", "--fail-on", "never", "--min-items", "32", cwd=folder).returncode == 1
    )
    words = ("--fail-on", "never", "--min-items", "32", *STRICT[:2])
    assert run("check", "p.md", *words, cwd=folder).returncode == 0
