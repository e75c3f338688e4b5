"""Labels of speakers: "P3", "Nurse 4", "FG2-N4", "ID03, female, 34", "Brian", "male doctor"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from coreqcheck.text.wording import either, words


class Telling(IntEnum):
    """How surely a label names a speaker."""

    NAME = 1  # a capitalised word
    ROLE = 2  # a role, sex or age without a number
    CODE = 3  # a code or a numbered role


@dataclass(frozen=True, slots=True)
class SpeakerLabel:
    """A label that was understood; ``identifier`` is ``None`` where it names nobody singly."""

    identifier: str | None
    attributes: tuple[str, ...]
    telling: Telling
    prefix: str = ""  # letters of a code ("P", "FG"), to know it again in running text


ROLES = words(
    """
    participant participants respondent informant interviewee interview interviews person
    speaker patient nurse nurses midwife midwives doctor doctors physician clinician gp
    surgeon psychiatrist psychologist paediatrician pediatrician obstetrician gynaecologist
    gynecologist oncologist geriatrician neurologist radiographer dentist pharmacist
    physiotherapist therapist dietitian dietician nutritionist paramedic counsellor
    counselor social worker practitioner specialist consultant registrar resident intern
    matron sister carer caregiver carers caretaker mother mothers father fathers parent
    parents grandmother grandfather grandparent wife husband spouse partner son daughter
    sibling relative family friend neighbour neighbor woman women man men girl boy female
    male child adolescent youth teenager adult elder villager widow student students pupil
    learner teacher teachers lecturer professor tutor instructor trainee trainer principal
    headteacher head educator faculty academic researcher scientist ta phd postdoc manager
    managers director leader lead administrator admin officer official coordinator
    co-ordinator supervisor executive ceo chief policymaker policy-maker stakeholder
    commissioner planner staff member worker workers employee assistant volunteer hcw hcp
    hew chw vhv vhw vht tba ha ahp health-worker provider prescriber vaccinator dispenser
    vendor trader farmer fisherman herder driver owner developer engineer programmer
    designer architect tester sde analyst user users customer client clients consumer expert
    leader priest imam pastor traditional chief survivor victim veteran prisoner inmate
    refugee migrant asylum-seeker observer interpreter chaplain porter cleaner secretary
    receptionist librarian pregnant primigravida multigravida key-informant kii idi ssi fgd
    fgds fg focus group dyad couple housewife homemaker retired donor recipient smoker
    drinker player coach athlete officer police soldier gynae obgyn rn lpn np en cna hca ot
    slt pt md dr mentor mentee peer entrepreneur mom mum dad aunt uncle guardian householder
    resident citizen tenant activist journalist judge lawyer
    """
)
"""Words that tell what a speaker is."""

_GROUPS = frozenset({"FG", "FGD", "FGS", "G", "GD", "GROUP", "FOCUS GROUP", "DYAD"})
_SEX = re.compile(
    r"(?:female|male|woman|women|man|men|girl|boy|f|m|trans\w*|non-?binary)\b", re.IGNORECASE
)
_AGE = re.compile(
    r"(?:aged?\s|age:?\s)?\d{1,3}(?:\s?[-–]\s?\d{1,3})?[\s-]?"
    r"(?:years?|yrs?|y|yo|y/o)?[\s-]?(?:old|of age)?\b"
    r"|(?:in (?:her|his|their) )?(?:early |mid[- ]?|late )?\d0s",
    re.IGNORECASE,
)
_NO_LABEL = either(
    """
    tables? figures? fig box appendix supplement\\w* sections? chapter themes? sub-?themes? see
    e\\.?g i\\.?e cf above below emphasis italics laugh\\w* laughter paus\\w* silence
    cr(?:y|ies|ying) sigh\\w* translat\\w* sic https? www doi range mean median sd total version
    question items? step phase published accessed personal_communication original vol et_al ibid
    op_cit quoted cited in_press stud(?:y|ies) inaudible nods? smil\\w* omitted added lines?
    pages? ref equation category which that because was were is are had has who said says
    """
)
_REJECT = re.compile(rf"\b{_NO_LABEL}\b|[%=<>]|\bn\s?=", re.IGNORECASE)
_PAGE = re.compile(r"\bpp?\.\s?\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d[a-z]?\b")
_CODE = re.compile(
    r"(?P<prefix>[A-Za-z]{1,6})[\s._#-]{0,2}(?:no\.?\s?)?(?P<number>\d{1,4})(?P<tail>[A-Za-z]?"
    r"(?:\s?[-_./:,]?\s?[A-Za-z]{0,5}[-_.#\s]?\d{1,4})*[A-Za-z]?)\s?[+–−-]?"
)
_DIGITS_CODE = re.compile(r"#?\d{1,7}(?:[-_/.]\d{1,4})*(?:[-_]?[A-Z]{1,3}\d{0,3})?")
_ROLE_NUMBER = re.compile(
    r"(?P<role>[A-Za-z][A-Za-z’'&/ -]{1,40}?)[\s,]*(?:no\.?|nr\.?|number|#|№|code|id)?\s?[#_-]?"
    r"(?P<number>\d{1,4})(?P<letter>[A-Za-z]?)",
    re.IGNORECASE,
)
_ROLE_TAIL = re.compile(r"([A-Z][\w-]*\d)[-_–]([A-Za-z]{3,})")
_NOUN_NUMBER = re.compile(r"([A-Z][a-z]{3,14})\s#?(\d{1,3})([a-z]?)")
_CAPITALISED = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ’'-]"
_NAME = re.compile(
    rf"(?:Mr|Mrs|Ms|Miss|Dr|Sr|Sister|Nurse)?\.?\s?{_CAPITALISED}+(?:\s{_CAPITALISED}*\.?){{0,3}}"
)
_TOKEN = re.compile(r"[A-Za-zÀ-ÿ]+(?:-[A-Za-z]+)?")
_PIECES = re.compile(r"\s*[,;|]\s*|\s+[-–—/]+\s+|\s*/\s*|:\s+")
# Codes of other things than people.
_NOT_PEOPLE = words(
    """
    RQ H FIG TABLE TAB STEP PHASE STUDY THEME AIM BOX REF EQ SEC COVID HIV NVIVO MAXQDA SPSS
    IOS CD PM WEB GRADE LEVEL YEAR CLASS WARD DAY WEEK TIME CHAPTER PART VERSION CATEGORY
    CODE QUESTION LINE ITEM ATLAS WINDOWS ZOOM PAGE VOL NO JANUARY FEBRUARY MARCH APRIL MAY
    JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER JAN FEB MAR APR JUN JUL AUG SEP
    SEPT OCT NOV DEC APPENDIX FILE SCHOOL HOSPITAL CLINIC ART ARTICLE LAW ACT RULE SITE
    CENTRE CENTER VILLAGE DISTRICT REGION UNIT CASE MODEL TYPE OBJECTIVE ROUND SESSION SDG
    ICD DSM
    """
)
_NOT_NAMES = words(
    """
    the a an and or but this that these those it he she they we i our their there here when
    what who why how table figure box theme note english french spanish abstract
    introduction methods results discussion monday tuesday wednesday thursday friday
    saturday sunday january february march april may june july august september october
    november december yes no ok emphasis italics source ibid
    """
)
_WORDS_MAX = 14


def parse_label(printed: str) -> SpeakerLabel | None:
    """Understand a label as it is printed between brackets or after a dash.

    Returns:
        who speaks, or ``None`` when the words are no label of a person (a reference, a table,
        a stage direction).
    """
    text = printed.strip().strip("-–—―:.,; ").strip()
    text = re.sub(r"^(?:quote|quotation|from|by)\s+", "", text, flags=re.IGNORECASE)
    if not text or len(text.split()) > _WORDS_MAX:
        return None
    pieces = [p for p in _PIECES.split(_parted(text)) if p]
    if not pieces:
        return None
    if _PAGE.search(text) or (_REJECT.search(text) and not _numbered(pieces[0])):
        return None
    people = [(i, found) for i, piece in enumerate(pieces) if (found := _numbered(piece))]
    if _YEAR.search(text) and not people and not _role_in(text):
        return None
    if people:
        return _coded(pieces, people)
    if _role_in(text) or _all_attributes(pieces):
        return SpeakerLabel(None, _attributes(pieces), Telling.ROLE)
    first = pieces[0]
    if _NAME.fullmatch(first) and first.split()[0].lower() not in _NOT_NAMES:
        return SpeakerLabel(first, _attributes(pieces[1:]), Telling.NAME, first)
    if len(pieces) == 1 and _DIGITS_CODE.fullmatch(first) and not _YEAR.fullmatch(first):
        return SpeakerLabel(_digits(first), (), Telling.NAME)
    return None


def _parted(text: str) -> str:
    """ "S1-P8-Teacher" as "S1-P8, Teacher": a role joined to a code."""
    hit = _ROLE_TAIL.fullmatch(text)
    return f"{hit.group(1)}, {hit.group(2)}" if hit and _role_in(hit.group(2)) else text


def _coded(pieces: list[str], people: list[tuple[int, tuple[str, str]]]) -> SpeakerLabel:
    """A label with a code; a focus group's and a speaker's code make one identifier."""
    at, (identifier, prefix) = people[0]
    used = {at}
    if len(people) > 1:
        other, (second, second_prefix) = people[1]
        groups = [p.upper() in _GROUPS for p in (prefix, second_prefix)]
        if groups[0] != groups[1]:
            parts = (identifier, second) if groups[0] else (second, identifier)
            identifier = "-".join(part.replace(" ", "") for part in parts)
            used.add(other)
    rest = [piece for i, piece in enumerate(pieces) if i not in used]
    return SpeakerLabel(identifier, _attributes(rest), Telling.CODE, prefix)


def _numbered(piece: str) -> tuple[str, str] | None:
    """Identifier and prefix of "P03", "Nurse 04", "FG2-N4", "participant #5"; else ``None``."""
    role = _ROLE_NUMBER.fullmatch(piece)
    if role and _role_in(role.group("role")) and not _AGE_ONLY.fullmatch(piece):
        words = " ".join(role.group("role").split()).rstrip(",")
        short = words.upper() if len(words) <= 3 and " " not in words else None
        if short is None or words.lower() in {"man", "men", "boy", "son", "mom", "mum", "dad"}:
            name = words[0].upper() + words[1:].lower() if not words.isupper() else words
            if name.lower().endswith("participant no"):
                name = name[:-3]
            number = f"{int(role.group('number'))}{role.group('letter').lower()}"
            return f"{name} {number}", name
    named = _NOUN_NUMBER.fullmatch(piece)
    if named and named.group(1).upper() not in _NOT_PEOPLE:
        # A word for people that is not in the list: "Rider 2".
        return f"{named.group(1)} {int(named.group(2))}{named.group(3)}", named.group(1)
    code = _CODE.fullmatch(piece)
    if code and code.group("prefix").upper() not in _NOT_PEOPLE:
        if len(code.group("prefix")) > 4 and not code.group("prefix").isupper():
            return None
        return _normal_code(code), code.group("prefix").upper()
    digits = _DIGITS_CODE.fullmatch(piece)
    telling = digits is not None and re.search(r"[-_#]|[A-Z]", piece) is not None
    if telling and not re.fullmatch(r"\d{1,3}[-–]\d{1,3}", piece):
        return _digits(piece), "#"
    return None


_AGE_ONLY = re.compile(r"(?:aged?|age:?)\s\d+", re.IGNORECASE)


def _normal_code(code: re.Match[str]) -> str:
    whole = f"{code.group('prefix')}{int(code.group('number'))}"
    tail = code.group("tail").strip()
    parts = [whole.upper()]
    if tail and tail[0].isalpha() and not re.search(r"\d", tail):
        return parts[0] + tail.lower() if len(tail) == 1 else f"{parts[0]}-{tail.upper()}"
    for letters, number in re.findall(r"([A-Za-z]*)[-_.#\s]*(\d+)", tail):
        parts.append(f"{letters.upper()}{int(number)}")
    return "-".join(parts)


def _digits(piece: str) -> str:
    groups = re.split(r"[-_/.]", piece.lstrip("#"))
    return "-".join(str(int(g)) if g.isdigit() else g for g in groups if g)


def _role_in(text: str) -> bool:
    return any(t.lower() in ROLES for t in _TOKEN.findall(text)) or any(
        part.lower() in ROLES for t in _TOKEN.findall(text) for part in t.split("-")
    )


def _all_attributes(pieces: list[str]) -> bool:
    """Sex and age alone: "female, 34"."""
    telling = [bool(_SEX.fullmatch(p) or _AGE.fullmatch(p)) for p in pieces]
    return len(pieces) > 1 and all(telling)


def _attributes(pieces: list[str]) -> tuple[str, ...]:
    """What else a label says, one thing each: "34-year-old female nurse" is three."""
    found: list[str] = []
    for piece in pieces:
        rest = piece.strip()
        while rest:
            hit = _AGE.match(rest) or _SEX.match(rest)
            if hit is None or not hit.group().strip() or hit.end() == len(rest):
                found.append(rest)
                break
            follows = rest[hit.end() :].strip()
            if not follows or not _role_in(follows) or follows.split()[0].islower() is False:
                found.append(rest)
                break
            found.append(hit.group().strip())
            rest = follows
    return tuple(found)
