"""The timed cells of joined runs, in units that make sense on any machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from poolproof.model.cells import POOLS
from poolproof.model.header import Number
from poolproof.model.numbers import COVERAGE, LEAST_FOR_P99
from poolproof.model.record import BenchmarkLine
from poolproof.report.read.join import Joined
from poolproof.report.say.figures import Figure, short

WORKLOADS: Mapping[str, str] = {
    "cpu-python": "CPU-bound, pure Python",
    "cpu-nogil": "CPU-bound, releases the GIL (hashing, NumPy)",
    "io-sleep": "IO-bound, a timer",
    "io-socket": "IO-bound, a socket",
}
"""What each probe represents, in the order of the page."""
LEAST_COMPARED = 100
"""Tasks of all repetitions; a cell with fewer is not compared."""
DEFAULT_PREFETCH = 4
"""Celery's own multiplier, at which pools are compared."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One timed cell that has numbers, as its record says."""

    line: BenchmarkLine

    @property
    def pool(self) -> str:
        """The pool of the cell."""
        return self.line.at.pool

    @property
    def concurrency(self) -> int:
        """The concurrency of the cell."""
        return self.line.at.concurrency

    @property
    def prefetch(self) -> int:
        """The prefetch multiplier of the cell."""
        return self.line.at.prefetch

    @property
    def comparable(self) -> bool:
        """Whether it has enough repetitions and tasks to compare its interval with another."""
        tasks = self.line.repetitions * self.line.n
        sure = (self.line.coverage or 0) >= COVERAGE
        return self.gain.interval is not None and sure and tasks >= LEAST_COMPARED

    @property
    def waits(self) -> bool:
        """Whether its tasks wait, and do not compute."""
        return self.line.delay_s is not None

    @property
    def tail(self) -> str:
        """The 99th percentile of the tasks' durations, or the longest where there are too few for one."""
        if self.line.n >= LEAST_FOR_P99:
            return f"p99 {short(known(self.line.p99_ms))}"
        slowest = self.line.slowest_ms or self.line.p99_ms  # of an earlier record: then the two are the same
        return f"max {short(known(slowest))}"

    @property
    def at_most(self) -> float:
        """How many tasks could run at once: those in flight if they wait, one a core if they compute."""
        delay = self.line.delay_s
        return float(self.line.cores if delay is None else known(self.line.ceiling) * delay)

    def figure(self, name: str) -> Figure:
        """One of the record's figures, with its interval."""
        interval = (self.line.intervals or {}).get(name)
        return Figure(known(getattr(self.line, name)), interval and (interval[0], interval[1]))

    @property
    def gain(self) -> Figure:
        """Throughput as a multiple of the bare function called one at a time, comparable at any delay."""
        return self.figure("ceiling_share").times(self.at_most)


def known(figure: Number | None) -> Number:
    """A figure of a cell that has numbers: the reader refuses a record in which such a cell lacks one."""
    assert figure is not None, "a timed cell has all its figures"
    return figure


def beats(one: Timed, other: Timed) -> bool:
    """Whether one is certainly faster: a longer wait makes a higher multiple easy, up to all that can wait.

    So the slower of two that wait must have waited as long, or be unable to reach the faster one.
    """
    low, _ = one.gain.ends
    faster = one.gain.value > other.gain.value and one.gain.apart(other.gain)
    return faster and ((one.line.delay_s or 0) <= (other.line.delay_s or 0) or low > other.at_most)


def workload(probe: str) -> str:
    """What a probe represents, in words."""
    return WORKLOADS.get(probe, probe)


def probes(joined: Joined) -> list[str]:
    """The probes that were timed, in the order of the page."""
    found = {line.probe for line in joined.benchmarks}
    return [*(probe for probe in WORKLOADS if probe in found), *sorted(found - WORKLOADS.keys())]


def lines(joined: Joined, probe: str) -> list[BenchmarkLine]:
    """The benchmarks of a probe, with numbers or without: by pool, concurrency, prefetch; no limit last."""
    return sorted((line for line in joined.benchmarks if line.probe == probe), key=_place)


def timed(joined: Joined, probe: str) -> list[Timed]:
    """Those benchmarks of a probe that have numbers."""
    return [Timed(line) for line in lines(joined, probe) if line.throughput is not None]


def at_default(cells: Iterable[Timed]) -> list[Timed]:
    """The cells at Celery's own prefetch multiplier, so that pools differ in nothing else."""
    return [cell for cell in cells if cell.prefetch == DEFAULT_PREFETCH]


def _place(line: BenchmarkLine) -> tuple[int, int, float]:
    at = line.at
    return POOLS.index(at.pool), at.concurrency, at.prefetch or float("inf")
