"""The checks of what runs at once and of what the manager does, with observations by hand and at random."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.checks.execution_manager import (
    ended_by_the_manager,
    interrupted_by_the_manager,
    knew_what_ran,
    logged_through_the_manager,
    stored_by_a_child,
)
from probes.checks.execution_pool import (
    concurrency_is,
    exactly_at_once,
    one_after_another,
)
from probes.observations.execution import (
    End,
    Interruption,
    Monitored,
    Overlap,
    Reported,
    Running,
    Span,
    Spoken,
)
from probes.observations.processes import Process, Tree

MANAGER, CHILD = 100, 101


def overlap(*spans: tuple[str, int, int]) -> Overlap:
    """Tasks that were sent in the order of their names, and began in the order given."""
    return Overlap(tuple(sorted(name for name, _, _ in spans)), tuple(Span(*span) for span in spans))


def test_exactly_at_once() -> None:
    two = overlap(("1", 0, 5), ("2", 1, 6), ("3", 5, 9))
    assert exactly_at_once(two, count=2)
    assert exactly_at_once(two, count=2).evidence == "at most 2 of 3 tasks ran at the same time"
    assert not exactly_at_once(two, count=1)
    assert not exactly_at_once(two, count=3)
    assert not exactly_at_once(overlap(), count=1)


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=8)


@given(SPANS)
def test_at_once_is_the_most_that_any_moment_has(spans: list[tuple[int, int]]) -> None:
    taken = overlap(*((str(n), at, at + long) for n, (at, long) in enumerate(spans)))
    moments = [sum(span.begun <= moment < span.ended for span in taken.spans) for moment in range(41)]
    assert taken.at_once == max(moments)


def test_one_after_another() -> None:
    judgement = one_after_another(overlap(("1", 0, 2), ("2", 2, 4), ("3", 5, 6)))
    assert judgement
    assert judgement.evidence == "of 3 tasks (1, 2, 3) one ran at a time, in the order of sending"


@pytest.mark.parametrize(
    ("spans", "says"),
    [
        ([("1", 0, 3), ("2", 2, 4)], "at most 2 ran at the same time"),
        ([("2", 0, 2), ("1", 2, 4)], "one ran at a time, in the order 2, 1"),
        ([], "of 0 tasks"),
    ],
    ids=["overlap", "another order", "none"],
)
def test_not_one_after_another(spans: list[tuple[str, int, int]], says: str) -> None:
    judgement = one_after_another(overlap(*spans))
    assert not judgement
    assert says in judgement.evidence


def test_concurrency_is() -> None:
    solo, prefork = Reported("solo", 1, 1), Reported("prefork", 1, 1)
    judgement = concurrency_is(0, solo, prefork)
    assert not judgement
    assert "solo reports a concurrency of 1 and ran 1 of its tasks at once; prefork" in judgement.evidence
    assert concurrency_is(0, replace(solo, concurrency=0), prefork)


TREE = Tree(Process(MANAGER, 1, (MANAGER,)), (Process(CHILD, MANAGER, (CHILD,)),))
OVERDUE = End(TREE, CHILD, True, (MANAGER, MANAGER), "FAILURE", "TimeLimitExceeded")


def test_ended_by_the_manager() -> None:
    judgement = ended_by_the_manager(OVERDUE)
    assert judgement
    assert "which died; FAILURE (TimeLimitExceeded) was stored by the manager 100" in judgement.evidence


@pytest.mark.parametrize(
    "other",
    [
        replace(OVERDUE, died=False),
        replace(OVERDUE, stored=(CHILD,)),
        replace(OVERDUE, stored=()),
        replace(OVERDUE, error="WorkerLostError"),
        replace(OVERDUE, died=False, stored=(CHILD,), error="SoftTimeLimitExceeded"),
    ],
    ids=["child lives", "stored by the child", "nothing stored", "another error", "soft limit"],
)
def test_not_ended_by_the_manager(other: End) -> None:
    assert not ended_by_the_manager(other)


def test_interrupted_by_the_manager() -> None:
    judgement = interrupted_by_the_manager(Interruption(TREE, CHILD, (MANAGER,)))
    assert judgement
    assert "ran in the child 101; that its time was up was signalled by the manager 100" in judgement.evidence


@pytest.mark.parametrize("told_by", [(), (CHILD,), (CHILD, MANAGER)], ids=["nobody", "itself", "both"])
def test_not_interrupted_by_the_manager(told_by: tuple[int, ...]) -> None:
    assert not interrupted_by_the_manager(Interruption(TREE, CHILD, told_by))


def test_knew_what_ran() -> None:
    one, two = Running("1", CHILD), Running("2", CHILD)
    judgement = knew_what_ran(Monitored(TREE, (one, two), (two, one)))
    assert judgement
    assert "named 2 of them, 2 with the process that ran it, and 0 that did not run" in judgement.evidence


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ((), "named 0 of them, 0 with"),
        ((Running("1", MANAGER),), "named 1 of them, 0 with"),
        (
            (Running("1", CHILD), Running("2", 0)),
            "named 1 of them, 1 with the process that ran it, and 1 that",
        ),
    ],
    ids=["nothing", "another process", "one that waits"],
)
def test_did_not_know_what_ran(told: tuple[Running, ...], says: str) -> None:
    judgement = knew_what_ran(Monitored(TREE, (Running("1", CHILD),), told))
    assert not judgement
    assert says in judgement.evidence


def test_to_know_of_what_ran_in_no_child_is_not_enough() -> None:
    itself = (Running("1", MANAGER),)
    assert not knew_what_ran(Monitored(TREE, itself, itself))
    assert not knew_what_ran(Monitored(TREE, (), ()))


def test_stored_by_a_child() -> None:
    returned = End(TREE, CHILD, False, (CHILD,), "SUCCESS")
    assert stored_by_a_child(returned)
    assert not stored_by_a_child(replace(returned, stored=(MANAGER,)))
    assert not stored_by_a_child(replace(returned, stored=(CHILD, MANAGER)))
    nothing = stored_by_a_child(replace(returned, stored=(), status=""))
    assert not nothing
    assert "no result was stored by no process" in nothing.evidence


def test_logged_through_the_manager() -> None:
    assert logged_through_the_manager(Spoken(logged=False, stored=True))
    judgement = logged_through_the_manager(Spoken(logged=True, stored=True))
    assert not judgement
    assert "stood in the log, and its result in Redis" in judgement.evidence
