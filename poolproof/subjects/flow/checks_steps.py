"""Judges where the steps around a task happen: fetched, decoded, encoded, stored, acknowledged."""

from __future__ import annotations

from itertools import pairwise

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.flow.checks_words import each, places, processes
from poolproof.subjects.flow.seen import Course, Flow


@check
def fetched_where_it_runs(flow: Flow) -> Judgement:
    """True when each task's message was fetched by the process, and received by the greenlet, that ran it."""

    def same(course: Course) -> bool:
        here = course.started
        return course.fetched == (here.pid,) and course.received.greenlet == here.greenlet

    def text(course: Course) -> str:
        by = processes(flow.tree, course.fetched)
        if set(course.fetched) == {course.started.pid} and not same(course):
            by += " in another greenlet"
        return f", its message was fetched by {by}"

    fetching = processes(flow.tree, (pid for course in flow.courses for pid in course.fetched))
    return each(flow, same, text, f"ran where its message was fetched (all by {fetching})")


@check
def fetched_between_tasks(flow: Flow) -> Judgement:
    """True when a message was requested between any two tasks, and none while a task ran; all tasks ended."""
    courses = sorted(flow.courses, key=lambda course: course.begun)
    during = [_requests(flow, course.begun, course.ended) for course in courses]
    between = [_requests(flow, before.ended, after.begun) for before, after in pairwise(courses)]
    return Judgement(
        bool(between) and not any(during) and all(between) and not flow.unfinished,
        f"{counted(flow.unfinished, 'task')} did not end; a message was requested "
        f"{counted(sum(during), 'time')} while one of {len(courses)} tasks ran, "
        f"and between the end of a task and the begin of the next in {sum(map(bool, between))} "
        f"of {counted(len(between), 'case')}",
        facts={
            "tasks_ended": len(courses),
            "requests_while_a_task_ran": sum(during),
            "gaps_between_tasks": len(between),
            "gaps_with_a_request": sum(map(bool, between)),
        },
    )


@check
def decoded_where_it_runs(flow: Flow) -> Judgement:
    """True when each task's arguments were decoded in the process, thread and greenlet that ran it."""
    return each(
        flow,
        lambda course: course.started in course.decoded,
        lambda course: _decoded(flow, course),
        "ran where its arguments were decoded",
    )


@check
def decoded_nowhere_else(flow: Flow) -> Judgement:
    """True when each task's arguments were decoded where it ran, and in no other place as well."""
    return each(
        flow,
        lambda course: set(course.decoded) == {course.started},
        lambda course: _decoded(flow, course),
        "ran in the one place where its arguments were decoded",
    )


@check
def encoded_and_stored_where_it_runs(flow: Flow) -> Judgement:
    """True when each result is right, and was encoded once, where its task ran, and stored once there."""

    def text(course: Course) -> str:
        encoded = places(flow.tree, course.started, course.encoded)
        by = counted(len(course.stored), "time")
        by = f"encoded by {encoded} and stored {by} by {processes(flow.tree, course.stored)}"
        wrong = "" if course.result == course.due else f", as {course.result!r} and not {course.due!r}"
        return f", its result was {by}{wrong}"

    def right(course: Course) -> bool:
        here = course.started
        once = (course.encoded, course.stored) == ((here,), (here.pid,))
        return once and course.result == course.due

    return each(
        flow, right, text, "ran where its result was encoded, in the process that stored it, and rightly"
    )


@check
def only_manages(flow: Flow) -> Judgement:
    """True when the manager fetched and decoded no task, and others did."""

    def text(course: Course) -> str:
        decoded = processes(flow.tree, (place.pid for place in course.decoded))
        return f", fetched by {processes(flow.tree, course.fetched)} and decoded by {decoded}"

    def right(course: Course) -> bool:
        decoded = {place.pid for place in course.decoded}
        return bool(course.fetched and decoded) and flow.manager not in decoded.union(course.fetched)

    return each(flow, right, text, "was fetched and decoded by others than the manager")


@check
def each_child_requests(flow: Flow) -> Judgement:
    """True when every child has a connection of its own to the broker, over which it requests messages."""
    requesting = {link.pid for link in flow.requesting}
    connected = {link.pid for link in flow.opened if link.client == "broker"}
    both, count = requesting & connected, counted(len(flow.children), "child", "children")
    over = counted(len(flow.requesting), "connection")
    return Judgement(
        bool(flow.children) and flow.children <= both and not flow.unfinished,
        f"of {count} {len(flow.children & connected)} connected to the broker, and "
        f"{len(flow.children & requesting)} requested messages; BRPOP came over {over}, of "
        f"{processes(flow.tree, requesting)}",
        facts={
            "children": len(flow.children),
            "children_connected_to_broker": len(flow.children & connected),
            "children_that_request_messages": len(flow.children & requesting),
            "connections_that_request_messages": len(flow.requesting),
        },
    )


def _requests(flow: Flow, begin: int, end: int) -> int:
    """How many times a message was requested between two moments."""
    return sum(begin < at < end for at in flow.requested)


def _decoded(flow: Flow, course: Course) -> str:
    return f", its arguments were decoded by {places(flow.tree, course.started, course.decoded)}"
