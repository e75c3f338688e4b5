"""``coreqcheck rules``: list, show, test and try the rules, and write their pages."""

from __future__ import annotations

from pathlib import Path

import click

from coreqcheck.errors import UsageError


@click.group("rules")
def command() -> None:
    """List, show, test and try the rules."""


def _asked(guideline: str | None) -> tuple[str, ...]:
    """The guidelines that were typed, COREQ when none was."""
    from coreqcheck.layers import given, guidelines_of

    return guidelines_of(given(guideline))


@command.command("list")
@click.option("--guideline", help="coreq, srqr, or both with a comma between.  [default: coreq]")
def list_(guideline: str | None) -> None:
    """Print all items and checks, one a line."""
    from coreqcheck.language.load import load_rules

    rules = load_rules(guidelines=_asked(guideline))
    for rule in rules.rules:
        phrases = sum(len(p.phrases) for p in rule.parts)
        shared = sum(len(p.loans) for p in rule.parts)
        more = f"{shared} shared parts, " if shared else ""
        counted = f"{phrases} phrases, {more}{len(rule.examples)} examples"
        click.echo(f"{rule.label:>3} {rule.name} ({counted})")
    for check in rules.consistency:
        click.echo(f"    {check.check}: {check.name} ({check.severity})")


@command.command("show")
@click.argument("id")
def show(id: str) -> None:
    """Print the file of an item ("13", "S6") or check."""
    from coreqcheck.language.load import load_rules
    from coreqcheck.language.rule_files import guideline_keys, rules_folder

    rules = load_rules(guidelines=guideline_keys([rules_folder()]))
    for rule in rules.rules:
        if id.lower() in rule.called():
            path = rules_folder() / rule.guideline / rule.file
            click.echo(path.read_text("utf-8"), nl=False)
            return
    for check in rules.consistency:
        if id == check.check:
            click.echo((rules_folder() / "consistency" / check.file).read_text("utf-8"), nl=False)
            return
    raise UsageError(f"there is no item or check {id!r}; see: coreqcheck rules list")


@command.command("test")
@click.argument("ids", nargs=-1)
def test(ids: tuple[str, ...]) -> None:
    """Run the examples of the rule files (all, or those of the items and checks named)."""
    from coreqcheck.evaluation import examples

    failures, count = examples.run(ids)
    for failure in failures:
        click.echo(failure)
    click.echo(f"{count - len(failures)} of {count} examples hold.")
    raise SystemExit(1 if failures else 0)


@command.command("try")
@click.argument("item")
@click.argument("path", type=click.Path())
def try_(item: str, path: str) -> None:
    """Show every piece of evidence of ITEM in a manuscript, with the phrase that found it."""
    from coreqcheck import pipeline
    from coreqcheck.language.rule_files import guideline_keys, rules_folder
    from coreqcheck.report.places import location

    rules = pipeline.load_rules(guidelines=guideline_keys([rules_folder()]))
    report = pipeline.check(path, rules)
    if report.manuscript is None:
        raise UsageError(f"{path}: {report.error[1] if report.error else 'could not be read'}")
    wanted = {(r.guideline, r.item) for r in rules.rules if item.lower() in r.called()}
    found = [a for a in report.assessments if (a.guideline, a.item) in wanted]
    if not found:
        raise UsageError(f"there is no item {item}; see: coreqcheck rules list")
    for one in found:
        click.echo(f"{one.label} {one.name}: {one.level}")
        for e in one.evidence:
            click.echo(f"  {e.part} ({e.confidence:.2f}) by {e.phrase}")
            click.echo(f"    {report.manuscript.quote(e.span)}")
            click.echo(f"    {location(e.span, report.manuscript)}")


@command.command("score")
@click.argument("corpus", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--write", is_flag=True, help="Store the figures in rules/calibration.toml.")
def score(corpus: tuple[Path, ...], write: bool) -> None:
    """Say how often each part was right on labelled manuscripts, and which phrases do not help."""
    from coreqcheck import pipeline
    from coreqcheck.evaluation import calibration, gold
    from coreqcheck.language.rule_files import rules_folder
    from coreqcheck.report.files import write_whole

    rules = pipeline.load_rules()
    labelled = gold.load(corpus)
    reports = {one.ident: pipeline.check(one.path, rules, exhaustive=True) for one in labelled}
    seen = calibration.by_part(labelled, reports)
    for (_, item, part), one in sorted(seen.items()):
        click.echo(f"{item:>3} {part}: right {one.right} of {one.of} times")
    never, hurt = calibration.useless_phrases(rules, calibration.by_phrase(labelled, reports))
    click.echo(f"{len(never)} phrases gave no evidence in {len(labelled)} manuscripts.")
    for line in hurt:
        click.echo(f"mostly hurts: {line}")
    if write:
        write_whole(rules_folder() / "calibration.toml", calibration.as_toml(seen))


@command.command("docs")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("docs/rules"), show_default=True
)
def docs(folder: Path) -> None:
    """Write one page for each item and each check, out of the rule files."""
    from coreqcheck.language.load import load_rules
    from coreqcheck.language.rule_files import guideline_keys, rules_folder
    from coreqcheck.report import pages
    from coreqcheck.report.files import write_whole

    folder.mkdir(parents=True, exist_ok=True)
    made = pages.all_pages(load_rules(guidelines=guideline_keys([rules_folder()])))
    for name, text in made.items():
        write_whole(folder / name, text)
    for left in folder.glob("*.md"):
        if left.name not in made and pages.MARK in left.read_text("utf-8"):
            left.unlink()  # the page of a rule that is gone
    click.echo(f"{len(made) - 1} pages and their index in {folder}")
