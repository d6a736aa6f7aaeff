"""Judges how many tasks run at once, and in which order."""

from __future__ import annotations

from itertools import pairwise

from probes.judgement import Judgement, check
from probes.observations.execution import Overlap, Reported


@check
def exactly_at_once(overlap: Overlap, count: int) -> Judgement:
    """True when `count` tasks ran at the same time, and never more, though more were there to be run."""
    most = overlap.at_once
    return Judgement(most == count, f"at most {most} of {len(overlap.sent)} tasks ran at the same time")


@check
def one_after_another(overlap: Overlap) -> Judgement:
    """True when each task began after the one before it had ended, in the order of sending."""
    early = [after.task for before, after in pairwise(overlap.spans) if after.begun < before.ended]
    order = tuple(span.task for span in overlap.spans)
    found = f"at most {overlap.at_once} ran at the same time" if early else "one ran at a time"
    ordered = "in the order of sending" if order == overlap.sent else f"in the order {', '.join(order)}"
    return Judgement(
        bool(order) and not early and order == overlap.sent,
        f"of {len(overlap.sent)} tasks ({', '.join(overlap.sent)}) {found}, {ordered}",
    )


@check
def concurrency_is(count: int, reported: Reported, *others: Reported) -> Judgement:
    """True when the first worker reports this concurrency; the others stand beside it for comparison."""
    told = [
        f"{each.pool} reports a concurrency of {each.concurrency} and ran {each.at_once} of its tasks at once"
        for each in (reported, *others)
    ]
    return Judgement(reported.concurrency == count, "; ".join(told))
