"""Let tasks fail several calls deep, and collect the stack trace that the worker reports for each."""

from __future__ import annotations

from poolproof.lab.lab import Lab
from poolproof.lab.results import stored
from poolproof.lab.worker import Worker
from poolproof.subjects.crashes.seen import Report, Trace

FAILURES = {"raise": 15, "segv": 3}
"""How many tasks fail, one after the other; a worker that dies from one runs no more."""


def fail_in_depth(lab: Lab, way: str) -> Report:
    """Let tasks fail three calls deep, each when the one before is reported, or nothing more comes."""
    worker = lab.start()
    lab.may_end(worker)
    traces: list[Trace] = []
    for _ in range(FAILURES[way]):
        traces.append(_fail(lab, worker, way))
        if not worker.alive or not traces[-1].called:
            break
    calls = {event.task: event.pid for event in lab.history().events if event.kind == "called"}
    standing = worker.tree().pids
    over = [task for task, pid in calls.items() if task in lab.events.seen("failed") or pid not in standing]
    lab.witness(tasks_that_failed=len(over))
    return Report(tuple(traces), worker.exit_status)


def _fail(lab: Lab, worker: Worker, way: str) -> Trace:
    """Wait until the worker is gone, or has stored and logged the failure; only an exception is logged."""
    begun = worker.log.stat().st_size
    (task,) = lab.sender.send("fail", way)

    def logged() -> str:
        return worker.log.read_bytes()[begun:].decode(errors="replace")

    def reported() -> bool:
        return bool(stored(lab, task)) and (way != "raise" or f"[{task}] raised" in logged())

    lab.wait(lambda: reported() or not worker.alive, "called")
    result = stored(lab, task)
    called = tuple(event.note for event in lab.history().only({task}).events if event.kind == "called")
    return Trace(called, logged(), str(result.get("traceback") or ""), str(result.get("status", "")))
