"""Faults in when greenlets change places, and in what a green pool does about time limits.

The pools' modules are imported where a mutant is applied, for each needs its own library.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import socket
import time
from _socket import socket as plain_socket
from collections.abc import Callable
from typing import Any

from kombu.utils.compat import detect_environment

from probes.app.mutants.registry import Applied, mutant
from probes.timing import load

LONG = 0.1
"""Seconds from which a sleep stands still; a task that ticks sleeps for less."""


def _unpatched_sleep() -> Callable[[float], None]:
    """The `time.sleep` that the pool's library has replaced."""
    if detect_environment() == "eventlet":
        sleep = importlib.import_module("eventlet.patcher").original("time").sleep
    else:
        sleep = importlib.import_module("gevent.monkey").get_original("time", "sleep")
    return sleep  # type: ignore[no-any-return]


def in_a_thread(call: Callable[..., Any], *arguments: Any) -> Any:
    """Have a thread of the library's make the call, while other greenlets run; the thread stays."""
    if detect_environment() == "eventlet":
        return importlib.import_module("eventlet.tpool").execute(call, *arguments)
    return importlib.import_module("gevent").get_hub().threadpool.apply(call, arguments)


@mutant
def sleeps_for_all(applied: Applied) -> None:
    """A long sleep is the system's own: the worker's one thread sleeps."""
    green, plain = time.sleep, _unpatched_sleep()

    def sleep(seconds: float) -> None:
        if seconds < LONG:
            green(seconds)
            return
        applied()
        plain(seconds)

    time.sleep = sleep  # type: ignore[assignment]


@mutant
def waits_for_the_network_for_all(applied: Applied) -> None:
    """A connection that a task makes is the system's own: the worker's one thread waits at it."""
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
    """To see a file to the disk lets other greenlets run: the worker that the document describes."""
    original = os.fsync

    def fsync(file: int) -> None:
        applied()
        in_a_thread(original, file)

    os.fsync = fsync  # type: ignore[assignment]


@mutant
def computes_in_a_thread(applied: Applied) -> None:
    """What lets go of the GIL is computed in a thread, while other greenlets run."""
    original = hashlib.pbkdf2_hmac

    def compute(*arguments: Any) -> bytes:
        applied()
        return bytes(in_a_thread(original, *arguments))

    hashlib.pbkdf2_hmac = compute  # type: ignore[assignment]


@mutant
def yields_while_computing(applied: Applied) -> None:
    """A computation makes a pause now and then, in which other greenlets run."""
    original = load.cpu_python

    def compute() -> int:
        applied()
        time.sleep(0.001)
        return original()

    load.cpu_python = compute


@mutant
def gevent_drops_time_limits(applied: Applied) -> None:
    """Gevent's pool does what eventlet's does: it drops the time limit of a task."""
    pool = importlib.import_module("celery.concurrency.gevent").TaskPool
    original = pool.on_apply

    def on_apply(self: Any, *call: Any, timeout: float | None = None, **options: Any) -> Any:
        if timeout:
            applied()
        return original(self, *call, **options)

    pool.on_apply = on_apply


@mutant
def eventlet_keeps_time_limits(applied: Applied) -> None:
    """Eventlet's pool does what gevent's does: it ends a task at its time limit, and says so."""
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
