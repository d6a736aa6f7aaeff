"""Where timings take place: one room at a time, and what its stages share."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from poolproof.catalogue.matrix import Matrix
from poolproof.lab.lab import Setup, Site
from poolproof.model.cells import Cell
from poolproof.timing import sizing as choice
from poolproof.timing.helpers import bare_rates, start_server
from poolproof.timing.plan import Slot
from poolproof.timing.warm_worker import Room, opened


@dataclass(slots=True)
class Hall:
    """Opens rooms in `folder`, and measures what several slots need: no-op rates, counts, ceilings."""

    site: Site
    folder: Path
    matrix: Matrix
    seconds: float
    setup: Setup = field(default_factory=Setup)
    cores: int = field(init=False)
    room_folder: Path = field(init=False)
    noop_rates: dict[tuple[int, int], float] = field(init=False, default_factory=dict)
    delays: dict[int, float] = field(init=False, default_factory=dict)
    counts: dict[tuple[str, Cell], int] = field(init=False, default_factory=dict)
    _room: Room | None = field(init=False, default=None)
    _repetition: int = field(init=False, default=0)
    _fastest: dict[str, float] = field(init=False, default_factory=dict)
    _looked: bool = field(init=False, default=False)
    _port: int | None = field(init=False, default=None)
    _stack: ExitStack = field(init=False, default_factory=ExitStack)
    _numbers: count[int] = field(init=False, default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.cores = len(os.sched_getaffinity(0))

    def room(self, slot: Slot) -> Room:
        """The room of the slot's cell and repetition; another one is closed, and a fresh worker started."""
        if self._room is None or (self._room.cell, self._repetition) != (slot.cell, slot.repetition):
            self.close()
            self.room_folder, self._repetition = self._path("room"), slot.repetition
            self._room = self._stack.enter_context(self._opened(slot.cell, self.room_folder))
        return self._room

    def _opened(self, cell: Cell, folder: Path) -> AbstractContextManager[Room]:
        return opened(self.site, cell, folder, self.setup)

    def _path(self, what: str) -> Path:
        return self.folder / f"{what}{next(self._numbers)}"

    def bare(self, task: str) -> float:
        """Calls a second of the bare function on one core, the fastest of the run, timed again in each room.

        One that shared its core with somebody would be a ceiling that a worker can pass.
        """
        if not self._looked:
            rates = bare_rates(self.site.supervisor, self._path("bare").with_suffix(".log"))
            self._fastest = {name: max(rate, self._fastest.get(name, 0.0)) for name, rate in rates.items()}
            self._looked = True
        return self._fastest[task]

    def port(self) -> int:
        """The port of the local server, which is started when it is needed first."""
        if self._port is None:
            self._port = start_server(self.site.supervisor, self._path("server").with_suffix(".log"))
        return self._port

    def noop_rate(self, room: Room) -> float:
        """No-ops a second at the room's concurrency and the default prefetch, measured in each repetition."""
        at = room.cell.concurrency, self._repetition
        if at not in self.noop_rates:
            cell = replace(room.cell, prefetch=self.matrix.prefetch.default)
            with ExitStack() as beside:
                other = self._opened(cell, self._path("default"))
                at_default = room if room.cell == cell else beside.enter_context(other)
                self.noop_rates[at] = at_default.rate("noop", count=4 * room.cell.slots)
        return self.noop_rates[at]

    def delay(self, room: Room) -> float:
        """How long waiting tasks wait in every cell and repetition of this concurrency, in seconds."""
        rules, at = self.matrix.timing, room.cell.concurrency
        if at not in self.delays:
            rate = self.noop_rate(room)
            self.delays[at] = choice.delay(room.cell.slots, rate, rules.least_delay, rules.headroom)
        return self.delays[at]

    def close(self) -> None:
        """End the worker of the room that is open."""
        self._room, self._looked = None, False
        self._stack.close()
