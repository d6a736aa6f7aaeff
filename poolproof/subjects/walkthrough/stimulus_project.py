"""Walk through the example project of a document: its start, and its four kinds of task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from poolproof.host.waiting import grow
from poolproof.lab.lab import Lab
from poolproof.lab.results import error_of, stored
from poolproof.lab.worker import Worker, WorkerCommand
from poolproof.subjects.cli.stimulus import await_start
from poolproof.subjects.walkthrough.seen import Loaded, Opening, Shared

QUEUES = "--queues=basic,advanced,realworld"
Kind = tuple[str, str, tuple[int, ...]]
KINDS: tuple[Kind, ...] = (
    ("basic_tasks.add", "basic", (3, 5)),
    ("basic_tasks.multiply", "basic", (4, 6)),
    ("advanced_tasks.complex_task", "advanced", ()),
    ("realworld_tasks.send_email", "realworld", ()),
)
"""Each kind of task that the document sends: its name below `tasks`, its queue, its arguments."""
MODULES = ("celery_app", "tasks.basic_tasks", "tasks.advanced_tasks", "tasks.realworld_tasks")
NAMES = tuple(f"tasks.{name}" for name, _, _ in KINDS)
"""The names of these tasks; of four children the document gives the first to the first of them."""
CALLS = 12
"""How many calls of `add` follow the start, so that more is seen than the first few."""
ROUNDS = 4
"""How many of each kind are sent one after another, and then again how many all at once."""


def start_project(lab: Lab) -> Worker:
    """Start the worker by the project's own line, as many children as the cell says."""
    line = ("-A", "celery_app", "worker", f"--pool={lab.cell.pool}", f"--concurrency={lab.cell.concurrency}")
    worker = lab.type(WorkerCommand(lab.cell, "w1", (*line, QUEUES)))
    await_start(worker)
    return worker


def watch_it_start(lab: Lab) -> Opening:
    """Start the project's worker, see it run or refuse tasks; collect what it loaded and when it forked."""
    worker = start_project(lab)
    name, queue, arguments = KINDS[0]
    tasks = lab.sender.send(name, *arguments, queue=queue, count=CALLS)
    grow(lambda: _answered(lab, tasks), len(tasks))
    events = lab.history().events
    loaded = [Loaded(each.note, each.pid, each.at) for each in events if each.kind == "loaded"]
    ours = tuple(each for each in loaded if each.module in MODULES)
    forks = tuple(each.at for each in events if each.kind == "forking")
    children = len(worker.tree().children)
    answers = tuple(dict.fromkeys(_answer(stored(lab, task)) for task in tasks))
    lab.witness(tasks_answered=_answered(lab, tasks), modules_loaded=len(ours), forks=len(forks))
    return Opening(worker.pid, ours, forks, children, answers)


def _answered(lab: Lab, tasks: Sequence[str]) -> int:
    return sum(bool(stored(lab, task)) for task in tasks)


def _answer(result: dict[str, Any]) -> str:
    """The state of a result, with its exception where there is one."""
    exception = f" ({error_of(result)})" if error_of(result) else ""
    return f"{result.get('status', 'nothing')}{exception}"


def share_out(lab: Lab) -> Shared:
    """Send tasks of the four kinds, first each after the end of the last, then all of them at once."""
    worker = start_project(lab)
    for _ in range(ROUNDS):
        for kind in KINDS:
            _run(lab, (kind,))
    _run(lab, KINDS * ROUNDS)
    ended = lab.events.seen("ended")
    ran = [each for each in lab.history().events if each.kind == "started" and each.task in ended]
    per_kind = {name: sum(each.note == f"tasks.{name}" for each in ran) for name, _, _ in KINDS}
    lab.witness(**{name.partition(".")[2]: count for name, count in per_kind.items()})
    children = tuple(child.pid for child in worker.tree().children)
    return Shared(children, 2 * ROUNDS, tuple((each.note, each.pid) for each in ran))


def _run(lab: Lab, kinds: Sequence[Kind]) -> int:
    """Send one task of each of these kinds at once and wait for their ends; returns how many ended."""
    sent = {
        task
        for name, queue, arguments in kinds
        for task in lab.sender.send(name, *arguments, queue=queue, prefix=f"{name.partition('.')[2]}-")
    }
    lab.ended(sent)
    return len(lab.events.seen("ended").intersection(sent))
