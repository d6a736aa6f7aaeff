"""The task of the example project that stands for an application's daily work."""

from __future__ import annotations

from celery_app import app

from probes.project import loaded

loaded(__name__)


@app.task
def send_email() -> str:
    """Return that a message was sent; none is."""
    return "sent"
