"""The tasks that most claims use: nothing, waiting at a gate, and the loads that are timed."""

from __future__ import annotations

from probes.application import app
from probes.shared import load
from probes.tasks.recorded import recorded, wait_at


@recorded
def noop() -> None:
    """Do nothing, so that only the delivery of the task and its result is observed."""


@app.task(name="tasks.unrecorded_noop")
def unrecorded_noop() -> None:
    """Do nothing and record nothing: the comparison for measuring the cost of recording."""


@recorded
def hold(gate: str, *_tag: str) -> None:
    """Run until the gate is opened, so that 'during a task' is a state and not a moment."""
    wait_at(gate)


cpu_python = recorded(load.cpu_python)
cpu_nogil = recorded(load.cpu_nogil)
io_sleep = recorded(load.io_sleep)
io_socket = recorded(load.io_socket)
