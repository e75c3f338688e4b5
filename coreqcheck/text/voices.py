"""Who speaks in each sentence (first version: the authors, or a participant)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coreqcheck.model import Block, SectionKind, Span, Voice


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence before its voice is known."""

    span: Span
    block: int
    kind: SectionKind
    citation: bool
    quoted: tuple[Span, ...]


def voices_of(text: str, blocks: Sequence[Block], drafts: Sequence[Draft]) -> list[Voice]:
    """The voice of each sentence."""
    return [Voice.AUTHOR for _ in drafts]
