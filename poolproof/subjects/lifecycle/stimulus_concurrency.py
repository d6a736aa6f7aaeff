"""Start solo workers that differ only in -c, and let each run some tasks and hold others."""

from __future__ import annotations

from dataclasses import replace

from poolproof.host.waiting import grow
from poolproof.lab.lab import Lab
from poolproof.model.errors import Void
from poolproof.subjects.lifecycle.seen import AtConcurrency, Comparison
from poolproof.subjects.lifecycle.stimulus import most_at_once

CONCURRENCIES = (1, 4)
TASKS = 12
"""How many tasks each worker runs."""
LIMITED = 60
"""How many messages of tasks with a rate limit: more than any of these workers may hold ahead."""
RATE = "1/h"


def compare_concurrencies(lab: Lab) -> Comparison:
    """Let a worker of each -c run tasks, then hold as many with a rate limit as it may.

    The claim is that -c has no effect, so we do not void a worker that does not report it.
    """
    workers = tuple(_at_concurrency(lab, concurrency) for concurrency in CONCURRENCIES)
    ended, held = sum(each.ended for each in workers), sum(each.held for each in workers)
    lab.witness(tasks_ended=ended, messages_held=held)
    return Comparison(lab.cell.prefetch, TASKS, workers)


def _at_concurrency(lab: Lab, concurrency: int) -> AtConcurrency:
    queue = f"c{concurrency}"
    worker = lab.launch((queue,), cell=replace(lab.cell, concurrency=concurrency))
    lab.wait_answer(worker)
    tasks = lab.sender.send("noop", count=TASKS, queue=queue)
    lab.ended(tasks)
    count = int(worker.reported(lab.sender.app).stats.get("prefetch_count", 0))
    to = [f"{worker.command.name}@poolproof"]
    if not lab.sender.app.control.rate_limit("tasks.hold", RATE, destination=to, reply=True):
        raise Void("the worker did not confirm the rate limit")
    lab.open_gate(gate := lab.new_gate())
    limited = lab.sender.send("hold", gate, count=LIMITED, queue=queue)

    def held() -> int:
        return LIMITED - lab.waiting(queue) - len(lab.events.seen("ended").intersection(limited))

    grow(held, count or LIMITED)
    worker.reported(lab.sender.app)  # after one reply the worker has taken all the messages that it takes
    own = lab.history().only(tasks).events
    ended = sum(event.kind == "ended" for event in own)
    return AtConcurrency(concurrency, count, held(), most_at_once(own), ended)
