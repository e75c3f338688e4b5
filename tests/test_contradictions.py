"""Contradictions: what must be found, and the innocent neighbour that must stay silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from manuscripts_from_text import rules

from coreqcheck.model import Finding, Severity
from coreqcheck.pipeline import examine
from coreqcheck.readers import ReadOptions, markdown


def _findings(text: str) -> list[Finding]:
    """The errors and warnings of a manuscript in Markdown."""
    document = markdown.read(Path("paper.md"), "paper.md", text.encode(), ReadOptions())
    return [f for f in examine(document, rules()).findings if f.severity is not Severity.NOTE]


def _checks(text: str) -> set[str]:
    return {f.check for f in _findings(text)}


def _paper(methods: str, later: str, heading: str = "Limitations") -> str:
    return f"# Keepers of the tide mill\n\n## Methods\n\n{methods}\n\n## {heading}\n\n{later}\n"


_ASKED = "We interviewed 18 millers. "


@pytest.mark.parametrize(
    ("check", "methods", "later"),
    [
        (
            "saturation",
            "Interviewing went on until a further talk brought no new meaning.",
            "It is unlikely that saturation was reached.",
        ),
        (
            "saturation",
            "Data saturation was reached after 15 interviews.",
            "Fieldwork stopped before saturation was reached.",
        ),
        (
            "saturation",
            "Data saturation was reached after 15 interviews.",
            "The sample was too small to reach saturation.",
        ),
        (
            "recording",
            "All interviews were audio recorded. They took place in the mill.",
            "For two of the interviews the recorder was switched off.",
        ),
        (
            "recording",
            "Every conversation was taped. Tea was served.",
            "Since the interviews with owners were not recorded, we relied on summaries.",
        ),
        (
            "recording",
            "All interviews were audio recorded. They took place in the mill.",
            "In four cases permission to record was not given.",
        ),
        (
            "sampling",
            "By purposive sampling, millers were recruited from three villages.",
            "The millers were sampled by convenience.",
        ),
        (
            "sampling",
            "Purposive sampling was used.",
            "The millers were selected at random from a register.",
        ),
        (
            "participant-checking",
            "A summary of the themes was sent to all millers, who commented on it.",
            "No miller was asked to comment on the findings, so there was no member checking.",
        ),
        (
            "inductive-or-deductive",
            "Codes were derived from the data.",
            "A predefined codebook guided the coding.",
        ),
        (
            "inductive-or-deductive",
            "Themes were developed inductively.",
            "The data were coded according to the domains of a framework.",
        ),
        (
            "coders",
            "Two of the authors carried out open coding of all transcripts independently.",
            "As only the second author coded the transcripts, a single viewpoint prevails.",
        ),
        (
            "methodology",
            "Data were analysed thematically.",
            "",
        ),
    ],
)
def test_an_opposite_statement_elsewhere_is_found(check: str, methods: str, later: str) -> None:
    if check == "methodology":
        methods, later = f"{methods} Grounded theory was used as the methodology.", "None."
    assert check in _checks(_paper(_ASKED + methods, later))


@pytest.mark.parametrize(
    ("methods", "later"),
    [
        # hopes, rights, other studies, exceptions that are named at once
        (
            "Data saturation was reached.",
            "Future studies should go on until saturation is reached.",
        ),
        (
            "All interviews were recorded. Tea was served.",
            "Millers could have the recorder turned off.",
        ),
        ("All interviews but two were recorded.", "Two millers declined to be recorded."),
        ("Interviews were recorded and transcribed.", "Two millers declined to be recorded."),
        # the sites, not the people
        ("Millers were selected purposively.", "The villages were chosen by convenience."),
        ("Purposive sampling was used.", "Lund et al. (2019) used convenience sampling for this."),
        ("Purposive rather than random sampling was used.", "We chose depth over random sampling."),
        # two steps of one analysis
        (
            "Coding was deductive first; new codes were then built inductively.",
            "Codes were derived from the data in the second step.",
        ),
        ("Codes were derived from the data.", "Themes were later compared with a framework."),
        (
            "Two researchers coded all transcripts independently.",
            "Only one author translated them.",
        ),
        ("Transcripts were not returned.", "Findings were discussed with the millers, who agreed."),
    ],
)
def test_an_innocent_neighbour_stays_silent(methods: str, later: str) -> None:
    assert _checks(_paper(_ASKED + methods, later)) == set()


def test_two_kinds_of_people_may_be_treated_otherwise() -> None:
    text = _paper(
        "We interviewed 12 millers and 9 bakers. All interviews with millers were recorded.\n\n"
        "Millers were recruited by purposive sampling.",
        "Two bakers refused to be recorded. Bakers were selected by convenience sampling.",
    )
    assert _checks(text) & {"recording", "sampling"} == set()


def test_several_studies_have_several_samples() -> None:
    text = (
        "# Tide mills\n\n## Method\n\n### Participants\n\nA total of 76 participants completed the "
        "study.\n\n### Procedure\n\nThey watched a wheel.\n\n## Second part\n\n### Participants\n\n"
        "A total of 55 participants took part in the study.\n"
    )
    assert "sample-size" not in _checks(text)
    assert "sample-size" in _checks(
        _paper("A total of 76 millers took part.", "The sample consisted of 55 millers.")
    )


@pytest.mark.parametrize(
    ("later", "found"),
    [
        ("Four themes were found to explain the work.", True),
        ("Three themes were found to explain the work.", False),
    ],
)
def test_themes_are_counted_also_when_they_are_arranged(later: str, found: bool) -> None:
    text = _paper(_ASKED, later, "Results").replace(
        "## Methods",
        "## Abstract\n\nThe findings were organised under three themes: the sea, the stone, and "
        "the sack.\n\n## Methods",
    )
    assert ("theme-count" in _checks(text)) is found


def test_a_number_in_words_is_read_to_its_start() -> None:
    text = _paper(
        "We interviewed 40 millers.",
        "Of them, 20 (50.0%) sold flour, 10 (25.0%) sold bran, and 30 (75.0%) sold both. One hundred "
        "sixteen sacks (28.9%) were wet.",
        "Results",
    )
    assert "percentage-of-sample" not in _checks(text)


_TABLE = (
    "## Results\n\nTable 1. Characteristics of the millers (N = 20)\n\n| Characteristic | n |\n| --- | --- |\n"
    "| Gender | |\n| Women | 12 |\n| Men | 8 |\n| {variable} | |\n| {one} | {first} |\n| {two} | {second} |\n"
)


@pytest.mark.parametrize(
    ("variable", "first", "second", "found"),
    [
        ("Education", 11, 7, True),  # two are missing
        ("Education", 12, 10, True),  # nobody has two highest levels
        ("Grain milled", 14, 11, False),  # some mill both
        ("Education", 12, 8, False),
    ],
)
def test_rows_of_a_variable_make_the_sample(
    variable: str, first: int, second: int, found: bool
) -> None:
    table = _TABLE.format(variable=variable, one="Rye", two="Oats", first=first, second=second)
    checks = _checks(
        _paper("We interviewed 20 millers (Table 1).", "x").replace("## Limitations\n\nx", table)
    )
    assert ("table-sum" in checks) is found


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "The millers were recruited from the lists of the millers were recruited from the lists.",
            True,
        ),
        ("Sometimes you were trying to mend what you were trying to sell.", False),
        ("They said what they wanted to sell was not what they wanted to keep.", False),
        ("0:38:22 I think really I think really it was the wheel.", False),
    ],
)
def test_a_pasted_fragment_is_no_manner_of_speaking(sentence: str, found: bool) -> None:
    assert ("garbled" in _checks(_paper(_ASKED + sentence, "None."))) is found


@pytest.mark.parametrize(("heading", "found"), [("Acknowledgements", True), ("Results", False)])
def test_a_name_beside_a_code_is_told_where_people_are_thanked(heading: str, found: bool) -> None:
    text = (
        "# Tide mills\n\n## Methods\n\nWe interviewed 18 millers.\n\n## Results\n\n> The sea is our clock and "
        "nobody can wind it. (M4)\n\n> I sleep when the water sleeps, not before. (M7)\n"
    )
    thanks = "\nWe thank Ada Berg (M4) for her trust.\n"
    text += f"\n## {heading}\n{thanks}" if heading != "Results" else thanks
    assert ("named-participant" in _checks(text)) is found


@pytest.mark.parametrize(
    ("wide", "narrow", "found"),
    [
        (
            "The study ran from January to December 2021.",
            "Interviews were held from March to June 2021.",
            False,
        ),
        (
            "Interviews were held from January to May 2021.",
            "Interviews were held from March to June 2021.",
            True,
        ),
        (
            "Interviews were held from January to May 2021.",
            "As interviews were held from March to June 2021, storms that could not be observed are left out.",
            True,
        ),
    ],
)
def test_interviews_fill_a_part_of_the_time_of_a_study(wide: str, narrow: str, found: bool) -> None:
    assert ("period" in _checks(_paper(wide, narrow))) is found


def test_initials_at_the_end_of_a_sentence_are_not_joined_to_the_next() -> None:
    text = (
        "# Tide mills\n\nIda Elm, MD; Mia R. Sund, PhD; Leo Berg, RN\n\n## Methods\n\nWe interviewed 18 millers.\n\n"
        "## Author contributions\n\nLB analysed the data with the help of IE. MRS drafted the manuscript. "
        "LB and MRS revised it.\n"
    )
    assert "unknown-initials" not in _checks(text)
