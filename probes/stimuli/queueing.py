"""Fill several queues, start a worker on them, and see in which order it fetches."""

from __future__ import annotations

from collections.abc import Mapping

from probes.lab import Lab
from probes.observations import Fetches
from probes.observe.wire import Command
from probes.stimuli.streaming import settle


def fetch_from_filled_queues(lab: Lab, filled: Mapping[str, int]) -> Fetches:
    """Fill the queues, start one worker with `-Q` in the same order, and wait until all was fetched."""
    for queue, count in filled.items():
        lab.sender.send("noop", count=count, queue=queue)
    lay = {f"lay_in_{queue}": lab.waiting(queue) for queue in filled}
    lab.start(queues=tuple(filled))
    settle(lambda: lab.events.count("ended"), lambda: lab.events.count("ended") >= sum(filled.values()))
    commands = lab.wire.seen() if lab.wire else ()
    order = tuple(queue for command in commands if (queue := _fetched_from(command)))
    lab.witness(**lay, **{f"fetched_from_{queue}": order.count(queue) for queue in filled})
    asked = tuple(dict.fromkeys(_asked_order(command) for command in commands if command.name == "BRPOP"))
    return Fetches(dict(filled), order, asked)


def _fetched_from(command: Command) -> str:
    answered = command.name == "BRPOP" and isinstance(command.reply, list)
    return command.reply[0].decode() if answered else ""


def _asked_order(command: Command) -> str:
    """The queues that one BRPOP names, without the keys of lower priority steps."""
    return ",".join(key for key in command.arguments[:-1] if "\x06" not in key)
