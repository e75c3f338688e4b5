"""From a flow of paragraphs to blocks with roles: what is a heading, a caption, a quotation.

The format's own word counts first (styles, outline levels, elements); looks and signposts decide
the rest: a short bold line above prose is a heading, "Table 2." opens a caption, what follows
"References" is references.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from coreqcheck.model import Author, Role
from coreqcheck.readers import bylines, flow_unrolled, heads, signposts
from coreqcheck.readers.flow import (
    BREAK,
    Item,
    Look,
    Paragraph,
    Piece,
    Table,
    joined,
    lines,
    parted,
    text_of,
)

FRONT_ITEMS = 60
"""How many paragraphs before the first main heading may be title, authors and addresses."""

QUOTE_INDENT = 17.0
"""Points of indentation beyond the body's that make a paragraph a block quotation."""

_TITLE_PREFIX = re.compile(r"(?:full |article |manuscript )?title\s*:\s*(?=\S)", re.IGNORECASE)
_FRONT_LABEL = re.compile(r"(?<!\S)(?:Author|Affiliation): ")
_TABLE_MARK = re.compile(r"(?<!\S)\[TABLE\] Table \d[^|\[]{5,300}?(?= \| | ?\[|$)")
_NOT_TITLES = re.compile(
    r"(?:title page|manuscript|main (?:document|text|manuscript)|cover page|blinded .{0,30}|"
    r"(?:original|research|review|full)(?: research| length)? (?:article|paper|report)s?|article|"
    r"chapter \w{1,5}|part \w{1,5}|draft.{0,20}|version.{0,20}|confidential|qualitative research|"
    r"open access|research|for (?:peer )?review(?: only)?|running (?:head|title).*|short title.*|"
    r"word count.*|number of .*|submitted to .*)",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"(?:RQ|Research question|H|Hypothesis|Objective|Aim|Question|Q|Step|Phase|Stage)s?\s?\d*"
    r"\s*[.:)]",
    re.IGNORECASE,
)
_KEYWORDS = re.compile(r"\W*(?:key\s?-?words|index terms|doi|received|word count)", re.IGNORECASE)
_BULLET = re.compile(r"[•·▪◦‣●○■–—*-]\s+\S")
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y|me)\b")
_OPENS_QUOTE = re.compile(r"[\"“„«‘'…\[(]|\.\.\.")
_CONTENTS_LINE = re.compile(r".{2,200}(?:\.{3}|\t|\s{2}|…)\s*(?:\d{1,4}|[ivx]{1,6})")


@dataclass(frozen=True, slots=True)
class Label:
    """What a paragraph is; ``table`` counts the flow's tables from 0 for captions and notes."""

    role: Role
    level: int = 0
    style: str | None = None
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Front:
    """What the labelled flow says about the paper itself."""

    title: str | None = None
    authors: tuple[Author, ...] = ()


@dataclass(frozen=True, slots=True)
class Labelled:
    """Items, each with its label (``None`` for tables and for paragraphs without text).

    ``looks`` counts the headings that only their look gave away; 0 when styles told most.
    """

    items: tuple[Item, ...]
    labels: tuple[Label | None, ...]
    front: Front = Front()
    looks: int = 0


class _Flow:
    """The items under work, each with its text and, once it is known, its label."""

    __slots__ = ("items", "labels", "texts")

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.texts = [text_of(item) if isinstance(item, Paragraph) else "" for item in items]
        self.labels: list[Label | None] = [None] * len(items)

    def open(self) -> Iterator[tuple[int, Paragraph, str]]:
        """The paragraphs with text that have no label yet."""
        for index, item in enumerate(self.items):
            if isinstance(item, Paragraph) and self.labels[index] is None and self.texts[index]:
                yield index, item, self.texts[index]

    def next(self, index: int) -> int | None:
        """The next item that is a table or holds text."""
        for after in range(index + 1, min(index + 40, len(self.items))):
            if isinstance(self.items[after], Table) or self.texts[after]:
                return after
        return None

    def previous(self, index: int) -> int | None:
        """The item before that is a table or holds text."""
        for before in range(index - 1, max(index - 40, -1), -1):
            if isinstance(self.items[before], Table) or self.texts[before]:
                return before
        return None

    def is_heading(self, index: int) -> bool:
        label = self.labels[index]
        return label is not None and label.role is Role.HEADING


@dataclass(frozen=True, slots=True)
class _Body:
    """How most of the running text looks."""

    size: float
    bold: bool
    italic: bool
    caps: bool
    indent: float


def table_numbers(items: Sequence[Item]) -> dict[int, int]:
    """The items that are tables, with the number of each, from 0."""
    tables = (index for index, item in enumerate(items) if isinstance(item, Table))
    return {index: number for number, index in enumerate(tables)}


def label(items: Sequence[Item]) -> Labelled:
    """Say what everything in a whole document's flow is.

    Args:
        items: the flow, without headers and footers.
    """
    flow = _Flow(_unfolded(flow_unrolled.unrolled(items)))
    body = _body(flow)
    _label_by_format(flow)
    _label_captions(flow)
    looks = _label_headings(flow, body)
    _label_contents(flow)
    _label_front(flow, body)
    _label_references(flow)
    _label_prose(flow, body)
    return Labelled(tuple(flow.items), tuple(flow.labels), _front(flow), looks)


def label_box(items: Sequence[Item]) -> Labelled:
    """Say what stands in a text box: captions, lists and text, but no sections of its own."""
    flow = _Flow(_unfolded(items))
    _label_by_format(flow)
    _label_captions(flow)
    _label_prose(flow, _body(flow))
    return Labelled(tuple(flow.items), tuple(flow.labels))


# --- unfolding ------------------------------------------------------------------------------


def _unfolded(items: Sequence[Item]) -> list[Item]:
    """Boxes made of a one-celled table become paragraphs; lines that are paragraphs are split."""
    result: list[Item] = []
    for item in items:
        if isinstance(item, Paragraph):
            result.extend(_split(item, len(result) < 12))
        elif item.role is None and len(item.rows) == 1 and len(item.rows[0].cells) == 1:
            for paragraph in item.rows[0].cells[0]:
                result.extend(_split(paragraph, False))
        else:
            result.append(item)
    return result


def _split(paragraph: Paragraph, front: bool) -> list[Paragraph]:
    """The paragraphs that somebody has put into one by means of line breaks."""
    if front and (labelled := _split_at_labels(paragraph)):
        return labelled
    if tables := _split_at_tables(paragraph):
        return tables
    if not _broken(paragraph):
        return [paragraph]
    parts = list(lines(paragraph))
    texts = [joined(part) for part in parts]
    if (paragraph.role is not None or paragraph.level) and all(map(str.strip, texts)):
        return [paragraph]
    every = front and _is_front(texts)
    groups: list[list[Piece]] = [[]]
    for number, part in enumerate(parts):
        if number and (every or _parts(parts[number - 1], part, texts, number)):
            groups.append([])
        groups[-1].extend(part)
    made = [replace(paragraph, pieces=tuple(group), attached=()) for group in groups]
    made[-1] = replace(made[-1], attached=paragraph.attached)
    return made


def _split_at_labels(paragraph: Paragraph) -> list[Paragraph]:
    """ "Author: ... Author: ... Affiliation: ..." in one paragraph: one for each."""
    text = joined(paragraph.pieces)
    starts = [hit.start() for hit in _FRONT_LABEL.finditer(text)]
    if len(starts) < 2 or starts[0] > 0:
        return []
    *parts, last = parted(paragraph.pieces, starts[1:])
    made = [replace(paragraph, pieces=part, attached=()) for part in parts]
    return [*made, replace(paragraph, pieces=last)]


def _split_at_tables(paragraph: Paragraph) -> list[Paragraph]:
    """ "... [TABLE] Table 2 Themes Theme | Definition": the caption up to the second cell."""
    stops = [at for hit in _TABLE_MARK.finditer(joined(paragraph.pieces)) for at in hit.span()]
    if not stops:
        return []
    *parts, last = parted(paragraph.pieces, stops)
    made: list[Paragraph] = []
    for before, head in zip(parts[::2], parts[1::2], strict=True):
        if joined(before).strip():
            made.append(replace(paragraph, pieces=before, attached=()))
        made.append(replace(paragraph, pieces=head, attached=(), role=Role.CAPTION))
    return [*made, replace(paragraph, pieces=last)]


def _broken(paragraph: Paragraph) -> bool:
    return any(BREAK in piece.run.text for piece in paragraph.pieces)


def _is_front(texts: list[str]) -> bool:
    visible = [text for text in texts if text.strip()]
    if len(visible) > 40:
        return False
    known = sum(bylines.front_role(text.strip()) is not None for text in visible)
    return 2 * known >= len(visible)


def _parts(before: tuple[Piece, ...], after: tuple[Piece, ...], texts: list[str], n: int) -> bool:
    """True when line ``n`` starts a paragraph of its own."""
    above, below = texts[n - 1].strip(), texts[n].strip()
    if not above:
        return True
    if signposts.is_major(above) or signposts.is_major(below):
        return True
    return (
        _starts_bold(after) and not _ends_bold(before) and above.endswith((".", "?", "!", ":"))
    ) or (
        all(p.look.bold for p in before if p.run.text.strip())
        and not _starts_bold(after)
        and heads.is_bold_heading(above)
        and len(below) > len(above)
    )


def _starts_bold(pieces: tuple[Piece, ...]) -> bool:
    return next((piece.look.bold for piece in pieces if piece.run.text.strip()), False)


def _ends_bold(pieces: tuple[Piece, ...]) -> bool:
    return next((piece.look.bold for piece in reversed(pieces) if piece.run.text.strip()), False)


# --- looks ----------------------------------------------------------------------------------


_SAMPLE = 200  # characters of a run that tell whether it is in capitals


def _look(paragraph: Paragraph) -> Look:
    """The look that all of a paragraph's letters share."""
    bold = italic = underlined = caps = True
    sizes: Counter[float] = Counter()
    seen = False
    for piece in paragraph.pieces:
        text = piece.run.text
        letters = "".join(filter(str.isalpha, text[:_SAMPLE]))
        if not letters:
            continue
        seen = True
        look = piece.look
        bold, italic = bold and look.bold, italic and look.italic
        underlined = underlined and look.underlined
        caps = caps and (look.caps or letters.isupper())
        sizes[look.size] += len(text)
    if not seen:
        return Look()
    return Look(bold, italic, underlined, caps, size=sizes.most_common(1)[0][0])


def _body(flow: _Flow) -> _Body:
    sizes: Counter[float] = Counter()
    indents: Counter[float] = Counter()
    shares: Counter[str] = Counter()
    total = 0
    for index, item in enumerate(flow.items):
        length = len(flow.texts[index])
        if not isinstance(item, Paragraph) or item.level or item.role or length < 80:
            continue
        look = _look(item)
        sizes[look.size] += length
        indents[item.indent] += length
        total += length
        shares.update({"bold": length * look.bold, "italic": length * look.italic})
        shares["caps"] += length * look.caps
    return _Body(
        sizes.most_common(1)[0][0] if sizes else 0.0,
        2 * shares["bold"] > total,
        2 * shares["italic"] > total,
        2 * shares["caps"] > total,
        indents.most_common(1)[0][0] if indents else 0.0,
    )


# --- roles that the format states -----------------------------------------------------------


def _label_by_format(flow: _Flow) -> None:
    for index, paragraph, text in flow.open():
        style = paragraph.style or None
        if paragraph.role is Role.REFERENCE and (
            signposts.is_references(text) or not _late(flow, index)
        ):
            continue
        if paragraph.role is not None:
            flow.labels[index] = Label(paragraph.role, paragraph.level, style)
        elif paragraph.level and len(text) <= 300 and not signposts.caption_label(text):
            flow.labels[index] = Label(Role.HEADING, paragraph.level, style)


def _late(flow: _Flow, index: int) -> bool:
    """False near the top, where a bibliography style is somebody's mistake for a title."""
    return index > 6 or index > len(flow.items) // 4


# --- captions and notes of tables -----------------------------------------------------------


def _label_captions(flow: _Flow) -> None:
    numbers = table_numbers(flow.items)
    for index, paragraph, text in flow.open():
        label = signposts.caption_label(text, beside=paragraph.picture)
        if label:
            flow.labels[index] = Label(Role.CAPTION, table=_near(flow, index, numbers))
            if label == len(text):
                _label_second_line(flow, index, numbers)
    for index, _paragraph, text in flow.open():
        before = flow.previous(index)
        if before is None or not signposts.is_aside(text):
            continue
        above = flow.labels[before]
        if before in numbers:
            flow.labels[index] = Label(Role.TABLE_NOTE, table=numbers[before])
        elif above is not None and above.role is Role.TABLE_NOTE:
            flow.labels[index] = above
    for index, held in enumerate(flow.labels):
        if held is not None and held.role is Role.CAPTION and held.table is None:
            flow.labels[index] = replace(held, table=_near(flow, index, numbers))


def _label_second_line(flow: _Flow, index: int, numbers: Mapping[int, int]) -> None:
    """A label alone on its line ("Table 1:") goes on below, before the table or figure."""
    after = flow.next(index)
    if after is None or flow.labels[after] is not None or len(flow.texts[after]) > 300:
        return
    beyond = flow.next(after)
    item = flow.items[after]
    pictured = isinstance(item, Paragraph) and item.picture
    if beyond in numbers or pictured or _look_is_title(flow, after):
        flow.labels[after] = Label(Role.CAPTION, table=_near(flow, after, numbers))


def _look_is_title(flow: _Flow, index: int) -> bool:
    text = flow.texts[index]
    return (
        0 < len(text) < 160 and not text.endswith(".") and isinstance(flow.items[index], Paragraph)
    )


def _near(flow: _Flow, index: int, numbers: Mapping[int, int]) -> int | None:
    """The number of the table right below a caption, or else right above it."""
    after = flow.next(index)
    if after is not None and after not in numbers and flow.labels[after] is None:
        beyond = flow.next(after)
        if beyond in numbers and len(flow.texts[after]) < 160:
            after = beyond
    if after is not None and after in numbers:
        return numbers[after]
    before = flow.previous(index)
    if before is not None and before in numbers and not flow.texts[index].lower().startswith("fig"):
        return numbers[before]
    return None


# --- headings -------------------------------------------------------------------------------

_Signature = tuple[float, bool, bool, bool, bool, bool]


def _label_headings(flow: _Flow, body: _Body) -> int:
    """Headings by look, where styles do not say it; their number when they are the most."""
    found: dict[int, _Signature] = {}
    in_references = False
    for index, item in enumerate(flow.items):
        text = flow.texts[index]
        if flow.is_heading(index):
            in_references = signposts.is_references(text)
            continue
        if not isinstance(item, Paragraph) or flow.labels[index] is not None or not text:
            continue
        look = _look(item)
        if not _looks_like_heading(flow, index, item, look, body):
            continue
        if in_references and not (look.bold or signposts.is_major(text)):
            continue
        found[index] = _signature(item, look)
        in_references = signposts.is_references(text)
    styled = [i for i in range(len(flow.items)) if flow.is_heading(i)]
    if len(styled) >= 3:
        _level_among_styled(flow, found)
    else:
        _level_by_rank(flow, found)
    return len(found) if len(found) > len(styled) else 0


def _signature(paragraph: Paragraph, look: Look) -> _Signature:
    """Sorts the more eminent look first."""
    return (
        -look.size,
        not look.caps,
        not paragraph.centred,
        not look.bold,
        not look.underlined,
        look.italic,
    )


def _looks_like_heading(
    flow: _Flow, index: int, paragraph: Paragraph, look: Look, body: _Body
) -> bool:
    text = flow.texts[index]
    if len(text) > 160 or not any(char.isalpha() for char in text):
        return False
    if signposts.is_major(text) and not paragraph.linked:
        return flow.next(index) is not None or len(text) < 60
    if paragraph.linked or (paragraph.item and not _numbered_heading(paragraph)):
        return False
    strong = (look.bold and not body.bold) or (look.caps and not body.caps and len(text) > 4)
    larger = look.underlined or (look.size >= body.size + 1.0 and body.size > 0)
    if not (strong or larger or look.italic):
        return False
    after = flow.next(index)
    if after is None or bylines.is_metadata(text) or not _reads_like_heading(text):
        return False
    if isinstance(flow.items[after], Table) and not look.bold:
        return False
    if text[0].islower() or (text.endswith((",", ";", ".", "?", "!")) and len(text.split()) > 8):
        return False
    if strong:
        return True
    if larger:
        return len(text) < 120 and not text.endswith(".")
    return look.italic and not body.italic and _italic_heading(flow, text, after)


def _reads_like_heading(text: str) -> bool:
    return heads.is_known(text) or heads.is_bold_heading(signposts.after_number(text))


def _numbered_heading(paragraph: Paragraph) -> bool:
    """True when automatic numbering gives it a number, not a bullet."""
    return any(char.isdigit() for char in paragraph.number)


def _italic_heading(flow: _Flow, text: str, after: int) -> bool:
    """An italic line is a heading only when it can hardly be somebody's words."""
    return (
        len(text.split()) <= 10
        and signposts.after_number(text)[0].isupper()
        and text[-1] not in ".,;:!?…”\"')"
        and not _OPENS_QUOTE.match(text)
        and not _FIRST_PERSON.search(text)
        and len(flow.texts[after]) > len(text) + 40
    )


def _level_among_styled(flow: _Flow, found: dict[int, _Signature]) -> None:
    """Headings by look stand one below the styled one before them; main parts stand on top."""
    majors = [
        label.level
        for index, label in enumerate(flow.labels)
        if label is not None
        and label.role is Role.HEADING
        and signposts.is_major(flow.texts[index])
    ]
    top = min(majors, default=1)
    current = 0
    open_looks: list[_Signature] = []
    for index in range(len(flow.items)):
        label = flow.labels[index]
        if label is not None and label.role is Role.HEADING:
            current, open_looks = label.level, []
        elif index in found and signposts.is_major(flow.texts[index]):
            flow.labels[index] = Label(Role.HEADING, top, "by look")
            current, open_looks = top, []
        elif index in found:
            open_looks = [look for look in open_looks if look < found[index]] + [found[index]]
            level = min(current + len(open_looks), 9)
            flow.labels[index] = Label(Role.HEADING, level, "by look")


def _level_by_rank(flow: _Flow, found: dict[int, _Signature]) -> None:
    """Without styles, looks that a main part has are the top; others rank below by eminence."""
    texts = flow.texts
    majors = {index for index in found if signposts.is_major(texts[index])}
    top = {found[index] for index in majors}
    numbered = sum(signposts.number_depth(texts[index]) > 0 for index in majors) >= 2
    first = min(majors, default=0)
    after = [index for index in found if index > first]
    flat = bool(majors) and any(found[i] in top and i not in majors for i in after)
    base = (2 if flat else 1) + (1 if majors else 0)
    others = sorted({found[i] for i in after if found[i] not in top})
    ranks = {signature: base + rank for rank, signature in enumerate(others)}
    parent = ""
    for index, signature in found.items():
        text = texts[index]
        depth = signposts.number_depth(text) if numbered else 0
        below = flat and signposts.is_parent(parent) and not signposts.is_parent(text)
        if depth:
            level = depth
        elif index in majors:
            level = 2 if below and signposts.is_subsidiary(text) else 1
        elif signature in top:
            level = 2 if below or (parent and heads.is_known(text)) else 1
        else:
            level = ranks.get(signature, 1)
        if level == 1:
            parent = text
        flow.labels[index] = Label(Role.HEADING, min(level, 9), "by look")


# --- title, authors, addresses --------------------------------------------------------------


def _label_front(flow: _Flow, body: _Body) -> None:
    end = _front_end(flow)
    title = _title(flow, end, body)
    if title is None:
        return
    for index in range(title + 1):
        label = flow.labels[index]
        if index == title:
            if label is None or label.role is not Role.TITLE:
                flow.labels[index] = Label(Role.TITLE, 0, label.style if label else None)
        elif flow.texts[index] and (label is None or label.style == "by look"):
            flow.labels[index] = Label(bylines.front_role(flow.texts[index]) or Role.METADATA)
    authors = False
    for index in range(title + 1, end):
        item, label = flow.items[index], flow.labels[index]
        if not isinstance(item, Paragraph) or not flow.texts[index]:
            continue
        if label is not None and label.style != "by look":
            continue
        marked = marked_text(item)
        role = bylines.front_role(marked) or bylines.front_role(flow.texts[index])
        if role is None and authors and _opens_with_mark(item):
            role = Role.AFFILIATION
        if item.item and role is Role.BYLINE:
            continue
        if role is None and not authors and index == flow.next(title) and _is_subtitle(flow, index):
            flow.labels[index] = Label(Role.TITLE, 0, "subtitle")
        elif role is not None:
            flow.labels[index] = Label(role)
            authors = authors or role is Role.BYLINE


def _opens_with_mark(paragraph: Paragraph) -> bool:
    """True when a line opens with the superscript that ties an address to an author."""
    for piece in paragraph.pieces:
        text = piece.run.text.strip()
        if text:
            return text[0] in "¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ" or (piece.look.raised and len(text) < 4)
    return False


def _is_subtitle(flow: _Flow, index: int) -> bool:
    """A second line of the title is written like it and no longer."""
    text = flow.texts[index]
    label = flow.labels[index]
    return label is not None and len(text) < 200 and not signposts.is_major(text)


def marked_text(paragraph: Paragraph) -> str:
    """A by-line's text with its superscripts marked (``Ana Reyes^1,2^``)."""
    parts = []
    for piece in paragraph.pieces:
        text = piece.run.text
        raised = piece.look.raised and 0 < len(text.strip()) < 13
        parts.append(f"^{text.strip().replace(' ', '')}^" if raised else text)
    return " ".join("".join(parts).replace("^^", "").split())


def _front_end(flow: _Flow) -> int:
    """Where the front ends: the first main heading, or the first long paragraph after a few."""
    for index in range(min(len(flow.items), FRONT_ITEMS)):
        text = flow.texts[index]
        if isinstance(flow.items[index], Table):
            return index
        if flow.is_heading(index) and (signposts.is_major(text) or heads.is_known(text)):
            return index
        if len(text) > 500 and not bylines.is_affiliation(text) and not bylines.is_byline(text):
            return index
    return min(len(flow.items), 12)


def _title(flow: _Flow, end: int, body: _Body) -> int | None:
    """The title's index among the first ``end`` items."""
    candidates: list[tuple[float, int]] = []
    for index in range(end):
        item, text, label = flow.items[index], flow.texts[index], flow.labels[index]
        if not isinstance(item, Paragraph) or not text:
            continue
        if label is not None and label.role is Role.TITLE:
            return index
        if _TITLE_PREFIX.match(text):
            return index
        if label is not None and label.role is not Role.HEADING:
            continue
        styled = label is not None and label.style != "by look"
        if candidates and (item.item or _is_prose(text) or signposts.is_major(text)):
            break
        if _could_be_title(text) or (styled and not candidates and _could_head(text)):
            look = _look(item)
            score = look.size - body.size + 3.0 * look.bold + 2.0 * item.centred
            score += 6.0 * (label is not None) - 0.5 * len(candidates)
            candidates.append((-score, index))
    if not candidates:
        return None
    best, index = min(candidates)
    after = flow.next(index)
    eminent = best < 0 or (after is not None and bylines.front_role(flow.texts[after]) is not None)
    return index if eminent else None


def _is_prose(text: str) -> bool:
    """A sentence, not a line of front matter."""
    return len(text) > 60 and text.endswith((".", "?", "!")) and bylines.front_role(text) is None


def _could_head(text: str) -> bool:
    return not signposts.is_major(text) and not _NOT_TITLES.fullmatch(text.strip(" .:*"))


def _could_be_title(text: str) -> bool:
    bare = text.strip(" .:*")
    return (
        12 <= len(text) <= 350
        and len(re.findall(r"[^\W\d_]{2,}", text)) >= 3
        and not text[0].isdigit()
        and not _NOT_TITLES.fullmatch(bare)
        and not signposts.is_major(text)
        and bylines.front_role(text) is None
        and not re.search(r"\.\s+[A-Z]\w+ \w+", text)
    )


# --- stretches: contents, references --------------------------------------------------------


def _label_contents(flow: _Flow) -> None:
    """A table of contents that no field or style declares: lines that repeat the headings."""
    headings = {heads.strip_number(t) for i, t in enumerate(flow.texts) if flow.is_heading(i)}
    under = declared = False
    found: list[int] = []
    for index, item in enumerate(flow.items):
        text, label = flow.texts[index], flow.labels[index]
        if not text or not isinstance(item, Paragraph):
            continue
        if signposts.is_contents(text) and (label is None or label.role is Role.HEADING):
            flow.labels[index] = Label(Role.FURNITURE, 0, "contents")
            under = declared = True
        elif label is None and _is_contents_line(item, headings, under):
            found.append(index)
        elif label is None or label.role is not Role.FURNITURE:
            under = False
    if len(found) < 3 and not declared:
        found = []
    for index in found:
        flow.labels[index] = Label(Role.FURNITURE, 0, "contents")
    for index in range(found[0], found[-1]) if found else ():
        item = flow.items[index]
        if flow.labels[index] is None and isinstance(item, Paragraph) and item.linked:
            flow.labels[index] = Label(Role.FURNITURE, 0, "contents")


def _is_contents_line(item: Paragraph, headings: set[str], under: bool) -> bool:
    """A line of a table of contents: it links to a heading, or ends with a page number."""
    raw = joined(item.pieces).strip()
    if len(raw) > 300 or not (item.linked or _CONTENTS_LINE.fullmatch(raw)):
        return False
    bare = heads.strip_number(re.sub(r"[\s.…]*\d*$", "", " ".join(raw.split())))
    if bare in headings or heads.strip_number(text_of(item)) in headings:
        return True
    return under and _CONTENTS_LINE.fullmatch(raw) is not None


def _label_references(flow: _Flow) -> None:
    """What stands under "References" is references, up to the next heading."""
    inside = False
    for index, item in enumerate(flow.items):
        if flow.is_heading(index):
            inside = signposts.is_references(flow.texts[index])
        elif inside and isinstance(item, Paragraph) and flow.labels[index] is None:
            flow.labels[index] = Label(Role.REFERENCE)


# --- the rest -------------------------------------------------------------------------------


def _label_prose(flow: _Flow, body: _Body) -> None:
    for index, paragraph, text in flow.open():
        style = paragraph.style or None
        if len(text) < 600 and _KEYWORDS.match(text):
            flow.labels[index] = Label(Role.METADATA, 0, style)
        elif paragraph.item or _BULLET.match(text):
            flow.labels[index] = Label(Role.LIST_ITEM, 0, style)
        elif _is_block_quote(paragraph, text, body):
            flow.labels[index] = Label(Role.BLOCK_QUOTE, 0, "indented")
        else:
            flow.labels[index] = Label(Role.PARAGRAPH, 0, style)


def _is_block_quote(paragraph: Paragraph, text: str, body: _Body) -> bool:
    """Set in from the body's margin, and more than a first line or a hanging reference."""
    inset = paragraph.indent - body.indent
    if "abstract" in paragraph.style.lower():
        return False
    if inset < QUOTE_INDENT or paragraph.first < -QUOTE_INDENT / 2 or _QUESTION.match(text):
        return False
    look = _look(paragraph)
    return (
        _OPENS_QUOTE.match(text) is not None
        or paragraph.right >= QUOTE_INDENT / 2
        or (look.italic and not body.italic)
        or len(text) >= 80
    )


def _front(flow: _Flow) -> Front:
    titles: list[str] = []
    authors: list[Author] = []
    for index, label in enumerate(flow.labels):
        item = flow.items[index]
        if label is None or not isinstance(item, Paragraph):
            continue
        if label.role is Role.TITLE:
            titles.append(flow.texts[index])
        elif label.role is Role.BYLINE:
            authors.extend(bylines.parse_byline(marked_text(item)))
    title = _TITLE_PREFIX.sub("", titles[0]) if titles else None
    return Front(title, tuple(dict.fromkeys(authors)))
