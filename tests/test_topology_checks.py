"""The checks of processes and threads, on good and bad lives."""

from __future__ import annotations

import pytest

from poolproof.model.processes import Life, Span
from poolproof.subjects.topology.checks import (
    children_and_a_tracker,
    idle_threads_beside,
    manager_and_children,
    no_child,
    one_process_one_thread,
    single_threaded_processes,
)
from poolproof.subjects.topology.seen import Watch

MANAGER = Life(100, 1, 0, threads=(Span(100, 0),))
FIRST, SECOND = (Life(pid, 100, pid - 90, threads=(Span(pid, pid - 90),)) for pid in (101, 102))
MOMENTARY = Life(103, 102, 1200, 1201, 0, threads=(Span(103, 1200, 1201),))
EARLIER = Life(103, 102, 20, 999, 0, threads=(Span(103, 20, 999),))
TRACKER = Life(104, 100, 5, threads=(Span(104, 5),), command="python -c from billiard.semaphore_tracker …")


def watched(*lives: Life, ran_in: tuple[int, int] = (100, 100)) -> Watch:
    """These lives from 1000 to 2000."""
    return Watch(100, lives, 1000, 2000, (ran_in,), "the kernel's messages")


def threaded(life: Life, *more: Span) -> Life:
    return Life(life.pid, life.parent, life.born, life.died, life.status, (*life.threads, *more))


def test_one_process_and_one_thread() -> None:
    assert one_process_one_thread(watched(MANAGER))
    assert one_process_one_thread(watched(MANAGER, EARLIER)), "what was before does not count"
    assert one_process_one_thread(watched(threaded(MANAGER, Span(9, 10, 900))))
    assert not one_process_one_thread(watched(MANAGER, MOMENTARY))
    assert not one_process_one_thread(watched(threaded(MANAGER, Span(9, 1500, 1501))))
    assert not one_process_one_thread(watched())


def test_manager_and_children() -> None:
    assert manager_and_children(watched(MANAGER, FIRST, SECOND), 2)
    assert not manager_and_children(watched(MANAGER, FIRST), 2)
    judgement = manager_and_children(watched(MANAGER, FIRST, SECOND, MOMENTARY), 2)
    assert not judgement
    assert "processes at a time: 3 to 4, in all: 4" in judgement.evidence
    assert judgement.facts == {
        "least_processes": 3,
        "most_processes": 4,
        "all_processes": 4,
        "most_in_one_process_threads": 1,
        "began_tasks": 1,
    }


def test_a_child_that_is_replaced_leaves_a_gap() -> None:
    gone = Life(101, 100, 11, 1500, 155, (Span(101, 11, 1500),))
    new = Life(105, 100, 1510, threads=(Span(105, 1510),))
    assert not manager_and_children(watched(MANAGER, gone, new, SECOND), 2)


def test_the_tracker_of_spawned_children() -> None:
    assert children_and_a_tracker(watched(MANAGER, FIRST, SECOND, TRACKER), 2)
    assert not children_and_a_tracker(watched(MANAGER, FIRST, SECOND), 2)
    assert not children_and_a_tracker(watched(MANAGER, FIRST, SECOND, MOMENTARY), 2)
    assert not children_and_a_tracker(watched(MANAGER, FIRST, SECOND, TRACKER), 1)


def test_no_child() -> None:
    assert no_child(watched(threaded(MANAGER, Span(9, 1500))))
    assert not no_child(watched(MANAGER, MOMENTARY))
    assert not no_child(watched())


@pytest.mark.parametrize("more", [Span(9, 5), Span(9, 1500, 1501)])
def test_a_thread_more_anywhere_refutes_single_threads(more: Span) -> None:
    assert single_threaded_processes(watched(MANAGER, FIRST, SECOND))
    assert single_threaded_processes(watched(MANAGER, FIRST, MOMENTARY))
    assert not single_threaded_processes(watched(threaded(MANAGER, more), FIRST))
    assert not single_threaded_processes(watched(MANAGER, threaded(FIRST, more)))
    assert not single_threaded_processes(watched(MANAGER))


def test_threads_of_gevent_run_no_task() -> None:
    more = threaded(MANAGER, Span(9, 1500))
    assert idle_threads_beside(watched(more))
    assert not idle_threads_beside(watched(MANAGER))
    assert not idle_threads_beside(watched(more, ran_in=(100, 9)))
    assert not idle_threads_beside(watched(more, MOMENTARY))
    assert not idle_threads_beside(watched(threaded(MANAGER, *(Span(n, 1500) for n in range(11)))))
