"""Two reports of two versions of one manuscript, compared."""

from __future__ import annotations

from collections.abc import Iterator

from coreqcheck.model import Assessment, Finding, Level, Report
from coreqcheck.report.places import location

_RANK = {
    Level.ABSENT: 0,
    Level.PARTIAL: 1,
    Level.DECLARED: 2,
    Level.NOT_APPLICABLE: 2,
    Level.REPORTED: 2,
}
_WORDS = {
    Level.REPORTED: "reported",
    Level.PARTIAL: "partly reported",
    Level.DECLARED: "said not to have been done",
    Level.ABSENT: "not located",
    Level.NOT_APPLICABLE: "not applicable",
}


def parts(old: Report, new: Report) -> list[tuple[str, list[str]]]:
    """What changed, under five headings; a heading may have no entries."""
    return [
        ("Gained", list(_changed(old, new, 1))),
        ("Lost", list(_changed(old, new, -1))),
        ("Moved", list(_moved(old, new))),
        ("New findings", [f.message for f in _only(new, old)]),
        ("Resolved findings", [f.message for f in _only(old, new)]),
    ]


def render(old: Report, new: Report) -> str:
    """What the new version gained, lost and moved; its new and its resolved findings."""
    lines = [f"{old.path} -> {new.path}", ""]
    for name, entries in parts(old, new):
        if entries:
            lines += [name, *(f"  {e}" for e in entries), ""]
    if len(lines) == 2:
        lines.append("Nothing changed that the items or checks ask for.")
    return "\n".join(lines).rstrip() + "\n"


def _pairs(old: Report, new: Report) -> Iterator[tuple[Assessment, Assessment]]:
    before = {(a.guideline, a.item): a for a in old.assessments}
    for item in new.assessments:
        if (item.guideline, item.item) in before:
            yield before[item.guideline, item.item], item


def _changed(old: Report, new: Report, sign: int) -> Iterator[str]:
    for before, after in _pairs(old, new):
        if sign * (_RANK[after.level] - _RANK[before.level]) > 0:
            yield (
                f"{after.label:>2} {after.name}: {_WORDS[before.level]} -> {_WORDS[after.level]}"
                f"{_quoted(after, new) if sign > 0 else _quoted(before, old)}"
            )


def _quoted(item: Assessment, report: Report) -> str:
    if not item.evidence or report.manuscript is None:
        return ""
    span = item.evidence[0].span
    return f"\n     “{report.manuscript.quote(span)}” ({location(span, report.manuscript)})"


def _moved(old: Report, new: Report) -> Iterator[str]:
    """Items answered by the same words in another section."""
    if old.manuscript is None or new.manuscript is None:
        return
    for before, after in _pairs(old, new):
        if not before.evidence or not after.evidence:
            continue
        one, two = before.evidence[0].span, after.evidence[0].span
        was, now = old.manuscript.place(one).section, new.manuscript.place(two).section
        same = old.manuscript.quote(one) == new.manuscript.quote(two)
        if same and was != now:
            yield f"{after.label:>2} {after.name}: from {was or 'the start'} to {now or 'the start'}"


def _only(here: Report, there: Report) -> list[Finding]:
    """The findings of one report whose check and quotations the other does not have."""
    known = {_key(f) for f in there.findings}
    return [f for f in here.findings if _key(f) not in known]


def _key(finding: Finding) -> tuple[str, frozenset[str]]:
    return finding.check, frozenset(p.quote for p in finding.places)
