"""By-lines: from "Ana P. Reyes, PhD, RN¹; Lee Wu*" to authors, and telling such lines from others.

All functions are pure: strings in, values out. Markup marks (``**``, ``^1^``, ``<sup>``) and
affiliation marks are seen through, so that every reader can hand over what it has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from coreqcheck.model import Author, Role


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DEGREES = _words(
    """
    phd dphil md mdphd do dsc scd dsocsci drph dph dnp edd dclinpsy dclinpsych psyd pharmd dpt
    dr drmed drphil drscmed dds dmd dvm jd dsw dba dnsc dns dhsc otd aud thd dtech dmin mdres
    prof ba bs bsc bscn bsn bn bnurs bnsc bmid bmidwif bed beng basc bba bsw bphty bpharm
    bphysio bsocsc bsocsci bmedsc bmed bmbs bmbch mbbs mbchb mbbch mbbchbao mb bch bchir bao
    mbchir bdent bds bcom llb llm lld bot boccthy bpsych bpsysc bpsychsc bhsc bapp bappsc bamus
    ab sb aa as asn adn ma ms msc mscn msn mn mnurs mph mphil mres mmed mmedsc mmedsci mba msw
    med meng mls mlis mhsc mhs mhpe mhped mha mpa mpp mps mspt mot mpt mst mscs mmid mclinpsych
    mpsych mclin mapp mappsc mappl msocsc msocsci mid mdiv mfa mda msph mspharm mpharm mphysio
    mch mchir ms mgh mse mfph mhealthsc rn rm rnm rgn rmn rcn en lpn lvn np fnp anp crnp cnm cnp
    cns cnrn ccrn phn aprn arnp dnb rnt pgdip pgcert pgce pgdiped dip diphe dipn dcn cert hons
    candpsych candmed candscient frcp frcgp frcs frcn frca frcpath frcpch frcog frcpsych frcpe
    frcpc frcpch frcr frcm frsph ffph fracgp fracp fracs fafphm fanzca franzcog mrcp mrcgp mrcs
    mrcpch mrcog mrcpsych mrca mrcem mfphm mrcpe mcisc fhea sfhea pfhea faan faans facp facog
    facs fracds facem facn fesc fache ffnmrcsi fmedsci frs frse obe mbe cbe cpsychol csci cphys
    mcsp mrpharms lcsw licsw lmsw msw lmft lpc rd rdn ldn cde cdces rdt ot otr otrl ots otreg pt
    ptr slp ccc cccslp ccmhc chpn ocn rph bcps ats cph ches mches cpa pa pac rrt emt pe esq qc
    capt lic licenciado magister mag mestre mestrado doutor doutora enfermeira dipling dipl
    diplpsych staatsex
    """
)
_DEGREE_SHAPE = re.compile(
    r"(?:Ph|Ed|Psy|Pharm|Dr|D|Sc|M|B|PG|LL|Th)(?:[A-Z][a-z]{0,7}){1,4}"
    r"|[FM]R?C[A-Z][A-Za-z]{0,6}|F[A-Z]{3,6}"
)
_CANDIDATE = re.compile(
    r"(?:(?:PhD|Ph\.\s?D\.?|DPhil|EdD|DNP|MD|MSc|MA|MPH|Doctoral|Masters?|Medical|Graduate)\s*"
    r"(?:\(c\)|\(cand(?:idate|\.)?\)|cand(?:idate|\.)|student|trainee|fellow|scholar))",
    re.IGNORECASE,
)
_TITLES = _words(
    "dr prof professor mr mrs ms miss mx sir dame rev sister sr. assoc associate assistant "
    "dra lic mag phd-student by author authors autor autores autoren"
)
_SUFFIXES = _words("jr sr ii iii iv")
_PARTICLES = _words(
    "de da do dos das del della der den di du la le las los el van von vom zu zur ter ten te bin "
    "ibn bint binti ben abu al ul ur af av y e i san st st. mac d' o' dello degli dalla des"
)
_PLACE = re.compile(
    r"\b(?:universit|department|dept\b|school|faculty|hospital|institut|college|cent(?:re|er|ro)\b|"
    r"division|unit\b|laborator|clinic\b|clinics\b|ministry|trust\b|foundation|academy|council|"
    r"escuela|escola|facultad|faculdade|departament|hochschule|klinik|fakult|abteilung|praxis\b|"
    r"polytechnic|organi[sz]ation|programme?\b|society|association|network\b|nhs\b|inc\b|ltd\b|"
    r"gmbh|corporation|company|microsoft|street|avenue|road\b|p\.?o\.? box|research group|"
    r"services?\b|agency|graduate|infirmary|observatory)",
    re.IGNORECASE,
)
_METADATA = re.compile(
    r"^\W*(?:key\s?-?words?|index terms|palabras clave|palavras-chave|mots-cl[ée]s|"
    r"schl(?:ü|ue)sselw(?:ö|oe)rter|correspond|address for correspond|e-?mails?\b|contact\b|"
    r"author for correspond|received|accepted|revised|published|submitted|first published|doi\b|"
    r"https?://|©|copyright|licen[cs]e|to cite|cite this|citation\b|how to cite|orcid|"
    r"word count|running (?:title|head)|short title|article (?:type|info|history)|open access|"
    r"editor\b|edited by|reviewed by|academic editor|handling editor|preprint|"
    r"version\b|date\b|conflicts? of interest|funding\b|\(?[\w.+-]+@[\w-]+\.[\w.]+\)?$)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[\w.+{},\- ]*[\w}]\s?(?:@|\{at\}|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+")
_ORCID = re.compile(
    r"\(?\[?(?:https?://)?(?:www\.)?(?:orcid(?:\.org/| ?id)?:?\s*/?)?\s*"
    r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]\]?\)?"
    r"|[(\[]?\borcid(?: id)?\b[)\]]?:?",
    re.IGNORECASE,
)
_MARKS = re.compile(
    r"<sup>.*?</sup>|\^[^^\s]{1,12}\^|\^\{[^}]*\}|\$\^.*?\$"
    r"|\\?[*†‡§¶‖∗★✉☨⁎#]+|[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵃᵇᶜᵈᵉᶠᵍ]+"
    r"|(?<=[^\W\d_])\d+(?:\s*[,;&–-]\s*\d+\b)*|(?<![\w.])\d+(?:\s*[,&–-]\s*\d+\b)*\.?(?!\w)"
    r"|[(\[]\s*(?:[a-h]|\d{1,2})(?:\s*,\s*(?:[a-h]|\d{1,2}))*\s*[)\]]"
    r"|(?<=\w)\s[a-h](?:\s?,\s?[a-h])*(?=\s*(?:[,;]|$|and\b|&))",
    re.DOTALL,
)
_ET_AL = re.compile(
    r",?\s*(?:\(?(?:et al|and colleagues|and others|u\. ?a|y cols?)\b\.?\)?)", re.IGNORECASE
)
_AND = re.compile(r"\s*(?:,\s*)?(?:\band\b|&|\bund\b|＆)\s+", re.IGNORECASE)
_AND_ROMANCE = re.compile(r"\s+(?:y|e|et|i|og|och|en)\s+")
_PARENS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_NOT_NAMES = _words(
    """
    the of a an in on for with from to at study research article original report review abstract
    introduction background methods method results discussion conclusion conclusions summary
    keywords objective objectives aim aims setting participants design title page running head
    qualitative case practice content contents table figure appendix supplementary references
    acknowledgements preface overview dedication declaration chapter section part thesis
    usa uk canada australia china india germany france italy spain brazil japan
    dissertation open access journal volume issue paper draft manuscript version final text main
    cover front first next last
    """
)
_SURNAMES_TOO = _words("page case main france spain paper chapter open")
"""Words of ``_NOT_NAMES`` that are surnames where they come last ("Matthew J Page")."""

_SENTENCE = re.compile(
    rf"[.!?]\s+(?!(?:{'|'.join(map(re.escape, sorted(_PARTICLES)))})\b)[a-z]|[?!:]$"
)
_LABELLED = re.compile(r"\W*author\s*:\s*(?=\S)", re.IGNORECASE)
_GLUED = re.compile(r"([^\W\d_][\w’'ʼ-]*[^\W\dA-Z_])(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bLe)([A-Z].*)")


def initials_of(name: str) -> str:
    """The first letters of a printed name, capitals without stops ("Ana P. Reyes-Li": "APRL").

    Parts joined by a hyphen count one by one, as do particles ("da Silva": "DS").
    """
    letters: list[str] = []
    if _caseless(name):
        return ""
    for word in re.split(r"[\s\-‐‑–]+", name):
        bare = word.strip(".'’,")
        if not bare or bare.lower() in _SUFFIXES:
            continue
        if (
            bare.isalpha()
            and bare.isupper()
            and len(bare) <= 3
            and bare.isascii()
            and len(name.split()) > 1
        ):
            letters.append(bare)  # "JA Smith": initials printed together
        elif re.fullmatch(r"(?:\w\.)+\w?", word):
            letters.append(word.replace(".", "").upper())
        elif bare[0].isalpha():
            letters.append(bare[0].upper())
    return "".join(letters)


def make_author(given: str, surname: str, degrees: Iterable[str] = ()) -> Author:
    """An author whose name parts the source tells apart; either part may be empty."""
    given, surname = " ".join(given.split()), " ".join(surname.split())
    name = f"{given} {surname}".strip()
    return Author(name, surname or name, initials_of(name), split_degrees(", ".join(degrees)))


def split_degrees(text: str) -> tuple[str, ...]:
    """The degrees in "PhD, RN" or "MD PhD", as printed; everything is taken to be a degree."""
    parts = (part.strip(" ()[]") for part in re.split(r"[,;/]|\band\b", text))
    found: list[str] = []
    for part in parts:
        if not part:
            continue
        words = part.split()
        if len(words) > 1 and all(is_degree(word) for word in words):
            found.extend(words)
        else:
            found.append(part)
    return tuple(found)


def is_degree(text: str) -> bool:
    """True for a degree, registration or fellowship ("PhD", "M.D.", "BSc (Hons)", "FRCGP")."""
    bare = text.strip().strip(",;")
    if _CANDIDATE.fullmatch(bare):
        return True
    bare = _PARENS.sub("", bare).strip()
    if not bare or bare[0].islower() or len(bare) > 24:
        return False
    key = re.sub(r"[.\s\-–/']", "", bare).lower()
    if key in _DEGREES:
        # Words in small letters ("Med", "Pa", "Do") are names; degrees show a second capital.
        return sum(c.isupper() for c in bare) > 1 or len(key) > 4 or "." in bare
    return _DEGREE_SHAPE.fullmatch(re.sub(r"[.\-]", "", bare)) is not None and len(key) <= 12


def parse_byline(text: str) -> tuple[Author, ...]:
    """The authors that a by-line names, in order; empty when it names none.

    Args:
        text: the line or paragraph as printed, affiliation marks, degrees and markup included.
    """
    glued = _glued_author(text)
    if glued is not None:
        return (glued,)
    return tuple(_author(name, degrees) for name, degrees in _entries(text)[0])


def _glued_author(text: str) -> Author | None:
    """ "Author: ReyesAna P.reyes@example.org1": what converters of XML print of one author."""
    label = _LABELLED.match(text)
    if label is None or len(text) > 300:
        return None
    rest = re.sub(r"https?://orcid\.org/[\dX-]{19}|\+\d.*", "", text[label.end() :])
    stop = re.search(r"https?:|\+?\d|\S*@|[*†‡,;]", rest)
    kept = rest[: stop.start()] if stop else rest
    if stop and "@" in stop.group():
        # An address follows the name without a space: of its last word the initial is sure.
        hit = re.match(
            r"(?:[^\W\d_][\w’'-]*?[a-z](?=[A-Z]))?(?:(?:[A-Z]\.)+|[A-Z](?=[a-z]))", stop.group()
        )
        kept += hit.group() if hit else ""
    words = kept.split()
    for index, word in enumerate(words):
        parts = _GLUED.fullmatch(word)
        if parts:
            surname = " ".join([*words[:index], parts.group(1)])
            return make_author(" ".join([parts.group(2), *words[index + 1 :]]), surname)
    return None


def is_byline(text: str) -> bool:
    """True when nearly all of a line reads as names and degrees.

    Meant for text between a title and the first heading; a heading of two capitalised words
    can look like a name elsewhere.
    """
    if len(text) > 4000 or is_metadata(text):
        return False
    if _glued_author(text) is not None:
        return True
    people, strange = _entries(text)
    if not people or strange > len(people) // 3:
        return False
    bare = _bare(text)
    if _SENTENCE.search(bare):
        return False
    if len(people) == 1 and not people[0][1]:
        words = people[0][0].split()
        marked = bool(_MARKS.search(text)) or text.lstrip().lower().startswith(("by ", "author"))
        return len(words) in {2, 3, 4} and strange == 0 and (marked or not bare.endswith("."))
    return True


def is_affiliation(text: str) -> bool:
    """True when a line of front matter reads as an institution or address."""
    bare = _MARKS.sub(" ", _unmarked(text)).strip()
    if not bare or len(bare) > 3000:
        return False
    if not any(hit.group()[0].isupper() for hit in _PLACE.finditer(bare)):
        return False
    if re.search(r"\b(?:we|this|was|were|is|are|has|have|our|study|aim|interviews?)\b", bare):
        return False
    words = re.findall(r"[^\W\d_]{3,}", bare)
    capital = sum(not word[0].islower() for word in words)
    return bool(words) and capital >= 0.5 * len(words)


def is_metadata(text: str) -> bool:
    """True for keywords, correspondence, dates of receipt, licence, DOI and their like."""
    bare = re.sub(r"^\s*\d{1,2}[.)]\s+", "", _unmarked(text[:400]))
    return _METADATA.match(bare.lstrip(" \\*†‡§¶#_>-–•[(")) is not None


def front_role(text: str) -> Role | None:
    """What a paragraph between a title and the abstract is; ``None`` when it is none of these.

    Gives ``BYLINE``, ``AFFILIATION`` or ``METADATA``.
    """
    if is_metadata(text):
        return Role.METADATA
    if is_byline(text):
        return Role.BYLINE
    return Role.AFFILIATION if is_affiliation(text) else None


def _unmarked(text: str) -> str:
    """``text`` without emphasis marks of Markdown."""
    return re.sub(r"\*\*|__|(?<!\\)\*(?=\S)(?=[^*]*\S\*)|<br\s*/?>", "", text)


def _bare(text: str) -> str:
    """A by-line without marks, addresses and identifiers."""
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\u200b", "")
    text = re.sub(r"<(?!/?sup)[^>]*>", " ", text)
    text = _ORCID.sub(" ", text)
    text = _MAIL.sub(" ", text)
    text = re.sub(r"https?://\S+", " ", text)
    text = re.sub(r"\bPh\.\s+D\b", "Ph.D", text)
    text = re.sub(r"\*\*|__|`", "", text)
    text = re.sub(r"(?<!\w)_|_(?!\w)", "", text)
    text = _MARKS.sub(" ", text)
    text = _ET_AL.sub("", text)
    text = re.sub(r"^\s*(?:authors?|by|autor(?:es|en)?)\b\s*:?\s*", "", text, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", text).strip(" ,;|·•")


def _entries(text: str) -> tuple[list[tuple[str, list[str]]], int]:
    """(Name, degrees) pairs of a by-line and the number of parts that are neither."""
    people: list[tuple[str, list[str]]] = []
    strange = 0
    for group in _groups(_bare(text)):
        inverted = _inverted(group)
        if inverted is not None:
            people.append(inverted)
            continue
        for number, part in enumerate(group):
            name, degrees, odd = _part(part)
            if odd and number and people and _PLACE.search(part):
                break  # "Jane Doe, PhD, School of Nursing, Taff University": an address follows
            if name:
                people.append((name, degrees))
            elif degrees and people:
                people[-1][1].extend(degrees)
            strange += odd
    return people, strange


def _groups(bare: str) -> list[list[str]]:
    """The comma-separated parts of a by-line, in groups that stand between semicolons."""
    groups = []
    for chunk in re.split(r"\s*[;|·•、；]\s*|\n", bare):
        parts = []
        for piece in _split_commas(chunk):
            for half in _AND.split(piece):
                parts.extend(_split_romance(half))
        parts = [part.strip(" ,") for part in parts if part.strip(" ,")]
        if parts:
            groups.append(parts)
    return groups


def _split_commas(chunk: str) -> list[str]:
    """Split at commas outside parentheses."""
    parts, depth, at = [], 0, 0
    for index, char in enumerate(chunk):
        if char in "([":
            depth += 1
        elif char in ")]":
            depth = max(depth - 1, 0)
        elif char in ",，" and depth == 0:
            parts.append(chunk[at:index])
            at = index + 1
    parts.append(chunk[at:])
    return parts


def _split_romance(part: str) -> list[str]:
    """Split "Ana Reyes y Luis Mora", but not the surname "Ortega y Gasset"."""
    joint = _AND_ROMANCE.search(part)
    if joint is None:
        return [part]
    halves = [part[: joint.start()], part[joint.end() :]]
    return halves if all(len(half.split()) >= 2 for half in halves) else [part]


def _inverted(group: list[str]) -> tuple[str, list[str]] | None:
    """ "Reyes, Ana P., PhD" between semicolons: surname first."""
    if len(group) < 2 or len(group[0].split()) > 2 or is_degree(group[1]):
        return None
    surname, given = group[0], group[1]
    if not _is_name(f"{given} {surname}") or len(given.split()) > 3 or len(surname.split()) > 2:
        return None
    if len(surname.split()) == 2 and surname.split()[0].lower() not in _PARTICLES:
        return None
    degrees = [part for part in group[2:] if is_degree(part)]
    if len(degrees) != len(group) - 2:
        return None
    return f"{given} {surname}", degrees


def _part(part: str) -> tuple[str, list[str], int]:
    """One part: its name (may be empty), its degrees, and 1 when it is something else."""
    degrees: list[str] = []

    def keep(match: re.Match[str]) -> str:
        inside = split_degrees(match.group(1))
        if inside and all(is_degree(one) for one in inside):
            degrees.extend(inside)
            return ""
        return match.group() if is_degree(match.string[: match.end()].split(",")[-1]) else ""

    if is_degree(part):
        return "", [part], 0
    part = _PARENS.sub(keep, part).strip()
    if not part:
        return "", degrees, 0
    words = part.split()
    while len(words) > 1 and words[0].rstrip(".").lower() in _TITLES:
        words.pop(0)
    trailing: list[str] = []
    while len(words) > 2 and is_degree(words[-1]):
        trailing.insert(0, words.pop())
    if not trailing and len(words) >= 2 and all(is_degree(word) for word in words):
        return "", words, 0
    candidate = _CANDIDATE.search(" ".join(words))
    if candidate and candidate.start() == 0:
        return "", [part], 0
    name = " ".join(words)
    if _is_name(name):
        return name, trailing + degrees, 0
    return "", trailing + degrees, 0 if trailing else 1


def _is_name(text: str) -> bool:
    """Two to six words that could be somebody's name (one in a script without capitals)."""
    words = text.split()
    if not words or len(words) > 7 or len(text) > 80 or re.search(r"[\d@/:\\]", text):
        return False
    if _caseless(text):
        return len(text) <= 30
    if len(words) < 2 or _PLACE.search(text):
        return False
    full = 0
    for index, word in enumerate(words):
        bare = word.strip(".,'’\"")
        last = index == len(words) - 1 and index > 0
        if last and bare.lower() in _SURNAMES_TOO and bare[0].isupper():
            full += 1
            continue
        if bare.lower() in _NOT_NAMES and bare.lower() not in _PARTICLES and len(bare) > 1:
            return False
        if bare.lower() in _PARTICLES or bare.lower() in _SUFFIXES:
            continue
        if not bare or not re.fullmatch(
            r"[^\W\d_][^\W\d_'’`\-‐‑–.ʼʻ]*(?:['’`\-‐‑–.ʼʻ][^\W\d_]*)*", bare
        ):
            return False
        if bare[0].islower() and "'" not in bare and "’" not in bare and "-" not in bare:
            return False
        if len(bare) > 1 and not re.fullmatch(r"[A-Z]{1,3}|(?:[A-Z]\.)+[A-Z]?", bare):
            full += 1
    return full >= 1 or all(word.isupper() for word in words)


def _caseless(text: str) -> bool:
    """True for Chinese, Arabic, Hebrew and other writing without capitals."""
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and not any(c.islower() or c.isupper() for c in letters)


def _author(name: str, degrees: list[str]) -> Author:
    words = [word for word in name.split() if word.strip(".").lower() not in _SUFFIXES]
    last = words[-1]
    shouted = words[0].isupper() and len(last) > 2
    if (
        len(words) > 1
        and re.fullmatch(r"(?:[A-Z]\.?-?){1,4}", last)
        and not (shouted or re.fullmatch(r"(?:[A-Z]\.?){1,3}", words[0]))
    ):
        # "Reyes AP": surname first, initials after.
        given = re.sub(r"[.\-]", "", last)
        surname = " ".join(words[:-1])
        return Author(name, surname, given + initials_of(surname), _unique(degrees))
    return Author(name, _surname(words), initials_of(" ".join(words)), _unique(degrees))


def _surname(words: list[str]) -> str:
    """The last word, with the particles before it ("van der Berg")."""
    start = len(words) - 1
    while (
        start > 1
        and words[start - 1].lower() in _PARTICLES
        and not re.fullmatch("[A-Z]", words[start - 1])
    ):
        start -= 1
    if _caseless(" ".join(words)):
        return words[0][0] if len(words) == 1 and len(words[0]) <= 4 else words[-1]
    return " ".join(words[start:])


def _unique(degrees: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(degree.strip() for degree in degrees if degree.strip()))
