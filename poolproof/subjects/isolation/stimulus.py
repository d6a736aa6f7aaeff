"""Let tasks change a global in every slot of a pool, compute with NumPy, and use processes and threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from poolproof.host.waiting import grow, until
from poolproof.lab.guard import FAULTS
from poolproof.lab.lab import Lab
from poolproof.lab.results import stored
from poolproof.lab.worker import Worker
from poolproof.model.history import Event
from poolproof.subjects.isolation.seen import Calculations, Count, Counts, HelperAnswers

ROUNDS = 3
"""How often each slot is filled at least."""
TASKS = 24
"""The least number of tasks, however few slots a pool has: a worker may go wrong later."""
SIDE = 300
"""Rows of a matrix: enough for BLAS to divide the work among its threads (from 200 on when it solves)."""
CALCULATIONS = 24
NUMERIC = "probes.numeric"
THREADED = "probes.threaded"
HELPED = 16
"""How many tasks need a helper at least; or two for each slot, if that is more."""


def count_in_every_slot(lab: Lab, worker: Worker, kind: str = "global") -> Counts:
    """Let each slot increase the same global several times; then ask the manager for its value."""
    rounds = max(ROUNDS, -(-TASKS // worker.cell.slots))
    tasks: list[str] = []
    for _ in range(rounds):
        tasks += (filled := _fill(lab, worker, kind))
        if not lab.events.seen("started").intersection(filled):
            break  # no process takes them
    before = lab.events.count("counter")
    to = [f"{worker.command.name}@poolproof"]
    lab.sender.app.control.broadcast("tell_counter", {"kind": kind}, to)
    until(lambda: lab.events.count("counter") > before)  # without an answer the witness is 0
    counted = _of(lab, tasks, "counted")
    values = {event.task: int(event.note) for event in counted}
    right = _stored(lab, tasks, values.get)
    answers = [event for event in lab.history().events if event.kind == "counter"][before:]
    lab.witness(tasks_counted=len(counted), manager_asked=len(answers))
    return Counts(
        worker.pid,
        tuple(Count(event.pid, int(event.note)) for event in counted),
        tuple(Count(event.pid, int(event.note)) for event in answers),
        sent=len(tasks),
        right=right,
        slots=worker.cell.slots,
    )


def _fill(lab: Lab, worker: Worker, kind: str) -> tuple[str, ...]:
    """Let one task count in each slot, all at the same time if possible."""
    gate = lab.new_gate()
    tasks = lab.sender.send("bump", gate, kind, count=worker.cell.slots)
    lab.started(tasks)
    lab.open_gate(gate)
    lab.ended(tasks)
    return tasks


def calculate_with_numpy(lab: Lab) -> Calculations:
    """Start a worker whose manager uses NumPy before it forks; let tasks solve and multiply.

    Wait until all tasks have ended, or until the first process dies, because a death decides at once.
    """
    worker = lab.start(words=(f"--include={NUMERIC}",))
    lab.may_end(worker, *FAULTS)
    tasks = lab.sender.send("calculate", SIDE, count=CALCULATIONS)

    def dead() -> tuple[int, ...]:
        return tuple(sorted(lab.events.history().pids() - set(worker.tree().pids)))

    lab.wait(lambda: bool(dead()) or _finished(lab, tasks) == len(tasks), "ended", "failed")
    wanted = f"{SIDE} {SIDE**3}"
    right = _stored(lab, tasks, lambda _: wanted)
    started = {event.task for event in _of(lab, tasks, "started")}
    lab.witness(tasks_started=len(started))
    return Calculations(
        sent=len(tasks),
        started=len(started),
        results=tuple(event.note for event in _of(lab, tasks, "calculated")),
        stored=right,
        wanted=wanted,
        unended=len(started) - len(started & (lab.events.seen("ended") | lab.events.seen("failed"))),
        dead=dead(),
        exit_status=worker.exit_status,
    )


def ask_for_help(lab: Lab, helper: str) -> HelperAnswers:
    """Let each task start a process, or ask a thread that its module started when it was loaded."""
    lab.start(words=() if helper == "process" else (f"--include={THREADED}",))
    task, whom = {
        "process": ("start_a_process", "a process of their own"),
        "thread": ("ask_the_thread", "the thread of their module"),
    }[helper]
    tasks = lab.sender.send(task, count=max(HELPED, 2 * lab.cell.slots))
    lab.finished(tasks)
    answered = _of(lab, tasks, "answered")
    right = _stored(lab, [event.task for event in answered], lambda _: True)
    lab.witness(tasks_started=len(_of(lab, tasks, "started")))
    refused = tuple(event.note for event in _of(lab, tasks, "refused"))
    return HelperAnswers(whom, len(tasks), len(answered), right, refused)


def _of(lab: Lab, tasks: Sequence[str], kind: str) -> list[Event]:
    return [event for event in lab.history().only(tasks).events if event.kind == kind]


def _finished(lab: Lab, tasks: Sequence[str]) -> int:
    return len((lab.events.seen("ended") | lab.events.seen("failed")).intersection(tasks))


def _stored(lab: Lab, tasks: Sequence[str], wanted: Callable[[str], object]) -> int:
    """How many tasks have their right result; for those that ended we wait until it is stored."""
    ended = lab.events.seen("ended").intersection(tasks)

    def right() -> int:
        return sum(stored(lab, task).get("result") == wanted(task) for task in ended)

    grow(right, len(ended))
    return right()
