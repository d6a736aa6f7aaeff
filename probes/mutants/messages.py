"""Mutants of the messages and commands between a client, the broker and a worker."""

from __future__ import annotations

import itertools
import os
import pickle
from collections.abc import Callable
from typing import Any

from celery.app.amqp import AMQP
from celery.backends.base import Backend
from celery.backends.redis import RedisBackend
from celery.result import AsyncResult
from kombu.messaging import Producer

from probes.mutants.registry import Applied, mutant
from probes.settings import SETTINGS

LATE = 10
"""How many of a client's messages the mutant does not change."""


@mutant
def speaks_protocol_one(applied: Applied) -> None:
    """Messages have the protocol that the documents show, with any configuration."""
    original = AMQP.as_task_v1

    def as_task(self: Any, *args: Any, **options: Any) -> Any:
        applied()
        return original(self, *args, **options)

    AMQP.as_task_v2 = as_task


@mutant
def speaks_protocol_two(applied: Applied) -> None:
    """Messages have protocol 2, with any configuration."""
    original = AMQP.as_task_v2

    def as_task(self: Any, *args: Any, **options: Any) -> Any:
        applied()
        return original(self, *args, **options)

    AMQP.as_task_v1 = as_task


@mutant
def serialises_in_a_child(applied: Applied) -> None:
    """A child process of the client encodes its messages."""
    _encode_in_a_child(0, applied)


@mutant
def serialises_in_a_child_late(applied: Applied) -> None:
    """The client encodes ten messages itself, and has a child process encode each later one."""
    _encode_in_a_child(LATE, applied)


def _encode_in_a_child(after: int, applied: Applied) -> None:
    if SETTINGS.name != "client":
        return
    original = Producer._prepare
    numbers = itertools.count()

    def prepare(self: Any, *args: Any, **options: Any) -> Any:
        if next(numbers) < after:
            return original(self, *args, **options)
        applied()
        read, write = os.pipe()
        if not os.fork():
            os.write(write, pickle.dumps(original(self, *args, **options)))
            os._exit(0)
        os.wait()
        return pickle.loads(os.read(read, 65536))

    Producer._prepare = prepare


@mutant
def another_key_prefix(applied: Applied) -> None:
    """Results are stored under another name than the documented one."""

    def key_for(self: Any, task_id: Any, key: str = "") -> bytes:
        applied()
        return f"result-of-{task_id}{key}".encode()

    RedisBackend.get_key_for_task = key_for


@mutant
def stores_plain_results(applied: Applied) -> None:
    """Results are stored under result: and the task's id, as plain values."""
    original = RedisBackend._store_result

    def key_for(self: Any, task_id: Any, key: str = "") -> bytes:
        return f"result:{task_id}{key}".encode()

    def store(self: Any, task_id: Any, result: Any, *args: Any, **options: Any) -> Any:
        stored = original(self, task_id, result, *args, **options)
        applied()
        self.client.set(key_for(self, task_id), str(result))
        return stored

    RedisBackend.get_key_for_task, RedisBackend._store_result = key_for, store


@mutant
def answers_nine(applied: Applied) -> None:
    """A task's result is stored as one more than it is."""
    _store_one_more(lambda _: True, applied)


@mutant
def answers_wrong_late(applied: Applied) -> None:
    """The small sums are stored right, and each above twenty-five as one more than it is."""
    _store_one_more(lambda result: result > 25, applied)


def _store_one_more(spoiled: Callable[[int], bool], applied: Applied) -> None:
    original = Backend.mark_as_done

    def mark_as_done(self: Any, task_id: str, result: Any, *args: Any, **options: Any) -> None:
        if spoiled(result):
            applied()
            result += 1
        original(self, task_id, result, *args, **options)

    Backend.mark_as_done = mark_as_done


@mutant
def answers_without_asking(applied: Applied) -> None:
    """The client computes the sum itself and does not ask Redis for it."""

    def get(self: Any, *_: Any, **__: Any) -> int:
        applied()
        return 8

    AsyncResult.get = get


@mutant
def answers_from_memory(applied: Applied) -> None:
    """The client asks for the first sum, and takes each later one to be two more than the one before."""
    original = AsyncResult.get
    sums: list[int] = []

    def get(self: Any, *args: Any, **options: Any) -> Any:
        if sums:
            applied()
            sums.append(sums[-1] + 2)
        else:
            sums.append(original(self, *args, **options))
        return sums[-1]

    AsyncResult.get = get
