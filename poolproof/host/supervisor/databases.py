"""The databases that a run uses on a user's server, so that a killed run leaves nothing there."""

from __future__ import annotations

from contextlib import suppress


class GuardedDatabases:
    """The addresses of the databases that the run has marked, each with its mark, until they are released."""

    def __init__(self) -> None:
        self._held: dict[str, str | None] = {}

    def guard(self, url: str) -> str | None:
        """Remember the database with its present mark, so that another run's database is never emptied."""
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
        """Forget a database that the run has emptied itself."""
        self._held.pop(url, None)

    def empty(self) -> None:
        """Empty each database that still has its mark; nothing happens where the server is gone."""
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
