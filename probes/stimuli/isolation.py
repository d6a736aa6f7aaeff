"""Have tasks change a global in every slot of a pool, compute with NumPy, and use processes and threads."""

from __future__ import annotations

from collections.abc import Sequence

from probes.deadline import until
from probes.lab import Lab
from probes.observations.isolation import Computing, Count, Counts, Helping
from probes.stimuli.streaming import settle
from probes.worker import Worker

ROUNDS = 3
SIDE = 300
"""Rows of a matrix: enough for BLAS to share the work among its threads, from 200 on when it solves."""
CALCULATIONS = 20
NUMERIC = "probes.app.numeric"
THREADED = "probes.app.threaded"
ASKING = 2
"""Tasks a slot that need a helper."""


def count_in_every_slot(lab: Lab, worker: Worker, kind: str = "global") -> Counts:
    """Let each slot count the same global up several times; then ask the manager for its value."""
    full = all(_fill(lab, worker, number, kind) for number in range(ROUNDS))
    to = [f"{worker.command.name}@poolproof"]
    lab.sender.app.control.broadcast("tell_counter", {"kind": kind}, to)
    until(lambda: lab.events.count("told"))
    seen = lab.history().events
    counted = tuple(Count(event.pid, int(event.note)) for event in seen if event.kind == "counted")
    told = tuple(Count(event.pid, int(event.note)) for event in seen if event.kind == "told")
    lab.witness(tasks_counted=len(counted), all_slots_counted=int(full), manager_asked=len(told))
    return Counts(worker.pid, counted, told)


def _fill(lab: Lab, worker: Worker, number: int, kind: str) -> bool:
    """Have one task count in each slot at the same time; whether all did."""
    gate = f"count{number}"
    tasks = lab.sender.send("bump", gate, kind, count=worker.cell.slots)
    settle(lambda: lab.events.count("started"), lambda: lab.events.seen("started").issuperset(tasks))
    at_once = lab.events.seen("started").issuperset(tasks) and not lab.events.seen("ended").intersection(
        tasks
    )
    lab.open_gate(gate)
    settle(lambda: lab.events.count("ended"), lambda: lab.events.seen("ended").issuperset(tasks))
    return at_once


def calculate_with_numpy(lab: Lab) -> Computing:
    """Start a worker whose manager imports NumPy and uses it before it forks; let tasks solve and multiply.

    The first death decides as well as the last end, so that one is not waited for after the other.
    """
    worker = lab.start(words=(f"--include={NUMERIC}",))
    lab.may_end(worker)
    tasks = lab.sender.send("calculate", SIDE, count=CALCULATIONS)

    def dead() -> tuple[int, ...]:
        return tuple(sorted(lab.events.history().pids() - set(worker.tree().pids)))

    settle(lambda: _finished(lab, tasks), lambda: bool(dead()) or _finished(lab, tasks) == len(tasks))
    seen = lab.history().only(tasks).events
    started = {event.task for event in seen if event.kind == "started"}
    finished = {event.task for event in seen if event.kind in ("ended", "failed")}
    results = tuple(event.note for event in seen if event.kind == "calculated")
    lab.witness(tasks_started=len(started))
    wanted = f"{SIDE} {SIDE**3}"
    return Computing(len(started), results, wanted, len(started - finished), dead(), worker.exit_status)


def start_processes(lab: Lab) -> Helping:
    """Have tasks start a process each."""
    lab.start()
    return _help(
        lab, "a process of their own", lab.sender.send("start_a_process", count=lab.cell.slots * ASKING)
    )


def ask_a_thread(lab: Lab) -> Helping:
    """Start a worker one of whose modules starts a thread as it is loaded; have tasks ask that thread."""
    lab.start(words=(f"--include={THREADED}",))
    return _help(
        lab, "the thread of their module", lab.sender.send("ask_the_thread", count=lab.cell.slots * ASKING)
    )


def _help(lab: Lab, helper: str, tasks: Sequence[str]) -> Helping:
    settle(lambda: _finished(lab, tasks), lambda: _finished(lab, tasks) == len(tasks))
    seen = lab.history().events
    lab.witness(tasks_started=lab.events.count("started"))
    refused = tuple(event.note for event in seen if event.kind == "refused")
    return Helping(helper, len(tasks), sum(event.kind == "answered" for event in seen), refused)


def _finished(lab: Lab, tasks: Sequence[str]) -> int:
    return len((lab.events.seen("ended") | lab.events.seen("failed")).intersection(tasks))
