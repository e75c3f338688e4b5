"""Whether two quotations are about the same place of a text."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80
"""Words that a quotation may have; a longer one meets nothing."""

_WORD = re.compile(r"[^\W_]+")


def meets(label: str, tool: str) -> bool:
    """True when a run of half of the shorter one's words (three at least) stands in the other."""
    first, second = _words(label), _words(tool)
    if not first or not second or len(second) > LONGEST:
        return False
    short, long = sorted((first, second), key=len)
    joined = f" {' '.join(long)} "
    width = max(3, (len(short) + 1) // 2) if len(short) >= 3 else len(short)
    runs = range(len(short) - width + 1)
    return any(f" {' '.join(short[at : at + width])} " in joined for at in runs)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).replace("\u00ad", "").lower()
    return _WORD.findall(plain)
