"""The form in which words are compared, for manuscripts and for phrases alike.

This stands beside the model because both the rule language and the text analysis need it, and
neither knows the other.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHE = re.compile(r"['’ʼ‘`´]")

CONTRACTED = {
    verb + "nt": (verb, "not")
    for verb in (
        "is are was were do does did has have had could would should must need might".split()
    )
}
"""Contractions in normal form, as the two words that they stand for: "weren't" is "were not"."""


@lru_cache(maxsize=200_000)
def normal(word: str) -> str:
    """``word`` in lower case, without accents, apostrophes, or the stops of initials.

    ``z`` is written ``s``, so that "organized" and "organised" are one word: applied on both
    sides, it need not be right.
    """
    if not word.isascii():
        word = "".join(
            c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)
        )
    word = _APOSTROPHE.sub("", word.lower())
    if "." in word and word[0].isalpha():
        word = word.replace(".", "")
    return word.replace("z", "s")
