"""Judges the order in which several queues are served."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from poolproof.model.judgement import Judgement, check
from poolproof.subjects.queues.seen import Fetches

TURNS = 2
"""How often all queues must have had their turn, to see that they take turns."""


@check
def earlier_queue_first(fetches: Fetches) -> Judgement:
    """True when no message was fetched from a queue while an earlier queue still held messages.

    Only the messages that each queue held at the start count: those added later may have come after a fetch.
    """
    left = Counter(fetches.filled)
    queues = list(fetches.filled)
    requested = f"; BRPOP asked for {' then '.join(fetches.requested[:3])}"
    for number, queue in enumerate(fetches.order, start=1):
        earlier = next((name for name in queues[: queues.index(queue)] if left[name] > 0), None)
        if earlier:
            text = f"fetch {number} was from {queue} while {earlier} still held {left[earlier]}{requested}"
            return Judgement(False, text, facts=_facts(fetches, number - 1))
        left[queue] -= 1
    counts = Counter(fetches.order)
    shares = ", ".join(f"{queue} {counts[queue]}" for queue in queues)
    planned = sum(fetches.filled.values())
    many = len(fetches.order)
    text = f"{many} fetches, of at least {planned} planned, in the order of -Q: {shares}{requested}"
    return Judgement(bool(fetches.order), text, facts=_facts(fetches, many))


@check
def served_in_turn(fetches: Fetches) -> Judgement:
    """True when, while every queue held messages, each fetch was from the queue that had waited longest.

    All queues must have had their turn more than once.
    """
    left, waited = Counter(fetches.filled), list(fetches.filled)
    fair = 0
    for number, queue in enumerate(fetches.order, start=1):
        if min(left[name] for name in fetches.filled) <= 0:
            break
        # The turns before the first one are unknown.
        if number > len(waited) and queue != waited[0]:
            text = f"fetch {number} was from {queue}, and the turn was {waited[0]}'s"
            return Judgement(False, text, facts=_facts(fetches, fair))
        waited.remove(queue)
        waited.append(queue)
        left[queue] -= 1
        fair = number
    first = fetches.order[: len(waited)]
    right = fair >= TURNS * len(waited) and len(set(first)) == len(waited)
    text = f"{fair} fetches while every queue held messages, in turn: {', '.join(first)} and so on"
    return Judgement(right, text, facts=_facts(fetches, fair))


def _facts(fetches: Fetches, in_order: int) -> Mapping[str, int]:
    return {"all_fetches": len(fetches.order), "in_order_fetches": in_order}
