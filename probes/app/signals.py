"""Marks the moments of a worker's life in its event files."""

from __future__ import annotations

from typing import Any

from celery.signals import task_received, worker_process_init, worker_ready

from probes.app.recorder import record
from probes.app.settings import SETTINGS


@worker_ready.connect(weak=False)
def _ready(**_: object) -> None:
    record("ready")


@worker_process_init.connect(weak=False)
def _process_init(**_: object) -> None:
    record("process-init")


def _received(request: Any, **_: object) -> None:
    """Note where the message of a task was in hand: Celery sends this before the pool gets the task."""
    record("received", task=request.id)


if SETTINGS.receipts:
    task_received.connect(_received, weak=False)
