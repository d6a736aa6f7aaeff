"""How much memory a worker uses, and which of its pages are shared or writable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from poolproof.model.regions import Region


@dataclass(frozen=True, slots=True)
class Weight:
    """A worker's proportional set size in MiB, which counts shared pages once, and its processes.

    `own` is the part of it that comes from no file. Other processes share the pages of files, so
    their part depends on what else runs on the machine.
    """

    name: str
    mib: float
    processes: int
    own: float

    def __str__(self) -> str:
        return f"{self.name} {self.mib:.1f} MiB ({self.processes} process{'es' * (self.processes > 1)})"


@dataclass(frozen=True, slots=True)
class Weights:
    """The worker under test and a solo worker, side by side after the same tasks.

    `worker_at_work` and `solo_at_work` were taken while each slot of either ran a task.
    """

    worker: Weight
    solo: Weight
    worker_at_work: Weight
    solo_at_work: Weight


@dataclass(frozen=True, slots=True)
class ChildrenPages:
    """The regions of a worker's children by pid, while a task ran in each."""

    children: Mapping[int, tuple[Region, ...]]


@dataclass(frozen=True, slots=True)
class Code:
    """Where a process has the code of the task that it ran; no region when no mapping contains it.

    `machine` has the mappings of machine code: those of files that the process may execute.
    """

    pid: int
    address: int
    region: Region | None
    machine: tuple[Region, ...] = ()
