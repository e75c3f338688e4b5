"""The ledger of participants: who is quoted, how often, and what the labels say of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coreqcheck.model import Manuscript, Quotation

_NUMBERED = re.compile(r"(?P<prefix>.*?)[\s\-_#.]*(?P<number>\d+)")
SEXES = {
    "female": "female", "woman": "female", "women": "female", "f": "female", "girl": "female",
    "male": "male", "man": "male", "men": "male", "m": "male", "boy": "male",
}  # fmt: skip
_AGE = re.compile(r"(?:aged? )?(\d{2})(?: ?-? ?(?:years?|yrs?|y)\b.*)?(?: old)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One identifier with the quotations that carry it, in text order.

    ``prefix`` and ``number`` part a numbered identifier ("P7", "Nurse 4"); ``number`` is ``None``
    for pseudonyms and for codes of several parts ("FG2-N4").
    """

    identifier: str
    prefix: str
    number: int | None
    quotations: tuple[Quotation, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The identifier's printed forms, each once."""
        return tuple(dict.fromkeys(q.label for q in self.quotations if q.label))


def ledger(manuscript: Manuscript) -> tuple[Entry, ...]:
    """The identifiers of the manuscript's quotations, in order of their first quotation."""
    found: dict[str, list[Quotation]] = {}
    for quotation in manuscript.quotations:
        if quotation.identifier:
            found.setdefault(quotation.identifier, []).append(quotation)
    return tuple(_entry(identifier, quotes) for identifier, quotes in found.items())


def _entry(identifier: str, quotations: Sequence[Quotation]) -> Entry:
    hit = _NUMBERED.fullmatch(identifier)
    prefix = hit["prefix"].strip() if hit else identifier
    plain = hit is not None and not re.search(r"\d", prefix)
    number = int(hit["number"]) if hit and plain else None
    return Entry(identifier, prefix, number, tuple(quotations))


def sex(quotation: Quotation) -> str | None:
    """``female`` or ``male`` when the label says so."""
    for attribute in quotation.attributes:
        for word in re.findall(r"[a-z]+", attribute.lower()):
            if word in SEXES:
                return SEXES[word]
    return None


def age(quotation: Quotation) -> int | None:
    """The age in years when the label gives one."""
    for attribute in quotation.attributes:
        hit = _AGE.fullmatch(attribute.strip())
        if hit:
            return int(hit[1])
    return None


def prefixes(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Numbered entries by their prefix ("P", "Nurse")."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.number is not None:
            found.setdefault(entry.prefix, []).append(entry)
    return found
