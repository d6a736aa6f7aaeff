"""The checks of performance, and the reading of batches, on good and bad batches and rounds."""

from __future__ import annotations

import threading
import time
from _thread import get_native_id
from dataclasses import replace

import pytest

from poolproof.model.history import Event
from poolproof.subjects.performance.checks import (
    each_has_a_processor,
    other_is_no_slower,
    other_is_slower,
    takes_as_long,
    takes_more_calls,
    takes_times_one,
    takes_turns,
    waits_together,
)
from poolproof.subjects.performance.seen import (
    EITHER_WAY,
    Batch,
    CallCounts,
    Comparison,
    Computation,
    Demand,
    OneThenMany,
    Round,
    comparable,
)
from poolproof.subjects.performance.seen_batches import batch_of
from probes.shared.demand import blocked, spend
from probes.shared.demand import demand as ask

MANAGER, CHILD = 1, 2


def batch(span: float = 1.0, tasks: int = 10, most: int = 1, delayed: float = 0.0) -> Batch:
    return Batch(span, (0.1,) * tasks, most, delayed)


def comparison(*pairs: tuple[float, float]) -> Comparison:
    """Batches of the worker and of solo, undisturbed."""
    return Comparison("solo", tuple(batch(own) for own, _ in pairs), tuple(batch(solo) for _, solo in pairs))


def demand(at: int, *demanded: tuple[int, int], took: int = 0) -> Demand:
    """The demand of threads, read at that time or up to `took` later."""
    return Demand(at, at + took, dict(demanded))


def computation(task: str, demanded: int, *, thread: int = 7, at: int = 0, pid: int = 1) -> Computation:
    before, after = demand(at, (thread, 1000)), demand(at + 100, (thread, 1000 + demanded))
    return Computation(task, pid, thread, before, after)


def together(*computations: Computation, held: int | None = None) -> Round:
    return Round(len(computations), len(computations) if held is None else held, computations)


def noted(task: str, at: int, kind: str, note: object = "", *, pid: int = CHILD, thread: int = 7) -> Event:
    return Event(kind, task, pid=pid, thread=thread, at=at * 10**9, note=str(note))


def course(task: str, begun: int, ended: int, before: int, after: int, pid: int = CHILD) -> list[Event]:
    """The events of a task that ran between these seconds, with the waits of its thread at both ends."""
    waits = (before * 10**9, after * 10**9)
    return [
        noted(task, begun, "off", pid=pid),
        noted(task, begun, "waited", waits[0], pid=pid),
        noted(task, ended, "waited", waits[1], pid=pid),
        noted(task, ended, "home", pid=pid),
    ]


@pytest.mark.parametrize(
    ("worker", "solo", "so"), [(1, 1, True), (1.3, 1, True), (1.5, 1, False), (1, 2, False)]
)
def test_takes_as_long(worker: float, solo: float, so: bool) -> None:
    assert bool(takes_as_long(comparison((1, 1), (worker, solo)))) is so


def test_waits_for_a_processor_are_taken_off_both() -> None:
    assert takes_as_long(Comparison("solo", (batch(3, delayed=2),), (batch(1),)))


@pytest.mark.parametrize(
    ("worker", "solo", "so"), [(1, 2, True), (1, 1.5, True), (1, 1.3, False), (2, 1, False)]
)
def test_other_is_slower(worker: float, solo: float, so: bool) -> None:
    judgement = other_is_slower(comparison((1, 3), (worker, solo)))
    assert bool(judgement) is so
    assert judgement.margin == pytest.approx(solo / worker / 1.4)
    assert judgement.facts["furthest_ratio"] == pytest.approx(solo / worker)


def test_a_busy_machine_does_not_make_the_other_one_slower() -> None:
    assert not other_is_slower(Comparison("solo", (batch(1),), (batch(2, delayed=1),)))


@pytest.mark.parametrize(("worker", "solo", "so"), [(1, 1.1, True), (5, 1, True), (1, 1.3, False)])
def test_other_is_no_slower(worker: float, solo: float, so: bool) -> None:
    assert bool(other_is_no_slower(comparison((1, 1), (worker, solo)))) is so


@pytest.mark.parametrize(
    ("own", "solo", "so"), [(140, 40, True), (80, 40, True), (79, 40, False), (40, 80, False)]
)
def test_talks_more(own: int, solo: int, so: bool) -> None:
    judgement = takes_more_calls(CallCounts(10, (140, own), (40, solo)))
    assert bool(judgement) is so
    assert judgement.margin == pytest.approx((own - solo) / 10 / 4)


@pytest.mark.parametrize(
    ("span", "most", "so"),
    [(1.02, 1, True), (1.3, 1, True), (1.5, 1, False), (0.5, 1, False), (1.0, 2, False)],
)
def test_takes_times_one(span: float, most: int, so: bool) -> None:
    assert bool(takes_times_one(OneThenMany(batch(0.1, tasks=1), batch(span, most=most)))) is so


@pytest.mark.parametrize(
    ("span", "most", "so"), [(0.1, 10, True), (0.25, 3, True), (0.5, 10, False), (0.1, 1, False)]
)
def test_waits_together(span: float, most: int, so: bool) -> None:
    judgement = waits_together(OneThenMany(batch(0.1, tasks=1), batch(span, most=most)))
    assert bool(judgement) is so
    assert judgement.margin == pytest.approx(span / 0.3)
    assert judgement.facts["at_once_tasks"] == most


def test_each_has_a_processor() -> None:
    judgement = each_has_a_processor([together(computation("1", 100), computation("2", 90))] * 2)
    assert judgement
    assert "4 tasks computed in 2 rounds" in judgement.evidence
    assert "0.90 of its time or more" in judgement.evidence


@pytest.mark.parametrize(
    "last",
    [
        together(),
        together(computation("1", 100)),
        together(computation("1", 100), computation("2", 66)),
        together(computation("1", 100), computation("2", 100), held=1),
        together(computation("1", 100), computation("2", 100, at=100)),
    ],
    ids=["no task", "one task", "one held up", "one not at once", "one after another"],
)
def test_one_round_without_a_processor_for_each_refutes(last: Round) -> None:
    assert not each_has_a_processor([together(computation("1", 100), computation("2", 100)), last])


@pytest.mark.parametrize(
    ("demanded", "blocked_times", "spoilt"), [(100, 0, False), (60, 0, True), (60, 1, False)]
)
def test_a_round_is_spoilt_where_a_thread_neither_ran_nor_was_ready_nor_blocked(
    demanded: int, blocked_times: int, spoilt: bool
) -> None:
    one = computation("1", demanded)
    one = replace(one, after=replace(one.after, blocked=blocked_times))
    assert together(one, computation("2", 100)).spoilt is spoilt


def test_who_began_when_another_had_ended_did_not_begin_earlier_for_a_clock_that_was_read_long() -> None:
    late = Computation("2", 1, 7, demand(0, (7, 1000), took=100), demand(200, (7, 1100)))
    assert not each_has_a_processor([together(computation("1", 100), late)])


def test_a_clock_that_was_read_late_lacks_no_processor() -> None:
    late = Computation("1", 1, 7, demand(0, (7, 1000), took=50), demand(150, (7, 1100), took=50))
    assert "1.00 of its time" in each_has_a_processor([together(late, computation("2", 100))]).evidence


def test_threads_that_compute_in_python_are_not_parallel() -> None:
    done: list[Computation] = []

    def read() -> Demand:
        waits, earliest, demanded = blocked(), time.monotonic_ns(), ask()
        return Demand(
            earliest, time.monotonic_ns(), {int(thread): ns for thread, ns in demanded.items()}, waits
        )

    def compute(task: str) -> None:
        before = read()
        spend("python", 0.15)
        done.append(Computation(task, 1, get_native_id(), before, read()))

    threads = [threading.Thread(target=compute, args=(f"{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not each_has_a_processor([together(*done)])


def test_takes_turns() -> None:
    first, second = computation("1", 100), computation("2", 200, at=100)
    judgement = takes_turns([together(second, first)])
    assert judgement
    text = "2 tasks computed in 1 round, in 1 thread; all threads together demanded 1.00 processors"
    assert text in judgement.evidence


def test_two_threads_at_once_refute_turns() -> None:
    before, after = demand(0, (7, 0), (8, 0)), demand(100, (7, 100), (8, 90))
    assert not takes_turns([together(*[Computation("1", 1, 7, before, after)] * 2)])


@pytest.mark.parametrize(
    "other",
    [computation("2", 0, thread=8, at=100), computation("2", 0, at=100, pid=2)],
    ids=["thread", "process"],
)
def test_a_later_round_in_another_thread_refutes_one_thread(other: Computation) -> None:
    first = together(computation("1", 50), computation("2", 50, at=100))
    judgement = takes_turns([first, together(computation("3", 50), other)])
    assert not judgement
    assert "in 2 threads" in judgement.evidence


def test_tasks_that_were_never_at_once_did_not_take_turns() -> None:
    assert not takes_turns([together(computation("1", 50), computation("2", 50, at=100), held=1)])


def test_a_demand_that_was_read_late_is_no_second_processor() -> None:
    before, after = demand(0, (7, 0), took=50), demand(150, (7, 200), took=50)
    assert takes_turns([together(*[Computation("1", 1, 7, before, after)] * 2)])


def test_a_thread_that_came_later_counts() -> None:
    late = Computation("1", 1, 7, demand(0, (7, 0)), demand(100, (7, 100), (8, 90)))
    assert not takes_turns([together(late, late)])


def test_a_lap_of_a_child_is_held_up_by_its_own_waits_and_by_its_managers_between_two_tasks() -> None:
    events = course("1", 0, 10, 0, 1) + course("2", 14, 20, 2, 3)
    assert batch_of(events, MANAGER, 2.0) == Batch(20.0, (10.0, 6.0), 1, delayed=3 + 2, too_short=2)
    assert batch_of(events, MANAGER, 9.0).delayed == 3 + (4 - 1)


def test_a_lap_of_one_process_is_held_up_by_its_own_waits() -> None:
    events = course("1", 0, 10, 0, 1, pid=MANAGER) + course("2", 14, 20, 2, 3, pid=MANAGER)
    assert batch_of(events, MANAGER, 9.0).delayed == 3


@pytest.mark.parametrize(
    ("own", "too_long", "too_short", "so"),
    [
        (1.0, 0.0, 0.0, True),
        (1.3, 0.0, 0.2, False),
        (1.3, 0.2, 0.0, True),
        (2.0, 0.2, 0.2, True),
        (0.8, 0.1, 0.0, False),
        (0.8, 0.0, 0.1, True),
    ],
)
def test_batches_on_a_busy_machine_are_compared_only_where_no_limit_is_in_doubt(
    own: float, too_long: float, too_short: float, so: bool
) -> None:
    put = Batch(own, (0.1,), too_long=too_long, too_short=too_short)
    assert comparable(put, batch(1.0), EITHER_WAY) is so


@pytest.mark.parametrize(("blocked_times", "too_long"), [(0, 3), (1, 0)])
def test_what_the_host_took_from_a_computation_that_never_blocked_is_in_doubt(
    blocked_times: int, too_long: float
) -> None:
    off, before, after, home = course("1", 0, 10, 0, 1)
    computing = noted("1", 0, "computing", "0 0 0")
    computed = noted("1", 10, "computed", f"{6 * 10**9} {10**9} {blocked_times}")
    assert batch_of([off, before, computing, computed, after, home], MANAGER, 0).too_long == too_long


@pytest.mark.parametrize(("fast", "so"), [(0.1, True), (0.06, False)])
def test_batches_are_not_compared_where_one_had_a_slower_processor(fast: float, so: bool) -> None:
    slow = Batch(1.0, (0.1,) * 10, computed=(0.1,) * 10)
    assert comparable(slow, Batch(0.65, (0.1,) * 10, computed=(fast,) * 10), EITHER_WAY) is so


def test_nothing_is_taken_off_where_several_ran() -> None:
    events = sorted(course("1", 0, 10, 0, 1) + course("2", 4, 12, 2, 3, pid=3), key=lambda event: event.at)
    assert batch_of(events, MANAGER, 9.0) == Batch(12.0, (10.0, 8.0), most=2, too_long=12 - 9, threads=2)
