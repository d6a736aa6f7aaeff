"""Helpers that the tests of brokers share."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import redis

from poolproof.host.broker import Broker
from poolproof.host.broker.path import free_port
from poolproof.host.broker.server import connect
from poolproof.host.broker.wheel import executable
from poolproof.host.supervisor import Supervisor
from poolproof.host.waiting import until

SECRET = "hush+4711"
Open = Callable[..., Broker]
Bad = Callable[..., str]


def ask(broker: Broker, number: int = 0) -> Any:
    return connect(broker.database_url(number))


@contextmanager
def answering(*, reply: bytes | None) -> Iterator[str]:
    """The URL of a server that sends each client one reply and disconnects; with None, it sends nothing."""
    held: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            held.append(connection)
            if reply is not None:
                connection.recv(4096)
                connection.sendall(reply)
                connection.close()

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"redis://:{SECRET}@127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    for connection in held:
        connection.close()


@contextmanager
def locked(folder: Path) -> Iterator[tuple[str, int]]:
    """A user's server: the URL of its database 0, with the password that it requires, and its pid."""
    url = f"redis://:{SECRET}@127.0.0.1:{(port := free_port())}/0"
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--requirepass", SECRET]
    with Supervisor("test-locked") as supervisor, connect(url) as client:
        pid = supervisor.spawn(
            [str(executable("redis")), *options], env={}, cwd=folder, log=folder / "server.log"
        )
        assert until(lambda: _answers(client)), (folder / "server.log").read_text()
        yield url, pid


def _answers(client: Any) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
