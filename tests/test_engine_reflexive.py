"""Reflexive thematic analysis: what such a design does not rest on is a note that says why."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_cli import POOR

from coreqcheck import pipeline
from coreqcheck.engine.verdicts import SOFTENED, reflexive
from coreqcheck.model import Level, Report, Severity

BARE = (
    "# How night porters speak of sleep\n\n## Methods\n\nWe interviewed 14 porters. The interviews "
    "were held at work and were transcribed. {}\n\n## Results\n\nPorters slept in turns.\n\n"
    "## Discussion\n\nSleep is shared work.\n"
)


def report(text: str, tmp_path: Path) -> Report:
    path = tmp_path / "p.md"
    path.write_text(text, "utf-8")
    return pipeline.check(path)


@pytest.mark.parametrize(
    "said",
    [
        "We used reflexive thematic analysis.",
        "The data were analysed by reflexive TA [12].",
        "Reflexive thematic analyses of both sets followed.",
        "Our reflexive approach to thematic analysis is that of Braun and Clarke [3].",
        "We did not use a codebook. Reflexive thematic analysis was chosen.",
    ],
)
def test_the_manuscript_s_own_word_is_heard(said: str, tmp_path: Path) -> None:
    found = report(BARE.format(said), tmp_path)
    assert found.manuscript is not None
    assert reflexive(found.manuscript) is not None


@pytest.mark.parametrize(
    "said",
    [
        "We used thematic analysis and kept a reflexive diary.",
        "We chose a codebook approach rather than reflexive thematic analysis.",
        "This was not a reflexive thematic analysis.",
        "The first author was reflexive about her role.",
        "> “My son did a reflexive thematic analysis at school” (P3)",
    ],
)
def test_other_words_are_not(said: str, tmp_path: Path) -> None:
    found = report(BARE.format(f"\n\n{said}\n\n"), tmp_path)
    assert found.manuscript is not None
    assert reflexive(found.manuscript) is None


def test_the_introduction_tells_of_the_method_only(tmp_path: Path) -> None:
    text = BARE.format("").replace(
        "## Methods", "## Introduction\n\nReflexive thematic analysis is in fashion.\n\n## Methods"
    )
    found = report(text, tmp_path)
    assert found.manuscript is not None
    assert reflexive(found.manuscript) is None


def test_items_become_notes_that_say_why_and_ask_for_no_practice(tmp_path: Path) -> None:
    plain = report(BARE.format(""), tmp_path)
    soft = report(BARE.format("We used reflexive thematic analysis."), tmp_path)
    numbers = {item for _, item in SOFTENED}
    assert numbers == {22, 24, 25, 28}
    for before, after in zip(plain.assessments, soft.assessments, strict=True):
        if after.item in numbers:
            assert after.level is Level.ABSENT, "the level stays what was found"
            assert after.severity is Severity.NOTE
            assert "reflexive thematic analysis (Methods)" in after.note
            assert "add" not in after.advice.lower().split()
        elif after.item not in {9, 26}:
            assert (before.severity, before.note) == (after.severity, after.note)
    warned = {a.item for a in plain.assessments if a.severity is Severity.WARNING}
    assert numbers & warned, "they were more than notes before"


def test_a_configured_severity_does_not_bring_the_practice_back(tmp_path: Path) -> None:
    from coreqcheck.config import Named, Settings, Weight, in_force

    (tmp_path / "p.md").write_text(BARE.format("We used reflexive thematic analysis."), "utf-8")
    settings = in_force([Settings(item_weights=(Weight(Named("22", "x"), Severity.ERROR),))])
    found = pipeline.check(tmp_path / "p.md", settings=settings)
    assert found.assessments[21].severity is Severity.NOTE


def test_a_reported_item_is_left_alone(tmp_path: Path) -> None:
    text = BARE.format("We used reflexive thematic analysis. Data saturation was reached.")
    item = report(text, tmp_path).assessments[21]
    assert item.level is Level.REPORTED
    assert item.severity is None
    assert item.note == ""


def test_a_study_of_another_design_keeps_its_warnings() -> None:
    found = pipeline.check(POOR)
    assert all(not a.note for a in found.assessments)
