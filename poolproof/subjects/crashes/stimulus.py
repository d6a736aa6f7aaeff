"""Let tasks crash, one after the other, while other tasks run beside them and wait behind them."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass

from poolproof.host.waiting import settle, until
from poolproof.lab.lab import Lab
from poolproof.lab.results import state, stored
from poolproof.lab.worker import Worker
from poolproof.model.errors import Void
from poolproof.model.processes import Tree
from poolproof.subjects.crashes.seen import Crash, CrashedWorker

CRASHES = 3
"""In one worker, because a worker that survives its first crash may not survive the next."""
WAITING = 12
"""Tasks that wait behind each crash."""
FATAL = re.compile(r"Unrecoverable error: (.*)")
"""The log line of a Celery worker that stops because of an error that was not caught."""


@dataclass(frozen=True, slots=True)
class Round:
    """The tasks around one crash: the one that crashes, those that run beside it, those that wait.

    The culprit waits at the gate `strike`, those beside it at the gate `go_on`.
    """

    strike: str
    go_on: str
    culprit: str
    beside: tuple[str, ...]
    behind: tuple[str, ...]


def crash_a_child(lab: Lab, way: str) -> CrashedWorker:
    """Let tasks of a prefork worker crash among others; Void when a crash that ends a process ended no child.

    A MemoryError is not such a crash: whether the child ends with the whole worker is the claim.
    """
    seen = crash_amid_tasks(lab, way)
    if way != "memoryerror":
        died = sum(crash.victim not in crash.after.pids for crash in seen.crashes)
        lab.witness(children_died=died if died == len(seen.crashes) else 0)
    return seen


def crash_beside_siblings(lab: Lab) -> CrashedWorker:
    """Let tasks of a prefork worker crash; Void when at one crash no task ran in another child."""
    seen = crash_a_child(lab, "segv")
    lab.witness(running_at_each_crash=seen.fewest_siblings)
    return seen


def crash_amid_tasks(lab: Lab, way: str) -> CrashedWorker:
    """Crash a task among others several times, or until the worker has ended.

    `way` is raise, memoryerror, sys_exit, exit or segv from inside the task, or kill from outside.
    """
    worker = lab.start()
    lab.may_end(worker)
    crashes: list[Crash] = []
    while len(crashes) < CRASHES and worker.alive:
        crashes.append(_crash(lab, worker, way))
        if not crashes[-1].at:
            break
    others = [task for crash in crashes for task in (*crash.others, *crash.later)]
    seen = CrashedWorker(
        tuple(crashes),
        worker.exit_status,
        lab.history(),
        wrong=_wrong(lab, worker, others),
        left_in_broker=lab.left_in_broker(),
        fatal="".join(FATAL.findall(worker.log.read_text(errors="replace"))[:1]),
    )
    _prove(lab, seen)
    return seen


def _crash(lab: Lab, worker: Worker, way: str) -> Crash:
    """Fill all slots, one with the crashing task, and the queue behind them; crash it; fill all slots again.

    New tasks that run in every slot show that the worker has recovered, and which process runs them.
    """
    before = worker.tree()
    tasks = _send(lab, worker, way)
    strikes = lab.events.count("struck")
    victim = _strike(lab, worker, tasks, way)
    lab.wait(lambda: _over(lab, worker, before, victim, tasks.culprit), "ended", "failed", "process-init")
    if not _came_about(lab, worker.tree(), victim, tasks.culprit):
        raise Void(f"{tasks.culprit} was to crash by {way!r}, and still runs")
    lab.open_gate(tasks.go_on)
    stay = lab.new_gate()
    later = _await_calm(lab, worker, tasks, stay)
    after = worker.tree()
    lab.open_gate(stay)
    lab.wait(lambda: _ended(lab, worker, later), "ended")
    struck = [event.at for event in lab.history().events if event.kind == "struck"]
    at = struck[strikes] if len(struck) > strikes else 0
    others = (*tasks.beside, *tasks.behind)
    return Crash(victim, at, before, after, state(lab, tasks.culprit), others, later)


def _send(lab: Lab, worker: Worker, way: str) -> Round:
    """Send the crashing task and those beside it; then, when they run or nothing changes, those behind."""
    strike, go_on = lab.new_gate(), lab.new_gate()
    beside = lab.sender.send("hold", go_on, count=worker.cell.slots - 1, prefix="beside")
    (culprit,) = lab.sender.send("crash", way, strike, prefix="crash")
    lab.started((*beside, culprit))
    behind = lab.sender.send("answer", count=WAITING, prefix="behind", tagged=True)
    return Round(strike, go_on, culprit, beside, behind)


def _strike(lab: Lab, worker: Worker, tasks: Round, way: str) -> int:
    """Let the crashing task crash; returns the process in which it ran, or 0 when it never did.

    Void when the task runs and does not crash: then no crash was seen.
    """
    strikes = lab.events.count("struck")
    victim = next((event.pid for event in lab.events.events() if event.task == tasks.culprit), 0)
    if victim and way == "kill":
        lab.strike(victim, signal.SIGKILL)
    elif victim:
        lab.open_gate(tasks.strike)
        struck = until(lambda: lab.events.count("struck") > strikes)
        if not struck and victim in worker.tree().pids:
            raise Void(f"{tasks.culprit} was let go and did not strike")
    return victim


def _came_about(lab: Lab, tree: Tree, victim: int, culprit: str) -> bool:
    """Whether the crashing task has finished, or its process has ended; also when it never ran."""
    finished = culprit in lab.events.seen("failed") | lab.events.seen("ended")
    return finished or victim not in tree.pids


def _over(lab: Lab, worker: Worker, before: Tree, victim: int, culprit: str) -> bool:
    """Whether the worker has ended, or the crash happened and each child was replaced.

    Both are judged from one look at the processes, because the victim may die between two looks.
    """
    tree = worker.tree()
    whole = len(tree.children) == len(before.children)
    return not worker.alive or (whole and _came_about(lab, tree, victim, culprit))


def _await_calm(lab: Lab, worker: Worker, tasks: Round, stay: str) -> tuple[str, ...]:
    """Return when the worker has ended, or new tasks run in all its slots, or nothing changes any more."""
    later = lab.sender.send("hold", stay, count=worker.cell.slots, prefix="later")

    def calm() -> bool:
        done = _ended(lab, worker, tasks.beside + tasks.behind)
        return not worker.alive or (done and lab.events.seen("started").issuperset(later))

    lab.wait(calm, "started", "ended")
    return later


def _ended(lab: Lab, worker: Worker, tasks: tuple[str, ...]) -> bool:
    return not worker.alive or lab.events.seen("ended").issuperset(tasks)


def _wrong(lab: Lab, worker: Worker, tasks: list[str]) -> tuple[str, ...]:
    """The tasks that ended without a right result: some return their own name, the others nothing."""
    ended = [task for task in tasks if task in lab.events.seen("ended")]

    def right() -> int:
        return sum(_right(lab, task) for task in ended)

    settle(right, lambda: not worker.alive or right() == len(ended))
    return tuple(task for task in ended if not _right(lab, task))


def _right(lab: Lab, task: str) -> bool:
    result = stored(lab, task)
    wanted = task if task.startswith("behind") else None
    return result.get("status") == "SUCCESS" and result.get("result") == wanted


def _prove(lab: Lab, seen: CrashedWorker) -> None:
    """Prove that tasks crashed while others had not ended; what happened to those is the claim."""
    unfinished = 0
    for crash in seen.crashes:
        events = seen.history.only(crash.others).events
        ended = {event.task for event in events if event.kind == "ended" and event.at < crash.at}
        unfinished += len(set(crash.others) - ended)
    crashes = sum(bool(crash.at) for crash in seen.crashes)
    lab.witness(crashes=crashes, others_unfinished_at_a_crash=unfinished)
