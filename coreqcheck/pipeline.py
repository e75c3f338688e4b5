"""The whole flow for one manuscript. Read this file first.

    path -> reader -> Document -> Manuscript -> index -> Assessments, Findings -> Report

Everything after the reader is a pure function of the manuscript and the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coreqcheck.checklist import audit
from coreqcheck.checklist.read import read_checklist
from coreqcheck.config import DEFAULTS, Settings
from coreqcheck.engine import structure
from coreqcheck.engine.answers import apply_answers, read_answers
from coreqcheck.engine.assess import assess
from coreqcheck.engine.choices import choices_of, chosen
from coreqcheck.engine.claims import collect
from coreqcheck.engine.consistency import Context, compare
from coreqcheck.engine.index import Index
from coreqcheck.engine.match import Matcher
from coreqcheck.engine.verdicts import reflexive, soften, speaking, weigh
from coreqcheck.errors import ReadError
from coreqcheck.language.cache import cached_rules as load_rules
from coreqcheck.language.schema import RuleSet
from coreqcheck.model import Answer, Document, Report
from coreqcheck.readers import ReadOptions, read
from coreqcheck.readers.submission import merge
from coreqcheck.text.applicability import judge
from coreqcheck.text.manuscript import analyse
from coreqcheck.text.sections import SectionLexicon

__all__ = ["check", "examine", "load_rules"]


def check(
    path: str | Path,
    rules: RuleSet | None = None,
    options: ReadOptions | None = None,
    companions: Sequence[str | Path] = (),
    exhaustive: bool = False,
    settings: Settings = DEFAULTS,
) -> Report:
    """Check one manuscript.

    Args:
        path: the file.
        rules: the rules; those that came with coreqcheck when ``None``.
        options: how to read.
        companions: further files of the submission (supplements, a completed checklist).
        exhaustive: look for every phrase, also where another of its part has matched.
        settings: what a configuration chose (``config.in_force``), answers included.

    Returns:
        the report; when the file cannot be read, one with ``error`` and no assessments.

    Raises:
        RuleError: a rule file is wrong.
        ConfigError: the settings name an item or check that the rules do not have.
    """
    rules = rules or load_rules()
    shown = _shown(path)
    try:
        document = merge([read(Path(p), _shown(p), options) for p in (path, *companions)])
    except ReadError as error:
        return Report(shown, None, None, rules_digest=rules.digest, error=(error.code, str(error)))
    return examine(document, rules, exhaustive, settings)


def _shown(path: str | Path) -> str:
    return str(path).replace("\\", "/")


def examine(
    document: Document,
    rules: RuleSet,
    exhaustive: bool = False,
    settings: Settings = DEFAULTS,
) -> Report:
    """Everything after the reader: a pure function of the document, the rules and the settings."""
    choices = choices_of(settings, rules)
    structure.register()
    manuscript = analyse(document, SectionLexicon.of(rules.sections))
    applicability = judge(manuscript)
    matcher = Matcher(Index(manuscript), rules.negation, exhaustive)
    language, said = document.meta.language, reflexive(manuscript)
    asked = rules.asked()
    speaks = {g.key: speaking(g, applicability) for g in asked}
    assessments = tuple(
        soften(
            weigh(assess(rule, matcher), speaks[rule.guideline], language, choices),
            manuscript,
            said,
        )
        for rule in rules.rules
    )
    # What contradicts itself does not depend on the guideline that was asked for.
    everything = (*assessments, *(assess(rule, matcher) for rule in rules.lenders))
    checklist = read_checklist(document)
    claims = collect(matcher, rules, everything)
    if checklist is not None:
        claims += audit.claims(checklist)
    context = Context(manuscript, matcher, claims, everything, checklist)
    items, checks = (
        [(r.guideline, r.item) for r in rules.rules],
        [c.check for c in rules.consistency],
    )
    prefixes = {g.prefix: g.key for g in rules.guidelines if g.prefix}
    answers, not_understood = read_answers(
        document.meta.comments, document.path, items, checks, prefixes
    )
    report = Report(
        path=document.path,
        manuscript=manuscript,
        applicability=speaks[asked[0].key],
        assessments=assessments,
        findings=chosen(compare(context, rules), choices),
        diagnostics=(*manuscript.diagnostics, *not_understood),
        rules_digest=rules.digest,
        guidelines=asked,
    )
    return apply_answers(report, (*answers, *_meant(settings.answers or (), document.path)))


def _meant(answers: Sequence[Answer], path: str) -> list[Answer]:
    """The answers of a configuration that are about this manuscript."""
    here = str(Path(path).resolve())
    return [a for a in answers if a.manuscript in {"", here}]
