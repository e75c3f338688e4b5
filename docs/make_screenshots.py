"""Makes the pictures in ``docs/images`` from the sample manuscripts.

``report.png`` is the board of the report, ``text.png`` the manuscript in it with its marks,
``page.png`` the local page.

Run it in the project's folder: ``python docs/make_screenshots.py``. It needs Chromium and the
extras ``web`` and ``test``.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME / "tests"))
IMAGES = HOME / "docs" / "images"
SAMPLE = HOME / "sample_manuscripts" / "contradicts_itself.md"


def main() -> None:
    """Make all pictures."""
    from browser import chromium

    IMAGES.mkdir(exist_ok=True)
    with chromium() as browser:
        _report(browser)
        _page(browser)


def _report(browser: Any) -> None:
    """The board of the report, with one item open, and the contradictions above it."""
    from coreqcheck import pipeline
    from coreqcheck.report import html
    from coreqcheck.report.formats import RenderOptions

    report = pipeline.check(SAMPLE.relative_to(HOME))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "report.html"
        made.write_text(html.render([report], RenderOptions(digest=report.rules_digest)), "utf-8")
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        page.goto(made.as_uri())
        page.evaluate(
            "['d0-i5', 'd0-i12'].forEach(id => { document.getElementById(id).open = true; })"
        )
        page.locator("#d0-board").evaluate(
            "e => { scrollTo({top: e.offsetTop - 20, behavior: 'instant'}); }"
        )
        page.screenshot(path=IMAGES / "report.png")
        page.locator("#d0-f4 blockquote a").first.click()
        page.locator(".shown").first.evaluate(
            "e => { const y = e.getBoundingClientRect().top + scrollY;"
            " scrollTo({top: y - 420, behavior: 'instant'}); }"
        )
        page.wait_for_timeout(300)
        page.screenshot(path=IMAGES / "text.png")
        page.close()


def _page(browser: Any) -> None:
    """The local page with a manuscript that has been checked."""
    from manuscript_formats import to_docx

    served = subprocess.Popen(
        [sys.executable, "-m", "coreqcheck", "serve", "--no-open"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert served.stderr is not None
        link = re.search(r"http\S+", served.stderr.readline())
        assert link is not None
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(link[0])
        with tempfile.TemporaryDirectory() as folder:
            manuscript = Path(folder) / "volunteer firefighters.docx"
            to_docx(SAMPLE.read_text("utf-8"), manuscript)
            page.locator("#files").set_input_files(manuscript)
            page.get_by_role("button", name="Check", exact=True).click()
            page.frame_locator("#report").locator("details.item").nth(31).wait_for(timeout=60_000)
        page.screenshot(path=IMAGES / "page.png")
        page.close()
    finally:
        served.terminate()
        served.wait()


if __name__ == "__main__":
    main()
