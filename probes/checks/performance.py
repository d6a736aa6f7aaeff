"""Judges how long tasks took beside a solo worker, what they cost, and whether they computed in parallel."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from probes.judgement import Judgement, check
from probes.observations.performance import Heats, Lap, Race, Stretch

SLOWER = 1.4
"""How many times as long makes slower: half way, by ratio, between the same time and twice the time.

Less than that is the same: what a machine that does other work as well adds to tasks of tens of milliseconds.
"""
TALK = 4
"""Reads and writes that a task takes to reach a child and come back: one of each on either way."""
TOGETHER = 3.0
"""How many times as long as one task ten may take that wait together: half way, by ratio, to ten times."""
OWN_PROCESSOR = 0.85
"""The part of its time that a task must run, or be ready to run, to say that nothing else held it up."""
ONE_PROCESSOR = 1.3
"""How many processors one thread may seem to ask for: it never asks for more than one, helpers for little."""


@check
def takes_as_long(race: Race) -> Judgement:
    """True when neither worker takes SLOWER times as long as the other; the margin is of that.

    The best laps are compared: other work of the machine adds time to a lap and never takes any off, while
    what makes a worker slower is in each of its laps.
    """
    ratio = _span(race.worker) / _span(race.solo)
    further = max(ratio, 1 / ratio)
    return Judgement(further <= SLOWER, f"{_told(race)}, {SLOWER} either way allowed", further / SLOWER)


@check
def solo_is_slower(race: Race) -> Judgement:
    """True when the solo worker takes at least SLOWER times as long; the margin is of that."""
    ratio = _span(race.solo) / _span(race.worker)
    told = f"{_told(race)}; solo takes {ratio:.2f} times as long, wanted {SLOWER} or more"
    return Judgement(ratio >= SLOWER, told, ratio / SLOWER)


@check
def solo_is_slower_undisturbed(heats: Heats) -> Judgement:
    """True when solo's best heat takes at least SLOWER times as long as the worker's; the margin is of that.

    Threads wait for one another and for a processor at once, so nothing can be taken off the worker's time: a
    busy machine makes the worker slower and leaves solo as it is, and cannot make solo the slowest.
    """
    own, other = min(heats.worker), min(heats.solo)
    told = (
        f"{heats.tasks} tasks took {own:.3f} s, solo {other:.3f} s without its waits for a processor "
        f"(best of {len(heats.worker)} heats in turns): solo takes {other / own:.2f} times as long, "
        f"wanted {SLOWER} or more"
    )
    return Judgement(other / own >= SLOWER, told, other / own / SLOWER)


@check
def talks_more(race: Race) -> Judgement:
    """True when a task takes at least TALK reads and writes more than solo's; the margin is of that."""
    own, other = _calls(race.worker), _calls(race.solo)
    told = (
        f"{own:.1f} reads and writes a task, solo {other:.1f} (medians of {len(race.worker)} laps in turns), "
        f"wanted {TALK} more; processor time {_cpu(race.worker) / _cpu(race.solo):.2f} times solo's"
    )
    return Judgement(own - other >= TALK, told, (own - other) / TALK)


@check
def takes_times_one(lap: Lap) -> Judgement:
    """True when n tasks take n times as long as one, up to SLOWER times more; the margin is of that."""
    count, one = len(lap.tasks), median(lap.tasks)
    ratio = lap.span / (count * one)
    told = (
        f"{count} tasks of {1000 * one:.1f} ms took {lap.span:.2f} s: {ratio:.2f} times {count} × one, "
        f"{1 / SLOWER:.2f} to {SLOWER} allowed"
    )
    further = max(ratio, 1 / ratio)
    return Judgement(further <= SLOWER, told, further / SLOWER)


@check
def waits_together(lap: Lap) -> Judgement:
    """True when all tasks take TOGETHER times as long as one, or less; the margin is of that."""
    count, one = len(lap.tasks), median(lap.tasks)
    ratio = lap.span / one
    told = (
        f"{count} tasks that wait, each of {one:.2f} s, took {lap.span:.2f} s: {ratio:.2f} times one, "
        f"{TOGETHER} or less allowed"
    )
    return Judgement(ratio <= TOGETHER, told, ratio / TOGETHER)


@check
def each_has_a_processor(stretches: Sequence[Stretch]) -> Judgement:
    """True when each task computed, or was ready to, OWN_PROCESSOR of its time; the margin is of the least.

    Waiting for a processor that others use counts as ready, so that a busy machine changes nothing; waiting
    for one another, as threads do for the interpreter's lock, does not. Its time is the shortest it can have
    been: what held up the reading of a clock is no lack of a processor.
    """
    asked = {each.task: _own(each) for each in stretches}
    told = ", ".join(f"{task} {part:.2f}" for task, part in asked.items())
    least = min(asked.values(), default=0.0)
    return Judgement(
        len(asked) > 1 and least >= OWN_PROCESSOR,
        f"at once, each task's thread ran or was ready to run for this part of its time: {told}; "
        f"wanted {OWN_PROCESSOR} or more",
        least / OWN_PROCESSOR,
    )


@check
def takes_turns(stretches: Sequence[Stretch]) -> Judgement:
    """True when tasks computed in one thread, and all threads meanwhile asked for ONE_PROCESSOR or less.

    The margin is of the latter; the time is the longest that it can have been.
    """
    first = min((each.before for each in stretches), key=lambda each: each.earliest)
    last = max((each.after for each in stretches), key=lambda each: each.latest)
    asked = sum(at - first.asked.get(thread, 0) for thread, at in last.asked.items())
    processors = asked / (last.latest - first.earliest)
    threads = len({(each.pid, each.thread) for each in stretches})
    told = (
        f"{len(stretches)} tasks computed in {threads} thread{'s' * (threads > 1)}; together all threads "
        f"asked for {processors:.2f} processors, {ONE_PROCESSOR} or less allowed"
    )
    return Judgement(threads == 1 and processors <= ONE_PROCESSOR, told, processors / ONE_PROCESSOR)


def _span(laps: Sequence[Lap]) -> float:
    return min(lap.span for lap in laps)


def _calls(laps: Sequence[Lap]) -> float:
    return median(lap.calls / len(lap.tasks) for lap in laps)


def _cpu(laps: Sequence[Lap]) -> float:
    return median(lap.cpu / len(lap.tasks) for lap in laps)


def _told(race: Race) -> str:
    own, other = _span(race.worker), _span(race.solo)
    tasks = len(race.worker[0].tasks)
    return (
        f"{tasks} tasks took {own:.3f} s, solo {other:.3f} s (best of {len(race.worker)} laps in turns): "
        f"{own / other:.2f} times as long"
    )


def _own(stretch: Stretch) -> float:
    asked = stretch.after.asked[stretch.thread] - stretch.before.asked[stretch.thread]
    return min(1.0, asked / (stretch.after.earliest - stretch.before.latest))
