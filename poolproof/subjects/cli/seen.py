"""What happened to the command lines that were typed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Typed:
    """One command line: its queues, those of which it ran all tasks, and whether its process lives.

    `node` is the name that the line gives its node, `answered` the one under which the worker answered.
    """

    line: str
    queues: tuple[str, ...]
    served: tuple[str, ...]
    node: str
    answered: str
    exit_status: int | None
    last_words: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Two command lines that a document prints side by side, and two others for comparison."""

    compared: tuple[tuple[str, ...], tuple[str, ...]]
    others: tuple[tuple[str, ...], tuple[str, ...]]
