"""The task of the example project that takes more steps."""

from __future__ import annotations

from celery_app import app

from probes.project import loaded

loaded(__name__)


@app.task
def complex_task() -> int:
    """Go on with what came before; nobody asks for the sum."""
    return sum(range(100))
