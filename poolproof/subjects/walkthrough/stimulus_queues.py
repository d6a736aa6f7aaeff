"""Have the worker of a document's diagram run, and see which queues it asks for."""

from __future__ import annotations

from poolproof.host.waiting import until
from poolproof.lab.lab import Lab
from poolproof.lab.worker import WorkerCommand
from poolproof.subjects.cli.stimulus import await_start, fetches, send_to
from poolproof.subjects.cli.stimulus_printed import DIAGRAMS
from poolproof.subjects.walkthrough.seen import Asked

ROUNDS = 3
"""Fetches after which a queue that was in none of them is not asked for: each names all that are."""


def ask_for(lab: Lab, queue: str) -> Asked:
    """Put tasks into the queue, start the worker of the diagram, and wait until it has run them.

    A worker that has fetched ROUNDS times, and never from this queue, is not waited for: one fetch ends after
    a second without a message.
    """
    command = WorkerCommand(lab.cell, "w1", DIAGRAMS[lab.cell.pool])
    sent = send_to(lab, command, queue)
    worker = lab.type(command)
    await_start(worker)
    until(lambda: queue in _asked(lab) or len(fetches(lab)) >= ROUNDS)
    if queue in _asked(lab):
        lab.ended(sent)
    lab.witness(fetches=len(fetches(lab)))
    return Asked(
        line=str(worker.command),
        queue=queue,
        asked=_asked(lab),
        sent=len(sent),
        ran=len(lab.events.seen("ended").intersection(sent)),
    )


def _asked(lab: Lab) -> tuple[str, ...]:
    """Every queue that some fetch named."""
    return tuple(dict.fromkeys(queue for _, queues in fetches(lab) for queue in queues))
