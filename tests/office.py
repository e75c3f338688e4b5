"""LibreOffice for tests; its absence is said aloud."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from pathlib import Path

import pytest

_NOTES = 'pdf:writer_pdf_Export:{"ExportNotes":{"type":"boolean","value":"true"}}'


def as_pdf(document: Path) -> Path:
    """The document printed to a PDF beside it, its comments as annotations."""
    found = next((p for n in ("soffice", "libreoffice") if (p := shutil.which(n))), None)
    if found is None:
        reason = "no LibreOffice is installed (apt-get install libreoffice-writer)"
        warnings.warn(f"SKIPPED, not passed: {reason}", stacklevel=2)
        pytest.skip(reason)
    profile = (document.parent / "profile").as_uri()
    subprocess.run(
        [found, f"-env:UserInstallation={profile}", "--headless", "--convert-to", _NOTES,
         "--outdir", str(document.parent), str(document)],
        check=True,
        capture_output=True,
        timeout=180,
    )  # fmt: skip
    return document.with_suffix(".pdf")
