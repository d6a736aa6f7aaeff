"""The timings of one run: one warm worker at a time, and the measurements that its timed cases share."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path

from poolproof.catalogue.matrix import Matrix
from poolproof.lab.lab import PLAIN, Setup
from poolproof.lab.site import Site
from poolproof.model.cells import Cell
from poolproof.timing import sizing as choice
from poolproof.timing.helpers import bare_rates, start_server
from poolproof.timing.plan import Slot
from poolproof.timing.warm_worker import WarmWorker, opened


class TimingSession:
    """Starts warm workers; measures what several slots need: no-op rates, counts, ceilings."""

    def __init__(self, site: Site, matrix: Matrix, seconds: float, setup: Setup = PLAIN) -> None:
        self.site, self.matrix, self.seconds, self.setup = site, matrix, seconds, setup
        self.folder = self.worker_folder = site.folder / "timings"
        self.cores = len(os.sched_getaffinity(0))
        self.noop_rates: dict[tuple[int, int], float] = {}
        self.delays: dict[int, float] = {}
        self.counts: dict[tuple[str, Cell], int] = {}
        self._warm: WarmWorker | None = None
        self._repetition = 0
        self._fastest: dict[str, float] = {}
        self._looked = False
        self._port: int | None = None
        self._stack = ExitStack()
        self._numbers = count(1)

    def warm_worker(self, slot: Slot) -> WarmWorker:
        """The worker of this cell and repetition; a fresh one, if the open worker belongs to other slots."""
        if self._warm is None or (self._warm.cell, self._repetition) != (slot.cell, slot.repetition):
            self.close()
            self.worker_folder, self._repetition = self._path("worker"), slot.repetition
            self._warm = self._stack.enter_context(self._opened(slot.cell, self.worker_folder))
        return self._warm

    def _opened(self, cell: Cell, folder: Path) -> AbstractContextManager[WarmWorker]:
        return opened(self.site, cell, folder, self.setup)

    def _path(self, what: str) -> Path:
        return self.folder / f"{what}{next(self._numbers)}"

    def bare(self, task: str) -> float:
        """Calls a second of the bare function on one core: the fastest of the run, timed for each worker.

        Use the fastest call, so that no worker exceeds the ceiling.
        """
        if not self._looked:
            rates = bare_rates(self.site.supervisor, self._path("bare").with_suffix(".log"))
            self._fastest = {name: max(rate, self._fastest.get(name, 0.0)) for name, rate in rates.items()}
            self._looked = True
        return self._fastest[task]

    def port(self) -> int:
        """The port of the local server, which starts when it is first needed."""
        if self._port is None:
            self._port = start_server(self.site.supervisor, self._path("server").with_suffix(".log"))
        return self._port

    def noop_rate(self, warm: WarmWorker) -> float:
        """No-ops a second at the worker's concurrency and default prefetch, measured in each repetition."""
        at = warm.cell.concurrency, self._repetition
        if at not in self.noop_rates:
            cell = replace(warm.cell, prefetch=self.matrix.default("prefetch", warm.cell.pool))
            with ExitStack() as beside:
                other = self._opened(cell, self._path("default"))
                at_default = warm if warm.cell == cell else beside.enter_context(other)
                self.noop_rates[at] = at_default.rate("noop", count=4 * warm.cell.slots)
        return self.noop_rates[at]

    def delay(self, warm: WarmWorker) -> float:
        """How long waiting tasks wait in all cells and repetitions of this concurrency, in seconds."""
        rules, at = self.matrix.timing, warm.cell.concurrency
        if at not in self.delays:
            rate = self.noop_rate(warm)
            self.delays[at] = choice.delay(warm.cell.slots, rate, rules.least_delay, rules.headroom)
        return self.delays[at]

    def close(self) -> None:
        """End the warm worker, if there is one."""
        self._warm, self._looked = None, False
        self._stack.close()
