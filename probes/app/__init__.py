"""What a worker under test loads: `celery -A probes.app worker …`."""

from __future__ import annotations

from probes.app import mutants, signals, tasks
from probes.app.application import app

__all__ = ["app", "mutants", "signals", "tasks"]

mutants.apply_requested()
