"""Let the processes of a worker use connections, and see who holds them; let tasks store in turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from poolproof.lab.lab import Lab
from poolproof.lab.results import KEY
from poolproof.lab.worker import Worker
from poolproof.subjects.connections.seen import Holdings, Opened, Run, Stores
from poolproof.subjects.loading.stimulus import CLIENTS, openings

STORES = ("SET", "SETEX")
"""The commands with which a result is stored."""
LIMIT = 2
"""How many tasks a child runs before it is replaced: after one it is still alive, with what it has opened."""
ROUNDS = 12
"""How often every slot runs a task: a worker that is right ten times may still go wrong."""
IN_TURN = 24


def watch_connections(lab: Lab) -> Opened:
    """Let every slot run tasks, round by round; collect the connections opened and those that results used.

    Connections of both clients must have been seen by now: otherwise one that is missing may have no name.
    """
    worker = lab.start()
    tasks = _run_rounds(lab, worker, ROUNDS)
    opened = openings(lab)
    seen = {f"{name}_connections": sum(each.name == name for each in opened) for name in CLIENTS}
    runs = _runs(lab, tasks, {each.port: each.pid for each in opened})
    lab.witness(tasks_ended=len(runs), **seen)
    history = lab.history()
    ready = next((each.at for each in history.events if each.kind == "ready" and each.pid == worker.pid), 0)
    children = _children(worker) & history.pids("process-init")
    return Opened(worker.pid, children, ready, opened, runs)


def _runs(lab: Lab, tasks: Sequence[str], openers: Mapping[int, int]) -> tuple[Run, ...]:
    """Every run of these tasks that ended."""
    stored = {task: openers.get(connection, 0) for task, connection in _stores(lab)}
    events = lab.history().only(tasks).events  # once, because a late task may begin and end meanwhile
    begun = {(each.task, each.pid): each.at for each in events if each.kind == "started"}
    return tuple(
        Run(each.task, each.pid, begun[each.task, each.pid], each.at, stored.get(each.task, 0))
        for each in events
        if each.kind == "ended"
    )


def _stores(lab: Lab) -> list[tuple[str, int]]:
    """The task and the connection of each result that was sent to Redis, in order."""
    return [
        (command.arguments[0].removeprefix(KEY), command.connection)
        for command in (lab.wire.seen() if lab.wire else ())
        if command.name in STORES and command.arguments[0].startswith(KEY)
    ]


def hold_connections(lab: Lab, child: str) -> Holdings:
    """Let every child store results, and see who holds which connection; for replaced children if asked."""
    replaced = child == "replaced"
    worker = lab.start(words=(f"--max-tasks-per-child={LIMIT}",) if replaced else ())
    before = _children(worker)
    if replaced:
        for _ in range(LIMIT):
            _run_in_every_slot(lab, worker)
        lab.wait(lambda: _renewed(lab, worker, before), "process-init")
        new = len(_children(worker) - before)
        lab.witness(children_replaced=new if new == len(before) else 0)
    tasks = _run_rounds(lab, worker, 1 if replaced else ROUNDS)
    children, held = _children(worker), _held(lab, worker)
    ran = {event.pid for event in lab.history().only(tasks).events if event.kind == "ended"}
    used = {pid: held.get(pid, frozenset()) for pid in children & ran}
    lab.witness(children_that_ran=len(used), connections_of_children=sum(map(len, used.values())))
    return Holdings(worker.pid, held, used, lab.wire.names() if lab.wire else {})


def use_database_in_every_slot(lab: Lab, opened: str) -> Holdings:
    """Let every slot use the application's own connection, round by round, opened as `opened` says.

    While the tasks of the last round use it, we look which processes hold it.
    """
    worker = lab.start(words=("--include=opens_at_import",) if opened == "at_import" else ())
    for _ in range(ROUNDS):
        gate = lab.new_gate()
        tasks = lab.sender.send("use_database", gate, count=worker.cell.slots)
        lab.reached("used", tasks)
        held = _held(lab, worker)
        lab.open_gate(gate)
        lab.ended(tasks)
        if not lab.events.seen("ended").issuperset(tasks):
            break
    used = defaultdict[int, set[int]](set)
    for event in lab.history().events:
        if event.kind == "used":
            used[event.pid].add(int(event.note))
    lab.witness(tasks_ended=len(lab.events.seen("ended")), processes_that_used=len(used))
    return Holdings(worker.pid, held, {pid: frozenset(ports) for pid, ports in used.items()}, {})


def store_in_turn(lab: Lab) -> Stores:
    """Send tasks one at a time, each after the result before; see which connection each result used."""
    worker = lab.start()
    tasks: tuple[str, ...] = ()
    while len(tasks) < IN_TURN and _all_stored(lab, tasks):
        tasks += lab.sender.send("noop")
        _await_results(lab, tasks)
    fresh = _fresh(lab)
    lab.witness(results_stored=len(fresh))
    left = _held(lab, worker).get(worker.pid, frozenset())
    return Stores(fresh, len(left.intersection(connection for _, connection in _stores(lab))))


def _fresh(lab: Lab) -> dict[str, bool]:
    """For each result, whether its connection sent its name, the first command, after the result before."""
    opened, fresh = set[int](), dict[str, bool]()
    for command in lab.wire.seen() if lab.wire else ():
        if command.name == "CLIENT" and command.arguments[0].upper() == "SETNAME":
            opened.add(command.connection)
        elif command.name in STORES and command.arguments[0].startswith(KEY):
            fresh[command.arguments[0].removeprefix(KEY)] = command.connection in opened
            opened.clear()
    return fresh


def _run_rounds(lab: Lab, worker: Worker, rounds: int) -> tuple[str, ...]:
    """Run one task in each slot, `rounds` times; stop after a round of which a result is missing."""
    tasks: tuple[str, ...] = ()
    for _ in range(rounds):
        tasks += (last := _run_in_every_slot(lab, worker))
        if not _all_stored(lab, last):
            break
    return tasks


def _run_in_every_slot(lab: Lab, worker: Worker) -> tuple[str, ...]:
    """Run one task in each slot, at the same time, until their results are stored."""
    gate = lab.new_gate()
    tasks = lab.sender.send("hold", gate, count=worker.cell.slots)
    lab.started(tasks)
    lab.open_gate(gate)
    _await_results(lab, tasks)
    return tasks


def _all_stored(lab: Lab, tasks: Collection[str]) -> bool:
    """Whether Redis has a result of every task."""
    return not tasks or int(lab.client.exists(*(KEY + task for task in tasks))) == len(tasks)


def _await_results(lab: Lab, tasks: Collection[str]) -> None:
    lab.wait(lambda: _all_stored(lab, tasks), "ended")


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
