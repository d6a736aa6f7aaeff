"""What a variant of a claim means for the worker's configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from poolproof.model.cells import AXES, STATIC, Cell, Value


@dataclass(frozen=True, slots=True)
class Setting:
    """The Celery settings for each value of a variant; a value without an entry changes no setting.

    A function gets the cell. `default` is Celery's own value; None where users do not set it.
    """

    default: str | None
    values: Mapping[str, Mapping[str, Any | Callable[[Cell], Any]]]


SETTINGS: Mapping[str, Setting] = {
    "ack": Setting("early", {"late": {"task_acks_late": True}}),
    "ahead": Setting(
        None, {"one_late": {"task_acks_late": True}, "disabled": {"worker_disable_prefetch": True}}
    ),
    "order": Setting(
        "round_robin", {"priority": {"broker_transport_options": {"queue_order_strategy": "priority"}}}
    ),
    "start": Setting("fork", {"spawn": {"worker_pool_start_method": "spawn"}}),
    "safe": Setting("off", {"on": {"result_backend_thread_safe": True}}),
    "protocol": Setting("two", {"one": {"task_protocol": 1}}),
    "routes": Setting("none", {"none": {"task_routes": {}}}),
    "queue": Setting("undeclared", {"declared": {"task_queues": {"basic": {}}}}),
    "chosen": Setting("switch", {"setting": {"worker_pool": attrgetter("pool")}}),
    "env": Setting(None, {"declared": {"own_worker_options": ["--env"]}}),
    "tasks": Setting(None, {"left_out": {"include": []}}),
}
"""The variants that change a worker's configuration; all others concern only the stimulus."""


def at_defaults(cell: Cell) -> bool:
    """Whether all settings of a cell are Celery's defaults; what a task does, or how it crashes, is none.

    Concurrency has no default: it is the number of cores.
    """
    known: dict[str, Value | None] = {name: axis.default for name, axis in AXES.items()}
    known |= {name: setting.default for name, setting in SETTINGS.items()}
    return cell.pool == STATIC.pool or all(
        value == known[name] for name, value in cell.axes().items() if known.get(name) is not None
    )


def configuration(cell: Cell) -> dict[str, Any]:
    """The settings of a cell that replace Celery's defaults.

    The switch for the prefetch multiplier takes 0 for "not given" (celery/worker/worker.py, setup_defaults:
    `either`), so that "no limit" can only be set here.
    """
    found: dict[str, Any] = {} if cell.prefetch else {"worker_prefetch_multiplier": 0}
    for name, value in cell.variants:
        for key, wanted in SETTINGS[name].values.get(value, {}).items() if name in SETTINGS else ():
            found[key] = wanted(cell) if callable(wanted) else wanted
    return found
