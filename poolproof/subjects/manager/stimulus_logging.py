"""Let a task write to the log while the manager of its worker stands still."""

from __future__ import annotations

import psutil

from poolproof.host.waiting import until
from poolproof.lab.lab import Lab
from poolproof.lab.results import KEY
from poolproof.lab.worker import Worker
from poolproof.subjects.manager.seen import Spoken

WORDS = "these words were spoken by a task"
EARLIER = 6
"""Tasks of each child that speak first: a worker may write the words of its first tasks otherwise."""


def speak_while_the_manager_stands(lab: Lab) -> tuple[Spoken, ...]:
    """Hold a task in each slot, stop the manager by SIGSTOP, let them write and end, and look at the log."""
    worker = lab.start()
    for _ in range(EARLIER):
        gate, earlier = _hold(lab, worker, "something else was spoken")
        lab.open_gate(gate)
        lab.ended(earlier)
    gate, spoken_by = _hold(lab, worker, WORDS)
    with lab.stopped(worker.pid):
        lab.open_gate(gate)
        until(lambda: all(lab.client.exists(KEY + task) for task in spoken_by))
        spoken = tuple(_spoken(lab, worker, task, each) for task, each in spoken_by.items())
        spoke, stood = len(lab.events.seen("spoke").intersection(spoken_by)), _stands(worker)
    until(lambda: all(_line(worker, each) for each in spoken_by.values()))
    logged_at_last = sum(bool(_line(worker, each)) for each in spoken_by.values())
    lab.witness(spoke_meanwhile=spoke, manager_stood=int(stood), logged_at_last=logged_at_last)
    return spoken


def _hold(lab: Lab, worker: Worker, words: str) -> tuple[str, dict[str, str]]:
    """Hold a task in each slot; the gate at which they hold, and the words that each is to write."""
    gate = lab.new_gate()
    texts = [f"{words} ({n})" for n in range(worker.cell.slots)]
    spoken_by = {lab.sender.send("speak", gate, each)[0]: each for each in texts}
    lab.started(spoken_by)
    return gate, spoken_by


def _spoken(lab: Lab, worker: Worker, task: str, words: str) -> Spoken:
    ran_in = next((event.pid for event in lab.events.events() if event.task == task), 0)
    return Spoken(ran_in, _line(worker, words), bool(lab.client.exists(KEY + task)))


def _stands(worker: Worker) -> bool:
    return worker.alive and psutil.Process(worker.pid).status() == psutil.STATUS_STOPPED


def _line(worker: Worker, words: str) -> str:
    """The line of the log in which these words stand, empty when there is none."""
    lines = worker.log.read_text(errors="replace").splitlines()
    return next((line for line in lines if words in line), "")
