"""Judges what greenlets do beside one another: who runs while one waits, and what a greenlet serves."""

from __future__ import annotations

from collections.abc import Callable

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.greenlets.seen import Beside, Left, Overrun, Served, Told


@check
def others_ran(beside: Beside) -> Judgement:
    """True when another greenlet ran each time that a task spent its time."""
    return Judgement(bool(beside.spent) and all(each.ticks > 0 for each in beside.spent), _told(beside))


@check
def no_other_ran(beside: Beside) -> Judgement:
    """True when no other greenlet ran any time that a task spent its time."""
    return Judgement(bool(beside.spent) and all(each.ticks == 0 for each in beside.spent), _told(beside))


def _told(beside: Beside) -> str:
    """Bounded words, not counts of ticks alone: how many depends on the machine, whether any does not."""
    seconds = sum(each.seconds for each in beside.spent)
    ticked = sum(each.ticks > 0 for each in beside.spent)
    return (
        f"{counted(len(beside.spent), 'task')} spent {seconds:.1f} s on {beside.way!r} in all, and during "
        f"{ticked} of them another one ticked, which would every 10 ms"
    )


@check
def greenlets_serve_again(served: Served) -> Judgement:
    """True when some greenlet ran more than one task."""
    return Judgement(_most(served) > 1, _served(served))


@check
def each_has_a_new_greenlet(served: Served) -> Judgement:
    """True when each of several tasks was the first that its greenlet ran."""
    return Judgement(len(served.told) > 1 and _most(served) == 1, _served(served))


@check
def one_greenlet_a_name(served: Served) -> Judgement:
    """True when all tasks of a name ran in the same greenlet, and those of another name in another."""
    names = dict.fromkeys(each.name for each in served.told)
    runs = {name: sorted(each.served for each in served.told if each.name == name) for name in names}
    so = len(runs) > 1 and all(counts == list(range(1, len(counts) + 1)) for counts in runs.values())
    told = ", ".join(f"{len(counts)} of {name}" for name, counts in runs.items())
    return Judgement(so, f"{_served(served)}; the tasks were {told}")


@check
def in_greenlets_of_their_own(served: Served) -> Judgement:
    """True when each task ran in a greenlet that was made, and in none that a thread comes with."""
    return _all(served, "ran in a greenlet that was made for tasks", lambda told: not told.root)


@check
def on_the_main_stack(served: Served) -> Judgement:
    """True when each task ran on the stack of the main thread."""
    return _all(served, "ran on the stack of the main thread", lambda told: told.on_main_stack)


def _all(served: Served, what: str, so: Callable[[Told], bool]) -> Judgement:
    count, whole = sum(map(so, served.told)), len(served.told)
    return Judgement(0 < whole == count, f"{count} of {counted(whole, 'task')} {what}")


def _most(served: Served) -> int:
    return max((each.served for each in served.told), default=0)


def _served(served: Served) -> str:
    slots = counted(served.slots, "slot")
    return f"of {len(served.told)} tasks in {slots}, the most that one greenlet ran was {_most(served)}"


@check
def ended_by_its_limit(overrun: Overrun) -> Judgement:
    """True when each task was ended by its time limit and failed."""
    return _each_left(overrun, lambda left: (left.status, left.error) == ("FAILURE", "TimeLimitExceeded"))


@check
def outlives_its_limit(overrun: Overrun) -> Judgement:
    """True when each task took all the time that it needed, and succeeded."""
    return _each_left(overrun, lambda left: left.status == "SUCCESS" and left.took >= overrun.needed)


def _each_left(overrun: Overrun, so: Callable[[Left], bool]) -> Judgement:
    results = dict.fromkeys(f"{left.status} {left.error}".strip() for left in overrun.tasks)
    took = [left.took for left in overrun.tasks]
    return Judgement(
        bool(overrun.tasks) and all(map(so, overrun.tasks)),
        f"{counted(len(took), 'task')} with a time limit of {overrun.limit:g} s left off after "
        f"{min(took, default=0):.1f} to {max(took, default=0):.1f} s; results: {', '.join(results)}",
    )
