"""Every rule file loads, covers its item, and its examples hold."""

from __future__ import annotations

import pytest
from manuscripts_from_text import rules

from coreqcheck.evaluation import examples
from coreqcheck.model import Level

OF_PAGES = {"checklist-page", "checklist-last-page", "checklist-numbering"}


def test_all_items_are_there_once() -> None:
    assert [r.item for r in rules().rules] == list(range(1, 33))


@pytest.mark.parametrize("item", range(1, 33))
def test_the_examples_of_an_item_hold(item: int) -> None:
    failures, count = examples.run([str(item)])
    assert count > 0
    assert failures == []


@pytest.mark.parametrize("rule", rules().rules, ids=lambda r: str(r.item))
def test_each_level_has_an_example(rule) -> None:  # type: ignore[no-untyped-def]
    levels = {example.level for example in rule.examples}
    assert levels == {level for level, _ in rule.levels} | {Level.ABSENT}


@pytest.mark.parametrize("check", rules().consistency, ids=lambda c: c.check)
def test_the_examples_of_a_check_hold(check) -> None:  # type: ignore[no-untyped-def]
    failures, count = examples.run([check.check])
    assert failures == []
    # An example has no pages; what compares pages fires in test_contradictions_checklist_pages.
    wanted = {False} if check.check in OF_PAGES else {True, False}
    assert {example.fires for example in check.examples} == wanted
    assert count == len(check.examples)
