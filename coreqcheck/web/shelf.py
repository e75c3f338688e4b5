"""The manuscripts of one session and the folder that holds their files, until it ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coreqcheck.web.work import INCOMING, OUTGOING, Answers

_PREFIX = "coreqcheck-page-"
_OWNER = "owner.pid"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in: what it is ("manuscript", "supplement", "checklist") and where it lies."""

    role: str
    name: str
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Held:
    """A manuscript of the session. A change makes a new one with a higher ``version``.

    ``stage`` is receiving, waiting, reading, checking, writing, done, or failed; ``error`` is one
    line for people. ``shown`` is the summary that the worker gave.
    """

    ident: str
    folder: Path
    name: str
    stage: str = "receiving"
    uploads: tuple[Upload, ...] = ()
    answers: Answers = field(default_factory=dict)
    shown: dict[str, object] = field(default_factory=dict)
    error: str = ""
    version: int = 0

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(u.size for u in self.uploads)

    @property
    def ready(self) -> bool:
        """True when there is a report."""
        return bool(self.shown)


class Shelf:
    """The manuscripts by their names in addresses ("m1"); the only state of the page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: dict[str, Held] = {}
        self._made = 0

    def __iter__(self) -> Iterator[Held]:
        return iter(self._held.values())

    def __len__(self) -> int:
        return len(self._held)

    def get(self, ident: str) -> Held | None:
        """The manuscript, if it is still there."""
        return self._held.get(ident)

    def new(self, name: str) -> Held:
        """A place for a manuscript, with empty folders."""
        self._made += 1
        ident = f"m{self._made}"
        folder = self.folder / ident
        for part in (INCOMING, OUTGOING):
            (folder / part).mkdir(parents=True, mode=0o700)
        return self.put(Held(ident, folder, name))

    def put(self, held: Held) -> Held:
        """Keep the new state of a manuscript."""
        self._held[held.ident] = held
        return held

    def drop(self, held: Held) -> None:
        """Forget a manuscript and take its files away."""
        self._held.pop(held.ident, None)
        shutil.rmtree(held.folder, ignore_errors=True)


@contextlib.contextmanager
def session_folder() -> Iterator[Path]:
    """A folder that only this user can open, and that is gone afterwards.

    What a session left that was killed is taken away as well.
    """
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / _OWNER).write_text(str(os.getpid()), "ascii")
        yield folder


def _sweep(below: Path) -> None:
    if os.name != "posix":  # elsewhere a process cannot be asked whether it lives without harm
        return
    for folder in below.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError, ValueError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            if not _alive(int((folder / _OWNER).read_text("ascii"))):
                shutil.rmtree(folder, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
