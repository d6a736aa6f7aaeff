"""The task of the example project that has several steps."""

from __future__ import annotations

from celery_app import app

from probes.project import loaded

loaded(__name__)


@app.task
def complex_task() -> int:
    """Continue from the result before; nobody asks for the sum."""
    return sum(range(100))
