"""Several manuscripts at once: the same results in the same order, whatever happens to one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from coreqcheck.cli import cli, several


def _double_or_die(number: int) -> int:
    if number == 3:
        os._exit(9)  # as a parser written in C may
    return 2 * number


def _refuse(number: int) -> int:
    raise ValueError(f"task {number}")


def test_results_come_in_the_order_of_the_tasks() -> None:
    assert several.each(abs, [-5, 4, -3, 2, -1], lambda n: 99, jobs=2) == [5, 4, 3, 2, 1]


def test_a_process_that_dies_costs_its_own_task_only() -> None:
    found = several.each(_double_or_die, [1, 2, 3, 4, 5, 6], lambda number: -number, jobs=2)
    assert found == [2, 4, -3, 8, 10, 12]


def test_an_error_is_raised_as_if_there_were_one_process() -> None:
    with pytest.raises(ValueError, match="task 1"):
        several.each(_refuse, [1, 2, 3, 4], lambda number: 0, jobs=2)


def test_two_processes_report_what_one_does(tmp_path: Path) -> None:
    files = []
    for number in range(4):
        path = tmp_path / f"study-{number}.md"
        path.write_text(
            f"# Keeping bees in town\n\n## Methods\n\nWe interviewed {number + 11} beekeepers at home.\n"
        )
        files.append(str(path))
    (tmp_path / "study-9.pdf").write_bytes(b"%PDF-1.7 cut short")
    files.append(str(tmp_path / "study-9.pdf"))
    runs = [
        CliRunner().invoke(cli, ["check", "--format", "json", "-j", jobs, *files])
        for jobs in ("1", "2")
    ]
    one, two = (json.loads(run.stdout) for run in runs)
    assert [d["path"] for d in two["documents"]] == [f.replace("\\", "/") for f in files]
    assert one == two
    assert runs[0].exit_code == runs[1].exit_code
