"""Writing outputs whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

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
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from None
