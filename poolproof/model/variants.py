"""What a variant of a claim means for the worker's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poolproof.model.cells import STATIC, Cell

CONFIGURATION: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("order", "priority"): {"broker_transport_options": {"queue_order_strategy": "priority"}},
    ("start", "spawn"): {"worker_pool_start_method": "spawn"},
    ("safe", "on"): {"result_backend_thread_safe": True},
    ("protocol", "one"): {"task_protocol": 1},
    ("routes", "none"): {"task_routes": {}},
    ("queue", "declared"): {"task_queues": {"basic": {}}},
    ("env", "declared"): {"own_worker_options": ["--env"]},
    ("tasks", "left_out"): {"include": []},
}
"""A variant that is not named here is Celery's default, or concerns the stimulus alone."""


DEFAULTS: Mapping[str, str | int] = {
    "prefetch": 4,
    "order": "round_robin",
    "start": "fork",
    "safe": "off",
    "protocol": "two",
    "routes": "none",
    "queue": "undeclared",
    "chosen": "switch",
}
"""Celery's own value of each setting that cells vary. Concurrency has none: it is the number of cores."""


def at_defaults(cell: Cell) -> bool:
    """Whether all settings of a cell are Celery's own; what a task does, or how it crashes, is no setting."""
    return cell.pool == STATIC.pool or all(
        cell.axes().get(name, value) == value for name, value in DEFAULTS.items()
    )


def configuration(cell: Cell) -> dict[str, Any]:
    """The settings that a cell lays over Celery's defaults.

    The switch for the prefetch multiplier takes 0 for "not given" (celery/worker/worker.py, setup_defaults:
    `either`), so that no limit can only be asked for here.
    """
    unlimited = {} if cell.prefetch else {"worker_prefetch_multiplier": 0}
    by_setting = {"worker_pool": cell.pool} if ("chosen", "setting") in cell.variants else {}
    return (
        unlimited
        | by_setting
        | {key: value for variant in cell.variants for key, value in CONFIGURATION.get(variant, {}).items()}
    )
