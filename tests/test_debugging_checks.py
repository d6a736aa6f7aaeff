"""The checks of how the cause of a failure is found: by its stack trace, and with Python's debugger."""

from __future__ import annotations

from dataclasses import replace

import pytest

from poolproof.subjects.crashes.checks_debugging import (
    debugger_answers,
    debugger_fails,
    died_without_a_trace,
    trace_complete,
    trace_incomplete,
)
from poolproof.subjects.crashes.seen import Debugging, Dialogue, Report, Trace

TRACE = 'File "a.py", line 1, in fail\n  step()\nFile "a.py", line 2, in _step\n'
SHORT = TRACE.partition("  ")[0]
WHOLE = Trace(("fail", "_step"), TRACE, TRACE, "FAILURE")


def report(**changes: str) -> Report:
    """Two failures: the first has a complete trace, the second these changes."""
    return Report((WHOLE, replace(WHOLE, **changes)), None)  # type: ignore[arg-type]


def test_complete_traces() -> None:
    judgement = trace_complete(report())
    assert judgement
    assert judgement.evidence == "of 2 tasks that failed, 2 have a complete trace; results stored: 2"
    assert judgement.facts == {"tasks_failed": 2, "traces_complete": 2, "results_stored": 2}
    assert not trace_incomplete(report())


def test_a_trace_that_no_result_can_carry_is_complete_in_the_log() -> None:
    assert trace_complete(report(stored="", result=""))


@pytest.mark.parametrize(
    "text", ["", SHORT, "fail and _step are named here"], ids=["nothing", "one of two", "no trace"]
)
def test_a_later_trace_that_is_incomplete(text: str) -> None:
    incomplete = report(logged=text, stored=text)
    assert trace_incomplete(incomplete)
    judgement = trace_complete(incomplete)
    assert not judgement
    assert "2 tasks that failed, 1 have a complete trace; named nowhere: " in judgement.evidence


@pytest.mark.parametrize("changes", [{"logged": SHORT}, {"stored": SHORT}], ids=["logged", "stored"])
def test_a_trace_that_is_complete_in_one_place_alone_is_neither(changes: dict[str, str]) -> None:
    assert not trace_complete(report(**changes))
    assert not trace_incomplete(report(**changes))


def test_failures_that_called_nothing_prove_nothing() -> None:
    for nothing in (Report((), None), Report((Trace((), TRACE, TRACE, "FAILURE"),), None)):
        assert not trace_complete(nothing)
        assert not trace_incomplete(nothing)
        assert not died_without_a_trace(nothing)


NO_TRACE = Report((Trace(("fail", "_step"), "", "", ""),), -11)


def test_a_worker_that_died_without_a_trace() -> None:
    judgement = died_without_a_trace(NO_TRACE)
    assert judgement
    assert judgement.evidence.endswith(
        "named nowhere: _step and fail; results stored: 0; the worker ended with status -11"
    )


@pytest.mark.parametrize(
    "seen",
    [
        replace(NO_TRACE, exit_status=None),
        replace(NO_TRACE, exit_status=1),
        replace(NO_TRACE, traces=(replace(NO_TRACE.traces[0], logged=SHORT),)),
        replace(NO_TRACE, traces=(replace(NO_TRACE.traces[0], result="FAILURE"),)),
    ],
    ids=["lives", "another end", "some of it logged", "a result"],
)
def test_a_worker_that_left_a_trace_or_died_otherwise(seen: Report) -> None:
    assert not died_without_a_trace(seen)


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


def test_the_error_of_the_debugged_task_is_named() -> None:
    judgement = debugger_fails(Debugging((FAILS,)))
    assert judgement.evidence == "breakpoint 1: the debugger printed nothing, the task failed BdbQuit"
    assert judgement.facts == {"breakpoints": 1, "breakpoints_answered": 0}
