"""Run more tasks than --max-tasks-per-child allows a child, and see how long the processes live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from probes.history import Event
from probes.lab import Lab
from probes.observations.lifecycle import Life, Wear
from probes.stimuli.streaming import settle
from probes.worker import Worker

MORE = 50
"""Tasks beyond those after which every process may have reached the limit: some has to exceed it or go."""
LEAK = 1024
"""Bytes that a task leaks: how many tasks did is what counts."""


def wear_out(lab: Lab, limit: int) -> Wear:
    """Run so many tasks on a worker with --max-tasks-per-child that some process must reach it, and more."""
    worker = lab.start(words=(f"--max-tasks-per-child={limit}",))
    reported = _stats(lab, worker)
    processes = len(worker.tree().children) or 1
    tasks = lab.sender.send("leak", LEAK, count=limit * processes + MORE)
    settle(lambda: lab.events.count("ended"), lambda: lab.events.seen("ended").issuperset(tasks))
    settle(lambda: len(worker.tree().pids), lambda: not _overdue(lab, worker, limit))
    ended = lab.events.seen("ended").intersection(tasks)
    lab.witness(tasks_ended=len(ended), all_tasks_ended=int(len(ended) == len(tasks)), stats=len(reported))
    return Wear(limit, _lives(lab, worker), _together(lab.history().events), reported)


def _overdue(lab: Lab, worker: Worker, limit: int) -> bool:
    """Whether a process still stands that ran as many tasks as it may, or one is missing in its place."""
    tree = worker.tree()
    children = {child.pid for child in tree.children}
    worn = {event.pid for event in _leaks(lab) if int(event.note) >= limit}
    return bool(children) and (bool(worn & children) or len(children) != worker.cell.slots)


def _leaks(lab: Lab) -> Sequence[Event]:
    return [event for event in lab.history().events if event.kind == "leaked"]


def _lives(lab: Lab, worker: Worker) -> tuple[Life, ...]:
    """Each life ends with the process, or where its leak begins anew."""
    standing = set(worker.tree().pids)
    counts: dict[int, list[int]] = {}
    for event in _leaks(lab):
        lives = counts.setdefault(event.pid, [])
        if int(event.note) == 1:
            lives.append(0)
        lives[-1] = int(event.note)
    return tuple(
        Life(pid, tasks, over=pid not in standing or number < len(lives))
        for pid, lives in counts.items()
        for number, tasks in enumerate(lives, 1)
    )


def _together(events: Sequence[Event]) -> int:
    """How many tasks ran at the same time at the most."""
    running = most = 0
    for event in events:
        running += {"started": 1, "ended": -1, "failed": -1}.get(event.kind, 0)
        most = max(most, running)
    return most


def _stats(lab: Lab, worker: Worker) -> Mapping[str, object]:
    """What the worker says of its pool; empty when it does not answer."""
    name = f"{worker.command.name}@poolproof"
    answer = lab.sender.app.control.inspect(destination=[name], timeout=10.0, limit=1).stats() or {}
    pool: Mapping[str, object] = answer.get(name, {}).get("pool", {})
    return pool
