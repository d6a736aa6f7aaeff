"""Mutants of what a command line starts."""

from __future__ import annotations

from celery.bin.worker import worker
from celery.signals import worker_init
from celery.worker import worker as controller
from click import Option

from probes.mutants.registry import Applied, mutant


@mutant
def exits_at_once(applied: Applied) -> None:
    """The worker ends before it has begun."""

    def leave(**_: object) -> None:
        applied()
        raise SystemExit(70)

    worker_init.connect(leave, weak=False)


@mutant
def declares_env(applied: Applied) -> None:
    """Celery's own worker command has the option that a document uses."""
    worker.params.append(Option(["--env"]))
    applied()


@mutant
def answers_to_another_name(applied: Applied) -> None:
    """The worker's node has another name than the command line gives."""

    def name(_: object) -> str:
        applied()
        return "another@node"

    controller.default_nodename = name
