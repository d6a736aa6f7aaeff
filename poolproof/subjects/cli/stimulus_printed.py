"""Read the command lines that the documents print."""

from __future__ import annotations

from poolproof.lab.lab import Lab
from poolproof.subjects.cli.seen import Lines
from probes.shared.printed import document_000, document_003


def other_lines(pool: str) -> tuple[tuple[str, ...], ...]:
    """Every command that the documents print for this pool, except the two that are compared."""
    project = document_003.PROJECT if pool == "prefork" else None
    given = (document_000.PLANS.get(pool), document_003.DIAGRAMS[pool], project)
    return tuple(line for line in given if line)


def read_lines(lab: Lab) -> Lines:
    """The two commands that are compared, beside two that differ in more."""
    compared, plans = document_000.COMPARED, document_000.PLANS
    lines = Lines((compared["prefork"], compared["solo"]), (plans["prefork"], plans["solo"]))
    lab.witness(words_compared=sum(map(len, lines.compared)), words_beside=sum(map(len, lines.others)))
    return lines
