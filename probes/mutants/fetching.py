"""Mutants of how a worker requests messages."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from kombu.transport.redis import Channel, Transport
from redis.connection import AbstractConnection

from probes.mutants.registry import Applied, mutant

WELL = 20
"""How many requests a worker makes correctly before a late mutant acts."""


@mutant
def waits_five_seconds(applied: Applied) -> None:
    """Each BRPOP waits for up to five seconds, as the document says."""
    _wait(5, applied)


@mutant
def asks_again_and_again(applied: Applied) -> None:
    """Each BRPOP waits for a hundredth of a second."""
    _wait(0.01, applied)


def _wait(seconds: float, applied: Applied) -> None:
    original = Channel._brpop_start

    def start(self: Any, timeout: float | None = None) -> None:
        applied()
        original(self, timeout)

    transport: Any = Transport
    Channel._brpop_start, transport.brpop_timeout = start, seconds


@mutant
def newest_first_late(applied: Applied) -> None:
    """After twenty requests the worker fetches from the end of the queue at which messages are put."""
    numbers = itertools.count(1)

    def change(words: tuple[Any, ...]) -> tuple[Any, ...]:
        if next(numbers) <= WELL:
            return words
        applied()
        return ("BLPOP", *words[1:])

    _change_requests(change)


@mutant
def asks_for_a_queue_at_a_time(applied: Applied) -> None:
    """Each BRPOP names only one queue, in turn."""
    numbers = itertools.count()

    def change(words: tuple[Any, ...]) -> tuple[Any, ...]:
        applied()
        keys = words[1:-1]
        return ("BRPOP", keys[next(numbers) % len(keys)], words[-1])

    _change_requests(change)


@mutant
def asks_in_reverse(applied: Applied) -> None:
    """Each BRPOP names the queues in the reverse of their order."""

    def change(words: tuple[Any, ...]) -> tuple[Any, ...]:
        applied()
        return ("BRPOP", *reversed(words[1:-1]), words[-1])

    _change_requests(change)


@mutant
def changes_its_connection_late(applied: Applied) -> None:
    """After twenty messages the worker requests the next ones over a new connection."""
    original, numbers = Channel._brpop_read, itertools.count(1)

    def read(self: Any, **options: Any) -> Any:
        try:
            return original(self, **options)
        finally:
            if next(numbers) == WELL:
                applied()
                self.client.connection.disconnect()

    Channel._brpop_read = read


def _change_requests(change: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> None:
    original = AbstractConnection.send_command

    def send_command(self: Any, *words: Any, **options: Any) -> None:
        original(self, *(change(words) if words[0] == "BRPOP" else words), **options)

    AbstractConnection.send_command = send_command
