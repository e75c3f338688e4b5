"""Who is meant by initials, surnames, and "the first author": the by-line as a key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from coreqcheck.engine.statements import QUOTED, Statements
from coreqcheck.model import Author, Sentence

_TOKEN = re.compile(
    r"(?<![\w@.-])(?:[A-ZÀ-ÞŠŽ]\.?[- ]?(?:(?:v|d|l|van|de|den|der|da|dos|el|al|bin)\.?[- ]?){0,2}){1,4}[A-ZÀ-ÞŠŽ]\.?(?![\w-])"
    r"|(?<![\w@.-])[A-Z][a-z]?(?:[A-Z][a-z]?){1,4}(?![\w-])"
)
# "with the help of IE. MRS drafted": a full stop after initials without stops ends a sentence.
_STOP = re.compile(r"(?<=[A-Z]{2})\. (?=[A-Z])")
_ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "last": -1,
    "senior": -1,
}
_ORDINAL = re.compile(
    r"\b(?:the )?(first|second|third|fourth|fifth|last|senior|1st|2nd|3rd|4th)(?: and (first|second|third|fourth|fifth|last|senior))? (?:listed |named )?authors?\b",
    re.IGNORECASE,
)
_NOT_PEOPLE = frozenset(
    "USA UK EU UN WHO NHS HIV AIDS TB GP GPS ICU NICU ED ER RN MD PHD MSC BSC MPH BA MA MS BMJ IRB REC IT AI ML HCI II III IV VI VII VIII IX "
    "ID PI CI SD OR RQ FGD FGDS IDI IDIS KII KIIS TA GT IPA NGO PTSD ADHD BMI LMIC HCP HCW CHW CEO PC TV CD DVD COVID PPE QOL RCT SPSS TDF CFIR COREQ SRQR "
    "CASP AM PM NOT AND THE QSR NVIVO MAXQDA ATLAS US UAE DC OK II FU NO HREC CREDIT ORCID DOI ANC PNC MCH OPD CCG GDPR".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named at ``start`` of a sentence's text: an author's number, or other initials."""

    start: int
    end: int
    author: int | None
    printed: str


class Team:
    """The authors, and every way in which a sentence may name them."""

    def __init__(self, authors: tuple[Author, ...], acronyms: frozenset[str]) -> None:
        self.authors = authors
        self._initials: dict[str, set[int]] = {}
        self._surnames: dict[str, int] = {}
        self.acronyms = acronyms
        for number, author in enumerate(authors):
            for form in _forms(author):
                self._initials.setdefault(form, set()).add(number)
            surname = author.surname.strip()
            if len(surname) >= 3:
                self._surnames[surname] = number
        names = sorted(map(re.escape, self._surnames), key=len, reverse=True)
        self._surname = re.compile(rf"(?<![\w-])(?:{'|'.join(names)})(?![\w-])") if names else None

    def initials(self, printed: str) -> int | None:
        """The one author with these initials."""
        found = self._initials.get(_letters(printed), set())
        return next(iter(found)) if len(found) == 1 else None

    def known(self, printed: str) -> bool:
        """Whether initials are those of an author, or of several."""
        return bool(self._initials.get(_letters(printed)))

    def mentions(self, text: str) -> list[Mention]:
        """Everybody who is named in ``text``, in order, without overlap."""
        found: list[Mention] = []
        for hit in _TOKEN.finditer(_STOP.sub(_parted, text)):
            printed = hit[0].strip(" -")
            letters = _letters(printed)
            stranger = not self.known(printed)
            if not 2 <= len(letters) <= 6 or (stranger and letters.upper() in _NOT_PEOPLE):
                continue
            if stranger and letters.upper() in self.acronyms:
                continue
            found.append(
                Mention(
                    hit.start(),
                    hit.start() + len(hit[0].rstrip(" -")),
                    self.initials(printed),
                    printed,
                )
            )
        if self._surname is not None:
            for hit in self._surname.finditer(text):
                found.append(Mention(hit.start(), hit.end(), self._surnames[hit[0]], hit[0]))
        for hit in _ORDINAL.finditer(text):
            for word in filter(None, (hit[1], hit[2])):
                at = _ORDINALS[word.lower()]
                if -1 <= at < len(self.authors):
                    number = at if at >= 0 else len(self.authors) - 1
                    found.append(Mention(hit.start(), hit.end(), number, hit[0]))
        return sorted(found, key=lambda m: (m.start, -m.end))


def _parted(hit: re.Match[str]) -> str:
    """As many characters, none of which joins initials."""
    return "; "


def _letters(printed: str) -> str:
    return re.sub(r"[^A-Za-zÀ-ÿŠšŽž]", "", printed).lower()


def _forms(author: Author) -> Iterable[str]:
    """The initials by which an author may go: all, first and last, without what stands between."""
    letters = _letters(author.initials)
    if not letters:
        return
    yield letters
    if len(letters) > 2:
        yield letters[0] + letters[-1]
        yield letters[:2]
        yield letters[0] + letters[-2:]
    parts = [p for p in re.split(r"[\s.]+", author.name) if p]
    capitals = "".join(p[0] for p in parts if p[0].isupper()).lower()
    if len(capitals) >= 2:
        yield capitals
        yield capitals[0] + capitals[-1]
    every = "".join(p[0] for p in parts).lower()
    if len(every) >= 2:
        yield every
    pieces = [q for p in parts for q in re.split(r"[-‐‑–]", p) if q and q[0].isupper()]
    hyphened = "".join(q[0] for q in pieces).lower()
    if len(hyphened) >= 2:
        yield hyphened
    surname = author.surname.split("-")[0]
    if parts and surname:
        yield (parts[0][0] + surname[0]).lower()


@lru_cache(maxsize=2)
def team_of(statements: Statements) -> Team:
    """The team of a manuscript."""
    return Team(statements.index.manuscript.authors, frozenset(statements.index.acronyms))


def marked_text(statements: Statements, sentence: Sentence) -> tuple[str, tuple[Mention, ...]]:
    """The sentence in lower case with ``@0@``, ``@1@`` ... for those who are named in it."""
    team = team_of(statements)
    text = statements.index.manuscript.text[sentence.span.start : sentence.span.end]
    for quoted in reversed(sentence.quoted):
        low = max(quoted.start - sentence.span.start, 0)
        high = min(quoted.end - sentence.span.start, len(text))
        text = text[:low] + QUOTED * max(high - low, 0) + text[high:]
    pieces: list[str] = []
    kept: list[Mention] = []
    at = 0
    for mention in team.mentions(text):
        if mention.start < at:
            if kept and mention.start == kept[-1].start and mention.end == kept[-1].end:
                pieces.append(f" and @{len(kept)}@")  # "the first and last authors"
                kept.append(mention)
            continue
        pieces.append(text[at : mention.start].lower())
        pieces.append(f"@{len(kept)}@")
        kept.append(mention)
        at = mention.end
    pieces.append(text[at:].lower())
    return re.sub(r"\s+", " ", "".join(pieces)), tuple(kept)
