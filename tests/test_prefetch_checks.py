"""The checks of what a worker takes ahead, on good and bad observations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from poolproof.model.cells import Cell
from poolproof.model.judgement import Judgement
from poolproof.subjects.prefetch.checks import (
    next_is_at_hand,
    next_is_fetched_first,
    refilled_one_for_one,
    refilled_when_empty,
    takes_all,
    takes_c_times_multiplier,
    takes_none_besides,
    takes_one_besides,
    takes_so_many_besides,
)
from poolproof.subjects.prefetch.checks_work import (
    brings_several,
    kept_by_children,
    kept_by_the_manager,
    runs_beside_it,
    switch_is_obeyed,
    three_trips_each,
    waits_behind_it,
    zero_is_not_given,
)
from poolproof.subjects.prefetch.seen import Behind, Held, Kept, Stock, Switched, Trips

MS = 1_000_000
Check = Callable[[Held], Judgement]


def held(taken: int, more: int = 0, *, left: int = 6, prefetch: int = 4) -> Held:
    """Two busy slots; when a task ended, the worker took that many more messages."""
    before, after = Stock(taken, 2, taken - 2), Stock(taken + more, 2, taken + more - 3)
    return Held(
        Cell("prefork", 2, prefetch), before, after, left, ended=20 * MS, begun=21 * MS, received=10 * MS
    )


@pytest.mark.parametrize(
    ("check", "seen", "right"),
    [
        (takes_c_times_multiplier, held(8), True),
        (takes_c_times_multiplier, held(10), False),
        (takes_c_times_multiplier, held(2), False),
        (takes_so_many_besides, held(10), True),
        (takes_so_many_besides, held(8), False),
        (takes_one_besides, held(3), True),
        (takes_one_besides, held(4), False),
        (takes_one_besides, held(3, left=0), False),
        (takes_none_besides, held(2), True),
        (takes_none_besides, held(3), False),
        (takes_none_besides, held(2, left=0), False),
        (takes_all, held(8, left=0), True),
        (takes_all, held(8, left=1), False),
        (takes_all, held(2, left=0), False),
    ],
)
def test_how_much_a_worker_takes(check: Check, seen: Held, right: bool) -> None:
    assert bool(check(seen)) is right


def test_the_numbers_are_facts() -> None:
    facts = takes_so_many_besides(held(10)).facts
    assert facts["taken_messages"] == 10
    assert facts["running_tasks"] == 2
    assert facts["ahead_messages"] == facts["unacknowledged_messages"] == 8


@pytest.mark.parametrize(
    ("check", "seen", "right"),
    [
        (refilled_when_empty, held(8), True),
        (refilled_when_empty, held(8, 1), False),
        (refilled_when_empty, held(2, 1), True),
        (refilled_when_empty, held(2), False),
        (refilled_when_empty, held(8, left=0), False),
        (refilled_one_for_one, held(8, 1), True),
        (refilled_one_for_one, held(8, 2), False),
        (refilled_one_for_one, held(8), False),
        (refilled_one_for_one, held(2, 1), False),
    ],
)
def test_when_a_worker_takes_more(check: Check, seen: Held, right: bool) -> None:
    assert bool(check(seen)) is right


def test_the_next_message_was_there_or_was_fetched() -> None:
    there = held(8)
    fetched = replace(there, received=there.ended + 1, begun=there.ended + 5 * MS)
    assert next_is_at_hand(there)
    assert not next_is_at_hand(fetched)
    assert next_is_fetched_first(fetched)
    assert not next_is_fetched_first(there)
    assert next_is_fetched_first(fetched).facts["gap_ms"] == 5


def test_no_next_task_proves_nothing() -> None:
    none = replace(held(8), begun=0, received=0)
    assert not next_is_at_hand(none)
    assert not next_is_fetched_first(none)


def test_tasks_behind_a_slow_one() -> None:
    stuck = Behind(slow=7, quick=("a", "b"), ran={"a": 8})
    free = replace(stuck, ran={"a": 8, "b": 8})
    assert waits_behind_it(stuck)
    assert not waits_behind_it(free)
    assert runs_beside_it(free)
    assert not runs_beside_it(stuck)
    assert not runs_beside_it(replace(free, ran={"a": 8, "b": 7}))
    assert not runs_beside_it(replace(free, slow=0))


def test_round_trips() -> None:
    each = Trips(multiplier=4, messages=8, requests=8, noted=8, acknowledged=8)
    assert three_trips_each(each)
    assert three_trips_each(each).facts["round_trips_per_message"] == 3
    assert not brings_several(each)
    several = replace(each, requests=2)
    assert brings_several(several)
    assert not three_trips_each(several)
    assert not three_trips_each(replace(each, noted=9))
    assert not brings_several(replace(each, messages=0, requests=0))


@pytest.mark.parametrize(
    ("given", "count", "obeyed", "ignored"),
    [
        (None, 8, True, False),
        (2, 4, True, False),
        (2, 8, False, False),
        (0, 8, False, True),
        (0, 0, True, False),
    ],
)
def test_the_switch(given: int | None, count: int, obeyed: bool, ignored: bool) -> None:
    switched = Switched(given, concurrency=2, prefetch_count=count)
    assert bool(switch_is_obeyed(switched)) is obeyed
    assert bool(zero_is_not_given(switched)) is ignored


def test_who_keeps_what_waits() -> None:
    manager, child, other = 1, frozenset({2}), frozenset({2, 3})
    usual = Kept(manager, other, running={"a": child | {manager}}, ahead={"b": frozenset({manager})})
    copied = replace(usual, ahead={"b": child | {manager}})
    assert kept_by_the_manager(usual)
    assert not kept_by_children(usual)
    assert kept_by_children(copied)
    assert not kept_by_the_manager(copied)
    assert not kept_by_the_manager(replace(usual, running={"a": frozenset({manager})}))
    for check in (kept_by_the_manager, kept_by_children):
        assert not check(replace(usual, ahead={}))
