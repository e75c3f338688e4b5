"""The store of a screening: one SQLite file in ``OUT``, one record the moment it is there."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from coreqcheck.errors import UsageError
from coreqcheck.report.files import write_whole
from coreqcheck.screening.submissions import OWN_FILE
from coreqcheck.screening.work import Outcome

_SCHEMA = """
CREATE TABLE IF NOT EXISTS submissions (
  id TEXT PRIMARY KEY,
  content TEXT NOT NULL,   -- SHA-256 over the names and bytes of the files
  rules TEXT NOT NULL,     -- digest of the rules, and the version of coreqcheck
  limits TEXT NOT NULL,    -- what a failure was limited by
  status TEXT NOT NULL,    -- checked, unreadable or failed
  record TEXT NOT NULL     -- one line of records.jsonl
)
"""
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Key:
    """What a stored record depends on, besides the submission: the rules and the limits."""

    rules: str
    limits: str


class Store:
    """An open store. Only one process can have it open.

    Raises:
        UsageError: the folder cannot be written, holds a store that is no such store, or another
            screening is at work in it.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        path = out / OWN_FILE
        try:
            self.reports.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{out}: cannot be made ({error.strerror})") from None
        for own in (path, self.reports):
            if own.is_symlink():
                raise UsageError(f"{own}: is a link; outputs are written only inside {out}")
        try:
            self._base = _opened(path)
        except sqlite3.OperationalError as error:
            why = "another screening is at work here" if "locked" in str(error) else str(error)
            raise UsageError(f"{path}: {why}") from None
        except sqlite3.DatabaseError:
            raise UsageError(f"{path}: is no store of a screening; name another folder") from None

    @property
    def reports(self) -> Path:
        """The folder of the HTML reports."""
        return self.out / "reports"

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._base.close()

    def rules(self) -> set[str]:
        """The rules that the stored records were made with."""
        return {row[0] for row in self._base.execute("SELECT DISTINCT rules FROM submissions")}

    def holds(self, ident: str, content: str, key: Key, retry: bool = False) -> bool:
        """Whether a record of the same content and rules is there, with its report.

        A failure counts only when the limits were the same, and not with ``retry``.
        """
        row = self._base.execute(
            "SELECT status, limits FROM submissions WHERE id = ? AND content = ? AND rules = ?",
            (ident, content, key.rules),
        ).fetchone()
        if row is None or not content:
            return False
        status, limits = row
        if status == "failed":
            return limits == key.limits and not retry
        return status != "checked" or (self.reports / f"{ident}.html").is_file()

    def keep(self, outcome: Outcome, content: str, key: Key) -> None:
        """Write a report and its record: on disk when this returns."""
        page = self.reports / f"{outcome.ident}.html"
        if outcome.report:
            # Before the record: a record says that its report is there.
            write_whole(page, outcome.report)
        else:
            page.unlink(missing_ok=True)
        with self._base:
            self._base.execute(
                "INSERT OR REPLACE INTO submissions VALUES (?, ?, ?, ?, ?, ?)",
                (outcome.ident, content, key.rules, key.limits, outcome.status, outcome.record),
            )

    def record(self, ident: str) -> str | None:
        """The record of a submission as a line of JSON."""
        row = self._base.execute("SELECT record FROM submissions WHERE id = ?", (ident,)).fetchone()
        return None if row is None else str(row[0])

    def remove_leftovers(self) -> None:
        """Take away files that a killed run left half written."""
        for folder in (self.out, self.reports):
            for entry in os.scandir(folder):
                # The names of write_whole: a dot, the final name, a dot, eight letters.
                if entry.name.startswith(".") and _of_ours(entry.name) and entry.is_file():
                    os.unlink(entry.path)


def _of_ours(name: str) -> bool:
    stem, _, letters = name[1:].rpartition(".")
    return len(letters) == 8 and stem.endswith((".html", ".csv", ".jsonl", ".xlsx"))


def _opened(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=1, check_same_thread=True)
    try:
        # Exclusive: the lock of the file keeps a second screening out, and goes with the process.
        base.execute("PRAGMA locking_mode=EXCLUSIVE")
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=FULL")
        version = base.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError("another version")
        with base:
            base.execute(_SCHEMA)
            base.execute(f"PRAGMA user_version={_VERSION}")
    except BaseException:
        base.close()
        raise
    return base
