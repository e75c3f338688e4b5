"""From those asked to those interviewed: the sum must come out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.statements import BODY, Statement, Statements
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, Role, SectionKind, Span

_NUMBER = re.compile(r"(?<![\d.,/-])(\d{1,4})(?![\d.,]*\d|-\d| ?%)")
_BASE = re.compile(r"\d (?:out )?of (?:the |these |those |our )?$")
_ASKED = re.compile(
    r"\b(?:approached|invited|contacted|were asked|was asked|asked to (?:take part|participate|join)|e-?mailed|telephoned|phoned|written to|"
    r"were eligible|eligible|screened|got in touch|expressed (?:an )?interest|came forward|volunteered|registered|signed up|replied|responded|answered|returned|received an? (?:e-?mail|"
    r"letter|invitation)|sent (?:an? )?(?:invitation|letter|e-?mail|message)s?|agreed to be contacted|invitations? (?:were|was) (?:sent|mailed|e-mailed|"
    r"posted|given)|recruited|enrolled|consented)\b"
)
_GONE = re.compile(
    r"\b(?:declin\w*|refus\w*|withdr[ae]w\w*|dropped out|drop-?outs?|exclu\w+|ineligible|not eligible|no reply|no response|no answer|heard nothing|"
    r"non-?respon\w+|(?:did not|didn't|never) (?:respond|reply|answer|show up|turn up|come|attend|want|wish|appear|consent|agree|participate|"
    r"take part|meet|keep|responded|replied|answered|came|appeared|turned up|showed up)|(?:could not|couldn't|could no longer) be (?:reached|contacted|traced|"
    r"found|located|interviewed)|were (?:unreachable|unavailable|not reachable|not available|not interested|too (?:ill|busy|sick))|cancel\w*|died|"
    r"passed away|moved away|lost to|was lost|were lost|changed (?:their|her|his) minds?|pulled out|opted out|said no|turned (?:us|it) down|"
    r"turned out (?:not )?to|stopped|left the study|left before|unable to|no-?shows?|not interested|failed to (?:attend|reply|respond|appear)|"
    r"did not meet|backed out|not (?:be )?(?:interviewed|included))\b"
)
_LEFT = re.compile(
    r"\b(?:the remaining|the rest|remaining|leaving|left|finally|in the end|eventually|ultimately|resulting in|thus|therefore|this left|which left|"
    r"so that|final sample|yielding|giving|making)\b"
)
_IN = re.compile(
    r"\b(?:interviewed|took part|participated|completed|were included|was included|final sample|sample of|participants|remained|remaining|"
    r"were (?:finally )?enrolled|agreed|consented|accepted|said yes|joined|were willing)\b"
)
_REASON = re.compile(
    r"\b(?:of (?:these|them|those|whom)|because|due to|reason|lack of|no time|citing|cited|too|owing to|gave|said|feared|felt|were (?:ill|busy)|time constraints)\b"
)
_OTHER = re.compile(
    r"\b(?:pilot|survey|questionnaires?|trial|phase|second interview|follow-up|hospitals|sites|schools|practices|clinics|wards|villages|record(?:ed|ing)|"
    r"recorder|per cent|years|minutes|months|hours|randomi[sz]ed|transcripts?)\b"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One number of a recruitment: ``what`` is ``asked``, ``gone``, ``in`` or empty."""

    count: int
    what: str
    statement: Statement
    start: int
    final: bool = False


@comparison("recruitment")
def recruitment(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Asked, less those who did not come, is not the number that took part."""
    for passage in _passages(context.statements):
        steps = [s for statement in passage for s in _steps(statement)]
        found = _broken(steps)
        if found is not None:
            asked, gone, taken = found
            spans = [_span(asked), *(_span(g) for g in gone), _span(taken)]
            yield report(
                rule, context, spans, asked=asked.count, gone=" - ".join(str(g.count) for g in gone),
                left=asked.count - sum(g.count for g in gone), taken=taken.count,
            )  # fmt: skip
            return


def _span(step: Step) -> Span:
    return step.statement.span(step.start, step.start + 1)


def _passages(statements: Statements) -> Iterable[list[Statement]]:
    """Runs of neighbouring sentences that begin with people being asked."""
    kinds = BODY - {SectionKind.DISCUSSION, SectionKind.CONCLUSION, SectionKind.LIMITATIONS}
    inside = statements.inside(kinds)
    asked = statements.holding(
        "approach*",
        "invit*",
        "contact*",
        "eligible",
        "asked",
        "interest*",
        "recruit*",
        "e",
        "emailed",
        "volunteer*",
        "touch",
        "screened",
        "consented",
        "letter*",
        "forward",
        "registered",
        "signed",
        "enrol*",
    )
    for statement in statements.among(asked & statements.numbered & inside):
        if statement.sentence.role in {Role.TABLE_ROW, Role.CAPTION, Role.HEADING}:
            continue
        if not _ASKED.search(statement.text):
            continue
        index = statement.sentence.index
        passage = [statement]
        for further in range(index + 1, index + 5):
            if not statements.index.searchable >> further & 1:
                continue
            nearby = statements.of(further)
            if nearby.sentence.block > statement.sentence.block + 1:
                break
            if nearby.sentence.role is Role.HEADING:
                break
            passage.append(nearby)
        yield passage


def _steps(statement: Statement) -> list[Step]:
    """The numbers of a sentence with what the words around them say of each."""
    text = statement.text
    # "Three of the sixteen": the sixteen have been counted before.
    hits = [h for h in _NUMBER.finditer(text) if not _BASE.search(text, 0, h.start())]
    steps = []
    for number, hit in enumerate(hits):
        low = hits[number - 1].end() if number else 0
        high = hits[number + 1].start() if number + 1 < len(hits) else len(text)
        behind = re.split(r"[;.]", text[hit.end() : high])[0]
        ahead = text[low : hit.start()]
        steps.append(_step(statement, hit, ahead, behind))
    return _without_reasons(steps)


def _step(statement: Statement, hit: re.Match[str], ahead: str, behind: str) -> Step:
    count = int(hit[1])
    clause = re.split(r"[;.]", ahead)[-1]
    gone = _GONE.search(behind)
    taken = _IN.search(behind)
    asked = _ASKED.search(behind)
    first = min((m.start() for m in (gone, taken, asked) if m), default=-1)
    what = ""
    broken_off = gone and taken and re.search(r"\bbut\b", behind[taken.end() : gone.start()])
    if gone and (gone.start() == first or broken_off):
        what = "gone"
    elif taken and taken.start() == first:
        what = "in"
    elif asked and asked.start() == first:
        what = "asked"
    elif _GONE.search(clause):
        what = "gone"
    elif _ASKED.search(clause):
        what = "asked"
    elif _IN.search(clause):
        what = "in"
    final = _LEFT.search(clause) is not None
    if _OTHER.search(behind[:30]) or re.search(r"(?:table|figure|aged?|least|than) ?$", ahead):
        what = ""
    if final and re.search(r"\b(?:remaining|leaving|left|final sample)\b[^,;.]{0,16}$", clause):
        what = "in"
    return Step(count, what, statement, hit.start(), final)


def _without_reasons(steps: Sequence[Step]) -> list[Step]:
    """Drop the numbers that divide the one before them ("nine declined; five had no time ...")."""
    kept: list[Step] = []
    at = 0
    while at < len(steps):
        step = steps[at]
        kept.append(step)
        at += 1
        if step.what != "gone":
            continue
        total, end = 0, at
        while end < len(steps) and total < step.count:
            total += steps[end].count
            end += 1
        if (total == step.count and end > at + 1) or (
            end == at + 1 and total == step.count and _REASON.search(step.statement.text)
        ):
            at = end
    return kept


def _broken(steps: Sequence[Step]) -> tuple[Step, list[Step], Step] | None:
    """The terms of a recruitment that does not come out; ``None`` when it may."""
    asked = _start(steps)
    if asked is None or asked.count < 5:
        return None
    after = steps[steps.index(asked) + 1 :]
    gone = [s for s in after if s.what == "gone"]
    taken = next((s for s in after if s.what == "in" and s.count < asked.count), None)
    if taken is None or not gone or any(s.what == "asked" and s.count > asked.count for s in after):
        return None
    plain = taken.final or re.search(
        r"\b(?:all others|the others|the rest|remaining|final)\b", taken.statement.text
    )
    if not plain and len(gone) < 2:
        return None
    counts = [s.count for s in gone]
    # What became of some is said in words that are not understood: they may be gone, too.
    unclear = [s.count for s in after if not s.what and s.count < asked.count][:_MOST_UNCLEAR]
    missing = asked.count - taken.count
    terms = (counts + unclear)[:_MOST_TERMS]
    sums = {sum(c) for n in range(1, len(terms) + 1) for c in combinations(terms, n)}
    # Others may have left without being counted, but never more than all.
    if missing in sums or any(s.count == missing for s in after if s is not taken):
        return None
    if not plain and sum(counts) < missing:
        return None
    if _open_ended(asked, after):
        return None
    return asked, gone, taken


_MOST_UNCLEAR = 4
_MOST_TERMS = 10


def _start(steps: Sequence[Step]) -> Step | None:
    """The number that the losses are taken from: the last one asked before the first loss."""
    lost = next((n for n, s in enumerate(steps) if s.what == "gone"), len(steps))
    asked = [s for s in steps[:lost] if s.what == "asked"]
    return asked[-1] if asked else None


def _open_ended(asked: Step, after: Sequence[Step]) -> bool:
    """Whether some are counted in words only ("several did not answer")."""
    texts = {asked.statement.text, *(s.statement.text for s in after)}
    return any(
        re.search(
            r"\b(?:some|several|many|others|most|a few|few|the other|another group|snowball|in addition|additional(?:ly)?|further|"
            r"replace[dm]|more were|waiting list)\b",
            t,
        )
        for t in texts
    )
