"""Fill several queues, keep the first one full, and see in which order a worker fetches from them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from poolproof.lab.lab import Lab
from poolproof.lab.observe.wire import BrokerCommand
from poolproof.model.errors import Void
from poolproof.subjects.queues.seen import Fetches

REFILL = 20
"""How many messages are added to the first queue at a time."""
LEAST = 10
"""How many fetches have to be seen in a slow cell: with turns, each queue has had several."""


def fetch_from_filled_queues(lab: Lab, filled: Mapping[str, int]) -> Fetches:
    """Fill the queues, start a worker with `-Q` in their order, keep the first full, then let all get empty.

    The first is kept full until as many fetches were seen as it held at the start. A slow cell stops at the
    tier's time.
    """
    first, *_ = filled
    for queue, count in filled.items():
        lab.sender.send("noop", count=count, queue=queue)
    if short := [queue for queue, count in filled.items() if lab.waiting(queue) < count]:
        raise Void(f"not filled before the worker started: {', '.join(short)}")
    lab.start(queues=tuple(filled))
    end = time.monotonic() + lab.site.seconds
    lab.wait(lambda: _kept_full(lab, first, filled[first], end), "started")
    lab.wait(lambda: _ran_dry(lab, filled) or time.monotonic() > end, "started")
    order = tuple(_fetched(lab, first))
    lab.witness(fetches=len(order))
    if len(order) < LEAST:  # whatever ended the waits
        raise Void(f"too few to tell: {len(order)} fetches, and {LEAST} are the least")
    return Fetches(dict(filled), order, _requested(lab, first))


def _kept_full(lab: Lab, full: str, wanted: int, end: float) -> bool:
    """Refill the queue, and return whether it was kept full for long enough."""
    if lab.waiting(full) < wanted:
        lab.sender.send("noop", count=REFILL, queue=full)
    return len(_fetched(lab, full)) >= (LEAST if time.monotonic() > end else wanted)


def _ran_dry(lab: Lab, queues: Iterable[str]) -> bool:
    return not any(lab.waiting(queue) for queue in queues)


def _commands(lab: Lab, queue: str) -> list[BrokerCommand]:
    """Each BRPOP that names this queue; the worker's other BRPOPs wait for remote control."""
    commands = lab.wire.seen() if lab.wire else ()
    return [command for command in commands if command.name == "BRPOP" and queue in command.arguments]


def _fetched(lab: Lab, queue: str) -> list[str]:
    """The queue of each fetch, in order."""
    return [command.reply[0].decode() for command in _commands(lab, queue) if isinstance(command.reply, list)]


def _requested(lab: Lab, queue: str) -> tuple[str, ...]:
    """The orders in which a BRPOP named the queues, without the keys of lower priority steps."""
    orders = (
        ",".join(key for key in command.arguments[:-1] if "\x06" not in key)
        for command in _commands(lab, queue)
    )
    return tuple(dict.fromkeys(orders))
