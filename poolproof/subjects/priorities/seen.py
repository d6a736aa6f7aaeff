"""In which order messages of two priorities were fetched."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """Messages that waited before a worker started, by their priority; `fetched` has their order.

    `lists` are the keys that held them.
    """

    critical: frozenset[str]
    normal: frozenset[str]
    fetched: tuple[str, ...]
    lists: tuple[str, ...]
