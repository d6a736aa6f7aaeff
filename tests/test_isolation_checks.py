"""The checks of who shares a global, and of what becomes of NumPy, processes and threads in tasks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from probes.checks.isolation import (
    all_calculated,
    all_count_together,
    all_helped,
    calculating_goes_wrong,
    each_child_counts_alone,
    none_helped,
)
from probes.observations.isolation import Computing, Count, Counts, Helping

MANAGER = 100


def counts(*counted: tuple[int, int], told: int = 0) -> Counts:
    return Counts(MANAGER, tuple(Count(*each) for each in counted), (Count(MANAGER, told),))


def test_children_that_count_alone() -> None:
    judgement = each_child_counts_alone(counts((101, 1), (102, 1), (102, 2), (101, 2)))
    assert judgement
    assert judgement.evidence == "the manager has 0; child 101 counted 1, 2; child 102 counted 1, 2"


@pytest.mark.parametrize(
    "seen",
    [
        counts((101, 1), (102, 2), (101, 3)),
        counts((101, 1), (102, 1), told=2),
        counts((MANAGER, 1)),
        counts((101, 1), (101, 1)),
        counts(),
        replace(counts((101, 1)), told=()),
        replace(counts((101, 1)), told=(Count(101, 0),)),
    ],
    ids=["shared", "seen above", "in the manager", "forgotten", "nothing", "not asked", "another answered"],
)
def test_children_that_do_not_count_alone(seen: Counts) -> None:
    assert not each_child_counts_alone(seen)


def test_tasks_that_count_together() -> None:
    judgement = all_count_together(counts(*((MANAGER, n) for n in range(1, 11)), told=10))
    assert judgement
    assert judgement.evidence == ("10 tasks counted 1, 2, 3, 4, 5, 6, 7, 8, … 10; the main process has 10")


@pytest.mark.parametrize(
    "seen",
    [
        counts((MANAGER, 1), (MANAGER, 1), told=1),
        counts((MANAGER, 1), (MANAGER, 2)),
        counts((101, 1), (102, 1), told=0),
        counts(),
    ],
    ids=["forgotten", "unseen by the main process", "apart", "nothing"],
)
def test_tasks_that_do_not_count_together(seen: Counts) -> None:
    assert not all_count_together(seen)


WELL = Computing(started=3, results=("2 8",) * 3, wanted="2 8", unended=0, dead=(), exit_status=None)


def test_tasks_that_calculate_well() -> None:
    assert all_calculated(WELL)
    judgement = calculating_goes_wrong(WELL)
    assert not judgement
    assert judgement.evidence == "of 3 tasks that began, 3 solved and multiplied rightly; no process died"


@pytest.mark.parametrize(
    "changes",
    [
        {"results": ("2 8", "2 8")},
        {"results": ("2 8", "2 7", "2 8")},
        {"results": ("2 8", "2 8"), "unended": 1},
        {"results": (), "unended": 2},
        {"dead": (101,)},
        {"exit_status": -11},
    ],
    ids=["one without", "one wrong", "one unended", "all hang", "a death", "the worker's end"],
)
def test_tasks_that_do_not_calculate_well(changes: dict[str, object]) -> None:
    computing = replace(WELL, **changes)  # type: ignore[arg-type]
    assert not all_calculated(computing)
    assert calculating_goes_wrong(computing)


def test_tasks_that_never_began_decide_nothing() -> None:
    nothing = replace(WELL, started=0, results=())
    assert not all_calculated(nothing)
    assert not calculating_goes_wrong(nothing)


def test_deaths_are_told() -> None:
    judgement = calculating_goes_wrong(replace(WELL, results=("2 8",), dead=(101,)))
    assert judgement
    assert judgement.evidence == "of 3 tasks that began, 1 solved and multiplied rightly; 1 process died"
    assert calculating_goes_wrong(replace(WELL, dead=(101, 102))).evidence.endswith("; 2 processes died")


def test_tasks_that_hang_are_told() -> None:
    judgement = calculating_goes_wrong(replace(WELL, results=(), unended=2))
    assert judgement.evidence == (
        "of 3 tasks that began, 0 solved and multiplied rightly; 2 came to no end; no process died"
    )


THREAD = "the thread"


def test_tasks_that_are_all_helped() -> None:
    judgement = all_helped(Helping(THREAD, 2, 2, ()))
    assert judgement
    assert judgement.evidence == "2 of 2 tasks got an answer from the thread"
    assert not none_helped(Helping(THREAD, 2, 2, ()))


def test_tasks_of_which_none_is_helped() -> None:
    judgement = none_helped(Helping(THREAD, 2, 0, ("no such thread", "no such thread")))
    assert judgement
    assert judgement.evidence == "0 of 2 tasks got an answer from the thread; 2 failed: no such thread"
    assert not all_helped(Helping(THREAD, 2, 0, ("no such thread", "no such thread")))


@pytest.mark.parametrize(
    "helping",
    [
        Helping(THREAD, 0, 0, ()),
        Helping(THREAD, 2, 1, ("gone",)),
        Helping(THREAD, 2, 1, ()),
        Helping(THREAD, 2, 0, ("gone",)),
    ],
    ids=["nothing sent", "some helped", "one hangs beside an answer", "one hangs beside a failure"],
)
def test_anything_between_decides_neither_way(helping: Helping) -> None:
    assert not none_helped(helping)
    assert not all_helped(helping)


def test_a_task_that_hangs_beside_a_failure_is_told() -> None:
    assert none_helped(Helping(THREAD, 2, 0, ("gone",))).evidence.endswith("1 failed: gone; 1 came to no end")
