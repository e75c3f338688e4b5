"""An author's word on an item or a finding, with its reason: read from comments, and applied.

    <!-- coreqcheck: 18 not-applicable: one interview each -->
    % coreqcheck: 22 reported: in the supplement, page 3
    coreqcheck: sample-size accepted: three people took part in both groups

An answer is a person's word. It changes the level of an item, never its evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from coreqcheck.config import ANSWER_LEVELS, near
from coreqcheck.engine.choices import Key
from coreqcheck.model import (
    Answer,
    Assessment,
    Comment,
    Diagnostic,
    Finding,
    Level,
    Report,
)

ACCEPTED = "accepted"
EXAMPLE = "coreqcheck: 18 not-applicable: one interview each"

_START = re.compile(r"(?im)^\W{0,4}coreqcheck\s*:\s*")
_ANSWER = re.compile(
    r"(?s)(?P<target>[\w-]+(?::\w+)?)\s+(?P<word>not\s+applicable|[\w-]+)\s*(?::\s*(?P<reason>.*))?$"
)
_ITEM = re.compile(r"(?:(?P<guideline>[a-z]+)[-:])?(?P<prefix>[a-z])?(?P<item>\d+)$")


def read_answers(
    comments: Iterable[Comment],
    path: str,
    items: Sequence[Key],
    checks: Sequence[str],
    prefixes: Mapping[str, str] | None = None,
) -> tuple[tuple[Answer, ...], tuple[Diagnostic, ...]]:
    """The answers in the comments of a manuscript.

    Args:
        comments: as readers hand them over.
        path: the manuscript's, as reports print it.
        items: the items that there are, those of the first guideline first.
        checks: the names of the checks that there are.
        prefixes: what stands before the numbers of items ("S"), with its guideline ("srqr").

    Returns:
        the answers, and a diagnostic for each that could not be understood.
    """
    answers: list[Answer] = []
    wrong: list[Diagnostic] = []
    for comment in comments:
        line = f":{comment.line}" if comment.line is not None else " (a comment)"
        where = f"{comment.file or path}{line}"
        for said in _START.split(comment.text)[1:]:
            read = _read(" ".join(said.split()), where, items, checks, prefixes or {})
            answers += [read] if isinstance(read, Answer) else []
            wrong += [read] if isinstance(read, Diagnostic) else []
    return tuple(answers), tuple(wrong)


def _wrong(code: str, where: str, message: str) -> Diagnostic:
    return Diagnostic(f"answer.{code}", "warning", f"{where}: {message}")


def _read(
    said: str,
    where: str,
    items: Sequence[Key],
    checks: Sequence[str],
    prefixes: Mapping[str, str],
) -> Answer | Diagnostic:
    hit = _ANSWER.match(said)
    if hit is None:
        return _wrong("not-understood", where, f"“{said[:60]}” is no answer; write: {EXAMPLE}")
    word = re.sub(r"\s+", "-", hit["word"].lower())
    reason = (hit["reason"] or "").strip()
    of_item = _ITEM.match(hit["target"].lower())
    if of_item:
        prefix, guideline = (of_item["prefix"] or "").upper(), of_item["guideline"] or ""
        meant = prefixes.get(prefix, "")
        if prefix and (not meant or guideline not in {"", meant}):
            remedy = f"items {prefix}1 ... are of {meant}" if meant else "write the number alone"
            return _wrong("unknown-item", where, f"there is no item {hit['target']}; {remedy}")
        answer = _of_item(guideline or meant, int(of_item["item"]), word, where, items)
        if isinstance(answer, Answer):
            answer = replace(answer, prefix=prefix)
    else:
        answer = _of_check(hit["target"].lower(), word, where, checks)
    if isinstance(answer, Answer) and not reason:
        remedy = f"write it behind a colon: coreqcheck: {hit['target']} {word}: ..."
        return _wrong("no-reason", where, f"an answer needs a reason; {remedy}")
    return replace(answer, reason=reason) if isinstance(answer, Answer) else answer


def _of_item(
    guideline: str, item: int, word: str, where: str, items: Sequence[Key]
) -> Answer | Diagnostic:
    name = guideline or (items[0][0] if items else "")
    there = [number for known, number in items if known == name]
    if there and item not in there:
        remedy = f"its items are {min(there)} to {max(there)}"
        return _wrong("unknown-item", where, f"there is no item {item} in {name}; {remedy}")
    levels = [str(level) for level in ANSWER_LEVELS]
    if word not in levels:
        return _wrong("unknown-level", where, f"{word!r} is no level; {near(word, levels)}")
    return Answer("", where, item=item, level=Level(word), guideline=guideline)


def _of_check(check: str, word: str, where: str, checks: Sequence[str]) -> Answer | Diagnostic:
    if check not in checks:
        remedy = near(check, checks) if len(checks) < 9 else _nearest(check, checks)
        return _wrong("unknown-check", where, f"there is no check {check!r}; {remedy}")
    if word != ACCEPTED:
        remedy = f"write: coreqcheck: {check} {ACCEPTED}: ..."
        return _wrong("unknown-level", where, f"{word!r} is no answer to a check; {remedy}")
    return Answer("", where, check=check)


def _nearest(check: str, checks: Sequence[str]) -> str:
    remedy = near(check, checks)
    return remedy if remedy.startswith("did") else "see: coreqcheck rules list"


# -- applying them -------------------------------------------------------------------------------


def apply_answers(report: Report, answers: Sequence[Answer]) -> Report:
    """The report with an author's answers in it.

    An item that is not located, or located in part, gets the level of its answer, which is shown
    as the author's word; its evidence stays as it is. A finding that was accepted moves to
    ``set_aside``. Answers that change nothing are reported as diagnostics.
    """
    if not answers or report.manuscript is None:
        return report
    first = report.assessments[0].guideline if report.assessments else ""
    used: set[Answer] = set()
    items = tuple(_answered(item, answers, first, used) for item in report.assessments)
    findings: list[Finding] = []
    accepted: list[Finding] = []
    for finding in report.findings:
        answer = next((a for a in answers if _accepts(a, finding)), None)
        if answer is None:
            findings.append(finding)
            continue
        used.add(answer)
        aside = f"accepted by the author: {answer.reason} ({answer.where})"
        accepted.append(replace(finding, answer=answer, set_aside=aside))
    unused = tuple(_unused(a, items, first) for a in answers if a not in used)
    return replace(
        report,
        assessments=items,
        findings=tuple(findings),
        set_aside=(*report.set_aside, *accepted),
        diagnostics=(*report.diagnostics, *unused),
    )


def _answered(
    item: Assessment, answers: Iterable[Answer], first: str, used: set[Answer]
) -> Assessment:
    answer = next((a for a in _to(item, answers, first)), None)
    if answer is None or answer.level is None or item.set_aside:
        return item
    if item.level not in {Level.ABSENT, Level.PARTIAL}:
        return item
    used.add(answer)
    what = "not applicable" if answer.level is Level.NOT_APPLICABLE else "reported"
    return replace(
        item,
        level=answer.level,
        decided=True,
        severity=None,
        missing=(),
        advice="",
        note=f"The author's word, not found in the text: {what}, {answer.reason} ({answer.where})",
        answer=answer,
    )


def _to(item: Assessment, answers: Iterable[Answer], first: str) -> Iterator[Answer]:
    for answer in answers:
        named = answer.guideline or ("" if answer.prefix else first)
        here = answer.item == item.item and (named or item.guideline) == item.guideline
        if here and answer.prefix in {"", item.prefix}:
            yield answer


def _accepts(answer: Answer, finding: Finding) -> bool:
    if answer.check != finding.check:
        return False
    quote = " ".join(answer.quote.split())
    return not quote or any(quote in p.quote for p in finding.places)


def _unused(answer: Answer, items: Iterable[Assessment], first: str) -> Diagnostic:
    if answer.check is not None:
        why = f"no finding of {answer.check} {'with these words ' if answer.quote else ''}is there"
        return _wrong("unused", answer.where, f"the answer is not used: {why}; take it out")
    item = next((i for i in items if list(_to(i, [answer], first))), None)
    if item is None:
        why = f"item {answer.prefix}{answer.item} is not checked here"
    elif item.set_aside:
        why = f"item {item.label} is {item.set_aside}"
    elif item.answer is not None:
        why = f"item {item.label} has another answer ({item.answer.where})"
    elif item.level is Level.DECLARED:
        why = f"the manuscript itself says of item {item.label} that it was not done"
    else:
        why = f"item {item.label} was found in the manuscript"
    return _wrong("unused", answer.where, f"the answer is not used: {why}; take it out")
