"""The simple tasks of the example project."""

from __future__ import annotations

from celery_app import app

from probes.project import loaded

loaded(__name__)


@app.task
def add(x: int, y: int) -> int:
    """The task that the documents follow from the client to its result."""
    return x + y


@app.task
def multiply(x: int, y: int) -> int:
    """The task that, by the document, runs in another child than `add`."""
    return x * y
