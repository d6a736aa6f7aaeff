"""What one timed run measured, and what the samples of all repetitions say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from probes.timing.stats import Middle, middle

FIGURES = ("throughput", "p50_ms", "p99_ms", "ceiling", "ceiling_share", "pss_mib", "ready_s")
"""Each has a median and an interval over the repetitions."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One timed run that proved itself right, its clock read; tasks a second, milliseconds, MiB, seconds.

    `delay_s` and `noop_rate` are those of waiting tasks, None for computing ones.
    """

    n: int
    unique: int
    throughput: float
    p50_ms: float
    p99_ms: float
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
        **{name: rounded(getattr(sample, name)) for name in FIGURES},
        "delay_s": sample.delay_s,
        "noop_rate": sample.noop_rate and rounded(sample.noop_rate),
    }


def figures(samples: Sequence[Sample]) -> dict[str, Middle]:
    """The median and the interval of each figure over at least one sample."""
    return {name: middle([getattr(sample, name) for sample in samples]) for name in FIGURES}


def rounded(value: float) -> float:
    """Four significant digits: more would be noise."""
    return float(f"{value:.4g}")
