"""What each section is about, from its heading and its place."""

from __future__ import annotations

import pytest
from manuscripts_of_blocks import lexicon, manuscript

from coreqcheck.model import Manuscript, SectionKind
from coreqcheck.text.sections import heading_words


def kinds(found: Manuscript) -> dict[str, str]:
    """The kind of each section by its title."""
    return {s.title: s.kind.value for s in found.sections}


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("RE SULTS", "results"),
        ("M E T H O D S", "methods"),
        ("3.2. Material & Methods", "methods"),
        ("II. METHODOLOGY", "methods"),
        ("Participants and method", "methods"),
        ("Results and discussion", "results"),
        ("Findings from interviews", "results"),
        ("Interview study", "methods"),
        ("How we did the study", "methods"),
        ("What the participants said", "results"),
        ("Discussion and conclusions", "discussion"),
        ("6 Limitations and future work", "limitations"),
        ("Strengths and limitations of this study", "limitations"),
        ("Concluding remarks", "conclusion"),
        ("Author contributions", "contributors"),
        ("Authors’ contributions", "contributors"),
        ("CRediT authorship contribution statement", "contributors"),
        ("Contributorship statement", "contributors"),
        ("Ethics approval and consent to participate", "ethics"),
        ("Declaration of competing interest", "interests"),
        ("Acknowledgments", "acknowledgements"),
        ("Availability of data and materials", "declarations"),
        ("List of abbreviations", "declarations"),
        ("Literature cited", "references"),
        ("Appendix B. Interview guide", "appendix"),
        ("Supplementary file 2", "appendix"),
        ("Appendix 1: completed COREQ checklist", "checklist"),
        ("Literature review", "introduction"),
        ("Background & related work", "introduction"),
        ("Métodos", "methods"),
        ("Ergebnisse", "results"),
    ],
)
def test_headings_are_recognised_in_their_many_forms(heading: str, kind: str) -> None:
    match = lexicon().match(heading)
    assert match is not None
    assert match.kind == kind


@pytest.mark.parametrize(
    "heading", ["Walking the long way home", "A door that stays open", "Theology", "Study 1"]
)
def test_headings_that_say_nothing_have_no_kind(heading: str) -> None:
    assert lexicon().match(heading) is None


def test_numbering_is_no_part_of_a_heading() -> None:
    assert heading_words("2.3.1 Data collection") == ("data", "collection")
    assert heading_words("IV. Findings") == ("findings",)
    assert heading_words("C. Coding") == ("coding",)


def test_sub_headings_inherit_and_method_words_stay_in_the_methods() -> None:
    found = kinds(
        manuscript(
            """
            # A title
            ## Methods
            ### Setting
            A ward.
            ### Something odd
            Words.
            ### Ethical considerations
            Approved.
            ## Results
            ### Participants
            Ten women.
            ### The long corridor
            Words.
            ## Discussion
            ### Key results
            Words.
            ### Limitations
            Few.
            """
        )
    )
    assert found["Setting"] == found["Something odd"] == "methods"
    assert found["Ethical considerations"] == "ethics"
    assert found["Participants"] == found["The long corridor"] == "results"
    assert found["Key results"] == "discussion"
    assert found["Limitations"] == "limitations"


def test_flat_levels_are_told_apart_by_what_the_headings_say() -> None:
    found = manuscript(
        """
        ## Abstract
        ## Background
        Short.
        ## Methods
        Short.
        ## Results
        Short.
        ## Introduction
        Words on the subject.
        ## Methods
        ## Recruitment
        By letter.
        ## Data analysis
        By hand.
        ## Results
        ## The first bus
        It was late.
        ## The last bus
        It was later.
        ## Discussion
        ## Comparison with other towns
        None.
        ## Conclusion
        Walk.
        """
    )
    titles = [(s.title, s.kind.value) for s in found.sections if s.title]
    assert titles[:4] == [
        ("Abstract", "abstract"),
        ("Background", "abstract"),
        ("Methods", "abstract"),
        ("Results", "abstract"),
    ]
    body = dict(titles[4:])
    assert body["Introduction"] == "introduction"
    assert body["Recruitment"] == body["Data analysis"] == body["Methods"] == "methods"
    assert body["The first bus"] == body["The last bus"] == "results"
    assert body["Comparison with other towns"] == "discussion"
    assert body["Conclusion"] == "conclusion"


def test_a_theme_at_the_level_of_the_results_lies_inside_their_span() -> None:
    found = manuscript("## Results\nFew.\n## The bus\nLate.\n## Discussion\nWalk.")
    results, theme = found.sections[0], found.sections[1]
    assert theme.parent == 0
    assert results.span.contains(theme.span)
    assert found.sections[2].parent is None


def test_numbering_corrects_the_levels() -> None:
    found = manuscript(
        """
        ## 1 Introduction
        Words.
        ## 1.1 Earlier buses
        Words.
        ## 2 Methods
        Words.
        ## 2.1 Who rode
        Words.
        ## 3 Findings
        Words.
        ## 3.1 Data analysis by the riders
        Words.
        """
    )
    parents = {s.title: s.parent for s in found.sections}
    assert found.sections[parents["1.1 Earlier buses"] or 0].title == "1 Introduction"
    assert kinds(found)["3.1 Data analysis by the riders"] == "results"


def test_roman_and_letter_numbering() -> None:
    found = kinds(
        manuscript(
            "## I. INTRODUCTION\nx\n## II. METHOD\nx\n## A. Riders\nx\n## B. Buses\nx\n"
            "## C. Coding\nx\n## III. FINDINGS\nx\n## A. Rain\nx\n## IV. DISCUSSION\nx"
        )
    )
    assert found["C. Coding"] == "methods"
    assert found["A. Rain"] == "results"
    assert found["IV. DISCUSSION"] == "discussion"


@pytest.mark.parametrize("heading", ["Our study", "The interviews", "Interviews", "Interviewing"])
def test_methods_under_a_heading_of_their_own(heading: str) -> None:
    found = kinds(manuscript(f"## Introduction\nx\n## {heading}\nWe met ten.\n## What we found\nx"))
    assert found[heading] == "methods"


def test_methods_after_the_conclusions() -> None:
    found = kinds(
        manuscript("## Background\nx\n## Results\nx\n## Conclusions\nx\n## Methods\n### Design\nx")
    )
    assert found["Methods"] == found["Design"] == "methods"


def test_a_method_word_in_the_introduction_widens_the_search() -> None:
    found = kinds(manuscript("## Introduction\n### Setting\nA ward.\n## Results\nx"))
    assert found["Setting"] == "methods"


def test_structured_abstract_nested_in_its_heading() -> None:
    found = manuscript(
        "## Abstract\n### Methods\nTen met.\n### Results\nTwo themes.\n## Introduction\nx\n"
        "## Methods\nx"
    )
    assert [s.kind for s in found.sections] == [
        SectionKind.ABSTRACT,
        SectionKind.ABSTRACT,
        SectionKind.ABSTRACT,
        SectionKind.INTRODUCTION,
        SectionKind.METHODS,
    ]


def test_an_abstract_does_not_swallow_a_paper_with_wrong_levels() -> None:
    long = "Words about riding buses in the rain. " * 60
    found = kinds(manuscript(f"## Abstract\nShort.\n### Introduction\n{long}\n### Methods\n{long}"))
    assert found["Introduction"] == "introduction"
    assert found["Methods"] == "methods"


def test_an_abstract_without_a_heading() -> None:
    words = "We rode with ten people and asked what they saw on the way to town. " * 8
    found = manuscript(f"# Buses\nA. Writer\n{words}\n## Introduction\nx\n## Methods\nx")
    assert [s.kind.value for s in found.sections[:3]] == ["front", "abstract", "introduction"]


def test_nothing_recognised_is_searched_everywhere_and_said() -> None:
    found = manuscript("## Rain\nWords.\n## Sun\nWords.")
    assert {s.kind for s in found.sections} == {SectionKind.OTHER}
    assert all(s.confidence < 0.5 for s in found.sections)
    assert "sections.none" in [d.code for d in found.diagnostics]


def test_no_headings_at_all() -> None:
    found = manuscript("We met ten people.\nThey spoke.")
    assert [s.kind for s in found.sections] == [SectionKind.OTHER]
    assert "sections.none" in [d.code for d in found.diagnostics]


def test_back_matter_after_a_nested_discussion() -> None:
    found = kinds(
        manuscript(
            "## Results\nx\n### Discussion\nx\n### Funding\nNone.\n### Author contributions\nAB.\n"
            "### References\n~ One.\n### Interview guide\n- Why?"
        )
    )
    assert found["Discussion"] == "discussion"
    assert found["Funding"] == "funding"
    assert found["Author contributions"] == "contributors"
    assert found["Interview guide"] == "appendix"


def test_run_in_heads_of_the_declarations_are_sections() -> None:
    found = manuscript(
        "## Methods\nx\n## Declarations\nFunding. None. Author contributions: A.B. met the riders. "
        "Competing interests: None."
    )
    by_kind = {s.kind: s for s in found.sections}
    contributors = by_kind[SectionKind.CONTRIBUTORS]
    assert found.text[contributors.span.start : contributors.span.end].startswith(
        "Author contributions: A.B."
    )
    sentence = next(s for s in found.sentences if "riders" in s.words)
    assert found.kind(sentence) is SectionKind.CONTRIBUTORS


def test_an_appended_checklist_is_a_section_of_its_own() -> None:
    found = manuscript("## Methods\nx\n## References\n~ One.\n% 1 | Interviewer | p. 3\n% 2 | x")
    row = next(s for s in found.sentences if "interviewer" in s.words)
    assert found.kind(row) is SectionKind.CHECKLIST


def test_a_theme_about_ethics_is_a_result_all_the_same() -> None:
    found = kinds(manuscript("## Methods\nx\n## Results\n### Ethics of the locked door\nx"))
    assert found["Ethics of the locked door"] == "results"


def test_sections_cover_the_text_in_order() -> None:
    found = manuscript("# T\nA. B.\n## Methods\n### Setting\nx\n## Results\ny")
    starts = [s.span.start for s in found.sections]
    assert starts == sorted(starts)
    assert starts[0] == 0
    assert found.sections[-1].span.end == len(found.text)
    for sentence in found.sentences:
        section = found.sections[sentence.section]
        assert section.span.start <= sentence.span.start < section.span.end
