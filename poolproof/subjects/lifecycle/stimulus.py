"""Run more tasks than --max-tasks-per-child allows a child, and see how long the processes live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from poolproof.host.waiting import grow, until
from poolproof.lab.lab import Lab
from poolproof.lab.results import stored
from poolproof.lab.worker import Worker
from poolproof.model.history import Event
from poolproof.subjects.lifecycle.seen import Life, Renewals

RENEWALS = 12
"""How many children are renewed, in a pool that has any: a worker may renew the later ones wrongly."""
MORE = 50
"""Tasks beyond those after which every process may be at the limit: some must be renewed or exceed it."""
LEAK = 256
"""KiB that a task leaks: the leaks that the limit allows are larger than anything else a process gains."""


def run_past_limit(lab: Lab, limit: int) -> Renewals:
    """Run so many tasks on a worker with --max-tasks-per-child that its processes must reach it often."""
    worker = lab.start(words=(f"--max-tasks-per-child={limit}",))
    reported = _stats(lab, worker)
    children = len(worker.tree().children)
    tasks = lab.sender.send("leak", LEAK, count=limit * (children + RENEWALS if children else 2) + MORE)
    lab.ended(tasks)
    until(lambda: not _overdue(lab, worker, tasks, limit))  # a child that lives too long is judged
    ended = lab.events.seen("ended").intersection(tasks)
    grow(lambda: -_unfinished(lab, tasks), len(ended) - len(tasks))
    lab.witness(tasks_ended=len(ended))
    return Renewals(
        limit,
        _lives(lab, worker, tasks),
        most_at_once(lab.history().only(tasks).events),
        reported,
        sent=len(tasks),
        unfinished=_unfinished(lab, tasks),
        leak=LEAK,
        slots=worker.cell.slots if children else 0,
        children=len(worker.tree().children),
    )


def _overdue(lab: Lab, worker: Worker, tasks: Sequence[str], limit: int) -> bool:
    """Whether a child is still alive that has run as many tasks as it may, or a slot has no child."""
    children = {child.pid for child in worker.tree().children}
    worn = {life.pid for life in _lives(lab, worker, tasks) if life.tasks >= limit and not life.over}
    return bool(children) and (bool(worn & children) or len(children) != worker.cell.slots)


def _unfinished(lab: Lab, tasks: Sequence[str]) -> int:
    """How many tasks did not end once, or did not return how many of their process had leaked."""
    ends = Counter(lab.history().tasks("ended"))
    right = {event.task: int(event.note.split()[0]) for event in _leaks(lab, tasks)}
    return sum(ends[task] != 1 or stored(lab, task).get("result") != right.get(task, 0) for task in tasks)


def _leaks(lab: Lab, tasks: Sequence[str]) -> Sequence[Event]:
    return [event for event in lab.history().only(tasks).events if event.kind == "leaked"]


def _lives(lab: Lab, worker: Worker, tasks: Sequence[str]) -> tuple[Life, ...]:
    """Each life ends with the process, or where its count of leaks begins again."""
    standing = set(worker.tree().pids)
    lives: dict[int, list[Life]] = {}
    for event in _leaks(lab, tasks):
        number, weight = map(int, event.note.split())
        own = lives.setdefault(event.pid, [])
        if number == 1 or not own:
            own.append(Life(event.pid, number, False, weight, weight))
        own[-1] = replace(own[-1], tasks=number, most_kib=max(own[-1].most_kib, weight))
    return tuple(
        replace(life, over=life.pid not in standing or number < len(own))
        for own in lives.values()
        for number, life in enumerate(own, 1)
    )


def most_at_once(events: Sequence[Event]) -> int:
    """How many tasks ran at the same time at the most."""
    running = most = 0
    for event in events:
        running += {"started": 1, "ended": -1, "failed": -1}.get(event.kind, 0)
        most = max(most, running)
    return most


def _stats(lab: Lab, worker: Worker) -> Mapping[str, object]:
    """The worker's report of its pool; empty when it does not answer."""
    name = f"{worker.command.name}@poolproof"
    answer = lab.sender.app.control.inspect(destination=[name], timeout=10.0, limit=1).stats() or {}
    pool: Mapping[str, object] = answer.get(name, {}).get("pool", {})
    return pool
