"""Completed checklists: read out of a file, and kept out of the evidence."""

from __future__ import annotations

from pathlib import Path

from manuscript_formats import SOURCES
from manuscripts_from_text import rules

from coreqcheck.checklist.read import read_checklist
from coreqcheck.model import Stance
from coreqcheck.pipeline import check
from coreqcheck.readers import read

_NAMES = {r.item: r.name for r in rules().rules}


def _with_checklist(answers: dict[int, str]) -> str:
    """The good manuscript with a completed checklist at its end."""
    rows = "\n".join(f"| {i} | {name} | {answers.get(i, 'p. 1')} |" for i, name in _NAMES.items())
    form = f"| No. | Item | Reported on page |\n| --- | --- | --- |\n{rows}"
    return (
        f"{(SOURCES / 'good.md').read_text('utf-8')}\n\n## COREQ checklist (32 items)\n\n{form}\n"
    )


def test_answers_pages_and_denials_are_read(tmp_path: Path) -> None:
    path = tmp_path / "paper.md"
    path.write_text(
        _with_checklist({5: "pp. 2-3", 18: "No", 20: "N/A", 21: "41 to 78 min"}), "utf-8"
    )
    checklist = read_checklist(read(path, "paper.md"))
    assert checklist is not None
    assert len(checklist.answers) == 32
    answers = {a.item: a for a in checklist.answers}
    assert answers[5].pages == (2, 3)
    assert answers[18].stance is Stance.DENIED
    assert answers[20].not_applicable
    assert answers[21].stance is Stance.DONE


def test_a_checklist_is_no_evidence_for_the_items(tmp_path: Path) -> None:
    path = tmp_path / "paper.md"
    path.write_text(_with_checklist({}), "utf-8")
    report = check(path, rules())
    assert report.manuscript is not None
    start = report.manuscript.text.index("COREQ checklist")
    assert all(e.span.end <= start for a in report.assessments for e in a.evidence)
