"""Percentiles, medians and their intervals, from the order alone: durations are not normally distributed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from poolproof.model.numbers import COVERAGE


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@dataclass(frozen=True, slots=True)
class Middle:
    """A median over repetitions, and the two measured values between which the true median should lie."""

    value: float
    interval: tuple[float, float] | None


def middle(values: Sequence[float]) -> Middle:
    """The median of at least one value, with its interval; a single value has no interval."""
    if len(values) == 1:
        return Middle(values[0], None)
    rank, ordered = _rank(len(values)), sorted(values)
    return Middle(median(ordered), (ordered[rank - 1], ordered[-rank]))


def coverage(n: int) -> float | None:
    """The probability that the interval of `n` repetitions holds the true median; 0.9375 for five."""
    return None if n < 2 else _covered(n, _rank(n))


def _rank(n: int) -> int:
    """How many values from each end the interval begins: the narrowest that covers enough, or the ends."""
    return next((rank for rank in range(n // 2, 1, -1) if _covered(n, rank) >= COVERAGE), 1)


def _covered(n: int, rank: int) -> float:
    """How often the median lies between the values `rank` from both ends: each is below it half the time."""
    outside: int = sum(math.comb(n, below) for below in range(rank))
    return 1 - 2 * outside / 2.0**n
