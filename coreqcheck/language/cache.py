"""Parsed rules, kept between runs: parsing two thousand phrases takes longer than checking a paper.

The cache is a file in the user's cache folder, named by the digest of the rule files, the version,
and the interpreter. It holds no examples (only ``rules test`` needs them). Whatever goes wrong with
it (no folder, no room, a damaged file) costs time, never a result.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from coreqcheck.language.rule_files import files_read, rules_folder
from coreqcheck.language.schema import RuleSet
from coreqcheck.version import __version__

_KEPT = 4
"""Cache files that stay; older ones are removed."""


def cached_rules(
    folder: Path | None = None,
    extra: Sequence[Path] = (),
    guidelines: Sequence[str] = ("coreq",),
) -> RuleSet:
    """The same as ``load_rules``, without the examples, from the cache when the files are known.

    Raises:
        RuleError: a rule file is wrong.
    """
    place = _place([folder or rules_folder(), *extra], guidelines)
    found = _read(place) if place else None
    if found is not None:
        return found
    from coreqcheck.language.load import load_rules  # with the parser of phrases, when it is needed

    rules = _without_examples(load_rules(folder, extra, guidelines))
    if place:
        _write(place, rules)
    return rules


def _cache_folder() -> Path | None:
    if os.environ.get("COREQCHECK_CACHE") == "off":
        return None
    named = os.environ.get("COREQCHECK_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA")
        return Path(root) / "coreqcheck" / "cache" if root else None
    root = os.environ.get("XDG_CACHE_HOME")
    return Path(root or Path.home() / ".cache") / "coreqcheck"


def _place(folders: Sequence[Path], guidelines: Sequence[str]) -> Path | None:
    """The cache file for these rule files as they are now."""
    try:
        cache = _cache_folder()
    except RuntimeError:  # no home
        return None
    if cache is None:
        return None
    digest = hashlib.sha256(f"{__version__}\0{sys.version}\0{guidelines}".encode())
    # The program itself shapes what is kept: an edited checkout must not read an old shape.
    sources = sorted(Path(__file__).parent.glob("*.py"))
    for path in (*sources, *files_read(folders, guidelines)):
        digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return cache / f"rules-{digest.hexdigest()[:24]}.pickle"


def _read(place: Path) -> RuleSet | None:
    try:
        info = place.stat()
        # A pickle runs what it says: only a file of our own is read.
        if hasattr(os, "getuid") and info.st_uid != os.getuid():
            return None
        found = _unpickled(place.read_bytes())
    except Exception:  # a damaged cache may raise anything
        return None
    return found if isinstance(found, RuleSet) else None


def _unpickled(data: bytes) -> object:
    """The object; the collector pauses, as a hundred thousand fresh tuples would wake it often."""
    running = gc.isenabled()
    gc.disable()
    try:
        return pickle.loads(data)
    finally:
        if running:
            gc.enable()


def _write(place: Path, rules: RuleSet) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".rules-")
        with os.fdopen(handle, "wb") as file:
            pickle.dump(rules, file, protocol=pickle.HIGHEST_PROTOCOL)
        os.replace(name, place)
        kept = sorted(place.parent.glob("rules-*.pickle"), key=lambda p: -p.stat().st_mtime)
        for old in kept[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def _without_examples(rules: RuleSet) -> RuleSet:
    return replace(
        rules,
        rules=tuple(replace(rule, examples=()) for rule in rules.rules),
        lenders=tuple(replace(rule, examples=()) for rule in rules.lenders),
        consistency=tuple(replace(check, examples=()) for check in rules.consistency),
    )
