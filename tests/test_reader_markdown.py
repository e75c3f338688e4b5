"""Markdown in its dialects: roles, run-in heads, citations, includes, and exact places."""

from __future__ import annotations

from pathlib import Path

import pytest
from source_places import cited, misplaced, outline, rows, texts, write

from coreqcheck.errors import ReadError
from coreqcheck.model import Document, Role
from coreqcheck.readers import ReadOptions, markdown

PAPER = """# Bread at dawn: bakers on night work

**Tove Aalto-Rey, PhD, RN¹; Mihkel Saar, MSc²**

¹ School of Nursing, University of the North
² Bakery Guild, Lakeview

Correspondence: tove@north.example

## Abstract

**Aim.** To hear bakers. **Methods:** Twelve interviews.

**Keywords:** night work; bread

## Methods

**Data collection.** TAR interviewed each baker *once*,
in the **shop** itself [@moe2001; @lee2010, p. 4].

Interviewer: What woke you?

Plain text with 5 \\* 3, a_b_c, \\$4 and `code`; see
[the guide](https://x.example "t").^[In Finnish.]

<!-- a remark: we asked nobody -->

> "The oven does not wait." (P4, baker)

- First topic
- Second *topic*[^n]

[^n]: Added after the pilot.

**Table 1. Who took part**

| Sex | n |
|:----|--:|
| Women | 7 |
| A \\| B | 5 |

![The oven at night](oven.png)

```r
print("not prose")
```

Ethics
------

Approved.

### References

1. Moe A. Boats.
2. Lee B. Bread.
"""


def read(source: str, path: Path = Path("bread.md")) -> Document:
    return markdown.read(path, path.name, source.encode(), ReadOptions())


@pytest.fixture(scope="module")
def document() -> Document:
    return read(PAPER)


def test_front_matter_of_plain_markdown(document: Document) -> None:
    assert document.meta.title == "Bread at dawn: bakers on night work"
    assert [(a.initials, a.degrees) for a in document.meta.authors] == [
        ("TAR", ("PhD", "RN")),
        ("MS", ("MSc",)),
    ]
    assert len(texts(document, Role.BYLINE)) == 1
    assert (
        texts(document, Role.AFFILIATION)
        == [
            "¹ School of Nursing, University of the North",
            "² Bakery Guild, Lakeview",
        ]
        or len(texts(document, Role.AFFILIATION)) == 1
    )
    assert "Correspondence: tove@north.example" in texts(document, Role.METADATA)
    assert "Keywords: night work; bread" in texts(document, Role.METADATA)


def test_headings_run_in_heads_and_setext(document: Document) -> None:
    assert outline(document) == [
        ("Abstract", 2),
        ("Aim.", 3),
        ("Methods:", 3),
        ("Methods", 2),
        ("Data collection.", 3),
        ("Ethics", 2),
        ("References", 3),
    ]


def test_marks_are_no_text_and_literal_characters_stay(document: Document) -> None:
    assert "Plain text with 5 * 3, a_b_c, $4 and code; see the guide." in document.text
    assert "TAR interviewed each baker once, in the shop itself [" in document.text
    assert "remark" not in document.text
    assert "x.example" not in document.text


def test_citations_are_marked(document: Document) -> None:
    assert cited(document) == ["[@moe2001; @lee2010, p. 4]"]


def test_quotes_lists_notes_code_and_images(document: Document) -> None:
    assert texts(document, Role.BLOCK_QUOTE) == ['"The oven does not wait." (P4, baker)']
    assert texts(document, Role.LIST_ITEM) == ["First topic", "Second topic"]
    assert sorted(texts(document, Role.FOOTNOTE)) == ["Added after the pilot.", "In Finnish."]
    assert texts(document, Role.CODE) == ['print("not prose")']
    assert texts(document, Role.REFERENCE) == ["Moe A. Boats.", "Lee B. Bread."]


def test_a_pipe_table_and_its_caption(document: Document) -> None:
    assert rows(document) == [["Sex", "n"], ["Women", "7"], ["A | B", "5"]]
    captions = [block for block in document.blocks if block.role is Role.CAPTION]
    assert texts(document, Role.CAPTION) == ["Table 1. Who took part", "The oven at night"]
    assert captions[0].table == 0


def test_every_character_has_its_line_and_column(document: Document) -> None:
    assert misplaced(document, {None: PAPER}) == []


@pytest.mark.parametrize(
    "source",
    [
        "> - item **one**\n>   goes on\n",
        "1. a\n\n   para in *item* with `x`\n\n       indented words that are one's own here\n",
        "\tTabs first and then *words* that go on for a while as prose does\n",
        "Text\r\nwith **carriage**\r\nreturns\r\n",
        "# Heading with `code` and *stars* #\n\ntext  \nbroken\\\nlines\n",
        "| a | a |\n|---|---|\n| a | a a |\n",
        "<table><tr><th>A&amp;B</th></tr>\n<tr><td>one <b>two</b></td></tr></table>\n",
        "*a **b** c* __d__ _e_ ***f*** **g*h*i**\n",
    ],
)
def test_places_in_awkward_markup(source: str) -> None:
    document = read(source)
    assert document.text
    assert misplaced(document, {None: source}) == []


def test_yaml_front_matter() -> None:
    source = """---
title: "Nets and knots"
subtitle: A diary study
author:
  - name: Ida Brandt
    degrees: [PhD, RN]
    affiliations:
      - name: Coast University
        city: Harbour
    role: Lecturer
  - name:
      given: Olu
      family: Adeyemi-Cole
abstract: |
  Fishers wrote diaries.

  **Results:** Two themes.
keywords: [nets, diaries]
lang: en-GB
---

# Introduction

Text.
"""
    document = read(source)
    assert document.meta.title == "Nets and knots: A diary study"
    assert document.meta.language == "en"
    assert [(a.name, a.initials, a.degrees) for a in document.meta.authors] == [
        ("Ida Brandt", "IB", ("PhD", "RN")),
        ("Olu Adeyemi-Cole", "OAC", ()),
    ]
    assert texts(document, Role.AFFILIATION) == ["Coast University, Harbour"]
    assert "Lecturer" in texts(document, Role.METADATA)
    assert "Keywords: nets; diaries" in texts(document, Role.METADATA)
    assert outline(document) == [("Abstract", 1), ("Results:", 2), ("Introduction", 1)]
    assert misplaced(document, {None: source}) == []


def test_includes_are_followed_within_the_project_only(tmp_path: Path) -> None:
    files = {
        "index.qmd": "---\ntitle: T\n---\n\n{{< include parts/_methods.qmd >}}\n\nAfter.\n"
        "<!-- {{< include parts/_old.qmd >}} -->\n\n{{< include ../outside.qmd >}}\n\n"
        "{{< include parts/_gone.qmd >}}\n",
        "parts/_methods.qmd": "## Methods\n\n{{< include _deeper.qmd >}}\n",
        "parts/_deeper.qmd": "We met *twice*.\n\n{{< include _methods.qmd >}}\n",
        "parts/_old.qmd": "Superseded words.\n",
    }
    project = tmp_path / "project"
    write(project, files)
    write(tmp_path, {"outside.qmd": "Secret words.\n"})
    document = read(files["index.qmd"], project / "index.qmd")
    assert texts(document, Role.PARAGRAPH) == ["We met twice.", "After."]
    assert document.meta.files == ("parts/_methods.qmd", "parts/_deeper.qmd")
    messages = [d.message for d in document.diagnostics]
    assert any("outside" in message for message in messages)
    assert any("not found" in message for message in messages)
    assert any("includes itself" in message for message in messages)
    sources: dict[str | None, str] = {None: files["index.qmd"], **files}
    assert misplaced(document, sources) == []


def test_quarto_divs_shortcodes_and_chunks() -> None:
    source = """## Results

::: {.participant-quote}
The net was torn.
:::

There were {{< var n >}} fishers and `r nrow(x)` boats, see @fig-net and @moe2001.

```{r}
#| fig-cap: "Boats by harbour"
plot(x)
```
"""
    document = read(source)
    assert texts(document, Role.BLOCK_QUOTE) == ["The net was torn."]
    assert texts(document, Role.CAPTION) == ["Boats by harbour"]
    assert texts(document, Role.PARAGRAPH) == [
        "There were fishers and boats, see @fig-net and @moe2001."
    ]
    assert cited(document) == ["@moe2001"]
    assert "plot(x)" not in texts(document, Role.PARAGRAPH)


def test_tables_drawn_as_text() -> None:
    source = """Before.

+--------+-----+
| Sex    | n   |
+========+=====+
| Women  | 7   |
| and    |     |
| girls  |     |
+--------+-----+

: Who took part

Role      Number
-------  -------
Baker          4
Miller         2

After.
"""
    document = read(source)
    assert rows(document) == [
        ["Sex", "n"],
        ["Women and girls", "7"],
        ["Role", "Number"],
        ["Baker", "4"],
        ["Miller", "2"],
    ]
    assert texts(document, Role.CAPTION) == ["Who took part"]
    assert texts(document, Role.PARAGRAPH) == ["Before.", "After."]
    assert misplaced(document, {None: source}) == []


def test_html_tables() -> None:
    source = (
        "<table>\n<caption>Table 2. Groups</caption>\n<tr><th>Group</th><th>n</th></tr>\n"
        "<tr><td>North<br>shore</td><td>5&nbsp;men</td></tr>\n</table>\n"
    )
    document = read(source)
    assert rows(document) == [["Group", "n"], ["North shore", "5 men"]]
    assert texts(document, Role.CAPTION) == ["Table 2. Groups"]


def test_a_lone_star_or_underscore_is_text() -> None:
    document = read("Ana Reyes¹ *, Li Wei_Long² and 3 * 4\n\nsnake_case_name stays\n")
    assert "Ana Reyes¹ *, Li Wei_Long² and 3 * 4" in document.text
    assert "snake_case_name stays" in document.text


def test_indented_prose_is_a_quotation_and_indented_code_is_not() -> None:
    document = read(
        "She said:\n\n    I never slept more than four hours in all those years.\n\n"
        "and\n\n    x = f(y); z = g(x);\n"
    )
    assert texts(document, Role.BLOCK_QUOTE) == [
        "I never slept more than four hours in all those years."
    ]
    assert texts(document, Role.CODE) == ["x = f(y); z = g(x);"]


def test_nothing_to_read_is_an_error() -> None:
    with pytest.raises(ReadError) as caught:
        read("<!-- only a remark -->\n")
    assert caught.value.code == "no-text"


def test_a_completed_checklist_is_set_apart() -> None:
    items = [
        "Interviewer/facilitator",
        "Credentials",
        "Occupation",
        "Gender",
        "Experience and training",
        "Relationship established",
        "Participant knowledge of the interviewer",
        "Interviewer characteristics",
        "Methodological orientation and theory",
        "Sampling",
        "Method of approach",
        "Sample size",
    ]
    table = "".join(f"| {n} | {item} | page {n} |\n" for n, item in enumerate(items, start=1))
    source = (
        "## Methods\n\nWe interviewed ten weavers.\n\n## Appendix: COREQ checklist\n\n"
        f"| No | Item | Where |\n|---|---|---|\n{table}\n## Funding\n\nNone.\n"
    )
    document = read(source)
    checklist = texts(document, Role.CHECKLIST)
    assert checklist[0] == "Appendix: COREQ checklist"
    assert len(checklist) == 2 + len(items)
    assert outline(document) == [("Methods", 2), ("Funding", 2)]


def test_an_appendix_after_the_references_is_no_reference() -> None:
    document = read(
        "# T of it\n\n## References\n\nMoe A. Boats.\n\n### Articles\n\nLee B. Nets.\n\n"
        "### Appendix 1. Guide\n\nWhat was your first net?\n"
    )
    assert texts(document, Role.REFERENCE) == ["Moe A. Boats.", "Lee B. Nets."]
    assert texts(document, Role.PARAGRAPH) == ["What was your first net?"]
