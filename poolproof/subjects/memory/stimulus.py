"""Measure workers side by side after the same tasks, and look at the pages of a prefork worker's children."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from poolproof.lab.lab import QUEUE, Lab
from poolproof.lab.observe.memory import own_mib, regions
from poolproof.lab.worker import Worker
from poolproof.model.errors import Void
from poolproof.subjects.memory.seen import ChildrenPages, Code, Weight, Weights

BESIDE = "beside"
"""The queue of the solo worker with which the worker under test is compared."""
TASKS = 40
"""How many tasks each worker runs after those that fill it: by then it has loaded what it loads late."""
EACH = 24
"""Tasks that each child runs before its pages are looked at: by then it has written to its usual pages."""


def weigh_beside_solo(lab: Lab) -> Weights:
    """Let a worker of this cell and a solo one run the same tasks, and measure them at work and at rest.

    Both are alive during both measurements, so that the pages of files, which processes share, count alike.
    """
    worker = lab.launch()
    solo = lab.launch((BESIDE,), cell=replace(lab.cell, pool="solo", concurrency=1))
    for each in (worker, solo):
        lab.wait_ready(each)
    count = worker.cell.slots + TASKS
    gate = lab.new_gate()
    sent = {queue: lab.sender.send("hold", gate, count=count, queue=queue) for queue in (QUEUE, BESIDE)}
    lab.started(sent[QUEUE][: worker.cell.slots])  # so that no child has been idle
    lab.open_gate(gate)
    lab.ended(sent[QUEUE] + sent[BESIDE])
    ended = lab.events.seen("ended")
    left = {queue: len(set(sent[queue]) - ended) for queue in sent}
    at_work = _weigh_at_work(lab, worker, solo)
    weights = Weights(_weight(worker), _weight(solo), *at_work)
    lab.witness(
        tasks_ended=0 if left[QUEUE] else count,
        tasks_ended_beside=0 if left[BESIDE] else count,
        processes_weighed=weights.worker.processes,
        processes_weighed_beside=weights.solo.processes,
    )
    return weights


def _weigh_at_work(lab: Lab, worker: Worker, solo: Worker) -> tuple[Weight, Weight]:
    """Measure both while each slot runs a task, then end these tasks; Void when they do not run or end."""
    gate = lab.new_gate()
    slots = ((QUEUE, worker.cell.slots), (BESIDE, solo.cell.slots))
    held = [
        task for queue, count in slots for task in lab.sender.send("hold", gate, count=count, queue=queue)
    ]
    lab.started(held)
    running = lab.events.seen("started").intersection(held)
    weights = _weight(worker), _weight(solo)
    lab.open_gate(gate)
    lab.ended(held)
    both = running & lab.events.seen("ended")
    lab.witness(tasks_while_weighed=len(both) if len(both) == len(held) else 0)
    return weights


def look_at_pages(lab: Lab) -> ChildrenPages:
    """Start a worker, have each child run EACH tasks, hold one more in each, and look at its mappings.

    No other claim's tasks have run in these children.
    """
    worker = lab.start()
    earlier = [task for _ in range(EACH) for task in _fill(lab, worker)]
    ran = Counter(event.pid for event in lab.history().only(earlier).events if event.kind == "ended")
    held = lab.sender.send("hold", gate := lab.new_gate(), count=worker.cell.slots)
    lab.started(held)
    pids = {event.pid for event in lab.history().only(held).events if event.kind == "started"}
    pages = ChildrenPages({pid: regions(pid) for pid in sorted(pids)})
    lab.open_gate(gate)
    lab.ended(held)
    lab.witness(
        children_looked_at=len(pids) if len(pids) == worker.cell.slots else 0,
        tasks_of_each_child=tasks_of_each(ran, pids),
        mappings=min(map(len, pages.children.values()), default=0),
    )
    return pages


def tasks_of_each(ran: Mapping[int, int], pids: Collection[int]) -> int:
    """How many tasks each of these processes ran at the least; 0 when one ran fewer than EACH."""
    least = min((ran.get(pid, 0) for pid in pids), default=0)
    return least if least >= EACH else 0


def _fill(lab: Lab, worker: Worker) -> tuple[str, ...]:
    """Fill every slot once, and release; Void when a task does not end: then no child was seen at work."""
    gate = lab.new_gate()
    sent = lab.sender.send("hold", gate, count=worker.cell.slots)
    lab.started(sent)
    lab.open_gate(gate)
    lab.ended(sent)
    ended = lab.events.seen("ended").intersection(sent)
    if len(ended) < len(sent):
        lab.witness(tasks_ended=len(ended), all_that_were_sent=0)
    return sent


def find_code(lab: Lab, worker: Worker) -> tuple[Code, ...]:
    """Let each slot run a task that records where its code is, and find the mapping that contains it."""
    gate = lab.new_gate()
    sent = lab.sender.send("tell_code", gate, count=worker.cell.slots)
    lab.reached("code", sent)
    recorded = [event for event in lab.history().only(sent).events if event.kind == "code"]
    found = tuple(_code(event.pid, int(event.note)) for event in recorded)
    lab.open_gate(gate)
    lab.ended(sent)
    lab.witness(tasks_with_their_code=len(found) if len(found) == len(sent) else 0)
    return found


def _weight(worker: Worker) -> Weight:
    name = f"{worker.cell.pool} -c {worker.cell.concurrency}"
    pids = worker.tree().pids
    return Weight(name, worker.memory(), len(pids), sum(map(own_mib, pids)))


def _code(pid: int, address: int) -> Code:
    mapped = regions(pid)
    if not mapped:
        raise Void(f"the mappings of process {pid} cannot be read")
    machine = tuple(each for each in mapped if each.path.startswith("/") and "x" in each.permissions)
    return Code(
        pid, address, next((each for each in mapped if each.start <= address < each.end), None), machine
    )
