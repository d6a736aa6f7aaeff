"""What became of command lines that were typed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Typed:
    """One command line: the queues that it asks for, those it served, and how its process stands or ended."""

    line: str
    queues: tuple[str, ...]
    served: tuple[str, ...]
    exit_status: int | None
    last_words: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Two command lines that a document prints side by side, and two others for comparison."""

    compared: tuple[tuple[str, ...], tuple[str, ...]]
    others: tuple[tuple[str, ...], tuple[str, ...]]
