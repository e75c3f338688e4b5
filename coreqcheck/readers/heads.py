"""What reads like a heading: known section names, numbered heads, bold labels that run in.

Shared by the readers of formats whose headings are only a matter of looks. Pure functions.
"""

from __future__ import annotations

import re

NUMBERING = re.compile(
    r"(?:(?:chapter|section|part|appendix|kapitel)\s+)?"
    r"(?:\d{1,2}(?:\.\d{1,2}){0,4}[.):]?|[IVX]{1,5}[.)]|[A-H][.)]|\([a-h0-9ivx]{1,3}\))\s+",
    re.IGNORECASE,
)
"""A number that stands before a heading's words ("2.1 ", "IV. ", "A) ")."""

_ONE = r"""
abstract|summary|synopsis|precis|lay summary|plain(?:-|\s)language summary|executive summary|
key ?points|key messages?|highlights|what is (?:already )?known.{0,40}|
what this (?:study|paper) adds|strengths and limitations(?: of (?:the|this) study)?|background|
introduction|context|rationale|literature review|review of (?:the )?literature|related works?|
problem|problem statement|significance|issue|hypothes[ie]s|objectives?|
(?:study |research )?aims?|purpose|goals?|research questions?|(?:study |research )?design|
(?:study )?setting|(?:study )?site|context|(?:study )?participants|subjects|patients|population|
(?:study )?sample|sample size|sampling|recruitment|
(?:sampling|recruitment|participants) and (?:sampling|recruitment|setting|participants)|
interventions?|(?:main )?outcomes?(?: measures?)?|measures?|instruments?|procedures?|data|
data collection|data gathering|data sources?|interviews?|interview guide|interviewers|
focus groups?|(?:data )?analys[ie]s|(?:qualitative |statistical |thematic )?data analysis|
coding|data collection and analysis|data management|trustworthiness|rigou?r|reflexivity|
positionality|research team(?: and reflexivity)?|researcher characteristics|
theoretical framework|conceptual framework|philosophical .{3,30}|
(?:materials? and |patients and |subjects and |participants and )?methods?|methodology|
method and materials|research methods?|methodological approach|
(?:methods?|approach) and .{3,30}|experimental procedures|results?|findings?|
results and discussion|findings and discussion|themes?|discussions?|general discussion|
discussion and conclusions?|comparison with .{3,40}|principal findings|
statement of principal findings|interpretation|(?:study |methodological )?limitations?|
(?:study )?strengths?|strengths and weaknesses|limitations and .{3,40}|implications?|
(?:implications|relevance|relevance and implications|recommendations)(?: for| to)? .{3,50}|
(?:clinical |practice |policy )implications|recommendations?|
future (?:research|work|directions)|conclusions?|concluding remarks|conclusions? and .{3,40}|
acknowledge?ments?|contributors?|contributorship(?: statement)?|
author(?:s['’]?|['’]s)?\s?contributions?(?: statement)?|credit .{0,30}statement|
authorship(?: contribution)?(?: statement)?|funding(?: (?:sources?|information|statement))?|
financial (?:support|disclosure)|sources? of (?:funding|support)|support|grants?|sponsors?|
role of the .{4,40}|
(?:declaration of |potential )?(?:competing|conflicts?(?: of)?|conflicting)\s?
interests?(?: statement)?|
disclosures?(?: statement)?|declarations?|declaration of .{3,40}|ethics|ethics .{3,40}|
ethical .{3,40}|research ethics|institutional review board.{0,20}|
informed consent(?: statement)?|(?:patient )?consent.{0,40}|consent (?:for|to) .{3,30}|
(?:patient|public).{0,10}(?:and|&) .{0,10}(?:patient|public).{0,3} involvement|
patient involvement|provenance and peer review|data availability(?: statement)?|
availability of .{3,40}|data sharing.{0,20}|supplement(?:al|ary) .{3,30}|supplement \w{1,3}|
additional files?|
supporting information|abbreviations?|glossary|references?|bibliography|works cited|
literature cited|literature|notes|footnotes|endnotes|
appendi(?:x|ces)(?: [a-z0-9]{1,2})?(?:[.:] .{3,60})?|annex(?: [a-z0-9]{1,2})?|
authors?['’]? (?:details|information|notes|biograph(?:y|ies|ical .{3,12}))|
biograph(?:y|ies)|biographical (?:notes?|sketch(?:es)?)|about the authors?|key ?words|
trial registration|registration|reporting guidelines?|resumen|resumo|introducci[oó]n|
introdu[cç][aã]o|m[eé]todos?|resultados|discusi[oó]n|discuss[aã]o|conclusi[oó]n(?:es)?|
conclus(?:[aã]o|[oõ]es)|referencias|refer[eê]ncias|agradecimientos|agradecimentos|einleitung|
hintergrund|zusammenfassung|methodik|methoden|ergebnisse|diskussion|fazit|
schlussfolgerung(?:en)?|literatur(?:verzeichnis)?|danksagung|anhang|r[eé]sum[eé]|m[eé]thodes?|
r[eé]sultats|remerciements
"""
KNOWN = re.compile(rf"(?:{_ONE.replace(chr(10), '')})", re.IGNORECASE)
"""The names of sections that journals and theses use; match in full, numbering stripped."""

_SPEAKER = re.compile(
    r"(?:(?i:(?:the\s)?(?:interviewer|interviewee|moderator|facilitator|participant|respondent|"
    r"informant|researcher|speaker)(?:[\s_-]?\d{1,3}[a-z]?|[\s_-][a-z]\d{0,3})?)"
    r"|(?:Int|INT|Res|RES|Resp|Mod|MOD|Fac|[RIQAPMFW])(?:[\s_-]?[A-Z]?\d{0,3}[A-Za-z]?)?"
    r"|[A-Z]{1,4}[\s_-]?\d{1,3}[A-Za-z]?|[A-Z]{1,3}"
    r"|(?i:(?:fgd?|focus group|group|id|no)\W?\s?\d{1,3}.{0,20}|(?:dr|prof|mr|mrs|ms)\.? \w+)"
    r")\s*[:.]?"
)
_THEME = re.compile(
    r"(?:sub-?)?(?:main |overarching |major |minor )?(?:theme|category|sub-?theme|sub-?category|"
    r"phase|step|stage|domain|dimension|finding|concept|construct|case|component|aim|objective|"
    r"proposition|pattern|question)s?\s*"
    r"(?:\d{1,2}|[ivx]{1,4}|[a-f]|one|two|three|four|five|six|seven|eight)\b",
    re.IGNORECASE,
)
_SENTENCE_STARTS = frozenset(
    {"i", "i'm", "i’m", "we", "he", "she", "it", "they", "you", "there", "this", "these", "those"}
    | {"my", "so", "yes", "no", "well", "but"}
)


def strip_number(text: str) -> str:
    """``text`` without a heading's number before it and without a final colon or full stop."""
    hit = NUMBERING.match(text)
    return (text[hit.end() :] if hit else text).strip().rstrip(":.").strip()


def is_known(text: str) -> bool:
    """True when the whole of ``text`` is a section name ("2. Methods", "ETHICS APPROVAL:").

    Spaces inside words ("RE SULTS") are seen through.
    """
    if len(text) > 120:
        return False
    bare = " ".join(strip_number(text).split())
    if KNOWN.fullmatch(bare):
        return True
    tight = bare.replace(" ", "")
    return bare.isupper() and " " in bare and bool(re.fullmatch(_TIGHT, tight, re.IGNORECASE))


_TIGHT = (
    "abstract|background|introduction|methods?|materialsandmethods|results?|findings|discussion|"
    "conclusions?|limitations|references|acknowledge?ments?|funding|contributors"
)


def is_speaker(label: str) -> bool:
    """True for the label of somebody who speaks in a transcript ("P3:", "Interviewer")."""
    return _SPEAKER.fullmatch(label.strip()) is not None


def is_run_in(label: str, emphasis: str = "bold") -> bool:
    """True when an emphasised label at the start of a paragraph is a heading of that paragraph.

    Args:
        label: the emphasised words with the stop or colon after them ("Data collection.").
        emphasis: ``bold``, or ``italic``, of which only a short label with a stop counts.
    """
    label = " ".join(label.split())
    if not label or label[-1] not in ".:" or len(label) > 110:
        return False
    bare = strip_number(label)
    if is_speaker(label) and not is_known(bare) and not _THEME.match(bare):
        return False
    words = bare.split()
    if not words or re.match(r"[\"“‘'«„(\[]", label) or re.search(r"[?!;…]|\.\s+[A-Z]|”", bare):
        return False
    if re.match(
        r"(?:table|figure|fig|box|box|supplement\w*|appendix)\b\.?\s*\w?\d", bare, re.IGNORECASE
    ):
        return False
    if is_known(bare) or _THEME.match(bare):
        return True
    if bare[0].islower() or words[0].lower().rstrip("'’") in _SENTENCE_STARTS:
        return False
    if label[-1] == ":":
        # A colon also stands after people's names and after terms of a list.
        return emphasis == "bold" and len(words) <= 8 and any(KNOWN.fullmatch(w) for w in words)
    return len(words) <= (10 if emphasis == "bold" else 7) and bare[-1] not in ",-–"


def is_bold_heading(text: str) -> bool:
    """True when a paragraph that is bold throughout reads as a heading."""
    bare = " ".join(text.split())
    if not bare or len(bare) > 160 or len(bare.split()) > 20 or is_speaker(bare):
        return False
    if re.match(r"(?:table|figure|fig|box)\b\.?\s*\w?\d", bare, re.IGNORECASE):
        return False
    if re.match(r"[\"“‘'«„]", bare) and not re.search(r"[\"”’'»“]$", bare):
        return False
    return not re.search(r"[.;,]$|\.\s+[A-Z][a-z]+ ", bare) or is_known(bare)
