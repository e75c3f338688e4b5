"""The DOCX reader, on documents invented and built here."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx as python_docx
import pytest
from lxml import etree

from coreqcheck.errors import ReadError
from coreqcheck.model import Document, Role, Span
from coreqcheck.readers import Limits, ReadOptions
from coreqcheck.readers.docx import read, run_text

W_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{W_NS}}}"
R_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W_NS}" xmlns:r="{R_NS}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
HEADING_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="H{n}"><w:name w:val="heading {n}"/>'
    f'<w:pPr><w:outlineLvl w:val="{n - 1}"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
    for n in (1, 2, 3)
)
PLAIN_STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>'
)


def t(text: str, properties: str = "") -> str:
    """A run."""
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*content: str, style: str = "", properties: str = "") -> str:
    """A paragraph of runs; plain strings without markup become runs."""
    runs = "".join(part if part.startswith("<") else t(part) for part in content)
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    head = f"<w:pPr>{named}{properties}</w:pPr>" if named or properties else ""
    return f"<w:p>{head}{runs}</w:p>"


BOLD = "<w:b/>"


def package(body: str, **parts: str) -> bytes:
    """A DOCX; ``parts`` are word/*.xml contents by name (``footnotes=...``)."""
    relations = "".join(
        f'<Relationship Id="x{name}" Type="{R_NS}/{name}" Target="{name}.xml"/>' for name in parts
    )
    styles = parts.pop("styles", PLAIN_STYLES + HEADING_STYLES)
    members = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="a" Type="{R_NS}/officeDocument" Target="word/document.xml"/>'
            "</Relationships>"
        ),
        "word/_rels/document.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="s" Type="{R_NS}/styles" Target="styles.xml"/>{relations}'
            "</Relationships>"
        ),
        "word/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
    }
    members.update({f"word/{name}.xml": content for name, content in parts.items()})
    return zipped(members)


def zipped(members: dict[str, str] | dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def opened(data: bytes, **options: object) -> Document:
    return read(Path("paper.docx"), "paper.docx", data, ReadOptions(**options))  # type: ignore[arg-type]


def blocks(document: Document, *roles: Role) -> list[str]:
    wanted = set(roles)
    return [
        document.text[b.span.start : b.span.end]
        for b in document.blocks
        if not wanted or b.role in wanted
    ]


def headings(document: Document) -> list[tuple[int, str]]:
    return [
        (b.level, document.text[b.span.start : b.span.end])
        for b in document.blocks
        if b.role is Role.HEADING
    ]


def codes(document: Document) -> set[str]:
    return {diagnostic.code for diagnostic in document.diagnostics}


def assert_map_is_exact(document: Document, data: bytes) -> None:
    """Every mapped character stands in its source at its paragraph, run and offset."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    roots: dict[str, list[etree._Element]] = {}
    checked = 0
    for segment in document.source_map.segments:
        origin = segment.origin
        if origin.run is None or segment.repair in {"symbol", "note-mark"}:
            continue
        part = origin.part or "word/document.xml"
        if part not in roots:
            roots[part] = list(etree.fromstring(archive.read(part)).iter(f"{W}p"))
        assert origin.paragraph is not None
        assert origin.offset is not None
        run = list(roots[part][origin.paragraph].iter(f"{W}r"))[origin.run]
        length = segment.end - segment.start
        source = run_text(run)[origin.offset : origin.offset + length]
        shown = document.text[segment.start : segment.end]
        if segment.repair is None:
            assert source == shown
        else:
            assert segment.repair == "space"
            assert source[:1].isspace()
        checked += length
    assert checked > 0.7 * len(document.text)


LONG = "We talked with night nurses on three wards about how they decide whom to wake first."


# --- structure ------------------------------------------------------------------------------


def test_styles_make_title_headings_and_levels() -> None:
    document = opened(
        package(
            p("Waking the right patient: an interview study", style="H1")
            + p("Mara Lindqvist, PhD, RN; Otto Brand", "")
            + p("School of Nursing, Northport University")
            + p("Abstract", style="H1")
            + p(LONG)
            + p("Methods", style="H1")
            + p("Sampling", style="H2")
            + p(LONG)
        )
    )
    assert [b.role for b in document.blocks][:3] == [Role.TITLE, Role.BYLINE, Role.AFFILIATION]
    assert document.meta.title == "Waking the right patient: an interview study"
    assert [a.surname for a in document.meta.authors] == ["Lindqvist", "Brand"]
    assert document.meta.authors[0].degrees == ("PhD", "RN")
    assert headings(document) == [(1, "Abstract"), (1, "Methods"), (2, "Sampling")]


def test_superscripts_in_byline_are_marks_not_citations() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    document = opened(
        package(
            p("How porters see the night shift", style="H1")
            + p(t("Ana Reyes"), t("1,2", raised), t(", Lee Moss"), t("2", raised))
            + p(t("1", raised), t(" Public contributor, Harbour Voices"))
            + p("Introduction", style="H1")
            + p(
                t("Porters are rarely asked"), t("3,4", raised), t(". Beds of 12 m"), t("2", raised)
            )
        )
    )
    assert [a.name for a in document.meta.authors] == ["Ana Reyes", "Lee Moss"]
    assert blocks(document, Role.AFFILIATION) == ["1 Public contributor, Harbour Voices"]
    assert [document.text[c.start : c.end] for c in document.citations] == ["3,4"]


def test_headings_by_look_with_levels() -> None:
    document = opened(
        package(
            p(t("Quiet rooms in hospices: a focus group study", BOLD + '<w:sz w:val="32"/>'))
            + p("Ines Varga and Tom Oyelaran")
            + p(t("ABSTRACT", BOLD))
            + p(LONG)
            + p(t("METHODS", BOLD))
            + p(t("Recruitment", BOLD))
            + p(LONG)
            + p(t("How rooms were chosen", "<w:i/>"))
            + p(LONG)
            + p(t("RESULTS", BOLD))
            + p(t("“It was never quiet.”", "<w:i/>"))
            + p(LONG)
        )
    )
    assert headings(document) == [
        (1, "ABSTRACT"),
        (1, "METHODS"),
        (2, "Recruitment"),
        (3, "How rooms were chosen"),
        (1, "RESULTS"),
    ]
    assert document.meta.title == "Quiet rooms in hospices: a focus group study"
    assert "docx.headings-by-look" in codes(document)


def test_headings_that_all_look_alike_nest_by_what_they_say() -> None:
    lines = ("Abstract", "Why we looked", "Methods", "Participants", "1. How we listened", "Ethics")
    lines += ("Findings", "Theme 1. The bell", "Discussion", "Limitations", "Conclusion")
    document = opened(package("".join(p(t(line, BOLD)) + p(LONG) for line in lines)))
    assert headings(document) == [
        (1, "Abstract"),
        (1, "Why we looked"),
        (1, "Methods"),
        (2, "Participants"),
        (2, "1. How we listened"),
        (2, "Ethics"),
        (1, "Findings"),
        (2, "Theme 1. The bell"),
        (1, "Discussion"),
        (2, "Limitations"),
        (1, "Conclusion"),
    ]


def test_headings_by_look_stand_below_styled_ones() -> None:
    document = opened(
        package(
            p("Methods", style="H2")
            + p(LONG)
            + p(t("Setting", BOLD))
            + p(LONG)
            + p(t("Northport", "<w:i/>"))
            + p(LONG)
            + p("Results", style="H2")
            + p(LONG)
            + p("Discussion", style="H2")
            + p(t("Setting again", "<w:i/>"))
            + p(LONG)
        )
    )
    assert [level for level, _ in headings(document)] == [2, 3, 4, 2, 2, 3]


def test_plain_lines_that_are_exactly_a_main_heading_count_as_headings() -> None:
    document = opened(package(p("Methods") + p(LONG) + p("2. Results") + p(LONG)))
    assert [text for _, text in headings(document)] == ["Methods", "2. Results"]


def test_a_bold_sentence_is_not_a_heading() -> None:
    document = opened(package(p(t("Nobody declined. All of them stayed.", BOLD)) + p(LONG)))
    assert headings(document) == []


def test_run_in_headings_are_split_and_stay_siblings() -> None:
    document = opened(
        package(
            p("Methods", style="H2")
            + p(t("Data collection.", BOLD), t(" Interviews were held in the canteen."))
            + p(t("Analysis", BOLD), t(". Two of us coded every transcript."))
            + p(t("P7:", BOLD), t(" I just stood there and waited for somebody."))
        )
    )
    assert headings(document) == [(2, "Methods"), (3, "Data collection."), (3, "Analysis.")]
    assert blocks(document, Role.PARAGRAPH) == [
        "Interviews were held in the canteen.",
        "Two of us coded every transcript.",
        "P7: I just stood there and waited for somebody.",
    ]
    assert [b.style for b in document.blocks if b.role is Role.HEADING][1:] == ["run-in", "run-in"]


def test_several_run_in_headings_in_one_paragraph() -> None:
    document = opened(
        package(
            p("Declarations", style="H1")
            + p(
                t("Funding:", BOLD),
                t(" None was received. "),
                t("Competing interests:", BOLD),
                t(" We know of none."),
            )
        )
    )
    assert [text for _, text in headings(document)] == [
        "Declarations",
        "Funding:",
        "Competing interests:",
    ]


def test_block_quotes_by_style_and_by_indentation() -> None:
    styles = PLAIN_STYLES + HEADING_STYLES
    styles += '<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Quote"/></w:style>'
    inset = '<w:ind w:left="720" w:right="720"/>'
    hanging = '<w:ind w:left="720" w:hanging="720"/>'
    body = p("Results", style="H1") + p(LONG) + p("It hums all night.", style="Q")
    body += p("“Nobody told me that the bell was broken.” (P4)", properties=inset)
    body += p("RQ1: How do nurses choose whom to wake?", properties=inset)
    body += p("References", style="H1") + p(
        "Moss, L. (2019). Nights. Ward, 3, 1–9.", properties=hanging
    )
    document = opened(package(body, styles=styles))
    assert blocks(document, Role.BLOCK_QUOTE) == [
        "It hums all night.",
        "“Nobody told me that the bell was broken.” (P4)",
    ]
    assert blocks(document, Role.REFERENCE) == ["Moss, L. (2019). Nights. Ward, 3, 1–9."]


def test_line_breaks_that_stand_for_paragraphs_split_them() -> None:
    body = p("Abstract", style="H1") + (
        f"<w:p>{t('Background:', BOLD)}{t(' Bells ring.')}<w:r><w:br/></w:r><w:r><w:br/></w:r>"
        f"{t('We asked why.')}</w:p>"
    )
    document = opened(package(body))
    assert blocks(document, Role.PARAGRAPH) == ["Bells ring.", "We asked why."]


def test_lists_contents_and_keywords() -> None:
    numbering = (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr>'
    body = p("Keywords: bells, nurses, night")
    body += p("Contents") + p("Methods\t3") + p("Results\t9")
    body += p("Methods", style="H1") + p("First, tell me about a night.", properties=listed)
    body += p("Results", style="H1") + p(LONG)
    document = opened(package(body, numbering=numbering))
    assert blocks(document, Role.LIST_ITEM) == ["First, tell me about a night."]
    assert blocks(document, Role.FURNITURE) == ["Contents", "Methods 3", "Results 9"]
    assert blocks(document, Role.METADATA) == ["Keywords: bells, nurses, night"]


# --- tables ---------------------------------------------------------------------------------


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def test_merged_cells_keep_their_columns_and_captions_know_their_table() -> None:
    table = (
        "<w:tbl>"
        + row(
            cell(p("Ward")),
            cell(p("Nurses"), '<w:gridSpan w:val="2"/>'),
            properties="<w:tblHeader/>",
        )
        + row(cell(p("East"), '<w:vMerge w:val="restart"/>'), cell(p("day")), cell(p("4")))
        + row(cell(p(""), "<w:vMerge/>"), cell(p("night")), cell(p("3")))
        + "</w:tbl>"
    )
    document = opened(
        package(
            p("Results", style="H1")
            + p("Table 1 shows the wards that took part.")
            + p("Table 1. Wards and nurses")
            + table
            + p("Note. Counts are of persons.")
            + p(LONG)
        )
    )
    rows = [b for b in document.blocks if b.role is Role.TABLE_ROW]
    texts = [[document.text[c.start : c.end] for c in b.cells] for b in rows]
    assert texts == [["Ward", "Nurses", ""], ["East", "day", "4"], ["", "night", "3"]]
    assert [b.header for b in rows] == [True, False, False]
    captions = [b for b in document.blocks if b.role in {Role.CAPTION, Role.TABLE_NOTE}]
    assert [b.table for b in captions] == [0, 0]
    assert blocks(document, Role.PARAGRAPH)[0] == "Table 1 shows the wards that took part."


def test_a_box_of_one_cell_is_text_and_a_nested_table_stays_in_its_cell() -> None:
    box = "<w:tbl>" + row(cell(p("What is a good night?") + p("What is a bad one?"))) + "</w:tbl>"
    inner = "<w:tbl>" + row(cell(p("inner one")), cell(p("inner two"))) + "</w:tbl>"
    outer = "<w:tbl>" + row(cell(p("left")), cell(inner + p(""))) + "</w:tbl>"
    document = opened(package(box + p(LONG) + outer))
    assert blocks(document, Role.PARAGRAPH)[:2] == ["What is a good night?", "What is a bad one?"]
    assert blocks(document, Role.TABLE_ROW) == ["left | inner one inner two"]


def test_automatic_numbers_in_cells_are_text_without_a_run() -> None:
    numbering = (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        '<w:start w:val="7"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr>'
    table = "".join(
        row(cell(p("<w:r/>", properties=listed)), cell(p(name))) for name in ("Sampling", "Setting")
    )
    document = opened(package(f"<w:tbl>{table}</w:tbl>" + p(LONG), numbering=numbering))
    assert blocks(document, Role.TABLE_ROW) == ["7. | Sampling", "8. | Setting"]
    generated = document.source_map.within(Span(0, 2))[0]
    assert (generated.repair, generated.origin.run) == ("numbering", None)


def test_absurd_spans_are_bounded() -> None:
    table = (
        "<w:tbl>" + row(cell(p("wide"), '<w:gridSpan w:val="999999"/>'), cell(p("x"))) + "</w:tbl>"
    )
    document = opened(package(table + p(LONG)))
    assert len(document.blocks[0].cells) < 1000


# --- tracked changes ------------------------------------------------------------------------


def changed() -> bytes:
    mark = '<w:rPr><w:del w:id="9" w:author="E"/></w:rPr>'
    body = p("Methods", style="H1")
    body += p(
        "We asked ",
        '<w:del w:id="1" w:author="E"><w:r><w:delText>ten</w:delText></w:r></w:del>',
        f'<w:ins w:id="2" w:author="E">{t("eleven")}'
        '<w:del w:id="3" w:author="E"><w:r><w:delText>ish</w:delText></w:r></w:del></w:ins>',
        " nurses.",
        f'<w:moveTo w:id="4" w:author="E">{t(" Two left.")}</w:moveTo>',
    )
    body += p(f'<w:moveFrom w:id="5" w:author="E">{t("Two left. ")}</w:moveFrom>', "All were asked")
    body += f"<w:p><w:pPr>{mark}</w:pPr>{t('One paragraph')}</w:p>" + p(" after all.")
    body += "<w:tbl>" + row(cell(p("kept")), cell(p("1")))
    body += row(cell(p("gone")), cell(p("2")), properties='<w:del w:id="6" w:author="E"/>')
    body += row(cell(p("new")), cell(p("3")), properties='<w:ins w:id="7" w:author="E"/>')
    return package(body + "</w:tbl>")


def test_tracked_changes_are_read_as_accepted_and_counted() -> None:
    document = opened(changed())
    assert blocks(document, Role.PARAGRAPH) == [
        "We asked eleven nurses. Two left.",
        "All were asked",
        "One paragraph after all.",
    ]
    assert blocks(document, Role.TABLE_ROW) == ["kept | 1", "new | 3"]
    assert document.meta.tracked_changes == 7
    assert "docx.tracked-changes" in codes(document)
    assert_map_is_exact(document, changed())


def test_the_original_side_of_tracked_changes() -> None:
    document = opened(changed(), revisions="original")
    assert blocks(document, Role.PARAGRAPH) == [
        "We asked ten nurses.",
        "Two left. All were asked",
        "One paragraph",
        "after all.",
    ]
    assert blocks(document, Role.TABLE_ROW) == ["kept | 1", "gone | 2"]
    assert_map_is_exact(document, changed())


def test_formatting_changes_do_not_bring_back_old_properties() -> None:
    change = '<w:rPrChange w:id="1" w:author="E"><w:rPr><w:vanish/></w:rPr></w:rPrChange>'
    document = opened(package(p(t(LONG, change))))
    assert document.text == LONG
    assert document.meta.tracked_changes == 0


# --- notes, boxes, controls, fields ---------------------------------------------------------


def noted() -> bytes:
    notes = (
        f"<w:footnotes {NAMESPACES}>"
        f'<w:footnote w:id="-1" w:type="separator">{p("---")}</w:footnote>'
        f'<w:footnote w:id="1">{p("<w:r><w:footnoteRef/></w:r>", " All names are ")}'
        f"{p('invented.')}</w:footnote>"
        f'<w:footnote w:id="2">{p("Moss L. Night bells. Ward Journal. 2019;3:1–9.")}</w:footnote>'
        f'<w:footnote w:id="3">{p("Never cited.")}</w:footnote></w:footnotes>'
    )
    body = p("Methods", style="H1")
    body += p("Bells ring.", '<w:r><w:footnoteReference w:id="2"/></w:r>')
    body += p("Ana spoke", '<w:r><w:footnoteReference w:id="1"/></w:r>', " first.") + p(LONG)
    return package(body, footnotes=notes)


def test_footnotes_follow_the_paragraph_that_cites_them() -> None:
    document = opened(noted())
    assert [(b.role, document.text[b.span.start : b.span.end]) for b in document.blocks] == [
        (Role.HEADING, "Methods"),
        (Role.PARAGRAPH, "Bells ring.2"),
        (Role.REFERENCE, "Moss L. Night bells. Ward Journal. 2019;3:1–9."),
        (Role.PARAGRAPH, "Ana spoke first."),
        (Role.FOOTNOTE, "All names are"),
        (Role.FOOTNOTE, "invented."),
        (Role.PARAGRAPH, LONG),
    ]
    assert [document.text[c.start : c.end] for c in document.citations] == ["2"]
    note = document.source_map.within(Span(document.text.index("invented"), len(document.text)))[0]
    assert note.origin.part == "word/footnotes.xml"
    assert_map_is_exact(document, noted())


def boxed() -> bytes:
    box = (
        f"<w:txbxContent>{p('Box 1. Opening question')}{p('What is a good night?')}</w:txbxContent>"
    )
    shape = f"<wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp>"
    drawing = f"<w:drawing><a:graphic>{shape}</a:graphic></w:drawing>"
    legacy = f"<w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{legacy}</mc:Fallback></mc:AlternateContent>"
    )
    body = p("Methods", style="H1") + p("Before. ", f"<w:r>{both}</w:r>", "After.")
    return package(body + p(LONG) + p(f"<w:r>{legacy}</w:r>"))


def test_text_boxes_are_read_once_after_their_paragraph() -> None:
    document = opened(boxed())
    assert blocks(document) == [
        "Methods",
        "Before. After.",
        "Box 1. Opening question",
        "What is a good night?",
        LONG,
        "Box 1. Opening question",
        "What is a good night?",
    ]
    assert_map_is_exact(document, boxed())


def test_content_controls_smart_tags_and_links_are_seen_through() -> None:
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>%s</w:sdtContent></w:sdt>"
    body = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('Methods', style='H1')}</w:sdtContent></w:sdt>"
    body += p(
        f"<w:smartTag><w:customXml>{t('Northport')}</w:customXml></w:smartTag>",
        f'<w:hyperlink r:id="gone">{t(" hospital")}</w:hyperlink>',
        f"<w:sdt><w:sdtContent>{t(' took part.')}</w:sdtContent></w:sdt>",
        prompt % t("Click here to enter text."),
    )
    data = package(body)
    document = opened(data)
    assert blocks(document) == ["Methods", "Northport hospital took part."]
    assert_map_is_exact(document, data)


def field(code: str, *result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{"".join(result)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@pytest.mark.parametrize(
    "code",
    [
        ' ADDIN ZOTERO_ITEM CSL_CITATION {"citationItems":[]} ',
        " ADDIN EN.CITE &lt;EndNote&gt;secret&lt;/EndNote&gt;",
        " ADDIN CSL_CITATION {} ",
        " CITATION Moss19 ",
    ],
)
def test_citation_fields_are_citations_and_their_code_is_never_text(code: str) -> None:
    nested = field(" ADDIN EN.CITE.DATA ", t("")) if "EN.CITE" in code else ""
    citation = field(code, t("(Moss 2019)")).replace(
        "</w:instrText></w:r>", "</w:instrText></w:r>" + nested, 1
    )
    data = package(p("Bells ring ", citation, " in ", field(" REF x ", t("Table 2")), "."))
    document = opened(data)
    assert document.text == "Bells ring (Moss 2019) in Table 2."
    assert [document.text[c.start : c.end] for c in document.citations] == ["(Moss 2019)"]
    assert_map_is_exact(document, data)


def test_mendeley_controls_zotero_bookmarks_and_simple_fields_are_citations() -> None:
    control = (
        '<w:sdt><w:sdtPr><w:tag w:val="MENDELEY_CITATION_v3_abc"/></w:sdtPr>'
        f"<w:sdtContent>{t('(1)')}</w:sdtContent></w:sdt>"
    )
    bookmark = (
        '<w:bookmarkStart w:id="3" w:name="ZOTERO_BREF_abc"/>'
        + t("(2)")
        + '<w:bookmarkEnd w:id="3"/>'
    )
    simple = f'<w:fldSimple w:instr=" CITATION x ">{t("(3)")}</w:fldSimple>'
    document = opened(package(p("A ", control, " b ", bookmark, " c ", simple, " d.")))
    assert [document.text[c.start : c.end] for c in document.citations] == ["(1)", "(2)", "(3)"]


def test_bibliography_and_contents_fields_give_roles_over_paragraphs() -> None:
    contents = p(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        "<w:r><w:instrText> TOC \\o </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        "Methods",
        t("\t2"),
    )
    contents += p("Results 4", '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    end = p(field(' ADDIN ZOTERO_BIBL {"x":1} ', t("Moss L. Bells. 2019.")))
    document = opened(package(contents + p("Methods", style="H1") + p(LONG) + end))
    assert blocks(document, Role.FURNITURE) == ["Methods 2", "Results 4"]
    assert blocks(document, Role.REFERENCE) == ["Moss L. Bells. 2019."]


def test_a_field_that_never_ends_does_not_swallow_the_document() -> None:
    broken = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    )
    document = opened(package(p(broken) + p(LONG)))
    assert document.text == LONG


def test_hidden_text_equations_and_symbols() -> None:
    equation = "<m:oMath><m:r><m:t>n=12</m:t></m:r></m:oMath>"
    fraction = "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num></m:f></m:oMath>"
    data = package(
        p(
            "We saw ",
            equation,
            t(" secret", "<w:vanish/>"),
            " nurses",
            fraction,
            '<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t xml:space="preserve"> 3</w:t></w:r>',
            "<w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>led</w:t><w:tab/><w:t>x</w:t></w:r>",
        )
    )
    document = opened(data)
    assert document.text == "We saw n=12 nurses ≥ 3co-led x"
    assert {"docx.equations", "docx.hidden-text"} <= codes(document)
    assert_map_is_exact(document, data)


def test_comments_headers_and_footers() -> None:
    comment = f'<w:comment w:id="0">{p("Is this so?")}{p("Yes.")}</w:comment>'
    comments = f"<w:comments {NAMESPACES}>{comment}</w:comments>"
    header = f"<w:hdr {NAMESPACES}>{p('Night bells, draft 3')}</w:hdr>"
    document = opened(package(p(LONG), comments=comments, header=header))
    assert [c.text for c in document.meta.comments] == ["Is this so?\nYes."]
    assert blocks(document, Role.FURNITURE) == ["Night bells, draft 3"]
    assert "Is this so" not in document.text


def test_page_numbers_only_when_word_and_its_breaks_agree() -> None:
    broken = "<w:r><w:lastRenderedPageBreak/><w:t>Second page.</w:t></w:r>"
    data = package(p(LONG) + p(broken))
    members = dict(unzipped(data))
    app = "<Properties xmlns='http://schemas.openxmlformats.org/officeDocument/2006/extended-properties'><Pages>%d</Pages></Properties>"
    agreed = opened(zipped({**members, "docProps/app.xml": (app % 2).encode()}))
    assert [s.origin.page for s in agreed.source_map.segments] == [1, 2]
    assert agreed.meta.pages == 2
    stale = opened(zipped({**members, "docProps/app.xml": (app % 9).encode()}))
    assert {s.origin.page for s in stale.source_map.segments} == {None}


def unzipped(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {name: archive.read(name) for name in archive.namelist()}


# --- python-docx agrees ---------------------------------------------------------------------


def test_places_lead_back_to_runs_of_python_docx(tmp_path: Path) -> None:
    made = python_docx.Document()
    made.add_heading("Night bells on three wards", 0)
    made.add_heading("Methods", 1)
    paragraph = made.add_paragraph("We asked ")
    paragraph.add_run("eleven").bold = True
    paragraph.add_run(" nurses.\nThen\tporters.")
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "ward", "beds"
    path = tmp_path / "made.docx"
    made.save(str(path))
    data = path.read_bytes()
    document = opened(data)
    assert_map_is_exact(document, data)
    at = document.text.index("porters")
    origin = document.source_map.within(Span(at, at + 7))[0].origin
    body = python_docx.Document(str(path)).element
    element = list(list(body.iter(f"{W}p"))[origin.paragraph].iter(f"{W}r"))[origin.run]
    start = (origin.offset or 0) + at - document.source_map.within(Span(at, at + 7))[0].start
    assert python_docx.text.run.Run(element, None).text[start : start + 7] == "porters"


# --- variants and dangers -------------------------------------------------------------------


def test_strict_ooxml_reads_the_same() -> None:
    data = noted()
    strict = {
        name: content.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, content in unzipped(data).items()
    }
    assert opened(zipped(strict)).text == opened(data).text


def refused(data: bytes, **options: object) -> ReadError:
    with pytest.raises(ReadError) as caught:
        opened(data, **options)
    assert "\n" not in caught.value.message
    return caught.value


def test_what_is_no_document_is_refused_in_one_line() -> None:
    whole = package(p(LONG))
    assert refused(b"hello").code == "not-zip"
    assert refused(whole[: len(whole) // 2]).code == "damaged"
    members = unzipped(whole)
    del members["word/document.xml"]
    assert refused(zipped(members)).code == "damaged"
    assert refused(package("")).code == "no-text"
    broken = {**unzipped(whole), "word/document.xml": b"<w:document>"}
    assert refused(zipped(broken)).code == "damaged"


def test_looks_may_be_missing_but_text_may_not() -> None:
    members = unzipped(package(p("Methods", style="H1") + p(LONG)))
    members["word/styles.xml"] = b"<oops"
    assert LONG in opened(zipped(members)).text


def test_a_zip_bomb_is_refused_before_unpacking() -> None:
    members = unzipped(package(p(LONG)))
    members["word/media/x.bin"] = bytes(3_000_000)
    error = refused(zipped(members), limits=Limits(unpacked_bytes=1_000_000))
    assert error.code == "too-large"


def test_an_encrypted_member_is_named() -> None:
    data = bytearray(package(p(LONG)))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    assert refused(bytes(data)).code == "encrypted"


def test_entities_and_document_types_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", encoding="utf-8")
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    for head, use in (
        (bomb + "]>", "&j;"),
        (f'<!DOCTYPE w [<!ENTITY x SYSTEM "file://{secret}">]>', "&x;"),
    ):
        members = unzipped(package(p(LONG)))
        xml = members["word/document.xml"].decode().replace(LONG, use)
        members["word/document.xml"] = (head + xml).encode()
        assert refused(zipped(members)).code == "damaged"


def test_documents_past_the_limits_are_refused() -> None:
    assert refused(package(p(LONG) * 40), limits=Limits(characters=1_000)).code == "too-large"
    assert refused(package(p("a") * 40), limits=Limits(blocks=20)).code == "too-large"
    assert refused(package(p("a " * 6_000_000))).code == "too-large"


def test_a_hundred_thousand_empty_paragraphs_are_nothing() -> None:
    assert opened(package("<w:p/>" * 100_000 + p(LONG))).text == LONG


def test_deep_nesting_is_an_error_not_a_crash() -> None:
    deep = "<w:smartTag>" * 300 + t("x") + "</w:smartTag>" * 300
    assert refused(package(p(deep))).code == "damaged"
    fine = "<w:smartTag>" * 200 + t("x") + "</w:smartTag>" * 200
    assert opened(package(p(fine))).text == "x"
