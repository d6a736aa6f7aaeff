"""In which order several queues are fetched from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fetches:
    """How full each queue was before the worker came, from which queue each fetch was, and how it asked.

    The first queue was kept full, so that `filled` says at least what it held.
    """

    filled: Mapping[str, int]
    order: tuple[str, ...]
    asked: tuple[str, ...]
