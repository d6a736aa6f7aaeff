"""Judges what became of messages: lost, doubled, invented, left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from probes.history import History
from probes.judgement import Judgement, check

NAMED = 5
"""How many messages evidence names before it only counts them."""


@check
def each_message_once(sent: Collection[str], history: History, left: int) -> Judgement:
    """True when every message was started and ended once, nothing else was, and the broker has none left."""
    started = Counter([event.task for event in history.events if event.kind == "started"])
    ended = Counter([event.task for event in history.events if event.kind == "ended"])
    expected = set(sent)
    ran = started.keys() | ended.keys()
    faults = {
        "lost": expected - started.keys(),
        "started but not ended": (expected & started.keys()) - ended.keys(),
        "doubled": {task for counts in (started, ended) for task, count in counts.items() if count > 1},
        "invented": ran - expected,
    }
    found = [f"{_some(tasks)} {fault}" for fault, tasks in faults.items() if tasks]
    if left:
        found.append(f"{left} left in the broker")
    if found:
        return Judgement(False, f"each message once: of {len(expected)} sent, " + "; ".join(found))
    told = f"each message once: {len(expected)} sent, {len(ended)} ended, none left"
    return Judgement(bool(expected), told)


def _some(tasks: Collection[str]) -> str:
    names = sorted(tasks, key=lambda task: (len(task), task))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
