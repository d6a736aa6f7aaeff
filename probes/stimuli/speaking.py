"""Let a task write to the log while the manager of its worker stands still."""

from __future__ import annotations

import psutil

from probes.deadline import until
from probes.lab import Lab
from probes.observations.execution import Spoken
from probes.stimuli.results import KEY
from probes.stimuli.streaming import settle
from probes.worker import Worker

GATE = "speak"
WORDS = "these words were spoken by a task"


def speak_while_the_manager_stands(lab: Lab) -> Spoken:
    """Hold a task, stop the manager by SIGSTOP, let the task write and end, and look what came of it."""
    worker = lab.start()
    (task,) = lab.sender.send("speak", GATE, WORDS)
    settle(lambda: lab.events.count("started"), lambda: task in lab.events.seen("started"))
    with lab.stopped(worker.pid):
        lab.open_gate(GATE)
        stored = until(lambda: bool(lab.client.exists(KEY + task)))
        spoke, logged = lab.events.count("spoke"), _logged(worker)
        stood = _stands(worker)
    until(lambda: _logged(worker))
    lab.witness(spoke_meanwhile=spoke, manager_stood=int(stood), logged_at_last=int(_logged(worker)))
    return Spoken(logged, stored)


def _stands(worker: Worker) -> bool:
    return worker.alive and psutil.Process(worker.pid).status() == psutil.STATUS_STOPPED


def _logged(worker: Worker) -> bool:
    return WORDS in worker.log.read_text(errors="replace")
