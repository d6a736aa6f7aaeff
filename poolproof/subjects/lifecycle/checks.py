"""Judges how long the processes of a worker live, counted in tasks, and what leaks pile up in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import conjoined, counted
from poolproof.subjects.lifecycle.seen import Effects, Life, Wear

NAME = "max-tasks-per-child"
BESIDES = 1.25
"""What a process may gain, measured by what its tasks leak: it loads and caches a little besides."""
MOST = 0.9
"""The part of a leak that is certainly in memory, whatever the system has put elsewhere."""


@check
def renewed_after_exactly(wear: Wear) -> Judgement:
    """True when children were replaced, each after as many tasks as the limit says, and no task was lost."""
    over = [life.tasks for life in wear.lives if life.over]
    right = bool(over) and set(over) == {wear.limit} and _most(wear) == wear.limit
    places = f"; {wear.filled} of {counted(wear.places, 'place')} filled"
    return Judgement(right and wear.finished and wear.filled == wear.places, f"{_told(wear)}{places}")


@check
def leak_is_bounded(wear: Wear) -> Judgement:
    """True when no process ever grew by more than the limit allows to leak, and a little besides."""
    allowed = wear.limit * wear.leak * BESIDES
    growth = _growth(wear)
    return Judgement(
        bool(wear.lives) and growth <= allowed,
        f"{_told(wear)}; {_leaked(wear)}, and no process grew by more than {_mib(growth)} MiB; "
        f"allowed {_mib(allowed)}",
        margin=growth / allowed,
    )


@check
def leak_grows_with_every_task(wear: Wear) -> Judgement:
    """True when one process ran all tasks in one life, and kept in memory what they leaked."""
    kept = (sum(life.tasks for life in wear.lives) - 1) * wear.leak * MOST
    return Judgement(
        _one_life(wear) and _growth(wear) >= kept,
        f"{_told(wear)}; {_leaked(wear)}, and the process grew by {_mib(_growth(wear))} MiB",
    )


@check
def heeds_the_limit(wear: Wear) -> Judgement:
    """True when the limit did anything at all: it ended a life, or the pool at least names it."""
    renewed = any(life.over for life in wear.lives)
    return Judgement(renewed or wear.reported.get(NAME) == wear.limit, f"{_told(wear)}; {_named(wear)}")


@check
def limit_does_nothing(wear: Wear) -> Judgement:
    """True when one process ran all tasks in one life, and the pool does not name the limit."""
    named = wear.reported.get(NAME) == wear.limit
    return Judgement(_one_life(wear) and not named, f"{_told(wear)}; {_named(wear)}")


@check
def parameters_change_nothing(wear: Wear) -> Judgement:
    """True when one process ran all tasks in one life, one at a time."""
    return Judgement(
        _one_life(wear) and wear.together == 1,
        f"{_told(wear)}; at the most {wear.together} ran at the same time",
    )


@check
def concurrency_changes_nothing(effects: Effects) -> Judgement:
    """True when workers of different -c count, hold and run the same."""
    seen = {(each.prefetch_count, each.held, each.together, each.ended) for each in effects.effects}
    return Judgement(len(seen) == 1 < len(effects.effects), _compared(effects))


@check
def concurrency_changes_what_is_held(effects: Effects) -> Judgement:
    """True when each worker ran one task at a time, and held as many messages as -c times the multiplier."""
    alone = all(each.together == 1 and each.ended == effects.sent for each in effects.effects)
    counts = [each.concurrency * effects.multiplier for each in effects.effects]
    counted_so = [each.prefetch_count for each in effects.effects] == counts
    held = all(each.held >= each.prefetch_count for each in effects.effects)
    fewer = all(a.held < b.held for a, b in pairwise(effects.effects))
    several = len(effects.effects) > 1
    return Judgement(alone and counted_so and held and fewer and several, _compared(effects))


def _compared(effects: Effects) -> str:
    return "; ".join(
        f"-c {each.concurrency}: prefetch count {each.prefetch_count}, {each.held} messages held, "
        f"at the most {each.together} of {each.ended} tasks at the same time"
        for each in effects.effects
    )


def _one_life(wear: Wear) -> bool:
    return len(wear.lives) == 1 and not wear.lives[0].over and wear.finished


def _most(wear: Wear) -> int:
    return max((life.tasks for life in wear.lives), default=0)


def _growth(wear: Wear) -> int:
    """The KiB between the lightest process after its first task and the heaviest: a child may inherit."""
    lightest = min((life.light for life in wear.lives), default=0)
    return max((life.heavy for life in wear.lives), default=0) - lightest


def _leaked(wear: Wear) -> str:
    return f"they leaked {_mib(sum(life.tasks for life in wear.lives) * wear.leak)} MiB"


def _mib(kib: float) -> str:
    return f"{kib / 1024:.1f}"


def _told(wear: Wear) -> str:
    tasks = sum(life.tasks for life in wear.lives)
    pids = len({life.pid for life in wear.lives})
    over = _after(life for life in wear.lives if life.over)
    on = _after(life for life in wear.lives if not life.over)
    lost = f" ({wear.unfinished} of {wear.sent} without their end or result)" if wear.unfinished else ""
    ran = f"with --{NAME}={wear.limit}, {tasks} tasks ran{lost} in {counted(pids, 'process', 'processes')}"
    renewed = f"renewed {over}" if over else "none was renewed"
    return f"{ran}: {renewed}, {f'living on {on}' if on else 'none lives on'}"


def _after(lives: Iterable[Life]) -> str:
    """After how many tasks, and how often: `after 2 x 100, 60 and 50 tasks`; empty without lives."""
    counts = Counter(life.tasks for life in lives)
    told = [
        f"{times} x {tasks}" if times > 1 else f"{tasks}"
        for tasks, times in sorted(counts.items(), reverse=True)
    ]
    return f"after {conjoined(told)} tasks" if told else ""


def _named(wear: Wear) -> str:
    if NAME not in wear.reported:
        return f"the pool's statistics have no {NAME}"
    return f"the pool's statistics say {NAME}: {wear.reported[NAME]}"
