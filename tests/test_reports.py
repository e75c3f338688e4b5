"""The formats that leave the program: SARIF, GitHub, CSV, XLSX, Markdown, letter, copies, checklist."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import docx
import openpyxl
import pymupdf
import pytest
from manuscript_formats import SOURCES, to_docx, to_pdf
from manuscripts_from_text import rules

from coreqcheck.checklist import fill
from coreqcheck.model import Report
from coreqcheck.pipeline import check
from coreqcheck.report import diff, docx_comments, pdf_highlights
from coreqcheck.report.formats import FORMATS, RenderOptions, render

CONTRADICTS = SOURCES / "contradicts_itself.md"
OPTIONS = RenderOptions(digest="test")


def report_on(name: str) -> Report:
    return check(SOURCES / f"{name}.md", rules())


def test_every_sarif_result_has_what_github_asks_for(tmp_path: Path) -> None:
    to_pdf((SOURCES / "poor.md").read_text("utf-8"), tmp_path / "poor.pdf")
    reports = [report_on("contradicts_itself"), check(tmp_path / "poor.pdf", rules())]
    (run,) = json.loads(render(reports, "sarif", OPTIONS))["runs"]
    known = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert run["results"]
    for result in run["results"]:
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["region"]["startLine"] >= 1
        uri = physical["artifactLocation"]["uri"]
        assert "\\" not in uri
        assert not uri.startswith(("/", "."))
        assert known[result["ruleIndex"]] == result["ruleId"]
        assert result["partialFingerprints"]["coreqcheck/v1"]
        assert result["message"]["text"]


def test_sarif_fingerprints_do_not_depend_on_lines(tmp_path: Path) -> None:
    text = CONTRADICTS.read_text("utf-8")
    path = tmp_path / "paper.md"
    prints = []
    for content in (text, text.replace("## Methods", "\n\n\n## Methods")):
        path.write_text(content, "utf-8")
        (run,) = json.loads(render([check(path, rules())], "sarif", OPTIONS))["runs"]
        prints.append({r["partialFingerprints"]["coreqcheck/v1"] for r in run["results"]})
    assert prints[0] == prints[1]


def test_github_annotations_escape_what_would_end_them() -> None:
    lines = render([report_on("contradicts_itself")], "github", OPTIONS)
    assert isinstance(lines, str)
    for line in lines.splitlines():
        assert re.match(r"::(error|warning|notice) file=[^:,]+(,line=\d+)?(,title=[^:,]*)?::", line)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_of_a_table_is_a_formula(form: str, tmp_path: Path) -> None:
    path = tmp_path / "evil.md"
    path.write_text(
        '# A\n\n## Methods\n\n=HYPERLINK("http://x","12 nurses took part in the interviews").\n',
        "utf-8",
    )
    rendered = render([check(path, rules())], form, OPTIONS)
    if isinstance(rendered, bytes):
        sheet = openpyxl.load_workbook(io.BytesIO(rendered)).active
        assert all(c.data_type in {"s", "n"} for row in sheet.iter_rows() for c in row)
    else:
        cells = [c for row in csv.reader(io.StringIO(rendered)) for c in row]
        assert not any(c.startswith(("=", "+", "-", "@")) for c in cells)


def test_markdown_of_a_manuscript_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "evil.md"
    path.write_text(
        "# A\n\n## Methods\n\nTwelve nurses took part in interviews <img src=x> [a](javascript:b) @team.\n",
        "utf-8",
    )
    for form in ("markdown", "letter"):
        text = render([check(path, rules())], form, OPTIONS)
        assert isinstance(text, str)
        assert "<img" not in text
        assert "](javascript:" not in text
        assert "@team" not in text


def test_no_quotes_leaves_no_sentence_of_the_manuscript() -> None:
    options = RenderOptions(digest="test", quotes=False)
    reports = [report_on("contradicts_itself")]
    for form in ("markdown", "letter", "csv", "html"):
        text = render(reports, form, options)
        assert "who confirmed that it reflected" not in str(text), form


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_takes_a_file_that_could_not_be_read(form: str) -> None:
    rendered = render([check("nowhere.docx", rules())], form, OPTIONS)
    assert rendered is not None


def test_word_comments_stand_on_their_sentences_and_change_no_text(tmp_path: Path) -> None:
    path = tmp_path / "paper.docx"
    to_docx(CONTRADICTS.read_text("utf-8"), path)
    before = docx.Document(str(path))
    copy = docx_comments.annotate(check(path, rules()), path.read_bytes())
    after = docx.Document(io.BytesIO(copy))
    assert [p.text for p in after.paragraphs] == [p.text for p in before.paragraphs]
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    commented = ""
    number = next(c.comment_id for c in after.comments if "gave feedback on the findings" in c.text)
    inside = False
    for element in after.element.body.iter():
        if element.get(f"{w}id") == str(number):
            inside = element.tag == f"{w}commentRangeStart"
        if inside and element.tag == f"{w}t":
            commented += element.text
    assert commented.strip() == (
        "A summary of the themes was returned to the participants, who confirmed that it reflected "
        "their views."
    )


def test_a_second_annotation_replaces_the_first(tmp_path: Path) -> None:
    path = tmp_path / "paper.docx"
    to_docx(CONTRADICTS.read_text("utf-8"), path)
    document = docx.Document(str(path))
    document.add_comment(document.paragraphs[3].runs, text="A person's own remark", author="Rosa")
    document.save(str(path))
    once = docx_comments.annotate(check(path, rules()), path.read_bytes())
    path.write_bytes(once)
    twice = docx_comments.annotate(check(path, rules()), once)
    texts = [[c.text for c in docx.Document(io.BytesIO(d)).comments] for d in (once, twice)]
    assert sorted(texts[0]) == sorted(texts[1])
    assert "A person's own remark" in texts[1]


def test_pdf_highlights_lie_on_their_words(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    to_pdf(CONTRADICTS.read_text("utf-8"), path)
    data = pdf_highlights.annotate(check(path, rules()), path.read_bytes())
    with pymupdf.open(stream=data, filetype="pdf") as document:
        page = document[0]
        highlights = [a for a in page.annots() if a.type[1] == "Highlight"]
        texts = [page.get_textbox(a.rect) for a in highlights]
        assert any("was returned to the" in t for t in texts)
        before = page.get_pixmap(annots=False).samples
        assert page.get_pixmap().samples != before


def test_the_filled_checklist_leaves_blank_what_was_not_located() -> None:
    lines = {line.item: line for line in fill.lines(report_on("poor"))}
    assert len(lines) == 32
    assert lines["28"].where == ""
    assert lines["28"].advice
    assert lines["12"].quote
    declared = {line.item: line for line in fill.lines(report_on("good"))}["23"]
    assert "said not to have been done" in declared.where


def test_the_checklist_as_word_opens_and_says_who_made_it() -> None:
    document = docx.Document(io.BytesIO(fill.as_docx(report_on("good"))))
    assert any("Prepared by software" in p.text for p in document.paragraphs)
    (table,) = document.tables
    assert [c.text for c in table.rows[0].cells][:2] == ["No.", "Item"]
    assert sum(row.cells[0].text.isdigit() for row in table.rows) == 32


def test_a_journals_form_is_filled_by_item_names_whatever_its_numbers(tmp_path: Path) -> None:
    form = docx.Document()
    table = form.add_table(rows=0, cols=3)
    for cells in (("7.", "Field notes", ""), ("8", "Duration", ""), ("x", "Something else", "")):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    out = io.BytesIO()
    form.save(out)
    filled = docx.Document(io.BytesIO(fill.into_template(report_on("good"), out.getvalue())))
    answers = [row.cells[2].text for row in filled.tables[0].rows]
    assert answers[0]
    assert answers[1]
    assert answers[2] == ""


def test_a_diff_says_what_was_gained_and_lost() -> None:
    poor, good = report_on("poor"), report_on("good")
    gained, lost = diff.render(poor, good), diff.render(good, poor)
    assert "not located -> reported" in gained
    assert "Lost" in lost
    assert "Nothing changed" in diff.render(good, good)


def test_a_diff_says_what_moved_and_which_findings_are_new_or_resolved(tmp_path: Path) -> None:
    text = CONTRADICTS.read_text("utf-8")
    sentence = "Data saturation was reached after the fourth group. "
    assert sentence in text
    moved = text.replace(sentence, "").replace("## Results\n\n", f"## Results\n\n{sentence}", 1)
    mended = moved.replace("mean 92 minutes", "mean 72 minutes")
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text(text, "utf-8")
    new.write_text(mended, "utf-8")
    parts = dict(diff.parts(check(old, rules()), check(new, rules())))
    assert any("Data saturation: from Methods to Results" in entry for entry in parts["Moved"])
    assert any("92 minutes" in entry for entry in parts["Resolved findings"])
    back = dict(diff.parts(check(new, rules()), check(old, rules())))
    assert back["New findings"] == parts["Resolved findings"]
