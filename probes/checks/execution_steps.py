"""Judges where the steps around a task happen: fetched, decoded, encoded, stored, acknowledged."""

from __future__ import annotations

from itertools import pairwise

from probes.checks.execution_words import each, places, processes
from probes.checks.words import counted
from probes.judgement import Judgement, check
from probes.observations.flow import Course, Flow


@check
def fetched_where_it_runs(flow: Flow) -> Judgement:
    """True when each task's message was fetched by the process, and received by the greenlet, that ran it."""

    def same(course: Course) -> bool:
        here = course.started
        return set(course.fetched) == {here.pid} and course.received.greenlet == here.greenlet

    def told(course: Course) -> str:
        by = processes(flow.tree, course.fetched)
        if set(course.fetched) == {course.started.pid} and not same(course):
            by += " in another greenlet"
        return f", its message was fetched by {by}"

    fetching = processes(flow.tree, (pid for course in flow.courses for pid in course.fetched))
    return each(flow, same, told, f"ran where its message was fetched (all by {fetching})")


@check
def fetched_between_tasks(flow: Flow) -> Judgement:
    """True when no message was asked for while a task ran, and one was after each task but the last."""
    courses = sorted(flow.courses, key=lambda course: course.begun)
    during = [_asked(flow, course.begun, course.ended) for course in courses]
    between = [_asked(flow, before.ended, after.begun) for before, after in pairwise(courses)]
    return Judgement(
        bool(between) and not any(during) and all(between),
        f"a message was asked for {counted(sum(during), 'time')} while one of {len(courses)} tasks ran, "
        f"and between the end of a task and the begin of the next in {sum(map(bool, between))} "
        f"of {counted(len(between), 'case')}",
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
    """True when each result was encoded in the very place that ran the task, and written by its process."""

    def told(course: Course) -> str:
        encoded = places(flow.tree, course.started, course.encoded)
        return f", its result was encoded by {encoded} and stored by {processes(flow.tree, course.stored)}"

    return each(
        flow,
        lambda course: set(course.encoded) == {course.started} and set(course.stored) == {course.started.pid},
        told,
        "ran where its result was encoded, in the process that stored it",
    )


@check
def only_manages(flow: Flow) -> Judgement:
    """True when the manager fetched, decoded and acknowledged no task, and others did."""
    manager = flow.tree.manager.pid if flow.tree.manager else 0
    steps = {
        "fetched": [course.fetched for course in flow.courses],
        "decoded": [tuple(place.pid for place in course.decoded) for course in flow.courses],
        "acknowledged": [course.acknowledged for course in flow.courses],
    }
    done = {step: sum(manager in pids for pids in by_task) for step, by_task in steps.items()}
    elsewhere = all(pids and manager not in pids for by_task in steps.values() for pids in by_task)
    shares = ", ".join(f"{step} {count}" for step, count in done.items())
    return Judgement(
        bool(flow.courses) and elsewhere,
        f"of {len(flow.courses)} tasks, {processes(flow.tree, [manager])} {shares}",
    )


@check
def each_child_asks(flow: Flow) -> Judgement:
    """True when every child has a connection over which it asks Redis for messages."""
    children = [child.pid for child in flow.tree.children]
    asking = {link.pid for link in flow.asking}
    silent = [pid for pid in children if pid not in asking]
    all_children = counted(len(children), "child", "children")
    return Judgement(
        bool(children) and not silent,
        f"{len(children) - len(silent)} of {all_children} asked Redis for messages; "
        f"BRPOP came over {counted(len(flow.asking), 'connection')}, of {processes(flow.tree, asking)}",
    )


def _asked(flow: Flow, begin: int, end: int) -> int:
    """How many times a message was asked for between two moments."""
    return sum(begin < at < end for at in flow.asked)


def _decoded(flow: Flow, course: Course) -> str:
    return f", its arguments were decoded by {places(flow.tree, course.started, course.decoded)}"
