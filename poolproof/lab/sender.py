"""The client's side: sends tasks as an application would, with Celery's own producer."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from celery import Celery

from probes.shared import serializer


class Sender:
    """One client of one lifetime; task ids are short, so that evidence is readable: `m17`."""

    def __init__(self, broker: str, watched: bool = False) -> None:
        self.app = Celery("client", broker=broker, backend=broker, set_as_current=False)
        if watched:
            serializer.register()
            self.app.conf.update(
                task_serializer=serializer.NAME, accept_content=[serializer.CONTENT_TYPE, "json"]
            )
        self._numbers = itertools.count(1)

    def send(
        self,
        task: str,
        *arguments: Any,
        count: int = 1,
        queue: str = "basic",
        prefix: str = "m",
        tagged: bool = False,
        ignore_result: bool = False,
    ) -> tuple[str, ...]:
        """Send `count` messages of one task to one queue; returns their ids in the order of sending.

        `tagged` appends each task's own id to its arguments, so that a watched worker recognises its body.
        """
        ids = tuple(f"{prefix}{next(self._numbers)}" for _ in range(count))
        calls = [(each, (*arguments, each) if tagged else arguments) for each in ids]
        self._publish(f"tasks.{task}", calls, queue=queue, ignore_result=ignore_result)
        return ids

    def _publish(self, name: str, calls: Iterable[tuple[str, tuple[Any, ...]]], **options: Any) -> None:
        with self.app.producer_pool.acquire(block=True) as producer:
            for task_id, arguments in calls:
                self.app.send_task(name, arguments, task_id=task_id, producer=producer, **options)

    def close(self) -> None:
        """Close every connection of this client."""
        self.app.close()
