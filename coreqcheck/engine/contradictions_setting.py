"""How and where people were interviewed: mode, and alone or in groups."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.people import sizes
from coreqcheck.engine.statements import BODY, Statement, Statements
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, Role, SectionKind, Severity, Span

_MODES = {
    "in person": re.compile(
        r"\b(?:face[- ]to[- ]face|in[- ]person|in the flesh|at (?:their|the participants?'?s?|her|his) (?:own )?(?:homes?|houses?|kitchens?|workplaces?)|"
        r"in (?:(?:the )?[a-z]+(?:s'|'s) )?(?:own )?homes?\b|in (?:a|the) (?:[a-z-]+ ){0,3}?(?:room|office|library|community cent(?:re|er)|cent(?:re|er)|clinic|café|cafe|school|church|hall|ward)\b)"
    ),
    "by telephone": re.compile(
        r"\b(?:by|via|over|on|through|using) (?:the )?(?:tele)?phone\b|\btelephone interviews?\b|\bphone interviews?\b|\btelephonic"
    ),
    "online": re.compile(
        r"\b(?:by|via|over|on|through|using|with) (?:the )?(?:zoom|skype|teams|microsoft teams|ms teams|webex|google meet|whatsapp video|video(?:[- ]?(?:call|conference|link|conferencing|connection|chat))?s?|"
        r"an online (?:platform|video)|a video)\b|\bonline\b|\bvideo ?-?(?:conference|call|conferencing)|\bvirtual(?:ly)?\b|\bon zoom\b|\bonline interviews?\b|\bzoom interviews?\b"
    ),
}
_TALKS = r"(?:interviews?|focus groups?|groups?|discussions?|conversations?|sessions?|meetings?|of them|fgds?|idis?|calls)"
_ALL = re.compile(
    rf"\b(?:all|every one|every|each|each and every|both)\b(?: one| 1)?(?: (?:of )?(?:the |our |these )?(?:\d+ )?(?:in-depth |individual |semi-?structured |focus |qualitative )*)?{_TALKS}\b[^.;]{{0,24}}?"
    r"\b(?:were|was|took place|occurred|happened|conducted|held|carried out|done)\b"
)
_PLACED = re.compile(
    r"\b(?:were|was|took place|conducted|held|carried out|done|did|met|interviewed|occurred|happened|ran|holding|doing)\b"
)
_SOME = re.compile(
    rf"\b(?:(\d{{1,3}})(?: of the)?(?: (?!minutes|hours)[a-z-]+){{0,3}}? {_TALKS}|some(?: of the)? {_TALKS}|several(?: of the)? {_TALKS}|a few(?: of the)? {_TALKS}|(?:the )?(\d{{1,3}}) (?:others|participants|women|men|nurses|people|parents|"
    r"patients|students) (?:who|were|preferred|had|chose|asked))"
)
_OTHER_TALK = re.compile(
    r"\b(?:invit|recruit|contact|screen|consent|follow-?up call|appointment|antenatal|consultation|visit was|training|supervision|second interview|pilot|survey|questionnaire|"
    r"analysis meeting|team met|met weekly|researchers met|member check|feedback|translator|future|services?|telehealth|lectures?|teaching|courses?|would|could|should|support groups?)\b"
)
_EXCEPT = re.compile(
    r"\b(?:except|apart from|but|save|other than|or|either|unless|and|while|whereas|instead|mostly|mainly|usually|where possible|when)\b"
)


def modes_in(text: str) -> set[str]:
    """The ways of meeting that the words name."""
    return {name for name, pattern in _MODES.items() if pattern.search(text)}


@dataclass(frozen=True, slots=True)
class Mode:
    """How interviews were held: all of them, or some, as one sentence says."""

    mode: str
    statement: Statement
    span: Span
    count: int | None = None


def _meetings(statements: Statements) -> Iterable[Statement]:
    kinds = BODY - {
        SectionKind.CONTRIBUTORS,
        SectionKind.FUNDING,
        SectionKind.INTERESTS,
        SectionKind.APPENDIX,
    }
    mask = statements.holding(
        "face",
        "person",
        "telephone*",
        "phone",
        "zoom",
        "skype",
        "teams",
        "webex",
        "video*",
        "online",
        "virtual*",
        "home*",
        "house*",
        "room",
        "office*",
        "library",
        "centre",
        "center",
        "clinic",
        "hall",
        "school",
        "cafe",
        "ward",
        "church",
    )
    for statement in statements.among(mask & statements.inside(kinds)):
        if statement.sentence.role in {Role.TABLE_ROW, Role.HEADING} or statement.sentence.citation:
            continue
        yield statement


@comparison("mode")
def mode(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """All interviews in one way, and some in another."""
    every: list[Mode] = []
    some: list[Mode] = []
    for statement in _meetings(context.statements):
        text = statement.text
        hit = _ALL.search(text)
        part = _SOME.search(text)
        opens = hit or part
        if opens is None:
            continue
        told = _next_mode(text, opens.start())
        if told is None:
            continue
        name, where = told
        if _OTHER_TALK.search(text[max(opens.start() - 40, 0) : where.end() + 25]):
            continue
        if (
            hit
            and len(modes_in(text)) == 1
            and not _EXCEPT.search(
                text[hit.end() : where.start()].replace("community centre or library", "")
            )
            and not re.search(r"\b(?:except|apart from|other than)\b", text)
        ):
            every.append(Mode(name, statement, statement.span(hit.start(), where.end())))
            continue
        if part and _PLACED.search(text) and where.start() - part.start() < 90:
            some.append(Mode(name, statement, statement.span(part.start(), part.end())))
    for one in every:
        for two in some:
            # One place for all groups ("in a library") is no word against a video call only when it is named as such.
            if (
                one.mode != two.mode
                and abs(one.statement.sentence.index - two.statement.sentence.index) > 1
            ):
                yield report(rule, context, (one.span, two.span), one=one.mode, two=two.mode)
                return
        for other in every:
            if (
                other.mode != one.mode
                and _same_talk(one, other)
                and other.statement is not one.statement
            ):
                yield report(rule, context, (one.span, other.span), one=one.mode, two=other.mode)
                return
    yield from _bare(rule, context)


def _next_mode(text: str, after: int) -> tuple[str, re.Match[str]] | None:
    """The first way of meeting that is named after a place in the sentence."""
    hits = [(name, hit) for name, pattern in _MODES.items() if (hit := pattern.search(text, after))]
    return min(hits, key=lambda h: h[1].start(), default=None)


def _same_talk(one: Mode, two: Mode) -> bool:
    kinds = [re.search(r"group|discussion", m.statement.text) is not None for m in (one, two)]
    return kinds[0] == kinds[1]


_BARE = re.compile(
    r"(?:^|[.;,] |\b(?:we|through|using|by|with|conducted|in-depth|individual|of) )(?:\d+ )?(?:semi-?structured,? |in-depth,? |individual,? |qualitative,? )*(face[- ]to[- ]face|in-person|telephone|phone|online|zoom|virtual|video)(?:,? (?:and )?"
    r"(?:semi-?structured|in-depth|individual|one-to-one|qualitative))* (interviews?|focus groups?|discussions?)\b"
    r"|\b(interviews?|focus groups?|discussions?) (?:were|was) (?:conducted|held|carried out|done|performed) (?:individually )?(face[- ]to[- ]face|in person|by telephone|by phone|over the phone|online|via zoom|over zoom|on zoom|virtually|by video ?call)\b"
)
_BARE_MODE = {
    "face": "in person",
    "in": "in person",
    "tel": "by telephone",
    "pho": "by telephone",
    "by t": "by telephone",
    "by p": "by telephone",
    "over t": "by telephone",
}


def _bare(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "Telephone interviews" in the abstract, "face-to-face interviews" in the methods."""
    statements = context.statements
    kinds = (
        SectionKind.ABSTRACT,
        SectionKind.METHODS,
        SectionKind.RESULTS,
        SectionKind.DISCUSSION,
        SectionKind.LIMITATIONS,
        SectionKind.CONCLUSION,
    )
    found: dict[tuple[bool, str], tuple[Statement, Span]] = {}
    mixed: set[frozenset[str]] = set()
    for statement in _meetings(statements):
        if statement.kind not in kinds:
            continue
        named = modes_in(statement.text)
        if len(named) > 1:
            mixed.add(frozenset(named))
            continue
        if _OTHER_TALK.search(statement.text) or re.search(
            r"\d (?:of|were|by|on)|some|several|first|second|phase|\brest\b|remaining|others?\b",
            statement.text,
        ):
            mixed.add(frozenset(named | {"*"}))
            continue
        for hit in _BARE.finditer(statement.text):
            words = hit[1] or hit[4]
            group = not (hit[2] or hit[3]).startswith("interview")
            name = _mode_of(words)
            found.setdefault((group, name), (statement, statement.span(hit.start(), hit.end())))
    for (group, name), (statement, span) in found.items():
        for (other_group, other), (second, other_span) in found.items():
            if group != other_group or name >= other or frozenset((name, other)) in mixed:
                continue
            if {
                frozenset((name, "*")),
                frozenset((other, "*")),
            } & mixed or statement.kind is second.kind:
                continue
            ordered = sorted(
                ((statement, span, name), (second, other_span, other)),
                key=lambda x: x[0].sentence.index,
            )
            yield report(
                rule, context, [o[1] for o in ordered], Severity.WARNING, one=ordered[0][2], two=ordered[1][2]
            )  # fmt: skip
            return


def _mode_of(words: str) -> str:
    if words.startswith(("face", "in")):
        return "in person"
    return "by telephone" if "phone" in words else "online"


_COUNTED_MODE = re.compile(
    r"(?<![\d.,/-])(\d{1,3})(?! ?(?:min|hour|%|years))(?: (?!and\b)[a-z'-]+){0,7}?,? ?(?:\(?)(face[- ]to[- ]face|in person|by (?:tele)?phone|by video|on(?: the)? (?:tele)?phone|via (?:zoom|skype|teams|video)|over (?:zoom|the (?:tele)?phone)|on zoom|online|by zoom|by skype|by e-?mail)"
)


@comparison("mode-sum")
def mode_sum(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "Ten by telephone, nine on Zoom, four in person": of 26."""
    statements = context.statements
    stated = {s.value: s for s in sizes(statements)}
    if len(stated) != 1:
        return
    total, size = next(iter(stated.items()))
    for statement in _meetings(statements):
        if statement.kind not in {SectionKind.METHODS, SectionKind.RESULTS} or _OTHER_TALK.search(
            statement.text
        ):
            continue
        hits = list(_COUNTED_MODE.finditer(statement.text))
        if len({h[2] for h in hits}) < 2 or not re.search(
            r"interview|conversation|talk|were (?:held|done|conducted)|met", statement.text
        ):
            continue
        if re.search(r"group|remaining|rest\b|others|some|twice|most|and 1 ", statement.text):
            continue
        counts = [int(h[1]) for h in hits]
        whole = [c for c in counts if c == total]
        if sum(counts) != total and not whole and 0.6 * total <= sum(counts) <= 1.4 * total:
            # A number that opens the sentence may be the whole.
            if counts[0] == sum(counts[1:]):
                continue
            where = size.people.statement.span(size.people.start, size.people.end)
            yield report(
                rule, context, (statement.span(hits[0].start(), hits[-1].end()), where),
                parts=" + ".join(map(str, counts)), sum=sum(counts), total=total,
            )  # fmt: skip
            return


# --- alone or in groups

_GROUPS_HELD = re.compile(
    r"\b(?:focus[- ]groups?|group discussions?|group interviews?|fgds?|focus group (?:discussions?|interviews?|sessions?))\b[^.;]{0,60}?\b(?:were|was|took place|lasted|conducted|held|with|moderated|facilitated|met)\b|"
    r"\b(?:through|by|using|in|with|conducted|held|of|via|from) (?:[a-z0-9-]+ ){0,3}?(?:focus[- ]groups?|group discussions?|group interviews?|fgds?)\b"
)
_ALONE_HELD = re.compile(
    r"\b(?:individual|one-to-one|one-on-one|in-depth|semi-?structured|face-to-face|telephone|narrative|qualitative|key informant|personal)(?:,? (?:and )?(?:individual|in-depth|semi-?structured|face-to-face|qualitative|open-ended|deep))* "
    r"interviews?\b(?! (?:guide|questions|schedule|with focus))|\b(?:were|was|we) interviewed\b|\binterviews (?:were|with|lasted|took place|ran)\b|\binterviews? (?:was|were) (?:conducted|held|carried out|done)"
)
_NOT_HELD = re.compile(
    r"\b(?:future|further|next stud|suggest|recommend|would|could|should|previous|other studies|literature|rather than|instead of|not |no |unlike|compared with|interview guide|focus group interviews?)\b"
)


@comparison("alone-or-groups")
def alone_or_groups(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The abstract has interviews only, the methods groups only; or the other way round."""
    statements = context.statements
    mask = statements.holding("interview*", "group*", "fgd*", "discussion*")
    front = list(statements.among(mask & statements.inside((SectionKind.ABSTRACT,))))
    body = list(
        statements.among(mask & statements.inside((SectionKind.METHODS, SectionKind.RESULTS)))
    )
    title = (context.manuscript.document.meta.title or "").lower()
    groups_front = _first(_GROUPS_HELD, front, every=True) or "group" in title
    alone_front = _first(_ALONE_HELD, front)
    groups_body = _first(_GROUPS_HELD, body)
    alone_body = _first(_ALONE_HELD, body)
    if not front or not body:
        return
    if alone_front and groups_body and not groups_front and not alone_body:
        yield report(
            rule, context, (alone_front, groups_body), one="interviews", two="focus groups"
        )
    groups_only = _first(_GROUPS_HELD, front)
    if (
        groups_only
        and alone_body
        and not alone_front
        and not groups_body
        and "interview" not in title
    ):
        if not any("interview" in s.text for s in front):
            yield report(
                rule, context, (groups_only, alone_body), one="focus groups", two="interviews"
            )


def _first(
    pattern: re.Pattern[str], found: Iterable[Statement], every: bool = False
) -> Span | None:
    """Where the pattern first tells of this study's own meetings."""
    for statement in found:
        if statement.sentence.role in {Role.TABLE_ROW, Role.HEADING}:
            continue
        text = re.sub(r"focus group interviews?|group interviews?", "focus groups", statement.text)
        hit = pattern.search(text)
        if hit and (every or not _NOT_HELD.search(text)):
            at = min(hit.start(), max(len(statement.text) - 2, 0))
            return statement.span(at, at + 1)
    return None
