"""Tasks that show which process does the steps of a task, and which process writes its log."""

from __future__ import annotations

from typing import Any

from celery.utils.log import get_task_logger

from probes.tasks.recorded import note, recorded, wait_at

LOGGER = get_task_logger(__name__)


@recorded
def echo(answer: Any, *_tag: str) -> Any:
    """Return the argument, such as the tag, so that each task of a stream has a result of its own."""
    return answer


@recorded
def falter(gate: str, *_tag: str) -> None:
    """Wait at the gate, then raise: a failed task has a result to encode and to store, too."""
    wait_at(gate)
    raise RuntimeError("faltered, as it was asked to")


@recorded
def log_text(gate: str, text: str) -> None:
    """Wait at the gate, then log a text, and record that it was logged."""
    wait_at(gate)
    LOGGER.warning(text)
    note("logged")
