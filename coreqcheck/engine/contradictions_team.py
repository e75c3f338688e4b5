"""Who interviewed and who coded: methods against contributors, counts against names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coreqcheck.engine.assess import quotable
from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.statements import BODY, Statement, Statements
from coreqcheck.engine.team import Mention, marked_text, team_of
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, Role, SectionKind, Sentence, Severity, Span

_ONE = r"@\d+@"
_SEVERAL = rf"{_ONE}(?:(?:,? ?(?:and|&|or|with|/)? ?(?:the )?|, ?|/){_ONE})*"
_TALKS = (
    r"(?:interviews?|focus[- ]groups?(?: discussions?| interviews?| sessions?)?|group discussions?|discussions?|groups|conversations?|sessions?|fgds?|idis?|fieldwork|"
    r"data collection)"
)
_HELD = r"(?:conducted|carried out|carried through|done|performed|led|facilitated|moderated|held|undertaken|run|completed|administered|made|chaired)"
_HELD_ACTIVE = r"(?:conducted|carried out|did|performed|led|facilitated|moderated|ran|held|undertook|made|completed|administered|chaired)"
_ALL = r"(?:all|every|each|both|solely|only|exclusively|alone|always)"
_BETWEEN = r"(?:(?!\bby\b)[^.;@]){0,60}?"
_PASSIVE = re.compile(
    rf"\b{_TALKS}\b{_BETWEEN}\b(?:were|was|been|being)? ?(?:all |mainly |solely |always |then |exclusively )*{_HELD}\b[^.;@]{{0,70}}?\bby (?:the )?[^.;@]{{0,40}}?"
    rf"({_SEVERAL}(?:,[^.;@]{{3,60}},? and {_ONE})*)"
)
_COUNT = r"(?:\d+|\w+teen|\w+ty|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_ACTIVE = re.compile(
    rf"({_SEVERAL})(?: \([^)]*\))?(?:,[^.;@]{{3,90}},)?(?: both| each| jointly| alone| then| also| and colleagues)?:? {_HELD_ACTIVE} (?:out )?"
    rf"(?:all|the|each|every|both|most|of|these|individual|in-depth|semi-?structured|qualitative|face-to-face|{_COUNT}|"
    rf"telephone|online|of the|staff|student|patient|audio-recorded| )*{_TALKS}"
)
_INTERVIEWED = re.compile(
    rf"({_SEVERAL})(?: \([^)]*\))? (?:both |each |then |alone )?(?:interviewed\b"
    rf"|{_HELD_ACTIVE} (?:out )?(?:all|each|every one) of (?:them|the interviews)\b)"
)
_LISTED = re.compile(
    rf"\b(?:interviewers?|moderators?|facilitators?)\b,?[^.;@()]{{0,60}}?[(,]? ?\(?({_SEVERAL})"
)
_NOT_THIS = re.compile(
    r"\b(?:pilot|transcri|survey|questionnaire|observ|translat|trained by|supervis|guide|recruit|invited|contacted|analys|coded|coding|thank|second|repeat|"
    r"note-?tak|notes|debrief)"
)


@dataclass(frozen=True, slots=True)
class Doers:
    """Authors who did a task, as one sentence says; ``exclusive`` when nobody else did it."""

    authors: frozenset[int]
    others: frozenset[str]
    statement: Sentence
    exclusive: bool
    sure: bool = True  # "conducted the interviews", not just "collected the data"


def _doers(groups: str, mentions: tuple[Mention, ...]) -> tuple[frozenset[int], frozenset[str]]:
    named = [mentions[int(n)] for n in re.findall(r"@(\d+)@", groups)]
    known = frozenset(m.author for m in named if m.author is not None)
    return known, frozenset(m.printed for m in named if m.author is None)


def interviewers(statements: Statements) -> Iterator[Doers]:
    """Who held the interviews or groups, as the methods (or the results) say."""
    kinds = (
        SectionKind.METHODS,
        SectionKind.ABSTRACT,
        SectionKind.RESULTS,
        SectionKind.LIMITATIONS,
    )
    mask = statements.holding(
        "interview*",
        "group*",
        "discussion*",
        "conversation*",
        "session*",
        "fieldwork",
        "fgd*",
        "idi*",
        "collection",
        "moderator*",
        "facilitat*",
        "them",
        "these",
    )
    for statement in statements.among(mask & statements.inside(kinds)):
        if statement.sentence.role in {Role.TABLE_ROW, Role.HEADING, Role.CAPTION}:
            continue
        text, mentions = marked_text(statements, statement.sentence)
        if not mentions:
            continue
        authors: set[int] = set()
        others: set[str] = set()
        them = _ALL_OF_THEM.search(text)
        if them is not None and _before_talks(statements, statement):
            authors |= _doers(them[1] or them[2], mentions)[0]
        for pattern in (_PASSIVE, _ACTIVE, _INTERVIEWED, _LISTED):
            for hit in pattern.finditer(text):
                if _NOT_THIS.search(hit[0]):
                    continue
                known, unknown = _doers(hit[1], mentions)
                authors |= known
                others |= unknown
        if authors or others:
            exclusive = re.search(rf"\b{_ALL}\b", text) is not None
            yield Doers(frozenset(authors), frozenset(others), statement.sentence, exclusive)


_ALL_OF_THEM = re.compile(
    rf"({_SEVERAL}) {_HELD_ACTIVE} (?:out )?(?:all of (?:them|these)|them all|every one of them|each of them|all {_COUNT})\b"
    rf"|\b(?:all of (?:them|these)|they) (?:were|had been) (?:all )?{_HELD} (?:out )?by ({_SEVERAL})"
)


def _before_talks(statements: Statements, statement: Statement) -> bool:
    """Whether the sentence before speaks of interviews or groups: "XY conducted all of them"."""
    at = statement.sentence.index
    return at > 0 and re.search(rf"\b{_TALKS}\b", statements.of(at - 1).text) is not None


_TASK_INTERVIEW = re.compile(
    r"\b(?:(?:conduct\w*|carried out|carrying out|did|perform\w*|led|facilitat\w*|moderat\w*|ran|held|undertook|made|completed|running|doing|conduct of|responsible for) "
    r"(?:all |the |of |most |these |both |in-depth |semi-?structured |qualitative |individual |staff |patient )*(?:interviews?|focus groups?|group discussions|discussions|fgds?)"
    r"|interviewed|interviewing|interviews\b(?! guide)|moderation|facilitation of)"
)
_TASK_DATA = re.compile(
    r"\b(?:data (?:collection|acquisition|gathering|generation)|collect(?:ed|ing|ion of)(?: the)? data|acqui(?:red|sition of)(?: the)? data|gather(?:ed|ing)(?: the)? data|"
    r"obtain(?:ed|ing)(?: the)? data|investigation|fieldwork)\b"
)
_TASK_NOT = re.compile(
    r"\b(?:guide|supervis\w+|transcri\w+|coordinat\w+|analysi?s? of|oversaw|planned|design\w*|survey|quantitative|questionnaire|trained|tools?)\b"
)


def credited(statements: Statements) -> list[Doers]:
    """Who is credited with interviews or data collection among the contributions."""
    found: list[Doers] = []
    mask = statements.inside(
        (
            SectionKind.CONTRIBUTORS,
            SectionKind.DECLARATIONS,
            SectionKind.OTHER,
            SectionKind.ACKNOWLEDGEMENTS,
        )
    )
    named = statements.holding(
        "contribut*",
        "author*",
        "who",
        "roles",
        "data",
        "interview*",
        "investigation",
        "analysis",
        "draft*",
        "conceived",
        "conception",
        "wrote",
    )
    contributors = statements.index.in_kinds((SectionKind.CONTRIBUTORS,))
    roles = statements.index.in_roles((Role.METADATA,)) & statements.inside((SectionKind.FRONT,))
    for statement in statements.among((mask & (named | contributors)) | roles):
        if statement.kind is SectionKind.ACKNOWLEDGEMENTS:
            continue
        text, mentions = marked_text(statements, statement.sentence)
        if not mentions:
            continue
        for segment in re.split(r"[;.]\s|[;.]$", text):
            who = re.search(_SEVERAL, segment)
            if who is None:
                continue
            for part, tasks in _tasks(segment):
                sure = _task(tasks)
                authors, others = _doers(part, mentions)
                if sure is not None and (authors or others):
                    found.append(Doers(authors, others, statement.sentence, False, sure))
    return found


def _task(tasks: str) -> bool | None:
    """Whether the tasks name interviews (``True``) or data collection (``False``), or neither."""
    parts = [p for p in re.split(r", (?:and )?", tasks) if not _TASK_NOT.search(p)]
    if any(_TASK_INTERVIEW.search(p) for p in parts):
        return True
    return False if any(_TASK_DATA.search(p) for p in parts) else None


_TASK_LOOSE = re.compile(r"\b(?:groups?|interviews?|participants|fieldwork|collect\w*)\b")


def _loosely(statements: Statements) -> frozenset[int]:
    """Authors whose contribution may include interviews, however it is called."""
    found: set[int] = set()
    for statement in statements.among(
        statements.inside((SectionKind.CONTRIBUTORS, SectionKind.DECLARATIONS))
    ):
        text, mentions = marked_text(statements, statement.sentence)
        for segment in re.split(r"[;.]\s|[;.]$", text):
            for part, tasks in _tasks(segment):
                named = re.sub(
                    r"data (?:analysis|curation|management|interpretation)|analysis of (?:the )?data",
                    "",
                    tasks,
                )
                if _TASK_LOOSE.search(named):
                    found |= _doers(part, mentions)[0]
    return frozenset(found)


_BY = re.compile(r"(?:[:(–-]\s*(?:by )?|\b(?:was|were) [a-z ]{0,30}\bby )$")


def _tasks(segment: str) -> Iterator[tuple[str, str]]:
    """People with their tasks: "@0@ and @1@: tasks", "@0@ did tasks", "tasks: @0@, @1@"."""
    first = re.search(_SEVERAL, segment)
    if first is None:
        return
    ahead = segment[: first.start()].strip(" :,(-")
    if ahead and _BY.search(segment[: first.start()]) and _tasklike(ahead):
        yield segment[first.start() :], ahead
        return
    runs = list(re.finditer(_SEVERAL, segment))
    for number, run in enumerate(runs):
        end = runs[number + 1].start() if number + 1 < len(runs) else len(segment)
        yield run[0], segment[run.end() : end]


def _tasklike(text: str) -> bool:
    return _TASK_INTERVIEW.search(text) is not None or _TASK_DATA.search(text) is not None


@comparison("interviewer")
def interviewer(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The interviewers of the methods are not those of the contributions."""
    statements = context.statements
    held = [d for d in interviewers(statements) if d.authors]
    thanked = credited(statements)
    if not thanked:
        return
    if not held:
        yield from _alone_and_several(rule, context, thanked)
        return
    did = frozenset().union(*(d.authors for d in held))
    sure = [d for d in thanked if d.sure]
    wanted = sure or thanked
    named = frozenset().union(*(d.authors for d in wanted))
    if not named or any(d.others for d in held):
        return
    missing, added = did - named - _loosely(statements), named - did
    exclusive = any(d.exclusive for d in held) and len(held) == 1
    severity: Severity | None
    if (missing and added and sure) or (added and exclusive and sure):
        severity = Severity.ERROR
    elif missing and (not sure or len(held) == 1):
        severity = Severity.WARNING
    else:
        return
    one = next(d for d in held if not missing or d.authors & missing)
    two = next((d for d in wanted if d.authors & added), wanted[0])
    if missing and not added:
        # What the missing one is credited with instead tells more.
        two = _credit_of(missing, statements) or two
    yield report(
        rule, context, (_quoted(one, statements), _quoted(two, statements)), severity,
        one=_names(did, context), two=_names(named, context),
    )  # fmt: skip


def _alone_and_several(
    rule: ConsistencyRule, context: Context, thanked: list[Doers]
) -> Iterable[Finding]:
    """ "Solely by the principal researcher": and several are credited with obtaining the data."""
    statements = context.statements
    authors = frozenset().union(*(d.authors for d in thanked))
    mask = statements.holding(
        "solely", "alone", "exclusively", "only", "single"
    ) & statements.inside((SectionKind.METHODS,))
    for statement, hit in statements.find(_SOLE, mask):
        if len(authors) > 1:
            yield report(
                rule, context, (statement.span(hit.start(), hit.end()), _quoted(thanked[0], statements)), Severity.WARNING,
                one="one person", two=_names(authors, context),
            )  # fmt: skip
            return


_SOLE = re.compile(
    rf"{_TALKS}[^.;]{{0,50}}(?:conducted|carried out|done|performed|led|held|collected|undertaken)?[^.;]{{0,20}}(?:solely|exclusively|only|alone) by (?:the |one |a )[^.;]{{0,40}}"
    rf"(?:researcher|author|investigator|interviewer|person)\b(?!s)"
)


def _credit_of(missing: frozenset[int], statements: Statements) -> Doers | None:
    """Where the contributions name those who are missing."""
    for statement in statements.among(
        statements.inside((SectionKind.CONTRIBUTORS, SectionKind.DECLARATIONS))
    ):
        _, mentions = marked_text(statements, statement.sentence)
        named = frozenset(m.author for m in mentions if m.author is not None)
        if named & missing:
            return Doers(named, frozenset(), statement.sentence, False)
    return None


def _quoted(doers: Doers, statements: Statements) -> Span:
    return statements.of(doers.statement.index).whole


def _names(numbers: Iterable[int], context: Context) -> str:
    authors = context.manuscript.authors
    return ", ".join(authors[n].initials or authors[n].surname for n in sorted(numbers))


# --- how many interviewers

_ONE_DID = re.compile(
    rf"\b(?:all|every|each)\b[^.;]{{0,40}}?\b{_TALKS}[^.;]{{0,40}}?\b(?:conducted|carried out|done|performed|led|facilitated|moderated|held|undertaken)\b[^.;]{{0,30}}?\bby "
    rf"(?:the (?:same |first |lead |principal |main |corresponding )(?:author|researcher|interviewer|investigator|moderator|person)|one (?:and the same )?(?:person|researcher|interviewer|author|moderator|of us)|"
    rf"a single (?:person|researcher|interviewer|author|moderator))"
)
_SEVERAL_DID = re.compile(
    rf"\b(?:([2-9])|both|several) (?:[a-z-]+ ){{0,4}}?(?:researchers|interviewers|authors|investigators|moderators|research assistants|of the authors|of us)\b[^.;]{{0,50}}?"
    rf"(?:conducted|carried out|did|performed|led|held|undertook) (?:[a-z-]+ ){{0,4}}?(?:interviews|focus groups|discussions)"
    rf"|{_TALKS}[^.;]{{0,40}}?\b(?:conducted|carried out|done|performed|led|held|undertaken|moderated|facilitated)\b[^.;]{{0,20}}?\bby (?:([2-9])|both|several) (?:[a-z-]+ ){{0,4}}?"
    rf"(?:researchers|interviewers|authors|investigators|moderators|research assistants|of the authors|of us)"
)


@comparison("interviewer-count")
def interviewer_count(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """One person held all interviews, and several did."""
    statements = context.statements
    mask = statements.holding(
        "interview*", "group*", "discussion*", "fgd*", "session*"
    ) & statements.inside(BODY)
    alone = [
        (s, s.span(h.start(), h.end()), h[0])
        for s, h in statements.find(_ONE_DID, mask)
        if not _NOT_THIS.search(h[0])
    ]
    # "All interviews were conducted by KM" is one person, too.
    held = list(interviewers(statements))
    if len(held) == 1 and held[0].exclusive and len(held[0].authors | held[0].others) == 1:
        statement = statements.of(held[0].statement.index)
        alone.append((statement, statement.whole, statement.text))
    several = [(s, h) for s, h in statements.find(_SEVERAL_DID, mask) if not _NOT_THIS.search(h[0])]
    for one, span, words in alone:
        for two, other in several:
            if one is two or _method(words) != _method(other[0]):
                continue
            yield report(rule, context, (span, two.span(other.start(), other.end())))
            return


def _method(text: str) -> bool:
    return re.search(r"group|discussion|fgd", text) is not None


# --- coders

_CODERS = re.compile(
    r"\b(?:(\d)|both) (?:of the |independent |of us|different |other )*(?:researchers|authors|investigators|analysts|coders|team members|of us|assistants|people|persons)(?: ?\([^)]*\))?,? "
    r"(?:independently |separately |each |both |then |have )*(?:carried out|performed|did|undertook|conducted|completed) (?:the )?(?:[a-z-]+ ){0,3}?coding\b"
    r"|\b(?:(\d)|both|all (\d)) (?:of the |independent |trained |different |experienced |other |main )*(?:coders|raters|double coders)\b"
    r"|\b(?:(\d)|both) (?:(?:of the |independent |trained |different |experienced |qualitative |research |main |other |senior )*(?:researchers|authors|investigators|analysts|reviewers|team members|members of [^,.;]{3,30}|assistants|of us|people|persons))"
    r"(?: ?\([^)]*\))?,?(?: [a-z]+ed [^,.;]{0,40} and)? (?:have |had |first |then |also |each |both |independently |separately |in parallel |read [^.;]{3,40} and )*(?:double[- ])?coded\b"
    r"|\bcoded\b[^.;@]{0,40}? by (?:(\d)|both) (?:of the |independent |trained |different |experienced |people|persons |members |other )*(?:researchers|authors|coders|investigators|analysts|people|persons|team members|members|of us)"
)
_ONE_CODER = re.compile(
    r"\bcod(?:ed|ing)\b[^.;]{0,50}? by (?:only |just )?(?:1|one|a single|the same) (?:person|researcher|author|coder|investigator|analyst|member|of us)(?: only| alone)?\b"
    r"|\b(?:only|just) (?:1|one) (?:person|researcher|author|coder|investigator|analyst|of us|member)\b[^.;]{0,40}?\bcod(?:ed|ing)\b"
    r"|\bcod(?:ed|ing)\b[^.;]{0,60}?\bby (?:the )?(?:first |lead |main |principal |corresponding )(?:author|researcher|investigator) (?:only|alone)\b"
    r"|\b(?:only|just|merely) (?:the )?(?:first|second|third|last|lead|main|principal|corresponding|senior|same) (?:author|researcher|investigator|coder)\b[^.;]{0,30}?\bcod(?:ed|ing)\b"
    r"|\b(?:a|1) single (?:person|researcher|author|analyst)\b[^.;]{0,40}?\bcod(?:ed|ing)\b"
    r"|\b(?:a|1) single coder\b|\bsingle[- ]coder\b|\bonly (?:1|one) coder\b|\b(?:the )?first author alone\b[^.;]{0,40}?\bcod"
    r"|\b(?:no|without (?:a|any)?) ?(?:second coder|double coding|independent coding|second person)\b|\bcod(?:ed|ing)\b[^.;]{0,40}?\b(?:not|never)\b[^.;]{0,20}?\b(?:double|second|independently)"
    r"|\b(?:1|one) (?:person|researcher|author) (?:only |alone )?coded (?:all|the|every)\b"
)
_SOME_TEXTS = re.compile(
    r"\b(?:first (?:\d|few|couple|half|transcripts|interviews|round|third)|initial|subset|sample of|selection of|some of the (?:transcripts|interviews|data)|\d+ (?:of the )?(?:transcripts|interviews|groups|discussions)|\d+ ?%|part of the (?:data|transcripts|interviews|material)|portion|third of|half of|tenth|quarter|pilot|"
    r"randomly|until (?:the|a|no|agreement on the) code|codebook was|preliminary)\b"
)


@dataclass(frozen=True, slots=True)
class Coders:
    """How many people coded, as one sentence says; 1 for one alone."""

    count: int
    statement: Statement
    start: int
    end: int
    part: bool


def coders(statements: Statements) -> list[Coders]:
    """Every statement of how many people coded."""
    mask = statements.holding("cod*", "rater*") & statements.inside(BODY)
    found = []
    for statement in statements.among(mask):
        if statement.sentence.role in {Role.TABLE_ROW, Role.HEADING} or (
            statement.sentence.citation and statement.kind is SectionKind.DISCUSSION
        ):
            continue
        for hit in _ONE_CODER.finditer(statement.text):
            found.append(Coders(1, statement, hit.start(), hit.end(), _of_some(statement, hit)))
        if found and found[-1].statement is statement:
            continue
        for hit in _CODERS.finditer(statement.text):
            number = next((int(g) for g in hit.groups() if g), 2)
            if number > 1:
                part = _of_some(statement, hit)
                found.append(Coders(number, statement, hit.start(), hit.end(), part))
        found += _named_coders(statement, statements)
    return found


def _of_some(statement: Statement, hit: re.Match[str]) -> bool:
    """Whether the coding was of some of the texts only."""
    near = statement.text[max(hit.start() - 60, 0) : hit.end() + 60]
    return _SOME_TEXTS.search(near) is not None


_NAMED = re.compile(
    rf"({_SEVERAL})(?: \([^)]*\))?,?(?: both| each| then| independently| separately| first| all)* (?:double[- ])?coded\b|\bcoded\b[^.;@]{{0,60}}?\bby ({_SEVERAL})"
)


def _named_coders(statement: Statement, statements: Statements) -> list[Coders]:
    """ "IV and MQ coded all transcripts": two of them."""
    if not _INDEPENDENT.search(statement.text):
        return []
    part = _SOME_TEXTS.search(statement.text) is not None
    text, mentions = marked_text(statements, statement.sentence)
    found = []
    for hit in _NAMED.finditer(text):
        known, unknown = _doers(hit[1] or hit[2], mentions)
        if len(known | unknown) > 1 and "," not in (hit[1] or hit[2])[-12:]:
            found.append(Coders(len(known) + len(unknown), statement, 0, 1, part))
    return found


_INDEPENDENT = re.compile(
    r"\b(?:independent|separate|each other|in parallel|both|double|all (?:of )?the|whole|complete|entire|every)"
)


@comparison("coders")
def coder_count(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Two coders, and one, or three."""
    stated = coders(context.statements)
    for number, one in enumerate(stated):
        for two in stated[number + 1 :]:
            if one.count == two.count or one.statement is two.statement or one.part or two.part:
                continue
            yield report(
                rule, context,
                (one.statement.span(one.start, one.end), two.statement.span(two.start, two.end)),
                one=_how_many(one.count), two=_how_many(two.count),
            )  # fmt: skip
            return


def _how_many(count: int) -> str:
    return "one person" if count == 1 else f"{count} people"


_KAPPA = re.compile(
    r"(?:kappa|κ|krippendorff'?s? (?:alpha|α)|inter-?(?:coder|rater) (?:agreement|reliability))[^.;()]{0,50}?[ (=](0?\.\d{1,3}|\d{2}(?:\.\d+)? ?%)"
)
_MOVING = re.compile(
    r"\b(?:initial|final|from|to|range|between|first|second|third|round|after|before|improv|increas|each|per|respectively|code|theme|threshold|least|above|over|"
    r"considered|interpreted|landis|cut-?off|acceptable|minimum|target|survey|scale|cronbach|improved|increased|codes|themes)\b"
)


@comparison("agreement")
def agreement(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Two values of the agreement between coders, or one where one person coded alone."""
    statements = context.statements
    mask = statements.holding(
        "kappa", "κ", "krippendorff*", "intercoder", "interrater", "inter", "agreement"
    ) & statements.inside(BODY)
    values = [
        (hit[1], statement, hit)
        for statement, hit in statements.find(_KAPPA, mask)
        if not _MOVING.search(statement.text) and not statement.sentence.citation
    ]
    for number, (value, statement, hit) in enumerate(values):
        for other, second, hit_two in values[number + 1 :]:
            if (
                float(value.strip(" %")) != float(other.strip(" %"))
                and statement is not second
                and ("%" in value) == ("%" in other)
            ):
                yield report(
                    rule, context,
                    (statement.span(hit.start(), hit.end()), second.span(hit_two.start(), hit_two.end())),
                    one=value, two=other,
                )  # fmt: skip
                return
    alone = [c for c in coders(statements) if c.count == 1 and not c.part]
    if values and alone and values[0][1] is not alone[0].statement:
        _, statement, hit = values[0]
        yield report(
            rule, context,
            (statement.span(hit.start(), hit.end()), alone[0].statement.span(alone[0].start, alone[0].end)),
            one="agreement between coders", two="one coder",
        )  # fmt: skip


# --- initials and numbers of authors


@comparison("unknown-initials")
def unknown_initials(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Initials among the contributions, or of an interviewer or coder, that no author has."""
    statements = context.statements
    team = team_of(statements)
    if len(team.authors) < 2:
        return
    used: set[int] = set()
    strangers: dict[str, tuple[Sentence, Mention]] = {}
    mask = statements.inside((SectionKind.CONTRIBUTORS,))
    for statement in statements.among(mask):
        text, mentions = marked_text(statements, statement.sentence)
        for number, mention in enumerate(mentions):
            if mention.author is not None:
                used.add(mention.author)
            elif (
                not team.known(mention.printed)
                and re.fullmatch(r"[A-Z.\- ]+", mention.printed)
                and _in_a_task(text, number)
            ):
                strangers.setdefault(mention.printed, (statement.sentence, mention))
    # Where few authors were recognised, the by-line was read badly.
    if len(used) < max(2, 0.6 * len(team.authors)):
        return
    elsewhere = context.manuscript.text
    for printed, (sentence, mention) in strangers.items():
        thanked = re.search(
            rf"(?:acknowledg|thank)[^\n]{{0,400}}{re.escape(printed)}", elsewhere, re.IGNORECASE
        )
        if thanked:
            continue
        yield report(rule, context, (_around(sentence, mention),), initials=printed)
        return


def _around(sentence: Sentence, mention: Mention) -> Span:
    """What to quote of a sentence for somebody who is named in it."""
    offset = sentence.span.start + mention.start
    word = max(bisect_right(sentence.starts, offset) - 1, 0)
    return quotable(sentence, word, word + 1)


def _in_a_task(text: str, number: int) -> bool:
    """Whether the initials stand where an author's do: in a row of authors, or with a task."""
    mark = f"@{number}@"
    row = re.search(rf"@\d+@(?:,| and|, and|&) ?{mark}|{mark}(?:,| and|, and|&) ?@\d+@", text)
    task = re.search(
        rf"{mark}(?::| (?:conceived|designed|wrote|drafted|analy[sz]ed|collected|conducted|coded|supervised|contributed|performed|led|interviewed|revised|was|were|did|reviewed))",
        text,
    )
    return row is not None or task is not None


_AUTHORS = re.compile(
    r"\b(both|all (2|3|4|5|6|7|8|9|10)|the (2|3|4|5|6|7|8|9|10)) (?:of the )?(?:co-)?authors\b(?! of (?:the|that|this|these|those)? ?(?:study|review|paper|guideline))"
)


@comparison("author-count")
def author_count(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "Both authors" of four; "all three authors" of two."""
    authors = context.manuscript.authors
    if not authors:
        return
    byline = next(
        (b.span for b in context.manuscript.document.blocks if b.role is Role.BYLINE), None
    )
    statements = context.statements
    mask = statements.holding("authors", "coauthors") & statements.inside(
        frozenset(SectionKind) - {SectionKind.INTRODUCTION, SectionKind.REFERENCES}
    )
    for statement, hit in statements.find(_AUTHORS, mask):
        said = 2 if hit[1] == "both" else int(hit[2] or hit[3])
        if said == len(authors) or statement.sentence.citation:
            continue
        before = statement.text[max(hit.start() - 60, 0) : hit.start()]
        if hit[1].startswith(("the", "both")) and re.search(
            r"\d|first|two|other|coders|remaining|senior|these", before
        ):
            continue
        # "Both authors" may be two who were named just before.
        if hit[1] != "both" or not _two_named_before(statement, statements):
            if hit[1].startswith("the ") and said < len(authors):
                continue
            spans = [statement.span(hit.start(), hit.end()), *([byline] if byline else [])]
            yield report(rule, context, spans, said=said, real=len(authors), words=hit[0])
            return


def _two_named_before(statement: Statement, statements: Statements) -> bool:
    for at in range(max(statement.sentence.index - 2, 0), statement.sentence.index + 1):
        if statements.of(at).kind is SectionKind.FRONT:
            continue
        _, mentions = marked_text(statements, statements.index.sentences[at])
        if len({m.author for m in mentions if m.author is not None}) >= 2:
            return True
        if re.search(r"\b2 (?:of the )?(?:authors|researchers|of us)", statements.of(at).text):
            return True
    return False
