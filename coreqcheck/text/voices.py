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

_K = SectionKind

_ARGUING = frozenset({_K.DISCUSSION, _K.LIMITATIONS, _K.CONCLUSION})
_TELLING = _ARGUING | {_K.INTRODUCTION, _K.OTHER, _K.RESULTS, _K.METHODS, _K.ABSTRACT}
_PROSE = frozenset({Role.PARAGRAPH, Role.LIST_ITEM, Role.FOOTNOTE, Role.BLOCK_QUOTE})

_STUDY = (
    r"(?:stud(?:y|ies)|research|surveys?|trials?|reviews?|work|works|interviews?|paper|papers|articles?|"
    r"investigations?|ethnograph(?:y|ies)|synthes[ie]s|meta-?(?:analys[ie]s|synthes[ie]s|ethnograph\w+)|inquir(?:y|ies)|"
    r"enquir(?:y|ies)|projects?|evaluations?|reports?|literature|evidence|analys[ie]s|experiments?|cohorts?|focus groups?)"
)
_SCHOLARS = r"(?:authors|researchers|scholars|investigators|writers|academics|studies|teams)"
_VERB = (
    r"(?:found|finds?|report(?:s|ed)?|show(?:s|ed|n)?|describ(?:es?|ed)|argu(?:es?|ed)|suggest(?:s|ed)?|not(?:es?|ed)|"
    r"observ(?:es?|ed)|conclud(?:es?|ed)|interview(?:ed|s)|survey(?:ed|s)|explor(?:es?|ed)|examin(?:es?|ed)|"
    r"investigat(?:es?|ed)|stud(?:ies|ied)|conduct(?:s|ed)|recruit(?:s|ed)|identif(?:y|ies|ied)|us(?:es|ed)|held|"
    r"demonstrat(?:es?|ed)|reveal(?:s|ed)?|highlight(?:s|ed)?|follow(?:s|ed)|document(?:s|ed)?|claim(?:s|ed)|"
    r"emphasi[sz](?:es?|ed)|point(?:s|ed)? out|propos(?:es?|ed)|develop(?:s|ed)|compar(?:es?|ed)|analy[sz](?:es?|ed)|"
    r"discuss(?:es|ed)?|stat(?:es?|ed)|ask(?:s|ed)|collect(?:s|ed)|carried out|call(?:s|ed)|defin(?:es?|ed)|spoke|talked|"
    r"include[ds]?|involved?|achieved|reached|sought|established|noticed|mention(?:s|ed)|indicat(?:es?|ed)|confirm(?:s|ed))"
)
_NAME = r"(?:(?:van|von|de|der|den|di|la|le|el|al|bin|Al|El|O[’']|Mc)[\s-]?)*[A-ZÀ-ÖØ-Þ][\w’'‑-]+"
_MARKISH = r"(?:\s?(?:[(\[][^()\[\]]{1,60}[)\]]|[¹²³⁰⁴-⁹]+|\d{1,3}))?"

_OWN = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|[Oo]urs|us|[Mm]y|I)\b"
    r"|\b(?:[Tt]his|[Tt]he (?:present|current)|[Pp]resent|[Cc]urrent) (?:\w+[ -]){0,3}?(?:study|research|paper|article|"
    r"analysis|investigation|work|project|thesis|report|inquiry|enquiry|survey|evaluation|sample)\b"
    r"|\b[Tt]his (?:is|was|appears to be|seems to be) (?:the|one of|an?|among)\b"
)
_OWN_FINDING = re.compile(
    r"\b(?:our|these|this|the present|the current) (?:\w+ )?(?:findings?|results?|themes?|observations?)\b"
    r"|\b(?:findings?|results?) (?:of|from|in) (?:this|our|the present|the current) study\b",
    re.IGNORECASE,
)
_NEUTRAL = re.compile(
    r"\b(?:to (?:the best of )?our (?:best )?knowledge|(?:as far as )?we (?:do not |still )?know(?: (?:of|that|about|little|less))?|"
    r"(?:that )?we are (?:not )?(?:aware|unaware) of|we could find|we found no (?:study|studies|research)|"
    r"our (?:understanding|knowledge) of|our (?:societ|world|countr|region|time|lives|planet)\w*|"
    r"in our (?:opinion|view)|we (?:live|all)|our current (?:understanding|knowledge))\b",
    re.IGNORECASE,
)
_OWN_EARLIER = re.compile(
    r"\b(?:our|my|the authors[’']|the first author[’']s|the research team[’']s) (?:own )?"
    r"(?:previous(?:ly)?|earlier|prior|recent|former|past|preceding|other|previously published)(?: \w+){0,4}? "
    rf"{_STUDY}\b"
    r"|\b(?:we|our (?:team|group)|I) (?:have |had )?(?:previously|earlier|recently) (?:\w+ed|shown|found|written)\b"
    r"|\b(?:in|from) (?:an?|our|another) (?:previous|earlier|prior)(?: \w+){0,3} study,? (?:we|our)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    # "Lee et al. found", "Lee and Park (2010) report", "Lee and colleagues [3] interviewed"
    rf"\b{_NAME}\s(?:et\sal\.?,?|and\s(?:colleagues|others|co-?workers|associates|team)){_MARKISH}"
    rf"|\b{_NAME},?\s(?:and|&)\s{_NAME}{_MARKISH}\s(?:\w+ly\s|also\s|have\s|has\s|had\s|both\s)?{_VERB}\b"
    rf"|\b{_NAME}(?:[’']s)?\s(?:[(\[](?:1[89]|20)\d\d[a-z]?[)\]])"
    # "in a study of", "the Finnish study of", "a qualitative study in Ghana"
    rf"|\b(?:[Ii]n|[Ff]rom|[Tt]o|[Ww]ith|[Bb]y|[Uu]nlike|[Ll]ike)\s(?:an?|the|another|one|two|three|some|his|her|their|that|those|other)\s"
    rf"(?:(?!present|current|interview|pilot|semi|same)[\w’'-]+,?\s){{0,5}}?{_STUDY}\s(?:of|by|from|in|with|among|amongst|on|at|conducted|carried|done|undertaken|performed|published|where|that|which)\b"
    rf"|\b(?:[Ii]n|[Ff]rom)\s(?:his|her|their|that|those|another|other|both of these|one of these)\s(?:(?!of\b)[\w’'-]+\s){{0,3}}?{_STUDY}\b"
    # "previous studies", "earlier qualitative work", "several authors"
    rf"|\b(?:[Pp]revious|[Ee]arlier|[Pp]rior|[Pp]ast|[Oo]ther|[Ee]xisting|[Pp]ublished|[Ss]everal|[Mm]any|[Nn]umerous|[Ss]ome|[Ff]ew|[Mm]ost|[Ss]imilar|[Rr]ecent|[Rr]elated|[Vv]arious|[Ii]nternational|[Ss]uch|[Mm]ultiple|[Ee]xtant)\s"
    rf"(?:(?!participants|interviews?\b)[\w’'-]+,?\s){{0,4}}?(?:stud(?:y|ies)|research(?!\steam|er\s)|literature|evidence|surveys|reviews|papers|reports|trials|authors|researchers|scholars|investigations)\b"
    rf"|\b(?:[Pp]revious|[Ee]arlier|[Pp]rior|[Pp]ast|[Ee]xisting|[Pp]ublished|[Rr]ecent|[Rr]elated)\s(?:[\w-]+\s){{0,3}}?work\b"
    rf"|\b(?:[Ss]tudies|[Rr]esearch|[Ss]urveys|[Ll]iterature|[Ee]vidence|[Rr]eviews)\s(?:\w+ly\s)?(?:have|has|had|on|from|in|of|among|into|shows?|suggests?|{_VERB})\b"
    rf"|\b[Tt]he\s(?:\w+\s)?(?:literature|evidence)\b"
    rf"|\b(?:researchers|scholars|authors|investigators)\s(?:have|had|in|from|such|like)\b"
    # "A study in Malawi reported", "One qualitative study of nurses", "A systematic review"
    rf"|\b(?:A|An|One|Another|Two|Three|Four|a|an|another)\s(?:(?!present|current|pilot)[\w’'-]+,?\s){{0,5}}?(?:stud(?:y|ies)|surveys?|reviews?|meta-analys[ie]s|trials?|ethnography|synthesis|report|paper)"
    rf"\s(?:[\w’',-]+\s){{0,8}}?{_VERB}\b"
    rf"|\b[Ii]t (?:has|had) been (?:\w+ly\s)?(?:shown|reported|suggested|argued|found|noted|claimed|known|estimated|demonstrated)\b"
    rf"|\b(?:the|The) (?:only|first|largest|latest|best known|few)\s(?:[\w-]+\s){{0,3}}?{_STUDY}\b"
    rf"|\b(?:the|The) (?:largest|smallest|latest|first|last|earliest|most recent|best)\sof (?:these|them|those)\b"
    rf"|\bas (?:reported|described|shown|found|noted|suggested|argued|observed) (?:by|in)\b"
)
_SINGLE = re.compile(rf"(?<!^)\b(?!The\b|This\b|These\b|Participants\b){_NAME}{_MARKISH}\s(?:\w+ly\s|also\s|has\s|have\s)?{_VERB}\b")
_OWN_SUBJECT = re.compile(
    r"^(?:However, |Moreover, |Furthermore, |In addition, |Also, |Finally, |First, |Second, |Third, |Although |While |Because |As |Since |Here, |Thus, |Therefore, )?"
    r"(?:[Tt]he|[Aa]ll|[Bb]oth|[Nn]one of the|[Ss]ome of the|[Mm]any of the|[Mm]ost of the|[Oo]ne of the) (?:\w+ ){0,2}?"
    r"(?:participants?|interviews?|interviewers?|sample|study|findings?|results?|themes?|data|transcripts?|respondents?|informants?|"
    r"interviewees|women|men|nurses|doctors|patients|students|teachers|mothers|parents|carers|users|researchers?|authors?|"
    r"research team|first author|focus groups?|discussions?|analysis|coding|recruitment|sampling|guide|recordings?)\b"
    r"|^(?:(?:Data )?[Ss]aturation|Data|Interviews|Focus groups|Member checking|Participants|Respondents|Informants|Transcripts|"
    r"Recruitment|Sampling|Purposive sampling|Triangulation|Field notes|Reflexivity|Bracketing|Quotations) (?:was|were|had|may have|might have|could)\b(?! been)"
)
_FOLLOW = re.compile(
    r"^(?:However,? |Moreover,? |Furthermore,? |Also,? |Again,? |Here,? |In addition,? |Similarly,? |Nevertheless,? |Yet |And |But |Still,? )?"
    r"(?:[Tt]hey|[Tt]heir|[Tt]he (?:authors?|researchers?|investigators?|study|studies|review|survey|former|latter|same|reviewers?|article|paper|interviewers?|writers?)|"
    r"[Ii]n (?:that|their|those|these|both|his|her|none of (?:them|these|those)|neither|another|one of (?:them|these))|[Tt]hat (?:study|work|review|paper|survey|team)|"
    r"[Tt]hose|[Tt]hese (?:authors|researchers|surveys|studies|papers|reviews|writers|works)|[Ii]t|[Hh]e|[Ss]he|[Hh]is|[Hh]er|[Tt]here|[Tt]heir|"
    r"[Bb]oth|[Nn]one of (?:them|these|those)|[Nn]either|[Ii]ts|[Ss]ome of (?:them|these)|[Ss]uch (?:studies|work|surveys)|[Ww]hat the authors)\b"
)
_TOLD_OF_THEM = re.compile(r"\bin (?:that|those|their|these|his|her) (?:study|studies|paper|work)\b")
_TURN_TO_US = re.compile(
    r"\b(?:aims?|aimed|objectives?|purpose|goal|research questions?|question of the study|therefore|the study was|"
    r"study (?:seeks|sought|explores?|aims?)|remains?|gap|little is known|lacking|needed)\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(r"\b(?:future|further|more) (?:\w+ ){0,2}(?:research|studies|work)\b", re.IGNORECASE)
_RESEARCH_ACT = re.compile(
    r"\b(?:interviewed|recruited|surveyed|sampled|enrolled|followed up|saturation|focus groups?|participants|transcripts|"
    r"respondents|informants|interviews)\b"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence before its voice is known; ``said`` counts the characters a participant says."""

    span: Span
    block: int
    kind: SectionKind
    citation: bool
    quoted: tuple[Span, ...]
    said: int = 0


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
        if 2 * draft.said > len(draft.span) + draft.said // 2:
            voices.append(Voice.PARTICIPANT)
            continue
        role = blocks[draft.block].role
        if draft.kind not in _TELLING or role not in _PROSE:
            voices.append(Voice.AUTHOR)
            continue
        before = _verdict(_authored(text, draft), draft, before)
        voices.append(Voice.CITED if before.cited else Voice.AUTHOR)
    return voices


@dataclass(frozen=True, slots=True)
class _Verdict:
    """``cited``; and whether it tells a story of another study, which the next may go on with."""

    cited: bool
    story: bool = False


_AUTHORS = _Verdict(False)
_QUOTED_TERM = re.compile(r"[“\"‘][^“”\"‘’]{1,40}[”\"’]")


def _authored(text: str, draft: Draft) -> str:
    """The sentence without quoted words."""
    line = text[draft.span.start : draft.span.end]
    for span in reversed(draft.quoted):
        low, high = span.start - draft.span.start, span.end - draft.span.start
        line = line[: max(low, 0)] + line[high:]
    return _QUOTED_TERM.sub(" ", line)


def _verdict(line: str, draft: Draft, before: _Verdict | None) -> _Verdict:
    kind = draft.kind
    if _OWN_EARLIER.search(line) and (kind is not _K.METHODS or _OWN_EARLIER.search(line[:60])):
        return _Verdict(True, True)
    line = _NEUTRAL.sub(" ", line)
    own = _OWN.search(line) is not None
    others = _OTHERS.search(line) is not None or (
        draft.citation and kind not in (_K.METHODS, _K.RESULTS) and _SINGLE.search(line) is not None
    )
    if own and not _only_compares(line, others):
        return _AUTHORS
    if kind is _K.METHODS:
        return _in_methods(line, draft)
    if others and _FUTURE.search(line) and not draft.citation:
        return _AUTHORS
    if others:
        return _strong(line, draft)
    if before is not None and before.story and _goes_on(line, kind):
        return _Verdict(True, True)
    if draft.citation and kind is _K.INTRODUCTION:
        return _Verdict(True)
    if draft.citation and kind in _ARGUING and not _OWN_SUBJECT.search(line):
        return _Verdict(True)
    return _AUTHORS


def _only_compares(line: str, others: bool) -> bool:
    """ "Our findings agree with Lee et al., who interviewed ...": what follows is theirs."""
    if not others:
        return False
    rest = _OWN_FINDING.sub(" ", line)
    return _OWN.search(rest) is None


def _in_methods(line: str, draft: Draft) -> _Verdict:
    """Methods cite what they follow; only a story of another study's people is not ours."""
    story = _STORY_IN_METHODS.match(line)
    return _Verdict(story is not None and draft.citation, story is not None)


_STORY_IN_METHODS = re.compile(
    rf"(?:In|Like|Unlike)\s(?:an?|the|another|one)\s(?:earlier|previous|prior|similar|recent|other)\s(?:[\w-]+\s){{0,3}}?{_STUDY}\b"
    rf"|(?:Previous|Earlier|Prior|Other)\s(?:[\w-]+\s){{0,3}}?{_STUDY}\b"
)


def _strong(line: str, draft: Draft) -> _Verdict:
    """A sentence that names other work; it opens a story when that work is its subject."""
    kind = draft.kind
    named = _OTHERS.search(line) or _SINGLE.search(line)
    story = named is not None and named.start() <= _SUBJECT_REACH
    if kind in (_K.OTHER, _K.RESULTS) and not draft.citation and not _NAMED.search(line):
        return _AUTHORS
    if kind is _K.ABSTRACT and _RESEARCH_ACT.search(line) and not draft.citation:
        return _AUTHORS
    return _Verdict(True, story)


_SUBJECT_REACH = 60
_NAMED = re.compile(rf"\b{_NAME}\s(?:et\sal\b|\((?:1[89]|20)\d\d)")


def _goes_on(line: str, kind: SectionKind) -> bool:
    """Whether a sentence after one on another study still speaks of that study."""
    if kind is _K.INTRODUCTION:
        return _TURN_TO_US.search(line) is None
    if _FOLLOW.search(line):
        return True
    return _TOLD_OF_THEM.search(line) is not None and _RESEARCH_ACT.search(line) is not None
