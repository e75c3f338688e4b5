"""coreqcheck: a checker for qualitative research manuscripts against the COREQ items.

>>> import coreqcheck
>>> report = coreqcheck.check("paper.docx")        # doctest: +SKIP
>>> [a.item for a in report.assessments if a.level == "absent"]  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coreqcheck.errors import (
    ConfigError,
    CoreqcheckError,
    ReadError,
    RuleError,
    UsageError,
)

if TYPE_CHECKING:
    from pathlib import Path

    from coreqcheck.language.schema import RuleSet
    from coreqcheck.model import Report
    from coreqcheck.readers import ReadOptions

from coreqcheck.version import __version__

__all__ = [
    "ConfigError",
    "CoreqcheckError",
    "ReadError",
    "RuleError",
    "UsageError",
    "__version__",
    "check",
    "load_rules",
]


def check(
    path: str | Path, rules: RuleSet | None = None, options: ReadOptions | None = None
) -> Report:
    """Check one manuscript and return its report; see ``coreqcheck.pipeline.check``."""
    # Imported here so that ``import coreqcheck`` and ``--version`` stay fast.
    from coreqcheck import pipeline

    return pipeline.check(path, rules, options)


def load_rules(folder: Path | None = None) -> RuleSet:
    """Load the rules; see ``coreqcheck.language.load.load_rules``."""
    from coreqcheck.language.load import load_rules as load

    return load(folder)
