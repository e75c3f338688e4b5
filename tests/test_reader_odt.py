"""The ODT reader, on documents invented and built here."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from coreqcheck.errors import ReadError
from coreqcheck.model import Document, Role
from coreqcheck.readers import Limits, ReadOptions, sniff
from coreqcheck.readers.odt import read, text_nodes

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
PREFIXES = {
    "office": f"{OASIS}:office:1.0",
    "text": f"{OASIS}:text:1.0",
    "table": f"{OASIS}:table:1.0",
    "style": f"{OASIS}:style:1.0",
    "draw": f"{OASIS}:drawing:1.0",
    "fo": f"{OASIS}:xsl-fo-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
}
NAMESPACES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items())
STYLES = """
<style:style style:name="B" style:family="text">
  <style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Up" style:family="text">
  <style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="Hid" style:family="text">
  <style:text-properties text:display="none"/></style:style>
<style:style style:name="Block_20_Quote" style:display-name="Block Quote"
  style:family="paragraph"/>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Block_20_Quote"/>
"""
LONG = "We sat with twelve bus drivers at the end of their shift and asked about the last stop."


def package(body: str, styles: str = "", **members: str) -> bytes:
    """An ODT; ``body`` stands inside ``office:text``."""
    content = (
        f"<office:document-content {NAMESPACES}><office:automatic-styles>{STYLES}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    files = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    if styles:
        files["styles.xml"] = (
            f"<office:document-styles {NAMESPACES}>{styles}</office:document-styles>"
        )
    files.update(members)
    return zipped(files)


def zipped(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def opened(data: bytes, **options: object) -> Document:
    return read(Path("paper.odt"), "paper.odt", data, ReadOptions(**options))  # type: ignore[arg-type]


def texts(document: Document, *roles: Role) -> list[str]:
    wanted = set(roles)
    return [
        document.text[b.span.start : b.span.end]
        for b in document.blocks
        if not wanted or b.role in wanted
    ]


def assert_map_is_exact(document: Document, data: bytes) -> None:
    archive = zipfile.ZipFile(io.BytesIO(data))
    checked = 0
    for segment in document.source_map.segments:
        origin = segment.origin
        if origin.run is None:
            continue
        root = etree.fromstring(archive.read(origin.part or "content.xml"))
        (element,) = root.xpath(origin.path, namespaces=PREFIXES)
        paragraphs = list(root.iter(f"{{{PREFIXES['text']}}}p", f"{{{PREFIXES['text']}}}h"))
        assert paragraphs[origin.paragraph] is element
        source = text_nodes(element)[origin.run][origin.offset :]
        shown = document.text[segment.start : segment.end]
        if segment.repair is None:
            assert source.startswith(shown)
        else:
            assert source[:1].isspace()
        checked += len(shown)
    assert checked > 0.7 * len(document.text)


def h(text: str, level: int = 1) -> str:
    return f'<text:h text:outline-level="{level}">{text}</text:h>'


def p(text: str, style: str = "") -> str:
    named = f' text:style-name="{style}"' if style else ""
    return f"<text:p{named}>{text}</text:p>"


def b(text: str) -> str:
    return f'<text:span text:style-name="B">{text}</text:span>'


def test_headings_run_ins_quotes_lists_and_the_map() -> None:
    data = package(
        h("The last stop: an interview study with bus drivers")
        + p("Petra Novak, MSc; Sol Adeyemi")
        + h("Methods", 2)
        + p(f"{b('Setting.')} The <text:s text:c='3'/>depot<text:tab/>in\n  Northport.")
        + p("“It is the<text:line-break/>quiet I like.”", "P1")
        + f"<text:list><text:list-item>{p('Tell me about a shift.')}</text:list-item></text:list>"
        + p(LONG + '<text:span text:style-name="Up">3,4</text:span>')
        + p('Seen<text:span text:style-name="Hid"> unseen</text:span>.')
    )
    document = opened(data)
    assert [(block.role, block.level) for block in document.blocks] == [
        (Role.TITLE, 0),
        (Role.BYLINE, 0),
        (Role.HEADING, 2),
        (Role.HEADING, 3),
        (Role.PARAGRAPH, 0),
        (Role.BLOCK_QUOTE, 0),
        (Role.LIST_ITEM, 0),
        (Role.PARAGRAPH, 0),
        (Role.PARAGRAPH, 0),
    ]
    assert texts(document, Role.PARAGRAPH)[0] == "The depot in Northport."
    assert texts(document)[-1] == "Seen."
    assert [document.text[c.start : c.end] for c in document.citations] == ["3,4"]
    assert [author.surname for author in document.meta.authors] == ["Novak", "Adeyemi"]
    assert_map_is_exact(document, data)


def test_tables_notes_annotations_and_frames() -> None:
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{p('Names are invented.')}</text:note-body></text:note>"
    )
    annotation = f"<office:annotation><dc:creator>E</dc:creator>{p('Really?')}</office:annotation>"
    frame = f"<draw:frame><draw:text-box>{p('In a box.')}</draw:text-box></draw:frame>"
    table = (
        "<table:table><table:table-header-rows><table:table-row>"
        f"<table:table-cell table:number-columns-spanned='2'>{p('Drivers')}</table:table-cell>"
        "<table:covered-table-cell/></table:table-row></table:table-header-rows>"
        f"<table:table-row><table:table-cell>{p('day')}</table:table-cell>"
        f"<table:table-cell>{p('7')}</table:table-cell></table:table-row></table:table>"
    )
    data = package(
        h("Results")
        + p(f"Ana{annotation} drove{note} on.{frame}")
        + p("Table 1. Drivers by shift")
        + table
        + p(LONG)
    )
    document = opened(data)
    assert texts(document)[1:4] == ["Ana drove on.", "Names are invented.", "In a box."]
    assert texts(document, Role.FOOTNOTE) == ["Names are invented."]
    rows = [block for block in document.blocks if block.role is Role.TABLE_ROW]
    assert [[document.text[c.start : c.end] for c in row.cells] for row in rows] == [
        ["Drivers", ""],
        ["day", "7"],
    ]
    assert [row.header for row in rows] == [True, False]
    assert next(block.table for block in document.blocks if block.role is Role.CAPTION) == 0
    assert [c.text for c in document.meta.comments] == ["Really?"]
    assert_map_is_exact(document, data)


def changed() -> bytes:
    return package(
        "<text:tracked-changes>"
        '<text:changed-region text:id="i"><text:insertion/></text:changed-region>'
        f'<text:changed-region text:id="d"><text:deletion>{p("ten ")}</text:deletion>'
        "</text:changed-region></text:tracked-changes>"
        + p(
            'We asked <text:change text:change-id="d"/><text:change-start text:change-id="i"/>'
            'eleven<text:change-end text:change-id="i"/> drivers.'
        )
        + p('One paragraph<text:change-start text:change-id="i"/>')
        + p('<text:change-end text:change-id="i"/> only.')
    )


def test_tracked_changes_in_both_views() -> None:
    accepted = opened(changed())
    assert texts(accepted) == ["We asked eleven drivers.", "One paragraph", "only."]
    assert accepted.meta.tracked_changes == 2
    original = opened(changed(), revisions="original")
    assert texts(original) == ["We asked ten drivers.", "One paragraph only."]
    for document in (accepted, original):
        assert_map_is_exact(document, changed())


def test_citations_indexes_and_page_margins() -> None:
    masters = (
        '<office:master-styles><style:master-page style:name="S"><style:header>'
        f"{p('The last stop')}</style:header></style:master-page></office:master-styles>"
    )
    zotero = (
        '<text:reference-mark-start text:name="ZOTERO_ITEM CSL_CITATION {} x"/>(Novak 2020)'
        '<text:reference-mark-end text:name="ZOTERO_ITEM CSL_CITATION {} x"/>'
    )
    data = package(
        "<text:table-of-content><text:index-body>"
        + p("Methods 3")
        + "</text:index-body></text:table-of-content>"
        + h("Methods")
        + p(f"Buses stop {zotero} and <text:bibliography-mark>[Ade19]</text:bibliography-mark>.")
        + "<text:bibliography><text:index-body>"
        + p("Adeyemi S. Stops. 2019.")
        + "</text:index-body></text:bibliography>",
        masters,
    )
    document = opened(data)
    assert [document.text[c.start : c.end] for c in document.citations] == [
        "(Novak 2020)",
        "[Ade19]",
    ]
    assert texts(document, Role.FURNITURE) == ["Methods 3", "The last stop"]
    assert texts(document, Role.REFERENCE) == ["Adeyemi S. Stops. 2019."]
    assert_map_is_exact(document, data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"nothing", "not-zip"),
        (package(p(LONG))[:400], "damaged"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "damaged"),
        (zipped({"content.xml": "<a>"}), "damaged"),
        (zipped({"content.xml": "<a/>"}), "damaged"),
        (package(""), "no-text"),
        (package(p(LONG), **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "encrypted"),
        (
            zipped({"content.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "damaged",
        ),
    ],
)
def test_bad_files_are_refused_in_one_line(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        opened(data)
    assert caught.value.code == code
    assert "\n" not in caught.value.message


def test_limits_and_repeats_are_bounded() -> None:
    with pytest.raises(ReadError) as caught:
        opened(package(p(LONG) * 50), limits=Limits(characters=2_000))
    assert caught.value.code == "too-large"
    wide = (
        "<table:table><table:table-row><table:table-cell "
        f'table:number-columns-repeated="999999">{p("x")}</table:table-cell></table:table-row>'
        "</table:table>"
    )
    assert len(opened(package(wide)).blocks[0].cells) < 1_000


def test_the_content_decides_that_it_is_an_odt() -> None:
    assert sniff(Path("paper.odt"), package(p(LONG))) == "odt"
