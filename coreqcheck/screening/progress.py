"""Progress on standard error: done, failed, rate, remaining time."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_EVERY = 10.0
_EVERY_ON_A_TERMINAL = 0.2


class Progress:
    """Counts what ends; writes one moving line on a terminal, a line now and then elsewhere."""

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self.total = total
        self.done = 0
        self.kept = 0
        self.unreadable = 0
        self.failed = 0
        self._stream = stream or sys.stderr
        self._moving = self._stream.isatty()
        self._start = self._shown = time.monotonic()

    def keep(self) -> None:
        """A record of an earlier run holds."""
        self.kept += 1
        self._show()

    def end(self, status: str) -> None:
        """A submission ended."""
        self.done += 1
        self.unreadable += status == "unreadable"
        self.failed += status == "failed"
        self._show()

    def close(self) -> None:
        """Write the last state."""
        self._write()
        if self._moving:
            self._stream.write("\n")

    def line(self, seconds: float) -> str:
        """The state after so many seconds."""
        rate = self.done / seconds if seconds > 0 else 0.0
        left = self.total - self.done - self.kept
        parts = [f"{self.done + self.kept} of {self.total} done"]
        if self.kept:
            parts.append(f"{self.kept} kept from before")
        parts.append(f"{self.unreadable} not readable")
        parts.append(f"{self.failed} failed")
        parts.append(f"{rate:.1f} a second")
        if left and rate:
            parts.append(f"{duration(left / rate)} left")
        return ", ".join(parts)

    def _show(self) -> None:
        now = time.monotonic()
        if now - self._shown >= (_EVERY_ON_A_TERMINAL if self._moving else _EVERY):
            self._shown = now
            self._write()

    def _write(self) -> None:
        text = self.line(time.monotonic() - self._start)
        self._stream.write(f"\r\x1b[K{text}" if self._moving else f"coreqcheck: {text}\n")
        self._stream.flush()


def duration(seconds: float) -> str:
    """A time for people: "40 s", "12 min", "3 h 5 min"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
