"""What holds of every manuscript, whatever its text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from manuscripts_of_blocks import manuscript

PIECES = st.sampled_from(
    [
        *"“”\"'‘’«»()[].,;:!?…–- \t",
        "P3",
        "Nurse 4",
        "FG2-N1",
        "(Lee, 2010)",
        "[3, 4]",
        "et al.",
        "We said",
        "I was there.",
        "Methods",
        "12",
        "¹²",
        "e.g.",
        "die Fahrgäste",
        "他们",
        "Interviewer: ",
        "\ufffd",
    ]
)
LINES = st.builds(
    lambda mark, pieces: mark + " ".join(pieces),
    st.sampled_from(["", "## ", "### ", "> ", "- ", "| ", ": ", "% ", "~ ", "# "]),
    st.lists(PIECES, min_size=1, max_size=14),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=14))
def test_spans_are_in_order_in_bounds_and_in_their_blocks(lines: list[str]) -> None:
    found = manuscript("\n".join(lines))
    blocks = found.document.blocks
    for one, two in pairwise(found.sentences):
        assert one.span.end <= two.span.start
    for sentence in found.sentences:
        assert blocks[sentence.block].span.contains(sentence.span)
        assert len(sentence.words) == len(sentence.starts) == len(sentence.ends)
        assert all(sentence.span.contains(quoted) for quoted in sentence.quoted)
        section = found.sections[sentence.section].span
        assert section.start <= sentence.span.start < section.end
    for quotation in found.quotations:
        assert blocks[quotation.block].span.contains(quotation.span)
        assert len(quotation.span) > 0
        if quotation.label_span is not None:
            label = found.text[quotation.label_span.start : quotation.label_span.end]
            assert label == quotation.label
    for section in found.sections:
        if section.parent is not None:
            assert found.sections[section.parent].span.contains(section.span)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=10))
def test_nothing_but_white_space_stands_between_sentences(lines: list[str]) -> None:
    found = manuscript("\n".join(lines))
    for block in found.document.blocks:
        text = found.text[block.span.start : block.span.end]
        held = "".join(
            found.text[s.span.start : s.span.end]
            for s in found.sentences
            if block.span.contains(s.span)
        )
        assert held.replace(" ", "") == text.replace(" ", "")
