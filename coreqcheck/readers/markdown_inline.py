"""Running text of Markdown: which characters are read and which are only marks.

``scan`` blanks nothing and moves nothing: every character keeps its line and column, marks are
passed over, citations are set apart.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from coreqcheck.readers.builder import Run
from coreqcheck.readers.decode import Line
from coreqcheck.readers.drafts import moved_origin

_SHOWN, _HIDDEN, _CITED = 0, 1, 2
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.{1,5000}?)(?<!`)\1(?!`)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][\w:-]*(?:\s[^<>]*)?/?>")
_AUTOLINK = re.compile(r"<((?:https?|mailto|doi|ftp):[^\s<>]+|[\w.+-]+@[\w-]+\.[\w.-]+)>")
_SHORTCODE = re.compile(r"\{\{<.{0,500}?>\}\}|\{\{%.{0,500}?%\}\}|\{\{\w.{0,200}?\}\}", re.DOTALL)
_MATH = re.compile(
    r"\$\$(.{1,3000}?)\$\$|(?<![\\$\w])\$(?![\s$])([^$\n]{1,500}?)(?<![\s\\])\$(?![\d$])", re.DOTALL
)

_RAISED_MATH = re.compile(r"\^\{?\s*(\d{1,3}(?:\s*[,–-]\s*\d{1,3})*)\s*\}?")
_COMMAND = re.compile(r"\\(?:[a-zA-Z]*cite[a-zA-Z]*)\*?(?:\[[^\]]*\])*\{([^{}]*)\}")
_LATEX = re.compile(
    r"\\(?:newpage|pagebreak|clearpage|noindent|bigskip|medskip|smallskip|hfill|"
    r"vspace|hspace|label|ref|index)\*?(?:\{[^{}]*\})?(?![A-Za-z])"
)
_ATTRIBUTES = re.compile(r"\{[^{}\n]*(?:[#.=])[^{}\n]*\}|\{-\}|\{\.?[a-z-]+\}")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_KEY = re.compile(r"(?<![\w.@])-?@(?:\{[^{}\s]+\}|[A-Za-z0-9_][\w:.#$%&+?<>~/-]*)")
_CROSS = re.compile(r"-?@(?:fig|tbl|tab|sec|eq|lst|thm|lem|cor|prp|exm|sup|supp|app|cnj|def)[-:]")
_RAISED = re.compile(r"\^((?:[^\s^\\\[\]]|\\ )+)\^|(?<!~)~((?:[^\s~\\]|\\ )+)~(?!~)")
_BRACED = re.compile(r"\^\{([^{}\n]{1,30})\}")
_CHANGE = re.compile(rb"(?s)(.)(?:\1)*")
_NEWLINE = re.compile(r"\n")
_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,60}\]")
_DESTINATION = re.compile(
    r"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\([^()]{0,500}\)){0,500}\)){0,3000}\)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text of one source line that belongs to a paragraph: ``line.text[start:end]``."""

    line: Line
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters."""
        return self.line.text[self.start : self.end]


@dataclass(slots=True)
class Inline:
    """What a paragraph's text comes to.

    ``runs`` are its shown text. The first ``lead`` runs are emphasised at its very start (0: not
    so), in ``emphasis``; ``whole`` tells that this is all there is. ``marked`` are the half-open
    ranges of runs that are bold or italic. ``notes`` are inline footnotes, ``images`` the
    alternative texts of images.
    """

    runs: list[Run] = field(default_factory=list)
    lead: int = 0
    emphasis: str = ""
    whole: bool = False
    marked: list[tuple[int, int]] = field(default_factory=list)
    notes: list[list[Run]] = field(default_factory=list)
    images: list[list[Run]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The shown text on one line."""
        return " ".join("".join(run.text for run in self.runs).split())


def scan(stretches: Sequence[Stretch], marks: bool = True) -> Inline:
    """Read running text.

    Args:
        stretches: its lines, in order.
        marks: ``False`` when the text holds no Markdown (all characters are shown).
    """
    text = "\n".join(stretch.text for stretch in stretches)
    scanner = _Scanner(text)
    if marks:
        scanner.mark()
    return _collect(scanner, stretches)


class _Scanner:
    """The state of every character: shown, hidden, or part of a citation."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.state = bytearray(len(text))
        self.fixed = bytearray(len(text))  # not looked at for further marks
        self.spelt: dict[int, tuple[int, str]] = {}
        self.notes: list[tuple[int, int]] = []
        self.images: list[tuple[int, int]] = []
        self.strong: list[tuple[int, int]] = []
        self.slanted: list[tuple[int, int]] = []

    def mark(self) -> None:
        """Find all marks, in the order in which they bind."""
        if not any(char in self.text for char in "\\`<{$[^~@*_&"):
            return
        self._whole(_SHORTCODE)
        self._escapes_and_code()
        self._tags()
        self._math()
        self._whole(_LATEX)
        for hit in self._open(_COMMAND):
            self._hide(hit.start(), hit.start(1))
            self._hide(hit.end(1), hit.end())
            self._set(hit.start(1), hit.end(1), _CITED)
        self._brackets()
        self._raised()
        self._keys()
        for hit in self._open(_ENTITY):
            spelt = html.unescape(hit.group())
            if spelt != hit.group():
                self.spelt[hit.start()] = (hit.end(), spelt)
                self._fix(hit.start(), hit.end())
        self._emphasis()

    def _open(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Matches of ``pattern`` that nothing has claimed yet."""
        for hit in pattern.finditer(self.text):
            if not any(self.fixed[hit.start() : hit.end()]):
                yield hit

    def _whole(self, pattern: re.Pattern[str]) -> None:
        for hit in self._open(pattern):
            self._hide(hit.start(), hit.end())

    def _hide(self, start: int, end: int) -> None:
        self._set(start, end, _HIDDEN)

    def _set(self, start: int, end: int, state: int) -> None:
        self.state[start:end] = bytes([state]) * (end - start)
        self._fix(start, end)

    def _fix(self, start: int, end: int) -> None:
        self.fixed[start:end] = b"\x01" * (end - start)

    def _escapes_and_code(self) -> None:
        at = 0
        text = self.text
        while at < len(text):
            char = text[at]
            if char == "\\" and at + 1 < len(text) and not self.fixed[at]:
                if text[at + 1] in _PUNCTUATION:
                    self._hide(at, at + 1)
                    self._fix(at + 1, at + 2)
                elif text[at + 1] == "\n":
                    self._hide(at, at + 1)
                at += 2
            elif char == "\\":
                if not self.fixed[at]:
                    self._hide(at, at + 1)
                at += 1
            elif char == "`" and not self.fixed[at]:
                hit = _CODE.match(text, at)
                if hit is None:
                    at += 1
                    while at < len(text) and text[at] == "`":
                        at += 1
                    continue
                self._code(hit)
                at = hit.end()
            else:
                at += 1

    def _code(self, hit: re.Match[str]) -> None:
        inner = hit.group(2)
        if re.match(r"\s*(?:r|python|julia|\{\w+\})\s", inner):
            self._hide(hit.start(), hit.end())  # code whose result stands in the printed text
            return
        self._hide(hit.start(), hit.start(2))
        self._fix(hit.start(2), hit.end(2))
        self._hide(hit.end(2), hit.end())

    def _tags(self) -> None:
        for hit in self._open(_AUTOLINK):
            self._hide(hit.start(), hit.start(1))
            self._fix(hit.start(1), hit.end(1))
            self._hide(hit.end(1), hit.end())
        for hit in self._open(_TAG):
            tag = hit.group().lower()
            if re.match(r"<br\b", tag):
                self.spelt[hit.start()] = (hit.end(), " ")
                self._fix(hit.start(), hit.end())
                continue
            self._hide(hit.start(), hit.end())
            if tag.startswith(("<b>", "<strong")):
                close = self.text.lower().find("</", hit.end())
                if close > hit.end():
                    self.strong.append((hit.end(), close))

    def _math(self) -> None:
        for hit in self._open(_MATH):
            group = 1 if hit.group(1) is not None else 2
            inner = hit.group(group)
            self._hide(hit.start(), hit.start(group))
            self._hide(hit.end(group), hit.end())
            raised = _RAISED_MATH.fullmatch(inner.strip())
            if raised:
                self._hide(hit.start(group), hit.end(group))
                shift = hit.start(group) + len(inner) - len(inner.lstrip())
                self._set(shift + raised.start(1), shift + raised.end(1), _CITED)
            elif re.search(r"\\[a-zA-Z]{3,}|[\^_]\{", inner):
                self._hide(hit.start(group), hit.end(group))
            else:
                self._fix(hit.start(group), hit.end(group))
                for slash in re.finditer(r"\\[a-zA-Z]*\s?|[{}]", inner):
                    self._hide(hit.start(group) + slash.start(), hit.start(group) + slash.end())

    def _brackets(self) -> None:
        text = self.text
        for hit in self._open(_NOTE_MARK):
            self._hide(hit.start(), hit.end())
        stack: list[int] = []
        for at, char in enumerate(text):
            if self.fixed[at]:
                continue
            if char == "[":
                stack.append(at)
            elif char == "]" and stack:
                self._pair(stack.pop(), at)

    def _pair(self, left: int, right: int) -> None:
        """One pair of brackets: a link, an image, a citation, a span, an inline note, or itself."""
        text = self.text
        inner = text[left + 1 : right]
        before = text[left - 1] if left else ""
        after = text[right + 1 : right + 2]
        target = _DESTINATION.match(text, right + 1) if after == "(" else None
        if before == "^" and not self.fixed[left - 1] and target is None:
            self.notes.append((left + 1, right))
            self.state[left - 1 : right + 1] = bytes([_HIDDEN]) * (right + 2 - left)
            self._fix(left - 1, left + 1)
            self._fix(right, right + 1)
            return
        end = right + 1
        if target is not None:
            end = target.end()
        elif after == "{":
            attributes = _ATTRIBUTES.match(text, right + 1)
            end = attributes.end() if attributes else end
        elif after == "[" and text.find("]", right + 2) > 0 and not inner.startswith("@"):
            close = text.find("]", right + 2)
            label = text[right + 2 : close]
            end = close + 1 if "\n" not in label and re.fullmatch(r"[\w\-:.]{0,40}", label) else end
        if end > right + 1:
            image = before == "!" and not self.fixed[left - 1]
            self._hide(left - 1 if image else left, left + 1)
            self._hide(right, end)
            if image:
                self._image(left, right, end)
        elif re.search(r"(?:^|[\s;(-])-?@[\w{]", inner) and not _CROSS.match(inner):
            self.state[left : right + 1] = bytes([_CITED]) * (right + 1 - left)
            self._fix(left, right + 1)

    def _image(self, left: int, right: int, end: int) -> None:
        self.images.append((left + 1, right))
        attributes = _ATTRIBUTES.match(self.text, end)
        if attributes:
            self._hide(attributes.start(), attributes.end())

    def _raised(self) -> None:
        for hit in self._open(_RAISED):
            group = 1 if hit.group(1) is not None else 2
            self._hide(hit.start(), hit.start(group))
            self._hide(hit.end(group), hit.end())
            if group == 1 and re.fullmatch(r"[\d,;–-]+", hit.group(1)):
                self._set(hit.start(1), hit.end(1), _CITED)
        for hit in self._open(_BRACED):
            self._hide(hit.start(), hit.start(1))
            self._hide(hit.end(1), hit.end())
            if re.fullmatch(r"[\d\s,;–-]+", hit.group(1)):
                self._set(hit.start(1), hit.end(1), _CITED)

    def _keys(self) -> None:
        for hit in self._open(_KEY):
            if not _CROSS.match(hit.group()):
                end = hit.end()
                while self.text[end - 1] in ".:?/":
                    end -= 1
                self._set(hit.start(), end, _CITED)
        for hit in self._open(re.compile(r"(?<=\S)[ \t]*\{[^{}\n]*[#.=-][^{}\n]*\}(?=\s*$)")):
            self._hide(hit.start(), hit.end())

    # -- emphasis, as CommonMark pairs it --------------------------------------------------------

    def _emphasis(self) -> None:
        runs = [hit for hit in re.finditer(r"\*+|_+|~~", self.text) if not self.fixed[hit.start()]]
        openers: list[_Delimiter] = []
        for hit in runs:
            closer = self._delimiter(hit)
            if closer.closes:
                self._close(closer, openers)
            if closer.opens and closer.left:
                openers.append(closer)

    def _delimiter(self, hit: re.Match[str]) -> _Delimiter:
        text, start, end = self.text, hit.start(), hit.end()
        while end > start and self.fixed[end - 1]:
            end -= 1
        before = self._neighbour(start - 1, -1)
        after = self._neighbour(end, 1)
        left = not after.isspace() and (after.isalnum() or not _mark(after) or not _inside(before))
        right = not before.isspace() and (
            before.isalnum() or not _mark(before) or not _inside(after)
        )
        if text[start] == "_":
            return _Delimiter(
                "_",
                start,
                end,
                left and (not right or _mark(before)),
                right and (not left or _mark(after)),
            )
        return _Delimiter(text[start], start, end, left, right)

    def _neighbour(self, at: int, step: int) -> str:
        """The next character that is not a hidden mark; white space at the ends."""
        while 0 <= at < len(self.text) and self.state[at] == _HIDDEN:
            at += step
        return self.text[at] if 0 <= at < len(self.text) else " "

    def _close(self, closer: _Delimiter, openers: list[_Delimiter]) -> None:
        while closer.left:
            index = next(
                (
                    i
                    for i in range(len(openers) - 1, max(-1, len(openers) - 40), -1)
                    if openers[i].char == closer.char
                    and not (
                        (openers[i].closes or closer.opens)
                        and (openers[i].size + closer.size) % 3 == 0
                        and (openers[i].size % 3 or closer.size % 3)
                    )
                ),
                None,
            )
            if index is None:
                return
            opener = openers[index]
            del openers[index + 1 :]
            count = 2 if opener.left >= 2 and closer.left >= 2 else 1
            self._hide(opener.end - count, opener.end)
            self._hide(closer.start, closer.start + count)
            (self.strong if count == 2 else self.slanted).append((opener.end, closer.start))
            opener.end -= count
            closer.start += count
            if not opener.left:
                openers.pop()


class _Delimiter:
    """A run of ``*`` or ``_`` whose characters are used up from the inside."""

    __slots__ = ("char", "closes", "end", "opens", "size", "start")

    def __init__(self, char: str, start: int, end: int, opens: bool, closes: bool) -> None:
        self.char, self.start, self.end = char, start, end
        self.opens, self.closes, self.size = opens, closes, end - start

    @property
    def left(self) -> int:
        return self.end - self.start


def _mark(char: str) -> bool:
    """True for punctuation and symbols."""
    return not char.isalnum() and not char.isspace()


def _inside(char: str) -> bool:
    """True for letters and digits, which bind emphasis marks to a word."""
    return not char.isspace() and not _mark(char)


# -- from states to runs ----------------------------------------------------------------------


def _collect(scanner: _Scanner, stretches: Sequence[Stretch]) -> Inline:
    places = _Places(stretches)
    found = Inline()
    inside_notes = [(a, b) for a, b in scanner.notes]
    first = _first_shown(scanner)
    lead_end = 0
    for name, spans in (("bold", scanner.strong), ("italic", scanner.slanted)):
        for start, end in spans:
            if not any(_visible(scanner, first, start)) and end > first and not lead_end:
                lead_end, found.emphasis = end, name
    cuts = {at for span in scanner.strong + scanner.slanted for at in span}
    cuts |= {lead_end} if lead_end else set()
    placed = list(_runs(scanner, places, 0, len(scanner.text), cuts))
    found.runs = [run for _, run in placed]
    begins = [at for at, _ in placed]
    for start, end in sorted(scanner.strong + scanner.slanted):
        inside = bisect_left(begins, start), bisect_left(begins, end)
        if inside[0] < inside[1]:
            found.marked.append(inside)
    if lead_end:
        found.lead = sum(1 for at, _ in placed if at < lead_end)
        rest = "".join(run.text for run in found.runs[found.lead :]).strip()
        found.whole = not rest
    for start, end in inside_notes:
        scanner.state[start:end] = bytes(end - start)
        found.notes.append([run for _, run in _runs(scanner, places, start, end, set())])
    for start, end in scanner.images:
        found.images.append([run for _, run in _runs(scanner, places, start, end, set())])
    return found


def _first_shown(scanner: _Scanner) -> int:
    for at, state in enumerate(scanner.state):
        if state != _HIDDEN and not scanner.text[at].isspace():
            return at
    return len(scanner.state)


def _visible(scanner: _Scanner, start: int, end: int) -> Iterator[bool]:
    for at in range(start, end):
        yield scanner.state[at] != _HIDDEN and not scanner.text[at].isspace()


class _Places:
    """From positions in the joined text back to lines and columns."""

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self.starts: list[int] = []
        self.stretches = stretches
        at = 0
        for stretch in stretches:
            self.starts.append(at)
            at += len(stretch.text) + 1
        self._index = 0

    def run(self, text: str, at: int, repair: str | None, citation: bool) -> Run:
        index = self._find(at)
        stretch = self.stretches[index]
        origin = stretch.line.at(stretch.start + at - self.starts[index])
        return Run(text, origin, repair, citation)

    def _find(self, at: int) -> int:
        if self.starts[self._index] > at:
            self._index = 0
        while self._index + 1 < len(self.starts) and self.starts[self._index + 1] <= at:
            self._index += 1
        return self._index


def _runs(
    scanner: _Scanner, places: _Places, start: int, end: int, cuts: set[int]
) -> Iterator[tuple[int, Run]]:
    """The shown text between two positions: one run per line and state, each with its position."""
    text, state = scanner.text, scanner.state
    edges = {start, end}
    edges.update(hit.start() + start for hit in _CHANGE.finditer(state[start:end]))
    edges.update(hit.end() for hit in _NEWLINE.finditer(text, start, end))
    edges.update(at for at in cuts if start < at < end)
    for at, (stop, _) in scanner.spelt.items():
        if start <= at < end:
            edges.update((at, min(stop, end)))
    for begin, stop in pairwise(sorted(edges)):
        spelt = scanner.spelt.get(begin)
        cited = state[begin] == _CITED
        if spelt is not None and state[begin] != _HIDDEN:
            yield begin, places.run(spelt[1], begin, "entity", cited)
        elif state[begin] != _HIDDEN:
            yield begin, places.run(text[begin:stop], begin, None, cited)


def moved(run: Run, shift: int) -> Run:
    """The rest of ``run`` from ``shift`` characters on."""
    return Run(run.text[shift:], moved_origin(run.origin, shift), run.repair, run.citation)
