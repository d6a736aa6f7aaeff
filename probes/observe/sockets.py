"""Which process holds which connection to the broker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Socket:
    """One established connection of a worker's process to the broker; `local` is its own port."""

    pid: int
    local: int


def broker_sockets(pids: Iterable[int], port: int) -> tuple[Socket, ...]:
    """The connections to the broker's port that these processes hold; one shared by a fork counts twice."""
    found = []
    for pid in pids:
        try:
            connections = psutil.Process(pid).net_connections("tcp")
        except psutil.NoSuchProcess:
            continue
        found += [
            Socket(pid, connection.laddr.port)
            for connection in connections
            if connection.raddr and connection.raddr.port == port and connection.status == "ESTABLISHED"
        ]
    return tuple(found)


def owner(local: int, pids: Iterable[int], port: int) -> int:
    """The process that holds the connection from port `local` to the broker's `port`, or 0 when none does."""
    return next((socket.pid for socket in broker_sockets(pids, port) if socket.local == local), 0)
