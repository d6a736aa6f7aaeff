"""Tasks that use a connection of their application, as tasks use a database's."""

from __future__ import annotations

import socket
from functools import cache
from urllib.parse import urlsplit

from probes.app.settings import SETTINGS
from probes.app.tasks.recorded import note, recorded, wait_at


@cache
def database() -> socket.socket:
    """The application's one connection to its database, opened when it is first asked for."""
    at = urlsplit(SETTINGS.broker)
    return socket.create_connection((at.hostname or "127.0.0.1", at.port or 6379))


@recorded
def use_database(gate: str) -> None:
    """Note the local port of the connection that is used here, and hold it until the gate is opened."""
    note("used", database().getsockname()[1])
    wait_at(gate)
