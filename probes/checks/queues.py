"""Judges the order in which several queues are served."""

from __future__ import annotations

from collections import Counter

from probes.judgement import Judgement, check
from probes.observations.queues import Fetches


@check
def earlier_queue_first(fetches: Fetches) -> Judgement:
    """True when no message was fetched from a queue while one that stands before it still held messages.

    Judged by what each queue held at the start: what was added later may have come too late for a fetch.
    """
    left = Counter(fetches.filled)
    queues = list(fetches.filled)
    asked = f"; BRPOP asked for {' then '.join(fetches.asked[:3])}"
    for number, queue in enumerate(fetches.order, start=1):
        earlier = next((name for name in queues[: queues.index(queue)] if left[name] > 0), None)
        if earlier:
            return Judgement(
                False, f"fetch {number} was from {queue} while {earlier} still held {left[earlier]}{asked}"
            )
        left[queue] -= 1
    counts = Counter(fetches.order)
    shares = ", ".join(f"{queue} {counts[queue]}" for queue in queues)
    return Judgement(bool(fetches.order), f"{len(fetches.order)} fetches in the order of -Q: {shares}{asked}")
