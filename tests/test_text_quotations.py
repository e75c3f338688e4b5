"""Participants' quotations and the labels of their speakers."""

from __future__ import annotations

import pytest
from manuscripts_of_blocks import manuscript

from coreqcheck.model import Manuscript, Quotation
from coreqcheck.text.labels import Telling, parse_label
from coreqcheck.text.quotation_marks import stretches


def results(*lines: str) -> Manuscript:
    """A manuscript whose results hold ``lines``."""
    body = "\n".join(lines)
    return manuscript(f"## Methods\nWe met riders.\n## Results\n{body}\n## Discussion\nWalk.")


def only(found: Manuscript) -> Quotation:
    """The one quotation of a manuscript."""
    assert len(found.quotations) == 1, [found.quote(q.span) for q in found.quotations]
    return found.quotations[0]


@pytest.mark.parametrize(
    ("printed", "identifier", "attributes"),
    [
        ("P3", "P3", ()),
        ("p 03", "P3", ()),
        ("ID03, female, 34", "ID3", ("female", "34")),
        ("Nurse 04", "Nurse 4", ()),
        ("participant #5", "Participant 5", ()),
        ("Participant No. 5", "Participant 5", ()),
        ("- Participant 7", "Participant 7", ()),
        ("FG2-N4", "FG2-N4", ()),
        ("FG02_N04", "FG2-N4", ()),
        ("P4, FG2", "FG2-P4", ()),
        ("IDI 5, midwife, Hill Town", "IDI5", ("midwife", "Hill Town")),
        ("S1-P08-Teacher", "S1-P8", ("Teacher",)),
        ("Brian", "Brian", ()),
        ("Odile, 2", "Odile", ("2",)),
        ("male doctor", None, ("male", "doctor")),
        ("34-year-old female nurse", None, ("34-year-old", "female", "nurse")),
        ("Nurse, ward B", None, ("Nurse", "ward B")),
        ("villager, 50s", None, ("villager", "50s")),
        ("Student, School A, Grade 9", None, ("Student", "School A", "Grade 9")),
    ],
)
def test_labels_are_understood(
    printed: str, identifier: str | None, attributes: tuple[str, ...]
) -> None:
    label = parse_label(printed)
    assert label is not None
    assert label.identifier == identifier
    assert label.attributes == attributes


@pytest.mark.parametrize(
    "printed",
    [
        "Smith, 2010",
        "Smith & Lee 2010",
        "Lee, 2012, p. 41",
        "Table 2",
        "see Figure 3",
        "laughs",
        "emphasis added",
        "n = 5",
        "45%",
        "COVID-19",
        "2019",
        "IPA",
        "this was said by two of the riders",
    ],
)
def test_other_brackets_are_no_labels(printed: str) -> None:
    assert parse_label(printed) is None


def test_a_code_tells_more_than_a_role_and_a_role_more_than_a_name() -> None:
    tellings = [parse_label(p) for p in ("P3", "female rider and nurse", "Brian")]
    assert [t.telling for t in tellings if t] == [Telling.CODE, Telling.ROLE, Telling.NAME]


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("She said “I was cold there” twice.", "I was cold there"),
        ('She said "I was cold there" twice.', "I was cold there"),
        ("She said ‘I wasn’t cold there’ twice.", "I wasn’t cold there"),
        ("She said 'I wasn't cold there' twice.", "I wasn't cold there"),
        ("She said «I was cold there» twice.", "I was cold there"),
        ("She said „I was cold there“ twice.", "I was cold there"),
        ("“He told me ‘go home’ and I went.”", "He told me ‘go home’ and I went."),
        ("“He said “go” and I went.”", "He said “go” and I went."),
        ("the riders’ ‘long way home’ was long", "long way home"),
        ("It was tiring.“ – P3 said it", None),
        ("They lost the nurses' trust and the riders' time.", None),
    ],
)
def test_quotation_marks_are_paired(text: str, inner: str | None) -> None:
    found = [text[s.inner.start : s.inner.end] for s in stretches(text, 0, len(text))]
    assert found == ([inner] if inner else [])


def test_a_quotation_of_several_paragraphs_need_not_be_closed() -> None:
    text = "“I went home and I did not come back for a year."
    assert len(stretches(text, 0, len(text))) == 1


@pytest.mark.parametrize(
    ("line", "label", "identifier"),
    [
        ("Rain kept them in. “I will not go out in that.” (P3)", "P3", "P3"),
        ("Rain kept them in: “I will not go out in that” (Nurse 4).", "Nurse 4", "Nurse 4"),
        ("“I will not go out in that” [FG2-N4] was a common view.", "FG2-N4", "FG2-N4"),
        ("“I will not go out in that” (ID03, female, 34).", "ID03, female, 34", "ID3"),
        ("“I will not go out in that.” – Participant 7", "Participant 7", "Participant 7"),
        ("P12: “I will not go out in that.”", "P12", "P12"),
        ("“I will not go out in that” (Brian).", "Brian", "Brian"),
        ("“I will not go out in that” (IDI 5, midwife).", "IDI 5, midwife", "IDI5"),
        ("“I will not go out in that” (male doctor).", "male doctor", None),
        ("R4 said: “I will not go out in that.”", "R4", "R4"),
        ("“I will not go out in that,” one of them held (Nurse, ward B).", "Nurse, ward B", None),
        ("As P4 put it, “I will not go out in that”, and stayed.", "P4", "P4"),
        ("According to Participant 9, “I will not go out in that”.", "Participant 9", None),
        ("«I will not go out in that» (P3).", "P3", "P3"),
        ("‘I won’t go out in that’ (P3).", "P3", "P3"),
        ('"I won\'t go out in that" (P3).', "P3", "P3"),
    ],
)
def test_labels_around_a_quotation(line: str, label: str, identifier: str | None) -> None:
    # A second quotation shows how this paper writes its codes.
    found = results(line, "“It was a long way to walk.” (P1) “So I sat down.” (R2)")
    first = found.quotations[0]
    assert found.quote(first.span).rstrip(".,").endswith("go out in that")
    assert first.label == label
    if identifier is not None:
        assert first.identifier == identifier
    assert first.label_span is not None
    assert found.text[first.label_span.start : first.label_span.end] == label


def test_the_same_person_printed_in_two_ways_has_one_identifier() -> None:
    found = results("“I went by bus that day.” (ID3)", "“I went on foot that day.” (ID03)")
    assert [q.identifier for q in found.quotations] == ["ID3", "ID3"]
    assert [q.label for q in found.quotations] == ["ID3", "ID03"]


def test_a_pseudonym_known_from_a_label_is_found_in_the_prose() -> None:
    found = results(
        "“I went by bus that day.” (Brian)",
        "Brian told us that “the bus was never on time for me”.",
    )
    assert [q.identifier for q in found.quotations] == ["Brian", "Brian"]


def test_a_pseudonym_known_from_a_table_is_found_in_the_prose() -> None:
    found = results(
        "| Pseudonym | Age |",
        "| Odile | 44 |",
        "Odile recalled that “the bus was never on time for me”.",
    )
    assert only(found).identifier == "Odile"


def test_pseudonyms_that_only_the_prose_gives() -> None:
    found = results(
        "Odile recalled, “I was late again that day.” As Renard noted, “It was never on time.”",
        "Odile, a mother of two, stated that “my bus never came”. Renard added: “Nor did mine.”",
    )
    assert [q.identifier for q in found.quotations] == ["Odile", "Renard", "Odile", "Renard"]


def test_a_pronoun_stands_for_the_person_of_the_sentence_before() -> None:
    found = results(
        "“I went by bus that day.” (Brian)",
        "Brian left his car at home. “My feet know the way,” he explained. He took the bus.",
    )
    assert [q.identifier for q in found.quotations] == ["Brian", "Brian"]


def test_the_only_person_of_the_paragraph_that_leads_to_a_block_quotation() -> None:
    found = results(
        "Rider 2 had a car once. Since then buses had been a trial, as the story shows:",
        "> I waited for an hour and then I walked home. It was dark.",
        "> I do not wait any more. (Rider 3)",
    )
    assert [q.identifier for q in found.quotations] == ["Rider 2", "Rider 3"]


def test_a_role_with_a_place_is_a_label_and_a_bare_role_is_none() -> None:
    found = results(
        "One midwife in Hill Town noted: “I walk there twice a day.”",
        "One midwife noted: “I walk there once a day.”",
    )
    assert [q.label for q in found.quotations] == ["midwife in Hill Town", None]


def test_statements_with_labels_in_one_cell_without_marks() -> None:
    found = results(
        "| Topic | Statements |",
        "| Rain | I stay at home then. –Nurse, Hillton I take the bus. –Student, Milltown |",
    )
    assert [q.label for q in found.quotations] == ["Nurse, Hillton", "Student, Milltown"]


def test_two_halves_of_a_quotation_share_the_label() -> None:
    found = results("“When it rains,” he explained, “I would rather not go at all” (P3).")
    assert [q.identifier for q in found.quotations] == ["P3", "P3"]


def test_block_quotations_with_label_at_the_end_or_before() -> None:
    found = results(
        "Buses were late:",
        "> I waited for an hour and then I walked. (Rider 2)",
        "> “I waited for an hour.” (Rider 3) “I did not even wait.” (Rider 4)",
        "> Rider 5: I took the early one.",
        "Rider 6 had another view:",
        "> I never mind waiting for it.",
    )
    assert [q.identifier for q in found.quotations] == [f"Rider {n}" for n in range(2, 7)]


def test_a_quotation_that_lost_its_indent() -> None:
    found = results(
        "Buses were late, as riders told us:",
        "I waited for an hour and then I walked home in the dark. (P4)",
        "Riders waited for up to an hour and walked home in the dark (P4).",
    )
    quotation = only(found)
    assert quotation.identifier == "P4"
    assert found.quote(quotation.span).startswith("I waited")


def test_turns_of_a_dialogue() -> None:
    found = results(
        "P12: I came by bus because my car had died.",
        "Interviewer: And how was that for you?",
        "P12: Slow. But I read a book.",
    )
    assert [q.identifier for q in found.quotations] == ["P12", "P12"]
    question = next(s for s in found.sentences if "how" in s.words)
    assert question.quoted


def test_a_table_of_quotations() -> None:
    found = results(
        "| Theme | Illustrative quotation | Participant |",
        "| Waiting | I waited for an hour and walked. | P4 |",
        "| Walking | “I like to walk in the rain.” (P6) | P6 |",
    )
    assert [q.identifier for q in found.quotations] == ["P4", "P6"]
    assert all(q.in_table for q in found.quotations)


def test_a_label_carried_to_the_next_block_by_a_page_break() -> None:
    found = results("> “I waited for an hour, and then", "> I walked home in the dark.” – P4")
    assert [q.identifier for q in found.quotations] == ["P4", "P4"]


@pytest.mark.parametrize(
    "line",
    [
        "We call this “coping alone”.",
        "The theme “being left at the stop in the rain” came first.",
        "The third category was named “walking the long way home”.",
        "So-called “free riders” were few.",
        "The paper “Waiting for buses in small towns” says more.",
    ],
)
def test_terms_themes_and_titles_are_no_quotations(line: str) -> None:
    assert results(line).quotations == ()


def test_a_theme_name_that_is_also_a_heading_is_no_quotation() -> None:
    found = results(
        "Three themes came out, “I will not wait again” first.",
        "### I will not wait again",
        "Words.",
    )
    assert found.quotations == ()


def test_interview_questions_in_the_methods_are_no_quotations_but_stand_apart() -> None:
    found = manuscript("## Methods\nWe asked “How do you get to town, and why?” first.")
    assert found.quotations == ()
    sentence = next(s for s in found.sentences if "asked" in s.words)
    assert [found.quote(q) for q in sentence.quoted] == ["“How do you get to town, and why?”"]


def test_cited_words_are_no_quotations() -> None:
    found = manuscript(
        "## Introduction\nBuses are “the slow heart of a town” (Lee, 2010, p. 4).\n"
        "## Methods\nx\n## Results\nThis recalls “the slow heart of a town that I know” [4].\n"
        "## Discussion\nBuses are “a good that we all share” (Park, 2012)."
    )
    assert found.quotations == ()


def test_a_bracket_that_translates_a_term_is_no_label() -> None:
    found = manuscript("## Methods\nThe centre is called “House of the child” (Casa do Menino).")
    assert found.quotations == ()


def test_a_quotation_with_a_label_in_the_methods_is_one() -> None:
    found = manuscript("## Methods\nOne question failed: “I do not get what you ask me.” (P2)")
    assert only(found).identifier == "P2"


def test_bare_numbers_are_people_only_where_they_label_quotation_after_quotation() -> None:
    many = [f"“I had to wait for it all day long.” ({n})" for n in range(1, 6)]
    assert [q.identifier for q in results(*many).quotations] == ["1", "2", "3", "4", "5"]
    assert results("There were “late buses” (2) and others (3).").quotations == ()


def test_attributes_are_told_one_by_one() -> None:
    found = results("“I waited for an hour there.” (P3, 34-year-old female nurse, Hill Town)")
    assert only(found).attributes == ("34-year-old", "female", "nurse", "Hill Town")
