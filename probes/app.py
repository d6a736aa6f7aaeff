"""What a worker under test loads: `celery -A probes.app worker …`."""

from __future__ import annotations

from probes import mutants, signals, tasks, unix_signals
from probes.application import app

__all__ = ["app", "mutants", "signals", "tasks", "unix_signals"]

mutants.apply_requested()
