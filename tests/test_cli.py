"""The command line: formats, exit statuses, and bad input."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from manuscript_formats import SOURCES

from coreqcheck.language.load import load_rules
from coreqcheck.language.rule_files import rules_digest, rules_folder
from coreqcheck.version import __version__

GOOD, POOR = SOURCES / "good.md", SOURCES / "poor.md"
CONTRADICTS = SOURCES / "contradicts_itself.md"


def run(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "coreqcheck", *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ([GOOD], 0),
        ([CONTRADICTS], 1),
        ([CONTRADICTS, "--fail-on", "never"], 0),
        ([POOR], 0),
        ([POOR, "--fail-on", "warning"], 1),
        ([POOR, "--min-items", "30"], 1),
        ([GOOD, "--min-items", "10"], 0),
        (["nowhere.docx"], 3),
        ([CONTRADICTS, "nowhere.docx"], 3),
        ([GOOD, "--format", "cuneiform"], 2),
        ([], 2),
    ],
)
def test_exit_statuses(words: list[object], status: int) -> None:
    assert run("check", *words).returncode == status


def test_the_text_report_puts_problems_first_and_quotes_its_evidence() -> None:
    out = run("check", CONTRADICTS).stdout
    assert out.index("Statements that do not agree") < out.index("Not located")
    assert "was returned to the participants" in out
    assert "line " in out


def test_json_follows_the_contract() -> None:
    data = json.loads(run("check", "--format", "json", CONTRADICTS).stdout)
    assert data["schema"] == "coreqcheck-report/1"
    (document,) = data["documents"]
    assert [item["item"] for item in document["items"]] == list(range(1, 33))
    text = CONTRADICTS.read_text("utf-8")
    for item in document["items"]:
        assert item["level"] in {"reported", "partial", "declared", "absent"}
        for evidence in item["evidence"]:
            assert len(evidence["quote"].split()) <= 85
            assert evidence["line"] >= 1
    (finding,) = [f for f in document["findings"] if f["check"] == "participant-checking"]
    assert finding["severity"] == "error"
    assert all(place["quote"] in " ".join(text.split()) for place in finding["places"])


def test_the_same_input_gives_the_same_bytes() -> None:
    first = run("check", "--format", "json", "--fail-on", "never", GOOD, CONTRADICTS).stdout
    assert run("check", "--format", "json", "--fail-on", "never", GOOD, CONTRADICTS).stdout == first


def _bad_files(folder: Path) -> dict[str, tuple[Path, str]]:
    made = {
        "empty.md": (b"", "empty"),
        "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".docx"),
        "broken.docx": (b"not a zip at all", "save it again"),
        "broken.pdf": (b"%PDF-1.4\nnothing", "PDF"),
        "picture.txt": (bytes(range(256)) * 20, "text"),
        "odd.xyz": (b"hello", ".docx"),
        "pointer.docx": (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
            "git lfs pull",
        ),
    }
    found = {}
    for name, (data, hint) in made.items():
        (folder / name).write_bytes(data)
        found[name] = (folder / name, hint)
    found["missing.docx"] = (folder / "missing.docx", "no such file")
    (folder / "nothing").mkdir()
    found["nothing"] = (folder / "nothing", "no manuscript")
    return found


def test_bad_input_is_one_line_each_and_costs_no_other_file_its_result(tmp_path: Path) -> None:
    bad = _bad_files(tmp_path)
    done = run("check", "--format", "json", *(path for path, _ in bad.values()), POOR)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == len(bad)
    for path, hint in bad.values():
        (line,) = [one for one in lines if f"{path}:" in one.replace("\\", "/")]
        assert hint in line
    documents = json.loads(done.stdout)["documents"]
    assert [bool(d.get("items")) for d in documents] == [False] * len(bad) + [True]
    assert all(d["error"]["code"] for d in documents[:-1])


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    big = tmp_path / "big.md"
    with big.open("wb") as file:
        file.truncate(101_000_000)
    done = run("check", big)
    assert done.returncode == 3
    assert "limit" in done.stderr


PARSERS = (
    "pymupdf docx lxml regex tomli tomllib markdown_it jinja2 msgspec xlsxwriter pygls starlette"
    " coreqcheck.pipeline coreqcheck.readers coreqcheck.language.load coreqcheck.config"
).split()


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_version_and_help_load_no_parser(word: str) -> None:
    code = (
        "import sys, coreqcheck.cli\n"
        f"try: coreqcheck.cli.cli.main([{word!r}], standalone_mode=False)\n"
        "except SystemExit: pass\n"
        f"print([m for m in {PARSERS} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_the_version_names_the_digest_of_the_rules_that_reports_name() -> None:
    report = json.loads(run("check", "--format", "json", POOR).stdout)
    done = run("--version")
    assert done.stdout == f"coreqcheck {__version__} (rules {report['tool']['rules']})\n"


def test_the_digest_of_the_files_is_that_of_the_rules_that_were_read(tmp_path: Path) -> None:
    house = tmp_path / "house"
    shutil.copytree(rules_folder() / "coreq", house / "coreq")
    (house / "lists.toml").write_text("birds = ['owl']\n", "utf-8")
    assert rules_digest(None, [house]) == load_rules(None, [house]).digest
    assert rules_digest(None, [house]) != rules_digest()


def test_check_stays_a_function_after_importing_the_submodules() -> None:
    code = (
        "import coreqcheck, coreqcheck.pipeline, coreqcheck.cli.check, coreqcheck.evaluation.scores\n"
        "assert callable(coreqcheck.check)\n"
        f"print(len(coreqcheck.check({str(POOR)!r}).assessments))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "32"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_an_output_that_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(
        [sys.executable, "-c", f"print(open({str(pipe)!r}, encoding='utf-8').read())"],
        stdout=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    assert run("check", POOR, "-o", pipe).returncode == 0
    assert "32 items:" in reader.communicate(timeout=60)[0]
    assert pipe.is_fifo()


def test_samples_are_written_once_and_never_over_anything(tmp_path: Path) -> None:
    mine = tmp_path / "s" / "good.docx"
    mine.parent.mkdir()
    mine.write_bytes(b"mine")
    done = run("sample", "s", cwd=tmp_path)
    assert done.returncode == 0
    assert "wrote s/poor.pdf" in done.stderr
    assert mine.read_bytes() == b"mine"
    assert run("sample", "s", cwd=tmp_path).stderr == ""
    assert run("sample", "s/poor.pdf", cwd=tmp_path).returncode == 2
