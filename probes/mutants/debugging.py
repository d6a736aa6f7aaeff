"""Mutants of what is reported about a task that fails: its stack trace, and the debugger."""

from __future__ import annotations

import faulthandler
import itertools
import os
import sys
from typing import Any

from celery.signals import worker_init, worker_process_init

from probes.application import app
from probes.mutants.registry import Applied, mutant

LOG = 2
"""The descriptor of standard error, which is the log, whatever Celery puts in place of `sys.stderr`."""


@mutant
def shortens_stack_traces(applied: Applied) -> None:
    """The exceptions of tasks arrive without the frames in which they were raised."""
    _shorten_from(1, applied)


@mutant
def shortens_the_twelfth_trace(applied: Applied) -> None:
    """Stack traces are complete eleven times, and incomplete afterwards."""
    _shorten_from(12, applied)


def _shorten_from(number: int, applied: Applied) -> None:
    fail = app.tasks["tasks.fail"]
    original = fail.run
    numbers = itertools.count(1)

    def run(*arguments: Any) -> Any:
        try:
            return original(*arguments)
        except Exception as error:
            if next(numbers) < number:
                raise
            applied()
            raise error.with_traceback(None) from None

    fail.run = run


@mutant
def writes_the_stack_at_a_signal(applied: Applied) -> None:
    """A process that is killed by a signal first writes its Python stack to the log."""
    faulthandler.enable(file=LOG)
    applied()


@mutant
def has_no_keyboard(applied: Applied) -> None:
    """The worker has replaced its standard input by an empty one."""

    def close(**_: object) -> None:
        applied()
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY))

    worker_init.connect(close, weak=False)


@mutant
def loses_its_keyboard_at_the_second_breakpoint(applied: Applied) -> None:
    """The worker's standard input is empty after one debugger has read from it."""
    debug = app.tasks["tasks.debug"]
    original = debug.run
    numbers = itertools.count(1)

    def run(*arguments: Any) -> Any:
        if next(numbers) > 1:
            applied()
            sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY))
        return original(*arguments)

    debug.run = run


@mutant
def children_keep_the_keyboard(applied: Applied) -> None:
    """A prefork child has the standard input of its worker."""
    keyboard = os.dup(0)

    def keep(**_: object) -> None:
        applied()
        sys.stdin = os.fdopen(keyboard, closefd=False)

    worker_process_init.connect(keep, weak=False)
