"""From what people type to the manuscripts that are meant."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from coreqcheck.readers import SUFFIXES

_PASSED_OVER = re.compile(
    r"(?i)^(readme|changelog|changes|contributing|license|licence|code_of_conduct|todo)\b"
)


def manuscripts(paths: Iterable[str]) -> list[str]:
    """Files as typed; folders searched downwards for manuscripts, in the order of their names.

    Hidden files and folders, Word's lock files (``~$``), READMEs and the like are passed over in
    folders. A folder without manuscripts stays in the list, so that it is reported as such.
    """
    found: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            found.extend(_below(path) or [path])
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _below(folder: str) -> list[str]:
    found = []
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "_archive")))
        for name in sorted(files):
            if name.startswith((".", "~$", "_")) or _PASSED_OVER.match(name):
                continue
            if Path(name).suffix.lower() in SUFFIXES:
                found.append(os.path.join(root, name).replace("\\", "/"))
    return found
