"""The work that is timed, by bare functions: a task and a process without Celery run the very same ones."""

from __future__ import annotations

import hashlib
import socket
import time

LOOPS = 130_000
HASHES = 44_000
"""Each about 10 ms of one core: long beside the way to a task, short beside a run."""
PATIENCE = 30.0


def cpu_python() -> int:
    """Compute in pure Python, so that the interpreter's lock is held throughout."""
    value = 1
    for number in range(LOOPS):
        value = (value * 1_103_515_245 + number) & 0x7FFFFFFF
    return value


def cpu_nogil() -> str:
    """Compute inside a C function that lets go of the interpreter's lock."""
    return hashlib.pbkdf2_hmac("sha256", b"poolproof", b"salt", HASHES).hex()


def io_sleep(delay: float) -> None:
    """Wait for a timer."""
    time.sleep(delay)


def io_socket(port: int, delay: float) -> int:
    """Wait for a server that answers `delay` seconds after it was asked; returns the length of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(f"{delay}\n".encode())
        return len(connection.recv(64))
