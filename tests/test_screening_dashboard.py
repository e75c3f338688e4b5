"""The dashboard in a browser, and the outputs that do not need one."""

from __future__ import annotations

from pathlib import Path

import pytest
from chromium_pages import opened
from screening_records import records

from coreqcheck.screening.aggregates import Tally, published
from coreqcheck.screening.outputs import write_all

COUNT = 2_000


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    made = records(COUNT)
    assert write_all(folder, lambda: made, "digest") == []
    return folder


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    made = records(60)
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
        write_all(folder, lambda: made, "digest")
    one, other = ({p.name: p.read_bytes() for p in folder.iterdir()} for folder in folders)
    assert one == other
    assert len(one) == 7


def test_published_rates_cover_all_items_and_add_up_to_seventeen() -> None:
    rates = published()
    assert list(rates) == [str(number) for number in range(1, 33)]
    assert all(r.low <= r.percent <= r.high for r in rates.values())
    assert sum(r.reporting / r.studies for r in rates.values()) == pytest.approx(16.8, abs=0.1)


def test_submissions_of_another_kind_do_not_count_in_the_aggregates() -> None:
    one, other = records(2, seed=3)
    other["applicability"] = {"verdict": "other", "why": ""}
    tally = Tally()
    for made in (one, other):
        tally.add(made)
    assert {s.decided for s in tally.shares()} == {1}


@pytest.mark.chromium
def test_two_thousand_rows_sort_and_filter(out: Path) -> None:
    made = records(COUNT)
    with opened(out / "dashboard.html") as page:
        assert page.ask("document.querySelectorAll('#submissions tbody tr').length") == 100
        assert "of 2000" in page.ask("document.getElementById('count').textContent")
        page.ask("document.querySelector('[data-column=\"6\"]').click()")
        errors = (
            "Array.from(document.querySelectorAll('#submissions tbody tr'),"
            " r => r.cells[6].textContent)"
        )
        assert set(page.ask(errors)) == {"3"}
        page.ask("document.querySelector('[data-column=\"6\"]').click()")
        ascending = page.ask(errors)
        assert ascending[0] == ""
        assert ascending == sorted(ascending)
        page.ask("document.querySelector('[data-item=\"12\"]').click()")
        wanted = sum(m["status"] == "checked" and m["items"][12]["level"] == "absent" for m in made)
        assert f"of {wanted} (" in page.ask("document.getElementById('count').textContent")
        page.ask("document.querySelector('[data-item=\"12\"]').click()")
        page.ask(
            "(() => { const s = document.getElementById('search'); s.value = 'NUMBER 1999';"
            " s.dispatchEvent(new Event('input', {bubbles: true})); })()"
        )
        assert "1 to 1 of 1" in page.ask("document.getElementById('count').textContent")
        assert page.messages == []
        assert [u for u in page.requested if not u.startswith("file:")] == []
        assert len(page.requested) == 1


@pytest.mark.chromium
def test_the_page_lets_no_foreign_script_run(out: Path, tmp_path: Path) -> None:
    page_text = (out / "dashboard.html").read_text("utf-8")
    spoiled = tmp_path / "spoiled.html"
    spoiled.write_text(page_text.replace("</main>", "<script>window.evil = 1</script></main>"))
    with opened(spoiled) as page:
        assert page.ask("typeof window.evil") == "undefined"
        assert any("Content Security Policy" in m for m in page.messages)
