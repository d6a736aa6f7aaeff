"""Judges where the steps of a task happen: fetched, run, its result stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from probes.judgement import Judgement, check
from probes.observations.flow import Course, Flow, Place


@check
def in_a_child(flow: Flow) -> Judgement:
    """True when every task ran in a process below the manager."""
    children = {child.pid for child in flow.tree.children}
    return _each(flow, lambda course: course.started.pid in children, lambda _: "", "ran in a child")


@check
def in_the_main_thread(flow: Flow) -> Judgement:
    """True when every task ran in the main thread of the process that was started."""
    return _each(flow, lambda course: _is_main(flow, course.started), lambda _: "", "ran in the main thread")


@check
def in_a_greenlet_of_its_own(flow: Flow) -> Judgement:
    """True when every task ran in the main thread, in a greenlet of neither the consumer nor another task."""
    shared = _shared(flow.courses)

    def fault(course: Course) -> str:
        if course.started.greenlet == course.received.greenlet:
            return " in the greenlet that receives messages"
        return " in the greenlet of a task that was running" if course.task in shared else ""

    return _each(
        flow,
        lambda course: _is_main(flow, course.started) and course.started.greenlet > 0 and not fault(course),
        fault,
        "ran in a greenlet of the main thread that it had to itself",
    )


@check
def fetched_where_it_runs(flow: Flow) -> Judgement:
    """True when each task's message was fetched by the process, and received by the greenlet, that ran it."""

    def same(course: Course) -> bool:
        here = course.started
        return set(course.fetched) == {here.pid} and course.received.greenlet == here.greenlet

    def told(course: Course) -> str:
        by = _processes(flow, course.fetched)
        if set(course.fetched) == {course.started.pid} and not same(course):
            by += " in another greenlet"
        return f", its message was fetched by {by}"

    fetching = _processes(flow, (pid for course in flow.courses for pid in course.fetched))
    return _each(flow, same, told, f"ran where its message was fetched (all by {fetching})")


@check
def stored_where_it_runs(flow: Flow) -> Judgement:
    """True when the process that ran a task wrote its result into Redis, and no other did."""
    return _each(
        flow,
        lambda course: set(course.stored) == {course.started.pid},
        lambda course: f", its result was stored by {_processes(flow, course.stored)}",
        "ran in the process that stored its result",
    )


@check
def each_child_asks(flow: Flow) -> Judgement:
    """True when every child has a connection over which it asks Redis for messages."""
    children = [child.pid for child in flow.tree.children]
    asking = {link.pid for link in flow.asking}
    silent = [pid for pid in children if pid not in asking]
    return Judgement(
        bool(children) and not silent,
        f"{len(children) - len(silent)} of {len(children)} children asked Redis for messages; "
        f"BRPOP came over {len(flow.asking)} connections, of {_processes(flow, asking)}",
    )


def _each(
    flow: Flow, right: Callable[[Course], bool], detail: Callable[[Course], str], says: str
) -> Judgement:
    """Whether every task did right; the evidence names the first that did not, with its place."""
    wrong = [course for course in flow.courses if not right(course)]
    count = len(flow.courses)
    if not wrong:
        return Judgement(count > 0, f"each of {count} tasks {says}")
    first = wrong[0]
    where = _processes(flow, [first.started.pid])
    thread = "" if first.started.thread == first.started.pid else f" (thread {first.started.thread})"
    ran = f"{first.task} ran in {where}{thread}{detail(first)}"
    return Judgement(False, f"not so with {len(wrong)} of {count} tasks: {ran}")


def _is_main(flow: Flow, place: Place) -> bool:
    manager = flow.tree.manager
    return manager is not None and (place.pid, place.thread) == (manager.pid, manager.pid)


def _shared(courses: Iterable[Course]) -> set[str]:
    """The tasks that began in a greenlet while another task was running in it."""
    ordered = sorted(courses, key=lambda course: (course.started.greenlet, course.begun))
    return {
        after.task
        for before, after in pairwise(ordered)
        if before.started.greenlet == after.started.greenlet and after.begun < before.ended
    }


def _processes(flow: Flow, pids: Iterable[int]) -> str:
    """Processes in words: `the manager 100, the child 101`."""
    manager = flow.tree.manager.pid if flow.tree.manager else 0
    children = {child.pid for child in flow.tree.children}
    named = [
        f"{'the manager' if pid == manager else 'the child' if pid in children else 'the process'} {pid}"
        for pid in sorted(set(pids))
    ]
    return ", ".join(named) or "no process"
