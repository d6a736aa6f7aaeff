"""A broker that the user runs: every mistake in its address is reported in one line, before the run."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import redis

from poolproof.host.broker.commands import ALL_RIGHTS, RENAMED, memory_left, mend, refused
from poolproof.host.broker.mark import MARK, holder, mark, unmark
from poolproof.host.broker.server import ANSWER, KINDS, Broker, connect, identify, last_line, masked
from poolproof.model.errors import BadInput

FORM = "redis://[[user]:password@]host[:port][/number], special characters of the password percent-encoded"
PROTECTED = (
    "is in protected mode, so it serves its own machine alone; "
    "run Poolproof there, or give the server a password (requirepass)"
)
CLUSTER = "is a cluster or a sentinel; give a single server"
EXAMINED_WITHIN = 60
MOST_DIGITS = 9
MEMORY = 16 * 2**20
"""Bytes that a server with a limit must have left: more than the messages and results of a trial need."""
NO_REDIS = "something answers there that is no Redis; correct host and port"


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a broker's URL; as text it is the form that may be printed."""

    url: str = field(repr=False)
    host: str
    port: int
    number: int
    password: str | None = field(repr=False)

    @property
    def place(self) -> str:
        """The options of redis-cli for this address; without the password, for which redis-cli asks."""
        return f"-h {self.host} -p {self.port} -n {self.number}" + (" --askpass" if self.password else "")

    def bad(self, mistake: str) -> BadInput:
        """The error for this address."""
        return BadInput(f"--broker-url {masked(self.url)}: {mistake}")


def from_url(url: str, want: str) -> Broker:
    """The broker at `url`, checked to be of the wanted kind, writable and empty; BadInput otherwise."""
    address = parse(url)
    _reach(address)
    try:
        with connect(f"{_server(address)}/{address.number}") as client:
            return _examined(client, address, want)
    except (redis.RedisError, ValueError, OSError) as error:
        raise address.bad(_explained(error, address)) from None


def parse(url: str) -> Address:
    """The parts of a URL; the server is not asked."""
    scheme = url.partition("://")[0].lower()
    if scheme in ("rediss", "unix", "redis+socket", "sentinel"):
        raise BadInput(f"--broker-url {masked(url)}: {scheme}:// is not supported; give a redis:// address")
    try:
        parts = urlsplit(url)
        host, port, number = parts.hostname, parts.port, parts.path.strip("/") or "0"
    except ValueError:
        host = None
    if host is None or scheme != "redis" or not _digits(number) or parts.query or parts.fragment:
        raise BadInput(f"--broker-url {masked(url)}: is not a Redis address; write {FORM}")
    if len(number) > MOST_DIGITS:
        raise BadInput(
            f"--broker-url {masked(url)[:200]}: no server has so many databases; name a lower number"
        )
    password = None if parts.password is None else unquote(parts.password)
    return Address(url, host, 6379 if port is None else port, int(number), password)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _server(address: Address) -> str:
    parts = urlsplit(address.url)
    return f"redis://{parts.netloc}"


def _reach(address: Address) -> None:
    try:
        socket.create_connection((address.host, address.port), timeout=ANSWER).close()
    except (OSError, OverflowError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise address.bad(f"does not answer ({why}); start the server, or correct host and port") from None


def _examined(client: redis.Redis, address: Address, want: str) -> Broker:
    info: Any = client.info("server")
    if "redis_version" not in info:
        raise address.bad(NO_REDIS)
    server, version = identify(info)
    replication: Any = client.info("replication")
    held: Any = client.dbsize()
    taken = bool(client.exists(MARK))
    mistakes = {
        f"is {server} {version}, and this environment is for {want}; "
        f"take the one for {server}, or another server": not KINDS[want].includes(server, version),
        CLUSTER: info.get("redis_mode") != "standalone",
        "is a replica; give its primary, because what is written to a replica is lost": replication.get(
            "role"
        )
        != "master",
        f"database {address.number} is in use by {holder(client)}; name another one, or end that run; "
        f"if it was killed, free the database: redis-cli {address.place} FLUSHDB": taken,
        f"database {address.number} is not empty, it holds {held} keys; "
        "name an empty one, for nothing of yours is ever flushed": held > 0,
    }
    mistake = next((text for text, is_so in mistakes.items() if is_so), None)
    if mistake is not None:
        raise address.bad(mistake)
    _ask(client, address)
    return Broker(_server(address), server, version, "url", _databases(client, address), address.number)


def _ask(client: redis.Redis, address: Address) -> None:
    """Let the server do once what a run needs, in a database that is marked during that time."""
    try:
        if not mark(client, lasts=EXAMINED_WITHIN):
            raise address.bad(f"database {address.number} was taken by another run this moment; name another")
    except redis.ResponseError as error:
        raise address.bad(
            f"refuses SET ({_without_secret(last_line(str(error)), address)}); {mend(error)}"
        ) from None
    try:
        refusal = refused(client)
    finally:
        unmark(client)
    if refusal:
        raise address.bad(_without_secret(refusal, address))
    left = memory_left(client)
    if left is not None and left < MEMORY:
        raise address.bad(
            f"has {left // 2**20} MiB of memory left, and a run needs {MEMORY // 2**20}; "
            "raise maxmemory, or free some"
        )


def _databases(client: redis.Redis, address: Address) -> int:
    """The number after the server's last database; after ours when the server does not give it."""
    try:
        config: Any = client.config_get("databases")
        return int(config["databases"])
    except (redis.ResponseError, KeyError, ValueError):
        return address.number + 1


def _explained(error: Exception, address: Address) -> str:
    """What an error means for this address; the first that fits, because some errors are special cases."""
    text = last_line(str(error))
    answer = _without_secret(text, address)
    silent = (
        f"takes the connection and is silent for {ANSWER:.0f} s; correct host and port, or mend the server"
    )
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (redis.AuthenticationError, _refused(text, address)),
        (redis.exceptions.AuthenticationWrongNumberOfArgsError, _refused(text, address)),
        (
            redis.exceptions.NoPermissionError,
            f"{answer}; {ALL_RIGHTS}",
        ),
        (redis.exceptions.ClusterError, CLUSTER),
        (redis.exceptions.MovedError, CLUSTER),
        (redis.BusyLoadingError, "the server is still loading its data; try again when it is ready"),
        (redis.ResponseError, _answered(answer, address)),
        (redis.TimeoutError, silent),
    )
    return next((saying for kind, saying in kinds if isinstance(error, kind)), "") or _stranger(address)


def _stranger(address: Address) -> str:
    """Why the other side hangs up: a Redis in protected mode sends a reason that redis-py does not show."""
    with suppress(OSError), socket.create_connection((address.host, address.port), timeout=ANSWER) as there:
        there.sendall(b"PING\r\n")
        if there.recv(4096).startswith(b"-DENIED"):
            return PROTECTED
    return NO_REDIS


def _answered(text: str, address: Address) -> str:
    """What an error means that the server returns to its first commands."""
    if "cluster" in text:
        return CLUSTER
    if "DB index" in text or "out of range" in text:
        return f"the server has no database {address.number}; name a lower number"
    refused_a_command = f"the server says: {text}; {RENAMED}"
    return (
        refused_a_command
        if "unknown command" in text
        else f"the server says: {text}; mend it, or give another"
    )


def _without_secret(text: str, address: Address) -> str:
    """An answer without secrets, because some servers repeat what they received, also a password."""
    held = any(secret in text for secret in (address.password, urlsplit(address.url).password) if secret)
    return "something with the password in it" if held else text


def _refused(text: str, address: Address) -> str:
    if address.password is None:
        return "wants a password; write redis://:PASSWORD@host:port/number"
    if "without any password" in text or "no password is set" in text:
        return "has no password, and the address gives one; leave it out"
    return "refuses the password; correct it"
