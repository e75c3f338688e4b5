"""Tables that describe the people who took part, for items 12 and 16."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coreqcheck.engine.detectors import Found, detector
from coreqcheck.engine.index import Index
from coreqcheck.model import Block, Manuscript, Role, SectionKind, Sentence, Span

_NEAR = 4  # blocks between a table and a caption that carries no table number
_LONG = 70  # words: what is quoted of a caption or row

# What people are described by; a trait counts once, however often it is named.
_TRAITS = {
    "age": r"ages?|aged|years of age|yrs|y/o|years old|birth year|year of birth",
    "sex": r"gender|sex|females?|males?|woman|women|men|man|f/m|m/f|girls|boys|mothers?|fathers?",
    "role": r"roles?|professions?|occupations?|positions?|jobs?|job titles?|designations?|titles?"
    r"|cadres?|disciplines?|special(?:i?ty|ties|isms?)|professional (?:group|background|category)"
    r"|nurses?|physicians?|doctors?|midwi(?:fe|ves)|teachers?|students?|managers?|employment"
    r"|occupational status|work(?:place| status)?|areas? of (?:work|research|expertise)",
    "education": r"education(?:al)?(?: level| status| attainment)?|degrees?|schooling"
    r"|qualifications?|literacy|illiterate|diploma|bachelor'?s?|masters?|major",
    "experience": r"experience|years? (?:in|of|since)\b.*|tenure|seniority|length of service"
    r"|time in (?:post|practice|role)|working years|years",
    "family": r"marital(?: status)?|married|single|widow(?:ed)?|children|parity|gravid\w*"
    r"|relationship|kinship|household|living (?:situation|arrangements?|with)|family (?:type|size)"
    r"|spouse|daughter|wife|husband",
    "origin": r"ethnic\w*|race|racial|nationality|country(?: of (?:origin|birth))?|tribe|religion"
    r"|language|residence|rural|urban|region|place of (?:residence|origin|birth)|white|black"
    r"|asian|hispanic|location|area|migrat\w+|district",
    "health": r"diagnos[ie]s|disease\w*|illness|stage|type of (?:cancer|diabetes|stroke|surgery"
    r"|delivery|birth)|comorbid\w*|treatment|therapy|hba1c|duration|severity|disability"
    r"|(?:vision|hearing|hiv|health|art|vaccination) .{0,20}status|time since .*|mode of delivery"
    r"|impairment|years? since diagnosis",
    "means": r"income|socio-?economic\w*|insurance|deprivation|wealth|salary",
    "year": r"(?:first|second|third|fourth|fifth|final) year|year (?:of (?:study|training)|group)"
    r"|grade|class|semester|level of training|stage of training",
}
_TRAIT_RES = {
    name: re.compile(rf"(?<![\w-])(?:{source})(?![\w-])", re.IGNORECASE)
    for name, source in _TRAITS.items()
}
_OF_PEOPLE = re.compile(
    r"participa\w+|respondents?|informants?|interviewees?|interviewed|sample|demograph\w*"
    r"|characteristics?|profiles?|composition|took part|focus groups?|background|attributes"
    r"|\b(?:patients?|women|men|mothers|fathers|parents|nurses|students|carers|caregivers"
    r"|physicians|doctors|teachers|staff|workers|midwives|users|candidates|clients|families"
    r"|engineers|developers|professionals|couples|children|residents|leaders)\b",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\bsurvey|questionnaire|regression|odds ratio|correlation|prevalence|quantitative"
    r"|(?<!inter)views of|\bthemes?\b|sub-?themes?|\bcod(?:es|ing|ebook)\b|quot(?:es?|ations?)"
    r"|interview (?:guide|schedule|questions?|topics?)|topic guide|inclusion|exclusion"
    r"|included (?:studies|articles)|criteria for|recommendation|search strategy|checklist"
    r"|\bcoreq\b|barriers|facilitators|categories and|intervention (?:components?|content)"
    r"|characteristics of (?:the )?(?:included )?(?:hospitals?|facilit|sites?|villages|schools"
    r"|clinics?|studies|programmes?|programs?|wards?|companies|recordings?)",
    re.IGNORECASE,
)
_OF_INTERVIEWS = re.compile(r"interview(?:s|ed|ees?)?\b|focus group|qualitative|\bFGDs?\b", re.I)
_NOT_PEOPLE_HEADER = re.compile(
    r"\b(?:themes?|sub-?themes?|categor(?:y|ies) and|codes?|quotes?|quotations?|exemplar\w*"
    r"|illustrative|excerpts?|verbatim|p[- ]?values?|odds|mean \(sd\)|coefficient|domain"
    r"|questions?|prompts?|probes?|item no|definitions?|references?|author\b.*year)\b",
    re.IGNORECASE,
)
_ROWS_OF_WORDS = 14  # mean words of a cell above which a table holds prose, not traits
_COUNT = re.compile(r"\b[nN]\s*=\s*\d")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the manuscript: its rows, and its caption when it has one."""

    rows: tuple[Block, ...]
    caption: Block | None


@detector("participants-table")
def participants_tables(index: Index) -> Iterable[Found]:
    """Captions and telling rows of the tables that describe who took part."""
    manuscript = index.manuscript
    for table in tables(manuscript):
        traits = _traits(table, manuscript.text)
        if not _describes(table, traits, manuscript):
            continue
        if table.caption is not None:
            yield _found(table.caption, manuscript, 0.95)
        rows = [row for row in table.rows if _row_traits(row, manuscript.text)]
        for row in rows[:3]:
            yield _found(row, manuscript, 0.8)


@detector("participants-caption")
def participants_captions(index: Index) -> Iterable[Found]:
    """Captions of such tables that also count the participants ("n = 26")."""
    manuscript = index.manuscript
    for table in tables(manuscript):
        caption = table.caption
        if caption is None or not _COUNT.search(_text(caption, manuscript.text)):
            continue
        if _describes(table, _traits(table, manuscript.text), manuscript):
            yield _found(caption, manuscript, 0.85)


def tables(manuscript: Manuscript) -> Iterator[Table]:
    """The tables of a manuscript in order, each with the caption that belongs to it."""
    blocks = manuscript.document.blocks
    rows: dict[int, list[int]] = {}
    for number, block in enumerate(blocks):
        if block.role is Role.TABLE_ROW and block.table is not None:
            rows.setdefault(block.table, []).append(number)
    for table, members in rows.items():
        caption = _caption(blocks, table, members)
        yield Table(tuple(blocks[n] for n in members), caption)


def _caption(blocks: tuple[Block, ...], table: int, members: list[int]) -> Block | None:
    """The caption with the table's number, else the nearest one that has none, above first."""
    first, last = members[0], members[-1]
    above = blocks[max(first - _NEAR, 0) : first][::-1]
    below = blocks[last + 1 : last + 1 + _NEAR]
    captions = [b for b in blocks if b.role is Role.CAPTION and b.table == table]
    captions += [b for b in above + below if b.role is Role.CAPTION and b.table is None]
    return captions[0] if captions else None


def _text(block: Block, text: str) -> str:
    return text[block.span.start : block.span.end]


def _traits(table: Table, text: str) -> set[str]:
    found: set[str] = set()
    for row in table.rows:
        found |= _row_traits(row, text)
    return found


def _row_traits(row: Block, text: str) -> set[str]:
    """The traits that the short cells of a row name."""
    found: set[str] = set()
    for cell in row.cells or (row.span,):
        words = text[cell.start : cell.end].strip()
        if not words or len(words) > 60:
            continue
        found.update(name for name, pattern in _TRAIT_RES.items() if pattern.search(words))
    return found


def _describes(table: Table, traits: set[str], manuscript: Manuscript) -> bool:
    """Whether the table describes the people of the qualitative part."""
    text = manuscript.text
    if len(table.rows) < 2 or _is_prose(table, text):
        return False
    section = manuscript.section_at(table.rows[0].span.start)
    if section is not None and section.kind in {SectionKind.CHECKLIST, SectionKind.REFERENCES}:
        return False
    head = " | ".join(_text(row, text) for row in table.rows[:2])
    if _NOT_PEOPLE_HEADER.search(head):
        return False
    caption = _text(table.caption, text) if table.caption is not None else ""
    if _OF_OTHERS.search(caption) and not _OF_INTERVIEWS.search(caption):
        return False
    if _OF_PEOPLE.search(caption):
        return len(traits) >= 2
    return len(traits) >= 3 and bool(traits & {"age", "sex"})


def _is_prose(table: Table, text: str) -> bool:
    cells = [text[c.start : c.end].split() for row in table.rows for c in row.cells]
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(map(len, filled)) / len(filled) > _ROWS_OF_WORDS


def _found(block: Block, manuscript: Manuscript, confidence: float) -> Found:
    """The block as evidence, cut to what may be quoted."""
    words = list(re.finditer(r"\S+", _text(block, manuscript.text)))
    if not words:
        return Found(block.span, block.span, confidence)
    last = words[min(len(words), _LONG) - 1].end()
    span = Span(block.span.start, block.span.start + last)
    return Found(span, span, confidence)


# --- how many people took part, item 12 -----------------------------------------------------------

_PEOPLE = re.compile(
    r"(?:participant|respondent|informant|interviewee|subject|discussant|patient|mother|father"
    r"|parent|nurse|doctor|physician|clinician|gp|hcw|hcp|hew|chw|tba|practitioner|professional"
    r"|provider|worker|student|teacher|carer|caregiver|relative|spouse|partner|couple|user|client"
    r"|consumer|survivor|adolescent|youth|adult|resident|villager|migrant|refugee|veteran|person"
    r"|individual|manager|leader|stakeholder|officer|pharmacist|therapist|physiotherapist"
    r"|developer|engineer|designer|employee|farmer|elder|expert|intern|trainee|girl|boy|husband"
    r"|daughter|son|pupil|learner|tutor|consultant|volunteer|customer|member|owner|driver"
    r"|dentist|surgeon|paramedic|prisoner|inmate|citizen|people|women|woman|men|man|midwives"
    r"|wives|families|children|staff|faculty|female|male|psychologist|dietitian|counsellor"
    r"|counselor|coordinator|educator|academic|athlete|coach|healer|trader|dyad|representative"
    r"|director|specialist|fellow|candidate|graduate|grandmother|principal|administrator"
    r"|official|policymaker|maker|prescriber|scientist|friend|volunteer|attendant|guardian"
    r"|herbalist|vendor|host|other|adviser|advisor|assistant|technician|leader|head|chief|ones)s?"
)
_OF_THE_TEAM = re.compile(
    r"(?:researcher|author|coder|interviewer|moderator|facilitator|analyst|investigator|rater"
    r"|translator|transcriber|transcriptionist|enumerator|reviewer|supervisor|collector|observer"
    r"|evaluator)s?"
)
_TOOK_PART = re.compile(
    r"participated|took|taken|interviewed|recruited|enrolled|enroled|included|involved|agreed"
    r"|consented|attended|joined|contributed|sampled|participating|comprised|consisted|completed"
    r"|formed|came|sat"
    r"|volunteered|spoke|selected|provided|comprising|comprises|remained|remaining|accepted"
)
_BEFORE = re.compile(
    r"interviews?|interviewed|interviewing|groups?|discussions?|conversations?|fgds?|idis?|kiis?"
    r"|recruited|enrolled|included|involved|involving|comprised|comprising|consisted|consisting"
    r"|sample|sampled|totalling|totaling|with|formed|leaves|left|spoke|talked|accounts|met|were"
    r"|comprises|contained"
)
_TOTAL = re.compile(
    r"total|totally|altogether|overall|sample|finally|final|ultimately|all|totalling|totaling"
    r"|eventually"
)
_AGAINST = re.compile(
    r"survey|surveyed|questionnaires?|declin\w*|refus\w*|withdrew|dropped|pilot\w*|pretest\w*"
    r"|invited|approached|contacted|eligible|census|annually|inhabitants|cohort|trial"
    r"|coded|coding|quotes?|beds|screened|saturation|aimed|aim|least|planned|power|effect"
    r"|worldwide|prevalence|studies|review|per|died|previous|minutes|items|questions"
)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_STOPS = _words(
    "years year minutes months hours weeks days times were was had sites site centres centers "
    "units hospitals clinics facilities schools villages practices wards types groups themes "
    "departments opds laboratories categories "
    "modes steps stages phases questions items codes districts countries cities regions settings "
    "of in with to for from by on who that which percent km main major different"
)
_THINGS = _words("factors criteria aspects dimensions principles considerations reasons domains")
_NUMBERED = _words(
    "covid cov table tables figure figures fig box section chapter page phase appendix step wave "
    "study part "
    "supplement group version grade stage type level no theme category arm year round"
)
_LABELS = _words(
    "participant respondent informant interviewee patient nurse student doctor midwife mother "
    "father woman man p id idi fgd kii gp teacher carer caregiver farmer manager user"
)
_INTERVIEWS = re.compile(r"interviews?|idis?|kiis?|ssis?|transcripts")
_COUNTED_IN = (SectionKind.METHODS, SectionKind.RESULTS, SectionKind.ABSTRACT)
_NOUN_WITHIN = 6
_LARGEST = 1500
_OPENING = 15  # sentences of the results in which the sample is still being described
_FEW = 5  # numbers below it seldom are those of a whole sample
_UNSAID = 1.6  # off the score of people of whom nothing is said that tells they took part
_LIKELY = 2.5  # a score from which a number is taken to count participants


@dataclass(frozen=True, slots=True)
class _Count:
    """A number of people in a sentence, and how surely it is that of those who took part."""

    sentence: int
    value: float
    score: float


@detector("sample-size")
def sample_size(index: Index) -> Iterable[Found]:
    """Sentences that say how many people took part, the number most often stated first."""
    counts = [count for at, weight in _counting(index) for count in _people(index, at, weight)]
    votes = _votes(counts, index)
    best: dict[int, float] = {}
    for count in counts:
        supported = count.score >= 1.0 and votes[count.value] >= 3.0
        if count.score >= _LIKELY or supported:
            weight = count.score + votes[count.value]
            best[count.sentence] = max(best.get(count.sentence, 0.0), weight)
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    for rank, (sentence, weight) in enumerate(ranked[:8]):
        span = index.sentences[sentence].span
        sure = max(0.96 - 0.02 * rank, 0.7)
        yield Found(span, span, round(sure if weight >= 4 else 0.66, 3))


def _votes(counts: list[_Count], index: Index) -> dict[float, float]:
    """What speaks for each number: the sections and the table captions that state it."""
    sections: dict[float, set[SectionKind]] = {}
    for count in counts:
        if count.score >= (_LIKELY if count.value < _FEW else 1.0):
            kind = index.manuscript.kind(index.sentences[count.sentence])
            sections.setdefault(count.value, set()).add(kind)
    captions = set(_captioned(index.manuscript))
    return {
        count.value: 1.5 * len(sections.get(count.value, ()))
        + (3.0 if count.value in captions else 0.0)
        - (3.0 if count.value < _FEW else 0.0)
        for count in counts
    }


def _captioned(manuscript: Manuscript) -> Iterator[float]:
    """The numbers of captions that count people: "(n = 26)"."""
    for block in manuscript.document.blocks:
        if block.role is Role.CAPTION:
            for hit in re.finditer(r"\b[nN]\s*=\s*(\d+)", _text(block, manuscript.text)):
                yield float(hit.group(1))


def _counting(index: Index) -> Iterator[tuple[int, float]]:
    """The sentences of prose in which a sample is counted, and what their place adds.

    Far into the results, numbers of people count those who said something.
    """
    allowed = index.searchable & index.in_kinds((*_COUNTED_IN, SectionKind.OTHER))
    allowed &= ~index.in_roles((Role.TABLE_ROW, Role.HEADING, Role.TITLE, Role.BYLINE))
    results = 0
    for sentence in index.sentences:
        if not allowed >> sentence.index & 1:
            continue
        kind = index.manuscript.kind(sentence)
        weight = 1.0 if kind is SectionKind.METHODS else 0.0
        if kind is SectionKind.RESULTS:
            results += 1
            title = index.manuscript.sections[sentence.section].title
            weight = 1.0 if results <= _OPENING or _OF_PEOPLE.search(title) else -1.0
        if sentence.numbers:
            yield sentence.index, weight


def _people(index: Index, sentence: int, weight: float) -> Iterator[_Count]:
    """The numbers of people that one sentence gives."""
    words = index.views[sentence]
    one = index.sentences[sentence]
    text = index.manuscript.text
    shares = {n.first for n in one.numbers if n.percent}
    taken = sorted((n for n in one.numbers if not n.percent), key=lambda n: n.first)
    for place, number in enumerate(taken):
        value = number.low
        if number.ordinal or number.low != number.high:
            continue
        if value != int(value) or not 1 < value <= _LARGEST or 1950 <= value <= 2049:
            continue
        if number.first and words[number.first - 1] in _NUMBERED | _LABELS:
            continue
        around = text[one.starts[number.first] - 1 : one.ends[number.last] + 1]
        if around.startswith("(") and around.endswith(")"):
            continue
        if around.endswith(")") and _numbers_a_list(text[one.starts[0] : one.starts[number.first]]):
            continue
        end = taken[place + 1].first if place + 1 < len(taken) else len(words)
        start = taken[place - 1].last + 1 if place else 0
        clause = _clause(one, text, start, number.first)
        score = _score(words, number.first, number.last, start, end, clause)
        if score is not None:
            if number.last + 1 in shares and weight != 1.0:
                score -= 1.5  # "22 (55%)" far into the results
            yield _Count(sentence, value, score + weight)


def _numbers_a_list(before: str) -> bool:
    """Whether the bracket that closes behind a number was never opened: "1) ...; 2) ..."."""
    return before.count("(") <= before.count(")")


def _clause(sentence: Sentence, text: str, start: int, first: int) -> int:
    """Where the clause of word ``first`` begins, not before word ``start``."""
    for at in range(first - 1, start - 1, -1):
        if set(text[sentence.ends[at] : sentence.starts[at + 1]]) & set(",;:"):
            return at + 1
    return start


def _score(
    words: tuple[str, ...], first: int, last: int, start: int, end: int, clause: int
) -> float | None:
    """How surely words ``first..last`` count participants; ``None`` when they count no people.

    ``start`` and ``end`` are where the neighbouring numbers leave off and begin; ``clause`` is
    where the number's own clause begins.
    """
    noun = _noun(words, last + 1, min(end, last + 1 + _NOUN_WITHIN))
    noun = noun or (first > 0 and words[first - 1] in {"interviewed", "recruited", "enrolled"})
    before = words[max(start, first - 7) : first]
    after = words[last + 1 : min(end, last + 12)]
    took = any(_TOOK_PART.fullmatch(w) for w in words[last + 1 : last + 26])
    if first > 1 and words[first - 1] == "n":  # "nurses were interviewed (n = 20)"
        told = words[max(0, first - 14) : first - 1]
        took = took or any(_TOOK_PART.fullmatch(w) for w in told)
        noun = told[-1] not in _STOPS and (took or any(_PEOPLE.fullmatch(w) for w in told[-6:]))
    if words[max(0, first - 2) : first] == ("total", "of"):  # "making a total of seven"
        noun = noun or any(_PEOPLE.fullmatch(w) for w in words[max(0, first - 14) : first])
    brought = any(_BEFORE.fullmatch(w) for w in before[-5:])
    total = any(_TOTAL.fullmatch(w) for w in before)
    if not noun and not (total and "sample" in before and not _THINGS.issuperset(after[:1])):
        soon = any(_TOOK_PART.fullmatch(w) for w in after[:3])
        if not (soon and after[:1] != ("of",)):
            return None
    score = 1.0 + (2.0 if noun else 0.0) + (1.5 if took else 0.0) + (1.0 if brought else 0.0)
    score += 1.5 if total else 0.0
    if not (took or brought or total):
        score -= _UNSAID
    score -= 2.0 * sum(
        bool(_AGAINST.fullmatch(w)) for w in (*words[max(clause, first - 6) : first], *after[:6])
    )
    if after[:2] in {("of", "the"), ("of", "these"), ("of", "them"), ("of", "whom")}:
        score -= 2.5
    if any(_OF_THE_TEAM.fullmatch(w) for w in after[:3]):
        score -= 4.0
    return score


def _noun(words: tuple[str, ...], start: int, end: int) -> bool:
    """Whether a word for people stands in this stretch, before any verb or stop."""
    for place in range(start, end):
        word = words[place]
        if _OF_THE_TEAM.fullmatch(word):
            return False
        if _PEOPLE.fullmatch(word):
            return True
        if word in _STOPS and not (place > start and _INTERVIEWS.fullmatch(words[place - 1])):
            return False
    return False
