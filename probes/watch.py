"""Has a watched worker write each step of a task: public interfaces of Celery and kombu alone, no patches.

A serializer of our own says where bodies and results are encoded and decoded; a name for each of Celery's two
clients of Redis says on the wire which of them a connection belongs to.
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
"""What the connections of a watched worker call themselves: `CLIENT SETNAME` is their first command."""


def watch(app: Celery) -> None:
    """Have a worker of this application write `received decoded encoded forking pool-started` as they are."""
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
    """Note where the message of a task was in hand: Celery sends this before the pool gets the task."""
    record("received", task=request.id)


def _forking(**_: object) -> None:
    record("forking", _handled())


def _handled() -> str:
    """The signals that this process has handlers for."""
    return " ".join(sorted(caught(os.getpid())))


class PoolStarted(bootsteps.StartStopStep):  # type: ignore[misc]
    """Writes the moment at which the pool has been started, which no signal tells in every pool."""

    requires = ("celery.worker.components:Pool",)

    def start(self, _parent: object) -> None:
        """Called by the worker's blueprint when the pool is up."""
        record("pool-started", _handled())
