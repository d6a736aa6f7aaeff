"""Type to Python's debugger on the standard input of a worker, while a task waits at a breakpoint."""

from __future__ import annotations

import os

from poolproof.lab.lab import QUEUE, Lab
from poolproof.lab.worker import Worker, command
from poolproof.subjects.crashes.seen import Debugging, Dialogue

SECRET = 73_313
TYPED = "p secret * 1000\nc\n"
BREAKPOINTS = 3
"""In one worker, because a debugger that answers once may not answer again."""


def debug_tasks(lab: Lab) -> Debugging:
    """Start a worker that reads from a pipe; type two commands for each of several breakpoints."""
    keyboard = lab.folder / "keyboard"
    os.mkfifo(keyboard)
    end = os.open(keyboard, os.O_RDWR)  # opened at both ends, so that neither waits for the other
    try:
        worker = lab.type(command(lab.cell, "w1", (QUEUE,)), stdin=keyboard)
        lab.wait_ready(worker)
        dialogues = []
        for number in range(BREAKPOINTS):
            os.write(end, TYPED.encode())
            dialogues.append(_debug(lab, worker, SECRET + number))
            if not dialogues[-1].outcome:
                break
        stopped = lab.events.count("stopping")
        lab.witness(tasks_at_a_breakpoint=stopped if stopped == len(dialogues) else 0)
        return Debugging(tuple(dialogues))
    finally:
        os.close(end)


def _debug(lab: Lab, worker: Worker, secret: int) -> Dialogue:
    tasks = lab.sender.send("debug", secret)
    finished = ("ended", "failed")
    lab.wait(
        lambda: any(lab.events.seen(kind).issuperset(tasks) for kind in finished) or not worker.alive,
        "stopping",
    )
    ends = [event for event in lab.history().only(tasks).events if event.kind in finished]
    return Dialogue(
        answered=str(secret * 1000) in worker.log.read_text(errors="replace"),
        outcome=ends[0].kind if ends else "",
        error=ends[0].note if ends else "",
    )
