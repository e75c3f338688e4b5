"""What a rule says to people: the page of an item or check, out of its file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from coreqcheck.language.schema import ConsistencyRule, Rule, RuleSet
from coreqcheck.model import Level, Stance
from coreqcheck.report.levels import LABELS

MARK = "`coreqcheck rules docs`"
"""Stands on every page that was generated."""


def all_pages(rules: RuleSet) -> Mapping[str, str]:
    """Every page by the name of its file: items, checks, and an index to them."""
    items = {_file(rule): item_page(rule) for rule in rules.rules}
    checks = {f"{rule.check}.md": check_page(rule) for rule in rules.consistency}
    return {"README.md": _index(rules), **items, **checks}


def _file(rule: Rule) -> str:
    """The name of an item's page; items of COREQ go without the guideline's."""
    stem = Path(rule.file).stem
    return f"{stem}.md" if rule.guideline == "coreq" else f"{rule.guideline}-{stem}.md"


def item_page(rule: Rule) -> str:
    """The page of an item, in Markdown."""
    lines = [
        f"# {rule.label} {rule.name}",
        "",
        rule.asks,
        "",
        f"*{rule.domain.capitalize()}{', ' + rule.topic if rule.topic else ''}.* {rule.guidance.why}",
        "",
        "For example:",
        "",
        f"> {rule.guidance.example}",
        "",
        f"It usually stands in: {rule.guidance.where}.",
        "",
    ]
    if rule.judgement:
        lines += ["A reader must judge this item; coreqcheck shows what it found.", ""]
    lines += ["## What is looked for", "", *_looked_for(rule), ""]
    if rule.unless:
        lines += ["## What does not count", ""]
        lines += [*dict.fromkeys(f"- {u.why[:1].upper()}{u.why[1:]}." for u in rule.unless), ""]
    lines += ["## Examples", "", *_examples(rule), "", *_decided(rule)]
    return "\n".join([*lines, _source(f"{rule.guideline}/{rule.file}")])


def _looked_for(rule: Rule) -> list[str]:
    """The parts of an answer, each label once."""
    done = dict.fromkeys(p.label for p in rule.parts if p.stance is not Stance.DENIED)
    denied = dict.fromkeys(p.label for p in rule.parts if p.stance is Stance.DENIED)
    return [*(f"- {label}" for label in done), *(f"- {label} (a denial)" for label in denied)]


def _examples(rule: Rule) -> list[str]:
    lines = []
    for level in (Level.REPORTED, Level.PARTIAL, Level.DECLARED, Level.ABSENT):
        shown = [e for e in rule.examples if e.level is level and not e.markdown][:3]
        lines += [f"- {' '.join(e.text.split())} (*{LABELS[level]}*)" for e in shown]
    return lines


def _decided(rule: Rule) -> list[str]:
    """The levels as the rule file has them, and its parts, for those who edit it."""
    lines = ["## How it is decided", ""]
    lines += [f"- {LABELS[level]}: `{text}`" for level, text in rule.level_sources]
    lines += [
        "- not located: none of these",
        "",
        "| part | what it is | phrases |",
        "| --- | --- | --- |",
    ]
    for part in rule.parts:
        denied = " (a denial)" if part.stance is Stance.DENIED else ""
        lines.append(f"| `{part.name}` | {part.label}{denied} | {len(part.phrases)} |")
    return [*lines, ""]


def check_page(rule: ConsistencyRule) -> str:
    """The page of a contradiction check, in Markdown."""
    lines = [
        f"# {rule.name}",
        "",
        f"`{rule.check}`, {rule.severity} by default, reported as {rule.kind}.",
        "",
        f"Says: {_spoken(rule.message)}",
        "",
        rule.advice,
        "",
    ]
    if rule.innocent:
        lines += ["It may be in order if", "", *(f"- {i}" for i in rule.innocent), ""]
    if rule.reference:
        lines += [f"Literature: {rule.reference}", ""]
    lines += ["## Examples", ""]
    for example in rule.examples:
        word = "Fires" if example.fires else "Stays silent"
        why = f" ({example.why})" if example.why else ""
        fence = _fence(example.text)
        lines += [f"{word}{why}:", "", f"{fence}markdown", example.text.strip(), fence, ""]
    return "\n".join([*lines, _source(f"consistency/{rule.file}")])


def _spoken(message: str) -> str:
    """A message with an ellipsis where the manuscript's own words and numbers will stand."""
    return re.sub(r"\{[^{}]*\}", "…", message)


def _fence(text: str) -> str:
    """A fence that nothing in the text ends."""
    longest = max((len(ticks) for ticks in re.findall(r"`+", text)), default=0)
    return "`" * max(3, longest + 1)


def _source(file: str) -> str:
    return f"Generated from `rules/{file}` by {MARK}.\n"


def _index(rules: RuleSet) -> str:
    lines = [
        "# Items and checks",
        "",
        "What is asked, how it is decided, and examples. `coreqcheck explain` prints the same pages.",
        "",
    ]
    guidelines = dict.fromkeys(rule.guideline for rule in rules.rules)
    for guideline in guidelines:
        lines += [f"## Items of {guideline.upper()}", ""]
        for rule in rules.rules:
            if rule.guideline == guideline:
                lines.append(f"- [{rule.label} {rule.name}]({_file(rule)}): {rule.asks}")
        lines.append("")
    lines += ["## Checks", ""]
    for check in sorted(rules.consistency, key=lambda c: c.name):
        lines.append(f"- [{check.name}]({check.check}.md) (`{check.check}`, {check.severity})")
    return "\n".join([*lines, "", _source("")])
