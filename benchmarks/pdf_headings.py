"""Are the sections of papers told right? By their XML, or by a list that a person made.

    python benchmarks/pdf_headings.py TRUTH READ [--missed]
    python benchmarks/pdf_headings.py --list READ > truth.tsv

TRUTH is a folder of JATS files, whose section titles are marked, or a table of
"file name without ending <TAB> kind <TAB> heading" lines (``--list`` writes such a table, to be
corrected against the printed pages). READ is a folder with the same papers as PDF, DOCX or
text. A heading counts as found when a heading of the file read has the same letters, and as
right when its section has the same kind, too. Headings whose letters stand nowhere in the file
do not count: nobody sees them there. Headings are compared in order. Target: 95 % right.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from coreqcheck.errors import ReadError
from coreqcheck.language.load import load_rules
from coreqcheck.model import Document, Role
from coreqcheck.readers import SUFFIXES, read
from coreqcheck.text.headings import SectionLexicon
from coreqcheck.text.sections import sections_of


class Heading(NamedTuple):
    """A heading and the kind of the section that it opens."""

    kind: str
    text: str

    @property
    def key(self) -> str:
        """Its letters: numbers, spaces, and case differ between formats."""
        return "".join(char for char in self.text.lower() if char.isalpha())


def headings(document: Document, lexicon: SectionLexicon) -> list[Heading]:
    """The headings of a document, with the kinds of their sections."""
    sections, _ = sections_of(document, lexicon)
    kinds = {section.heading: section.kind for section in sections}
    found = []
    for index, block in enumerate(document.blocks):
        if block.role is Role.HEADING:
            text = document.text[block.span.start : block.span.end]
            found.append(Heading(kinds[index].value if index in kinds else "", text))
    return found


def compared(
    truth: Sequence[Heading], found: Sequence[Heading]
) -> Iterator[tuple[Heading, Heading | None]]:
    """Each true heading with the one that was read for it, if there is one, in order."""
    matcher = SequenceMatcher(None, [h.key for h in truth], [h.key for h in found], autojunk=False)
    pairs: dict[int, int] = {}
    for block in matcher.get_matching_blocks():
        pairs.update((block.a + step, block.b + step) for step in range(block.size))
    for index, heading in enumerate(truth):
        yield heading, found[pairs[index]] if index in pairs else None


def _truth(path: Path, lexicon: SectionLexicon) -> dict[str, list[Heading]]:
    known: dict[str, list[Heading]] = {}
    if path.is_dir():
        for one in sorted(path.glob("*.xml")):
            known[one.stem] = headings(read(one, one.name), lexicon)
        return known
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, kind, text = line.split("\t")
            known.setdefault(name, []).append(Heading(kind, text))
    return known


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in SUFFIXES:
            yield path


def main() -> int:
    """The command line; exit status 1 below the target."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("truth", type=Path, nargs="?")
    parser.add_argument("read", type=Path)
    parser.add_argument("--list", action="store_true", help="write the headings found")
    parser.add_argument("--missed", action="store_true", help="show what is not right")
    options = parser.parse_args()
    lexicon = SectionLexicon.of(load_rules().sections)
    if options.list:
        for path in _files(options.read):
            for heading in headings(read(path, path.name), lexicon):
                print(path.stem, heading.kind, heading.text, sep="\t")
        return 0
    truth = _truth(options.truth, lexicon)
    total = present = right = 0
    for path in _files(options.read):
        if path.stem not in truth:
            continue
        try:
            document = read(path, path.name)
        except ReadError as error:
            print(f"{path.name}: {error}")
            continue
        shown = "".join(char for char in document.text.lower() if char.isalpha())
        seen = [heading for heading in truth[path.stem] if heading.key in shown]
        pairs = list(compared(seen, headings(document, lexicon)))
        good = sum(found is not None and found.kind == true.kind for true, found in pairs)
        met = sum(found is not None for _, found in pairs)
        total, present, right = total + len(pairs), present + met, right + good
        print(f"{path.name}: {len(pairs)} headings, {met} found, {good} of the right kind")
        for true, found in pairs if options.missed else ():
            if found is None or found.kind != true.kind:
                print(
                    f"    {true.kind}: {true.text[:80]} -> {found.kind if found else 'not found'}"
                )
    share = 100 * right / total if total else 0.0
    print(f"all: {total} headings, {present} found, {right} of the right kind ({share:.1f} %)")
    return 0 if share >= 95 else 1


if __name__ == "__main__":
    raise SystemExit(main())
