"""The registry of mutants by name."""

from __future__ import annotations

from collections.abc import Callable

from probes.recorder import record

Applied = Callable[[], None]
Mutant = Callable[[Applied], None]
MUTANTS: dict[str, Mutant] = {}


def mutant(function: Mutant) -> Mutant:
    """Register a mutant under its own name: `one_child_more` is `one-child-more`."""
    MUTANTS[function.__name__.replace("_", "-")] = function
    return function


def changes_axis(axis: str) -> None:
    """Declare that this mutant changes an axis on purpose, so that its trial is not void for that."""
    record("axis-changed", axis)


def counted(name: str) -> Applied:
    """Called by a mutant each time that it acted."""
    return lambda: record("mutant", name)
