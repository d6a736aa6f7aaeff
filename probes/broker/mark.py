"""The key by which runs on one server keep out of each other's databases."""

from __future__ import annotations

import os

import redis

MARK = "poolproof:taken"
LASTS = 24 * 3600
"""Seconds after which the mark of a run that was killed goes by itself; walls end any lifetime far sooner."""


def mark(client: redis.Redis) -> bool:
    """Make the client's database this run's; False when it is another's.

    The value is the run's pid, for whoever finds the key.
    """
    return bool(client.set(MARK, os.getpid(), nx=True, ex=LASTS))


def unmark(client: redis.Redis) -> None:
    """Let others have the client's database again."""
    client.unlink(MARK)
