"""Documents and manuscripts from a few lines of light markup, for tests of the text analysis.

# Title            a title
## Methods         a heading; as many # as its level, plus one
> words            a block quotation
- words            a list item
| a | b |          a table row; the first of a table is its heading row
: words            a caption
% words            a row of an appended checklist
~ words            an entry of the reference list
anything else      a paragraph
"""

from __future__ import annotations

from manuscripts_from_text import rules

from coreqcheck.model import Document, Manuscript, Meta, Origin, Role
from coreqcheck.readers.builder import DocumentBuilder, Run
from coreqcheck.text.manuscript import analyse
from coreqcheck.text.sections import SectionLexicon

_ROLES = {
    "> ": Role.BLOCK_QUOTE,
    "- ": Role.LIST_ITEM,
    ": ": Role.CAPTION,
    "% ": Role.CHECKLIST,
    "~ ": Role.REFERENCE,
}


def lexicon() -> SectionLexicon:
    """The project's headings."""
    return SectionLexicon.of(rules().sections)


def document(markup: str, meta: Meta | None = None) -> Document:
    """A document with one block for each line of ``markup`` that is not blank."""
    builder = DocumentBuilder("test.md", "markdown")
    table: int | None = None
    for number, line in enumerate(markup.splitlines(), start=1):
        line, origin = line.strip(), Origin(line=number, column=1)
        if not line.startswith("|"):
            table = None
        if line.startswith("# "):
            builder.block(Role.TITLE, [Run(line[2:], origin)])
        elif line.startswith("#"):
            marks = len(line) - len(line.lstrip("#"))
            builder.block(Role.HEADING, [Run(line[marks:].strip(), origin)], level=marks - 1)
        elif line.startswith("|"):
            header = table is None
            table = builder.next_table() if table is None else table
            cells = [[Run(cell.strip(), origin)] for cell in line.strip("|").split("|")]
            builder.row(cells, table=table, header=header)
        elif line[:2] in _ROLES:
            builder.block(_ROLES[line[:2]], [Run(line[2:], origin)])
        elif line:
            builder.block(Role.PARAGRAPH, [Run(line, origin)])
    return builder.build(markup.encode(), meta)


def manuscript(markup: str, meta: Meta | None = None) -> Manuscript:
    """The manuscript of such a document, with the project's headings."""
    return analyse(document(markup, meta), lexicon())
