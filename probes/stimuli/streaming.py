"""Send a stream of messages as fast as the workers take them, and wait until nothing more happens."""

from __future__ import annotations

import time
from collections.abc import Callable

from probes.deadline import patience, until
from probes.history import History
from probes.lab import Lab
from probes.observations import Delivery

LEAST_AHEAD = 4
SECONDS_AHEAD = 0.5
"""The broker holds what the workers need for this long, so that a cell that crawls ends near its time."""


def stream_messages(lab: Lab, *, workers: int) -> Delivery:
    """Send the tier's number of messages to competing workers, or as many as they manage in its time."""
    lab.start(count=workers)
    sent = _send(lab)
    settle(lambda: lab.events.count("ended"), lambda: _drained(lab, sent))
    history = lab.history()
    lab.witness(messages=len(sent), messages_wanted=lab.site.messages, **_shares(lab, history))
    return Delivery(sent, history, lab.in_broker())


def settle(progress: Callable[[], int], done: Callable[[], bool]) -> None:
    """Wait until `done`, or until nothing has progressed for a whole deadline: slow is not stuck."""
    while not done():
        reached = progress()
        if not until(lambda at=reached: done() or progress() > at):  # type: ignore[misc]
            return


def _send(lab: Lab) -> tuple[str, ...]:
    begin = time.monotonic()
    sent: list[str] = []
    while len(sent) < lab.site.messages and (left := lab.site.seconds - (time.monotonic() - begin)) > 0:
        ahead = _ahead(lab, time.monotonic() - begin)
        sent += lab.sender.send("noop", count=min(ahead, lab.site.messages - len(sent)))
        if not until(lambda enough=ahead: lab.in_broker() < enough, min(left, patience())):  # type: ignore[misc]
            break
    return tuple(sent)


def _ahead(lab: Lab, elapsed: float) -> int:
    """How many messages the broker should hold now: enough for all slots, and for the next half second."""
    rate = lab.events.count("ended") / elapsed if elapsed else 0
    return max(LEAST_AHEAD, lab.cell.concurrency, round(rate * SECONDS_AHEAD))


def _drained(lab: Lab, sent: tuple[str, ...]) -> bool:
    return lab.in_broker() == 0 and len(lab.events.seen("ended")) >= len(sent)


def _shares(lab: Lab, history: History) -> dict[str, int]:
    """The tasks that each worker started; where workers compete, one that got none proves nothing."""
    started = [event.pid for event in history.events if event.kind == "started"]
    shares = {}
    for worker in lab.workers:
        own = set(worker.tree().pids)
        shares[f"tasks_started_by_{worker.command.name}"] = sum(pid in own for pid in started)
    return shares
