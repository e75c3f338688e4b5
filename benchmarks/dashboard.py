"""How long the dashboard of 2,000 submissions takes in headless Chromium.

    python benchmarks/dashboard.py [DASHBOARD.html]

Without a page, one of invented records is made. Times are of the page's own work, the layout and
paint that follow included (two animation frames), the worst of six each.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from chromium_pages import opened
from screening_records import records

COUNT = 2_000
ACTIONS = {
    "sort by errors": "document.querySelector('[data-column=\"6\"]').click()",
    "sort by name": "document.querySelector('[data-column=\"0\"]').click()",
    "filter by an item": "document.querySelector('[data-item=\"12\"]').click()",
    "filter by a word": (
        "const s = document.getElementById('search'); s.value = s.value ? '' : 'paper 1';"
        "s.dispatchEvent(new Event('input', {bubbles: true}))"
    ),
    "show all rows": (
        "const z = document.getElementById('size'); z.value = z.value === '100' ? '1000000' : '100';"
        "z.dispatchEvent(new Event('change', {bubbles: true}))"
    ),
}
TIMED = (
    "new Promise(done => {{ const start = performance.now(); (() => {{ {action} }})();"
    " requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start))); }})"
)


def measure(page_file: Path) -> None:
    """Open a page, act, print."""
    start = time.perf_counter()
    with opened(page_file) as page:
        print(f"{page_file.stat().st_size / 1e6:.1f} MB, browser started and page loaded in "
              f"{time.perf_counter() - start:.1f} s")  # fmt: skip
        print(f"rows: {page.ask('document.getElementById(`count`).textContent')}")
        for name, action in ACTIONS.items():
            times = [page.ask(TIMED.format(action=action)) for _ in range(6)]
            print(f"{name:20} {max(times):7.0f} ms")
        print("messages of the browser:", page.messages or "none")


def main() -> int:
    """Measure the page that is named, or an invented one."""
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]).resolve())
        return 0
    from coreqcheck.screening.outputs import write_all

    with tempfile.TemporaryDirectory() as folder:
        made = records(COUNT)
        write_all(Path(folder), lambda: made, "digest")
        measure(Path(folder) / "dashboard.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
