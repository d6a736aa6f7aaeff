"""Counts the commands that the server refuses: they make a worker look broken, so they void the trial."""

from __future__ import annotations

from typing import Any

import redis

STATES = {
    "OOM": "its memory is full",
    "READONLY": "it has become a replica",
    "MISCONF": "it cannot save to its disk",
    "NOREPLICAS": "it misses its replicas",
    "CLUSTERDOWN": "its cluster is down",
}
"""Errors that concern the whole server; some of the others concern only one client."""


class Refusals:
    """How often the server has returned each of these errors to any client since the last look."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._before = self._counts()

    def since_last_look(self) -> str:
        """The errors since the last look, in words; empty when there are none, or when it does not answer."""
        before = self._before
        try:
            self._before = self._counts()
        except redis.RedisError:  # the next caller gets the error
            return ""
        new = {name: count - before.get(name, 0) for name, count in self._before.items()}
        return "; ".join(
            f"the server refused {count} commands: {STATES[name]}" for name, count in new.items() if count > 0
        )

    def _counts(self) -> dict[str, int]:
        stats: Any = self._client.info("errorstats")
        return {
            name: int(stats[f"errorstat_{name}"]["count"]) for name in STATES if f"errorstat_{name}" in stats
        }
