"""In which order several queues are fetched from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fetches:
    """How full each queue was before the worker came, from which queue each fetch was, and how it asked.

    The first queue was kept full for a while; what was added to it meanwhile is not in `filled`.
    """

    filled: Mapping[str, int]
    order: tuple[str, ...]
    asked: tuple[str, ...]
