"""The checks of what a crash does to its child and its siblings, and of what is seen of its cause."""

from __future__ import annotations

from dataclasses import replace

import pytest

from probes.checks.crashes import (
    child_replaced,
    debugger_answers,
    debugger_fails,
    siblings_undisturbed,
    trace_complete,
    trace_incomplete,
    worker_gone,
)
from probes.history import Event, History
from probes.observations.crashes import Crash, Debugging, Report
from probes.observations.processes import Process, Tree

MANAGER, VICTIM, SIBLING, SUCCESSOR = 100, 101, 102, 103
STRUCK = 10


def tree(*children: int) -> Tree:
    manager = Process(MANAGER, 1, (MANAGER,))
    return Tree(manager, tuple(Process(pid, MANAGER, (pid,)) for pid in children))


def crash(*later: Event, after: Tree | None = None, result: str = "FAILURE") -> Crash:
    """The task `beside` runs in the sibling when the blow falls on the victim."""
    events = (
        Event("started", "culprit", pid=VICTIM, at=1),
        Event("started", "beside", pid=SIBLING, at=2),
        Event("struck", pid=VICTIM, at=STRUCK),
        *later,
    )
    before, after = tree(VICTIM, SIBLING), after or tree(SIBLING, SUCCESSOR)
    return Crash(VICTIM, before, after, None, ("beside", "behind"), History(events), result)


def test_a_child_that_was_replaced() -> None:
    judgement = child_replaced(crash())
    assert judgement
    assert judgement.evidence.endswith("2 children before, 2 after; the result of the task is FAILURE")


def test_a_child_that_lives_on_is_shown_at_work() -> None:
    again = Event("started", "after", pid=VICTIM, at=STRUCK + 1)
    judgement = child_replaced(crash(again, after=tree(VICTIM, SIBLING), result=""))
    assert not judgement
    assert "lives on and has started 1 task since" in judgement.evidence
    assert judgement.evidence.endswith("no result of the task is stored")


@pytest.mark.parametrize("after", [tree(SIBLING), Tree(None)], ids=["no successor", "no worker"])
def test_a_child_that_was_not_replaced(after: Tree) -> None:
    assert not child_replaced(crash(after=after))


def test_a_worker_that_lives_on_is_not_gone() -> None:
    assert not worker_gone(crash())


def ended(pid: int = SIBLING, task: str = "beside", at: int = STRUCK + 5) -> Event:
    return Event("ended", task, pid=pid, at=at)


def test_siblings_that_ended_where_they_ran() -> None:
    judgement = siblings_undisturbed(crash(ended()))
    assert judgement
    assert judgement.evidence == "1 task ran beside the crash; ended in the same process: 1"


@pytest.mark.parametrize(
    ("later", "says"),
    [
        ((), "not so with beside: started"),
        ((Event("failed", "beside", pid=SIBLING, at=12),), "not so with beside: started, failed"),
        ((Event("started", "beside", pid=SUCCESSOR, at=12), ended(SUCCESSOR)), "started, started, ended"),
        ((ended(SUCCESSOR),), "not so with beside: started, ended"),
    ],
    ids=["cut short", "failed", "run again", "moved"],
)
def test_siblings_that_were_disturbed(later: tuple[Event, ...], says: str) -> None:
    judgement = siblings_undisturbed(crash(*later))
    assert not judgement
    assert says in judgement.evidence


def test_no_sibling_proves_nothing() -> None:
    assert not siblings_undisturbed(replace(crash(ended()), bystanders=("behind",)))


def test_who_ended_before_the_blow_did_not_run_beside_it() -> None:
    events = (Event("started", "beside", at=1), ended(at=2), Event("struck", at=STRUCK))
    assert replace(crash(), history=History(events)).beside == ()


# Stack traces

TRACE = 'File "a.py", line 1, in fail\n  step()\nFile "a.py", line 2, in _step\n'


def report(told: str) -> Report:
    return Report(("fail", "_step"), told, "FAILURE", None)


def test_a_complete_trace() -> None:
    judgement = trace_complete(report(TRACE))
    assert judgement
    assert judgement.evidence == "result and log name 2 of 2 functions; the result is FAILURE"
    assert not trace_incomplete(report(TRACE))


@pytest.mark.parametrize("told", ["", TRACE.partition("  ")[0], "fail and _step are named here"])
def test_an_incomplete_trace(told: str) -> None:
    assert trace_incomplete(report(told))
    assert not trace_complete(report(told))


def test_what_is_missing_is_named_and_the_end_of_the_worker_told() -> None:
    judgement = trace_complete(Report(("fail", "_step"), TRACE.partition("  ")[0], "", -11))
    assert "1 of 2 functions, not _step; no result is stored" in judgement.evidence
    assert judgement.evidence.endswith("the worker ended with status -11")


def test_a_failure_that_called_nothing_proves_nothing() -> None:
    nothing = Report((), TRACE, "FAILURE", None)
    assert not trace_complete(nothing)
    assert not trace_incomplete(nothing)


# The debugger


@pytest.mark.parametrize(
    ("debugging", "answers", "fails"),
    [
        (Debugging(True, "ended", ""), True, False),
        (Debugging(True, "failed", "BdbQuit"), False, False),
        (Debugging(False, "failed", "BdbQuit"), False, True),
        (Debugging(False, "ended", ""), False, True),
    ],
    ids=["works", "answers but ends the task", "has no input", "never stopped"],
)
def test_the_debugger(debugging: Debugging, answers: bool, fails: bool) -> None:
    assert bool(debugger_answers(debugging)) is answers
    assert bool(debugger_fails(debugging)) is fails


def test_the_fault_of_the_debugged_task_is_told() -> None:
    judgement = debugger_fails(Debugging(False, "failed", "BdbQuit"))
    assert judgement.evidence == "the debugger printed nothing; the task failed BdbQuit"
