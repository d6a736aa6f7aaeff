"""Have the worker of a document's diagram run, and see which queues it asks for."""

from __future__ import annotations

from collections.abc import Sequence

from probes.deadline import until
from probes.lab import Lab
from probes.observations.walkthrough import Asked
from probes.stimuli.command_lines import TASKS, await_start
from probes.stimuli.printed import DIAGRAMS
from probes.worker import Command

ROUNDS = 3
"""Fetches after which a queue that was in none of them is not asked for: each names all that are."""
STEP = "\x06"
"""What Redis's transport puts between a queue and a step of its priorities."""


def ask_for(lab: Lab, queue: str) -> Asked:
    """Put a task into the queue, start the worker of the diagram, and wait until it has fetched ROUNDS times.

    One fetch ends after a second without a message, so that this is the longest that it takes.
    """
    task, *arguments = TASKS["celery_app"]
    (sent,) = lab.sender.send(str(task), *arguments, queue=queue)
    worker = lab.type(Command(lab.cell, "w1", DIAGRAMS[lab.cell.pool]))
    await_start(lab, worker)
    until(lambda: sent in lab.events.seen("ended") or len(_fetches(lab)) >= ROUNDS)
    fetches = _fetches(lab)
    lab.witness(fetches=len(fetches))
    return Asked(
        line=str(worker.command),
        queue=queue,
        asked=tuple(dict.fromkeys(name for fetch in fetches for name in fetch)),
        served=sent in lab.events.seen("ended"),
    )


def _fetches(lab: Lab) -> list[tuple[str, ...]]:
    """The queues that each fetch named; a worker's own mailbox is none."""
    commands = lab.wire.seen() if lab.wire else ()
    named = [_queues(command.arguments[:-1]) for command in commands if command.name == "BRPOP"]
    return [queues for queues in named if queues]


def _queues(keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if STEP not in key and not key.endswith("pidbox"))
