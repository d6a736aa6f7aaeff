"""Let a task fail several calls deep, and collect what the worker tells of it."""

from __future__ import annotations

from probes.lab import Lab
from probes.observations.crashes import Report
from probes.stimuli.results import stored
from probes.stimuli.streaming import settle


def fail_in_depth(lab: Lab, way: str) -> Report:
    """Have a task strike three calls deep; wait until its result is stored, or the worker is gone."""
    worker = lab.start()
    (task,) = lab.sender.send("fail", way)
    settle(lambda: lab.events.count("called"), lambda: bool(stored(lab, task)) or not worker.alive)
    result = stored(lab, task)
    called = tuple(event.note for event in lab.history().events if event.kind == "called")
    lab.witness(functions_called=len(called))
    told = f"{result.get('traceback', '')}\n{worker.log.read_text(errors='replace')}"
    return Report(called, told, str(result.get("status", "")), worker.exit_status)
