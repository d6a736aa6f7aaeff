"""In which order a worker fetches from several queues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fetches:
    """How full each queue was before the worker started, and the queue of each fetch.

    `requested` are the different orders in which a BRPOP named the queues. The first queue was kept full for
    a while; messages that were added to it meanwhile are not in `filled`.
    """

    filled: Mapping[str, int]
    order: tuple[str, ...]
    requested: tuple[str, ...]
