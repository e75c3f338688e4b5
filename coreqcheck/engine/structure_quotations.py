"""Quotations as evidence: are they there, and can a reader tell who speaks?

COREQ asks for quotations that are identified. A label identifies when it tells one speaker from
others: a code, a pseudonym, a role with age or site. The code of a group without a speaker, or one
label for everybody, does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from coreqcheck.engine.assess import LONGEST_QUOTE
from coreqcheck.engine.detectors import Found, detector
from coreqcheck.engine.index import Index
from coreqcheck.model import Block, Manuscript, Quotation, Role, SectionKind, Span
from coreqcheck.text.labels import parse_label
from coreqcheck.text.tokens import words_of
from coreqcheck.text.wording import words

_ENOUGH = 0.75
"""Share of identified quotations from which a manuscript counts as identifying them."""

_SHORT = 6
"""Quoted words below this number are a manner of speaking, unless a label stands with them."""

_SHOWN = 12
_PROSE = 220

_FINDINGS = frozenset({SectionKind.RESULTS, SectionKind.OTHER})

_GROUP_ONLY = re.compile(
    r"(?:(?:participant|member|speaker|man|woman|male|female)s?\s+(?:in|of|from)\s+)?"
    r"(?:fgds?|fgs?|fg-?d|focus\s*-?\s*groups?(?:\s+discussions?)?|groups?|gd"
    r"|group\s+discussions?|g|workshop|idis?|kiis?|ssis?|"
    r"in-?depth\s+interviews?|key\s+informant\s+interviews?|interviews?)"
    r"[\s._#-]*(?:no\.?\s*)?(?:\d{1,3}[a-z]?)?",
    re.IGNORECASE,
)
_INTERVIEW_NUMBER = re.compile(
    r"\b(?:idi|kii|ssi|interview|interviewee|int)\w*[\s._#-]*(?:no\.?\s*)?\d", re.IGNORECASE
)
_ONE_PERSON = re.compile(
    r"\b(?:mother|father|parent|woman|man|girl|boy|female|male|nurse|midwife|doctor"
    r"|physician|student|teacher|carer|"
    r"caregiver|wife|husband|son|daughter|patient|participant|respondent|speaker|worker"
    r"|user|manager|leader|chief|"
    r"elder|farmer|volunteer|resident|widow|spouse|sister|brother|adolescent|officer"
    r"|pharmacist|therapist|p|r|s|n|m|f)\b"
    r"(?!\s*(?:groups?|only|fgds?))",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d")
_SAY = (
    r"(?:said|says|saying|explain\w*|told|put it|describ\w*|recall\w*|remember\w*|felt"
    r"|stat(?:ed|es|ing)|noted|notes|"
    r"report\w*|express\w*|comment\w*|remark\w*|added|adds|mention\w*|answer\w*|repl(?:ied"
    r"|ies)|asked|laugh\w*|complain\w*|"
    r"insist\w*|reflect\w*|emphasi[sz]ed|observed|shared|stressed|claimed|argued"
    r"|acknowledged|admitted|suggested|"
    r"elaborated|joked|wrote|thought|declared|found|wanted|had|was|believed|spoke)"
)
_NAMED = re.compile(
    rf"\b([A-Z][a-zà-öø-ÿ]{{2,}})(?:[’']s)?(?:,[^,.;“”\"]{{2,70}},)?\s+(?:also\s|then\s"
    rf"|further\s|again\s)?{_SAY}\b"
)
_SAID_BY = re.compile(rf"\b{_SAY}\s+([A-Z][a-zà-öø-ÿ]{{2,}})\b")
_NO_NAMES = words(
    """
    The This That These Those They She Her His One Two Three Four Five Six Some Others Other
    Another Many Most Several
    Few All Both Each Every Participants Participant Respondents Respondent Informants Informant
    Interviewees Interviewee
    Women Men Nurses Nurse Doctors Doctor Patients Patient Students Student Mothers Mother Parents
    Parent Carers Staff
    People Teachers Teacher Midwives Families Workers Users Developers Leaders Members Clinicians
    Physicians Caregivers
    Officers Managers Although However While When Where What Who How There Here Then Thus
    Therefore Moreover Furthermore
    Table Figure Box Theme Results Findings Authors Researchers Previous Studies Study Interviews
    Such Only None Nobody
    Everyone Somebody Someone Anyone Not Its Our Your You Quotations Quotes Statements Residents
    Villagers Children
    Adolescents Girls Boys Health Community Participants Older Younger Male Female Among
    Nevertheless Finally First Second
    Third Respondents Discussants Experts Providers Professionals Practitioners Pharmacists
    Therapists Physiotherapists
    Similarly Conversely Additionally Also And But For With From Into Upon Because Since Being
    Having Data Analysis
    """
)
"""Capitalised words that open sentences or stand for people without naming one."""
_ROLE_AND_SITE = re.compile(
    r"\b(?:one|an?|another|the)\s(?:[\w’'-]+\s){1,6}?(?:in|from|at|on|of"
    r"|with)\s(?:[\w-]+\s)?[A-Z][\w’'-]+|"
    r"\b(?i:one|an?|another|the)\s\d{2}[\s-]year[\s-]old\s[a-z]+|\b(?i:one|an?"
    r"|another)\s[a-z-]+\s(?:\w+\s)?\(?(?:aged|of)\s\d{2}\b"
)
_CELL_QUOTE = re.compile(
    r"[“\"«„]([^“”\"«»„]{18,900})[”\"»“](?:\s*[.,;]?\s*(?:[–—―-]{1,2}\s*([^“”\"\n;–—]{2,70})"
    r"|\(([^()“”\"]{2,80})\)|\[([^\[\]“”\"]{2,80})\]))?"
)
_TELLS = re.compile(
    r"\b(?:quot\w+|verbatim\w*|excerpts?|extracts?|statements?|responses?|voices"
    r"|illustrat\w+|comments?|testimon\w+|"
    r"examples?|narratives?|utterances?|descriptions?|remarks?|words)\b",
    re.IGNORECASE,
)


_CODING_HEAD = re.compile(r"\b(?:codes?|meaning units?|condens\w+)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """Participants' words; ``named`` tells whether readers learn who speaks."""

    span: Span
    words: int
    named: bool
    label: str | None
    in_table: bool


@detector("quotations-identified")
def quotations_identified(index: Index) -> Iterable[Found]:
    """Labelled quotations, when nearly each quotation is labelled so that speakers differ."""
    said = quotations_of(index)
    counted = [s for s in said if s.words >= _SHORT or s.named] or said
    named = [s for s in counted if s.named]
    if not named or len(named) < _ENOUGH * len(counted) or _uniform(named):
        return
    for one in named[:_SHOWN]:
        yield Found(one.span, confidence=0.93)


@detector("quotations")
def quotations(index: Index) -> Iterable[Found]:
    """Quotations of participants, labelled or not; the labelled ones are surest."""
    said = quotations_of(index)
    ranked = sorted(said, key=lambda s: (not s.named, s.words < _SHORT, s.span.start))
    for one in ranked[:_SHOWN]:
        yield Found(one.span, confidence=0.85 if one.named else 0.75)


@lru_cache(maxsize=2)  # asked for four times of each manuscript; more would keep old ones alive
def quotations_of(index: Index) -> tuple[Said, ...]:
    """What participants say in this manuscript, in order, tables included."""
    manuscript = index.manuscript
    names = _names(manuscript)
    said = [
        _said(manuscript, one, names) for one in manuscript.quotations if _counts(manuscript, one)
    ]
    known = [one.span for one in manuscript.quotations]
    said += [one for one in _in_cells(manuscript) if not any(one.span.overlaps(k) for k in known)]
    examples = _coding_examples(manuscript)
    said = [s for s in said if s.named or not any(s.span.overlaps(e) for e in examples)]
    return tuple(sorted(said, key=lambda s: s.span.start))


def _coding_examples(manuscript: Manuscript) -> list[Span]:
    """The rows of tables that show how words became codes: they present no speakers."""
    blocks = manuscript.document.blocks
    coding: set[int] = set()
    seen: set[int] = set()
    for block in blocks:
        if block.table is None or block.role is not Role.TABLE_ROW:
            continue
        first = block.header or block.table not in seen
        seen.add(block.table)
        if first and _CODING_HEAD.search(manuscript.text, block.span.start, block.span.end):
            coding.add(block.table)
    return [b.span for b in blocks if b.table in coding and b.role is Role.TABLE_ROW]


def _counts(manuscript: Manuscript, one: Quotation) -> bool:
    """Words quoted outside the findings count only when they are labelled."""
    kind = manuscript.sections[one.section].kind
    return kind in _FINDINGS or one.label is not None


def _said(manuscript: Manuscript, one: Quotation, names: frozenset[str]) -> Said:
    length = len(words_of(manuscript.text, one.span.start, one.span.end)[0])
    named = _tells_speaker(one) if one.label else _named_in_prose(manuscript, one, names)
    whole = one.span
    if one.label_span is not None:
        whole = Span(min(whole.start, one.label_span.start), max(whole.end, one.label_span.end))
    late = one.label_span is not None and one.label_span.start >= one.span.end
    return Said(_short(manuscript.text, whole, late), length, named, one.label, one.in_table)


def _short(text: str, span: Span, keep_end: bool) -> Span:
    """``span``, or that many of its words as a report may quote."""
    _, starts, ends = words_of(text, span.start, span.end)
    if len(starts) <= LONGEST_QUOTE:
        return span
    if keep_end:
        return Span(starts[-LONGEST_QUOTE], span.end)
    return Span(span.start, ends[LONGEST_QUOTE - 1])


# --- labels ---------------------------------------------------------------------------------------


def _tells_speaker(one: Quotation) -> bool:
    """Whether the label tells one speaker from others, not only a group or a method."""
    label = one.label or ""
    rest = _GROUP_ONLY.sub(" ", label, count=1) if _GROUP_ONLY.match(label.strip()) else label
    if rest == label:
        return True
    if _INTERVIEW_NUMBER.search(label):
        return True
    rest = rest.strip(" ,;:-–()/")
    return bool(_NUMBER.search(rest) or _ONE_PERSON.search(rest))


def _uniform(named: Sequence[Said]) -> bool:
    """One and the same label for all, so that nobody can be told from another."""
    labels = {" ".join((s.label or "").lower().split()) for s in named}
    (label, *others) = labels
    return len(named) > 2 and not others and bool(label) and not _NUMBER.search(label)


def _names(manuscript: Manuscript) -> frozenset[str]:
    """Capitalised words that speak in the findings: pseudonyms, names of sites."""
    counts: dict[str, int] = {}
    authors = {a.surname for a in manuscript.authors}
    for section in manuscript.sections:
        if section.kind not in _FINDINGS:
            continue
        text = manuscript.text[section.span.start : section.span.end]
        for pattern in (_NAMED, _SAID_BY):
            for hit in pattern.finditer(text):
                name = hit.group(1)
                if name not in _NO_NAMES and name not in authors:
                    counts[name] = counts.get(name, 0) + 1
    return frozenset(counts)


def _named_in_prose(manuscript: Manuscript, one: Quotation, names: frozenset[str]) -> bool:
    """Whether the words around an unlabelled quotation name its speaker."""
    block = manuscript.document.blocks[one.block].span
    text = manuscript.text
    before = text[max(block.start, one.span.start - _PROSE) : one.span.start]
    before = re.split(r"[.!?][”\"’]?\s(?=[A-Z“\"])", before)[-1]
    if len(before.split()) < 3 and one.span.start - block.start < 4:
        before = _last_sentence(manuscript, one.block)
    after = re.split(
        r"[.!?“\"]", text[one.span.end : min(block.end, one.span.end + 90)].lstrip('”"’., ')
    )[0]
    around = f"{before} | {after}"
    if any(word in names for word in re.findall(r"[A-Z][a-zà-öø-ÿ]{2,}", around)):
        return True
    return _ROLE_AND_SITE.search(around) is not None


def _last_sentence(manuscript: Manuscript, block: int) -> str:
    """The end of the paragraph before, when it leads over to the quotation."""
    if block == 0:
        return ""
    span = manuscript.document.blocks[block - 1].span
    text = manuscript.text[max(span.start, span.end - _PROSE) : span.end].rstrip()
    return re.split(r"[.!?]\s(?=[A-Z])", text)[-1] if text.endswith((":", ",")) else ""


# --- quotations in table cells -------------------------------------------------------------------


def _in_cells(manuscript: Manuscript) -> Iterable[Said]:
    """Quoted words in the cells of tables that say they hold quotations."""
    blocks = manuscript.document.blocks
    telling = _telling_tables(manuscript.text, blocks)
    for block in blocks:
        if block.role is not Role.TABLE_ROW or block.table not in telling or block.header:
            continue
        for hit in _CELL_QUOTE.finditer(manuscript.text, block.span.start, block.span.end):
            length = len(words_of(manuscript.text, hit.start(1), hit.end(1))[0])
            if length < _SHORT:
                continue
            printed = hit.group(2) or hit.group(3) or hit.group(4)
            label = printed.strip() if printed and parse_label(printed.split("|")[0]) else None
            end = hit.end() if label else hit.end(1)
            span = _short(manuscript.text, Span(hit.start(), end), label is not None)
            yield Said(span, length, label is not None, label, True)


def _telling_tables(text: str, blocks: Sequence[Block]) -> set[int]:
    """Tables whose caption or first row speaks of quotations."""
    telling: set[int] = set()
    seen: set[int] = set()
    for block in blocks:
        if block.table is None:
            continue
        first = block.role is Role.TABLE_ROW and (block.header or block.table not in seen)
        if block.role is Role.TABLE_ROW:
            seen.add(block.table)
        if (first or block.role is Role.CAPTION) and _TELLS.search(
            text, block.span.start, block.span.end
        ):
            telling.add(block.table)
    return telling
