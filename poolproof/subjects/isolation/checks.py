"""Judges who shares the globals of a module, and whether NumPy, processes and threads work in tasks."""

from __future__ import annotations

from collections import Counter

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.isolation.seen import Computing, Counts, Helping

SEVERAL = 2
"""Children without which nobody sees what another does to a global."""


@check
def each_child_counts_alone(counts: Counts) -> Judgement:
    """True when each child, of several if there may be, counted its own tasks alone, and the manager none."""
    by_child: dict[int, list[int]] = {}
    for count in counts.counted:
        by_child.setdefault(count.pid, []).append(count.value)
    alone = [values == list(range(1, len(values) + 1)) for values in by_child.values()]
    told = [count.value for count in counts.told if count.pid == counts.manager]
    seen = "; ".join(f"child {pid} counted {_listed(values)}" for pid, values in sorted(by_child.items()))
    several = len(by_child) >= min(SEVERAL, counts.slots)
    return Judgement(
        counts.whole and several and all(alone) and told == [0] and counts.manager not in by_child,
        f"the manager has {_listed(told)}; {seen}{_lost(counts)}",
    )


@check
def all_count_together(counts: Counts) -> Judgement:
    """True when each task found what the one before it had left, and the main process has the sum."""
    values = [count.value for count in counts.counted]
    told = [count.value for count in counts.told]
    together = values == list(range(1, len(values) + 1)) and told == [len(values)]
    return Judgement(counts.whole and together, _together(counts))


@check
def each_task_counts_alone(counts: Counts) -> Judgement:
    """True when each task, in the one process, found the global as it was loaded."""
    alone = {(count.pid, count.value) for count in counts.counted} == {(counts.manager, 1)}
    return Judgement(counts.whole and alone, _together(counts))


def _together(counts: Counts) -> str:
    values = [count.value for count in counts.counted]
    told = [count.value for count in counts.told]
    return (
        f"{len(values)} tasks counted {_listed(values)}; the main process has {_listed(told)}{_lost(counts)}"
    )


def _lost(counts: Counts) -> str:
    return "" if counts.whole else f"; of {counts.sent} tasks {counts.right} have the right result"


def _listed(values: list[int]) -> str:
    shown = ", ".join(str(value) for value in values[:8])
    return f"{shown}, … {values[-1]}" if len(values) > 8 else shown or "nothing"


@check
def calculating_goes_wrong(computing: Computing) -> Judgement:
    """True when a process that calculated died of it, or a task that began hung or did not get it right."""
    return Judgement(not _began_well(computing), _found(computing))


@check
def all_calculated(computing: Computing) -> Judgement:
    """True when each task got it right and has it as its result, and no process died."""
    right = 0 < computing.sent == computing.started == computing.stored
    return Judgement(right and _began_well(computing), _found(computing))


def _began_well(computing: Computing) -> bool:
    """Whether all went well with the tasks that began; one that never began says nothing of NumPy."""
    right = computing.results == (computing.wanted,) * computing.started
    return right and not computing.unended and not computing.dead and computing.exit_status is None


def _found(computing: Computing) -> str:
    right = computing.results.count(computing.wanted)
    unended = f"{computing.unended} came to no end; " if computing.unended else ""
    dead = len(computing.dead)
    died = f"{counted(dead, 'process', 'processes')} died" if dead else "no process died"
    return (
        f"of {computing.sent} tasks, {computing.started} began, {right} solved and multiplied rightly, "
        f"{computing.stored} have that as their result; {unended}{died}"
    )


@check
def some_not_helped(helping: Helping) -> Judgement:
    """True when a task found that it will never get an answer from its helper."""
    return Judgement(bool(helping.refused), _helped(helping))


@check
def all_helped(helping: Helping) -> Judgement:
    """True when every task got an answer from its helper, and has it as its result."""
    right = 0 < helping.sent == helping.answered == helping.stored
    return Judgement(right and not helping.refused, _helped(helping))


def _helped(helping: Helping) -> str:
    waiting = helping.sent - helping.answered - len(helping.refused)
    why = "".join(f"; {count} failed: {what}" for what, count in Counter(helping.refused).items())
    hung = f"; {waiting} came to no end" if waiting else ""
    lost = helping.answered - helping.stored
    unstored = f"; {lost} without that result" if lost else ""
    return (
        f"{helping.answered} of {helping.sent} tasks got an answer from {helping.helper}{unstored}{why}{hung}"
    )
