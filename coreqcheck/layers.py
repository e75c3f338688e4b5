"""Which settings and which rules hold for a manuscript: layers, nearest first."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from coreqcheck import config
from coreqcheck.config import Named, Settings
from coreqcheck.errors import ConfigError
from coreqcheck.language.rule_files import guideline_keys, rules_folder

if TYPE_CHECKING:
    from coreqcheck.language.schema import RuleSet


def given(
    guideline: str | None = None,
    profile: str | None = None,
    fail_on: str | None = None,
    min_items: int | None = None,
    baseline: Path | None = None,
) -> Settings:
    """The layer of the command line; ``None`` says nothing."""
    names = [g.strip().lower() for g in guideline.split(",") if g.strip()] if guideline else []
    return Settings(
        file="command line",
        guideline=tuple(Named(g, "--guideline") for g in names) or None,
        profile=Named(profile, "--profile") if profile else None,
        fail_on=fail_on,
        min_items=min_items,
        baseline=baseline,
    )


def layers(path: Path, command_line: Settings, file: Path | None = None) -> tuple[Settings, ...]:
    """The layers for a manuscript, nearest first: command line, configuration, profile.

    Args:
        path: the manuscript, or a folder.
        command_line: what was typed.
        file: a configuration file that was named; the nearest one when ``None``.

    Raises:
        ConfigError: a configuration or profile is wrong or missing.
    """
    file = file or config.find(path)
    found = [command_line, *([config.loaded(file)] if file else [])]
    for layer in found:
        if layer.profile is not None:
            typed = layer is command_line or file is None
            base = Path.cwd() if typed else file.absolute().parent  # type: ignore[union-attr]
            return (*found, config.load_profile(layer.profile, rules_folder() / "profiles", base))
    return tuple(found)


def forget() -> None:
    """Read configurations and rules again when they are next asked for."""
    config.loaded.cache_clear()
    _rules.cache_clear()


def rules_for(settings: Settings) -> RuleSet:
    """The rules that the settings ask for: guidelines and further folders.

    Raises:
        ConfigError: there is no such guideline.
        RuleError: a rule file is wrong.
    """
    return _rules(tuple(settings.rules or ()), guidelines_of(settings))


def guidelines_of(settings: Settings) -> tuple[str, ...]:
    """The keys of the guidelines that the settings ask for.

    Raises:
        ConfigError: there is no such guideline.
    """
    named = settings.guideline or config.DEFAULTS.guideline or ()
    known = guideline_keys((rules_folder(), *(settings.rules or ())))
    for one in named:
        if one.text not in known:
            remedy = config.near(one.text, known)
            raise ConfigError(f"{one.where}: there is no guideline {one.text!r}; {remedy}")
    return tuple(dict.fromkeys(one.text for one in named))


@cache
def _rules(extra: tuple[Path, ...], guidelines: tuple[str, ...]) -> RuleSet:
    from coreqcheck.language.cache import cached_rules

    return cached_rules(None, extra, guidelines)
