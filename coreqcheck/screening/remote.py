"""Submissions behind an fsspec URL (s3://, gs://, sftp:// ...); needs the extra ``cluster``."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from coreqcheck.errors import UsageError
from coreqcheck.screening.submissions import Submission, arranged, printable


def listed(url: str) -> tuple[Submission, ...]:
    """The submissions below a URL, told apart by the names of their files.

    Raises:
        UsageError: fsspec or its part for this kind of URL is missing, or nothing can be listed.
    """
    system, base = _system(url)
    try:
        paths = system.find(base)
    except Exception as error:
        raise UsageError(f"{printable(url)}: cannot be listed ({type(error).__name__})") from None
    prefix = base.rstrip("/") + "/"
    return arranged(url.rstrip("/"), [str(p).removeprefix(prefix) for p in paths])


def remote_digest(submission: Submission) -> str:
    """SHA-256 over what the store says of each file (its checksum, or time and size)."""
    system, base = _system(submission.root)
    total = hashlib.sha256()
    for file in submission.files:
        try:
            mark = system.checksum(f"{base.rstrip('/')}/{file}")
        except Exception:
            return ""
        total.update(f"{printable(file)}\0{mark}\n".encode())
    return total.hexdigest()


@contextmanager
def downloaded(submission: Submission) -> Iterator[str]:
    """A temporary folder with the files of a submission; taken away afterwards."""
    system, base = _system(submission.root)
    with tempfile.TemporaryDirectory(prefix="coreqcheck-") as folder:
        for file in submission.files:
            target = os.path.realpath(os.path.join(folder, file))
            if os.path.commonpath((os.path.realpath(folder), target)) != os.path.realpath(folder):
                continue  # a name like ../x
            os.makedirs(os.path.dirname(target), exist_ok=True)
            system.get_file(f"{base.rstrip('/')}/{file}", target)
        yield folder


def _system(url: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError:
        raise UsageError('URLs need fsspec: pip install "coreqcheck[cluster]"') from None
    try:
        system, base = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise UsageError(f"{printable(url)}: {printable(str(error))}") from None
    return system, str(base)
