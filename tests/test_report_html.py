"""The HTML report in a real browser: from item to sentence and back, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, violations
from manuscript_formats import SOURCES

from coreqcheck import pipeline
from coreqcheck.language.load import load_rules
from coreqcheck.report import html
from coreqcheck.report.formats import RenderOptions

CONTRADICTS = SOURCES / "contradicts_itself.md"
GOOD = SOURCES / "good.md"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


def rendered(folder: Path, *sources: Path, **options: bool) -> Path:
    reports = [pipeline.check(source) for source in sources]
    made = folder / "report.html"
    made.write_text(html.render(reports, RenderOptions(**options)), "utf-8")
    return made


def written(folder: Path, text: str) -> Path:
    source = folder / "manuscript.md"
    source.write_text(text, "utf-8")
    return rendered(folder, source)


def reported(page: Any) -> str:
    """The id of an item with evidence, whichever the rules find in the sample."""
    return str(page.locator("details.item.reported:has(blockquote)").nth(1).get_attribute("id"))


class Watched:
    """A page that tells of everything it tried to run, load, or open."""

    def __init__(self, browser: Any, path: Path, **context: Any) -> None:
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        self.loaded: list[str] = []
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("requestfinished", lambda r: self.loaded.append(r.url))
        self.page.on("dialog", lambda d: (self.dialogs.append(d.message), d.dismiss()))
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("console", lambda m: self.errors.append(m.text))
        self.page.goto(path.as_uri())

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def in_view(page: Any, locator: Any) -> bool:
    """Whether an element lies within the window; waits for a smooth scroll to end."""
    for _ in range(40):
        box = locator.bounding_box()
        height = page.viewport_size["height"]
        if box and box["y"] >= 0 and box["y"] + box["height"] <= height:
            return True
        page.wait_for_timeout(50)
    return False


@pytest.mark.chromium
@pytest.mark.parametrize("width", [360, 1280])
def test_from_an_item_to_its_sentence_and_back(browser: Any, tmp_path: Path, width: int) -> None:
    made = rendered(tmp_path, CONTRADICTS)
    with Watched(browser, made, viewport={"width": width, "height": 700}) as seen:
        page = seen.page
        item = reported(page)
        assert page.locator("details.item").count() == 32
        page.locator(f"#{item} summary").click()
        quote = page.locator(f"#{item} blockquote p").first.inner_text()
        page.locator(f"#{item} blockquote a").first.click()
        marked = page.locator(".shown")
        assert " ".join("".join(marked.all_text_contents()).split()) == quote
        assert in_view(page, marked.first)
        assert marked.first.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
        assert marked.first.evaluate("e => e === document.activeElement")
        page.locator(f"#{item}").evaluate("e => { e.open = false; }")
        page.locator(".block", has=marked).locator(f'.margin a[href="#{item}"]').click()
        assert page.locator(f"#{item}").evaluate("e => e.open")
        assert in_view(page, page.locator(f"#{item} summary"))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.errors == []


@pytest.mark.chromium
def test_every_link_of_the_report_leads_somewhere(browser: Any, tmp_path: Path) -> None:
    with Watched(browser, rendered(tmp_path, CONTRADICTS, GOOD)) as seen:
        dead = seen.page.evaluate(
            "[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
            ".filter(h => !h.startsWith('#') || !document.getElementById(h.slice(1)))"
        )
        assert dead == []
        ids = seen.page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids)) > 100


@pytest.mark.chromium
def test_the_keyboard_reaches_the_sentence(browser: Any, tmp_path: Path) -> None:
    with Watched(browser, rendered(tmp_path, CONTRADICTS)) as seen:
        page = seen.page
        item = reported(page)
        page.locator(f"#{item} summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert in_view(page, page.locator(".shown").first)
        assert page.evaluate("document.activeElement.matches('mark.shown')")


@pytest.mark.chromium
def test_both_sides_of_a_contradiction_are_marked(browser: Any, tmp_path: Path) -> None:
    with Watched(browser, rendered(tmp_path, CONTRADICTS)) as seen:
        page = seen.page
        finding = page.locator(".finding", has_text="feedback on the findings")
        links = finding.locator("blockquote a")
        assert links.count() == 2
        for number in range(2):
            quote = finding.locator("blockquote p").nth(number).inner_text()
            links.nth(number).click()
            assert " ".join("".join(page.locator(".shown").all_text_contents()).split()) == quote
            assert page.locator(".shown.clash").count() >= 1


@pytest.mark.chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(browser: Any, tmp_path: Path, scheme: str, width: int) -> None:
    made = rendered(tmp_path, CONTRADICTS)
    viewport = {"width": width, "height": 800}
    with Watched(browser, made, viewport=viewport, color_scheme=scheme, bypass_csp=True) as seen:
        item = reported(seen.page)
        seen.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        seen.page.locator(f"#{item} blockquote a").first.click()
        assert violations(seen.page) == []


@pytest.mark.chromium
def test_axe_finds_nothing_in_a_report_on_several_manuscripts(browser: Any, tmp_path: Path) -> None:
    made = rendered(tmp_path, CONTRADICTS, SOURCES / "poor.md", GOOD, tmp_path / "missing.docx")
    with Watched(browser, made, bypass_csp=True) as seen:
        assert violations(seen.page) == []


@pytest.mark.chromium
def test_the_printed_report_shows_what_was_folded(browser: Any, tmp_path: Path) -> None:
    with Watched(browser, rendered(tmp_path, CONTRADICTS)) as seen:
        seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert seen.page.locator("details.item:not([open])").count() == 0


@pytest.mark.chromium
def test_on_paper_stand_the_items_the_advice_and_the_text(browser: Any, tmp_path: Path) -> None:
    import pymupdf

    printed = tmp_path / "printed.pdf"
    with Watched(browser, rendered(tmp_path, CONTRADICTS), color_scheme="dark") as seen:
        example = seen.page.locator("details.absent .example q").first.text_content()
        seen.page.pdf(path=printed, format="A4")
    with pymupdf.open(printed) as document:
        text = " ".join(" ".join(page.get_text() for page in document).split())
        paper = document[0].get_pixmap().pixel(5, 5)
    assert paper == (255, 255, 255)  # light, also where the screen is dark
    assert example in text
    assert "Five focus groups with 31 volunteers were held." in text
    assert "Skip to the report" not in text


@pytest.mark.chromium
def test_items_of_two_guidelines_do_not_get_in_each_others_way(
    browser: Any, tmp_path: Path
) -> None:
    both = load_rules(guidelines=("coreq", "srqr"))
    report = pipeline.check(CONTRADICTS, both)
    made = tmp_path / "report.html"
    made.write_text(html.render([report], RenderOptions()), "utf-8")
    with Watched(browser, made, bypass_csp=True) as seen:
        page = seen.page
        assert page.locator("details.item").count() == len(both.rules) > 32
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))
        dead = page.evaluate(
            "[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href').slice(1))"
            ".filter(id => !document.getElementById(id))"
        )
        assert dead == []
        assert page.locator(".guide").all_inner_texts() == ["COREQ, 32 items", "SRQR, 21 items"]
        page.locator("#d0-iS6 summary").click()
        assert page.locator("#d0-iS6[open]").count() == 1
        assert violations(page) == []


@pytest.mark.chromium
def test_an_item_that_was_not_found_says_what_where_and_how(browser: Any, tmp_path: Path) -> None:
    with Watched(browser, rendered(tmp_path, CONTRADICTS)) as seen:
        item = seen.page.locator("details.item.absent").first
        item.locator("summary").click()
        assert item.locator(".missing").inner_text().startswith("Not located: ")
        assert item.locator(".advice").inner_text()
        assert "it would fit under" in item.locator(".fits").inner_text().lower()
        assert item.locator(".example q").inner_text()


@pytest.mark.chromium
def test_the_level_is_told_by_shape_and_words(browser: Any, tmp_path: Path) -> None:
    with Watched(browser, rendered(tmp_path, CONTRADICTS, GOOD)) as seen:
        marks = {
            level: {
                " ".join(text.split())
                for text in seen.page.locator(f"details.{level} .level").all_inner_texts()
            }
            for level in ("reported", "partial", "declared", "absent")
        }
        borders = {
            level: seen.page.locator(f"details.{level}").first.evaluate(
                "e => getComputedStyle(e).borderLeftStyle"
            )
            for level in marks
        }
    assert marks["reported"] == {"● reported"}
    assert marks["partial"] == {"◐ partly reported"}
    assert marks["declared"] == {"◇ said not to have been done"}
    assert marks["absent"] == {"○ not located"}
    assert len(set(borders.values())) == 4


HOSTILE = """# Nurses </title><script>alert('title')</script> and <img src=x onerror=alert(2)>

**Ann <script>alert(3)</script> Lee, PhD**

## Methods </style><style>body{display:none}</style>

We interviewed 12 nurses" onmouseover="alert(4) by telephone </script><script>alert(5)</script>.
Interviews lasted 30 to 40 minutes <svg onload=alert(6)> and were audio recorded
[here](javascript:alert(7)) ]]> --> <!-- <base href="http://evil.example/">
<meta http-equiv="refresh" content="0;url=http://evil.example/">.
Interviews lasted between 60 and 90 minutes {{ 7*7 }} {% raw %} &lt;script&gt;alert(8)&lt;/script&gt;.

\u202eThe interviews were coded by two researchers using NVivo\u202c.

## Results

### Theme <iframe src="javascript:alert(9)"></iframe>

> "It <b onclick=alert(10)>hurts</b> <link rel=stylesheet href=http://evil.example/x.css>" (P1)

| Name | Age |
| --- | --- |
| <img src=http://evil.example/a.png> | 30 |
| <form action=http://evil.example/><input name=a></form> | 40 |
"""


@pytest.mark.chromium
def test_a_hostile_manuscript_runs_and_loads_nothing(browser: Any, tmp_path: Path) -> None:
    made = written(tmp_path, HOSTILE)
    with Watched(browser, made, bypass_csp=True) as seen:  # escaping alone must hold, policy or not
        page = seen.page
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        page.mouse.move(300, 300)
        page.wait_for_timeout(300)
        assert seen.requests == [made.as_uri()]
        assert seen.dialogs == []
        assert seen.errors == []
        assert page.url == made.as_uri()
        foreign = (
            "img, iframe, svg, object, embed, form, input, base, link, b, [onclick], [onerror]"
        )
        assert page.locator(foreign).count() == 0
        assert page.locator("script").count() == 1
        assert page.locator("style").count() == 1
        assert page.locator("details.item").count() == 32
        assert page.locator("body").is_visible()
        assert page.locator("a:not([href^='#'])").count() == 0


@pytest.mark.chromium
def test_the_policy_alone_stops_a_script_that_got_in(browser: Any, tmp_path: Path) -> None:
    made = rendered(tmp_path, CONTRADICTS)
    text = made.read_text("utf-8").replace(
        "</main>",
        "<script>document.title = 'ran'</script><img src=x onerror=\"document.title='ran'\"></main>",
    )
    made.write_text(text, "utf-8")
    with Watched(browser, made) as seen:
        item = reported(seen.page)
        assert seen.page.title() != "ran"
        assert seen.loaded == [made.as_uri()]
        seen.page.locator(f"#{item} summary").click()
        seen.page.locator(f"#{item} blockquote a").first.click()
        assert seen.page.locator(".shown").count() >= 1


@pytest.mark.chromium
def test_right_to_left_text_keeps_the_page_in_order(browser: Any, tmp_path: Path) -> None:
    hebrew = "\u05d4\u05de\u05e8\u05d0\u05d9\u05d9\u05e0\u05d9\u05dd "
    text = (
        f"# {hebrew * 3}\n\n## Methods\n\n{hebrew * 20}\n\n"
        f"\u202e\u2066We interviewed twelve nurses by telephone; interviews lasted 40 minutes.\n\n"
        "The interviews were audio recorded.\n"
    )
    with Watched(browser, written(tmp_path, text), viewport={"width": 360, "height": 700}) as seen:
        page = seen.page
        paragraph = page.locator(".block p", has_text=hebrew.strip()).first
        assert paragraph.evaluate("e => getComputedStyle(e).direction") == "rtl"
        last = page.locator(".block p", has_text="audio recorded").first
        assert last.evaluate("e => getComputedStyle(e).direction") == "ltr"
        assert page.locator("html").evaluate("e => getComputedStyle(e).direction") == "ltr"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.locator("#d0-i19 summary").click()
        page.locator("#d0-i19 blockquote a").first.click()
        assert in_view(page, page.locator(".shown").first)


@pytest.mark.chromium
def test_a_huge_manuscript_and_an_endless_word_still_fit(browser: Any, tmp_path: Path) -> None:
    words = "ward night round visitor corridor letter window kettle garden neighbour train".split()
    draw = random.Random(7)
    paragraphs = [f"{' '.join(draw.choices(words, k=40)).capitalize()}." for _ in range(2000)]
    text = "# A long study\n\n## Introduction\n\n" + "\n\n".join(paragraphs)
    text += f"\n\n## Methods\n\nThe interviews were audio recorded.\n\n{'x' * 5000}\n"
    with Watched(browser, written(tmp_path, text), viewport={"width": 360, "height": 700}) as seen:
        page = seen.page
        assert page.locator(".block").count() > 2000
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.locator("#d0-i19 summary").click()
        page.locator("#d0-i19 blockquote a").first.click()
        assert in_view(page, page.locator(".shown").first)


@pytest.mark.chromium
def test_the_report_works_without_scripts(browser: Any, tmp_path: Path) -> None:
    made = rendered(tmp_path, CONTRADICTS)
    with Watched(browser, made, java_script_enabled=False) as seen:
        item = reported(seen.page)
        seen.page.locator(f"#{item} summary").click()
        seen.page.locator(f"#{item} blockquote a").first.click()
        assert seen.page.locator("mark:target").count() == 1


def test_without_quotes_the_report_holds_no_text_of_the_manuscript(tmp_path: Path) -> None:
    page = rendered(tmp_path, CONTRADICTS, quotes=False).read_text("utf-8")
    assert "three declined because of shift work" not in page
    assert "Of the five groups" not in page
    assert page.count("<details") == 32
    assert "<blockquote" not in page
