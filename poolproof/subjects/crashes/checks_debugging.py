"""Judges what is reported of the cause of a failure: its stack trace, and Python's debugger."""

from __future__ import annotations

import signal

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import conjoined, counted
from poolproof.subjects.crashes.seen import Debugging, Dialogue, Report


@check
def trace_complete(report: Report) -> Judgement:
    """True when the log has every function of each failed call, and so has the result if one is stored."""
    whole = bool(report.traces) and all(trace.complete for trace in report.traces)
    return Judgement(whole, _traces(report), facts=_counts(report))


@check
def trace_incomplete(report: Report) -> Judgement:
    """True when a task failed, and neither the log nor its result names every function of the call."""
    missing = any(trace.missing for trace in report.traces)
    return Judgement(missing, _traces(report), facts=_counts(report))


@check
def died_without_a_trace(report: Report) -> Judgement:
    """True when SIGSEGV ended the worker, its log names no function of the call, and no result is stored."""
    silent = all(trace.called == trace.missing and not trace.result for trace in report.traces)
    called = any(trace.called for trace in report.traces)
    return Judgement(
        called and silent and report.exit_status == -signal.SIGSEGV, _traces(report), facts=_counts(report)
    )


def _counts(report: Report) -> dict[str, int | float]:
    return {
        "tasks_failed": len(report.traces),
        "traces_complete": sum(trace.complete for trace in report.traces),
        "results_stored": sum(bool(trace.result) for trace in report.traces),
    }


def _traces(report: Report) -> str:
    absent = sorted({name for trace in report.traces for name in trace.missing})
    missing = f"; named nowhere: {conjoined(absent)}" if absent else ""
    ended = "" if report.exit_status is None else f"; the worker ended with status {report.exit_status}"
    count = _counts(report)
    return (
        f"of {counted(len(report.traces), 'task')} that failed, {count['traces_complete']} have a complete "
        f"trace{missing}; results stored: {count['results_stored']}{ended}"
    )


@check
def debugger_answers(debugging: Debugging) -> Judgement:
    """True when the debugger always printed what was asked for, and let the task run to its end."""
    well = [each.answered and each.outcome == "ended" for each in debugging.dialogues]
    return Judgement(bool(well) and all(well), _dialogues(debugging), facts=_breakpoints(debugging))


@check
def debugger_fails(debugging: Debugging) -> Judgement:
    """True when the debugger never printed anything that was asked for."""
    answered = [each.answered for each in debugging.dialogues]
    return Judgement(
        bool(answered) and not any(answered), _dialogues(debugging), facts=_breakpoints(debugging)
    )


def _breakpoints(debugging: Debugging) -> dict[str, int | float]:
    answered = sum(each.answered for each in debugging.dialogues)
    return {"breakpoints": len(debugging.dialogues), "breakpoints_answered": answered}


def _dialogues(debugging: Debugging) -> str:
    return (
        "; ".join(f"breakpoint {n}: {_dialogue(each)}" for n, each in enumerate(debugging.dialogues, 1))
        or "no task stopped"
    )


def _dialogue(each: Dialogue) -> str:
    printed = "the debugger printed the variable" if each.answered else "the debugger printed nothing"
    ended = f"{each.outcome} {each.error}".strip() or "did not finish"
    return f"{printed}, the task {ended}"
