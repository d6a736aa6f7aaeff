"""The checks of what is seen of the cause of a failure: its stack trace, and Python's debugger."""

from __future__ import annotations

from dataclasses import replace

import pytest

from poolproof.subjects.crashes.checks_debugging import (
    debugger_answers,
    debugger_fails,
    died_untold,
    trace_complete,
    trace_incomplete,
)
from poolproof.subjects.crashes.seen import Debugging, Dialogue, Report, Trace

TOLD = 'File "a.py", line 1, in fail\n  step()\nFile "a.py", line 2, in _step\n'
SHORT = TOLD.partition("  ")[0]
WHOLE = Trace(("fail", "_step"), TOLD, TOLD, "FAILURE")


def report(**changes: str) -> Report:
    """One failure is told completely, and the next with these changes."""
    return Report((WHOLE, replace(WHOLE, **changes)), None)  # type: ignore[arg-type]


def test_complete_traces() -> None:
    judgement = trace_complete(report())
    assert judgement
    assert judgement.evidence == "of 2 tasks that failed, 2 told completely; results stored: 2"
    assert not trace_incomplete(report())


def test_a_trace_that_no_result_can_carry_is_complete_in_the_log() -> None:
    assert trace_complete(report(stored="", result=""))


@pytest.mark.parametrize(
    "told", ["", SHORT, "fail and _step are named here"], ids=["nothing", "one of two", "no trace"]
)
def test_a_later_trace_that_is_incomplete(told: str) -> None:
    incomplete = report(logged=told, stored=told)
    assert trace_incomplete(incomplete)
    judgement = trace_complete(incomplete)
    assert not judgement
    assert "2 tasks that failed, 1 told completely; named nowhere: " in judgement.evidence


@pytest.mark.parametrize("changes", [{"logged": SHORT}, {"stored": SHORT}], ids=["logged", "stored"])
def test_a_trace_that_is_complete_in_one_place_alone_is_neither(changes: dict[str, str]) -> None:
    assert not trace_complete(report(**changes))
    assert not trace_incomplete(report(**changes))


def test_failures_that_called_nothing_prove_nothing() -> None:
    for nothing in (Report((), None), Report((Trace((), TOLD, TOLD, "FAILURE"),), None)):
        assert not trace_complete(nothing)
        assert not trace_incomplete(nothing)
        assert not died_untold(nothing)


UNTOLD = Report((Trace(("fail", "_step"), "", "", ""),), -11)


def test_a_worker_that_died_untold() -> None:
    judgement = died_untold(UNTOLD)
    assert judgement
    assert judgement.evidence.endswith(
        "named nowhere: _step and fail; results stored: 0; the worker ended with status -11"
    )


@pytest.mark.parametrize(
    "seen",
    [
        replace(UNTOLD, exit_status=None),
        replace(UNTOLD, exit_status=1),
        replace(UNTOLD, traces=(replace(UNTOLD.traces[0], logged=SHORT),)),
        replace(UNTOLD, traces=(replace(UNTOLD.traces[0], result="FAILURE"),)),
    ],
    ids=["lives", "another end", "some of it logged", "a result"],
)
def test_a_worker_that_told_something_or_died_otherwise(seen: Report) -> None:
    assert not died_untold(seen)


# The debugger

WORKS = Dialogue(True, "ended", "")
FAILS = Dialogue(False, "failed", "BdbQuit")


@pytest.mark.parametrize(
    ("dialogues", "answers", "fails"),
    [
        ((WORKS, WORKS), True, False),
        ((FAILS, FAILS), False, True),
        ((WORKS, FAILS), False, False),
        ((WORKS, Dialogue(True, "failed", "BdbQuit")), False, False),
        ((FAILS, Dialogue(False, "ended", "")), False, True),
        ((), False, False),
    ],
    ids=["works", "has no input", "works once", "answers but ends a task", "never stopped", "nothing"],
)
def test_the_debugger(dialogues: tuple[Dialogue, ...], answers: bool, fails: bool) -> None:
    assert bool(debugger_answers(Debugging(dialogues))) is answers
    assert bool(debugger_fails(Debugging(dialogues))) is fails


def test_the_fault_of_the_debugged_task_is_told() -> None:
    judgement = debugger_fails(Debugging((FAILS,)))
    assert judgement.evidence == "breakpoint 1: the debugger printed nothing, the task failed BdbQuit"
