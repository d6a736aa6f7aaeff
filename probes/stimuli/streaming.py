"""Send a stream of messages as fast as the workers take them, and wait until nothing more happens."""

from __future__ import annotations

import time
from collections.abc import Callable

from probes.deadline import patience, until
from probes.lab import Lab
from probes.observations.delivery import Delivery

AHEAD_AT_FIRST = 4
LEAST_AHEAD = 2
SECONDS_AHEAD = 0.5
"""The broker holds what the workers need for this long, so that a cell that crawls ends near its time."""
FAIR = 1.0
"""Seconds before which a rate says nothing: one message, taken at once, would promise hundreds."""
LOOK = 0.02
"""Seconds between two looks at a stream: looking takes the processor from those who are looked at."""
QUIET = 0.2
"""Seconds without an event after which a drained worker is believed to be done."""


def stream_messages(lab: Lab, *, workers: int) -> Delivery:
    """Send the tier's number of messages to competing workers, or as many as they manage in its time.

    Nobody asks for the results, for in a green pool each would cost the worker a new connection.
    A worker that got none proves nothing where workers compete; one that died having some is no excuse.
    """
    lab.start(count=workers)
    sent = _send(lab)
    settle(lambda: lab.events.count("ended"), lambda: _drained(lab, sent))
    _wait_for_quiet(lab)
    names = [worker.command.name for worker in lab.workers]
    shares = {f"tasks_started_by_{name}": lab.events.starts_of(name) for name in names}
    lab.witness(messages=len(sent), messages_wanted=lab.site.messages, **shares)
    return Delivery(sent, lab.history(), lab.left_in_broker())


def settle(progress: Callable[[], int], done: Callable[[], bool]) -> None:
    """Wait until `done`, or until nothing has progressed for a whole deadline: slow is not stuck."""
    while not done():
        reached = progress()
        if not until(lambda at=reached: done() or progress() > at, every=LOOK):  # type: ignore[misc]
            return


def _send(lab: Lab) -> tuple[str, ...]:
    begin = time.monotonic()
    sent: list[str] = []
    while len(sent) < lab.site.messages and (left := lab.site.seconds - (time.monotonic() - begin)) > 0:
        ahead = _ahead(lab, time.monotonic() - begin)
        count = min(ahead, lab.site.messages - len(sent))
        sent += lab.sender.send("noop", count=count, ignore_result=True)
        if not until(lambda enough=ahead: lab.in_broker() < enough, min(left, patience()), LOOK):  # type: ignore[misc]
            break
    return tuple(sent)


def _ahead(lab: Lab, elapsed: float) -> int:
    """How many messages the broker should hold now: enough for all slots, and for the next half second."""
    rate = lab.events.count("ended") / max(elapsed, FAIR)
    least = AHEAD_AT_FIRST if elapsed < FAIR else LEAST_AHEAD
    return max(least, lab.cell.concurrency, round(rate * SECONDS_AHEAD))


def _drained(lab: Lab, sent: tuple[str, ...]) -> bool:
    return lab.in_broker() == 0 and len(lab.events.seen("ended")) >= len(sent)


def _wait_for_quiet(lab: Lab) -> None:
    """Give a second run of a late message time to show: each start has its end, and no more come."""
    settle(
        lambda: lab.events.count("ended"), lambda: lab.events.count("ended") >= lab.events.count("started")
    )
    seen = len(lab.events.events())
    while until(lambda at=seen: len(lab.events.events()) > at, QUIET):  # type: ignore[misc]
        seen = len(lab.events.events())
