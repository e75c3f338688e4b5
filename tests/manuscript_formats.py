"""Makes one invented manuscript in every format, from the simple Markdown of ``manuscripts/``.

Run ``python tests/manuscript_formats.py`` to make the files of ``sample_manuscripts/`` again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
SOURCES = HERE / "manuscripts"


@dataclass(frozen=True)
class Piece:
    """A block: ``kind`` is title, heading, paragraph, quote, list or table."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def pieces(markdown: str) -> list[Piece]:
    """The blocks of a manuscript written one block to a paragraph."""
    found: list[Piece] = []
    for block in re.split(r"\n{2,}", markdown.strip()):
        heading = re.match(r"(#+) (.*)", block)
        if heading:
            level = len(heading[1])
            found.append(Piece("title" if level == 1 else "heading", heading[2], level))
        elif block.startswith("> "):
            found.append(Piece("quote", block.replace("> ", "")))
        elif block.startswith("|"):
            rows = [
                tuple(c.strip() for c in line.strip("|").split("|")) for line in block.split("\n")
            ]
            found.append(Piece("table", rows=tuple(r for r in rows if set(r[0]) != {"-"})))
        elif re.match(r"- ", block):
            found += [Piece("list", line[2:]) for line in block.split("\n")]
        elif re.match(r"\d+\. ", block):
            found += [Piece("paragraph", line) for line in block.split("\n")]
        else:
            found.append(Piece("paragraph", block))
    return found


def _plain(text: str) -> str:
    return text.replace("**", "").replace("*", "")


def _bold(text: str) -> list[tuple[str, bool]]:
    """The text in stretches, each with whether it is bold."""
    return [(t, bool(n % 2)) for n, t in enumerate(text.split("**")) if t]


def to_docx(markdown: str, path: Path) -> None:
    """A Word file with real heading styles."""
    import docx

    document = docx.Document()
    for piece in pieces(markdown):
        if piece.kind == "table":
            table = document.add_table(rows=0, cols=len(piece.rows[0]))
            for row in piece.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
        elif piece.kind in {"title", "heading"}:
            document.add_heading(piece.text, 0 if piece.kind == "title" else piece.level - 1)
        else:
            style = {"quote": "Quote", "list": "List Bullet"}.get(piece.kind)
            paragraph = document.add_paragraph(style=style)
            for text, bold in _bold(piece.text):
                paragraph.add_run(text).bold = bold
    document.save(str(path))


def to_pdf(markdown: str, path: Path, columns: int = 1) -> None:
    """A PDF in one or two columns, with a running head and page numbers."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer, Table

    body = ParagraphStyle("body", fontName="Times-Roman", fontSize=10, leading=12, spaceAfter=6)
    quote = ParagraphStyle("quote", parent=body, leftIndent=18, rightIndent=12)
    sizes = {1: 16, 2: 13, 3: 11.5, 4: 10.5}

    def head(level: int) -> ParagraphStyle:
        size = sizes[min(level, 4)]
        return ParagraphStyle(
            f"h{level}",
            parent=body,
            fontName="Times-Bold",
            fontSize=size,
            leading=size + 3,
            spaceBefore=8,
            keepWithNext=1,
        )

    def furniture(canvas, _document) -> None:  # type: ignore[no-untyped-def]
        canvas.setFont("Times-Italic", 8)
        canvas.drawString(56, 810, "Manuscript for review")
        canvas.drawCentredString(297, 30, str(canvas.getPageNumber()))

    width = (A4[0] - 112 - 18 * (columns - 1)) / columns
    frames = [
        Frame(56 + n * (width + 18), 50, width, A4[1] - 100, 0, 0, 0, 0) for n in range(columns)
    ]
    flow = []
    for piece in pieces(markdown):
        text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(piece.text))
        text = re.sub(r"\*(.+?)\*", r"<i>\1</i>", text)
        if piece.kind == "table":
            rows = [[Paragraph(escape(c), body) for c in row] for row in piece.rows]
            grid = [
                ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
            flow += [Table(rows, style=grid), Spacer(1, 8)]
        elif piece.kind in {"title", "heading"}:
            flow.append(Paragraph(text, head(piece.level)))
        elif piece.kind == "list":
            flow.append(Paragraph("• " + text, quote))
        else:
            flow.append(Paragraph(text, quote if piece.kind == "quote" else body))
    document = BaseDocTemplate(str(path), pagesize=A4, invariant=1)
    document.addPageTemplates(PageTemplate(frames=frames, onPage=furniture))
    document.build(flow)


def to_text(markdown: str, path: Path) -> None:
    """Plain text without any marks; table cells parted by bars."""
    lines = []
    for piece in pieces(markdown):
        if piece.kind == "table":
            lines.append("\n".join(" | ".join(row) for row in piece.rows))
        elif piece.kind == "list":
            lines.append("- " + _plain(piece.text))
        else:
            lines.append(_plain(piece.text))
    path.write_text("\n\n".join(lines) + "\n", "utf-8")


def to_jats(markdown: str, path: Path) -> None:
    """JATS with nested sections, as a publisher would make it."""
    blocks = pieces(markdown)
    title, byline, *rest = blocks
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<article article-type="research-article" xml:lang="en"><front><article-meta><title-group>',
        f"<article-title>{escape(title.text)}</article-title></title-group><contrib-group>",
        *map(_contrib, re.split(r";| and ", _plain(byline.text))),
        "</contrib-group>",
    ]
    first_body = next(n for n, b in enumerate(rest) if b.text == "Introduction")
    abstract = [b for b in rest[:first_body] if b.kind == "paragraph"]
    at = next(n for n, b in enumerate(rest[:first_body]) if b.text == "Abstract")
    abstract = [b for b in rest[at:first_body] if b.kind == "paragraph"]
    out.append("<abstract>" + "".join(f"<p>{_inline(b.text)}</p>" for b in abstract))
    out.append("</abstract></article-meta></front><body>")
    open_levels: list[int] = []
    for block in rest[first_body:]:
        if block.kind == "heading":
            while open_levels and open_levels[-1] >= block.level:
                out.append("</sec>")
                open_levels.pop()
            out.append(f"<sec><title>{escape(block.text)}</title>")
            open_levels.append(block.level)
        elif block.kind == "table":
            rows = [
                "<tr>" + "".join(f"<td>{escape(c)}</td>" for c in r) + "</tr>" for r in block.rows
            ]
            out.append(
                f"<table-wrap><table><thead>{rows[0]}</thead><tbody>{''.join(rows[1:])}"
                "</tbody></table></table-wrap>"
            )
        elif block.kind == "quote":
            out.append(f"<disp-quote><p>{_inline(block.text)}</p></disp-quote>")
        elif block.kind == "list":
            out.append(f"<list><list-item><p>{_inline(block.text)}</p></list-item></list>")
        else:
            out.append(f"<p>{_inline(block.text)}</p>")
    out += ["</sec>"] * len(open_levels) + ["</body></article>"]
    path.write_text("\n".join(out), "utf-8")


def _contrib(entry: str) -> str:
    name, *degrees = [p.strip(" ¹²³") for p in entry.split(",")]
    given, _, surname = name.rpartition(" ")
    marks = f"<degrees>{escape(', '.join(degrees))}</degrees>" if degrees else ""
    return (
        f'<contrib contrib-type="author"><name><surname>{escape(surname)}</surname>'
        f"<given-names>{escape(given)}</given-names></name>{marks}</contrib>"
    )


def _inline(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<bold>\1</bold>", escape(text))


def main() -> None:
    """Make the sample manuscripts again."""
    samples = HERE.parent / "sample_manuscripts"
    source = {p.stem: p.read_text("utf-8") for p in SOURCES.glob("*.md")}
    to_docx(source["good"], samples / "good.docx")
    to_pdf(source["poor"], samples / "poor.pdf")
    (samples / "contradicts_itself.md").write_text(source["contradicts_itself"], "utf-8")


if __name__ == "__main__":
    main()
