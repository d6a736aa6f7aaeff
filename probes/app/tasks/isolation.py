"""A task that changes a global of its module, and a command that asks the main process for it."""

from __future__ import annotations

from collections.abc import MutableSequence

from celery.worker.control import control_command

from probes.app.recorder import record
from probes.app.tasks.recorded import note, recorded, wait_at

counter: MutableSequence[int] = [0]
"""The global; an item of a list, so that a mutant can put other memory in its place."""


@recorded
def bump(gate: str) -> None:
    """Count one more in the global, note what it is now, and wait at the gate."""
    counter[0] += 1
    note("counted", counter[0])
    wait_at(gate)


@control_command()
def tell_counter(_state: object) -> None:
    """Record the global as it is in the process that answers remote control: the manager."""
    record("told", str(counter[0]))
