"""All waiting is here: waits for a condition, how long they may take, and a time limit for a trial."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import TypeVar

from poolproof.model.errors import Void

LOOK = 0.02
"""Seconds between two looks at a stream: looking takes processor time from the observed processes."""

T = TypeVar("T")

STRUCTURAL = 15.0
"""Seconds that a structural condition may take on a busy machine; never below 10 for a verdict."""
_patience: ContextVar[float] = ContextVar("patience", default=STRUCTURAL)


def patience() -> float:
    """How many seconds a structural condition may take now."""
    return _patience.get()


@contextmanager
def impatient(seconds: float) -> Iterator[None]:
    """Wait for less time in the block; only where a longer wait cannot change the result (null worker)."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


def until(condition: Callable[[], T], within: float | None = None, every: float = 0.005) -> T:
    """Wait until `condition` is truthy and return its last value, which is falsy when time ran out."""
    end = time.monotonic() + (patience() if within is None else within)
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(every)
    return value


@contextmanager
def wall(seconds: float) -> Iterator[None]:
    """Interrupt what runs in the block after `seconds`; a cut trial is void: its outcome is unknown."""

    def cut(_signum: int, _frame: FrameType | None) -> None:
        raise Void(f"cut at the trial's wall of {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, cut)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def settle(progress: Callable[[], int], done: Callable[[], bool]) -> None:
    """Wait until `done`, or until there was no progress for a whole deadline: slow is not stuck."""
    while not done():
        reached = progress()
        if not until(lambda at=reached: done() or progress() > at, every=LOOK):  # type: ignore[misc]
            return


def grow(measure: Callable[[], int], enough: int) -> None:
    """Wait until `measure` has reached `enough`, or until it has not grown for a whole deadline."""
    settle(measure, lambda: measure() >= enough)
