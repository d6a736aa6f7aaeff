"""Have tasks change a global in every slot of a pool, and have tasks compute with NumPy."""

from __future__ import annotations

from probes.deadline import until
from probes.lab import Lab
from probes.observations.isolation import Computing, Count, Counts
from probes.stimuli.streaming import settle
from probes.worker import Worker

ROUNDS = 3
SIDE = 300
"""Rows of a matrix: enough for BLAS to share the work among its threads."""
MULTIPLICATIONS = 20
NUMERIC = "probes.app.numeric"


def count_in_every_slot(lab: Lab, worker: Worker) -> Counts:
    """Let each slot count the same global up several times; then ask the manager for its value."""
    full = all(_fill(lab, worker, number) for number in range(ROUNDS))
    lab.sender.app.control.broadcast("tell_counter", destination=[f"{worker.command.name}@poolproof"])
    until(lambda: lab.events.count("told"))
    seen = lab.history().events
    counted = tuple(Count(event.pid, int(event.note)) for event in seen if event.kind == "counted")
    told = tuple(Count(event.pid, int(event.note)) for event in seen if event.kind == "told")
    lab.witness(tasks_counted=len(counted), all_slots_counted=int(full), manager_asked=len(told))
    return Counts(worker.pid, counted, told)


def _fill(lab: Lab, worker: Worker, number: int) -> bool:
    """Have one task count in each slot at the same time; whether all did."""
    gate = f"count{number}"
    tasks = lab.sender.send("bump", gate, count=worker.cell.slots)
    settle(lambda: lab.events.count("started"), lambda: lab.events.seen("started").issuperset(tasks))
    at_once = lab.events.seen("started").issuperset(tasks) and not lab.events.seen("ended").intersection(
        tasks
    )
    lab.open_gate(gate)
    settle(lambda: lab.events.count("ended"), lambda: lab.events.seen("ended").issuperset(tasks))
    return at_once


def multiply_with_numpy(lab: Lab) -> Computing:
    """Start a worker whose manager imports NumPy and uses it before it forks; let tasks multiply matrices.

    The first death decides as well as the last result, so that one is not waited for after the other.
    """
    worker = lab.start(words=(f"--include={NUMERIC}",))
    tasks = lab.sender.send("matmul", SIDE, count=MULTIPLICATIONS)

    def dead() -> tuple[int, ...]:
        return tuple(sorted(lab.events.history().pids() - set(worker.tree().pids)))

    settle(
        lambda: lab.events.count("ended"), lambda: bool(dead()) or lab.events.seen("ended").issuperset(tasks)
    )
    results = tuple(int(event.note) for event in lab.history().events if event.kind == "multiplied")
    lab.witness(tasks_started=lab.events.count("started"))
    return Computing(len(tasks), results, SIDE**3, dead(), worker.exit_status)
