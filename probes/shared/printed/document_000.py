"""Document 000: the command lines of one application, word by word; only `celery` itself is left out."""

from __future__ import annotations

from collections.abc import Mapping

Line = tuple[str, ...]

APPLICATION, QUEUE = "ushow_nlp", "ai.ushow_nlp"
LIMIT = 100
"""The --max-tasks-per-child of the commands that it compares."""
COMPARED: Mapping[str, Line] = {
    pool: tuple(
        f"-A {APPLICATION} worker --loglevel=info --env=dev -c 1 -P {pool} --max-tasks-per-child={LIMIT} "
        f"-n {QUEUE} -Q {QUEUE}".split()
    )
    for pool in ("prefork", "solo")
}
"""The two commands that it compares, by their pool."""
_SERVED = f"--hostname={QUEUE}@%h --queues={QUEUE}"
PLANS: Mapping[str, Line] = {
    "solo": tuple(f"-A {APPLICATION} worker --loglevel=debug --pool=solo {_SERVED}".split()),
    "eventlet": tuple(
        f"-A {APPLICATION} worker --loglevel=info --pool=eventlet --concurrency=100 {_SERVED} "
        "--max-tasks-per-child=1000".split()
    ),
    "prefork": tuple(
        f"-A {APPLICATION} worker --loglevel=info --pool=prefork --concurrency=4 {_SERVED} "
        "--max-tasks-per-child=1000".split()
    ),
}
"""The three plans that it recommends, by their pool."""
