"""How and where people were interviewed: mode, and alone or in groups."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.people import sizes
from coreqcheck.engine.statements import BODY, Statement, Statements
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, Role, SectionKind, Severity, Span

_MODES = {
    "in person": re.compile(
        r"\b(?:face[- ]to[- ]face|in[- ]person|at (?:their|the participants?'?s?|her|his) (?:own )?(?:homes?|houses?|workplaces?)|"
        r"in (?:(?:the )?[a-z]+(?:s'|'s) )?(?:own )?homes?\b|in (?:a|the) (?:[a-z-]+ ){0,3}?(?:room|office|library|cent(?:re|er)|clinic|café|cafe|school|church|hall|ward)\b)"
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


class Reach(IntEnum):
    """Of how many interviews a sentence speaks."""

    SOME = 1
    GENERAL = 2  # "the interviews were held ..."
    EVERY = 3


@dataclass(frozen=True, slots=True)
class Mode:
    """How interviews were held, as one sentence says."""

    mode: str
    reach: Reach
    statement: Statement
    span: Span

    @property
    def groups(self) -> bool:
        """Whether groups are meant."""
        return re.search(r"group|discussion|fgd", self.statement.text) is not None


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
    """Interviews held in one way, and in another, where no sentence names both."""
    told: list[Mode] = []
    mixed: set[frozenset[str]] = set()
    for statement in _meetings(context.statements):
        named = modes_in(statement.text)
        found = _mode_of(statement)
        if found is not None:
            told.append(found)
        if len(named) > 1 and statement.kind in _TELLING:
            mixed.add(frozenset(named))
    for one in told:
        for two in told:
            severity = _clash(one, two, mixed)
            if severity is not None:
                first, second = sorted((one, two), key=lambda m: m.statement.sentence.index)
                yield report(
                    rule, context, (first.span, second.span), severity, one=first.mode,
                    two=second.mode,
                )  # fmt: skip
                return


_TELLING = frozenset({SectionKind.METHODS, SectionKind.ABSTRACT, SectionKind.RESULTS})


def _clash(one: Mode, two: Mode, mixed: set[frozenset[str]]) -> Severity | None:
    """How surely ``one``, said of more interviews than ``two``, cannot be with it."""
    if one.reach < two.reach or one.reach is Reach.SOME or one.mode == two.mode:
        return None
    if one.statement is two.statement or any({one.mode, two.mode} <= m for m in mixed):
        return None
    if one.groups != two.groups:
        return None
    if one.reach is Reach.EVERY:
        near = abs(one.statement.sentence.index - two.statement.sentence.index) <= 1
        return None if near and two.reach is Reach.SOME else Severity.ERROR
    # Said in general, an exception a few lines on is none.
    return Severity.WARNING if one.statement.kind is not two.statement.kind else None


_SUBJECT = re.compile(
    r"\b(?:interviews?|focus groups?|groups|discussions|conversations|sessions|fgds?)\b(?: \([^)]*\))? "
    r"(?:were|was|took place|met|happened|occurred)\b"
)
_COUNTED_BEFORE = re.compile(
    r"\b(?:\d+|some|several|few|most|many|first|second|other|remaining|these|those|third|half|pilot)\b[^.;]{0,25}$"
)
_BEFORE_NOUN = re.compile(
    r"(?:^|[.;,] |\b(?:we|through|using|by|with|conducted|in-depth|individual|of|did|held) )(?:semi-?structured,? |in-depth,? |individual,? |"
    r"qualitative,? )*(?:face[- ]to[- ]face|in-person|telephone|phone|online|zoom|virtual|video)(?:,? (?:and )?(?:semi-?structured|in-depth|"
    r"individual|one-to-one|qualitative))* (?:interviews?|focus groups?|discussions?)\b"
)
_EACH = re.compile(r"\binterviewed (?:each|every|all)\b")
_FAR = 90  # characters


def _mode_of(statement: Statement) -> Mode | None:
    """The way of meeting that a sentence tells, and of how many interviews."""
    text = statement.text
    every = _ALL.search(text) or _EACH.search(text)
    some = _SOME.search(text)
    general = _SUBJECT.search(text)
    before = _BEFORE_NOUN.search(text)
    if every and len(modes_in(text)) == 1:
        found = _next_mode(text, every.start())
        if found and not _EXCEPT.search(text[every.end() : found[1].start()]):
            if not re.search(r"\b(?:except|apart from|other than)\b", text):
                return _made(found[0], Reach.EVERY, statement, every.start(), found[1].end())
    if some and _PLACED.search(text):
        found = _next_mode(text, some.start())
        if found and found[1].start() - some.start() < _FAR:
            return _made(found[0], Reach.SOME, statement, some.start(), found[1].end())
    if len(modes_in(text)) != 1 or _EXCEPT_GENERAL.search(text):
        return None
    if general and not _COUNTED_BEFORE.search(text, 0, general.start()):
        found = _next_mode(text, general.start())
        if found and found[1].start() - general.start() < _FAR:
            return _made(found[0], Reach.GENERAL, statement, general.start(), found[1].end())
    if before and not _COUNTED_BEFORE.search(text, 0, before.start() + 1):
        found = _next_mode(text, before.start())
        if found:
            return _made(found[0], Reach.GENERAL, statement, before.start(), before.end())
    return None


_EXCEPT_GENERAL = re.compile(
    r"\b(?:except|apart from|other than|either|unless|mostly|mainly|usually|where possible|if|or by|or via|where this)\b"
)


def _made(name: str, reach: Reach, statement: Statement, start: int, end: int) -> Mode | None:
    if _OTHER_TALK.search(statement.text[max(start - 40, 0) : end + 25]):
        return None
    return Mode(name, reach, statement, statement.span(start, end))


def _next_mode(text: str, after: int) -> tuple[str, re.Match[str]] | None:
    """The first way of meeting that is named after a place in the sentence."""
    hits = [(name, hit) for name, pattern in _MODES.items() if (hit := pattern.search(text, after))]
    return min(hits, key=lambda h: h[1].start(), default=None)


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
            yield report(
                rule, context, (statement.span(hits[0].start(), hits[-1].end()), size.people.span),
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
    groups_front = _first(_GROUPS_HELD, front, every=True)
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
    if groups_only and alone_body and not alone_front and not groups_body:
        yield report(rule, context, (groups_only, alone_body), one="focus groups", two="interviews")


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
