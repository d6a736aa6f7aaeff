"""Marks the moments of a worker's life in its event files."""

from __future__ import annotations

from celery.signals import worker_process_init, worker_ready

from probes.app.recorder import record


@worker_ready.connect(weak=False)
def _ready(**_: object) -> None:
    record("ready")


@worker_process_init.connect(weak=False)
def _process_init(**_: object) -> None:
    record("process-init")
