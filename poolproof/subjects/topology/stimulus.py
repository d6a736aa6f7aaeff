"""Watch a worker's processes and threads, from birth to death, while it runs many tasks."""

from __future__ import annotations

import time
from collections.abc import Sequence

from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.model.processes import descendants
from poolproof.subjects.topology.seen import Watch

EACH = 20
"""Tasks for each slot: a worker may change after its tenth task."""
ENOUGH = 200
"""Tasks at the most: for a pool of a hundred slots, EACH would take too long."""


def watch_tasks(lab: Lab, worker: Worker) -> Watch:
    """Hold as many tasks as the pool runs at once, release them, and run many more; watch all the time."""
    gate = lab.new_gate()
    with lab.guard.births.closely():
        begin = time.monotonic_ns()
        held = lab.sender.send("hold", gate, count=worker.cell.slots)
        lab.started(held)
        running = lab.events.seen("started").intersection(held) - lab.events.seen("ended")
        lab.open_gate(gate)
        count = min(ENOUGH, EACH * worker.cell.slots)
        tasks = held + lab.sender.send("noop", count=count, ignore_result=True)
        lab.ended(tasks)
        end = time.monotonic_ns()
        lives = descendants(lab.guard.births.lives(), worker.pid)
    lab.witness(tasks_held=len(running), tasks_ended=len(lab.events.seen("ended").intersection(tasks)))
    return Watch(worker.pid, lives, begin, end, _ran_in(lab, tasks), lab.guard.births.by)


def _ran_in(lab: Lab, tasks: Sequence[str]) -> tuple[tuple[int, int], ...]:
    begun = [event for event in lab.history().only(tasks).events if event.kind == "started"]
    return tuple((event.pid, event.thread) for event in begun)
