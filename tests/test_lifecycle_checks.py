"""The checks of a worker's life, with lives good and bad, by hand."""

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
from poolproof.subjects.lifecycle.seen import Effect, Effects, Life, Wear

SAYS = {"max-tasks-per-child": 100}
SAYS_NONE = {"max-tasks-per-child": None}


def wear(*lives: tuple[int, bool], together: int = 1, reported: dict[str, object] | None = None) -> Wear:
    """Lives of one process each: how many tasks, and whether it is over; each task leaks 10 KiB."""
    return Wear(
        100,
        tuple(Life(pid, tasks, over, 1_000, 990 + 10 * tasks) for pid, (tasks, over) in enumerate(lives)),
        together,
        reported or SAYS_NONE,
        sent=sum(tasks for tasks, _ in lives),
        unfinished=0,
        leak=10,
        places=1,
        filled=1,
    )


RENEWED = wear((100, True), (100, True), (40, False))


def test_renewed_after_exactly() -> None:
    judgement = renewed_after_exactly(RENEWED)
    assert judgement
    assert judgement.evidence == (
        "with --max-tasks-per-child=100, 240 tasks ran in 3 processes: "
        "renewed after 2 x 100 tasks, living on after 40 tasks; 1 of 1 place filled"
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
    assert not renewed_after_exactly(wear(*lives))


@pytest.mark.parametrize("changes", [{"unfinished": 1}, {"filled": 0}], ids=["a task lost", "a place empty"])
def test_renewed_at_a_cost(changes: dict[str, int]) -> None:
    assert not renewed_after_exactly(replace(RENEWED, **changes))  # type: ignore[arg-type]


def test_leak_is_bounded() -> None:
    assert leak_is_bounded(RENEWED)
    judgement = leak_is_bounded(wear((150, False)))
    assert not judgement
    assert judgement.evidence.endswith(
        "150 tasks ran in 1 process: none was renewed, living on after 150 tasks; "
        "they leaked 1.5 MiB, and no process grew by more than 1.5 MiB; allowed 1.2"
    )
    assert not leak_is_bounded(wear())


def test_a_renewal_that_frees_nothing_bounds_no_leak() -> None:
    heirs = tuple(Life(pid, 100, True, 1_000 * pid, 1_000 * pid + 990) for pid in (1, 2, 3))
    assert not leak_is_bounded(replace(RENEWED, lives=heirs))


def test_leak_grows_with_every_task() -> None:
    assert leak_grows_with_every_task(wear((250, False)))
    assert not leak_grows_with_every_task(wear((250, True)))
    assert not leak_grows_with_every_task(RENEWED)
    light = replace(wear((250, False)), lives=(Life(1, 250, False, 1_000, 2_000),))
    assert not leak_grows_with_every_task(light)
    assert not leak_grows_with_every_task(replace(wear((250, False)), unfinished=1))


def test_heeds_the_limit() -> None:
    assert heeds_the_limit(wear((50, True), (100, False)))
    assert heeds_the_limit(wear((150, False), reported=dict(SAYS)))
    judgement = heeds_the_limit(wear((150, False)))
    assert not judgement
    assert "the pool's statistics say max-tasks-per-child: None" in judgement.evidence


def test_parameters_change_nothing() -> None:
    assert parameters_change_nothing(wear((150, False)))
    assert not parameters_change_nothing(wear((150, False), together=4))
    assert not parameters_change_nothing(wear((50, True), (100, False)))
    assert not parameters_change_nothing(wear((75, False), (75, False)))
    assert not parameters_change_nothing(replace(wear((150, False)), unfinished=1))


def test_limit_does_nothing() -> None:
    assert limit_does_nothing(wear((250, False)))
    assert not limit_does_nothing(wear((250, False), reported=dict(SAYS)))
    assert not limit_does_nothing(replace(wear((250, False)), unfinished=1))
    assert not limit_does_nothing(RENEWED)
    assert not limit_does_nothing(wear((250, True)))


SOLO = Effects(4, 12, (Effect(1, 4, 4, 1, 12), Effect(4, 16, 16, 1, 12)))


def of_four(**changes: int) -> Effects:
    """The worker with -c 4 has these changes."""
    return replace(SOLO, effects=(SOLO.effects[0], replace(SOLO.effects[1], **changes)))


def test_concurrency_that_changes_what_is_held() -> None:
    judgement = concurrency_changes_what_is_held(SOLO)
    assert judgement
    assert "-c 4: prefetch count 16, 16 messages held, at the most 1 of 12 tasks" in judgement.evidence
    assert not concurrency_changes_nothing(SOLO)


def test_concurrency_that_changes_nothing() -> None:
    same = of_four(prefetch_count=4, held=4)
    assert concurrency_changes_nothing(same)
    assert not concurrency_changes_what_is_held(same)
    assert not concurrency_changes_nothing(replace(SOLO, effects=SOLO.effects[:1]))


@pytest.mark.parametrize(
    "changes",
    [{"together": 4}, {"ended": 11}, {"held": 4}, {"held": 15}, {"prefetch_count": 8}],
    ids=["runs more", "runs fewer", "holds the same", "holds too few", "counts otherwise"],
)
def test_concurrency_that_changes_something_else(changes: dict[str, int]) -> None:
    assert not concurrency_changes_what_is_held(of_four(**changes))
    assert not concurrency_changes_nothing(of_four(**changes))
