"""Read what is stored as the result of a task, without asking the worker."""

from __future__ import annotations

import json
from typing import Any

from poolproof.lab.lab import Lab

KEY = "celery-task-meta-"
"""The prefix of the key of a task's result."""


def stored(lab: Lab, task: str) -> dict[str, Any]:
    """The result of a task as the back end stores it, or empty when there is none."""
    raw = lab.client.get(KEY + task)
    return dict(json.loads(raw)) if raw else {}


def error_of(result: dict[str, Any]) -> str:
    """The name of the exception in a stored result, empty when it has none."""
    value = result.get("result")
    return str(value.get("exc_type", "")) if isinstance(value, dict) else ""


def state(lab: Lab, task: str) -> str:
    """The state stored for a task, empty when there is none: a Celery client would return PENDING."""
    return str(stored(lab, task).get("status", ""))
