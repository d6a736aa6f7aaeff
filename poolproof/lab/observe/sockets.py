"""Which process holds which connection to the broker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from poolproof.lab.observe import diag


@dataclass(frozen=True, slots=True)
class Socket:
    """One established connection of a worker's process to the broker; `local` is its own port."""

    pid: int
    local: int


def broker_sockets(pids: Iterable[int], port: int) -> tuple[Socket, ...]:
    """The connections of these processes to the broker's port; a connection shared by a fork counts twice."""
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
    """The process that holds the connection from port `local` to the broker's `port`, or 0 when none does.

    It is called for each connection. So it reads the whole list only where the kernel cannot look up one.
    """
    if inode := diag.inode(local, port):
        link = f"socket:[{inode}]"
        return next((pid for pid in pids if link in _open_files(pid)), 0)
    return next((socket.pid for socket in broker_sockets(pids, port) if socket.local == local), 0)


def _open_files(pid: int) -> Iterator[str]:
    """The targets of the open files of a process; none when the process is gone, or closed them meanwhile."""
    with suppress(OSError):
        for file in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                yield str(file.readlink())
