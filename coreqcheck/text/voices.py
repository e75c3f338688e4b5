"""Who speaks in a sentence: this study's authors, a participant, or other people's work.

The literature read as this study is what costs a checker its users: "In the study of Lee, twenty
nurses were interviewed until saturation [4]" says nothing of the manuscript in hand. A sentence is
``CITED`` when its subject is another study; when in doubt, and outside the introduction, it is
the authors'.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coreqcheck.model import Block, Role, SectionKind, Span, Voice
from coreqcheck.text.wording import either

_K = SectionKind

_ARGUING = frozenset({_K.DISCUSSION, _K.LIMITATIONS, _K.CONCLUSION})
_TELLING = _ARGUING | {_K.INTRODUCTION, _K.OTHER, _K.RESULTS, _K.METHODS, _K.ABSTRACT}
_PROSE = frozenset({Role.PARAGRAPH, Role.LIST_ITEM, Role.FOOTNOTE, Role.BLOCK_QUOTE})
_SUBJECT_REACH = 60  # characters within which the subject of a sentence is named

# -- words

_STUDY = either(
    """
    stud(?:y|ies) research surveys? trials? reviews? works? interviews? papers? articles?
    investigations? ethnograph(?:y|ies) synthes[ie]s meta-?analys[ie]s meta-?synthes[ie]s
    meta-?ethnograph\\w+ inquir(?:y|ies) enquir(?:y|ies) projects? evaluations? reports? literature
    evidence analys[ie]s experiments? cohorts? focus_groups?
    """
)
_FOUND = either(
    """
    found finds? report(?:s|ed)? show(?:s|ed|n)? describ(?:es?|ed) argu(?:es?|ed) suggest(?:s|ed)?
    not(?:es?|ed) observ(?:es?|ed) conclud(?:es?|ed) interview(?:ed|s) survey(?:ed|s)
    explor(?:es?|ed) examin(?:es?|ed) investigat(?:es?|ed) stud(?:ies|ied) conduct(?:s|ed)
    recruit(?:s|ed) identif(?:y|ies|ied) us(?:es|ed) held demonstrat(?:es?|ed) reveal(?:s|ed)?
    highlight(?:s|ed)? follow(?:s|ed) document(?:s|ed)? claim(?:s|ed) emphasi[sz](?:es?|ed)
    point(?:s|ed)?_out propos(?:es?|ed) develop(?:s|ed) compar(?:es?|ed) analy[sz](?:es?|ed)
    discuss(?:es|ed)? stat(?:es?|ed) ask(?:s|ed) collect(?:s|ed) carried_out call(?:s|ed)
    defin(?:es?|ed) spoke talked include[ds]? involved? achieved reached sought established noticed
    mention(?:s|ed) indicat(?:es?|ed) confirm(?:s|ed) advocat(?:es?|ed)
    assert(?:s|ed)? attest(?:s|ed)
    """
)
_OF_OTHERS = either("his her their that those another other both_of_these one_of_these")
_BEFORE = """
    [Pp]revious [Ee]arlier [Pp]rior [Pp]ast [Ee]xisting [Pp]ublished [Rr]ecent [Rr]elated [Ee]xtant
"""
_SOME = either(
    _BEFORE
    + """ [Oo]ther [Ss]everal [Mm]any [Nn]umerous [Ss]ome [Ff]ew [Mm]ost [Ss]imilar [Vv]arious
    [Ii]nternational [Ss]uch [Mm]ultiple"""
)
_NAME = (
    r"(?:(?:van|von|de|der|den|di|la|le|el|al|bin|Al|El|O[’']|Mc)[\s-]?)*"
    r"[A-ZÀ-ÖØ-Þ][a-zß-ÿ][\w’'‑-]*"
)
_REFERENCE = r"(?:\s?(?:[(\[][^()\[\]]{1,60}[)\]]|[¹²³⁰⁴-⁹]+|\d{1,3}))?"
_YEAR = r"(?:1[89]|20)\d\d[a-z]?"

# -- this study

_OWN = re.compile(
    r"\b(?:[Ww]e|[Oo]urs?|us|[Mm]y|I)\b"
    r"|\b(?:[Tt]his|[Tt]he (?:present|current)|[Pp]resent|[Cc]urrent) (?:\w+[ -]){0,3}?"
    + either(
        "study research paper article analysis investigation work project thesis report inquiry "
        "enquiry survey evaluation sample"
    )
    + r"\b|\b[Tt]his (?:is|was|appears to be|seems to be) (?:the|one of|an?|among)\b"
)
_OWN_FINDING = re.compile(
    r"\b(?:our|these|this|the present|the current) (?:\w+ )?(?:findings?|results?|themes?)\b"
    r"|\b(?:findings?|results?) (?:of|from|in) (?:this|our|the present|the current) study\b",
    re.IGNORECASE,
)
# "We" that does not speak of this study.
_NEUTRAL = re.compile(
    r"\b(?:to (?:the best of )?our (?:best )?knowledge"
    r"|(?:as far as )?we (?:do not |still )?know(?: (?:of|that|about|little|less))?"
    r"|(?:that )?we are (?:not )?(?:aware|unaware) of"
    r"|our (?:understanding|knowledge) of|our (?:societ|world|countr|region|time|lives|planet)\w*"
    r"|in our (?:opinion|view)|we (?:live|all)|our current (?:understanding|knowledge))\b",
    re.IGNORECASE,
)
_OWN_EARLIER = re.compile(
    r"\b(?:our|my|the authors[’']|the first author[’']s|the research team[’']s) (?:own )?"
    + either("previous(?:ly)? earlier prior recent former past preceding other")
    + rf"(?: \w+){{0,4}}? {_STUDY}\b"
    r"|\b(?:we|our (?:team|group)|I) (?:have |had )?(?:previously|earlier|recently) "
    r"(?:\w+ed|shown|found|written)\b"
    r"|\b(?:previous|earlier|prior|companion) (?:\w+ )?study (?:in which|where) (?:we|I)\b"
    r"|\b(?:in|from) (?:an?|our|another) (?:previous|earlier|prior)(?: \w+){0,3} study,? "
    r"(?:we|our)\b",
    re.IGNORECASE,
)
_OWN_SUBJECT = re.compile(
    r"^(?:(?:However|Moreover|Furthermore|In addition|Also|Finally|First|Second|Third|Here|Thus|"
    r"Therefore), |Although |While |Because |As |Since )?"
    r"(?:[Tt]he|[Aa]ll|[Bb]oth|[Oo]ne of the|(?:[Nn]one|[Ss]ome|[Mm]any|[Mm]ost) of the) "
    r"(?:\w+ ){0,2}?"
    + either(
        "participants? interviews? interviewers? sample study findings? results? themes? data "
        "transcripts? respondents? informants? interviewees wom[ae]n m[ae]n nurses doctors "
        "patients students teachers mothers parents carers users researchers? authors? "
        "research_team focus_groups? discussions? analysis coding recruitment sampling guide "
        "recordings? codes?"
    )
    + r"\b|^(?:(?:Data )?[Ss]aturation|Data|Interviews|Focus groups|Member checking|Participants|"
    r"Respondents|Informants|Transcripts|Recruitment|Sampling|Purposive sampling|Triangulation|"
    r"Field notes|Reflexivity|Bracketing|Quotations) "
    r"(?:was|were|had|may have|might have|could)\b(?! been)"
)

# -- other studies

_OTHERS = re.compile(
    "|".join(
        (
            # "Lee et al. found", "Lee and colleagues [3]", "Park (2010)"
            rf"\b{_NAME}\set\sal\b",
            rf"\b{_NAME}(?:[’']s?)?\sand\s(?:colleagues|others|co-?workers|associates|team)\b",
            rf"\b{_NAME}(?:[’']s?)?\s[(\[]{_YEAR}[)\]]",
            # "in a study of", "unlike the Finnish study of", "in their study"
            r"\b(?:[Ii]n|[Ff]rom|[Tt]o|[Ww]ith|[Bb]y|[Uu]nlike|[Ll]ike)\s"
            r"(?:an?|the|another|one|two|three|some|his|her|their|that|those|other)\s"
            r"(?:(?!present|current|interview|pilot|semi|same)[\w’'-]+,?\s){0,5}?"
            rf"{_STUDY}\s"
            + either(
                "of by from in with among amongst on at conducted carried done undertaken "
                "performed published where that which"
            )
            + r"\b",
            rf"\b(?:[Ii]n|[Ff]rom)\s{_OF_OTHERS}\s(?:(?!of\b)[\w’'-]+\s){{0,3}}?{_STUDY}\b",
            # "previous studies", "few researchers", "earlier qualitative work"
            rf"\b{_SOME}\s(?:(?!(?:participants|interviews?|of|the|in|and|for)\b)[\w’'-]+,?\s){{0,4}}?"
            r"(?:stud(?:y|ies)|research(?!\steam|er\s)|literature|evidence|surveys|reviews|papers|"
            r"reports|trials|authors|researchers|scholars|investigations)\b"
            r"(?!\s(?:may|might|could|would)\b)",
            r"\b(?:[Mm]ost|[Mm]any|[Ss]ome|[Ff]ew|[Nn]one|[Bb]oth) of (?:the|these|those) "
            r"(?:studies|surveys|reviews)\b",
            rf"\b{either(_BEFORE)}\s(?:[\w-]+\s){{0,3}}?work\b",
            # "Studies in Ghana", "research has shown", "the literature"
            r"\b(?:[Ss]tudies|[Ss]urveys|[Rr]eviews|Research|Literature|Evidence)\s"
            r"(?:on|from|in|of|among|into)\b",
            r"\b(?:[Ss]tudies|[Ss]urveys|[Rr]eviews|[Rr]esearch|[Ll]iterature|[Ee]vidence)\s"
            rf"(?:\w+ly\s)?(?!conducted|carried|used|held|collected)(?:have|has|had|{_FOUND})\b",
            r"\b[Tt]he\s(?:\w+\s)?(?:literature|evidence)\b",
            r"\b(?:researchers|scholars|authors|investigators)\s(?:have|had|in|from|such|like)\b",
            # "A study in Norway reported", "one qualitative study of nurses found"
            r"\b(?:[Aa]n?|[Oo]ne|[Aa]nother|Two|Three|Four)\s"
            r"(?:(?!present|current|pilot|future|further)[\w’'-]+,?\s){0,5}?"
            r"(?:stud(?:y|ies)|surveys?|reviews?|meta-analys[ie]s|trials?|ethnography|synthesis|"
            rf"report|paper)\s(?:[\w’',-]+\s){{0,8}}?{_FOUND}\b",
            # "the only study we know of", "the largest of these"
            r"\b[Tt]he (?:only|first|largest|latest|best known|few)\s"
            r"(?!(?:\w+\s){0,2}?(?:author|researcher|investigator|interview|focus|moderator)s?\b)"
            rf"(?:[\w-]+\s){{0,3}}?{_STUDY}\b",
            r"\b[Tt]he (?:largest|smallest|latest|first|last|earliest|most recent|best)"
            r"\sof (?:these|them|those)\b",
            r"\b[Ii]t (?:has|had) been (?:\w+ly\s)?"
            r"(?:shown|reported|suggested|argued|found|noted|claimed|known|estimated)\b",
            r"\bas (?:reported|described|shown|found|noted|suggested|argued|observed) (?:by|in)\b",
        )
    )
)
# What a sentence must hold, in small letters, for the patterns above to be worth a search.
_EARLIER_STEMS = tuple(
    "previous earlier prior recent former past preceding other companion".split()
)
_OTHERS_STEMS = (
    *("stud", "research", "survey", "trial", "review", "work", "interview", "paper", "article"),
    *("investigat", "ethnograph", "synthes", "analys", "inquir", "enquir", "project", "evaluation"),
    *("report", "literature", "evidence", "experiment", "cohort", "focus group", "scholar"),
    *("author", "et al", "colleagues", "others", "associates", "team", "(1", "(2", "[1", "[2"),
    *("of the", "of those", "been", "described", "shown", "found", "noted"),
    *("suggested", "argued", "observed"),
)
# One or two surnames with a verb: only where the sentence has a reference mark, because
# pseudonyms look the same.
_SURNAMES = re.compile(
    rf"\b(?!The\b|This\b|These\b|Participants\b){_NAME}(?:,?\s(?:and|&)\s{_NAME})?{_REFERENCE}\s"
    rf"(?:\w+ly\s|also\s|has\s|have\s|had\s|both\s)?{_FOUND}\b"
)
_NAMED = re.compile(rf"\b{_NAME}\s(?:et\sal\b|[(\[]{_YEAR})")
_FUTURE = re.compile(
    r"\b(?:[Ff]uture|[Ff]urther|[Mm]ore|[Nn]ext) (?:[\w-]+ ){0,3}(?:research|study|studies|work)\b"
)
_FOLLOWS = re.compile(
    r"^(?:(?:However|Moreover|Furthermore|Also|Again|Here|In addition|Similarly|Nevertheless|"
    r"Still),? |Yet |And |But )?"
    + either(
        """
        [Tt]hey [Tt]heir [Tt]he_(?:authors?|researchers?|investigators?|stud(?:y|ies)|reviewers?)
        [Tt]he_(?:review|survey|former|latter|writers?) [Ii]n_(?:that|their|those|both|his|her)
        [Ii]n_(?:none|one)_of_(?:them|these|those) [Ii]n_(?:neither|another)
        [Tt]hat_(?:study|work|review|paper|survey|team) [Tt]hose_(?:authors|studies)
        [Tt]hese_(?:authors|researchers|surveys|studies|papers|reviews|writers|works)
        [Nn]one_of_(?:them|these|those) [Nn]either [Ss]uch_(?:studies|work|surveys) [Hh]e [Ss]he
        """
    )
    + rf"\b|^[Ii]t (?:also |too |then )?{_FOUND}\b"
)
_TURN_TO_US = re.compile(
    r"\b(?:aim(?:s|ed)?|objectives?|purpose|goal|research questions?|question of the study|"
    r"therefore|the study was|study (?:seeks|sought|explores?|aims?)|remains?|gap|"
    r"little is known|lacking|needed)\b",
    re.IGNORECASE,
)
_PEOPLE_STUDIED = re.compile(
    r"\b(?:interviewed|recruited|surveyed|sampled|enrolled|followed up|saturation|focus groups?|"
    r"participants|transcripts|respondents|informants|interviews)\b"
)
_STORY_IN_METHODS = re.compile(
    r"(?:In|Like|Unlike)\s(?:an?|the|another|one)\s(?:earlier|previous|prior|similar|recent|other)\s"
    rf"(?:[\w-]+\s){{0,3}}?{_STUDY}\b"
    rf"|(?:Previous|Earlier|Prior|Other)\s(?:[\w-]+\s){{0,3}}?{_STUDY}\b"
)
_SOURCES = re.compile(r"\([^()]*[^\W\d_][^()]*\b(?:1[89]|20)\d\d[a-z]?\b[^()]*\)")
_QUOTED_TERM = re.compile(r"[“\"‘][^“”\"‘’]{1,40}[”\"’]")


_THIS_STUDY = re.compile(
    r"(?:an?|the|this)\b(?!\s(?:previous|prior|earlier|recent|former|similar|published))[^.;]{0,90}?"
    r"\b(?:study|design|approach|analysis|interviews)\s(?:was|were)\s(?:\w+ly\s)?"
    r"(?:conducted|carried|undertaken|performed|done|used|adopted|employed|applied|chosen|completed)\b",
    re.IGNORECASE,
)
"""In an abstract "A qualitative study was conducted" speaks of the study itself."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence before its voice is known; ``said`` counts the characters a participant says."""

    span: Span
    block: int
    kind: SectionKind
    citation: bool
    quoted: tuple[Span, ...]
    said: int = 0


@dataclass(frozen=True, slots=True)
class _Verdict:
    """``cited``; and whether it tells a story of another study, which the next may go on with."""

    cited: bool
    story: bool = False


_AUTHORS = _Verdict(False)
_OTHER_WORK = _Verdict(True)
_OTHER_STORY = _Verdict(True, True)


def voices_of(text: str, blocks: Sequence[Block], drafts: Sequence[Draft]) -> list[Voice]:
    """The voice of each sentence.

    Args:
        text: the document's text.
        blocks: its blocks.
        drafts: the sentences in order.

    Returns:
        as many voices as drafts.
    """
    voices: list[Voice] = []
    before: _Verdict | None = None
    block = -1
    for draft in drafts:
        if draft.block != block:
            before, block = None, draft.block
        if 3 * draft.said > 2 * len(draft.span):
            voices.append(Voice.PARTICIPANT)
            continue
        if draft.kind not in _TELLING or blocks[draft.block].role not in _PROSE:
            voices.append(Voice.AUTHOR)
            continue
        before = _verdict(_authored(text, draft), draft, before)
        voices.append(Voice.CITED if before.cited else Voice.AUTHOR)
    return voices


def _authored(text: str, draft: Draft) -> str:
    """The sentence without quoted words (their "we" is not the authors') and "(Lee, 2010)"."""
    line = text[draft.span.start : draft.span.end]
    for span in reversed(draft.quoted):
        low, high = span.start - draft.span.start, span.end - draft.span.start
        line = line[: max(low, 0)] + line[high:]
    return _SOURCES.sub(" ", _QUOTED_TERM.sub(" ", line))


def _verdict(line: str, draft: Draft, before: _Verdict | None) -> _Verdict:
    kind = draft.kind
    low = line.lower()
    if kind is _K.ABSTRACT and _THIS_STUDY.match(line):
        return _AUTHORS
    if _holds(low, _EARLIER_STEMS) and _OWN_EARLIER.search(
        line if kind is not _K.METHODS else line[:_SUBJECT_REACH]
    ):
        return _OTHER_STORY
    if "our " in low or "we " in low:
        line = _NEUTRAL.sub(" ", line)
    own = _OWN.search(line) is not None
    if own and kind not in _ARGUING:
        return _AUTHORS
    if kind is _K.METHODS:
        # Methods cite what they follow; only a story of another study's people is not ours.
        return _OTHER_STORY if draft.citation and _STORY_IN_METHODS.match(line) else _AUTHORS
    others = _OTHERS.search(line) if _holds(low, _OTHERS_STEMS) else None
    if others is None and draft.citation and kind is not _K.RESULTS:
        others = _SURNAMES.search(line)
    if own and not (others and _only_compares(line)):
        return _AUTHORS
    if others is not None:
        return _of_others(line, draft, others.start() <= _SUBJECT_REACH)
    if before is not None and before.story and _goes_on(line, kind):
        return _OTHER_STORY
    if draft.citation and kind is _K.INTRODUCTION:
        return _OTHER_WORK
    if draft.citation and kind in _ARGUING and not _OWN_SUBJECT.search(line):
        return _OTHER_WORK
    return _AUTHORS


def _holds(low: str, stems: Sequence[str]) -> bool:
    return any(stem in low for stem in stems)


def _only_compares(line: str) -> bool:
    """ "Our findings agree with Lee et al., who interviewed ...": what follows is theirs."""
    return _OWN.search(_OWN_FINDING.sub(" ", line)) is None


def _of_others(line: str, draft: Draft, subject: bool) -> _Verdict:
    """A sentence that names other work; ``subject``: that work is what it is about."""
    kind = draft.kind
    if _FUTURE.search(line) and not draft.citation:
        return _AUTHORS
    if kind in (_K.OTHER, _K.RESULTS) and not draft.citation and not _NAMED.search(line):
        return _AUTHORS
    if kind is _K.ABSTRACT and (not subject or _PEOPLE_STUDIED.search(line)):
        return _AUTHORS
    return _Verdict(True, subject)


def _goes_on(line: str, kind: SectionKind) -> bool:
    """Whether a sentence after one on another study still speaks of that study."""
    if kind is _K.INTRODUCTION:
        return _TURN_TO_US.search(line) is None
    return _FOLLOWS.search(line) is not None
