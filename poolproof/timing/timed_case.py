"""The argument of a timed function of suites/: it selects the work, and its ceiling."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from poolproof.model.numbers import LEAST_FOR_P99
from poolproof.timing import sizing as choice
from poolproof.timing.plan import Slot
from poolproof.timing.sample import Sample
from poolproof.timing.session import TimingSession
from poolproof.timing.warm_worker import WarmWorker
from poolproof.timing.work import Work


class Clock(Protocol):
    """The part of pytest-benchmark's fixture that a timed function uses."""

    def pedantic(self, target: Any, *, teardown: Any, rounds: int, iterations: int) -> object:
        """Time one call of `target`, then call `teardown` with the clock off; nothing counts if it raises."""


@dataclass(slots=True)
class TimedCase:
    """One slot and its worker; `ceiling` is the throughput that no worker can exceed."""

    slot: Slot
    warm: WarmWorker
    session: TimingSession
    work: Work | None = None
    ceiling: float = 0.0
    _waits: bool = field(init=False, default=False)

    @property
    def delay(self) -> float:
        """How long a waiting task waits here, in seconds."""
        return self.session.delay(self.warm)

    @property
    def port(self) -> int:
        """The port on which the local server listens."""
        return self.session.port()

    def computing(self, task: str) -> Work:
        """Fill the queue with tasks that compute; their ceiling is the bare function's rate on all cores."""
        self.ceiling = self.session.bare(task) * self.session.cores
        return self._fill(task, at_once=min(self.warm.cell.slots, self.session.cores))

    def waiting(self, task: str, *arguments: Any) -> Work:
        """Fill the queue with tasks that wait; their ceiling is the number of tasks in flight / the delay."""
        self._waits = True
        self.ceiling = self.warm.cell.slots / self.delay
        return self._fill(task, *arguments, at_once=self.warm.cell.slots)

    def _fill(self, task: str, *arguments: Any, at_once: int) -> Work:
        counts, key = self.session.counts, (self.slot.probe, self.slot.cell)
        if key not in counts:
            pilot = self.warm.rate(task, *arguments, count=max(at_once, choice.WAVES))
            counts[key] = choice.tasks(at_once, pilot, self.session.seconds)
        self.work = Work.fill(self.warm.lab, task, *arguments, count=counts[key])
        return self.work

    def sample(self, seconds: float) -> Sample:
        """The measurements, after the work was proved and the clock has measured so many seconds."""
        assert self.work
        return Sample(
            n=len(self.work.sent),
            unique=self.work.unique,
            throughput=len(self.work.sent) / seconds,
            p50_ms=self.work.duration_ms(0.50),
            p99_ms=self.work.duration_ms(0.99) if len(self.work.sent) >= LEAST_FOR_P99 else None,
            slowest_ms=self.work.duration_ms(1.0),
            ceiling=self.ceiling,
            pss_mib=self.warm.worker.memory(),
            ready_s=self.warm.ready_s,
            delay_s=self.delay if self._waits else None,
            noop_rate=self.session.noop_rate(self.warm) if self._waits else None,
        )
