"""The checks of performance, with laps and stretches good and bad."""

from __future__ import annotations

import pytest

from probes.checks.performance import (
    each_has_a_processor,
    solo_is_slower,
    solo_is_slower_undisturbed,
    takes_as_long,
    takes_times_one,
    takes_turns,
    talks_more,
    waits_together,
)
from probes.observations.performance import Demand, Heats, Lap, Race, Stretch


def lap(span: float = 1.0, calls: int = 40, tasks: int = 10, one: float = 0.1) -> Lap:
    return Lap(span, (one,) * tasks, cpu=0.01, calls=calls)


def race(worker: float, solo: float) -> Race:
    """Three laps each, two of them disturbed."""
    return Race((lap(8.0), lap(worker), lap(9.0)), (lap(7.0), lap(9.0), lap(solo)))


def demand(at: int, *asked: tuple[int, int], took: int = 0) -> Demand:
    """What threads had asked for when it was read at that time, or up to `took` later."""
    return Demand(at, at + took, dict(asked))


def stretch(task: str, asked: int, *, thread: int = 7, at: int = 0, pid: int = 1) -> Stretch:
    before, after = demand(at, (thread, 1000)), demand(at + 100, (thread, 1000 + asked))
    return Stretch(task, pid, thread, before, after)


@pytest.mark.parametrize(
    ("worker", "solo", "so"), [(1, 1, True), (1.3, 1, True), (1.5, 1, False), (1, 2, False)]
)
def test_takes_as_long(worker: float, solo: float, so: bool) -> None:
    assert bool(takes_as_long(race(worker, solo))) is so


@pytest.mark.parametrize(
    ("worker", "solo", "so"), [(1, 2, True), (1, 1.5, True), (1, 1.3, False), (2, 1, False)]
)
def test_solo_is_slower(worker: float, solo: float, so: bool) -> None:
    judgement = solo_is_slower(race(worker, solo))
    assert bool(judgement) is so
    assert judgement.margin == pytest.approx(solo / worker / 1.4)


@pytest.mark.parametrize(
    ("worker", "solo", "so"), [(1, 2, True), (1, 1.5, True), (1, 1.3, False), (2, 1, False)]
)
def test_solo_is_slower_undisturbed(worker: float, solo: float, so: bool) -> None:
    judgement = solo_is_slower_undisturbed(Heats(6, (8.0, worker, 9.0), (7.0, 9.0, solo)))
    assert bool(judgement) is so
    assert judgement.margin == pytest.approx(solo / worker / 1.4)


@pytest.mark.parametrize(
    ("own", "other", "so"),
    [(140, 40, True), (80, 40, True), (79, 40, False), (40, 40, False), (40, 80, False)],
)
def test_talks_more(own: int, other: int, so: bool) -> None:
    disturbed = lap(calls=5000)
    compared = Race((*[lap(calls=own)] * 2, disturbed), (disturbed, *[lap(calls=other)] * 2))
    judgement = talks_more(compared)
    assert bool(judgement) is so
    assert judgement.margin == pytest.approx((own - other) / 10 / 4)


@pytest.mark.parametrize(("span", "so"), [(1.02, True), (1.3, True), (1.5, False), (0.5, False)])
def test_takes_times_one(span: float, so: bool) -> None:
    assert bool(takes_times_one(lap(span))) is so


@pytest.mark.parametrize(("span", "so"), [(0.1, True), (0.25, True), (0.5, False), (1.0, False)])
def test_waits_together(span: float, so: bool) -> None:
    judgement = waits_together(lap(span))
    assert bool(judgement) is so
    assert judgement.margin == pytest.approx(span / 0.3)


def test_each_has_a_processor() -> None:
    judgement = each_has_a_processor([stretch("1", 100), stretch("2", 90)])
    assert judgement
    assert "1 1.00, 2 0.90" in judgement.evidence


@pytest.mark.parametrize(
    "stretches",
    [[], [stretch("1", 100)], [stretch("1", 100), stretch("2", 66)]],
    ids=["no task", "one task", "one held up"],
)
def test_one_task_without_a_processor_refutes(stretches: list[Stretch]) -> None:
    assert not each_has_a_processor(stretches)


def test_a_clock_that_was_read_late_lacks_no_processor() -> None:
    late = Stretch("1", 1, 7, demand(0, (7, 1000), took=50), demand(150, (7, 1100), took=50))
    assert "1 1.00" in each_has_a_processor([late, stretch("2", 100)]).evidence


def test_takes_turns() -> None:
    first, second = stretch("1", 100), stretch("2", 200, at=100)
    judgement = takes_turns([second, first])
    assert judgement
    assert (
        "2 tasks computed in 1 thread; together all threads asked for 1.00 processors" in judgement.evidence
    )


def test_two_threads_at_once_refute_turns() -> None:
    before, after = demand(0, (7, 0), (8, 0)), demand(100, (7, 100), (8, 90))
    assert not takes_turns([Stretch("1", 1, 7, before, after), Stretch("2", 1, 7, before, after)])


@pytest.mark.parametrize(
    "other", [stretch("2", 0, thread=8, at=100), stretch("2", 0, at=100, pid=2)], ids=["thread", "process"]
)
def test_turns_in_two_threads_refute_one_thread(other: Stretch) -> None:
    judgement = takes_turns([stretch("1", 50), other])
    assert not judgement
    assert "2 tasks computed in 2 threads; together all threads asked for" in judgement.evidence


def test_a_demand_that_was_read_late_is_no_second_processor() -> None:
    before, after = demand(0, (7, 0), took=50), demand(150, (7, 200), took=50)
    assert takes_turns([Stretch("1", 1, 7, before, after)])


def test_a_thread_that_came_later_counts() -> None:
    assert not takes_turns([Stretch("1", 1, 7, demand(0, (7, 0)), demand(100, (7, 100), (8, 90)))])
