"""The command lines that the documents print, word by word; only `celery` itself is left out."""

from __future__ import annotations

from collections.abc import Mapping

from poolproof.lab.lab import Lab
from poolproof.subjects.cli.seen import Lines


def _line(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COMPARED: Mapping[str, tuple[str, ...]] = {
    pool: _line(
        f"-A ushow_nlp worker --loglevel=info --env=dev -c 1 -P {pool} --max-tasks-per-child=100 "
        "-n ai.ushow_nlp -Q ai.ushow_nlp"
    )
    for pool in ("prefork", "solo")
}
"""The two commands that document 000 compares: what follows `celery`, word by word."""
THE_PROJECT = _line("-A celery_app worker --pool=prefork --concurrency=4 --queues=basic,advanced,realworld")
"""The line of the example project of document 003."""
_SERVED = "--hostname=ai.ushow_nlp@%h --queues=ai.ushow_nlp"
_PLANS = {
    "solo": _line(f"-A ushow_nlp worker --loglevel=debug --pool=solo {_SERVED}"),
    "eventlet": _line(
        "-A ushow_nlp worker --loglevel=info --pool=eventlet --concurrency=100 "
        f"{_SERVED} --max-tasks-per-child=1000"
    ),
    "prefork": _line(
        "-A ushow_nlp worker --loglevel=info --pool=prefork --concurrency=4 "
        f"{_SERVED} --max-tasks-per-child=1000"
    ),
}
"""The three plans that document 000 recommends."""
DIAGRAMS = {
    "prefork": _line("-A celery_app worker --pool=prefork --concurrency=4"),
    "solo": _line("-A celery_app worker --pool=solo"),
    "eventlet": _line("-A celery_app worker --pool=eventlet --concurrency=100"),
    "gevent": _line("-A celery_app worker --pool=gevent --concurrency=100"),
}
"""The commands of document 003's diagrams."""


def lines_of(pool: str) -> tuple[tuple[str, ...], ...]:
    """Every other command that the documents print for this pool."""
    given = (_PLANS.get(pool), DIAGRAMS[pool], THE_PROJECT if pool == "prefork" else None)
    return tuple(line for line in given if line)


def read_lines(lab: Lab) -> Lines:
    """The two commands that are compared, beside two that differ in more."""
    lines = Lines((COMPARED["prefork"], COMPARED["solo"]), (_PLANS["prefork"], _PLANS["solo"]))
    lab.witness(words_compared=sum(map(len, lines.compared)), words_beside=sum(map(len, lines.others)))
    return lines
