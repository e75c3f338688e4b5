"""Imports the modules that register themselves, once: detectors, sources of claims, comparisons."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import coreqcheck.engine

_PREFIXES = ("structure_", "claims_", "contradictions_")


@cache
def register() -> None:
    """Make all detectors, sources and comparisons known."""
    for module in pkgutil.iter_modules(coreqcheck.engine.__path__):
        if module.name.startswith(_PREFIXES):
            importlib.import_module(f"coreqcheck.engine.{module.name}")
