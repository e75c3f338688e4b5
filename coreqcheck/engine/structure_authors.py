"""Structural evidence about the researchers: by-line degrees, who collected data, pronouns.

Detectors for items 1 (interviewer), 2 (credentials) and 4 (gender).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from coreqcheck.engine.detectors import Found, detector
from coreqcheck.engine.index import Index
from coreqcheck.engine.match import Match, Matcher
from coreqcheck.language.phrases import Phrase, parse
from coreqcheck.language.schema import Negation
from coreqcheck.model import Author, Role, SectionKind, Sentence, Span, Voice
from coreqcheck.spelling import normal

_ORDINAL = (
    "(first|second|third|fourth|last|senior|lead|leading|main|principal|primary|corresponding|1st"
    "|2nd) "
    "((and|or) (first|second|third|fourth|last|senior))? authors?"
)
_WHO = f"(<initials>|{_ORDINAL})"
_INTERVIEWS = (
    "(interviews?|interviewing|focus groups?|fgds?|idis?|kiis?|group discussions?|discussions?"
    "|conversations?|sessions?|groups)"
)
_HELD = (
    "(conduct*|carried out|performed|undertook|undertaken|did|done|held|led|ran|made|facilitat*"
    "|moderat*|chaired)"
)

_COLLECTED = (
    f"{_WHO} ...18 (collected|gathered|acquired|obtained|collecting|gathering|acquiring) "
    "...2 (data|information|material)",
    f"{_WHO} ...10 (data (collection|acquisition|gathering|generation)"
    "|(collection|acquisition|gathering|generation) of ...3 data)",
    f"(data|material) (collection|acquisition|gathering|generation) ...5 {_WHO}",
    f"to (collect|gather|obtain) ...2 (data|information) ...6 {_WHO}",
    f"(data|information|material) ...4 (collected|gathered|obtained|acquired|generated) "
    f"...3 by ...6 {_WHO}",
)
_NOT_COLLECTED = (
    "(supervis*|oversaw|oversee*|coordinat*|designed|monitor*|planned|plan|planning|prepared"
    "|advised|manag*|thank*|grateful|after|during|before|tools?|instruments?|help*|train*|support*"
    "|lead|led|implement*) "
    "...6 (data|material)? (collection|gathering|acquisition)",
    "data (collection|gathering|acquisition) (tools?|instruments?|forms?|sheets?|guides?|training)",
    "data (analysis|extraction|interpretation) ...3 <initials>",
    "secondary data",
    "(survey|questionnaire|quantitative|clinical|demographic|registry|laboratory) data",
)
_OTHER_SOURCES = (
    "(mixed-methods?|multi-methods?|quantitative (data|arm|phase|component|survey))",
    "(surveys?|surveyed|questionnaires? ...6 (administered|distributed|completed|returned))",
    "(participant|non-participant|field|direct|structured|ethnographic) observations?",
    "(document|documentary|policy|record|chart) (analysis|review|reviews)",
    "documents ...4 (analysed|collected|reviewed|read)",
)
_FIRST_PERSON = frozenset(("i", "me", "myself"))
_SAYS_I = 10  # sentences with "I" from which a manuscript is taken to be by one author
_SINGLE = (
    f"i ...4 (interviewed|{_HELD}) ...8 ({_INTERVIEWS}|with)",
    "i ...2 interviewed",
    f"(the|this|present) (author|researcher|interviewer|investigator) ...6 {_HELD} "
    f"...6 {_INTERVIEWS}",
    "(the|this|present) (author|researcher|investigator) ...3 interviewed",
    f"{_INTERVIEWS} ...8 {_HELD} ...3 by ...3 (me|myself|author|researcher|investigator)",
    "(interviewed|moderated|facilitated) by ...2 (me|myself|author|researcher|investigator)",
    "(data|material) ...4 (collected|gathered) ...3 by ...3 (me|author|researcher|investigator)",
    "i ...4 (collected|gathered) ...3 (data|material)",
)
_INTERVIEWER = (
    f"{_INTERVIEWS} ...8 {_HELD} ...3 by ...6 {_WHO}",
    f"(interviewed|moderated|facilitated) ...2 by ...5 {_WHO}",
    f"{_WHO} ...10 {_HELD} ...5 {_INTERVIEWS}",
    f"{_WHO} ...4 (interviewed|moderated|facilitated)",
    f"(interviewers?|moderators?|facilitators?) ...8 {_WHO}",
    f"{_WHO} ...4 (as|was|were) ...2 (interviewers?|moderators?|facilitators?)",
    f"{_WHO} ...4 (collected|gathered) ...2 data",
    f"{_WHO} ...6 (interviews|interviewing)",
    f"data ...4 (collected|gathered) ...3 by ...4 {_WHO}",
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PRONOUNS = _words("she he her his him herself himself hers")
_ROLES = _words(
    "interviewer moderator facilitator researcher investigator fieldworker interviewers assistant"
)
_RIVALS = _words(
    """
    participant patient woman man mother father nurse respondent interviewee student informant
    midwife child daughter son husband wife person individual caregiver carer girl boy teacher
    doctor physician resident client manager user parent partner relative member colleague
    someone everyone anyone nobody psychologist
    """
)
_ORDINALS = _words("first second third fourth last senior lead main corresponding principal")
_EITHER = _words("or and")
_TELLING = frozenset(
    {
        SectionKind.METHODS,
        SectionKind.LIMITATIONS,
        SectionKind.CONTRIBUTORS,
        SectionKind.FRONT,
        SectionKind.DECLARATIONS,
        SectionKind.OTHER,
        SectionKind.ACKNOWLEDGEMENTS,
        SectionKind.ETHICS,
        SectionKind.DISCUSSION,
        SectionKind.APPENDIX,
    }
)
_ROLE_SECTIONS = frozenset(
    {SectionKind.METHODS, SectionKind.LIMITATIONS, SectionKind.ETHICS, SectionKind.OTHER}
)
_LETTERED = re.compile(
    r"\b[A-Z][\w'’-]+ (?:[A-Z][\w.'’-]* ){0,2}[A-Z][\w'’-]+,? "
    r"(?:Ph\.?D|M\.?D|MSc|M\.?Sc|MPH|RN|MBBS|MBChB|BSc|B\.?Sc|DPhil|DrPH|EdD|MPhil|DNP|PharmD)\b"
)
_BACK = 4  # sentences between an interviewer and a pronoun that may still mean her


@cache
def _phrases(sources: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(parse(source) for source in sources)


def _matches(index: Index, sources: tuple[str, ...], allowed: int) -> Iterator[Match]:
    matcher = Matcher(index, Negation())
    for phrase in _phrases(sources):
        yield from matcher.find(phrase, allowed)


def _own(index: Index) -> int:
    """Sentences of the authors on their own study."""
    others = {SectionKind.INTRODUCTION, SectionKind.REFERENCES, SectionKind.CHECKLIST}
    return index.searchable & ~index.in_kinds(others)


@detector("byline-degrees")
def byline_degrees(index: Index) -> Iterable[Found]:
    """The by-line, when it gives a degree of at least one author; then single authors in it."""
    manuscript = index.manuscript
    if not manuscript.authors:
        yield from _lettered_names(index)
    if not any(author.degrees for author in manuscript.authors):
        return
    lines = [one for one in manuscript.sentences if one.role is Role.BYLINE]
    if lines:
        yield Found(_quotable(lines[0]), None, 0.95)
    for author in manuscript.authors:
        for line in lines if author.degrees else []:
            span = _author_with_degree(manuscript.text, line, author)
            if span is not None:
                yield Found(span, None, 0.9)


def _lettered_names(index: Index) -> Iterator[Found]:
    """ "Ana Reyes, PhD" at the head of a manuscript whose by-line was not recognised."""
    front = index.in_kinds({SectionKind.FRONT})
    for sentence in index.manuscript.sentences[:40]:
        if front >> sentence.index & 1 and _LETTERED.search(
            index.manuscript.text, sentence.span.start, sentence.span.end
        ):
            yield Found(_quotable(sentence), None, 0.7)
            return


def _author_with_degree(text: str, line: Sentence, author: Author) -> Span | None:
    """ "Ana Reyes, PhD" in a by-line, up to the first degree."""
    start = text.find(author.name, line.span.start, line.span.end)
    if start < 0:
        return None
    after = start + len(author.name)
    at = text.find(author.degrees[0], after, min(after + 40, line.span.end))
    return None if at < 0 else Span(start, at + len(author.degrees[0]))


def _quotable(sentence: Sentence, words: int = 80) -> Span:
    if len(sentence.words) <= words:
        return sentence.span
    return Span(sentence.starts[0], sentence.ends[words - 1])


_TITLE = (
    r"(?:(?:full|associate|assistant|adjunct|senior|junior|clinical|research|emeritus|chief"
    r"|consultant|registered|principal|deputy|community|general|family|postdoctoral|nurse)\s+){0,3}"
    r"(?:professor|lecturer|researcher|fellow|scientist|physician|practitioner|nurse|midwife"
    r"|psychologist|psychiatrist|physiotherapist|pharmacist|dentist|teacher|instructor|coordinator"
    r"|consultant|social worker|nutritionist|dietitian|pedagogue|engineer|surgeon|paediatrician"
    r"|head|director|dean|(?:phd|ph\.d\.?|doctoral|master[’']?s?|msc|graduate|medical|nursing"
    r"|undergraduate) (?:degree )?(?:student|candidate))"
)
_MARK = r"(?:[\s\d,;*†‡§¶#^()\[\].]|[IVX]{1,4}\b|[a-h]\b)*"
_POST = re.compile(
    rf"(?P<open>^{_MARK}|[,;:.)–]\s*){_TITLE}(?=\s*(?:[.,;:)\d]|$|(?:of|in|at)\b))", re.IGNORECASE
)
_DEGREE_NOTE = re.compile(
    r"\b(?:PhD|Ph\.D\.?|MSc|M\.Sc\.?)(?:,|\.(?=\s|$)| in [A-Z])"
    r"|\b(?:Doctorate|Doctor|Master(?:[’']?s)?|Bachelor)"
    r"(?: in [A-Z]| of (?:Science|Arts|Philosophy|Public|Nursing|Medicine|Education)\b)"
    r"|\b(?:doctoral|phd|ph\.d\.?|master[’']?s?|msc) (?:degree )?(?:student|candidate)\b",
    re.IGNORECASE,
)
_NO_NOTE = re.compile(
    r"key ?words|descriptors|abstract|programme?\b(?=,)|department of doctoral|citation",
    re.IGNORECASE,
)
_NOTED = frozenset({Role.AFFILIATION, Role.BYLINE, Role.FOOTNOTE, Role.PARAGRAPH, Role.METADATA})
_BODY = frozenset({SectionKind.ABSTRACT, SectionKind.INTRODUCTION, SectionKind.METHODS})


def _author_notes(index: Index) -> Iterator[Sentence]:
    """By-line, affiliations and notes to them: what stands before the abstract or the text."""
    body = index.in_kinds(_BODY)
    for sentence in index.manuscript.sentences[:120]:
        if body >> sentence.index & 1:
            return
        if sentence.role in _NOTED and not _NO_NOTE.search(_text_of(index, sentence)):
            yield sentence


def _text_of(index: Index, sentence: Sentence) -> str:
    return index.manuscript.text[sentence.span.start : sentence.span.end]


def _noted(index: Index, pattern: re.Pattern[str]) -> Iterator[Found]:
    """The notes in which the pattern stands; in a loose paragraph only at its start."""
    for sentence in _author_notes(index):
        text = _text_of(index, sentence)
        found = pattern.search(text)
        if sentence.role is Role.PARAGRAPH and found is not None and found.start() > 6:
            continue
        if sentence.role is Role.METADATA and "orrespond" not in text:
            continue
        if found is not None:
            yield Found(_quotable(sentence), None, 0.8)


@detector("affiliation-post")
def affiliation_post(index: Index) -> Iterable[Found]:
    """A job of an author in the by-line or at the head of an affiliation."""
    return _noted(index, _POST)


@detector("affiliation-degree")
def affiliation_degree(index: Index) -> Iterable[Found]:
    """A degree of an author in an affiliation or a note to the by-line."""
    return _noted(index, _DEGREE_NOTE)


@detector("data-collector-named")
def data_collector_named(index: Index) -> Iterable[Found]:
    """Who collected the data, in a study whose data come from interviews or groups alone."""
    return [] if _has_other_sources(index) else list(_collectors(index))


@detector("data-collector-beside-others")
def data_collector_beside_others(index: Index) -> Iterable[Found]:
    """Who collected the data, in a study with questionnaires, documents or observation, too."""
    return list(_collectors(index)) if _has_other_sources(index) else []


def _collectors(index: Index) -> Iterator[Found]:
    allowed = _own(index)
    barred: dict[int, list[tuple[int, int]]] = {}
    for match in _matches(index, _NOT_COLLECTED, allowed):
        barred.setdefault(match.sentence, []).append((match.first, match.last))
    seen: set[int] = set()
    for match in _matches(index, _COLLECTED, allowed):
        if match.sentence in seen or any(
            low < match.last and match.first < high for low, high in barred.get(match.sentence, ())
        ):
            continue
        sentence = index.sentences[match.sentence]
        found = Span(sentence.starts[match.first], sentence.ends[match.last - 1])
        if ";" in index.manuscript.text[found.start : found.end]:
            continue  # "... data collection and analysis; BJW helped ...": two people's parts
        seen.add(match.sentence)
        yield Found(_around(sentence, match), found, 0.8)


def _around(sentence: Sentence, match: Match, words: int = 80) -> Span:
    count = len(sentence.words)
    if count <= words:
        return sentence.span
    low = max(0, min(match.first - 20, count - words))
    return Span(sentence.starts[low], sentence.ends[min(low + words, count) - 1])


def _has_other_sources(index: Index) -> bool:
    """Whether methods or abstract speak more than in passing of other data than interviews."""
    allowed = index.searchable & index.in_kinds(
        {SectionKind.METHODS, SectionKind.ABSTRACT, SectionKind.FRONT}
    )
    sentences = {match.sentence for match in _matches(index, _OTHER_SOURCES, allowed)}
    return len(sentences) >= 3


@detector("single-author-interviewer")
def single_author_interviewer(index: Index) -> Iterable[Found]:
    """The interviewer of a manuscript with one author: "I" or "the researcher".

    Where no author is named (a chapter, a blinded file), "I" is the one author if hardly a
    sentence says "we"; "the researcher" is then nobody in particular.
    """
    named = len(index.manuscript.authors)
    if named > 1 or (named == 0 and not _written_by_one(index)):
        return
    seen: set[int] = set()
    for match in _matches(index, _SINGLE, _own(index)):
        if match.sentence in seen:
            continue
        found = index.views[match.sentence][match.first : match.last]
        if named == 0 and _FIRST_PERSON.isdisjoint(found):
            continue
        seen.add(match.sentence)
        yield Found(_around(index.sentences[match.sentence], match), None, 0.9)


def _written_by_one(index: Index) -> bool:
    """Whether the author's voice says "I" throughout, and "we" at most a third as often."""
    own = [index.views[s.index] for s in index.sentences if s.voice is Voice.AUTHOR]
    singular = sum("i" in words for words in own)
    plural = sum(bool({"we", "our"} & set(words)) for words in own)
    return singular >= _SAYS_I and plural * 3 <= singular


@detector("interviewer-pronoun")
def interviewer_pronoun(index: Index) -> Iterable[Found]:
    """Sentences in which "she", "he" or a like word stands for the interviewer."""
    names, roles = _interviewers(index), index.in_kinds(_ROLE_SECTIONS)
    rivals = _RIVALS | (index.author_words - names)
    told = index.in_kinds(_TELLING)
    last: tuple[int, int] | None = None  # (block, sentence) of the latest interviewer
    for sentence in index.sentences:
        if sentence.voice is not Voice.AUTHOR or not told >> sentence.index & 1:
            continue
        words = index.views[sentence.index]
        heard = _hears(words, names | _ROLES if roles >> sentence.index & 1 else names)
        if last is not None and (last[0] != sentence.block or sentence.index - last[1] > _BACK):
            last = None
        at = _pronoun(words, heard, last is not None, rivals)
        if at is not None and not _generic(words):
            where = Span(sentence.starts[at], sentence.ends[at])
            yield Found(_around(sentence, Match(sentence.index, at, at + 1, _BLANK)), where, 0.75)
        if heard:
            last = (sentence.block, sentence.index)
        elif any(word in rivals for word in words):
            last = None


_BLANK = parse("she")


def _interviewers(index: Index) -> frozenset[str]:
    """Words that stand for the interviewer: initials, surnames, ordinals of "author"."""
    names: set[str] = set()
    for match in _matches(index, _INTERVIEWER, _own(index)):
        words = index.views[match.sentence][match.first : match.last]
        names |= {word for word in words if word in index.author_words or word in _ORDINALS}
    for number, ordinals in enumerate((("first", "lead", "main"), ("second",), ("third",))):
        if number < len(index.manuscript.authors):
            same = _words_of(index, number) | set(ordinals)
            names |= same if same & names else set()
    return frozenset(names)


def _words_of(index: Index, number: int) -> set[str]:
    author = index.manuscript.authors[number]
    initials, surname = normal(author.initials), normal(author.surname.split()[-1])
    words = {initials, surname}
    if len(initials) > 2:
        words.add(initials[0] + initials[-1])
    return {word for word in words if len(word) >= 2}


def _hears(words: tuple[str, ...], names: frozenset[str]) -> list[int]:
    """Where the interviewer is named: by name, as "first author", by initials parted ("R L")."""
    found = [at for at, word in enumerate(words) if word in names - _ORDINALS]
    for at in range(len(words) - 1):
        following = words[at + 1 : at + 4]
        if words[at] in names & _ORDINALS and any(w.startswith("author") for w in following):
            found.append(at)
        if len(words[at]) == 1 and words[at] + words[at + 1] in names:
            found.append(at)
    return sorted(found)


def _pronoun(
    words: tuple[str, ...], heard: list[int], carried: bool, rivals: frozenset[str]
) -> int | None:
    """The first pronoun that can only mean the interviewer; ``carried`` from a sentence before."""
    meant = carried
    named = frozenset(heard)
    for at, word in enumerate(words):
        if at in named:
            meant = True
        elif word in rivals:
            meant = False
        elif word in _PRONOUNS and meant:
            return at
    return None


def _generic(words: tuple[str, ...]) -> bool:
    """ "he or she", "his/her": nobody in particular."""
    pronouns = [at for at, word in enumerate(words) if word in _PRONOUNS]
    return any(
        b - a == 1 or (b - a == 2 and words[a + 1] in _EITHER and words[a] != words[b])
        for a, b in pairwise(pronouns)
    )
