"""The client's side: sends tasks as an application would, with Celery's own producer."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from celery import Celery


class Sender:
    """One client of one lifetime; task ids are short, so that evidence can be read: `m17`."""

    def __init__(self, broker: str) -> None:
        self.app = Celery("client", broker=broker, backend=broker, set_as_current=False)
        self._numbers = itertools.count(1)

    def send(
        self, task: str, *arguments: Any, count: int = 1, queue: str = "basic", prefix: str = "m"
    ) -> tuple[str, ...]:
        """Send `count` messages of one task to one queue; returns their ids in the order of sending."""
        ids = tuple(f"{prefix}{next(self._numbers)}" for _ in range(count))
        self._publish(f"tasks.{task}", arguments, ids, queue)
        return ids

    def _publish(self, name: str, arguments: tuple[Any, ...], ids: Iterable[str], queue: str) -> None:
        with self.app.producer_pool.acquire(block=True) as producer:
            for task_id in ids:
                self.app.send_task(name, arguments, task_id=task_id, queue=queue, producer=producer)

    def close(self) -> None:
        """Close every connection of this client."""
        self.app.close()
