"""From the folder of rule files to a ``RuleSet``, with errors that say file, line and remedy."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from coreqcheck.entries import Entry
from coreqcheck.errors import CoreqcheckError, RuleError
from coreqcheck.language.expressions import parse_expression
from coreqcheck.language.phrases import Node, Phrase, parse, parse_list
from coreqcheck.language.rule_files import LENDER, rules_folder, with_lender
from coreqcheck.language.schema import (
    ClaimPattern,
    ConsistencyExample,
    ConsistencyRule,
    Example,
    Guidance,
    ItemClaims,
    Loan,
    Negation,
    Part,
    Rule,
    RuleSet,
    Unless,
)
from coreqcheck.model import COREQ, Guideline, Level, Role, SectionKind, Severity, Stance

LEVELS = (Level.REPORTED, Level.DECLARED, Level.PARTIAL)
COMPARISONS = (
    "same",
    "sum",
    "holds",
    "opposed",
    "together",
    "within",
    "order",
    "exists",
    "function",
)
DEFAULT_SKIP = frozenset(
    {SectionKind.INTRODUCTION, SectionKind.REFERENCES, SectionKind.CHECKLIST, SectionKind.INTERESTS}
)
Lists = Mapping[str, Node]
_LOAN = re.compile(r"(?P<guideline>[a-z]+):(?P<item>\d+)\.(?P<part>[a-z]\w*)$")


def load_rules(
    folder: Path | None = None,
    extra: Sequence[Path] = (),
    guidelines: Sequence[str] = ("coreq",),
    errors: list[RuleError] | None = None,
) -> RuleSet:
    """Read a folder of rules.

    Args:
        folder: the rules; the ones that came with coreqcheck when ``None``.
        extra: further folders; a file there replaces the item or check of the same number.
        guidelines: names of the guideline folders to read.
        errors: when given, files that are wrong are left out and their errors collected here,
            so that one malformed rule does not hide what the others do.

    Raises:
        RuleError: the first thing that is wrong, as ``file:line: what; remedy``.
    """
    folders = [folder or rules_folder(), *extra]
    digest = hashlib.sha256()
    known = _guidelines(folders, digest)
    lists = _lists(folders, digest)
    rules: dict[tuple[str, int], Rule] = {}
    checks: dict[str, ConsistencyRule] = {}
    for root in folders:
        for guideline in with_lender(guidelines):
            prefix = known[guideline].prefix if guideline in known else ""
            for path in sorted((root / guideline).glob("*.toml")):
                with _collecting(errors):
                    rule = replace(load_rule(path, lists, guideline, digest), prefix=prefix)
                    rules[guideline, rule.item] = rule
        for path in sorted((root / "consistency").glob("*.toml")):
            with _collecting(errors):
                check = load_check(path, lists, digest)
                checks[check.check] = check
    if not any(guideline in guidelines for guideline, _ in rules):
        raise RuleError(f"{folders[0]}: holds no rules for {', '.join(guidelines)}")
    rules = _calibrated(rules, folders[0] / "calibration.toml", digest)
    rules = _with_loans(rules, errors)
    order = {name: number for number, name in enumerate(with_lender(guidelines))}
    found = [rules[key] for key in sorted(rules, key=lambda k: (order[k[0]], k[1]))]
    return RuleSet(
        rules=tuple(r for r in found if r.guideline in guidelines),
        lenders=tuple(r for r in found if r.guideline not in guidelines),
        guidelines=tuple(known.values()),
        consistency=tuple(checks[key] for key in sorted(checks)),
        negation=_negation(folders[0] / "negation.toml", lists, digest),
        sections=_sections(folders[0] / "sections.toml", digest),
        digest=digest.hexdigest()[:12],
    )


def _guidelines(folders: Sequence[Path], digest: Any) -> dict[str, Guideline]:
    """What the folders' ``guidelines.toml`` say of the guidelines; the last word counts."""
    found = {COREQ.key: COREQ}
    for path in (folder / "guidelines.toml" for folder in folders):
        if path.exists():
            entry = Entry.from_file(path, digest)
            found |= {key: _guideline(key, entry.table(key)) for key in entry.keys()}
    return found


def _guideline(key: str, entry: Entry) -> Guideline:
    entry.allow("name", "prefix", "about", "any_qualitative")
    prefix = entry.string("prefix", "")
    if len(prefix) > 1 or (prefix and not "A" <= prefix <= "Z"):
        raise entry.error("prefix", f"prefix: {prefix!r} is no capital letter; write one, or none")
    about, whole = entry.string("about", ""), entry.flag("any_qualitative", False)
    return Guideline(key, entry.string("name"), prefix, about, whole)


# -- parts that are shared -----------------------------------------------------------------------


def _with_loans(
    rules: dict[tuple[str, int], Rule], errors: list[RuleError] | None
) -> dict[tuple[str, int], Rule]:
    """The rules, each part with the rules of the parts that it uses."""
    lent = {key: replace(rule, examples=()) for key, rule in rules.items()}
    found = dict(rules)
    for key, rule in rules.items():
        if any(part.loans for part in rule.parts):
            with _collecting(errors):
                parts = tuple(
                    replace(part, loans=tuple(_lent(loan, lent) for loan in part.loans))
                    for part in rule.parts
                )
                found[key] = replace(rule, parts=parts)
    return found


def _lent(loan: Loan, rules: Mapping[tuple[str, int], Rule]) -> Loan:
    said = f"{loan.where}: {loan.guideline}:{loan.item}.{loan.part}"
    rule = rules.get((loan.guideline, loan.item))
    if rule is None:
        there = sorted(item for guideline, item in rules if guideline == loan.guideline)
        remedy = f"its items are {there[0]} to {there[-1]}" if there else f"use parts of {LENDER}"
        raise RuleError(f"{said}: there is no item {loan.item} of {loan.guideline}; {remedy}")
    part = next((p for p in rule.parts if p.name == loan.part), None)
    if part is None:
        names = ", ".join(p.name for p in rule.parts)
        raise RuleError(f"{said}: item {loan.item} has no part {loan.part!r}; it has {names}")
    if part.loans:
        raise RuleError(f"{said}: that part itself uses others; name those instead")
    return replace(loan, rule=rule)


def _calibrated(
    rules: dict[tuple[str, int], Rule], path: Path, digest: Any
) -> dict[tuple[str, int], Rule]:
    """The rules with how often each part was right on labelled manuscripts."""
    if not path.exists():
        return rules
    entry = Entry.from_file(path, digest)
    found = dict(rules)
    for (guideline, item), rule in rules.items():
        seen = entry.data.get(guideline, {}).get(str(item), {})
        parts = tuple(_part_seen(part, seen.get(part.name)) for part in rule.parts)
        found[guideline, item] = replace(rule, parts=parts)
    return found


def _part_seen(part: Part, seen: list[int] | None) -> Part:
    if not seen:
        return part
    right, of = seen
    return replace(part, right=right, seen=of)


@contextmanager
def _collecting(errors: list[RuleError] | None) -> Iterator[None]:
    """Collect the errors of one file, or let them through when nobody collects."""
    try:
        yield
    except RuleError as error:
        if errors is None:
            raise
        errors.append(error)


def _lists(folders: Sequence[Path], digest: Any) -> dict[str, Node]:
    """Word lists in file order; a list may use the ones before it."""
    lists: dict[str, Node] = {}
    for root in folders:
        path = root / "lists.toml"
        if path.exists():
            _extend(lists, Entry.from_file(path, digest))
    return lists


def _extend(lists: dict[str, Node], entry: Entry) -> None:
    for name in entry.keys():
        try:
            lists[name] = parse_list(list(entry.strings(name)), lists)
        except RuleError as error:
            raise entry.error(name, str(error)) from None


def _sections(path: Path, digest: Any) -> tuple[tuple[SectionKind, tuple[str, ...]], ...]:
    if not path.exists():
        return ()
    entry = Entry.from_file(path, digest)
    found = []
    for name in entry.keys():
        kind = entry.choice_of(name, SectionKind, name)
        found.append((kind, entry.strings(name)))
    return tuple(found)


def _negation(path: Path, lists: Lists, digest: Any) -> Negation:
    if not path.exists():
        return Negation()
    entry = Entry.from_file(path, digest)
    entry.allow("cues", "terminators", "pseudo", "plans", "advice")
    return Negation(
        cues=frozenset(entry.strings("cues")),
        terminators=frozenset(entry.strings("terminators")),
        pseudo=_phrases(entry, "pseudo", lists),
        plans=_phrases(entry, "plans", lists),
        advice=_phrases(entry, "advice", lists),
    )


def _phrases(entry: Entry, key: str, lists: Lists) -> tuple[Phrase, ...]:
    parsed = []
    for source in entry.strings(key, ()):
        try:
            parsed.append(parse(source, lists))
        except RuleError as error:
            raise entry.error(source, str(error)) from None
    return tuple(parsed)


def _kinds(entry: Entry, key: str) -> frozenset[SectionKind]:
    return frozenset(entry.choice_of(key, SectionKind, v) for v in entry.strings(key, ()))


def load_rule(path: Path, lists: Lists, guideline: str = "coreq", digest: Any = None) -> Rule:
    """Read one item file.

    Raises:
        RuleError: as ``file:line: what; remedy``.
    """
    entry = Entry.from_file(path, digest)
    entry.allow(
        *("schema", "item", "name", "domain", "topic", "asks", "judgement", "scope", "level"),
        *("part", "unless", "guidance", "example", "list"),
    )
    if entry.integer("schema") != 1:
        raise entry.error("schema", "only schema = 1 is known; update coreqcheck")
    lists = dict(lists)
    if entry.has("list"):
        _extend(lists, entry.table("list"))
    parts = tuple(_part(child, name, lists) for name, child in entry.children("part"))
    names = [p.name for p in parts]
    for part in parts:
        if part.after is not None and part.after not in names:
            raise _no_part(entry, "after", part.after, names)
    scope = entry.table("scope") if entry.has("scope") else None
    if scope is not None:
        scope.allow("prefer", "skip", "without_methods")
    return Rule(
        item=entry.integer("item"),
        name=entry.string("name"),
        domain=entry.string("domain"),
        topic=entry.string("topic", ""),
        asks=entry.string("asks"),
        guideline=guideline,
        parts=parts,
        levels=_levels(entry.table("level"), names),
        prefer=_kinds(scope, "prefer") if scope else frozenset(),
        skip=_kinds(scope, "skip") if scope and scope.has("skip") else DEFAULT_SKIP,
        without_methods=_kinds(scope, "without_methods") if scope else frozenset(),
        unless=tuple(_unless(child, lists, names) for child in entry.rows("unless")),
        guidance=_guidance(entry.table("guidance")),
        examples=tuple(_example(child, names) for child in entry.rows("example")),
        judgement=entry.flag("judgement", False),
        file=path.name,
        level_sources=_level_sources(entry.table("level")),
    )


def _level_sources(entry: Entry) -> tuple[tuple[Level, str], ...]:
    return tuple((level, entry.string(level)) for level in LEVELS if entry.has(level))


def _levels(entry: Entry, names: list[str]) -> tuple[tuple[Level, Any], ...]:
    entry.allow(*LEVELS)
    levels = []
    for level in LEVELS:
        if entry.has(level):
            try:
                levels.append((level, parse_expression(entry.string(level), names)))
            except RuleError as error:
                raise entry.error(level, str(error)) from None
    return tuple(levels)


def _part(entry: Entry, name: str, lists: Lists) -> Part:
    entry.allow(
        *("label", "missing", "stance", "phrases", "only", "also", "roles", "context"),
        *("context_within", "after", "within", "vetoes", "detector", "planned", "negatable"),
        *("confidence", "vetoes_within", "at_least", "uses", "cited"),
    )
    if not any(entry.has(key) for key in ("phrases", "detector", "uses")):
        remedy = 'add phrases = ["..."]'
        raise entry.error(name, f"part {name!r} has no phrases, no detector and no uses; {remedy}")
    return Part(
        name=name,
        label=entry.string("label"),
        missing=entry.string("missing", ""),
        stance=entry.choice("stance", Stance, Stance.DONE),
        phrases=_phrases(entry, "phrases", lists),
        only=_kinds(entry, "only"),
        also=_kinds(entry, "also"),
        roles=frozenset(entry.choice_of("roles", Role, v) for v in entry.strings("roles", ())),
        context=_phrases(entry, "context", lists),
        context_within=entry.integer("context_within", 0),
        after=entry.string("after", "") or None,
        within=entry.integer("within", 2),
        vetoes=_phrases(entry, "vetoes", lists),
        vetoes_within=entry.integer("vetoes_within", 0),
        detector=entry.string("detector", "") or None,
        at_least=entry.integer("at_least", 1),
        planned=entry.flag("planned", False),
        negatable=entry.flag("negatable", True),
        confidence=entry.number("confidence", 0.9),
        loans=tuple(_loan(entry, source) for source in entry.strings("uses", ())),
        cited=entry.flag("cited", False),
    )


def _loan(entry: Entry, source: str) -> Loan:
    hit = _LOAN.match(source)
    if hit is None:
        raise entry.error(
            source, f"uses: {source!r} is no part of an item; write coreq:19.recorded"
        )
    where = f"{entry.path}:{entry.line_of(source)}"
    return Loan(hit["guideline"], int(hit["item"]), hit["part"], where)


def _unless(entry: Entry, lists: Lists, names: list[str]) -> Unless:
    entry.allow("why", "phrases", "parts", "whole")
    parts = entry.strings("parts", ())
    for part in parts:
        if part not in names:
            raise _no_part(entry, "parts", part, names)
    return Unless(
        why=entry.string("why"),
        phrases=_phrases(entry, "phrases", lists),
        parts=frozenset(parts),
        whole=entry.flag("whole", False),
    )


def _no_part(entry: Entry, key: str, part: str, names: Sequence[str]) -> CoreqcheckError:
    message = f"{key}: {part!r} is no part of this rule; its parts are {', '.join(names)}"
    return entry.error(key, message)


def _guidance(entry: Entry) -> Guidance:
    entry.allow("why", "example", "where")
    return Guidance(entry.string("why"), entry.string("example"), entry.string("where", "methods"))


def _example(entry: Entry, names: list[str]) -> Example:
    entry.allow("text", "is", "parts", "section", "claims", "markdown", "todo", "why")
    claims = entry.table("claims") if entry.has("claims") else None
    parts = entry.strings("parts") if entry.has("parts") else None
    for part in parts or ():
        if part not in names:
            raise _no_part(entry, "parts", part, names)
    return Example(
        text=entry.string("text"),
        level=entry.choice("is", Level),
        line=entry.line,
        parts=parts,
        section=entry.choice("section", SectionKind, SectionKind.METHODS),
        claims=tuple((k, claims.number(k)) for k in claims.keys()) if claims else (),
        markdown=entry.flag("markdown", False),
        todo=entry.flag("todo", False),
    )


def load_check(path: Path, lists: Lists, digest: Any = None) -> ConsistencyRule:
    """Read one consistency file.

    Raises:
        RuleError: as ``file:line: what; remedy``.
    """
    entry = Entry.from_file(path, digest)
    entry.allow(
        *("schema", "check", "name", "kind", "compare", "severity", "message", "advice"),
        *("innocent", "claim", "example", "subjects", "reference", "catalogue", "options", "list"),
        "evidence",
    )
    lists = dict(lists)
    if entry.has("list"):
        _extend(lists, entry.table("list"))
    compare = entry.string("compare")
    if compare not in COMPARISONS:
        known = ", ".join(COMPARISONS)
        raise entry.error("compare", f"compare: {compare!r} is not known; known: {known}")
    options = entry.table("options") if entry.has("options") else None
    return ConsistencyRule(
        check=entry.string("check"),
        name=entry.string("name"),
        kind=entry.string("kind"),
        compare=compare,
        severity=entry.choice("severity", Severity),
        message=entry.string("message"),
        advice=entry.string("advice"),
        innocent=entry.strings("innocent", ()),
        claims=tuple(_claim(child, lists) for child in entry.rows("claim")),
        examples=tuple(_check_example(child) for child in entry.rows("example")),
        items=tuple(_item_claims(child, lists) for child in entry.rows("evidence")),
        subjects=entry.strings("subjects", ()),
        reference=entry.string("reference", ""),
        catalogue=entry.strings("catalogue", ()),
        options=tuple((k, options.scalar(k)) for k in options.keys()) if options else (),
        file=path.name,
    )


def _item_claims(entry: Entry, lists: Lists) -> ItemClaims:
    entry.allow("item", "subject", "done", "denied", "vetoes")
    return ItemClaims(
        item=entry.integer("item"),
        subject=entry.string("subject"),
        done=entry.strings("done", ()),
        denied=entry.strings("denied", ()),
        vetoes=_phrases(entry, "vetoes", lists),
    )


def _claim(entry: Entry, lists: Lists) -> ClaimPattern:
    entry.allow(
        *("subject", "stance", "phrases", "value", "vetoes", "only", "skip"),
        *("planned", "negatable"),
    )
    return ClaimPattern(
        subject=entry.string("subject"),
        stance=entry.choice("stance", Stance, Stance.DONE),
        phrases=_phrases(entry, "phrases", lists),
        value=entry.string("value", "") or None,
        vetoes=_phrases(entry, "vetoes", lists),
        only=_kinds(entry, "only"),
        skip=_kinds(entry, "skip"),
        planned=entry.flag("planned", False),
        negatable=entry.flag("negatable", True),
    )


def _check_example(entry: Entry) -> ConsistencyExample:
    entry.allow("text", "fires", "why", "todo")
    return ConsistencyExample(
        text=entry.string("text"),
        fires=entry.flag("fires"),
        line=entry.line,
        why=entry.string("why", ""),
        todo=entry.flag("todo", False),
    )
