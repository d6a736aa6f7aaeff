"""Let a worker take messages, do something to it, start another one, and open the ledger."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from poolproof.host.waiting import LOOK, grow, until
from poolproof.lab.lab import QUEUE, Lab
from poolproof.lab.ledger import ledger, traces
from poolproof.lab.worker import Worker
from poolproof.subjects.acknowledging.seen import Aftermath
from poolproof.subjects.fetching.stimulus_asks import commands

AHEAD = 2
"""How many messages are sent besides those that run at once."""
REST = 2.5
"""Seconds without a change after which a worker has acknowledged what it will: its loop may wait two."""
LOOKS = 5
"""How many requests of the second worker pass before it is taken that it puts nothing back, a second each."""
INDEX, LONG_AGO = "unacked_index", 1
"""Where kombu keeps since when each message is unacknowledged; and a moment in 1970."""
FENCE = "fence"
"""What the queues begin with that one worker each has to itself."""


def hand_over(lab: Lab, event: str) -> Aftermath:
    """Have something happen to a worker that has taken messages, and let a second worker come.

    Its tasks `outlasts` the visibility timeout, or it is killed: `killed_in_tasks` or `killed_before_start`.
    """
    return _kill_before_start(lab) if event == "killed_before_start" else _hold(lab, event)


def _hold(lab: Lab, event: str) -> Aftermath:
    """Fill a worker with tasks that hold, kill it or not, and let a second one run what it gets.

    The time that the visibility timeout takes is not waited for: what is unacknowledged is made that old.
    """
    gate, sent, before = _fill(lab)
    if event == "killed_in_tasks":
        _kill(lab, lab.workers[0])
    _age(lab)
    second = _launch(lab)
    lab.wait(lambda: not _aged(lab) or _asked(lab, second) >= LOOKS, "ready")
    lab.open_gate(gate)
    lab.wait_ready(second)  # only now: a solo worker answers nobody while a task runs
    return _close(lab, sent, before)


def _kill_before_start(lab: Lab) -> Aftermath:
    """Stop an idle worker, send messages, kill it, and let another one come.

    The request that was waiting brings the first message to a process that cannot take it in hand.
    """
    worker = _start(lab)
    before = len(commands(lab, [QUEUE]))
    grow(lambda: len(commands(lab, [QUEUE])), before + 1)
    with lab.stopped(worker.pid):
        sent = lab.sender.send("noop", count=1 + AHEAD)
        popped = int(until(lambda: lab.waiting() == AHEAD, REST, LOOK))
        _kill(lab, worker)
    lab.witness(messages_popped_by_a_stopped_worker=popped)
    _start(lab)
    return _close(lab, sent, Aftermath(ledger(lab, sent), frozenset(), frozenset()))


def _launch(lab: Lab) -> Worker:
    """Start one more worker, with a queue of its own besides the one that all serve."""
    return lab.launch((QUEUE, f"{FENCE}{len(lab.workers)}"))


def _start(lab: Lab) -> Worker:
    worker = _launch(lab)
    lab.wait_ready(worker)
    return worker


def _fill(lab: Lab) -> tuple[str, tuple[str, ...], Aftermath]:
    """Start a worker and give it tasks that hold, one in each slot and some more; wait until all is quiet."""
    worker, gate = _start(lab), lab.new_gate()
    sent = lab.sender.send("hold", gate, count=worker.cell.slots + AHEAD)
    lab.started(sent, worker.cell.slots)
    seen = -1
    while seen != (seen := lab.in_broker()):
        until(lambda then=seen: lab.in_broker() != then, REST, LOOK)  # type: ignore[misc]
    begun = lab.events.seen("started").intersection(sent)
    held = frozenset(traces(lab, sent).unacknowledged)
    return gate, sent, Aftermath(ledger(lab, sent), frozenset(begun), held)


def _started(lab: Lab, worker: Worker) -> list[str]:
    """The tasks that a worker has started."""
    return lab.events.starts_of(worker.command.name)


def _asked(lab: Lab, worker: Worker) -> int:
    """How many times a worker has asked for messages."""
    return sum(each.pid == worker.pid for each in commands(lab, [QUEUE]))


def _kill(lab: Lab, worker: Worker) -> None:
    lab.strike(worker.pid, signal.SIGKILL)
    until(lambda: not worker.alive)


def _age(lab: Lab) -> None:
    """Make whatever is unacknowledged older than any visibility timeout."""
    for tag in lab.client.zrange(INDEX, 0, -1):
        lab.client.zadd(INDEX, {str(tag): LONG_AGO}, xx=True)


def _aged(lab: Lab) -> int:
    """How many messages of that age nobody has put back yet."""
    return int(lab.client.zcount(INDEX, LONG_AGO, LONG_AGO))


def _close(lab: Lab, sent: Sequence[str], before: Aftermath) -> Aftermath:
    """Open the ledger for the last time, when each worker has come to the end of what it had taken.

    A pool begins its tasks in the order in which it was handed them, so that those that are sent to each
    worker alone fill its slots behind all others.
    """
    gate = lab.new_gate()
    fence = [
        task
        for number, worker in enumerate(lab.workers)
        if worker.alive
        for task in lab.sender.send(
            "hold", gate, count=worker.cell.slots, queue=f"{FENCE}{number}", prefix=FENCE
        )
    ]
    lab.started(fence)
    lab.open_gate(gate)
    lab.ended(fence)
    second = len(_started(lab, lab.workers[-1]))
    lab.witness(messages=len(sent), tasks_ended=lab.events.count("ended"), tasks_of_the_second_worker=second)
    return Aftermath(ledger(lab, sent), before.begun, before.unacknowledged)
