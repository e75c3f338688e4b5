"""Which files the rules are, and the digest of their content; loads no parser.

Reports and ``--version`` name the digest, so that two verdicts that differ can be traced to rules
that differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path


def rules_folder() -> Path:
    """Where the rules are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_rules"
    return installed if installed.is_dir() else package.parent / "rules"


LENDER = "coreq"
"""The guideline that is always read: contradictions and other guidelines rest on its parts."""
_NO_GUIDELINES = frozenset({"consistency", "profiles"})


def guideline_keys(folders: Sequence[Path]) -> tuple[str, ...]:
    """The guidelines that there are rules for, COREQ first."""
    found = {
        path.name
        for folder in folders
        for path in folder.iterdir()
        if path.is_dir() and path.name not in _NO_GUIDELINES and any(path.glob("*.toml"))
    }
    return tuple(sorted(found, key=lambda name: (name != LENDER, name)))


def with_lender(guidelines: Sequence[str]) -> tuple[str, ...]:
    """The guidelines whose files are read when ``guidelines`` are asked for."""
    return tuple(dict.fromkeys((*guidelines, LENDER)))


def rules_digest(
    folder: Path | None = None,
    extra: Sequence[Path] = (),
    guidelines: Sequence[str] = ("coreq",),
) -> str:
    """The digest of the rules as ``load_rules`` gives it, without reading what they say."""
    import hashlib

    digest = hashlib.sha256()
    for path in files_read([folder or rules_folder(), *extra], guidelines):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def files_read(folders: Sequence[Path], guidelines: Sequence[str]) -> Iterator[Path]:
    """The files in the order in which ``load_rules`` reads them."""
    for name in ("guidelines.toml", "lists.toml"):
        yield from (f / name for f in folders if (f / name).exists())
    for folder in folders:
        for guideline in with_lender(guidelines):
            yield from sorted((folder / guideline).glob("*.toml"))
        yield from sorted((folder / "consistency").glob("*.toml"))
    for name in ("calibration.toml", "negation.toml", "sections.toml"):
        if (folders[0] / name).exists():
            yield folders[0] / name
