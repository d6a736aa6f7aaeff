"""Send tasks that hold, let them go, and collect where each step of each of them happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from probes.errors import Void
from probes.history import Event
from probes.lab import QUEUE, Lab
from probes.observations.flow import Course, Flow, Link, Place
from probes.observations.processes import Tree
from probes.observe.wire import Command
from probes.stimuli.streaming import settle
from probes.worker import Worker

BEHIND = 4
"""How many tasks wait behind those that run at once, so that some process runs more than one."""
KEY = "celery-task-meta-"
NOWHERE = Event("")


def follow_tasks(lab: Lab, worker: Worker) -> Flow:
    """Fill the worker with tasks that hold, a few more behind them; open the gate, wait for their results."""
    gate = f"flow{len(lab.events.events())}"
    tasks = lab.sender.send("hold", gate, count=worker.cell.slots + BEHIND, tagged=True)
    _settle(lab, "started", lambda: len(lab.events.seen("started").intersection(tasks)) >= worker.cell.slots)
    tree = worker.tree()
    lab.open_gate(gate)
    _settle(lab, "ended", lambda: lab.events.seen("ended").issuperset(tasks))
    keys = [KEY + task for task in tasks]
    settle(lambda: int(lab.client.exists(*keys)), lambda: int(lab.client.exists(*keys)) == len(keys))
    return _collect(lab, tasks, tree)


def _settle(lab: Lab, kind: str, done: Callable[[], bool]) -> None:
    settle(lambda: lab.events.count(kind), done)


def _collect(lab: Lab, tasks: Sequence[str], tree: Tree) -> Flow:
    events = {(event.kind, event.task): event for event in lab.history().only(tasks).events}
    commands = lab.wire.seen() if lab.wire else ()
    fetches = [(_fetched(command), command) for command in commands if command.name == "BRPOP"]
    stores = [(_stored(command), command) for command in commands if command.name in ("SET", "SETEX")]
    fetched = [(task, command) for task, command in fetches if task in tasks]
    stored = [(task, command) for task, command in stores if task in tasks]
    lab.witness(
        tasks_ended=sum(("ended", task) in events for task in tasks),
        tasks_received=sum(("received", task) in events for task in tasks),
        **({"tasks_fetched": len(fetched), "results_stored": len(stored)} if lab.wire else {}),
    )
    _refuse_unnamed(command for _, command in (*fetches, *stored))
    courses = tuple(
        Course(
            task=task,
            fetched=tuple(command.pid for each, command in fetched if each == task),
            received=_place(events.get(("received", task), NOWHERE)),
            started=_place(events["started", task]),
            stored=tuple(command.pid for each, command in stored if each == task),
            begun=events["started", task].at,
            ended=events["ended", task].at,
        )
        for task in tasks
        if ("ended", task) in events
    )
    return Flow(tree, courses, _links(command for _, command in fetches))


def _refuse_unnamed(commands: Iterable[Command]) -> None:
    """Void when the relay could not tell whose connection it was: the claim is about just that."""
    if unnamed := [command for command in commands if not command.pid]:
        raise Void(f"the relay knows no process for {len(unnamed)} commands, such as {unnamed[0].name}")


def _fetched(command: Command) -> str:
    """The task whose message answers a BRPOP of the queue; empty when it ran into its timeout."""
    if not isinstance(command.reply, list) or command.reply[0].decode() != QUEUE:
        return ""
    return str(json.loads(command.reply[1])["headers"]["id"])


def _stored(command: Command) -> str:
    """The task whose result a command writes, or empty."""
    key = command.arguments[0]
    return key.removeprefix(KEY) if key.startswith(KEY) else ""


def _place(event: Event) -> Place:
    return Place(event.pid, event.thread, event.greenlet)


def _links(commands: Iterable[Command]) -> tuple[Link, ...]:
    return tuple(dict.fromkeys(Link(command.pid, command.connection) for command in commands))
