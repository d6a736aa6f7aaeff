"""The checks of which tasks share a global, and how NumPy, processes and threads work in tasks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from poolproof.subjects.isolation.checks import (
    all_calculated,
    all_count_together,
    all_helped,
    calculating_goes_wrong,
    each_child_counts_alone,
    each_task_counts_alone,
    some_not_helped,
)
from poolproof.subjects.isolation.seen import Calculations, Count, Counts, HelperAnswers

MANAGER = 100


def counts(*counted: tuple[int, int], in_manager: int = 0) -> Counts:
    """The counts of tasks in a pool of two slots, and the manager's count afterwards."""
    seen = tuple(Count(*each) for each in counted)
    return Counts(MANAGER, seen, (Count(MANAGER, in_manager),), sent=len(seen), right=len(seen), slots=2)


ALONE = counts((101, 1), (102, 1), (102, 2), (101, 2))


def test_children_that_count_alone() -> None:
    judgement = each_child_counts_alone(ALONE)
    assert judgement
    assert judgement.evidence == "the manager has 0; child 101 counted 1, 2; child 102 counted 1, 2"
    assert judgement.facts == {
        "counted_tasks": 4,
        "counting_processes": 2,
        "counting_alone_processes": 2,
    }


@pytest.mark.parametrize(
    "seen",
    [
        counts((101, 1), (102, 2), (101, 3)),
        counts((101, 1), (102, 1), in_manager=2),
        counts((MANAGER, 1)),
        counts((101, 1), (101, 1), (102, 1)),
        counts(),
        counts((101, 1), (101, 2)),
        replace(ALONE, in_manager=()),
        replace(ALONE, in_manager=(Count(101, 0),)),
        replace(ALONE, sent=5),
        replace(ALONE, right=3),
    ],
    ids=[
        "shared", "seen above", "in the manager", "forgotten", "nothing", "one child alone", "not asked",
        "another answered", "a task lost", "a wrong result",
    ],
)  # fmt: skip
def test_children_that_do_not_count_alone(seen: Counts) -> None:
    assert not each_child_counts_alone(seen)


def test_one_child_has_no_other_to_see_its_global() -> None:
    assert each_child_counts_alone(replace(counts((101, 1), (101, 2)), slots=1))


def test_tasks_that_count_together() -> None:
    judgement = all_count_together(counts(*((MANAGER, n) for n in range(1, 11)), in_manager=10))
    assert judgement
    assert judgement.evidence == ("10 tasks counted 1, 2, 3, 4, 5, 6, 7, 8, … 10; the main process has 10")


@pytest.mark.parametrize(
    "seen",
    [
        counts((MANAGER, 1), (MANAGER, 1), in_manager=1),
        counts((MANAGER, 1), (MANAGER, 2)),
        counts((101, 1), (102, 1), in_manager=0),
        counts(),
        replace(counts((MANAGER, 1), (MANAGER, 2), in_manager=2), right=1),
    ],
    ids=["forgotten", "unseen by the main process", "apart", "nothing", "a wrong result"],
)
def test_tasks_that_do_not_count_together(seen: Counts) -> None:
    assert not all_count_together(seen)


def test_tasks_that_each_count_alone() -> None:
    assert each_task_counts_alone(counts((MANAGER, 1), (MANAGER, 1)))


@pytest.mark.parametrize(
    "seen",
    [
        counts((MANAGER, 1), (MANAGER, 2)),
        counts((MANAGER, 1), (101, 1)),
        counts(),
        replace(counts((MANAGER, 1), (MANAGER, 1)), right=1),
    ],
    ids=["together", "in another process", "nothing", "a wrong result"],
)
def test_tasks_that_do_not_each_count_alone(seen: Counts) -> None:
    assert not each_task_counts_alone(seen)


WELL = Calculations(
    sent=3, started=3, results=("2 8",) * 3, stored=3, wanted="2 8", unended=0, dead=(), exit_status=None
)


def test_tasks_that_calculate_well() -> None:
    assert all_calculated(WELL)
    judgement = calculating_goes_wrong(WELL)
    assert not judgement
    assert judgement.evidence == (
        "of 3 tasks, 3 began, 3 solved and multiplied rightly, 3 have that as their result; no process died"
    )


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
    calculations = replace(WELL, **changes)  # type: ignore[arg-type]
    assert not all_calculated(calculations)
    assert calculating_goes_wrong(calculations)


@pytest.mark.parametrize(
    "changes",
    [{"sent": 4}, {"stored": 2}, {"sent": 0, "started": 0, "results": (), "stored": 0}],
    ids=["one never began", "a result missing", "nothing"],
)
def test_tasks_of_which_not_all_calculated_though_nothing_went_wrong(changes: dict[str, object]) -> None:
    calculations = replace(WELL, **changes)  # type: ignore[arg-type]
    assert not all_calculated(calculations)
    assert not calculating_goes_wrong(calculations)


def test_deaths_are_in_the_evidence() -> None:
    judgement = calculating_goes_wrong(replace(WELL, results=("2 8",), dead=(101,)))
    assert judgement
    assert judgement.evidence.endswith(
        "1 solved and multiplied rightly, 3 have that as their result; 1 process died"
    )
    assert calculating_goes_wrong(replace(WELL, dead=(101, 102))).evidence.endswith("; 2 processes died")


def test_tasks_that_hang_are_in_the_evidence() -> None:
    judgement = calculating_goes_wrong(replace(WELL, results=(), unended=2))
    assert judgement.facts == {"began_tasks": 3, "right_tasks": 0, "unended_tasks": 2, "dead_processes": 0}
    assert judgement.evidence.endswith("; 2 did not end; no process died")


THREAD = "the thread"


def answers_of(sent: int, answered: int, *refused: str, stored: int | None = None) -> HelperAnswers:
    return HelperAnswers(THREAD, sent, answered, answered if stored is None else stored, refused)


def test_tasks_that_are_all_helped() -> None:
    judgement = all_helped(answers_of(2, 2))
    assert judgement
    assert judgement.evidence == "2 of 2 tasks got an answer from the thread"
    assert not some_not_helped(answers_of(2, 2))


@pytest.mark.parametrize(
    ("seen", "trouble"),
    [
        (answers_of(0, 0), False),
        (answers_of(2, 1), False),
        (answers_of(2, 1, "gone"), True),
        (answers_of(2, 0, "gone"), True),
        (answers_of(2, 2, stored=1), False),
    ],
    ids=["nothing sent", "one hangs", "one refused", "one hangs beside a failure", "an answer not stored"],
)
def test_tasks_that_are_not_all_helped(seen: HelperAnswers, trouble: bool) -> None:
    assert not all_helped(seen)
    assert bool(some_not_helped(seen)) is trouble


def test_tasks_without_an_answer_are_in_the_evidence() -> None:
    assert some_not_helped(answers_of(3, 1, "gone", stored=0)).evidence == (
        "1 of 3 tasks got an answer from the thread; 1 without that result; 1 failed: gone; 1 did not end"
    )
