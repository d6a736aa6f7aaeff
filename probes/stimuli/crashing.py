"""Let a task end the process that runs it, with other tasks before and behind it."""

from __future__ import annotations

import os
import signal

from probes.deadline import until
from probes.lab import Lab
from probes.observations import Crash, Tree
from probes.stimuli.streaming import settle
from probes.worker import Worker

BYSTANDERS = 10
GATE = "victim"


def crash_amid_tasks(lab: Lab, way: str) -> Crash:
    """Send tasks, a crash and more tasks; `way` is exit or segv from inside, or kill from outside."""
    worker = lab.start()
    before = worker.tree()
    first = lab.sender.send("noop", count=BYSTANDERS // 2)
    culprit = _send_culprit(lab, way)
    rest = lab.sender.send("noop", count=BYSTANDERS - len(first))
    victim = _await_death(lab, worker, culprit, way)
    bystanders = first + rest
    _await_calm(lab, worker, before, bystanders)
    _prove(lab, worker, victim)
    return Crash(victim, before, worker.tree(), worker.exit_status, bystanders, lab.history())


def _prove(lab: Lab, worker: Worker, victim: int) -> None:
    """Proof that the blow fell. That a child died of it is proof as well; that a worker did is the claim."""
    lab.witness(culprit_started=victim, blows=lab.events.count("struck"))
    if victim != worker.pid:
        lab.witness(child_died=int(victim not in worker.tree().pids))


def _send_culprit(lab: Lab, way: str) -> str:
    task, argument = ("hold", GATE) if way == "kill" else ("crash", way)
    return lab.sender.send(task, argument, prefix="crash")[0]


def _await_death(lab: Lab, worker: Worker, culprit: str, way: str) -> int:
    """The process in which the culprit started, once it is gone; 0 when it never started."""
    until(lambda: culprit in lab.events.seen("started"))
    victim = next((event.pid for event in lab.events.events() if event.task == culprit), 0)
    if victim and way == "kill":
        os.kill(victim, signal.SIGKILL)
        lab.events.note("struck")
    if victim:
        until(lambda: victim not in worker.tree().pids)
    return victim


def _await_calm(lab: Lab, worker: Worker, before: Tree, bystanders: tuple[str, ...]) -> None:
    """Return when the worker is gone, or whole again with all other tasks done, or nothing moves any more."""

    def calm() -> bool:
        whole = len(worker.tree().children) == len(before.children)
        return not worker.alive or (whole and lab.events.seen("ended").issuperset(bystanders))

    settle(lambda: lab.events.count("ended"), calm)
