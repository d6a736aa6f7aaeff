"""Judges what crashes did to their process, to the worker and to the other tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from poolproof.model.history import Event
from poolproof.model.judgement import Judgement, check
from poolproof.model.words import conjoined, counted
from poolproof.subjects.crashes.seen import Crash, CrashedWorker

EX_FAILURE = 1
"""The exit status of a Celery worker that stops because of an error."""


@check
def contained(worker: CrashedWorker) -> Judgement:
    """True when after each crash the manager has its pid and its children, and each other task was done."""
    text = f"{_manager(worker)}; {_children(worker)}; {_others(worker)}"
    return Judgement(_survived(worker), text, facts=_facts(worker))


@check
def child_replaced(worker: CrashedWorker) -> Judgement:
    """True when each child that ran a crash is gone, and there are as many children as before."""
    gone = [crash.victim not in crash.after.pids for crash in worker.crashes]
    whole = all(map(_whole, worker.crashes)) and not any(crash.gone for crash in worker.crashes)
    return Judgement(
        bool(gone) and all(gone) and whole,
        f"of {counted(len(gone), 'child', 'children')} that ran a crash {sum(gone)} ended"
        f"{_again(worker)}; {_children(worker)}; {_fate(worker)}",
        facts=_facts(worker),
    )


@check
def worker_gone(worker: CrashedWorker) -> Judgement:
    """True when the whole worker ended with the first task that crashed."""
    return Judgement(_gone_at_first(worker), _end(worker), facts=_facts(worker))


@check
def worker_gone_at_any_crash(worker: CrashedWorker) -> Judgement:
    """True when one of the tasks that crashed ended the whole worker."""
    gone = any(crash.gone for crash in worker.crashes) and worker.exit_status is not None
    return Judgement(gone, _end(worker), facts=_facts(worker))


@check
def stopped_by_memoryerror(worker: CrashedWorker) -> Judgement:
    """True when the first MemoryError stopped the worker, which logged it and ended with status 1."""
    logged = worker.fatal.startswith("MemoryError(")
    return Judgement(
        _gone_at_first(worker) and logged and worker.exit_status == EX_FAILURE,
        f"{_end(worker)}; it logged {worker.fatal or 'no error'}",
        facts=_facts(worker),
    )


@check
def failed_alone(worker: CrashedWorker) -> Judgement:
    """True when each crash failed its task and did nothing else: no process ended, its own continued."""
    fates = {crash.result for crash in worker.crashes}
    worked = all(_started_since(worker, crash) for crash in worker.crashes)
    return Judgement(
        _survived(worker) and all(map(_same, worker.crashes)) and fates == {"FAILURE"} and worked,
        f"{_manager(worker)}{_again(worker)}; {_children(worker)}; {_fate(worker)}; {_others(worker)}",
        facts=_facts(worker),
    )


@check
def ended_without_result(worker: CrashedWorker) -> Judgement:
    """True when the worker continued after each crash, no result is stored, and its message is gone."""
    fates, left = {crash.result for crash in worker.crashes}, worker.left_in_broker
    return Judgement(
        _survived(worker) and all(map(_same, worker.crashes)) and fates == {""} and not left,
        f"{_manager(worker)}; {_fate(worker)}; {counted(left, 'message')} left in the broker; "
        f"{_others(worker)}",
        facts={**_facts(worker), "messages_left_in_broker": left},
    )


@check
def siblings_undisturbed(worker: CrashedWorker) -> Judgement:
    """True when tasks ran beside each crash, and each was started once, and ended in the same process."""
    beside = [task for crash in worker.crashes for task in worker.beside(crash)]
    courses = {task: _events(worker, task) for task in beside}
    disturbed = {task: course for task, course in courses.items() if not _undisturbed(course)}
    return Judgement(
        worker.fewest_siblings > 0 and not disturbed,
        _disturbed_courses(disturbed) or _siblings(worker, len(courses)),
        facts={
            **_facts(worker),
            "tasks_beside_a_crash": len(courses),
            "fewest_tasks_beside_a_crash": worker.fewest_siblings,
            "tasks_disturbed": len(disturbed),
        },
    )


def _disturbed_courses(disturbed: Mapping[str, list[Event]]) -> str:
    """The events of the first few tasks that a crash disturbed, empty when there is none."""
    shown = list(disturbed.items())[:5]
    text = "; ".join(f"{task}: {', '.join(event.kind for event in course)}" for task, course in shown)
    return f"not so with {text}" if text else ""


def _siblings(worker: CrashedWorker, count: int) -> str:
    crashes = counted(len(worker.crashes), "crash", "crashes")
    return (
        f"{counted(count, 'task')} ran beside {crashes}, {worker.fewest_siblings} at the least; "
        f"ended in the same process: {count}"
    )


def _facts(worker: CrashedWorker) -> dict[str, int | float]:
    """How many tasks crashed, how many processes ended because of it, and how many other tasks finished."""
    return {
        "crashes": len(worker.crashes),
        "processes_ended_by_a_crash": sum(crash.victim not in crash.after.pids for crash in worker.crashes),
        "other_tasks": len(worker.others),
        "other_tasks_ended": len(worker.history.only(worker.others).tasks("ended")),
        "other_results_wrong": len(worker.wrong),
    }


def _gone_at_first(worker: CrashedWorker) -> bool:
    return len(worker.crashes) == 1 and worker.crashes[0].gone and worker.exit_status is not None


def _undisturbed(course: list[Event]) -> bool:
    same = len({event.pid for event in course}) == 1
    return same and [event.kind for event in course] == ["started", "ended"]


def _events(worker: CrashedWorker, task: str) -> list[Event]:
    return [event for event in worker.history.events if event.task == task]


def _survived(worker: CrashedWorker) -> bool:
    """Whether the same manager had its children after each crash, and each other task was done once."""
    ended = worker.history.only(worker.others).tasks("ended")
    done = sorted(ended) == sorted(worker.others) and not worker.wrong
    return bool(worker.crashes) and done and all(_stands(crash) and _whole(crash) for crash in worker.crashes)


def _stands(crash: Crash) -> bool:
    before, after = crash.before.manager, crash.after.manager
    return bool(before and after and before.pid == after.pid)


def _whole(crash: Crash) -> bool:
    return len(crash.after.children) == len(crash.before.children)


def _same(crash: Crash) -> bool:
    return set(crash.after.pids) == set(crash.before.pids)


def _started_since(worker: CrashedWorker, crash: Crash) -> int:
    later = worker.history.only(crash.later).events
    return sum(event.kind == "started" and event.pid == crash.victim for event in later)


def _manager(worker: CrashedWorker) -> str:
    fallen = next((n for n, crash in enumerate(worker.crashes, 1) if not _stands(crash)), 0)
    crashes = counted(len(worker.crashes), "crash", "crashes")
    text = f"gone after crash {fallen} ({worker.exit_status})" if fallen else "alive with its pid"
    return f"{crashes}; manager {text}"


def _children(worker: CrashedWorker) -> str:
    before = counted(len(worker.crashes[0].before.children) if worker.crashes else 0, "child", "children")
    return f"{before} before, {_row(len(crash.after.children) for crash in worker.crashes)} after"


def _others(worker: CrashedWorker) -> str:
    ended = len(worker.history.only(worker.others).tasks("ended"))
    wrong = f", {len(worker.wrong)} without the right result" if worker.wrong else ""
    return f"{ended} of {len(worker.others)} other tasks ended{wrong}"


def _fate(worker: CrashedWorker) -> str:
    fates = [crash.result or "missing" for crash in worker.crashes]
    return f"results of the tasks that crashed: {_row(fates)}"


def _again(worker: CrashedWorker) -> str:
    """How many tasks were started by the children that ran a crash and survived it."""
    alive = [crash for crash in worker.crashes if crash.victim in crash.after.pids]
    if not alive:
        return ""
    again = sum(_started_since(worker, crash) for crash in alive)
    return f"; those that ran a crash live on, and have started {counted(again, 'task')} since"


def _end(worker: CrashedWorker) -> str:
    gone = next((n for n, crash in enumerate(worker.crashes, 1) if crash.gone), 0)
    text = f"ended at crash {gone} with status {worker.exit_status}" if gone else "still runs"
    crashes = counted(len(worker.crashes), "crash", "crashes")
    return f"{crashes}; the worker {text}; {_others(worker)}; {_fate(worker)}"


def _row(words: Iterable[object]) -> str:
    return conjoined([str(word) for word in words] or ["none"])
