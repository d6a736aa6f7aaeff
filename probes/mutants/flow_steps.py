"""Mutants of who decodes the message of a task, and who encodes and stores its result."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from celery.backends.base import Backend
from celery.backends.redis import RedisBackend
from celery.exceptions import WorkerLostError
from celery.worker.worker import WorkController
from kombu.serialization import registry

from probes.application import app
from probes.mutants.registry import Applied, mutant
from probes.settings import SETTINGS
from probes.shared.serializer import CONTENT_TYPE, NAME

STORE = r"""
import socket, sys
host, port, database, key = sys.argv[1:]
value = sys.stdin.buffer.read()
requests = (b"SELECT", database.encode()), (b"SET", key.encode(), value)
def packed(words):
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
with socket.create_connection((host, int(port))) as link:
    link.sendall(b"".join(map(packed, requests)))
    reply = b""
    while reply.count(b"\n") < 2:
        reply += link.recv(100)
assert reply == b"+OK\r\n+OK\r\n", reply
"""
"""The helper's program. It imports little, because it starts once for each result of a stream."""
LONG = 10_000
"""Characters."""
FAILED = '"status": "FAILURE"'
"""The text in every stored failure."""


@mutant
def hands_over_what_it_decoded(applied: Applied) -> None:
    """The pool receives a message's decoded arguments, and has nothing to decode."""
    original = WorkController._process_task

    def process(self: Any, request: Any) -> None:
        applied()
        request._body, request._content_type = request._payload, None
        original(self, request)

    WorkController._process_task = process


def _in_a_thread(function: Callable[[Any], Any], applied: Applied) -> Callable[[Any], Any]:
    """The function, called in a thread of its own: in a greenlet of its own, where a green pool is."""

    def elsewhere(value: Any) -> Any:
        applied()
        found: list[Any] = []
        thread = threading.Thread(target=lambda: found.append(function(value)))
        thread.start()
        thread.join()
        return found[0]

    return elsewhere


@mutant
def decodes_in_a_thread(applied: Applied) -> None:
    """Everything is decoded in a thread that is started for it."""
    registry._decoders[CONTENT_TYPE] = _in_a_thread(registry._decoders[CONTENT_TYPE], applied)


@mutant
def decodes_every_tenth_in_a_thread(applied: Applied) -> None:
    """Every tenth decoding happens in a thread that is started for it."""
    decode, numbers = registry._decoders[CONTENT_TYPE], itertools.count(1)
    elsewhere = _in_a_thread(decode, applied)

    def decoder(value: Any) -> Any:
        return decode(value) if next(numbers) % 10 else elsewhere(value)

    registry._decoders[CONTENT_TYPE] = decoder


@mutant
def encodes_in_a_thread(applied: Applied) -> None:
    """Everything is encoded in a thread that is started for it."""
    codec = registry._encoders[NAME]
    registry._encoders[NAME] = codec._replace(encoder=_in_a_thread(codec.encoder, applied))


@mutant
def stores_in_a_helper(applied: Applied) -> None:
    """Each result is written by a process that is started for it."""
    _store_in_a_helper(lambda _: True, applied)


@mutant
def stores_long_results_in_a_helper(applied: Applied) -> None:
    """Each long result is written by a process that is started for it."""
    _store_in_a_helper(lambda value: len(value) > LONG, applied)


@mutant
def stores_later_failures_in_a_helper(applied: Applied) -> None:
    """Each failure but the first two of a process is written by a process that is started for it."""
    failures = itertools.count(1)
    _store_in_a_helper(lambda value: FAILED in value and next(failures) > 2, applied)


def _store_in_a_helper(wanted: Callable[[str], bool], applied: Applied) -> None:
    original = RedisBackend._set

    def store(self: Any, key: bytes | str, value: bytes | str, expires: object = None) -> None:
        if not wanted(os.fsdecode(value)):
            original(self, key, value)
            return
        applied()
        broker = urlsplit(SETTINGS.broker)
        words = [broker.hostname, broker.port, broker.path.strip("/"), os.fsdecode(key)]
        line = [sys.executable, "-IS", "-c", STORE, *map(str, words)]
        subprocess.run(line, input=os.fsencode(value), check=True)

    RedisBackend._set = store


@mutant
def stores_another_result_every_tenth(applied: Applied) -> None:
    """Every tenth result that a process stores is not what its task returned."""
    original, numbers = RedisBackend._store_result, itertools.count(1)

    def store(self: Any, task: str, result: Any, *call: Any, **options: Any) -> Any:
        if next(numbers) % 10 == 0:
            applied()
            result = None
        return original(self, task, result, *call, **options)

    RedisBackend._store_result = store


@mutant
def loses_every_tenth_result(applied: Applied) -> None:
    """Every tenth result that a process should store is not stored."""
    original, numbers = RedisBackend._set, itertools.count(1)

    def store(self: Any, *call: Any, **options: Any) -> None:
        if next(numbers) % 10:
            original(self, *call, **options)
        else:
            applied()

    RedisBackend._set = store


@mutant
def stores_in_the_manager(applied: Applied) -> None:
    """A child stores nothing; the manager stores the result when it learns that a task has succeeded."""
    manager, write, original = os.getpid(), RedisBackend._set, WorkController._process_task

    def store(self: Any, key: bytes | str, value: bytes | str, expires: object = None) -> None:
        if os.getpid() == manager:
            write(self, key, value, expires)

    def process(self: Any, request: Any) -> None:
        succeeded = request.on_success

        def on_success(result: Any, **options: Any) -> None:
            applied()
            app.backend.mark_as_done(request.id, result[1])
            succeeded(result, **options)

        request.on_success = on_success
        original(self, request)

    RedisBackend._set, WorkController._process_task = store, process


@mutant
def stores_its_own_loss(applied: Applied) -> None:
    """A child that is about to end stores the failure of its task; the manager stores no failure."""
    manager, leave, fail = os.getpid(), os._exit, Backend.mark_as_failure

    def mark_as_failure(self: Any, *call: Any, **options: Any) -> None:
        if os.getpid() != manager:
            fail(self, *call, **options)

    def store_and_leave(status: int) -> None:
        applied()
        app.backend.mark_as_failure(app.current_task.request.id, WorkerLostError(f"exits with {status}"))
        leave(status)

    Backend.mark_as_failure, os._exit = mark_as_failure, store_and_leave  # type: ignore[assignment]
