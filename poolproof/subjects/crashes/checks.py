"""Judges what crashes did to their process, to the worker and to the other tasks."""

from __future__ import annotations

from collections.abc import Iterable

from poolproof.model.history import Event
from poolproof.model.judgement import Judgement, check
from poolproof.model.words import conjoined, counted
from poolproof.subjects.crashes.seen import Blow, Crash

EX_FAILURE = 1
"""The status with which a Celery worker ends that stops because of an error."""


@check
def contained(crash: Crash) -> Judgement:
    """True when, after each crash, the manager has its pid and its children, and each other task was done."""
    return Judgement(_survived(crash), f"{_manager(crash)}; {_children(crash)}; {_others(crash)}")


@check
def child_replaced(crash: Crash) -> Judgement:
    """True when each child that ran a crash is gone, and there are as many children as before."""
    gone = [blow.victim not in blow.after.pids for blow in crash.blows]
    whole = all(map(_whole, crash.blows)) and not any(blow.gone for blow in crash.blows)
    return Judgement(
        bool(gone) and all(gone) and whole,
        f"of {counted(len(gone), 'child', 'children')} that ran a crash {sum(gone)} ended"
        f"{_again(crash)}; {_children(crash)}; {_fate(crash)}",
    )


@check
def worker_gone(crash: Crash) -> Judgement:
    """True when the whole worker ended with the first task that crashed."""
    return Judgement(_gone_at_first(crash), _end(crash))


@check
def worker_gone_at_any_crash(crash: Crash) -> Judgement:
    """True when one of the tasks that crashed took the whole worker with it."""
    gone = any(blow.gone for blow in crash.blows) and crash.exit_status is not None
    return Judgement(gone, _end(crash))


@check
def stopped_by_memoryerror(crash: Crash) -> Judgement:
    """True when the first MemoryError stopped the whole worker, which said so and ended with status 1."""
    said = crash.fatal.startswith("MemoryError(")
    return Judgement(
        _gone_at_first(crash) and said and crash.exit_status == EX_FAILURE,
        f"{_end(crash)}; it said {crash.fatal or 'nothing'}",
    )


@check
def failed_alone(crash: Crash) -> Judgement:
    """True when each crash failed its task and did nothing else: no process ended, and its own went on."""
    fates = {blow.result for blow in crash.blows}
    worked = all(_started_since(crash, blow) for blow in crash.blows)
    return Judgement(
        _survived(crash) and all(map(_same, crash.blows)) and fates == {"FAILURE"} and worked,
        f"{_manager(crash)}{_again(crash)}; {_children(crash)}; {_fate(crash)}; {_others(crash)}",
    )


@check
def ended_without_result(crash: Crash) -> Judgement:
    """True when the worker went on after each crash, whose message is gone and whose result is not there."""
    fates = {blow.result for blow in crash.blows}
    return Judgement(
        _survived(crash) and all(map(_same, crash.blows)) and fates == {""} and not crash.left,
        f"{_manager(crash)}; {_fate(crash)}; {counted(crash.left, 'message')} left in the broker; "
        f"{_others(crash)}",
    )


@check
def siblings_undisturbed(crash: Crash) -> Judgement:
    """True when each task that ran beside a crash was started once, and ended in the same process."""
    beside = [task for blow in crash.blows for task in crash.beside(blow)]
    courses = {task: _events(crash, task) for task in beside}
    disturbed = {task: course for task, course in courses.items() if not _undisturbed(course)}
    text = "; ".join(
        f"{task}: {', '.join(event.kind for event in course)}" for task, course in list(disturbed.items())[:5]
    )
    return Judgement(
        bool(courses) and not disturbed,
        f"not so with {text}"
        if text
        else f"{counted(len(courses), 'task')} ran beside {counted(len(crash.blows), 'crash', 'crashes')}; "
        f"ended in the same process: {len(courses)}",
    )


def _gone_at_first(crash: Crash) -> bool:
    return len(crash.blows) == 1 and crash.blows[0].gone and crash.exit_status is not None


def _undisturbed(course: list[Event]) -> bool:
    same = len({event.pid for event in course}) == 1
    return same and [event.kind for event in course] == ["started", "ended"]


def _events(crash: Crash, task: str) -> list[Event]:
    return [event for event in crash.history.events if event.task == task]


def _survived(crash: Crash) -> bool:
    """Whether the same manager had its children after each crash, and each other task was done once."""
    ended = crash.history.only(crash.others).tasks("ended")
    done = sorted(ended) == sorted(crash.others) and not crash.wrong
    return bool(crash.blows) and done and all(_stands(blow) and _whole(blow) for blow in crash.blows)


def _stands(blow: Blow) -> bool:
    before, after = blow.before.manager, blow.after.manager
    return bool(before and after and before.pid == after.pid)


def _whole(blow: Blow) -> bool:
    return len(blow.after.children) == len(blow.before.children)


def _same(blow: Blow) -> bool:
    return set(blow.after.pids) == set(blow.before.pids)


def _started_since(crash: Crash, blow: Blow) -> int:
    later = crash.history.only(blow.later).events
    return sum(event.kind == "started" and event.pid == blow.victim for event in later)


def _manager(crash: Crash) -> str:
    fallen = next((n for n, blow in enumerate(crash.blows, 1) if not _stands(blow)), 0)
    crashes = counted(len(crash.blows), "crash", "crashes")
    text = f"gone after crash {fallen} ({crash.exit_status})" if fallen else "alive with its pid"
    return f"{crashes}; manager {text}"


def _children(crash: Crash) -> str:
    before = counted(len(crash.blows[0].before.children) if crash.blows else 0, "child", "children")
    return f"{before} before, {_row(len(blow.after.children) for blow in crash.blows)} after"


def _others(crash: Crash) -> str:
    ended = len(crash.history.only(crash.others).tasks("ended"))
    wrong = f", {len(crash.wrong)} without the right result" if crash.wrong else ""
    return f"{ended} of {len(crash.others)} other tasks ended{wrong}"


def _fate(crash: Crash) -> str:
    fates = [blow.result or "missing" for blow in crash.blows]
    return f"results of the tasks that crashed: {_row(fates)}"


def _again(crash: Crash) -> str:
    """How many tasks those children started that ran a crash and lived on."""
    alive = [blow for blow in crash.blows if blow.victim in blow.after.pids]
    if not alive:
        return ""
    again = sum(_started_since(crash, blow) for blow in alive)
    return f"; those that ran a crash live on, and have started {counted(again, 'task')} since"


def _end(crash: Crash) -> str:
    gone = next((n for n, blow in enumerate(crash.blows, 1) if blow.gone), 0)
    text = f"ended at crash {gone} with status {crash.exit_status}" if gone else "still runs"
    crashes = counted(len(crash.blows), "crash", "crashes")
    return f"{crashes}; the worker {text}; {_others(crash)}; {_fate(crash)}"


def _row(words: Iterable[object]) -> str:
    return conjoined([str(word) for word in words] or ["none"])
