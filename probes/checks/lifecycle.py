"""Judges how long the processes of a worker live, counted in tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from probes.checks.words import conjoined, counted
from probes.judgement import Judgement, check
from probes.observations.lifecycle import Life, Wear

NAME = "max-tasks-per-child"


@check
def renewed_after_exactly(wear: Wear) -> Judgement:
    """True when children were renewed, each after as many tasks as the limit says, and none ran more."""
    over = [life.tasks for life in wear.lives if life.over]
    right = bool(over) and set(over) == {wear.limit}
    return Judgement(right and _most(wear) == wear.limit, _told(wear))


@check
def leak_is_bounded(wear: Wear) -> Judgement:
    """True when no process kept what more tasks leaked than the limit allows."""
    return Judgement(bool(wear.lives) and _most(wear) <= wear.limit, _told(wear))


@check
def heeds_the_limit(wear: Wear) -> Judgement:
    """True when the limit did anything at all: it ended a life, or the pool at least names it."""
    renewed = any(life.over for life in wear.lives)
    return Judgement(renewed or wear.reported.get(NAME) == wear.limit, f"{_told(wear)}; {_named(wear)}")


@check
def parameters_change_nothing(wear: Wear) -> Judgement:
    """True when one process ran all tasks in one life, one at a time."""
    alone = len(wear.lives) == 1 and not wear.lives[0].over
    return Judgement(
        alone and wear.together == 1, f"{_told(wear)}; at the most {wear.together} ran at the same time"
    )


def _most(wear: Wear) -> int:
    return max((life.tasks for life in wear.lives), default=0)


def _told(wear: Wear) -> str:
    tasks = sum(life.tasks for life in wear.lives)
    pids = len({life.pid for life in wear.lives})
    over = _after(life for life in wear.lives if life.over)
    on = _after(life for life in wear.lives if not life.over)
    ran = f"with --{NAME}={wear.limit}, {tasks} tasks ran in {counted(pids, 'process', 'processes')}"
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
