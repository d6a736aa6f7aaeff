"""Tasks that change a global of their module or start a process, and a command that asks for the global."""

from __future__ import annotations

import sys
import threading
from collections.abc import MutableSequence
from multiprocessing import get_context

from celery.worker.control import control_command

from probes.recorder import record
from probes.tasks.recorded import note, recorded, wait_at

Counter = MutableSequence[int]
"""An item of a list, so that a mutant can replace its memory."""


class Local(threading.local):
    """A counter for each thread; in a green pool the library has replaced `threading`."""

    def __init__(self) -> None:
        self.counter: Counter = [0]


counter: Counter = [0]
local = Local()
WELL = 73
"""The exit status of a process that did its work; no other process ends with it."""


@recorded
def bump(gate: str, kind: str) -> int:
    """Increase a global of that kind by one, record its value, and wait at the gate."""
    mine = _counter(kind)
    mine[0] += 1
    value = mine[0]
    note("counted", value)
    wait_at(gate)
    return value


@control_command()
def tell_counter(_state: object, kind: str) -> None:
    """Record the value of the global in the process that answers remote control: the manager."""
    record("counter", str(_counter(kind)[0]))


def _counter(kind: str) -> Counter:
    return local.counter if kind == "thread_local" else counter


@recorded
def start_a_process() -> bool:
    """Start a process, as a library does that computes on several cores, and record that it ended well."""
    process = get_context("fork").Process(target=sys.exit, args=(WELL,))
    try:
        process.start()
    except AssertionError as refusal:
        note("refused", refusal)
        raise
    process.join()
    note("answered" if process.exitcode == WELL else "refused", f"it ended with {process.exitcode}")
    return process.exitcode == WELL
