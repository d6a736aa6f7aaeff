"""Judges which processes and threads a worker had while it ran tasks, each from birth to death."""

from __future__ import annotations

from collections.abc import Mapping

from poolproof.model.judgement import Judgement, check
from poolproof.subjects.topology.seen import Watch

TRACKER = "semaphore_tracker"
"""The name in the command line of billiard's tracker."""
GEVENT_THREADS = 10
"""The most threads of gevent's own beside its main thread: gevent/hub.py, Hub.threadpool_size."""


@check
def one_process_one_thread(watch: Watch) -> Judgement:
    """True when the worker was one process with one thread all the time."""
    return Judgement(
        not watch.children and watch.threads == {watch.manager: (1, 1)}, _evidence(watch), facts=_facts(watch)
    )


@check
def manager_and_children(watch: Watch, children: int) -> Judgement:
    """True when the manager had exactly `children` children all the time."""
    return Judgement(_exactly(watch, 1 + children), _evidence(watch), facts=_facts(watch))


@check
def children_and_a_tracker(watch: Watch, children: int) -> Judgement:
    """True when the manager had `children` children and billiard's semaphore tracker all the time."""
    trackers = sum(TRACKER in life.command for life in watch.children)
    evidence = f"{_evidence(watch)}; {trackers} of them billiard's semaphore tracker"
    return Judgement(_exactly(watch, 2 + children) and trackers == 1, evidence, facts=_facts(watch))


@check
def no_child(watch: Watch) -> Judgement:
    """True when the process that was started never had a child, not even for a short time."""
    return Judgement(not watch.children and _exactly(watch, 1), _evidence(watch), facts=_facts(watch))


@check
def single_threaded_processes(watch: Watch) -> Judgement:
    """True when each process, the manager and every child, had one thread all the time."""
    alone = set(watch.threads.values()) == {(1, 1)}
    return Judgement(bool(watch.children) and alone, _evidence(watch), facts=_facts(watch))


@check
def idle_threads_beside(watch: Watch) -> Judgement:
    """True when one process had up to ten threads beside its main thread, which alone ran tasks."""
    least, most = watch.threads.get(watch.manager, (0, 0))
    elsewhere = sum(where != (watch.manager, watch.manager) for where in watch.ran_in)
    some = least >= 1 and 1 < most <= 1 + GEVENT_THREADS
    evidence = f"{_evidence(watch)}; {elsewhere} of {len(watch.ran_in)} tasks beside the main thread"
    right = not watch.children and some and bool(watch.ran_in) and not elsewhere
    return Judgement(right, evidence, facts=_facts(watch))


def _exactly(watch: Watch, processes: int) -> bool:
    return watch.processes == (processes, processes)


def _facts(watch: Watch) -> Mapping[str, int]:
    least, most = watch.processes
    return {
        "least_processes": least,
        "most_processes": most,
        "all_processes": 1 + len(watch.children),
        "most_in_one_process_threads": max((most for _, most in watch.threads.values()), default=0),
        "began_tasks": len(watch.ran_in),
    }


def _evidence(watch: Watch) -> str:
    seconds = (watch.end - watch.begin) / 1e9
    threads = [_range(each) for each in watch.threads.values()]
    return (
        f"in {seconds:.1f} s, while {len(watch.ran_in)} tasks began, births seen in {watch.by}: "
        f"processes at a time: {_range(watch.processes)}, in all: {1 + len(watch.children)}; "
        f"threads of each: {', '.join(threads) or 'none'}"
    )


def _range(extremes: tuple[int, int]) -> str:
    least, most = extremes
    return f"{least}" if least == most else f"{least} to {most}"
