"""Makes a watched worker record each step of a task, only by public interfaces of Celery and kombu.

Our own serializer records where bodies and results are encoded and decoded. Each of Celery's two clients of
Redis gives its connections a name, so that the relay knows which client a connection belongs to.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, bootsteps
from celery.signals import task_received, worker_before_create_process

from probes.recorder import record
from probes.shared.serializer import CONTENT_TYPE, NAME, dumps, loads, register, task_of
from probes.shared.signals import caught

BROKER, BACKEND = "broker", "backend"
"""The names that the connections of a watched worker give themselves: `CLIENT SETNAME` comes first."""


def watch(app: Celery) -> None:
    """Let a worker of this application record the events `received decoded encoded forking pool-started`."""
    register(_encode, _decode)
    app.conf.update(
        task_serializer=NAME,
        result_serializer=NAME,
        accept_content=[CONTENT_TYPE, "json"],
        redis_client_name=BACKEND,
        broker_transport_options={**app.conf.broker_transport_options, "client_name": BROKER},
    )
    task_received.connect(_received, weak=False)
    worker_before_create_process.connect(_forking, weak=False)
    app.steps["worker"].add(PoolStarted)


def _encode(value: Any) -> str:
    record("encoded", task=task_of(value))
    return dumps(value)


def _decode(text: str | bytes) -> Any:
    value = loads(text)
    record("decoded", task=task_of(value))
    return value


def _received(request: Any, **_: object) -> None:
    """Record where the message of a task was received: Celery sends this before the pool gets the task."""
    record("received", task=request.id)


def _forking(**_: object) -> None:
    record("forking", _handled())


def _handled() -> str:
    """The signals for which this process has handlers."""
    return " ".join(sorted(caught(os.getpid())))


class PoolStarted(bootsteps.StartStopStep):  # type: ignore[misc]
    """Records the moment at which the pool has been started, because not every pool has a signal for it."""

    requires = ("celery.worker.components:Pool",)

    def start(self, _parent: object) -> None:
        """Called by the worker's blueprint when the pool has started."""
        record("pool-started", _handled())
