"""The decorator that makes a function a task of the worker under test, and records what happens to it."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from probes.application import app
from probes.recorder import record
from probes.settings import SETTINGS

F = TypeVar("F", bound=Callable[..., Any])


def recorded(function: F) -> F:
    """Make `function` a task that records when it starts and how it ends, from inside the pool."""

    @functools.wraps(function)
    def body(self: Any, *args: Any) -> Any:
        request = self.request
        task, delivery = request.id, request.delivery_info
        record("started", "", task, delivery)
        try:
            result = function(*args)
        except BaseException as error:
            record("failed", type(error).__name__, task, delivery)
            raise
        record("ended", "", task, delivery)
        return result

    task: F = app.task(bind=True, name=f"tasks.{function.__name__}")(body)
    return task


def note(kind: str, text: object = "") -> None:
    """Record an event of the task that is running here, with more fields."""
    record(kind, str(text), app.current_task.request.id)


def wait_at(gate: str) -> None:
    """Return when the run has opened the gate."""
    path = Path(SETTINGS.gates) / gate
    while not path.exists():
        time.sleep(0.01)
