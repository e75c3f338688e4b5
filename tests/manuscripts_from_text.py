"""Small manuscripts for tests, straight from a few lines of text."""

from __future__ import annotations

from coreqcheck.engine.index import Index
from coreqcheck.engine.match import Matcher
from coreqcheck.language.load import load_rules
from coreqcheck.language.schema import RuleSet
from coreqcheck.model import Author, Manuscript, Meta, Origin, Role
from coreqcheck.readers.builder import DocumentBuilder, Run
from coreqcheck.text.manuscript import analyse
from coreqcheck.text.sections import SectionLexicon

_RULES: list[RuleSet] = []


def rules() -> RuleSet:
    """The project's rules, loaded once for all tests."""
    if not _RULES:
        _RULES.append(load_rules(errors=[]))
    return _RULES[0]


def manuscript(
    *paragraphs: str, heading: str = "Methods", authors: tuple[Author, ...] = ()
) -> Manuscript:
    """A titled manuscript whose paragraphs stand under one heading."""
    builder = DocumentBuilder("test", "text")
    builder.block(Role.TITLE, [Run("A study", Origin(line=1))], level=1)
    builder.block(Role.HEADING, [Run(heading, Origin(line=2))], level=2)
    for number, text in enumerate(paragraphs, start=3):
        builder.block(Role.PARAGRAPH, [Run(text, Origin(line=number))])
    document = builder.build(b"", Meta(authors=authors))
    return analyse(document, SectionLexicon.of(rules().sections))


def matcher(
    *paragraphs: str, heading: str = "Methods", authors: tuple[Author, ...] = ()
) -> Matcher:
    """A matcher over such a manuscript, with the project's negation lists."""
    found = manuscript(*paragraphs, heading=heading, authors=authors)
    return Matcher(Index(found), rules().negation)
