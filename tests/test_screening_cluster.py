"""The same work on a real Dask cluster, of which a worker is killed in the middle."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from manuscript_formats import SOURCES
from test_screening import HOSTILE, TABLES, hostile, screened

pytest.importorskip(
    "distributed", reason="DASK IS NOT INSTALLED: screening a cluster is not tested"
)

COPIES = 24


@contextmanager
def running(*words: str, ready: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A Dask program, once it has written what matches ``ready``."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ
        | {"PYTHONPATH": str(HOSTILE) + os.pathsep + os.environ.get("PYTHONPATH", "")},
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if found := re.search(ready, line):
                yield process, found.group(1) if found.groups() else ""
                return
        raise AssertionError(f"dask {words[0]} did not start")
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A scheduler and two workers, without nannies: who is killed stays dead."""
    address = f"tcp://127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        stack.enter_context(
            running(
                "scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2],
                "--no-dashboard", ready="Scheduler at:",
            )
        )  # fmt: skip
        workers = [
            stack.enter_context(
                running(
                    "worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard",
                    ready="Registered to:",
                )
            )[0]
            for _ in range(2)
        ]  # fmt: skip
        yield address, workers


def test_a_cluster_gives_the_tables_of_one_machine_though_a_worker_is_killed(
    tmp_path: Path,
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for number in range(COPIES):
        name = ("good", "poor", "contradicts_itself")[number % 3]
        shutil.copy(SOURCES / f"{name}.md", source / f"{number:02d}-{name}.md")
    hostile(source / "exit.md", "exit")
    hostile(source / "hang.md", "hang")
    limits = ("--time", "15", "--memory", "900")
    with cluster() as (address, workers):
        run = subprocess.Popen(
            [sys.executable, "-m", "coreqcheck", "screen", "in", "-o", "far", "--scheduler",
             address, *limits],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        )  # fmt: skip
        while len(list((tmp_path / "far" / "reports").glob("*"))) < 3 and run.poll() is None:
            time.sleep(0.05)
        workers[0].kill()
        _, err = run.communicate(timeout=240)
        assert run.returncode == 3, err
        assert f"{COPIES + 2} of {COPIES + 2} done" in err
    screened("in", "-o", "near", *limits, "--workers", "2", cwd=tmp_path, status=3)
    for table in TABLES:
        assert (tmp_path / "near" / table).read_bytes() == (tmp_path / "far" / table).read_bytes()


def test_a_scheduler_that_does_not_answer_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coreqcheck.errors import UsageError
    from coreqcheck.screening import cluster as ours
    from coreqcheck.screening.supervision import Limits

    monkeypatch.setattr(ours, "_CONNECT", "1s")
    with pytest.raises(UsageError, match="no scheduler answers"):
        list(ours.run(iter(()), f"tcp://127.0.0.1:{free_port()}", Limits(), "digest"))


def test_submissions_behind_a_url_are_found_fetched_and_checked() -> None:
    import fsspec

    from coreqcheck.language.load import load_rules
    from coreqcheck.screening.remote import listed, remote_digest
    from coreqcheck.screening.work import work

    store = fsspec.filesystem("memory")
    store.pipe("/office/june/7/m.md", (SOURCES / "good.md").read_bytes())
    store.pipe("/office/june/7/supplement.md", b"# Interview guide\n\n1. What happened?\n")
    (submission,) = listed("memory://office/june")
    assert submission.files == ("7/m.md", "7/supplement.md")
    outcome = work(submission, load_rules())
    assert outcome.status == "checked"
    before = remote_digest(submission)
    store.pipe("/office/june/7/m.md", b"other words, of another length")
    assert remote_digest(submission) != before
