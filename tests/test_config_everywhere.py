"""Commands besides ``check`` read the same configuration: a journal decides once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_checklist import _with_checklist
from test_cli import CONTRADICTS, POOR, run

TEXT = CONTRADICTS.read_text("utf-8")
ACCEPTED = '[[answers]]\ncheck = "participant-checking"\nreason = "two sets of findings"\n'
NOT_APPLICABLE = '[[answers]]\nitem = 18\nlevel = "not-applicable"\nreason = "one each"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "p.md").write_text(TEXT, "utf-8")
    return tmp_path


def configured(folder: Path, text: str) -> None:
    (folder / "coreqcheck.toml").write_text(text, "utf-8")


def audited(folder: Path) -> tuple[int, list[str]]:
    done = run("audit", "paper.md", "--format", "json", cwd=folder)
    (document,) = json.loads(done.stdout)["documents"]
    return done.returncode, [f["check"] for f in document["findings"]]


def test_audit_knows_accepted_findings_severities_and_what_fails(tmp_path: Path) -> None:
    (tmp_path / "paper.md").write_text(_with_checklist({22: "No, saturation was not sought"}))
    status, checks = audited(tmp_path)
    assert status == 1
    assert checks
    for check in checks:
        configured(tmp_path, f'[severity.checks]\n"{check}" = "note"\n')
        less = audited(tmp_path)
        configured(tmp_path, f'fail-on = "note"\n[severity.checks]\n"{check}" = "note"\n')
        assert audited(tmp_path)[0] == 1
        assert less[1] == checks
    text = "".join(f'[[answers]]\ncheck = "{c}"\nreason = "so it is"\n' for c in set(checks))
    configured(tmp_path, text)
    assert audited(tmp_path) == (0, [])


def test_audit_takes_the_companions_that_the_configuration_names(tmp_path: Path) -> None:
    (tmp_path / "p.md").write_text(TEXT, "utf-8")
    form = _with_checklist({}).split("## COREQ checklist")[1]
    (tmp_path / "coreq.md").write_text(f"# COREQ checklist{form}", "utf-8")
    assert run("audit", "p.md", cwd=tmp_path).returncode == 2, "no checklist in it"
    configured(tmp_path, '[[manuscripts]]\nmain = "p.md"\ncompanions = ["coreq.md"]\n')
    done = run("audit", "p.md", cwd=tmp_path)
    assert done.returncode in {0, 1}, done.stderr


def test_diff_leaves_out_what_the_configuration_leaves_out(folder: Path) -> None:
    (folder / "new.md").write_text(TEXT.replace(" using NVivo 12", ""), "utf-8")
    assert "27 Software" in run("diff", "p.md", "new.md", cwd=folder).stdout
    configured(folder, "[items]\nignore = [27]\n")
    assert "27 Software" not in run("diff", "p.md", "new.md", cwd=folder).stdout


def test_diff_knows_answers(folder: Path) -> None:
    (folder / "new.md").write_text(TEXT.replace("## Introduction", "## Background"), "utf-8")
    configured(folder, NOT_APPLICABLE + 'manuscript = "new.md"\n')
    said = run("diff", "p.md", "new.md", cwd=folder).stdout
    assert "18 Repeat interviews: not located -> not applicable" in said


def records(out: Path) -> dict[str, dict[str, Any]]:
    lines = (out / "records.jsonl").read_text("utf-8").splitlines()
    return {Path(r["path"]).name: r for r in map(json.loads, lines)}


def test_screen_reads_the_configuration_of_each_folder_it_is_given(tmp_path: Path) -> None:
    for name in ("ours/first.md", "theirs/second.md"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(TEXT, "utf-8")
    configured(tmp_path / "ours", ACCEPTED + NOT_APPLICABLE)
    words = ("screen", "ours", "theirs", "-o", "out", "--workers", "1")
    assert run(*words, cwd=tmp_path).returncode == 0
    first, second = (records(tmp_path / "out")[n] for n in ("first.md", "second.md"))
    assert "participant-checking" not in [f["check"] for f in first["findings"]]
    assert first["items"][17]["level"] == "not-applicable"
    assert "participant-checking" in [f["check"] for f in second["findings"]]
    assert second["items"][17]["level"] == "absent"

    configured(tmp_path / "ours", NOT_APPLICABLE)
    assert run(*words, cwd=tmp_path).returncode == 0
    found = [f["check"] for f in records(tmp_path / "out")["first.md"]["findings"]]
    assert "participant-checking" in found, "another configuration: checked again"


def test_a_configuration_that_came_with_a_submission_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "in" / "17").mkdir(parents=True)
    (tmp_path / "in" / "17" / "p.md").write_text(TEXT, "utf-8")
    configured(tmp_path / "in" / "17", ACCEPTED)
    assert run("screen", "in", "-o", "out", "--workers", "1", cwd=tmp_path).returncode == 0
    (record,) = records(tmp_path / "out").values()
    assert "participant-checking" in [f["check"] for f in record["findings"]]


def test_a_mistake_in_a_configuration_ends_a_screening_before_it_begins(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "p.md").write_text(POOR.read_text("utf-8"), "utf-8")
    configured(tmp_path / "in", 'fail_on = "error"\n')
    done = run("screen", "in", "-o", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "coreqcheck.toml:1: unknown key 'fail_on'; did you mean 'fail-on'?" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "records.jsonl").exists()


@pytest.mark.parametrize("profile", ["general", "reflexive"])
def test_a_profile_is_usable_by_its_name(profile: str, folder: Path) -> None:
    by_option = run("check", "p.md", "--format", "json", "--profile", profile, cwd=folder)
    plain = run("check", "p.md", "--format", "json", cwd=folder)
    configured(folder, f'profile = "{profile}"\n')
    by_file = run("check", "p.md", "--format", "json", cwd=folder)
    assert by_option.stdout == by_file.stdout
    severities = [
        [i["severity"] for i in json.loads(done.stdout)["documents"][0]["items"]]
        for done in (plain, by_option)
    ]
    assert severities[0] != severities[1]
