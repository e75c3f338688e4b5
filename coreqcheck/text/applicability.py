"""Whether COREQ speaks to a document (first version; being replaced)."""

from __future__ import annotations

from coreqcheck.model import Applicability, Manuscript, Verdict


def judge(manuscript: Manuscript) -> Applicability:
    """The verdict on the kind of document."""
    return Applicability(Verdict.INTERVIEW, "not judged yet")


def language_of(manuscript: Manuscript) -> str | None:
    """The language of the text."""
    return "en"
