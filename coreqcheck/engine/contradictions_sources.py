"""What is cited or named and is not there: supplements, sections, references, approvals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from coreqcheck.engine.claims import sentence_at
from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.contradictions_hygiene import KINDS, LABELLED, expanded
from coreqcheck.engine.statements import BODY, Statement
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import UNSEARCHED, Block, Finding, Role, SectionKind, Span

# --- supplements

_SUPPLEMENT = re.compile(
    r"\b(?P<kind>additional file|supplementary (?:file|table|figure|material|appendix)"
    r"|supplemental (?:file|table|figure|material|appendix)|supplement|online resource"
    r"|multimedia appendix|appendix|annex|web appendix)s? ?"
    r"(?P<number>s?\d{1,2}|[a-h])\b(?![\d.]*\d|'|-\d)",
    re.IGNORECASE,
)
_HEADED = {Role.SUPPLEMENT, Role.HEADING, Role.CAPTION}


def _key(hit: re.Match[str]) -> tuple[str, str]:
    kind = re.sub(r"\W+", " ", hit["kind"].lower()).strip()
    return kind.replace("supplemental", "supplementary"), hit["number"].lower().lstrip("s")


@comparison("missing-supplement")
def missing_supplement(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A supplement is cited beyond the last of those that the file holds or lists."""
    present: dict[str, dict[str, Span]] = {}
    for block in context.manuscript.document.blocks:
        hit = _label(block, context.manuscript.text)
        if hit is not None:
            kind, number = _key(hit)
            present.setdefault(kind, {}).setdefault(number, block.span)
    for statement, hit in _cited(context):
        kind, number = _key(hit)
        there = present.get(kind, {})
        if not there or number in there or not _ordered(there):
            continue
        last = max(there, key=_rank)
        if _rank(number) > _rank(last) and number.isdigit() == last.isdigit():
            yield report(
                rule, context, (statement.span(hit.start(), hit.end()), there[last]),
                thing=f"{hit['kind']} {hit['number']}", last=f"{hit['kind']} {last}",
            )  # fmt: skip
            return


def _label(block: Block, text: str) -> re.Match[str] | None:
    """The label with which a heading, a caption or an entry of the list of supplements begins."""
    if block.role in UNSEARCHED:
        return None
    start = _SUPPLEMENT.match(text, block.span.start, block.span.end)
    if start is None:
        return None
    follows = text[start.end() : start.end() + 3]
    entry = block.role in _HEADED or re.match(r"\s*[:.–—-]|\s*\(", follows)
    return start if entry else None


def _ordered(there: dict[str, Span]) -> bool:
    """Whether the labels that were read run from the first on without a gap."""
    ranks = sorted(_rank(n) for n in there)
    return ranks == list(range(1, len(ranks) + 1))


def _rank(number: str) -> int:
    return int(number) if number.isdigit() else ord(number) - ord("a") + 1


def _cited(context: Context) -> Iterator[tuple[Statement, re.Match[str]]]:
    statements = context.statements
    mask = statements.holding(
        "additional", "supplement*", "online", "multimedia", "appendix", "appendices", "annex"
    )
    for statement in statements.among(mask & statements.inside(BODY | {SectionKind.INTRODUCTION})):
        if statement.sentence.role in _HEADED:
            continue
        for hit in _SUPPLEMENT.finditer(statement.text):
            if hit.start() > 0:
                yield statement, hit


# --- sections

_SECTION = re.compile(r"(?:\bsections?|§) ?(\d{1,2}(?:\.\d{1,2}){0,2})\b(?!-| ?%)", re.IGNORECASE)
_SEE = re.compile(r"\bsee (?:also )?(\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)\b", re.IGNORECASE)
_HEADING_NUMBER = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+\S")
_LAW = re.compile(
    r"\s*(?:of|in) (?:the |this |that )?(?:[\w’'-]+ ){0,4}(?:act|law|code|constitution|regulation|ordinance|"
    r"bill|statute|directive|guideline|report|questionnaire|checklist|form)\b",
    re.IGNORECASE,
)
_FEWEST_HEADINGS = 4


@comparison("missing-section")
def missing_section(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A section is cited by a number that no heading has."""
    text = context.manuscript.text
    headings = {
        hit[1]: block.span
        for block in context.manuscript.document.blocks
        if block.role is Role.HEADING
        and (hit := _HEADING_NUMBER.match(text, block.span.start, block.span.end))
    }
    if len(headings) < _FEWEST_HEADINGS:
        return
    mask = context.statements.holding("section", "sections", "see") | _signed(context)
    for statement in context.statements.among(mask):
        if statement.sentence.role is Role.HEADING:
            continue
        span = statement.sentence.span
        for pattern in (_SECTION, _SEE):
            for hit in pattern.finditer(text, span.start, span.end):
                if _LAW.match(text, hit.end()) or _there(hit[1], headings):
                    continue
                near = headings.get(hit[1].rsplit(".", 1)[0]) or next(iter(headings.values()))
                yield report(rule, context, (span, near), number=hit[1])
                return


def _signed(context: Context) -> int:
    """The sentences with a section sign."""
    text = context.manuscript.text
    if "§" not in text:
        return 0
    sentences = context.manuscript.sentences
    return sum(1 << s.index for s in sentences if "§" in text[s.span.start : s.span.end])


def _there(number: str, headings: dict[str, Span]) -> bool:
    """Whether a heading has the number, or headings of its depth may not all have been read."""
    if number in headings or any(h.startswith(number + ".") for h in headings):
        return True
    parent, _, last = number.rpartition(".")
    beside = [h.rpartition(".") for h in headings]
    known = {int(h[2]) for h in beside if h[0] == parent and h[2].isdigit()}
    # A number inside the row, or a row with gaps: a heading was overlooked, not left out.
    whole = known == set(range(1, len(known) + 1))
    return not known or not whole or not last.isdigit() or int(last) <= len(known)


# --- references

_MARKS = re.compile(r"\[(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\]")
_STATISTIC = re.compile(r"\s*[=<>]")  # F[1, 58] = 0.16
_ENTRY = re.compile(r"\s*\[?(\d{1,3})[\].)]\s")
_FEW = 2
_FEWEST_REFERENCES = 5
_WHOLE_LISTS = frozenset({"markdown", "jats", "docx", "html", "latex", "odt"})


@comparison("missing-reference")
def missing_reference(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A reference number beyond the end of the list."""
    manuscript = context.manuscript
    text = manuscript.text
    entries = [b for b in manuscript.document.blocks if b.role is Role.REFERENCE]
    count = _length(entries, context)
    if count is None:
        return
    beyond: dict[int, Span] = {}
    for block in manuscript.document.blocks:
        if block.role not in {Role.PARAGRAPH, Role.LIST_ITEM, Role.CAPTION, Role.TABLE_NOTE}:
            continue
        for hit in _MARKS.finditer(text, block.span.start, block.span.end):
            if _STATISTIC.match(text, hit.end()):
                continue
            for number in map(int, re.findall(r"\d+", hit[1])):
                if number > count:
                    where = sentence_at(manuscript.sentences, hit.start())
                    beyond.setdefault(number, where.span)
    # Many numbers beyond the end: the list was not read to its end.
    if 0 < len(beyond) <= _FEW:
        number, place = max(beyond.items())
        yield report(rule, context, (place, entries[-1].span), number=number, last=count)


def _length(entries: list[Block], context: Context) -> int | None:
    """The number of references, when the list was surely read whole."""
    text = context.manuscript.text
    numbered = [int(h[1]) for b in entries if (h := _ENTRY.match(text, b.span.start, b.span.end))]
    if len(numbered) >= _FEWEST_REFERENCES:
        whole = sorted(set(numbered)) == list(range(1, max(numbered) + 1))
        return max(numbered) if whole else None
    plain = not numbered and context.manuscript.document.format in _WHOLE_LISTS
    return len(entries) if plain and len(entries) >= _FEWEST_REFERENCES else None


# --- numbers of approvals

_APPROVAL = re.compile(
    r"(?<![\w/.-])(?=[A-Z0-9./_:-]{0,40}\d)(?=[\w./:-]*[-/.:_]|[A-Z]{2,}\d)"
    r"[A-Z0-9][A-Z0-9./_:-]{4,40}[A-Z0-9](?![\w/-])"
)
_ETHICS = re.compile(
    r"\b(?:ethic\w*|irb|review board|committee|approv\w+|clearance|rec|hrec|registered|registration|"
    r"trial number|prospero|isrctn|nct)\b",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[-/.]\d{2}[-/.]\d{2}|\d{4}[-/]\d{2,4}|\d+\.\d+"
)
_NOT_APPROVAL = re.compile(r"(?:https?://|doi:? ?|10\.\d{4})\S+|\bgrants?\b[^.;]*", re.IGNORECASE)


@comparison("approval-number")
def approval_number(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Two numbers for what seems to be one approval: alike but for a few digits."""
    found: list[tuple[str, Span]] = []
    text = context.manuscript.text
    mask = context.statements.holding(
        "ethic*", "irb", "board", "committee", "approv*", "clearance", "rec", "hrec", "regist*",
        "trial", "prospero", "isrctn*", "nct*",
    )  # fmt: skip
    for statement in context.statements.among(mask):
        span = statement.sentence.span
        printed = text[span.start : span.end]
        if not _ETHICS.search(printed) or "amend" in printed.lower():
            continue
        for hit in _APPROVAL.finditer(_NOT_APPROVAL.sub(" ", printed)):
            if not _DATED.fullmatch(hit[0]):
                found.append((hit[0], span))
    for number, (one, first) in enumerate(found):
        for two, second in found[number + 1 :]:
            if first != second and _alike(one, two):
                yield report(rule, context, (first, second), one=one, two=two)
                return


def _alike(one: str, two: str) -> bool:
    """Whether two codes are built alike and differ in a few signs only."""
    if re.sub(r"\W", "", one) == re.sub(r"\W", "", two) or len(one) != len(two):
        return False
    differing = sum(a != b for a, b in zip(one, two, strict=True))
    same_shape = re.sub(r"\d", "0", one) == re.sub(r"\d", "0", two)
    return differing <= (4 if same_shape else 2)


# --- notes on tables

_IN_TEXT = re.compile(
    r"\b(tables?|figures?|figs?\.?|box(?:es)?)\s+(\d{1,2}(?:\s*(?:,|and|&|to|[-–])\s*\d{1,2})*)",
    re.IGNORECASE,
)
_Places = dict[tuple[str, int], Span]


def _captions_and_citations(context: Context) -> tuple[_Places, _Places]:
    """The tables and figures with captions, and where each is first cited."""
    manuscript = context.manuscript
    present: _Places = {}
    cited: _Places = {}
    for block in manuscript.document.blocks:
        if block.role is Role.CAPTION:
            hit = LABELLED.match(manuscript.text, block.span.start, block.span.end)
            if hit:
                present.setdefault((KINDS[hit["kind"][:3].lower()], int(hit["number"])), block.span)
    mask = context.statements.holding("table*", "fig*", "box*")
    for statement in context.statements.among(mask):
        if statement.sentence.role in {Role.CAPTION, Role.HEADING, Role.TABLE_ROW}:
            continue
        for found in _IN_TEXT.finditer(statement.text):
            for number in expanded(found[2]):
                key = (KINDS[found[1][:3].lower()], number)
                cited.setdefault(key, statement.span(found.start(), found.end()))
    return present, cited


@comparison("uncited-table")
def uncited_table(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A table or figure that the text never names, where it names others."""
    present, cited = _captions_and_citations(context)
    for (kind, number), span in present.items():
        others = [k for k in cited if k[0] == kind and k in present]
        if (kind, number) not in cited and others:
            yield report(rule, context, (span,), thing=f"{kind} {number}")


@comparison("citation-order")
def citation_order(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Table 3 is named before Table 2."""
    present, cited = _captions_and_citations(context)
    for kind in ("Table", "Figure"):
        order = [(n, span) for (k, n), span in cited.items() if k == kind and (k, n) in present]
        for (one, first), (two, second) in pairwise(order):
            if two < one and first != second:
                yield report(
                    rule, context, (first, second), one=f"{kind} {one}", two=f"{kind} {two}"
                )
                break


@comparison("tracked-changes")
def tracked_changes(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Changes that nobody has accepted or refused."""
    document = context.manuscript.document
    if document.meta.tracked_changes:
        first = next((b.span for b in document.blocks if b.role not in UNSEARCHED), None)
        yield report(rule, context, [first] if first else [], count=document.meta.tracked_changes)
