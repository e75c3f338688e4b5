"""One manuscript checked under the settings that hold for it: what most commands start with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coreqcheck import config
from coreqcheck.config import Settings
from coreqcheck.layers import given, layers, rules_for

if TYPE_CHECKING:
    from coreqcheck.model import Manuscript, Report


def checked(
    path: str | Path,
    command_line: Settings | None = None,
    companions: Sequence[str | Path] = (),
) -> Report:
    """The report on one manuscript under the settings that hold for it.

    Args:
        path: the manuscript.
        command_line: what was typed, if anything.
        companions: what belongs with it besides the companions that a configuration names.

    Raises:
        ConfigError, RuleError: as ``layers`` and ``rules_for`` do.
    """
    return checked_under(settings_of(path, command_line), path, companions)


def settings_of(path: str | Path, command_line: Settings | None = None) -> Settings:
    """All settings that hold for a manuscript.

    Raises:
        ConfigError: a configuration or profile is wrong or missing.
    """
    return config.in_force(layers(Path(path), command_line or given()))


def checked_under(
    settings: Settings, path: str | Path, companions: Sequence[str | Path] = ()
) -> Report:
    """The report on one manuscript under settings that are known.

    Raises:
        ConfigError, RuleError: as ``rules_for`` does.
    """
    from coreqcheck import pipeline

    known = config.companions_of(Path(path).resolve(), settings.manuscripts)
    typed = {Path(c).resolve() for c in companions}
    more = [*companions, *(config.shown(c).as_posix() for c in known if c not in typed)]
    return pipeline.check(path, rules_for(settings), companions=more, settings=settings)


def manuscript_of(report: Report) -> Manuscript:
    """The manuscript of a report.

    Raises:
        SystemExit: with status 3, when it could not be read; the reason is on standard error.
    """
    if report.manuscript is None:
        message = report.error[1] if report.error else "could not be read"
        click.echo(f"coreqcheck: {report.path}: {message}", err=True)
        raise SystemExit(3)
    return report.manuscript
