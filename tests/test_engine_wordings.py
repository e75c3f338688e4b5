"""Single sentences in many wordings, each with the level that a rater gives it.

The files in ``wordings`` hold one sentence a line; add a file ``item_N.txt`` for any item.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from manuscripts_from_text import rules

from coreqcheck.evaluation.examples import verdict
from coreqcheck.language.schema import Example
from coreqcheck.model import Level, SectionKind

_FILES = sorted(Path(__file__).with_name("wordings").glob("item_*.txt"))


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_each_wording_gets_its_level(path: Path) -> None:
    rule = next(r for r in rules().rules if r.item == int(path.stem.removeprefix("item_")))
    wrong = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        level, kind, text = line.split(" | ", 2)
        example = Example(text, Level(level), 0, section=SectionKind(kind))
        got = verdict(rule, example, rules()).level
        if got is not example.level:
            wrong.append(f"{level}, not {got}: {text}")
    assert wrong == []
