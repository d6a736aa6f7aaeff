"""Let a worker take messages, interrupt it, start another one, and open the ledger."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from poolproof.host.broker.commands import INDEX
from poolproof.host.waiting import LOOK, grow, until
from poolproof.lab.lab import QUEUE, Lab
from poolproof.lab.ledger import ledger, traces
from poolproof.lab.worker import Worker
from poolproof.subjects.acknowledging.seen import Aftermath
from poolproof.subjects.fetching.stimulus_asks import commands

AHEAD = 2
"""How many more messages are sent than run at once."""
REST = 2.5
"""Seconds without a change after which a worker has acknowledged all that it will: its loop may wait two."""
LOOKS = 5
"""So many requests of the second worker, about one a second, show that it puts no message back."""
LONG_AGO = 1
"""A time in 1970."""
FENCE = "fence"
"""The prefix of the queues that belong to one worker each."""


def hand_over(lab: Lab, event: str) -> Aftermath:
    """Interrupt a worker that has taken messages, and start a second one.

    Its tasks `outlasts` the visibility timeout, or it is killed: `killed_in_tasks` or `killed_before_start`.
    """
    return _kill_before_start(lab) if event == "killed_before_start" else _hold(lab, event)


def _hold(lab: Lab, event: str) -> Aftermath:
    """Fill a worker with tasks that hold, kill it or not, and let a second one run the messages it gets.

    We do not wait for the visibility timeout: the unacknowledged messages are made that old.
    """
    gate, sent, before = _fill(lab)
    if event == "killed_in_tasks":
        _kill(lab, lab.workers[0])
    _age(lab)
    second = _launch(lab)
    lab.wait(lambda: not _aged(lab) or _asked(lab, second) >= LOOKS, "ready")
    lab.open_gate(gate)
    lab.wait_ready(second)  # only now: a solo worker does not answer while a task runs
    return _close(lab, sent, before)


def _kill_before_start(lab: Lab) -> Aftermath:
    """Stop an idle worker, send messages, kill it, and start another one.

    The waiting request delivers the first message to a process that is stopped and cannot handle it.
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
    """Start one more worker, which serves a queue of its own in addition to the common one."""
    return lab.launch((QUEUE, f"{FENCE}{len(lab.workers)}"))


def _start(lab: Lab) -> Worker:
    worker = _launch(lab)
    lab.wait_ready(worker)
    return worker


def _fill(lab: Lab) -> tuple[str, tuple[str, ...], Aftermath]:
    """Start a worker, send it a holding task for each slot and some more; wait until nothing changes."""
    worker, gate = _start(lab), lab.new_gate()
    sent = lab.sender.send("hold", gate, count=worker.cell.slots + AHEAD)
    lab.started(sent, worker.cell.slots)
    seen = -1
    while seen != (seen := lab.in_broker()):
        until(lambda then=seen: lab.in_broker() != then, REST, LOOK)  # type: ignore[misc]
    begun = lab.events.seen("started").intersection(sent)
    held = frozenset(traces(lab, sent).unacknowledged)
    return gate, sent, Aftermath(ledger(lab, sent), frozenset(begun), held)


def _asked(lab: Lab, worker: Worker) -> int:
    """How many times a worker has asked for messages."""
    return sum(each.pid == worker.pid for each in commands(lab, [QUEUE]))


def _kill(lab: Lab, worker: Worker) -> None:
    lab.strike(worker.pid, signal.SIGKILL)
    until(lambda: not worker.alive)


def _age(lab: Lab) -> None:
    """Make every unacknowledged message older than any visibility timeout."""
    for tag in lab.client.zrange(INDEX, 0, -1):
        lab.client.zadd(INDEX, {str(tag): LONG_AGO}, xx=True)


def _aged(lab: Lab) -> int:
    """How many messages of that age no worker has put back yet."""
    return int(lab.client.zcount(INDEX, LONG_AGO, LONG_AGO))


def _close(lab: Lab, sent: Sequence[str], before: Aftermath) -> Aftermath:
    """Open the ledger for the last time, after each worker has run everything that it had taken.

    A pool begins its tasks in the order in which it received them. So the tasks that are sent to each
    worker alone fill its slots after all others.
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
    second = len(lab.events.starts_of(lab.workers[-1].command.name))
    lab.witness(messages=len(sent), tasks_ended=lab.events.count("ended"), tasks_of_the_second_worker=second)
    return Aftermath(ledger(lab, sent), before.begun, before.unacknowledged)
