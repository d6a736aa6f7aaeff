"""The checks of what runs at once and of what the manager does, on observations by hand and at random."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolproof.model.processes import Process, Tree
from poolproof.subjects.concurrency.checks import (
    concurrency_is,
    each_has_one,
    exactly_at_once,
    none_ran,
    one_after_another,
    waited_together,
)
from poolproof.subjects.concurrency.seen import Overlap, Reported, Span
from poolproof.subjects.manager.checks import (
    ended_by_the_manager,
    interrupted_by_the_manager,
    knew_what_ran,
    logged_by_the_children,
    logged_through_the_manager,
    lost_stored_by_the_manager,
    stored_by_a_child,
)
from poolproof.subjects.manager.seen import End, Interruption, Logged, Monitored, Running

MANAGER, CHILD = 100, 101


def overlap(*spans: tuple[str, int, int], kept: tuple[int, ...] = ()) -> Overlap:
    """Tasks that were sent in the order of their names, and began in the order given."""
    return Overlap(tuple(sorted(name for name, _, _ in spans)), tuple(Span(*span) for span in spans), kept)


TWO = overlap(("1", 0, 5), ("2", 1, 6), ("3", 5, 9), kept=(2, 2))


def test_exactly_at_once() -> None:
    judgement = exactly_at_once(TWO, count=2)
    assert judgement
    assert judgement.evidence == (
        "at most 2 of 3 tasks ran at the same time; 2 ran each of the 2 times that others waited; 3 ended"
    )
    assert judgement.facts == {"tasks": 3, "tasks_ended": 3, "most_tasks_at_once": 2}
    assert not exactly_at_once(TWO, count=1)
    assert not exactly_at_once(TWO, count=3)
    assert not exactly_at_once(overlap(), count=1)


@pytest.mark.parametrize(
    "other",
    [replace(TWO, kept=(2, 1)), replace(TWO, kept=()), replace(TWO, sent=(*TWO.sent, "4"))],
    ids=["a place stayed empty", "never seen", "one never ended"],
)
def test_not_exactly_at_once(other: Overlap) -> None:
    assert not exactly_at_once(other, count=2)


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=8)


@given(SPANS)
def test_at_once_is_the_most_that_any_moment_has(spans: list[tuple[int, int]]) -> None:
    taken = overlap(*((str(n), at, at + long) for n, (at, long) in enumerate(spans)))
    moments = [sum(span.begun <= moment < span.ended for span in taken.spans) for moment in range(41)]
    assert taken.at_once == max(moments)


def test_one_after_another() -> None:
    judgement = one_after_another(overlap(("1", 0, 2), ("2", 2, 4), ("3", 5, 6)))
    assert judgement
    assert judgement.evidence == "of 3 tasks one ran at a time, in the order of sending"


@pytest.mark.parametrize(
    ("spans", "says"),
    [
        ([("1", 0, 3), ("2", 2, 4)], "at most 2 ran at the same time"),
        ([("2", 0, 2), ("1", 2, 4)], "one ran at a time, and 2 was number 1 to begin, where 1 was due"),
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


def test_tasks_that_sleep_together_or_never_run() -> None:
    assert waited_together(TWO)
    assert not none_ran(TWO)
    in_turn = overlap(("1", 0, 2), ("2", 2, 4))
    assert not waited_together(in_turn)
    assert not none_ran(in_turn)
    stuck = Overlap(("1", "2"), ())
    assert none_ran(stuck)
    assert not waited_together(stuck)
    assert not waited_together(replace(TWO, sent=(*TWO.sent, "4")))
    assert not none_ran(overlap())


def test_each_has_one() -> None:
    solo, prefork = Reported("solo", 1, 1), Reported("prefork", 1, 1)
    assert each_has_one(0, solo, prefork)
    assert not each_has_one(0, replace(solo, concurrency=0), prefork)
    assert not each_has_one(0, solo, replace(prefork, at_once=2))


def test_ended_by_the_manager() -> None:
    judgement = ended_by_the_manager((OVERDUE, OVERDUE))
    assert judgement
    assert "which died; FAILURE (TimeLimitExceeded) was stored by the manager 100" in judgement.evidence
    assert not ended_by_the_manager(())


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
def test_the_second_one_not_ended_by_the_manager(other: End) -> None:
    judgement = ended_by_the_manager((OVERDUE, other))
    assert not judgement
    assert judgement.evidence.startswith("1 of 2 so; the task ran in the child 101")
    assert judgement.facts == {"tasks": 2, "tasks_otherwise": 1}


LOST = replace(OVERDUE, error="WorkerLostError")


def test_lost_stored_by_the_manager() -> None:
    assert lost_stored_by_the_manager((LOST, LOST))
    assert not lost_stored_by_the_manager(())


@pytest.mark.parametrize(
    "other",
    [
        replace(LOST, died=False),
        replace(LOST, stored=(CHILD,)),
        replace(LOST, stored=(CHILD, MANAGER)),
        replace(LOST, stored=()),
        OVERDUE,
        replace(LOST, ran_in=MANAGER),
    ],
)
def test_not_lost_stored_by_the_manager(other: End) -> None:
    assert not lost_stored_by_the_manager((LOST, other))


SIGNALLED = Interruption(TREE, CHILD, (MANAGER,))


def test_interrupted_by_the_manager() -> None:
    judgement = interrupted_by_the_manager((SIGNALLED, SIGNALLED))
    assert judgement
    assert (
        "ran in the child 101; the signal of its time limit was sent by the manager 100" in judgement.evidence
    )


@pytest.mark.parametrize("signalled_by", [(), (CHILD,), (CHILD, MANAGER)], ids=["nobody", "itself", "both"])
def test_the_second_one_not_interrupted_by_the_manager(signalled_by: tuple[int, ...]) -> None:
    assert not interrupted_by_the_manager((SIGNALLED, replace(SIGNALLED, signalled_by=signalled_by)))


LOOK = Monitored(TREE, (Running("1", CHILD),), (Running("1", CHILD),))


def test_knew_what_ran() -> None:
    one, two = Running("1", CHILD), Running("2", CHILD)
    judgement = knew_what_ran((LOOK, Monitored(TREE, (one, two), (two, one))))
    assert judgement
    assert "named 2 of them, 2 with the process that ran it, and 0 that did not run" in judgement.evidence


@pytest.mark.parametrize(
    ("named", "says"),
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
def test_did_not_know_what_ran_the_second_time(named: tuple[Running, ...], says: str) -> None:
    judgement = knew_what_ran((LOOK, replace(LOOK, named=named)))
    assert not judgement
    assert says in judgement.evidence


def test_to_know_of_what_ran_in_no_child_is_not_enough() -> None:
    itself = (Running("1", MANAGER),)
    assert not knew_what_ran((Monitored(TREE, itself, itself),))
    assert not knew_what_ran((Monitored(TREE, (), ()),))


def test_stored_by_a_child() -> None:
    returned = End(TREE, CHILD, False, (CHILD,), "SUCCESS")
    assert stored_by_a_child((returned, returned))
    assert not stored_by_a_child((returned, replace(returned, stored=(MANAGER,))))
    assert not stored_by_a_child((returned, replace(returned, stored=(CHILD, MANAGER))))
    nothing = stored_by_a_child((replace(returned, stored=(), status=""),))
    assert not nothing
    assert "no result was stored by no process" in nothing.evidence


HELD, LOGGED = Logged(CHILD, "", True), Logged(CHILD, "WARNING/ForkPoolWorker-1] words", True)


def test_logged_through_the_manager() -> None:
    assert logged_through_the_manager((HELD, HELD))
    judgement = logged_through_the_manager((HELD, LOGGED))
    assert not judgement
    assert "the log got the texts of 1 of 2 tasks, 1 under a child's name" in judgement.evidence
    assert judgement.facts == {
        "tasks": 2,
        "texts_in_the_log": 1,
        "texts_in_the_log_by_a_child": 1,
        "results_stored": 2,
    }
    assert not logged_through_the_manager(())


def test_logged_by_the_children() -> None:
    assert logged_by_the_children((LOGGED, LOGGED))
    assert not logged_by_the_children((LOGGED, HELD))
    assert not logged_by_the_children((LOGGED, replace(LOGGED, line="WARNING/MainProcess] words")))
    assert not logged_by_the_children(())
