"""Which configuration counts in a screening: the office's, never one that came with a submission."""

from __future__ import annotations

import json
from pathlib import Path

from manuscript_formats import SOURCES

from coreqcheck import pipeline
from coreqcheck.screening.submissions import Submission, find
from coreqcheck.screening.work import settings_of, work

ANSWERS = """
[[answers]]
item = 23
level = "not-applicable"
reason = "Interviews were held on a ward that has closed."
"""


def submission(folder: Path) -> Submission:
    """The one submission below ``folder/in``: a manuscript in a folder of its own."""
    own = folder / "in" / "smith"
    own.mkdir(parents=True)
    (own / "paper.md").write_text((SOURCES / "poor.md").read_text("utf-8"), "utf-8")
    (found,) = find([folder / "in"], folder / "out").submissions
    return found


def test_a_configuration_inside_a_submission_neither_counts_nor_stops_the_run(
    tmp_path: Path,
) -> None:
    one = submission(tmp_path)
    plain = work(one, pipeline.load_rules())
    for name, text in (
        ("coreqcheck.toml", "this is no TOML ["),
        ("coreqcheck.toml", ANSWERS),
        ("pyproject.toml", "[tool.coreqcheck"),
    ):
        wrong = tmp_path / "in" / "smith" / name
        wrong.write_text(text, "utf-8")
        assert work(one, pipeline.load_rules()) == plain
        wrong.unlink()


def test_a_configuration_of_the_screened_folder_counts(tmp_path: Path) -> None:
    one = submission(tmp_path)
    (tmp_path / "in" / "coreqcheck.toml").write_text(ANSWERS, "utf-8")
    assert settings_of(one).answers
    record = json.loads(work(one, pipeline.load_rules()).record)
    (item,) = (i for i in record["items"] if i["item"] == 23)
    assert item["answer"]["level"] == "not-applicable"
    assert item["answer"]["reason"] == "Interviews were held on a ward that has closed."
