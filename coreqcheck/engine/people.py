"""Counts of people: how many, of what kind, and what the sentence says became of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from coreqcheck.engine.statements import BODY, Statement, Statements
from coreqcheck.model import Number, Role, SectionKind, Sentence, Span

_SINGULAR = {
    "people": "person", "persons": "person", "women": "woman", "men": "man", "children": "child",
    "midwives": "midwife", "wives": "wife", "families": "family", "gps": "gp", "staff": "staff",
    "youths": "youth", "faculty": "faculty", "personnel": "personnel", "ladies": "lady",
    "secretaries": "secretary", "couples": "couple", "widows": "widow", "dyads": "dyad",
}  # fmt: skip
GENERIC = frozenset(
    "participant respondent informant interviewee subject person individual".split()
)
"""Words for anybody in a study."""
_HEADS = frozenset(
    """
    participant respondent informant interviewee subject person individual patient woman man mother
    father parent nurse midwife doctor physician clinician gp practitioner professional provider worker
    staff student teacher carer caregiver family relative spouse partner user client consumer survivor
    child adolescent youth adult resident villager migrant refugee veteran manager leader stakeholder
    officer pharmacist therapist physiotherapist dietitian psychologist psychiatrist counsellor counselor
    developer engineer designer employee farmer elder expert intern trainee girl boy husband wife daughter
    son sibling pupil learner tutor faculty consultant volunteer customer member owner driver dentist surgeon
    paramedic prisoner inmate citizen tester programmer undergraduate graduate postgraduate interpreter
    seller vendor trader dispenser coach athlete player fisherman fisher herder supervisor coordinator
    administrator director principal lecturer educator academic researcher scientist librarian policymaker
    maker preceptor registrar specialist technician assistant attendant informal grandmother grandfather
    grandparent donor recipient soldier musician singer keeper candidate apprentice newcomer couple dyad
    optometrist podiatrist radiographer oncologist paediatrician pediatrician obstetrician anaesthetist
    cook cleaner porter guard secretary receptionist mentor adviser advisor chaplain personnel lady
    household
    """.split()
)
_MODIFIER_STOP = frozenset(
    """
    of in with from were was who that which and or to for by at on as had have has are is be been than
    did do not no per each every all both but while when where took said the a an these those our their
    his her its about between among out up over under into only also then more less fewer time times
    percent years year months month weeks week days day hours hour minutes minute km interviews interview
    groups group themes theme codes code hospitals hospital clinics sites villages districts transcripts
    """.split()
)
_LIGHT = frozenset(
    """
    study research participating eligible consenting interviewed different individual own selected
    recruited included purposively adult separate such community key present interested
    """.split()
)
"""Modifiers that do not make another kind of person."""
_RESTRICTIVE = frozenset(
    """
    female male older younger young old senior junior new newly additional further other another more
    remaining first second third last next rural urban married single pregnant non early late
    experienced qualified male-female white black british local foreign same few some many several
    """.split()
)


_AGENT = re.compile(
    r"[a-z]{3,}(?:ers|eers|ors|ists|ians|ants|ees|wrights|smiths|goers|makers|herds)"
)
_NO_AGENT = re.compile(
    r".*(?:numbers|papers|centers|computers|factors|letters|posters|meters|clusters|chapters|parameters|errors|indicators|sectors|"
    r"degrees|committees|fees|trees|weekends|quarters|others|shelters|containers|layers|offers|answers|identifiers|borders|orders|"
    r"dollars|lists|plants|restaurants|grants|variants|constants|descriptors|predictors|barriers|drivers of|facilitators|covers|"
    r"motivators|determinants|monitors|mirrors|doors|floors|colors|tutors'|twists|mists|fists|wrists|tours|hours|flowers|powers|"
    r"towers|rivers|servers|browsers|folders|markers|triggers|stressors|disorders|cancers|ulcers|tumors|fevers|diapers|newspapers|"
    r"trailers|transfers|dinners|suppers|matters|quarters|corners|filters|printers|routers|trackers|counters|headers|layers|chats|"
    r"authors|interviewers|moderators|facilitators|coders|raters|reviewers|investigators|observers|researchers|assistants)$"
)


@dataclass(frozen=True, slots=True)
class People:
    """``count`` people of a kind: ``head`` in the singular, ``modifiers`` before it.

    ``part`` when they are some of a larger number ("five of the nurses"), ``of`` the larger
    number when it is given. ``start`` and ``end`` are offsets in the statement's text.
    """

    count: int
    head: str
    modifiers: tuple[str, ...]
    statement: Statement
    number: Number
    start: int
    end: int
    part: bool = False

    @property
    def span(self) -> Span:
        """What to quote."""
        return self.statement.span(self.start, self.end)

    @property
    def restricted(self) -> bool:
        """Whether the modifiers pick some out of the head's kind."""
        return not _RESTRICTIVE.isdisjoint(self.modifiers)


def singular(word: str) -> str:
    """The singular of a word for people, or the word itself."""
    if word in _SINGULAR:
        return _SINGULAR[word]
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def is_head(word: str) -> bool:
    """Whether the word names people."""
    if singular(word) in _HEADS:
        return word not in {"researchers", "assistants"}
    return _AGENT.fullmatch(word) is not None and _NO_AGENT.fullmatch(word) is None


def counts_in(statement: Statement) -> Iterator[People]:
    """The counts of people in a sentence: "22 family carers", "participants (n = 22)"."""
    sentence = statement.sentence
    for number in sentence.numbers:
        if not _counts(number):
            continue
        found = _after(statement, sentence, number) or _in_brackets(statement, sentence, number)
        if found is not None:
            yield found


def _counts(number: Number) -> bool:
    return (
        number.low == number.high
        and not number.ordinal
        and not number.percent
        and number.low == int(number.low)
        and 1 <= number.low < 1950
    )


_BREAK = re.compile(r"[,;:.()\[\]|~]")
_NO_COUNT = re.compile(
    r"(?:table|figure|fig\.?|box|phase|step|version|group|grade|year|appendix|file|age[ds]?|least|aged?|than"
    r"|chapter|section|page|level|type|stage|site|school|day|week|±|=|\$|€|£|/|[-+×x*]) ?$"
)
_OUT_OF = re.compile(
    r" (?:out )?of (?:the |these |those |them|our |all |us|whom|which|her|his|my )"
)


def _after(statement: Statement, sentence: Sentence, number: Number) -> People | None:
    """A number before its noun."""
    text, starts = statement.text, statement.starts
    start = starts[number.first]
    if _NO_COUNT.search(text, max(start - 12, 0), start):
        return None
    modifiers: list[str] = []
    words = sentence.words
    head: str | None = None
    end = start
    at = number.last + 1
    while at < len(words) and at <= number.last + 6:
        between = text[_end_of(starts, at - 1, text) : starts[at]]
        word = words[at]
        if _BREAK.search(between) or word in _MODIFIER_STOP or word[0].isdigit():
            break
        if (is_head(word) or word in statement.people) and _plural_enough(word, number):
            if head is not None:
                modifiers.append(head)
            head = singular(word)
            end = starts[at] + len(word)
        elif head is not None:
            break
        else:
            modifiers.append(word)
        at += 1
    if head is None:
        out = _OUT_OF.match(text, start + len(f"{number.low:g}"))
        return _partitive(statement, sentence, number, out.end()) if out else None
    part = _OUT_OF.match(text, end) is not None
    return People(int(number.low), head, tuple(modifiers), statement, number, start, end, part)


def _end_of(starts: tuple[int, ...], at: int, text: str) -> int:
    """Where word ``at`` ends."""
    end = starts[at]
    while end < len(text) and (text[end].isalnum() or text[end] in "'-~"):
        end += 1
    return end


def _plural_enough(word: str, number: Number) -> bool:
    """ "22 nurse managers": the singular before another noun is a modifier; one is one."""
    return number.low == 1 or singular(word) != word or word in {"staff", "faculty", "personnel"}


def _partitive(
    statement: Statement, sentence: Sentence, number: Number, after: int
) -> People | None:
    """ "Five of the nurses", "11 of the 18 students", "nine of them": some of a number."""
    text, starts = statement.text, statement.starts
    first = statement.word_at(after)
    for at in range(first, min(first + 5, len(sentence.words))):
        if starts[at] < after - 1:
            continue
        word = sentence.words[at]
        if is_head(word) or word in statement.people:
            end = starts[at] + len(word)
            return People(
                int(number.low),
                singular(word),
                (),
                statement,
                number,
                starts[number.first],
                end,
                True,
            )
        if word in _MODIFIER_STOP - {"these", "those", "the", "our", "all", "them"}:
            break
    end = min(after, len(text))
    return People(
        int(number.low), "participant", (), statement, number, starts[number.first], end, True
    )


_BRACKETED = re.compile(r"\( ?n ?= ?$|\(total n ?= ?$|\[ ?n ?= ?$|, n ?= ?$")


def _in_brackets(statement: Statement, sentence: Sentence, number: Number) -> People | None:
    """A number after its noun: "participants (n = 22)"."""
    text, starts = statement.text, statement.starts
    start = starts[number.first]
    before = _BRACKETED.search(text, max(start - 14, 0), start)
    if before is None:
        return None
    closes = text[start + len(f"{number.low:g}") :].lstrip()[:1]
    if closes not in {")", "]", ",", ";"}:
        return None
    at = statement.word_at(before.start()) if before.start() else 0
    while at >= 0 and starts[at] >= before.start():
        at -= 1
    if at < 0 or not (is_head(sentence.words[at]) or sentence.words[at] in statement.people):
        return None
    head = singular(sentence.words[at])
    modifiers: list[str] = []
    back = at - 1
    while back >= 0 and back >= at - 3:
        between = text[_end_of(starts, back, text) : starts[back + 1]]
        word = sentence.words[back]
        if _BREAK.search(between) or word in _MODIFIER_STOP or word[0].isdigit():
            break
        modifiers.append(word)
        back -= 1
    end = start + len(f"{number.low:g}")
    return People(
        int(number.low), head, tuple(reversed(modifiers)), statement, number, starts[at], end
    )


# --- the size of the sample

_LOST = re.compile(
    r"declin|refus|withdr[ae]w|dropped out|drop-?outs?\b|did not (?:respond|reply|answer|show|attend|turn up|want|wish|consent|"
    r"agree|participate|take part|return|complete|meet)|didn't (?:respond|reply|answer|show|attend|turn up|want|wish)|non-?respon|no-?shows?\b|no reply|no response|"
    r"could not be (?:reached|contacted|traced|found|located|interviewed|included)|not be (?:reached|contacted|traced|found|located)|"
    r"couldn't be (?:reached|contacted|traced|found)|unreachable|exclu[ds]|ineligible|not eligible|lost (?:to|contact)|cancel|"
    r"died|passed away|unavailable|not available|moved away|unable to (?:participate|attend|take part)|never (?:answered|replied|"
    r"responded|came|appeared)|not interested|too (?:ill|busy|sick)|opted out|dropped|turned (?:us|it) down|turned out|discontinued|"
    r"left the study|not reachable|non-?participa|failed to (?:attend|reply|respond|appear)|changed their minds?|pulled out|not answer|"
    r"eliminat|discarded|removed|rejected|said no\b|backed out|uncontactable|non-?consent|stopped (?:replying|answering)|no longer"
)
_TOTAL = re.compile(
    r"\b(?:a total of|in total,?|totally,?|altogether,?|overall,?|in all,?|total sample (?:of|was|comprised|consisted of)|finally,?)"
    r" (?:of )?(?:about )?$"
)
_AFTERWARDS = re.compile(r"^(?: in total| in all| altogether| overall|, in all|, altogether)\b")
_WITH = re.compile(
    r"(?:interviews?|focus groups?|discussions?|groups?|conversations?|sessions?|fgds?|idis?|meetings?)(?: (?:\([^)]*\)|were|was|"
    r"conducted|carried out|held|done|performed|undertaken|made|took place|out|in-depth|face-to-face)){0,4} (?:with|of|among|from|using|involving|comprising) "
    r"(?:a (?:convenience |purposive )?sample of )?(?:the )?(?:a total of )?$"
)
_INTERVIEWED = re.compile(
    r"\b(?:we|i|researchers?|authors?|study|interviewers?) (?:then |also |finally )?interviewed (?:a total of )?$"
)
_SAMPLE = re.compile(
    r"\b(?:sample|participants?|respondents?|informants?|interviewees?|study population|study group|subjects)"
    r"(?: (?:in|of) (?:the|this|our) (?:present |current )?(?:study|research|analysis))?(?: size)?"
    r" (?:was|were|is|are|comprised|included|consisted of|consists of|comprises|was composed of|were composed of|was made up of)"
    r" (?:of )?(?:a total of )?$|\bsample of $|\bsample size (?:of|was|is) $"
)
_DID = re.compile(
    r"^(?:,? ?\([^)]*\))?,?(?: (?:[a-z'-]+|\([^)]*\)|~|\d+)){0,14}? (?:(?:were|was|have been|had been) (?:(?:finally|then|eventually|individually|purposively|"
    r"included and|recruited and|selected and|enrolled and|thus|subsequently|in-depth|personally) )?"
    r"(?:interviewed|enrolled|included)|took part|participated|volunteered and|(?:were|was) (?:recruited|selected)|had taken part)\b"
)
_DEFINITE = re.compile(r"^(?:all )?(?:the |these |our )(?:study's |final )?$")
_OTHER_SCOPE = re.compile(
    r"\b(?:stud(?:y|ies) \d|experiments?|phases?|waves?|rounds?|strands?|pilot|pre-?test|survey|questionnaires?|second interview|repeat|trial|cohort|"
    r"arms?|respectively|first group|second group|additional|workshop|stage|quantitative|parent study|previous study|"
    r"earlier study|database|records?|registered|population of|per group|each group|in each|per site|each of the|twice|"
    r"two times|literature|recommended|aimed|planned|target|expected|needed|sufficient|anticipated|estimated|intended|"
    r"sub-?sample|sub-?group|subset|companion)\b"
)
_NEAR_SCOPE = re.compile(
    r"\b(?:another|other \d|of whom|of which|among whom|again|at least|least|minimum|up to|more than|fewer than|less than|"
    r"over|under|almost|nearly|about|around|approximately|face-to-face|by telephone|by phone|online|in person|via|first|last|"
    r"remaining|follow-up|longer)\b"
)
_NEAR = 26  # characters
_CHARACTERISTICS = re.compile(
    r"characteristic|demograph|profile|participants|respondents|informants|interviewees|sample|description of|overview of|composition"
)


@dataclass(frozen=True, slots=True)
class Size:
    """A sample size as one sentence gives it. ``method`` is ``interview``, ``group`` or empty."""

    people: People
    method: str
    strong: bool

    @property
    def value(self) -> int:
        """How many people."""
        return self.people.count


@lru_cache(maxsize=2)
def sizes(statements: Statements) -> tuple[Size, ...]:
    """Where the authors say how many people took part, all in all."""
    found: list[Size] = []
    for statement in statements.among(statements.numbered & statements.inside(BODY)):
        if statement.sentence.role is Role.TABLE_ROW:
            continue
        counts = list(counts_in(statement))
        if not counts:
            continue
        if statement.sentence.role is Role.CAPTION:
            found += _of_caption(statement, counts)
            continue
        if statement.sentence.citation and statement.kind is SectionKind.DISCUSSION:
            continue
        found += _of_sentence(statement, counts)
    return tuple(found)


def _of_caption(statement: Statement, counts: list[People]) -> list[Size]:
    single = len(counts) == 1 and _CHARACTERISTICS.search(statement.text)
    bracketed = [c for c in counts if "n = " in statement.text or "n=" in statement.text]
    return [Size(c, _method(statement.text), False) for c in bracketed if single]


def _of_sentence(statement: Statement, counts: list[People]) -> list[Size]:
    text = statement.text
    found: list[Size] = []
    for people in counts:
        if people.part or people.restricted or people.count < 3:
            continue
        if _OTHER_SCOPE.search(text) or _LOST.search(text):
            continue
        if _AS.match(text[people.end :]):
            continue
        near = text[max(people.start - _NEAR, 0) : people.start] + text[people.end :][:_NEAR]
        if _NEAR_SCOPE.search(near) or _one_sex(people, counts):
            continue
        strength = _strength(people, counts)
        before = found[-1].people if found else None
        if strength:
            found.append(Size(people, _method(text), strength == 2))
        elif before is not None and _joined(before, people):
            found.append(Size(people, _method(text), False))
    return found


def _joined(one: People, two: People) -> bool:
    """ "12 keepers and 9 sailors": two samples in one breath."""
    between = two.statement.text[one.end : two.start]
    return between in {" and ", ", ", ", and ", " as well as ", " plus "} and (
        one.head != two.head or one.modifiers != two.modifiers
    )


_SO_MANY = re.compile(r"[^.;]{0,20}\bsample\b|, (?:the|our|this) (?:sample|study)\b")
_ACCOUNTS = re.compile(
    r"(?:[^.;]{0,30}\b)?(?:accounts|stories|experiences|voices|views|perspectives|narratives|words|interviews|conversations) (?:of|from|with) (?:the |our |these )?"
    r"|(?:these|our|those|the) "
)
_AS = re.compile(r" (?:were|was|who|had)? ?(?:[a-z]+ed|served|took part|acted) as ")
_LABELLED = re.compile(
    r"(?:setting and )?(?:participants|sample|subjects|study population)[:.]? (?:a total of |were )?"
)
_FEMALE = frozenset("woman mother girl wife daughter grandmother lady".split())
_MALE = frozenset("man father boy husband son grandfather".split())


def _one_sex(people: People, counts: list[People]) -> bool:
    """Whether the sentence counts the other sex beside this one."""
    heads = {c.head for c in counts}
    return (people.head in _FEMALE and not heads.isdisjoint(_MALE)) or (
        people.head in _MALE and not heads.isdisjoint(_FEMALE)
    )


def _strength(people: People, counts: list[People]) -> int:
    """2 when the sentence says outright that this is the whole sample, 1 when it seems so."""
    text = people.statement.text
    ahead, behind = text[: people.start], text[people.end :]
    follows = [c for c in counts if c.start > people.start]
    others = [c.count for c in follows if not (c is follows[0] and _joined(people, c))]
    earlier = [c for c in counts if c.start < people.start and c.count >= 3]
    adds_up = sum(others) in {0, people.count} or all(c < people.count for c in others)
    if _TOTAL.search(ahead) or _AFTERWARDS.match(behind):
        return 2 if _DID.match(behind) or "sample" in text or not earlier else 1
    if people.statement.kind is SectionKind.ABSTRACT and _LABELLED.fullmatch(ahead):
        return 2
    if earlier or not adds_up:
        return 0
    if not ahead.strip() and not behind.strip(" ).:"):
        return 1  # a line that says no more than "participants (n = 26)"
    if _SAMPLE.search(ahead) or _INTERVIEWED.search(ahead):
        return 2
    if _WITH.search(ahead):
        return 1
    if _DID.match(behind) and (
        ahead in {"", "only "} or ahead.rstrip().endswith((",", ":", ";", "the"))
    ):
        return 2
    if ahead == "with " and _SO_MANY.match(behind):
        return 1
    if people.statement.kind is not SectionKind.METHODS and _ACCOUNTS.fullmatch(ahead):
        return 1
    definite = _DEFINITE.match(ahead) and not re.match(
        r" (?:who|whose|in|from|with|that)\b", behind
    )
    return 1 if definite and people.statement.kind is not SectionKind.METHODS else 0


def _method(text: str) -> str:
    group = re.search(r"focus|group|fgd|discussion", text) is not None
    single = re.search(r"interview", text) is not None
    if group and not single:
        return "group"
    return "interview" if single and not group else ""


def light(modifiers: tuple[str, ...]) -> frozenset[str]:
    """The modifiers that make a kind of person."""
    return frozenset(modifiers) - _LIGHT
