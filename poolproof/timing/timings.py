"""The timed part of a run: times the case of each slot, and keeps its result."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import redis

from poolproof.host.waiting import wall
from poolproof.lab.evidence import keep
from poolproof.lab.trouble import BROKER_ERRORS
from poolproof.model.errors import Void
from poolproof.timing.plan import Slot
from poolproof.timing.results import BenchmarkResults
from poolproof.timing.sample import Sample
from poolproof.timing.session import TimingSession
from poolproof.timing.timed_case import TimedCase

WALL = 300.0
"""Seconds that one slot may take, including its worker's start, pilots and waits."""


@dataclass(slots=True)
class Timings:
    """What conftest calls; the logs and events of a run without a number are kept in `evidence`.

    From the first slot to the last, no other run uses the machine: `turn`.
    """

    session: TimingSession
    results: BenchmarkResults
    evidence: Path
    turn: Callable[[], AbstractContextManager[None]] = nullcontext
    _alone: ExitStack | None = field(init=False, default=None)

    def put(self, slot: Slot, ask: Callable[[TimedCase], float]) -> Sample:
        """Let `ask` work on the slot's case and return its clock's seconds; Void when there is no number."""
        case: TimedCase | None = None
        if self._alone is None:
            self._alone = ExitStack()
            self._alone.enter_context(self.turn())
        try:
            with wall(WALL):
                case = TimedCase(slot, self.session.warm_worker(slot), self.session)
                sample = case.sample(ask(case))
        except (Void, *BROKER_ERRORS, redis.ResponseError) as reason:
            self._refuse(slot, str(reason), case)
            raise Void(str(reason)) from None
        except BaseException:
            self.session.close()
            raise
        self.results.keep(slot, sample, case.warm.command)
        return sample

    def _refuse(self, slot: Slot, reason: str, case: TimedCase | None) -> None:
        """Record why there is no number, and end the worker, so that the next slot gets a fresh one."""
        work = case.work if case else None
        sent, unique = (len(work.sent), work.unique) if work else (0, 0)
        target = self.evidence / f"timing.{slot.probe}" / slot.id
        keep(self.session.worker_folder, target)
        self.session.close()
        self.results.refuse(slot, reason, sent, unique, case.warm.command if case else "")

    def close(self) -> None:
        """Record the series that were cut short, and end the worker."""
        with self._alone or nullcontext():
            try:
                self.session.close()
            finally:
                self.results.close()
