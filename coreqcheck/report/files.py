"""Writing outputs whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from coreqcheck.errors import UsageError


def write_whole(path: Path, content: str | bytes) -> None:
    """Write ``content`` to ``path`` in one step: a reader never sees half of it.

    A device or pipe (``/dev/null``, ``/dev/stdout``) is written to, never replaced by a file.

    Raises:
        UsageError: the folder is missing or not writable.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
            return
    except OSError as error:
        raise _unwritable(path, error) from None
    with whole(path) as file:
        file.write(data)


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to, which appears under its name only when it is complete.

    Raises:
        UsageError: the folder is missing or not writable.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"{path}: cannot be written ({error.strerror})")
