"""Labelled manuscripts: what careful raters said of each item, with their quotations.

A label file ``ID.toml`` has ``[items.N]`` tables with ``level`` and ``quotes``; the manuscript is
the file of the same name in the same folder or in one named beside it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coreqcheck.errors import UsageError
from coreqcheck.model import Level


@dataclass(frozen=True, slots=True)
class ItemLabel:
    """One rater's verdict on one item. ``disputed``: two raters did not agree."""

    level: Level
    quotes: tuple[str, ...] = ()
    disputed: bool = False

    @property
    def addressed(self) -> bool:
        """Whether the item is answered in any way."""
        return self.level is not Level.ABSENT


@dataclass(frozen=True, slots=True)
class Labelled:
    """A manuscript with its labels."""

    ident: str
    path: Path
    items: dict[int, ItemLabel]


def load(folders: Sequence[Path]) -> list[Labelled]:
    """Every label file below ``folders`` whose manuscript is found there too, by identifier.

    Raises:
        UsageError: no label file has a manuscript, or a label file is not understood.
    """
    files = [p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file()]
    manuscripts = {
        p.stem: p for p in reversed(files) if p.suffix in {".xml", ".pdf", ".docx", ".md", ".txt"}
    }
    found = []
    for path in files:
        if path.suffix == ".toml" and path.stem in manuscripts:
            found.append(Labelled(path.stem, manuscripts[path.stem], _items(path)))
    if not found:
        names = ", ".join(map(str, folders))
        raise UsageError(f"{names}: no label file ID.toml with a manuscript ID.* was found")
    return sorted(found, key=lambda one: one.ident)


def _items(path: Path) -> dict[int, ItemLabel]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        return {int(number): _label(entry) for number, entry in data.get("items", {}).items()}
    except (tomllib.TOMLDecodeError, KeyError, ValueError, AttributeError) as error:
        raise UsageError(f"{path}: is no label file ({error})") from None


def _label(entry: dict[str, object]) -> ItemLabel:
    quotes = entry.get("quotes", ())
    texts = tuple(str(q) for q in quotes) if isinstance(quotes, Iterable) else ()
    return ItemLabel(Level(str(entry["level"])), texts, bool(entry.get("disputed", False)))
