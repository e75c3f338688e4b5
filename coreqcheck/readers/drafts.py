"""Blocks before they are built: what readers of plain formats change their minds about.

A reader of Markdown or text first writes down ``Draft`` after ``Draft``, then has title, by-line,
captions and references labelled by their surroundings, then hands them to the builder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from coreqcheck.errors import ReadError
from coreqcheck.model import Author, Origin, Role
from coreqcheck.readers import Limits
from coreqcheck.readers.builder import DocumentBuilder, Run
from coreqcheck.readers.bylines import front_role, parse_byline
from coreqcheck.readers.heads import is_known, strip_number

_CAPTION = re.compile(
    r"(?:\[(?:table|figure)\]\s+)?(?:supplement\w*\s+|appendix\s+|online\s+)?(?:table|figure|fig|box|panel|exhibit|tabelle|tabla|"
    r"abbildung|figura|cuadro|tableau)\b\.?\s*(?:[A-Z]?\d{1,3}[a-z]?|[IVX]{1,5}|[A-Z]\d?)\b",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"references?(?: list| cited)?|bibliography|works cited|literature cited|"
    r"literaturverzeichnis|literatur|referencias(?: bibliogr[aá]ficas)?|refer[eê]ncias|"
    r"bibliograf[ií]a",
    re.IGNORECASE,
)
_AFTER_REFERENCES = re.compile(
    r"[\W\d]*(?:appendi|annex|supplement|additional file|supporting|interview|topic guide|coreq|"
    r"table|figure|box|funding|acknowledg|author|anhang|anexo)",
    re.IGNORECASE,
)
FRONT = 30
"""How many blocks after the title may be front matter."""


@dataclass(slots=True)
class Draft:
    """A block to be: its runs, or its ``cells`` when it is a table row."""

    role: Role
    runs: list[Run] = field(default_factory=list)
    level: int = 0
    style: str | None = None
    table: int | None = None
    cells: list[list[Run]] | None = None
    header: bool = False

    @property
    def text(self) -> str:
        """The runs' text on one line, uncleaned."""
        return plain(self.runs)


def plain(runs: Iterable[Run]) -> str:
    """The text of ``runs`` on one line."""
    return " ".join("".join(run.text for run in runs).split())


def trimmed(runs: Iterable[Run]) -> list[Run]:
    """``runs`` without the white space before and after them."""
    kept = list(runs)
    while kept and not kept[0].text.strip():
        kept.pop(0)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if not kept:
        return kept
    first = kept[0]
    shift = len(first.text) - len(first.text.lstrip())
    if shift:
        kept[0] = Run(
            first.text[shift:], moved_origin(first.origin, shift), first.repair, first.citation
        )
    last = kept[-1]
    if last.text != last.text.rstrip():
        kept[-1] = Run(last.text.rstrip(), last.origin, last.repair, last.citation)
    return kept


def moved_origin(origin: Origin, shift: int) -> Origin:
    """The place ``shift`` characters after ``origin`` on its line or in its element."""
    return replace(
        origin,
        column=origin.column + shift if origin.column is not None else None,
        offset=origin.offset + shift if origin.offset is not None else None,
    )


def emit(drafts: Iterable[Draft], builder: DocumentBuilder, limits: Limits) -> None:
    """Build the blocks.

    Raises:
        ReadError: there are more of them than a manuscript can have, or no text at all.
    """
    for number, draft in enumerate(drafts):
        if number > limits.blocks or builder.length > limits.characters:
            raise ReadError("too-large", "holds more text than a manuscript can; not read")
        if draft.cells is not None:
            builder.row(
                draft.cells,
                table=draft.table if draft.table is not None else 0,
                header=draft.header,
                role=draft.role,
            )
        else:
            builder.block(
                draft.role, draft.runs, level=draft.level, style=draft.style, table=draft.table
            )
    if builder.length == 0:
        raise ReadError("no-text", "holds no text that could be read")


def is_caption(text: str) -> bool:
    """True when ``text`` begins as a caption does: "Table 2. Participants"."""
    hit = _CAPTION.match(text)
    if hit is None or len(text) > 1200:
        return False
    rest = text[hit.end() :]
    return bool(re.match(r"\s*[.:|–—-]|\s*$|\s+[A-Z“\"'(]", rest)) and not re.match(
        r"\s+(?:shows?|lists?|presents?|gives?|summari[sz]es?|and|in|of|is|was)\b", rest
    )


def label_front(drafts: Sequence[Draft], titled: bool = False) -> tuple[Author, ...]:
    """Label title, by-line, affiliations and metadata before the first heading; the authors.

    Args:
        drafts: the whole document; labels are set in place.
        titled: a title is already known (front matter), so that none is looked for.
    """
    authors: list[Author] = []
    begun = False
    at = 0
    while at < len(drafts) and drafts[at].role in {Role.FURNITURE, Role.WATERMARK, Role.COVER}:
        at += 1
    if at < len(drafts) and drafts[at].role is Role.TITLE:
        at += 1
    elif not titled:
        at = _find_title(drafts, at)
    for draft in drafts[at : at + FRONT]:
        if draft.role is Role.HEADING:
            if draft.style in {"bold", "look"} and _is_bold_byline(draft.text):
                draft.role, draft.level = Role.BYLINE, 0
                authors.extend(parse_byline(draft.text))
                continue
            if re.fullmatch(
                r"(?:authors?|affiliations?|author information)\W*", draft.text, re.IGNORECASE
            ):
                continue
            break
        if draft.role not in {Role.PARAGRAPH, Role.LIST_ITEM}:
            continue
        role = front_role(draft.text)
        if role is None and len(draft.text) > 300:
            begun = True  # an abstract without a heading, or a page of notices
        if begun and (role is not Role.BYLINE or len(parse_byline(draft.text)) < 2):
            continue
        if role is Role.BYLINE and authors and not _beside(authors, draft.text):
            role = None
        if role is not None:
            draft.role = role
        if role is Role.BYLINE:
            authors.extend(parse_byline(draft.text))
    return tuple(dict.fromkeys(authors))


def _is_bold_byline(text: str) -> bool:
    """True for names in bold; a lone pair of words is rather a heading."""
    if is_known(text) or front_role(text) is not Role.BYLINE:
        return False
    names = parse_byline(text)
    return len(names) > 1 or any(name.degrees for name in names)


def _beside(authors: Sequence[Author], text: str) -> bool:
    """True unless ``text`` only says again who the authors are."""
    return any(author not in authors for author in parse_byline(text))


def _find_title(drafts: Sequence[Draft], at: int) -> int:
    """Label a title that is only a line before the by-line; where the front matter goes on."""
    for index in range(at, min(at + 4, len(drafts))):
        draft = drafts[index]
        text = draft.text
        if draft.role not in {Role.PARAGRAPH, Role.HEADING} or not 12 <= len(text) <= 300:
            continue
        if draft.role is Role.HEADING and (is_known(text) or draft.style == "run-in"):
            return at
        if front_role(text) is not None or text.endswith((".", ";")) or is_known(text):
            continue
        following = next((d for d in drafts[index + 1 : index + 4] if d.text), None)
        if following is not None and front_role(following.text) is Role.BYLINE:
            draft.role, draft.level = Role.TITLE, 0
            return index + 1
    return at


def label_sections(drafts: Sequence[Draft]) -> None:
    """Label what its heading decides: references; and keywords wherever they stand."""
    depth: int | None = None
    for draft in drafts:
        if draft.role is Role.HEADING:
            inside = depth is not None and draft.level > depth
            if inside and not _AFTER_REFERENCES.match(draft.text):
                continue
            found = _REFERENCES.fullmatch(strip_number(draft.text)) and draft.style != "run-in"
            depth = draft.level if found else None
        elif depth is not None and draft.role in {Role.PARAGRAPH, Role.LIST_ITEM}:
            draft.role = Role.REFERENCE
        elif draft.role is Role.PARAGRAPH and re.match(
            r"\W*(?:key\s?-?words?|index terms)\W", draft.text, re.I
        ):
            draft.role = Role.METADATA


def label_captions(drafts: Sequence[Draft]) -> None:
    """Label paragraphs that begin "Table 1." as captions, and tie them to the table beside."""
    for index, draft in enumerate(drafts):
        if draft.role not in {Role.PARAGRAPH, Role.HEADING} or not is_caption(draft.text):
            continue
        if draft.role is Role.HEADING and draft.style not in {"bold", "run-in", "look"}:
            continue
        beside = _table_beside(drafts, index)
        strong = draft.style in {"bold", "bold-start"} or draft.role is Role.HEADING
        if beside is not None or strong or len(draft.text) < 250:
            draft.role, draft.level, draft.style = Role.CAPTION, 0, draft.style
            draft.table = beside


def _table_beside(drafts: Sequence[Draft], index: int) -> int | None:
    """The table that comes next, or else the one that has just ended."""
    for near in (index + 1, index + 2):
        if near < len(drafts) and drafts[near].cells is not None:
            return drafts[near].table
    before = drafts[index - 1] if index else None
    return before.table if before is not None and before.cells is not None else None
