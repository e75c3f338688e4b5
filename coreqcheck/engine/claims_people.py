"""Claims about people and encounters: how many took part, were interviewed, or sat in groups."""

from __future__ import annotations

from collections.abc import Iterable

from coreqcheck.engine.claims import source
from coreqcheck.engine.encounters import encounters
from coreqcheck.engine.match import Matcher
from coreqcheck.engine.people import sizes
from coreqcheck.engine.statements import statements_of
from coreqcheck.model import Claim, Stance


@source
def people(matcher: Matcher) -> Iterable[Claim]:
    """``people.total`` with the kind of person as scope ("nurse"; empty for "participants")."""
    for size in sizes(statements_of(matcher)):
        found = size.people
        yield Claim(
            subject="people.total",
            value=float(size.value),
            polarity=Stance.DONE,
            scope="" if found.head in {"participant", "person"} else found.head,
            span=found.statement.span(found.start, found.end),
            sentence=found.statement.sentence.index,
            hedged=not size.strong,
        )


@source
def counted_encounters(matcher: Matcher) -> Iterable[Claim]:
    """``interviews.total``, ``groups.total`` and ``transcripts.total``."""
    for one in encounters(statements_of(matcher)):
        yield Claim(
            subject=f"{one.kind}s.total",
            value=float(one.count),
            polarity=Stance.DONE,
            scope="",
            span=one.statement.span(one.start, one.end),
            sentence=one.statement.sentence.index,
        )
