"""The checks of the corrections of steps, on good and bad flows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from poolproof.model.processes import Process, Tree
from poolproof.subjects.flow.checks_shown import (
    children_store_alone,
    decoded_twice,
    fetched_by_the_manager,
    has_every_message,
    received_in_one_greenlet,
)
from poolproof.subjects.flow.seen import Course, Flow, Link, Place
from poolproof.subjects.installed.checks import done_by_others
from poolproof.subjects.installed.seen import Names

MANAGER, CHILD = 100, 101
THERE, HERE = Place(MANAGER, MANAGER), Place(CHILD, CHILD)
BY, MANAGERS = (MANAGER,), Link(MANAGER, 1, "broker")
CHILDS = Link(CHILD, 2, "backend")


def course(task: str, begun: int, **changes: object) -> Course:
    """A task as prefork runs it: everything before it by the manager, what follows by a child."""
    right = Course(
        task, BY, THERE, HERE, (CHILD,), begun, begun + 5, (THERE, HERE), (HERE,), BY,
        links=(("fetched", MANAGERS), ("stored", CHILDS), ("acknowledged", MANAGERS)),
    )  # fmt: skip
    return replace(right, **changes)  # type: ignore[arg-type]


def flow(*courses: Course, requesting: tuple[Link, ...] = (MANAGERS,)) -> Flow:
    tree = Tree(Process(MANAGER, 1, (MANAGER,)), (Process(CHILD, MANAGER, (CHILD,)),))
    return Flow(tree, courses, requesting, sent=("1", "2"), opened=(MANAGERS, CHILDS))


def test_a_prefork_worker_does_as_the_corrections_say() -> None:
    right = flow(course("1", 0), course("2", 5))
    assert fetched_by_the_manager(right)
    assert decoded_twice(right)
    assert has_every_message(right)
    assert children_store_alone(right)


@pytest.mark.parametrize(
    "changes",
    [
        {"fetched": (CHILD,)},
        {"fetched": (MANAGER, MANAGER)},
        {"started": THERE},
        {"begun": 4},
        {"runs": 2},
    ],
    ids=["by a child", "twice", "run by the manager", "in a busy child", "run twice"],
)
def test_a_message_that_is_fetched_or_handed_over_otherwise(changes: dict[str, object]) -> None:
    assert not fetched_by_the_manager(flow(course("1", 0), replace(course("2", 5), **changes)))  # type: ignore[arg-type]


def test_a_child_that_requests_is_seen_though_it_got_nothing() -> None:
    requesting = (MANAGERS, Link(CHILD, 3, "broker"))
    assert not fetched_by_the_manager(flow(course("1", 0), course("2", 5), requesting=requesting))
    assert not children_store_alone(flow(course("1", 0), course("2", 5), requesting=requesting))


@pytest.mark.parametrize("decoded", [(HERE,), (THERE,), (HERE, THERE), (THERE, HERE, HERE), ()])
def test_arguments_that_are_not_decoded_twice(decoded: tuple[Place, ...]) -> None:
    other = flow(course("1", 0), course("2", 5, decoded=decoded))
    assert not decoded_twice(other)
    assert not has_every_message(other)


@pytest.mark.parametrize(
    "changes", [{"fetched": (CHILD,)}, {"acknowledged": ()}, {"stored": (MANAGER,)}, {"started": THERE}]
)
def test_a_message_that_the_manager_has_not_all_through(changes: dict[str, object]) -> None:
    assert not has_every_message(flow(course("1", 0), replace(course("2", 5), **changes)))  # type: ignore[arg-type]


def test_a_child_that_connects_to_the_broker_or_stores_nothing() -> None:
    right = flow(course("1", 0), course("2", 5))
    assert not children_store_alone(replace(right, opened=(MANAGERS, CHILDS, Link(CHILD, 3, "broker"))))
    assert not children_store_alone(flow(course("1", 0, links=()), course("2", 5, links=())))


def green(task: str, greenlet: int, receiver: int = 7, thread: int = MANAGER) -> Course:
    here = Place(MANAGER, thread, greenlet)
    return course(task, 0, received=Place(MANAGER, MANAGER, receiver), started=here)


def test_received_in_one_greenlet() -> None:
    assert received_in_one_greenlet(flow(green("1", 1), green("2", 2)))


@pytest.mark.parametrize(
    "other",
    [green("2", 7), green("2", 2, receiver=8), green("2", 2, thread=105), green("2", 0)],
    ids=["where it was received", "another receiver", "another thread", "no greenlet"],
)
def test_not_received_in_one_greenlet(other: Course) -> None:
    assert not received_in_one_greenlet(flow(green("1", 1), other))


@pytest.mark.parametrize(
    "judge",
    [
        fetched_by_the_manager,
        decoded_twice,
        has_every_message,
        children_store_alone,
        received_in_one_greenlet,
    ],
)
def test_a_lost_task_or_none_at_all_shows_nothing(judge: object) -> None:
    assert callable(judge)
    assert not judge(flow(course("1", 0)))
    assert not judge(flow())


def test_done_by_others() -> None:
    pair = ("a:caller", "b:called")
    assert done_by_others(Names((), ("c:gone",), uses=(pair,)))
    assert not done_by_others(Names((), ("c:gone",), uses=(pair,), lacks=(pair,)))
    assert not done_by_others(Names(("c:here",), ("c:gone",), uses=(pair,)))
    assert not done_by_others(Names((), ("c:gone",)))
    assert not done_by_others(Names((), (), uses=(pair,)))
