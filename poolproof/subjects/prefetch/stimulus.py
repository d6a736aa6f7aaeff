"""Fill a worker with tasks that hold, see how much it takes, let one end, and see what it takes then."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from poolproof.host.broker.commands import HELD
from poolproof.host.waiting import LOOK, until
from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.prefetch.seen import Held, Stock

EARLIER = 12
"""Tasks that run first: a worker may take more or less after ten tasks than before."""
MORE = 6
"""How many more messages are sent than running tasks and the formula together can take."""
REST = {"prefork": 1.0, "solo": 1.0}
LONG_REST = 2.5
"""Seconds without a fetch after which a busy worker takes no more. In threads and green pools nothing wakes
the loop when a task ends: it looks by itself, after two seconds at the latest."""


def hold_ahead(lab: Lab, worker: Worker) -> Held:
    """Fill every slot, with more behind, and let one task end; claims of one lifetime judge the same look."""
    held, seen = lab.once("held", lambda: _hold(lab, worker))
    lab.witness(**seen)
    return held


def hold_with_little(lab: Lab, ahead: str) -> Held:
    """Do the same with a worker whose settings let it take little ahead; see model/variants.py."""
    cell = lab.cell if ahead == "disabled" else replace(lab.cell, prefetch=1)
    return hold_ahead(lab, lab.start(cell=cell))


def _hold(lab: Lab, worker: Worker) -> tuple[Held, dict[str, int]]:
    cell = worker.cell
    lab.ended(lab.sender.send("noop", count=EARLIER))
    first, others = lab.new_gate(), lab.new_gate()
    count = cell.slots + cell.concurrency * cell.prefetch + MORE
    tasks = (*lab.sender.send("hold", first), *lab.sender.send("hold", others, count=count - 1))
    lab.started(tasks, cell.slots)
    before, left = _at_rest(lab, worker, tasks), lab.waiting()
    lab.open_gate(first)
    lab.ended(tasks[:1])
    lab.started(tasks, cell.slots + 1)
    after = _at_rest(lab, worker, tasks)
    moments = _moments(lab, tasks)
    lab.open_gate(others)
    lab.ended(tasks)
    ended = len(lab.events.seen("ended").intersection(tasks))
    return Held(cell, before, after, left, *moments), {"messages_taken": before.taken, "tasks_ended": ended}


def _at_rest(lab: Lab, worker: Worker, tasks: Collection[str]) -> Stock:
    """The messages that the worker has taken, when it has taken no more for a while."""
    rest = REST.get(worker.cell.pool, LONG_REST)
    waiting = -1
    while waiting != (waiting := lab.waiting()):
        until(lambda seen=waiting: lab.waiting() != seen, rest, LOOK)  # type: ignore[misc]
    running = lab.events.seen("started").intersection(tasks) - lab.events.seen("ended")
    return Stock(len(tasks) - waiting, len(running), int(lab.client.hlen(HELD)))


def _moments(lab: Lab, tasks: tuple[str, ...]) -> tuple[int, int, int]:
    """When the first task ended, when the next one began, and when that one's message was received."""
    events = lab.history().only(tasks).events
    ended = next((each.at for each in events if (each.kind, each.task) == ("ended", tasks[0])), 0)
    begin = next((each for each in events if each.kind == "started" and each.at > ended > 0), None)
    if begin is None:
        return ended, 0, 0
    arrivals = (each.at for each in events if (each.kind, each.task) == ("received", begin.task))
    return ended, begin.at, next(arrivals, 0)
