"""Software, coders, and methods that are described in two ways."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.statements import BODY
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, Role, Span

_VERSION = re.compile(
    r"\b(nvivo|maxqda|atlas\.ti|atlas ti|dedoose|qda miner|opencode|spss)(?: (?:qualitative|data|analysis|software|program(?:me)?|pro|plus|release|computer|"
    r"statistics|package|for|windows|mac)\b| ?\([^)]*?(?=\b(?:version|v)))*,? ?\(?(?:version|v\.?|ver\.?)? ?(\d{1,4}(?:\.\d+)?)\b(?! ?(?:interviews|transcripts|%|codes))"
)


@comparison("software-version")
def software_version(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """One program in two versions."""
    statements = context.statements
    mask = statements.holding(
        "nvivo", "maxqda", "atlas", "atlasti", "dedoose", "qda", "opencode", "spss"
    )
    first: dict[str, tuple[str, int, Span]] = {}
    told: set[tuple[str, str]] = set()
    found = []
    for statement, hit in statements.find(_VERSION, mask & statements.inside(BODY)):
        if statement.sentence.role is Role.TABLE_ROW:
            continue
        name, version = hit[1], hit[2]
        span = statement.span(hit.start(), hit.end())
        one = first.setdefault(name, (version, statement.sentence.index, span))
        if one[0] == version:
            continue
        if one[1] == statement.sentence.index:
            told.add((name, version))
        elif not one[0].startswith(version) and not version.startswith(one[0]):
            found.append((name, one, version, span))
    for name, one, version, span in found:
        if (name, version) not in told:
            yield report(
                rule, context, (one[2], span), program=_printed(name), one=one[0], two=version
            )
            return


def _printed(name: str) -> str:
    return {"nvivo": "NVivo", "maxqda": "MAXQDA", "atlas.ti": "ATLAS.ti", "spss": "SPSS"}.get(
        name, name.capitalize()
    )
