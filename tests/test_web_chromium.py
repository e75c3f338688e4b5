"""The local page in a real browser, served as people start it."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import docx
import pytest
from browser import chromium, violations
from manuscript_formats import SOURCES, to_docx

from coreqcheck.language.load import load_rules

CONTRADICTS = SOURCES / "contradicts_itself.md"
pytestmark = pytest.mark.chromium


@dataclass(frozen=True)
class Served:
    """A running ``coreqcheck serve``: its start link, and the folder its files are in."""

    link: str
    temporary: Path

    @property
    def port(self) -> int:
        return urlsplit(self.link).port or 0


@contextlib.contextmanager
def serving(temporary: Path) -> Iterator[Served]:
    # -P and no working folder: as when it is installed.
    process = subprocess.Popen(
        [sys.executable, "-m", "coreqcheck", "serve", "--no-open"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/start\?token=\S+", line)
        assert found, line
        yield Served(found[0], temporary)
    finally:
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
        assert out == ""  # standard output is for reports
    assert process.returncode == 0
    assert [p for p in temporary.iterdir() if p.name.startswith("coreqcheck-page-")] == []


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Any, served: Served) -> Iterator[Any]:
    """The page, empty, in a window of its own; nothing may go wrong in its script."""
    with opened(browser, served) as fresh:
        yield fresh


@contextlib.contextmanager
def opened(browser: Any, served: Served, **context: Any) -> Iterator[Any]:
    window = browser.new_context(**context)
    _clear(window.request, served)
    page = window.new_page()
    errors: list[str] = []
    requests: list[str] = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("console", lambda m: errors.append(m.text))
    page.on("dialog", lambda d: (errors.append(d.message), d.dismiss()))
    page.on("request", lambda r: requests.append(r.url))
    page.goto(served.link)
    page.locator("#drop").wait_for()
    page.locator("#none").wait_for()
    yield page
    expected = ("413", "connect-src", "/api/session", "ERR_CONNECTION")  # refused, as it must be
    assert [e for e in errors if not any(word in e for word in expected)] == []
    home = f"http://127.0.0.1:{served.port}/"
    assert all(r.startswith((home, f"blob:{home}")) for r in requests)
    window.close()


def _clear(http: Any, served: Served) -> None:
    """Take away what an earlier test left in the session."""
    home = f"http://127.0.0.1:{served.port}"
    assert http.get(served.link).ok
    for one in http.get(f"{home}/api/session").json()["manuscripts"]:
        assert http.delete(f"{home}/api/manuscripts/{one['id']}", headers={"Origin": home}).ok


@pytest.fixture(scope="module")
def sample() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contradicts.docx"
        to_docx(CONTRADICTS.read_text("utf-8"), path)
        yield path


def drop(page: Any, *files: Path) -> None:
    """Drop files on the page as with a mouse."""
    page.locator("#files").set_input_files(
        list(files)
    )  # Chromium reads them; then they are dropped
    chosen = page.locator("#chosen .name")
    chosen.nth(len(files) - 1).wait_for()
    names = chosen.all_inner_texts()
    assert [f.name for f in files] == names


def check(page: Any, *files: Path) -> None:
    drop(page, *files)
    page.get_by_role("button", name="Check", exact=True).click()


def done(page: Any, number: int) -> None:
    page.locator('#list li[data-stage="done"]').nth(number - 1).wait_for(timeout=90_000)


def test_a_word_file_from_drop_to_download(page: Any, sample: Path, tmp_path: Path) -> None:
    check(page, sample)
    done(page, 1)
    report = page.frame_locator("#report")
    report.locator("details.item").nth(31).wait_for()
    assert report.locator("details.item").count() == 32
    report.locator("#d0-i15 summary").click()
    page.locator("#item >> css=option:checked[value='15']").wait_for(state="attached")
    found = report.locator("details.item.reported:has(blockquote)").nth(1)
    found.locator("summary").click()
    quote = found.locator("blockquote p").first.inner_text()
    found.locator("blockquote a").first.click()
    marked = report.locator(".shown")
    assert " ".join("".join(marked.all_text_contents()).split()) == quote
    frame, box = page.locator("#report").bounding_box(), None
    for _ in range(40):
        box = marked.first.bounding_box()
        if frame["y"] <= box["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"]:
            break
        page.wait_for_timeout(50)
    else:
        raise AssertionError(f"{box} is not in view of {frame}")

    page.locator("#item").select_option("18")
    page.get_by_label("Reason, or place").fill("each group <b>met</b> once")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Your word on item 18 is").wait_for()
    report.locator("#d0-i18[open]").get_by_text("each group <b>met</b> once").wait_for()

    with page.expect_download() as waiting:
        page.get_by_role("link", name="Your manuscript with comments").click()
    copy = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(copy)
    made = docx.Document(copy)
    assert copy.name == "contradicts-commented.docx"
    assert [p.text for p in made.paragraphs] == [p.text for p in docx.Document(sample).paragraphs]
    said = [c.text for c in made.comments]
    assert any("feedback on the findings" in text for text in said)
    assert not any(text.startswith("COREQ 18 ") for text in said)


def test_files_can_be_dropped_with_the_mouse(page: Any) -> None:
    text = CONTRADICTS.read_text("utf-8")
    transfer = page.evaluate_handle(
        "text => { const t = new DataTransfer(); t.items.add(new File([text], 'dropped.md')); return t; }",
        text,
    )
    page.locator("#drop").dispatch_event("drop", {"dataTransfer": transfer})
    assert page.locator("#chosen .name").all_inner_texts() == ["dropped.md"]
    page.keyboard.press("Enter")  # the button has the focus
    done(page, 1)


def test_a_hostile_word_file_changes_nothing(page: Any, tmp_path: Path) -> None:
    evil = docx.Document()
    evil.add_heading("<img src=x onerror=alert(1)></title><script>alert(2)</script>", 0)
    evil.add_heading("Methods </style><script>alert(3)</script>", 1)
    evil.add_paragraph("We interviewed 12 nurses <script>alert(4)</script> by telephone.")
    evil.add_paragraph(
        "Interviews were audio recorded javascript:alert(5) \u202e<svg onload=alert(6)>."
    )
    path = tmp_path / "evil'\"&lt;b&gt; onload=alert(7).docx"
    evil.save(path)
    check(page, path)
    done(page, 1)
    report = page.frame_locator("#report")
    report.locator("details.item").nth(31).wait_for()
    assert report.locator("details.item").count() == 32
    assert report.locator("img, svg, iframe, b").count() == 0
    assert report.locator("script").count() == 1
    assert page.locator("#view img, #view script, #list b").count() == 0
    assert "<script>alert(2)</script>" in page.locator("#view-h").inner_text()


def test_the_report_cannot_reach_the_page(page: Any, sample: Path) -> None:
    check(page, sample)
    done(page, 1)
    frame = page.frame(url=re.compile("/report"))
    frame.wait_for_load_state()
    assert frame.evaluate("origin") == "null"
    tried = "fetch('/api/session').then(() => 'read', () => 'refused')"
    assert frame.evaluate(tried) == "refused"
    with pytest.raises(Exception, match=r"cross-origin|Blocked"):
        frame.evaluate("parent.document.title")
    # what a report might say to the page is a number, or it is nothing
    frame.evaluate("parent.postMessage({item: '1\"] , body'}, '*')")
    frame.evaluate("parent.postMessage(null, '*')")
    page.wait_for_timeout(100)


def test_a_file_that_is_too_large_is_named_with_its_remedy(page: Any, tmp_path: Path) -> None:
    big = tmp_path / "big.docx"
    with big.open("wb") as file:
        file.truncate(200_000_000)
    check(page, big)
    page.get_by_text(
        "big.docx: has 200 MB, the limit is 100 MB; reduce its images first"
    ).wait_for()


def test_the_server_stops_a_stream_at_the_limit(page: Any, served: Served) -> None:
    """A sender that keeps quiet about the size: at the limit the connection is closed."""
    cookies = page.context.cookies()
    cookie = "; ".join(f"{c['name']}={c['value']}" for c in cookies)
    headers = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{served.port}"}
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    connection.request("POST", "/api/manuscripts", b'{"name": "big.docx"}', headers)
    ident = re.search(rb'"id":"(m\d+)"', connection.getresponse().read())[1].decode()  # type: ignore[index]
    sent = 0

    def stream() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(200):
            sent += 1_000_000
            yield bytes(1_000_000)

    path = f"/api/manuscripts/{ident}/files/manuscript?name=big.docx"
    with contextlib.suppress(OSError):
        connection.request("PUT", path, stream(), headers, encode_chunked=True)
    assert 100_000_000 <= sent < 150_000_000
    page.reload()
    page.locator("#list li").get_by_text("the limit is 100 MB").wait_for()
    assert list(served.temporary.rglob("*.docx")) == []


def test_two_uploads_at_once(page: Any, sample: Path, tmp_path: Path) -> None:
    second = tmp_path / "second.md"
    second.write_text(CONTRADICTS.read_text("utf-8"), "utf-8")
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4\nnothing")
    check(page, sample, second, broken)
    done(page, 2)
    failed = page.locator('#list li[data-stage="failed"]')
    failed.wait_for()
    assert "broken.pdf" in failed.inner_text()
    assert "PDF" in failed.locator(".error").inner_text()
    page.get_by_role("button", name="Show the report on second.md").click()
    assert page.locator("#view-h").inner_text().startswith("Learning to be recorded")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("heading", name="What changed").wait_for()


def test_an_unreadable_supplement_is_shown_beside_the_report(
    page: Any, sample: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "supplement.docx"
    broken.write_bytes(b"no document")
    check(page, sample, broken)
    done(page, 1)
    assert "supplement.docx: is named .docx but" in page.locator("#problems").inner_text()


def test_a_supplement_and_a_checklist_come_with_the_manuscript(
    page: Any, sample: Path, tmp_path: Path
) -> None:
    guide = tmp_path / "supplement-guide.md"
    guide.write_text("# Interview guide\n\n1. How did the camera change a call?\n", "utf-8")
    form = docx.Document()
    form.add_heading("COREQ checklist (32 items)", 1)
    table = form.add_table(rows=0, cols=3)
    answers = {21: "10 to 20 minutes", 27: "No software was used"}
    for text in (("No.", "Item", "Reported on page"), *((str(r.item), r.name, answers.get(r.item, "p. 2")) for r in load_rules().rules)):  # fmt: skip
        for cell, words in zip(table.add_row().cells, text, strict=True):
            cell.text = words
    checklist = tmp_path / "coreq-completed.docx"
    form.save(str(checklist))
    check(page, sample, guide, checklist)
    done(page, 1)
    assert page.locator("#list li").count() == 1
    assert page.locator("#list .companions").inner_text() == (
        "with supplement-guide.md, coreq-completed.docx"
    )
    report = page.frame_locator("#report")
    report.locator("details.item").nth(31).wait_for()
    assert report.locator(".finding", has_text="checklist").count() >= 1
    assert report.locator(".finding blockquote footer", has_text="checklist").count() >= 1


def test_by_keyboard_alone(page: Any, sample: Path) -> None:
    drop(page, sample)
    assert page.evaluate("document.activeElement.id") == "go"
    page.keyboard.press("Enter")
    done(page, 1)
    page.wait_for_function("document.activeElement.id === 'view-h'")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.kind") == "annotated"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
def test_axe_finds_nothing(
    browser: Any, served: Served, sample: Path, tmp_path: Path, scheme: str, width: int
) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4\nnothing")
    other = tmp_path / "other.md"
    other.write_text(CONTRADICTS.read_text("utf-8"), "utf-8")
    settings = {
        "viewport": {"width": width, "height": 800},
        "color_scheme": scheme,
        "bypass_csp": True,
    }
    with opened(browser, served, **settings) as page:
        assert violations(page) == []
        drop(page, sample, other, broken)
        assert violations(page) == []
        page.get_by_role("button", name="Check", exact=True).click()
        done(page, 2)
        page.locator('#list li[data-stage="failed"]').wait_for()
        page.get_by_role("button", name="Compare").click()
        page.locator("#changes:not([hidden])").wait_for()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_the_start_link_there_is_only_a_hint(browser: Any, served: Served) -> None:
    window = browser.new_context()
    page = window.new_page()
    answer = page.goto(f"http://127.0.0.1:{served.port}/")
    assert answer.status == 403
    assert "link that coreqcheck printed" in page.inner_text("body")
    window.close()


def test_another_site_can_neither_read_nor_change_nor_frame(
    browser: Any, served: Served, page: Any
) -> None:
    """A foreign page in the very browser that holds the cookie."""
    home = f"http://127.0.0.1:{served.port}"
    foreign = page.context.new_page()
    foreign.route(
        "http://evil.example/", lambda r: r.fulfill(body="<p>hi</p>", content_type="text/html")
    )
    foreign.goto("http://evil.example/")
    tried = """async ([home, options]) => {
        try { return (await fetch(home, {credentials: 'include', mode: 'no-cors', ...options})).type; }
        catch (e) { return 'failed'; }
    }"""
    before = page.evaluate(
        "fetch('/api/session').then(a => a.json()).then(d => d.manuscripts.length)"
    )
    foreign.evaluate(tried, [f"{home}/api/session", {}])
    foreign.evaluate(
        tried, [f"{home}/api/manuscripts", {"method": "POST", "body": '{"name": "x"}'}]
    )
    assert (
        page.evaluate("fetch('/api/session').then(a => a.json()).then(d => d.manuscripts.length)")
        == before
    )
    foreign.evaluate(
        "home => { const f = document.createElement('iframe'); f.src = home; document.body.append(f); }",
        home,
    )
    foreign.wait_for_timeout(500)
    assert all(
        "Add a manuscript" not in (f.content() or "")
        for f in foreign.frames
        if f != foreign.main_frame
    )
    foreign.close()
