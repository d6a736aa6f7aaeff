"""Start the example project of document 003, and send its four kinds of task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from poolproof.host.waiting import grow
from poolproof.lab.lab import Lab
from poolproof.lab.results import error_of, stored
from poolproof.lab.worker import Worker, WorkerCommand
from poolproof.subjects.cli.stimulus import await_start
from poolproof.subjects.walkthrough.seen import Distribution, ModuleLoad, ProjectStart
from probes.shared.printed import document_003
from probes.shared.printed.document_003 import KINDS, Kind

CALLS = 12
"""How many calls of `add` follow the start, so that more is seen than the first few."""
ROUNDS = 4
"""How many of each kind are sent one after another, and then as many again all at once."""


def start_project(lab: Lab) -> Worker:
    """Start the worker by the project's own line, with as many children as the cell says."""
    pool = (f"--pool={lab.cell.pool}", f"--concurrency={lab.cell.concurrency}")
    queues = f"--queues={','.join(document_003.QUEUES)}"
    line = ("-A", document_003.APPLICATION, "worker", *pool, queues)
    worker = lab.type(WorkerCommand(lab.cell, "w1", line))
    await_start(worker)
    return worker


def watch_project_start(lab: Lab) -> ProjectStart:
    """Start the project's worker, see it run or refuse tasks; collect what it loaded and when it forked."""
    worker = start_project(lab)
    name, queue, arguments = KINDS[0]
    tasks = lab.sender.send(_short(name), *arguments, queue=queue, count=CALLS)
    grow(lambda: _answered(lab, tasks), len(tasks))
    events = lab.history().events
    loads = [ModuleLoad(each.note, each.pid, each.at) for each in events if each.kind == "loaded"]
    ours = tuple(each for each in loads if each.module in document_003.MODULES)
    forks = tuple(each.at for each in events if each.kind == "forking")
    children = len(worker.tree().children)
    answers = tuple(dict.fromkeys(_answer(stored(lab, task)) for task in tasks))
    lab.witness(tasks_answered=_answered(lab, tasks), modules_loaded=len(ours), forks=len(forks))
    return ProjectStart(worker.pid, ours, forks, children, answers)


def _short(name: str) -> str:
    """The name of a task as the sender takes it, which puts `tasks.` before it."""
    return name.removeprefix("tasks.")


def _answered(lab: Lab, tasks: Sequence[str]) -> int:
    return sum(bool(stored(lab, task)) for task in tasks)


def _answer(result: dict[str, Any]) -> str:
    """The state of a result, with its exception where there is one."""
    exception = f" ({error_of(result)})" if error_of(result) else ""
    return f"{result.get('status', 'nothing')}{exception}"


def distribute_tasks(lab: Lab) -> Distribution:
    """Send tasks of the four kinds, first each after the end of the last, then all of them at once."""
    worker = start_project(lab)
    for _ in range(ROUNDS):
        for kind in KINDS:
            _run(lab, (kind,))
    _run(lab, KINDS * ROUNDS)
    ended = lab.events.seen("ended")
    ran = [each for each in lab.history().events if each.kind == "started" and each.task in ended]
    lab.witness(**{_function(name): sum(each.note == name for each in ran) for name, _, _ in KINDS})
    children = tuple(child.pid for child in worker.tree().children)
    return Distribution(children, 2 * ROUNDS, tuple((each.note, each.pid) for each in ran))


def _function(name: str) -> str:
    return name.rpartition(".")[2]


def _run(lab: Lab, kinds: Sequence[Kind]) -> None:
    """Send one task of each of these kinds at once, and wait for their ends; the caller counts them."""
    sent = {
        task
        for name, queue, arguments in kinds
        for task in lab.sender.send(_short(name), *arguments, queue=queue, prefix=f"{_function(name)}-")
    }
    lab.ended(sent)
