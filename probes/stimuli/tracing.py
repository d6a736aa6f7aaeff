"""Let a task fail several calls deep, and collect what the worker tells of it."""

from __future__ import annotations

from probes.lab import Lab
from probes.observations.crashes import Report
from probes.stimuli.results import stored
from probes.stimuli.streaming import settle


def fail_in_depth(lab: Lab, way: str) -> Report:
    """Have a task strike three calls deep; wait until its result is stored, or the worker is gone.

    Without either, or at least the end of the process that ran it, nobody knows that all was told.
    """
    worker = lab.start()
    (task,) = lab.sender.send("fail", way)
    settle(lambda: lab.events.count("called"), lambda: bool(stored(lab, task)) or not worker.alive)
    result = stored(lab, task)
    calls = [event for event in lab.history().events if event.kind == "called"]
    gone = {event.pid for event in calls}.isdisjoint(worker.tree().pids)
    lab.witness(functions_called=len(calls), failure_over=int(bool(result) or gone))
    told = f"{result.get('traceback', '')}\n{worker.log.read_text(errors='replace')}"
    return Report(
        tuple(event.note for event in calls), told, str(result.get("status", "")), worker.exit_status
    )
