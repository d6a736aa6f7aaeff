"""The key by which several runs on one server avoid each other's databases."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import redis

from poolproof.host.broker.server import last_line

MARK = "poolproof:taken"
BATCH = 1000


def mark(client: redis.Redis, lasts: int | None = None) -> bool:
    """Mark the client's database as this run's; False when another run has marked it.

    The value names the run, so that a person who finds the key knows where it comes from. Without `lasts`
    (seconds), it stays as long as the run's other keys: if it expired first, their origin would be unknown.
    """
    who = f"the run of pid {os.getpid()} on {socket.gethostname()}"
    return bool(client.set(MARK, f"{who} since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", nx=True, ex=lasts))


def holder(client: redis.Redis) -> str:
    """Who has marked the client's database, according to the mark."""
    return last_line(marked(client) or "another run")


def marked(client: redis.Redis) -> str | None:
    """The mark on the client's database; None when it has none."""
    value: Any = client.get(MARK)
    return None if value is None else value.decode(errors="replace")


def empty(client: redis.Redis) -> None:
    """Delete what a run has left in the client's database, key by key, and the mark last."""
    found = (key for key in client.scan_iter(count=BATCH) if key != MARK.encode())
    while keys := list(islice(found, BATCH)):
        client.unlink(*keys)
    unmark(client)  # last, because another run may fill the database from now on


def unmark(client: redis.Redis) -> None:
    """Release the client's database for other runs."""
    client.unlink(MARK)
