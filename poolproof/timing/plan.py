"""The plan of the timings: which probes run in which cells, how often, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

from poolproof.catalogue.matrix import Matrix
from poolproof.catalogue.shards import WHOLE, Shard
from poolproof.model.cells import Cell

PROBES = ("cpu-python", "cpu-nogil", "io-sleep", "io-socket")
"""What is timed, in the order in which the probes share a worker."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One timed run; repetitions are counted from 1, and each repetition of a cell has a fresh worker."""

    probe: str
    cell: Cell
    repetition: int

    @property
    def id(self) -> str:
        """The slot as pytest's ids write it: `prefork-c4-p1-r2`."""
        return f"{self.cell.id}-r{self.repetition}"


def cells(pool: str, tier: str, matrix: Matrix) -> tuple[Cell, ...]:
    """The cells that are timed; for each concurrency the default prefetch first, where no-ops are timed."""
    crossed = matrix.cross(pool, matrix.timing.effort(tier).over, {})
    kept = [cell for cell in crossed if not matrix.timing.leaves_out(cell)]
    usual = matrix.default("prefetch", pool)
    return tuple(sorted(kept, key=lambda cell: (cell.concurrency, cell.prefetch != usual)))


def slots(pool: str, tier: str, matrix: Matrix, shard: Shard = WHOLE) -> tuple[Slot, ...]:
    """Every timed run, repetition outermost, so that a slow minute of the machine affects all cells alike."""
    mine = shard.cells([(probe, cell) for cell in cells(pool, tier, matrix) for probe in PROBES])
    repetitions = range(1, matrix.timing.effort(tier).repetitions + 1)
    return tuple(Slot(probe, cell, repetition) for repetition in repetitions for probe, cell in mine)
