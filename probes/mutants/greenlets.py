"""Mutants of when greenlets switch, and of how a green pool treats time limits.

The pools' modules are imported where a mutant is applied, because each needs its own library.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import socket
import threading
import time
from _socket import socket as plain_socket
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from celery.concurrency.base import apply_target
from kombu.utils.compat import detect_environment

from probes.mutants.flow import instead_of_the_pool
from probes.mutants.later import later
from probes.mutants.registry import Applied, mutant
from probes.shared import load
from probes.tasks import greenlets

LONG = 0.1
"""A sleep of at least so many seconds blocks; a task that ticks sleeps for less."""


def _unpatched_sleep() -> Callable[[float], None]:
    """The `time.sleep` that the pool's library has replaced."""
    if detect_environment() == "eventlet":
        sleep = importlib.import_module("eventlet.patcher").original("time").sleep
    else:
        sleep = importlib.import_module("gevent.monkey").get_original("time", "sleep")
    return sleep  # type: ignore[no-any-return]


def in_a_thread(call: Callable[..., Any], *arguments: Any) -> Any:
    """Let a thread of the library make the call, while other greenlets run; the thread stays."""
    if detect_environment() == "eventlet":
        return importlib.import_module("eventlet.tpool").execute(call, *arguments)
    return importlib.import_module("gevent").get_hub().threadpool.apply(call, arguments)


@mutant
def sleeps_for_all(applied: Applied) -> None:
    """A long sleep is the system's own: the only thread of the worker sleeps."""
    _sleep_for_all(applied)


@mutant
def sleeps_for_all_later(applied: Applied) -> None:
    """The same, once the worker has run a few tasks as it should."""
    _sleep_for_all(applied, later())


def _sleep_for_all(applied: Applied, due: Callable[[], bool] = lambda: True) -> None:
    green, plain = time.sleep, _unpatched_sleep()

    def sleep(seconds: float) -> None:
        if seconds < LONG or not due():
            green(seconds)
            return
        applied()
        plain(seconds)

    time.sleep = sleep  # type: ignore[assignment]


@mutant
def waits_for_the_network_for_all(applied: Applied) -> None:
    """A connection that a task opens is the system's own: the only thread of the worker waits for it."""
    original = socket.create_connection

    def connect(*arguments: Any, **options: Any) -> Any:
        green = original(*arguments, **options)
        connection = plain_socket(fileno=os.dup(green.fileno()))
        green.close()
        connection.setblocking(True)
        applied()
        return connection

    socket.create_connection = connect


@mutant
def waits_for_the_disk_in_a_thread(applied: Applied) -> None:
    """Other greenlets run while a file is written to the disk: the worker that the document describes."""
    original = os.fsync

    def fsync(file: int) -> None:
        applied()
        in_a_thread(original, file)

    os.fsync = fsync  # type: ignore[assignment]


@mutant
def computes_in_a_thread(applied: Applied) -> None:
    """Functions that release the GIL compute in a thread, while other greenlets run."""
    original = hashlib.pbkdf2_hmac

    def compute(*arguments: Any) -> bytes:
        applied()
        return bytes(in_a_thread(original, *arguments))

    hashlib.pbkdf2_hmac = compute  # type: ignore[assignment]


@mutant
def yields_while_computing(applied: Applied) -> None:
    """A computation pauses now and then, and other greenlets run."""
    _yield_while_computing(applied)


@mutant
def yields_while_computing_later(applied: Applied) -> None:
    """The same, once the worker has run a few tasks as it should."""
    _yield_while_computing(applied, later())


def _yield_while_computing(applied: Applied, due: Callable[[], bool] = lambda: True) -> None:
    original = load.cpu_python

    def compute() -> int:
        if due():
            applied()
            time.sleep(0.02)  # long enough for the next tick to be due
        return original()

    load.cpu_python = compute


@mutant
def gevent_drops_time_limits(applied: Applied) -> None:
    """Gevent's pool does the same as eventlet's: it drops the time limit of a task."""
    _drop_time_limits(applied)


@mutant
def gevent_drops_time_limits_later(applied: Applied) -> None:
    """The same, once the worker has run a few tasks as it should."""
    _drop_time_limits(applied, later())


def _drop_time_limits(applied: Applied, due: Callable[[], bool] = lambda: True) -> None:
    pool = importlib.import_module("celery.concurrency.gevent").TaskPool
    original = pool.on_apply

    def on_apply(self: Any, *call: Any, timeout: float | None = None, **options: Any) -> Any:
        if timeout and due():
            applied()
            timeout = None
        return original(self, *call, timeout=timeout, **options)

    pool.on_apply = on_apply


@mutant
def eventlet_keeps_time_limits(applied: Applied) -> None:
    """Eventlet's pool does the same as gevent's: it ends a task at its time limit, and reports it."""
    pool = importlib.import_module("celery.concurrency.eventlet").TaskPool
    timeouts = importlib.import_module("eventlet.timeout")
    original = pool.on_apply

    def on_apply(
        self: Any, target: Any, *call: Any, timeout: Any = None, timeout_callback: Any = None, **options: Any
    ) -> Any:
        def limited(*arguments: Any) -> Any:
            try:
                return timeouts.with_timeout(timeout, target, *arguments)
            except timeouts.Timeout:
                applied()
                timeout_callback(False, timeout)
                return False, None, None

        return original(self, limited if timeout else target, *call, **options)

    pool.on_apply = on_apply


@mutant
def runs_one_at_a_time(applied: Applied) -> None:
    """A green pool begins a task only when no other runs, whatever -c and the worker's report say."""
    pool = importlib.import_module(f"celery.concurrency.{detect_environment()}").TaskPool
    original, turn = pool.on_apply, threading.Lock()

    def on_apply(self: Any, target: Any, *call: Any, **options: Any) -> Any:
        def run(*arguments: Any, **named: Any) -> Any:
            with turn:
                applied()
                return target(*arguments, **named)

        return original(self, run, *call, **options)

    pool.on_apply = on_apply


@mutant
def a_greenlet_for_each_name(applied: Applied) -> None:
    """The pool in the documents' diagram: one greenlet for each name of a task, which runs all of them."""
    queues: dict[str, SimpleQueue[Callable[[], None]]] = {}

    def serve(queue: SimpleQueue[Callable[[], None]]) -> None:
        while True:
            queue.get()()

    def run(target: Any, call: Any, *rest: Any, **options: Any) -> None:
        applied()
        if call[0] not in queues:
            queues[call[0]] = SimpleQueue()
            threading.Thread(target=serve, args=(queues[call[0]],), daemon=True).start()
        queues[call[0]].put(lambda: apply_target(target, call, *rest, **options))

    instead_of_the_pool(run)


@mutant
def describes_a_thread(applied: Applied) -> None:
    """A task records its place from a thread of the system, as if it ran there."""
    _describe_in_a_thread(applied)


@mutant
def describes_a_thread_later(applied: Applied) -> None:
    """The same, once the worker has run a few tasks as it should."""
    _describe_in_a_thread(applied, later())


def _describe_in_a_thread(applied: Applied, due: Callable[[], bool] = lambda: True) -> None:
    original = greenlets.describe

    def describe() -> dict[str, Any]:
        if not due():
            return original()
        applied()
        return dict(in_a_thread(original))

    greenlets.describe = describe
