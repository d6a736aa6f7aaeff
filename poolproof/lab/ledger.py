"""Makes the ledger of a lifetime: finds every message that the broker holds, and every result."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from poolproof.host.broker.commands import HELD
from poolproof.lab.lab import Lab
from poolproof.lab.results import state
from poolproof.model.ledger import Ledger, Traces


def ledger(lab: Lab, sent: Sequence[str]) -> Ledger:
    """The state of each of these messages now."""
    return Ledger.of(sent, lab.history().events, traces(lab, sent))


def traces(lab: Lab, sent: Sequence[str]) -> Traces:
    """Where these messages are now; the queues and the hash are read at one moment."""
    lists = [key for key in lab.client.scan_iter(count=1000, _type="LIST") if not key.endswith("pidbox")]
    with lab.client.pipeline(transaction=True) as together:
        together.hvals(HELD)
        for key in lists:
            together.lrange(key, 0, -1)
        unacknowledged, *queues = together.execute()
    return Traces(
        waiting=frozenset(_ids(json.loads(raw) for queue in queues for raw in queue)),
        unacknowledged=frozenset(_ids(json.loads(raw)[0] for raw in unacknowledged)),
        answers={task: found for task in sent if (found := state(lab, task))},
    )


def _ids(messages: Iterator[Any]) -> Iterator[str]:
    """The tasks of messages; a list may hold others, such as a worker's replies."""
    for message in messages:
        if task := message.get("headers", {}).get("id"):
            yield str(task)
