"""The requests by which a worker asks for messages, and what they brought."""

from __future__ import annotations

from dataclasses import dataclass

STEP = "\x06"
"""What a key of a lower priority has in its name, behind the queue's."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for messages: `keys` are what it asked for, `timeout` how many seconds it may wait.

    `task` is the message that it brought, empty where it brought none; `at` is when it was sent.
    """

    name: str
    keys: tuple[str, ...]
    timeout: float
    connection: int
    pid: int
    at: int
    task: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """A message that was sent to an idle worker: when, and when the request was sent that brought it."""

    task: str
    sent: int
    asked: int


@dataclass(frozen=True, slots=True)
class Fetching:
    """Every request of a worker so far, `probes` that came one at a time, and messages `sent` at once.

    `idle` is when it asked, in a row, while all queues were empty.
    """

    manager: int
    asks: tuple[Ask, ...]
    idle: tuple[int, ...]
    probes: tuple[Probe, ...]
    sent: tuple[str, ...]

    @property
    def fetched(self) -> tuple[str, ...]:
        """The messages that were sent at once, in the order in which they were fetched."""
        return tuple(ask.task for ask in self.asks if ask.task in self.sent)
