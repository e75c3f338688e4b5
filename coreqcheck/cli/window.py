"""What the window that a command was typed in can show."""

from __future__ import annotations

import os
import shutil
import sys

NARROWEST, WIDEST, USUAL = 60, 100, 88


def width() -> int:
    """Columns to write in: those of the window as far as lines stay readable."""
    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        return USUAL
    return min(max(shutil.get_terminal_size((USUAL, 24)).columns, NARROWEST), WIDEST)


def has_styles() -> bool:
    """Whether colours may be used: on a terminal, unless ``NO_COLOR`` or ``TERM`` forbid it."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def has_links() -> bool:
    """Whether links may be used: where colours may, except on the console of Linux itself."""
    return has_styles() and os.environ.get("TERM") != "linux"
