"""A rule of thumb to be better than: one pattern per item, anywhere in the text."""

from __future__ import annotations

import re

_PATTERNS = {
    1: r"interviewer|moderator|facilitator",
    2: r"\bPh\.?D|\bMSc|\bRN\b|\bMD\b",
    3: r"lecturer|professor|\bnurse\b",
    4: r"(fe)?male (researcher|interviewer)",
    5: r"trained|experienced",
    6: r"relationship|rapport",
    7: r"informed about the|aims? of the study",
    8: r"bias|reflexiv",
    9: r"thematic analysis|content analysis|grounded theory|phenomenolog",
    10: r"purposive|convenience|snowball",
    11: r"invited|e-?mail|recruited",
    12: r"participants",
    13: r"declin|refus|dropp",
    14: r"home|office|clinic|telephone|Zoom",
    15: r"present during|privacy|private",
    16: r"\bage|characteristics",
    17: r"interview guide|topic guide",
    18: r"repeat interview|follow-?up interview",
    19: r"record",
    20: r"field ?notes",
    21: r"minutes",
    22: r"saturation",
    23: r"transcripts? (was|were) returned",
    24: r"independently coded|coders|two researchers",
    25: r"codebook|coding tree|coding framework",
    26: r"inductive|deductive|emerged",
    27: r"NVivo|ATLAS|MAXQDA|software",
    28: r"member check|participant check|feedback on the findings",
    29: r"[“\"]",
    30: r"themes?",
    31: r"themes?",
    32: r"sub-?themes?",
}
_COMPILED = {item: re.compile(source, re.IGNORECASE) for item, source in _PATTERNS.items()}


def present(text: str) -> dict[int, bool]:
    """For each item, whether its keyword stands anywhere in ``text``."""
    return {item: pattern.search(text) is not None for item, pattern in _COMPILED.items()}
