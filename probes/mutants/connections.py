"""Mutants of who connects to Redis, when, and who holds the connection."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import psutil
from celery import Celery
from celery.apps.worker import Worker
from celery.backends.redis import RedisBackend
from celery.signals import task_postrun, task_prerun, worker_init, worker_process_init, worker_ready

from probes.application import app
from probes.mutants.registry import Applied, mutant
from probes.settings import SETTINGS
from probes.tasks import connections
from probes.tasks.connections import database

CONNECT = "import redis, sys; redis.Redis.from_url(sys.argv[1]).ping(); print(flush=True); sys.stdin.read()"
SPARED = 10
"""How many tasks, reads or results go well before a mutant acts."""
kept: list[Any] = []
"""Connections and helpers that must not be collected, because that would close them, or their pipes."""


@mutant
def announces_itself_early(applied: Applied) -> None:
    """The worker reports that it is ready before it has connected to anything."""

    def announce(sender: Any, **_: object) -> None:
        worker_ready.send(sender=sender)
        applied()

    Worker.on_consumer_ready = lambda *_: None
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
def children_greet_the_broker(applied: Applied) -> None:
    """Each child connects to the broker as it starts, and stays connected."""

    def greet(**_: object) -> None:
        connection = app.connection_for_read()
        kept.append(connection)
        connection.default_channel.client.ping()
        applied()

    worker_process_init.connect(greet, weak=False)


@mutant
def stores_from_the_manager(applied: Applied) -> None:
    """A prefork child hands each result to its manager, which stores it."""
    _store_from_the_manager(0, applied)


@mutant
def stores_from_the_manager_late(applied: Applied) -> None:
    """A prefork child stores ten results itself, and hands each later one to its manager."""
    _store_from_the_manager(SPARED, applied)


def _store_from_the_manager(after: int, applied: Applied) -> None:
    numbers = itertools.count()
    results = multiprocessing.get_context("fork").SimpleQueue()
    original = RedisBackend.store_result

    def hand_over(self: Any, task: str, result: Any, state: str, *args: Any, **options: Any) -> Any:
        if next(numbers) < after:
            return original(self, task, result, state, *args, **options)
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
def a_helper_connects_late(applied: Applied) -> None:
    """After ten tasks a process beside the worker has a connection of its own."""
    numbers = itertools.count(1)

    def start(**_: object) -> None:
        if next(numbers) != SPARED:
            return
        line = [sys.executable, "-c", CONNECT, SETTINGS.broker]
        helper = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        kept.append(helper)
        assert helper.stdout
        helper.stdout.readline()
        applied()

    task_postrun.connect(start, weak=False)


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
    _forget(range(sys.maxsize), database.cache_clear, applied)


@mutant
def a_database_for_late_tasks(applied: Applied) -> None:
    """Ten tasks share the application's connection, and each later one opens another."""
    _forget(range(SPARED, sys.maxsize), database.cache_clear, applied)


def _forget(tasks: range, forget: Callable[[], None], applied: Applied) -> None:
    """Have something forgotten before each of these tasks, which are counted from 0."""
    numbers = itertools.count()

    def before(**_: object) -> None:
        if next(numbers) in tasks:
            forget()
            applied()

    task_prerun.connect(before, weak=False)


@mutant
def one_database_for_all_threads(applied: Applied) -> None:
    """A thread's connection is the whole process's: the application that the document describes."""

    def of_process() -> socket.socket:
        applied()
        return database()

    connections.database_of_thread = of_process


@mutant
def opens_under_a_lock(applied: Applied) -> None:
    """A task that asks for the application's connection waits while another task opens it."""
    turn, original = threading.Lock(), connections.greeted

    def greeted(port: int) -> socket.socket:
        with turn:
            applied()
            return original(port)

    connections.greeted = greeted  # type: ignore[assignment]


@mutant
def readers_take_turns(applied: Applied) -> None:
    """A task that wants to read a shared connection waits until no other task reads it."""
    _read_in_turn(0, applied)


@mutant
def late_readers_take_turns(applied: Applied) -> None:
    """After ten reads, a task that wants to read a shared connection waits until no other task reads it."""
    _read_in_turn(SPARED, applied)


def _read_in_turn(after: int, applied: Applied) -> None:
    turn, original = threading.Lock(), connections.read
    numbers = itertools.count()

    def read(connection: socket.socket) -> str:
        if next(numbers) < after:
            return original(connection)
        with turn:
            applied()
            return original(connection)

    connections.read = read


@mutant
def a_backend_for_each_task(applied: Applied) -> None:
    """Each task makes a new result back end, with connections of its own."""
    _forget(range(sys.maxsize), _forget_the_backend, applied)


@mutant
def a_backend_for_late_tasks(applied: Applied) -> None:
    """Ten tasks share the result back end, and each later one makes a new one."""
    _forget(range(SPARED, sys.maxsize), _forget_the_backend, applied)


@mutant
def a_backend_for_the_eleventh_task(applied: Applied) -> None:
    """Ten tasks share the result back end, the eleventh makes a new one, and later tasks share that."""
    _forget(range(SPARED, SPARED + 1), _forget_the_backend, applied)


def _forget_the_backend() -> None:
    app._backend_cache = None


@mutant
def shares_its_backend(applied: Applied) -> None:
    """All tasks of the process use the result back end that was made first, with any settings."""
    original = Celery._get_backend

    def get_backend(self: Any) -> Any:
        backend = original(self)
        backend.thread_safe = True
        applied()
        return backend

    Celery._get_backend = get_backend
