"""Tasks that show whether others run while they wait or compute, and that describe their greenlet."""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from probes.settings import SETTINGS
from probes.shared import load
from probes.tasks.recorded import note, recorded

SECONDS = 0.3
"""The seconds that a task waits or computes if it ends by itself: many intervals of the ticks."""
TICK = 0.01
BLOCK = bytes(2**20)
SLEEPS = 5
ticks: list[None] = []
"""One for each tick of this process."""


@recorded
def ticking(gate: str) -> None:
    """Tick until the gate is opened."""
    path = Path(SETTINGS.gates) / gate
    while not path.exists():
        note("tick")
        ticks.append(None)
        time.sleep(TICK)


@recorded
def spend(way: str) -> None:
    """Spend time in one way, between the events `waiting` and `waited`."""
    note("waiting", way)
    WAYS[way]()
    note("waited", way)


@recorded
def listen(port: int) -> None:
    """Wait on a connection until the run closes its other end; connecting is not part of the wait."""
    with closing(socket.create_connection(("127.0.0.1", port))) as connection:
        note("waiting", "socket")
        connection.recv(1)
        note("waited", "socket")


@recorded
def describe_greenlet() -> None:
    """Describe the greenlet that runs this task, and let others run."""
    _note_greenlet("describe_greenlet")


@recorded
def describe_again() -> None:
    """The same, as a task of another name."""
    _note_greenlet("describe_again")


def _note_greenlet(name: str) -> None:
    """Record how many tasks the current greenlet has run, whether it was made, and on which stack it runs."""
    note("greenlet", json.dumps({"name": name, **describe()}))
    time.sleep(TICK)


def describe() -> dict[str, Any]:
    """The current greenlet: the fields of an observation of it except the name of its task."""
    greenlet = sys.modules["greenlet"].getcurrent()
    greenlet.served = getattr(greenlet, "served", 0) + 1
    return {
        "served": greenlet.served,
        "root": greenlet.parent is None,
        "on_main_stack": _is_on_the_main_stack(),
    }


def _is_on_the_main_stack() -> bool:
    """Whether any register points into the process's first stack: the stack pointer always does, on it."""
    registers = (ctypes.c_ulong * 1024)()
    ctypes.CDLL(None).getcontext(registers)
    (line,) = [line for line in Path("/proc/self/maps").read_text().splitlines() if line.endswith("[stack]")]
    start, end = (int(address, 16) for address in line.split()[0].split("-"))
    return any(start <= register < end for register in registers)


def _sleep() -> None:
    """Sleep until another greenlet has run, a few times at most: the machine may have stood still."""
    before = len(ticks)
    for _ in range(SLEEPS):
        time.sleep(SECONDS)
        if len(ticks) > before:
            return


def _use_file() -> None:
    """Write to a file, and sync each block to the disk."""
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
