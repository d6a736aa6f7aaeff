"""Let tasks crash, one after the other, while other tasks run beside them and wait behind them."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass

from poolproof.host.waiting import settle, until
from poolproof.lab.lab import Lab
from poolproof.lab.results import state, stored
from poolproof.lab.worker import Worker
from poolproof.model.processes import Tree
from poolproof.subjects.crashes.seen import Blow, Crash

CRASHES = 3
"""In one worker, because one that survives its first crash may not survive the next."""
WAITING = 12
"""Tasks that wait behind each crash."""
FATAL = re.compile(r"Unrecoverable error: (.*)")
"""What a Celery worker logs as it stops because of an error that nothing has caught."""


@dataclass(frozen=True, slots=True)
class Round:
    """The tasks around one crash: the one that crashes, those that run beside it, those that wait.

    At `strike` the culprit waits, and at `go_on` those beside it.
    """

    strike: str
    go_on: str
    culprit: str
    beside: tuple[str, ...]
    behind: tuple[str, ...]


def crash_a_child(lab: Lab, way: str) -> Crash:
    """Have tasks of a prefork worker crash amid others; Void when what ends a process once ended no child.

    A MemoryError is none of those: that the child goes with the whole worker would be the claim.
    """
    crash = crash_amid_tasks(lab, way)
    if way != "memoryerror":
        died = sum(blow.victim not in blow.after.pids for blow in crash.blows)
        lab.witness(children_died=died if died == len(crash.blows) else 0)
    return crash


def crash_beside_siblings(lab: Lab) -> Crash:
    """Have tasks of a prefork worker crash while others run in its other children; Void when none did."""
    crash = crash_a_child(lab, "segv")
    lab.witness(running_at_a_crash=sum(len(crash.beside(blow)) for blow in crash.blows))
    return crash


def crash_amid_tasks(lab: Lab, way: str) -> Crash:
    """Crash a task amid others several times, or until the worker is gone.

    `way` is raise, memoryerror, sys_exit, exit or segv from inside the task, or kill from outside.
    """
    worker = lab.start()
    lab.may_end(worker)
    blows: list[Blow] = []
    while len(blows) < CRASHES and worker.alive:
        blows.append(_crash(lab, worker, way))
        if not blows[-1].at:
            break
    others = [task for blow in blows for task in (*blow.others, *blow.later)]
    crash = Crash(
        tuple(blows),
        worker.exit_status,
        lab.history(),
        wrong=_wrong(lab, worker, others),
        left=lab.left_in_broker(),
        fatal="".join(FATAL.findall(worker.log.read_text(errors="replace"))[:1]),
    )
    _prove(lab, crash)
    return crash


def _crash(lab: Lab, worker: Worker, way: str) -> Blow:
    """Fill all slots, one with the culprit, and the queue behind them; strike; fill all slots once more.

    That new tasks run in every slot says that the worker has got over the crash, and shows who runs them.
    """
    before = worker.tree()
    tasks = _send(lab, worker, way)
    blows = lab.events.count("struck")
    victim = _strike(lab, tasks, way)
    until(lambda: _over(lab, worker, before, victim, tasks.culprit))
    lab.open_gate(tasks.go_on)
    stay = lab.new_gate()
    later = _await_calm(lab, worker, tasks, stay)
    after = worker.tree()
    lab.open_gate(stay)
    lab.wait(lambda: _ended(lab, worker, later), "ended")
    struck = [event.at for event in lab.history().events if event.kind == "struck"]
    at = struck[blows] if len(struck) > blows else 0
    others = (*tasks.beside, *tasks.behind)
    return Blow(victim, at, before, after, state(lab, tasks.culprit), others, later)


def _send(lab: Lab, worker: Worker, way: str) -> Round:
    """Send the culprit and those beside it; when they run, or nothing moves any more, those behind."""
    strike, go_on = lab.new_gate(), lab.new_gate()
    beside = lab.sender.send("hold", go_on, count=worker.cell.slots - 1, prefix="beside")
    (culprit,) = lab.sender.send("crash", way, strike, prefix="crash")
    lab.started((*beside, culprit))
    behind = lab.sender.send("answer", count=WAITING, prefix="behind", tagged=True)
    return Round(strike, go_on, culprit, beside, behind)


def _strike(lab: Lab, tasks: Round, way: str) -> int:
    """Let the blow fall; returns the process in which the culprit ran, or 0 when it never did."""
    blows = lab.events.count("struck")
    victim = next((event.pid for event in lab.events.events() if event.task == tasks.culprit), 0)
    if victim and way == "kill":
        lab.strike(victim, signal.SIGKILL)
    elif victim:
        lab.open_gate(tasks.strike)
        until(lambda: lab.events.count("struck") > blows)
    return victim


def _over(lab: Lab, worker: Worker, before: Tree, victim: int, culprit: str) -> bool:
    """Whether the culprit has finished or its process is gone, and in either case each place is taken."""
    tree = worker.tree()
    finished = culprit in lab.events.seen("failed") | lab.events.seen("ended")
    whole = len(tree.children) == len(before.children)
    return not worker.alive or (whole and (finished or victim not in tree.pids))


def _await_calm(lab: Lab, worker: Worker, tasks: Round, stay: str) -> tuple[str, ...]:
    """Return when the worker is gone, or new tasks run in all its slots, or nothing moves any more."""
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

    def wrong() -> list[str]:
        return [task for task in ended if not _right(lab, task)]

    settle(lambda: len(ended) - len(wrong()), lambda: not worker.alive or not wrong())
    return tuple(wrong())


def _right(lab: Lab, task: str) -> bool:
    result = stored(lab, task)
    wanted = task if task.startswith("behind") else None
    return result.get("status") == "SUCCESS" and result.get("result") == wanted


def _prove(lab: Lab, crash: Crash) -> None:
    """Proof that blows fell while other tasks had not ended; what came of it is the claim."""
    unfinished = 0
    for blow in crash.blows:
        events = crash.history.only(blow.others).events
        ended = {event.task for event in events if event.kind == "ended" and event.at < blow.at}
        unfinished += len(set(blow.others) - ended)
    lab.witness(crashes=sum(bool(blow.at) for blow in crash.blows), others_unfinished_at_a_crash=unfinished)
