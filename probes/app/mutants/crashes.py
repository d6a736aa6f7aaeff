"""Faults in what a crash does."""

from __future__ import annotations

import os
import signal
from typing import Any, NoReturn

from celery.concurrency.asynpool import AsynPool
from celery.signals import worker_ready

from probes.app.mutants.registry import Applied, mutant


@mutant
def dead_child_not_replaced(applied: Applied) -> None:
    """Prefork leaves the place of a dead child empty."""

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
def survives_its_crash(applied: Applied) -> None:
    """A task that ends its process only fails."""

    def survive(status: int) -> NoReturn:
        applied()
        raise RuntimeError(f"would have exited with {status}")

    os._exit = survive
    worker_ready.connect(lambda **_: signal.signal(signal.SIGSEGV, lambda *_: applied()), weak=False)
