"""Gives each worker's lifetime a database of its own, checked to be empty, and never flushed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

import redis

from poolproof.host.broker.mark import empty, mark, unmark
from poolproof.host.broker.server import Broker, connect, last_line
from poolproof.host.supervisor import Supervisor
from poolproof.host.waiting import STRUCTURAL, until
from poolproof.model.errors import InstrumentError, Void

WAITS = frozenset("bP")
"""The flags of a client that waits on a list, or has subscribed to a channel, as every worker has."""


class Databases:
    """The databases of one broker.

    On a private server each number is used once. On a user's server the run takes in rotation the databases
    that are empty and on which no client waits for messages. It marks the one that it takes, for other runs.
    """

    def __init__(self, broker: Broker, supervisor: Supervisor | None = None) -> None:
        """With a `supervisor`, a database on a user's server is emptied even when the run is killed."""
        self._broker = broker
        self._supervisor = supervisor if broker.origin == "url" else None
        self._next = broker.first
        self._taken: set[int] = set()

    def take(self) -> int:
        """The number of an empty database; Void when the broker is gone or has none free."""
        number = self._rotated() if self._broker.origin == "url" else self._fresh()
        if self._supervisor:
            self._supervisor.guard_database(self._broker.database_url(number))
        self._taken.add(number)
        return number

    def give_back(self, number: int) -> None:
        """Delete what the lifetime left, so that memory use stays constant; only in a database it took."""
        if number not in self._taken:
            raise InstrumentError(f"database {number} was given back and never taken")
        with self._client(number) as client:
            empty(client)
        if self._supervisor:
            self._supervisor.release_database(self._broker.database_url(number))
        self._taken.remove(number)

    def _fresh(self) -> int:
        number, self._next = self._next, self._next + 1
        if number >= self._broker.databases:
            raise InstrumentError(f"the run has used all {self._broker.databases} databases of its broker")
        with self._client(number) as client:
            keys: Any = client.dbsize()
        if keys:
            raise InstrumentError(
                f"database {number} of the run's own broker is not empty: it holds {keys} keys"
            )
        return number

    def _rotated(self) -> int:
        # The server may still list a worker that has just ended as a client.
        free = until(
            lambda: list(islice(filter(self._marked, self._free()), 1)), within=STRUCTURAL, every=0.05
        )
        if not free:
            raise Void(f"no broker: no database of {self._broker.shown} is empty and unused; free one")
        self._next = free[0] + 1
        return free[0]

    def _free(self) -> Iterator[int]:
        """The databases that could be taken: the one after the last taken first, then all others."""
        first, end = self._broker.first, self._broker.databases
        with self._client(first) as client:
            busy = self._taken | _filled(client) | _waited_on(client)
        return (n for n in chain(range(self._next, end), range(first, min(self._next, end))) if n not in busy)

    def _marked(self, number: int) -> bool:
        """Mark a database before another run does; False if it was filled since it was seen to be empty."""
        with self._client(number) as client:
            if not mark(client):
                return False
            alone = client.dbsize() == 1
            if not alone:
                unmark(client)
            return alone

    @contextmanager
    def _client(self, number: int) -> Iterator[redis.Redis]:
        try:
            with connect(self._broker.database_url(number)) as client:
                yield client
        except redis.RedisError as error:
            raise Void(f"no broker: {self._broker.shown}: {last_line(str(error))}") from None


def _filled(client: redis.Redis) -> set[int]:
    keyspace: Any = client.info("keyspace")
    return {int(name.removeprefix("db")) for name in keyspace}


def _waited_on(client: redis.Redis) -> set[int]:
    try:
        clients: Any = client.client_list()
    except redis.ResponseError:  # without the right to list clients, nothing counts as waiting
        return set()
    return {int(other["db"]) for other in clients if WAITS & set(other["flags"])}
