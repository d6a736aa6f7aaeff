"""The requests of a worker for messages, and their replies."""

from __future__ import annotations

from dataclasses import dataclass

STEP = "\x06"
"""The part of the key of a lower priority that follows the queue's name."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for messages: `keys` are the lists that it named, `timeout` its limit in seconds.

    `task` is the message in the reply, empty when there was none; `at` is when it was sent.
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
    """A message sent to an idle worker: when it was sent, and when the request was sent that fetched it."""

    task: str
    sent: int
    asked: int


@dataclass(frozen=True, slots=True)
class Fetching:
    """Every request of a worker so far, `probes` that came one at a time, and messages `sent` at once.

    `idle` has the times of consecutive requests while all queues were empty.
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
