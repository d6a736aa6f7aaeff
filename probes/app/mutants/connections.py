"""Faults in who connects to Redis, when, and who holds the connection."""

from __future__ import annotations

import multiprocessing
import os
import socket
import subprocess
import sys
import threading
from typing import Any

import psutil
from celery import Celery
from celery.backends.redis import RedisBackend
from celery.signals import task_prerun, worker_init, worker_process_init, worker_ready

from probes.app.application import app
from probes.app.mutants.registry import Applied, mutant
from probes.app.settings import SETTINGS
from probes.app.tasks import connections
from probes.app.tasks.connections import database

CONNECT = "import redis, sys; redis.Redis.from_url(sys.argv[1]).ping(); print(flush=True); sys.stdin.read()"
helpers: list[subprocess.Popen[bytes]] = []
"""What must not be collected, for that would close the pipe on which a helper waits."""


@mutant
def announces_itself_early(applied: Applied) -> None:
    """The worker says that it is ready before it has connected to anything."""

    def announce(sender: Any, **_: object) -> None:
        worker_ready.send(sender=sender)
        applied()

    worker_init.connect(announce, weak=False)


@mutant
def greets_the_backend(applied: Applied) -> None:
    """The main process connects to the result back end as it starts, as the documents say."""

    def greet(**_: object) -> None:
        app.backend.client.ping()
        applied()

    worker_init.connect(greet, weak=False)


@mutant
def children_greet_the_backend(applied: Applied) -> None:
    """Each child connects to the result back end as it starts: the worker that the document describes."""

    def greet(**_: object) -> None:
        app.backend.client.ping()
        applied()

    worker_process_init.connect(greet, weak=False)


@mutant
def stores_from_the_manager(applied: Applied) -> None:
    """A prefork child hands each result to its manager, which stores it."""
    results = multiprocessing.get_context("fork").SimpleQueue()
    original = RedisBackend.store_result

    def hand_over(_self: Any, task: str, result: Any, state: str, *_: Any, **__: Any) -> Any:
        results.put((task, result, state))
        return result

    def serve() -> None:
        while True:
            result = results.get()
            applied()
            original(app.backend, *result)

    RedisBackend.store_result = hand_over
    worker_ready.connect(lambda **_: threading.Thread(target=serve, daemon=True).start(), weak=False)


@mutant
def a_helper_connects(applied: Applied) -> None:
    """A process beside the worker has a connection of its own."""

    def start(**_: object) -> None:
        line = [sys.executable, "-c", CONNECT, SETTINGS.broker]
        helper = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        helpers.append(helper)
        assert helper.stdout
        helper.stdout.readline()
        applied()

    worker_ready.connect(start, weak=False)


@mutant
def closes_what_it_inherits(applied: Applied) -> None:
    """A child closes its manager's connections: /dev/null takes their numbers, so that none is used again."""

    def close(**_: object) -> None:
        null = os.open(os.devnull, os.O_RDWR)
        for connection in psutil.Process().net_connections("tcp"):
            os.dup2(null, connection.fd)
        applied()

    worker_process_init.connect(close, weak=False)


@mutant
def opens_while_loading(applied: Applied) -> None:
    """The application's connection is opened while its modules are loaded, and not by the task."""
    database()
    applied()


@mutant
def opens_its_own(applied: Applied) -> None:
    """Each child forgets the application's connection that it inherited, and so opens one of its own."""

    def forget(**_: object) -> None:
        database.cache_clear()
        applied()

    worker_process_init.connect(forget, weak=False)


@mutant
def a_database_for_each_task(applied: Applied) -> None:
    """The application's connection is forgotten before each task, which so opens another one."""

    def forget(**_: object) -> None:
        database.cache_clear()
        applied()

    task_prerun.connect(forget, weak=False)


@mutant
def one_database_for_all_threads(applied: Applied) -> None:
    """What is each thread's connection is the process's: the application that the document describes."""

    def of_process() -> socket.socket:
        applied()
        return database()

    connections.database_of_thread = of_process


@mutant
def opens_under_a_lock(applied: Applied) -> None:
    """Who asks for the application's connection waits while another one opens it."""
    turn, original = threading.Lock(), connections.greeted

    def greeted(port: int) -> socket.socket:
        with turn:
            applied()
            return original(port)

    connections.greeted = greeted  # type: ignore[assignment]


@mutant
def readers_take_turns(applied: Applied) -> None:
    """Who would read a shared connection waits until nobody else reads it."""
    turn, original = threading.Lock(), connections.read

    def read(connection: socket.socket) -> str:
        with turn:
            applied()
            return original(connection)

    connections.read = read


@mutant
def a_backend_for_each_task(applied: Applied) -> None:
    """Each task makes a new result back end, with connections of its own."""

    def forget(**_: object) -> None:
        app._backend_cache = None
        applied()

    task_prerun.connect(forget, weak=False)


@mutant
def shares_its_backend(applied: Applied) -> None:
    """All tasks of the process use the result back end that was made first, whatever is set."""
    original = Celery._get_backend

    def get_backend(self: Any) -> Any:
        backend = original(self)
        backend.thread_safe = True
        applied()
        return backend

    Celery._get_backend = get_backend
