"""Names of uploaded files, made safe to store, to print, and to put into a header."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def safe_name(given: str, fallback: str = "manuscript") -> str:
    """A plain file name out of whatever a browser sends.

    Folders, control characters, marks that turn the direction of writing, characters that some
    system forbids, and leading dots are taken out; the ending is kept. Never empty.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    kept = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    kept = re.sub(r'[<>:"|?*%\u2028\u2029]', "_", kept).strip().lstrip(".").rstrip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        stem, ending = kept, ""
    ending = ending[:12]
    stem = stem[: LONGEST - len(ending)].strip() or fallback
    name = f"{stem}.{ending}" if ending else stem
    return f"_{name}" if _RESERVED.match(name) else name
