"""What rule files hold, after reading: frozen types, phrases parsed."""

from __future__ import annotations

from dataclasses import dataclass, field

from coreqcheck.language.expressions import Expression
from coreqcheck.language.phrases import Phrase
from coreqcheck.model import Guideline, Level, Role, SectionKind, Severity, Stance


@dataclass(frozen=True, slots=True)
class Loan:
    """A part of another item (``coreq:19.recorded``) whose evidence counts for a part too.

    ``where`` is the place of the word in its file, for errors; ``rule`` is the item's rule, once
    all files are read.
    """

    guideline: str
    item: int
    part: str
    where: str = ""
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of an answer to an item.

    ``only`` and ``roles`` restrict where its phrases are looked for. ``context`` phrases must
    match in the same sentence or in one of the ``context_within`` sentences before. ``after``
    names a part that must have evidence at most ``within`` sentences before. ``vetoes`` drop a
    match when one of them matches the same sentence, or one of the ``vetoes_within`` sentences
    before and after. ``detector`` names a structural detector that gives evidence besides the
    phrases. Fewer than ``at_least`` pieces of evidence are none. ``planned`` lets plans count;
    ``negatable`` is false for phrases whose negation says as much as they do. ``cited`` lets
    sentences about other people's studies count too. ``loans`` are parts
    of other items whose evidence counts here too, under the restrictions of their own.
    """

    name: str
    label: str
    missing: str
    stance: Stance = Stance.DONE
    phrases: tuple[Phrase, ...] = ()
    only: frozenset[SectionKind] = frozenset()
    also: frozenset[SectionKind] = frozenset()
    roles: frozenset[Role] = frozenset()
    context: tuple[Phrase, ...] = ()
    context_within: int = 0
    after: str | None = None
    within: int = 2
    vetoes: tuple[Phrase, ...] = ()
    vetoes_within: int = 0
    detector: str | None = None
    at_least: int = 1
    planned: bool = False
    negatable: bool = True
    confidence: float = 0.9
    right: int = 0
    seen: int = 0
    loans: tuple[Loan, ...] = ()
    cited: bool = False


@dataclass(frozen=True, slots=True)
class Unless:
    """A mask: words that one of the phrases covers are no evidence for ``parts`` (all if empty)."""

    why: str
    phrases: tuple[Phrase, ...]
    parts: frozenset[str] = frozenset()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what the rule must say of it; a test that lives beside the rule."""

    text: str
    level: Level
    line: int
    parts: tuple[str, ...] | None = None
    section: SectionKind = SectionKind.METHODS
    claims: tuple[tuple[str, float], ...] = ()
    markdown: bool = False
    todo: bool = False


@dataclass(frozen=True, slots=True)
class Guidance:
    """What an author is told: why readers want it, and a sentence as it might be written."""

    why: str
    example: str
    where: str = "methods"


@dataclass(frozen=True, slots=True)
class Rule:
    """One item of a guideline."""

    item: int
    name: str
    domain: str
    topic: str
    asks: str
    guideline: str
    parts: tuple[Part, ...]
    levels: tuple[tuple[Level, Expression], ...]
    prefer: frozenset[SectionKind]
    skip: frozenset[SectionKind]
    unless: tuple[Unless, ...]
    guidance: Guidance
    examples: tuple[Example, ...]
    judgement: bool = False
    file: str = ""
    without_methods: frozenset[SectionKind] = frozenset()
    level_sources: tuple[tuple[Level, str], ...] = ()
    prefix: str = ""

    @property
    def label(self) -> str:
        """The item as people name it: "13", "S6"."""
        return f"{self.prefix}{self.item}"

    def called(self) -> set[str]:
        """What people may call it, in small letters: "s6", "srqr:s6", "srqr-6", "srqr-06"."""
        numbers = self.label.lower(), str(self.item), f"{self.item:02d}"
        return {numbers[0], *(f"{self.guideline}{mark}{n}" for mark in ":-" for n in numbers)}

    def part(self, name: str) -> Part:
        """The part of that name."""
        return next(p for p in self.parts if p.name == name)


@dataclass(frozen=True, slots=True)
class ConsistencyExample:
    """A small manuscript in Markdown on which the check must fire, or must stay silent."""

    text: str
    fires: bool
    line: int
    why: str = ""
    todo: bool = False


@dataclass(frozen=True, slots=True)
class ClaimPattern:
    """Phrases that state a claim of the check's: ``subject`` with a value or a polarity."""

    subject: str
    stance: Stance
    phrases: tuple[Phrase, ...]
    value: str | None = None
    vetoes: tuple[Phrase, ...] = ()
    only: frozenset[SectionKind] = frozenset()
    skip: frozenset[SectionKind] = frozenset()
    planned: bool = False
    negatable: bool = True


@dataclass(frozen=True, slots=True)
class ItemClaims:
    """Evidence of an item's parts taken as claims: ``done`` parts against ``denied`` parts.

    A sentence in which one of ``vetoes`` matches makes no claim.
    """

    item: int
    subject: str
    done: tuple[str, ...]
    denied: tuple[str, ...]
    vetoes: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsistencyRule:
    """One check: how claims are compared, and what to say when they cannot both hold."""

    check: str
    name: str
    kind: str
    compare: str
    severity: Severity
    message: str
    advice: str
    innocent: tuple[str, ...]
    claims: tuple[ClaimPattern, ...]
    examples: tuple[ConsistencyExample, ...]
    items: tuple[ItemClaims, ...] = ()
    subjects: tuple[str, ...] = ()
    reference: str = ""
    catalogue: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Negation:
    """Words that deny, words that end their reach, and phrases that only look like denial."""

    cues: frozenset[str] = frozenset()
    terminators: frozenset[str] = frozenset()
    pseudo: tuple[Phrase, ...] = ()
    plans: tuple[Phrase, ...] = ()
    advice: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything that the rule files say. ``digest`` names their content.

    ``lenders`` are the rules of COREQ when it was not asked for: contradictions and parts of other
    guidelines rest on them. ``guidelines`` are all that are known, asked for or not.
    """

    rules: tuple[Rule, ...]
    consistency: tuple[ConsistencyRule, ...]
    negation: Negation
    sections: tuple[tuple[SectionKind, tuple[str, ...]], ...]
    digest: str
    lists: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())
    lenders: tuple[Rule, ...] = ()
    guidelines: tuple[Guideline, ...] = ()

    def rule(self, item: int, guideline: str = "coreq") -> Rule:
        """The rule of an item."""
        return next(r for r in self.rules if r.item == item and r.guideline == guideline)

    def asked(self) -> tuple[Guideline, ...]:
        """The guidelines of the rules, in their order."""
        known = {g.key: g for g in self.guidelines}
        keys = dict.fromkeys(rule.guideline for rule in self.rules)
        return tuple(known.get(key) or Guideline(key, key.upper(), "", "") for key in keys)
