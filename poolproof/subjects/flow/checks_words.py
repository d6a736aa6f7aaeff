"""How the checks of steps name processes and places, and the first task that did otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from poolproof.model.judgement import Judgement
from poolproof.model.processes import Tree
from poolproof.subjects.flow.seen import Course, Flow, Place


def each(
    flow: Flow, right: Callable[[Course], bool], detail: Callable[[Course], str], text: str
) -> Judgement:
    """Whether every task that was sent ran once and was right; the evidence names the first that was not."""
    wrong = [course for course in flow.courses if course.runs != 1 or not right(course)]
    count = len(flow.courses)
    facts = {"tasks_ended": count, "tasks_otherwise": len(wrong), "tasks_unfinished": flow.unfinished}
    if flow.unfinished:
        unfinished = f"{flow.unfinished} of {len(flow.sent)} tasks did not run to their end"
        return Judgement(False, unfinished, facts=facts)
    if not wrong:
        return Judgement(count > 0, f"each of {count} tasks {text}", facts=facts)
    first = f"{wrong[0].task} ran {_otherwise(flow, wrong[0], detail)}"
    return Judgement(False, f"not so with {len(wrong)} of {count} tasks: {first}", facts=facts)


def _otherwise(flow: Flow, course: Course, detail: Callable[[Course], str]) -> str:
    """How often a task ran, if that is not once; otherwise where it ran and what was different."""
    if course.runs != 1:
        return f"{course.runs} times"
    where, thread = processes(flow.tree, [course.started.pid]), course.started.thread
    return f"in {where}{'' if thread == course.started.pid else f' (thread {thread})'}{detail(course)}"


def processes(tree: Tree, pids: Iterable[int]) -> str:
    """Processes in words: `the manager 100, the child 101`."""
    return ", ".join(_process(tree, pid) for pid in sorted(set(pids))) or "no process"


def places(tree: Tree, here: Place, seen: Iterable[Place]) -> str:
    """Places in words, beside the one where the task ran: `the manager 100 in another greenlet`."""
    return ", ".join(_process(tree, place.pid) + _beside(here, place) for place in seen) or "no process"


def _process(tree: Tree, pid: int) -> str:
    manager = tree.manager.pid if tree.manager else 0
    children = {child.pid for child in tree.children}
    return f"{'the manager' if pid == manager else 'the child' if pid in children else 'the process'} {pid}"


def _beside(here: Place, place: Place) -> str:
    if place.pid != here.pid or place == here:
        return ""
    return " in another thread" if place.thread != here.thread else " in another greenlet"
