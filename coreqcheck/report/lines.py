"""Lines for a terminal: plain text, or styled with links, in the width that there is."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line. ``style`` is rich's ("bold red"); ``link`` is a URL, "" for none."""

    text: str
    style: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph that is wrapped to the width, ``indent`` columns from the left."""

    pieces: tuple[Piece, ...] = ()
    indent: int = 0

    @property
    def text(self) -> str:
        """The words alone."""
        return shown("".join(piece.text for piece in self.pieces))


def line(text: str, indent: int = 0, style: str = "") -> Line:
    """A line of one piece."""
    return Line((Piece(text, style),), indent)


def shown(text: str) -> str:
    """Text that cannot steer a terminal or turn its direction of writing."""
    return _CONTROLS.sub("", text)


def plain(lines: Iterable[Line], width: int) -> str:
    """The lines without styles, each ending in a newline."""
    out = []
    for one in lines:
        space = " " * one.indent
        wrapped = textwrap.wrap(
            one.text,
            width,
            initial_indent=space,
            subsequent_indent=space,
            break_on_hyphens=False,  # names of checks stay whole
        )
        out += wrapped or [""]
    return "".join(f"{text}\n" for text in out)


def styled(lines: Iterable[Line], width: int, links: bool) -> str:
    """The lines with colours, and with links where the terminal has them."""
    from rich.console import Console
    from rich.style import Style
    from rich.text import Text

    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
        no_color=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for one in lines:
        text = Text()
        for piece in one.pieces:
            link = piece.link if links and piece.link else None
            text.append(shown(piece.text), Style.parse(piece.style) + Style(link=link))
        for part in text.wrap(console, width - one.indent) or [Text()]:
            part.rstrip()
            console.print(Text(" " * one.indent) + part, soft_wrap=True)
    return file.getvalue()
