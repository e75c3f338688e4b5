"""Structural evidence: what words alone do not show. Rule files name these detectors.

A detector takes the indexed manuscript and yields ``Found`` stretches; the rule's part gives
them meaning. Register with ``@detector("name")``; an unknown name in a rule file is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from coreqcheck.engine.index import Index
from coreqcheck.model import Span


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of the manuscript that answers a part; ``match`` is the telling piece of it."""

    span: Span
    match: Span | None = None
    confidence: float = 0.9


Detector = Callable[[Index], Iterable[Found]]
DETECTORS: dict[str, Detector] = {}


def detector(name: str) -> Callable[[Detector], Detector]:
    """Register a detector under the name that rule files use."""

    def register(function: Detector) -> Detector:
        DETECTORS[name] = function
        return function

    return register
