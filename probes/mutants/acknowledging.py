"""Mutants of when a message is acknowledged, and of which messages are put back."""

from __future__ import annotations

from itertools import count
from queue import Empty
from typing import Any

import redis
from celery.signals import worker_ready
from celery.worker.consumer.consumer import Consumer
from celery.worker.request import Request
from kombu.transport.redis import MultiChannelPoller, QoS
from redis.connection import AbstractConnection

from probes.application import app
from probes.mutants.registry import Applied, changes_axis, mutant
from probes.settings import SETTINGS

TAKEN = "taken"
"""The list into which a worker moves messages in place of popping them."""


@mutant
def never_restores(applied: Applied) -> None:
    """Unacknowledged messages are never put back."""

    qos: Any = QoS

    def restore_visible(_self: Any, *_: object, **__: object) -> None:
        applied()

    qos.restore_visible = restore_visible


@mutant
def restores_when_idle(applied: Applied) -> None:
    """A message that is unacknowledged for too long is put back by an idle worker, in each pool."""
    _restore_when_idle()
    original = QoS.restore_visible

    def restore_visible(self: Any, *args: Any, **options: Any) -> Any:
        applied()
        return original(self, *args, **options)

    qos: Any = QoS
    qos.restore_visible = restore_visible


def _restore_when_idle() -> None:
    original = MultiChannelPoller.get

    def get(self: Any, *args: Any, **options: Any) -> Any:
        try:
            return original(self, *args, **options)
        except Empty:
            self.maybe_restore_messages()
            raise

    MultiChannelPoller.get = get


@mutant
def acknowledges_when_done(applied: Applied) -> None:
    """Messages are acknowledged when their task has ended, for any settings."""
    _acknowledge(late=True, applied=applied)


@mutant
def acknowledges_at_once(applied: Applied) -> None:
    """Messages are acknowledged when their task begins, and an idle worker puts back others, in each pool."""
    _restore_when_idle()

    def call_soon_ack(_self: Any, function: Any, *args: Any, **options: Any) -> Any:
        return function(*args, **options)

    Consumer.call_soon_ack = call_soon_ack
    _acknowledge(late=False, applied=applied)


def _acknowledge(*, late: bool, applied: Applied) -> None:
    changes_axis("task_acks_late")
    app.conf.task_acks_late = late
    original = Request.acknowledge

    def acknowledge(self: Any) -> None:
        applied()
        original(self)

    Request.acknowledge = acknowledge


@mutant
def moves_instead_of_popping(applied: Applied) -> None:
    """A message is moved into another list, and one that a dead worker left there is put back.

    Such a request names one queue, so the worker requests messages from its two queues in turn.
    """
    client: Any = redis.Redis
    send, parse, numbers, asked = AbstractConnection.send_command, client.parse_response, count(), [""]

    def send_command(self: Any, *words: Any, **options: Any) -> None:
        if words[0] == "BRPOP":
            asked[0] = sorted(words[1:3])[next(numbers) % 2]
            words = ("BLMOVE", asked[0], TAKEN, "RIGHT", "LEFT", words[-1])
        send(self, *words, **options)

    def parse_response(self: Any, connection: Any, name: str, **options: Any) -> Any:
        found = parse(self, connection, name, **options)
        return (asked[0], bytes(found)) if name == "BRPOP" and found else found  # redis-py made it a tuple

    def put_back(**_: object) -> None:
        applied()
        while client.from_url(SETTINGS.broker).lmove(TAKEN, "basic", "RIGHT", "RIGHT"):
            pass

    worker_ready.connect(put_back, weak=False)
    AbstractConnection.send_command, client.parse_response = send_command, parse_response
