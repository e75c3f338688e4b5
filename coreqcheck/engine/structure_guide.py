"""The interview guide: questions that are printed out, and whether it was tried out first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from coreqcheck.engine.detectors import Found, detector
from coreqcheck.engine.index import Index
from coreqcheck.model import Role, SectionKind, Sentence, Span

_KINDS = frozenset(
    {SectionKind.METHODS, SectionKind.APPENDIX, SectionKind.OTHER, SectionKind.DECLARATIONS}
)
_ROLES = frozenset({Role.PARAGRAPH, Role.LIST_ITEM, Role.TABLE_ROW, Role.BLOCK_QUOTE, Role.CAPTION})
_QUESTION = re.compile(
    r"\b[A-Z][^?.!]{8,300}\?"
    r"|[\"“‘'«](?:[Pp]lease,? )?"
    r"(?:Tell|tell|Describe|describe|Talk|Explain|Share|Think|Walk|Imagine)\b[^.?!]{8,300}"
)
_ASKS = re.compile(
    r"\b(?:you|your|yours|yourself|tell me|tell us|describe|what|how|why|which|when|where|who|do|"
    r"can|could|would|have|is there|are there|please)\b",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"interview|question|quer(?:y|ies)|guide|asked|prompt|topic|focus group|discussion|conversation"
    r"|probe|\bidis?\b|\bkiis?\b|\bfgds?\b",
    re.IGNORECASE,
)
_SURVEY = re.compile(r"questionnaire|survey|likert|research questions?", re.IGNORECASE)
_NEAR = 6
"""How many sentences before a question may speak of the interview."""


@detector("interview-questions")
def interview_questions(index: Index) -> Iterable[Found]:
    """Questions put to participants that stand in the methods, a box, a table or an appendix."""
    for sentence in index.sentences:
        if sentence.role not in _ROLES or not _asks(index, sentence):
            continue
        if _introduced(index, sentence):
            yield Found(sentence.span, confidence=0.93)


def _asks(index: Index, sentence: Sentence) -> bool:
    """Whether the sentence holds a question that could be put to a person."""
    if index.manuscript.kind(sentence) not in _KINDS and sentence.role is not Role.TABLE_ROW:
        return False
    text = index.manuscript.text[sentence.span.start : sentence.span.end]
    hit = _QUESTION.search(text)
    return hit is not None and _ASKS.search(hit.group()) is not None


def _introduced(index: Index, sentence: Sentence) -> bool:
    """Whether the interview is spoken of in this sentence or soon before, and no survey is."""
    first = max(sentence.index - _NEAR, 0)
    near = index.sentences[first : sentence.index + 1]
    if index.manuscript.kind(sentence) not in _KINDS:
        # A table in the results: its caption has to say that it holds the guide.
        near = tuple(s for s in near if s.role is Role.CAPTION)
    text = index.manuscript.text
    before = [text[s.span.start : s.span.end] for s in near]
    talk = [n for n, one in enumerate(before) if _TALK.search(one)]
    survey = [n for n, one in enumerate(before) if _SURVEY.search(one)]
    return bool(talk) and (not survey or max(survey) < max(talk))


# --- piloting ------------------------------------------------------------------------------------

_WHERE = _KINDS | {
    SectionKind.ABSTRACT,
    SectionKind.LIMITATIONS,
    SectionKind.ETHICS,
    SectionKind.DISCUSSION,
}
_GUIDE = frozenset(
    "guide guides guideline guidelines schedule schedules script scripts prompts aide topics "
    "vignette vignettes route questioning".split()
)
_WEAK = frozenset(
    "interview interviews interviewing question questions protocol protocols focus fgd fgds idi "
    "idis kii kiis discussion discussions conversations".split()
)
_OTHER_THING = frozenset(
    "survey surveys questionnaire questionnaires scale scales codebook coding codes code trial "
    "intervention interventions programme program programmes programs app training curriculum "
    "module modules course screening measures video feasibility rct randomised scheme project "
    "service services website game hypotheses threshold template framework frameworks codeframe "
    "extraction cognitive inventory booklet leaflet system prototype policy site sites "
    "district device devices vaccine chatbot software wearable".split()
)
_TESTED = ("pilot", "pretest", "fieldtest")
_BEFORE_TEST = frozenset({"pre", "field"})
_RUNS = frozenset({"dry", "trial", "test"})
_PRONOUNS = frozenset({"it", "they", "these", "this", "which", "both"})
_PRONOUN = 5
_TRIED = frozenset({"trialled", "trialed"})
_OUT = frozenset({"out", "beforehand", "first", "before", "on", "with"})
_DENIALS = frozenset(
    "not never no without nor neither didnt wasnt werent lack lacked absence unable cannot "
    "nothing none nobody".split()
)
_STOPS = frozenset("but however although though while because since after before".split())
_DONE = frozenset(
    "carried done conducted performed undertaken possible held made planned needed considered "
    "feasible felt required deemed run used necessary".split()
)
_LEFT_OUT = frozenset({"omitted", "dispensed", "waived", "skipped", "forgone", "dropped"})
_GENERAL = frozenset("commonly often usually generally sometimes rarely seldom recommended".split())
_PLANS = frozenset({"will", "shall", "should", "must"})
_NOT_OURS_YET = _GENERAL | _PLANS
_AFTER = 8
_BACK = 2


@detector("guide-piloted")
def guide_piloted(index: Index) -> Iterable[Found]:
    """Sentences that say the guide or the interview was tried out first."""
    return (found for found, denied in _pilots(index) if not denied)


@detector("guide-not-piloted")
def guide_not_piloted(index: Index) -> Iterable[Found]:
    """Sentences that say it was not."""
    return (found for found, denied in _pilots(index) if denied)


def _pilots(index: Index) -> Iterable[tuple[Found, bool]]:
    mask = 0
    for prefix in (*_TESTED, "test", "tried", "trial", "dry", "unpiloted", "rehears"):
        mask |= index.with_prefix(prefix)
    for sentence in index.sentences:
        if not mask >> sentence.index & 1 or index.manuscript.kind(sentence) not in _WHERE:
            continue
        view = index.views[sentence.index]
        for at in range(len(view)):
            width = _tested(view, at)
            if not width or not _NOT_OURS_YET.isdisjoint(view[max(at - 3, 0) : at]):
                continue
            denied = _denied(view, at, width)
            if _of_the_interview(index, sentence, at, width, otherwise=denied):
                match = Span(sentence.starts[at], sentence.ends[at + width - 1])
                yield Found(sentence.span, match, 0.9), denied
                break


def _tested(view: tuple[str, ...], at: int) -> int:
    """How many words from ``at`` on say "piloted"; 0 for none."""
    word, after = view[at], view[at + 1 : at + 3]
    if word in _RUNS and after and after[0] in {"run", "runs"}:
        return 2
    if word in _BEFORE_TEST and after and after[0].startswith("test"):
        return 2
    if word.startswith("pilot"):
        # Pilots also fly: the bare noun needs company.
        bare = word in {"pilot", "pilots"}
        served = "as" in view[max(at - 2, 0) : at]
        lonely = not after or after[0] in {"who", "said", "and", "in"} or word == "pilots"
        return 0 if bare and lonely and not served else 1
    if word.startswith((*_TESTED, "rehears")) or word in _TRIED or word == "unpiloted":
        return 1
    if word == "tested":
        return 1 if at <= _PRONOUN and bool(_PRONOUNS & set(view[:at])) else 0
    if word != "tried" or view[at + 1 : at + 2] == ("to",):
        return 0  # "which we tried to balance with snowballing"
    return 1 if any(a in _OUT for a in view[at + 1 : at + 4]) else 0


def _of_the_interview(
    index: Index, sentence: Sentence, at: int, width: int, otherwise: bool
) -> bool:
    """Whether what was tried out is the guide or the interview, not a survey or a programme.

    ``otherwise`` is the answer where the text does not say what was tried out.
    """
    view = index.views[sentence.index]
    after = [k for k in map(_kind, view[at + width : at + width + _AFTER]) if k]
    before = [k for k in map(_kind, view[:at]) if k]
    pronoun = at <= _PRONOUN and bool(_PRONOUNS & set(view[:at]))
    if after and not before and not pronoun:
        return after[0] != "other"
    if before:
        close = view[at + width : at + width + 2]
        if any(w in _OTHER_THING for w in close):
            return False
        if any(_kind(w) in {"guide", "weak"} for w in close):
            return True
        return before[-1] == "guide" or before[0] != "other"
    for back in range(1, _BACK + 1):
        if sentence.index - back < 0:
            break
        if index.sentences[sentence.index - back].block < sentence.block - 1:
            break
        kinds = [k for k in map(_kind, index.views[sentence.index - back]) if k]
        if kinds and view[at] == "tested":
            return "guide" in kinds
        if kinds:
            return kinds[0] != "other" or kinds[-1] == "guide"
    return otherwise and not any(w.startswith("instrument") for w in view)


def _kind(word: str) -> str:
    if word in _GUIDE:
        return "guide"
    if word in _OTHER_THING:
        return "other"
    return "weak" if word in _WEAK else ""


def _denied(view: tuple[str, ...], at: int, width: int) -> bool:
    if view[at] == "unpiloted":
        return True
    for word in reversed(view[max(at - 5, 0) : at]):
        if word in _STOPS:
            break
        if word in _DENIALS:
            return True
    after = view[at + width : at + width + _AFTER + 2]
    if _LEFT_OUT & set(after[:6]):
        return True
    return any(a == "not" and b in _DONE for a, b in pairwise(after))
