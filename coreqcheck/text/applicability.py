"""Whether COREQ speaks to a document: an interview or focus-group study, and in what language.

A verdict never silences a check by itself; it tells people what kind of document was read, and
where items "could not be decided" is the honest answer.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from coreqcheck.model import (
    UNSEARCHED,
    Applicability,
    Manuscript,
    Role,
    SectionKind,
    Sentence,
    Verdict,
    Voice,
)
from coreqcheck.text.sections import BACK_MATTER
from coreqcheck.text.wording import either, words

_K = SectionKind

_BODY = frozenset(
    {
        _K.INTRODUCTION,
        _K.METHODS,
        _K.RESULTS,
        _K.DISCUSSION,
        _K.LIMITATIONS,
        _K.CONCLUSION,
        _K.OTHER,
    }
)
_ABSTRACT_PAGE_WORDS = 500
_SHORT_WORDS = 120
_QUALITATIVE_ENOUGH = 6


def _cue(phrases: str) -> re.Pattern[str]:
    """One of ``phrases`` (see ``either``) in a line of normalised words with spaces around."""
    return re.compile(f" {either(phrases)} ")


_TALK = "interview\\w* focus_groups? focus_group_\\w+ group_discussions? fgds? idis? kiis?"
_INTERVIEW = _cue(
    _TALK
    + """ key_informants? group_interviews? conversations_with photovoice
    (?:photo|graphic|object|video)_elicitation"""
)
_HELD = either(
    """
    interviewed conducted held carried_out done undertaken performed organised facilitated
    moderated recorded transcribed collected led
    """
)
_MEETINGS = either("interviews? focus_groups? discussions? fgds? elicitation photovoice")
_DONE = re.compile(
    rf" (?:(?:was|were|been|then|also|individually|we|i) (?:\w+ ){{0,4}}{_HELD}"
    r"|(?:conducted|held|carried out|did|used|undertook|performed|ran|completed|led) "
    rf"(?:\w+ ){{0,6}}{_MEETINGS}"
    r"|interviewed"
    rf"|{_MEETINGS} (?:\w+ ){{0,5}}(?:were|was|took place|lasted|ran|explored|involved)"
    rf"|(?:through|using|via|from|of|with|on) (?:\w+ ){{0,5}}{_MEETINGS}) "
)
_QUALITATIVE = _cue(
    """
    qualitative\\w* thematic\\w* themes? grounded_theory phenomenolog\\w* ethnograph\\w*
    content_analysis framework_analysis framework_method transcri\\w+ coded coding codebook
    semi_structured participants informants
    """
)
_REVIEW_TITLE = _cue(
    """
    systematic_(?:\\w+_)?review scoping_review literature_review integrative_review
    umbrella_review rapid_review realist_review narrative_review meta_?analysis meta_?synthesis
    meta_?ethnography evidence_synthesis qualitative_synthesis thematic_synthesis
    review_of_(?:the_)?(?:\\w+_)?(?:literature|evidence|studies) overview_of_reviews
    """
)
_REVIEW_METHODS = _cue(
    """
    medline pubmed cinahl embase psycinfo scopus cochrane prisma web_of_science
    databases_were_searched searched_(?:\\w+_){0,3}databases included_studies
    studies_were_included full_texts? search_strategy prospero data_extraction risk_of_bias
    casp grade_cerqual cerqual
    """
)
_PROTOCOL_TITLE = _cue("protocol")
_FUTURE = _cue(
    """
    will_(?:be|then|also|take|have|include|explore|use|conduct|recruit|interview|analyse|last)
    we_will shall_be (?:is|are)_planned plan_to intend_to
    """
)
_PAST = _cue("was were we_(?:interviewed|conducted|recruited|used|analysed|coded|asked)")
_TRIAL_TITLE = _cue(
    """
    randomised randomisation rct controlled_trial cluster_trial pilot_trial feasibility_trial
    phase_(?:i|ii|iii|2|3)_trial
    """
)
_QUALITATIVE_TITLE = _cue(
    """
    qualitative interviews? focus_groups? process_evaluation experiences? perceptions?
    perspectives? views phenomenolog\\w* grounded_theory ethnograph\\w* thematic mixed_methods?
    lived
    """
)
_OPINION_TITLE = _cue(
    """
    editorial commentary viewpoint letter_to_the_editor opinion correspondence reply book_review
    a_response_to erratum corrigendum tutorial how_to
    """
)
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_TURN = re.compile(
    rf"\s*(?:\d{{1,2}}:\d{{1,2}}:\d{{1,2}}|(?:\[?{_CLOCK}\]?\s*)?(?:interviewer|interviewee|"
    r"moderator|facilitator|participant|respondent|speaker|[IPRQAM]\d{0,2}|INT|PAR|RES)\s?\d{0,2}"
    rf"\s*(?:\(?{_CLOCK}\)?)?\s*:)",
    re.IGNORECASE,
)
_OPINION_TYPES = words(
    """
    editorial letter commentary correction retraction book-review news obituary reply discussion
    article-commentary introduction
    """
)
_REVIEW_TYPES = words("review-article systematic-review meta-analysis")


@dataclass(frozen=True, slots=True)
class _Cues:
    """Counts over the sentences that the authors speak, by where they stand."""

    title: str
    abstract: str
    kinds: frozenset[SectionKind]
    words: int
    body_words: int
    interviews: int
    done: int
    qualitative: int
    reviews: int
    future: int
    past: int
    turns: float
    references: bool


def judge(manuscript: Manuscript) -> Applicability:
    """What kind of document this is, and the reason in one plain sentence."""
    cues = _cues(manuscript)
    for test in (_short, _language, _transcript, _abstract_page, _by_title, _review, _protocol):
        found = test(cues, manuscript)
        if found is not None:
            return found
    return _interviews(cues, manuscript)


def _short(cues: _Cues, manuscript: Manuscript) -> Applicability | None:
    if cues.words >= _SHORT_WORDS:
        return None
    return Applicability(
        Verdict.UNCERTAIN,
        f"The document holds only {cues.words} words, too few to tell what it is.",
    )


def _language(cues: _Cues, manuscript: Manuscript) -> Applicability | None:
    language = language_of(manuscript)
    if language in ("en", None):
        return None
    name = _LANGUAGE_NAMES.get(language or "")
    text = f"in {name}" if name else "in a language that was not recognised"
    return Applicability(Verdict.UNCERTAIN, f"The text is {text}; the rules know English only.")


def _transcript(cues: _Cues, manuscript: Manuscript) -> Applicability | None:
    if cues.turns < 0.4 or {_K.METHODS, _K.RESULTS} <= cues.kinds:
        return None
    return Applicability(
        Verdict.OTHER,
        "Most paragraphs are turns of speakers: this looks like the transcript of an interview, "
        "not a report of a study.",
    )


def _abstract_page(cues: _Cues, manuscript: Manuscript) -> Applicability | None:
    if cues.body_words > _ABSTRACT_PAGE_WORDS or cues.kinds & {_K.METHODS, _K.RESULTS}:
        return None
    if not cues.abstract:
        return None
    return Applicability(
        Verdict.ABSTRACT_ONLY,
        "The file holds an abstract and declarations but not the full text; most items are "
        "reported in the full text and could not be decided.",
    )


def _by_title(cues: _Cues, manuscript: Manuscript) -> Applicability | None:
    kind = (manuscript.document.meta.article_type or "").lower()
    title = cues.title
    if _REVIEW_TITLE.search(title) or (kind in _REVIEW_TYPES and cues.reviews >= 3):
        return Applicability(
            Verdict.OTHER,
            "The title names a review or synthesis of other studies; COREQ is for the studies "
            "themselves (for syntheses there is ENTREQ).",
        )
    if _PROTOCOL_TITLE.search(title) and cues.future >= 2:
        return Applicability(
            Verdict.OTHER, "This is a study protocol: it says what will be done, not what was done."
        )
    opinion = _OPINION_TITLE.search(title) is not None or kind in _OPINION_TYPES
    if opinion and cues.done < 3:
        return Applicability(
            Verdict.OTHER, "This is a commentary, editorial or letter, not a report of a study."
        )
    if _TRIAL_TITLE.search(title) and not _QUALITATIVE_TITLE.search(title) and cues.done < 6:
        return Applicability(
            Verdict.OTHER,
            "The title names a trial, and interviews or focus groups are not its main method.",
        )
    return None


def _review(cues: _Cues, manuscript: Manuscript) -> Applicability | None:
    if cues.reviews >= 6 and cues.reviews > 2 * cues.done:
        return Applicability(
            Verdict.OTHER,
            "The methods search databases and include published studies: this is a review, not "
            "an interview study.",
        )
    return None


def _protocol(cues: _Cues, manuscript: Manuscript) -> Applicability | None:
    if cues.future >= 8 and cues.future > cues.past and _K.RESULTS not in cues.kinds:
        return Applicability(
            Verdict.OTHER,
            "The methods are written in the future and there are no results: this looks like a "
            "study protocol.",
        )
    return None


def _interviews(cues: _Cues, manuscript: Manuscript) -> Applicability:
    said = _INTERVIEW.search(cues.title) or _INTERVIEW.search(cues.abstract)
    quoted = len(manuscript.quotations)
    if not cues.interviews and quoted >= 5 and cues.qualitative >= 3:
        return Applicability(
            Verdict.UNCERTAIN,
            "Participants are quoted, but interviews or focus groups are not named.",
        )
    if not cues.interviews:
        return Applicability(
            Verdict.OTHER,
            "No interviews or focus groups of the authors' own were found in the document.",
            qualitative=cues.qualitative >= _QUALITATIVE_ENOUGH and _K.METHODS in cues.kinds,
        )
    scholarly = bool(cues.references) or bool(cues.abstract)
    if _K.METHODS not in cues.kinds and not scholarly:
        return Applicability(
            Verdict.OTHER,
            "Interviews are mentioned, but there is no methods section, abstract or reference "
            "list: this looks like a page or practice report, not a research report.",
        )
    strong = cues.done >= 3 or (cues.done >= 1 and bool(said))
    told = _K.METHODS in cues.kinds or cues.done >= 3
    if strong and told and (cues.qualitative >= 3 or quoted >= 3):
        return Applicability(
            Verdict.INTERVIEW,
            "The methods describe interviews or focus groups held for this study.",
        )
    if _K.METHODS not in cues.kinds and cues.done == 0 and quoted < 3:
        return Applicability(
            Verdict.OTHER,
            "Interviews are mentioned, but nothing says that the authors held any.",
        )
    return Applicability(
        Verdict.UNCERTAIN,
        "Interviews are mentioned, but it is not clear that they are the study's main method.",
    )


def _cues(manuscript: Manuscript) -> _Cues:
    title, abstract = [manuscript.document.meta.title or ""], []
    counts: Counter[str] = Counter()
    prose = turns = 0
    references = False
    for sentence in manuscript.sentences:
        kind = manuscript.kind(sentence)
        role = sentence.role
        references = references or role is Role.REFERENCE or kind is _K.REFERENCES
        if role is Role.TITLE or (kind is _K.FRONT and role is Role.HEADING):
            title.append(" ".join(sentence.words))
        if role in UNSEARCHED or kind in (_K.REFERENCES, _K.CHECKLIST):
            continue
        counts["words"] += len(sentence.words)
        if role is Role.HEADING:
            continue
        line = f" {' '.join(sentence.words)} "
        if kind is _K.ABSTRACT:
            abstract.append(line)
        _count(counts, sentence, kind, line)
    text = manuscript.text
    for block in manuscript.document.blocks:
        if block.role in (Role.PARAGRAPH, Role.BLOCK_QUOTE, Role.LIST_ITEM):
            prose += 1
            turns += _TURN.match(text, block.span.start, block.span.end) is not None
    return _Cues(
        title=" " + " ".join(_plain(t) for t in title) + " ",
        abstract=" ".join(abstract),
        kinds=_kinds(manuscript),
        words=counts["words"],
        body_words=counts["body"],
        interviews=counts["interviews"],
        done=counts["done"],
        qualitative=counts["qualitative"],
        reviews=counts["reviews"],
        future=counts["future"],
        past=counts["past"],
        turns=turns / prose if prose >= 10 else 0.0,
        references=references,
    )


def _kinds(manuscript: Manuscript) -> frozenset[SectionKind]:
    """The kinds of sections that are there in earnest: by their heading, or by their length."""
    found = set()
    for section in manuscript.sections:
        words = manuscript.text.count(" ", section.span.start, section.span.end)
        if section.kind is not _K.OTHER and words > (15 if section.confidence >= 0.9 else 80):
            found.add(section.kind)
    return frozenset(found)


def _plain(title: str) -> str:
    return re.sub(r"[^\w]+", " ", title.lower()).replace("z", "s").strip()


def _count(counts: Counter[str], sentence: Sentence, kind: SectionKind, line: str) -> None:
    if kind in _BODY:
        counts["body"] += len(sentence.words)
    if sentence.voice is not Voice.AUTHOR or kind in BACK_MATTER:
        return
    if kind is not _K.INTRODUCTION:
        if _INTERVIEW.search(line):
            counts["interviews"] += 1
            counts["done"] += _DONE.search(line) is not None
        counts["qualitative"] += _QUALITATIVE.search(line) is not None
    if kind in (_K.METHODS, _K.ABSTRACT, _K.OTHER, _K.RESULTS):
        counts["reviews"] += len(_REVIEW_METHODS.findall(line))
        counts["future"] += _FUTURE.search(line) is not None
        counts["past"] += _PAST.search(line) is not None


# -- language

# Frequent short words in normal form: lower case, without accents, "z" written "s".
_LANGUAGES = {
    "en": """
        the of and to in a that is was were for with as on by we our this be from are it
        an which not their had
    """,
    "de": """
        der die und in den von su das mit sich des auf fur ist im dem nicht ein eine als
        auch es an werden aus wurde bei
    """,
    "fr": """
        de la le les et des en du un une dans que est pour par sur au avec qui plus ne se
        ont sont cette aux nous
    """,
    "es": """
        de la que el en y los del se las por un para con no una su al lo como mas o pero
        sus entre fue desde
    """,
    "pt": """
        de a o que e do da em um para com nao uma os no se na por mais as dos como mas ao
        ele das foi pelo pela sao entre
    """,
    "it": """
        di e il la che in a per un del le della con non si da dei sono nel alla come piu
        una gli delle al anche stato
    """,
    "nl": """
        de van het een en in is dat op te sijn met voor niet aan er om ook als dan maar
        bij uit werd naar door
    """,
}
_LANGUAGE_WORDS = {code: words(listed) for code, listed in _LANGUAGES.items()}
_LANGUAGE_NAMES = {
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "pt": "Portuguese",
    "it": "Italian",
    "nl": "Dutch",
    "ar": "Arabic",
    "zh": "Chinese",
}
_LEAST_WORDS = 20
_LEAST_SHARE = 0.12


def language_of(manuscript: Manuscript) -> str | None:
    """The manuscript's language as an ISO 639-1 code, ``other``, or ``None`` for too little text.

    A test of function words for seven languages, and of script for Arabic and Chinese.
    """
    prose = [
        s
        for s in manuscript.sentences
        if s.role in (Role.PARAGRAPH, Role.LIST_ITEM, Role.BLOCK_QUOTE)
        and manuscript.kind(s) is not _K.REFERENCES
    ] or [s for s in manuscript.sentences if s.role not in UNSEARCHED]
    script = _script(manuscript)
    if script is not None:
        return script
    found = [w for s in prose for w in s.words if w.isalpha()]
    if len(found) < _LEAST_WORDS:
        return None
    frequent = Counter(found)
    shares = {
        code: sum(frequent[w] for w in known) / len(found)
        for code, known in _LANGUAGE_WORDS.items()
    }
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] >= _LEAST_SHARE else "other"


def _script(manuscript: Manuscript) -> str | None:
    text = manuscript.text[:20_000]
    letters = sum(1 for c in text if c.isalpha())
    if letters < _LEAST_WORDS:
        return None
    arabic = sum(1 for c in text if "\u0600" <= c <= "\u06ff" or "\ufb50" <= c <= "\ufefc")
    chinese = sum(1 for c in text if "\u4e00" <= c <= "\u9fff")
    if arabic > letters / 2:
        return "ar"
    if chinese > letters / 3:
        return "zh"
    other = sum(1 for c in text if c.isalpha() and ord(c) > 0x370)
    return "other" if other > letters / 2 else None
