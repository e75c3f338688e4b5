"""A copy of a Word manuscript with real comments on its sentences.

Comments anchor on runs, so runs are cut at the ends of a sentence; nothing else changes: the parts
of the package that have nothing to do with comments stay as they are, byte for byte. Places are
found by the origins that the reader recorded (see ``readers/docx.py`` on how they count). Word
allows no comments in notes and text boxes: a remark there moves to where the note is cited, or to
the run that holds the box.
"""

from __future__ import annotations

import copy
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from coreqcheck.model import Origin, Report, Segment, Span
from coreqcheck.readers import Limits
from coreqcheck.readers.archive import Archive
from coreqcheck.readers.docx_package import Package
from coreqcheck.readers.docx_walk import run_text
from coreqcheck.report.docx_package import with_comments_part, written, xml
from coreqcheck.report.remarks import AUTHOR, INITIALS, Remark, remarks

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_MARKS = (f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}commentReference")
_NOTES = {f"{W}footnote": f"{W}footnoteReference", f"{W}endnote": f"{W}endnoteReference"}


@dataclass(frozen=True, slots=True)
class _End:
    """A position in a run: before the character ``offset`` of its text."""

    run: Any
    offset: int


@dataclass(frozen=True, slots=True)
class _Text:
    """The main document as the reader counts it: its paragraphs, and the parts with notes."""

    root: Any
    paragraphs: Sequence[Any]
    package: Package


def annotate(report: Report, data: bytes) -> bytes:
    """The file ``data`` of ``report`` with a comment for each remark.

    Comments that an earlier run of coreqcheck left are replaced; those of people stay.

    Args:
        report: the report on this very file.
        data: the bytes of the DOCX.

    Returns:
        the bytes of the copy. The same input gives the same bytes.

    Raises:
        ReadError: the package is damaged; not for a file that was just read.
    """
    archive = Archive(data, Limits())
    package = Package(archive)
    root = _tree(package, package.main)
    name = package.part("comments", posixpath.join(posixpath.dirname(package.main), "comments.xml"))
    is_new = not archive.has(name)
    comments = _empty() if is_new else _tree(package, name)
    text = _Text(root, tuple(root.iter(f"{W}p")), package)
    wanted = [(remark, _ends(remark.span, report, text)) for remark in remarks(report)]
    pieces = _cut(end for _, ends in wanted if ends for end in ends)
    _remove_own(root, comments)
    number = _free_number(root, comments)
    for remark, ends in wanted:
        if ends is not None:
            first, last = _first_piece(pieces, ends[0]), _last_piece(pieces, ends[1])
            _anchor(first, last, number)
            comments.append(_comment(remark, number))
            number += 1
    changed = {package.main: _as_was(root, archive, package.main)}
    if not is_new or len(comments):
        changed[name] = xml(comments) if is_new else _as_was(comments, archive, name)
    if is_new and len(comments):
        changed |= with_comments_part(archive, package, name)
    return written(data, changed)


def _tree(package: Package, name: str) -> Any:
    root = package.tree(name)
    assert root is not None
    return root


def _as_was(root: Any, archive: Archive, name: str) -> bytes:
    """The part in the variant of namespaces that it came in."""
    text = xml(root)
    if b"purl.oclc.org/ooxml" not in (archive.read(name) or b""):
        return text
    return re.sub(
        rb"http://schemas\.openxmlformats\.org/(officeDocument|wordprocessingml|drawingml)/2006/"
        rb"(?=[a-zA-Z]+\")",
        rb"http://purl.oclc.org/ooxml/\1/",
        text,
    )


# --- finding the places


def _ends(span: Span, report: Report, text: _Text) -> tuple[_End, _End] | None:
    """Where a span starts and ends among the runs of the main document."""
    assert report.manuscript is not None
    document = report.manuscript.document
    here = document.source_map.within(span)
    if here and here[0].origin.part in document.meta.files[1:]:
        return None  # it stands in another file of the submission
    inside = [s for s in here if _in_body(s.origin, document.path)]
    if inside:
        start = _end(inside[0], max(span.start, inside[0].start), text)
        stop = _end(inside[-1], min(span.end, inside[-1].end), text)
        return _outside_boxes(start, stop) if start and stop else None
    cited = _where_cited(here, text)
    if cited is None:
        cited = _run_before(span, report, text)
    return None if cited is None else (_End(cited, 0), _End(cited, len(run_text(cited))))


def _in_body(origin: Origin, own: str) -> bool:
    """In the main text of the file ``own``; parts of the package and other files are named."""
    return origin.part in {None, own} and origin.run is not None and origin.paragraph is not None


def _end(segment: Segment, at: int, text: _Text) -> _End | None:
    origin = segment.origin
    assert origin.paragraph is not None
    assert origin.run is not None
    if origin.paragraph >= len(text.paragraphs):
        return None
    runs = list(text.paragraphs[origin.paragraph].iter(f"{W}r"))
    if origin.run >= len(runs):
        return None
    run = runs[origin.run]
    offset = (origin.offset or 0) + (at - segment.start)
    return _End(run, min(offset, len(run_text(run))))


def _outside_boxes(start: _End, stop: _End) -> tuple[_End, _End]:
    first, last = _host(start.run), _host(stop.run)
    outer = first if first is not None else last
    if outer is None:
        return start, stop
    return _End(outer, 0), _End(outer, len(run_text(outer)))


def _host(run: Any) -> Any | None:
    """The run of the main text that holds the text box in which ``run`` stands."""
    boxes = list(run.iterancestors(f"{W}txbxContent"))
    return next(boxes[-1].iterancestors(f"{W}r"), None) if boxes else None


def _where_cited(here: Iterable[Segment], text: _Text) -> Any | None:
    """The run that cites the footnote or endnote in which a span stands."""
    for segment in here:
        part, paragraph = segment.origin.part, segment.origin.paragraph
        if part is None or paragraph is None or not text.package.archive.has(part):
            continue
        paragraphs = list(_tree(text.package, part).iter(f"{W}p"))
        note = paragraphs[paragraph].getparent() if paragraph < len(paragraphs) else None
        while note is not None and note.tag not in _NOTES:
            note = note.getparent()
        if note is not None:
            return _citing(note, text)
    return None


def _citing(note: Any, text: _Text) -> Any | None:
    for reference in text.root.iter(_NOTES[note.tag]):
        if reference.get(f"{W}id") == note.get(f"{W}id"):
            run = reference.getparent()
            host = _host(run)
            return run if host is None else host
    return None


def _run_before(span: Span, report: Report, text: _Text) -> Any | None:
    """The last run of the main text before generated text, such as the number of a list."""
    assert report.manuscript is not None
    document = report.manuscript.document
    before = [
        s
        for s in document.source_map.segments
        if s.end <= span.start and _in_body(s.origin, document.path)
    ]
    found = _end(before[-1], before[-1].start, text) if before else None
    return _outside_boxes(found, found)[0].run if found else None


# --- cutting runs


def _cut(ends: Iterable[_End]) -> dict[int, list[tuple[int, Any]]]:
    """Cut the runs at all ends: for each run its pieces, each with the offset where it starts."""
    by_run: dict[int, tuple[Any, set[int]]] = {}
    for end in ends:
        by_run.setdefault(id(end.run), (end.run, set()))[1].add(end.offset)
    pieces: dict[int, list[tuple[int, Any]]] = {}
    for key, (run, offsets) in by_run.items():
        length = len(run_text(run))
        # From the end, so that the offsets before stay right.
        tails = [(o, _split(run, o)) for o in sorted(offsets, reverse=True) if 0 < o < length]
        pieces[key] = [(0, run), *reversed(tails)]
    return pieces


def _first_piece(pieces: dict[int, list[tuple[int, Any]]], end: _End) -> Any:
    """The piece that starts at ``end``."""
    return max((p for p in pieces[id(end.run)] if p[0] <= end.offset), key=lambda p: p[0])[1]


def _last_piece(pieces: dict[int, list[tuple[int, Any]]], end: _End) -> Any:
    """The piece that stops at ``end``."""
    before = [p for p in pieces[id(end.run)] if p[0] < end.offset]
    return max(before, key=lambda p: p[0])[1] if before else end.run


def _split(run: Any, offset: int) -> Any:
    """Cut ``run`` before the character ``offset``; the new run stands behind it."""
    tail = run.makeelement(run.tag, dict(run.attrib), run.nsmap)
    for child in run.iterchildren(f"{W}rPr"):
        tail.append(copy.deepcopy(child))
    passed = 0
    for child in [c for c in run if c.tag != f"{W}rPr"]:
        width = len(run_text([child]))  # type: ignore[arg-type]  # only iterated over
        if passed >= offset:
            tail.append(child)
        elif passed + width > offset:
            rest = copy.deepcopy(child)
            rest.text = child.text[offset - passed :]
            child.text = child.text[: offset - passed]
            for part in (child, rest):
                part.set(_SPACE, "preserve")
            tail.append(rest)
        passed += width
    run.addnext(tail)
    return tail


# --- writing and removing comments


def _anchor(first: Any, last: Any, number: int) -> None:
    """Mark the range from one run to another, and set the comment's reference behind it."""
    key = {f"{W}id": str(number)}
    first.addprevious(first.makeelement(f"{W}commentRangeStart", key))
    reference = last.makeelement(f"{W}r")
    reference.append(last.makeelement(f"{W}commentReference", key))
    last.addnext(reference)
    last.addnext(last.makeelement(f"{W}commentRangeEnd", key))


def _empty() -> Any:
    from lxml import etree

    return etree.Element(f"{W}comments", nsmap={"w": W[1:-1]})


def _comment(remark: Remark, number: int) -> Any:
    """A comment without a date: the same input gives the same bytes."""
    from lxml import etree

    comment = etree.Element(f"{W}comment", nsmap={"w": W[1:-1]})
    for name, value in (("id", str(number)), ("author", AUTHOR), ("initials", INITIALS)):
        comment.set(f"{W}{name}", value)
    for line in remark.text.split("\n"):
        run = etree.SubElement(etree.SubElement(comment, f"{W}p"), f"{W}r")
        words = etree.SubElement(run, f"{W}t")
        words.set(_SPACE, "preserve")
        words.text = re.sub(r"[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", line)
    return comment


def _marks(root: Any) -> Iterator[Any]:
    for tag in _MARKS:
        yield from list(root.iter(tag))


def _free_number(root: Any, comments: Any) -> int:
    """The first number after all that are used."""
    used = [e.get(f"{W}id", "") for e in (*_marks(root), *comments)]
    return max((int(n) for n in used if n.isdecimal()), default=-1) + 1


def _remove_own(root: Any, comments: Any) -> None:
    """Take out the comments that an earlier run left, with their marks in the text."""
    own = {c.get(f"{W}id"): c for c in comments if c.get(f"{W}author") == AUTHOR}
    for comment in own.values():
        comments.remove(comment)
    for mark in _marks(root):
        if mark.get(f"{W}id") not in own:
            continue
        run = mark.getparent()
        if mark.tag == f"{W}commentReference" and not run_text(run):
            run.getparent().remove(run)
        else:
            run.remove(mark)
