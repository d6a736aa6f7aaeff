"""Judges which process runs the messages taken ahead, what that costs, and how many they may be."""

from __future__ import annotations

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.prefetch.seen import Behind, Kept, Switched, Trips

DEFAULT = 4
"""Celery's own multiplier."""


@check
def waits_behind_it(behind: Behind) -> Judgement:
    """True when some of the quick tasks had not run as long as the slow one held its child."""
    return _behind(behind, len(behind.ran) < len(behind.quick))


@check
def runs_beside_it(behind: Behind) -> Judgement:
    """True when all of the quick tasks ran while the slow one held its child, in other children."""
    alone = behind.slow > 0 and behind.slow not in behind.ran.values()
    return _behind(behind, alone and behind.ran.keys() == set(behind.quick))


@check
def kept_by_children(kept: Kept) -> Judgement:
    """True when a child of the worker keeps each message that waits in it."""
    return _kept(kept, bool(kept.ahead) and all(pids & kept.children for pids in kept.ahead.values()))


@check
def kept_by_the_manager(kept: Kept) -> Judgement:
    """True when only the manager keeps each message that waits, and one child has each that runs as well."""
    waiting = all(pids == {kept.manager} for pids in kept.ahead.values())
    running = all(len(pids & kept.children) == 1 for pids in kept.running.values())
    return _kept(kept, bool(kept.ahead) and bool(kept.running) and waiting and running)


@check
def brings_several(trips: Trips) -> Judgement:
    """True when there were fewer requests that brought messages than messages."""
    return _trips(trips, 0 < trips.requests < trips.messages)


@check
def three_trips_each(trips: Trips) -> Judgement:
    """True when each message cost a request of its own, a note that it was taken, and its acknowledgement."""
    each = {trips.requests, trips.noted, trips.acknowledged}
    return _trips(trips, each == {trips.messages} and trips.messages > 0)


@check
def switch_is_obeyed(switched: Switched) -> Judgement:
    """True when the prefetch count is -c times the switch's value, or times 4 without the switch."""
    multiplier = DEFAULT if switched.given is None else switched.given
    return _switched(switched, switched.prefetch_count == switched.concurrency * multiplier)


@check
def zero_is_not_given(switched: Switched) -> Judgement:
    """True when the switch has the value 0, and the worker acts as without the switch."""
    right = switched.given == 0 and switched.prefetch_count == switched.concurrency * DEFAULT
    return _switched(switched, right)


def _behind(behind: Behind, right: bool) -> Judgement:
    others = len(set(behind.ran.values()) - {behind.slow})
    text = (
        f"of {counted(len(behind.quick), 'task')} behind a slow one {len(behind.ran)} ran while it held its "
        f"child, in {counted(others, 'other child', 'other children')}"
    )
    return Judgement(
        right, text, facts={"tasks_behind": len(behind.quick), "tasks_run_meanwhile": len(behind.ran)}
    )


def _kept(kept: Kept, right: bool) -> Judgement:
    in_children = sum(bool(pids & kept.children) for pids in kept.ahead.values())
    in_manager = sum(kept.manager in pids for pids in kept.ahead.values())
    in_run = sum(bool(pids & kept.children) for pids in kept.running.values())
    text = (
        f"of {counted(len(kept.ahead), 'message')} that wait, {in_manager} are in the memory of "
        f"its manager and {in_children} in that of a child; of {len(kept.running)} that run, {in_run} are in "
        "that of a child"
    )
    return Judgement(right, text, facts={"ahead_in_children": in_children, "ahead_in_manager": in_manager})


def _trips(trips: Trips, right: bool) -> Judgement:
    text = (
        f"with a multiplier of {trips.multiplier}, {counted(trips.messages, 'message')} came by "
        f"{counted(trips.requests, 'request')}, were noted as taken {counted(trips.noted, 'time')} and "
        f"acknowledged {counted(trips.acknowledged, 'time')}"
    )
    each = (trips.requests + trips.noted + trips.acknowledged) / max(trips.messages, 1)
    return Judgement(right, text, facts={"round_trips_per_message": round(each, 3)})


def _switched(switched: Switched, right: bool) -> Judgement:
    given = "no switch" if switched.given is None else f"--prefetch-multiplier={switched.given}"
    text = f"with {given} and -c {switched.concurrency} the prefetch count is {switched.prefetch_count}"
    return Judgement(right, text, facts={"prefetch_count": switched.prefetch_count})
