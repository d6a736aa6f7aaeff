"""The checks of steps, on good and bad flows, by hand and at random."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolproof.model.judgement import Judgement
from poolproof.model.processes import Process, Tree
from poolproof.subjects.flow.checks_places import in_a_child, in_a_greenlet_of_its_own, in_the_main_thread
from poolproof.subjects.flow.checks_steps import (
    decoded_nowhere_else,
    decoded_where_it_runs,
    each_child_requests,
    encoded_and_stored_where_it_runs,
    fetched_between_tasks,
    fetched_where_it_runs,
    only_manages,
)
from poolproof.subjects.flow.seen import Course, Flow, Link, Place

MANAGER = 100
CONSUMER = 7
"""The greenlet that receives messages."""


def course(task: str, pid: int = MANAGER, *, greenlet: int = 0, begun: int = 0, ended: int = 9) -> Course:
    """A task that did every step in the main thread of one process, and in one greenlet."""
    here = Place(pid, pid, greenlet)
    return Course(task, (pid,), here, here, (pid,), begun, ended, (here,), (here,), (pid,))


def flow(*courses: Course, children: int = 0, requesting: tuple[Link, ...] = ()) -> Flow:
    below = tuple(Process(MANAGER + n, MANAGER, (MANAGER + n,)) for n in range(1, children + 1))
    return Flow(Tree(Process(MANAGER, 1, (MANAGER,)), below), courses, requesting)


def test_in_a_child() -> None:
    judgement = in_a_child(flow(course("1", 101), course("2", 102), children=2))
    assert judgement
    assert judgement.evidence == "each of 2 tasks ran in a child"
    assert judgement.facts == {"tasks_ended": 2, "tasks_otherwise": 0, "tasks_unfinished": 0}


@pytest.mark.parametrize(("pid", "says"), [(MANAGER, "the manager 100"), (900, "the process 900")])
def test_one_task_elsewhere_refutes_in_a_child(pid: int, says: str) -> None:
    judgement = in_a_child(flow(course("1", 101), course("2", pid), children=2))
    assert not judgement
    assert judgement.evidence == f"not so with 1 of 2 tasks: 2 ran in {says}"


def test_in_the_main_thread() -> None:
    assert in_the_main_thread(flow(course("1"), course("2")))


@pytest.mark.parametrize(
    "place", [Place(MANAGER, 105), Place(101, 101)], ids=["another thread", "another process"]
)
def test_one_task_elsewhere_refutes_in_the_main_thread(place: Place) -> None:
    judgement = in_the_main_thread(flow(course("1"), replace(course("2"), started=place), children=1))
    assert not judgement
    assert f"2 ran in the {'manager' if place.pid == MANAGER else 'child'} {place.pid}" in judgement.evidence


def green(task: str, greenlet: int, begun: int = 0, ended: int = 9) -> Course:
    """A task of a green pool, received by the consumer's greenlet and run in another one."""
    received = Place(MANAGER, MANAGER, CONSUMER)
    return replace(course(task, greenlet=greenlet, begun=begun, ended=ended), received=received)


def test_in_a_greenlet_of_its_own() -> None:
    assert in_a_greenlet_of_its_own(flow(green("1", 1), green("2", 2)))


def test_a_greenlet_may_serve_again_once_its_task_has_ended() -> None:
    assert in_a_greenlet_of_its_own(flow(green("1", 1, 0, 5), green("2", 1, 5, 9)))


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (green("2", CONSUMER), "in the greenlet that receives messages"),
        (green("2", 1, begun=4), "in the greenlet of a task that was running"),
        (replace(green("2", 2), started=Place(MANAGER, 105, 2)), "(thread 105)"),
        (replace(green("2", 2), started=Place(101, 101, 2)), "the process 101"),
        (replace(green("2", 2), started=Place(MANAGER, MANAGER, 0)), "2 ran in the manager 100"),
    ],
    ids=["consumer's greenlet", "shared greenlet", "another thread", "another process", "no greenlet"],
)
def test_one_task_otherwise_refutes_in_a_greenlet_of_its_own(other: Course, says: str) -> None:
    judgement = in_a_greenlet_of_its_own(flow(green("1", 1), other))
    assert not judgement
    assert says in judgement.evidence


SPANS = st.tuples(st.integers(0, 50), st.integers(1, 20), st.integers(1, 3))


@given(st.lists(SPANS, min_size=1, max_size=8))
def test_greenlets_are_shared_exactly_when_spans_overlap(spans: list[tuple[int, int, int]]) -> None:
    courses = [green(str(n), each, at, at + long) for n, (at, long, each) in enumerate(spans)]
    overlap = any(
        a.started == b.started and a.begun < b.ended and b.begun < a.ended
        for n, a in enumerate(courses)
        for b in courses[n + 1 :]
    )
    assert bool(in_a_greenlet_of_its_own(flow(*courses))) == (not overlap)


def test_fetched_where_it_runs() -> None:
    judgement = fetched_where_it_runs(flow(course("1", 101), course("2", 102), children=2))
    assert judgement
    assert "all by the child 101, the child 102" in judgement.evidence


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"fetched": (MANAGER,)}, "2 ran in the child 101, its message was fetched by the manager 100"),
        ({"fetched": (MANAGER, 101)}, "fetched by the manager 100, the child 101"),
        ({"fetched": ()}, "fetched by no process"),
        ({"received": Place(101, 101, CONSUMER)}, "fetched by the child 101 in another greenlet"),
    ],
    ids=["by another", "by another too", "by nobody", "in another greenlet"],
)
def test_one_task_fetched_elsewhere_refutes(changes: dict[str, object], says: str) -> None:
    other = replace(course("2", 101), **changes)  # type: ignore[arg-type]
    judgement = fetched_where_it_runs(flow(course("1", 101), other, children=2))
    assert not judgement
    assert says in judgement.evidence


TURNS = flow(course("1", begun=10, ended=20), course("2", begun=30, ended=40))


def test_fetched_between_tasks() -> None:
    judgement = fetched_between_tasks(replace(TURNS, requested=(5, 25, 45)))
    assert judgement
    assert "requested 0 times while one of 2 tasks ran" in judgement.evidence
    assert "in 1 of 1 case" in judgement.evidence
    assert list(judgement.facts.values()) == [2, 0, 1, 1]
    assert not fetched_between_tasks(replace(TURNS, requested=(5, 25, 45), sent=("1", "2", "3")))


@pytest.mark.parametrize(
    "requested", [(5, 15, 25), (5, 25, 35), (5, 6), ()], ids=["1", "2", "both ahead", "none"]
)
def test_not_fetched_between_tasks(requested: tuple[int, ...]) -> None:
    assert not fetched_between_tasks(replace(TURNS, requested=requested))


def test_one_task_alone_says_nothing_of_between() -> None:
    assert not fetched_between_tasks(flow(course("1")))


# Who decodes, encodes, stores, acknowledges
HERE, ELSEWHERE = Place(101, 101), Place(MANAGER, MANAGER)


def decoded(*places: Place) -> Flow:
    """One task that ran in the child 101, and whose arguments were decoded in these places."""
    return flow(replace(course("1", 101), decoded=places), children=1)


def test_decoded_where_it_runs() -> None:
    assert decoded_where_it_runs(decoded(HERE))
    assert decoded_where_it_runs(decoded(ELSEWHERE, HERE))


@pytest.mark.parametrize("places", [(), (ELSEWHERE,), (Place(101, 105),), (Place(101, 101, 9),)])
def test_not_decoded_where_it_runs(places: tuple[Place, ...]) -> None:
    assert not decoded_where_it_runs(decoded(*places))
    assert not decoded_nowhere_else(decoded(*places))


def test_decoded_nowhere_else() -> None:
    assert decoded_nowhere_else(decoded(HERE, HERE))
    judgement = decoded_nowhere_else(decoded(ELSEWHERE, HERE))
    assert not judgement
    assert "its arguments were decoded by the manager 100, the child 101" in judgement.evidence


@pytest.mark.parametrize(
    ("place", "says"), [(Place(101, 105), "in another thread"), (Place(101, 101, 9), "in another greenlet")]
)
def test_a_place_in_the_same_process_is_told_apart(place: Place, says: str) -> None:
    assert f"the child 101 {says}, the child 101" in decoded_nowhere_else(decoded(place, HERE)).evidence


def test_encoded_and_stored_where_it_runs() -> None:
    assert encoded_and_stored_where_it_runs(flow(course("1", 101), course("2", 102), children=2))


@pytest.mark.parametrize("stored", [(), (MANAGER,), (101, MANAGER)], ids=["nowhere", "elsewhere", "twice"])
def test_one_result_stored_otherwise_refutes(stored: tuple[int, ...]) -> None:
    other = replace(course("2", 101), stored=stored)
    assert not encoded_and_stored_where_it_runs(flow(course("1", 101), other, children=2))


@pytest.mark.parametrize("encoded", [(), (ELSEWHERE,), (HERE, Place(101, 105))])
def test_one_result_encoded_otherwise_refutes(encoded: tuple[Place, ...]) -> None:
    other = replace(course("2", 101), encoded=encoded)
    assert not encoded_and_stored_where_it_runs(flow(course("1", 101), other, children=2))


def test_a_result_that_is_not_what_its_task_returned_refutes() -> None:
    other = replace(course("2", 101), result="SUCCESS None", due="SUCCESS 2")
    judgement = encoded_and_stored_where_it_runs(flow(course("1", 101), other, children=2))
    assert not judgement
    assert judgement.evidence.endswith("as 'SUCCESS None' and not 'SUCCESS 2'")


def test_only_manages() -> None:
    judgement = only_manages(flow(course("1", 101), course("2", 102), children=2))
    assert judgement
    assert judgement.evidence == "each of 2 tasks was fetched and decoded by others than the manager"


@pytest.mark.parametrize(
    "changes",
    [{"fetched": (MANAGER,)}, {"decoded": (HERE, ELSEWHERE)}, {"fetched": ()}, {"decoded": ()}],
    ids=["fetches", "decodes", "nobody fetches", "nobody decodes"],
)
def test_one_step_by_the_manager_refutes_only_manages(changes: dict[str, object]) -> None:
    other = replace(course("2", 101), **changes)  # type: ignore[arg-type]
    assert not only_manages(flow(course("1", 101), other, children=2))


def requesting(*links: Link) -> Flow:
    """Two children, and these connections to the broker, over which messages were requested."""
    return replace(flow(children=2, requesting=links), opened=links)


OWN = (Link(MANAGER, 1, "broker"), Link(101, 2, "broker"), Link(102, 3, "broker"))


def test_each_child_requests() -> None:
    assert each_child_requests(requesting(*OWN)).facts["children_that_request_messages"] == 2
    assert each_child_requests(requesting(*OWN))


@pytest.mark.parametrize(
    ("links", "says"),
    [
        (OWN[:1], "of 2 children 0 connected to the broker, and 0 requested messages; BRPOP came over 1"),
        (OWN[:2], "of 2 children 1 connected"),
        ((), "of no process"),
    ],
    ids=["the manager alone", "one child alone", "nobody"],
)
def test_one_silent_child_refutes_each_child_requests(links: tuple[Link, ...], says: str) -> None:
    judgement = each_child_requests(requesting(*links))
    assert not judgement
    assert says in judgement.evidence


def test_a_child_that_requests_over_another_connection_than_its_own_refutes() -> None:
    assert not each_child_requests(replace(requesting(*OWN), opened=OWN[:2]))


def test_no_child_at_all_proves_nothing() -> None:
    assert not each_child_requests(flow(requesting=(Link(MANAGER, 1),)))


@pytest.mark.parametrize(
    "judge",
    [
        in_a_child,
        in_the_main_thread,
        in_a_greenlet_of_its_own,
        fetched_where_it_runs,
        decoded_where_it_runs,
        decoded_nowhere_else,
        encoded_and_stored_where_it_runs,
        only_manages,
        fetched_between_tasks,
    ],
)
def test_no_task_at_all_proves_nothing(judge: Callable[[Flow], Judgement]) -> None:
    assert not judge(flow(children=2))


@pytest.mark.parametrize("judge", [in_a_child, decoded_where_it_runs, encoded_and_stored_where_it_runs])
def test_a_task_that_ends_not_or_twice_refutes(judge: Callable[[Flow], Judgement]) -> None:
    one = flow(course("1", 101), children=1)
    assert judge(one)
    assert judge(replace(one, sent=("1", "2"))).evidence == "1 of 2 tasks did not run to their end"
    assert not judge(replace(one, sent=("1", "2")))
    twice = judge(flow(replace(course("1", 101), runs=2), children=1))
    assert not twice
    assert twice.evidence.endswith("1 ran 2 times")
