"""The run's own server: the settings with which it keeps nothing, and the check that it is ours."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

import redis

from poolproof.host.broker.commands import refused
from poolproof.host.broker.server import (
    KINDS,
    PRIVATE_DATABASES,
    Broker,
    Origin,
    Unavailable,
    connect,
    identify,
    last_line,
)


@dataclass(frozen=True, slots=True)
class Private:
    """One server to be started; `mark` is a value that only this server answers."""

    want: str
    origin: Origin
    mark: str = field(default_factory=lambda: f"poolproof-{secrets.token_hex(8)}")

    def arguments(self, bind: str, port: int) -> list[str]:
        """The server's arguments: nothing on disk, and a database for each lifetime."""
        return [
            *("--bind", bind, "--port", str(port), "--protected-mode", "no"),
            *("--save", "", "--appendonly", "no", "--databases", str(PRIVATE_DATABASES)),
            # No effect while syslog is off; it tells our server from another that took the port first.
            *("--syslog-ident", self.mark),
        ]

    def answers(self, port: int) -> bool:
        """Whether this server, and no other, listens on 127.0.0.1 at `port`, and is ready."""
        with connect(_url(port)) as client:
            try:
                config: Any = client.config_get("syslog-ident")
                return bool(client.ping()) and config.get("syslog-ident") == self.mark
            except (redis.RedisError, OSError, ValueError):  # another server on this port may answer anything
                return False

    def broker(self, port: int) -> Broker:
        """The broker, checked to be of the wanted kind; Unavailable when the server is of another kind."""
        try:
            with connect(_url(port)) as client:
                info: Any = client.info("server")
                refusal = refused(client)
        except redis.RedisError as error:
            raise Unavailable(f"it was ready and answers no more: {last_line(str(error))}") from None
        server, version = identify(info)
        if not KINDS[self.want].includes(server, version):
            raise Unavailable(f"it should be {self.want} and is {server} {version}")
        if refusal:
            raise Unavailable(f"{server} {version} {refusal}")
        return Broker(_url(port), server, version, self.origin, PRIVATE_DATABASES)


def _url(port: int) -> str:
    return f"redis://127.0.0.1:{port}"
