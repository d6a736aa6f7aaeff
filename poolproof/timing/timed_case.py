"""What a timed function of suites/ is given: it says what work is done, and against which ceiling."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from poolproof.model.numbers import LEAST_FOR_P99
from poolproof.timing import sizing as choice
from poolproof.timing.plan import Slot
from poolproof.timing.sample import Sample
from poolproof.timing.session import Hall
from poolproof.timing.warm_worker import Room
from poolproof.timing.work import Work


class Clock(Protocol):
    """The part of pytest-benchmark's fixture that a timed function uses."""

    def pedantic(self, target: Any, *, teardown: Any, rounds: int, iterations: int) -> object:
        """Time one call of `target`, then call `teardown` off the clock; nothing counts if it raises."""


@dataclass(slots=True)
class Stage:
    """One slot in its room. `n` is how many tasks were sent, `ceiling` what nothing could pass."""

    slot: Slot
    room: Room
    hall: Hall
    work: Work | None = None
    ceiling: float = 0.0
    _waits: bool = field(init=False, default=False)

    @property
    def delay(self) -> float:
        """How long a waiting task waits here, in seconds."""
        return self.hall.delay(self.room)

    @property
    def port(self) -> int:
        """Where the local server listens."""
        return self.hall.port()

    def computing(self, task: str) -> Work:
        """Fill the queue with tasks that compute; their ceiling is the bare function on every core."""
        self.ceiling = self.hall.bare(task) * self.hall.cores
        return self._fill(task, at_once=min(self.room.cell.slots, self.hall.cores))

    def waiting(self, task: str, *arguments: Any) -> Work:
        """Fill the queue with tasks that wait; their ceiling is all that can be in flight, by the delay."""
        self._waits = True
        self.ceiling = self.room.cell.slots / self.delay
        return self._fill(task, *arguments, at_once=self.room.cell.slots)

    def _fill(self, task: str, *arguments: Any, at_once: int) -> Work:
        counts, key = self.hall.counts, (self.slot.probe, self.slot.cell)
        if key not in counts:
            pilot = self.room.rate(task, *arguments, count=max(at_once, choice.WAVES))
            counts[key] = choice.tasks(at_once, pilot, self.hall.seconds)
        self.work = Work.fill(self.room.lab, task, *arguments, count=counts[key])
        return self.work

    def sample(self, seconds: float) -> Sample:
        """What was measured, once the work was proved and the clock has read so many seconds."""
        assert self.work
        return Sample(
            n=len(self.work.sent),
            unique=self.work.unique,
            throughput=len(self.work.sent) / seconds,
            p50_ms=self.work.duration_ms(0.50),
            p99_ms=self.work.duration_ms(0.99) if len(self.work.sent) >= LEAST_FOR_P99 else None,
            slowest_ms=self.work.duration_ms(1.0),
            ceiling=self.ceiling,
            pss_mib=self.room.worker.memory(),
            ready_s=self.room.ready_s,
            delay_s=self.delay if self._waits else None,
            noop_rate=self.hall.noop_rate(self.room) if self._waits else None,
        )
