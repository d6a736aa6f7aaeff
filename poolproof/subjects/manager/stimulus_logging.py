"""Let a task write to the log while the manager of its worker is stopped."""

from __future__ import annotations

import psutil

from poolproof.host.waiting import until
from poolproof.lab.lab import Lab
from poolproof.lab.results import KEY
from poolproof.lab.worker import Worker
from poolproof.subjects.manager.seen import Logged

TEXT = "this text was logged by a task"
EARLIER = 6
"""Tasks of each child that log first: a worker may write the text of its first tasks in another way."""


def log_while_the_manager_stands(lab: Lab) -> tuple[Logged, ...]:
    """Hold a task in each slot, stop the manager by SIGSTOP, let them log and end, and look at the log.

    Void unless each task logged meanwhile, and the log had each text after the manager continued.
    """
    worker = lab.start()
    for _ in range(EARLIER):
        gate, earlier = _hold(lab, worker, "another text was logged")
        lab.open_gate(gate)
        lab.ended(earlier)
    gate, texts = _hold(lab, worker, TEXT)
    with lab.stopped(worker.pid):
        lab.open_gate(gate)
        until(lambda: all(lab.client.exists(KEY + task) for task in texts))
        seen = tuple(_logged(lab, worker, task, text) for task, text in texts.items())
        meanwhile, stood = len(lab.events.seen("logged").intersection(texts)), _stands(worker)
    until(lambda: all(_line(worker, text) for text in texts.values()))
    at_last = sum(bool(_line(worker, text)) for text in texts.values())
    lab.witness(
        logged_meanwhile=meanwhile if meanwhile == len(texts) else 0,
        managers_stopped=int(stood),
        logged_at_last=at_last if at_last == len(texts) else 0,
    )
    return seen


def _hold(lab: Lab, worker: Worker, text: str) -> tuple[str, dict[str, str]]:
    """Hold a task in each slot; returns their gate, and the text that each task will log."""
    gate = lab.new_gate()
    texts = [f"{text} ({n})" for n in range(worker.cell.slots)]
    text_of = {lab.sender.send("log_text", gate, each)[0]: each for each in texts}
    lab.started(text_of)
    return gate, text_of


def _logged(lab: Lab, worker: Worker, task: str, text: str) -> Logged:
    ran_in = next((event.pid for event in lab.events.events() if event.task == task), 0)
    return Logged(ran_in, _line(worker, text), bool(lab.client.exists(KEY + task)))


def _stands(worker: Worker) -> bool:
    return worker.alive and psutil.Process(worker.pid).status() == psutil.STATUS_STOPPED


def _line(worker: Worker, text: str) -> str:
    """The line of the log that contains this text, empty when none does."""
    lines = worker.log.read_text(errors="replace").splitlines()
    return next((line for line in lines if text in line), "")
