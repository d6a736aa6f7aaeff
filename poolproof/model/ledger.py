"""A ledger of messages: what happened to each message that was sent, and how we know.

Each message has exactly one fate: it started once, started again, waits, is unacknowledged, was answered
without a start, or is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from poolproof.model.history import Event

Fate = Literal[
    "started once", "started again", "waiting", "unacknowledged", "answered without a start", "lost"
]
FATES: tuple[Fate, ...] = get_args(Fate)
NAMED = 5
"""How many messages of one fate a text names; the others are only counted."""


@dataclass(frozen=True, slots=True)
class Traces:
    """Where messages were found at one moment, by their task's id.

    `waiting` are in a queue, `unacknowledged` in the broker's hash of those that a worker has taken;
    `answers` are the states that are stored as their results.
    """

    waiting: Collection[str] = frozenset()
    unacknowledged: Collection[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to one message, and the evidence."""

    task: str
    fate: Fate
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """One entry for each message that was sent, in the order of sending."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, sent: Iterable[str], events: Iterable[Event], traces: Traces) -> Ledger:
        """The ledger of the messages `sent`, from what the workers recorded and what the broker holds."""
        kinds = Counter((event.kind, event.task) for event in events)
        return cls(tuple(_entry(task, kinds, traces) for task in sent))

    def tasks(self, *fates: Fate) -> frozenset[str]:
        """The messages that have one of these fates."""
        return frozenset(entry.task for entry in self.entries if entry.fate in fates)

    def facts(self) -> dict[str, int]:
        """How many messages have each fate, by names that a page can use."""
        return {f"{fate.replace(' ', '_')}_messages": len(self.tasks(fate)) for fate in FATES}

    def __str__(self) -> str:
        """How many messages have each fate; those that did not simply run once by name, with the reason."""
        parts = [f"{len(self.entries)} sent"]
        for fate in FATES:
            entries = [entry for entry in self.entries if entry.fate == fate]
            if entries:
                parts.append(f"{len(entries)} {fate}{_named(entries) if fate != 'started once' else ''}")
        return ", ".join(parts)


def _entry(task: str, kinds: Counter[tuple[str, str]], traces: Traces) -> Entry:
    """The one fate of a message: decided by a start, else by a stored result, else by where it is now."""
    starts, ends = kinds["started", task], kinds["ended", task] + kinds["failed", task]
    answer = traces.answers.get(task, "")
    if starts:
        fate: Fate = "started once" if starts == 1 else "started again"
        return Entry(task, fate, f"started {starts} and finished {ends} times")
    if answer:
        return Entry(task, "answered without a start", f"{answer} is stored")
    if task in traces.waiting:
        return Entry(task, "waiting", "in its queue")
    if task in traces.unacknowledged:
        return Entry(task, "unacknowledged", "taken, and neither started nor acknowledged")
    return Entry(task, "lost", "in no queue, not unacknowledged, never started, no result")


def _named(entries: list[Entry]) -> str:
    """The messages of one fate, by name, with the reason of the first."""
    names = ", ".join(entry.task for entry in entries[:NAMED])
    more = f" and {len(entries) - NAMED} more" if len(entries) > NAMED else ""
    return f" ({names}{more}: {entries[0].reason})"
