"""How many words of PDFs are broken after reading, by each document's own vocabulary.

    python benchmarks/pdf_words.py paper.pdf folder ... [--list 15] [--limit 1.0]

A word of the searched text counts as broken when
  split     a space stands in it ("inter view", "non- responders"): its whole is a word elsewhere
  hyphen    a hyphen of a line end was kept, and the document writes the word without elsewhere
  eaten     a hyphen was taken out at a line end, and the document writes it with one elsewhere
  glued     two words of the document run together where a line ends
  sign      it holds a character that has no meaning (U+FFFD, private use)
  ligature  it has lost a ligature ("frst", "signifcant")
Target: fewer than 1 % in each document whose text layer is sound.
"""

from __future__ import annotations

import argparse
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from coreqcheck.errors import ReadError
from coreqcheck.model import UNSEARCHED, Document
from coreqcheck.readers import read


def _set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


WORD = re.compile(r"[^\W\d_\ufffd]+(?:[-‐'’][^\W\d_]+)*")
SIGNS = re.compile(r"\S*[\ufffd\ue000-\uefff\uf100-\uf8ff]\S*")  # U+F0xx: symbol fonts
SPLIT = re.compile(r"([^\W\d_]+)([-‐]?) ([^\W\d_]+)")
LOST = _set(
    """
    frst diferent difcult signifcant specifc defned defnition fndings fnd identifed infuence
    refect ofce ofered efect efects afect sufcient efcient staf confict beneft confrm confdence
    feld fve modifed classifed scientifc workfow diference diferences fnal
    """
)
SUSPENDED = frozenset({"and", "or", "to", "und", "oder", "y", "e", "et", "nor", "vs"})


class Broken(NamedTuple):
    """A broken word: which kind, as it stands, and what it should be (may be empty)."""

    kind: str
    shown: str
    better: str


def searched(document: Document) -> Iterator[tuple[int, str]]:
    """(start, text) of the blocks that are searched."""
    for block in document.blocks:
        if block.role not in UNSEARCHED:
            yield block.span.start, document.text[block.span.start : block.span.end]


def joints(document: Document) -> list[int]:
    """Offsets at which a line of the page ends inside the text."""
    return sorted(segment.start for segment in document.source_map.segments)


def broken(document: Document) -> tuple[list[Broken], int]:
    """The broken words of a document and the number of all words."""
    texts = list(searched(document))
    words = Counter(w.casefold() for _, text in texts for w in WORD.findall(text))
    ends = joints(document)
    found: list[Broken] = []
    for start, text in texts:
        found.extend(_split(text, words))
        found.extend(Broken("sign", hit.group(), "") for hit in SIGNS.finditer(text))
        for hit in WORD.finditer(text):
            shown = hit.group()
            folded = shown.casefold()
            if folded in LOST:
                found.append(Broken("ligature", shown, ""))
            at = bisect_right(ends, start + hit.start())
            if at < len(ends) and ends[at] < start + hit.end():
                found.extend(_joined(shown, ends[at] - start - hit.start(), words))
    return found, sum(words.values())


def _split(text: str, words: Counter[str]) -> Iterator[Broken]:
    for hit in SPLIT.finditer(text):
        left, hyphen, right = (part.casefold() for part in hit.groups())
        if hyphen:
            if right not in SUSPENDED:
                yield Broken("split", hit.group(), "")
            continue
        whole = words[left + right]
        rare = min(words[left], words[right])
        if whole > 2 and rare <= 1 and len(left) > 1 and len(right) > 1:
            yield Broken("split", hit.group(), left + right)


def _joined(shown: str, at: int, words: Counter[str]) -> Iterator[Broken]:
    """A word over the end of a line; ``at`` is where the second line begins in it."""
    folded = shown.casefold()
    left, right = folded[:at], folded[at:]
    if left.endswith(("-", "‐")):
        whole = left[:-1] + right
        if words[whole] > words[folded]:
            yield Broken("hyphen", shown, whole)
    elif left and right:
        apart = f"{left}-{right}"
        if words[apart] > words[folded] - 1 and words[apart]:
            yield Broken("eaten", shown, apart)
        elif words[folded] == 1 and words[left] > 4 and words[right] > 4 and len(right) > 3:
            yield Broken("glued", shown, f"{left} {right}")


def main() -> int:
    """Print the share of each file, worst first, and the words; 1 when over the limit."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--list", type=int, default=12, help="broken words shown for each file")
    parser.add_argument("--limit", type=float, default=1.0, help="per cent")
    options = parser.parse_args()
    rows: list[tuple[float, str, list[Broken], int]] = []
    for argument in options.paths:
        path = Path(argument)
        for file in sorted(path.glob("**/*.pdf")) if path.is_dir() else [path]:
            try:
                found, count = broken(read(file, file.name))
            except ReadError as error:
                print(f"{file.name}: passed over ({error})")
                continue
            rows.append((100 * len(found) / max(count, 1), file.name, found, count))
    rows.sort(reverse=True)
    for share, name, found, count in rows:
        kinds = Counter(entry.kind for entry in found)
        shown = ", ".join(f"{kind} {n}" for kind, n in kinds.most_common())
        print(f"{share:6.2f} %  {len(found):5d} of {count:6d} words  {name}  {shown}")
        for entry, times in Counter(found).most_common(options.list):
            print(f"           {entry.kind:9s} {times:3d} x {entry.shown[:40]!r}  {entry.better}")
    return int(any(share >= options.limit for share, *_ in rows))


if __name__ == "__main__":
    raise SystemExit(main())
