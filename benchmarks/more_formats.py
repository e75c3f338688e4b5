"""HTML, LaTeX and ODT of an invented manuscript, beside the formats of ``tests/manuscript_formats``."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.insert(0, str(TESTS))

import manuscript_formats as formats  # noqa: E402

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_LATEX = str.maketrans({c: f"\\{c}" for c in "&%$#_{}"} | {"\\": "\\textbackslash{}"})


def to_markdown(markdown: str, path: Path) -> None:
    """As it is."""
    path.write_text(markdown, "utf-8")


def to_html(markdown: str, path: Path) -> None:
    """A page as a word processor exports it."""
    out = []
    for piece in formats.pieces(markdown):
        text = escape(piece.text)
        if piece.kind == "table":
            rows = ["".join(f"<td>{escape(c)}</td>" for c in row) for row in piece.rows]
            out.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
        elif piece.kind in {"title", "heading"}:
            out.append(f"<h{piece.level}>{text}</h{piece.level}>")
        elif piece.kind == "quote":
            out.append(f"<blockquote><p>{text}</p></blockquote>")
        else:
            out.append(f"<ul><li>{text}</li></ul>" if piece.kind == "list" else f"<p>{text}</p>")
    page = "<!DOCTYPE html><html lang='en'><head><title>t</title></head><body>{}</body></html>"
    path.write_text(page.format("\n".join(out)), "utf-8")


def to_latex(markdown: str, path: Path) -> None:
    """An article."""
    out = ["\\documentclass{article}"]
    for piece in formats.pieces(markdown):
        text = piece.text.translate(_LATEX)
        if piece.kind == "title":
            out += [f"\\title{{{text}}}", "\\begin{document}", "\\maketitle"]
        elif piece.kind == "heading":
            name = ("section", "subsection", "subsubsection")[min(piece.level, 4) - 2]
            out.append(f"\\{name}{{{text}}}")
        elif piece.kind == "table":
            rows = [" & ".join(c.translate(_LATEX) for c in row) + " \\\\" for row in piece.rows]
            columns = "l" * len(piece.rows[0])
            out.append("\n".join([f"\\begin{{tabular}}{{{columns}}}", *rows, "\\end{tabular}"]))
        elif piece.kind == "quote":
            out.append(f"\\begin{{quote}}\n{text}\n\\end{{quote}}")
        elif piece.kind == "list":
            out.append(f"\\begin{{itemize}}\n\\item {text}\n\\end{{itemize}}")
        else:
            out.append(text)
    path.write_text("\n\n".join([*out, "\\end{document}"]), "utf-8")


def to_odt(markdown: str, path: Path) -> None:
    """An OpenDocument text."""
    out = []
    for piece in formats.pieces(markdown):
        text = escape(piece.text)
        if piece.kind == "table":
            rows = "".join(
                "<table:table-row>"
                + "".join(
                    f"<table:table-cell><text:p>{escape(c)}</text:p></table:table-cell>"
                    for c in row
                )
                + "</table:table-row>"
                for row in piece.rows
            )
            out.append(f"<table:table>{rows}</table:table>")
        elif piece.kind in {"title", "heading"}:
            out.append(f'<text:h text:outline-level="{piece.level}">{text}</text:h>')
        elif piece.kind == "list":
            out.append(
                f"<text:list><text:list-item><text:p>{text}</text:p></text:list-item></text:list>"
            )
        else:
            style = ' text:style-name="Quotations"' if piece.kind == "quote" else ""
            out.append(f"<text:p{style}>{text}</text:p>")
    write_odt("".join(out), path)


def write_odt(body: str, path: Path) -> None:
    """An ODT package around what stands inside ``office:text``."""
    content = (
        f'<office:document-content xmlns:office="{_OASIS}:office:1.0"'
        f' xmlns:text="{_OASIS}:text:1.0" xmlns:table="{_OASIS}:table:1.0">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)


def _to_pdf_in_columns(markdown: str, path: Path) -> None:
    formats.to_pdf(markdown, path, columns=2)


WRITERS: dict[str, Callable[[str, Path], None]] = {
    ".md": to_markdown, ".txt": formats.to_text, ".html": to_html, ".tex": to_latex,
    ".xml": formats.to_jats, ".docx": formats.to_docx, ".odt": to_odt,
    ".pdf": formats.to_pdf, "-two.pdf": _to_pdf_in_columns,
}  # fmt: skip
"""The writer for each ending of a file's name; ``-two.pdf`` is a PDF in two columns."""
