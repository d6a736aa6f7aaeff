"""Judges where a task runs: in which process, thread and greenlet."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from poolproof.model.judgement import Judgement, check
from poolproof.subjects.flow.checks_words import each
from poolproof.subjects.flow.seen import Course, Flow, Place


@check
def in_a_child(flow: Flow) -> Judgement:
    """True when every task ran in a process below the manager."""
    return each(flow, lambda course: course.started.pid in flow.children, lambda _: "", "ran in a child")


@check
def in_the_main_thread(flow: Flow) -> Judgement:
    """True when every task ran in the main thread of the process that was started."""
    return each(flow, lambda course: _is_main(flow, course.started), lambda _: "", "ran in the main thread")


@check
def in_a_greenlet_of_its_own(flow: Flow) -> Judgement:
    """True when every task ran in the main thread, in a greenlet of neither the consumer nor another task."""
    shared = _shared(flow.courses)

    def error(course: Course) -> str:
        if course.started.greenlet == course.received.greenlet:
            return " in the greenlet that receives messages"
        return " in the greenlet of a task that was running" if course.task in shared else ""

    return each(
        flow,
        lambda course: _is_main(flow, course.started) and course.started.greenlet > 0 and not error(course),
        error,
        "ran in a greenlet of the main thread that it had to itself",
    )


def _is_main(flow: Flow, place: Place) -> bool:
    return flow.manager > 0 and (place.pid, place.thread) == (flow.manager, flow.manager)


def _shared(courses: Iterable[Course]) -> set[str]:
    """The tasks that began in a greenlet while another task was running in it."""
    ordered = sorted(courses, key=lambda course: (course.started.greenlet, course.begun))
    return {
        after.task
        for before, after in pairwise(ordered)
        if before.started.greenlet == after.started.greenlet and after.begun < before.ended
    }
