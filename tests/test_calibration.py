"""How often a part's evidence was right on labelled manuscripts: stored, read, and said in words."""

from __future__ import annotations

import shutil
from pathlib import Path

from coreqcheck import pipeline
from coreqcheck.language.load import load_rules
from coreqcheck.language.rule_files import rules_folder
from coreqcheck.model import Evidence
from coreqcheck.report.html import sureness

TEXT = "# Bees in town\n\n## Methods\n\nAll interviews were audio recorded.\n"


def _recording(folder: Path, paper: Path) -> tuple[Evidence, float]:
    report = pipeline.check(paper, load_rules(folder))
    item = next(a for a in report.assessments if a.item == 19)
    return item.evidence[0], item.confidence


def test_figures_beside_the_rules_reach_the_evidence_and_its_words(tmp_path: Path) -> None:
    paper = tmp_path / "bees.md"
    paper.write_text(TEXT)
    folder = Path(shutil.copytree(rules_folder(), tmp_path / "rules"))
    calibration = folder / "calibration.toml"
    calibration.unlink(missing_ok=True)
    plain, before = _recording(folder, paper)
    assert (plain.right, plain.seen) == (0, 0)
    assert "not been measured" in sureness([plain])
    calibration.write_text(f"[coreq.19]\n{plain.part} = [3, 40]\n")
    poor, after = _recording(folder, paper)
    assert (poor.right, poor.seen) == (3, 40)
    assert after < before
    assert poor.confidence == plain.confidence
    assert sureness([poor]) == (
        "Such evidence was right in 3 of the 40 labelled manuscripts that had it."
    )


def test_no_evidence_no_words() -> None:
    assert sureness([]) == ""
