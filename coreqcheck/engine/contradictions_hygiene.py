"""What editors ask about before review: missing tables, placeholders, doubled and garbled text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from coreqcheck.engine.assess import quotable
from coreqcheck.engine.claims import sentence_at
from coreqcheck.engine.consistency import Context, comparison, report
from coreqcheck.language.schema import ConsistencyRule
from coreqcheck.model import (
    UNSEARCHED,
    Finding,
    Role,
    SectionKind,
    Sentence,
    Severity,
    Span,
    Voice,
)

_CITED = re.compile(
    r"(?P<before>\b\w+\s+)?\b(?P<kind>Tables?|Figures?|Figs?\.?|Box(?:es)?)\s+"
    r"(?P<numbers>\d{1,2}[a-z]?(?:\s*(?:,|and|&|to|[-–])\s*\d{1,2}[a-z]?)*)(?![.\d]*\d)",
)
LABELLED = re.compile(
    r"\W*(?P<kind>table|figure|fig\.?|box)\s*(?P<number>\d{1,2})\b", re.IGNORECASE
)
_ELSEWHERE = frozenset(
    "supplementary supplemental supplement additional appendix online web annex s extended etable "
    "their see".split()
)
KINDS = {"tab": "Table", "fig": "Figure", "box": "Box"}


@comparison("missing-table")
def missing_table(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A table, figure or box is cited whose number is beyond the ones that are there."""
    present = _labelled(context)
    reported: set[tuple[str, int]] = set()
    for sentence, kind, number in _citations(context):
        there = present.get(kind, {})
        # Where not one caption of the kind was read, or there are gaps, the reading is at fault.
        if not there or set(there) != set(range(1, max(there) + 1)) or number <= max(there):
            continue
        if (kind, number) not in reported:
            reported.add((kind, number))
            last = there[max(there)]
            yield report(
                rule, context, (sentence.span, last), thing=f"{kind} {number}",
                last=f"{kind} {max(there)}",
            )  # fmt: skip


def _labelled(context: Context) -> dict[str, dict[int, Span]]:
    """The captions that are there, by kind and number."""
    found: dict[str, dict[int, Span]] = {}
    for block in context.manuscript.document.blocks:
        if block.role not in {Role.CAPTION, Role.HEADING, Role.PARAGRAPH, Role.TABLE_ROW}:
            continue
        hit = LABELLED.match(context.manuscript.text, block.span.start, block.span.end)
        short = block.role is not Role.PARAGRAPH or len(block.span) < 200
        if hit and short:
            kind = KINDS[hit["kind"][:3].lower()]
            found.setdefault(kind, {}).setdefault(int(hit["number"]), block.span)
    return found


def _citations(context: Context) -> Iterator[tuple[Sentence, str, int]]:
    for sentence in context.manuscript.sentences:
        if sentence.role in UNSEARCHED or sentence.role in {Role.CAPTION, Role.HEADING}:
            continue
        if sentence.voice is Voice.CITED:
            continue
        span = sentence.span
        for hit in _CITED.finditer(context.manuscript.text, span.start, span.end):
            if (hit["before"] or "").strip().lower() in _ELSEWHERE:
                continue
            after = context.manuscript.text[hit.end() : hit.end() + 12]
            if re.match(r"\s*(?:of|in)\s+(?:ref|\[|the (?:supp|app|add|online))", after):
                continue
            for number in expanded(hit["numbers"]):
                yield sentence, KINDS[hit["kind"][:3].lower()], number


def expanded(numbers: str) -> list[int]:
    """The numbers of "2", "1 and 3", "2-4", "1, 2 and 5"."""
    found: list[int] = []
    for part in re.split(r"\s*(?:,|and|&)\s*", numbers):
        ends = [int(re.sub(r"\D", "", e)) for e in re.split(r"\s*(?:to|[-–])\s*", part) if e]
        found += range(ends[0], ends[-1] + 1) if len(ends) > 1 else ends
    return found


# --- placeholders

_PLACEHOLDER = re.compile(
    r"Error! (?:Reference source|Bookmark) not (?:found|defined)\.?"
    r"|\[(?:insert|add|todo|tbc|tbd|citation needed|ref(?:erence)?s?|author|number|date|name of [a-z ]+|xx+)\b[^\]]{0,40}\]"
    r"|\bTODO\b|\bTBC\b|\bTBD\b|\?\?\?+|\blorem ipsum\b"
    r"|\b[nN]\s*=\s*X{1,3}\b|(?<![A-Za-z] )\b(?-i:X{2,3}) (?:participants|interviews|patients|nurses|minutes|years|of)\b"
    r"|(?<!\d )(?<!Louis )(?<!Type )\b(?-i:X{2,3} (?!chrom|century|male|female|geno|karyo|syndr)[a-z]{3,})"
    r"|\(X{2,4}(?:,? ?X{2,4})*\)",
    re.IGNORECASE,
)
_RESIDUE = re.compile(r"Error!", re.IGNORECASE)


@comparison("placeholder")
def placeholder(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """Text that was to be replaced before submission."""
    text = context.manuscript.text
    for block in context.manuscript.document.blocks:
        if block.role in UNSEARCHED or block.role is Role.BLOCK_QUOTE:
            continue
        for hit in _PLACEHOLDER.finditer(text, block.span.start, block.span.end):
            sentence = sentence_at(context.manuscript.sentences, hit.start())
            if sentence.voice is Voice.PARTICIPANT:
                continue
            severity = Severity.ERROR if _RESIDUE.search(hit[0]) else None
            shown = Span(sentence.span.start, max(sentence.span.end, hit.end()))
            yield report(rule, context, (shown,), severity, words=hit[0])


# --- doubled and garbled text

BACK_MATTER = frozenset(
    {
        SectionKind.CONTRIBUTORS,
        SectionKind.ETHICS,
        SectionKind.FUNDING,
        SectionKind.INTERESTS,
        SectionKind.ACKNOWLEDGEMENTS,
        SectionKind.DECLARATIONS,
        SectionKind.APPENDIX,
    }
)
_SHORTEST_DOUBLE = 12  # words
_SHORTEST_RESULT = 16  # results of several tests are told in the same words
_SHORTEST_STUTTER = 3
# Ethics, funding and the like stand in the methods and among the declarations.
_REPEATING = BACK_MATTER | {SectionKind.ABSTRACT, SectionKind.FRONT}
_LONGEST_PASTE = 15
_STEM = 6  # letters by which a torn word is known again
_SUFFIXES = frozenset(
    "able ably ally ance ance ence ency ible ical ingly ings less ment ments ness ship tion tions ation ations "
    "ative ously ious ized ised fully sion sions ities ility ality ists isms edly ward wards wise like".split()
)


@comparison("doubled-sentence")
def doubled_sentence(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A sentence of the body that stands there twice, word for word."""
    first: dict[tuple[str, ...], Sentence] = {}
    last = (-1, -1)
    for sentence in context.manuscript.sentences:
        kind = context.manuscript.kind(sentence)
        if (
            sentence.role not in {Role.PARAGRAPH, Role.LIST_ITEM}
            or kind in _REPEATING
            or sentence.voice is Voice.PARTICIPANT
            or len(sentence.words)
            < (_SHORTEST_RESULT if kind is SectionKind.RESULTS else _SHORTEST_DOUBLE)
        ):
            continue
        twin = first.setdefault(sentence.words, sentence)
        if twin is sentence or context.manuscript.text[sentence.span.end - 1] == "?":
            continue
        # Of a doubled paragraph the first sentence is enough.
        follows = last == (twin.index - 1, sentence.index - 1)
        last = (twin.index, sentence.index)
        if not follows:
            # In another section it may be repeated on purpose.
            severity = None if context.manuscript.kind(twin) is kind else Severity.NOTE
            yield report(rule, context, (twin.span, sentence.span), severity)


@comparison("garbled")
def garbled(rule: ConsistencyRule, context: Context) -> Iterable[Finding]:
    """A fragment that repeats itself inside a sentence, or text pasted into the middle of a word."""
    manuscript = context.manuscript
    vocabulary = Counter(w for s in manuscript.sentences for w in s.words)
    stems: set[str] = set()
    found: list[Finding] = []
    for sentence in manuscript.sentences:
        if sentence.role is not Role.PARAGRAPH or sentence.voice is Voice.PARTICIPANT:
            continue
        text = manuscript.text
        if sentence.quoted or _TIMED.search(text, sentence.span.start, sentence.span.end):
            continue
        at, words = _stutter(sentence, text) or _pasted(sentence, text) or (0, "")
        if not words:
            odd = _odd_words(sentence, vocabulary)
            if len(odd) > 1:
                stems = stems or {w[:n] for w in vocabulary for n in range(_STEM, len(w) + 1)}
                at, words = _split_word(odd, vocabulary, stems) or (0, "")
        if words:
            found.append(report(rule, context, (quotable(sentence, at, at + 1),), words=words))
    # Speech repeats itself all the time: this is a transcript.
    if len(found) <= _MOST_GARBLED:
        yield from found


_MOST_GARBLED = 4
_TIMED = re.compile(r"\d:\d\d:\d\d")  # a transcript
_FUNCTION = frozenset(
    "the a an of in to and or is are was were be been it that this there as for on at by with from not no we they he she his her their our had has have "
    "did do so if but more most very any some all one two who which".split()
)


def _stutter(sentence: Sentence, text: str) -> tuple[int, str] | None:
    """The longest run of words that is repeated at once: "were recruited from were recruited from"."""
    words = sentence.words
    if len(set(words)) == len(words):
        return None
    for width in range(min(len(words) // 2, 12), _SHORTEST_STUTTER - 1, -1):
        for at in range(len(words) - 2 * width + 1):
            run = words[at : at + width]
            if run != words[at + width : at + 2 * width] or not _telling(run):
                continue
            between = text[sentence.ends[at + width - 1] : sentence.starts[at + width]]
            if (
                not between.strip()
                and _SPOKEN.isdisjoint(run)
                and _JOINING.isdisjoint((run[0], run[-1]))
            ):
                return at, " ".join(run)
    return None


def _telling(run: tuple[str, ...]) -> bool:
    """Whether a run of words says something: no formula, no string of small words."""
    long_ = [w for w in run if len(w) > 2 and w.isalpha()]
    return len(set(long_)) > 1 and not _FUNCTION.issuperset(run)


_JOINING = frozenset("and or nor than but as by after".split())
_LONGEST_GAP = 6  # words between a fragment and its copy
_SHORTEST_COPY = 4
_PARALLEL = frozenset(
    "and or nor than but as while whereas if when because so versus vs not was is were are means meant be been rather "
    "what how where why that which who whom whose whether".split()
)
_SPOKEN = frozenset("you i me my your yeah".split())  # in speech, repetition is no damage


def _pasted(sentence: Sentence, text: str) -> tuple[int, str] | None:
    """A run of words that comes again after a few others, with nothing between that sets them apart."""
    words = sentence.words
    first: dict[tuple[str, ...], int] = {}
    for at in range(len(words) - _SHORTEST_COPY + 1):
        run = words[at : at + _SHORTEST_COPY]
        before = first.setdefault(run, at)
        end = before + _SHORTEST_COPY
        if before == at or not 0 < at - end <= _LONGEST_GAP or _FUNCTION.issuperset(run):
            continue
        between = text[sentence.ends[end - 1] : sentence.starts[at]]
        if re.search(r"[,;:()/–—]", between) or not _PARALLEL.isdisjoint(words[end:at]):
            continue
        if _telling(run) and _SPOKEN.isdisjoint(run):
            return at, " ".join(run)
    return None


def _odd_words(sentence: Sentence, vocabulary: Counter[str]) -> list[tuple[int, str]]:
    """The words of a sentence that stand nowhere else: what is left of a torn word is odd."""
    return [
        (at, w)
        for at, w in enumerate(sentence.words)
        if vocabulary[w] == 1 and len(w) >= 5 and w.isalpha()
    ]


def _split_word(
    odd: list[tuple[int, str]], vocabulary: Counter[str], stems: set[str]
) -> tuple[int, str] | None:
    """Two broken words that are the halves of a word of the manuscript around a pasted text."""
    for position, (at, head) in enumerate(odd):
        heads = [
            head[:cut]
            for cut in range(2, len(head) - 3)
            if head[:cut] not in vocabulary and _known(head[cut:], vocabulary)
        ]
        if not heads:
            continue
        for further, tail in odd[position + 1 :]:
            if further - at > _LONGEST_PASTE:
                break
            if _halves(head, heads, tail, vocabulary, stems):
                return at, f"{head} ... {tail}"
    return None


def _halves(
    head: str, heads: list[str], tail: str, vocabulary: Counter[str], stems: set[str]
) -> bool:
    """Whether ``head`` is the start of a word and a whole one, ``tail`` a whole one and the end."""
    for end in range(4, len(tail) - 3):
        last = tail[-end:]
        if last in vocabulary or last in _SUFFIXES or not _known(tail[:-end], vocabulary):
            continue
        for start in heads:
            whole = start + last
            # "evaluate" is known when the manuscript has "evaluation".
            if whole not in {head, tail} and whole[:-1] in stems:
                return True
    return False


def _known(word: str, vocabulary: Counter[str]) -> bool:
    return word in vocabulary or f"{word}s" in vocabulary
