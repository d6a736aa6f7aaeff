"""Reads a batch from the events of its tasks: its span, what overlapped, and what else delayed it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from poolproof.model.history import Event
from poolproof.subjects.performance.seen import Batch


def batch_of(events: Sequence[Event], manager: int, manager_delayed: float) -> Batch:
    """The batch of some tasks, from what they recorded, in the order of time.

    Meanwhile the threads of the manager were ready to run, and did not, for `manager_delayed` seconds.
    """
    off = {event.task: event.at for event in events if event.kind == "off"}
    home = {event.task: event.at for event in events if event.kind == "home"}
    span = (max(home.values()) - min(off.values())) / 1e9
    took = tuple((home[task] - off[task]) / 1e9 for task in off)
    return Batch(
        span, took, _most(off.values(), home.values()), _delayed(events, span, manager, manager_delayed)
    )


def _most(begun: Iterable[int], ended: Iterable[int]) -> int:
    """How many were under way at once; one that ends at the very time at which another begins has ended."""
    steps = sorted([(at, 1) for at in begun] + [(at, -1) for at in ended])
    return max(accumulate(step for _, step in steps), default=0)


def _delayed(events: Sequence[Event], span: float, manager: int, manager_delayed: float) -> float:
    """For how long the lack of a processor delayed a batch, where one thread ran all tasks.

    Between two tasks of a child, its manager's waits delay the batch, at most by the time between the two.
    """
    waits = [event for event in events if event.kind == "waited"]
    if len({(event.pid, event.thread) for event in waits}) != 1:
        return 0.0
    counts = [int(event.note) / 1e9 for event in waits]
    own = counts[-1] - counts[0]
    if waits[0].pid == manager:
        return own
    begun, ended = counts[::2], counts[1::2]
    at_work = sum(ended) - sum(begun)
    ran = sum(
        event.at * (1 if event.kind == "home" else -1) for event in events if event.kind in ("off", "home")
    )
    between = span - ran / 1e9 - (own - at_work)
    return own + max(0.0, min(manager_delayed, between))
