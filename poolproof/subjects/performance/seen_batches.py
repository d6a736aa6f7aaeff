"""Reads a batch from the events of its tasks: its span, what overlapped, and what else delayed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    waits = [event for event in events if event.kind == "waited"]
    most, threads = _most(off.values(), home.values()), len(_threads(waits))
    computed = tuple(ran / 1e9 for _, ran, _, _ in _computations(events))
    if threads > 1:
        too_long = min(_waited(waits) + manager_delayed, span - _longest(events))
        return Batch(span, took, most, too_long=too_long, computed=computed, threads=threads)
    delayed, too_short = _delayed(waits, span - sum(took), manager, manager_delayed)
    return Batch(span, took, most, delayed, _taken_by_host(events), too_short, computed)


def _computations(events: Sequence[Event]) -> Iterator[tuple[int, int, int, int]]:
    """Of each computation, in nanoseconds: how long it took, ran, was ready; and how often it blocked."""
    begun = {event.task: event for event in events if event.kind == "computing"}
    for event in events:
        if event.kind == "computed":
            before = begun[event.task]
            pairs = zip(map(int, event.note.split()), map(int, before.note.split()), strict=True)
            ran, ready, blocked = (now - then for now, then in pairs)
            yield event.at - before.at, ran, ready, blocked


def _taken_by_host(events: Sequence[Event]) -> float:
    """For how long computations that never blocked neither ran nor were ready to run."""
    return (
        sum(max(0, took - ran - ready) for took, ran, ready, blocked in _computations(events) if not blocked)
        / 1e9
    )


def _waited(waits: Sequence[Event]) -> float:
    """For how long all threads that ran tasks waited for a processor, from their first task to their last."""
    counts = [[int(event.note) for event in own] for own in _threads(waits)]
    return sum(each[-1] - each[0] for each in counts) / 1e9


def _longest(events: Sequence[Event]) -> float:
    """The longest time that the tasks of one thread took, without the waits of that thread."""
    return max(map(_ran, _threads(events))) / 1e9


def _ran(events: Sequence[Event]) -> int:
    counts = [int(event.note) for event in events if event.kind == "waited"]
    took = sum(event.at * {"home": 1, "off": -1}.get(event.kind, 0) for event in events)
    return took - sum(counts[1::2]) + sum(counts[::2])


def _threads(events: Sequence[Event]) -> list[list[Event]]:
    """These events, by the thread that recorded them."""
    threads: dict[tuple[int, int], list[Event]] = {}
    for event in events:
        threads.setdefault((event.pid, event.thread), []).append(event)
    return list(threads.values())


def _most(begun: Iterable[int], ended: Iterable[int]) -> int:
    """How many ran at once; one that ends at the very time at which another begins has ended."""
    steps = sorted([(at, 1) for at in begun] + [(at, -1) for at in ended])
    return max(accumulate(step for _, step in steps), default=0)


def _delayed(
    waits: Sequence[Event], between: float, manager: int, manager_delayed: float
) -> tuple[float, float]:
    """For how long the lack of a processor delayed the only thread that ran tasks, and how much is uncertain.

    Between two tasks of a child, its manager's waits delay the batch, at most by the time between the two.
    """
    counts = [int(event.note) / 1e9 for event in waits]
    own = counts[-1] - counts[0]
    if waits[0].pid == manager:
        return own, 0.0
    at_work = sum(counts[1::2]) - sum(counts[::2])
    by_manager = max(0.0, min(manager_delayed, between - (own - at_work)))
    return own + by_manager, by_manager
