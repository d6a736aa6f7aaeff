"""Judges the corrections: what is true of a task's steps where the document's sentence is not."""

from __future__ import annotations

from itertools import pairwise

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.flow.checks_words import each, places, processes
from poolproof.subjects.flow.seen import Course, Flow


@check
def fetched_by_the_manager(flow: Flow) -> Judgement:
    """True when the manager alone fetched messages, and each went to a child that ran no other task then."""
    busy = _begun_in_a_busy_child(flow)
    alone = {link.pid for link in flow.requesting} == {flow.manager}

    def right(course: Course) -> bool:
        handed = course.started.pid in flow.children and course.task not in busy
        return alone and course.fetched == (flow.manager,) and handed

    def text(course: Course) -> str:
        besides = " while this child ran another task" if course.task in busy else ""
        return f"{besides}, its message was fetched by {processes(flow.tree, course.fetched)}"

    requesting = processes(flow.tree, (link.pid for link in flow.requesting))
    return each(
        flow, right, text, f"ran in an idle child, its message was fetched by {requesting}, as all were"
    )


@check
def received_in_one_greenlet(flow: Flow) -> Judgement:
    """True when one greenlet of the main thread received every message, and another one ran each task."""
    receivers = {course.received for course in flow.courses}

    def right(course: Course) -> bool:
        there, here = course.received, course.started
        main = {(place.pid, place.thread) for place in (there, here)} == {(flow.manager, flow.manager)}
        apart = 0 not in (there.greenlet, here.greenlet) and there.greenlet != here.greenlet
        return main and apart and len(receivers) == 1 and course.fetched == (flow.manager,)

    count = counted(len({place.greenlet for place in receivers}), "greenlet")
    return each(
        flow,
        right,
        lambda _: f", messages were received in {count}",
        "ran in another greenlet than received all",
    )


@check
def decoded_twice(flow: Flow) -> Judgement:
    """True when each task's arguments were decoded where its message was received, and again where it ran."""

    def text(course: Course) -> str:
        return f", its arguments were decoded by {places(flow.tree, course.started, course.decoded)}"

    return each(
        flow,
        lambda course: (
            course.received != course.started and course.decoded == (course.received, course.started)
        ),
        text,
        "was decoded where its message was received, and again where it ran",
    )


@check
def has_every_message(flow: Flow) -> Judgement:
    """True when the manager fetched, decoded and acknowledged every message, and a child did what follows."""
    manager = flow.manager

    def right(course: Course) -> bool:
        here, decoded = course.started.pid, tuple(place.pid for place in course.decoded)
        by_manager = course.fetched == course.acknowledged == (manager,)
        return by_manager and here in flow.children and (decoded, course.stored) == ((manager, here), (here,))

    def text(course: Course) -> str:
        steps = {
            "fetched": course.fetched,
            "decoded": [place.pid for place in course.decoded],
            "acknowledged": course.acknowledged,
            "stored": course.stored,
        }
        return "".join(f", {step} by {processes(flow.tree, pids)}" for step, pids in steps.items())

    return each(
        flow,
        right,
        text,
        "was fetched, decoded and acknowledged by the manager, and decoded, run and stored by a child",
    )


@check
def children_store_alone(flow: Flow) -> Judgement:
    """True when only the manager is connected to the broker, and each child has its own to the back end."""
    brokers = {link.pid for link in flow.opened if link.client == "broker"}
    requesting = {link.pid for link in flow.requesting}
    storing = {link.pid for course in flow.courses for link in course.over("stored")}
    right = bool(flow.children) and brokers == requesting == {flow.manager} and storing == flow.children
    return Judgement(
        right and not flow.unfinished,
        f"the broker had connections of {processes(flow.tree, brokers)} and requests for messages of "
        f"{processes(flow.tree, requesting)}; results were stored by {processes(flow.tree, storing)}",
        facts={
            "children": len(flow.children),
            "children_connected_to_broker": len(flow.children & brokers),
            "children_that_request_messages": len(flow.children & requesting),
            "children_that_store": len(flow.children & storing),
        },
    )


def _begun_in_a_busy_child(flow: Flow) -> set[str]:
    """The tasks that began in a process while another task was running in it."""
    ordered = sorted(flow.courses, key=lambda course: (course.started.pid, course.begun))
    return {
        after.task
        for before, after in pairwise(ordered)
        if before.started.pid == after.started.pid and after.begun < before.ended
    }
