"""Send tasks that hold and a stream behind them, and collect where each step of each of them happened."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from poolproof.host.waiting import grow
from poolproof.lab.lab import Lab
from poolproof.lab.results import KEY, error_of, stored
from poolproof.lab.worker import Worker
from poolproof.model.history import Event
from poolproof.model.processes import Tree
from poolproof.subjects.flow.seen import Course, Flow, Place
from poolproof.subjects.flow.seen_traffic import Traffic, processes, traffic

BEHIND = 4
"""How many tasks wait behind those that run at once, so that some process runs more than one."""
FALTERING = 12
"""How many more raise an exception: a worker may handle failures, or later failures, in another way."""
ODD: tuple[object, ...] = ("", 0, 1.5, False, "ü", [1, "two", None], {"a": {"b": []}}, "long" * 5_000)
"""Return values of a few more: a worker may handle another kind of result in another way."""
STREAM = 200
"""How many more return at once: a worker may handle later tasks in another way than its first."""
NOWHERE = Event("")
Marks = dict[tuple[str, str], list[Event]]
"""The events of some tasks, by their kind and task."""


def follow_tasks(lab: Lab, worker: Worker) -> Flow:
    """Fill the worker with tasks that hold, a stream behind them; open the gate, wait for their results.

    All claims of one lifetime judge the same stream.
    """
    flow, seen = lab.once("flow", lambda: _follow(lab, worker))
    lab.witness(**seen)
    return flow


def _follow(lab: Lab, worker: Worker) -> tuple[Flow, dict[str, int]]:
    begun, gate = time.monotonic_ns(), lab.new_gate()
    held = lab.sender.send("hold", gate, count=worker.cell.slots + BEHIND, tagged=True)
    faltering = lab.sender.send("falter", gate, count=FALTERING, tagged=True)
    due = dict.fromkeys(held, "SUCCESS None") | dict.fromkeys(faltering, "FAILURE RuntimeError")
    for odd in ODD:
        due[lab.sender.send("echo", odd, tagged=True)[0]] = f"SUCCESS {odd}"
    due |= {task: f"SUCCESS {task}" for task in lab.sender.send("echo", count=STREAM, tagged=True)}
    lab.started(held, worker.cell.slots)
    tree = worker.tree()
    lab.open_gate(gate)
    lab.finished(due)
    keys = [KEY + task for task in due]
    grow(lambda: int(lab.client.exists(*keys)), len(keys))
    grow(lambda: -lab.in_broker(), 0)
    marks = _marks(lab, due)
    proof = _proof(lab, due, marks)
    lab.witness(**proof)
    return _collect(lab, due, marks, tree, begun), proof


def _marks(lab: Lab, tasks: Collection[str]) -> Marks:
    marks: Marks = {}
    for event in lab.history().only(tasks).events:
        marks.setdefault((event.kind, event.task), []).append(event)
    return marks


def _proof(lab: Lab, tasks: Collection[str], marks: Marks) -> dict[str, int]:
    """Prove that tasks ran, and that the relay saw it; how and where each step was done is the claim."""
    begun = sum(("started", task) in marks for task in tasks)
    ended = sum(bool(_end(task, marks)) for task in tasks)
    wired = {"commands_on_the_wire": len(lab.wire.seen())} if lab.wire else {}
    return {"tasks_started": begun, "tasks_ended": ended, **wired}


def _collect(lab: Lab, due: Mapping[str, str], marks: Marks, tree: Tree, begun: int) -> Flow:
    seen = traffic(lab.wire.seen() if lab.wire else ()).of(due, begun)
    seen.check()
    courses = tuple(_course(lab, task, marks, seen, due[task]) for task in due if _end(task, marks))
    requested = tuple(command.at for _, command in seen.fetches)
    return Flow(tree, courses, seen.requesting, requested, tuple(due), seen.opened)


def _course(lab: Lab, task: str, marks: Marks, seen: Traffic, due: str) -> Course:
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
        runs=len(marks["started", task]),
        result=_result(lab, task),
        due=due,
        links=seen.links(task),
    )


def _result(lab: Lab, task: str) -> str:
    """The stored result of a task: its state, with the value returned or the name of the exception."""
    result = stored(lab, task)
    return f"{result['status']} {error_of(result) or result['result']}" if result else ""


def _end(task: str, marks: Marks) -> int:
    """When a task ended or failed; 0 while it has done neither."""
    ends = marks.get(("ended", task)) or marks.get(("failed", task))
    return ends[0].at if ends and ("started", task) in marks else 0


def _place(event: Event) -> Place:
    return Place(event.pid, event.thread, event.greenlet)
