"""Judges how many tasks the processes of a worker live for, and how much leaked memory they keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import conjoined, counted
from poolproof.subjects.lifecycle.seen import Comparison, Life, Renewals

NAME = "max-tasks-per-child"
ALLOWED = 1.25
"""How much a process may grow, as a multiple of the leaks of its tasks: it also loads and caches a little."""
KEPT = 0.9
"""The part of a leak that is certainly in memory: the system may have swapped some of it out."""


@check
def renewed_after_exactly(renewals: Renewals) -> Judgement:
    """True when children were replaced, each after as many tasks as the limit, and no task was lost."""
    over = [life.tasks for life in renewals.lives if life.over]
    right = bool(over) and set(over) == {renewals.limit} and _most(renewals) == renewals.limit
    full = renewals.children == renewals.slots
    slots = f"; {counted(renewals.children, 'child', 'children')} in {counted(renewals.slots, 'slot')}"
    text = f"{_evidence(renewals)}{slots}"
    return Judgement(right and renewals.all_finished and full, text, facts=_facts(renewals))


@check
def leak_is_bounded(renewals: Renewals) -> Judgement:
    """True when no process ever grew by more than the limit allows to leak, plus a little."""
    allowed = renewals.limit * renewals.leak * ALLOWED
    growth = _growth(renewals)
    return Judgement(
        bool(renewals.lives) and growth <= allowed,
        f"{_evidence(renewals)}; {_leaked(renewals)}, and no process grew by more than {_mib(growth)} MiB; "
        f"allowed {_mib(allowed)}",
        margin=growth / allowed,
        facts=_facts(renewals) | _sizes(renewals),
    )


@check
def leak_grows_with_every_task(renewals: Renewals) -> Judgement:
    """True when one process ran all tasks in one life, and kept the memory that they leaked."""
    kept = (_tasks(renewals) - 1) * renewals.leak * KEPT
    return Judgement(
        _one_life(renewals) and _growth(renewals) >= kept,
        f"{_evidence(renewals)}; {_leaked(renewals)}, and the process grew by {_mib(_growth(renewals))} MiB",
        facts=_facts(renewals) | _sizes(renewals),
    )


@check
def heeds_the_limit(renewals: Renewals) -> Judgement:
    """True when the limit had any effect: it ended a life, or the pool at least reports it."""
    renewed = any(life.over for life in renewals.lives)
    named = renewals.reported.get(NAME) == renewals.limit
    return Judgement(renewed or named, f"{_evidence(renewals)}; {_named(renewals)}", facts=_facts(renewals))


@check
def limit_does_nothing(renewals: Renewals) -> Judgement:
    """True when one process ran all tasks in one life, and the pool does not report the limit."""
    named = renewals.reported.get(NAME) == renewals.limit
    text = f"{_evidence(renewals)}; {_named(renewals)}"
    return Judgement(_one_life(renewals) and not named, text, facts=_facts(renewals))


@check
def parameters_change_nothing(renewals: Renewals) -> Judgement:
    """True when one process ran all tasks in one life, one at a time."""
    return Judgement(
        _one_life(renewals) and renewals.most_at_once == 1,
        f"{_evidence(renewals)}; at the most {renewals.most_at_once} ran at the same time",
        facts=_facts(renewals) | {"most_at_once_tasks": renewals.most_at_once},
    )


@check
def concurrency_changes_nothing(comparison: Comparison) -> Judgement:
    """True when workers with different -c report, hold and run the same."""
    seen = {(each.prefetch_count, each.held, each.most_at_once, each.ended) for each in comparison.workers}
    return Judgement(len(seen) == 1 < len(comparison.workers), _compared(comparison), facts=_held(comparison))


@check
def concurrency_changes_what_is_held(comparison: Comparison) -> Judgement:
    """True when each worker ran one task at a time, and held as many messages as -c times the multiplier."""
    alone = all(each.most_at_once == 1 and each.ended == comparison.sent for each in comparison.workers)
    counts = [each.concurrency * comparison.multiplier for each in comparison.workers]
    counted_so = [each.prefetch_count for each in comparison.workers] == counts
    held = all(each.held >= each.prefetch_count for each in comparison.workers)
    fewer = all(a.held < b.held for a, b in pairwise(comparison.workers))
    several = len(comparison.workers) > 1
    return Judgement(
        alone and counted_so and held and fewer and several, _compared(comparison), facts=_held(comparison)
    )


def _held(comparison: Comparison) -> Mapping[str, int]:
    return {f"held_at_c{each.concurrency}_messages": each.held for each in comparison.workers}


def _compared(comparison: Comparison) -> str:
    return "; ".join(
        f"-c {each.concurrency}: prefetch count {each.prefetch_count}, {each.held} messages held, "
        f"at the most {each.most_at_once} of {each.ended} tasks at the same time"
        for each in comparison.workers
    )


def _facts(renewals: Renewals) -> dict[str, int | float]:
    return {
        "ran_tasks": _tasks(renewals),
        "processes": len({life.pid for life in renewals.lives}),
        "renewals": sum(life.over for life in renewals.lives),
        "most_in_one_process_tasks": _most(renewals),
        "unfinished_tasks": renewals.unfinished,
    }


def _sizes(renewals: Renewals) -> dict[str, float]:
    leaked = _tasks(renewals) * renewals.leak
    return {"leaked_mib": leaked / 1024, "most_growth_mib": _growth(renewals) / 1024}


def _tasks(renewals: Renewals) -> int:
    return sum(life.tasks for life in renewals.lives)


def _one_life(renewals: Renewals) -> bool:
    return len(renewals.lives) == 1 and not renewals.lives[0].over and renewals.all_finished


def _most(renewals: Renewals) -> int:
    return max((life.tasks for life in renewals.lives), default=0)


def _growth(renewals: Renewals) -> int:
    """The KiB from the smallest process after its first task to the largest: a child may inherit memory."""
    lightest = min((life.first_kib for life in renewals.lives), default=0)
    return max((life.most_kib for life in renewals.lives), default=0) - lightest


def _leaked(renewals: Renewals) -> str:
    return f"they leaked {_mib(_tasks(renewals) * renewals.leak)} MiB"


def _mib(kib: float) -> str:
    return f"{kib / 1024:.1f}"


def _evidence(renewals: Renewals) -> str:
    tasks = _tasks(renewals)
    pids = len({life.pid for life in renewals.lives})
    over = _after(life for life in renewals.lives if life.over)
    on = _after(life for life in renewals.lives if not life.over)
    unfinished = f" ({renewals.unfinished} of {renewals.sent} without their end or result)"
    lost = unfinished if renewals.unfinished else ""
    where = counted(pids, "process", "processes")
    ran = f"with --{NAME}={renewals.limit}, {tasks} tasks ran{lost} in {where}"
    renewed = f"renewed {over}" if over else "none was renewed"
    return f"{ran}: {renewed}, {f'living on {on}' if on else 'none lives on'}"


def _after(lives: Iterable[Life]) -> str:
    """After how many tasks, and how often: `after 2 x 100, 60 and 50 tasks`; empty without lives."""
    counts = Counter(life.tasks for life in lives)
    groups = [
        f"{times} x {tasks}" if times > 1 else f"{tasks}"
        for tasks, times in sorted(counts.items(), reverse=True)
    ]
    return f"after {conjoined(groups)} tasks" if groups else ""


def _named(renewals: Renewals) -> str:
    if NAME not in renewals.reported:
        return f"the pool's statistics have no {NAME}"
    return f"the pool's statistics say {NAME}: {renewals.reported[NAME]}"
