"""Sample sizes that do not agree: with each other, with their parts, with groups and interviews."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.encounters import Encounters, GroupSize, encounters, group_sizes
from coreqcheck.engine.people import GENERIC, People, Size, counts_in, is_head, light, sizes
from coreqcheck.engine.statements import BODY, Statement, Statements
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, Role, SectionKind, Span

_LOSS = re.compile(
    r"withdr|dropped out|drop-?out|declin|refus|exclu|lost|not (?:be )?(?:analy[sz]ed|included|transcribed|recorded|usable|audible|complete)|"
    r"did not|could not|failed|unusable|inaudible|missing|died|left the study|cancel|corrupt|deleted|never"
)


_AFTERWARDS = re.compile(
    r"withdr|dropped out|drop-?out|exclu|not (?:be )?(?:analy[sz]ed|included|transcribed|recorded|usable|audible|complete)|unusable|inaudible|"
    r"corrupt|deleted|lost|died|left the study|removed|incomplete|failed|missing"
)


def _lost(count: int, text: str, loss: re.Pattern[str] = _LOSS) -> bool:
    """Whether the sentence says of so many that they left, or could not be used."""
    near = re.search(
        rf"(?<![\d.,/-]){count}(?![\d.,/-]*\d)(?: [a-z'-]+){{0,7}}? (?:{loss.pattern})|"
        rf"(?:{loss.pattern})[^.;]{{0,24}}?(?<![\d.,/-]){count}(?![\d.,/-]*\d)",
        text,
    )
    return near is not None


def wholes(statements: Statements, *kinds: str) -> dict[int, Span]:
    """The sizes of the sample, and the numbers of encounters of ``kinds``, each where it is said."""
    found = {e.count: _where(e) for e in encounters(statements) if e.kind in kinds}
    for size in sizes(statements):
        found[size.value] = size.people.span
    return found


@comparison("sample-size")
def sample_size(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Two numbers for the same sample."""
    if several_studies(context):
        return
    stated = sizes(context.statements)
    single = _single_kind(stated)
    strict = {head for head in {s.people.head for s in stated} if _compete(head, stated)}
    for number, one in enumerate(stated):
        for two in stated[number + 1 :]:
            if one.value == two.value or one.people.statement is two.people.statement:
                continue
            if not _same_people(one, two, single, strict) or _explained(one, two, context):
                continue
            yield report(
                rule, context, (one.people.span, two.people.span),
                one=f"{one.value} {_noun(one)}", two=f"{two.value} {_noun(two)}",
            )  # fmt: skip
            return


_STUDY = re.compile(r"\b(?:study|experiment|survey) (1|2|3|one|two|three|i|ii|iii|a|b)\b")


_METHOD_PART = re.compile(
    r"\W*(?:\d[\d.]* )?(participants|procedure|measures|materials)(?:\.\s|\.?\s*$)", re.IGNORECASE
)


def several_studies(context: Context) -> bool:
    """Whether the manuscript reports several studies: "Study 1", "Study 2"."""
    statements = context.statements
    mask = statements.holding("study", "experiment", "survey") & statements.inside(BODY)
    if len({hit[1] for _, hit in statements.find(_STUDY, mask)}) > 1:
        return True
    text = context.manuscript.text
    parts = [
        hit[1].lower()
        for block in context.manuscript.document.blocks
        if block.role in {Role.HEADING, Role.PARAGRAPH}
        and (hit := _METHOD_PART.match(text, block.span.start, block.span.end))
    ]
    return len(parts) > len(set(parts))


def _noun(size: Size) -> str:
    text = size.people.statement.text[size.people.start : size.people.end]
    name = re.sub(r"^\d+ |\W*\(?n ?= ?\d+$", "", text).strip(" (")
    return name or "participants"


def _single_kind(stated: Iterable[Size]) -> str | None:
    """The one word besides "participants" that names the sample, when there is just one."""
    heads = {s.people.head for s in stated} - GENERIC
    return next(iter(heads)) if len(heads) == 1 else None


def _compete(head: str, stated: Iterable[Size]) -> bool:
    """Whether the manuscript counts two kinds of the same head ("ward nurses", "school nurses")."""
    kinds = {light(s.people.modifiers) for s in stated if s.people.head == head}
    kinds.discard(frozenset())
    return any(a.isdisjoint(b) for a in kinds for b in kinds if a != b)


def _same_people(one: Size, two: Size, single: str | None, strict: set[str]) -> bool:
    a, b = one.people, two.people
    if {one.method, two.method} == {"interview", "group"}:
        return False
    kinds = light(a.modifiers), light(b.modifiers)
    if a.head == b.head:
        if a.head in strict:
            return kinds[0] == kinds[1]
        return kinds[0] <= kinds[1] or kinds[1] <= kinds[0]
    # "Participants" and "carers" are the same people where nobody else is counted.
    generic = (a.head in GENERIC) + (b.head in GENERIC)
    if generic == 2:
        return kinds[0] == kinds[1]
    return generic == 1 and single in {a.head, b.head} and one.strong and two.strong


def _explained(one: Size, two: Size, context: Context) -> bool:
    """Whether the text says how the one number became the other, or names both at once."""
    low, high = sorted((one.value, two.value))
    gone = high - low
    statements = context.statements
    mask = statements.numbered & statements.inside(BODY)
    for statement in statements.among(mask):
        values = {int(n.low) for n in statement.sentence.numbers if n.low == n.high}
        if low in values and high in values:
            return True
        # Those who declined beforehand never were in the sample.
        if gone in values and _lost(gone, statement.text, _AFTERWARDS):
            return True
        if statement.sentence.role is not Role.TABLE_ROW and gone >= 3 and gone in values:
            if any(c.count == gone and not c.part for c in counts_in(statement)):
                return True
    return False


_IN_WORDS = re.compile(r"(?<![\d.,/-])(\d{1,3}) \((\d{1,3})\) ([a-z-]+)(?: ([a-z-]+))?")


@comparison("words-and-digits")
def words_and_digits(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "Twenty-four nurses (n = 23)": the number in the brackets is another one."""
    statements = context.statements
    for statement in statements.among(statements.numbered & statements.inside(BODY)):
        for one, two, span in _repeated(statement):
            if one != two:
                yield report(rule, context, (span,), one=one, two=two)


_REPEAT = re.compile(r"^ ?[(\[] ?n ?= ?(\d{1,4}) ?[)\]]")


def _repeated(statement: Statement) -> Iterator[tuple[int, int, Span]]:
    if statement.sentence.role is Role.TABLE_ROW:
        return
    for people in counts_in(statement):
        hit = _REPEAT.match(statement.text[people.end :])
        if hit and not people.part and statement.text[people.start : people.end][0].isdigit():
            yield people.count, int(hit[1]), statement.span(people.start, people.end + hit.end())
    for hit in _IN_WORDS.finditer(statement.text):
        printed = statement.sentence.words[statement.word_at(hit.start())]
        people_after = is_head(hit[3]) or (hit[4] is not None and is_head(hit[4]))
        if printed.isalpha() and people_after:
            yield int(hit[1]), int(hit[2]), statement.span(hit.start(), hit.end())


# --- parts of the sample

_SEXES = r"(?:were |was )?(?:[a-z]+ )?(?:{0})\b"
_FEMALE = "women|woman|females?|mothers?|girls|wives|ladies|grandmothers|daughters"
_MALE = "men|man|males?|fathers?|boys|husbands|gentlemen|grandfathers|sons"
_PAIR = re.compile(
    rf"(?<![\d.,/-])(\d{{1,3}}) {_SEXES.format(_FEMALE)}(?: \([^)]*\))?(?:,| and|, and|/| / |;|, while| while) ?(?:the other )?"
    rf"(\d{{1,3}}) {_SEXES.format(_MALE)}"
    rf"|(?<![\d.,/-])(\d{{1,3}}) {_SEXES.format(_MALE)}(?: \([^)]*\))?(?:,| and|, and|/| / |;|, while| while) ?(?:the other )?"
    rf"(\d{{1,3}}) {_SEXES.format(_FEMALE)}"
)
_MORE_SEXES = re.compile(
    r"non-?binary|other gender|another gender|transgender|undisclosed|prefer|not to say|diverse|queer|gender-?fluid"
)
_OTHER_SEXES = re.compile(
    r"\b(?:children|babies|infants|interviewers|researchers|moderators|team|authors|staff members interviewed|survey|cohort)\b"
)


@dataclass(frozen=True, slots=True)
class SexPair:
    """So many women and so many men, as one sentence says."""

    women: int
    men: int
    statement: Statement
    start: int
    end: int

    @property
    def total(self) -> int:
        """Women and men together."""
        return self.women + self.men


def sex_pairs(statements: Statements) -> Iterator[SexPair]:
    """The sentences that divide people into women and men."""
    mask = statements.holding(
        "women",
        "woman",
        "female*",
        "mother*",
        "girls",
        "wives",
        "grandmothers",
        "daughters",
        "ladies",
    )
    for statement in statements.among(mask & statements.numbered & statements.inside(BODY)):
        if statement.sentence.role in {Role.TABLE_ROW, Role.HEADING}:
            continue
        if _MORE_SEXES.search(statement.text) or _OTHER_SEXES.search(statement.text):
            continue
        for hit in _PAIR.finditer(statement.text):
            women, men = (hit[1], hit[2]) if hit[1] else (hit[4], hit[3])
            yield SexPair(int(women), int(men), statement, hit.start(), hit.end())


@comparison("women-and-men")
def women_and_men(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Women and men do not add up to the people they are said to be."""
    statements = context.statements
    stated = sizes(statements)
    for pair in sex_pairs(statements):
        whole = _whole_before(pair)
        if whole is not None:
            if pair.total != whole.count and not _more_parts(pair, whole):
                span = pair.statement.span(whole.start, pair.end)
                yield report(
                    rule, context, (span,), women=pair.women, men=pair.men, total=whole.count
                )
            continue
        values = {s.value for s in stated}
        if len(values) == 1 and _of_everybody(pair):
            size = stated[0]
            near = 0.75 * size.value <= pair.total <= 1.25 * size.value
            if pair.total != size.value and near and not _explains(pair.total, size, context):
                yield report(
                    rule, context,
                    (pair.statement.span(pair.start, pair.end), size.people.span),
                    women=pair.women, men=pair.men, total=size.value,
                )  # fmt: skip
                return


def _whole_before(pair: SexPair) -> People | None:
    """The count that the pair divides: "17 nurses, 12 females and 5 males"."""
    for people in counts_in(pair.statement):
        gap = pair.statement.text[people.end : pair.start]
        if people.end > pair.start or len(gap) > 60 or people.part or people.restricted:
            continue
        if re.fullmatch(
            r"(?: \(|, |: | - |; | (?:participated|took part|were interviewed|were included|were recruited)[,:;]? (?:\(|of whom )?"
            r"|(?:,| \()? ?(?:comprising|consisting of|namely|including|with|there were|of whom|of them|that is|i\.e\.)[,:]? )+",
            gap,
        ):
            if people.count >= max(pair.women, pair.men):
                return people
    return None


def _more_parts(pair: SexPair, whole: People) -> bool:
    """Whether further parts follow the pair ("12 women, 5 men and 2 couples")."""
    after = pair.statement.text[pair.end :]
    before = pair.statement.text[whole.end : pair.start]
    return (
        re.match(r"(?:,| and|, and| plus|, plus) (?:\d|a |an )", after) is not None
        or "includ" in before
    )


def _of_everybody(pair: SexPair) -> bool:
    text = pair.statement.text
    if pair.statement.kind not in {SectionKind.RESULTS, SectionKind.ABSTRACT, SectionKind.METHODS}:
        return False
    some = re.search(
        r"\b(?:of the|of these|among|in each|per|first|second|group \d|phase|hospital|site|village|pilot|declin|refus|invited|approached|"
        r"approach|contacted|withdr|excluded|said|reported|felt|mentioned|described|nurses|doctors|midwives|husbands|quoted)\b",
        text,
    )
    whole = re.search(
        r"\b(?:participants?|sample|respondents|informants|interviewees|there were)\b", text
    )
    return whole is not None and some is None


def _explains(total: int, size: Size, context: Context) -> bool:
    """Whether the other number stands elsewhere as the size of something."""
    statements = context.statements
    for statement in statements.among(statements.numbered & statements.inside(BODY)):
        if statement.sentence.role is Role.TABLE_ROW:
            continue
        if any(c.count == total and not c.part for c in counts_in(statement)):
            return True
        if _lost(abs(size.value - total), statement.text):
            return True
    return False


_OVERLAP = re.compile(
    r"includ|overlap|both|some of|each|at least|more than one|also|several|either|or more|who were|years|aged|hours|minutes|months|weeks|%|"
    r"respectively|mean|range|average|sd\b|±"
)


@comparison("parts-of-sample")
def parts_of_sample(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "Twenty-five people: 14 nurses and 9 doctors": the parts do not make the whole."""
    statements = context.statements
    for statement in statements.among(statements.numbered & statements.inside(BODY)):
        if statement.sentence.role is Role.TABLE_ROW:
            continue
        for people in counts_in(statement):
            found = _listed_parts(people)
            if found is not None and sum(found[0]) != people.count:
                span = statement.span(people.start, found[1])
                yield report(
                    rule, context, (span,), total=people.count, parts=" + ".join(map(str, found[0])),
                    sum=sum(found[0]),
                )  # fmt: skip


_BRACKETED_PART = re.compile(r"[(\[] ?n ?= ?(\d{1,3}) ?[)\]]")
_NESTED = re.compile(
    r"of whom|of these|of which|of them|includ|respectively|female|women|male|years|both|either|some|%|each|also"
)


@comparison("parts-in-brackets")
def parts_in_brackets(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "In total 16 interviews were held with A (n = 4), B (n = 7) ...": the brackets make another sum."""
    statements = context.statements
    wholes = [(e.statement, e.count, e.end) for e in encounters(statements)]
    wholes += [(s.people.statement, s.value, s.people.end) for s in sizes(statements)]
    for statement, count, end in wholes:
        hits = list(_BRACKETED_PART.finditer(statement.text, end))
        parts = [int(h[1]) for h in hits]
        if (
            len(parts) < 3
            or count in parts
            or sum(parts) == count
            or _NESTED.search(statement.text[end:])
        ):
            continue
        if any(p > count for p in parts):
            continue
        yield report(
            rule, context, (statement.span(end, hits[-1].end()),), total=count, parts=" + ".join(map(str, parts)), sum=sum(parts)
        )  # fmt: skip
        return


def _listed_parts(people: People) -> tuple[list[int], int] | None:
    """The parts that directly follow a whole in brackets or after a colon, and where they end."""
    text = people.statement.text
    if people.part:
        return None
    opens = re.match(
        r"(?: (?:took part|participated|were interviewed|were included|were recruited|in total))?(?: \(|: | - )",
        text[people.end :],
    )
    if opens is None:
        return None
    at = people.end + opens.end()
    closing = {" (": ")", ": ": "[.;]", " - ": "[.;-]"}[
        opens[0][-2:] if opens[0][-2:] != "- " else " - "
    ]
    end = re.search(re.escape(closing) if closing == ")" else closing, text[at:])
    stop = at + (end.start() if end else len(text) - at)
    listed = text[at:stop]
    if _OVERLAP.search(listed):
        return None
    pieces = [p for p in re.split(r",? and |, |; | plus ", listed) if p.strip()]
    counts = []
    for piece in pieces:
        hit = re.fullmatch(
            r"(?:\d{1,3}) (?:[a-z'/-]+ ){0,6}[a-z'/-]+|(?:the )?(?:[a-z'/-]+ ){0,5}[a-z'/-]+,? \(?n ?= ?\d{1,3}\)?",
            piece.strip(" ."),
        )
        if hit is None:
            return None
        counts.append(int(re.search(r"\d{1,3}", piece)[0]))  # type: ignore[index]
    if len(counts) < 2 or any(c >= people.count for c in counts):
        return None
    return counts, stop


# --- groups and interviews


@comparison("group-sizes")
def group_size_product(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """So many groups of so many people cannot make the people of the groups."""
    statements = context.statements
    described = group_sizes(statements)
    if len({(g.low, g.high) for g in described}) != 1:
        return
    size = described[0]
    groups = _groups(statements, size)
    if groups is None:
        return
    number, where = groups
    people = _people_in_groups(statements)
    if people is None:
        return
    if not number * size.low <= people.value <= number * size.high:
        yield report(
            rule, context, (size.statement.whole, people.people.span, where),
            groups=number, low=size.low, high=size.high, least=number * size.low,
            most=number * size.high, people=people.value,
        )  # fmt: skip


_IN_GROUPS = re.compile(
    r"(?<![\d.,/-])(\d{1,2}) (?:focus |discussion |small |mixed |homogeneous )?(?:groups?|fgds?|sessions|discussions)\b"
)


def _groups(statements: Statements, size: GroupSize) -> tuple[int, Span] | None:
    """How many groups there were, when the text is of one mind."""
    counted = [e for e in encounters(statements) if e.kind == "group"]
    if counted:
        if len({e.count for e in counted}) != 1:
            return None
        one = counted[0]
        return one.count, one.statement.span(one.start, one.end)
    hit = _IN_GROUPS.search(size.statement.text)
    return (int(hit[1]), size.statement.whole) if hit else None


def _people_in_groups(statements: Statements) -> Size | None:
    """Those who sat in the groups: everybody, when nobody was interviewed alone."""
    stated = [
        s
        for s in sizes(statements)
        if s.method != "interview" or "group" in s.people.statement.text
    ]
    grouped = [s for s in stated if s.method == "group"]
    wanted = grouped or [s for s in stated if not _interviewed_too(statements)]
    if len({s.value for s in wanted}) != 1 or len({s.people.head for s in wanted} - GENERIC) > 1:
        return None
    return wanted[0]


_ALONE = re.compile(
    r"(?:in-depth|individual|semi-?structured|key informant|one-to-one|face-to-face|telephone) interviews? (?:were|was|with|lasted|took)|"
    r"interviews? (?:were|was) (?:conducted|held|carried out|done|performed)|\bwe interviewed|were interviewed"
)


def _interviewed_too(statements: Statements) -> bool:
    mask = statements.holding("interview*") & statements.inside(
        (SectionKind.METHODS, SectionKind.RESULTS)
    )
    return any(True for _ in statements.find(_ALONE, mask))


@comparison("encounter-count")
def encounter_count(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Two numbers of interviews, of groups, or of transcripts."""
    counted = encounters(context.statements)
    for kind in ("interview", "group", "transcript"):
        same = [e for e in counted if e.kind == kind]
        for number, one in enumerate(same):
            other = next((e for e in same[number + 1 :] if e.count != one.count), None)
            if other is None or other.statement is one.statement:
                continue
            if _accounted(one, other, context):
                continue
            yield report(
                rule, context, (_where(one), _where(other)), one=one.count, two=other.count,
                noun={"group": "groups"}.get(kind, f"{kind}s"),
            )  # fmt: skip
            break


def _where(one: Encounters) -> Span:
    return one.statement.span(one.start, one.end)


def _accounted(one: Encounters, two: Encounters, context: Context) -> bool:
    """Whether a sentence names both numbers, or counts what makes the difference."""
    gone = abs(one.count - two.count)
    statements = context.statements
    for statement in statements.among(statements.numbered & statements.inside(BODY)):
        if statement.sentence.role is Role.TABLE_ROW:
            continue
        values = {int(n.low) for n in statement.sentence.numbers if n.low == n.high}
        if one.count in values and two.count in values:
            return True
        if gone in values and (_lost(gone, statement.text) or _more(gone, statement.text)):
            return True
    return False


def _more(count: int, text: str) -> bool:
    """Whether so many came on top: pilots, second interviews, later ones."""
    return (
        re.search(
            rf"(?<![\d.,/-]){count} (?:[a-z'-]+ ){{0,6}}?(?:pilot|second|repeat|follow-up|again|twice|joint|couples?|further|more|additional)"
            rf"|(?:pilot|second|repeat|follow-up|further|additional)[^.;]{{0,30}}?(?<![\d.,/-]){count}\b",
            text,
        )
        is not None
    )


_TWO_AT_ONCE = re.compile(
    r"\b(?:joint|jointly|couples?|dyad|pairs?|paired|together|twice|two times|second (?:interview|time|round)|repeat|follow-up|"
    r"re-?interview|both partners|group|fgds?|triads?|family interviews?|accompanied|more than once|again|return(?:ed)? (?:visit|interview))"
)


@comparison("interviews-and-people")
def interviews_and_people(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """As many interviews as people, when each was interviewed once and alone."""
    statements = context.statements
    people = {s.value for s in sizes(statements)}
    counted = [e for e in encounters(statements) if e.kind in {"interview", "transcript"}]
    if len(people) != 1 or len({e.count for e in counted}) != 1:
        return
    size, one = sizes(statements)[0], counted[0]
    if one.count == size.value or size.people.statement is one.statement:
        return
    mask = statements.inside(
        (SectionKind.ABSTRACT, SectionKind.METHODS, SectionKind.RESULTS, SectionKind.LIMITATIONS)
    )
    if any(
        _TWO_AT_ONCE.search(s.text)
        for s in statements.among(mask)
        if s.sentence.role is not Role.TABLE_ROW
    ):
        return
    if _accounted_for(one.count, size.value, context):
        return
    yield report(
        rule, context, (_where(one), size.people.span), encounters=f"{one.count} {one.kind}s", people=size.value
    )  # fmt: skip


def _accounted_for(encounters_: int, people: int, context: Context) -> bool:
    gone = abs(encounters_ - people)
    statements = context.statements
    return any(
        gone in {int(n.low) for n in s.sentence.numbers}
        and (_lost(gone, s.text) or _more(gone, s.text))
        for s in statements.among(statements.numbered & statements.inside(BODY))
    )
