"""Configuration: what a project or a journal decided, from the nearest file above a manuscript.

``coreqcheck.toml``, or the table ``[tool.coreqcheck]`` of ``pyproject.toml``; the nearest folder
that has one wins. Settings come in layers (command line, configuration, profile, defaults): a
layer says something or leaves it to the next. Numbers of items and names of checks are looked up
later, in ``engine/choices.py``, where the rules are known.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path

from coreqcheck.entries import Entry
from coreqcheck.errors import ConfigError, CoreqcheckError
from coreqcheck.model import Answer, Level, Severity

FILE = "coreqcheck.toml"
PROJECT = "pyproject.toml"
FAIL_ON = ("error", "warning", "note", "never")
ANSWER_LEVELS = (Level.NOT_APPLICABLE, Level.REPORTED)
SHARED = ("guideline", "fail-on", "min-items", "items", "checks", "severity")
"""What a profile may say too."""
KEYS = (*SHARED, "profile", "rules", "baseline", "manuscripts", "answers")

_ITEMS = re.compile(
    r"(?:(?P<guideline>[a-z]+)[-:])?(?P<prefix>[A-Za-z])?(?P<first>\d+)"
    r"(?:-[A-Za-z]?(?P<last>\d+))?$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A word of a configuration, and the place where it stands ("coreqcheck.toml:12")."""

    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Items:
    """Items of one guideline, as a word names them: "13", "coreq-13", "1-8", "S6", "srqr:S6".

    ``guideline`` and ``prefix`` are "" where the word does not say them.
    """

    guideline: str
    prefix: str
    numbers: range


@dataclass(frozen=True, slots=True)
class Weight:
    """A severity that was chosen for an item or a check."""

    of: Named
    severity: Severity


@dataclass(frozen=True, slots=True)
class Listed:
    """A manuscript that a configuration names: its main file and companions, absolute paths."""

    main: Path
    companions: tuple[Path, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Settings:
    """One layer, or all of them in force; ``None`` leaves a setting to the next layer.

    ``file`` names the layer for people. ``select_items`` and ``ignore_items`` hold numbers
    ("13", "coreq-13", "1-8", "S6"), ``select_checks`` and ``ignore_checks`` names. ``absent``,
    ``partial`` and ``judgement`` are what such an item weighs unless ``item_weights`` says more.
    ``rules``, ``baseline`` and the paths in ``manuscripts`` are absolute.
    """

    file: str = ""
    guideline: tuple[Named, ...] | None = None
    profile: Named | None = None
    fail_on: str | None = None
    min_items: int | None = None
    select_items: tuple[Named, ...] | None = None
    ignore_items: tuple[Named, ...] | None = None
    select_checks: tuple[Named, ...] | None = None
    ignore_checks: tuple[Named, ...] | None = None
    absent: Severity | None = None
    partial: Severity | None = None
    judgement: Severity | None = None
    item_weights: tuple[Weight, ...] | None = None
    check_weights: tuple[Weight, ...] | None = None
    rules: tuple[Path, ...] | None = None
    baseline: Path | None = None
    manuscripts: tuple[Listed, ...] | None = None
    answers: tuple[Answer, ...] | None = None


DEFAULTS = Settings(
    file="default",
    guideline=(Named("coreq", "default"),),
    fail_on="error",
    min_items=0,
    absent=Severity.WARNING,
    partial=Severity.NOTE,
    judgement=Severity.NOTE,
)
_ADDED = ("ignore_items", "ignore_checks", "item_weights", "check_weights")
"""Settings of which a nearer layer says more, not something else; the last word counts."""


def in_force(layers: Sequence[Settings]) -> Settings:
    """What holds, out of layers with the nearest first and ``DEFAULTS`` behind them all."""
    chosen: dict[str, object] = {}
    for name in (f.name for f in fields(Settings) if f.name != "file"):
        said = [v for layer in (*layers, DEFAULTS) if (v := getattr(layer, name)) is not None]
        if name in _ADDED:
            chosen[name] = tuple(one for value in reversed(said) for one in value)
        else:
            chosen[name] = said[0] if said else None
    return Settings(**chosen)  # type: ignore[arg-type]


def origins(layers: Sequence[Settings]) -> Iterator[tuple[str, object, str]]:
    """Each setting that a layer says: its name, its value, and the file that it is from."""
    for name in (f.name for f in fields(Settings) if f.name != "file"):
        said = [(v, la.file) for la in (*layers, DEFAULTS) if (v := getattr(la, name)) is not None]
        for value, file in said if name in _ADDED else said[:1]:
            yield name, value, file


def companions_of(main: Path, listed: Iterable[Listed] | None) -> tuple[Path, ...]:
    """The companions of a manuscript (its resolved path) among those that are listed."""
    return tuple(
        dict.fromkeys(c for one in listed or () if one.main == main for c in one.companions)
    )


# -- finding the file ----------------------------------------------------------------------------


def find(path: Path) -> Path | None:
    """The configuration file that is nearest to a manuscript (or folder), looking upwards.

    Raises:
        ConfigError: a ``pyproject.toml`` on the way is no TOML.
    """
    start = path.absolute()
    for folder in (start, *start.parents) if start.is_dir() else start.parents:
        if (folder / FILE).is_file():
            return folder / FILE
        project = folder / PROJECT
        if project.is_file() and _has_table(project):
            return project
    return None


def _has_table(project: Path) -> bool:
    try:
        if b"coreqcheck" not in project.read_bytes():
            return False
    except OSError:
        return False
    tool = Entry.from_file(project, wrong=ConfigError, shown=shown(project)).data.get("tool")
    return isinstance(tool, dict) and "coreqcheck" in tool


def shown(path: Path) -> Path:
    """The path as people know it: from the working directory when it is below it."""
    try:
        return Path(os.path.relpath(path)) if path.is_relative_to(Path.cwd()) else path
    except (OSError, ValueError):
        return path


# -- reading it ----------------------------------------------------------------------------------


def load(file: Path) -> Settings:
    """Read a configuration file.

    Args:
        file: ``coreqcheck.toml``, ``pyproject.toml``, or any TOML file with the same keys.

    Raises:
        ConfigError: as ``file:line: what; remedy``.
    """
    entry = Entry.from_file(file, wrong=ConfigError, shown=shown(file))
    if file.name == PROJECT:
        entry = entry.table("tool").table("coreqcheck")
    entry.allow(*KEYS)
    folder = file.absolute().parent
    return replace(
        _shared(entry, str(entry.path)),
        profile=_named(entry, "profile"),
        rules=_folders(entry, folder),
        baseline=folder / entry.string("baseline") if entry.has("baseline") else None,
        manuscripts=_submissions(entry, folder),
        answers=_answers(entry, folder),
    )


@cache
def loaded(file: Path) -> Settings:
    """``load``, once for each file; ``loaded.cache_clear`` forgets what was read."""
    return load(file)


def load_profile(name: Named, folder: Path, base: Path) -> Settings:
    """Read a profile.

    Args:
        name: of one that came with the rules ("general"), or the path of a TOML file.
        folder: the profiles that came with the rules.
        base: what a path starts from.

    Raises:
        ConfigError: there is no such profile, or it is wrong.
    """
    file = folder / f"{name.text}.toml"
    if name.text.endswith(".toml"):
        file = base / name.text
    if not file.is_file():
        known = sorted(p.stem for p in folder.glob("*.toml"))
        raise ConfigError(
            f"{name.where}: there is no profile {name.text!r}; {near(name.text, known)}"
        )
    entry = Entry.from_file(file, wrong=ConfigError, shown=shown(file))
    entry.allow(*SHARED, "name", "about")
    return _shared(entry, f"profile {entry.string('name', file.stem)} ({entry.path})")


def near(word: str, known: Sequence[str]) -> str:
    """A remedy for a word that is not known: the nearest one, or all of them."""
    close = difflib.get_close_matches(word, known, 1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"


def _shared(entry: Entry, file: str) -> Settings:
    """The settings that configurations and profiles have in common."""
    items, checks = _selection(entry, "items"), _selection(entry, "checks")
    for key in ("select", "ignore"):
        for item in items[key] or ():
            _check_item(item)
    plain = Settings(
        file=file,
        guideline=_names(entry, "guideline"),
        fail_on=_fail_on(entry),
        min_items=_min_items(entry),
        select_items=items["select"],
        ignore_items=items["ignore"],
        select_checks=checks["select"],
        ignore_checks=checks["ignore"],
    )
    return _with_severities(plain, entry)


def _where(entry: Entry, key: str) -> str:
    return f"{entry.path}:{entry.line_of(key)}"


def _named(entry: Entry, key: str) -> Named | None:
    return Named(entry.string(key), _where(entry, key)) if entry.has(key) else None


def _names(entry: Entry, key: str) -> tuple[Named, ...] | None:
    """A text or a list of texts or whole numbers."""
    if not entry.has(key):
        return None
    value = entry.data[key]
    values = value if isinstance(value, list) else [value]
    for one in values:
        if isinstance(one, bool) or not isinstance(one, str | int):
            raise entry.error(key, f"{key!r} must hold names or whole numbers only, not {one!r}")
    if not values and key != "ignore":
        raise entry.error(key, f"{key!r} is empty; name something, or take the line out")
    return tuple(Named(str(one), _where(entry, key)) for one in values)


def _selection(entry: Entry, key: str) -> dict[str, tuple[Named, ...] | None]:
    if not entry.has(key):
        return {"select": None, "ignore": None}
    table = entry.table(key)
    table.allow("select", "ignore")
    return {"select": _names(table, "select"), "ignore": _names(table, "ignore")}


def _check_item(item: Named) -> None:
    if not _ITEMS.match(item.text):
        raise ConfigError(
            f'{item.where}: {item.text!r} is no item; write a number (13), a range ("1-8") '
            'or a guideline with a number ("coreq-13", "srqr:S6")'
        )


def item_numbers(item: Named) -> Items:
    """The items that a word means."""
    hit = _ITEMS.match(item.text)
    if hit is None:
        raise ConfigError(f"{item.where}: {item.text!r} is no item; write a number, such as 13")
    first = int(hit["first"])
    prefix = (hit["prefix"] or "").upper()
    return Items(hit["guideline"] or "", prefix, range(first, int(hit["last"] or first) + 1))


def _fail_on(entry: Entry) -> str | None:
    if not entry.has("fail-on"):
        return None
    value = entry.string("fail-on")
    if value not in FAIL_ON:
        raise entry.error("fail-on", f"fail-on: {value!r} is not known; {near(value, FAIL_ON)}")
    return value


def _min_items(entry: Entry) -> int | None:
    if not entry.has("min-items"):
        return None
    value = entry.integer("min-items")
    if value < 0:
        raise entry.error("min-items", f"'min-items' is {value}; write 0 or more")
    return value


def _with_severities(settings: Settings, entry: Entry) -> Settings:
    if not entry.has("severity"):
        return settings
    table = entry.table("severity")
    table.allow("absent", "partial", "judgement", "items", "checks")
    items = _weights(table, "items")
    for weight in items or ():
        _check_item(weight.of)
    return replace(
        settings,
        absent=_chosen(table, "absent"),
        partial=_chosen(table, "partial"),
        judgement=_chosen(table, "judgement"),
        item_weights=items,
        check_weights=_weights(table, "checks"),
    )


def _chosen(entry: Entry, key: str) -> Severity | None:
    return entry.choice(key, Severity) if entry.has(key) else None


def _weights(entry: Entry, key: str) -> tuple[Weight, ...] | None:
    if not entry.has(key):
        return None
    table = entry.table(key)
    return tuple(
        Weight(Named(name, _where(table, name)), table.choice(name, Severity))
        for name in table.keys()
    )


def _folders(entry: Entry, base: Path) -> tuple[Path, ...] | None:
    if not entry.has("rules"):
        return None
    folders = tuple(base / name for name in entry.strings("rules"))
    for folder, name in zip(folders, entry.strings("rules"), strict=True):
        if not folder.is_dir():
            raise entry.error(
                "rules", f"'rules' names {name!r}, which is no folder beside this file"
            )
    return folders


def _submissions(entry: Entry, base: Path) -> tuple[Listed, ...] | None:
    if not entry.has("manuscripts"):
        return None
    found = []
    for row in entry.rows("manuscripts"):
        row.allow("main", "companions")
        files = [row.string("main"), *row.strings("companions", ())]
        for key, name in zip(["main", *["companions"] * len(files)], files, strict=False):
            if not (base / name).is_file():
                raise row.error(key, f"{key!r} names {name!r}, but there is no such file")
        paths = [(base / name).resolve() for name in files]
        found.append(Listed(paths[0], tuple(paths[1:]), f"{row.path}:{row.line}"))
    return tuple(found)


# -- answers -------------------------------------------------------------------------------------


def _answers(entry: Entry, base: Path) -> tuple[Answer, ...] | None:
    if not entry.has("answers"):
        return None
    return tuple(_answer(row, base) for row in entry.rows("answers"))


def _answer(row: Entry, base: Path) -> Answer:
    row.allow("item", "check", "level", "reason", "quote", "manuscript")
    reason = row.string("reason") if row.has("reason") else ""
    if not reason.strip():
        raise _at(row, 'an answer needs a reason; add reason = "..."')
    if row.has("item") == row.has("check"):
        raise _at(row, 'an answer is to one item or one check; write item = 18 or check = "..."')
    manuscript = row.string("manuscript", "")
    if manuscript and not (base / manuscript).is_file():
        raise row.error(
            "manuscript", f"'manuscript' names {manuscript!r}, but there is no such file"
        )
    path = str((base / manuscript).resolve()) if manuscript else ""
    where = f"{row.path}:{row.line}"
    if row.has("check"):
        if row.has("level"):
            raise row.error("level", "an answer to a check has no level; take the line out")
        return Answer(
            reason, where, check=row.string("check"), quote=row.string("quote", ""), manuscript=path
        )
    return _item_answer(row, reason, where, path)


def _item_answer(row: Entry, reason: str, where: str, path: str) -> Answer:
    if row.has("quote"):
        raise row.error("quote", "'quote' is for answers to a check; take the line out")
    named = Named(row.scalar("item"), _where(row, "item"))
    _check_item(named)
    items = item_numbers(named)
    if len(items.numbers) != 1:
        raise row.error("item", f"an answer is to one item, not to {named.text!r}")
    level = row.string("level") if row.has("level") else ""
    if level not in ANSWER_LEVELS:
        known = [str(one) for one in ANSWER_LEVELS]
        what = f"level: {level!r} is not known; {near(level, known)}" if level else ""
        raise (
            row.error("level", what)
            if level
            else _at(
                row,
                f"an answer to an item needs a level; add level = {' or '.join(map(repr, known))}",
            )
        )
    return Answer(
        reason,
        where,
        item=items.numbers[0],
        level=Level(level),
        guideline=items.guideline,
        manuscript=path,
        prefix=items.prefix,
    )


def _at(row: Entry, message: str) -> CoreqcheckError:
    return row.wrong(f"{row.path}:{row.line}: {message}")
