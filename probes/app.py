"""What a worker under test loads: `celery -A probes.app worker …`."""

from __future__ import annotations

from probes.app import kills, mutants, signals, tasks
from probes.app.application import app

__all__ = ["app", "kills", "mutants", "signals", "tasks"]

mutants.apply_requested()
