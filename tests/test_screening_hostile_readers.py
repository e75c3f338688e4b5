"""What holds of every reader, whatever bytes it is given: a document or one line of reason.

So it is with the parser of phrases, whatever a rule file says.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manuscript_formats import SOURCES, to_docx, to_jats, to_pdf

from coreqcheck.errors import ReadError, RuleError
from coreqcheck.language.phrases import parse
from coreqcheck.model import Document
from coreqcheck.readers import read

MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "<p>", "</p>", "<table>", "<tr><td>", "</td>", "<sec>", "<article>", "<!--", "-->",
                "<![CDATA[", "]]>", "&amp;", "&#x0;", "&bogus;", "<!DOCTYPE a [<!ENTITY b 'c'>]>",
                "\\begin{document}", "\\end{quote}", "\\input{x}", "\\section{", "}", "{", "$", "%",
                "# ", "> ", "- ", "| a | b |\n|---|---|\n", "```", "---\n", "[^1]", "{{< include x >}}",
                "\n\n", "\t", "\x00", "\u202e", "\ufeff", "\U0001f600", "“", "e\u0301",
            ]
        ),
        st.text(max_size=12),
    ),
    max_size=30,
).map("".join)  # fmt: skip
SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def outcome(path: Path) -> Document | ReadError:
    try:
        return read(path, path.name)
    except ReadError as error:
        return error


def holds(path: Path) -> None:
    """A document whose blocks lie inside its text, twice the same, or an error of one line."""
    document = outcome(path)
    if isinstance(document, ReadError):
        assert document.code
        assert "\n" not in str(document)
        return
    size = len(document.text)
    ends = 0
    for block in document.blocks:
        assert ends <= block.span.start <= block.span.end <= size
        ends = block.span.end
        for cell in block.cells:
            assert block.span.contains(cell)
    for segment in document.source_map.segments:
        assert 0 <= segment.start <= segment.end <= size
    assert document == read(path, path.name)


@pytest.mark.parametrize("suffix", [".md", ".txt", ".html", ".xml", ".tex"])
def test_text_formats_survive_any_text(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"any{suffix}"

    @SETTINGS
    @given(MARKUP)
    def check(text: str) -> None:
        path.write_bytes(text.encode("utf-8", "replace"))
        holds(path)

    check()


@pytest.mark.parametrize("suffix", [".md", ".xml", ".docx", ".pdf"])
def test_readers_survive_damaged_files(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"damaged{suffix}"
    text = (SOURCES / "poor.md").read_text("utf-8")
    if suffix == ".md":
        path.write_text(text, "utf-8")
    else:
        {".xml": to_jats, ".docx": to_docx, ".pdf": to_pdf}[suffix](text, path)
    sound = path.read_bytes()

    @settings(SETTINGS, max_examples=25)
    @given(st.integers(0, len(sound) - 1), st.integers(0, 400), st.binary(max_size=40))
    def check(at: int, cut: int, put: bytes) -> None:
        path.write_bytes(sound[:at] + put + sound[at + cut :])
        holds(path)

    check()


PHRASE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "(", ")", "[", "]", "|", "*", "...", "...3", "?", "<", ">", "<number>", "<name",
                "<number:people.declined>", "{", "}", "{people}", "=Dr", "~", "re:", "\\", " ",
                "interview*", "we", "did not", "co-author", "’s", "\n", "\x00",
            ]
        ),
        st.text(max_size=6),
    ),
    max_size=20,
).map("".join)  # fmt: skip


@settings(SETTINGS, max_examples=400)
@given(PHRASE)
def test_the_parser_of_phrases_survives_any_text(text: str) -> None:
    message = ""
    try:
        assert parse(text, {}).source == text
    except RuleError as error:
        message = str(error)
    assert "\n" not in message
