"""Judges what happened to messages: whether any was lost, run twice, not sent by us, or left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from poolproof.model.judgement import Judgement, check
from poolproof.model.verdict import excluded_rate
from poolproof.subjects.delivery.seen import Delivery

CONFIDENCE = 0.95
NAMED = 5
"""How many messages the evidence names; further ones are only counted."""


@check
def each_message_once(delivery: Delivery) -> Judgement:
    """True when every message was started and ended once, nothing else was, and the broker has none left."""
    sent, history, left = delivery.sent, delivery.history, delivery.left
    started = Counter([event.task for event in history.events if event.kind == "started"])
    ended = Counter([event.task for event in history.events if event.kind == "ended"])
    stream = set(sent)
    expected = stream.union(delivery.fence)
    ran = started.keys() | ended.keys()
    wrong = {
        "lost": expected - started.keys(),
        "started but not ended": (expected & started.keys()) - ended.keys(),
        "doubled": {task for counts in (started, ended) for task, count in counts.items() if count > 1},
        "invented": ran - expected,
    }
    found = [f"{_some(tasks)} {kind}" for kind, tasks in wrong.items() if tasks]
    if left:
        found.append(f"{left} left in the broker")
    facts = {"sent_messages": len(stream), "wanted_messages": delivery.planned, "left_messages": left}
    facts |= {f"{kind.replace(' ', '_')}_messages": len(tasks) for kind, tasks in wrong.items()}
    if found:
        text = f"each message once: of {len(expected)} sent, " + "; ".join(found)
        return Judgement(False, text, facts=facts)
    rate = 100 * excluded_rate(len(stream), CONFIDENCE)
    text = (
        f"each message once: {len(stream)} sent of {delivery.planned} planned, "
        f"{len(stream.intersection(ended))} ended, none left; "
        f"a fault in {rate:.2g}% of the messages or more is excluded"
    )
    return Judgement(bool(sent), text, facts=facts | {"excluded_share": rate / 100})


def _some(tasks: Collection[str]) -> str:
    names = sorted(tasks, key=lambda task: (len(task), task))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
