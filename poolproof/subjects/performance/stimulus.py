"""Give the same tasks to two workers at the same time, and have tasks compute at once.

No worker is watched here, and a queue is filled under another name before its worker may see it, so that
nothing but its own work lies between the first start and the last end.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from poolproof.lab.lab import QUEUE, Lab
from poolproof.lab.observe.scheduling import calls, delayed_seconds
from poolproof.lab.worker import Worker
from poolproof.model.cells import Cell
from poolproof.model.errors import Void
from poolproof.model.history import Event
from poolproof.subjects.performance.seen import (
    OTHER_SLOWER,
    Batch,
    CallCounts,
    Comparison,
    Computation,
    Demand,
    OneThenMany,
    Round,
    comparable,
)
from poolproof.subjects.performance.seen_batches import batch_of

BESIDE = "beside"
"""The queue of the other worker, which the worker under test is compared with."""
FILLING = "filling"
"""What the name of a queue begins with while it is filled."""
FEW = 4
"""How many tasks compute at once, at the most: enough to see that they do, on any machine."""
ROUNDS, MOST_ROUNDS = 6, 24
BEHIND = 12
"""Tasks that wait behind those of a round, so that the worker is under load."""
WARM = 12
"""Tasks that each process of a worker runs first: by then it has loaded what it loads late."""
BATCHES = 3
MOST_BATCHES = 12
"""The most batches of a comparison; a busy machine may spoil some of them."""
SCHEDSTAT = Path("/proc/self/schedstat")


@dataclass(frozen=True, slots=True)
class Runner:
    """A worker, and the queue that it alone serves."""

    worker: Worker
    queue: str


def compare_with_solo(
    lab: Lab, work: str, delay: float, *, count: int, limits: Sequence[float] = OTHER_SLOWER
) -> Comparison:
    """Have a worker of this cell and a solo one run `count` tasks at the same time, in batches.

    A batch counts when no doubt is left on which side of the limits it lies.
    """
    runners = _start_both(lab, replace(lab.cell, pool="solo", concurrency=1))
    return Comparison("solo", *_compare(lab, runners, limits, count, work, delay))


def compare_with_one_child(lab: Lab, work: str, delay: float, *, count: int) -> Comparison:
    """The same, compared with a worker of the same pool with -c 1."""
    runners = _start_both(lab, replace(lab.cell, concurrency=1))
    return Comparison(f"{lab.cell.pool} -c 1", *_compare(lab, runners, OTHER_SLOWER, count, work, delay))


def compare_calls(lab: Lab, *, count: int) -> CallCounts:
    """Count how often a worker of this cell and a solo one read and write as they run the same tasks."""
    runners = _start_both(lab, replace(lab.cell, pool="solo", concurrency=1))
    batches = [tuple(_calls(lab, runner, count) for runner in runners) for _ in range(BATCHES)]
    lab.witness(tasks_ended=_ended_on(lab, QUEUE), tasks_ended_beside=_ended_on(lab, BESIDE))
    return CallCounts(count, tuple(own for own, _ in batches), tuple(solo for _, solo in batches))


def run_one_then_many(lab: Lab, delay: float, *, count: int) -> OneThenMany:
    """Start a worker of this cell, and give it one task that waits, then `count` at once."""
    _need_schedstat()
    runner = Runner(lab.start(), QUEUE)
    _warm(lab, runner)
    (one,), (many,) = (_batches(lab, [runner], n, "io", delay) for n in (1, count))
    lab.witness(tasks_ended=len(one.tasks) + len(many.tasks))
    return OneThenMany(one, many)


def compute_at_once(lab: Lab, way: str, seconds: float) -> tuple[Round, ...]:
    """In each round, have as many tasks as there are slots wait at a gate and compute from there on.

    Their number is FEW at the most, and others wait behind them. A round that was not complete is the last.
    A round that the host spoilt is replaced; Void when too many were.
    """
    _need_schedstat()
    worker = lab.start()
    _warm(lab, Runner(worker, QUEUE))
    rounds: list[Round] = []
    for _ in range(MOST_ROUNDS):
        part = _round(lab, way, seconds, min(worker.cell.slots, FEW))
        rounds += [part] * (not part.spoilt)
        if len(rounds) == ROUNDS or part.sent != part.held:
            break
    else:
        raise Void(f"the host took time from this machine in all but {len(rounds)} of {MOST_ROUNDS} rounds")
    lab.witness(rounds=len(rounds), tasks_computed=sum(len(part.computations) for part in rounds))
    return tuple(rounds)


def _round(lab: Lab, way: str, seconds: float, count: int) -> Round:
    gate = lab.new_gate()
    sent = lab.sender.send("compute", gate, way, seconds, count=count)
    behind = lab.sender.send("noop", count=BEHIND)
    lab.started(sent)
    held = len(lab.events.seen("started").intersection(sent))
    lab.open_gate(gate)
    _await_end(lab, sent + behind)
    events = {(event.kind, event.task): event for event in lab.history().only(sent).events}
    pairs = [(events["computing", task], events["computed", task]) for task in sent]
    return Round(len(sent), held, tuple(_computation(*pair) for pair in pairs))


def _compare(
    lab: Lab, runners: Sequence[Runner], limits: Sequence[float], count: int, *arguments: Any
) -> tuple[tuple[Batch, ...], tuple[Batch, ...]]:
    pairs: list[tuple[Batch, Batch]] = []
    run = 0
    while len(pairs) < BATCHES and run < MOST_BATCHES:
        run += 1
        own, beside = _batches(lab, runners, count, *arguments)
        pairs += [(own, beside)] * comparable(own, beside, limits)
    ended = {"tasks_ended": _ended_on(lab, QUEUE), "tasks_ended_beside": _ended_on(lab, BESIDE)}
    lab.witness(**ended, batches_run=run)
    if len(pairs) < BATCHES:
        raise Void(f"too busy a machine: {len(pairs)} of {MOST_BATCHES} batches can be compared")
    return tuple(own for own, _ in pairs), tuple(beside for _, beside in pairs)


def _start_both(lab: Lab, other: Cell) -> tuple[Runner, Runner]:
    """A worker of this cell, and another one that serves the queue BESIDE; both are warm."""
    _need_schedstat()
    both = Runner(lab.launch(), QUEUE), Runner(lab.launch((BESIDE,), cell=other), BESIDE)
    for runner in both:
        lab.wait_ready(runner.worker)
        _warm(lab, runner)
    return both


def _warm(lab: Lab, runner: Runner) -> None:
    _await_end(
        lab, lab.sender.send("noop", count=WARM * min(runner.worker.cell.slots, FEW), queue=runner.queue)
    )


def _batches(lab: Lab, runners: Sequence[Runner], count: int, *arguments: Any) -> list[Batch]:
    """Let each of these workers run `count` tasks, all of them at the same time."""
    sent = [_fill(lab, runner, "run_in_batch", *arguments, count=count) for runner in runners]
    before = [delayed_seconds(runner.worker.pid) for runner in runners]
    _show(lab, runners)
    _await_end(lab, [task for tasks in sent for task in tasks])
    delays = [delayed_seconds(each.worker.pid) - at for each, at in zip(runners, before, strict=True)]
    return [
        batch_of(lab.history().only(tasks).events, runner.worker.pid, delay)
        for runner, tasks, delay in zip(runners, sent, delays, strict=True)
    ]


def _calls(lab: Lab, runner: Runner, count: int) -> int:
    sent, pids = _fill(lab, runner, "noop", count=count), runner.worker.tree().pids
    called = calls(pids)
    _show(lab, [runner])
    _await_end(lab, sent)
    return calls(pids) - called


def _fill(lab: Lab, runner: Runner, task: str, *arguments: Any, count: int) -> tuple[str, ...]:
    return lab.sender.send(task, *arguments, count=count, queue=FILLING + runner.queue)


def _show(lab: Lab, runners: Sequence[Runner]) -> None:
    """Give all workers at once what was sent to them."""
    with lab.client.pipeline(transaction=True) as together:
        for runner in runners:
            together.rename(FILLING + runner.queue, runner.queue)
        together.execute()


def _ended_on(lab: Lab, queue: str) -> int:
    """How many tasks of a queue have ended in all, with those that ran first."""
    own = (queue, FILLING + queue)
    return sum(event.kind == "ended" and event.queue in own for event in lab.events.events())


def _await_end(lab: Lab, sent: Sequence[str]) -> None:
    """Return when all tasks have ended; Void when they do not, because then there is no time to judge."""
    lab.ended(sent)
    ended = lab.events.seen("ended").intersection(sent)
    if len(ended) < len(sent):
        lab.witness(tasks_ended=len(ended), all_that_were_sent=0)


def _computation(computing: Event, computed: Event) -> Computation:
    return Computation(computing.task, computing.pid, computing.thread, _demand(computing), _demand(computed))


def _demand(event: Event) -> Demand:
    earliest, demanded, blocked = json.loads(event.note)
    return Demand(earliest, event.at, {int(thread): so_long for thread, so_long in demanded.items()}, blocked)


def _need_schedstat() -> None:
    if not SCHEDSTAT.exists():
        raise Void("this kernel does not record how long each thread ran: it has no /proc/<pid>/schedstat")
