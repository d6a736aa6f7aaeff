"""Type command lines as documents print them, and see whether the workers serve their queues."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence

from poolproof.host.waiting import until
from poolproof.lab.lab import Lab
from poolproof.lab.worker import READY_WITHIN, Worker, WorkerCommand
from poolproof.model.errors import Void
from poolproof.subjects.cli.seen import Typed
from probes.shared.printed import document_000, document_003

TASKS: Mapping[str, tuple[object, ...]] = {
    document_000.APPLICATION: ("analyse",),
    document_003.APPLICATION: (document_003.ADD.removeprefix("tasks."), 3, 5),
}
"""A task that each application knows, with its arguments."""
DEFAULT_QUEUE = "celery"
EACH = 12
"""How many tasks each queue gets: a worker may stop serving a queue after ten tasks."""
ANSWER = 0.5
"""Seconds in which answers are collected; the question is repeated until a whole deadline is over."""
STEP = "\x06"
"""Redis's transport puts this between the name of a queue and a priority."""


def queues_of(line: Sequence[str]) -> tuple[str, ...]:
    """The queues that a command line names, or the one that Celery has for lines that name none."""
    given = [word.partition("=")[2] for word in line if word.startswith("--queues=")]
    given += [line[n + 1] for n, word in enumerate(line[:-1]) if word == "-Q"]
    return tuple(given[0].split(",")) if given else (DEFAULT_QUEUE,)


def node_of(line: Sequence[str]) -> str:
    """The name of the node that a command line gives; a name without an @ is the part before the host."""
    given = [word.partition("=")[2] for word in line if word.startswith("--hostname=")]
    given += [line[n + 1] for n, word in enumerate(line[:-1]) if word == "-n"]
    name = given[0] if given else "%h"
    return (name if "@" in name else f"celery@{name}").replace("%h", socket.gethostname())


def type_lines(lab: Lab, lines: Sequence[Sequence[str]]) -> tuple[Typed, ...]:
    """Type all lines at once, send tasks to each queue, and wait until all have run or the worker has ended.

    No two lines may serve the same queue. Void when a worker is alive and requests no message; which
    queue it requests messages from is the claim.
    """
    typed = [
        (lab.type(WorkerCommand(lab.cell, f"w{n}", tuple(line))), queues_of(line))
        for n, line in enumerate(lines, 1)
    ]
    for worker, _ in typed:
        lab.may_end(worker)
        await_start(worker)
    sent = {queue: send_to(lab, worker.command, queue) for worker, queues in typed for queue in queues}

    def served(queues: Sequence[str]) -> tuple[str, ...]:
        return tuple(queue for queue in queues if lab.events.seen("ended").issuperset(sent[queue]))

    lab.wait(lambda: all(not worker.alive or served(queues) == queues for worker, queues in typed), "ended")
    _prove(lab, [worker for worker, _ in typed])
    names = _names(lab, [worker for worker, _ in typed])
    return tuple(
        Typed(
            line=str(worker.command),
            queues=queues,
            served=served(queues),
            node=node_of(worker.command.line),
            answered=names.get(worker.pid, ""),
            exit_status=worker.exit_status,
            last_words=worker.last_words(),
        )
        for worker, queues in typed
    )


def _prove(lab: Lab, workers: Sequence[Worker]) -> None:
    """Prove that each worker that is alive has requested messages from Redis; one that ended did act."""
    requesting = {pid for pid, _ in fetches(lab)}
    acted = sum(not worker.alive or bool(requesting & set(worker.tree().pids)) for worker in workers)
    lab.witness(workers_that_fetched_or_ended=acted if acted == len(workers) else 0)


def _names(lab: Lab, workers: Sequence[Worker]) -> dict[int, str]:
    """The name under which each worker's main process answers; repeated until all live ones have answered."""
    names: dict[int, str] = {}

    def ask() -> bool:
        waiting = {worker.pid for worker in workers if worker.alive} - names.keys()
        if waiting:
            for reply in lab.sender.app.control.broadcast("stats", reply=True, timeout=ANSWER) or ():
                names.update({int(stats["pid"]): name for name, stats in reply.items() if "pid" in stats})
        return waiting <= names.keys()

    until(ask)
    return names


def await_start(worker: Worker) -> None:
    """Return when the worker reports that it is ready, or has ended; Void when it does neither."""
    if not until(lambda: worker.announced or not worker.alive, READY_WITHIN, every=0.02):
        raise Void(f"the worker did not become ready: {worker.last_words()}")


def fetches(lab: Lab) -> list[tuple[int, tuple[str, ...]]]:
    """The process of each fetch, and the queues that it named; a worker's own mailbox does not count."""
    commands = lab.wire.seen() if lab.wire else ()
    named = [(each.pid, _queues(each.arguments[:-1])) for each in commands if each.name == "BRPOP"]
    return [(pid, queues) for pid, queues in named if queues]


def _queues(keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if STEP not in key and not key.endswith("pidbox"))


def send_to(lab: Lab, command: WorkerCommand, queue: str) -> tuple[str, ...]:
    """Send several tasks that this command's application knows to a queue."""
    task, *arguments = TASKS[command.line[1]]
    return lab.sender.send(str(task), *arguments, queue=queue, count=EACH)
