"""The DOCX reader: a walk of its own over the package's XML, because the usual libraries hide
tracked changes, footnotes, text boxes, fields and content controls.

How places are counted, so that a run can be found again (``Origin``):

- ``part`` is the package part that holds the text (``word/footnotes.xml``), ``None`` for the
  main document.
- ``paragraph`` is the index of the ``w:p`` among **all** ``w:p`` elements of that part in
  document order: ``list(root.iter(W + "p"))[paragraph]``. Paragraphs in tables, text boxes,
  ``mc:Fallback`` copies and deleted rows count too, whether or not they are read.
- ``run`` is the index of the ``w:r`` among **all** ``w:r`` descendants of that paragraph:
  ``list(p.iter(W + "r"))[run]``. Runs inside hyperlinks, tracked changes, content controls and
  text boxes anchored in the paragraph count too. ``None``: the text is generated (a list number
  in a table cell, a note's number, an equation) and stands in no run.
- ``offset`` is the position in ``run_text(r)``: the run's ``w:t`` and ``w:delText`` joined, a
  tab as one "\\t", a line break as one "\\n", a hard hyphen as one "-"; anything else is nothing.
- ``page`` is set only when the page breaks that Word recorded agree with its own page count.

A paragraph whose mark is a tracked deletion is read together with the next one; each run keeps
the paragraph that it stands in.
"""

from __future__ import annotations

from pathlib import Path

from coreqcheck.errors import ReadError
from coreqcheck.model import Document, Meta, Role
from coreqcheck.readers import ReadOptions, appended_checklist
from coreqcheck.readers.archive import Archive
from coreqcheck.readers.builder import DocumentBuilder
from coreqcheck.readers.docx_package import Package
from coreqcheck.readers.docx_walk import Book, Tally, run_text
from coreqcheck.readers.emission import hand_over, within

__all__ = ["read", "run_text"]


def read(path: Path, shown: str, data: bytes, options: ReadOptions) -> Document:
    """Read a Word document.

    Args:
        path: the file; not opened again.
        shown: the path as reports print it.
        data: the file's bytes.
        options: limits, and which side of tracked changes is read.

    Raises:
        ReadError: ``not-zip``, ``damaged``, ``encrypted``, ``too-large`` or ``no-text``.
    """
    try:
        return _read(shown, data, options)
    except RecursionError:
        raise ReadError(
            "damaged", "its parts are nested too deeply; save it again from a word processor"
        ) from None


def _read(shown: str, data: bytes, options: ReadOptions) -> Document:
    package = Package(Archive(data, options.limits))
    builder = DocumentBuilder(shown, "docx")
    tally = Tally()
    book = Book(package, tally, options.revisions == "original")
    front = hand_over(book.body(), builder, options.limits)
    if builder.length == 0:
        raise ReadError(
            "no-text", "holds no text; if its pages are pictures, use the file they were made from"
        )
    for paragraph in book.margins():
        builder.block(
            Role.FURNITURE, (piece.run for piece in paragraph.pieces), style=paragraph.style
        )
        within(builder, 0, options.limits)
    comments = book.comments()
    tally.report(builder, book.original, len(comments))
    title, pages = package.properties()
    meta = Meta(
        title=front.title or title,
        authors=front.authors,
        pages=pages,
        tracked_changes=tally.changes,
        comments=comments,
    )
    return appended_checklist.label(builder.build(data, meta))
