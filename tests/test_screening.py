"""Screening from end to end: every submission has a record, whatever its file does."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest
from manuscript_formats import SOURCES, to_docx, to_jats, to_pdf, to_text

HOSTILE = Path(__file__).parent / "hostile_workers"
LIMITS = ("--time", "12", "--memory", "900", "--workers", "2")
TABLES = (
    "records.jsonl", "submissions.csv", "items.csv", "findings.csv", "aggregates.csv",
    "screening.xlsx", "dashboard.html",
)  # fmt: skip


def started(*words: object, cwd: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join(p for p in (str(HOSTILE), os.environ.get("PYTHONPATH", "")) if p)
    return subprocess.Popen(
        [sys.executable, "-m", "coreqcheck", "screen", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": path},
    )


def screened(*words: object, cwd: Path, status: int | None = None) -> str:
    process = started(*words, cwd=cwd)
    out, err = process.communicate(timeout=300)
    assert out == ""
    assert "Traceback" not in err
    if status is not None:
        assert process.returncode == status, err
    return err


def hostile(path: Path, act: str) -> None:
    path.write_text(f"hostile: {act}\n\n# A title\n\nText.\n", "utf-8")


def fill(folder: Path) -> None:
    """A dozen submissions: sound, broken and hostile ones."""
    (folder / "2023").mkdir(parents=True)
    (folder / "2024" / "17").mkdir(parents=True)
    good, poor = ((SOURCES / f"{n}.md").read_text("utf-8") for n in ("good", "poor"))
    clash = (SOURCES / "contradicts_itself.md").read_text("utf-8")
    to_docx(good, folder / "2023" / "good.docx")
    to_pdf(poor, folder / "2023" / "poor.pdf")
    to_jats(good, folder / "2023" / "good.xml")
    to_text(clash, folder / "2023" / "clash.txt")
    to_docx(good, folder / "2024" / "17" / "Manuscript.docx")
    (folder / "2024" / "17" / "Supplement interview guide.md").write_text(
        "# Interview guide\n\n1. How did you hear of the service?\n2. What would you change?\n"
    )
    (folder / "2024" / "17" / "supplementary scan.pdf").write_bytes(b"%PDF-1.7 nothing more")
    evil = poor.replace(
        "# ", '# =HYPERLINK("http://evil.example","x")<script>alert(1)</script> ', 1
    )
    (folder / "2024" / "evil<img src=x>.md").write_text(evil, "utf-8")
    (folder / "2024" / "empty.docx").write_bytes(b"")
    (folder / "2024" / "cut.docx").write_bytes((folder / "2023" / "good.docx").read_bytes()[:3000])
    for act in ("exit", "abort", "hang", "memory", "error", "print"):
        hostile(folder / "2024" / f"{act}.md", act)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``in`` and the undisturbed outputs of its screening in ``out``."""
    folder = tmp_path_factory.mktemp("office")
    fill(folder / "in")
    before = listing(folder)
    screened("in", "-o", "out", *LIMITS, cwd=folder, status=3)
    assert {p for p in listing(folder) - before if not p.startswith("out")} == set()
    return folder


def listing(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*")}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_name(office: Path) -> dict[str, dict[str, str]]:
    return {Path(r["path"]).name: r for r in table(office / "out" / "submissions.csv")}


def same(one: Path, other: Path) -> list[str]:
    return [t for t in TABLES if (one / t).read_bytes() != (other / t).read_bytes()]


def test_every_submission_has_a_record_with_its_reason(office: Path) -> None:
    rows = by_name(office)
    problems = {
        n: (r["status"], r["problem"].split(":")[0]) for n, r in rows.items() if r["problem"]
    }
    assert problems == {
        "exit.md": ("failed", "crash"),
        "abort.md": ("failed", "crash"),
        "hang.md": ("failed", "timeout"),
        "memory.md": ("failed", "memory"),
        "error.md": ("failed", "internal-error"),
        "empty.docx": ("unreadable", "empty"),
        "cut.docx": ("unreadable", rows["cut.docx"]["problem"].split(":")[0]),
    }
    sound = {"good.docx", "poor.pdf", "good.xml", "clash.txt", "Manuscript.docx",
             "evil<img src=x>.md", "print.md"}  # fmt: skip
    assert set(rows) == sound | set(problems)
    assert {rows[n]["status"] for n in sound} == {"checked"}


def test_a_signal_is_named_in_the_reason(office: Path) -> None:
    assert "SIGABRT" in by_name(office)["abort.md"]["problem"]
    assert "exit status 7" in by_name(office)["exit.md"]["problem"]


def test_counts_agree_with_the_items_table_and_reports_exist(office: Path) -> None:
    items = table(office / "out" / "items.csv")
    for row in table(office / "out" / "submissions.csv"):
        own = [i for i in items if i["id"] == row["id"]]
        assert len(own) == (32 if row["status"] == "checked" else 0)
        if row["status"] == "checked":
            located = sum(i["level"] == "reported" and i["decided"] == "yes" for i in own)
            assert row["reported"] == str(located)
            assert (office / "out" / row["report"]).is_file()
    assert int(by_name(office)["good.docx"]["reported"]) > 20


def test_a_submission_of_several_files_is_one_row_and_says_what_was_not_readable(
    office: Path,
) -> None:
    row = by_name(office)["Manuscript.docx"]
    assert row["files"].count(";") == 2
    assert "supplementary scan.pdf was left out" in row["diagnostics"]
    assert row["folder"] == "in/2024"


def test_outputs_are_named_by_identifiers_only(office: Path) -> None:
    reports = {p.name for p in (office / "out" / "reports").iterdir()}
    assert reports == {
        f"{r['id']}.html" for r in by_name(office).values() if r["status"] == "checked"
    }


def test_nothing_from_a_manuscript_runs_in_a_page_or_a_spreadsheet(office: Path) -> None:
    page = (office / "out" / "dashboard.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "&lt;img src=x&gt;" in page
    assert "default-src 'none'" in page
    evil = by_name(office)["evil<img src=x>.md"]
    assert evil["title"].startswith("'=HYPERLINK")
    book = openpyxl.load_workbook(office / "out" / "screening.xlsx")
    kinds = {c.data_type for sheet in book for row in sheet.iter_rows() for c in row if c.value}
    assert kinds == {"s"}


def test_the_workbook_has_the_rows_of_the_tables(office: Path) -> None:
    book = openpyxl.load_workbook(office / "out" / "screening.xlsx", read_only=False)
    for sheet in book:
        rows = table(office / "out" / f"{sheet.title.lower()}.csv")
        assert sheet.max_row == len(rows) + 1


def test_aggregates_count_by_folder_beside_published_rates(office: Path) -> None:
    rows = table(office / "out" / "aggregates.csv")
    assert {r["folder"] for r in rows} == {"all submissions", "in/2023", "in/2024"}
    size = next(r for r in rows if r["folder"] == "in/2023" and r["item"] == "12")
    assert (size["submissions"], size["% published"]) == ("4", "98")
    levels = ("reported", "partly reported", "said not done", "not located")
    assert all(sum(int(r[n]) for n in levels) == int(r["submissions"]) for r in rows)


def test_records_are_json_lines_in_the_order_of_paths(office: Path) -> None:
    lines = (office / "out" / "records.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert [r["path"] for r in records] == sorted(r["path"] for r in records)
    assert {r["schema"] for r in records} == {"coreqcheck-screening/1"}
    assert str(office) not in "".join(lines)


def test_a_second_run_reads_nothing_again_and_changes_no_byte(office: Path) -> None:
    before = {t: (office / "out" / t).read_bytes() for t in TABLES}
    err = screened("in", "-o", "out", "--resume", *LIMITS, cwd=office, status=3)
    assert "14 of 14 done, 14 kept" in err
    assert {t: (office / "out" / t).read_bytes() for t in TABLES} == before


def test_only_what_changed_is_read_again_and_what_went_is_gone(
    office: Path, tmp_path: Path
) -> None:
    fill(tmp_path / "in")
    for act in ("hang", "memory", "exit", "abort"):
        (tmp_path / "in" / "2024" / f"{act}.md").unlink()
    screened("in", "-o", "out", *LIMITS, cwd=tmp_path, status=3)
    (tmp_path / "in" / "2024" / "print.md").unlink()
    changed = tmp_path / "in" / "2024" / "evil<img src=x>.md"
    changed.write_text(changed.read_text("utf-8") + "\n\nOne more sentence.\n", "utf-8")
    assert "9 of 9 done, 8 kept" in screened("in", "-o", "out", *LIMITS, cwd=tmp_path, status=3)
    assert "print.md" not in (tmp_path / "out" / "records.jsonl").read_text("utf-8")


def test_killed_and_resumed_gives_the_bytes_of_an_undisturbed_run(
    office: Path, tmp_path: Path
) -> None:
    (tmp_path / "in").symlink_to(office / "in", target_is_directory=True)
    for records in (2, 6):
        process = started("in", "-o", "out", *LIMITS, cwd=tmp_path)
        wait_for_records(tmp_path / "out", records, process)
        process.kill()
        process.communicate()
    kept = stored(tmp_path / "out")
    assert kept >= 6
    err = screened("in", "-o", "out", *LIMITS, cwd=tmp_path, status=3)
    assert f"{kept} kept from before" in err
    assert same(office / "out", tmp_path / "out") == []
    assert not [p for p in listing(tmp_path / "out") if Path(p).name.startswith(".")]


def wait_for_records(out: Path, number: int, process: subprocess.Popen[str]) -> None:
    """Reports are written just before their records: count them, for the store is locked."""
    end = time.monotonic() + 300
    while time.monotonic() < end and process.poll() is None:
        if (out / "reports").is_dir() and len(list((out / "reports").glob("[!.]*"))) > number:
            return
        time.sleep(0.02)
    raise AssertionError("the run ended or stood still before it could be killed")


def stored(out: Path) -> int:
    base = sqlite3.connect(out / "screening.sqlite")
    try:
        return int(base.execute("SELECT count(*) FROM submissions").fetchone()[0])
    finally:
        base.close()


def test_ctrl_c_keeps_what_is_done_and_leaves_no_process(office: Path, tmp_path: Path) -> None:
    (tmp_path / "in").symlink_to(office / "in", target_is_directory=True)
    process = started("in", "-o", "out", *LIMITS, cwd=tmp_path)
    wait_for_records(tmp_path / "out", 1, process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped; what is done is kept" in err
    assert "Traceback" not in err
    assert stored(tmp_path / "out") >= 1


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal of POSIX")
def test_ctrl_c_typed_on_a_terminal_stops_the_run_and_its_workers(
    office: Path, tmp_path: Path
) -> None:
    import pty

    above, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "coreqcheck", "screen", str(office / "in"), "-o", "out", *LIMITS],
        stdin=terminal, stdout=terminal, stderr=terminal, cwd=tmp_path,
        start_new_session=True, preexec_fn=_take_terminal,
    )  # fmt: skip
    os.close(terminal)
    wait_for_records(tmp_path / "out", 1, process)
    os.write(above, b"\x03")
    assert process.wait(timeout=60) == 130
    said = os.read(above, 100_000)
    os.close(above)
    assert b"stopped; what is done is kept" in said
    assert b"Traceback" not in said
    assert stored(tmp_path / "out") >= 1


def _take_terminal() -> None:
    """In the child: its standard input is the terminal that Ctrl-C is typed on."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_two_screenings_cannot_write_to_one_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    hostile(tmp_path / "in" / "a.md", "hang")
    first = started("in", "-o", "out", *LIMITS, cwd=tmp_path)
    end = time.monotonic() + 60
    while not (tmp_path / "out" / "reports").is_dir() and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.5)
    err = screened("in", "-o", "out", cwd=tmp_path, status=2)
    assert "another screening is at work" in err
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=60)
    assert first.returncode == 130


def test_failures_are_tried_again_when_asked_or_when_limits_change(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    hostile(tmp_path / "in" / "a.md", "exit")
    screened("in", "-o", "out", *LIMITS, cwd=tmp_path, status=3)
    assert "1 kept" in screened("in", "-o", "out", *LIMITS, cwd=tmp_path)
    assert "kept" not in screened("in", "-o", "out", *LIMITS, "--retry-failed", cwd=tmp_path)
    assert "kept" not in screened("in", "-o", "out", "--time", "9", cwd=tmp_path)


def test_resume_insists_on_an_earlier_run(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    hostile(tmp_path / "in" / "a.md", "print")
    err = screened("in", "-o", "out", "--resume", cwd=tmp_path, status=2)
    assert "holds no run of these rules" in err


@pytest.mark.parametrize("link", ["reports", "screening.sqlite"])
def test_links_in_the_output_folder_are_not_followed(tmp_path: Path, link: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_text("# Title\n\nText.\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / link).symlink_to(elsewhere / link)
    if link == "reports":
        (elsewhere / link).mkdir()
    before = listing(elsewhere)
    assert "is a link" in screened("in", "-o", "out", cwd=tmp_path, status=2)
    assert listing(elsewhere) == before


def test_an_empty_folder_and_a_foreign_store_are_usage_errors(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert "no manuscripts found" in screened("in", "-o", "out", cwd=tmp_path, status=2)
    (tmp_path / "in" / "a.md").write_text("# Title\n\nText.\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "screening.sqlite").write_bytes(b"no database at all" * 100)
    assert "is no store" in screened("in", "-o", "out", cwd=tmp_path, status=2)
