"""Anonymous, and yet named: names with codes, addresses and numbers in quotations."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coreqcheck.engine.claims import sentence_at
from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.engine.ledger import ledger
from coreqcheck.engine.people import is_head
from coreqcheck.engine.statements import BODY
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import Finding, Manuscript, Role, SectionKind, Severity, Span

_ANONYMOUS = re.compile(
    r"\b(?:anonym\w+|confidential\w*|de-?identified|pseudonym\w*|identifying (?:details|information|features)|(?:cannot|could not|can) be (?:recogni[sz]ed|identified)|"
    r"(?:has|have|had|got|given|assigned|receive[sd]?|carry|under|by) (?:a |an |their |numeric(?:al)? |unique |participant )*(?:number|code|identifier|label)s?\b|"
    r"(?:are|were|is|was) (?:numbered|coded|labelled|shown by (?:group|number|code|letter))|"
    r"names? (?:of (?:all )?(?:the )?\w+ )?(?:was|were|have been|had been|has been|is|are) (?:not (?:used|written|mentioned|recorded)|removed|changed|replaced|withheld|deleted|omitted))"
)
_PSEUDONYMS = re.compile(
    r"\b(?:pseudonym|fictitious|fictional|invented|made-up|changed names?|names? (?:[a-z ]{0,30})?(?:changed|replaced|altered|invented|fictitious|pseudonyms)|alias|other names)"
)
_NAMED_CODE = re.compile(
    r"(?P<name>(?:(?:Dr|Mr|Mrs|Ms|Prof)\.? )?[A-ZÀ-ÞŠŽ][\w’'-]+(?: [A-ZÀ-ÞŠŽ][\w’'-]+){1,2}) ?\((?P<code>[A-Za-z][\w -]{0,20}?\d{1,3})\)"
)
_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:\+\d{1,3}[\s-]?)?(?:\(0?\d{2,5}\)[\s-]?|0\d{2,4}[\s/-])\d{3,4}[\s-]?\d{2,4}(?:[\s-]?\d{2,4})?(?![\w.,/-])|(?<![\w.,/-])\+\d{9,13}\b"
)
_TITLED = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|Miss|Prof|Professor|Doctor|Nurse|Sister|Frau|Herr)\.? (?!Someone|Nobody|Somebody|Anybody)([A-ZÀ-ÞŠŽ][a-zà-ÿšž’'-]{2,})(?: ([A-ZÀ-ÞŠŽ][a-zà-ÿšž’'-]{2,}))?"
)
_PLACEHOLDER = re.compile(
    r"^(?:X|Y|Z|A|B|N|Name|Anonymous|Who|Day|Google|God|Right|Wrong|Manager|Doctor|Nurse)$"
)


_NO_FIRST_NAMES = frozenset("The In See Table Figure And But For As One Theme".split())


def _promise(context: Context) -> tuple[Span, bool] | None:
    """Where anonymity is promised, and whether names are said to be invented."""
    statements = context.statements
    mask = statements.holding(
        "anonym*",
        "confidential*",
        "deidentified",
        "identified",
        "pseudonym*",
        "identifying",
        "recognised",
        "names",
        "name",
        "fictitious",
        "alias",
        "number",
        "numbers",
        "numbered",
        "code",
        "codes",
        "coded",
        "labelled",
        "shown",
        "identifier*",
    )
    found: Span | None = None
    invented = False
    for statement in statements.among(mask & statements.inside(BODY)):
        hit = _ANONYMOUS.search(statement.text)
        invented = invented or _PSEUDONYMS.search(statement.text) is not None
        if hit and found is None and "review" not in statement.text[hit.start() :][:24]:
            found = statement.span(hit.start(), hit.end())
    return (found, invented) if found is not None else None


@comparison("named-participant")
def named_participant(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "We thank Ada Berg (Student 4)": a name beside the code of a participant."""
    promised = _promise(context)
    codes = {_plain(e.identifier) for e in ledger(context.manuscript)}
    prefixes = {re.sub(r"\d.*", "", c) for c in codes}
    if promised is None and not codes:
        return
    manuscript = context.manuscript
    for block in manuscript.document.blocks:
        if block.role not in {Role.PARAGRAPH, Role.LIST_ITEM, Role.FOOTNOTE, Role.METADATA}:
            continue
        for hit in _NAMED_CODE.finditer(manuscript.text, block.span.start, block.span.end):
            code = _plain(hit["code"])
            prefix = re.sub(r"\d.*", "", code)
            known = code in codes or prefix in prefixes
            role = is_head(re.sub(r"[\s\d#-]+$", "", hit["code"]).lower())
            if not (known or (role and promised)) or _inside_quotation(manuscript, hit.start()):
                continue
            if hit["name"].split()[0] in _NO_FIRST_NAMES:
                continue
            sentence = sentence_at(manuscript.sentences, hit.start())
            if promised is None and manuscript.kind(sentence) not in _THANKS:
                continue
            spans = [*([promised[0]] if promised else []), sentence.span]
            severity = None if promised else Severity.WARNING
            yield report(rule, context, spans, severity, name=hit["name"], code=hit["code"])
            return


_THANKS = frozenset(
    {SectionKind.ACKNOWLEDGEMENTS, SectionKind.DECLARATIONS, SectionKind.CONTRIBUTORS}
)


def _plain(identifier: str) -> str:
    return re.sub(r"[\s#-]+0*", "", identifier.lower())


def _inside_quotation(manuscript: Manuscript, offset: int) -> bool:
    return any(q.span.start <= offset < q.span.end for q in manuscript.quotations)


@comparison("address-in-quotation")
def address_in_quotation(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """An e-mail address or telephone number inside a participant's words."""
    promised = _promise(context)
    text = context.manuscript.text
    for quotation in context.manuscript.quotations:
        for pattern in (_MAIL, _PHONE):
            hit = pattern.search(text, quotation.span.start, quotation.span.end)
            if hit is None:
                continue
            spans = [quotation.span, *([promised[0]] if promised else [])]
            severity = None if promised else Severity.WARNING
            yield report(rule, context, spans, severity, words=hit[0])


@comparison("name-in-quotation")
def name_in_quotation(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """ "Dr Berg told me": a person named in a quotation that is called anonymous."""
    promised = _promise(context)
    if promised is None or promised[1]:
        return
    text = context.manuscript.text
    for quotation in context.manuscript.quotations:
        for hit in _TITLED.finditer(text, quotation.span.start, quotation.span.end):
            if _PLACEHOLDER.match(hit[1]) or text[hit.start() - 1 : hit.start()] == "[":
                continue
            yield report(rule, context, (quotation.span, promised[0]), name=hit[0])
            return
