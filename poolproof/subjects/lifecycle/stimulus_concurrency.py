"""Start solo workers that differ in -c alone, and have each run some tasks and hold others."""

from __future__ import annotations

from dataclasses import replace

from poolproof.host.waiting import grow
from poolproof.lab.lab import Lab
from poolproof.subjects.lifecycle.seen import Effect, Effects
from poolproof.subjects.lifecycle.stimulus import together

CONCURRENCIES = (1, 4)
TASKS = 12
"""That run, by each worker."""
LIMITED = 60
"""Messages of tasks with a rate limit: more than any of these workers may hold ahead."""
RATE = "1/h"


def compare_concurrencies(lab: Lab) -> Effects:
    """Have a worker of each -c run tasks, then hold as many with a rate limit as it may.

    Whether -c is in force, where it has no effect at all, is the claim; so nothing is compared with the cell.
    """
    effects = tuple(_effect(lab, concurrency) for concurrency in CONCURRENCIES)
    ended, held = sum(each.ended for each in effects), sum(each.held for each in effects)
    lab.witness(tasks_ended=ended, messages_held=held)
    return Effects(lab.cell.prefetch, TASKS, effects)


def _effect(lab: Lab, concurrency: int) -> Effect:
    queue = f"c{concurrency}"
    worker = lab.launch((queue,), cell=replace(lab.cell, concurrency=concurrency))
    lab.wait_answer(worker)
    tasks = lab.sender.send("noop", count=TASKS, queue=queue)
    lab.ended(tasks)
    count = int(worker.reported(lab.sender.app).stats.get("prefetch_count", 0))
    to = [f"{worker.command.name}@poolproof"]
    lab.sender.app.control.rate_limit("tasks.hold", RATE, destination=to, reply=True)
    lab.open_gate(gate := lab.new_gate())
    limited = lab.sender.send("hold", gate, count=LIMITED, queue=queue)

    def held() -> int:
        return LIMITED - lab.waiting(queue) - len(lab.events.seen("ended").intersection(limited))

    grow(held, count or LIMITED)
    worker.reported(lab.sender.app)  # a round trip, so that what it was to take besides is taken
    own = lab.history().only(tasks).events
    ended = sum(event.kind == "ended" for event in own)
    return Effect(concurrency, count, held(), together(own), ended)
