"""Have the processes of a worker use connections, and see who holds them; have tasks store in turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection

from probes.lab import Lab
from probes.observations.connections import Holdings, Stores
from probes.stimuli.results import KEY
from probes.stimuli.streaming import settle
from probes.worker import Worker

LIMIT = 2
"""How many tasks a child runs before it is replaced: one leaves it alive, with what it has opened."""
IN_TURN = 10


def hold_connections(lab: Lab, child: str) -> Holdings:
    """Have every child store a result, and see who holds what; wear the first children out before, or not."""
    replaced = child == "replaced"
    worker = lab.start(words=(f"--max-tasks-per-child={LIMIT}",) if replaced else ())
    before = _children(worker)
    if replaced:
        for _ in range(LIMIT):
            _run_in_every_slot(lab, worker)
        _settle(lab, "process-init", lambda: _renewed(lab, worker, before))
        lab.witness(children_replaced=int(_renewed(lab, worker, before)))
    tasks = _run_in_every_slot(lab, worker)
    children, held = _children(worker), _held(lab, worker)
    ran = {event.pid for event in lab.history().only(tasks).events if event.kind == "ended"}
    lab.witness(children_that_ran=len(ran & children), all_children_ran=int(ran == children))
    lab.witness(connections_of_children=sum(len(held.get(pid, ())) for pid in children))
    return Holdings(worker.pid, held, {pid: held.get(pid, frozenset()) for pid in children})


def use_database_in_every_slot(lab: Lab, opened: str) -> Holdings:
    """Have every slot use the application's own connection, opened as `opened` says; see who holds it."""
    worker = lab.start(words=("--include=opens_at_import",) if opened == "at_import" else ())
    tasks = lab.sender.send("use_database", "use", count=worker.cell.slots)
    _settle(lab, "used", lambda: lab.events.seen("used").issuperset(tasks))
    held = _held(lab, worker)
    lab.open_gate("use")
    _settle(lab, "ended", lambda: lab.events.seen("ended").issuperset(tasks))
    used = {event.pid: frozenset({int(event.note)}) for event in lab.history().events if event.kind == "used"}
    lab.witness(tasks_ended=len(lab.events.seen("ended")), every_slot_used=int(len(used) == len(tasks)))
    return Holdings(worker.pid, held, used)


def store_in_turn(lab: Lab) -> Stores:
    """Send tasks one at a time, each after the result of the one before, and see who stores over what."""
    worker = lab.start()
    tasks: tuple[str, ...] = ()
    while len(tasks) < IN_TURN and _all_stored(lab, tasks):
        tasks += lab.sender.send("noop")
        _settle(lab, "ended", lambda sent=tasks: _all_stored(lab, sent))  # type: ignore[misc]
    stores = {
        command.arguments[0].removeprefix(KEY): command.connection
        for command in (lab.wire.seen() if lab.wire else ())
        if command.name in ("SET", "SETEX") and command.arguments[0].startswith(KEY)
    }
    lab.witness(results_stored=len(stores), every_result_stored=int(len(stores) == IN_TURN))
    left = _held(lab, worker).get(worker.pid, frozenset())
    return Stores(stores, left.intersection(stores.values()))


def _run_in_every_slot(lab: Lab, worker: Worker) -> tuple[str, ...]:
    """Run one task in each slot, at the same time, until their results are stored."""
    gate = f"slots{len(lab.events.events())}"
    tasks = lab.sender.send("hold", gate, count=worker.cell.slots)
    _settle(lab, "started", lambda: lab.events.seen("started").issuperset(tasks))
    lab.open_gate(gate)
    _settle(lab, "ended", lambda: _all_stored(lab, tasks))
    return tasks


def _all_stored(lab: Lab, tasks: Collection[str]) -> bool:
    """Whether Redis has a result of every task."""
    return not tasks or int(lab.client.exists(*(KEY + task for task in tasks))) == len(tasks)


def _settle(lab: Lab, kind: str, done: Callable[[], bool]) -> None:
    settle(lambda: lab.events.count(kind), done)


def _children(worker: Worker) -> frozenset[int]:
    return frozenset(child.pid for child in worker.tree().children)


def _renewed(lab: Lab, worker: Worker, before: frozenset[int]) -> bool:
    """Whether every child has been replaced by one that is ready for tasks."""
    now = _children(worker)
    return len(now) == len(before) and not now & before and now <= lab.history().pids("process-init")


def _held(lab: Lab, worker: Worker) -> dict[int, frozenset[int]]:
    """The local ports of the connections to Redis that each process of the worker holds now."""
    found = defaultdict[int, set[int]](set)
    for socket in worker.sockets(lab.broker_port):
        found[socket.pid].add(socket.local)
    return {pid: frozenset(ports) for pid, ports in found.items()}
