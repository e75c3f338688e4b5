"""Comments in a Word file: where Word lets them stand, and nothing else of the file touched."""

from __future__ import annotations

import copy
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pymupdf
import pytest
from docx.oxml import parse_xml
from lxml import etree
from manuscript_formats import SOURCES, to_docx
from manuscripts_from_text import rules
from office import as_pdf

from coreqcheck.model import FindingPlace, Report, Severity, Span
from coreqcheck.pipeline import check
from coreqcheck.report import docx_comments, remarks
from coreqcheck.report.remarks import AUTHOR

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
MARKS = ("commentRangeStart", "commentRangeEnd")


def annotated(path: Path) -> bytes:
    return docx_comments.annotate(check(path, rules()), path.read_bytes())


def made(folder: Path, name: str = "contradicts_itself") -> Path:
    path = folder / f"{name}.docx"
    to_docx((SOURCES / f"{name}.md").read_text("utf-8"), path)
    return path


def part(data: bytes, name: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def anchors(data: bytes) -> list[tuple[str, str]]:
    """What each comment says, and the text that it covers."""
    root, comments = part(data, "word/document.xml"), part(data, "word/comments.xml")
    said = {c.get(f"{W}id"): "\n".join(_text(p) for p in c.iter(f"{W}p")) for c in comments}
    covered: dict[str, list[str]] = {number: [] for number in said}
    open_ = set()
    for element in root.iter():
        if element.tag == f"{W}commentRangeStart":
            open_.add(element.get(f"{W}id"))
        elif element.tag == f"{W}commentRangeEnd":
            open_.discard(element.get(f"{W}id"))
        elif element.tag in {f"{W}t", f"{W}delText"}:
            for number in open_:
                covered[number].append(element.text or "")
    assert not open_
    return [(said[n], "".join(pieces).strip()) for n, pieces in covered.items()]


def _text(element: Any) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t"))


def bare(data: bytes) -> bytes:
    """The main document without comment marks, cut runs put together again."""
    root = part(data, "word/document.xml")
    for mark in [e for name in MARKS for e in root.iter(f"{W}{name}")]:
        mark.getparent().remove(mark)
    for reference in list(root.iter(f"{W}commentReference")):
        run = reference.getparent()
        run.getparent().remove(run)
    for run in list(root.iter(f"{W}r")):
        while run.getparent() is not None:
            after = run.getnext()
            if after is None or after.tag != run.tag or _looks(after) != _looks(run):
                break
            run.extend([c for c in after if c.tag != f"{W}rPr"])
            after.getparent().remove(after)
        _join(run)
    for text in root.iter(f"{W}t", f"{W}delText"):
        text.attrib.pop(SPACE, None)
    return etree.tostring(root, method="c14n")


def _looks(run: Any) -> tuple[bytes, ...]:
    return (*(etree.tostring(c, method="c14n") for c in run.iterchildren(f"{W}rPr")), str(sorted(run.attrib.items())).encode())  # fmt: skip


def _join(run: Any) -> None:
    for text in list(run.iterchildren(f"{W}t", f"{W}delText")):
        before = text.getprevious()
        if before is not None and before.tag == text.tag:
            before.text = (before.text or "") + (text.text or "")
            run.remove(text)


# --- nothing else changes


def rich_file(folder: Path) -> Path:
    """A manuscript with a link, tracked changes, a table, a footnote, a text box, a comment."""
    path = made(folder)
    document = docx.Document(str(path))
    for paragraph in document.paragraphs:
        if paragraph.text.startswith("Volunteers at two stations"):
            _link_and_changes(document, paragraph)
        if paragraph.text.startswith("We thank both stations"):
            paragraph._p.append(parse_xml(TEXT_BOX))
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Aspect", "What was done"
    table.cell(1, 0).text = "Recording"
    table.cell(1, 1).text = "None of the groups was recorded in any way."
    document.add_comment(document.paragraphs[3].runs, text="A person's remark", author="Rosa")
    document.save(str(path))
    _with_footnote(path)
    return path


def _link_and_changes(document: Any, paragraph: Any) -> None:
    """The paragraph's one run cut in three: plain, in a link, and tracked as inserted."""
    (run,) = paragraph.runs
    one, two = run.text.index("Each group lasted"), run.text.index("All five groups")
    texts = run.text[:one], run.text[one:two], run.text[two:]
    run.text = texts[0]
    relation = document.part.relate_to("https://example.org/", docx.opc.constants.RELATIONSHIP_TYPE.HYPERLINK, is_external=True)  # fmt: skip
    link = parse_xml(
        f'<w:hyperlink {NS} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{relation}"/>'
    )
    inserted = parse_xml(f'<w:ins {NS} w:id="901" w:author="Rosa" w:date="2024-01-01T00:00:00Z"/>')
    for wrapper, text in ((link, texts[1]), (inserted, texts[2])):
        piece = copy.deepcopy(run._r)
        wrapper.append(piece)
        piece.find(f"{W}t").text = text
        piece.find(f"{W}t").set(SPACE, "preserve")
        paragraph._p.append(wrapper)


TEXT_BOX = (
    f'<w:r {NS} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape style="width:90pt;height:40pt">'
    "<v:textbox><w:txbxContent><w:p><w:r><w:t>All interviews were held by one person, DPM, and no"
    " group was recorded on tape.</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)
FOOTNOTES = (
    f'<w:footnotes {NS}><w:footnote w:id="-1" w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:id="2"><w:p><w:r><w:t>The interviews were not recorded, since nobody agreed to it.'
    "</w:t></w:r></w:p></w:footnote></w:footnotes>"
)


def _with_footnote(path: Path) -> None:
    """A footnote to the first sentence of the results, made by hand: python-docx makes none."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    content = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    parts["word/footnotes.xml"] = FOOTNOTES.encode()
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>",
        f'<Override PartName="/word/footnotes.xml" ContentType="{content}"/></Types>'.encode(),
    )
    parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="rIdNotes" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode(),
    )
    root = etree.fromstring(parts["word/document.xml"])
    cited = next(p for p in root.iter(f"{W}p") if _text(p).startswith("The participants were 25"))
    cited.append(parse_xml(f'<w:r {NS}><w:footnoteReference w:id="2"/></w:r>'))
    parts["word/document.xml"] = etree.tostring(root)
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    return rich_file(tmp_path)


def test_no_xml_changes_but_comments(rich: Path) -> None:
    before, after = rich.read_bytes(), annotated(rich)
    assert bare(after) == bare(before)
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert new.namelist() == old.namelist()
        changed = [n for n in old.namelist() if old.read(n) != new.read(n)]
    assert sorted(changed) == ["word/comments.xml", "word/document.xml"]


def test_a_file_without_comments_gets_the_part_and_its_announcement(tmp_path: Path) -> None:
    path = made(tmp_path)
    before, after = path.read_bytes(), annotated(path)
    assert bare(after) == bare(before)
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert set(new.namelist()) - set(old.namelist()) == {"word/comments.xml"}
        changed = {n for n in old.namelist() if old.read(n) != new.read(n)}
    assert changed == {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    assert len(list(docx.Document(io.BytesIO(after)).comments)) > 20


def test_a_second_run_gives_the_very_same_file(rich: Path) -> None:
    once = annotated(rich)
    rich.write_bytes(once)
    assert annotated(rich) == once
    comments = docx.Document(io.BytesIO(once)).comments
    assert [c.text for c in comments if c.author == "Rosa"] == ["A person's remark"]


def test_when_all_is_mended_the_old_comments_go(tmp_path: Path) -> None:
    path = made(tmp_path, "good")
    first = annotated(path)
    report = check(path, rules())
    path.write_bytes(first)
    quiet = Report(**{**{f: getattr(report, f) for f in report.__dataclass_fields__}, "assessments": (), "findings": ()})  # fmt: skip
    after = docx_comments.annotate(quiet, first)
    assert not list(docx.Document(io.BytesIO(after)).comments)
    assert not list(part(after, "word/document.xml").iter(*(f"{W}{m}" for m in MARKS)))


def test_a_comment_for_each_item_and_each_side(rich: Path) -> None:
    report = check(rich, rules())
    after = docx_comments.annotate(report, rich.read_bytes())
    texts = [c.text for c in docx.Document(io.BytesIO(after)).comments if c.author == AUTHOR]
    told = [a for a in report.assessments if a.decided and a.level in {"absent", "partial"}]
    sides = sum(len(f.places) for f in report.findings)
    assert len(told) > 8
    assert len(texts) == len(told) + sides
    for item in told:
        assert sum(t.startswith(f"COREQ {item.item} ") for t in texts) == 1


# --- where they stand


def placed(rich: Path, sentence: str) -> tuple[bytes, str]:
    """The copy with one remark on ``sentence``, and what that comment covers."""
    report = check(rich, rules())
    assert report.manuscript is not None
    start = report.manuscript.text.index(sentence)
    span = Span(start, start + len(sentence))
    base = report.findings[0]
    finding = type(base)(
        check="test",
        kind="other",
        severity=Severity.NOTE,
        message="Here.",
        places=(FindingPlace(span, sentence),),
    )
    only = Report(report.path, report.manuscript, report.applicability, findings=(finding,))
    assert len(list(remarks.remarks(only))) == 1
    after = docx_comments.annotate(only, rich.read_bytes())
    return after, dict(anchors(after)).get("Here.", "")


@pytest.mark.parametrize(
    ("sentence", "wrapper"),
    [
        ("Each group lasted between 60 and 85 minutes (mean 92 minutes).", "hyperlink"),
        ("All five groups were audio recorded and transcribed.", "ins"),
        ("None of the groups was recorded in any way.", "tc"),
    ],
)
def test_in_links_insertions_and_tables_it_stands_on_its_sentence(
    rich: Path, sentence: str, wrapper: str
) -> None:
    after, covered = placed(rich, sentence)
    assert covered == sentence
    (start,) = [
        e
        for e in part(after, "word/document.xml").iter(f"{W}commentRangeStart")
        if e.get(f"{W}id") != "0"
    ]
    assert any(e.tag == f"{W}{wrapper}" for e in start.iterancestors())


def test_over_the_edge_of_a_link_it_covers_both_sides(rich: Path) -> None:
    sentence = "training rooms. Each group lasted"
    assert placed(rich, sentence)[1] == sentence


def test_a_remark_in_a_footnote_moves_to_where_the_note_is_cited(rich: Path) -> None:
    after, _ = placed(rich, "The interviews were not recorded, since nobody agreed to it.")
    root = part(after, "word/document.xml")
    (start,) = [e for e in root.iter(f"{W}commentRangeStart") if e.get(f"{W}id") != "0"]
    assert start.getnext().find(f"{W}footnoteReference") is not None
    with zipfile.ZipFile(io.BytesIO(after)) as package:
        assert b"comment" not in package.read("word/footnotes.xml")


def test_a_remark_in_a_text_box_moves_to_the_run_that_holds_it(rich: Path) -> None:
    after, _ = placed(rich, "no group was recorded on tape")
    root = part(after, "word/document.xml")
    (start,) = [e for e in root.iter(f"{W}commentRangeStart") if e.get(f"{W}id") != "0"]
    assert start.getnext().find(f"{W}pict") is not None
    assert not any(e.tag == f"{W}txbxContent" for e in start.iterancestors())


def test_a_page_break_in_a_run_counts_nothing(tmp_path: Path) -> None:
    path = tmp_path / "paper.docx"
    document = docx.Document()
    document.add_heading("A study of nurses on wards", 0)
    document.add_heading("Methods", 1)
    run = document.add_paragraph().add_run("We interviewed 12 nurses in their homes. ")
    run.add_break(docx.enum.text.WD_BREAK.PAGE)
    run.add_text("The interviews were audio recorded. They were transcribed by a typist.")
    document.save(str(path))
    assert placed_simple(path, "The interviews were audio recorded.") == (
        "The interviews were audio recorded."
    )


def placed_simple(path: Path, sentence: str) -> str:
    report = check(path, rules())
    assert report.manuscript is not None
    start = report.manuscript.text.index(sentence)
    places = (FindingPlace(Span(start, start + len(sentence)), sentence),)
    finding = docx_finding(places)
    only = Report(report.path, report.manuscript, report.applicability, findings=(finding,))
    return dict(anchors(docx_comments.annotate(only, path.read_bytes())))["Here."]


def docx_finding(places: tuple[FindingPlace, ...]) -> Any:
    from coreqcheck.model import Finding

    return Finding("test", "other", Severity.NOTE, "Here.", places)


def test_the_strict_variant_stays_strict(tmp_path: Path) -> None:
    path = made(tmp_path)
    transitional = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(transitional, strict)
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    with zipfile.ZipFile(io.BytesIO(annotated(path))) as package:
        text = package.read("word/document.xml")
    assert strict in text
    assert transitional not in text
    assert b"commentRangeStart" in text


# --- another program's view


@pytest.mark.libreoffice
def test_libreoffice_shows_every_comment_at_its_sentence(tmp_path: Path) -> None:
    path = rich_file(tmp_path)
    copy_ = tmp_path / "copy.docx"
    copy_.write_bytes(annotated(path))
    own = [(_plain(text), covered) for text, covered in anchors(copy_.read_bytes())]
    with pymupdf.open(as_pdf(copy_)) as printed:
        notes = [(p, a) for p in printed for a in p.annots() if a.type[1] == "Text"]
        said = [_plain(a.info["content"]) for _, a in notes]
        assert sorted(said) == sorted(text for text, _ in own)
        found = 0
        for (page, note), text in zip(notes, said, strict=True):
            ends = [" ".join(covered.split()[-2:]) for t, covered in own if t == text]
            if not all(ends):
                continue  # at a note's mark or at a box, which have no words of the text
            lines = [line for end in ends for line in page.search_for(end)]
            if lines:
                found += 1
                assert min(abs(line.y1 - note.rect.y0) for line in lines) < 30, text
        assert found > 0.8 * len(notes)


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text)
