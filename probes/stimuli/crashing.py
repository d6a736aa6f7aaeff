"""Let a task end the process that runs it, while other tasks run beside it and wait behind it."""

from __future__ import annotations

import os
import signal

from probes.deadline import until
from probes.lab import Lab
from probes.observations.crashes import Crash
from probes.observations.processes import Tree
from probes.stimuli.streaming import settle
from probes.worker import Worker

WAITING = 5


def crash_amid_tasks(lab: Lab, way: str) -> Crash:
    """Fill all slots, one with the culprit, and the queue behind them; strike; let the others go on.

    `way` is exit or segv from inside the culprit, or kill from outside.
    """
    worker = lab.start()
    before = worker.tree()
    beside = lab.sender.send("hold", "go-on", count=worker.cell.slots - 1, prefix="beside")
    (culprit,) = lab.sender.send("crash", way, "strike", prefix="crash")
    running = {*beside, culprit}
    settle(lambda: lab.events.count("started"), lambda: lab.events.seen("started").issuperset(running))
    waiting = lab.sender.send("noop", count=WAITING, prefix="behind")
    victim = _strike(lab, worker, culprit, way)
    lab.open_gate("go-on")
    _await_calm(lab, worker, before, beside + waiting)
    _prove(lab, worker, victim, beside, waiting)
    return Crash(victim, before, worker.tree(), worker.exit_status, beside + waiting, lab.history())


def _strike(lab: Lab, worker: Worker, culprit: str, way: str) -> int:
    """Let the blow fall; returns the process in which the culprit ran, or 0 when it never did."""
    victim = next((event.pid for event in lab.events.events() if event.task == culprit), 0)
    if victim and way == "kill":
        os.kill(victim, signal.SIGKILL)
        lab.events.note("struck")
    elif victim:
        lab.open_gate("strike")
        until(lambda: lab.events.count("struck"))
    if victim:
        until(lambda: victim not in worker.tree().pids)
    return victim


def _prove(lab: Lab, worker: Worker, victim: int, beside: tuple[str, ...], waiting: tuple[str, ...]) -> None:
    """Proof that the blow fell, among tasks that ran and tasks that waited.

    That a child died of it is proof as well; that the whole worker did is the claim.
    """
    struck = next((event.at for event in lab.history().events if event.kind == "struck"), 0)
    earlier = {event.task for event in lab.history().events if event.kind == "ended" and event.at < struck}
    lab.witness(culprit_started=victim, blows=lab.events.count("struck"))
    lab.witness(waiting_at_the_blow=len(set(waiting) - earlier))
    if beside:
        lab.witness(running_at_the_blow=len(lab.events.seen("started").intersection(beside) - earlier))
    if victim != worker.pid:
        lab.witness(child_died=int(victim not in worker.tree().pids))


def _await_calm(lab: Lab, worker: Worker, before: Tree, bystanders: tuple[str, ...]) -> None:
    """Return when the worker is gone, or whole again with all other tasks done, or nothing moves any more."""

    def calm() -> bool:
        whole = len(worker.tree().children) == len(before.children)
        return not worker.alive or (whole and lab.events.seen("ended").issuperset(bystanders))

    settle(lambda: lab.events.count("ended"), calm)
