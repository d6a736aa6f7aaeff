"""Collect how a worker started, after it has run tasks."""

from __future__ import annotations

from poolproof.lab.lab import Lab
from poolproof.lab.observe.wire import BrokerCommand
from poolproof.lab.worker import Worker
from poolproof.model.errors import Void
from poolproof.model.processes import Tree
from poolproof.subjects.flow.stimulus import follow_tasks
from poolproof.subjects.loading.seen import Handlers, Opening, Start
from probes.shared.signals import caught, ignored

CLIENTS = ("broker", "backend")
"""The names that Celery's two clients of Redis give their connections in a watched worker."""


def look_back_at_start(lab: Lab, worker: Worker) -> Start:
    """Have every slot run a task, and collect what the worker has loaded, opened and started so far.

    Connections of both clients must have been seen by now. Otherwise a connection may lack its name.
    """
    flow = follow_tasks(lab, worker)
    opened = openings(lab)
    seen = {f"{name}_connections": sum(each.name == name for each in opened) for name in CLIENTS}
    lab.witness(modules_loaded=lab.events.count("loaded"), **(seen if lab.wire else {}))
    return Start(worker.pid, _pool_children(lab, flow.tree), lab.history(), opened)


def look_at_handlers(lab: Lab, worker: Worker) -> Handlers:
    """Ask the kernel which signals the main process catches, before and after a stream of tasks."""
    before = caught(worker.pid)
    follow_tasks(lab, worker)
    return Handlers(worker.pid, before & caught(worker.pid))


def look_at_childrens_handlers(lab: Lab, worker: Worker) -> tuple[Handlers, ...]:
    """Have every slot run tasks, and ask the kernel which signals each child catches and ignores."""
    flow = follow_tasks(lab, worker)
    children = sorted(_pool_children(lab, flow.tree))
    lab.witness(children_seen=len(children))
    return tuple(Handlers(child, caught(child), ignored(child)) for child in children)


def _pool_children(lab: Lab, tree: Tree) -> frozenset[int]:
    """The processes below the manager that run tasks, without the helper that billiard spawns as well."""
    return frozenset(child.pid for child in tree.children) & lab.history().pids("process-init")


def openings(lab: Lab) -> tuple[Opening, ...]:
    """Every connection that the relay saw so far, in the order of their first commands."""
    if not lab.wire:
        return ()
    names, first = lab.wire.names(), dict[int, BrokerCommand]()
    for command in lab.wire.seen():
        first.setdefault(command.connection, command)
    if nameless := [command.connection for command in first.values() if not command.pid]:
        raise Void(f"the relay knows no process for {len(nameless)} of {len(first)} connections")
    return tuple(
        Opening(command.pid, port, names.get(port, ""), command.at) for port, command in first.items()
    )
