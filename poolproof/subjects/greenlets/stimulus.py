"""Let one task tick while another waits or computes; see which greenlet runs each task."""

from __future__ import annotations

import json
import socket

from poolproof.host.waiting import grow, until
from poolproof.lab.lab import QUEUE, Lab
from poolproof.lab.results import error_of, stored
from poolproof.lab.worker import Worker
from poolproof.model.history import Event
from poolproof.subjects.greenlets.seen import Beside, Greenlets, Limited, Overrun, Spent, TaskGreenlet

EARLIER = 24
"""Tasks that run first: a worker may run its later tasks in another way."""
SPENDERS = 3
TICKS = 3
"""How many ticks, before and after, show that the ticking task was running all the time."""
LIMIT, LONG = 1.0, 3.0
"""Seconds that a task is allowed, and that it sleeps: the limit is over long before the task ends."""
LIMITED = 6
SERVED = 2
"""Tasks for each slot: if slots run task after task, one slot has to run two of them."""


def tick_beside(lab: Lab, way: str) -> Beside:
    """Let one task tick, and others wait or compute beside it, one by one; count the ticks meanwhile.

    Where nothing runs beside the ticking task it is ended, so that the other one can run without ticks.
    """
    gate, ticker = _start_ticking(lab)
    spenders: list[str] = []
    while len(spenders) < SPENDERS and ticker not in lab.events.seen("ended"):
        spenders.append(_spend(lab, ticker, way, gate))
    lab.open_gate(gate)
    lab.ended((ticker, *spenders))
    ended = lab.events.seen("ended").issuperset((ticker, *spenders))
    lab.witness(ticks=len(_ticks(lab, ticker)), tasks_ended=len(spenders) + 1 if ended else 0)
    return Beside(way, tuple(_spent(lab, ticker, spender) for spender in spenders))


def compute_beside(lab: Lab, way: str) -> Beside:
    """The same with tasks that compute; void when the ticking task was not running before and after each."""
    beside = tick_beside(lab, way)
    between = sum(each.after >= TICKS for each in beside.spent)
    lab.witness(tasks_between_ticks=between if between == SPENDERS else 0)
    return beside


def serve_again(lab: Lab, worker: Worker) -> Greenlets:
    """Send many tasks of two names, in turns, each of which describes its greenlet."""
    pairs = max(EARLIER, SERVED * worker.cell.slots) // 2
    tasks = [
        task
        for _ in range(pairs)
        for name in ("describe_greenlet", "describe_again")
        for task in lab.sender.send(name)
    ]
    lab.ended(tasks)
    events = lab.history().only(tasks).events
    described = tuple(TaskGreenlet(**json.loads(each.note)) for each in events if each.kind == "greenlet")
    lab.witness(greenlets_described=len(described) if len(described) == len(tasks) else 0)
    return Greenlets(worker.cell.slots, described)


def overrun(lab: Lab) -> Overrun:
    """Send tasks that sleep for longer than their time limit; see when they ended, and what is stored."""
    _run_earlier(lab)
    tasks = [f"limited{n}" for n in range(LIMITED)]
    for task in tasks:
        lab.sender.app.send_task("tasks.io_sleep", (LONG,), task_id=task, queue=QUEUE, time_limit=LIMIT)
    grow(lambda: sum(bool(stored(lab, task)) for task in tasks), len(tasks))
    results = {task: stored(lab, task) for task in tasks}
    ends = {task: max(_at(lab, "ended", task), _at(lab, "failed", task)) for task in tasks}
    lab.witness(
        tasks_over=len(tasks) if all(ends.values()) else 0,
        results_stored=len(tasks) if all(results.values()) else 0,
    )
    return Overrun(
        LIMIT,
        LONG,
        tuple(
            Limited((ends[task] - _at(lab, "started", task)) / 1e9, str(result["status"]), error_of(result))
            for task, result in results.items()
        ),
    )


def _run_earlier(lab: Lab) -> None:
    """Run a few tasks before those that are judged; the claim does not depend on their results."""
    lab.ended(lab.sender.send("noop", count=EARLIER))


def _start_ticking(lab: Lab) -> tuple[str, str]:
    """A task that ticks until a gate is opened, and that gate."""
    _run_earlier(lab)
    gate = lab.new_gate()
    (ticker,) = lab.sender.send("ticking", gate)
    lab.wait(lambda: len(_ticks(lab, ticker)) >= TICKS, "tick")
    if not _ticks(lab, ticker):
        lab.witness(ticks=0)
    return gate, ticker


def _spend(lab: Lab, ticker: str, way: str, gate: str) -> str:
    """Let a task wait or compute, and wait for ticks after it; returns the task."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (spender,) = lab.sender.send(*(("listen", port) if way == "socket" else ("spend", way)))
        if not _begun(lab, spender):
            lab.open_gate(gate)
            lab.ended([ticker])
        if way == "socket" and _begun(lab, spender):
            until(lambda: _spent(lab, ticker, spender).ticks)
            server.accept()[0].close()
        lab.ended([spender])
    until(lambda: ticker in lab.events.seen("ended") or _spent(lab, ticker, spender).after >= TICKS)
    return spender


def _begun(lab: Lab, spender: str) -> bool:
    lab.reached("waiting", [spender])
    return spender in lab.events.seen("waiting")


def _at(lab: Lab, kind: str, task: str) -> int:
    """When that event of the task happened, in monotonic nanoseconds; 0 when it has not."""
    return next((event.at for event in lab.events.events() if (event.kind, event.task) == (kind, task)), 0)


def _ticks(lab: Lab, ticker: str, after: int = 0) -> list[Event]:
    return [
        event
        for event in lab.events.events()
        if event.kind == "tick" and event.task == ticker and event.at > after
    ]


def _spent(lab: Lab, ticker: str, spender: str) -> Spent:
    """The ticks since the other task began to wait or compute, until its end if that has come."""
    begun, ended = _at(lab, "waiting", spender), _at(lab, "waited", spender)
    since = _ticks(lab, ticker, begun) if begun else []
    inside = [tick for tick in since if not ended or tick.at < ended]
    return Spent(len(inside), (ended - begun) / 1e9 if ended else 0.0, len(since) - len(inside))
