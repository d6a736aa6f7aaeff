"""How long tasks take in a pool and beside solo, what they cost, and whether they compute in parallel."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.subjects.performance.checks import (
    each_has_a_processor,
    other_is_slower,
    takes_as_long,
    takes_more_calls,
    takes_times_one,
    takes_turns,
    waits_together,
)
from poolproof.subjects.performance.seen import EITHER_WAY
from poolproof.subjects.performance.stimulus import (
    compare_calls,
    compare_with_one_child,
    compare_with_solo,
    compute_at_once,
    run_one_then_many,
)


@pytest.mark.claim("performance.c1-prefork-like-solo")
def test_prefork_at_c1_is_like_solo(lab: Lab) -> None:
    """The same tasks, whether they wait or compute, take a prefork worker with -c 1 as long as a solo
    worker.
    """
    comparison = compare_with_solo(lab, lab.variant("work"), 0.25, count=4, limits=EITHER_WAY)
    assert takes_as_long(comparison)


@pytest.mark.claim("performance.c1-prefork-is-slow")
def test_prefork_at_c1_is_slow(lab: Lab) -> None:
    """Prefork with -c 1 performs badly, because it has one child: the same waiting tasks take it longer
    than more children.
    """
    comparison = compare_with_one_child(lab, "io", 0.5, count=4)
    assert other_is_slower(comparison)


@pytest.mark.claim("performance.n-tasks-take-n-times-one")
def test_n_tasks_take_n_times_one(lab: Lab) -> None:
    """A number of waiting tasks takes solo, and prefork with -c 1, that number of times as long as one."""
    batches = run_one_then_many(lab, 0.1, count=15)
    assert takes_times_one(batches)


@pytest.mark.claim("performance.solo-is-slower-than-prefork")
def test_solo_is_slower_than_prefork(lab: Lab) -> None:
    """Solo performs worse than prefork: the same waiting tasks take it longer."""
    comparison = compare_with_solo(lab, "io", 0.5, count=4)
    assert other_is_slower(comparison)


@pytest.mark.claim("performance.solo-is-slowest")
def test_solo_is_slowest(lab: Lab) -> None:
    """Solo performs worst of all pools: the same tasks take it longer than threads, eventlet or gevent."""
    comparison = compare_with_solo(lab, lab.variant("work"), 0.4, count=4)
    assert other_is_slower(comparison)


@pytest.mark.claim("performance.prefork-has-overhead")
def test_prefork_has_overhead(lab: Lab) -> None:
    """Prefork has overhead, because it communicates with its processes: a task takes reads and writes that
    it does not take in solo.
    """
    counts = compare_calls(lab, count=20)
    assert takes_more_calls(counts)


@pytest.mark.claim("performance.prefork-is-parallel")
def test_prefork_is_parallel(lab: Lab) -> None:
    """Prefork runs tasks truly in parallel: they compute in Python at the same time, and no child waits for
    another.
    """
    rounds = compute_at_once(lab, "python", seconds=0.15)
    assert each_has_a_processor(rounds)


@pytest.mark.claim("performance.green-is-not-parallel")
def test_green_is_not_parallel(lab: Lab) -> None:
    """Eventlet and gevent tasks take turns in one thread, and never compute in parallel."""
    rounds = compute_at_once(lab, "nogil", seconds=0.1)
    assert takes_turns(rounds)


@pytest.mark.claim("performance.green-waits-together")
def test_green_waits_together(lab: Lab) -> None:
    """Ten tasks that wait take an eventlet or gevent worker about as long as one: they wait together."""
    batches = run_one_then_many(lab, 1.0, count=10)
    assert waits_together(batches)
