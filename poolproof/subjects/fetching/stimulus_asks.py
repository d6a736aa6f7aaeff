"""The requests for messages among the commands that the relay saw."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from poolproof.lab.lab import Lab
from poolproof.lab.observe.wire import BrokerCommand
from poolproof.subjects.fetching.seen import STEP, Ask

POPS = ("BRPOP", "BLPOP", "RPOP", "LPOP", "BLMOVE", "LMOVE", "RPOPLPUSH", "BRPOPLPUSH")
"""The commands that take a message out of a list."""


def asks(lab: Lab, queues: Collection[str]) -> tuple[Ask, ...]:
    """Each request for messages of these queues, in order; each message of a reply gives one value."""
    return tuple(ask for command in commands(lab, queues) for ask in _asks(command))


def commands(lab: Lab, queues: Collection[str]) -> list[BrokerCommand]:
    """Each command that takes messages of these queues, or of some of them."""
    seen = lab.wire.seen() if lab.wire else ()
    return [each for each in seen if each.name in POPS and not set(queues).isdisjoint(each.arguments)]


def _asks(command: BrokerCommand) -> Iterator[Ask]:
    blocking = command.name.startswith("B")
    keys = command.arguments[:-1] if blocking else command.arguments[:1]
    timeout = float(command.arguments[-1]) if blocking else 0.0
    where = (command.name, keys, timeout, command.connection, command.pid, command.at)
    brought = list(_brought(command))
    for task, queue in brought or [("", "")]:
        yield Ask(*where, task, queue)


def _brought(command: BrokerCommand) -> Iterator[tuple[str, str]]:
    """Each message in the reply to a request, with its queue."""
    reply: Any = command.reply
    if reply is None or reply == []:
        return
    queue, bodies = command.arguments[0], reply if isinstance(reply, list) else [reply]
    if command.name.startswith("B") and isinstance(reply, list):
        queue, bodies = reply[0].decode(), reply[1:]
    for body in bodies:
        yield str(json.loads(body)["headers"]["id"]), queue.partition(STEP)[0]
