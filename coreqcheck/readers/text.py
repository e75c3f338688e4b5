"""Plain text: typed by hand, exported, or copied out of a PDF.

A place is a line and column (and a page, where the text marks its pages). What is a heading, a
list or a table is decided by looks; Markdown marks in a text file are understood as such.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

from coreqcheck.model import Document, Meta, Role
from coreqcheck.readers import ReadOptions, appended_checklist
from coreqcheck.readers.builder import DocumentBuilder, Run
from coreqcheck.readers.bylines import front_role, is_affiliation, is_byline
from coreqcheck.readers.decode import decode, lines_of
from coreqcheck.readers.drafts import (
    Draft,
    emit,
    is_caption,
    label_captions,
    label_front,
    label_sections,
)
from coreqcheck.readers.heads import is_known, is_speaker, strip_number
from coreqcheck.readers.lost_headings import lost_headings
from coreqcheck.readers.markdown_inline import Inline, Stretch, moved, scan
from coreqcheck.readers.run_ins import paragraph_drafts
from coreqcheck.readers.text_lines import Row, label_lines
from coreqcheck.readers.text_unrolled import unrolled

FRONT_LINES = 80
"""Lines at the top among which names and addresses are looked for."""

LONG_LINE = 160
"""Characters of a line that no one has wrapped: it is a paragraph, or most of one."""

_BULLET = re.compile(r"^\s*(?:(?:[•⇒►▪‣·○●◦■□➢✓]|[*\-–—](?=\s))\s*)+(?=\S)")
_ITEM = re.compile(r"^\s*(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)")
_HASH = re.compile(r"^\s{0,3}(#{1,6})\s+(?=\S)")
_REFERENCE = re.compile(r"^\s*(?:[-•]\s+)?(?:\[\d{1,3}\]|\d{1,3}[.)]?)\s+(?=\S)")
_TERMINAL = re.compile(r"[.!?:;…][”\"'’)\]]*(?:\s?[\d⁰¹²³⁴-⁹][\d\s,–-]*)?$")
_OPEN_END = re.compile(
    r"(?:\b(?:and|or|of|the|a|an|in|on|for|to|with|by|from|at|as|that|which|is|are|was|were)|,)$",
    re.IGNORECASE,
)
_SPACED_HYPHEN = re.compile(r"(?<=[^\W_])- (?=[^\W_])(?!(?:and|or|to|nor|und|oder|y|e)\b)")
_ARTICLE_TYPE = re.compile(
    r"(?:original |full |qualitative )?(?:research|original|review)?\s?(?:article|paper|report|study)|"
    r"original research|empirical (?:study|research)|research",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[-=_*~]{3,}\s*$")
_DECLARATION = re.compile(
    r"(?:Contributors|Contributorship|Author contributions?|Authors['’] contributions?|Funding|"
    r"Disclaimer|Competing interests?|Conflicts? of interests?|Patient consent for publication|"
    r"Patient consent|Patient and public involvement|Ethics approval|Ethical approval|Ethics|"
    r"Provenance and peer review|Data availability statement|Data sharing statement|"
    r"Acknowledge?ments|Supplemental material|Open access)"
    r"(?=\s+[A-Z(“‘])"
)
_SHOUTED = re.compile(
    r"(?:(?:\d{1,2}|[IVX]{1,4})\.?\s+)?(?:ABSTRACT|INTRODUCTION|BACKGROUND|METHODS?|METHODOLOGY|"
    r"MATERIALS AND METHODS|RESULTS|FINDINGS|RESULTS AND DISCUSSION|DISCUSSION|CONCLUSIONS?|"
    r"LIMITATIONS|RELATED WORK|ACKNOWLEDGE?MENTS|Abstract(?=\s*[—–:.]))\s*(?:[.:—–]|\b)"
    r"(?=\s*[A-Z“‘\"])(?!\s+[A-Z]{2,}\b)"
)
_IDENTIFIED = re.compile(
    r"[(\[][^()\[\]]{0,60}(?:\d|participant|nurse|doctor|patient|woman|man|male|female|student)"
    r"[^()\[\]]{0,60}[)\]][.”\"’]?$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Paragraph:
    """Lines that belong together, what they are, and furniture met among them."""

    rows: list[Row]
    role: Role = Role.PARAGRAPH
    level: int = 0
    start: int = 0
    after: list[Row] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(row.bare for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the file is laid out: wrapped at ``width``, or one paragraph a line."""

    wrapped: bool
    width: int
    marks: bool
    counts: Counter[str]


def read(path: Path, shown: str, data: bytes, options: ReadOptions) -> Document:
    """Read a text file.

    Raises:
        ReadError: binary data, no text, or too large.
    """
    builder = DocumentBuilder(shown, "text")
    rows = label_lines(lines_of(decode(data, builder, options.limits)))
    shape = _shape(rows)
    words = _Vocabulary(rows)
    drafts = list(_drafts(_rows_among_rows(list(_paragraphs(rows, shape))), shape, words))
    _label_second_copy(drafts, builder)
    authors = label_front(drafts)
    drafts = list(unrolled(drafts))
    label_sections(drafts)
    label_captions(drafts)
    _label_flat_tables(drafts)
    _label_quotes(drafts)
    _nest(drafts)
    emit(drafts, builder, options.limits)
    title = next((draft.text for draft in drafts if draft.role is Role.TITLE), None)
    pages = max((row.line.page or 0 for row in rows), default=0)
    _say_what_was_labelled(drafts, builder)
    return appended_checklist.label(
        builder.build(data, Meta(title=title, authors=authors, pages=pages or None))
    )


def _say_what_was_labelled(drafts: Sequence[Draft], builder: DocumentBuilder) -> None:
    roles = Counter(draft.role for draft in drafts if draft.style != "second-copy")
    found = [
        f"{roles[role]} {name}"
        for role, name in (
            (Role.FURNITURE, "page marks or running heads"),
            (Role.WATERMARK, "stamps"),
            (Role.LINE_NUMBER, "line numbers"),
        )
        if roles[role]
    ]
    if found:
        builder.diagnose("text.furniture", f"set apart from the text: {', '.join(found)}")


def _shape(rows: Sequence[Row]) -> _Shape:
    prose = [row for row in rows if row.role is None and not row.blank]
    lengths = sorted(len(row.bare) for row in prose)
    pairs = sum(
        1
        for before, now in pairwise(rows)
        if not before.blank and not now.blank and before.role is None and now.role is None
    )
    long = lengths[int(len(lengths) * 0.9)] if lengths else 0
    full = [length for length in lengths if length > 0.5 * long]
    wrapped = bool(prose) and long <= 130 and pairs > 0.25 * len(prose)
    text = "\n".join(row.line.text for row in rows)
    hits = len(
        re.findall(
            r"^#{1,6} \S|\*\*[^*\n]{2,80}\*\*|\^\{\d|^[ \t]*\|[^\n]*\|[ \t]*$", text, re.MULTILINE
        )
    )
    counts = Counter(row.bare for row in prose)
    return _Shape(wrapped, int(median(full)) if full else 80, hits >= 2, counts)


# -- paragraphs ------------------------------------------------------------------------------------


def _paragraphs(rows: Sequence[Row], shape: _Shape) -> Iterator[_Paragraph]:
    """Group prose lines; furniture follows the paragraph in which it stands."""
    current: _Paragraph | None = None
    gap = True
    references = False
    for index, row in enumerate(rows):
        if row.role is not None:
            if current is not None:
                current.after.append(row)
            else:
                yield _Paragraph([row], row.role)
            continue
        if row.blank or _RULE.match(row.line.text):
            gap = True
            continue
        following = _next(rows, index)
        gap = gap or _stands_apart(current, row)
        if current is not None and not _starts_new(current, row, gap, following, shape, references):
            current.rows.append(row)
            gap = False
            continue
        if current is not None:
            gap = gap or current.role is Role.HEADING
            yield current
        current = _opened(row, gap, following, shape, references)
        if current.role is Role.HEADING:
            references = bool(
                re.match(r"(?:references?|bibliography)\b", _title(row.bare), re.IGNORECASE)
            )
        gap = False
    if current is not None:
        yield current


def _stands_apart(current: _Paragraph | None, row: Row) -> bool:
    """A short line below a heading, or below a line that is a paragraph of its own."""
    if current is None or len(row.bare) > 110 or row.bare[:1].islower():
        return False
    if current.role is Role.HEADING:
        return not (current.text.isupper() and row.bare.isupper())
    return len(current.rows[-1].bare) > LONG_LINE


def _rows_among_rows(paragraphs: list[_Paragraph]) -> Iterator[_Paragraph]:
    """A short line without bars right between rows of a table is a row that heads others."""
    for index, paragraph in enumerate(paragraphs):
        beside = paragraphs[max(index - 1, 0) : index + 2]
        if (
            paragraph.role is Role.PARAGRAPH
            and len(paragraph.rows) == 1
            and len(paragraph.text) < 100
            and len(beside) == 3
            and all(one.role is Role.TABLE_ROW for one in beside[::2])
            and beside[2].rows[0].line.number - beside[0].rows[0].line.number == 2
        ):
            paragraph.role = Role.TABLE_ROW
        yield paragraph


def _title(text: str) -> str:
    return strip_number(text.strip("#* "))


def _next(rows: Sequence[Row], index: int) -> tuple[Row | None, bool]:
    """The next prose line and whether an empty line stands before it."""
    gap = False
    for row in rows[index + 1 : index + 40]:
        if row.role is not None:
            continue
        if row.blank:
            gap = True
            continue
        return row, gap
    return None, True


def _opened(
    row: Row, gap: bool, following: tuple[Row | None, bool], shape: _Shape, references: bool
) -> _Paragraph:
    """A new paragraph that begins with ``row``."""
    text = row.line.text
    hashes = _HASH.match(text, row.start) if shape.marks else None
    if hashes:
        return _Paragraph([row], Role.HEADING, len(hashes.group(1)), hashes.end())
    if references and not is_known(row.bare):
        return _Paragraph([row], Role.REFERENCE, start=row.start)
    if _is_row(text):
        return _Paragraph([row], Role.TABLE_ROW, start=row.start)
    level = _heading_level(row, gap, following, shape)
    if level:
        return _Paragraph([row], Role.HEADING, level, row.start)
    bullet = _BULLET.match(text, row.start) or _ITEM.match(text, row.start)
    if bullet:
        numbered = _ITEM.match(text, row.start)
        return _Paragraph([row], Role.LIST_ITEM, start=row.start if numbered else bullet.end())
    return _Paragraph([row], start=row.start)


def _is_row(text: str) -> bool:
    """A line of cells, set apart by bars or tabs."""
    bare = text.strip()
    if "\t" in text.strip(" ") and bare and len(bare) < 2000 and not text.startswith("\t"):
        return True
    return (
        bare.count("|") >= 1
        and bool(re.search(r"\S\s*\|\s*\S|^\|.*\|$", bare))
        and (" | " in bare or bare.startswith("|"))
    )


def _starts_new(
    current: _Paragraph,
    row: Row,
    gap: bool,
    following: tuple[Row | None, bool],
    shape: _Shape,
    references: bool,
) -> bool:
    """True when ``row`` does not go on with the paragraph before it."""
    text = row.bare
    if current.role in {Role.HEADING, Role.TABLE_ROW} or _is_row(row.line.text):
        return not (current.role is Role.HEADING and _heading_goes_on(current, row, gap, shape))
    if shape.marks and _HASH.match(row.line.text):
        return True
    if references:
        after = bool(is_known(text) and text[0].isupper() and text[-1] != ".")
        return gap or after or bool(_REFERENCE.match(row.line.text)) or not shape.wrapped
    last = current.rows[-1].bare
    if _BULLET.match(row.line.text, row.start):
        return True
    if is_known(text) and not text[0].islower():
        return True
    if row.line.number <= FRONT_LINES and is_byline(text) and not is_byline(last):
        return True
    ended = bool(_TERMINAL.search(last))
    hyphen = bool(re.search(r"[^\W\d_]-$", last)) and text[:1].islower()
    if hyphen:
        return False
    stopped = bool(re.search(r"[.:?!][”\"’)]*$", last)) or gap or current.role is Role.LIST_ITEM
    if stopped and _ITEM.match(row.line.text, row.start):
        return True
    if gap:
        return ended or not _goes_on(current, text, shape)
    if not shape.wrapped:
        return not (text[:1].islower() and not ended) and not _OPEN_END.search(last)
    if _heading_level(row, gap or ended, following, shape):
        return True
    short = len(last) < 0.62 * shape.width
    if short and ended and current.role is Role.LIST_ITEM:
        return True
    if not short or text[:1].islower():
        return False
    return ended or (row.line.number <= FRONT_LINES and _is_line_of_front(last))


def _is_line_of_front(text: str) -> bool:
    return is_byline(text) or is_affiliation(text)


def _heading_goes_on(current: _Paragraph, row: Row, gap: bool, shape: _Shape) -> bool:
    """A heading of two lines: all capitals, or the first ends in the middle."""
    last, text = current.rows[-1].bare, row.bare
    if gap or len(current.rows) > 2 or is_known(last):
        return False
    if last.isupper() and text.isupper() and not is_known(text):
        return True
    return bool(_OPEN_END.search(last)) and len(text) < 0.8 * shape.width


def _goes_on(current: _Paragraph, text: str, shape: _Shape) -> bool:
    """True when a paragraph runs on over an empty line, as at the foot of a column."""
    last = current.rows[-1].bare
    if is_known(last) or is_caption(current.text):
        return False
    if text[:1].islower():
        return len(last) > 0.4 * shape.width or len(current.rows) > 1 or not shape.wrapped
    return bool(_OPEN_END.search(last)) and len(last) > 0.7 * shape.width


# -- headings --------------------------------------------------------------------------------------


def _heading_level(row: Row, gap: bool, following: tuple[Row | None, bool], shape: _Shape) -> int:
    """The depth of a line that looks like a heading, 0 when it does not."""
    text = row.bare.strip("*")
    if len(text) > 120 or not text or not any(char.isalpha() for char in text):
        return 0
    caps, rest = _leading_capitals(text)
    if caps and is_known(caps) and len(rest) < 50 and rest[-1:] not in {".", "!", "?"}:
        return 1
    if is_caption(text) or _BULLET.match(text) or is_speaker(text) or _DECLARATION.match(text):
        return 0
    if _ARTICLE_TYPE.fullmatch(text):
        return 0
    if is_known(text):
        after = following[0]
        if not gap and after is not None and _BULLET.match(after.line.text):
            return 0  # the second line of a cell ("Intermediate / Discussions") before a list
        number = re.match(r"\d+(\.\d+)*", text)
        if number:
            return number.group().count(".") + 1
        return 0 if text[0].islower() else (1 if text.isupper() or _is_major(text) else 2)
    if shape.counts[row.bare] >= 3:
        return 0
    level = _level_by_look(text, gap, following, shape)
    early = row.line.number <= FRONT_LINES
    return 0 if level and early and front_role(text) is not None else level


def _level_by_look(text: str, gap: bool, following: tuple[Row | None, bool], shape: _Shape) -> int:
    after, gap_after = following
    if after is None or re.search(r"[.,;:!?]$|^[a-z(\[“\"‘'’]", text) or _OPEN_END.search(text):
        return 0
    words = text.split()
    letters = [char for char in text if char.isalpha()]
    following_text = after.bare
    number = re.match(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+[A-Z“‘\"']", text)
    plain_number = number is not None and not re.search(r"\d$|[?(]", text)
    if number and plain_number and len(words) <= 14 and (gap or gap_after):
        return number.group(1).count(".") + 1
    shouted = len(letters) >= 5 and all(char.isupper() for char in letters)
    if shouted and len(words) <= 14 and (gap or gap_after):
        return 1
    if len(words) > 12 or len(text) > 90 or not gap or not text[0].isupper():
        return 0
    if re.search(r"\d$|\d{4}|[@|=%]|https?:", text):
        return 0
    width = max(shape.width, len(following_text))
    prosaic = re.search(r"\b(?:was|were|is|are|we|our|has|have|had|this|these|it|they)\b", text)
    room = not shape.wrapped or len(text) < (0.75 if prosaic else 0.97) * width
    ends = re.search(r"[.!?)”\"’]$", following_text) is not None and gap_after
    prose = len(following_text) > (0.6 * shape.width if shape.wrapped else 35 if ends else 110)
    capital = bool(re.match(r"[A-Z“‘\"'(•⇒\-\d]", following_text))
    return 2 if room and prose and capital else 0


def _leading_capitals(text: str) -> tuple[str, str]:
    """ "METHODS Study design": the words in capitals, and the rest."""
    hit = re.match(
        r"((?:[A-Z][A-Z&]{2,}|AND|OF|THE)(?:\s+(?:[A-Z&]{3,}|AND|OF|&))*)(?:\s+(.*))?$", text
    )
    return (hit.group(1), hit.group(2) or "") if hit else ("", "")


_MAJOR = re.compile(
    r"(?:abstract|summary|background|introduction|(?:materials? and |patients and )?methods?|"
    r"methodology|results?|findings|discussion|conclusions?|references|bibliography|"
    r"acknowledge?ments?|results and discussion|declarations|appendi\w+|supplement\w* \w+)",
    re.IGNORECASE,
)


def _is_major(text: str) -> bool:
    return _MAJOR.fullmatch(strip_number(text)) is not None


# -- from paragraphs to drafts ---------------------------------------------------------------------


def _drafts(paragraphs: Iterator[_Paragraph], shape: _Shape, words: _Vocabulary) -> Iterator[Draft]:
    table = -1
    in_table = False
    for paragraph in paragraphs:
        if paragraph.role in {Role.FURNITURE, Role.WATERMARK, Role.LINE_NUMBER}:
            yield from _asides(paragraph.rows)
            continue
        if paragraph.role is Role.TABLE_ROW:
            table += 0 if in_table else 1
            yield from _row_drafts(paragraph, table, shape)
        else:
            yield from _block_drafts(paragraph, shape, words)
        in_table = paragraph.role is Role.TABLE_ROW
        yield from _asides(paragraph.after)
    yield from ()


def _asides(rows: Sequence[Row]) -> Iterator[Draft]:
    """Furniture: one block for each stretch of lines with the same label."""
    group: list[Row] = []
    for row in rows:
        if group and (row.role is not group[-1].role or row.role is Role.FURNITURE):
            yield _aside(group)
            group = []
        group.append(row)
    if group:
        yield _aside(group)


def _aside(rows: Sequence[Row]) -> Draft:
    stretches = [s for s in (_stretch(row, 0) for row in rows) if s is not None]
    return Draft(rows[0].role or Role.FURNITURE, scan(stretches, marks=False).runs)


def _stretch(row: Row, start: int) -> Stretch | None:
    text = row.line.text
    start = max(start, row.start)
    while start < len(text) and text[start].isspace():
        start += 1
    end = len(text.rstrip())
    return Stretch(row.line, start, end) if end > start else None


def _block_drafts(paragraph: _Paragraph, shape: _Shape, words: _Vocabulary) -> Iterator[Draft]:
    starts = [paragraph.start, *(0 for _ in paragraph.rows[1:])]
    pairs = zip(paragraph.rows, starts, strict=True)
    stretches = [s for s in (_stretch(row, start) for row, start in pairs) if s is not None]
    if not stretches:
        return
    inline = scan(stretches, marks=shape.marks)
    inline.runs = words.repaired(inline.runs)
    if paragraph.role is Role.HEADING:
        yield from _heading_drafts(inline, paragraph.level, stretches)
        return
    if paragraph.role is not Role.PARAGRAPH:
        yield Draft(paragraph.role, inline.runs)
        return
    split = _declaration(inline)
    if split is None:
        yield from paragraph_drafts(inline, 1)
        return
    level = 1 if _SHOUTED.match(inline.runs[0].text) else 2
    yield Draft(Role.HEADING, split[0], level, "run-in")
    yield Draft(Role.PARAGRAPH, split[1])


def _heading_drafts(inline: Inline, level: int, stretches: Sequence[Stretch]) -> Iterator[Draft]:
    text = inline.text
    caps, rest = _leading_capitals(text)
    if rest and is_known(caps) and len(inline.runs) == 1:
        first = inline.runs[0]
        cut = first.text.find(rest[:10])
        if cut > 0:
            yield Draft(Role.HEADING, [Run(first.text[:cut], first.origin)], level, "look")
            yield Draft(Role.HEADING, [moved(first, cut)], level + 1, "look")
            return
    yield Draft(Role.HEADING, inline.runs, level, "look")


def _declaration(inline: Inline) -> tuple[list[Run], list[Run]] | None:
    """ "Funding The study was paid by ...": the name of a declaration, then its text."""
    if not inline.runs:
        return None
    first = inline.runs[0]
    hit = _DECLARATION.match(first.text) or _SHOUTED.match(first.text)
    if hit is None or hit.end() >= len(first.text.rstrip()):
        return None
    end = hit.end()
    lost = lost_headings(first.text)
    if lost and lost[0].start == 0 and first.text[: lost[0].end].isupper():
        end = max(end, lost[0].end)  # "RESULTS AND DISCUSSION Our ..."
    head = Run(first.text[:end], first.origin, first.repair, first.citation)
    return [head], [moved(first, end), *inline.runs[1:]]


def _row_drafts(paragraph: _Paragraph, table: int, shape: _Shape) -> Iterator[Draft]:
    row = paragraph.rows[0]
    text = row.line.text
    if re.fullmatch(r"[\s|:+\-=]+", text):
        return
    cells: list[list[Run]] = []
    at = len(text) - len(text.lstrip(" "))
    end = len(text.rstrip(" "))
    closed = text[end - 1 : end] == "|"
    if text[at : at + 1] == "|" and (at == 0 or closed):
        at += 1  # else an empty first cell stands before the bar
    if closed:
        end -= 1
    pieces: list[tuple[int, int]] = []
    pattern = re.compile(r"\t") if "\t" in text else re.compile(r"\|")
    start = at
    for hit in pattern.finditer(text, at, end):
        pieces.append((start, hit.start()))
        start = hit.end()
    pieces.append((start, end))
    while len(pieces) > 1 and not text[pieces[-1][0] : pieces[-1][1]].strip():
        pieces.pop()
    if len(pieces) == 1:
        a, b = pieces[0]
        yield from _single_cell(row, a, b, table, shape)
        return
    if is_caption(text[pieces[0][0] : pieces[0][1]].strip()) and not any(
        text[a:b].strip() for a, b in pieces[1:]
    ):
        yield Draft(Role.CAPTION, _cell(row, *pieces[0], shape), table=table)
        return
    for a, b in pieces:
        cells.append(_cell(row, a, b, shape))
    yield Draft(Role.TABLE_ROW, cells=cells, table=table)


def _single_cell(row: Row, start: int, end: int, table: int, shape: _Shape) -> Iterator[Draft]:
    """A row whose other cells are empty: a caption, a heading of rows, or a note."""
    runs = _cell(row, start, end, shape)
    text = row.line.text[start:end].strip()
    if is_caption(text):
        yield Draft(Role.CAPTION, runs, table=table)
    elif len(text) > 25 and text.endswith("."):
        yield Draft(Role.TABLE_NOTE, runs, table=table)
    else:
        yield Draft(Role.TABLE_ROW, cells=[runs], table=table)


def _cell(row: Row, start: int, end: int, shape: _Shape) -> list[Run]:
    text = row.line.text
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end <= start:
        return []
    return scan([Stretch(row.line, start, end)], marks=shape.marks).runs


# -- repairs ---------------------------------------------------------------------------------------


_COMPOUNDING = frozenset(
    {"long", "short", "well", "self", "non", "face", "decision", "evidence", "first", "second"}
    | {"third", "one", "two", "three", "four", "five", "six", "year", "semi"}
)
"""First parts that keep their hyphen, unless the document writes the joined word."""


class _Vocabulary:
    """The document's own words: they decide about hyphens at the ends of lines."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.words: Counter[str] = Counter()
        self.compounds: Counter[str] = Counter()
        broken = False
        for row in rows:
            if row.role is not None or row.blank:
                continue
            text = row.bare.lower()
            tokens = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*-?", text)
            if broken and tokens:
                tokens = tokens[1:]
            broken = bool(re.search(r"[^\W\d_]-$", text))
            if broken and tokens:
                tokens = tokens[:-1]
            for token in tokens:
                self.words.update(token.strip("-").split("-"))
                if "-" in token.strip("-"):
                    self.compounds[token] += 1

    def keeps_hyphen(self, left: str, right: str) -> bool:
        """True when "left-" at a line's end is a compound, not a broken word."""
        left, right = left.lower(), right.lower()
        tail = left.rsplit("-", 1)[-1]
        if self.compounds[f"{left}-{right}"] and not self.words[left + right]:
            return True
        if self.words[tail + right]:
            return False
        if tail in _COMPOUNDING and len(right) > 3:
            return True
        return len(tail) > 2 and len(right) > 2 and self.words[tail] > 1 and self.words[right] > 1

    def repaired(self, runs: list[Run]) -> list[Run]:
        """Runs with broken words joined, and spaces after hyphens inside words left out."""
        out: list[Run] = []
        joined = False
        for index, run in enumerate(runs):
            following = runs[index + 1] if index + 1 < len(runs) else None
            text = run.text
            keep = None
            if following is not None and text.endswith("-\n"):
                left = re.search(r"[^\W\d_]+(?:-[^\W\d_]+)*(?=-\n$)", text)
                right = re.match(r"[^\W\d_]+", following.text)
                if left and right and right.group()[0].islower():
                    keep = self.keeps_hyphen(left.group(), right.group())
                    run = _shortened(run, 1 if keep else 2)
                elif re.search(r"[\w]-\n$", text) and re.match(r"\w", following.text):
                    keep = True  # "COVID-" before "19": a compound with a number or name
                    run = _shortened(run, 1)
            out.extend(_without_spaces(run, joined))
            joined = keep is not None
        return out


def _shortened(run: Run, count: int) -> Run:
    return Run(run.text[:-count], run.origin, run.repair, run.citation)


def _without_spaces(run: Run, joined: bool) -> Iterator[Run]:
    """The pieces of a run; the first word is marked when it was joined to the line before."""
    at = 0
    if joined:
        word = re.match(r"\w+", run.text)
        if word:
            yield Run(word.group(), run.origin, "hyphen-joined", run.citation)
            at = word.end()
    for hit in _SPACED_HYPHEN.finditer(run.text):
        if hit.start() < at:
            continue
        yield _slice(run, at, hit.start() + 1, None)
        word = re.compile(r"\w+").match(run.text, hit.end())
        at = word.end() if word else hit.end()
        yield _slice(run, hit.end(), at, "space-joined")
    if at < len(run.text):
        yield _slice(run, at, len(run.text), None)


def _slice(run: Run, start: int, end: int, repair: str | None) -> Run:
    rest = moved(run, start) if start else run
    return Run(rest.text[: end - start], rest.origin, repair or run.repair, run.citation)


# -- what the whole decides ------------------------------------------------------------------------


def _label_second_copy(drafts: list[Draft], builder: DocumentBuilder) -> None:
    """The same body given twice (abstract and body from two layers of a PDF): the later one."""
    seen: set[int] = set()
    shares: list[tuple[int, float]] = []
    for draft in drafts:
        words = re.findall(r"\w+", draft.text.lower()) if draft.cells is None else []
        shingles = [hash(tuple(words[i : i + 6])) for i in range(len(words) - 5)]
        known = sum(shingle in seen for shingle in shingles)
        shares.append((len(words), known / len(shingles) if shingles else 0.0))
        if draft.role not in {Role.FURNITURE, Role.WATERMARK}:
            seen.update(shingles)
    marked = 0
    for start, end in _repeated(shares):
        for draft in drafts[start:end]:
            if draft.role not in {Role.WATERMARK, Role.LINE_NUMBER}:
                draft.role, draft.level, draft.style = Role.FURNITURE, 0, "second-copy"
                marked += len(draft.text.split())
    if marked:
        builder.diagnose(
            "text.second-copy",
            f"some text stands in the file twice; its second copy ({marked} words) is not searched",
            level="warning",
        )


def _repeated(shares: Sequence[tuple[int, float]]) -> Iterator[tuple[int, int]]:
    """Ranges of drafts in which nearly every longer one was read before."""
    start: int | None = None
    last = total = 0
    for index, (words, share) in enumerate([*shares, (100, 0.0)]):
        if words >= 12 and share > 0.75:
            start = index if start is None else start
            last, total = index, total + words
        elif words >= 12 and start is not None:
            if total >= 400:
                yield start, last + 1
            start, total = None, 0


def _label_flat_tables(drafts: list[Draft]) -> None:
    """Below "Table 1 ..." short lines that end in numbers are rows; abbreviations are its note."""
    number = 1 + max((d.table for d in drafts if d.table is not None), default=-1)
    index = 0
    while index < len(drafts):
        caption = drafts[index]
        index += 1
        if caption.role is not Role.CAPTION or not re.match(
            r"table\b", caption.text, re.IGNORECASE
        ):
            continue
        if caption.table is not None and any(d.cells for d in drafts[index : index + 2]):
            continue
        end = index
        while end < len(drafts) and _is_flat(drafts[end]):
            end += 1
        rows = [d for d in drafts[index:end] if d.role is not Role.FURNITURE]
        if sum(_numbered_cells(d) is not None for d in rows) < 2:
            continue
        caption.table = number
        for draft in rows:
            cells = _numbered_cells(draft)
            draft.role, draft.level, draft.table = Role.TABLE_ROW, 0, number
            draft.cells = cells or [draft.runs]
        if end < len(drafts) and re.match(r"[A-Z]{2,6}[,:=] ", drafts[end].text):
            drafts[end].role, drafts[end].table = Role.TABLE_NOTE, number
        number += 1
        index = end


def _is_flat(draft: Draft) -> bool:
    if draft.role in {Role.FURNITURE, Role.WATERMARK}:
        return True
    lines = {run.origin.line for run in draft.runs}
    return (
        draft.cells is None
        and draft.role in {Role.PARAGRAPH, Role.HEADING, Role.LIST_ITEM}
        and len(draft.text) <= 60
        and len(lines) <= 2
        and not draft.text.endswith(".")
        and not (draft.role is Role.HEADING and is_known(draft.text) and len(draft.text) > 6)
    )


def _numbered_cells(draft: Draft) -> list[list[Run]] | None:
    """A label and the figures after it, as cells."""
    if len(draft.runs) != 1:
        return None
    run = draft.runs[0]
    hit = re.match(
        r"(.*?[^\W\d_].*?)\s+(\d[\d.,]*%?(?:\s*[(\[]\d[\d.,–-]*\s*%?[)\]])?)((?:\s+\d[\d.,]*%?"
        r"(?:\s*\(\d[\d.,–-]*\s*%?\))?)*)\s*$",
        run.text,
    )
    if hit is None:
        return None
    cells = [[_slice(run, 0, hit.end(1), None)], [_slice(run, hit.start(2), hit.end(2), None)]]
    for more in re.finditer(r"\d[\d.,]*%?(?:\s*\(\d[\d.,–-]*\s*%?\))?", hit.group(3)):
        at = hit.start(3) + more.start()
        cells.append([_slice(run, at, at + len(more.group()), None)])
    return cells


def _label_quotes(drafts: Sequence[Draft]) -> None:
    """A paragraph that is somebody's words alone, with a label that says whose."""
    before = ""
    for draft in drafts:
        if draft.role in {Role.FURNITURE, Role.WATERMARK}:
            continue
        text = draft.text
        if draft.role is Role.PARAGRAPH and 20 < len(text) < 2500 and _is_quote(text, before):
            draft.role = Role.BLOCK_QUOTE
        before = text


def _nest(drafts: Sequence[Draft]) -> None:
    """Give sub-headings their depth where the text shows no numbers.

    Where headings with a line or two of introduction alternate with several that have a fuller
    text, again and again in one section, the fuller ones belong below.
    """
    section: list[tuple[Draft, bool]] = []
    for index, draft in enumerate([*drafts, Draft(Role.HEADING, level=1)]):
        if draft.role is not Role.HEADING:
            continue
        if draft.level == 2 and draft.style == "look":
            section.append((draft, _is_introduced(drafts, index)))
        elif draft.level < 2:
            _nest_section(section)
            section = []


def _is_introduced(drafts: Sequence[Draft], index: int) -> bool:
    """True when nothing but a short plain paragraph stands between a heading and the next."""
    words = 0
    for draft in drafts[index + 1 : index + 4]:
        if draft.role is Role.HEADING:
            return words <= 60
        if draft.role is not Role.PARAGRAPH or re.search(r"[“\"]", draft.text):
            return False
        words += len(draft.text.split())
    return False


def _nest_section(section: Sequence[tuple[Draft, bool]]) -> None:
    heads = [index for index, (_, introduced) in enumerate(section) if introduced]
    if len(heads) < 2 or heads[0] != 0:
        return
    families = [end - start - 1 for start, end in pairwise([*heads, len(section)])]
    if min(families) < 2:
        return
    for draft, introduced in section:
        draft.level = 2 if introduced else 3


def _is_quote(text: str, before: str) -> bool:
    named = bool(_IDENTIFIED.search(text[-130:]))
    whole = re.match(r"[“\"‘'’]", text) is not None and (
        named or re.search(r"[”\"’']\W*$", text) is not None
    )
    inner = re.search(r"[“”\"]", text[1:-1]) is not None
    if whole and len(re.findall(r"[“\"]", text)) <= 2:
        return True
    speaks = re.search(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|us|me|[Yy]ou)\b", text) is not None
    return named and speaks and not inner and (before.endswith(":") or _one_label(text))


def _one_label(text: str) -> bool:
    """True when the only brackets with a number are the ones at the end."""
    return len(re.findall(r"\((?:[A-Z]{1,4}\s?\d|participant|nurse|patient)", text)) == 1
