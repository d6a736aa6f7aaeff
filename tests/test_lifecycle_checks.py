"""The checks of a worker's life, with lives good and bad, by hand."""

from __future__ import annotations

import pytest

from probes.checks.lifecycle import (
    heeds_the_limit,
    leak_is_bounded,
    parameters_change_nothing,
    renewed_after_exactly,
)
from probes.observations.lifecycle import Life, Wear

SAYS = {"max-tasks-per-child": 100}
SAYS_NONE = {"max-tasks-per-child": None}


def wear(*lives: tuple[int, bool], together: int = 1, reported: dict[str, object] | None = None) -> Wear:
    """Lives of one process each: how many tasks, and whether it is over."""
    return Wear(
        100,
        tuple(Life(pid, tasks, over) for pid, (tasks, over) in enumerate(lives)),
        together,
        reported or SAYS_NONE,
    )


def test_renewed_after_exactly() -> None:
    judgement = renewed_after_exactly(wear((100, True), (100, True), (40, False)))
    assert judgement
    assert judgement.evidence == (
        "with --max-tasks-per-child=100, 240 tasks ran in 3 processes: "
        "renewed after 2 x 100 tasks, living on after 40 tasks"
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


def test_leak_is_bounded() -> None:
    assert leak_is_bounded(wear((100, True), (50, False)))
    assert leak_is_bounded(wear((50, True), (100, False)))
    judgement = leak_is_bounded(wear((150, False)))
    assert not judgement
    assert judgement.evidence.endswith(
        "150 tasks ran in 1 process: none was renewed, living on after 150 tasks"
    )
    assert not leak_is_bounded(wear())


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
