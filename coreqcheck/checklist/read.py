"""A completed COREQ checklist, as it came with a manuscript: which item has which answer.

Rows of a table are read by their cells; text that was a table once (out of a PDF) is cut at the
item numbers, and what stands after an item's question is its answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from coreqcheck.model import (
    Block,
    Checklist,
    ChecklistAnswer,
    Document,
    Role,
    Span,
    Stance,
)

ITEMS = 32
_FEWEST = 8  # items; with fewer it is a mention of the checklist, not one

_NAMES: dict[int, str] = {
    1: r"interviewer", 2: r"credential", 3: r"occupation", 4: r"gender|sex of", 5: r"experience|training",
    6: r"relationship", 7: r"knowledge of|knew of|what participants", 8: r"interviewer charact|characteristics of (?:the )?interv",
    9: r"methodolog", 10: r"sampling", 11: r"method of approach|approach", 12: r"sample size", 13: r"non\W*participation|refus",
    14: r"setting", 15: r"presence", 16: r"description of (?:the )?sample|sample desc", 17: r"interview guide|guide",
    18: r"repeat", 19: r"recording", 20: r"field ?notes", 21: r"duration", 22: r"saturation", 23: r"transcripts?",
    24: r"coders", 25: r"coding tree", 26: r"derivation", 27: r"software", 28: r"(?:participant|member) check",
    29: r"quotation", 30: r"consisten", 31: r"major themes", 32: r"minor themes",
}  # fmt: skip
_NAMED = {item: re.compile(source, re.IGNORECASE) for item, source in _NAMES.items()}
_ENTRY = re.compile(r"\s*(?:item\s*)?(\d{1,2})\s*[.):]?\s+(?=[A-Z(])")
_HEADING = re.compile(
    r"domain \d|personal characteristics|relationship with|^\W*participants\W*$|theoretical framework|"
    r"participant selection|^\W*setting\W*$|data collection|data analysis|^\W*reporting\W*$|and reflexivity|"
    r"research team|study design|analysis and|^\W*findings\W*$|guide questions|^\W*no\.?\s*item|reported on page",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"^\s*(?:\(?e\.?\s?g\.?|for example)", re.IGNORECASE)
_SAID = re.compile(r"(\d{2})[\s-]*items?\b", re.IGNORECASE)
_TITLE = re.compile(
    r"^\s*(?:manuscript|title|paper|study|article)(?: title)?\s*[:–-]\s*(.+)", re.IGNORECASE
)
_PAGES = re.compile(
    r"\b(?:pages?|pp?|pg)\.?(?:\s*(?:no|number|#)s?\.?)?\s*[:#]?\s*"
    r"(\d{1,4}(?:\s*(?:[-–,&]|and|to)\s*\d{1,4})*)",
    re.IGNORECASE,
)
_BARE_PAGES = re.compile(r"\s*\d{1,3}(?:\s*(?:[-–,&]|and|to)\s*\d{1,3})*\s*")
_BLANK = re.compile(r"[\s\-–—_.☐□○…/]*")
_NOT_APPLICABLE = re.compile(
    r"\W*(?:n\s*/?\s*a\b|not applicable\b|non applicable\b)", re.IGNORECASE
)
_NEGATIVE = re.compile(
    r"\W*(?:no\b(?![.:]?\s*\d)|none\b|not (?!applicable)\w+|never\b|nil\b|did not\b|were not\b|was not\b|"
    r"we did not\b|without\b)",
    re.IGNORECASE,
)
_UNREPORTED = re.compile(
    r"\W*not (?:reported|described|stated|given|mentioned|included|presented)\b", re.IGNORECASE
)
_NEGATIVE_INSIDE = re.compile(
    r"\b(?:we )?(?:did|were|was|have|has) not (?:\w+ ){0,3}(?:engage|return|carr|conduct|done|do|perform|offer|"
    r"send|sent|undertak|seek|ask|made|make|use|provid|check|repeat|record|pilot|reach)",
    re.IGNORECASE,
)


def read_checklist(document: Document) -> Checklist | None:
    """The completed checklist among a document's blocks, or ``None``.

    A blank form is a checklist too: its answers have neither text nor stance.
    """
    blocks = [b for b in document.blocks if b.role is Role.CHECKLIST]
    if not blocks:
        return None
    rows = [b for b in blocks if b.cells]
    in_table = len(rows) >= _FEWEST
    answers = _from_rows(document, rows) if in_table else _from_text(document, blocks)
    if len(answers) < _FEWEST:
        return None
    said, said_span = _first(document, blocks, _SAID)
    title, title_span = _manuscript_title(document, blocks)
    return Checklist(
        span=Span(blocks[0].span.start, blocks[-1].span.end),
        answers=tuple(answers),
        manuscript_title=title,
        manuscript_title_span=title_span,
        items_said=int(said) if said else None,
        items_said_span=said_span,
        in_table=in_table,
    )


def _text(document: Document, span: Span) -> str:
    return " ".join(document.text[span.start : span.end].split())


def _first(
    document: Document, blocks: Iterable[Block], pattern: re.Pattern[str]
) -> tuple[str | None, Span | None]:
    """The first hit in the blocks before the items start."""
    for block in blocks:
        if block.cells or _ENTRY.match(_text(document, block.span)):
            break
        hit = pattern.search(_text(document, block.span))
        # A bibliographic reference to the checklist is not its heading.
        if hit and not re.search(r"\bTong\b", _text(document, block.span)):
            return hit[1], block.span
    return None, None


def _manuscript_title(
    document: Document, blocks: Sequence[Block]
) -> tuple[str | None, Span | None]:
    """The title after "Manuscript:", which may run over into the next line."""
    for number, block in enumerate(blocks[:12]):
        hit = _TITLE.match(_text(document, block.span))
        if hit is None:
            continue
        title, span = hit[1], block.span
        follows = blocks[number + 1] if number + 1 < len(blocks) else None
        if follows is not None and title.rstrip().endswith((":", ",", "and", "of")):
            title = f"{title} {_text(document, follows.span)}"
            span = Span(span.start, follows.span.end)
        return title, span
    return None, None


# --- rows of a table


def _from_rows(document: Document, rows: Sequence[Block]) -> list[ChecklistAnswer]:
    header = next((r for r in rows if r.header), rows[0])
    page_columns = {
        n
        for n, cell in enumerate(header.cells)
        if re.search(r"page|where|location|section|line", _text(document, cell), re.IGNORECASE)
    }
    answers: dict[int, ChecklistAnswer] = {}
    last = 0
    for row in rows:
        cells = [_text(document, c) for c in row.cells]
        found = _item_of(cells) or _next_item(cells, last)
        if found is None or found[0] in answers:
            continue
        last = found[0]
        item, first_answer = found
        texts = [c for c in cells[first_answer:] if not _is_question(c)]
        pages = [p for n in page_columns if n < len(cells) for p in _pages(cells[n], bare=True)]
        pages = pages or [p for t in texts for p in _pages(t)]
        answers[item] = _answer(item, " | ".join(t for t in texts if t), row.span, pages, texts)
    return [answers[i] for i in sorted(answers)]


def _item_of(cells: Sequence[str]) -> tuple[int, int] | None:
    """The item of a row and the first cell that may answer it: by number and name, or by name."""
    for at, cell in enumerate(cells[:3]):
        number = re.match(r"\s*(?:item\s*)?(\d{1,2})\b\s*[.):]?\s*(.*)", cell, re.IGNORECASE)
        name = number[2] if number and number[2] else (cells[at + 1] if at + 1 < len(cells) else "")
        if number and 1 <= int(number[1]) <= ITEMS and _NAMED[int(number[1])].search(name):
            return int(number[1]), at + (1 if number[2] else 2)
    for at, cell in enumerate(cells[:2]):
        named = [i for i, pattern in _NAMED.items() if pattern.match(cell.strip("*: "))]
        if len(named) == 1 and len(cell.split()) <= 8:
            return named[0], at + 1
    return None


def _next_item(cells: Sequence[str], last: int) -> tuple[int, int] | None:
    """The item after ``last``, told by its number alone: its name is the form's own."""
    number = re.fullmatch(r"\s*(\d{1,2})\s*[.):]?\s*", cells[0])
    if number and int(number[1]) == last + 1 <= ITEMS and len(cells) > 2:
        return last + 1, 2
    return None


def _is_question(cell: str) -> bool:
    """Whether a cell holds the form's own question, not an answer."""
    return "?" in cell and not re.search(r"\?\s*\S+.*$", cell.split("?")[-1])


# --- text that was a table once


def _from_text(document: Document, blocks: Sequence[Block]) -> list[ChecklistAnswer]:
    starts: list[tuple[int, int]] = []  # (item, index of the block)
    expected = 1
    for index, block in enumerate(blocks):
        text = _text(document, block.span)
        hit = _ENTRY.match(text)
        if hit is None:
            continue
        item = int(hit[1])
        ahead = f"{text[hit.end() :]} {_text(document, blocks[index + 1].span) if index + 1 < len(blocks) else ''}"
        if expected <= item <= ITEMS and _NAMED[item].search(ahead):
            starts.append((item, index))
            expected = item + 1
    answers = []
    for (item, index), (_, after) in zip(starts, [*starts[1:], (0, len(blocks))], strict=True):
        answers.append(_entry(document, item, blocks[index:after]))
    return answers


def _entry(document: Document, item: int, blocks: Sequence[Block]) -> ChecklistAnswer:
    """The answer of one entry: what follows its last question mark, without examples."""
    texts = [_text(document, b.span) for b in blocks]
    asked = max((n for n, t in enumerate(texts) if "?" in t), default=0)
    rest = texts[asked].rpartition("?")[2] if "?" in texts[asked] else ""
    lines = [rest, *texts[asked + 1 :]]
    kept = _without_examples(lines)
    while kept and _HEADING.search(kept[-1]):
        kept.pop()
    last = blocks[-1]
    for block, text in zip(reversed(blocks), reversed(texts), strict=True):
        if not _HEADING.search(text) or block is blocks[0]:
            last = block
            break
    answer = " ".join(k for k in kept if k).strip()
    span = Span(blocks[0].span.start, last.span.end)
    return _answer(item, answer, span, _pages(answer), [answer])


def _without_examples(lines: Sequence[str]) -> list[str]:
    """The lines after a question, less the examples that the form itself gives ("e.g. ...")."""
    kept: list[str] = []
    dropping = False
    for line in lines:
        if dropping and line[:1].islower():
            dropping = False
            continue
        dropping = False
        hit = _EXAMPLE.match(line)
        if hit:
            dropping = not line[hit.end() :].strip(" .,")
            continue
        kept.append(line)
    return kept


# --- what an answer says


def _pages(text: str, bare: bool = False) -> list[int]:
    """The page numbers of "P. 5", "pp 5-6", "Pages 7-9 and 11"; ``bare`` allows "5, 6" alone."""
    found: list[int] = []
    runs = [hit[1] for hit in _PAGES.finditer(text)]
    if bare and not runs and _BARE_PAGES.fullmatch(text):
        runs = [text]
    for run in runs:
        for part in re.split(r"\s*(?:,|&|and)\s*", run):
            ends = [int(e) for e in re.split(r"\s*(?:[-–]|to)\s*", part.strip()) if e.isdigit()]
            if ends and ends[-1] - ends[0] < 200:
                found += range(ends[0], ends[-1] + 1)
    return found


def _stance(told: Sequence[str]) -> Stance | None:
    """Done or denied; ``None`` for "not reported", which says nothing of what was done."""
    if any(_UNREPORTED.match(p) for p in told):
        return None
    denied = any(_NEGATIVE.match(p) or _NEGATIVE_INSIDE.search(p) for p in told)
    return Stance.DENIED if denied else Stance.DONE


def _answer(
    item: int, text: str, span: Span, pages: Sequence[int], parts: Sequence[str]
) -> ChecklistAnswer:
    told = [p for p in parts if not _BLANK.fullmatch(p)]
    not_applicable = bool(told) and all(_NOT_APPLICABLE.match(p) for p in told)
    stance: Stance | None = None
    if told and not not_applicable:
        stance = _stance(told)
    return ChecklistAnswer(
        item=item,
        text=text.strip(),
        span=span,
        pages=tuple(dict.fromkeys(pages)),
        stance=stance,
        not_applicable=not_applicable,
    )
