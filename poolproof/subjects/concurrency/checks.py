"""Judges how many tasks run at once, and in which order."""

from __future__ import annotations

from itertools import pairwise, zip_longest

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import conjoined, counted
from poolproof.subjects.concurrency.seen import Overlap, Reported


@check
def exactly_at_once(overlap: Overlap, count: int) -> Judgement:
    """True when `count` tasks ran whenever more waited, never more, and each of them ran once."""
    most, kept = overlap.at_once, sorted(set(overlap.kept))
    right = most == count and kept == [count] and _each_once(overlap)
    running = f"{conjoined(map(str, kept))} ran" if kept else "none was seen running"
    return Judgement(
        right,
        f"at most {most} of {len(overlap.sent)} tasks ran at the same time; {running} each of the "
        f"{counted(len(overlap.kept), 'time')} that others waited; {len(overlap.spans)} ended",
        facts=_facts(overlap),
    )


@check
def waited_together(overlap: Overlap) -> Judgement:
    """True when tasks that sleep were sleeping at the same time."""
    return Judgement(overlap.at_once > 1 and _each_once(overlap), _slept(overlap), facts=_facts(overlap))


@check
def none_ran(overlap: Overlap) -> Judgement:
    """True when tasks were sent and none of them ran to its end."""
    right = bool(overlap.sent) and not overlap.spans
    return Judgement(right, _slept(overlap), facts=_facts(overlap))


def _slept(overlap: Overlap) -> str:
    return (
        f"of {counted(len(overlap.sent), 'task')} that sleep {len(overlap.spans)} ended, "
        f"and at most {overlap.at_once} slept at the same time"
    )


@check
def one_after_another(overlap: Overlap) -> Judgement:
    """True when each task began after the one before it had ended, in the order of sending."""
    early = [after.task for before, after in pairwise(overlap.spans) if after.begun < before.ended]
    order = tuple(span.task for span in overlap.spans)
    found = f"at most {overlap.at_once} ran at the same time" if early else "one ran at a time"
    return Judgement(
        bool(order) and not early and order == overlap.sent,
        f"of {counted(len(overlap.sent), 'task')} {found}, {_order(order, overlap.sent)}",
        facts={**_facts(overlap), "tasks_begun_early": len(early)},
    )


def _order(begun: tuple[str, ...], sent: tuple[str, ...]) -> str:
    """The order in words, with the first task that began in the wrong place."""
    if begun == sent:
        return "in the order of sending"
    places = zip_longest(begun, sent, fillvalue="none")
    n, (task, due) = next((n, each) for n, each in enumerate(places, 1) if each[0] != each[1])
    return f"and {task} was number {n} to begin, where {due} was due"


def _facts(overlap: Overlap) -> dict[str, int | float]:
    return {
        "tasks": len(overlap.sent),
        "tasks_ended": len(overlap.spans),
        "most_tasks_at_once": overlap.at_once,
    }


def _each_once(overlap: Overlap) -> bool:
    return sorted(span.task for span in overlap.spans) == sorted(overlap.sent)


@check
def concurrency_is(count: int, reported: Reported, *others: Reported) -> Judgement:
    """True when the first worker reports this concurrency; the others are shown for comparison."""
    texts = [
        f"{each.pool} reports a concurrency of {each.concurrency} and ran {each.at_once} of its tasks at once"
        for each in (reported, *others)
    ]
    return Judgement(reported.concurrency == count, "; ".join(texts), facts=_reported(reported, *others))


@check
def each_has_one(count: int, reported: Reported, *others: Reported) -> Judgement:
    """True when every worker reports a concurrency of one, not of `count`, and ran one task at a time."""
    texts = [
        f"{each.pool} reports {each.concurrency} and ran {each.at_once} at once"
        for each in (reported, *others)
    ]
    ones = all((each.concurrency, each.at_once) == (1, 1) for each in (reported, *others))
    return Judgement(ones, f"not {count}: {'; '.join(texts)}", facts=_reported(reported, *others))


def _reported(*workers: Reported) -> dict[str, int | float]:
    concurrency = {f"{each.pool}_reported_concurrency": each.concurrency for each in workers}
    return {**concurrency, **{f"{each.pool}_most_tasks_at_once": each.at_once for each in workers}}
