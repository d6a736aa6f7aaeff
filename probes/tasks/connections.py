"""Tasks that use a connection of their application, as tasks use a database connection, or that share one."""

from __future__ import annotations

import re
import socket
import threading
from functools import cache
from urllib.parse import urlsplit

from probes.settings import SETTINGS
from probes.tasks.recorded import note, recorded, wait_at


@cache
def database() -> socket.socket:
    """The application's one connection to its database, opened when it is first asked for."""
    return _connect()


def database_of_thread() -> socket.socket:
    """The connection of the thread that asks, kept in a `threading.local` as Django keeps its own."""
    if not hasattr(_of_thread, "database"):
        _of_thread.database = _connect()
    connection: socket.socket = _of_thread.database
    return connection


_of_thread = threading.local()


def _connect() -> socket.socket:
    at = urlsplit(SETTINGS.broker)
    return socket.create_connection((at.hostname or "127.0.0.1", at.port or 6379))


@cache
def shared(port: int) -> socket.socket:
    """The process's one connection to the run at this port."""
    return socket.create_connection(("127.0.0.1", port))


@cache
def greeted(port: int) -> socket.socket:
    """The process's one connection to a database that greets each client: it is open after the greeting."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.recv(1)
    return connection


def read(connection: socket.socket) -> str:
    """Wait for one letter; record the library's error when it refuses."""
    try:
        return connection.recv(1).decode()
    except Exception as error:
        note("refused", re.split("[.:]", str(error))[0])
        raise


@recorded
def use_database(gate: str) -> None:
    """Record the local port of the connection that is used here, and hold it until the gate is opened."""
    note("used", database().getsockname()[1])
    wait_at(gate)


@recorded
def use_database_of_thread(gate: str) -> None:
    """Record the local port of the thread's connection, and hold it until the gate is opened."""
    note("used", database_of_thread().getsockname()[1])
    wait_at(gate)


@recorded
def use_greeting_database(port: int, gate: str) -> None:
    """Record that the connection is requested, and which one it is, and hold it until the gate is opened."""
    note("asking", "greeted")
    note("used", greeted(port).getsockname()[1])
    wait_at(gate)


@recorded
def read_shared(port: int) -> None:
    """Wait to read from the connection that all tasks of the process share; connecting is not included."""
    connection = shared(port)
    note("waiting", "shared")
    note("read", read(connection))
