"""A completed checklist held against its manuscript. The comparisons register themselves."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from coreqcheck.checklist.pages import NEAR, Cited, Numbering, numbering
from coreqcheck.engine.consistency import Context, comparison
from coreqcheck.engine.contradictions_time import lengths
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import (
    UNSEARCHED,
    Assessment,
    Checklist,
    ChecklistAnswer,
    Claim,
    Finding,
    FindingPlace,
    Level,
    Severity,
    Span,
    Stance,
)
from coreqcheck.spelling import normal

CLAIMED = {
    17: "pilot-guide", 18: "repeat-interviews", 20: "field-notes", 23: "transcripts-returned",
    28: "participant-checking",
}  # fmt: skip
"""Items whose answer is a claim that an ``opposed`` rule compares with the text."""

_SHY = frozenset({18, 20, 22, 23, 28})  # "No" to these says that it was not done
_TOLD = frozenset({4, 13, 18, 19, 20, 21, 22, 23, 27, 28})
"""Items that are rarely overlooked: a claim in the form alone is worth a warning there."""

_PROGRAMS = re.compile(
    r"\b(nvivo|atlas\.?\s?ti|maxqda|dedoose|quirkos|taguette|f4|qda miner|hyperresearch|webqda|opencode|"
    r"open code|excel|word|transana|ethnograph|iramuteq|spss|rqda|delve)\b(?:\W{0,3}(?:version|v\.?|pro|plus)?\s*"
    r"(\d{1,4}(?:\.\d+)*))?",
    re.IGNORECASE,
)
_SUPPLEMENT = re.compile(
    r"\b(?:online\s+)?(?:supp?l(?:ement(?:al|ary)?)?\.?|additional|appendix|annex)\s*"
    r"(table|file|figure|appendix|material|box)?\s*[#:]?\s*([SA]?\d{1,2}|[A-F]\b)",
    re.IGNORECASE,
)
_MINUTES = re.compile(r"(\d{1,3})\s*(?:[-–]|to|and)\s*(\d{1,3})\s*(?:min|minutes)", re.IGNORECASE)
_SECTION = re.compile(r"(?<![\d.])(\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)(?![\d%])")
_LEAST_ALIKE = 0.45


def claims(checklist: Checklist) -> tuple[Claim, ...]:
    """What the checklist says was done or not done, for the ``opposed`` rules."""
    found = []
    for answer in checklist.answers:
        subject = CLAIMED.get(answer.item)
        if subject is None or answer.stance is None:
            continue
        # A page alone is no claim that it was done: "page 6" may be where it is denied.
        if answer.stance is Stance.DONE and not _says_more_than_a_page(answer):
            continue
        found.append(Claim(subject, None, answer.stance, "", answer.span, -1, source="checklist"))
    return tuple(found)


def _says_more_than_a_page(answer: ChecklistAnswer) -> bool:
    words = re.findall(
        r"[A-Za-z]{3,}",
        re.sub(r"(?i)\b(?:pages?|yes|see|section|table|methods?|results?)\b", "", answer.text),
    )
    return len(words) >= 2


def _quote(context: Context, span: Span) -> str:
    """The entry on one line, at most eighty words."""
    return " ".join(context.manuscript.quote(span).split()[:80])


def _entry(context: Context, answer: ChecklistAnswer) -> FindingPlace:
    return FindingPlace(answer.span, _quote(context, answer.span), "checklist")


def _side(context: Context, span: Span) -> FindingPlace:
    return FindingPlace(span, context.manuscript.quote(span))


def _found(
    rule: ConsistencyRule,
    places: Sequence[FindingPlace],
    severity: Severity | None = None,
    **words: object,
) -> Finding:
    return Finding(
        check=rule.check,
        kind=rule.kind,
        severity=severity or rule.severity,
        message=rule.message.format(**words),
        places=tuple(places),
        advice=rule.advice,
        innocent=rule.innocent,
    )


def _assessment(context: Context, item: int) -> Assessment | None:
    return next((a for a in context.assessments if a.item == item and a.guideline == "coreq"), None)


@comparison("checklist-title")
def checklist_title(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The checklist names another manuscript: by its title, or by words that stand nowhere else."""
    checklist, title = context.checklist, context.manuscript.document.meta.title
    if checklist is None or checklist.manuscript_title is None:
        return
    span = checklist.manuscript_title_span or checklist.span
    named = checklist.manuscript_title
    same = _alike(named, title) >= _LEAST_ALIKE if title else _stands_in_text(named, context)
    if same:
        return
    yield _found(
        rule,
        [FindingPlace(span, _quote(context, span), "checklist"), *_title_place(context, title)],
        Severity.WARNING if not title else None,
        one=named,
        two=title or "(its title was not found)",
    )


def _stands_in_text(title: str, context: Context) -> bool:
    """Whether the title's first five words stand outside the checklist, one after the other."""
    start = " ".join(normal(w) for w in re.findall(r"\w+", title)[:5])
    own = (s for s in context.manuscript.sentences if s.role not in UNSEARCHED)
    return any(start in " ".join(s.words) for s in own)


def _title_place(context: Context, title: str | None) -> list[FindingPlace]:
    if not title:
        return []
    at = context.manuscript.text.find(title)
    return [_side(context, Span(at, at + len(title)))] if at >= 0 else []


def _alike(one: str, two: str) -> float:
    first, second = ([normal(w) for w in re.findall(r"\w{3,}", t)] for t in (one, two))
    return difflib.SequenceMatcher(None, first, second).ratio()


@comparison("checklist-instrument")
def checklist_instrument(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The checklist's heading names another number of items than COREQ has."""
    checklist = context.checklist
    if checklist is None or checklist.items_said in {None, 32}:
        return
    span = checklist.items_said_span or checklist.span
    yield _found(
        rule, [FindingPlace(span, _quote(context, span), "checklist")], count=checklist.items_said
    )


@comparison("checklist-items")
def checklist_items(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Items are missing from a checklist that has most of them in rows of a table."""
    checklist = context.checklist
    if checklist is None or not checklist.in_table:
        return
    there = {a.item for a in checklist.answers}
    missing = [i for i in range(1, 33) if i not in there]
    if missing and len(missing) <= 8:
        last = checklist.answers[-1]
        yield _found(rule, [_entry(context, last)], items=", ".join(map(str, missing)))


@comparison("checklist-blank")
def checklist_blank(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The form is there, the answers are not."""
    checklist = context.checklist
    if checklist is None or any(a.text for a in checklist.answers):
        return
    yield _found(rule, [_entry(context, checklist.answers[0])])


@comparison("checklist-same-page")
def checklist_same_page(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Nearly every item is said to stand on one page."""
    if context.checklist is None:
        return
    paged = [a for a in context.checklist.answers if a.pages]
    if len(paged) < 15:
        return
    page, count = Counter(p for a in paged for p in a.pages[:1]).most_common(1)[0]
    if count / len(paged) >= 0.9:
        yield _found(
            rule, [_entry(context, paged[0]), _entry(context, paged[1])], page=page, count=count
        )


# --- pages

_PLAIN = frozenset({9, 10, 12, 13, 14, 17, 18, 19, 20, 21, 22, 23, 24, 27, 28})
"""Items whose statements are hard to overlook, so that a page without any is telling."""
_MOST_PAGES = 5  # findings


def _printed(context: Context, span: Span) -> int | None:
    printed = context.manuscript.document.place(span).printed_page
    return int(printed) if printed and printed.isdigit() else None


def _cited(context: Context, printed: bool) -> list[Cited]:
    """The answers that give pages, with the pages on which their items were found."""
    if context.checklist is None:
        return []
    found = []
    for answer in context.checklist.answers:
        item = _assessment(context, answer.item)
        if not answer.pages or item is None:
            continue
        places = [
            _printed(context, e.span) if printed else context.manuscript.document.place(e.span).page
            for e in item.evidence
        ]
        pages = frozenset(p for p in places if p is not None)
        if pages:
            found.append(Cited(answer.item, answer.pages, pages))
    return found


def _numbering(context: Context) -> Numbering | None:
    return numbering(_cited(context, False), _cited(context, True))


def _last_page(context: Context, printed: bool) -> int | None:
    """The last page of the manuscript, the checklist and what follows it not counted."""
    document, checklist = context.manuscript.document, context.checklist
    end = len(context.manuscript.text)
    if checklist is not None and _appended(context):
        end = checklist.span.start
    own = [b.span for b in document.blocks if b.span.end <= end]
    pages = [_printed(context, s) if printed else document.place(s).page for s in own]
    return max((p for p in pages if p is not None), default=None)


def _appended(context: Context) -> bool:
    """Whether the checklist stands in the manuscript's own file, after the text."""
    checklist, document = context.checklist, context.manuscript.document
    if checklist is None or not document.blocks:
        return False
    first = document.place(document.blocks[0].span).file
    return document.place(checklist.span).file == first


@comparison("checklist-last-page")
def checklist_last_page(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Pages are cited that the file does not have, counted or printed."""
    if context.checklist is None:
        return
    ends = [p for printed in (False, True) if (p := _last_page(context, printed)) is not None]
    known = _numbering(context)
    shift = known.offset if known else 0
    if not ends:
        return
    last = max(ends)
    beyond = [a for a in context.checklist.answers if a.pages and max(a.pages) - shift > last]
    if beyond:
        worst = max(beyond, key=lambda a: max(a.pages))
        severity = None if known and not known.offset else Severity.NOTE
        yield _found(rule, [_entry(context, worst)], severity, page=max(worst.pages), last=last)


@comparison("checklist-page")
def checklist_page(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A page is cited on which nothing of the kind stands, nor on the pages next to it."""
    known = _numbering(context)
    if context.checklist is None or known is None:
        return
    last = _last_page(context, known.printed) or 0
    odd = [c for c in _cited(context, known.printed) if not known.fits(c) and c.item in _PLAIN]
    odd = [c for c in odd if min(c.pages) - known.offset <= last + NEAR]
    for cited in odd[:_MOST_PAGES]:
        answer, item = context.checklist.answer(cited.item), _assessment(context, cited.item)
        if answer is None or item is None:
            continue
        yield _found(
            rule, [_entry(context, answer), *(_side(context, e.span) for e in item.evidence[:1])],
            item=cited.item, name=item.name, cited=_listed(cited.pages),
            found=_listed(sorted(f + known.offset for f in cited.found)),
        )  # fmt: skip


@comparison("checklist-numbering")
def checklist_numbering(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The pages of the checklist are those of another version, so many more or fewer."""
    known = _numbering(context)
    if context.checklist is None or known is None or not known.offset:
        return
    first = next(a for a in context.checklist.answers if a.pages)
    way = "higher" if known.offset > 0 else "lower"
    yield _found(
        rule, [_entry(context, first)], by=abs(known.offset), way=way, explained=known.explained,
        tried=known.tried,
    )  # fmt: skip


def _listed(pages: Iterable[int]) -> str:
    return ", ".join(str(p) for p in dict.fromkeys(pages))


@comparison("checklist-section")
def checklist_section(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A numbered section is cited that the manuscript does not have."""
    checklist = context.checklist
    if checklist is None:
        return
    there = {
        hit[1]
        for s in context.manuscript.sections
        if (hit := re.match(r"\s*(\d{1,2}(?:\.\d{1,2})*)", s.title))
    }
    # Without at least three numbered sub-sections the numbers in the form are something else.
    if sum("." in t for t in there) < 3:
        return
    for answer in checklist.answers:
        for number in _SECTION.findall(answer.text):
            if number not in there and number.split(".")[0] in there:
                yield _found(rule, [_entry(context, answer)], section=number, item=answer.item)


@comparison("checklist-answer")
def checklist_answer(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """What the form says was done, the text denies; or the other way round."""
    if context.checklist is None:
        return
    for answer in context.checklist.answers:
        item = _assessment(context, answer.item)
        if item is None or answer.item in CLAIMED:
            continue
        denied = answer.stance is Stance.DENIED and answer.item in _SHY
        if denied and item.level is Level.REPORTED:
            yield _against(rule, context, answer, item, "No")
        elif answer.stance is Stance.DONE and item.level is Level.DECLARED:
            if _says_more_than_a_page(answer) and answer.item in {13, 19, 22, 27}:
                yield _against(rule, context, answer, item, answer.text)


def _against(
    rule: ConsistencyRule, context: Context, answer: ChecklistAnswer, item: Assessment, said: str
) -> Finding:
    sides = [_side(context, e.span) for e in item.evidence[:1]]
    return _found(
        rule, [_entry(context, answer), *sides], item=answer.item, name=item.name, said=said
    )


@comparison("checklist-only")
def checklist_only(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The form gives a page or an answer, the manuscript says nothing of the kind."""
    if context.checklist is None:
        return
    for answer in context.checklist.answers:
        item = _assessment(context, answer.item)
        if item is None or answer.stance is not Stance.DONE or not item.decided:
            continue
        if (item.level is Level.ABSENT or _only_behind(context, item)) and not item.judgement:
            severity = rule.severity if answer.item in _TOLD else Severity.NOTE
            yield _found(
                rule, [_entry(context, answer)], severity, item=answer.item, name=item.name,
                said=answer.text,
            )  # fmt: skip


_BEHIND = 0.4  # of the text: a checklist that starts before is no appendix


def _only_behind(context: Context, item: Assessment) -> bool:
    """Whether all that was found stands behind the appended checklist: in further supplements."""
    checklist = context.checklist
    if checklist is None or not _appended(context) or not item.evidence:
        return False
    late = checklist.span.start > _BEHIND * len(context.manuscript.text)
    return late and all(e.span.start >= checklist.span.end for e in item.evidence)


@comparison("checklist-value")
def checklist_value(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A number of people, a length, or a program that the text gives otherwise."""
    if context.checklist is None:
        return
    for item, compare in ((12, _sample_size), (21, _duration), (27, _program)):
        answer = context.checklist.answer(item)
        if answer is None or answer.stance is not Stance.DONE:
            continue
        span = compare(answer, context)
        if span is not None:
            yield _found(
                rule, [_entry(context, answer), _side(context, span)], item=item, said=answer.text
            )


def _sample_size(answer: ChecklistAnswer, context: Context) -> Span | None:
    """Where the text gives another number, when it never gives the checklist's."""
    text = re.sub(_PAGES_OR_SECTIONS, " ", answer.text)
    numbers = [int(n) for n in re.findall(r"(?<![\d.])\d{1,4}(?![\d.%])", text)]
    stated = [c for c in context.about("people.interviewed") if isinstance(c.value, float)]
    if not numbers or not stated:
        return None
    said = {int(c.value) for c in stated if isinstance(c.value, float)}
    if numbers[0] in said or numbers[0] in _parts_and_sums(said):
        return None
    return stated[0].span


_PAGES_OR_SECTIONS = re.compile(
    r"(?i)\b(?:pages?|pp?|lines?|sections?|tables?|para(?:graph)?s?|fig(?:ure)?s?)\.?\s*\d[\d\s,–-]*|\d+\.\d+"
)


def _parts_and_sums(said: set[int]) -> set[int]:
    """Sums of two stated numbers: women and midwives are counted apart in many texts."""
    return {a + b for a in said for b in said if a != b}


def _duration(answer: ChecklistAnswer, context: Context) -> Span | None:
    hit = _MINUTES.search(answer.text)
    stated = [x for x in lengths(context) if not x.average]
    if hit is None or not stated:
        return None
    wanted = (float(hit[1]), float(hit[2]))
    if any((x.low, x.high) == wanted for x in stated):
        return None
    return stated[0].sentence.span


def _program(answer: ChecklistAnswer, context: Context) -> Span | None:
    wanted = _PROGRAMS.search(answer.text)
    if wanted is None:
        return None
    name, version = _name(wanted[1]), wanted[2]
    for sentence in context.manuscript.sentences:
        if sentence.role in UNSEARCHED:
            continue
        text = context.manuscript.quote(sentence.span)
        hits = [h for h in _PROGRAMS.finditer(text) if _name(h[1]) not in {"spss", "excel", "word"}]
        if any(_name(h[1]) == name and _same_version(h[2], version) for h in hits):
            return None
    others = [
        s
        for s in context.manuscript.sentences
        if s.role not in UNSEARCHED
        and (hit := _PROGRAMS.search(context.manuscript.quote(s.span)))
        and _name(hit[1]) not in {"spss", "excel", "word"}
    ]
    return others[0].span if others else None


def _name(printed: str) -> str:
    return re.sub(r"\W", "", printed.lower())


def _same_version(one: str | None, two: str | None) -> bool:
    return one is None or two is None or one.split(".")[0] == two.split(".")[0]


@comparison("checklist-supplement")
def checklist_supplement(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The form names supplements by other numbers than the manuscript does."""
    checklist = context.checklist
    if checklist is None:
        return
    there: dict[str, Span] = {}
    for sentence in context.manuscript.sentences:
        if sentence.role in UNSEARCHED:
            continue
        for hit in _SUPPLEMENT.finditer(context.manuscript.quote(sentence.span)):
            there.setdefault(_supplement(hit), sentence.span)
    if not there:
        return
    unknown = [
        (a, hit[0])
        for a in checklist.answers
        for hit in _SUPPLEMENT.finditer(a.text)
        if _supplement(hit) not in there
    ]
    if unknown:
        named = ", ".join(dict.fromkeys(words for _, words in unknown))
        places = [_entry(context, a) for a in dict.fromkeys(a for a, _ in unknown)]
        known = [_side(context, span) for span in dict.fromkeys(there.values())]
        yield _found(rule, [*places[:1], *known[:3], *places[1:]], named=named)


def _supplement(hit: re.Match[str]) -> str:
    return f"{(hit[1] or 'file').lower()} {hit[2].upper().lstrip('S')}"
