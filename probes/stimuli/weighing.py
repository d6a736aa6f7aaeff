"""Weigh workers side by side after the same tasks, and look at the pages of a prefork worker's children."""

from __future__ import annotations

from dataclasses import replace

from probes.errors import Void
from probes.lab import QUEUE, Lab
from probes.observations.memory import Code, Family, Weight, Weights
from probes.observe.memory import regions
from probes.stimuli.streaming import settle
from probes.worker import Worker

BESIDE = "beside"
"""The queue of the solo worker that the worker under test is weighed against."""
TASKS = 40
"""How many tasks each worker runs beyond those that fill it: by then what is loaded late has been loaded."""


def weigh_beside_solo(lab: Lab) -> Weights:
    """Start a worker of this cell and a solo one, let both run the same tasks, and weigh them at rest.

    Both live while either is weighed, so that the pages of files, which all processes share, count alike.
    """
    worker = lab.launch()
    solo = lab.launch((BESIDE,), cell=replace(lab.cell, pool="solo", concurrency=1))
    for each in (worker, solo):
        lab.wait_ready(each)
    count = worker.cell.slots + TASKS
    sent = {queue: lab.sender.send("hold", "weigh", count=count, queue=queue) for queue in (QUEUE, BESIDE)}
    _run(lab, "weigh", sent[QUEUE][: worker.cell.slots], sent[QUEUE] + sent[BESIDE])
    ended = lab.events.seen("ended")
    lab.witness(tasks_ended=len(ended.intersection(sent[QUEUE])))
    lab.witness(tasks_ended_beside=len(ended.intersection(sent[BESIDE])))
    weights = Weights(_weight(worker), _weight(solo))
    lab.witness(weighed=round(weights.worker.mib), weighed_beside=round(weights.solo.mib))
    return weights


def look_at_pages(lab: Lab, worker: Worker) -> Family:
    """Hold a task in each child, and look at the mappings of each."""
    gate = f"pages{len(lab.events.events())}"
    held = lab.sender.send("hold", gate, count=worker.cell.slots)
    _started(lab, held)
    running = [event.pid for event in lab.history().only(held).events if event.kind == "started"]
    family = Family({pid: regions(pid) for pid in running})
    lab.open_gate(gate)
    _ended(lab, held)
    lab.witness(children_running=len(running), mappings=sum(map(len, family.children.values())))
    return family


def find_code(lab: Lab, worker: Worker) -> tuple[Code, ...]:
    """Have each slot run a task that tells where its code lies, and look up which mapping holds it."""
    gate = f"code{len(lab.events.events())}"
    sent = lab.sender.send("tell_code", gate, count=worker.cell.slots)
    settle(lambda: lab.events.count("code"), lambda: lab.events.seen("code").issuperset(sent))
    told = [event for event in lab.history().only(sent).events if event.kind == "code"]
    found = tuple(_code(event.pid, int(event.note)) for event in told)
    lab.open_gate(gate)
    _ended(lab, sent)
    lab.witness(tasks_told=len(told))
    return found


def _run(lab: Lab, gate: str, first: tuple[str, ...], tasks: tuple[str, ...]) -> None:
    """Fill every slot, so that no child has been idle, then let all tasks through the gate."""
    _started(lab, first)
    lab.open_gate(gate)
    _ended(lab, tasks)


def _started(lab: Lab, tasks: tuple[str, ...]) -> None:
    settle(lambda: lab.events.count("started"), lambda: lab.events.seen("started").issuperset(tasks))


def _ended(lab: Lab, tasks: tuple[str, ...]) -> None:
    settle(lambda: lab.events.count("ended"), lambda: lab.events.seen("ended").issuperset(tasks))


def _weight(worker: Worker) -> Weight:
    name = f"{worker.cell.pool} -c {worker.cell.concurrency}"
    return Weight(name, worker.memory(), len(worker.tree().pids))


def _code(pid: int, address: int) -> Code:
    mapped = regions(pid)
    if not mapped:
        raise Void(f"the mappings of process {pid} cannot be read")
    return Code(pid, address, next((each for each in mapped if each.start <= address < each.end), None))
