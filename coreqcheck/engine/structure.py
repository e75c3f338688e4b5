"""Imports every ``structure_*`` module once, so that its detectors are registered."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import coreqcheck.engine


@cache
def register() -> None:
    """Make all structural detectors known by name."""
    for module in pkgutil.iter_modules(coreqcheck.engine.__path__):
        if module.name.startswith("structure_"):
            importlib.import_module(f"coreqcheck.engine.{module.name}")
