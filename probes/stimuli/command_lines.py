"""Type command lines as documents print them, and see whether what they start serves its queues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from probes.deadline import until
from probes.lab import Lab
from probes.observations.cli import Typed
from probes.stimuli.streaming import settle
from probes.worker import READY_WITHIN, Command, Worker

TASKS: Mapping[str, tuple[object, ...]] = {"ushow_nlp": ("analyse",), "celery_app": ("basic_tasks.add", 3, 5)}
"""A task that each application knows, with its arguments."""
DEFAULT_QUEUE = "celery"
STEP = "\x06"
"""What Redis's transport puts between a queue and a step of its priorities."""


def queues_of(line: Sequence[str]) -> tuple[str, ...]:
    """The queues that a command line names, or the one that Celery has for lines that name none."""
    given = [word.partition("=")[2] for word in line if word.startswith("--queues=")]
    given += [line[n + 1] for n, word in enumerate(line[:-1]) if word == "-Q"]
    return tuple(given[0].split(",")) if given else (DEFAULT_QUEUE,)


def type_lines(lab: Lab, lines: Sequence[Sequence[str]]) -> tuple[Typed, ...]:
    """Type all lines at once, send a task to each queue, and wait until each is served or its worker gone.

    No two of the lines may serve the same queue. A worker that lives and asks for no queue proves nothing;
    whether it asks for the queue that its line names is the claim.
    """
    typed = [
        (lab.type(Command(lab.cell, f"w{n}", tuple(line))), queues_of(line))
        for n, line in enumerate(lines, 1)
    ]
    for worker, _ in typed:
        lab.may_end(worker)
        await_start(worker)
    sent = {queue: _send(lab, worker, queue) for worker, queues in typed for queue in queues}

    def served(queues: Sequence[str]) -> tuple[str, ...]:
        return tuple(queue for queue in queues if sent[queue] in lab.events.seen("ended"))

    settle(
        lambda: lab.events.count("ended"),
        lambda: all(not worker.alive or served(queues) == queues for worker, queues in typed),
    )
    asking = {pid for pid, _ in fetches(lab)}
    decided = [worker for worker, _ in typed if not worker.alive or asking.intersection(worker.tree().pids)]
    lab.witness(lines_decided=int(len(decided) == len(typed)))
    return tuple(
        Typed(str(worker.command), queues, served(queues), worker.exit_status, worker.last_words())
        for worker, queues in typed
    )


def await_start(worker: Worker) -> None:
    """Return when the worker says that it is ready, or is gone."""
    until(lambda: worker.announced or not worker.alive, READY_WITHIN, every=0.02)


def fetches(lab: Lab) -> list[tuple[int, tuple[str, ...]]]:
    """The process of each fetch, and the queues that it named; a worker's own mailbox is none."""
    commands = lab.wire.seen() if lab.wire else ()
    named = [(each.pid, _queues(each.arguments[:-1])) for each in commands if each.name == "BRPOP"]
    return [(pid, queues) for pid, queues in named if queues]


def _queues(keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if STEP not in key and not key.endswith("pidbox"))


def _send(lab: Lab, worker: Worker, queue: str) -> str:
    task, *arguments = TASKS[worker.command.line[1]]
    (sent,) = lab.sender.send(str(task), *arguments, queue=queue)
    return sent
