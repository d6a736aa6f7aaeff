"""Type to Python's debugger on the standard input of a worker, while a task stands at a breakpoint."""

from __future__ import annotations

import os

from probes.lab import QUEUE, Lab
from probes.observations.crashes import Debugging
from probes.stimuli.streaming import settle
from probes.worker import Worker, command

SECRET = 73_313
TYPED = "p secret * 1000\nc\n"


def debug_a_task(lab: Lab) -> Debugging:
    """Start a worker that reads from a pipe, type two commands ahead, and send a task with a breakpoint."""
    keyboard = lab.folder / "keyboard"
    os.mkfifo(keyboard)
    end = os.open(keyboard, os.O_RDWR)  # at both ends, so that nobody waits for the other to open it
    try:
        worker = lab.type(command(lab.cell, "w1", (QUEUE,)), stdin=keyboard)
        lab.wait_ready(worker)
        os.write(end, TYPED.encode())
        return _debug(lab, worker)
    finally:
        os.close(end)


def _debug(lab: Lab, worker: Worker) -> Debugging:
    lab.sender.send("debug", SECRET)
    finished = ("ended", "failed")
    settle(lambda: lab.events.count("stopping"), lambda: any(lab.events.count(kind) for kind in finished))
    lab.witness(tasks_at_a_breakpoint=lab.events.count("stopping"))
    ends = [event for event in lab.history().events if event.kind in finished]
    return Debugging(
        answered=str(SECRET * 1000) in worker.log.read_text(errors="replace"),
        outcome=ends[0].kind if ends else "",
        fault=ends[0].note if ends else "",
    )
