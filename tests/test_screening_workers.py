"""Workers and their supervision: limits, replacement, refusal, and no orphans."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from test_screening import hostile, started

from coreqcheck.errors import UsageError
from coreqcheck.language.load import load_rules
from coreqcheck.screening import supervision
from coreqcheck.screening.progress import Progress, duration
from coreqcheck.screening.runner import run
from coreqcheck.screening.submissions import find
from coreqcheck.screening.supervision import Limits, Worker
from coreqcheck.screening.work import Outcome, unpacked


def folder(tmp_path: Path, count: int) -> Path:
    root = tmp_path / "in"
    root.mkdir()
    for number in range(count):
        (root / f"{number}.md").write_text(
            f"# Title {number}\n\n## Methods\n\nWe spoke to 12 nurses.\n"
        )
    return root


def test_a_worker_is_replaced_after_some_documents_and_loses_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "_DOCUMENTS", 2)
    found = find([folder(tmp_path, 5)], tmp_path / "out").submissions
    outcomes = list(run(found, 1, Limits(), load_rules().digest))
    assert sorted(o.ident for o in outcomes) == sorted(s.ident for s in found)
    assert {o.status for o in outcomes} == {"checked"}


def test_the_input_is_taken_only_as_fast_as_the_work_goes(tmp_path: Path) -> None:
    found = find([folder(tmp_path, 8)], tmp_path / "out").submissions
    taken = []

    def counted():  # type: ignore[no-untyped-def]
        for one in found:
            taken.append(one)
            yield one

    outcomes = run(counted(), 1, Limits(), load_rules().digest)
    next(outcomes)
    assert len(taken) <= 4
    outcomes.close()


def test_a_worker_with_other_rules_is_refused(tmp_path: Path) -> None:
    found = find([folder(tmp_path, 1)], tmp_path / "out").submissions
    with pytest.raises(UsageError, match="other rules"):
        list(run(found, 1, Limits(), "another digest"))


def test_workers_that_cannot_start_end_the_run(tmp_path: Path) -> None:
    found = find([folder(tmp_path, 1)], tmp_path / "out").submissions
    with pytest.raises(UsageError, match="cannot start"):
        list(run(found, 2, Limits(5, 12), load_rules().digest))


def test_a_worker_survives_the_death_of_its_process(tmp_path: Path) -> None:
    one, two = find([folder(tmp_path, 2)], tmp_path / "out").submissions
    worker = Worker(Limits(), load_rules().digest)
    try:
        assert worker.run(one).status == "checked"
        assert worker._process is not None
        worker._process.kill()
        assert worker.run(two).status == "checked"
    finally:
        worker.close()


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="NO /proc: the size of a process is unknown")
def test_a_process_that_has_grown_makes_room_for_a_fresh_one(tmp_path: Path) -> None:
    root = folder(tmp_path, 3)
    found = find([root], tmp_path / "out").submissions
    digest = load_rules().digest
    worker = Worker(Limits(60, 120), digest)  # its start alone takes more than half of this
    try:
        ends = []
        for submission in found:
            assert worker.run(submission).status == "checked"
            ends.append(worker._process)
        assert ends == [None, None, None]
    finally:
        worker.close()


def test_the_work_does_not_depend_on_modules_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('a submission was run')")
    monkeypatch.chdir(tmp_path)
    found = find([folder(tmp_path, 1)], tmp_path / "out").submissions
    (outcome,) = run(found, 1, Limits(), load_rules().digest)
    assert outcome.status == "checked"


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="NO /proc: orphans are not looked for")
def test_a_hanging_worker_ends_when_its_supervisor_was_killed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    hostile(tmp_path / "in" / "a.md", "spin")
    process = started("in", "-o", "out", "--time", "20", "--workers", "1", cwd=tmp_path)
    wait(lambda: bool(children(process.pid)))
    (child,) = children(process.pid)
    wait(lambda: busy(child) > 3.0)
    process.kill()
    process.communicate()
    wait(lambda: not alive(child))


def wait(holds) -> None:  # type: ignore[no-untyped-def]
    for _ in range(1_200):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to pass within two minutes")


def children(process: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        found += map(int, (task / "children").read_text().split())
    return found


def busy(process: int) -> float:
    """CPU seconds of a process: three are more than a start takes."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_outcome_survives_its_line_and_anything_else_is_refused() -> None:
    outcome = Outcome("a-1", "checked", '{"title": "“é”\\n"}', "<p>\u2028</p>")
    assert "\n" not in outcome.packed()
    assert unpacked(outcome.packed()) == outcome
    for line in ("[]", "{}", "not json", '{"ident": 1}'):
        with pytest.raises(ValueError, match=r".*"):
            unpacked(line)


def test_progress_says_done_failed_rate_and_remaining() -> None:
    progress = Progress(100, io.StringIO())
    progress.keep()
    for status in ("checked", "unreadable", "failed", "checked"):
        progress.end(status)
    assert progress.line(2.0) == (
        "5 of 100 done, 1 kept from before, 1 not readable, 1 failed, 2.0 a second, 48 s left"
    )
    assert [duration(s) for s in (5, 90, 11_100)] == ["5 s", "2 min", "3 h 5 min"]
