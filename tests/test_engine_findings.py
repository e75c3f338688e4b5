"""Quotations, themes and tables of codes as papers print them in different shapes."""

from __future__ import annotations

from pathlib import Path

import pytest
from manuscripts_from_text import rules

from coreqcheck.engine.assess import assess
from coreqcheck.engine.index import Index
from coreqcheck.engine.match import Matcher
from coreqcheck.evaluation.examples import verdict
from coreqcheck.language.schema import Example
from coreqcheck.model import Level
from coreqcheck.readers import ReadOptions, markdown
from coreqcheck.text.manuscript import analyse
from coreqcheck.text.sections import SectionLexicon

_HEAD = "# Waiting rooms in rural clinics\n\n## Methods\n\nWe held interviews with patients.\n\n"

RUN_IN = (
    _HEAD
    + """## Results

Three themes were found.

**Waiting as work.** Patients made plans for the hours on the bench. "I bring my beans and I shell
them, so the day is not lost" (P4). Others slept.

**The door.** All eyes were on the door. "When it opens we all get up a little, and then we sit
down again" (P11).

**Being called.** A name on the list was worth a walk. "She called me madam, and I forgot the four
hours at once" (P2).

## Discussion

Waiting is more than time lost.
"""
)

SPEAKER_FIRST = (
    _HEAD
    + """## Findings

### Waiting as work

P4: "I bring my beans and I shell them, so the day is not lost."

P9: "I know every crack in that wall, and I could draw it for you with my eyes shut."

### The door

P11: "When it opens we all get up a little, and then we sit down again."
"""
)

PSEUDONYMS = (
    _HEAD
    + """## Findings

### Waiting as work

Rosa said, "I bring my beans and I shell them, so the day is not lost." For Rosa the bench was a
kitchen. Tomas explained, "I know every crack in that wall, and I could draw it for you."

### The door

Tomas added, "When it opens we all get up a little, and then we sit down again."
"""
)

TABLE_ONLY = (
    _HEAD
    + """## Results

The findings are given in Table 2.

**Table 2. Themes, subthemes and illustrative quotations**

| Theme | Subtheme | Quotation |
|---|---|---|
| Waiting as work | Shelling beans | "I bring my beans and shell them all day long." (P4) |
| Waiting as work | Drawing walls | "I know every crack in that wall by now." (P9) |
| The door | Half rising | "When it opens we all get up a bit." (P11) |
"""
)

PROSE = (
    _HEAD
    + """## Results

Patients made plans for the hours on the bench. Many of them brought some work with them, shelled
beans or mended a shirt, and said that the day would have been lost without it. A second topic that
nearly all came back to was the door of the consulting room. When it opened they rose a little, and
they sat down again when another was called in. The list on the wall was read and read again, and
those who could not read it asked a neighbour. Towards noon the talk grew louder, children were
sent for water, and a few went home. Those who stayed told us that they did so for the walk that
they had made, which could not be made twice in a week. Being called by name at last was told as
a small feast. They spoke of the voice of the nurse and of her way of looking up from the paper. The
hours before seemed short then, and they were laughed about on the way home. Only the way itself was
never laughed about, for it was long.
"""
)

GROUPS_WITH_SPEAKERS = (
    _HEAD
    + """## Results

### Waiting as work

"I bring my beans and I shell them, so the day is not lost." (FG1, woman, 44 years)

"I know every crack in that wall, and I could draw it for you." (FG2, man, 51 years)

### The door

"When it opens we all get up a little, and then we sit down again." (FG1, woman, 29 years)
"""
)

SOME_LABELLED = (
    _HEAD
    + """## Results

### Waiting as work

"I bring my beans and I shell them, so the day is not lost." (P4)

"I know every crack in that wall, and I could draw it for you."

"You learn to sleep with your eyes open, and to hear your name through it."

### The door

"When it opens we all get up a little, and then we sit down again." (P11)
"""
)

CODES = (
    _HEAD
    + """## Results

**Table 1. Participants**

| Characteristic | Category | n |
|---|---|---|
| Sex | Female | 9 |

**Table 3. Example of the analysis**

| Meaning unit | Code | Category |
|---|---|---|
| I bring my beans | Bringing work | Waiting as work |
"""
)


@pytest.mark.parametrize(
    ("item", "text", "level"),
    [
        (29, RUN_IN, Level.REPORTED),
        (30, RUN_IN, Level.REPORTED),
        (31, RUN_IN, Level.REPORTED),
        (32, RUN_IN, Level.ABSENT),
        (29, SPEAKER_FIRST, Level.REPORTED),
        (30, SPEAKER_FIRST, Level.REPORTED),
        (31, SPEAKER_FIRST, Level.REPORTED),
        (29, PSEUDONYMS, Level.REPORTED),
        (29, TABLE_ONLY, Level.REPORTED),
        (30, TABLE_ONLY, Level.REPORTED),
        (31, TABLE_ONLY, Level.REPORTED),
        (32, TABLE_ONLY, Level.REPORTED),
        (25, TABLE_ONLY, Level.PARTIAL),
        (29, PROSE, Level.ABSENT),
        (31, PROSE, Level.PARTIAL),
        (29, GROUPS_WITH_SPEAKERS, Level.REPORTED),
        (29, SOME_LABELLED, Level.PARTIAL),
        (30, SOME_LABELLED, Level.REPORTED),
        (25, CODES, Level.REPORTED),
        (25, RUN_IN, Level.ABSENT),
    ],
)
def test_the_shape_of_the_findings_gives_the_level(item: int, text: str, level: Level) -> None:
    rule = next(r for r in rules().rules if r.item == item)
    got = verdict(rule, Example(text, level, 0, markdown=True), rules())
    assert got.level is level, [e.phrase for e in got.evidence]


def test_the_quotation_and_its_label_are_the_evidence() -> None:
    rule = next(r for r in rules().rules if r.item == 29)
    document = markdown.read(Path("a.md"), "a.md", RUN_IN.encode(), ReadOptions())
    found = analyse(document, SectionLexicon.of(rules().sections))
    first = assess(rule, Matcher(Index(found), rules().negation)).evidence[0]
    shown = found.quote(first.span)
    assert "I bring my beans" in shown
    assert "P4" in shown
    assert "Others slept" not in shown
