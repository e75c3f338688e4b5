"""What an assessment weighs: severities, and what could not be decided."""

from __future__ import annotations

from dataclasses import replace

from coreqcheck.model import Applicability, Assessment, Level, Severity, Verdict

_UNDECIDABLE = frozenset({Verdict.ABSTRACT_ONLY, Verdict.OTHER})
READ_LANGUAGES = frozenset({"en", None})


def weigh(assessment: Assessment, applicability: Applicability, language: str | None) -> Assessment:
    """Set ``decided`` and ``severity``.

    An item not located in an abstract, another kind of document, or a language that is not read
    could not be decided. By default an absent item is a warning, a partial one a note; where a
    reader must judge it is a note; what is declared or reported weighs nothing.
    """
    decided = assessment.level is not Level.ABSENT or (
        applicability.verdict not in _UNDECIDABLE and language in READ_LANGUAGES
    )
    severity: Severity | None = None
    if decided and assessment.level is Level.ABSENT:
        severity = Severity.NOTE if assessment.judgement else Severity.WARNING
    elif assessment.level is Level.PARTIAL:
        severity = Severity.NOTE
    return replace(assessment, decided=decided, severity=severity)
