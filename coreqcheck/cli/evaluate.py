"""``coreqcheck evaluate``: how right the rules are, on labelled manuscripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from coreqcheck.evaluation import gold, keywords, scores
from coreqcheck.evaluation.scores import Decision, Score
from coreqcheck.model import Report


@click.command("evaluate")
@click.argument("corpus", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--misses", is_flag=True, help="Print every wrong decision with both quotations.")
@click.option(
    "--against",
    type=click.Path(exists=True, path_type=Path),
    help="Compare with the JSON of a former run.",
)
def command(corpus: tuple[Path, ...], form: str, misses: bool, against: Path | None) -> None:
    """Measure the rules on CORPUS: folders with manuscripts ID.* and labels ID.toml."""
    labelled = gold.load(corpus)
    made, reports = _decide(labelled)
    if form == "json":
        click.echo(json.dumps(_data(made), indent=1))
        return
    click.echo(_table(made, _keyword_baseline(reports)), nl=False)
    if misses:
        click.echo("\n".join(_miss(d) for d in made if not d.right))
    if against is not None:
        former = json.loads(against.read_text("utf-8"))
        click.echo("\n".join(_changes(made, former)))


def _decide(labelled: Sequence[gold.Labelled]) -> tuple[list[Decision], dict[str, Report]]:
    from coreqcheck import pipeline

    rules = pipeline.load_rules()
    reports = {one.ident: pipeline.check(one.path, rules) for one in labelled}
    return scores.decisions(labelled, reports), reports


def _keyword_baseline(reports: dict[str, Report]) -> dict[tuple[str, int], bool]:
    return {
        (ident, item): found
        for ident, report in reports.items()
        if report.manuscript is not None
        for item, found in keywords.present(report.manuscript.text).items()
    }


def _table(made: list[Decision], found: dict[tuple[str, int], bool]) -> str:
    lines = [
        "item    n  prev  sens (95 %)         spec (95 %)          bal   AC1 kappa level  evid"
    ]
    for item, group in scores.by_item(made).items():
        lines.append(f"{item:>4} {_row(scores.score(group))}")
    lines.append(f" all {_row(scores.score(made))}")
    lines.append(f"balanced accuracy over items {scores.balanced_over_items(made):.2f}")
    for name, says in (
        ("all yes", lambda d: True),
        ("majority per item", scores.majority(made)),
        ("one keyword per item", lambda d: found.get((d.ident, d.item), False)),
    ):
        simple = scores.baseline(made, says)
        lines.append(
            f"baseline {name}: accuracy {simple.accuracy:.2f}, kappa {simple.kappa:.2f}, "
            f"specificity {simple.specificity:.2f}"
        )
    return "\n".join(lines) + "\n"


def _row(s: Score) -> str:
    low, high = s.sensitivity_interval
    under, over = s.specificity_interval
    return (
        f"{s.n:>4} {s.prevalence:5.2f} {s.sensitivity:5.2f} ({low:4.2f} to {high:4.2f}) "
        f"{s.specificity:5.2f} ({under:4.2f} to {over:4.2f}) {s.balanced:5.2f} {s.ac1:5.2f} "
        f"{s.kappa:5.2f} {s.level:5.2f} {s.evidence:5.2f}"
    )


def _miss(d: Decision) -> str:
    quotes = [q[:200] for q in d.tool_quotes[: scores.SHOWN_QUOTES]]
    return (
        f"{d.ident} item {d.item}: label {d.label}, tool {d.tool}\n"
        f"  label quotes {list(d.label_quotes)}\n  tool quotes  {quotes}"
    )


def _data(made: list[Decision]) -> dict[str, Any]:
    return {
        "pooled": asdict(scores.score(made)),
        "balanced_over_items": scores.balanced_over_items(made),
        "items": {str(i): asdict(scores.score(g)) for i, g in scores.by_item(made).items()},
        "decisions": {
            f"{d.ident}/{d.item}": {"label": str(d.label), "tool": str(d.tool)} for d in made
        },
    }


def _changes(made: list[Decision], former: dict[str, Any]) -> list[str]:
    """One line for each decision that is otherwise than in the former run."""
    lines = []
    for d in made:
        before = former.get("decisions", {}).get(f"{d.ident}/{d.item}", {}).get("tool")
        if before is None or before == d.tool:
            continue
        was_right = (before != "absent") == d.pair[0]
        word = "as right" if was_right == d.right else ("better" if d.right else "worse")
        lines.append(f"{word}: {d.ident} item {d.item}: {before} -> {d.tool} (label {d.label})")
    return lines or ["no decision changed"]
