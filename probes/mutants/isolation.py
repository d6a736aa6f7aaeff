"""Mutants of what tasks share, and of the effects of a fork on NumPy, processes and threads."""

from __future__ import annotations

import functools
import importlib
import itertools
import mmap
import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any, NoReturn

import celery.signals

from probes.mutants.registry import Applied, mutant
from probes.tasks import isolation

ALONE = 8
TENTH = 10
LATER = 15
"""Counts and tasks that go well before the mutant acts."""


@mutant
def counts_in_shared_memory(applied: Applied) -> None:
    """The globals of a module are in memory that the manager and its children share."""
    shared = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("q")

    class Shared(list[int]):
        def __getitem__(self, place: Any) -> Any:
            applied()
            return shared[place]

        def __setitem__(self, place: Any, value: Any) -> None:
            shared[place] = value

    isolation.counter = Shared()


@mutant
def shares_globals_after_eight_counts(applied: Applied) -> None:
    """Each process counts separately up to eight; later counts are in memory that all of them share."""
    shared = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("q")

    class Late(list[int]):
        def __getitem__(self, place: Any) -> Any:
            return super().__getitem__(place) + shared[0]

        def __setitem__(self, place: Any, value: Any) -> None:
            if super().__getitem__(place) < ALONE:
                super().__setitem__(place, value)
            else:
                applied()
                shared[0] += 1

    isolation.counter = Late([0])


@mutant
def forgets_globals_at_the_fifteenth_task(applied: Applied) -> None:
    """The fifteenth task, and no other, finds the globals of its module as they were when it was loaded."""
    numbers = itertools.count(1)

    def forget(**_: object) -> None:
        if next(numbers) == LATER:
            applied()
            isolation.counter = [0]
            isolation.local.counter = [0]

    celery.signals.task_prerun.connect(forget, weak=False)


@mutant
def fresh_globals_for_each_task(applied: Applied) -> None:
    """Each task finds the globals of its module as they were when it was loaded."""

    def forget(**_: object) -> None:
        applied()
        isolation.counter = [0]
        isolation.local.counter = [0]

    celery.signals.task_prerun.connect(forget, weak=False)


@mutant
def shares_thread_locals(applied: Applied) -> None:
    """What is local to a thread is the same in all greenlets, which run in one thread."""
    shared: isolation.Counter = [0]

    class Shared:
        @property
        def counter(self) -> isolation.Counter:
            applied()
            return shared

    isolation.local = Shared()  # type: ignore[assignment]


@mutant
def crashes_in_numpy(applied: Applied) -> None:
    """Calculating with NumPy ends the process that runs tasks, as the document expects after a fork."""

    def crash(*_: object) -> None:
        applied()
        os.kill(os.getpid(), signal.SIGSEGV)

    _solve_by(crash)


@mutant
def hangs_in_numpy(applied: Applied) -> None:
    """Calculating with NumPy never ends where tasks run, as after a fork with old versions of OpenBLAS."""

    def hang(*_: object) -> None:
        applied()
        while True:
            signal.pause()

    _solve_by(hang)


@mutant
def miscalculates_from_the_fifteenth_task(applied: Applied) -> None:
    """NumPy is right fourteen times in a process, and then finds only zeros."""
    numbers = itertools.count(1)

    def solve(original: Callable[..., Any], *arguments: Any) -> Any:
        if next(numbers) < LATER:
            return original(*arguments)
        applied()
        return original(*arguments) * 0

    def poison(**_: object) -> None:
        import numpy

        numpy.linalg.solve = functools.partial(solve, numpy.linalg.solve)

    celery.signals.worker_process_init.connect(poison, weak=False)


def _solve_by(broken: Callable[..., None]) -> None:
    def poison(**_: object) -> None:
        import numpy

        numpy.linalg.solve = broken  # type: ignore[assignment]

    celery.signals.worker_process_init.connect(poison, weak=False)


@mutant
def is_no_daemon(applied: Applied) -> None:
    """The process that runs tasks is not a daemon for multiprocessing, so that it may start processes."""
    _be_a_daemon(False, applied)


@mutant
def is_a_daemon(applied: Applied) -> None:
    """The process that runs tasks is a daemon for multiprocessing, so that it may start no processes."""
    _be_a_daemon(True, applied)


@mutant
def is_a_daemon_from_the_tenth_task(applied: Applied) -> None:
    """The process that runs tasks may start processes nine times, and then none."""
    numbers = itertools.count(1)

    def begin(**_: object) -> None:
        if next(numbers) >= TENTH:
            multiprocessing.current_process()._config["daemon"] = True  # type: ignore[attr-defined]
            applied()

    celery.signals.task_prerun.connect(begin, weak=False)


def _be_a_daemon(daemon: bool, applied: Applied) -> None:
    def started(**_: object) -> None:
        multiprocessing.current_process()._config["daemon"] = daemon  # type: ignore[attr-defined]
        applied()

    celery.signals.worker_process_init.connect(started, weak=False)


@mutant
def loses_its_thread_in_the_child(applied: Applied) -> None:
    """The thread of a module ends when its child starts, even if that child started the thread."""

    class End:
        def put(self, _: bool) -> NoReturn:
            raise SystemExit

    def started(**_: object) -> None:
        threaded: Any = importlib.import_module("probes.threaded")
        threaded.questions.put(End())
        threaded.thread.join()
        applied()

    celery.signals.worker_process_init.connect(started, weak=False)


@mutant
def starts_its_thread_in_the_child(applied: Applied) -> None:
    """A module that needs a thread starts it again in each child, as a module that expects forks does."""

    def started(**_: object) -> None:
        threaded: Any = importlib.import_module("probes.threaded")
        threaded.thread = threaded.begin()
        applied()

    celery.signals.worker_process_init.connect(started, weak=False)
