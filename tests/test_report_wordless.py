"""``--no-quotes``: no word of a manuscript in any format."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import openpyxl
import pytest
from manuscripts_from_text import rules

from coreqcheck.checklist import fill
from coreqcheck.model import Report
from coreqcheck.pipeline import check
from coreqcheck.report.formats import FORMATS, RenderOptions, render
from coreqcheck.report.wordless import without_words

# Invented words, wherever a manuscript has words: none may come out again.
MANUSCRIPT = """# Zorvek lamps in Quillamere: interviews with plimbers

**Tamsin Ogglethwaite, PhD**; **Bertil Vrooms, MSc**

## Abstract

Four themes were identified: glimmering, snorbling, the quaddle, and fremish.

## Methods

We interviewed 14 plimbers in Quillamere. Interviews lasted between 30 and 40 minutes (mean 90
minutes). All interviews were audio recorded and transcribed by Bertil Vrooms. The findings were
returned to the participants, who gave feedback on them. We used reflexive thematic analysis. Saturation was reached.
The approval was numbered ZK-4471-QX by the Snorbling committee. Bertil Vrooms coded the data.

## Zimmeric ledgers

| Name | Age | Trade |
| --- | --- | --- |
| Wuxley | 34 | grombler |
| Yaffle | 51 | plimber |

## Results

### Glimmering

> "The lamp went zorvek and I wept." (Wuxley, grombler)

### Snorbling

> "Nobody snorbles in winter." (Yaffle, plimber)

### The quaddle

> "My quaddle broke." (P77, grombler)

### Fremish

> "It was all fremish." (Wuxley, grombler)

### Tindrel evenings

> "We tindrelled." (P3, plimber)

## Discussion

The findings were not returned to the participants for comment. One plimber refused to be recorded. XXX Wuxley.

<!-- coreqcheck: 18 not-applicable: each plimber met us once, zorvek -->

<!-- coreqcheck: saturation-fixed accepted: zorvek -->

<!-- coreqcheck: 17 zorvek: zorvek -->
"""
INVENTED = re.compile(
    r"(?i)zorvek|quillamere|plimber|oggleth|tamsin|bertil|vrooms|glimmer|snorbl|quaddle|fremish"
    r"|zimmeric|wuxley|yaffle|grombler|tindrel|ZK-44|4471-Q|\bP77\b|\bBV\b"
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("wordless") / "paper.md"
    path.write_text(MANUSCRIPT, "utf-8")
    found = check(path, rules())
    assert len(found.findings) >= 3
    assert any(a.answer for a in found.assessments)
    assert any(d.code.startswith("answer.") for d in found.diagnostics)
    assert sum(bool(a.evidence) for a in found.assessments) >= 10
    return found


def text_of(rendered: str | bytes) -> str:
    """What a person or program could read in it."""
    if isinstance(rendered, str):
        return rendered
    if b"word/document.xml" in rendered:
        document = docx.Document(io.BytesIO(rendered))
        cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
        return "\n".join([*(p.text for p in document.paragraphs), *cells])
    sheet = openpyxl.load_workbook(io.BytesIO(rendered)).active
    return "\n".join(str(c.value) for row in sheet.iter_rows() for c in row)


@pytest.mark.parametrize("form", [*sorted(FORMATS), "letter as Word file"])
def test_no_format_holds_an_invented_word(report: Report, form: str) -> None:
    suffix = ".docx" if "Word" in form else ""
    form = form.split()[0]
    shown = RenderOptions(digest="d", verbose=True, suffix=suffix)
    assert INVENTED.search(text_of(render([report], form, shown))) or form == "github"
    hidden = RenderOptions(digest="d", verbose=True, quotes=False, suffix=suffix)
    text = text_of(render([report], form, hidden))
    assert INVENTED.findall(text) == []
    assert len(text) > 500


@pytest.mark.parametrize("make", [fill.as_docx, fill.as_markdown, fill.as_csv])
def test_nor_does_the_checklist(report: Report, make: object) -> None:
    assert INVENTED.search(text_of(make(report, True)))  # type: ignore[operator]
    assert INVENTED.findall(text_of(make(report, False))) == []  # type: ignore[operator]


def test_levels_places_and_numbers_of_findings_stay(report: Report) -> None:
    bare = without_words(report)
    assert [a.level for a in bare.assessments] == [a.level for a in report.assessments]
    assert [f.check for f in bare.findings] == [f.check for f in report.findings]
    assert bare.manuscript is not None
    assert report.manuscript is not None
    for old, new in zip(report.findings, bare.findings, strict=True):
        lines = [
            [m.place(p.span).line for p in f.places]
            for m, f in ((report.manuscript, old), (bare.manuscript, new))
        ]
        assert lines[0] == lines[1]


def test_a_fixed_message_stays_and_one_with_their_words_becomes_the_checks_name(
    report: Report,
) -> None:
    said = {f.check: f.message for f in without_words(report).findings}
    assert said["participant-checking"].startswith("One place says that participants gave feedback")
    assert said["theme-count"] == "Themes counted differently."


def test_the_page_still_says_where(report: Report) -> None:
    page = str(render([report], "html", RenderOptions(quotes=False)))
    assert len(re.findall(r'<p class="places">See line \d+', page)) > 10


def test_what_could_not_be_read_is_left_alone() -> None:
    broken = check(Path("nowhere.docx"), rules())
    assert without_words(broken) == broken
