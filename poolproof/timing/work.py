"""Tasks in a queue that no worker reads: one RENAME releases them, and each is proved to have run."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from poolproof.host.sentinel import STALL
from poolproof.host.waiting import patience, until
from poolproof.lab.lab import QUEUE, Lab
from poolproof.lab.results import KEY
from poolproof.model.errors import Void
from poolproof.model.history import History
from poolproof.timing.proof import proof
from poolproof.timing.stats import percentile

GATED = "gated"
"""The name under which a queue is filled: no worker reads it."""
POLL = 0.01
"""Seconds between two looks at the event files; nothing else is done while the clock runs."""
LONGEST = 600.0


@dataclass(slots=True)
class Work:
    """Tasks behind the gate of a lab whose worker is idle; they are released once, and proved.

    The earlier events and results are those from before the tasks were sent.
    """

    lab: Lab
    sent: tuple[str, ...]
    earlier_events: int
    earlier_results: frozenset[str]
    unique: int = 0
    _opened: int = field(init=False, default=0)
    _ended: int = field(init=False, default=0)
    _moved: float = field(init=False, default=0.0)

    @classmethod
    def fill(cls, lab: Lab, task: str, *arguments: Any, count: int) -> Work:
        """Send `count` messages behind the gate; Void when the worker is not idle."""
        if busy := lab.in_broker():
            raise Void(f"no number: {busy} earlier messages are still in the broker")
        events, results = len(lab.events.events()), _stored(lab)
        return cls(lab, lab.sender.send(task, *arguments, count=count, queue=GATED), events, results)

    def release(self) -> None:
        """Open the gate, and return when the last task has ended, or when nothing changes any more."""
        self.lab.site.sentinel.begin()
        self._opened, self._moved = time.monotonic_ns(), time.monotonic()
        self.lab.client.rename(GATED, QUEUE)
        until(self._over, within=LONGEST, every=POLL)

    def _over(self) -> bool:
        ended = self.lab.events.seen("ended")
        if len(ended) > self._ended:
            self._ended, self._moved = len(ended), time.monotonic()
        return ended.issuperset(self.sent) or time.monotonic() - self._moved > patience()

    def _ended_all(self) -> bool:
        return self.lab.events.seen("ended").issuperset(self.sent)

    def _stored_all(self) -> bool:
        return self._results().keys() >= set(self.sent) and not self.lab.in_broker()

    def prove(self) -> None:
        """Return when there is one result for each task, each task once; otherwise Void with the reason."""
        if self._ended_all():
            until(self._stored_all, every=0.05)
        seen = proof(self.sent, self.history(), self._results(), self.lab.in_broker())
        self.unique = seen.unique
        if seen.wrong:
            raise Void(f"no number: {seen.wrong}{self._death()}")
        if (gap := self.lab.site.sentinel.longest_gap) > STALL:
            raise Void(f"no number: the machine stood still for {gap:.1f} s")
        if causes := self.lab.disturbed():
            raise Void(f"no number: {causes}")

    def _death(self) -> str:
        dead = [worker for worker in self.lab.workers if not worker.alive]
        return "".join(f"; the worker ended with {worker.exit_status}" for worker in dead)

    def history(self) -> History:
        """What the worker has done with tasks since the gate was filled."""
        return History.of(event for event in self.lab.events.events()[self.earlier_events :] if event.task)

    def _results(self) -> Mapping[str, str]:
        """The status of each result stored since the gate was filled."""
        new = sorted(_stored(self.lab) - self.earlier_results)
        stored: Any = self.lab.client.mget([KEY + task for task in new]) if new else []
        return {task: json.loads(text)["status"] for task, text in zip(new, stored, strict=True) if text}

    @property
    def seconds(self) -> float:
        """From the opening of the gate to the end of the last task, from the worker's own events."""
        return (max(event.at for event in self.history().events) - self._opened) / 1e9

    def duration_ms(self, share: float) -> float:
        """A percentile of the tasks' own durations, from start to end inside the pool."""
        events = self.history().events
        begun = {event.task: event.at for event in events if event.kind == "started"}
        ended = {event.task: event.at for event in events if event.kind == "ended"}
        return percentile([(at - begun[task]) / 1e6 for task, at in ended.items()], share)


def _stored(lab: Lab) -> frozenset[str]:
    """The tasks that have a result in the back end."""
    return frozenset(key.removeprefix(KEY) for key in lab.client.scan_iter(f"{KEY}*", count=1000))
