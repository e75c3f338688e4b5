"""What an assessment weighs: severities, what could not be decided, what a design does not ask."""

from __future__ import annotations

from dataclasses import replace

from coreqcheck.engine.choices import Choices
from coreqcheck.model import (
    Applicability,
    Assessment,
    Guideline,
    Level,
    Manuscript,
    Role,
    SectionKind,
    Sentence,
    Severity,
    Span,
    Verdict,
    Voice,
)

_UNDECIDABLE = frozenset({Verdict.ABSTRACT_ONLY, Verdict.OTHER})
READ_LANGUAGES = frozenset({"en", None})


def speaking(guideline: Guideline, applicability: Applicability) -> Applicability:
    """Whether a guideline speaks to a document that is judged as ``applicability`` says.

    A guideline for any qualitative study speaks to one without interviews too.
    """
    if not (guideline.any_qualitative and applicability.qualitative):
        return applicability
    return replace(
        applicability,
        verdict=Verdict.UNCERTAIN,
        why="This looks like a qualitative study, but no interviews or focus groups of the "
        "authors' own were found in it.",
    )


def weigh(
    assessment: Assessment,
    applicability: Applicability,
    language: str | None,
    choices: Choices | None = None,
) -> Assessment:
    """Set ``decided``, ``severity`` and, for an item that does not count, ``set_aside``.

    An item not located in an abstract, another kind of document, or a language that is not read
    could not be decided. By default an absent item is a warning, a partial one a note; where a
    reader must judge it is a note; what is declared or reported weighs nothing.
    """
    choices = choices or Choices()
    decided = assessment.level is not Level.ABSENT or (
        applicability.verdict not in _UNDECIDABLE and language in READ_LANGUAGES
    )
    key = assessment.guideline, assessment.item
    if choices.items is not None and key not in choices.items:
        aside = "left out by the configuration"
        return replace(assessment, decided=decided, set_aside=aside, note=f"{aside.capitalize()}.")
    severity: Severity | None = None
    if decided and assessment.level is Level.ABSENT:
        default = choices.judgement if assessment.judgement else choices.absent
        severity = choices.weight(key) or default
    elif assessment.level is Level.PARTIAL:
        severity = choices.partial
    return replace(assessment, decided=decided, severity=severity)


# -- reflexive thematic analysis -----------------------------------------------------------------

SOFTENED = {
    ("coreq", 22): (
        "themes are made by the analyst there, so data are not said to be saturated",
        "If something else told you that you had enough material, say what it was.",
    ),
    ("coreq", 24): (
        "coding there is one analyst's reading and is not held against a second coder's",
        "Say who coded, also when it was one person.",
    ),
    ("coreq", 25): (
        "codes there change to the end, and a fixed coding tree is not to be expected",
        "If codes are shown anywhere in the report, point to the place.",
    ),
    ("coreq", 28): (
        "participants are not taken to confirm an analyst's reading there",
        "Say whether participants were asked about the findings, or that they were not.",
    ),
}
"""Items that ask for what reflexive thematic analysis does not rest on: why, and what to say."""

_NAMES = (
    ("reflexive", "thematic", "analysis"),
    ("reflexive", "ta"),
    ("reflexive", "thematic", "analyses"),
    ("reflexive", "approach", "to", "thematic", "analysis"),
)
_AGAINST = frozenset({"not", "than", "unlike", "instead", "without", "nor", "neither", "differs"})
_ELSEWHERE = frozenset({SectionKind.INTRODUCTION, SectionKind.REFERENCES, SectionKind.CHECKLIST})
_UNREAD = frozenset({Role.REFERENCE, Role.FURNITURE, Role.CHECKLIST, Role.BLOCK_QUOTE, Role.COVER})
_BEFORE = 6  # words before the name in which a denial reaches it ("rather than a reflexive ...")


def reflexive(manuscript: Manuscript) -> Span | None:
    """The sentence in which a manuscript says that its own analysis is reflexive thematic analysis.

    What others did, what the introduction tells of the method, and what is set against it
    ("a codebook rather than reflexive thematic analysis") does not count.
    """
    for sentence in manuscript.sentences:
        if sentence.voice is not Voice.AUTHOR or sentence.role in _UNREAD:
            continue
        if manuscript.kind(sentence) not in _ELSEWHERE and _is_named(sentence):
            return sentence.span
    return None


def _is_named(sentence: Sentence) -> bool:
    words = sentence.words
    if "reflexive" not in words:
        return False
    for at, word in enumerate(words):
        if word == "reflexive" and any(words[at : at + len(n)] == n for n in _NAMES):
            return not _AGAINST & set(words[max(at - _BEFORE, 0) : at])
    return False


def soften(assessment: Assessment, manuscript: Manuscript, said: Span | None) -> Assessment:
    """In a reflexive thematic analysis, an item that such a design does not rest on, as a note.

    Args:
        assessment: any item, weighed.
        manuscript: the one it is about.
        said: where the manuscript says that it is reflexive thematic analysis.
    """
    softened = SOFTENED.get((assessment.guideline, assessment.item))
    if said is None or softened is None or assessment.severity is None:
        return assessment
    why, advice = softened
    where = manuscript.section_at(said.start)
    place = f" ({where.title})" if where is not None and where.title else ""
    return replace(
        assessment,
        severity=Severity.NOTE,
        note=f"A note only: the manuscript says that its analysis is reflexive thematic "
        f"analysis{place}; {why}.",
        advice=advice,
    )
