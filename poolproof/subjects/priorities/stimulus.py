"""Send messages by routes that give them a priority, and see in which order a worker fetches them."""

from __future__ import annotations

from poolproof.lab.lab import Lab
from poolproof.subjects.fetching.stimulus_asks import asks
from poolproof.subjects.priorities.seen import Order

EACH = 12
"""How many messages of each priority wait: of each priority alone they would have several turns."""
CRITICAL, NORMAL = 9, 5
"""The priorities of the documents' routes."""


def fetch_by_priority(lab: Lab, queues: str) -> Order:
    """Send normal and critical messages in turn, to one queue each or to one; start a worker on them.

    The worker gets its queues as the documents have them, the critical one first.
    """
    critical_in, normal_in = ("critical", "normal") if queues == "two" else ("critical", "critical")
    lab.sender.app.conf.task_routes = {
        "tasks.noop": {"queue": critical_in, "priority": CRITICAL},
        "tasks.echo": {"queue": normal_in, "priority": NORMAL},
    }
    critical, normal = [f"critical{n}" for n in range(EACH)], [f"normal{n}" for n in range(EACH)]
    for urgent, usual in zip(critical, normal, strict=True):
        lab.sender.app.send_task("tasks.echo", ("normal",), task_id=usual)
        lab.sender.app.send_task("tasks.noop", task_id=urgent)
    lists = sorted(lab.client.scan_iter(_type="LIST"))
    served = tuple(dict.fromkeys((critical_in, normal_in)))
    lab.start(queues=served)
    lab.ended((*critical, *normal))
    fetched = tuple(ask.task for ask in asks(lab, served) if ask.task)
    ended = len(lab.events.seen("ended"))
    lab.witness(lists_with_messages=len(lists), messages_fetched=len(fetched), tasks_ended=ended)
    return Order(frozenset(critical), frozenset(normal), fetched, tuple(lists))
