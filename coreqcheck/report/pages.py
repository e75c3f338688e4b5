"""What a rule says to people: the page of an item or check, out of its file."""

from __future__ import annotations

from coreqcheck.language.schema import ConsistencyRule, Rule
from coreqcheck.model import Level, Stance

_LEVELS = {
    Level.REPORTED: "reported",
    Level.DECLARED: "said not to have been done",
    Level.PARTIAL: "partly reported",
}


def item_page(rule: Rule) -> str:
    """The page of an item, in Markdown."""
    lines = [
        f"# {rule.item} {rule.name}",
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
    lines += ["## What is looked for", ""]
    for part in rule.parts:
        denied = " (a denial)" if part.stance is Stance.DENIED else ""
        lines.append(f"- **{part.name}**{denied}: {part.label}.")
    lines += ["", "## Levels", ""]
    for level, text in rule.level_sources:
        lines.append(f"- {_LEVELS[level]}: `{text}`")
    lines += ["- not located: none of these", "", "## Examples", ""]
    for level in (Level.REPORTED, Level.PARTIAL, Level.DECLARED, Level.ABSENT):
        shown = [e for e in rule.examples if e.level is level and not e.markdown][:3]
        for example in shown:
            word = _LEVELS.get(level, "not located")
            lines.append(f"- {' '.join(example.text.split())} (*{word}*)")
    lines += ["", f"Rule file: `rules/{rule.guideline}/{rule.file}`", ""]
    return "\n".join(lines)


def check_page(rule: ConsistencyRule) -> str:
    """The page of a contradiction check, in Markdown."""
    lines = [
        f"# {rule.name}",
        "",
        f"`{rule.check}`, {rule.severity} by default, reported as {rule.kind}.",
        "",
        f"Says: {rule.message}",
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
        lines += [f"{word}{why}:", "", "```markdown", example.text.strip(), "```", ""]
    lines += [f"Rule file: `rules/consistency/{rule.file}`", ""]
    return "\n".join(lines)
