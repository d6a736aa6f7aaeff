"""See whether the prefork manager watches over its tasks: which run, in which child, and whose time is up."""

from __future__ import annotations

from typing import Any

from probes.deadline import until
from probes.lab import Lab
from probes.observations.execution import Interruption, Monitored, Running
from probes.stimuli.streaming import settle
from probes.worker import Worker

ENOUGH = "enough"
BEHIND = 2
"""How many tasks wait behind those that run, so that a manager that counts them as running is seen."""
Told = dict[str, list[dict[str, Any]]]
"""What each worker that answered says of its active tasks."""


def ask_what_runs(lab: Lab, worker: Worker) -> Monitored:
    """Fill the worker with tasks that hold, and ask it which are active, until it has told of each."""
    gate = f"monitored{len(lab.events.events())}"
    tasks = lab.sender.send("hold", gate, count=worker.cell.slots + BEHIND)
    settle(
        lambda: lab.events.count("started"),
        lambda: len(lab.events.seen("started").intersection(tasks)) >= worker.cell.slots,
    )
    begun = [event for event in lab.history().only(tasks).events if event.kind == "started"]
    running = tuple(Running(event.task, event.pid) for event in begun)
    until(lambda: {each.task for each in running} <= {each.task for each in _named(_ask(lab, worker))})
    told, tree = _ask(lab, worker), worker.tree()
    lab.open_gate(gate)
    settle(lambda: lab.events.count("ended"), lambda: lab.events.seen("ended").issuperset(tasks))
    kept_waiting = len(tasks) - len(running)
    lab.witness(tasks_running=len(running), kept_waiting=kept_waiting, manager_answered=len(told))
    return Monitored(tree, running, _named(told))


def see_interrupted(lab: Lab) -> Interruption:
    """Run a task beyond its soft time limit, and see which process tells it that its time is up."""
    worker = lab.start(words=("--soft-time-limit=1",))
    tree = worker.tree()
    lab.sender.send("endure", ENOUGH)
    settle(lambda: lab.events.count("started"), lambda: bool(lab.events.count("braced")))
    until(lambda: lab.events.count("interrupted"))
    lab.open_gate(ENOUGH)
    lab.witness(tasks_braced=lab.events.count("braced"))
    told = [event for event in lab.history().events if event.kind in ("braced", "interrupted")]
    return Interruption(tree, told[0].pid, tuple(int(event.note) for event in told[1:]))


def _ask(lab: Lab, worker: Worker) -> Told:
    name = f"{worker.command.name}@poolproof"
    answer: Told = lab.sender.app.control.inspect(destination=[name], limit=1, timeout=2).active() or {}
    return answer


def _named(told: Told) -> tuple[Running, ...]:
    return tuple(Running(task["id"], task["worker_pid"] or 0) for tasks in told.values() for task in tasks)
