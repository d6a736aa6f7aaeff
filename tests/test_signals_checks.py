"""The checks of what signals do, on good and bad observations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from poolproof.subjects.signals.checks import (
    ends_after_those_in_hand,
    ends_at_once,
    ends_for_good,
    ends_in_order,
    ends_its_task_first,
    leaves_instead,
    loses_none,
    loses_some,
    reads_it_again,
    takes_its_task_along,
    waits_all_the_same,
)
from poolproof.subjects.signals.seen import Ending, Reading, Struck

ORDERLY = Ending(
    ("SIGTERM",),
    ("r1", "r2"),
    ("b1",),
    ("b2",),
    frozenset({"r1", "r2"}),
    frozenset(),
    frozenset({"b1", "b2"}),
    0,
    False,
)
FORCED = replace(
    ORDERLY, signals=("SIGINT", "SIGINT"), ended=frozenset(), exit_status=1, ended_while_running=True
)
PATIENT = Struck("SIGTERM", False, True, True, True, "SUCCESS", "")
HASTY = Struck("SIGTERM", True, True, True, False, "FAILURE", "WorkerLostError")
AGAIN = Reading("celery", (1, 2), (1, 2), True, True)
GONE = Reading("child", (1, 2), (), False, True)


@pytest.mark.parametrize(
    ("ending", "so"),
    [
        (ORDERLY, True),
        (FORCED, False),
        (replace(ORDERLY, ended=frozenset({"r1"})), False),
        (replace(ORDERLY, begun_after=frozenset({"b1"})), False),
        (replace(ORDERLY, exit_status=None), False),
    ],
)
def test_ends_in_order(ending: Ending, so: bool) -> None:
    assert bool(ends_in_order(ending)) is so


@pytest.mark.parametrize(
    ("ending", "so"),
    [
        (FORCED, True),
        (ORDERLY, False),
        (replace(FORCED, ended=frozenset({"r1"})), False),
        (replace(FORCED, ended_while_running=False), False),
    ],
)
def test_ends_at_once(ending: Ending, so: bool) -> None:
    assert bool(ends_at_once(ending)) is so


def test_what_neither_ended_nor_is_in_the_broker_is_lost() -> None:
    assert loses_none(ORDERLY)
    assert not loses_none(replace(ORDERLY, exit_status=None))
    assert not loses_some(ORDERLY)
    assert FORCED.lost == ("r1", "r2")
    assert loses_some(FORCED)
    assert not loses_some(replace(FORCED, kept=frozenset(FORCED.sent)))
    judgement = loses_none(replace(ORDERLY, kept=frozenset({"b1"})))
    assert not judgement
    assert judgement.evidence == (
        "after SIGTERM: of 2 running tasks 2 ended; 0 more were begun; the worker ended after "
        "them, with exit status 0; of 4 tasks 1 are in the broker and 1 are lost"
    )
    assert judgement.facts["lost_tasks"] == 1


def test_a_busy_child() -> None:
    assert ends_its_task_first(PATIENT)
    assert not ends_its_task_first(replace(PATIENT, replaced=False))
    assert not ends_its_task_first(HASTY)
    assert takes_its_task_along(HASTY)
    assert not takes_its_task_along(replace(HASTY, replaced=False))
    assert not takes_its_task_along(PATIENT)


def test_configuration() -> None:
    assert reads_it_again(AGAIN)
    assert not reads_it_again(replace(AGAIN, read=(1,)))
    assert not reads_it_again(replace(AGAIN, lives=False))
    assert not reads_it_again(GONE)
    assert leaves_instead(GONE)
    assert not leaves_instead(replace(GONE, whole=False))
    assert not leaves_instead(replace(GONE, read=(1, 2)))
    assert ends_for_good(Reading("module", (1, 2), (1,), False, False))
    assert not ends_for_good(AGAIN)


def test_a_few_more_that_were_in_hand() -> None:
    more = replace(ORDERLY, ended=frozenset({"r1", "r2", "b1"}), begun_after=frozenset({"b1"}))
    assert ends_after_those_in_hand(more)
    assert not ends_after_those_in_hand(ORDERLY)
    assert not ends_after_those_in_hand(replace(more, begun_after=frozenset({"b1", "b2"})))
    assert not ends_after_those_in_hand(replace(more, ended=frozenset({"r1", "b1"})))


def test_waiting_although_told_to_end_by_force() -> None:
    assert waits_all_the_same(ORDERLY)
    assert not waits_all_the_same(FORCED)
    assert not waits_all_the_same(replace(ORDERLY, ended=frozenset({"r1"})))
