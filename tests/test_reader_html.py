"""The HTML reader, on pages invented here."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest

from coreqcheck.errors import ReadError
from coreqcheck.model import Document, Role
from coreqcheck.readers import Limits, ReadOptions
from coreqcheck.readers.html import read

LONG = (
    "We sat with nine beekeepers in their sheds and asked what a bad winter does to a family, "
    "to its savings, and to the talk at table. "
)
PAGE = f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Site | Bees</title>
<meta name="citation_title" content="A bad winter: an interview study with beekeepers">
<meta name="citation_author" content="Horvat, Ema"><meta name="citation_author" content="Ola Lund">
<meta name="citation_article_type" content="Research article">
<style>p {{ color: red }}</style><script>var text = "never read";</script></head>
<body>
<div class="cookie-banner"><p>We value your privacy and bake cookies.</p></div>
<header><nav><ul><li>Home</li><li>Journals</li></ul></nav></header>
<main><article>
<h1 class="article-title">A bad winter: an interview study with beekeepers</h1>
<ul class="author-list"><li>Ema Horvat, PhD<sup>1</sup></li><li>Ola Lund</li></ul>
<div class="affiliations"><p><sup>1</sup> Hive Institute, Northport</p></div>
<section id="abstract"><h2>Abstract</h2><h3>Methods</h3><p>Nine interviews.</p></section>
<section><h2>Methods</h2>
<p><strong>Setting.</strong> Sheds &amp; kitchens <a class="ref" href="#ref-3">[3]</a> in
the north.<sup><a href="#ref-4">4</a></sup></p>
<!-- a comment --><p>Then<!-- another --> we <em>waited</em>.</p>
<p style="display:none">hidden</p>
<figure><img src="http://example.invalid/x.png" alt="a hive"><figcaption>Figure 1. A hive in
snow</figcaption></figure></section>
<section><h2>Results</h2>
<blockquote><p>We ate the sugar that was meant for them. (B4)</p></blockquote>
<p>{LONG * 20}</p>
<div class="table-wrap"><table><caption>Table 1. Beekeepers</caption>
<thead><tr><th>Name</th><th colspan="2">Hives</th></tr></thead>
<tbody><tr><td rowspan="2">Ema</td><td>before</td><td>9</td></tr>
<tr><td>after</td><td>2</td></tr></tbody></table></div>
<h2>Discussion</h2><p>{LONG * 20}</p></section>
<aside><h2>Related articles</h2><p>Ten facts about wasps.</p></aside>
<section class="ref-list"><h2>References</h2><ol><li>Lund O. Snow. 2018.</li></ol></section>
</article></main>
<footer><p>All rights reserved by the publisher.</p></footer></body></html>"""


def opened(page: str | bytes, **options: object) -> Document:
    data = page if isinstance(page, bytes) else page.encode()
    return read(Path("p.html"), "p.html", data, ReadOptions(**options))  # type: ignore[arg-type]


def texts(document: Document, *roles: Role) -> list[str]:
    wanted = set(roles)
    return [
        document.text[b.span.start : b.span.end]
        for b in document.blocks
        if not wanted or b.role in wanted
    ]


def assert_map_is_exact(document: Document, data: bytes, encoding: str = "utf-8") -> None:
    """Every mapped character stands in the text node that its path names."""
    parser = lxml.html.HTMLParser(encoding=encoding)
    tree = lxml.html.document_fromstring(data, parser=parser).getroottree()
    checked = 0
    for segment in document.source_map.segments:
        origin = segment.origin
        if origin.path is None:
            continue
        (node,) = tree.xpath(origin.path)
        source = str(node)[origin.offset :]
        shown = document.text[segment.start : segment.end]
        if segment.repair is None:
            assert source.startswith(shown)
        else:
            assert source[:1].isspace()
        checked += len(shown)
    assert checked > 0.8 * len(document.text)


def test_an_article_page_gives_the_article_and_nothing_else() -> None:
    document = opened(PAGE)
    for stray in ("privacy", "Journals", "never read", "hidden", "wasps", "rights", "a hive"):
        assert stray not in document.text
    assert [(b.level, document.text[b.span.start : b.span.end]) for b in document.blocks
            if b.role is Role.HEADING] == [
        (2, "Abstract"),
        (3, "Methods"),
        (2, "Methods"),
        (3, "Setting."),
        (2, "Results"),
        (2, "Discussion"),
        (2, "References"),
    ]  # fmt: skip
    assert texts(document, Role.TITLE) == ["A bad winter: an interview study with beekeepers"]
    assert texts(document, Role.CAPTION) == ["Figure 1. A hive in snow", "Table 1. Beekeepers"]
    assert texts(document, Role.BLOCK_QUOTE) == ["We ate the sugar that was meant for them. (B4)"]
    assert texts(document, Role.REFERENCE) == ["Lund O. Snow. 2018."]
    assert texts(document, Role.AFFILIATION) == ["1 Hive Institute, Northport"]
    assert [document.text[c.start : c.end] for c in document.citations] == ["[3]", "4"]
    assert "html.no-body" not in {d.code for d in document.diagnostics}


def test_the_head_of_the_page_and_the_by_line_complete_each_other() -> None:
    meta = opened(PAGE).meta
    assert meta.title == "A bad winter: an interview study with beekeepers"
    assert [(a.surname, a.initials, a.degrees) for a in meta.authors] == [
        ("Horvat", "EH", ("PhD",)),
        ("Lund", "OL", ()),
    ]
    assert (meta.language, meta.article_type) == ("en", "Research article")


def test_the_map_is_exact() -> None:
    assert_map_is_exact(opened(PAGE), PAGE.encode())
    odd = "<p>a<!-- b -->c<o:p>d</o:p>e <?pi?>f &lt;g&gt; <weird-tag>h</weird-tag>&nbsp;i</p>"
    assert opened(odd).text == "acde f <g> h i"
    assert_map_is_exact(opened(odd), odd.encode())


def test_cells_under_a_tall_cell_stay_empty() -> None:
    rows = [b for b in opened(PAGE).blocks if b.role is Role.TABLE_ROW]
    text = opened(PAGE).text
    assert [[text[c.start : c.end] for c in row.cells] for row in rows] == [
        ["Name", "Hives", ""],
        ["Ema", "before", "9"],
        ["", "after", "2"],
    ]
    assert [row.header for row in rows] == [True, False, False]


@pytest.mark.parametrize("structured", [True, False])
def test_a_landing_page_is_recognised(structured: bool) -> None:
    abstract = f"<p>{LONG * 6}</p>"
    if structured:
        abstract = f"<h3>Methods</h3><p>{LONG * 3}</p><h3>Results</h3><p>{LONG * 3}</p>"
    page = (
        '<html><head><meta name="citation_title" content="A bad winter and after it"></head><body>'
        f"<h1>A bad winter and after it</h1><h2>Abstract</h2>{abstract}"
        "<h2>Data availability</h2><p>On request.</p><h2>References</h2><ol>"
        f"{'<li>Lund O. Snow. 2018.</li>' * 60}</ol></body></html>"
    )
    assert "html.no-body" in {d.code for d in opened(page).diagnostics}


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ("<p>déjà vu — naïve</p>".encode(), "déjà vu — naïve"),
        ("<p>déjà vu — naïve</p>".encode("cp1252"), "déjà vu — naïve"),
        ('<meta charset="iso-8859-2"><p>žlutý kůň</p>'.encode("iso-8859-2"), "žlutý kůň"),
        ("\ufeff<p>déjà vu</p>".encode("utf-16-le"), "déjà vu"),
    ],
)
def test_encodings(data: bytes, shown: str) -> None:
    assert opened(data).text == shown


def test_breaks_quotes_and_definition_lists() -> None:
    document = opened(
        "<h2>Results</h2><p>First.<br><br>Second <q>so to say</q>.</p>"
        "<dl><dt>Shed</dt><dd>Where the hives are mended.</dd></dl>"
    )
    assert texts(document)[1:] == [
        "First.",
        "Second “so to say”.",
        "Shed",
        "Where the hives are mended.",
    ]


def test_text_outside_paragraphs_is_kept() -> None:
    document = opened("<div>Loose text <b>here</b><div>and inside</div>and after</div>")
    assert texts(document) == ["Loose text here", "and inside", "and after"]


def test_bad_pages_end_in_one_line() -> None:
    for page in ("", "<script>x</script>", "<!-- -->"):
        with pytest.raises(ReadError) as caught:
            opened(page)
        assert "\n" not in caught.value.message
    with pytest.raises(ReadError) as caught:
        opened(f"<p>{LONG * 50}</p>", limits=Limits(characters=500))
    assert caught.value.code == "too-large"


def test_deep_and_wide_pages_are_read() -> None:
    assert "deep" in opened("<div>" * 200 + "deep" + "</div>" * 200).text
    wide = "<p>" + "<b>x</b> y " * 50_000 + "</p>"
    assert opened(wide).text.startswith("x y x y")
    assert len(opened('<table><tr><td colspan="99999">a</td></tr></table>').blocks[0].cells) < 1_000


def test_entities_are_not_expanded_from_a_document_type() -> None:
    page = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><p>a &x; b</p>'
    assert "&x;" in opened(page).text
