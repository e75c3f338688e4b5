"""The PDF reader on invented manuscripts, drawn here line by line."""

from __future__ import annotations

import io
import random
import re
import shutil
from pathlib import Path

import pytest

pytest.importorskip("reportlab")

from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from coreqcheck.errors import ReadError
from coreqcheck.model import UNSEARCHED, Block, Document, Role
from coreqcheck.readers import Limits, ReadOptions, pdf
from coreqcheck.readers.pdf_engine import line_boxes, line_text
from coreqcheck.readers.pdf_words import Vocabulary

WIDTH, HEIGHT = 595, 842
ROMAN, BOLD, ITALIC = "Times-Roman", "Times-Bold", "Times-Italic"


class Press:
    """Draws pages; y counts down from the top of the page."""

    def __init__(self, **options: object) -> None:
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=(WIDTH, HEIGHT), **options)
        self.y = 72.0

    def line(self, x: float, y: float, text: str, font: str = ROMAN, size: float = 10) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, HEIGHT - y, text)

    def text(
        self,
        x: float,
        width: float,
        text: str,
        font: str = ROMAN,
        size: float = 10,
        indent: float = 0,
        y: float | None = None,
    ) -> None:
        """A justified paragraph from ``y`` (or where the last one ended) on."""
        self.y = self.y if y is None else y
        lines = simpleSplit(text, font, size, width - indent)
        for number, line in enumerate(lines):
            left = x + (indent if number == 0 else 0)
            room = width - (indent if number == 0 else 0)
            drawn = self.canvas.beginText(left, HEIGHT - self.y)
            drawn.setFont(font, size)
            spaces = line.count(" ")
            if number + 1 < len(lines) and spaces:
                free = room - self.canvas.stringWidth(line, font, size)
                drawn.setWordSpace(max(free, 0) / spaces)
            drawn.textOut(line)
            self.canvas.drawText(drawn)
            self.y += 1.2 * size

    def lines(self, x: float, texts: list[str], font: str = ROMAN, size: float = 10) -> None:
        """Lines as they are, from where the last one ended."""
        for text in texts:
            self.line(x, self.y, text, font, size)
            self.y += 1.2 * size

    def heading(self, x: float, text: str, size: float = 12) -> None:
        self.y += 0.8 * size
        self.line(x, self.y, text, BOLD, size)
        self.y += 1.5 * size

    def page(self) -> None:
        self.canvas.showPage()
        self.y = 72.0

    def done(self) -> bytes:
        self.canvas.save()
        return self.buffer.getvalue()


def read(data: bytes, **options: object) -> Document:
    return pdf.read(Path("paper.pdf"), "paper.pdf", data, ReadOptions(**options))


def texts(document: Document, role: Role) -> list[str]:
    return [shown(document, block) for block in document.blocks if block.role is role]


def shown(document: Document, block: Block) -> str:
    return document.text[block.span.start : block.span.end]


def searched(document: Document) -> str:
    return "\n".join(shown(document, b) for b in document.blocks if b.role not in UNSEARCHED)


def codes(document: Document) -> set[str]:
    return {diagnostic.code for diagnostic in document.diagnostics}


NIGHTS = (
    "Night nurses told us how they hand over patients when the ward is short of staff. They spoke "
    "of lists kept in pockets, of names written on gloves, and of the colleague who always knows. "
    "Nobody had asked them before, and several said that talking about the work was a relief."
)
WARDS = (
    "The wards were chosen because their managers had changed the rota twice within a year. Each "
    "ward has two bays and a side room, and the nurses' station stands between them. We sat there "
    "for three weeks before the first interview, so that people would know our faces."
)
CODING = (
    "Two of us read every transcript and wrote down what each passage was about. We compared our "
    "notes on Fridays, argued about the words, and kept a diary of the arguments. A third reader "
    "who had not seen the wards checked whether the quotations carried what we said about them."
)


def front(press: Press, title: str = "Handing over at night on two surgical wards") -> None:
    press.line(72, 80, title, BOLD, 17)
    press.line(72, 104, "Mara Lindqvist, PhD, RN, Tomas Okafor and Ines Duarte-Reyes", ROMAN, 11)
    press.line(72, 118, "School of Nursing, University of Westmark, Westmark", ITALIC, 9)
    press.y = 150


def two_columns() -> bytes:
    press = Press()
    front(press)
    press.heading(60, "Abstract")
    press.text(60, 475, NIGHTS)
    top = press.y + 10
    press.y = top
    press.heading(60, "Introduction")
    press.text(60, 225, WARDS)
    press.text(60, 225, CODING, indent=12)
    press.y = 560.0
    press.text(60, 225, NIGHTS + " " + WARDS + " We then went back to the", indent=12)
    # The sentence goes on at the top of the second column.
    press.y = top + 24
    press.text(
        310, 225, "charge nurse and asked which of the lists could be shown to us. " + CODING
    )
    press.heading(310, "Methods")
    press.text(310, 225, WARDS)
    press.text(310, 225, NIGHTS, indent=12)
    return press.done()


def test_two_columns_are_read_one_after_the_other() -> None:
    document = read(two_columns())
    headings = texts(document, Role.HEADING)
    assert headings == ["Abstract", "Introduction", "Methods"]
    assert "pdf.two-columns" in codes(document)
    text = searched(document)
    assert text.index("Introduction") < text.index("charge nurse") < text.index("Methods")


def test_a_sentence_goes_on_in_the_next_column() -> None:
    paragraphs = texts(read(two_columns()), Role.PARAGRAPH)
    [whole] = [p for p in paragraphs if "We then went back" in p]
    assert "We then went back to the charge nurse and asked" in whole


def test_title_authors_and_affiliation() -> None:
    document = read(two_columns())
    assert document.meta.title == "Handing over at night on two surgical wards"
    assert [a.name for a in document.meta.authors] == [
        "Mara Lindqvist",
        "Tomas Okafor",
        "Ines Duarte-Reyes",
    ]
    assert document.meta.authors[0].degrees == ("PhD", "RN")
    assert texts(document, Role.AFFILIATION) == [
        "School of Nursing, University of Westmark, Westmark"
    ]


def test_three_columns() -> None:
    press = Press()
    front(press)
    starts = (50, 220, 390)
    for number, (x, words) in enumerate(zip(starts, ("one", "two", "three"), strict=True)):
        press.y = 180
        for part in (NIGHTS, WARDS, CODING):
            press.text(x, 155, f"In column {words} {part}", size=9, indent=10)
        assert number < 3
    text = searched(read(press.done()))
    assert text.index("column one Night") < text.index("column one Two of us")
    assert text.index("column one Two of us") < text.index("column two Night")
    assert text.index("column two Two of us") < text.index("column three Night")


PLACES = ("gloves", "the back of the rota", "the lid of a box", "sugar bags", "tape", "one arm")


def keywords_beside_abstract() -> bytes:
    press = Press()
    press.line(40, 130, "Handing over at night: an interview study with nurses", ROMAN, 16)
    press.line(40, 155, "Mara Lindqvist and Tomas Okafor", ROMAN, 11)
    press.line(40, 175, "School of Nursing, University of Westmark, Westmark", ITALIC, 8)
    press.line(40, 210, "A R T I C L E   I N F O", ROMAN, 9)
    press.line(190, 210, "A B S T R A C T", ROMAN, 9)
    for number, text in enumerate(("Keywords:", "Night work", "Handover", "Surgical wards")):
        press.line(40, 232 + 10 * number, text, ROMAN, 7)
    press.text(190, 365, f"{NIGHTS} {WARDS} {CODING}", size=8, y=232)
    top = press.y + 24
    press.line(40, top, "1. Introduction", BOLD, 9)
    press.y = top + 16
    for part in (WARDS, CODING, NIGHTS, WARDS, CODING):
        press.text(40, 250, part, size=9, indent=10)
    press.y = top
    for part in (NIGHTS, CODING, WARDS, CODING, NIGHTS):
        press.text(305, 250, part, size=9, indent=10)
    return press.done()


def test_keywords_beside_the_abstract_are_not_mixed_into_it() -> None:
    document = read(keywords_beside_abstract())
    assert texts(document, Role.HEADING) == ["ABSTRACT", "1. Introduction"]
    abstract = texts(document, Role.PARAGRAPH)[0]
    assert abstract.startswith("Night nurses told us")
    assert abstract.endswith("what we said about them.")
    assert "Surgical wards" in texts(document, Role.METADATA)


def manuscript() -> bytes:
    """Double spacing, ragged lines, paragraphs parted by nothing, numbers beside the lines."""
    press = Press()
    press.line(72, 80, "Handing over at night: an interview study", BOLD, 14)
    press.line(72, 110, "Mara Lindqvist1*, PhD, RN; Tomas Okafor2, MSc", ROMAN, 12)
    press.line(72, 140, "1 School of Nursing, University of Westmark, Westmark", ROMAN, 12)
    press.line(550, 800, "1", ROMAN, 12)
    press.page()
    for page, words in enumerate(("first", "second")):
        if page == 0:
            press.lines(72, ["Methods"], BOLD, 12)
            press.y += 9.6
        for part in (NIGHTS, WARDS, CODING, NIGHTS):
            for line in simpleSplit(f"{part} So much for the {words}.", ROMAN, 12, 440):
                press.line(72, press.y, line, ROMAN, 12)
                press.y += 24
        for number in range(28):
            press.line(45, 72 + 24 * number, str(28 * page + number + 1), ROMAN, 9)
        press.line(550, 800, str(page + 2), ROMAN, 12)
        press.page()
    return press.done()


def test_a_double_spaced_manuscript() -> None:
    document = read(manuscript())
    assert [(a.name, a.degrees) for a in document.meta.authors] == [
        ("Mara Lindqvist", ("PhD", "RN")),
        ("Tomas Okafor", ("MSc",)),
    ]
    paragraphs = texts(document, Role.PARAGRAPH)
    assert len(paragraphs) == 8
    assert all(p.endswith(("the first.", "the second.")) for p in paragraphs)
    assert texts(document, Role.HEADING) == ["Methods"]
    assert texts(document, Role.FURNITURE) == ["1", "2", "3"]


def running(pages: int = 6) -> bytes:
    """A journal's pages: heads that alternate, numbers from 211, a paragraph over each page."""
    press = Press()
    for number in range(pages):
        if number:
            head = "LINDQVIST ET AL." if number % 2 else "Journal of Invented Ward Studies 12(3)"
            press.line(72, 40, head, ITALIC, 8)
        press.line(290, 805, str(211 + number), ROMAN, 9)
        press.y = 80
        if number == 0:
            front(press)
            press.heading(72, "Introduction")
        else:
            press.text(72, 450, f"which we call the quiet list on {PLACES[number]}. " + NIGHTS)
        for part in (WARDS, CODING, NIGHTS, WARDS, CODING):
            press.text(72, 450, part, indent=14)
        press.y = 745
        press.text(
            72,
            450,
            f"On {PLACES[number]} of each ward there was a second, unofficial list of "
            "patients to look at first, known to all and written down by nobody,",
        )
        press.page()
    return press.done()


def test_running_heads_and_numbers_are_furniture() -> None:
    document = read(running())
    labelled = texts(document, Role.FURNITURE)
    assert labelled.count("LINDQVIST ET AL.") == 3
    assert "Journal of Invented Ward Studies 12(3)" in labelled
    assert {"211", "212", "213", "214"} <= set(labelled)
    text = searched(document)
    assert "LINDQVIST ET AL." not in text
    assert "Invented Ward Studies" not in text
    assert not re.search(r"\b21[1-4]\b", text)


def test_a_sentence_goes_on_over_the_page() -> None:
    paragraphs = texts(read(running()), Role.PARAGRAPH)
    assert any("written down by nobody, which we call the quiet list" in p for p in paragraphs)


def test_printed_page_numbers() -> None:
    document = read(running())
    places = {
        document.place(block.span).page: document.place(block.span) for block in document.blocks
    }
    assert [places[n].printed_page for n in (1, 2, 3, 6)] == ["211", "212", "213", "216"]


def test_page_of_pages_is_known() -> None:
    press = Press()
    for number in range(3):
        press.y = 72
        for part in (NIGHTS, WARDS, CODING):
            press.text(72, 450, part)
        press.line(260, 800, f"Page {number + 7} of 31", ROMAN, 9)
        press.page()
    document = read(press.done())
    assert document.place(document.blocks[-1].span).printed_page == "9"


def test_line_numbers_are_set_apart() -> None:
    press = Press()
    for page in range(2):
        press.y = 80
        for part in (NIGHTS, WARDS, CODING, NIGHTS):
            press.text(100, 420, part, size=11)
        for number in range(30):
            press.line(60, 80 + 13.2 * number, str(page * 30 + number + 1), "Helvetica", 7)
        press.page()
    document = read(press.done())
    numbers = texts(document, Role.LINE_NUMBER)
    assert numbers[0].split() == [str(n) for n in range(1, 31)]
    assert not re.search(r"\d", searched(document))
    assert "pdf.line-numbers" in codes(document)


def test_stamps_and_watermarks() -> None:
    press = Press()
    stamp = "Downloaded from http://journals.example.org by guest on 3 May 2031. All protected."
    for _ in range(3):
        press.y = 80
        for part in (NIGHTS, WARDS, CODING):
            press.text(100, 400, part)
        canvas = press.canvas
        canvas.saveState()
        canvas.translate(575, 90)
        canvas.rotate(90)
        canvas.setFont("Helvetica", 7)
        for number, word in enumerate(stamp.split(" on ")):  # broken over lines
            canvas.drawString(0, -9 * number, word)
        canvas.restoreState()
        canvas.saveState()
        canvas.translate(200, 300)
        canvas.rotate(45)
        canvas.setFont("Helvetica-Bold", 60)
        canvas.drawString(0, 0, "DRAFT")
        canvas.restoreState()
        press.page()
    document = read(press.done())
    marks = texts(document, Role.WATERMARK)
    assert marks.count("DRAFT") == 3
    assert sum("Downloaded from" in mark for mark in marks) == 3
    text = searched(document)
    assert "Downloaded" not in text
    assert "All protected" not in text
    assert "DRAFT" not in text


def test_hyphens_at_line_ends_follow_the_document() -> None:
    press = Press()
    press.text(
        72, 450, "The participants wrote long-term plans. A nurse led the self-report group."
    )
    press.y += 12
    press.lines(
        72,
        [
            "When we asked how the plans had been made, every one of the partici-",
            "pants named the same person, whose view of the ward was a rather long-",
            "term one. The questionnaire was a further self-",
            "report, and the whole of the transcrip-",
            "tion took us a week.",
        ],
    )
    text = searched(read(press.done()))
    assert "every one of the participants named" in text
    assert "a rather long-term one" in text
    assert "a further self-report, and" in text
    assert "the whole of the transcription took" in text


WORDS = Vocabulary(
    [
        "The participants gave long-term care and the interviewer wrote a self-report about",
        "account and ability, depth and in-depth interviews, centred care, structured days,",
        "a decision tree, the review, one point and two points, interview transcripts",
    ]
)


@pytest.mark.parametrize(
    ("head", "tail", "joined"),
    [
        ("partici", "pants", True),  # the whole stands elsewhere
        ("long", "term", False),  # with its hyphen it stands elsewhere
        ("self", "esteem", False),
        ("transcrip", "tion", True),  # nothing is known: a word cut in two
        ("account", "ability", True),  # both halves are words, but "ability" ends words
        ("patient", "centred", False),
        ("semi", "structured", False),
        ("two", "pronged", False),
        ("Anglo", "Saxon", False),
        ("COVID", "19", False),
        ("e", "mail", False),
        ("in", "correct", True),
    ],
)
def test_which_line_end_hyphens_go(head: str, tail: str, joined: bool) -> None:
    assert WORDS.joins(head, tail, soft=False) is joined


def test_a_soft_hyphen_always_goes() -> None:
    assert WORDS.joins("long", "term", soft=True)


def test_joined_hyphens_are_recorded_in_the_map() -> None:
    press = Press()
    press.lines(72, ["The nurses of both wards spoke about their transcrip-", "tions at length."])
    document = read(press.done())
    at = document.text.index("transcriptions")
    boxes = document.place(type(document.blocks[0].span)(at, at + 14)).boxes
    assert len(boxes) == 2
    assert boxes[0].y0 < boxes[1].y0


def test_soft_hyphens_vanish() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    press = Press()
    press.line(72, 80, "The word hand\u00adover has a soft hyphen, and hand\u00ad", "Vera")
    press.line(72, 92, "over is broken at the line end; a handover is meant in all.", "Vera")
    text = searched(read(press.done()))
    assert "\u00ad" not in text
    assert text.count("handover") == 3


def test_spaces_inside_words_are_closed() -> None:
    press = Press()
    press.text(
        72,
        450,
        "Our results show that COVID- 19 and non- responders were named, pre- and "
        "post-shift, by everyone on the ward whom we could reach that spring.",
    )
    press.heading(72, "RE SULTS")
    press.text(72, 450, NIGHTS)
    document = read(press.done())
    text = searched(document)
    assert "COVID-19 and non-responders" in text
    assert "pre- and post-shift" in text
    assert "RESULTS" in texts(document, Role.HEADING)


def test_a_lost_ligature_is_repaired_only_on_proof() -> None:
    press = Press()
    press.text(
        72,
        450,
        "The first finding was a signifcant one, and the frst interview showed it. "
        "In the first week the first nurse said so.",
    )
    document = read(press.done())
    text = searched(document)
    assert "the first interview" in text  # "first" stands elsewhere
    assert "signifcant" in text  # nothing proves it
    assert "pdf.ligatures" in codes(document)


def test_superscripts_are_reference_marks() -> None:
    press = Press()
    line = press.canvas.beginText(72, HEIGHT - 100)
    for text, size, rise in (
        ("All nurses gave written consent", 11, 0),
        ("32", 7, 4),
        (" and nobody was paid", 11, 0),
        ("4,5", 7, 4),
        (". The room measured 12 m", 11, 0),
        ("2", 7, 4),
        (".", 11, 0),
    ):
        line.setFont(ROMAN, size)
        line.setRise(rise)
        line.textOut(text)
    press.canvas.drawText(line)
    press.text(72, 450, NIGHTS, size=11, y=130)
    document = read(press.done())
    marks = [document.text[span.start : span.end] for span in document.citations]
    assert marks == ["32", "4,5"]
    assert document.text[document.citations[0].start - 7 : document.citations[0].start] == "consent"


def with_table(rules: bool = True) -> bytes:
    press = Press()
    front(press)
    press.heading(72, "Methods")
    press.text(72, 450, WARDS)
    press.y += 14
    press.line(72, press.y, "Table 1. Who took part", BOLD, 9)
    press.y += 16
    rows = [
        ("Nurse", "Years", "Ward", "How recruited"),
        ("N1", "4", "North", "letter"),
        ("N2", "11", "North", "through the charge nurse"),
        ("N3", "2", "South", "letter"),
    ]
    top = press.y - 11
    for number, row in enumerate(rows):
        for x, cell in zip((80, 160, 230, 310), row, strict=True):
            press.line(x, press.y, cell, BOLD if number == 0 else ROMAN, 9)
        press.y += 13
    if rules:
        for y in (top, top + 15, press.y - 9):
            press.canvas.line(72, HEIGHT - y, 500, HEIGHT - y)
    press.y += 14
    press.text(72, 450, CODING)
    return press.done()


@pytest.mark.parametrize("rules", [True, False])
def test_tables_have_rows_and_cells(rules: bool) -> None:
    document = read(with_table(rules))
    rows = [block for block in document.blocks if block.role is Role.TABLE_ROW]
    cells = [[document.text[c.start : c.end] for c in row.cells] for row in rows]
    assert cells == [
        ["Nurse", "Years", "Ward", "How recruited"],
        ["N1", "4", "North", "letter"],
        ["N2", "11", "North", "through the charge nurse"],
        ["N3", "2", "South", "letter"],
    ]
    assert [row.header for row in rows] == [True, False, False, False]
    assert {row.table for row in rows} == {0}
    assert texts(document, Role.CAPTION) == ["Table 1. Who took part"]
    assert len(texts(document, Role.PARAGRAPH)) == 2


def test_cells_over_several_lines() -> None:
    press = Press()
    front(press)
    press.text(72, 450, WARDS)
    press.y += 14
    press.line(72, press.y, "Table 2. Themes and what they hold", BOLD, 9)
    press.y += 8
    for theme, words in (
        ("The quiet list", "What everybody on the ward knows and nobody writes down in the notes"),
        ("Borrowed time", "Minutes taken from one patient and promised back to another by morning"),
    ):
        press.canvas.line(72, HEIGHT - press.y, 500, HEIGHT - press.y)
        start = press.y + 12
        press.line(80, start, theme, ROMAN, 9)
        press.text(200, 150, words, size=9, y=start)
        press.y -= 4
    press.canvas.line(72, HEIGHT - press.y, 500, HEIGHT - press.y)
    press.y += 24
    press.text(72, 450, CODING)
    document = read(press.done())
    rows = [block for block in document.blocks if block.role is Role.TABLE_ROW]
    assert [document.text[r.cells[0].start : r.cells[0].end] for r in rows] == [
        "The quiet list",
        "Borrowed time",
    ]
    assert shown(document, rows[1]).endswith("promised back to another by morning")


def test_a_table_does_not_cut_a_sentence() -> None:
    press = Press()
    press.text(72, 450, NIGHTS + " The nurses whom we met on the two")
    press.y += 10
    press.line(72, press.y, "Table 1. Who took part", BOLD, 9)
    press.y += 8
    press.canvas.line(72, HEIGHT - press.y, 500, HEIGHT - press.y)
    for row in (("Ward", "Nurses"), ("North", "12"), ("South", "9")):
        press.y += 13
        press.line(80, press.y, row[0], ROMAN, 9)
        press.line(300, press.y, row[1], ROMAN, 9)
    press.y += 6
    press.canvas.line(72, HEIGHT - press.y, 500, HEIGHT - press.y)
    press.y += 20
    press.text(72, 450, "wards had worked there for a year or more. " + WARDS)
    paragraphs = texts(read(press.done()), Role.PARAGRAPH)
    assert any("met on the two wards had worked there" in p for p in paragraphs)


def test_footnotes_stand_outside_the_text() -> None:
    press = Press()
    press.y = 80
    for part in (NIGHTS, WARDS, CODING, NIGHTS, WARDS, CODING, NIGHTS, WARDS):
        press.text(72, 450, part, indent=14)
    press.text(
        72, 450, "In the end the nurses said that the list was theirs and that no manager", y=700
    )
    press.canvas.line(72, HEIGHT - 745, 200, HEIGHT - 745)
    press.line(72, 757, "1", ROMAN, 5)
    press.line(
        76, 760, "The list has no official name; we use the nurses' own word for it.", ROMAN, 8
    )
    press.page()
    press.text(72, 450, "had ever asked to see it. " + CODING)
    document = read(press.done())
    [note] = texts(document, Role.FOOTNOTE)
    assert "no official name" in note
    assert any("no manager had ever asked" in p for p in texts(document, Role.PARAGRAPH))


def test_cover_pages_are_not_searched() -> None:
    press = Press()
    press.line(72, 90, "Westmark e-Pubs", ROMAN, 14)
    press.line(72, 130, "Handing over at night on two surgical wards", BOLD, 16)
    press.line(72, 160, "Mara Lindqvist", ROMAN, 10)
    press.line(
        72, 300, "Follow this and additional works at: https://epubs.example.edu/nursing", ROMAN, 9
    )
    press.line(72, 330, "Recommended Citation", ROMAN, 9)
    press.page()
    front(press)
    press.heading(72, "Abstract")
    press.text(72, 450, NIGHTS)
    press.heading(72, "Methods")
    press.text(72, 450, WARDS)
    document = read(press.done())
    assert "Westmark e-Pubs" in texts(document, Role.COVER)
    assert "pdf.cover" in codes(document)
    assert len(texts(document, Role.TITLE)) == 1
    assert next(a.surname for a in document.meta.authors) == "Lindqvist"


def test_indented_quotations_and_lists() -> None:
    press = Press()
    press.heading(72, "Results")
    press.text(72, 450, NIGHTS, indent=14)
    press.y += 6
    press.text(
        102,
        390,
        "You carry it in your head, and when you go home it goes home with you, and "
        "you lie there and wonder whether bed six was told. (N7, North ward)",
    )
    press.y += 6
    press.text(72, 450, "Three things made the list grow:", indent=14)
    for item in (
        "\u2022 patients whom nobody had seen since supper;",
        "\u2022 drips that run out at four;",
    ):
        press.lines(86, [item])
    press.text(72, 450, CODING, indent=14)
    document = read(press.done())
    [quotation] = texts(document, Role.BLOCK_QUOTE)
    assert quotation.startswith("You carry it")
    assert quotation.endswith("(N7, North ward)")
    assert len(texts(document, Role.LIST_ITEM)) == 2


def test_headings_have_levels() -> None:
    press = Press()
    front(press)
    for number, (title, parts) in enumerate(
        (("Introduction", ()), ("Methods", ("Setting", "Analysis")), ("Results", ())), start=1
    ):
        press.heading(72, f"{number}. {title}", 13)
        press.text(72, 450, WARDS)
        for inner, part in enumerate(parts, start=1):
            press.heading(72, f"{number}.{inner} {part}", 11)
            press.text(72, 450, CODING)
    document = read(press.done())
    found = [(b.level, shown(document, b)) for b in document.blocks if b.role is Role.HEADING]
    assert found == [
        (1, "1. Introduction"),
        (1, "2. Methods"),
        (2, "2.1 Setting"),
        (2, "2.2 Analysis"),
        (1, "3. Results"),
    ]


def test_a_label_that_runs_in_is_a_heading() -> None:
    press = Press()
    press.heading(72, "Methods")
    press.text(72, 450, WARDS)
    press.y += 8
    width = press.canvas.stringWidth("Data collection. ", BOLD, 10)
    press.line(72, press.y, "Data collection. ", BOLD, 10)
    press.line(
        72 + width, press.y, "We sat with each nurse for an hour in the room behind the", ROMAN
    )
    press.y += 12
    press.text(72, 450, "station and talked about the last night that he or she remembered well.")
    document = read(press.done())
    assert "Data collection." in texts(document, Role.HEADING)
    assert any(p.startswith("We sat with each nurse") for p in texts(document, Role.PARAGRAPH))


def test_references_are_blocks_of_their_own() -> None:
    press = Press()
    front(press)
    press.heading(72, "Introduction")
    press.text(72, 450, NIGHTS)
    press.heading(72, "References")
    for number in range(1, 7):
        lines = simpleSplit(
            f"{number}. Author A{number}, Writer B. A long invented title about wards and nights "
            f"and what is said there. J Invented Wards. 20{10 + number};{number}:1-9.",
            ROMAN,
            9,
            430,
        )
        for place, line in enumerate(lines):
            press.line(72 if place == 0 else 84, press.y, line, ROMAN, 9)
            press.y += 11
    document = read(press.done())
    references = texts(document, Role.REFERENCE)
    assert len(references) == 6
    assert references[0].startswith("1. Author A1")
    assert references[5].endswith("6:1-9.")


def test_a_page_turned_on_its_side_is_read() -> None:
    press = Press()
    press.text(72, 450, NIGHTS)
    press.page()
    press.canvas.translate(WIDTH, 0)
    press.canvas.rotate(90)
    for number, line in enumerate(simpleSplit(WARDS, ROMAN, 10, 600)):
        press.canvas.setFont(ROMAN, 10)
        press.canvas.drawString(80, WIDTH - 80 - 12 * number, line)
    document = read(press.done())
    [turned] = [p for p in texts(document, Role.PARAGRAPH) if "changed the rota" in p]
    assert turned.startswith("The wards were chosen")
    assert turned.endswith("know our faces.")
    at = document.text.index("The wards were chosen")
    [box] = document.place(type(document.blocks[0].span)(at, at + 5)).boxes
    assert box.y1 - box.y0 > box.x1 - box.x0  # the line stands upright on the page as shown


@pytest.mark.parametrize("make", [two_columns, running, with_table])
def test_every_run_stands_where_the_map_says(make: object) -> None:
    data = make()  # type: ignore[operator]
    document = read(data)
    assert document.source_map.segments
    for segment in document.source_map.segments:
        origin = segment.origin
        assert origin.page is not None
        assert origin.run is not None
        assert origin.offset is not None
        if segment.repair is not None:
            continue
        text = document.text[segment.start : segment.end]
        source = line_text(data, origin.page, origin.run)
        assert source[origin.offset : origin.offset + len(text.rstrip())] == text.rstrip()


def test_exact_boxes_of_words() -> None:
    data = two_columns()
    document = read(data)
    at = document.text.index("relief")
    [segment] = document.source_map.within(type(document.blocks[0].span)(at, at + 6))
    origin = segment.origin
    start = origin.offset + at - segment.start
    [box] = line_boxes(data, origin.page, origin.run, start, start + 6)
    assert origin.box is not None
    assert origin.box.x0 <= box.x0
    assert box.x1 <= origin.box.x1 + 0.5
    assert 15 < box.x1 - box.x0 < 40


def test_the_same_file_is_read_the_same() -> None:
    data = running()
    assert read(data) == read(data)


def test_encrypted() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    press = Press(encrypt=StandardEncryption("secret", canPrint=0))
    press.text(72, 450, NIGHTS)
    with pytest.raises(ReadError) as caught:
        read(press.done())
    assert caught.value.code == "encrypted"


def test_too_long() -> None:
    with pytest.raises(ReadError) as caught:
        read(running(4), limits=Limits(characters=2_000))
    assert caught.value.code == "too-long"


def scan() -> bytes:
    from PIL import Image

    press = Press()
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "grey").save(picture, "PNG")
    picture.seek(0)
    from reportlab.lib.utils import ImageReader

    press.canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)
    return press.done()


def test_no_text_layer_names_the_remedy() -> None:
    with pytest.raises(ReadError) as caught:
        read(scan())
    assert caught.value.code == "no-text-layer"
    assert "run OCR (for example ocrmypdf) first" in caught.value.message


def test_ocr_without_tesseract_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", "/nowhere")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReadError) as caught:
        read(scan(), ocr=True)
    assert caught.value.code in {"no-tesseract", "no-text-layer"}
    assert "ocrmypdf" in caught.value.message


def test_ocr_reads_a_picture_of_a_page() -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("NOT TESTED: --ocr, because Tesseract is not installed")
    import pymupdf

    press = Press()
    for number, line in enumerate(simpleSplit(NIGHTS, ROMAN, 14, WIDTH - 140)):
        press.line(70, 100 + 22 * number, line, size=14)
    with pymupdf.open(stream=press.done(), filetype="pdf") as printed:
        picture = printed[0].get_pixmap(dpi=200).tobytes("png")
    scanned = Press()
    from reportlab.lib.utils import ImageReader

    scanned.canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, WIDTH, HEIGHT)
    try:
        document = read(scanned.done(), ocr=True)
    except ReadError as error:
        if error.code == "no-tesseract":
            pytest.skip("NOT TESTED: --ocr, because Tesseract's language data was not found")
        raise
    words = NIGHTS.split()
    assert sum(word in document.text for word in words) > 0.9 * len(words)
    assert "pdf.ocr" in codes(document)


def test_a_heading_that_fills_its_line_but_for_one_word() -> None:
    press = Press()
    head, rest = "2.1 Loss of sleep and of quiet mornings in the ward.", "The"
    press.line(70, 100, head, "Times-Italic")
    press.line(72 + press.canvas.stringWidth(head, "Times-Italic", 10), 100, rest)
    for number, line in enumerate(simpleSplit(NIGHTS + " " + WARDS, ROMAN, 10, 260)):
        press.line(70, 112 + 12 * number, line)
    document = read(press.done())
    assert head in texts(document, Role.HEADING)


def test_columns_without_common_edges_are_read_as_the_file_has_them() -> None:
    press = Press()
    left = simpleSplit(NIGHTS + " " + WARDS + " " + CODING, ROMAN, 10, 200)
    right = simpleSplit(CODING + " " + NIGHTS + " " + WARDS, ROMAN, 10, 200)
    chance = random.Random(3)
    for number, line in enumerate(left):
        press.line(60 + chance.randint(0, 28), 90 + 14 * number, line)
    for number, line in enumerate(right):
        press.line(320 + chance.randint(0, 28), 90 + 14 * number, line)
    document = read(press.done())
    assert "pdf.reading-order" in codes(document)
    words = searched(document).split()
    assert " ".join(left[:4]) in " ".join(words)


def test_too_many_pages() -> None:
    with pytest.raises(ReadError) as caught:
        read(running(4), limits=Limits(pages=3))
    assert caught.value.code == "too-many-pages"


def test_damaged_files_end_in_a_text_or_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    data = running(2)
    chance = random.Random(7)
    variants = [data[: len(data) * part // 12] for part in range(1, 12)]
    for _ in range(40):
        hurt = bytearray(data)
        for _ in range(chance.randint(1, 60)):
            hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        variants.append(bytes(hurt))
    for variant in variants:
        assert outcome(variant)
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err == ""


def outcome(data: bytes) -> bool:
    """Is the result a text, or an error of one line?"""
    try:
        return bool(read(data).blocks)
    except ReadError as error:
        return "\n" not in error.message
