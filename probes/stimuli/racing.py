"""Give the same tasks to a worker and to a solo worker beside it, in turns, and have tasks compute at once.

No worker is watched here, and the queue is filled under another name before the worker may see it, so that
nothing but its own work lies between the first start and the last end.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from probes.errors import Void
from probes.history import Event
from probes.lab import QUEUE, Lab
from probes.observations.performance import Demand, Heats, Lap, Race, Stretch
from probes.observe.scheduling import calls, cpu_seconds
from probes.stimuli.streaming import settle
from probes.worker import Worker

BESIDE = "beside"
"""The queue of the solo worker that the worker under test is compared with."""
FILLING = "filling"
"""The name under which a queue is filled."""
FEW = 4
"""How many tasks compute at once, at the most: enough to see that they do, on any machine."""
WARM = 10
"""Tasks that each worker runs first, so that what is loaded late has been loaded."""
SCHEDSTAT = Path("/proc/self/schedstat")


def race_solo(lab: Lab, task: str, *arguments: Any, count: int, laps: int) -> Race:
    """Start a worker of this cell and a solo one; they take turns at `count` tasks, `laps` times each."""
    worker, solo = _start_both(lab)
    own, other = list[Lap](), list[Lap]()
    for _ in range(laps):
        own.append(_lap(lab, worker, QUEUE, task, arguments, count))
        other.append(_lap(lab, solo, BESIDE, task, arguments, count))
    lab.witness(laps=len(own), laps_of_solo=len(other), tasks_of_a_lap=count)
    return Race(tuple(own), tuple(other))


def run_heats(lab: Lab, work: str, *, count: int, heats: int) -> Heats:
    """Start a worker of this cell and a solo one; in turns, each runs `count` tasks of that kind of work."""
    _start_both(lab)
    own, other = list[float](), list[float]()
    for _ in range(heats):
        own.append(_clock(_heat(lab, QUEUE, work, count)))
        solo = _heat(lab, BESIDE, work, count)
        other.append(_clock(solo) - _waited(solo))
    lab.witness(heats=len(own), heats_of_solo=len(other), tasks_of_a_heat=count)
    return Heats(count, tuple(own), tuple(other))


def run_alone(lab: Lab, task: str, *arguments: Any, count: int) -> Lap:
    """Start a worker of this cell, and give it `count` tasks, all in its queue at once."""
    worker = lab.start()
    _lap(lab, worker, QUEUE, "noop", (), WARM)
    lap = _lap(lab, worker, QUEUE, task, arguments, count)
    lab.witness(tasks_ended=len(lap.tasks))
    return lap


def compute_at_once(lab: Lab, seconds: float) -> tuple[Stretch, ...]:
    """Have as many tasks as there are slots, FEW at the most, wait at a gate and compute from there on."""
    _need_schedstat()
    worker = lab.start()
    sent = lab.sender.send("compute", "go", seconds, count=min(worker.cell.slots, FEW))
    settle(lambda: lab.events.count("started"), lambda: lab.events.seen("started").issuperset(sent))
    held = lab.events.seen("started").intersection(sent)
    lab.open_gate("go")
    settle(lambda: lab.events.count("ended"), lambda: lab.events.seen("ended").issuperset(sent))
    events = {(event.kind, event.task): event for event in lab.history().only(sent).events}
    done = [task for task in sent if ("ended", task) in events]
    lab.witness(tasks_held=len(held), all_held=int(len(held) == len(sent)), tasks_ended=len(done))
    return tuple(_stretch(events["computing", task], events["computed", task]) for task in done)


def _start_both(lab: Lab) -> tuple[Worker, Worker]:
    """A worker of this cell, and a solo one that serves the queue BESIDE; both are warm."""
    worker = lab.launch()
    solo = lab.launch((BESIDE,), cell=replace(lab.cell, pool="solo", concurrency=1))
    for each, queue in ((worker, QUEUE), (solo, BESIDE)):
        lab.wait_ready(each)
        _lap(lab, each, queue, "noop", (), WARM)
    return worker, solo


def _heat(lab: Lab, queue: str, work: str, count: int) -> list[Event]:
    """Have a queue's worker run `count` tasks; what they noted at either end, in the order of time."""
    sent = lab.sender.send("run_heat", work, count=count, queue=FILLING)
    _run(lab, queue, sent)
    return [event for event in lab.history().only(sent).events if event.kind in ("off", "waited", "home")]


def _clock(notes: Sequence[Event]) -> float:
    return (notes[-1].at - notes[0].at) / 1e9


def _waited(notes: Sequence[Event]) -> float:
    """The seconds between the first note and the last for which the one thread of both wanted a processor."""
    counts = [int(each.note) for each in notes if each.kind == "waited"]
    return (counts[-1] - counts[0]) / 1e9


def _run(lab: Lab, queue: str, sent: Sequence[str]) -> None:
    """Let the queue's worker see what was sent; Void when it does not end it all: then there is no time."""
    lab.client.rename(FILLING, queue)
    settle(lambda: lab.events.count("ended"), lambda: lab.events.seen("ended").issuperset(sent))
    ended = lab.events.seen("ended").intersection(sent)
    if len(ended) < len(sent):
        lab.witness(tasks_ended=len(ended), all_ended=0)


def _lap(lab: Lab, worker: Worker, queue: str, task: str, arguments: Sequence[Any], count: int) -> Lap:
    """Let one worker run `count` tasks."""
    _need_schedstat()
    sent = lab.sender.send(task, *arguments, count=count, queue=FILLING)
    pids = worker.tree().pids
    used, called = cpu_seconds(pids), calls(pids)
    _run(lab, queue, sent)
    used, called = cpu_seconds(pids) - used, calls(pids) - called
    events = lab.history().only(sent).events
    began = {event.task: event.at for event in events if event.kind == "started"}
    ended = {event.task: event.at for event in events if event.kind == "ended"}
    took = tuple((ended[each] - began[each]) / 1e9 for each in sent)
    return Lap((max(ended.values()) - min(began.values())) / 1e9, took, used, called)


def _stretch(computing: Event, computed: Event) -> Stretch:
    return Stretch(computing.task, computing.pid, computing.thread, _demand(computing), _demand(computed))


def _demand(event: Event) -> Demand:
    earliest, asked = json.loads(event.note)
    return Demand(earliest, event.at, {int(thread): so_long for thread, so_long in asked.items()})


def _need_schedstat() -> None:
    if not SCHEDSTAT.exists():
        raise Void("this kernel keeps no account of who ran how long: it has no /proc/<pid>/schedstat")
