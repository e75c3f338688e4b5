"""From what people type to the manuscripts that are meant, each with all its files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coreqcheck import config
from coreqcheck.errors import ReadError, UsageError
from coreqcheck.readers import SUFFIXES, ReadOptions, read

_PASSED_OVER = re.compile(
    r"(?i)^(readme|changelog|changes|contributing|license|licence|code_of_conduct|todo)\b"
)
_BESIDE = re.compile(
    r"(?i)suppl|append|checklist|coreq|srqr|guide|cover|figure|table|title.?page|letter|respon"
    r"|additional|^s\d+\b"
)
"""Names of what comes with a manuscript."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A manuscript to check: its main file, and what belongs with it.

    ``searched`` tells that nobody typed its name: it was found in a folder, or is a file that
    changed. Such a file may well be no manuscript at all.
    """

    path: str
    companions: tuple[str, ...] = ()
    searched: bool = False


def submissions(paths: Iterable[str], changed: bool = False) -> list[Submission]:
    """Files as typed; folders searched downwards for manuscripts, in the order of their names.

    Hidden files and folders, Word's lock files (``~$``), READMEs and the like are passed over in
    folders. A file that another one takes in (LaTeX, Quarto) belongs to that one. Where a
    configuration names the manuscripts, nothing else is taken for one. A folder without
    manuscripts stays in the list, so that it is reported as such.

    Args:
        paths: files and folders.
        changed: the files were not chosen but changed (pre-commit); treat them as if they had
            been found in a folder.
    """
    found: list[Submission] = []
    for path in paths:
        if os.path.isdir(path):
            below = [s for file in _below(path) if (s := _searched(file)) is not None]
            found += below or [Submission(path)]
        elif changed and os.path.isfile(path):
            found += [s for s in [_searched(path)] if s is not None]
        else:
            found.append(_typed(path))
    return list(dict.fromkeys(found))


def submission_of(path: Path) -> Submission | None:
    """The manuscript that a file belongs to, as if it had been found in a folder.

    Returns:
        ``None`` for a file that is no manuscript by its name, or that a configuration leaves out.
    """
    return _searched(str(path))


def is_listed(path: Path) -> bool:
    """Whether a configuration names the manuscripts that there are."""
    return _listed(path) is not None


def one_submission(folder: str, options: ReadOptions) -> Submission:
    """All manuscripts of a folder as one submission: the longest that is no supplement by its
    name, with all others.

    Raises:
        UsageError: not a folder.
    """
    if not os.path.isdir(folder):
        raise UsageError(f"{folder}: --as-one takes a folder with the files of one submission")
    found = submissions([folder])
    files = [file for one in found for file in (one.path, *one.companions)]
    ranked = sorted(files, key=lambda f: (bool(_BESIDE.search(Path(f).stem)), -_length(f, options)))
    return Submission(ranked[0], tuple(dict.fromkeys(ranked[1:])))


def _length(file: str, options: ReadOptions) -> int:
    try:
        return len(read(Path(file), file, options).text)
    except ReadError:
        return 0


def _below(folder: str) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "_archive")))
        for name in sorted(files):
            if Path(name).suffix.lower() in SUFFIXES:
                yield os.path.join(root, name).replace("\\", "/").removeprefix("./")


def _is_passed_over(path: Path) -> bool:
    return path.name.startswith((".", "~$", "_")) or bool(_PASSED_OVER.match(path.name))


def _listed(path: Path) -> tuple[config.Listed, ...] | None:
    """The manuscripts that the nearest configuration names, if it names any."""
    file = config.find(path)
    return config.loaded(file).manuscripts if file else None


def _typed(path: str) -> Submission:
    companions = config.companions_of(Path(path).resolve(), _listed(Path(path)))
    return Submission(path, tuple(map(_shown, companions)))


def _searched(path: str) -> Submission | None:
    """The submission that a file belongs to; ``None`` when it belongs to none."""
    here = Path(path)
    if here.name.startswith((".", "~$")) or here.suffix.lower() not in SUFFIXES:
        return None
    whole = Path(os.path.abspath(path))  # a main file may stand above the working directory
    main = _main_file(whole)
    listed = _listed(here)
    if listed is not None:
        ours = {here.resolve(), main.resolve()} if main else {here.resolve()}
        for one in listed:
            if ours & {one.main, *one.companions}:
                companions = tuple(map(_shown, one.companions))
                return Submission(_shown(one.main), companions, searched=True)
        return None
    if main is None or _is_passed_over(main):
        return None
    return Submission(path if main == whole else _shown(main), searched=True)


def _main_file(path: Path) -> Path | None:
    """The file that takes ``path`` in, or ``path``; ``None`` for what an edition left behind."""
    kind = SUFFIXES[path.suffix.lower()]
    if kind == "latex":
        from coreqcheck.readers import latex

        return None if latex.is_left_over(path) else latex.main_file(path)
    if kind == "markdown":
        from coreqcheck.readers import markdown

        return markdown.main_file(path)
    return path


def _shown(path: Path) -> str:
    return config.shown(path).as_posix()
