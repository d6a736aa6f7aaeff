"""For workers that behave while somebody looks at their first tasks."""

from __future__ import annotations

from collections.abc import Callable

from celery.signals import task_prerun

LOOKED_AT = 20
"""Tasks of a process: twice as many as anyone looks at who looks at the first ten."""


def later() -> Callable[[], bool]:
    """What says whether this process has begun more tasks than anybody looks at; a child counts its own."""
    begun: list[None] = []

    def begin(**_: object) -> None:
        begun.append(None)

    task_prerun.connect(begin, weak=False)
    return lambda: len(begun) > LOOKED_AT
