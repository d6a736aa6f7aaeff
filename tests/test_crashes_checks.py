"""The checks of what crashes do to their child, to the worker and to the other tasks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from poolproof.model.history import Event, History
from poolproof.model.processes import Process, Tree
from poolproof.subjects.crashes.checks import (
    child_replaced,
    contained,
    ended_without_result,
    failed_alone,
    siblings_undisturbed,
    stopped_by_memoryerror,
    worker_gone,
    worker_gone_at_any_crash,
)
from poolproof.subjects.crashes.seen import Blow, Crash

MANAGER, FIRST, SECOND, SIBLING, SUCCESSOR = 100, 101, 102, 103, 104


def tree(*children: int, manager: int = MANAGER) -> Tree:
    return Tree(Process(manager, 1, (manager,)), tuple(Process(pid, manager, (pid,)) for pid in children))


def course(task: str, pid: int, *moments: int) -> list[Event]:
    """A task that was started and ended, as often as there are moments, by turns."""
    return [Event(("started", "ended")[n % 2], task, pid=pid, at=at) for n, at in enumerate(moments)]


EVENTS = (
    *course("beside1", SIBLING, 1, 12),
    *course("behind1", SIBLING, 13, 14),
    *course("later1", SECOND, 15, 16),
    *course("beside2", SIBLING, 17, 22),
    *course("behind2", SIBLING, 23, 24),
    *course("later2", SUCCESSOR, 25, 26),
)
"""Two crashes, at 10 and 20: each time `beside` runs in the sibling and goes on to its end there."""
BLOWS = (
    Blow(
        FIRST, 10, tree(FIRST, SIBLING), tree(SIBLING, SECOND), "FAILURE", ("beside1", "behind1"), ("later1",)
    ),
    Blow(
        SECOND,
        20,
        tree(SIBLING, SECOND),
        tree(SIBLING, SUCCESSOR),
        "FAILURE",
        ("beside2", "behind2"),
        ("later2",),
    ),
)
WELL = Crash(BLOWS, None, History(EVENTS))


def at_second(crash: Crash = WELL, **changes: object) -> Crash:
    """The first crash goes well, and the second has these changes."""
    first, second = crash.blows
    return replace(crash, blows=(first, replace(second, **changes)))  # type: ignore[arg-type]


def without(*tasks: str) -> History:
    return History(tuple(event for event in EVENTS if event.task not in tasks))


def told(*more: Event) -> History:
    return History.of((*EVENTS, *more))


def test_contained_crashes() -> None:
    judgement = contained(WELL)
    assert judgement
    assert judgement.evidence == (
        "2 crashes; manager alive with its pid; 2 children before, 2 and 2 after; 6 of 6 other tasks ended"
    )


def test_a_crash_of_which_no_child_died_is_contained_too() -> None:
    assert contained(at_second(after=tree(SIBLING, SECOND)))


@pytest.mark.parametrize(
    "crash",
    [
        replace(WELL, blows=()),
        at_second(after=tree(SIBLING, SUCCESSOR, manager=200)),
        at_second(replace(WELL, exit_status=1), after=Tree(None)),
        at_second(after=tree(SIBLING)),
        replace(WELL, history=without("behind2")),
        replace(WELL, history=without("later2")),
        replace(WELL, history=told(*course("behind2", SIBLING, 27, 28))),
        replace(WELL, wrong=("behind2",)),
    ],
    ids=[
        "no crash", "another manager", "no manager", "no successor", "a task unfinished",
        "a later one unfinished", "a task twice", "a result missing",
    ],
)  # fmt: skip
def test_a_second_crash_that_is_not_contained(crash: Crash) -> None:
    assert not contained(crash)


def test_the_crash_that_ended_the_manager_is_named() -> None:
    judgement = contained(at_second(replace(WELL, exit_status=1), after=Tree(None)))
    assert "manager gone after crash 2 (1)" in judgement.evidence


# The child


def test_children_that_were_replaced() -> None:
    judgement = child_replaced(WELL)
    assert judgement
    assert judgement.evidence.startswith("of 2 children that ran a crash 2 ended; 2 children before")


@pytest.mark.parametrize(
    "crash",
    [
        replace(WELL, blows=()),
        at_second(after=tree(SIBLING, SECOND)),
        at_second(after=tree(SIBLING)),
        at_second(after=Tree(None)),
    ],
    ids=["no crash", "lives on", "no successor", "no worker"],
)
def test_a_second_child_that_was_not_replaced(crash: Crash) -> None:
    assert not child_replaced(crash)


# What only fails its task

LIVES = replace(
    WELL,
    blows=(
        replace(BLOWS[0], after=tree(FIRST, SIBLING)),
        replace(BLOWS[1], victim=FIRST, before=tree(FIRST, SIBLING), after=tree(FIRST, SIBLING)),
    ),
)


def alone(**changes: object) -> Crash:
    """Each later task runs in the process that ran the crash."""
    events = [event._replace(pid=FIRST) if event.task.startswith("later") else event for event in EVENTS]
    return replace(LIVES, history=History(tuple(events)), **changes)  # type: ignore[arg-type]


def test_tasks_that_failed_alone() -> None:
    judgement = failed_alone(alone())
    assert judgement
    assert "those that ran a crash live on, and have started 2 tasks since" in judgement.evidence
    assert "results of the tasks that crashed: FAILURE and FAILURE" in judgement.evidence


@pytest.mark.parametrize(
    "crash",
    [
        WELL,
        at_second(alone(), result=""),
        at_second(alone(), after=tree(FIRST, SUCCESSOR)),
        at_second(alone(), after=Tree(None)),
        replace(alone(), wrong=("beside2",)),
        replace(alone(), history=History(EVENTS)),
    ],
    ids=[
        "children died",
        "no result",
        "the sibling died",
        "the worker died",
        "a wrong result",
        "did no more",
    ],
)
def test_tasks_that_did_not_fail_alone(crash: Crash) -> None:
    assert not failed_alone(crash)


NO_RESULT = replace(alone(), blows=tuple(replace(blow, result="") for blow in LIVES.blows))


def test_tasks_that_ended_without_a_result() -> None:
    assert ended_without_result(NO_RESULT)


@pytest.mark.parametrize(
    "crash",
    [
        alone(),
        at_second(NO_RESULT, result="FAILURE"),
        at_second(NO_RESULT, after=Tree(None)),
        replace(NO_RESULT, left=1),
    ],
    ids=["results", "a second result", "the worker died", "a message is left"],
)
def test_tasks_that_ended_in_another_way(crash: Crash) -> None:
    assert not ended_without_result(crash)


# The end of the worker

GONE = Crash(
    (replace(BLOWS[0], after=Tree(None)),), 1, History(EVENTS[:3]), fatal="MemoryError('Process got: x')"
)


def test_a_worker_that_is_gone() -> None:
    judgement = worker_gone(GONE)
    assert judgement
    assert "ended at crash 1 with status 1; 1 of 2 other tasks ended" in judgement.evidence
    assert worker_gone_at_any_crash(GONE)
    assert stopped_by_memoryerror(GONE)


@pytest.mark.parametrize(
    "crash", [WELL, replace(GONE, exit_status=None)], ids=["still there", "no exit status"]
)
def test_a_worker_that_is_not_gone(crash: Crash) -> None:
    assert not worker_gone(crash)
    assert not worker_gone_at_any_crash(crash)


def test_a_worker_that_is_gone_at_its_second_crash_has_survived_one() -> None:
    second = at_second(replace(WELL, exit_status=-11), after=Tree(None))
    assert worker_gone_at_any_crash(second)
    assert not worker_gone(second)


@pytest.mark.parametrize(
    "changes",
    [{"exit_status": -9}, {"fatal": ""}, {"fatal": "OSError()"}, {"blows": WELL.blows}],
    ids=["killed", "said nothing", "another error", "lives on"],
)
def test_a_worker_that_another_cause_stopped(changes: dict[str, object]) -> None:
    assert not stopped_by_memoryerror(replace(GONE, **changes))  # type: ignore[arg-type]


# Siblings


def test_siblings_that_ended_where_they_ran() -> None:
    judgement = siblings_undisturbed(WELL)
    assert judgement
    assert judgement.evidence == "2 tasks ran beside 2 crashes; ended in the same process: 2"


@pytest.mark.parametrize(
    ("later", "says"),
    [
        ([], "not so with beside2: started"),
        ([Event("failed", "beside2", pid=SIBLING, at=22)], "not so with beside2: started, failed"),
        (course("beside2", SUCCESSOR, 21, 22), "beside2: started, started, ended"),
        ([Event("ended", "beside2", pid=SUCCESSOR, at=22)], "not so with beside2: started, ended"),
    ],
    ids=["cut short", "failed", "run again", "moved"],
)
def test_siblings_that_the_second_crash_disturbed(later: list[Event], says: str) -> None:
    begun = [event for event in EVENTS if (event.kind, event.task) != ("ended", "beside2")]
    judgement = siblings_undisturbed(replace(WELL, history=History.of([*begun, *later])))
    assert not judgement
    assert says in judgement.evidence


def test_who_ended_before_the_crash_did_not_run_beside_it() -> None:
    early = replace(WELL, history=History(tuple(course("beside1", SIBLING, 1, 2))))
    assert early.beside(early.blows[0]) == ()
    assert not siblings_undisturbed(early)
