"""Judges how long tasks took beside another worker, what they cost, and whether they computed in parallel."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.performance.seen import Alone, Lap, Race, Round, Stretch, Talk

SLOWER = 1.4
"""How many times as long makes slower: half way, by ratio, between the same time and twice the time.

Less than that is the same: what a machine that does other work as well adds to tasks of tens of milliseconds.
"""
AS_LONG = 1.2
"""How many times as long as a worker may solo compute that takes no longer: half way, by ratio, to SLOWER."""
TALK = 4
"""Reads and writes that a task takes to reach a child and come back: one of each on either way."""
TOGETHER = 3.0
"""How many times as long as one task ten may take that wait together: half way, by ratio, to ten times."""
OWN_PROCESSOR = 0.85
"""The part of its time that a task must run, or be ready to run, to say that nothing else held it up."""
BLOCKED = 5
"""How often a task may be blocked that computes alone: it has nothing to wait for, but may load a page.

Threads that compute in Python block one another each 5 ms (sys.getswitchinterval): thirty times in 0.15 s.
On a busy machine that alone tells them from processes: who is woken in vain has waited for a processor too.
"""
ONE_PROCESSOR = 1.3
"""How many processors one thread may seem to ask for: it never asks for more than one, helpers for little."""


@check
def takes_as_long(race: Race) -> Judgement:
    """True when in no lap either worker takes SLOWER times as long as the other; the margin is of the worst.

    What they waited for a processor is taken off both, and they compute at the same time, so that whatever
    else slows a processor down slows down both.
    """
    ratios = [own.undisturbed / other.undisturbed for own, other in _pairs(race)]
    furthest = max((max(ratio, 1 / ratio) for ratio in ratios), default=SLOWER + 1)
    text = f"{_told(race)}: {_row(ratios)} times as long, {SLOWER} either way allowed"
    return Judgement(furthest <= SLOWER, text, furthest / SLOWER)


@check
def other_is_slower(race: Race) -> Judgement:
    """True when the other worker takes at least SLOWER times as long in each lap; the margin is of the least.

    Nothing is taken off the worker's time, because its tasks wait for one another and for a processor at
    once: a busy machine makes the worker slower, and cannot make the other one the slower of the two.
    """
    ratios = [other.undisturbed / own.span for own, other in _pairs(race)]
    least = min(ratios, default=0.0)
    text = f"{_told(race)}: {race.name} takes {_row(ratios)} times as long, wanted {SLOWER} or more"
    return Judgement(least >= SLOWER, text, least / SLOWER)


@check
def other_is_no_slower(race: Race) -> Judgement:
    """True when in no lap the worker is faster than the other one; the margin is of the worst."""
    ratios = [other.undisturbed / own.span for own, other in _pairs(race)]
    most = max(ratios, default=AS_LONG + 1)
    text = f"{_told(race)}: {race.name} takes {_row(ratios)} times as long, {AS_LONG} or less allowed"
    return Judgement(most <= AS_LONG, text, most / AS_LONG)


@check
def talks_more(talk: Talk) -> Judgement:
    """True when in each lap a task takes TALK more calls than in solo; the margin is of the least."""
    pairs = [(own / talk.tasks, solo / talk.tasks) for own, solo in zip(talk.worker, talk.solo, strict=True)]
    least = min((own - solo for own, solo in pairs), default=0.0)
    text = "; ".join(f"{own:.1f} reads and writes a task, solo {solo:.1f}" for own, solo in pairs)
    return Judgement(least >= TALK, f"{text}; wanted {TALK} more", least / TALK)


@check
def takes_times_one(alone: Alone) -> Judgement:
    """True when n tasks run one at a time, for n times as long as one, up to SLOWER times either way."""
    count, one, many = len(alone.many.tasks), alone.one.undisturbed, alone.many
    ratio = many.undisturbed / (count * one)
    text = (
        f"one task took {1000 * one:.0f} ms, {count} took {many.undisturbed:.2f} s, at most {many.most} at "
        f"once: {ratio:.2f} times {count} × one, {1 / SLOWER:.2f} to {SLOWER} allowed"
    )
    further = max(ratio, 1 / ratio)
    return Judgement(many.most == 1 and further <= SLOWER, text, further / SLOWER)


@check
def waits_together(alone: Alone) -> Judgement:
    """True when many tasks take TOGETHER times as long as one did, or less; the margin is of that."""
    count, one, many = len(alone.many.tasks), alone.one.span, alone.many
    ratio = many.span / one
    text = (
        f"one task that waits took {one:.2f} s, {count} took {many.span:.2f} s, at most {many.most} at once: "
        f"{ratio:.2f} times one, {TOGETHER} or less allowed"
    )
    return Judgement(many.most > 1 and ratio <= TOGETHER, text, ratio / TOGETHER)


@check
def each_has_a_processor(rounds: Sequence[Round]) -> Judgement:
    """True when in each round all tasks computed at once, each as if nothing but processors could hold it up.

    It must have run, or been ready to, OWN_PROCESSOR of its time; the margin is of the least. Waiting for a
    processor that others use counts as ready, so that a busy machine changes nothing; waiting for one
    another, as threads do for the interpreter's lock, does not: no task may do so more than BLOCKED times.
    Its time is the shortest it can have been: a clock that was read late is no lack of a processor.
    """
    least = min((_own(each) for part in rounds for each in part.stretches), default=0.0)
    short = next((part for part in rounds if not 1 < part.sent == part.held == len(part.stretches)), None)
    blocked = max((_blocked(each) for part in rounds for each in part.stretches), default=0)
    apart = sum(not _overlap(part.stretches) for part in rounds)
    text = (
        f"{_rounds(rounds)}; in {apart} of them some task began after another had ended; each thread "
        f"ran or was ready to run for {least:.2f} of its time or more, wanted {OWN_PROCESSOR}, and waited "
        f"for anything else {counted(blocked, 'time')} at the most, {BLOCKED} allowed"
    )
    if short:
        text = f"of {counted(short.sent, 'task')} {short.held} ran at once; {text}"
    so = bool(rounds) and not short and not apart and least >= OWN_PROCESSOR and blocked <= BLOCKED
    return Judgement(so, text, least / OWN_PROCESSOR)


@check
def takes_turns(rounds: Sequence[Round]) -> Judgement:
    """True when all tasks computed in one thread, and in each round threads asked for ONE_PROCESSOR or less.

    The margin is of the latter; the time is the longest that it can have been.
    """
    together = [part for part in rounds if part.held > 1 and part.stretches]
    most = max((_processors(part.stretches) for part in together), default=0.0)
    threads = len({(each.pid, each.thread) for part in rounds for each in part.stretches})
    text = (
        f"{_rounds(rounds)}, in {counted(threads, 'thread')}; all threads together asked for {most:.2f} "
        f"processors at the most, {ONE_PROCESSOR} or less allowed"
    )
    so = bool(rounds) and len(together) == len(rounds) and threads == 1 and most <= ONE_PROCESSOR
    return Judgement(so, text, most / ONE_PROCESSOR)


def _pairs(race: Race) -> list[tuple[Lap, Lap]]:
    return list(zip(race.worker, race.other, strict=True))


def _told(race: Race) -> str:
    own, other = median(lap.span for lap in race.worker), median(lap.undisturbed for lap in race.other)
    laps, tasks = counted(len(race.worker), "lap"), len(race.worker[0].tasks)
    return f"{laps} of {tasks} tasks took about {own:.2f} s, {race.name} {other:.2f} s at the same time"


def _row(ratios: Sequence[float]) -> str:
    return ", ".join(f"{ratio:.2f}" for ratio in ratios)


def _rounds(rounds: Sequence[Round]) -> str:
    tasks = sum(len(part.stretches) for part in rounds)
    return f"{counted(tasks, 'task')} computed in {counted(len(rounds), 'round')}"


def _overlap(stretches: Sequence[Stretch]) -> bool:
    """Whether there was a moment at which all of them were surely under way."""
    if not stretches:
        return False
    return max(each.before.latest for each in stretches) < min(each.after.earliest for each in stretches)


def _own(stretch: Stretch) -> float:
    asked = stretch.after.asked[stretch.thread] - stretch.before.asked[stretch.thread]
    return min(1.0, asked / (stretch.after.earliest - stretch.before.latest))


def _blocked(stretch: Stretch) -> int:
    return stretch.after.blocked - stretch.before.blocked


def _processors(stretches: Sequence[Stretch]) -> float:
    """How many processors all threads asked for from the first task's start to the last one's end."""
    first = min((each.before for each in stretches), key=lambda each: each.earliest)
    last = max((each.after for each in stretches), key=lambda each: each.latest)
    asked = sum(at - first.asked.get(thread, 0) for thread, at in last.asked.items())
    return asked / (last.latest - first.earliest)
