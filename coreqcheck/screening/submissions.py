"""Finding submissions: one file each, or a folder with a manuscript and what came with it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coreqcheck.errors import UsageError
from coreqcheck.readers import SUFFIXES

OWN_FILE = "screening.sqlite"
"""A folder that holds this is the output of a screening and is never searched."""
_PASSED_OVER = re.compile(
    r"(?i)^(readme|changelog|changes|contributing|license|licence|code_of_conduct|todo)\b"
)
_COMPANION = re.compile(
    r"(?i)(?<![a-z])(suppl(?:ement(?:s|ary|al)?)?|supporting|appendi(?:x|ces)|annex(?:es)?|"
    r"additional[ _-]?files?|(?:reporting[ _-]?)?checklist|coreq|title[ _-]?page|"
    r"(?:interview|topic)[ _-]?guide)(?![a-z])"
)
_LETTER = re.compile(
    r"(?i)(?<![a-z])(cover[ _-]?letter|rebuttal|decision[ _-]?letter|"
    r"(?:response|reply)[ _-]?to[ _-]?(?:the[ _-]?)?(?:reviewers?|editors?))(?![a-z])"
)
_INCLUDES = re.compile(
    rb"\\(?:input|include|subfile)\s*\{([^{}\n]{1,200})\}|\{\{<\s*include\s+([^>\n]{1,200}?)\s*>\}\}"
)
_TEXTUAL = frozenset({".tex", ".ltx", ".md", ".markdown", ".qmd", ".rmd"})
_INCLUDED_FILES = 500


@dataclass(frozen=True, slots=True)
class Submission:
    """What is checked as one: ``files[0]`` is the manuscript, the rest came with it.

    ``root`` is the folder that was searched (absolute) or a URL; ``files`` and ``left_out``
    (letters, which are not evidence) are relative to it, with ``/``. ``ident`` is safe as a file
    name; ``path`` is what people are shown; ``folder`` groups submissions in the aggregates.
    ``guideline`` is what was asked for, "" for COREQ.
    """

    ident: str
    path: str
    folder: str
    root: str
    files: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    guideline: str = ""

    def shown(self, file: str) -> str:
        """How reports name one of the files."""
        return printable(f"{root_name(self.root)}/{file}")


@dataclass(frozen=True, slots=True)
class Found:
    """The submissions in the order of their paths, and what was passed over, with the reason."""

    submissions: tuple[Submission, ...]
    skipped: tuple[str, ...]


def find(roots: Iterable[Path], out: Path) -> Found:
    """Search folders (or take single files) for submissions; ``out`` is never searched.

    Raises:
        UsageError: a root does not exist, lies in ``out``, or has the name of another one.
    """
    search = _Search(os.path.realpath(out))
    names: dict[str, str] = {}
    for root in roots:
        base = os.path.realpath(root)
        if not os.path.exists(base):
            raise UsageError(f"{root}: there is no such folder; check the name")
        if os.path.isfile(base):
            single, base = os.path.basename(base), os.path.dirname(base)
        else:
            single = ""
            _apart(base, search.out, root)
        if names.setdefault(root_name(base), base) != base:
            raise UsageError(
                f"{root}: another folder of this name is searched too; screen their common parent"
            )
        if single:
            search.add(base, [single], [], alone=True)
        else:
            search.folder(base, "")
    return Found(search.sorted(), tuple(search.skipped))


def _apart(base: str, out: str, root: Path) -> None:
    """Outputs among the submissions would be taken for submissions the next time."""
    if Path(base).is_relative_to(out):
        raise UsageError(
            f"{root}: the outputs would stand among the submissions; give -o a folder of its own"
        )


def arranged(root: str, names: Sequence[str]) -> tuple[Submission, ...]:
    """The submissions among files that are known only by name (``names``, relative to a URL)."""
    search = _Search("")
    by_folder: dict[str, list[str]] = {}
    for name in sorted(names):
        if _is_manuscript(PurePosixPath(name).name):
            by_folder.setdefault(name.rpartition("/")[0], []).append(name)
    for folder, files in by_folder.items():
        search.arrange(root, folder, files)
    return search.sorted()


class _Search:
    """What a search has found so far."""

    def __init__(self, out: str) -> None:
        self.out = out
        self.found: dict[str, Submission] = {}
        self._paths: set[str] = set()
        self.skipped: list[str] = []

    def folder(self, root: str, below: str) -> None:
        """Search one folder and those in it; ``below`` is relative to ``root``."""
        folders, files = self._entries(root, below)
        mains = [f for f in files if _is_main(f)]
        extra: list[str] = []
        for name in folders:
            inner = _join(below, name)
            if len(mains) == 1 and _COMPANION.search(name):
                extra += self._entries(root, inner)[1]
            else:
                self.folder(root, inner)
        self.arrange(root, below, files, extra)

    def _entries(self, root: str, below: str) -> tuple[list[str], list[str]]:
        """The names of the folders and the manuscript files (relative to ``root``) in a folder."""
        path = os.path.join(root, below)
        folders, files = [], []
        try:
            entries = sorted(os.scandir(path), key=lambda e: e.name)
        except OSError as error:
            self._skip(below or ".", f"cannot be opened ({error.strerror})")
            return [], []
        if any(e.name == OWN_FILE for e in entries):
            return [], []
        for entry in entries:
            name = _join(below, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and os.path.realpath(entry.path) != self.out:
                    folders.append(entry.name)
            elif _is_manuscript(entry.name) and self._inside(root, name, entry):
                files.append(name)
        return folders, _without_included(root, files)

    def _inside(self, root: str, name: str, entry: os.DirEntry[str]) -> bool:
        if entry.is_symlink():
            target = os.path.realpath(entry.path)
            if not Path(target).is_relative_to(root):
                self._skip(name, "is a link that leads out of the folder")
                return False
            if self.out and Path(target).is_relative_to(self.out):
                return False
        if not entry.is_file():
            self._skip(name, "is not an ordinary file")
            return False
        return True

    def _skip(self, name: str, why: str) -> None:
        self.skipped.append(f"{printable(name)}: {why}")

    def arrange(
        self, root: str, below: str, files: Sequence[str], extra: Sequence[str] = ()
    ) -> None:
        """The submissions among the files of one folder."""
        mains = [f for f in files if _is_main(f)]
        others = [f for f in files if not _is_main(f)]
        if len(mains) == 1:
            self.add(root, [mains[0], *_evidence(others), *extra], _letters(others))
            return
        attached: dict[str, list[str]] = {m: [] for m in mains}
        for other in others:
            owner = _owner(other, mains)
            if owner is None:
                self.add(root, [other], [], alone=True)
            elif not _LETTER.search(_name(other)):
                attached[owner].append(other)
        for main, companions in attached.items():
            self.add(root, [main, *companions], [], alone=True)

    def add(
        self, root: str, files: Sequence[str], left_out: Sequence[str], alone: bool = False
    ) -> None:
        """Keep a submission; ``alone`` when other submissions share its folder."""
        whole = f"{root.rstrip('/')}/{files[0]}"
        if whole in self.found:  # folders inside each other were named
            return
        path = self._path(f"{root_name(root)}/{files[0]}")
        unit = files[0] if alone or (len(files) == 1 and not left_out) else _parent(files[0])
        top = unit.partition("/")[0] if "/" in unit else ""
        self.found[whole] = Submission(
            ident=identifier(path),
            path=path,
            folder=printable(_join(root_name(root), top)),
            root=root,
            files=tuple(files),
            left_out=tuple(left_out),
        )

    def sorted(self) -> tuple[Submission, ...]:
        """What was found, in the order of the paths."""
        return tuple(sorted(self.found.values(), key=lambda s: s.path))

    def _path(self, name: str) -> str:
        """A path to show that no other submission has: escapes can make two names alike."""
        shown, number = printable(name), 1
        while shown in self._paths:
            number += 1
            shown = f"{printable(name)} ({number})"
        self._paths.add(shown)
        return shown


def identifier(path: str) -> str:
    """A name for outputs: letters and digits of the path, made unique by its hash."""
    slug = re.sub(r"[^a-z0-9]+", "-", PurePosixPath(path).stem.lower()).strip("-")[:40]
    return f"{slug or 'submission'}-{hashlib.sha256(path.encode()).hexdigest()[:12]}"


def printable(name: str) -> str:
    """A file name as text: bytes that are no UTF-8 become escapes, control characters too."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def root_name(root: str) -> str:
    """The last name of a folder or URL."""
    return root.rstrip("/\\").replace("\\", "/").rpartition("/")[2] or "root"


def content_digest(submission: Submission) -> str:
    """SHA-256 over the names and bytes of all files, included ones too; "" when one is unreadable."""
    total = hashlib.sha256()
    try:
        for name in _with_included(submission):
            with open(os.path.join(submission.root, name), "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            total.update(f"{printable(name)}\0{digest}\n".encode())
    except OSError:
        return ""
    return total.hexdigest()


def _with_included(submission: Submission) -> list[str]:
    """The files, and those that LaTeX or Quarto files among them include, in order."""
    seen = dict.fromkeys(submission.files)
    waiting = list(submission.files)
    while waiting and len(seen) < _INCLUDED_FILES:
        name = waiting.pop()
        for included in _included(submission.root, name, _parent(submission.files[0])):
            if included not in seen:
                seen[included] = None
                waiting.append(included)
    return list(seen)


def _included(root: str, name: str, base: str) -> Iterator[str]:
    """The files inside ``root`` that a text file names as included."""
    if PurePosixPath(name).suffix.lower() not in _TEXTUAL:
        return
    with open(os.path.join(root, name), "rb") as file:
        data = file.read(5_000_000)
    for match in _INCLUDES.finditer(data):
        target = os.fsdecode(match[1] or match[2]).strip().strip("'\"")
        for folder in dict.fromkeys((base, _parent(name))):
            for ending in ("", ".tex"):
                path = os.path.normpath(os.path.join(folder, target + ending)).replace("\\", "/")
                inside = os.path.realpath(os.path.join(root, path))
                if inside.startswith(root.rstrip(os.sep) + os.sep) and os.path.isfile(inside):
                    yield path


def _without_included(root: str, files: list[str]) -> list[str]:
    """The files without those that another file of the folder includes."""
    included: set[str] = set()
    for name in files:
        try:
            included.update(i for i in _included(root, name, _parent(name)) if i != name)
        except OSError:
            continue
    kept = [f for f in files if f not in included]
    return kept or files  # a circle of inclusions: show them rather than lose them


def _is_manuscript(name: str) -> bool:
    if name.startswith((".", "~$", "_")) or _PASSED_OVER.match(name):
        return False
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def _is_main(file: str) -> bool:
    return not (_COMPANION.search(_name(file)) or _LETTER.search(_name(file)))


def _evidence(files: Sequence[str]) -> list[str]:
    return [f for f in files if not _LETTER.search(_name(f))]


def _letters(files: Sequence[str]) -> list[str]:
    return [f for f in files if _LETTER.search(_name(f))]


def _owner(companion: str, mains: Sequence[str]) -> str | None:
    """The manuscript whose name the companion's name begins with ("smith_supplement": "smith")."""
    name = _name(companion)
    fitting = [
        m
        for m in mains
        if name.startswith(_name(m)) and not name[len(_name(m)) : len(_name(m)) + 1].isalnum()
    ]
    longest = max((len(_name(m)) for m in fitting), default=0)
    same = [m for m in fitting if len(_name(m)) == longest]
    return same[0] if len(same) == 1 else None


def _name(file: str) -> str:
    return PurePosixPath(file).stem.lower()


def _parent(file: str) -> str:
    return file.rpartition("/")[0]


def _join(*parts: str) -> str:
    return "/".join(p for p in parts if p)
