"""The work that is timed, as plain functions: a task and a process without Celery run the same ones."""

from __future__ import annotations

import hashlib
import socket
import time

LOOPS = 130_000
HASHES = 44_000
"""Each about 10 ms of one core: long compared with the delivery of a task, short compared with a run."""
PATIENCE = 30.0


def cpu_python() -> int:
    """Compute in pure Python, so that the interpreter's lock is held all the time."""
    value = 1
    for number in range(LOOPS):
        value = (value * 1_103_515_245 + number) & 0x7FFFFFFF
    return value


def cpu_nogil() -> str:
    """Compute inside a C function that releases the interpreter's lock."""
    return hashlib.pbkdf2_hmac("sha256", b"poolproof", b"salt", HASHES).hex()


def io_sleep(delay: float) -> None:
    """Wait for a timer."""
    time.sleep(delay)


def io_socket(port: int, delay: float) -> int:
    """Wait for a server that answers `delay` seconds after the request; returns the length of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(f"{delay}\n".encode())
        return len(connection.recv(64))
