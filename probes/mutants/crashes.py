"""Mutants of what a crash does."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from celery.concurrency.asynpool import AsynPool
from celery.signals import worker_ready

from probes.application import app
from probes.mutants.registry import Applied, mutant
from probes.settings import SETTINGS


@mutant
def dead_child_not_replaced(applied: Applied) -> None:
    """Prefork does not replace a dead child."""

    def repopulate(self: Any, exitcodes: list[int]) -> None:
        if exitcodes:
            applied()

    AsynPool._repopulate_pool = repopulate


@mutant
def dies_with_its_child(applied: Applied) -> None:
    """The prefork manager ends when a child does."""
    original = AsynPool._repopulate_pool

    def repopulate(self: Any, exitcodes: list[int]) -> None:
        if exitcodes:
            applied()
            os._exit(1)
        original(self, exitcodes)

    AsynPool._repopulate_pool = repopulate


@mutant
def all_children_die_with_one(applied: Applied) -> None:
    """When the first child of a prefork worker dies, the others die too."""
    original = AsynPool._repopulate_pool
    died: list[int] = []

    def repopulate(self: Any, exitcodes: list[int]) -> None:
        if exitcodes and not died:
            died.extend(exitcodes)
            for child in self._pool:
                applied()
                os.kill(child.pid, signal.SIGKILL)
        original(self, exitcodes)

    AsynPool._repopulate_pool = repopulate


def _at_death(number: int, answer: Callable[[Any], bool], applied: Applied) -> None:
    """Let prefork react by `answer` from that death of a child on; earlier deaths are handled normally.

    `answer` returns whether dead children are replaced then; the pool checks for this again and again.
    """
    original = AsynPool._repopulate_pool
    died: list[int] = []

    def repopulate(self: Any, exitcodes: list[int]) -> None:
        died.extend(exitcodes)
        if len(died) >= number:
            applied()
            if not answer(self):
                return
        original(self, exitcodes)

    AsynPool._repopulate_pool = repopulate


@mutant
def leaves_the_third_place_empty(applied: Applied) -> None:
    """Prefork replaces the first two children that die, and none after them."""
    _at_death(3, lambda _: False, applied)


@mutant
def second_crash_takes_a_neighbour(applied: Applied) -> None:
    """The first child of a prefork worker dies alone; the second takes another child with it."""
    killed: list[int] = []

    def kill(pool: Any) -> bool:
        if not killed:
            killed.append(pool._pool[0].pid)
            os.kill(killed[0], signal.SIGKILL)
        return True

    _at_death(2, kill, applied)


@mutant
def forgets_results_after_its_second_crash(applied: Applied) -> None:
    """Children that prefork makes after its second crash store no results."""

    def forget(_: Any) -> bool:
        app.backend.mark_as_done = lambda *_, **__: None
        return True

    _at_death(2, forget, applied)


@mutant
def survives_its_crash(applied: Applied) -> None:
    """A task that ends its process only fails."""

    def survive(status: Any = None) -> NoReturn:
        applied()
        raise RuntimeError(f"would have exited with {status}")

    os._exit = sys.exit = survive
    worker_ready.connect(lambda **_: signal.signal(signal.SIGSEGV, lambda *_: applied()), weak=False)


@mutant
def survives_its_later_crashes(applied: Applied) -> None:
    """The first task that leaves its process at once ends it; each later one only fails."""
    leave, crashed = os._exit, Path(SETTINGS.gates) / ".crashed"

    def survive(status: int) -> NoReturn:
        if not crashed.exists():
            crashed.touch()
            leave(status)
        applied()
        raise RuntimeError(f"would have exited with {status}")

    os._exit = survive


@mutant
def only_fails_at_a_memoryerror(applied: Applied) -> None:
    """A MemoryError is a failure like any other."""

    def fail(error: BaseException) -> NoReturn:
        applied()
        raise RuntimeError from error

    _when_it_raises(MemoryError, fail)


@mutant
def dies_of_any_exception(applied: Applied) -> None:
    """A task that raises anything ends its process: to the worker of the document each failure is a crash."""

    def die(_: BaseException) -> NoReturn:
        applied()
        os._exit(70)

    _when_it_raises(BaseException, die)


def _when_it_raises(kind: type[BaseException], answer: Callable[[BaseException], NoReturn]) -> None:
    """Have the task that crashes answer in this way to what it raises."""
    crash = app.tasks["tasks.crash"]
    original = crash.run

    def run(*arguments: Any) -> Any:
        try:
            return original(*arguments)
        except kind as error:
            answer(error)

    crash.run = run
