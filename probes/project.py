"""Observes an application that a document prints: it names no broker and records nothing.

Its worker loads `probes.app` as well. So it records when it is ready, records its signals, and can be
broken by a mutant, like any other worker under test.
"""

from __future__ import annotations

from typing import Any

from celery import Celery, Task, states
from celery.signals import task_postrun, task_prerun

import probes.app  # noqa: F401
from probes.recorder import record
from probes.settings import SETTINGS
from probes.watch import watch


def observed(app: Celery) -> Celery:
    """Give the application this lifetime's broker and settings, and let it record what happens to its tasks.

    Call it last, because the variants of a cell have priority over the application's own settings.
    """
    app.conf.update(broker_url=SETTINGS.broker, result_backend=SETTINGS.broker, **SETTINGS.conf)
    if SETTINGS.watched:
        watch(app)
    task_prerun.connect(_started, weak=False)
    task_postrun.connect(_ended, weak=False)
    return app


def loaded(module: str) -> None:
    """Record that a module of the application is being loaded in this process."""
    record("loaded", module)


def _started(task_id: str, task: Task, **_: Any) -> None:
    record("started", task.name, task_id, task.request.delivery_info)


def _ended(task_id: str, task: Task, state: str, **_: Any) -> None:
    record("ended" if state == states.SUCCESS else "failed", task.name, task_id, task.request.delivery_info)
