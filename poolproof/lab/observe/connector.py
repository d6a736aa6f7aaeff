"""The kernel's own messages about the births and deaths of processes and threads: its process connector.

Only root of the machine gets them, and no process in a container; births.py describes the other method.
"""

from __future__ import annotations

import os
import select
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

NETLINK_CONNECTOR = 11
CN_PROC = 1
LISTEN = 1
HEADERS = struct.Struct("=IHHII" + "IIIIHH")
EVENT = struct.Struct("=IIQ")
FOUR = struct.Struct("=IIII")
ACKNOWLEDGED, FORK, EXEC, EXIT = 0, 1, 2, 0x80000000
ANSWERS_WITHIN = 1.0
BUFFER = 8 * 2**20
"""Bytes of messages that the kernel keeps for us: more than one second of many forks."""


class Notice(NamedTuple):
    """One message: `process` is the process, `task` is its thread, `status` is a wait status."""

    kind: int
    at: int
    process: int
    task: int
    parent: int = 0
    status: int = 0


class Connector:
    """A subscription; OSError when the kernel refuses it."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, NETLINK_CONNECTOR)
        try:
            self._subscribe()
        except OSError:
            self._socket.close()
            raise
        self._socket.setblocking(False)

    def _subscribe(self) -> None:
        self._socket.bind((0, CN_PROC))
        with suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_RCVBUFFORCE", 33), BUFFER)
        length = HEADERS.size + 4
        header = HEADERS.pack(length, 3, 0, 0, os.getpid(), CN_PROC, CN_PROC, 0, 0, 4, 0)
        self._socket.send(header + struct.pack("=I", LISTEN))
        if not select.select([self._socket], [], [], ANSWERS_WITHIN)[0]:
            raise OSError("the kernel sends no messages about processes")

    def fileno(self) -> int:
        """The descriptor that is readable when there are messages."""
        return self._socket.fileno()

    def read(self) -> Iterator[Notice]:
        """Every message that waits; OSError ENOBUFS when the kernel had to drop some."""
        while True:
            try:
                data = self._socket.recv(65536)
            except BlockingIOError:
                return
            notice = _parse(data[HEADERS.size :])
            if notice:
                yield notice

    def close(self) -> None:
        """End the subscription."""
        self._socket.close()


def _parse(event: bytes) -> Notice | None:
    kind, _, at = EVENT.unpack_from(event)
    if kind not in (FORK, EXEC, EXIT):
        return None
    first, second, third, fourth = FOUR.unpack_from(event.ljust(EVENT.size + FOUR.size, b"\0"), EVENT.size)
    if kind == FORK:
        return Notice(kind, at, process=fourth, task=third, parent=second)
    return Notice(kind, at, process=second, task=first, status=third if kind == EXIT else 0)
