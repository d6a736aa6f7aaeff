"""Judges what a crash did to its process, the worker and the other tasks, and what is seen of its cause."""

from __future__ import annotations

from probes.checks.words import counted
from probes.history import Event
from probes.judgement import Judgement, check
from probes.observations.crashes import Crash, Debugging, Report


@check
def contained(crash: Crash) -> Judgement:
    """True when the manager lives on with as many children as before, and each other task ended once."""
    before, after = crash.before.manager, crash.after.manager
    same_manager = bool(before and after and before.pid == after.pid)
    ended = crash.history.only(crash.bystanders).tasks("ended")
    finished = sorted(ended) == sorted(crash.bystanders)
    return Judgement(
        same_manager and _whole(crash) and finished,
        f"manager {'alive with its pid' if same_manager else f'gone ({crash.exit_status})'}; "
        f"{_children(crash)}; {len(ended)} of {len(crash.bystanders)} other tasks ended",
    )


@check
def child_replaced(crash: Crash) -> Judgement:
    """True when the child that ran the task is gone, and there are as many children as before."""
    later = [event for event in crash.history.events if event.at > crash.struck and event.kind == "started"]
    again = sum(event.pid == crash.victim for event in later)
    alive = crash.victim in crash.after.pids
    lot = f"lives on and has started {counted(again, 'task')} since" if alive else "is gone"
    return Judgement(_replaced(crash), f"the child {crash.victim} {lot}; {_children(crash)}; {_fate(crash)}")


def _replaced(crash: Crash) -> bool:
    return _whole(crash) and crash.victim not in crash.after.pids


def _whole(crash: Crash) -> bool:
    return len(crash.after.children) == len(crash.before.children)


def _children(crash: Crash) -> str:
    before = counted(len(crash.before.children), "child", "children")
    return f"{before} before, {len(crash.after.children)} after"


def _fate(crash: Crash) -> str:
    return f"the result of the task is {crash.result}" if crash.result else "no result of the task is stored"


@check
def worker_gone(crash: Crash) -> Judgement:
    """True when the whole worker ended with the task that crashed."""
    gone = crash.after.manager is None and crash.exit_status is not None
    ended = len(crash.history.only(crash.bystanders).tasks("ended"))
    return Judgement(
        gone,
        f"worker {f'ended with status {crash.exit_status}' if gone else 'still runs'}; "
        f"{ended} of {len(crash.bystanders)} other tasks ended; {_fate(crash)}",
    )


@check
def siblings_undisturbed(crash: Crash) -> Judgement:
    """True when each task that ran beside the crash was started once, and ended in the same process."""
    courses = {task: _course(crash, task) for task in crash.beside}
    disturbed = [task for task, kinds in courses.items() if kinds != ["started", "ended"]]
    moved = [task for task in courses if len({event.pid for event in _events(crash, task)}) > 1]
    told = "; ".join(f"{task}: {', '.join(courses[task])}" for task in [*disturbed, *moved][:5])
    beside = counted(len(courses), "task")
    return Judgement(
        bool(courses) and not disturbed and not moved,
        f"not so with {told}"
        if told
        else f"{beside} ran beside the crash; ended in the same process: {len(courses)}",
    )


def _events(crash: Crash, task: str) -> list[Event]:
    return [event for event in crash.history.events if event.task == task]


def _course(crash: Crash, task: str) -> list[str]:
    return [event.kind for event in _events(crash, task)]


@check
def trace_complete(report: Report) -> Judgement:
    """True when a stack trace, stored or logged, names every function on the way to the failure."""
    return Judgement(bool(report.called) and not report.missing, _told(report))


@check
def trace_incomplete(report: Report) -> Judgement:
    """True when no stack trace, stored or logged, names every function on the way to the failure."""
    return Judgement(bool(report.missing), _told(report))


def _told(report: Report) -> str:
    named = len(report.called) - len(report.missing)
    absent = f", not {', '.join(report.missing)}" if report.missing else ""
    stored = f"the result is {report.result}" if report.result else "no result is stored"
    ended = "" if report.exit_status is None else f"; the worker ended with status {report.exit_status}"
    return f"result and log name {named} of {len(report.called)} functions{absent}; {stored}{ended}"


@check
def debugger_answers(debugging: Debugging) -> Judgement:
    """True when the debugger printed the variable that was asked for, and let the task go on to its end."""
    return Judgement(debugging.answered and debugging.outcome == "ended", _dialogue(debugging))


@check
def debugger_fails(debugging: Debugging) -> Judgement:
    """True when the debugger printed nothing of what was asked for."""
    return Judgement(not debugging.answered, _dialogue(debugging))


def _dialogue(debugging: Debugging) -> str:
    printed = "printed the variable" if debugging.answered else "printed nothing"
    ended = f"{debugging.outcome} {debugging.fault}".strip() or "did not finish"
    return f"the debugger {printed}; the task {ended}"
