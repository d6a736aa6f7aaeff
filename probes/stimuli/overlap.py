"""Hold more tasks than run at once, let one go after another, and see which ran at the same time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from probes.deadline import until
from probes.lab import QUEUE, Lab
from probes.observations.execution import Overlap, Reported, Span
from probes.stimuli.streaming import settle
from probes.worker import Worker

BESIDE = "beside"
LET_GO = 4
"""How many tasks are let go singly: each time another takes the place, so that a place too many is seen."""
LEFT = 2
"""How many more wait behind those, so that a place is never free for want of a task."""


def overlap_tasks(lab: Lab, worker: Worker, queue: str = QUEUE) -> Overlap:
    """Send tasks with a gate each; when all places are taken open one gate after another, then the others.

    That more are sent than run at once is no witness but the claim: a pool without a bound runs all of them.
    """
    first, slots = len(lab.events.events()), worker.cell.slots
    gates = [f"overlap{first}-{n}" for n in range(slots + LET_GO + LEFT)]
    gate_of = {lab.sender.send("hold", gate, queue=queue, tagged=True)[0]: gate for gate in gates}
    _settle(lab, lambda: len(_started(lab, gate_of)) >= slots)
    for _ in range(LET_GO):
        _let_one_go(lab, gate_of)
    for gate in gates:
        lab.open_gate(gate)
    _settle(lab, lambda: lab.events.seen("ended").issuperset(gate_of))
    spans = _spans(lab, gate_of)
    lab.witness(tasks_ended=len(spans), all_ended=int(len(spans) == len(gates)))
    return Overlap(tuple(gate_of), spans)


def compare_concurrency(lab: Lab) -> tuple[Reported, Reported]:
    """Ask a worker, and a prefork one with -c 1, for their concurrency, and see what they run at once."""
    worker = lab.start()
    beside = lab.start(cell=replace(worker.cell, pool="prefork", concurrency=1), queues=(BESIDE,))
    return _report(lab, worker, QUEUE), _report(lab, beside, BESIDE)


def _report(lab: Lab, worker: Worker, queue: str) -> Reported:
    name = f"{worker.command.name}@poolproof"
    inspect = lab.sender.app.control.inspect(destination=[name], limit=1, timeout=2)
    answers = until(inspect.stats) or {}
    overlap = overlap_tasks(lab, worker, queue)
    lab.witness(**{f"{worker.cell.pool}_reported": len(answers)})
    return Reported(worker.cell.pool, answers[name]["pool"]["max-concurrency"], overlap.at_once)


def _settle(lab: Lab, done: Callable[[], bool]) -> None:
    settle(lambda: len(lab.events.events()), done)


def _started(lab: Lab, tasks: Mapping[str, str]) -> set[str]:
    return lab.events.seen("started").intersection(tasks)


def _let_one_go(lab: Lab, gate_of: Mapping[str, str]) -> None:
    """Open the gate of the task that has run longest, and wait until another has begun, if one is left."""
    ended, before = lab.events.seen("ended"), len(_started(lab, gate_of))
    running = [task for task in lab.history().only(gate_of).tasks("started") if task not in ended]
    if running and before < len(gate_of):
        lab.open_gate(gate_of[running[0]])
        _settle(lab, lambda: len(_started(lab, gate_of)) > before and running[0] in lab.events.seen("ended"))


def _spans(lab: Lab, tasks: Mapping[str, str]) -> tuple[Span, ...]:
    events = lab.history().only(tasks).events
    ends = {event.task: event.at for event in events if event.kind == "ended"}
    return tuple(
        Span(event.task, event.at, ends[event.task])
        for event in events
        if event.kind == "started" and event.task in ends
    )
