"""How the page numbers of a completed checklist go with those of the manuscript's file.

Authors give the pages of the file, the numbers printed on them, or those of another version with
a title page more. Which of these it is shows in the items that can be found: the numbering that
puts most of them where their evidence stands is taken, and only what then remains is odd.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

NEAR = 1
"""Pages by which an answer may be off: sentences run over, and layouts shift."""
_FEWEST = 6  # answers, below which no numbering can be told
_MOSTLY = 0.6
_BY_OFFSET = 0.75  # an offset has more freedom, so it must explain more
_FURTHEST = 60


@dataclass(frozen=True, slots=True)
class Cited:
    """``pages`` that the checklist gives for ``item``; ``found``, where its evidence stands."""

    item: int
    pages: tuple[int, ...]
    found: frozenset[int]


@dataclass(frozen=True, slots=True)
class Numbering:
    """``offset`` is the checklist's number less the file's; ``printed`` when these are printed numbers."""

    offset: int
    printed: bool
    explained: int
    tried: int

    def fits(self, cited: Cited) -> bool:
        """Whether a page that is cited is one, or next to one, where evidence stands."""
        return _fits(cited, self.offset)


def numbering(counted: Sequence[Cited], printed: Sequence[Cited] = ()) -> Numbering | None:
    """The numbering that explains most pages, or ``None`` when none explains enough of them.

    Args:
        counted: the answers with the pages of their evidence counted from the file's first.
        printed: the same with the numbers that are printed on the pages.
    """
    plain = [_tried(c, 0, p) for c, p in ((counted, False), (printed, True)) if len(c) >= _FEWEST]
    good = [n for n in plain if n.explained >= _MOSTLY * n.tried]
    if good:
        return max(good, key=lambda n: (n.explained / n.tried, not n.printed))
    if len(counted) < _FEWEST:
        return None
    steps = Counter(p - f for c in counted for p in c.pages for f in c.found)
    likely = [s for s, _ in steps.most_common(5) if 0 < abs(s) <= _FURTHEST]
    shifted = [_tried(counted, s, False) for s in likely]
    good = [n for n in shifted if n.explained >= _BY_OFFSET * n.tried]
    exact = {n.offset: sum(_fits(c, n.offset, 0) for c in counted) for n in good}
    return max(good, key=lambda n: (exact[n.offset], n.explained), default=None)


def _tried(cited: Sequence[Cited], offset: int, printed: bool) -> Numbering:
    explained = sum(_fits(c, offset) for c in cited)
    return Numbering(offset, printed, explained, len(cited))


def _fits(cited: Cited, offset: int, near: int = NEAR) -> bool:
    return any(abs(p - offset - f) <= near for p in cited.pages for f in cited.found)
