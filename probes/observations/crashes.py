"""A worker around the death of one of its processes."""

from __future__ import annotations

from dataclasses import dataclass

from probes.history import History
from probes.observations.processes import Tree


@dataclass(frozen=True, slots=True)
class Crash:
    """A worker around the death of the process `victim`, and the other tasks that were sent with it."""

    victim: int
    before: Tree
    after: Tree
    exit_status: int | None
    bystanders: tuple[str, ...]
    history: History
