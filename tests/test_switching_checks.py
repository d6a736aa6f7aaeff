"""The checks of how greenlets run at the same time, on good and bad observations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from poolproof.subjects.greenlets.checks_switching import (
    each_has_a_new_greenlet,
    ended_by_its_limit,
    greenlets_serve_again,
    in_greenlets_of_their_own,
    no_other_ran,
    on_the_main_stack,
    one_greenlet_a_name,
    others_ran,
    outlives_its_limit,
)
from poolproof.subjects.greenlets.seen import Beside, Greenlets, Limited, Overrun, Spent, TaskGreenlet


def beside(*ticks: int) -> Beside:
    return Beside("sleep", tuple(Spent(count, 0.31, 9) for count in ticks))


@pytest.mark.parametrize(
    ("ticks", "ran", "none_ran"),
    [((1, 30), True, False), ((0, 0), False, True), ((9, 0), False, False), ((), False, False)],
    ids=["each time", "never", "not the last time", "no task"],
)
def test_each_task_is_judged_that_spends_its_time(ticks: tuple[int, ...], ran: bool, none_ran: bool) -> None:
    assert bool(others_ran(beside(*ticks))) is ran
    assert bool(no_other_ran(beside(*ticks))) is none_ran


def test_the_evidence_tells_how_often_another_one_ticked() -> None:
    judgement = others_ran(beside(9, 0))
    assert "2 tasks spent 0.6 s on 'sleep' in all, and during 1 of them" in judgement.evidence
    assert judgement.facts == {
        "tasks": 2,
        "tasks_beside_which_another_ran": 1,
        "ticks_beside_a_task": 9,
        "spent_seconds": 0.62,
    }


def test_a_ticking_task_that_does_not_go_on_shows_nothing() -> None:
    assert not no_other_ran(Beside("file", (Spent(0, 0.31, 9), Spent(0, 0.31, 0))))


def greenlets(*tasks: tuple[str, int]) -> Greenlets:
    """Tasks by name, each with the number of those that its greenlet has run."""
    return Greenlets(
        2, tuple(TaskGreenlet(name, number, root=False, on_main_stack=True) for name, number in tasks)
    )


NEW = greenlets(("a", 1), ("b", 1), ("a", 1), ("b", 1))
BY_NAME = greenlets(("a", 1), ("b", 1), ("a", 2), ("b", 2))
REUSED = greenlets(("a", 1), ("b", 2), ("a", 1), ("b", 2))


def test_a_greenlet_that_ran_two_tasks_serves_again() -> None:
    judgement = greenlets_serve_again(REUSED)
    assert judgement
    assert judgement.facts == {"tasks": 4, "most_tasks_of_a_greenlet": 2}
    assert not greenlets_serve_again(NEW)
    assert not greenlets_serve_again(greenlets())


def test_each_has_a_new_greenlet() -> None:
    assert each_has_a_new_greenlet(NEW)
    for other in (REUSED, BY_NAME, greenlets(("a", 1)), greenlets()):
        assert not each_has_a_new_greenlet(other)


def test_one_greenlet_a_name() -> None:
    assert one_greenlet_a_name(BY_NAME)
    for other in (NEW, REUSED, greenlets(("a", 1), ("a", 2)), greenlets()):
        assert not one_greenlet_a_name(other)


def test_one_task_elsewhere_refutes() -> None:
    assert in_greenlets_of_their_own(NEW)
    assert on_the_main_stack(NEW)
    last = NEW.of_tasks[-1]
    assert not in_greenlets_of_their_own(Greenlets(2, (*NEW.of_tasks, replace(last, root=True))))
    assert not on_the_main_stack(Greenlets(2, (*NEW.of_tasks, replace(last, on_main_stack=False))))
    assert not in_greenlets_of_their_own(greenlets())
    assert not on_the_main_stack(greenlets())


ENDED = Limited(1.0, "FAILURE", "TimeLimitExceeded")
DONE = Limited(3.0, "SUCCESS", "")


@pytest.mark.parametrize(
    ("tasks", "ended", "outlived"),
    [
        ((ENDED, ENDED), True, False),
        ((DONE, DONE), False, True),
        ((ENDED, DONE), False, False),
        ((Limited(0.1, "FAILURE", "OSError"),), False, False),
        ((Limited(1.0, "SUCCESS", ""),), False, False),
        ((), False, False),
    ],
    ids=["ended", "done", "the last not", "failed otherwise", "done too early", "no task"],
)
def test_each_task_is_judged_that_has_a_limit(
    tasks: tuple[Limited, ...], ended: bool, outlived: bool
) -> None:
    assert bool(ended_by_its_limit(Overrun(1.0, 3.0, tasks))) is ended
    assert bool(outlives_its_limit(Overrun(1.0, 3.0, tasks))) is outlived
