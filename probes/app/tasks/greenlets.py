"""Tasks that tell whether others run while they wait, or compute, and how often their greenlet has served."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import IO

from probes.app.settings import SETTINGS
from probes.app.tasks.recorded import note, recorded
from probes.timing import load

SECONDS = 0.3
"""How long a task waits or computes that ends by itself: long beside the interval of the ticks."""
TICK = 0.01
BLOCK = bytes(2**20)


@recorded
def ticking(gate: str) -> None:
    """Tick until the gate is opened."""
    path = Path(SETTINGS.gates) / gate
    while not path.exists():
        note("tick")
        time.sleep(TICK)


@recorded
def spend(way: str) -> None:
    """Spend time in one way, between the events `waiting` and `waited`."""
    note("waiting", way)
    WAYS[way]()
    note("waited", way)


@recorded
def listen(port: int) -> None:
    """Wait at a connection until the run closes its other end; connecting is no part of the wait."""
    with closing(socket.create_connection(("127.0.0.1", port))) as connection:
        note("waiting", "socket")
        connection.recv(1)
        note("waited", "socket")


@recorded
def count_in_greenlet() -> None:
    """Note how many tasks the greenlet has run that runs this one."""
    greenlet = sys.modules["greenlet"].getcurrent()
    greenlet.served = getattr(greenlet, "served", 0) + 1
    note("served", greenlet.served)


def _sleep() -> None:
    time.sleep(SECONDS)


def _use_file() -> None:
    """Write to a file, and see each block to the disk."""
    with tempfile.TemporaryFile(buffering=0) as file:
        _again(lambda: _write_through(file))


def _write_through(file: IO[bytes]) -> None:
    file.seek(0)
    file.write(BLOCK)
    os.fsync(file.fileno())


def _compute() -> None:
    load.cpu_python()  # looked up when it is called, so that a mutant reaches it


def _compute_without_the_gil() -> None:
    load.cpu_nogil()


def _again(work: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        work()


WAYS: dict[str, Callable[[], None]] = {
    "sleep": _sleep,
    "file": _use_file,
    "python": lambda: _again(_compute),
    "nogil": lambda: _again(_compute_without_the_gil),
}
