"""How often each part's evidence was right on labelled manuscripts, stored beside the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coreqcheck.evaluation.gold import ItemLabel, Labelled
from coreqcheck.evaluation.quotes import meets
from coreqcheck.evaluation.scores import FIRST_FINDINGS_ITEM
from coreqcheck.language.schema import RuleSet
from coreqcheck.model import Assessment, Evidence, Report

Key = tuple[str, int, str]
"""Guideline, item, part."""

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """In how many manuscripts a part (or phrase) gave evidence, and how often that was right.

    ``alone`` counts the verdicts that rest on it alone, ``wrong_alone`` those of them that the
    label contradicts: what taking it out would mend.
    """

    right: int = 0
    of: int = 0
    alone: int = 0
    wrong_alone: int = 0

    def plus(self, right: bool, alone: bool, addressed: bool) -> Seen:
        """One more manuscript."""
        return Seen(
            self.right + right,
            self.of + 1,
            self.alone + alone,
            self.wrong_alone + (alone and not addressed),
        )


def by_part(gold: Iterable[Labelled], reports: Mapping[str, Report]) -> dict[Key, Seen]:
    """For each part that gave evidence, how often it was right."""
    found: dict[Key, Seen] = {}
    for item, label, report in _labelled(gold, reports):
        parts = dict.fromkeys(e.part for e in item.evidence)
        for part in parts:
            evidence = [e for e in item.evidence if e.part == part]
            key = (item.guideline, item.item, part)
            right = _right(evidence, label, report, item.item)
            alone = len(parts) == 1
            found[key] = found.get(key, Seen()).plus(right, alone, label.addressed)
    return found


def by_phrase(
    gold: Iterable[Labelled], reports: Mapping[str, Report]
) -> dict[tuple[str, int, str, str], Seen]:
    """The same for each phrase."""
    found: dict[tuple[str, int, str, str], Seen] = {}
    for item, label, report in _labelled(gold, reports):
        phrases = dict.fromkeys((e.part, e.phrase) for e in item.evidence)
        for part, phrase in phrases:
            evidence = [e for e in item.evidence if (e.part, e.phrase) == (part, phrase)]
            key = (item.guideline, item.item, part, phrase)
            right = _right(evidence, label, report, item.item)
            alone = len(phrases) == 1
            found[key] = found.get(key, Seen()).plus(right, alone, label.addressed)
    return found


def _labelled(
    gold: Iterable[Labelled], reports: Mapping[str, Report]
) -> Iterable[tuple[Assessment, ItemLabel, Report]]:
    for one in gold:
        report = reports.get(one.ident)
        for item in report.assessments if report else ():
            label = one.items.get(item.item)
            if label is not None and not label.disputed and item.guideline == "coreq":
                yield item, label, report  # type: ignore[misc]


def _right(evidence: Sequence[Evidence], label: ItemLabel, report: Report, item: int) -> bool:
    """Whether the label says addressed, and one of the first quotations is the label's."""
    if not label.addressed or report.manuscript is None:
        return False
    if not label.quotes or item >= FIRST_FINDINGS_ITEM:
        return True
    shown = [report.manuscript.quote(e.span) for e in evidence[:SHOWN]]
    return any(meets(quote, tool) for quote in label.quotes for tool in shown)


def as_toml(seen: Mapping[Key, Seen]) -> str:
    """The figures in the form of ``rules/calibration.toml``."""
    lines = [
        "# Written by `coreqcheck rules score CORPUS --write`: in how many labelled manuscripts the",
        "# evidence of a part was right, of how many in which it gave any.",
    ]
    heading = None
    for (guideline, item, part), one in sorted(seen.items()):
        if heading != (guideline, item):
            heading = (guideline, item)
            lines += ["", f"[{guideline}.{item}]"]
        lines.append(f"{part} = [{one.right}, {one.of}]")
    return "\n".join(lines) + "\n"


def useless_phrases(
    rules: RuleSet, seen: Mapping[tuple[str, int, str, str], Seen]
) -> tuple[list[str], list[str]]:
    """The phrases that never gave evidence, and those that mostly hurt, one line each."""
    never, hurt = [], []
    for rule in rules.rules:
        for part in rule.parts:
            for phrase in part.phrases:
                key = (rule.guideline, rule.item, part.name, phrase.source)
                one = seen.get(key)
                where = f"{rule.file} {part.name}: {phrase.source}"
                if one is None:
                    never.append(where)
                elif one.wrong_alone > one.alone - one.wrong_alone:
                    hurt.append(f"{where} (wrong {one.wrong_alone} of {one.alone} times alone)")
    return never, hurt
