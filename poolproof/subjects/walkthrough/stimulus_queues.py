"""Start the worker of a document's diagram, and see from which queues it fetches."""

from __future__ import annotations

from poolproof.host.waiting import until
from poolproof.lab.lab import Lab
from poolproof.lab.worker import WorkerCommand
from poolproof.subjects.cli.stimulus import await_start, fetches, send_to
from poolproof.subjects.walkthrough.seen import QueueService
from probes.shared.printed import document_003

ROUNDS = 3
"""After so many fetches, a queue that none of them named is not served: each fetch names all queues."""


def put_into_queue(lab: Lab, queue: str) -> QueueService:
    """Put tasks into the queue, start the worker of the diagram, and wait until it has run them.

    Do not wait for a worker that fetched ROUNDS times, and never from this queue: one fetch ends after a
    second without a message. A worker that fetched neither so often nor from it voids the trial.
    """
    command = WorkerCommand(lab.cell, "w1", document_003.DIAGRAMS[lab.cell.pool])
    sent = send_to(lab, command, queue)
    worker = lab.type(command)
    await_start(worker)
    decided = until(lambda: queue in _fetched_from(lab) or len(fetches(lab)) >= ROUNDS)
    if queue in _fetched_from(lab):
        lab.ended(sent)
    lab.witness(fetches=len(fetches(lab)) if decided else 0)
    return QueueService(
        line=str(worker.command),
        queue=queue,
        fetched_from=_fetched_from(lab),
        sent=len(sent),
        ran=len(lab.events.seen("ended").intersection(sent)),
    )


def _fetched_from(lab: Lab) -> tuple[str, ...]:
    """Every queue that some fetch named."""
    return tuple(dict.fromkeys(queue for _, queues in fetches(lab) for queue in queues))
