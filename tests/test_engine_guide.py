"""The detectors of the interview guide: questions in print, and what was piloted."""

from __future__ import annotations

from pathlib import Path

import pytest

from coreqcheck.engine.index import Index
from coreqcheck.engine.structure_guide import (
    guide_not_piloted,
    guide_piloted,
    interview_questions,
)
from coreqcheck.language.load import load_rules
from coreqcheck.model import Document, Manuscript
from coreqcheck.readers import ReadOptions, markdown
from coreqcheck.text.manuscript import analyse
from coreqcheck.text.sections import SectionLexicon


def _manuscript(methods: str, results: str = "Three themes are shown.") -> Manuscript:
    text = f"# Night work\n\n## Methods\n\n{methods}\n\n## Results\n\n{results}\n"
    path = Path("night.md")
    document: Document = markdown.read(path, str(path), text.encode(), ReadOptions())
    return analyse(document, SectionLexicon.of(load_rules().sections))


def _quotes(detector: object, manuscript: Manuscript) -> list[str]:
    assert callable(detector)
    return [manuscript.quote(found.span) for found in detector(Index(manuscript))]


def test_questions_in_a_list_are_found() -> None:
    manuscript = _manuscript("The interviews rested on these.\n\n- How did you come to this work?")
    assert _quotes(interview_questions, manuscript) == ["How did you come to this work?"]


def test_prompts_without_a_question_mark_are_found() -> None:
    manuscript = _manuscript("Each interview began with “Tell me about your first night here”.")
    assert len(_quotes(interview_questions, manuscript)) == 1


@pytest.mark.parametrize(
    "methods",
    [
        "The survey asked: How often do you work at night?",
        "Our research questions were these. How do nurses sleep?",
        "Nurses were visited on the ward.",
    ],
)
def test_questions_of_a_survey_or_of_the_study_are_not(methods: str) -> None:
    assert _quotes(interview_questions, _manuscript(methods)) == []


def test_questions_in_results_are_not() -> None:
    manuscript = _manuscript("Interviews were held.", "One asked the interviewer: Why do you ask?")
    assert _quotes(interview_questions, manuscript) == []


@pytest.mark.parametrize(
    "methods",
    [
        "The guide was piloted with two nurses.",
        "An interview guide was written by the team. It was first pre-tested on one ward.",
        "Two interviews served as pilots.",
        "After the survey, the topic guide was pilot-tested.",
        "The interviews opened with sleep. A dry run was held with a retired nurse.",
    ],
)
def test_piloting_of_the_guide(methods: str) -> None:
    manuscript = _manuscript(methods)
    assert len(_quotes(guide_piloted, manuscript)) == 1
    assert _quotes(guide_not_piloted, manuscript) == []


@pytest.mark.parametrize(
    "methods",
    [
        "The survey had ten questions and was piloted with forty nurses. Interviews followed.",
        "The pilot trial was small; interviews were held with its nurses.",
        "A questionnaire was used. It was pre-tested with ten nurses.",
        "Six pilots were interviewed.",
    ],
)
def test_piloting_of_something_else(methods: str) -> None:
    assert _quotes(guide_piloted, _manuscript(methods)) == []


@pytest.mark.parametrize(
    "methods",
    [
        "The guide was not piloted.",
        "The guide had six topics. No pilot interviews were held.",
        "A pilot test of the questions was not carried out.",
    ],
)
def test_a_guide_that_was_not_piloted(methods: str) -> None:
    manuscript = _manuscript(methods)
    assert len(_quotes(guide_not_piloted, manuscript)) == 1
    assert _quotes(guide_piloted, manuscript) == []
