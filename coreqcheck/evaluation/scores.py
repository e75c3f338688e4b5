"""The tool's verdicts held against labels: per item, pooled, and beside simple baselines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from coreqcheck.evaluation import agreement
from coreqcheck.evaluation.agreement import Pair, ratio
from coreqcheck.evaluation.gold import Labelled
from coreqcheck.evaluation.quotes import meets
from coreqcheck.model import Level, Report

SHOWN_QUOTES = 3
FIRST_FINDINGS_ITEM = 29  # from here on any quotation of the results will do as evidence


@dataclass(frozen=True, slots=True)
class Decision:
    """One item of one manuscript: what the label says and what the tool said."""

    ident: str
    item: int
    label: Level
    tool: Level
    label_quotes: tuple[str, ...]
    tool_quotes: tuple[str, ...]

    @property
    def pair(self) -> Pair:
        """(addressed by the label, addressed by the tool)."""
        return self.label is not Level.ABSENT, self.tool is not Level.ABSENT

    @property
    def right(self) -> bool:
        """Whether both say addressed or both say absent."""
        return self.pair[0] == self.pair[1]

    @property
    def evidence_right(self) -> bool | None:
        """Whether a quotation of the tool's first three is the label's; ``None`` if not asked."""
        if not all(self.pair) or not self.label_quotes or self.item >= FIRST_FINDINGS_ITEM:
            return None
        shown = self.tool_quotes[:SHOWN_QUOTES]
        return any(meets(label, tool) for label in self.label_quotes for tool in shown)


@dataclass(frozen=True, slots=True)
class Score:
    """Agreement over a set of decisions."""

    n: int
    prevalence: float
    sensitivity: float
    specificity: float
    balanced: float
    ac1: float
    kappa: float
    level: float
    evidence: float
    accuracy: float
    f1_absent: float
    sensitivity_interval: tuple[float, float]
    specificity_interval: tuple[float, float]
    kappa_interval: tuple[float, float]


def decisions(gold: Iterable[Labelled], reports: dict[str, Report]) -> list[Decision]:
    """Every undisputed label with the verdict of the report of its identifier."""
    found = []
    for one in gold:
        report = reports.get(one.ident)
        verdicts = {a.item: a for a in report.assessments} if report else {}
        for item, label in sorted(one.items.items()):
            if label.disputed:
                continue
            verdict = verdicts.get(item)
            quotes: tuple[str, ...] = ()
            if verdict is not None and report is not None and report.manuscript is not None:
                quotes = tuple(report.manuscript.quote(e.span) for e in verdict.evidence)
            level = verdict.level if verdict is not None else Level.ABSENT
            found.append(Decision(one.ident, item, label.level, level, label.quotes, quotes))
    return found


def score(made: Sequence[Decision]) -> Score:
    """The measures of agreement over ``made``."""
    pairs = [d.pair for d in made]
    yes = sum(a for a, _ in pairs)
    both = sum(a and b for a, b in pairs)
    neither = sum(not a and not b for a, b in pairs)
    no = len(pairs) - yes
    sensitivity, specificity = ratio(both, yes), ratio(neither, no)
    asked = [d.evidence_right for d in made if d.evidence_right is not None]
    wrong = sum(a != b for a, b in pairs)
    return Score(
        n=len(made),
        prevalence=ratio(yes, len(pairs)),
        sensitivity=sensitivity,
        specificity=specificity,
        balanced=(sensitivity + specificity) / 2,
        ac1=agreement.ac1(pairs),
        kappa=agreement.kappa(pairs),
        level=ratio(sum(d.label is d.tool for d in made), len(made)),
        evidence=ratio(sum(asked), len(asked)),
        accuracy=ratio(len(pairs) - wrong, len(pairs)),
        f1_absent=ratio(2 * neither, 2 * neither + wrong),
        sensitivity_interval=agreement.wilson(both, yes),
        specificity_interval=agreement.wilson(neither, no),
        kappa_interval=agreement.kappa_interval(pairs),
    )


def by_item(made: Iterable[Decision]) -> dict[int, list[Decision]]:
    """The decisions of each item."""
    found: dict[int, list[Decision]] = defaultdict(list)
    for one in made:
        found[one.item].append(one)
    return dict(sorted(found.items()))


def balanced_over_items(made: Sequence[Decision]) -> float:
    """Balanced accuracy averaged over the items that have both classes."""
    scores = [score(group) for group in by_item(made).values()]
    both = [s.balanced for s in scores if 0 < s.prevalence < 1]
    return ratio(sum(both), len(both))


def baseline(made: Sequence[Decision], says: Callable[[Decision], bool]) -> Score:
    """The score of a rule of thumb that answers ``says(decision)`` instead of the tool."""
    return score(
        [
            Decision(d.ident, d.item, d.label, Level.REPORTED if says(d) else Level.ABSENT, (), ())
            for d in made
        ]
    )


def majority(made: Sequence[Decision]) -> Callable[[Decision], bool]:
    """Always the commoner answer of the item (it has seen the labels, which flatters it)."""
    common = {
        item: sum(d.pair[0] for d in group) * 2 >= len(group)
        for item, group in by_item(made).items()
    }
    return lambda decision: common[decision.item]
