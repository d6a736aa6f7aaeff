"""One fresh worker, warmed up, in which the probes of one cell and repetition are timed."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from poolproof.lab.lab import Lab, Setup
from poolproof.lab.site import Site
from poolproof.model.cells import Cell
from poolproof.model.errors import BadInput, Void
from poolproof.timing.work import Work

WARM_UP = 0.05
"""Seconds that a warm-up task sleeps: long enough that each child and each thread gets one."""
ENOUGH = 0.1
"""A pilot must take at least so many seconds, or its rate is too uncertain."""


class WarmWorker:
    """A worker that answers and has run a task in each child or thread; `ready_s` is from spawn to answer."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.cell = lab.cell
        begun = time.monotonic()
        self.worker = lab.launch()
        lab.wait_answer(self.worker)
        self.ready_s = time.monotonic() - begun
        lab.check_in_force(self.worker)
        self.burst("io_sleep", WARM_UP, count=self.cell.slots)

    @property
    def command(self) -> str:
        """The worker's command line."""
        return str(self.worker.command)

    def burst(self, task: str, *arguments: Any, count: int) -> Work:
        """Let some tasks run while no clock runs, and prove that they ran."""
        work = Work.fill(self.lab, task, *arguments, count=count)
        work.release()
        work.prove()
        return work

    def rate(self, task: str, *arguments: Any, count: int) -> float:
        """Tasks a second, from a pilot of `count` tasks, which grows until it takes long enough."""
        while (seconds := self.burst(task, *arguments, count=count).seconds) < ENOUGH:
            count = math.ceil(count * min(4.0, max(2.0, 1.5 * ENOUGH / seconds)))
        return count / seconds


@contextmanager
def opened(site: Site, cell: Cell, folder: Path, setup: Setup) -> Iterator[WarmWorker]:
    """A warm worker, ended at the end; Void when it does not become ready, BadInput without a broker."""
    with _ends_the_run():
        lab = Lab(site, cell, folder, setup)
    try:
        yield WarmWorker(lab)
    finally:
        with _ends_the_run():
            lab.__exit__()
    lab.discard()


@contextmanager
def _ends_the_run() -> Iterator[None]:
    try:
        yield
    except Void as lost:
        raise BadInput(f"{lost}; the run ends here, and what was timed is kept") from None
