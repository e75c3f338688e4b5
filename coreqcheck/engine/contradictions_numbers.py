"""Ages, codes, questions, and the sexes of a table: numbers that another sentence contradicts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.contradictions_sample import sex_pairs, wholes
from coreqcheck.engine.ledger import age, ledger
from coreqcheck.engine.people import sizes
from coreqcheck.engine.statements import BODY, Statement
from coreqcheck.engine.tables import count_blocks, grids
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, Role, SectionKind, Span

# --- ages

_AGE_MEAN = re.compile(
    r"\b(?:mean|average|median) age\b[^.;]{0,30}?(?<![\d.])(\d{2}(?:\.\d+)?)(?!\d|-| ?%)"
    r"|\baged? (?:on average|a mean of) (\d{2}(?:\.\d+)?)|\b(?:average|mean) of (\d{2}(?:\.\d+)?) years"
)
_AGE_RANGE = re.compile(
    r"\b(?:aged?|ages|range|ranged|ranging|between|from)\b[^.;]{0,24}?(?<![\d.])(\d{2})(?:-| and | to )"
    r"(\d{2})\b(?! ?(?:min|%|hours|months|weeks|interviews|participants))"
)
_NOT_AGE = re.compile(
    r"\b(?:experience|work(?:ing|ed)|practi[sc]|service|children|child's|son|daughter|patients'|diagnos|"
    r"since|minutes|stay|employ|career|seniority)"
)
_YEARS = ("age", "aged", "ages", "years")


@comparison("age-mean")
def age_mean(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A mean age outside the range of ages in the same sentence, or in the only range of the text."""
    statements = context.statements
    means: list[tuple[float, Statement, re.Match[str]]] = []
    ranges: list[tuple[int, int, Statement, re.Match[str]]] = []
    mask = statements.holding(*_YEARS) & statements.numbered & statements.inside(BODY)
    for statement in statements.among(mask):
        text = statement.text
        if statement.sentence.role is Role.TABLE_ROW or statement.sentence.citation:
            continue
        if not re.search(r"\bage", text) or _NOT_AGE.search(text):
            continue
        means += [(float(h[1] or h[2] or h[3]), statement, h) for h in _AGE_MEAN.finditer(text)]
        ranges += [
            (int(h[1]), int(h[2]), statement, h)
            for h in _AGE_RANGE.finditer(text)
            if int(h[1]) < int(h[2])
        ]
    for value, statement, hit in means:
        near = [r for r in ranges if r[2] is statement]
        if len(near) != 1 and (len({r[:2] for r in ranges}) != 1 or len(means) > 1):
            continue
        low, high, second, other = (near or ranges)[0]
        if not low <= value <= high:
            spans = (
                statement.span(hit.start(), hit.end()),
                second.span(other.start(), other.end()),
            )
            yield report(rule, context, spans, mean=f"{value:g}", low=low, high=high)
            return


_LEAST = re.compile(
    r"\b(?:aged?|age of|age) (?:at least |of at least )?(1[0-9]|[2-7]\d) (?:years )?(?:and|or) (?:older|above|over|more)"
    r"|\b(?:at least|minimum(?: age)? of|not younger than|over the age of) (1[0-9]|[2-7]\d) (?:years|y\b)(?: old| of age)"
    r"|\b(?:had|have|having|with) (1[0-9]|[2-7]\d) or more years\b(?! of)"
    r"|\b(1[0-9]|[2-7]\d) years (?:of age |old )?(?:and|or) (?:older|above|over)"
)
_ELIGIBLE = re.compile(
    r"\b(?:eligib|inclusion|criteri|included if|could (?:enter|take part|participate)|were required|had to be|"
    r"qualif|participat)"
)
_OTHER_PEOPLE = re.compile(
    r"child|parent|mother|pregnan|patients? (?:of|aged)|relative|caring for|carer"
)
_PEOPLE = re.compile(r"\b(?:participants|sample|they|respondents|interviewees|informants)\b")


@comparison("age-eligible")
def age_eligible(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Somebody is younger than the criteria allow."""
    least = _least_age(context)
    if least is None:
        return
    statements = context.statements
    kinds = (SectionKind.RESULTS, SectionKind.ABSTRACT)
    mask = statements.inside(kinds) & statements.numbered & statements.holding(*_YEARS)
    for statement, hit in statements.find(_AGE_RANGE, mask):
        text = statement.text
        if statement.sentence.role is Role.TABLE_ROW or _NOT_AGE.search(text):
            continue
        if re.search(r"\b(?:aged|ages?)\b", text) and _PEOPLE.search(text):
            if int(hit[1]) < least[0]:
                where = statement.span(hit.start(), hit.end())
                yield report(rule, context, (least[1], where), least=least[0], found=int(hit[1]))
                return
    for entry in ledger(context.manuscript):
        for quotation in entry.quotations:
            years = age(quotation)
            if years is None or not 9 < years < least[0] or quotation.label_span is None:
                continue
            yield report(
                rule, context, (least[1], quotation.label_span), least=least[0], found=years
            )
            return


def _least_age(context: Context) -> tuple[int, Span] | None:
    """The age that participants had to have, and where that is said."""
    statements = context.statements
    kinds = (SectionKind.METHODS, SectionKind.ABSTRACT)
    mask = statements.holding("age", "aged", "years") & statements.numbered
    for statement, hit in statements.find(_LEAST, mask & statements.inside(kinds)):
        if _ELIGIBLE.search(statement.text) and not _OTHER_PEOPLE.search(statement.text):
            number = int(next(g for g in hit.groups() if g))
            return number, statement.span(hit.start(), hit.end())
    return None


# --- women and men in the text and in the table

_FEMALE = re.compile(r"^\W*(?:female|women|woman|f|mothers?|girls?)\b", re.IGNORECASE)
_MALE = re.compile(r"^\W*(?:male|men|man|m|fathers?|boys?)\b", re.IGNORECASE)
_SOME_PEOPLE = re.compile(
    r"\b(?:of the|of these|among|phase|group \d|declin|refus|invited|survey|hospital|site)\b"
)
_TELLING = (SectionKind.RESULTS, SectionKind.ABSTRACT, SectionKind.METHODS)


@comparison("sex-in-table")
def sex_in_table(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """The text counts women and men otherwise than the table of the same people."""
    counted = _sexes_of_table(context)
    if counted is None:
        return
    women, men, span = counted
    for pair in sex_pairs(context.statements):
        if pair.statement.kind not in _TELLING or _SOME_PEOPLE.search(pair.statement.text):
            continue
        # Other people, where the sum is another one.
        close = abs(pair.total - women - men) <= 1
        if close and (pair.women, pair.men) != (women, men):
            yield report(
                rule, context, (pair.statement.span(pair.start, pair.end), span),
                women=pair.women, men=pair.men, in_table=f"{women} women and {men} men",
            )  # fmt: skip
            return


def _sexes_of_table(context: Context) -> tuple[int, int, Span] | None:
    """The women and men of the only table that counts them, with the row of the women."""
    found = []
    for grid in grids(context.manuscript):
        for block in count_blocks(grid):
            women = [c for c in block.counts if _FEMALE.match(c.label)]
            men = [c for c in block.counts if _MALE.match(c.label)]
            if len(women) == 1 and len(men) == 1:
                found.append((women[0].count, men[0].count, women[0].row))
                break
    return found[0] if len(found) == 1 else None


_QUANTIFIED = re.compile(
    r"\b(most|the majority|a majority|more than half|over half|half|few|a minority|only a few)"
    r"(?: of (?:the |our |them)?(?:\d+ )?(?:participants|respondents|interviewees|informants|nurses|students|"
    r"patients|carers|sample)?)? ?(?:\([^)]*\) )?(?:were|was|being|are) (women|female|men|male)\b"
)


@comparison("most-in-table")
def most_in_table(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "Most were women", and nine of 26 in the table."""
    counted = _sexes_of_table(context)
    if counted is None:
        return
    women, men, span = counted
    statements = context.statements
    kinds = (*_TELLING, SectionKind.DISCUSSION, SectionKind.LIMITATIONS)
    mask = statements.holding("most", "majority", "half", "few", "minority")
    for statement, hit in statements.find(_QUANTIFIED, mask & statements.inside(kinds)):
        count = women if hit[2] in {"women", "female"} else men
        share = count / max(women + men, 1)
        if _misfits(hit[1], share) and not statement.sentence.citation:
            yield report(
                rule, context, (statement.span(hit.start(), hit.end()), span), words=hit[0],
                count=count, total=women + men,
            )  # fmt: skip
            return


def _misfits(words: str, share: float) -> bool:
    if words == "half":
        return abs(share - 0.5) > 0.1
    if words in {"few", "a minority", "only a few"}:
        return share >= 0.5
    return share <= 0.5


# --- codes, questions, coded texts

_CODES = re.compile(
    r"(?<![\d.,/-])(\d{2,4}) ((?:initial|primary|open|first|unique|distinct|different|final|descriptive|"
    r"preliminary|axial|substantive|meaning|conceptual|individual|basic) )?codes\b"
)
_CODES_MOVE = re.compile(
    r"\b(?:reduced|merged|merging|collapsed|condensed|from|remaining|after|removing|removal|further|additional|"
    r"each|per|new|grew|to|duplicate|example)\b"
)


@comparison("code-count")
def code_count(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Two numbers of codes of the same kind."""
    statements = context.statements
    mask = statements.holding("codes") & statements.numbered & statements.inside(BODY)
    found: list[tuple[int, str, Statement, re.Match[str]]] = []
    together: list[set[int]] = []
    for statement in statements.among(mask):
        hits = list(_CODES.finditer(statement.text))
        together.append({int(h[1]) for h in hits})
        if statement.sentence.role is Role.TABLE_ROW:
            continue
        for hit in hits:
            near = statement.text[max(hit.start() - 40, 0) : hit.end() + 25]
            if not _CODES_MOVE.search(near):
                found.append((int(hit[1]), (hit[2] or "").strip(), statement, hit))
    yield from _first_conflict(rule, context, found, together)


def _first_conflict(
    rule: ConsistencyRule,
    context: Context,
    found: list[tuple[int, str, Statement, re.Match[str]]],
    together: list[set[int]],
) -> Iterator[Finding]:
    """The first two counts of one kind that differ and that no sentence names at once."""
    for number, (count, kind, statement, hit) in enumerate(found):
        for other, other_kind, second, other_hit in found[number + 1 :]:
            if count == other or kind != other_kind or statement is second:
                continue
            if any({count, other} <= values for values in together):
                continue
            yield report(
                rule, context,
                (statement.span(hit.start(), hit.end()),
                 second.span(other_hit.start(), other_hit.end())),
                one=count, two=other,
            )  # fmt: skip
            return


_QUESTIONS = re.compile(
    r"(?<![\d.,/-])(\d{1,2}) (?:(?:main|open-ended|open|key|core|central|broad|guiding|semi-structured|interview),? )*"
    r"questions\b"
)
_GUIDE = re.compile(r"\b(?:guide|schedule|protocol|topic list|interview|route|aide)")
_OTHER_QUESTIONS = re.compile(
    r"\b(?:survey|questionnaire|demographic|research questions?|closed|follow-up|probing|probes|scale|items|"
    r"sub-?questions|first|last|added|dropped|removed|reworded|changed|pilot|nurses|staff|professionals|per)\b"
)


@comparison("question-count")
def question_count(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """An interview guide of eight questions, and of eleven."""
    statements = context.statements
    mask = statements.holding("questions") & statements.numbered & statements.inside(BODY)
    found: list[tuple[int, str, Statement, re.Match[str]]] = []
    for statement in statements.among(mask):
        text = statement.text
        if statement.sentence.role is Role.TABLE_ROW or not _GUIDE.search(text):
            continue
        hits = list(_QUESTIONS.finditer(text))
        if len(hits) == 1 and int(hits[0][1]) > 1 and not _OTHER_QUESTIONS.search(text):
            found.append((int(hits[0][1]), "", statement, hits[0]))
    yield from _first_conflict(rule, context, found, [])


_SHARE_CODED = re.compile(
    r"(?<![\d.])(\d{1,3}(?:\.\d+)?) ?(?:%|per ?cent) of (?:all )?(?:the )?(?:(\d{1,3}) )?(?:transcripts|interviews|data)"
    r"(?: ?\(| - |, )(?:n ?= ?)?(\d{1,3})(?: (?:transcripts|interviews|of \d+))?[),]"
    r"|(?<![\d.,/-])(\d{1,3}) (?:transcripts|interviews) \((\d{1,3}(?:\.\d+)?) ?(?:%|per ?cent)\)"
)


@comparison("coded-share")
def coded_share(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "Twenty per cent of the transcripts (n = 3)": of 26."""
    statements = context.statements
    bases = wholes(statements, "interview", "transcript")
    kinds = (SectionKind.METHODS, SectionKind.RESULTS)
    mask = statements.holding("transcripts", "interviews", "data") & statements.numbered
    for statement, hit in statements.find(_SHARE_CODED, mask & statements.inside(kinds)):
        percent, count = float(hit[1] or hit[5]), int(hit[3] or hit[4])
        wanted = [int(hit[2])] if hit[2] else list(bases)
        if not wanted or percent > 100:
            continue
        if any(abs(count - b * percent / 100) <= max(1.0, 0.02 * b) for b in wanted):
            continue
        base = max(wanted)
        spans = [statement.span(hit.start(), hit.end())]
        yield report(
            rule, context, [*spans, *([bases[base]] if base in bases else [])],
            percent=f"{percent:g}", count=count, base=base, right=f"{base * percent / 100:.1f}",
        )  # fmt: skip
        return


# --- what a protocol left behind

_WILL = re.compile(
    r"\b(?:participants|interviews|focus groups|data|transcripts|recordings|patients|nurses|women|students|carers|"
    r"they|groups|sessions|discussions|respondents|we|purposive sampling|informed consent)\b[^.;]{0,40}? will "
    r"(?:then |also |first |all )?(?:be )?(?:invited|recruited|approached|interviewed|conducted|held|audio-?recorded|"
    r"recorded|transcribed|coded|analy[sz]ed|asked|selected|sampled|collected|obtained|used|interview|recruit|"
    r"conduct|ask|analy[sz]e|collect|invite)\b"
)
_LATER = re.compile(
    r"\b(?:future|next|follow-up|planned|further|later|second phase|phase 2|subsequent|destroyed|erased|deleted|"
    r"stored|kept|published|disseminat|shared|available|returned|presented|trial|protocol|upcoming|ongoing|currently)\b"
)
_MANY_PLANS = 6


@comparison("plan-left")
def plan_left(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A sentence of the methods that still speaks of what will be done."""
    statements = context.statements
    if not statements.inside((SectionKind.RESULTS,)):
        return
    mask = statements.holding("will") & statements.inside((SectionKind.METHODS,))
    plans = [(s, h) for s, h in statements.find(_WILL, mask) if not _LATER.search(s.text)]
    # Where nearly all is in the future, the paper is a protocol.
    if 0 < len(plans) <= _MANY_PLANS:
        spans = [s.span(h.start(), h.end()) for s, h in plans[:3]]
        yield report(rule, context, spans, words=plans[0][1][0])


# --- a note

_IPA = re.compile(r"\binterpret(?:at)?ive phenomenological analysis\b|\bipa\b")
_LARGE = 25


@comparison("ipa-sample")
def ipa_sample(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Interpretative phenomenological analysis with a large sample."""
    statements = context.statements
    kinds = (SectionKind.METHODS, SectionKind.ABSTRACT)
    mask = statements.holding("phenomenological", "ipa") & statements.inside(kinds)
    used = next((s.span(h.start(), h.end()) for s, h in statements.find(_IPA, mask)), None)
    stated = sizes(statements)
    if used is None or len({s.value for s in stated}) != 1 or stated[0].value < _LARGE:
        return
    yield report(rule, context, (used, stated[0].people.span), size=stated[0].value)
