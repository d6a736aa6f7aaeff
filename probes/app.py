"""What a worker under test loads: `celery -A probes.app worker …`."""

from __future__ import annotations

from probes import kills, mutants, signals, tasks
from probes.application import app

__all__ = ["app", "kills", "mutants", "signals", "tasks"]

mutants.apply_requested()
