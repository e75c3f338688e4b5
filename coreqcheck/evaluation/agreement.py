"""Measures of agreement between two raters on a yes/no question, and their uncertainty."""

from __future__ import annotations

import math
from collections.abc import Sequence

Pair = tuple[bool, bool]
"""(label says yes, tool says yes)."""

_Z = 1.959964
NAN = float("nan")


def ratio(part: float, whole: float) -> float:
    """``part / whole``, not a number when there is nothing to divide by."""
    return part / whole if whole else NAN


def kappa(pairs: Sequence[Pair]) -> float:
    """Cohen's kappa (1960)."""
    if not pairs:
        return NAN
    n = len(pairs)
    agree = sum(a == b for a, b in pairs) / n
    first, second = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    chance = first * second + (1 - first) * (1 - second)
    return NAN if chance == 1 else (agree - chance) / (1 - chance)


def ac1(pairs: Sequence[Pair]) -> float:
    """Gwet's AC1 (2008): like kappa, but steady where nearly all answers are the same."""
    if not pairs:
        return NAN
    n = len(pairs)
    agree = sum(a == b for a, b in pairs) / n
    yes = (sum(a for a, _ in pairs) + sum(b for _, b in pairs)) / (2 * n)
    chance = 2 * yes * (1 - yes)
    return (agree - chance) / (1 - chance)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % confidence interval of a share (Wilson 1927)."""
    if not whole:
        return NAN, NAN
    p = part / whole
    centre = p + _Z**2 / (2 * whole)
    spread = _Z * math.sqrt(p * (1 - p) / whole + _Z**2 / (4 * whole**2))
    scale = 1 + _Z**2 / whole
    return (centre - spread) / scale, (centre + spread) / scale


def kappa_interval(pairs: Sequence[Pair]) -> tuple[float, float]:
    """The 95 % interval of kappa by its large-sample standard error."""
    value = kappa(pairs)
    n = len(pairs)
    if not n or math.isnan(value):
        return NAN, NAN
    agree = sum(a == b for a, b in pairs) / n
    first, second = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    chance = first * second + (1 - first) * (1 - second)
    error = math.sqrt(agree * (1 - agree) / (n * (1 - chance) ** 2))
    return value - _Z * error, min(value + _Z * error, 1.0)
