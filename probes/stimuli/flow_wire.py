"""What the wire says of tasks: which process fetched, stored and acknowledged each, and who asked for any."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from probes.errors import Void
from probes.lab import QUEUE
from probes.observations.flow import Link
from probes.observe.wire import Command
from probes.stimuli.results import KEY

UNACKNOWLEDGED = "unacked"
Steps = tuple[tuple[str, Command], ...]
"""A task and the command by which a step of it was done; the task is empty where a command was in vain."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """The commands that concern tasks, by what they do."""

    fetches: Steps = ()
    stores: Steps = ()
    acknowledgements: Steps = ()

    def check(self) -> None:
        """Void when the relay could not tell whose connection it was: the claims are about just that."""
        steps = (*self.fetches, *self.stores, *self.acknowledgements)
        if unnamed := [command for _, command in steps if not command.pid]:
            raise Void(f"the relay knows no process for {len(unnamed)} commands, such as {unnamed[0].name}")

    @property
    def asking(self) -> tuple[Link, ...]:
        """Each connection over which a message was asked for."""
        return tuple(dict.fromkeys(Link(command.pid, command.connection) for _, command in self.fetches))


def traffic(commands: Iterable[Command]) -> Traffic:
    """Read the commands of a lifetime."""
    seen = tuple(commands)
    asked = tuple(command for command in seen if command.name == "BRPOP")
    tags = {tag: task for task, tag in map(_message, asked)}
    return Traffic(
        fetches=tuple((_message(command)[0], command) for command in asked),
        stores=tuple((task, command) for command in seen if (task := _stored(command))),
        acknowledgements=tuple((task, command) for command in seen if (task := _acknowledged(command, tags))),
    )


def processes(steps: Steps, task: str) -> tuple[int, ...]:
    """The processes that did a step of this task, in the order of time."""
    return tuple(command.pid for each, command in steps if each == task)


def _message(command: Command) -> tuple[str, str]:
    """The task, and the delivery tag, that answer a BRPOP; empty where it ran into its timeout."""
    if not isinstance(command.reply, list) or command.reply[0].decode() != QUEUE:
        return "", ""
    message = json.loads(command.reply[1])
    return str(message["headers"]["id"]), str(message["properties"]["delivery_tag"])


def _stored(command: Command) -> str:
    """The task whose result a command writes, or empty."""
    written = command.name in ("SET", "SETEX") and command.arguments[0].startswith(KEY)
    return command.arguments[0].removeprefix(KEY) if written else ""


def _acknowledged(command: Command, tags: Mapping[str, str]) -> str:
    """The task whose message a command removes from those that the broker still answers for, or empty."""
    removes = command.name == "HDEL" and command.arguments[0] == UNACKNOWLEDGED
    return tags.get(command.arguments[1], "") if removes else ""
