"""Counts of interviews, groups and transcripts, and of the people in each group."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from coreqcheck.engine.statements import BODY, Statement, Statements
from coreqcheck.model import Role, SectionKind

_KINDS = {
    "group": re.compile(
        r"focus[- ]group (?:discussions?|interviews?|sessions?|meetings?|conversations?)|focus[- ]groups?|group discussions?|group interviews?"
        r"|fgds?\b|focus discussions?|group sessions?|discussion groups?"
    ),
    "interview": re.compile(r"interviews?\b|idis?\b|kiis?\b|ssis?\b"),
    "transcript": re.compile(r"transcripts?\b"),
}
_ADJECTIVES = re.compile(
    r"(?:,? ?(?:in-depth|depth|semi-?structured|semi-structured,|individual|qualitative|face-to-face|one-to-one|one-on-one|narrative|key|"
    r"informant|open-ended|open|structured|personal|expert|phenomenological|ethnographic|separate|single|audio-recorded|recorded|full|exit|"
    r"virtual|online|telephone|video|zoom|interview|verbatim|anonymi[sz]ed|deep|ended|complete|completed|usable|such|and|research)\b,?)*"
)
_COUNT = re.compile(r"(?<![\d.,/-])(\d{1,3})(?= )")
_SOME_BEFORE = re.compile(
    r"(?:\bafter|\bfirst|\blast|\bother|\banother|\badditional|\bfurther|\bremaining|\bnext|\bfinal|\bof|\bin|\bonly|\bleast|\beach of|"
    r"\bevery|\binitial|\bthan|\bto|\bextra|\bmore|\bsecond|\buntil|\bthese|\bthose|\bfrom|\bwithin|\bbetween|\bapproximately|\babout|"
    r"\baround|table|figure|phase|step|version|interview|group|no\.?|number|&|-|–|\() ?$"
)
_SOME_AFTER = re.compile(
    r"\b(?:each|per|apiece|twice|again|a second time|pilot|by telephone|by phone|by video|via|over zoom|on zoom|online|in person|face-to-face|"
    r"in english|with (?:the )?(?:nurses|doctors|women|men|patients|staff|parents|mothers|fathers)|not recorded|were not|was not|excluded|"
    r"into|in each|at each|independently|"
    r"double|cod(?:ed|ing)|no new|nothing new|saturat|satiat|which|lasted|that|who|in a row|until|were enough|would|should|confirm|later|earlier|"
    r"following|in which|where|consecutive|showed|produced no|brought no)\b"
)
_OTHER = re.compile(
    r"\b(?:pilot|pre-?test|phases?|rounds?|waves?|stages?|survey|questionnaires?|aimed|planned|target|intended|anticipated|expected|"
    r"second interviews?|repeat|follow-up|respectively|site|per|recommended|suggested|parent|subset|sub-?sample|randomly|literature|"
    r"lasted|saturation|double|independently|additional|another|further|thesis|larger)\b"
)
_WHOLE = re.compile(
    r"\b(?:a total of|in total,?|totally,?|altogether,?|overall,?|in all,?|we|finally,?|comprised|consisted of|data (?:from|set of)|through|"
    r"by means of|collected (?:by|in|through|using|via|from|during)|comprising|consisting of|held|used) "
    r"(?:of )?(?:then )?(?:conducted |held |carried out |did |performed |made |ran |undertook |completed )?$|\ball (?:the |of the )?$|\bthe $"
)
_DONE = re.compile(
    r"^(?: (?:\([^)]*\)|with [^,;.]{3,50}|of [^,;.]{3,40}|among [^,;.]{3,40}))?,? (?:in total |altogether )?(?:were|was|have been|had been) "
    r"(?:then |finally |eventually |thus )?(?:conducted|held|carried out|done|performed|undertaken|made|completed|recorded|transcribed|included|"
    r"analy[sz]ed|collected|organi[sz]ed|moderated|facilitated|run)"
)


@dataclass(frozen=True, slots=True)
class Encounters:
    """``count`` interviews, groups or transcripts, all in all, as one sentence says."""

    kind: str
    count: int
    statement: Statement
    start: int
    end: int


@lru_cache(maxsize=2)
def encounters(statements: Statements) -> tuple[Encounters, ...]:
    """Where the authors count all their interviews, groups, or transcripts."""
    mask = statements.holding(
        "interview*", "idi*", "kii*", "ssi*", "group*", "fgd*", "transcript*", "discussion*"
    )
    found = []
    for statement in statements.among(mask & statements.numbered & statements.inside(BODY)):
        if statement.sentence.role is Role.TABLE_ROW:
            continue
        if statement.sentence.citation and statement.kind is SectionKind.DISCUSSION:
            continue
        found += _counted(statement)
    return tuple(found)


def _counted(statement: Statement) -> list[Encounters]:
    text = statement.text
    if _OTHER.search(text):
        return []
    found = []
    for hit in _COUNT.finditer(text):
        named = _named(text, hit.end() + 1)
        whole = _WHOLE.search(text, 0, hit.start())
        if named is None:
            continue
        if not whole and _SOME_BEFORE.search(text, max(hit.start() - 16, 0), hit.start()):
            continue
        kind, end = named
        behind = text[end : end + 60]
        if _SOME_AFTER.search(behind.split(";")[0].split(". ")[0]):
            continue
        told = whole or _DONE.match(behind)
        if re.match(r" (?:in|at) ", behind) and _COUNT.search(behind):
            continue  # "12 interviews in hospitals and 9 in homes"
        if told and int(hit[1]) >= 2:
            found.append(Encounters(kind, int(hit[1]), statement, hit.start(), end))
    # "12 interviews in hospitals and 9 interviews in homes": neither is all of them.
    kinds = [e.kind for e in found]
    return [e for e in found if kinds.count(e.kind) == 1]


def _named(text: str, at: int) -> tuple[str, int] | None:
    """What the number counts: a kind of encounter, and where its name ends."""
    adjectives = _ADJECTIVES.match(text, at)
    places = [at]
    if adjectives is not None and adjectives.end() > at:
        end = adjectives.end()
        places.append(end + 1 if text[end : end + 1] == " " else end)
    for start in reversed(places):
        for kind, name in _KINDS.items():
            hit = name.match(text, start)
            if hit is not None and text[hit.end() : hit.end() + 1] != "-":
                plural = hit[0].endswith("s")
                return (kind, hit.end()) if plural else None
    return None


# --- how many people in a group

_SIZE = re.compile(
    r"(?:each|every|per|with|of|between|from|varied|ranged|ranging|size|had|comprised|included|composed of|there were|contained|consisted of)"
    r"[^.;]{0,40}?\b(\d{1,2})-(\d{1,2})\b(?! ?(?:min|hour|year|%|months|weeks|days|km|questions))"
)
_GROUPED = re.compile(r"\b(?:groups?|fgds?|discussions?|sessions?)\b")
_MEMBERS = re.compile(
    r"participants?|members?|women|men|nurses|mothers|people|persons|students|parents|carers|patients|individuals|respondents|teachers|"
    r"workers|each|size|girls|boys|per group|attendees|discussants|informants|physiotherapists|in a group"
)
_EACH = re.compile(
    r"\b(?:each|every|per (?:group|session|fgd|discussion)|in a group|group size|sizes?|groups (?:of|ranged|varied|were|had|with|consist|compris)|"
    r"in groups of|per group)\b"
)


@dataclass(frozen=True, slots=True)
class GroupSize:
    """Each group had ``low`` to ``high`` members."""

    low: int
    high: int
    statement: Statement


def group_sizes(statements: Statements) -> list[GroupSize]:
    """Where the authors say how many people sat in each group."""
    mask = statements.holding("group*", "fgd*", "discussion*", "session*")
    found = []
    skipped = statements.inside(
        (SectionKind.INTRODUCTION, SectionKind.DISCUSSION, SectionKind.FRONT)
    )
    for statement in statements.among(mask & statements.numbered & ~skipped):
        text = statement.text
        if statement.sentence.role is Role.TABLE_ROW or not _EACH.search(text):
            continue
        if _OTHER.search(text.replace("per group", "").replace("per session", "")):
            continue
        for hit in _SIZE.finditer(text):
            low, high = int(hit[1]), int(hit[2])
            if 2 <= low <= high <= 20 and _MEMBERS.search(text) and _GROUPED.search(text):
                found.append(GroupSize(low, high, statement))
                break
    return found
