"""Mutants of how the example project is loaded, distributed and routed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from billiard.process import current_process
from celery.app.amqp import Queues
from celery.app.base import Celery
from celery.app.routes import Router
from celery.app.trace import trace_task_ret
from celery.concurrency.prefork import TaskPool
from celery.loaders.base import BaseLoader
from celery.signals import worker_process_init

from probes.mutants.flow import instead_of_the_pool
from probes.mutants.registry import Applied, mutant
from probes.shared.printed import document_003


@mutant
def loads_backwards(applied: Applied) -> None:
    """The modules of an application are imported in the reverse of their order."""

    def load(self: Any) -> list[Any]:
        applied()
        return [self.import_task_module(module) for module in reversed(self.default_modules)]

    BaseLoader.import_default_modules = load


@mutant
def loads_what_is_left_out(applied: Applied) -> None:
    """The worker of the document: it loads the modules of tasks, although no setting names them."""
    original = BaseLoader.import_default_modules

    def load(self: Any) -> list[Any]:
        applied()
        return [*original(self), *map(self.import_task_module, document_003.TASK_MODULES)]

    BaseLoader.import_default_modules = load


@mutant
def child_by_task_name(applied: Applied) -> None:
    """The worker of the document: each kind of task has a child of its own."""
    pipes: list[tuple[Connection, Connection]] = []
    kinds: dict[str, int] = {}
    original = TaskPool.on_start

    def on_start(self: Any) -> None:
        pipes.extend(Pipe(duplex=False) for _ in range(self.limit))
        original(self)

    def child_started(**_: object) -> None:
        receive, _send = pipes[current_process().index]
        threading.Thread(target=_serve, args=(receive,), daemon=True).start()

    def run(target: Callable[..., Any], args: Sequence[Any], _: Any, accept_callback: Any, **__: Any) -> None:
        applied()
        _receive, send = pipes[kinds.setdefault(args[0], len(kinds)) % len(pipes)]
        send.send(args)
        accept_callback(os.getpid(), time.monotonic())

    TaskPool.on_start = on_start
    worker_process_init.connect(child_started, weak=False)
    instead_of_the_pool(run)


def _serve(receive: Connection) -> None:
    while True:
        trace_task_ret(*receive.recv())


def _route(queue_of: Callable[[str], dict[str, str]], applied: Applied) -> None:
    """Let only a task's name decide its queue."""
    original = Router.route

    def route(self: Any, options: dict[str, Any], name: str, *args: Any, **more: Any) -> Any:
        applied()
        return original(
            Router([], self.queues, app=self.app), {**options, **queue_of(name)}, name, *args, **more
        )

    Router.route = route


@mutant
def ignores_routes(applied: Applied) -> None:
    """The routes of the application are ignored."""
    _route(lambda _: {}, applied)


@mutant
def routes_by_module(applied: Applied) -> None:
    """The application of the document: a task goes to the queue with the name of its module."""
    _route(lambda name: {"queue": name.split(".")[1].removesuffix("_tasks")}, applied)


@mutant
def names_by_function(applied: Applied) -> None:
    """A task has the name of its function, without that of its module."""

    def name_of(self: Any, name: str, module: str) -> str:
        applied()
        return name

    Celery.gen_task_name = name_of


def _select(applied: Applied, more: Sequence[str] = (), instead: Sequence[str] = ()) -> None:
    """Let a worker serve queues in addition to, or instead of, those that its command line names."""
    original = Queues.select

    def select(self: Any, include: Sequence[str]) -> None:
        applied()
        original(self, instead or include)
        for queue in more:
            self.select_add(queue)

    Queues.select = select


@mutant
def serves_what_is_routed(applied: Applied) -> None:
    """The worker of the document: it serves the queue basic, which its command line does not name."""
    _select(applied, more=(document_003.BASIC,))


@mutant
def serves_the_default_alone(applied: Applied) -> None:
    """A worker serves Celery's default queue, whatever queues are declared."""
    _select(applied, instead=("celery",))


@mutant
def serves_another_queue(applied: Applied) -> None:
    """The worker serves a queue of another name than the command line gives."""
    _select(applied, instead=("another",))


@mutant
def drops_the_last_queue(applied: Applied) -> None:
    """Of the queues that a command line names, the last is not served."""
    original = Queues.select

    def select(self: Any, include: Sequence[str]) -> None:
        applied()
        original(self, include[:-1])

    Queues.select = select
