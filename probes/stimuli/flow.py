"""Send tasks that hold, let them go, and collect where each step of each of them happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from probes.history import Event
from probes.lab import Lab
from probes.observations.flow import Course, Flow, Place
from probes.observations.processes import Tree
from probes.stimuli.flow_wire import Traffic, processes, traffic
from probes.stimuli.results import KEY
from probes.stimuli.streaming import settle
from probes.worker import Worker

BEHIND = 4
"""How many tasks wait behind those that run at once, so that some process runs more than one."""
FALTERING = 2
"""How many more raise an exception: what is said of a result is said of a failure, too."""
NOWHERE = Event("")
Marks = dict[tuple[str, str], list[Event]]
"""The events of some tasks, by their kind and task."""


def follow_tasks(lab: Lab, worker: Worker) -> Flow:
    """Fill the worker with tasks that hold, more behind them; open the gate, wait for their results."""
    gate = f"flow{len(lab.events.events())}"
    held = lab.sender.send("hold", gate, count=worker.cell.slots + BEHIND, tagged=True)
    tasks = held + lab.sender.send("falter", gate, count=FALTERING, tagged=True)
    _settle(lab, lambda: len(lab.events.seen("started").intersection(tasks)) >= worker.cell.slots)
    tree = worker.tree()
    lab.open_gate(gate)
    _settle(lab, lambda: (lab.events.seen("ended") | lab.events.seen("failed")).issuperset(tasks))
    keys = [KEY + task for task in tasks]
    settle(lambda: int(lab.client.exists(*keys)), lambda: int(lab.client.exists(*keys)) == len(keys))
    settle(lambda: -lab.in_broker(), lambda: lab.in_broker() == 0)
    return _collect(lab, tasks, tree)


def _settle(lab: Lab, done: Callable[[], bool]) -> None:
    settle(lambda: len(lab.events.events()), done)


def _collect(lab: Lab, tasks: Sequence[str], tree: Tree) -> Flow:
    marks: Marks = {}
    for event in lab.history().only(tasks).events:
        marks.setdefault((event.kind, event.task), []).append(event)
    seen = traffic(lab.wire.seen() if lab.wire else ())
    _prove(lab, tasks, marks, seen)
    seen.check()
    courses = tuple(_course(task, marks, seen) for task in tasks if _end(task, marks))
    return Flow(tree, courses, seen.asking, tuple(command.at for _, command in seen.fetches))


def _prove(lab: Lab, tasks: Sequence[str], marks: Marks, seen: Traffic) -> None:
    """Proof that tasks went their whole way; whose doing it was is the claim."""
    wired = {
        "tasks_fetched": sum(task in tasks for task, _ in seen.fetches),
        "results_stored": sum(task in tasks for task, _ in seen.stores),
        "tasks_acknowledged": sum(task in tasks for task, _ in seen.acknowledgements),
    }
    lab.witness(
        tasks_ended=sum(("ended", task) in marks for task in tasks),
        tasks_failed=sum(("failed", task) in marks for task in tasks),
        tasks_received=sum(("received", task) in marks for task in tasks),
        **(wired if lab.wire else {}),
    )


def _course(task: str, marks: Marks, seen: Traffic) -> Course:
    return Course(
        task=task,
        fetched=processes(seen.fetches, task),
        received=_place(marks.get(("received", task), [NOWHERE])[0]),
        started=_place(marks["started", task][0]),
        stored=processes(seen.stores, task),
        begun=marks["started", task][0].at,
        ended=_end(task, marks),
        decoded=tuple(map(_place, marks.get(("decoded", task), ()))),
        encoded=tuple(map(_place, marks.get(("encoded", task), ()))),
        acknowledged=processes(seen.acknowledgements, task),
    )


def _end(task: str, marks: Marks) -> int:
    """When a task ended or failed; 0 while it has done neither."""
    ends = marks.get(("ended", task)) or marks.get(("failed", task))
    return ends[0].at if ends else 0


def _place(event: Event) -> Place:
    return Place(event.pid, event.thread, event.greenlet)
