"""The databases that a run holds on a user's server, so that nothing stays there of a run that was killed."""

from __future__ import annotations

from contextlib import suppress


class GuardedDatabases:
    """The addresses of the databases that the run has marked, each with its mark, while it holds them."""

    def __init__(self) -> None:
        self._held: dict[str, str | None] = {}

    def guard(self, url: str) -> str | None:
        """Hold the database with the mark that it has now, so that another run's is never emptied."""
        from poolproof.host.broker.mark import marked
        from poolproof.host.broker.server import connect

        with connect(url) as client:
            mark = marked(client)
        self.hold(url, mark)
        return mark

    def hold(self, url: str, mark: str | None) -> None:
        """Remember a database and its mark."""
        self._held[url] = mark

    def release(self, url: str) -> None:
        """The run has emptied the database itself."""
        self._held.pop(url, None)

    def empty(self) -> None:
        """Delete what lies in each database that has its mark still; a server that is gone keeps it."""
        if not self._held:
            return
        import redis

        from poolproof.host.broker.mark import empty, marked
        from poolproof.host.broker.server import connect

        for url, mark in self._held.items():
            with suppress(redis.RedisError, OSError), connect(url) as client:
                if mark is not None and marked(client) == mark:
                    empty(client)
        self._held.clear()
