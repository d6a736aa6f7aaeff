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
from poolproof.subjects.crashes.seen import Crash, CrashedWorker

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
CRASHES = (
    Crash(
        FIRST, 10, tree(FIRST, SIBLING), tree(SIBLING, SECOND), "FAILURE", ("beside1", "behind1"), ("later1",)
    ),
    Crash(
        SECOND,
        20,
        tree(SIBLING, SECOND),
        tree(SIBLING, SUCCESSOR),
        "FAILURE",
        ("beside2", "behind2"),
        ("later2",),
    ),
)
WELL = CrashedWorker(CRASHES, None, History(EVENTS))


def at_second(worker: CrashedWorker = WELL, **changes: object) -> CrashedWorker:
    """The first crash is as the claim says, and the second has these changes."""
    first, second = worker.crashes
    return replace(worker, crashes=(first, replace(second, **changes)))  # type: ignore[arg-type]


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
    "worker",
    [
        replace(WELL, crashes=()),
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
def test_a_second_crash_that_is_not_contained(worker: CrashedWorker) -> None:
    assert not contained(worker)


def test_the_crash_that_ended_the_manager_is_named() -> None:
    judgement = contained(at_second(replace(WELL, exit_status=1), after=Tree(None)))
    assert "manager gone after crash 2 (1)" in judgement.evidence


# The child


def test_children_that_were_replaced() -> None:
    judgement = child_replaced(WELL)
    assert judgement
    assert judgement.evidence.startswith("of 2 children that ran a crash 2 ended; 2 children before")


@pytest.mark.parametrize(
    "worker",
    [
        replace(WELL, crashes=()),
        at_second(after=tree(SIBLING, SECOND)),
        at_second(after=tree(SIBLING)),
        at_second(after=Tree(None)),
    ],
    ids=["no crash", "lives on", "no successor", "no worker"],
)
def test_a_second_child_that_was_not_replaced(worker: CrashedWorker) -> None:
    assert not child_replaced(worker)


# What only fails its task

LIVES = replace(
    WELL,
    crashes=(
        replace(CRASHES[0], after=tree(FIRST, SIBLING)),
        replace(CRASHES[1], victim=FIRST, before=tree(FIRST, SIBLING), after=tree(FIRST, SIBLING)),
    ),
)


def alone(**changes: object) -> CrashedWorker:
    """Each later task runs in the process that ran the crash."""
    events = [event._replace(pid=FIRST) if event.task.startswith("later") else event for event in EVENTS]
    return replace(LIVES, history=History(tuple(events)), **changes)  # type: ignore[arg-type]


def test_tasks_that_failed_alone() -> None:
    judgement = failed_alone(alone())
    assert judgement
    assert "those that ran a crash live on, and have started 2 tasks since" in judgement.evidence
    assert "results of the tasks that crashed: FAILURE and FAILURE" in judgement.evidence


@pytest.mark.parametrize(
    "worker",
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
def test_tasks_that_did_not_fail_alone(worker: CrashedWorker) -> None:
    assert not failed_alone(worker)


NO_RESULT = replace(alone(), crashes=tuple(replace(crash, result="") for crash in LIVES.crashes))


def test_tasks_that_ended_without_a_result() -> None:
    assert ended_without_result(NO_RESULT)


@pytest.mark.parametrize(
    "worker",
    [
        alone(),
        at_second(NO_RESULT, result="FAILURE"),
        at_second(NO_RESULT, after=Tree(None)),
        replace(NO_RESULT, left_in_broker=1),
    ],
    ids=["results", "a second result", "the worker died", "a message is left"],
)
def test_tasks_that_ended_in_another_way(worker: CrashedWorker) -> None:
    assert not ended_without_result(worker)


# The end of the worker

GONE = CrashedWorker(
    (replace(CRASHES[0], after=Tree(None)),), 1, History(EVENTS[:3]), fatal="MemoryError('Process got: x')"
)


def test_a_worker_that_is_gone() -> None:
    judgement = worker_gone(GONE)
    assert judgement
    assert "ended at crash 1 with status 1; 1 of 2 other tasks ended" in judgement.evidence
    assert worker_gone_at_any_crash(GONE)
    assert stopped_by_memoryerror(GONE)


@pytest.mark.parametrize(
    "worker", [WELL, replace(GONE, exit_status=None)], ids=["still there", "no exit status"]
)
def test_a_worker_that_is_not_gone(worker: CrashedWorker) -> None:
    assert not worker_gone(worker)
    assert not worker_gone_at_any_crash(worker)


def test_a_worker_that_is_gone_at_its_second_crash_has_survived_one() -> None:
    second = at_second(replace(WELL, exit_status=-11), after=Tree(None))
    assert worker_gone_at_any_crash(second)
    assert not worker_gone(second)


@pytest.mark.parametrize(
    "changes",
    [{"exit_status": -9}, {"fatal": ""}, {"fatal": "OSError()"}, {"crashes": WELL.crashes}],
    ids=["killed", "logged nothing", "another error", "lives on"],
)
def test_a_worker_that_another_cause_stopped(changes: dict[str, object]) -> None:
    assert not stopped_by_memoryerror(replace(GONE, **changes))  # type: ignore[arg-type]


# Siblings


def test_siblings_that_ended_where_they_ran() -> None:
    judgement = siblings_undisturbed(WELL)
    assert judgement
    assert judgement.evidence == (
        "2 tasks ran beside 2 crashes, 1 at the least; ended in the same process: 2"
    )
    assert judgement.facts == {
        "crashes": 2,
        "processes_ended_by_a_crash": 2,
        "other_tasks": 6,
        "other_tasks_ended": 6,
        "other_results_wrong": 0,
        "tasks_beside_a_crash": 2,
        "fewest_tasks_beside_a_crash": 1,
        "tasks_disturbed": 0,
    }


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
    assert early.beside(early.crashes[0]) == ()
    assert not siblings_undisturbed(early)


def test_a_crash_without_a_sibling_says_nothing_of_siblings() -> None:
    lonely = replace(WELL, history=without("beside2"))
    assert len(lonely.beside(lonely.crashes[0])) == 1
    assert lonely.fewest_siblings == 0
    assert not siblings_undisturbed(lonely)


def test_siblings_count_up_to_the_first_crash_that_disturbed_one() -> None:
    events = [event for event in EVENTS if event.task not in ("beside1", "beside2")]
    cut = replace(WELL, history=History.of([*events, Event("started", "beside1", pid=SIBLING, at=1)]))
    assert cut.fewest_siblings == 1
    assert not siblings_undisturbed(cut)
