"""Runs the examples that stand in the rule files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from coreqcheck.engine import structure
from coreqcheck.engine.assess import assess
from coreqcheck.engine.index import Index
from coreqcheck.engine.match import Matcher
from coreqcheck.errors import RuleError
from coreqcheck.language.load import load_rules
from coreqcheck.language.rule_files import guideline_keys, rules_folder
from coreqcheck.language.schema import (
    ConsistencyExample,
    ConsistencyRule,
    Example,
    Rule,
    RuleSet,
)
from coreqcheck.model import Assessment, Author, Document, Meta, Origin, Role, SectionKind
from coreqcheck.readers import ReadOptions, bylines
from coreqcheck.readers.builder import DocumentBuilder, Run
from coreqcheck.text.manuscript import analyse
from coreqcheck.text.sections import SectionLexicon

_HEADINGS = {
    SectionKind.ABSTRACT: "Abstract",
    SectionKind.INTRODUCTION: "Introduction",
    SectionKind.METHODS: "Methods",
    SectionKind.RESULTS: "Results",
    SectionKind.DISCUSSION: "Discussion",
    SectionKind.LIMITATIONS: "Limitations",
    SectionKind.CONCLUSION: "Conclusion",
    SectionKind.CONTRIBUTORS: "Author contributions",
    SectionKind.ETHICS: "Ethics approval",
    SectionKind.ACKNOWLEDGEMENTS: "Acknowledgements",
    SectionKind.APPENDIX: "Appendix",
    SectionKind.INTERESTS: "Competing interests",
    SectionKind.FUNDING: "Funding",
}


def run(ids: Sequence[str] = ()) -> tuple[list[str], int]:
    """Run the examples.

    Args:
        ids: items ("19", "S6", "srqr:6") or check names; all of all guidelines when empty.

    Returns:
        one line for each example that fails (``file:line: ...``), and how many were run.
    """
    rules, fewest, errors = _rules(_state_of(rules_folder()))
    failures = [str(error) for error in errors]
    count = len(errors)
    for rule in rules.rules:
        if ids and not rule.called() & {one.lower() for one in ids}:
            continue
        for example in rule.examples:
            count += 1
            failures.extend(_failure(rule, example, rules))
    # Contradictions do not depend on the guidelines that are asked for: the fewest will do.
    for check in rules.consistency:
        if ids and check.check not in ids:
            continue
        for case in check.examples:
            count += 1
            failures.extend(_silence_or_alarm(check, case, fewest))
    return failures, count


def _state_of(folder: Path) -> tuple[tuple[str, int], ...]:
    """The rule files, each with the time of its last change."""
    return tuple((str(p), p.stat().st_mtime_ns) for p in sorted(folder.rglob("*.toml")))


@lru_cache(maxsize=1)  # whoever runs the examples rule by rule need not read all rules each time
def _rules(state: tuple[tuple[str, int], ...]) -> tuple[RuleSet, RuleSet, tuple[RuleError, ...]]:
    """All rules, those of COREQ alone, and the mistakes in the files."""
    errors: list[RuleError] = []
    rules = load_rules(guidelines=guideline_keys([rules_folder()]), errors=errors)
    return rules, load_rules(errors=[]), tuple(errors)


def _silence_or_alarm(
    check: ConsistencyRule, example: ConsistencyExample, rules: RuleSet
) -> Iterable[str]:
    """Whether the check fires on the example's small manuscript just when it must."""
    from coreqcheck.pipeline import examine

    findings = [
        f for f in examine(_markdown(example.text), rules).findings if f.check == check.check
    ]
    where = f"consistency/{check.file}:{example.line}"
    wrong = bool(findings) is not example.fires
    if wrong and not example.todo:
        sides = "; ".join(p.quote for f in findings for p in f.places) or "nothing found"
        must = "must fire" if example.fires else "must stay silent"
        yield f"{where}: {must} ({example.why or 'no reason given'}): {sides}"
    if example.todo and not wrong:
        yield f"{where}: is marked todo but holds; remove the mark"


def _failure(rule: Rule, example: Example, rules: RuleSet) -> Iterable[str]:
    try:
        got = verdict(rule, example, rules)
    except RuleError as error:
        yield f"{rule.guideline}/{rule.file}: {error}"
        return
    parts = {e.part for e in got.evidence}
    wrong = got.level is not example.level
    wrong = wrong or (example.parts is not None and parts != set(example.parts))
    where = f"{rule.guideline}/{rule.file}:{example.line}"
    if wrong and not example.todo:
        seen = "; ".join(f"{e.part} by {e.phrase!r}" for e in got.evidence) or "nothing"
        expected = example.level if example.parts is None else f"{example.level} {example.parts}"
        yield f"{where}: expected {expected}, got {got.level} ({seen}): {example.text.strip()!r}"
    if example.todo and not wrong:
        yield f"{where}: is marked todo but holds; remove the mark: {example.text.strip()!r}"


def verdict(rule: Rule, example: Example, rules: RuleSet) -> Assessment:
    """What ``rule`` says of ``example``."""
    structure.register()
    document = _markdown(example.text) if example.markdown else _plain(example)
    manuscript = analyse(document, SectionLexicon.of(rules.sections))
    return assess(rule, Matcher(Index(manuscript), rules.negation))


def _markdown(text: str) -> Document:
    from coreqcheck.readers import markdown

    path = Path("example.md")
    return markdown.read(path, str(path), text.encode(), ReadOptions())


def _plain(example: Example) -> Document:
    """The text under a heading of its section; front matter has a by-line instead."""
    builder = DocumentBuilder("example", "text")
    builder.block(Role.TITLE, [Run("An interview study", Origin(line=1))], level=1)
    authors: tuple[Author, ...] = ()
    if example.section is SectionKind.FRONT:
        authors = bylines.parse_byline(example.text)
        builder.block(Role.BYLINE, [Run(example.text, Origin(line=2))])
        builder.block(Role.HEADING, [Run("Methods", Origin(line=3))], level=2)
    else:
        builder.block(
            Role.HEADING, [Run(_HEADINGS.get(example.section, "Notes"), Origin(line=2))], level=2
        )
        for number, paragraph in enumerate(example.text.strip().split("\n\n")):
            builder.block(Role.PARAGRAPH, [Run(paragraph, Origin(line=3 + number))])
    return builder.build(b"", Meta(authors=tuple(authors)))
