"""Judges who shares the globals of a module, and whether NumPy survives a fork."""

from __future__ import annotations

from probes.judgement import Judgement, check
from probes.observations.isolation import Computing, Counts


@check
def each_child_counts_alone(counts: Counts) -> Judgement:
    """True when each child counted its own tasks and no others, and the manager has counted none."""
    by_child: dict[int, list[int]] = {}
    for count in counts.counted:
        by_child.setdefault(count.pid, []).append(count.value)
    alone = [values == list(range(1, len(values) + 1)) for values in by_child.values()]
    told = [count.value for count in counts.told if count.pid == counts.manager]
    seen = "; ".join(f"child {pid} counted {_listed(values)}" for pid, values in sorted(by_child.items()))
    return Judgement(
        bool(alone) and all(alone) and told == [0] and counts.manager not in by_child,
        f"the manager has {_listed(told)}; {seen}",
    )


@check
def all_count_together(counts: Counts) -> Judgement:
    """True when each task found what the one before it had left, and the main process has the sum."""
    values = [count.value for count in counts.counted]
    told = [count.value for count in counts.told]
    together = values == list(range(1, len(values) + 1)) and told == [len(values)]
    return Judgement(
        bool(values) and together,
        f"{len(values)} tasks counted {_listed(values)}; the main process has {_listed(told)}",
    )


def _listed(values: list[int]) -> str:
    shown = ", ".join(str(value) for value in values[:8])
    return f"{shown}, … {values[-1]}" if len(values) > 8 else shown or "nothing"


@check
def child_dies(computing: Computing) -> Judgement:
    """True when a process that multiplied died of it."""
    return Judgement(bool(computing.dead), _found(computing))


@check
def all_multiplied(computing: Computing) -> Judgement:
    """True when each task got the right product, and no process died."""
    right = computing.results == (computing.wanted,) * computing.sent
    return Judgement(right and not computing.dead and computing.exit_status is None, _found(computing))


def _found(computing: Computing) -> str:
    right = computing.results.count(computing.wanted)
    died = f"{len(computing.dead)} processes died" if computing.dead else "no process died"
    return f"{right} of {computing.sent} tasks got the right product of their matrices; {died}"
