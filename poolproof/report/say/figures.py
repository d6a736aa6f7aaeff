"""Figures as a page prints them: three significant digits, and the interval beside the median."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A median and its interval; a cell that was timed once has none."""

    value: float
    interval: tuple[float, float] | None = None

    def times(self, factor: float) -> Figure:
        """The same figure in another unit."""
        ends = self.interval and (self.interval[0] * factor, self.interval[1] * factor)
        return Figure(self.value * factor, ends)

    def apart(self, other: Figure) -> bool:
        """Whether the two differ: their intervals do not overlap."""
        (low, high), (bottom, top) = self.ends, other.ends
        return high < bottom or top < low

    @property
    def ends(self) -> tuple[float, float]:
        """The interval; the value alone where there is none."""
        return self.interval or (self.value, self.value)


def short(value: float) -> str:
    """Three digits at least, two places at most: 0.97, 81.2, 1240."""
    return f"{value:.{_places(value)}f}"


def share(figure: Figure) -> str:
    """A share in percent: `81% (79–83)`."""
    percent = figure.times(100)
    within = f" ({percent.interval[0]:.0f}–{percent.interval[1]:.0f})" if percent.interval else ""
    return f"{percent.value:.0f}%{within}"


def rate(figure: Figure) -> str:
    """A rate: `812 (790–824)`."""
    places = _places(figure.value)
    within = "–".join(f"{end:.{places}f}" for end in figure.interval or ())
    return f"{figure.value:.{places}f}" + (f" ({within})" if within else "")


def span(figures: Iterable[Figure]) -> str:
    """From the lowest end of the figures' intervals to the highest: `1.85–1.95`."""
    ends = [end for figure in figures for end in figure.ends]
    places = _places(max(ends))
    return f"{min(ends):.{places}f}–{max(ends):.{places}f}"


def _places(value: float) -> int:
    rounded = float(f"{value:.3g}")  # 9.996 is shown as 10.0
    return min(2, max(0, 2 - math.floor(math.log10(rounded)))) if rounded > 0 else 0
