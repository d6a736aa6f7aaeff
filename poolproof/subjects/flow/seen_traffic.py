"""The commands to Redis that concern tasks: which process fetched, stored and acknowledged each."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from poolproof.host.broker.commands import HELD
from poolproof.lab.lab import QUEUE
from poolproof.lab.observe.wire import BrokerCommand
from poolproof.lab.results import KEY
from poolproof.model.errors import Void
from poolproof.subjects.flow.seen import Link

Steps = tuple[tuple[str, BrokerCommand], ...]
"""A task and the command that did a step of it; the task is empty where a request brought no message."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """The commands that concern tasks, by what they do; `names` has the name of each connection.

    `opened` is every connection that there was.
    """

    fetches: Steps = ()
    stores: Steps = ()
    acknowledgements: Steps = ()
    names: Mapping[int, str] = field(default_factory=dict)
    opened: tuple[Link, ...] = ()

    def of(self, tasks: Collection[str], begun: int) -> Traffic:
        """The part that concerns these tasks, and each later request that brought no message."""
        wanted = set(tasks)

        def part(steps: Steps) -> Steps:
            return tuple((task, command) for task, command in steps if task in wanted)

        fetches = tuple(
            (task, command)
            for task, command in self.fetches
            if task in wanted or (not task and command.at >= begun)
        )
        return replace(
            self, fetches=fetches, stores=part(self.stores), acknowledgements=part(self.acknowledgements)
        )

    def check(self) -> None:
        """Void when the relay does not know who owned a connection, because the claims need that."""
        steps = (*self.fetches, *self.stores, *self.acknowledgements)
        if unnamed := [command for _, command in steps if not command.pid]:
            raise Void(f"the relay knows no process for {len(unnamed)} commands, such as {unnamed[0].name}")

    @property
    def requesting(self) -> tuple[Link, ...]:
        """Each connection over which a message was requested."""
        return _links((command for _, command in self.fetches), self.names)

    def links(self, task: str) -> tuple[tuple[str, Link], ...]:
        """The connection that each step of this task used."""
        steps = {"fetched": self.fetches, "stored": self.stores, "acknowledged": self.acknowledgements}
        return tuple(
            (step, _link(command, self.names))
            for step, commands in steps.items()
            for each, command in commands
            if each == task
        )


def traffic(commands: Iterable[BrokerCommand]) -> Traffic:
    """Read the commands of a lifetime."""
    seen = tuple(commands)
    requests = tuple(command for command in seen if command.name == "BRPOP")
    tags = {tag: task for task, tag in map(_message, requests)}
    names = dict(filter(None, map(_name, seen)))
    return Traffic(
        fetches=tuple((_message(command)[0], command) for command in requests),
        stores=tuple((task, command) for command in seen if (task := _stored(command))),
        acknowledgements=tuple((task, command) for command in seen if (task := _acknowledged(command, tags))),
        names=names,
        opened=_links(seen, names),
    )


def processes(steps: Steps, task: str) -> tuple[int, ...]:
    """The processes that did a step of this task, in the order of time."""
    return tuple(command.pid for each, command in steps if each == task)


def _links(commands: Iterable[BrokerCommand], names: Mapping[int, str]) -> tuple[Link, ...]:
    return tuple(dict.fromkeys(_link(command, names) for command in commands))


def _link(command: BrokerCommand, names: Mapping[int, str]) -> Link:
    return Link(command.pid, command.connection, names.get(command.connection, ""))


def _name(command: BrokerCommand) -> tuple[int, str] | None:
    """The name that a connection gives itself, if this command does that."""
    named = command.name == "CLIENT" and command.arguments[0].upper() == "SETNAME"
    return (command.connection, command.arguments[1]) if named else None


def _message(command: BrokerCommand) -> tuple[str, str]:
    """The task and the delivery tag in the reply to a BRPOP; empty after its timeout."""
    if not isinstance(command.reply, list) or command.reply[0].decode() != QUEUE:
        return "", ""
    message = json.loads(command.reply[1])
    return str(message["headers"]["id"]), str(message["properties"]["delivery_tag"])


def _stored(command: BrokerCommand) -> str:
    """The task whose result a command stores, or empty."""
    written = command.name in ("SET", "SETEX") and command.arguments[0].startswith(KEY)
    return command.arguments[0].removeprefix(KEY) if written else ""


def _acknowledged(command: BrokerCommand, tags: Mapping[str, str]) -> str:
    """The task whose message a command removes from the unacknowledged ones, or empty."""
    removes = command.name == "HDEL" and command.arguments[0] == HELD
    return tags.get(command.arguments[1], "") if removes else ""
