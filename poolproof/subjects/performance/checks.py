"""Judges how long tasks took beside another worker, their reads and writes, and if they ran in parallel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.performance.seen import (
    AS_LONG,
    OWN_PROCESSOR,
    SLOWER,
    Batch,
    CallCounts,
    Comparison,
    Computation,
    OneThenMany,
    Round,
)

MORE_CALLS = 4
"""Reads and writes that a task takes to reach a child and come back: one of each on either way."""
TOGETHER = 3.0
"""Ten tasks that wait together may take this times as long as one: half way, by ratio, to ten times."""
BLOCKED = 5
"""How often a task that computes alone may be blocked: it waits for nothing, but may load a page.

Threads that compute in Python block one another each 5 ms (sys.getswitchinterval): thirty times in 0.15 s.
On a busy machine only that distinguishes them from processes: a thread that is woken in vain waits for a
processor as well.
"""
ONE_PROCESSOR = 1.3
"""How many processors one thread may seem to demand: it demands one at most, and its helpers a little."""


@check
def takes_as_long(comparison: Comparison) -> Judgement:
    """True when in no batch one worker takes SLOWER times as long as the other; the margin is of the worst.

    What they waited for a processor is taken off both, and they compute at the same time, so that whatever
    else slows a processor down slows down both.
    """
    ratios = [own.undisturbed / other.undisturbed for own, other in _pairs(comparison)]
    furthest = max((max(ratio, 1 / ratio) for ratio in ratios), default=SLOWER + 1)
    text = f"{_spans(comparison)}: {_row(ratios)} times as long, {SLOWER} either way allowed"
    return Judgement(furthest <= SLOWER, text, furthest / SLOWER, _facts(comparison, furthest))


@check
def other_is_slower(comparison: Comparison) -> Judgement:
    """True when in each batch the other worker takes SLOWER times as long; the margin is of the least.

    Nothing is taken off the worker's time, because its tasks wait for one another and for a processor at
    once: a busy machine makes the worker slower, and cannot make the other one the slower of the two.
    """
    ratios = [other.undisturbed / own.span for own, other in _pairs(comparison)]
    least = min(ratios, default=0.0)
    text = (
        f"{_spans(comparison)}: {comparison.name} takes {_row(ratios)} times as long, wanted {SLOWER} or more"
    )
    return Judgement(least >= SLOWER, text, least / SLOWER, _facts(comparison, least))


@check
def other_is_no_slower(comparison: Comparison) -> Judgement:
    """True when in no batch the worker is faster than the other one; the margin is of the worst."""
    ratios = [other.undisturbed / own.span for own, other in _pairs(comparison)]
    most = max(ratios, default=AS_LONG + 1)
    taken = f"{comparison.name} takes {_row(ratios)} times as long"
    text = f"{_spans(comparison)}: {taken}, {AS_LONG} or less allowed"
    return Judgement(most <= AS_LONG, text, most / AS_LONG, _facts(comparison, most))


@check
def takes_more_calls(counts: CallCounts) -> Judgement:
    """True when in each batch a task takes MORE_CALLS more calls than in solo; the margin is of the least."""
    pairs = [
        (own / counts.tasks, solo / counts.tasks)
        for own, solo in zip(counts.worker, counts.solo, strict=True)
    ]
    least = min((own - solo for own, solo in pairs), default=0.0)
    text = "; ".join(f"{own:.1f} reads and writes a task, solo {solo:.1f}" for own, solo in pairs)
    facts = {"least_more_than_solo_calls": least}
    return Judgement(least >= MORE_CALLS, f"{text}; wanted {MORE_CALLS} more", least / MORE_CALLS, facts)


@check
def takes_times_one(batches: OneThenMany) -> Judgement:
    """True when n tasks run one at a time, for n times as long as one, up to SLOWER times either way."""
    count, one, many = len(batches.many.tasks), batches.one.undisturbed, batches.many
    ratio = many.undisturbed / (count * one)
    text = (
        f"one task took {1000 * one:.0f} ms, {count} took {many.undisturbed:.2f} s, at most {many.most} at "
        f"once: {ratio:.2f} times {count} × one, {1 / SLOWER:.2f} to {SLOWER} allowed"
    )
    further = max(ratio, 1 / ratio)
    return Judgement(
        many.most == 1 and further <= SLOWER, text, further / SLOWER, _many_facts(batches, ratio)
    )


@check
def waits_together(batches: OneThenMany) -> Judgement:
    """True when many tasks take TOGETHER times as long as one did, or less; the margin is of that."""
    count, one, many = len(batches.many.tasks), batches.one.span, batches.many
    ratio = many.span / one
    text = (
        f"one task that waits took {one:.2f} s, {count} took {many.span:.2f} s, at most {many.most} at once: "
        f"{ratio:.2f} times one, {TOGETHER} or less allowed"
    )
    return Judgement(many.most > 1 and ratio <= TOGETHER, text, ratio / TOGETHER, _many_facts(batches, ratio))


@check
def each_has_a_processor(rounds: Sequence[Round]) -> Judgement:
    """True when in each round all tasks computed at once, and nothing but processors delayed any of them.

    Each must have run, or been ready to, for OWN_PROCESSOR of its time; the margin is of the least. Waiting
    for a processor that others use counts as ready, so that a busy machine changes nothing. Waiting for one
    another, as threads do for the interpreter's lock, does not: no task may do so more than BLOCKED times.
    Its time is the shortest that it can have been, because a clock may be read late.
    """
    least = min((each.share for part in rounds for each in part.computations), default=0.0)
    short = next((part for part in rounds if not 1 < part.sent == part.held == len(part.computations)), None)
    blocked = max((each.blocked for part in rounds for each in part.computations), default=0)
    apart = sum(not _overlap(part.computations) for part in rounds)
    text = (
        f"{_rounds(rounds)}; in {apart} of them some task began after another had ended; each thread "
        f"ran or was ready to run for {least:.2f} of its time or more, wanted {OWN_PROCESSOR}, and waited "
        f"for anything else {counted(blocked, 'time')} at the most, {BLOCKED} allowed"
    )
    if short:
        text = f"of {counted(short.sent, 'task')} {short.held} ran at once; {text}"
    so = bool(rounds) and not short and not apart and least >= OWN_PROCESSOR and blocked <= BLOCKED
    facts = {"least_ran_or_ready_share": least, "most_blocked_times": blocked}
    return Judgement(so, text, least / OWN_PROCESSOR, facts)


@check
def takes_turns(rounds: Sequence[Round]) -> Judgement:
    """True when all tasks computed in one thread, and in each round threads demanded ONE_PROCESSOR or less.

    The margin is of the latter; the time is the longest that it can have been.
    """
    together = [part for part in rounds if part.held > 1 and part.computations]
    most = max((_processors(part.computations) for part in together), default=0.0)
    threads = len({(each.pid, each.thread) for part in rounds for each in part.computations})
    text = (
        f"{_rounds(rounds)}, in {counted(threads, 'thread')}; all threads together demanded {most:.2f} "
        f"processors at the most, {ONE_PROCESSOR} or less allowed"
    )
    so = bool(rounds) and len(together) == len(rounds) and threads == 1 and most <= ONE_PROCESSOR
    return Judgement(so, text, most / ONE_PROCESSOR, {"most_processors": most, "threads": threads})


def _pairs(comparison: Comparison) -> list[tuple[Batch, Batch]]:
    return list(zip(comparison.worker, comparison.other, strict=True))


def _spans(comparison: Comparison) -> str:
    own, other = _medians(comparison)
    batches, tasks = counted(len(comparison.worker), "batch", "batches"), len(comparison.worker[0].tasks)
    return (
        f"{batches} of {tasks} tasks took about {own:.2f} s, {comparison.name} {other:.2f} s at the same time"
    )


def _medians(comparison: Comparison) -> tuple[float, float]:
    """The seconds that a batch took the worker, and the other one."""
    own = median(batch.span for batch in comparison.worker)
    return own, median(batch.undisturbed for batch in comparison.other)


def _facts(comparison: Comparison, ratio: float) -> Mapping[str, float]:
    own, other = _medians(comparison)
    return {"worker_batch_s": own, "other_batch_s": other, "furthest_ratio": ratio}


def _many_facts(batches: OneThenMany, ratio: float) -> Mapping[str, float]:
    one, many = batches.one.undisturbed, batches.many.undisturbed
    return {
        "one_s": one,
        "many_s": many,
        "many_over_expected_ratio": ratio,
        "at_once_tasks": batches.many.most,
    }


def _row(ratios: Sequence[float]) -> str:
    return ", ".join(f"{ratio:.2f}" for ratio in ratios)


def _rounds(rounds: Sequence[Round]) -> str:
    tasks = sum(len(part.computations) for part in rounds)
    return f"{counted(tasks, 'task')} computed in {counted(len(rounds), 'round')}"


def _overlap(computations: Sequence[Computation]) -> bool:
    """Whether there was a moment at which all of them were surely under way."""
    if not computations:
        return False
    return max(each.before.latest for each in computations) < min(
        each.after.earliest for each in computations
    )


def _processors(computations: Sequence[Computation]) -> float:
    """How many processors all threads demanded from the first task's start to the last one's end."""
    first = min((each.before for each in computations), key=lambda each: each.earliest)
    last = max((each.after for each in computations), key=lambda each: each.latest)
    demanded = sum(at - first.demanded.get(thread, 0) for thread, at in last.demanded.items())
    return demanded / (last.latest - first.earliest)
