"""The tasks that a worker under test runs, each recorded by one decorator."""

from __future__ import annotations

import functools
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from probes.app.application import app
from probes.app.recorder import record
from probes.app.settings import SETTINGS
from probes.timing import load

F = TypeVar("F", bound=Callable[..., Any])


def recorded(function: F) -> F:
    """Make `function` a task that writes when it starts and how it ends, from inside the pool."""

    @functools.wraps(function)
    def body(self: Any, *args: Any) -> Any:
        request = self.request
        task, delivery = request.id, request.delivery_info
        record("started", "", task, delivery)
        try:
            result = function(*args)
        except BaseException as fault:
            record("failed", type(fault).__name__, task, delivery)
            raise
        record("ended", "", task, delivery)
        return result

    task: F = app.task(bind=True, name=f"tasks.{function.__name__}")(body)
    return task


@recorded
def noop() -> None:
    """Do nothing, so that only the way to the task and back is seen."""


@app.task(name="tasks.unrecorded_noop")
def unrecorded_noop() -> None:
    """Do nothing and record nothing: the other side of the measure of what recording costs."""


def wait_at(gate: str) -> None:
    """Return when the run has opened the gate."""
    path = Path(SETTINGS.gates) / gate
    while not path.exists():
        time.sleep(0.01)


@recorded
def hold(gate: str) -> None:
    """Run until the gate is opened, so that 'during a task' is a state and not a moment."""
    wait_at(gate)


@recorded
def crash(way: str, gate: str) -> None:
    """Wait at the gate, then end the process that runs this task, as `way` says: exit or segv."""
    wait_at(gate)
    record("struck")
    if way == "exit":
        os._exit(70)
    os.kill(os.getpid(), getattr(signal, f"SIG{way.upper()}"))


cpu_python = recorded(load.cpu_python)
cpu_nogil = recorded(load.cpu_nogil)
io_sleep = recorded(load.io_sleep)
io_socket = recorded(load.io_socket)
