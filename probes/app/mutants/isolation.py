"""Faults in what tasks share, and in what a fork does to NumPy."""

from __future__ import annotations

import mmap
import os
import signal
from typing import Any

import celery.signals

from probes.app.mutants.registry import Applied, mutant
from probes.app.tasks import isolation


@mutant
def counts_in_shared_memory(applied: Applied) -> None:
    """The globals of a module lie in memory that the manager and its children share."""
    shared = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("q")

    class Shared(list[int]):
        def __getitem__(self, place: Any) -> Any:
            applied()
            return shared[place]

        def __setitem__(self, place: Any, value: Any) -> None:
            shared[place] = value

    isolation.counter = Shared()


@mutant
def globals_anew_for_each_task(applied: Applied) -> None:
    """Each task finds the globals of its module as they were when it was loaded."""

    def forget(**_: object) -> None:
        applied()
        isolation.counter = [0]

    celery.signals.task_prerun.connect(forget, weak=False)


@mutant
def crashes_in_numpy(applied: Applied) -> None:
    """Multiplying with NumPy ends the process that runs tasks: what the document fears of a fork."""

    def crash(*_: object) -> None:
        applied()
        os.kill(os.getpid(), signal.SIGSEGV)

    def poison(**_: object) -> None:
        import numpy

        numpy.matmul = crash  # type: ignore[assignment]

    celery.signals.worker_process_init.connect(poison, weak=False)
