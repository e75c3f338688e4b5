"""``coreqcheck config``: what is in force for a manuscript, and from which file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from pathlib import Path

import click

from coreqcheck import config
from coreqcheck.config import Listed, Named, Settings, Weight
from coreqcheck.model import Answer

NAMES = {
    "select_items": "items.select",
    "ignore_items": "items.ignore",
    "select_checks": "checks.select",
    "ignore_checks": "checks.ignore",
    "absent": "severity.absent",
    "partial": "severity.partial",
    "judgement": "severity.judgement",
    "item_weights": "severity.items",
    "check_weights": "severity.checks",
    "fail_on": "fail-on",
    "min_items": "min-items",
}
"""Settings that have another name in the file."""


@click.command("config")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=".")
@click.option(
    "--config",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Look at this configuration instead of the nearest one.",
)
def command(path: Path, file: Path | None) -> None:
    """Print what is in force for PATH (a manuscript or a folder), and from which file.

    Everything that can be wrong in it is looked for, as a check would.
    """
    from coreqcheck.engine.choices import choices_of
    from coreqcheck.layers import layers, rules_for

    found = layers(path, Settings(file="command line"), file)
    settings = config.in_force(found)
    rules = rules_for(settings)
    choices_of(settings, rules)
    click.echo(f"# {path}: {_files(found)}")
    for line in _lines(found):
        click.echo(line)
    click.echo(f"# rules {rules.digest}: {len(rules.rules)} items, {len(rules.consistency)} checks")


def _files(layers: tuple[Settings, ...]) -> str:
    files = [layer.file for layer in layers[1:]]
    return " over ".join(files) if files else f"no {config.FILE} above it; defaults"


def _lines(layers: tuple[Settings, ...]) -> Iterator[str]:
    for name, value, file in config.origins(layers):
        shown = NAMES.get(name, name)
        for text in _values(value):
            yield f"{shown} = {text}  # {file}"


def _values(value: object) -> Iterator[str]:
    """A value in words, one line for each weight, manuscript and answer."""
    if isinstance(value, tuple) and value and not isinstance(value[0], Named | Path):
        for one in value:
            yield _text(one)
    elif isinstance(value, tuple):
        yield "[" + ", ".join(_text(one) for one in value) + "]"
    else:
        yield _text(value)


def _text(value: object) -> str:
    if isinstance(value, Named):
        return value.text
    if isinstance(value, Path):
        return config.shown(value).as_posix()
    if isinstance(value, Weight):
        return f"{value.of.text}: {value.severity}"
    if isinstance(value, Listed):
        files = (value.main, *value.companions)
        return " with ".join(config.shown(f).as_posix() for f in files)
    if isinstance(value, Answer):
        return _answer(value)
    return str(asdict(value)) if is_dataclass(value) and not isinstance(value, type) else str(value)


def _answer(answer: Answer) -> str:
    named = f"{answer.guideline}-{answer.prefix}{answer.item}".lstrip("-")
    of = named if answer.item else answer.check
    return f"{of} {answer.level or 'accepted'}: {answer.reason}"
