"""Let one task tick while another waits or computes, and see whether it could; count what greenlets serve."""

from __future__ import annotations

import socket
from collections.abc import Callable

from probes.deadline import until
from probes.history import Event
from probes.lab import QUEUE, Lab
from probes.observations.greenlets import Beside, Overrun, Served
from probes.stimuli.results import fault, stored
from probes.stimuli.streaming import settle
from probes.worker import Worker

TICKS = 3
"""So many, before and after, show that the ticking task was there all the time."""
LIMIT, LONG = 1.0, 3.0
"""Seconds that a task is allowed, and that it sleeps: its limit's timer is due long before its own."""
SERVED = 2
"""Tasks a slot: if slots run task after task, some slot has to run two of them."""


def tick_beside(lab: Lab, way: str) -> Beside:
    """Have one task tick, and another one spend its time beside it; count the ticks in between."""
    gate = f"ticks{len(lab.events.events())}"
    (ticker,) = lab.sender.send("ticking", gate)
    _await(lab, lambda: len(_ticks(lab, ticker)) >= TICKS)
    before = len(_ticks(lab, ticker))
    spender = _listen(lab, ticker) if way == "socket" else lab.sender.send("spend", way)[0]
    _await(lab, lambda: spender in lab.events.seen("waited"))
    _await(lab, lambda: len(_ticks(lab, ticker, after=_at(lab, "waited", spender))) >= TICKS)
    lab.open_gate(gate)
    waiting, waited = _at(lab, "waiting", spender), _at(lab, "waited", spender)
    lab.witness(
        ticks_before=before, spent=waited, ticks_after=len(_ticks(lab, ticker, after=waited)) if waited else 0
    )
    return Beside(way, len(_inside(lab, ticker, spender)), (waited - waiting) / 1e9)


def _await(lab: Lab, done: Callable[[], bool]) -> None:
    settle(lambda: lab.events.count("waiting") + lab.events.count("waited"), done)


def _listen(lab: Lab, ticker: str) -> str:
    """Have a task wait at a connection until there was a tick, or none will come; returns the task."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        (listener,) = lab.sender.send("listen", server.getsockname()[1])
        _await(lab, lambda: listener in lab.events.seen("waiting"))
        if listener in lab.events.seen("waiting"):  # else nobody has come, or ever will
            until(lambda: _inside(lab, ticker, listener))
            server.accept()[0].close()
        return listener


def _at(lab: Lab, kind: str, task: str) -> int:
    """When that happened to the task, in monotonic nanoseconds; 0 when it has not."""
    return next((event.at for event in lab.events.events() if (event.kind, event.task) == (kind, task)), 0)


def _ticks(lab: Lab, ticker: str, after: int = 0) -> list[Event]:
    return [
        event
        for event in lab.events.events()
        if event.kind == "tick" and event.task == ticker and event.at > after
    ]


def _inside(lab: Lab, ticker: str, spender: str) -> list[Event]:
    """The ticks since the task beside began to spend its time, up to its end if that has come."""
    begun, ended = _at(lab, "waiting", spender), _at(lab, "waited", spender)
    return [tick for tick in _ticks(lab, ticker, after=begun) if begun and (not ended or tick.at < ended)]


def serve_again(lab: Lab, worker: Worker) -> Served:
    """Send several tasks a slot, each of which says how many its greenlet has run."""
    tasks = lab.sender.send("count_in_greenlet", count=SERVED * worker.cell.slots)
    settle(lambda: lab.events.count("ended"), lambda: lab.events.seen("ended").issuperset(tasks))
    events = lab.history().only(tasks).events
    counts = tuple(int(event.note) for event in events if event.kind == "served")
    lab.witness(tasks_ended=int(len(lab.events.seen("ended").intersection(tasks)) == len(tasks)))
    return Served(worker.cell.slots, counts)


def overrun(lab: Lab) -> Overrun:
    """Send a task that sleeps for longer than its time limit; see when it left off, and what is stored."""
    task = f"limited{len(lab.events.events())}"
    lab.sender.app.send_task("tasks.io_sleep", (LONG,), task_id=task, queue=QUEUE, time_limit=LIMIT)
    settle(lambda: lab.events.count("started"), lambda: bool(stored(lab, task)))
    result = stored(lab, task)
    left = max(_at(lab, "ended", task), _at(lab, "failed", task))
    lab.witness(task_left_off=left, result_stored=len(result))
    took = (left - _at(lab, "started", task)) / 1e9
    return Overrun(LIMIT, took, str(result["status"]), fault(result))
