"""Plain text: encodings, paragraphs, headings by look, and what converters of PDF leave behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from source_places import misplaced, outline, rows, texts

from coreqcheck.errors import ReadError
from coreqcheck.model import Document, Role
from coreqcheck.readers import Limits, ReadOptions, text

WRAPPED = """Keeping the bees: a qualitative study of beekeepers after retirement

Orla Finnegan, PhD1, Bram de Wit, MSc2*

1 School of Gerontology, University of the Hills
2 Apiary Trust, Valley

ABSTRACT
Objectives To understand why retired people keep
bees, and with whom they talk about it over the
year in three valleys.

METHODS
Study design
We carried out a descriptive study with inter-
views in the homes of beekeepers. Each well-
known apiary in the valley was written to, and
the COVID- 19 rules were kept. Short- and long-
term keepers took part in the interviews.

Data collection
Interviews were held by OF between March and
May, and every one of them was recorded by the

=== page 2 ===

same device, a small recorder. A well-known
guide was used in the interviews. They were
asked about the following:

\u2022 the first swarm that they remember and who
was with them at that time
\u2022 the winter

Table 1 Characteristics of the keepers

Sex

Women 9

Men 5

OF, Orla Finnegan.

RESULTS
Keeping as company
Most keepers spoke of company and of the long
quiet of the winter months. One of them put it
in these words:

I talk to them every morning when I open the
door, and I know that they know. (K04)

FUNDING
The Apiary Trust paid for the study.

REFERENCES
1 Moe A. Bees and people in the
north. Oslo: Fjord; 2001.
2 Lee B. Smoke. 2010.
"""


def read(source: str | bytes) -> Document:
    data = source.encode() if isinstance(source, str) else source
    return text.read(Path("bees.txt"), "bees.txt", data, ReadOptions())


@pytest.fixture(scope="module")
def document() -> Document:
    return read(WRAPPED)


def test_front_matter(document: Document) -> None:
    assert document.meta.title is not None
    assert document.meta.title.startswith("Keeping the bees")
    assert [(a.initials, a.degrees) for a in document.meta.authors] == [
        ("OF", ("PhD",)),
        ("BDW", ("MSc",)),
    ]
    assert "School of Gerontology" in " ".join(texts(document, Role.AFFILIATION))


def test_headings_by_look(document: Document) -> None:
    assert outline(document) == [
        ("ABSTRACT", 1),
        ("Objectives", 2),
        ("METHODS", 1),
        ("Study design", 2),
        ("Data collection", 2),
        ("RESULTS", 1),
        ("Keeping as company", 2),
        ("FUNDING", 1),
        ("REFERENCES", 1),
    ]


def test_lines_become_paragraphs_over_page_marks(document: Document) -> None:
    paragraphs = texts(document, Role.PARAGRAPH)
    assert (
        "Interviews were held by OF between March and May, and every one of them was recorded by "
        "the same device, a small recorder. A well-known guide was used in the interviews. They "
        "were asked about the following:" in paragraphs
    )
    assert texts(document, Role.FURNITURE) == ["=== page 2 ==="]


def test_hyphens_at_line_ends_follow_the_documents_own_words(document: Document) -> None:
    assert "a descriptive study with interviews in the homes" in document.text
    assert "Each well-known apiary" in document.text
    assert "the COVID-19 rules" in document.text
    assert "Short- and long-term keepers" in document.text
    repairs = {segment.repair for segment in document.source_map.segments}
    assert {"hyphen-joined", "space-joined"} <= repairs


def test_lists_quotes_and_references(document: Document) -> None:
    assert texts(document, Role.LIST_ITEM) == [
        "the first swarm that they remember and who was with them at that time",
        "the winter",
    ]
    assert texts(document, Role.BLOCK_QUOTE) == [
        "I talk to them every morning when I open the door, and I know that they know. (K04)"
    ]
    assert texts(document, Role.REFERENCE) == [
        "1 Moe A. Bees and people in the north. Oslo: Fjord; 2001.",
        "2 Lee B. Smoke. 2010.",
    ]


def test_a_table_without_lines(document: Document) -> None:
    assert rows(document) == [["Sex"], ["Women", "9"], ["Men", "5"]]
    assert texts(document, Role.CAPTION) == ["Table 1 Characteristics of the keepers"]
    assert texts(document, Role.TABLE_NOTE) == ["OF, Orla Finnegan."]


def test_places_are_exact_and_pages_are_known(document: Document) -> None:
    assert misplaced(document, {None: WRAPPED}) == []
    at = document.text.index("same device")
    place = document.place(type(document.blocks[0].span)(at, at + 4))
    assert place.page == 2
    assert place.line == WRAPPED[: WRAPPED.index("same device")].count("\n") + 1


def test_running_heads_and_broken_stamps_are_set_apart() -> None:
    stamp = "\n on M\nay 3, 2024 by guest. P\n\nrotected by copyright.\nhttp://jo\n\nurnal.ex\n"
    head = "{n} Finnegan O, et al. J Hill Stud 2024;3:e{n}. doi:10.9999/jhs.2024\n\n"
    pages = [
        "The keepers of the first valley spoke about the winter and about what the\n"
        "bees had meant to them in all of the years after they had stopped working\n"
        "in the mill, and each of them had a story about a swarm that got",
        "away over the roofs of the town. We heard this story told in many ways and\n"
        "we took it to be about leaving. None of the people that we met had ever\n"
        "been asked about it, and they were glad to be asked by someone who",
        "knew nothing about bees. This is the last page of the text that we wrote\n"
        "for the purpose and it ends with a sentence that is whole.",
    ]
    source = "".join(head.format(n=n + 2) + page + stamp for n, page in enumerate(pages))
    document = read(source)
    paragraphs = texts(document, Role.PARAGRAPH)
    assert "a story about a swarm that got away over the roofs of the town." in paragraphs[0]
    assert all("copyright" not in one and "et al" not in one for one in paragraphs)
    assert len(texts(document, Role.WATERMARK)) == 3
    assert len(texts(document, Role.FURNITURE)) == 3
    at = document.text.index("over the roofs")
    printed = document.place(type(document.blocks[0].span)(at, at + 4)).printed_page
    assert printed == "3"
    assert misplaced(document, {None: source}) == []


def test_a_second_copy_of_the_body_is_not_searched() -> None:
    body = "\n\n".join(
        f"Paragraph {n} tells how keeper {n} found hive {n * 7} under tree {n * 11} in valley "
        f"{n * 13} and what the neighbours, the vet and the priest of village {n * 17} said."
        for n in range(1, 22)
    )
    document = read(f"INTRODUCTION\n\n{body}\n\nSUPPLEMENT\n\nOther words.\n\nMETHODS\n\n{body}\n")
    furniture = texts(document, Role.FURNITURE)
    assert len(texts(document, Role.PARAGRAPH)) == 22
    assert sum("tells how keeper" in one for one in furniture) == 21
    assert any(one.code == "text.second-copy" for one in document.diagnostics)


def test_one_paragraph_a_line_with_markdown_marks() -> None:
    source = (
        "# A study of rain\n\n**Kofi Mensah¹, Li Wei²***\n\nMETHODS Study design\n\n"
        "We used **three** sources,^{1 2} all of them *open*, and we asked everybody who had seen "
        "the rain of that year what it had been like to stand in it and to wait for its end.\n\n"
        "Table 1 People\t\t\nSex\t\t\nWomen\t4\t\nMen\t3\t\n\n"
        "Contributors KM did the interviews and LW checked them, and both of us wrote the text.\n"
    )
    document = read(source)
    assert outline(document) == [("METHODS", 1), ("Study design", 2), ("Contributors", 2)]
    assert "We used three sources,1 2 all of them open" in document.text
    assert rows(document) == [["Sex"], ["Women", "4"], ["Men", "3"]]
    assert [a.initials for a in document.meta.authors] == ["KM", "LW"]
    assert [document.text[c.start : c.end] for c in document.citations] == ["1 2"]
    assert misplaced(document, {None: source}) == []


def test_rows_with_bars() -> None:
    document = read("Before it.\n\nRole | n | Share\nBaker | 4 | 40%\n | | 60%\n")
    assert rows(document) == [
        ["Role", "n", "Share"],
        ["Baker", "4", "40%"],
        ["", "", "60%"],
    ]


def test_line_numbers_are_set_apart() -> None:
    sentence = "the keepers met in the hall of the guild and talked about the summer before"
    source = "\n".join(f"{n:4d}  {sentence}" for n in range(101, 131)) + "\n"
    document = read(source)
    assert sentence in document.text
    assert not any(char.isdigit() for char in " ".join(texts(document, Role.PARAGRAPH)))
    assert misplaced(document, {None: source}) == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("Zoë and Łukasz spoke.".encode(), False),
        ("\ufeffZoë and Łukasz spoke.".encode(), False),
        ("Zoë and Łukasz spoke.".encode("utf-16"), False),
        ("Zoë and Łukasz spoke to us about it.".encode("utf-16-le"), True),
    ],
)
def test_unicode_encodings(data: bytes, told: bool) -> None:
    document = read(data)
    assert document.text.startswith("Zoë and Łukasz spoke")
    assert bool(document.diagnostics) is told


def test_windows_text_is_read_and_said() -> None:
    document = read("She said \u201cwell\u201d \u2013 caf\u00e9.".encode("cp1252"))
    assert document.text == "She said \u201cwell\u201d \u2013 caf\u00e9."
    assert [one.code for one in document.diagnostics] == ["text.encoding"]


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 400, bytes(range(256)) * 20, b" \n\t\n"])
def test_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read(data)
    assert caught.value.code in {"binary", "no-text"}


def test_a_completed_checklist_in_broken_lines_is_set_apart() -> None:
    items = [
        "1. Interviewer/facilitator Which author conducted the interviews?",
        "P. 5",
        "2. Credentials What were they?",
        "P. 1",
        "3. Occupation",
        "P. 1",
        "4. Gender",
        "Women",
        "5. Experience and training",
        "P. 5",
        "6. Relationship established",
        "No",
        "7. Participant knowledge",
        "of the interviewer",
        "P. 6",
        "8. Interviewer",
        "characteristics",
        "P. 6",
        "9. Methodological orientation",
        "P. 4",
        "10. Sampling",
        "P. 4",
        "11. Method of approach",
        "P. 4",
        "12. Sample size",
        "14",
    ]
    source = (
        "METHODS\n\nWe interviewed fourteen weavers at home and nobody else was there.\n\n"
        "Supplement 1: COREQ checklist\n\n" + "\n\n".join(items) + "\n\nSupplement 2\n\n"
        "Interview guide: what was your first loom?\n"
    )
    document = read(source)
    checklist = texts(document, Role.CHECKLIST)
    assert checklist[0] == "Supplement 1: COREQ checklist"
    assert "Women" in checklist
    assert "Supplement 2" not in checklist
    assert "fourteen weavers" in " ".join(texts(document, Role.PARAGRAPH))


def test_methods_with_the_items_names_as_headings_are_no_checklist() -> None:
    names = [
        "Sampling",
        "Method of approach",
        "Sample size",
        "Non-participation",
        "Field notes",
        "Data saturation",
        "Software",
        "Participant checking",
        "Interview guide",
        "Duration",
    ]
    prose = (
        "We describe here at length what was done in this respect, by whom, where and when. " * 6
    )
    source = "METHODS\n\n" + "".join(f"{name}\n\n{prose}\n\n" for name in names)
    assert texts(read(source), Role.CHECKLIST) == []


def test_reading_is_linear_in_length() -> None:
    one = "The keepers met and talked about the summer before, in the hall of the guild.\n" * 400
    document = read(one + "\n" + one)
    assert len(document.text) > 50_000


def test_more_text_than_the_limit_is_refused() -> None:
    options = ReadOptions(limits=Limits(characters=1000))
    with pytest.raises(ReadError) as caught:
        text.read(Path("x.txt"), "x.txt", b"word " * 1000, options)
    assert caught.value.code == "too-large"


def test_themes_and_subthemes_without_numbers_are_told_apart() -> None:
    parts = ["RESULTS", "Twelve sailors took part in the interviews that we held on the quay."]
    for theme in ("Leaving", "Coming back"):
        parts += [theme, "This theme has two parts, which are told below."]
        for part in ("by day", "by night"):
            parts += [
                f"{theme} {part}",
                "It was told by most of those whom we met on the quay.",
                "“I never looked back at it, not even once in all the years.” (S3)",
            ]
    document = read("\n\n".join([*parts, "DISCUSSION", "We found two themes in all of this."]))
    assert outline(document) == [
        ("RESULTS", 1),
        ("Leaving", 2),
        ("Leaving by day", 3),
        ("Leaving by night", 3),
        ("Coming back", 2),
        ("Coming back by day", 3),
        ("Coming back by night", 3),
        ("DISCUSSION", 1),
    ]
