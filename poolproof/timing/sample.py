"""The measurements of one timed run, and the figures from the samples of all repetitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poolproof.timing.stats import Middle, middle

FIGURES = (
    *("throughput", "p50_ms", "p99_ms", "slowest_ms"),
    *("ceiling", "ceiling_share", "pss_mib", "ready_s", "noop_rate"),
)
"""Each has a median and an interval over the repetitions, where it has a value."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One timed run that proved itself right; the units are tasks a second, milliseconds, MiB, seconds.

    `delay_s` and `noop_rate` belong to waiting tasks and are None for computing ones; `p99_ms` is None for
    too few tasks.
    """

    n: int
    unique: int
    throughput: float
    p50_ms: float
    p99_ms: float | None
    slowest_ms: float
    ceiling: float
    pss_mib: float
    ready_s: float
    delay_s: float | None = None
    noop_rate: float | None = None

    @property
    def ceiling_share(self) -> float:
        """Throughput as a share of the ceiling."""
        return self.throughput / self.ceiling

    def __str__(self) -> str:
        return f"{self.throughput:.1f}/s, {self.ceiling_share:.0%} of the ceiling"


def facts(sample: Sample) -> dict[str, float | None]:
    """Every figure of one sample, rounded, for tools that read pytest-benchmark's file."""
    return {
        "n": sample.n,
        **{name: _rounded_or_none(getattr(sample, name)) for name in FIGURES},
        "delay_s": sample.delay_s,
    }


def figures(samples: Sequence[Sample]) -> dict[str, Middle]:
    """The median and the interval, over at least one sample, of each figure that all of them have."""
    values = {name: [getattr(sample, name) for sample in samples] for name in FIGURES}
    return {name: middle(known) for name, known in values.items() if None not in known}


def _rounded_or_none(value: float | None) -> float | None:
    return None if value is None else rounded(value)


def rounded(value: float) -> float:
    """Four significant digits, because more would be noise."""
    return float(f"{value:.4g}")
