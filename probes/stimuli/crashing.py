"""Let a task crash while other tasks run beside it and wait behind it."""

from __future__ import annotations

import signal

from probes.deadline import until
from probes.lab import Lab
from probes.observations.crashes import Crash
from probes.observations.processes import Tree
from probes.stimuli.results import state
from probes.stimuli.streaming import settle
from probes.worker import Worker

WAITING = 5


def crash_a_child(lab: Lab, way: str) -> Crash:
    """Have a task of a prefork worker crash amid others; Void when what ends a process did not end its child.

    A MemoryError is none of those: that the child goes with the whole worker would be the claim.
    """
    crash = crash_amid_tasks(lab, way)
    if way != "memory":
        lab.witness(child_died=int(crash.victim not in crash.after.pids))
    return crash


def crash_amid_tasks(lab: Lab, way: str) -> Crash:
    """Fill all slots, one with the culprit, and the queue behind them; strike; fill all slots once more.

    `way` is raise, memory, sys_exit, exit or segv from inside the culprit, or kill from outside. That new
    tasks run in every slot says that the worker has got over the blow, and shows who runs them.
    """
    worker = lab.start()
    lab.may_end(worker)
    before = worker.tree()
    beside = lab.sender.send("hold", "go-on", count=worker.cell.slots - 1, prefix="beside")
    (culprit,) = lab.sender.send("crash", way, "strike", prefix="crash")
    _await_started(lab, {*beside, culprit})
    behind = lab.sender.send("noop", count=WAITING, prefix="behind")
    victim = _strike(lab, culprit, way)
    until(lambda: _over(lab, worker, before, victim, culprit))
    lab.open_gate("go-on")
    _await_calm(lab, worker, beside + behind)
    crash = Crash(
        victim=victim,
        before=before,
        after=worker.tree(),
        exit_status=worker.exit_status,
        bystanders=beside + behind,
        history=lab.history(),
        result=state(lab, culprit),
    )
    _prove(lab, crash, len(beside))
    return crash


def _await_started(lab: Lab, tasks: set[str]) -> None:
    settle(lambda: lab.events.count("started"), lambda: lab.events.seen("started").issuperset(tasks))


def _strike(lab: Lab, culprit: str, way: str) -> int:
    """Let the blow fall; returns the process in which the culprit ran, or 0 when it never did."""
    victim = next((event.pid for event in lab.events.events() if event.task == culprit), 0)
    if victim and way == "kill":
        lab.strike(victim, signal.SIGKILL)
    elif victim:
        lab.open_gate("strike")
        until(lambda: lab.events.count("struck"))
    return victim


def _over(lab: Lab, worker: Worker, before: Tree, victim: int, culprit: str) -> bool:
    """Whether the culprit has finished or its process is gone, and in either case each place is taken."""
    tree = worker.tree()
    finished = culprit in lab.events.seen("failed") | lab.events.seen("ended")
    whole = len(tree.children) == len(before.children)
    return not worker.alive or (whole and (finished or victim not in tree.pids))


def _await_calm(lab: Lab, worker: Worker, bystanders: tuple[str, ...]) -> None:
    """Return when the worker is gone, or new tasks run in all its slots, or nothing moves any more."""
    after = lab.sender.send("hold", "stay", count=worker.cell.slots, prefix="after")

    def calm() -> bool:
        done = lab.events.seen("ended").issuperset(bystanders)
        return not worker.alive or (done and lab.events.seen("started").issuperset(after))

    settle(lambda: lab.events.count("started") + lab.events.count("ended"), calm)


def _prove(lab: Lab, crash: Crash, beside: int) -> None:
    """Proof that the blow fell, among tasks that ran and tasks that waited; what came of it is the claim."""
    earlier = {
        event.task for event in crash.history.events if event.kind == "started" and event.at < crash.struck
    }
    lab.witness(culprit_started=crash.victim, blows=lab.events.count("struck"))
    lab.witness(waiting_at_the_blow=len(set(crash.bystanders) - earlier))
    if beside:
        lab.witness(running_at_the_blow=len(crash.beside))
