"""Mutants of the order of queues."""

from __future__ import annotations

import itertools
from typing import Any

from kombu.utils import scheduling

from probes.mutants.registry import Applied, mutant


@mutant
def rotates_in_spite_of_priority(applied: Applied) -> None:
    """The priority order of queues rotates as the round robin does."""

    def rotate(self: Any, last_used: Any) -> Any:
        applied()
        return scheduling.round_robin_cycle.rotate(self, last_used)

    scheduling.priority_cycle.rotate = rotate


@mutant
def rotates_after_twenty(applied: Applied) -> None:
    """The priority order of queues does not change for twenty fetches, and then rotates."""
    fetches = itertools.count(1)

    def rotate(self: Any, last_used: Any) -> Any:
        if next(fetches) > 20:
            applied()
            scheduling.round_robin_cycle.rotate(self, last_used)
        return last_used

    scheduling.priority_cycle.rotate = rotate


@mutant
def serves_the_last_second(applied: Applied) -> None:
    """The priority order of queues has the right first queue, and the others in reverse."""

    def consume(self: Any, n: int) -> Any:
        applied()
        first, *later = scheduling.round_robin_cycle.consume(self, n)
        return [first, *reversed(later)]

    scheduling.priority_cycle.consume = consume


@mutant
def never_rotates(applied: Applied) -> None:
    """The round robin of queues never rotates: the worker that the documents describe."""

    def rotate(self: Any, last_used: Any) -> None:
        applied()

    scheduling.round_robin_cycle.rotate = rotate
