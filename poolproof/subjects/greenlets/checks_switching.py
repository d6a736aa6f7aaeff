"""Judges whether greenlets run while another waits, how many tasks each runs, and their time limits."""

from __future__ import annotations

from collections.abc import Callable

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.greenlets.seen import Beside, Greenlets, Limited, Overrun, TaskGreenlet


@check
def others_ran(beside: Beside) -> Judgement:
    """True when another greenlet ran each time while a task waited or computed."""
    right = bool(beside.spent) and all(each.ticks > 0 for each in beside.spent)
    return Judgement(right, _beside_text(beside), facts=_beside_facts(beside))


@check
def no_other_ran(beside: Beside) -> Judgement:
    """True when no other greenlet ran while a task waited or computed, although one ran again after each."""
    right = bool(beside.spent) and all(each.ticks == 0 < each.after for each in beside.spent)
    return Judgement(right, _beside_text(beside), facts=_beside_facts(beside))


def _beside_facts(beside: Beside) -> dict[str, int | float]:
    return {
        "tasks": len(beside.spent),
        "tasks_beside_which_another_ran": sum(each.ticks > 0 for each in beside.spent),
        "ticks_beside_a_task": sum(each.ticks for each in beside.spent),
        "spent_seconds": round(sum(each.seconds for each in beside.spent), 3),
    }


def _beside_text(beside: Beside) -> str:
    """Beside how many tasks another one ticked; how often it ticked depends on the machine."""
    seconds = sum(each.seconds for each in beside.spent)
    ticked = sum(each.ticks > 0 for each in beside.spent)
    return (
        f"{counted(len(beside.spent), 'task')} spent {seconds:.1f} s on {beside.way!r} in all, and during "
        f"{ticked} of them another one ticked, which would every 10 ms"
    )


@check
def greenlets_serve_again(greenlets: Greenlets) -> Judgement:
    """True when some greenlet ran more than one task."""
    return Judgement(_most(greenlets) > 1, _most_text(greenlets), facts=_facts(greenlets))


@check
def each_has_a_new_greenlet(greenlets: Greenlets) -> Judgement:
    """True when each of several tasks was the first that its greenlet ran."""
    right = len(greenlets.of_tasks) > 1 and _most(greenlets) == 1
    return Judgement(right, _most_text(greenlets), facts=_facts(greenlets))


@check
def one_greenlet_a_name(greenlets: Greenlets) -> Judgement:
    """True when all tasks of one name ran in one greenlet, and those of another name in another."""
    names = dict.fromkeys(each.name for each in greenlets.of_tasks)
    runs = {name: sorted(each.served for each in greenlets.of_tasks if each.name == name) for name in names}
    right = len(runs) > 1 and all(counts == list(range(1, len(counts) + 1)) for counts in runs.values())
    text = ", ".join(f"{len(counts)} of {name}" for name, counts in runs.items())
    return Judgement(right, f"{_most_text(greenlets)}; the tasks were {text}", facts=_facts(greenlets))


@check
def in_greenlets_of_their_own(greenlets: Greenlets) -> Judgement:
    """True when each task ran in a greenlet that was created, and not in the first greenlet of a thread."""
    return _all(greenlets, "ran in a greenlet that was made for tasks", lambda each: not each.root)


@check
def on_the_main_stack(greenlets: Greenlets) -> Judgement:
    """True when each task ran on the stack of the main thread."""
    return _all(greenlets, "ran on the stack of the main thread", lambda each: each.on_main_stack)


def _all(greenlets: Greenlets, what: str, right: Callable[[TaskGreenlet], bool]) -> Judgement:
    count, tasks = sum(map(right, greenlets.of_tasks)), len(greenlets.of_tasks)
    text = f"{count} of {counted(tasks, 'task')} {what}"
    return Judgement(0 < tasks == count, text, facts={"tasks": tasks, "tasks_otherwise": tasks - count})


def _most(greenlets: Greenlets) -> int:
    return max((each.served for each in greenlets.of_tasks), default=0)


def _facts(greenlets: Greenlets) -> dict[str, int | float]:
    return {"tasks": len(greenlets.of_tasks), "most_tasks_of_a_greenlet": _most(greenlets)}


def _most_text(greenlets: Greenlets) -> str:
    tasks, slots = len(greenlets.of_tasks), counted(greenlets.slots, "slot")
    return f"of {tasks} tasks in {slots}, the most that one greenlet ran was {_most(greenlets)}"


@check
def ended_by_its_limit(overrun: Overrun) -> Judgement:
    """True when the time limit ended each task, which failed."""
    return _each_task(overrun, lambda task: (task.status, task.error) == ("FAILURE", "TimeLimitExceeded"))


@check
def outlives_its_limit(overrun: Overrun) -> Judgement:
    """True when each task ran for all the time that it needed, and succeeded."""
    return _each_task(overrun, lambda task: task.status == "SUCCESS" and task.seconds >= overrun.needed)


def _each_task(overrun: Overrun, right: Callable[[Limited], bool]) -> Judgement:
    results = dict.fromkeys(f"{task.status} {task.error}".strip() for task in overrun.tasks)
    seconds = [task.seconds for task in overrun.tasks]
    least, most = min(seconds, default=0.0), max(seconds, default=0.0)
    return Judgement(
        bool(overrun.tasks) and all(map(right, overrun.tasks)),
        f"{counted(len(seconds), 'task')} with a time limit of {overrun.limit:g} s ran for "
        f"{least:.1f} to {most:.1f} s; results: {', '.join(results)}",
        facts={"tasks": len(seconds), "least_seconds": round(least, 3), "most_seconds": round(most, 3)},
    )
