"""A completed COREQ checklist inside a manuscript: a claim about it, not a part of it.

``label`` gives its blocks the role ``CHECKLIST``. The recogniser sees only texts and roles in
order, so that it serves every format, tables as well as flattened text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from coreqcheck.model import Block, Document, Role

_ITEMS: tuple[str, ...] = (
    r"interviewers?\W{0,3}(?:/|or|and)?\W{0,3}facilitators?",
    r"credentials",
    r"occupation",
    r"gender",
    r"experience and training",
    r"relationship established",
    r"participants?['’]? knowledge of the interviewer",
    r"interviewer characteristics",
    r"methodological orientation(?: and theory)?",
    r"sampling",
    r"method of approach",
    r"sample size",
    r"non\W{0,3}participation",
    r"setting of (?:the )?data collection",
    r"presence of non\W{0,3}participants?",
    r"description of (?:the )?sample",
    r"interview guides?",
    r"repeat interviews?",
    r"audio\W{0,3}(?:or|and)?\W{0,3}visual recordings?",
    r"field\W{0,2}notes",
    r"duration",
    r"data saturation",
    r"transcripts? returned",
    r"number of data coders?",
    r"description of (?:the )?coding tree",
    r"derivation of themes",
    r"software",
    r"participant checking",
    r"quotations presented",
    r"data and findings consistent",
    r"clarity of major themes",
    r"clarity of minor themes",
)
_KEYWORDS: tuple[str, ...] = (
    "interview|facilitat",
    "credential|degree",
    "occupation",
    "gender|sex",
    "experience|training",
    "relation",
    "participant|knowledge|knew",
    "characteristic|bias",
    "method|theory|orientation",
    "sampl|select",
    "approach",
    "size|sample",
    "non.?participa|refus|drop",
    "setting|place",
    "presen|non.?participa",
    "descri|sample|demograph",
    "guide",
    "repeat",
    "record|audio",
    "note",
    "duration",
    "saturat",
    "transcript",
    "cod|analys",
    "tree|cod",
    "deriv|theme",
    "software|program",
    "check|feedback|participant",
    "quot",
    "consist",
    "major|theme",
    "minor|theme|divers",
)
"""A word of each item's name, enough beside the item's own number."""

_NUMBERED = re.compile(
    r"\W*(?:item\W*|no\.?\s*)?(\d{1,2})[.):]?(?:\s*\||\s)\W*(.{3,60})", re.IGNORECASE
)
_LEAD = r"\W{0,5}(?:(?:item|no\.?|domain)\W{0,3})?(?:\d{1,2}[a-z]?)?\W{0,5}"
_NAME = re.compile(
    _LEAD + "(?:" + "|".join(f"(?P<i{n}>{item})" for n, item in enumerate(_ITEMS)) + r")\b",
    re.IGNORECASE,
)
# Names that are common words elsewhere count only in company.
_COMMON = frozenset({1, 2, 3, 9, 11, 16, 20, 26})
_APPENDIX = re.compile(
    r"\W*(?:supplement\w*|appendix|annex|additional file)\b.{0,60}$", re.IGNORECASE
)
_ANSWER = re.compile(r"[:?–—-]|\d|(?:what|how|which|were|was|did)\b", re.IGNORECASE)
_TITLE = re.compile(
    r"coreq|consolidated criteria for reporting qualitative|32.item checklist", re.IGNORECASE
)
_DOMAIN = re.compile(
    r"\W*(?:domain \d|research team and reflexivity|personal characteristics|"
    r"relationship with participants|study design|theoretical framework|participant selection|"
    r"data collection|data analysis|analysis and findings|reporting|setting)\b.{0,40}$",
    re.IGNORECASE,
)
_COLUMNS = re.compile(
    r"\W*(?:no\.?\s*)?(?:item|topic|guide questions?|description|reported|page|location|section)\b",
    re.IGNORECASE,
)
GAP = 24
"""How many blocks without an item's name may stand between two items (answers, questions)."""
LEAST = 8
"""How many different items make a checklist."""


def label(document: Document) -> Document:
    """``document`` with the blocks of a completed checklist labelled so."""
    blocks = document.blocks
    texts = [(document.text[b.span.start : b.span.end], b.role) for b in blocks]
    found = find(texts)
    if found is None:
        return document
    start, end = found
    relabelled: list[Block] = [
        replace(block, role=Role.CHECKLIST, level=0) if start <= index < end else block
        for index, block in enumerate(blocks)
    ]
    return replace(document, blocks=tuple(relabelled))


def find(blocks: Sequence[tuple[str, Role]]) -> tuple[int, int] | None:
    """The half-open range of blocks that are a completed COREQ checklist, if there is one."""
    hits = [(index, _items(text)) for index, (text, _) in enumerate(blocks)]
    marked = [(index, items) for index, items in hits if items]
    best: tuple[int, int, int] | None = None
    group: list[tuple[int, frozenset[int]]] = []
    for index, items in [*marked, (len(blocks) + GAP + 2, frozenset())]:
        if group and (index - group[-1][0] > GAP + 1 or _left(blocks, group[-1], (index, items))):
            seen = frozenset().union(*(i for _, i in group))
            enough = len(seen) >= LEAST and len(seen - _COMMON) >= LEAST // 2
            if enough and (best is None or len(seen) > best[2]):
                start, end = group[0][0], group[-1][0] + 1
                if not _is_prose(blocks[start:end]):
                    best = start, end, len(seen)
            group = []
        group.append((index, items))
    if best is None:
        return None
    return _start(blocks, best[0]), _end(blocks, best[1])


def _left(
    blocks: Sequence[tuple[str, Role]],
    before: tuple[int, frozenset[int]],
    now: tuple[int, frozenset[int]],
) -> bool:
    """True when an appendix begins between two items that do not follow one another."""
    near = any(0 <= one - other <= 2 for one in now[1] for other in before[1])
    between = (text for text, _ in blocks[before[0] + 1 : now[0]])
    return not near and any(_APPENDIX.match(text) for text in between)


def _is_prose(blocks: Sequence[tuple[str, Role]]) -> bool:
    """True for a methods section that takes the items' names as its headings."""
    long = sum(len(text) > 350 for text, role in blocks if role is not Role.TABLE_ROW)
    return long > len(blocks) // 5


def _items(text: str) -> frozenset[int]:
    """Indexes (from 0) of the items whose names open ``text``, or a cell or line of it."""
    if len(text) > 3000:
        return frozenset()
    found = set()
    numbered = _NUMBERED.match(text)
    if numbered and 1 <= int(numbered.group(1)) <= len(_ITEMS):
        number = int(numbered.group(1)) - 1
        if re.search(rf"\b(?:{_KEYWORDS[number]})", numbered.group(2), re.IGNORECASE):
            found.add(number)
    for part in re.split(r" \| |\n|\t", text)[:12]:
        hit = _NAME.match(part)
        if hit is None or hit.lastgroup is None:
            continue
        index = int(hit.lastgroup[1:])
        rest = part[hit.end() :].strip()
        if index not in _COMMON or (len(part) < 200 and (not rest or _ANSWER.match(rest))):
            found.add(index)
    return frozenset(found)


def _start(blocks: Sequence[tuple[str, Role]], first: int) -> int:
    """Back from the first item over the checklist's title, domains and column heads."""
    start = first
    back = first - 1
    while back >= 0 and first - back <= 15:
        text, _ = blocks[back]
        if _TITLE.search(text) and len(text) < 600:
            start = back
        elif not (len(text) < 200 and (_DOMAIN.match(text) or _COLUMNS.match(text))):
            titled = any(
                _TITLE.search(blocks[i][0]) and len(blocks[i][0]) < 600
                for i in range(max(0, back - 6), back)
            )
            if not titled:
                break
        else:
            start = back
        back -= 1
    return start


def _end(blocks: Sequence[tuple[str, Role]], last: int) -> int:
    """Forward over the answer to the last item and the checklist's own foot notes."""
    end = last
    while end < len(blocks) and end - last < 6:
        text, role = blocks[end]
        foot = re.match(
            r"\W*(?:developed from|tong a|note|abbreviation|page|p\.|yes|no\b|n/?a\b|"
            r"not applicable|was there|is there|were)",
            text,
            re.IGNORECASE,
        )
        if re.match(r"\W*(?:supplement|appendix|table|figure|box)", text, re.IGNORECASE):
            break
        short = len(text) < 60 and role not in {Role.HEADING, Role.TITLE, Role.CAPTION}
        if role is Role.HEADING or not (foot or _TITLE.search(text) or (short and end - last < 2)):
            break
        end += 1
    return end
