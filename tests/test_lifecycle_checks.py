"""The checks of a worker's life, on good and bad lives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from poolproof.subjects.lifecycle.checks import (
    concurrency_changes_nothing,
    concurrency_changes_what_is_held,
    heeds_the_limit,
    leak_grows_with_every_task,
    leak_is_bounded,
    limit_does_nothing,
    parameters_change_nothing,
    renewed_after_exactly,
)
from poolproof.subjects.lifecycle.seen import AtConcurrency, Comparison, Life, Renewals

SAYS = {"max-tasks-per-child": 100}
SAYS_NONE = {"max-tasks-per-child": None}


def renewals(
    *lives: tuple[int, bool], most_at_once: int = 1, reported: dict[str, object] | None = None
) -> Renewals:
    """Lives of one process each: its number of tasks, and whether it has ended; each task leaks 10 KiB."""
    return Renewals(
        100,
        tuple(Life(pid, tasks, over, 1_000, 990 + 10 * tasks) for pid, (tasks, over) in enumerate(lives)),
        most_at_once,
        reported or SAYS_NONE,
        sent=sum(tasks for tasks, _ in lives),
        unfinished=0,
        leak=10,
        slots=1,
        children=1,
    )


RENEWED = renewals((100, True), (100, True), (40, False))


def test_renewed_after_exactly() -> None:
    judgement = renewed_after_exactly(RENEWED)
    assert judgement
    assert judgement.facts == {
        "ran_tasks": 240,
        "processes": 3,
        "renewals": 2,
        "most_in_one_process_tasks": 100,
        "unfinished_tasks": 0,
    }
    assert judgement.evidence == (
        "with --max-tasks-per-child=100, 240 tasks ran in 3 processes: "
        "renewed after 2 x 100 tasks, living on after 40 tasks; 1 child in 1 slot"
    )


@pytest.mark.parametrize(
    "lives",
    [
        [(101, True), (49, False)],
        [(150, False)],
        [(100, True), (101, False)],
        [(100, True), (30, True), (20, False)],
        [(90, False), (60, False)],
        [],
    ],
    ids=["too late", "never", "one too late", "one too early", "not shown", "nothing"],
)
def test_not_renewed_after_exactly(lives: list[tuple[int, bool]]) -> None:
    assert not renewed_after_exactly(renewals(*lives))


@pytest.mark.parametrize("changes", [{"unfinished": 1}, {"children": 0}], ids=["a task lost", "a slot empty"])
def test_renewed_at_a_cost(changes: dict[str, int]) -> None:
    assert not renewed_after_exactly(replace(RENEWED, **changes))  # type: ignore[arg-type]


def test_leak_is_bounded() -> None:
    assert leak_is_bounded(RENEWED)
    assert leak_is_bounded(RENEWED).facts["most_growth_mib"] == pytest.approx(990 / 1024)
    judgement = leak_is_bounded(renewals((150, False)))
    assert not judgement
    assert judgement.evidence.endswith(
        "150 tasks ran in 1 process: none was renewed, living on after 150 tasks; "
        "they leaked 1.5 MiB, and no process grew by more than 1.5 MiB; allowed 1.2"
    )
    assert not leak_is_bounded(renewals())


def test_a_renewal_that_frees_nothing_bounds_no_leak() -> None:
    heirs = tuple(Life(pid, 100, True, 1_000 * pid, 1_000 * pid + 990) for pid in (1, 2, 3))
    assert not leak_is_bounded(replace(RENEWED, lives=heirs))


def test_leak_grows_with_every_task() -> None:
    assert leak_grows_with_every_task(renewals((250, False)))
    assert not leak_grows_with_every_task(renewals((250, True)))
    assert not leak_grows_with_every_task(RENEWED)
    first_kib = replace(renewals((250, False)), lives=(Life(1, 250, False, 1_000, 2_000),))
    assert not leak_grows_with_every_task(first_kib)
    assert not leak_grows_with_every_task(replace(renewals((250, False)), unfinished=1))


def test_heeds_the_limit() -> None:
    assert heeds_the_limit(renewals((50, True), (100, False)))
    assert heeds_the_limit(renewals((150, False), reported=dict(SAYS)))
    judgement = heeds_the_limit(renewals((150, False)))
    assert not judgement
    assert "the pool's statistics say max-tasks-per-child: None" in judgement.evidence


def test_parameters_change_nothing() -> None:
    assert parameters_change_nothing(renewals((150, False)))
    assert not parameters_change_nothing(renewals((150, False), most_at_once=4))
    assert not parameters_change_nothing(renewals((50, True), (100, False)))
    assert not parameters_change_nothing(renewals((75, False), (75, False)))
    assert not parameters_change_nothing(replace(renewals((150, False)), unfinished=1))


def test_limit_does_nothing() -> None:
    assert limit_does_nothing(renewals((250, False)))
    assert not limit_does_nothing(renewals((250, False), reported=dict(SAYS)))
    assert not limit_does_nothing(replace(renewals((250, False)), unfinished=1))
    assert not limit_does_nothing(RENEWED)
    assert not limit_does_nothing(renewals((250, True)))


SOLO = Comparison(4, 12, (AtConcurrency(1, 4, 4, 1, 12), AtConcurrency(4, 16, 16, 1, 12)))


def of_four(**changes: int) -> Comparison:
    """The worker with -c 4 has these changes."""
    return replace(SOLO, workers=(SOLO.workers[0], replace(SOLO.workers[1], **changes)))


def test_concurrency_that_changes_what_is_held() -> None:
    judgement = concurrency_changes_what_is_held(SOLO)
    assert judgement
    assert judgement.facts["held_at_c4_messages"] == 16
    assert "-c 4: prefetch count 16, 16 messages held, at the most 1 of 12 tasks" in judgement.evidence
    assert not concurrency_changes_nothing(SOLO)


def test_concurrency_that_changes_nothing() -> None:
    same = of_four(prefetch_count=4, held=4)
    assert concurrency_changes_nothing(same)
    assert not concurrency_changes_what_is_held(same)
    assert not concurrency_changes_nothing(replace(SOLO, workers=SOLO.workers[:1]))


@pytest.mark.parametrize(
    "changes",
    [{"most_at_once": 4}, {"ended": 11}, {"held": 4}, {"held": 15}, {"prefetch_count": 8}],
    ids=["runs more", "runs fewer", "holds the same", "holds too few", "counts otherwise"],
)
def test_concurrency_that_changes_something_else(changes: dict[str, int]) -> None:
    assert not concurrency_changes_what_is_held(of_four(**changes))
    assert not concurrency_changes_nothing(of_four(**changes))
