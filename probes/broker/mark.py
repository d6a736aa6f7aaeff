"""The key by which runs on one server keep out of each other's databases."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from typing import Any

import redis

from probes.broker.server import last_line

MARK = "poolproof:taken"


def mark(client: redis.Redis, lasts: int | None = None) -> bool:
    """Make the client's database this run's; False when it is another's.

    The value names the run, for whoever finds the key. Without `lasts`, its seconds, it stays as long as what
    the run writes beside it: if it went by itself, nobody would know whose the rest is.
    """
    who = f"the run of pid {os.getpid()} on {socket.gethostname()}"
    return bool(client.set(MARK, f"{who} since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", nx=True, ex=lasts))


def holder(client: redis.Redis) -> str:
    """Who has marked the client's database, as it says itself."""
    value: Any = client.get(MARK)
    return last_line((value or b"another run").decode(errors="replace"))


def unmark(client: redis.Redis) -> None:
    """Let others have the client's database again."""
    client.unlink(MARK)
