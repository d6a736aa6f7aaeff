"""Judges who shares the globals of a module, and whether NumPy, processes and threads work in tasks."""

from __future__ import annotations

from collections import Counter

from probes.checks.words import counted
from probes.judgement import Judgement, check
from probes.observations.isolation import Computing, Counts, Helping


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
def calculating_goes_wrong(computing: Computing) -> Judgement:
    """True when a process that calculated died of it, or a task that began hung or did not get it right."""
    return Judgement(not _all_well(computing), _found(computing))


@check
def all_calculated(computing: Computing) -> Judgement:
    """True when each task that began got it right, and no process died."""
    return Judgement(computing.started > 0 and _all_well(computing), _found(computing))


def _all_well(computing: Computing) -> bool:
    right = computing.results == (computing.wanted,) * computing.started
    return right and not computing.unended and not computing.dead and computing.exit_status is None


def _found(computing: Computing) -> str:
    right = computing.results.count(computing.wanted)
    unended = f"{computing.unended} came to no end; " if computing.unended else ""
    dead = len(computing.dead)
    died = f"{counted(dead, 'process', 'processes')} died" if dead else "no process died"
    return f"of {computing.started} tasks that began, {right} solved and multiplied rightly; {unended}{died}"


@check
def none_helped(helping: Helping) -> Judgement:
    """True when every task found that it will never get an answer from its helper."""
    return Judgement(0 < helping.sent == len(helping.refused) and not helping.answered, _helped(helping))


@check
def all_helped(helping: Helping) -> Judgement:
    """True when every task got an answer from its helper."""
    return Judgement(0 < helping.sent == helping.answered and not helping.refused, _helped(helping))


def _helped(helping: Helping) -> str:
    waiting = helping.sent - helping.answered - len(helping.refused)
    why = "".join(f"; {count} failed: {what}" for what, count in Counter(helping.refused).items())
    hung = f"; {waiting} came to no end" if waiting else ""
    return f"{helping.answered} of {helping.sent} tasks got an answer from {helping.helper}{why}{hung}"
