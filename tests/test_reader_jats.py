"""JATS: what is read of an article, with which role, and where it says that it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from coreqcheck.errors import ReadError
from coreqcheck.model import Block, Document, Role
from coreqcheck.readers import Limits, ReadOptions, jats

ARTICLE = """<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "JATS-archivearticle1.dtd">
<article article-type="research-article" xml:lang="en"><front><journal-meta>
<journal-title>Lakeside Nursing</journal-title></journal-meta><article-meta>
<title-group><article-title>Waiting for the <italic>ferry</italic></article-title>
<subtitle>a focus group study</subtitle></title-group>
<contrib-group>
 <contrib contrib-type="author"><name><surname>Osei-Tutu</surname>
 <given-names>Mabel K.</given-names>
 </name><degrees>PhD, RN</degrees><role>Conceptualization</role><role>Interviews</role>
 <xref ref-type="aff" rid="a1">1</xref></contrib>
 <contrib contrib-type="author"><name><surname>Lindqvist</surname><given-names>Per</given-names>
 </name><degrees>MD</degrees>
 <bio><p>Per Lindqvist is a lecturer in rural medicine.</p></bio></contrib>
 <aff id="a1"><label>1</label>School of Nursing, University of the Lakes</aff>
</contrib-group>
<author-notes><corresp>Correspondence: mko@lakes.example</corresp></author-notes>
<history><date date-type="received"><day>3</day><month>5</month><year>2024</year></date></history>
<abstract><sec><title>Aim</title><p>To hear islanders.</p></sec>
<sec><title>Results</title><p>Two themes.</p></sec></abstract>
<trans-abstract xml:lang="fr"><p>Entendre les insulaires.</p></trans-abstract>
<kwd-group><kwd>islands</kwd><kwd>focus groups</kwd></kwd-group>
</article-meta></front>
<body>
<sec sec-type="methods"><label>2</label><title>Methods</title>
 <sec><title>Setting</title>
  <p>Groups met in a boat house<xref ref-type="bibr"><sup>1</sup></xref>, H<sub>2</sub>O was
  served<fn><p>Tap water.</p></fn> and notes were kept.</p></sec>
 <p><bold>Data collection.</bold> MKO moderated all groups.</p>
 <p><bold>P3:</bold> I came by boat.</p>
 <list list-type="order"><list-item><label>1.</label><p>First topic</p></list-item>
 <list-item><p>Second topic</p></list-item></list>
</sec>
<sec><title>Results</title>
 <p>She put it so: <disp-quote><p>The sea decides.</p><attrib>(FG2, fisher)</attrib></disp-quote>
 and others agreed.</p>
 <table-wrap id="t1"><label>Table 1</label><caption><p>Who took part</p></caption>
  <table><thead><tr><th>Island</th><th>Sex</th><th>n</th></tr></thead>
  <tbody><tr><td rowspan="2">North</td><td>Women</td><td>4</td></tr>
  <tr><td>Men</td><td>3</td></tr><tr><td colspan="2">All</td><td>7</td></tr></tbody></table>
  <table-wrap-foot><fn><label>a</label><p>One person came twice.</p></fn></table-wrap-foot>
 </table-wrap>
 <fig><label>Figure 1</label><caption><title>The route.</title></caption></fig>
 <boxed-text><caption><title>Opening questions</title></caption><p>What is a ferry to you?</p>
 </boxed-text>
</sec></body>
<back><ack><p>We thank the harbour master.</p></ack>
<fn-group><fn fn-type="con"><p><bold>Contributors:</bold> MKO did the interviews.</p></fn>
<fn><p>None of us owns a boat.</p></fn></fn-group>
<sec><title>Ethics</title><p>Approved.</p></sec>
<app-group><app><title>Appendix 1</title><p>The guide.</p></app></app-group>
<ref-list><ref id="r1"><label>1</label><element-citation><person-group><name><surname>Moe</surname>
<given-names>A</given-names></name></person-group><year>2001</year><article-title>Boats</article-title>
</element-citation></ref></ref-list></back>
<sub-article article-type="translation" xml:lang="fr"><front-stub/><body><p>Texte.</p></body>
</sub-article></article>
"""


def read(source: str | bytes) -> Document:
    data = source.encode() if isinstance(source, str) else source
    return jats.read(Path("ferry.xml"), "ferry.xml", data, ReadOptions())


@pytest.fixture(scope="module")
def document() -> Document:
    return read(ARTICLE)


def text(document: Document, block: Block) -> str:
    return document.text[block.span.start : block.span.end]


def of(document: Document, role: Role) -> list[str]:
    return [text(document, block) for block in document.blocks if block.role is role]


def test_title_byline_and_authors_with_degrees(document: Document) -> None:
    assert of(document, Role.TITLE) == ["Waiting for the ferry: a focus group study"]
    assert of(document, Role.BYLINE) == ["Mabel K. Osei-Tutu, PhD, RN; Per Lindqvist, MD"]
    first, second = document.meta.authors
    assert (first.surname, first.initials, first.degrees) == ("Osei-Tutu", "MKOT", ("PhD", "RN"))
    assert second.name == "Per Lindqvist"
    assert document.meta.language == "en"


def test_front_matter_keeps_roles_notes_and_biographies(document: Document) -> None:
    assert of(document, Role.AFFILIATION) == ["1 School of Nursing, University of the Lakes"]
    metadata = of(document, Role.METADATA)
    assert "Mabel K. Osei-Tutu, PhD, RN: Conceptualization, Interviews" in metadata
    assert "Keywords: islands; focus groups" in metadata
    assert "Received 3 5 2024" in metadata
    assert "Per Lindqvist is a lecturer in rural medicine." in of(document, Role.PARAGRAPH)


def test_headings_with_levels(document: Document) -> None:
    heads = [(text(document, b), b.level) for b in document.blocks if b.role is Role.HEADING]
    assert heads == [
        ("Abstract", 1),
        ("Aim", 2),
        ("Results", 2),
        ("2 Methods", 1),
        ("Setting", 2),
        ("Data collection.", 2),
        ("Results", 1),
        ("Opening questions", 2),
        ("Acknowledgements", 1),
        ("Contributors:", 1),
        ("Ethics", 1),
        ("Appendix 1", 1),
        ("References", 1),
    ]


def test_a_speaker_is_no_heading(document: Document) -> None:
    assert "P3: I came by boat." in of(document, Role.PARAGRAPH)


def test_inline_tags_neither_lose_nor_add_spaces(document: Document) -> None:
    assert any(
        "Groups met in a boat house1, H2O was served and notes were kept." in one
        for one in of(document, Role.PARAGRAPH)
    )


def test_citations_are_marked_and_powers_are_not(document: Document) -> None:
    assert [document.text[c.start : c.end] for c in document.citations] == ["1"]
    other = read("<article><body><p>An area of 20 m<sup>2</sup> was shown.</p></body></article>")
    assert other.citations == ()


def test_notes_inside_a_sentence_follow_it(document: Document) -> None:
    assert "Tap water." in of(document, Role.FOOTNOTE)
    assert "None of us owns a boat." in of(document, Role.FOOTNOTE)


def test_a_quotation_keeps_what_says_who_spoke(document: Document) -> None:
    assert of(document, Role.BLOCK_QUOTE) == ["The sea decides. (FG2, fisher)"]
    paragraphs = of(document, Role.PARAGRAPH)
    assert "She put it so:" in paragraphs
    assert "and others agreed." in paragraphs


def test_lists_keep_their_labels(document: Document) -> None:
    assert of(document, Role.LIST_ITEM) == ["1. First topic", "Second topic"]


def test_tables_keep_their_columns_where_cells_are_spanned(document: Document) -> None:
    rows = [
        ([document.text[c.start : c.end] for c in block.cells], block.header)
        for block in document.blocks
        if block.role is Role.TABLE_ROW
    ]
    assert rows == [
        (["Island", "Sex", "n"], True),
        (["North", "Women", "4"], False),
        (["", "Men", "3"], False),
        (["All", "", "7"], False),
    ]
    assert of(document, Role.CAPTION) == ["Table 1. Who took part", "Figure 1. The route."]
    assert of(document, Role.TABLE_NOTE) == ["a One person came twice."]


def test_references_are_spelt_with_spaces(document: Document) -> None:
    assert of(document, Role.REFERENCE) == ["1 Moe A 2001 Boats"]


def test_other_texts_are_set_apart_and_said(document: Document) -> None:
    assert "Texte" not in document.text
    assert "insulaires" not in document.text
    codes = [one.code for one in document.diagnostics]
    assert "jats.sub-article" in codes
    assert "jats.translated-abstract" in codes


def test_every_unrepaired_character_stands_where_its_path_says(document: Document) -> None:
    root = etree.fromstring(ARTICLE.encode())
    checked = 0
    for segment in document.source_map.segments:
        if segment.repair is not None:
            continue
        assert segment.origin.path is not None
        path = re.sub(r"/([\w-]+)", r"/*[local-name()='\1']", segment.origin.path)
        (element,) = root.xpath(path)
        source = "".join(element.itertext())
        start = segment.origin.offset or 0
        length = segment.end - segment.start
        assert source[start : start + length] == document.text[segment.start : segment.end]
        checked += length
    assert checked > 0.9 * len("".join(document.text.split()))


def test_namespaced_and_wrapped_articles_are_found() -> None:
    document = read(
        '<record xmlns:j="urn:j"><metadata><j:article><j:body><j:p>Text of it.</j:p></j:body>'
        "</j:article></metadata></record>"
    )
    assert of(document, Role.PARAGRAPH) == ["Text of it."]


def test_named_entities_are_spelt_out_without_their_dtd() -> None:
    document = read(
        '<!DOCTYPE article SYSTEM "x.dtd"><article><body><p>30&ndash;45&nbsp;minutes</p></body>'
        "</article>"
    )
    assert document.text == "30–45 minutes"


def test_an_article_without_body_says_so() -> None:
    document = read(
        "<article><front><article-meta><abstract><p>Short.</p></abstract>"
        "</article-meta></front></article>"
    )
    assert [one.code for one in document.diagnostics] == ["jats.no-body"]


def test_an_entity_bomb_is_refused() -> None:
    bomb = '<!DOCTYPE article [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
    with pytest.raises(ReadError) as caught:
        read(f"{bomb}<article><body><p>&c;</p></body></article>")
    assert caught.value.code == "entity-bomb"


def test_an_external_entity_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not for you")
    document = read(
        f'<!DOCTYPE article [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<article><body><p>Before &x; after.</p></body></article>"
    )
    assert "not for you" not in document.text


def test_too_deep_and_not_jats_are_one_line() -> None:
    deep = "<article><body>" + "<sec>" * 150 + "<p>x</p>" + "</sec>" * 150 + "</body></article>"
    for source, code in (
        (deep, "too-deep"),
        ("<TEI><text>x</text></TEI>", "tei"),
        ("<catalogue><item>x</item></catalogue>", "not-jats"),
        ("not xml at all", "damaged"),
    ):
        with pytest.raises(ReadError) as caught:
            read(source)
        assert caught.value.code == code
        assert "\n" not in caught.value.message


def test_truncated_xml_is_read_as_far_as_it_goes() -> None:
    document = read(ARTICLE[: ARTICLE.index("She put it so")])
    assert "MKO moderated all groups." in document.text
    assert any(
        one.code == "jats.damaged" and one.level == "warning" for one in document.diagnostics
    )


def test_too_many_blocks_are_refused() -> None:
    source = "<article><body>" + "<p>x</p>" * 20 + "</body></article>"
    options = ReadOptions(limits=Limits(blocks=10))
    with pytest.raises(ReadError) as caught:
        jats.read(Path("x.xml"), "x.xml", source.encode(), options)
    assert caught.value.code == "too-large"


def test_an_abstract_in_one_paragraph_is_cut_at_its_labels() -> None:
    document = read(
        "<article><front><article-meta><abstract><p><bold>Aim:</bold> To hear. "
        "<bold>Methods</bold> "
        "We met <bold>all</bold> of them. <bold>Results.</bold> Two themes.</p></abstract>"
        "</article-meta></front><body><p>x</p></body></article>"
    )
    heads = [(text(document, b), b.level) for b in document.blocks if b.role is Role.HEADING]
    assert heads == [("Abstract", 1), ("Aim:", 2), ("Methods", 2), ("Results.", 2)]
    assert "We met all of them." in of(document, Role.PARAGRAPH)
