"""Send a stream of messages as fast as the workers take them, and wait until nothing more happens."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import groupby

from poolproof.host.waiting import LOOK, patience, until
from poolproof.lab.lab import QUEUE, Lab
from poolproof.model.errors import Void
from poolproof.subjects.delivery.seen import Delivery

AHEAD_AT_FIRST = 4
LEAST_AHEAD = 2
SECONDS_AHEAD = 0.5
"""The broker holds the messages that workers need for this long, so that a slow cell ends near its time."""
FAIR = 1.0
"""Seconds before which a rate is not used: one message, taken at once, would suggest hundreds."""
LEAST = 30
"""Fewer messages than this prove nothing: a worker that spoils every tenth would often pass.
They may take longer than the tier's time."""
STORED = 5
"""The result of every fifth message is stored, because a worker may handle such messages in another way.
Those of all would be too slow: in a green pool each result costs the worker a new connection."""
FENCE = "fence"
"""The prefix of the queues that one worker alone serves, and of the ids of the tasks in them."""


def stream_messages(lab: Lab, *, workers: int) -> Delivery:
    """Send the tier's number of messages to competing workers, or as many as they process in its time.

    No client reads the results. A worker that died after taking messages does not void the trial.
    """
    queues = [f"{FENCE}{n}" for n in range(workers)]
    for worker in [lab.launch((QUEUE, queue)) for queue in queues]:
        lab.wait_ready(worker)
        lab.may_end(worker)
    sent = _send(lab)
    lab.wait(lambda: _drained(lab, sent), "ended")
    fence = _fence(lab, queues) if _drained(lab, sent) else ()
    delivery = Delivery(sent, lab.history(), lab.left_in_broker(), lab.site.messages, fence)
    _prove(lab, delivery)
    return delivery


def _prove(lab: Lab, delivery: Delivery) -> None:
    """Prove that messages were taken out of the queue; what happened to them is the claim.

    If all of them ran and none is left, each worker must have run some, and there must be enough of them.
    """
    sent = delivery.sent
    lab.witness(messages=len(sent), messages_taken=len(sent) - lab.waiting())
    if delivery.left or not set(delivery.history.tasks("ended")).issuperset(sent):
        return
    names = [worker.command.name for worker in lab.workers]
    own = {name: len(set(sent).intersection(lab.events.starts_of(name))) for name in names}
    lab.witness(**{f"tasks_started_by_{name}": count for name, count in own.items()})
    if len(sent) < (least := min(LEAST, lab.site.messages)):
        raise Void(f"too few to tell: {len(sent)} messages, and {least} are the least")


def _send(lab: Lab) -> tuple[str, ...]:
    begin = time.monotonic()
    sent: list[str] = []
    while len(sent) < lab.site.messages:
        elapsed = time.monotonic() - begin
        left = lab.site.seconds - elapsed if len(sent) >= LEAST else patience()
        if left <= 0:
            break
        ahead = _ahead(lab, elapsed)
        count = min(ahead, lab.site.messages - len(sent))
        sent += _send_some(lab, len(sent), count)
        if not until(lambda enough=ahead: lab.in_broker() < enough, min(left, patience()), LOOK):  # type: ignore[misc]
            break
    return tuple(sent)


def _send_some(lab: Lab, already: int, count: int) -> Iterator[str]:
    """Send `count` more messages; of all that were sent, the result of every STORED-th one is stored."""
    for stored, run in groupby(range(already + 1, already + 1 + count), lambda number: number % STORED == 0):
        yield from lab.sender.send("noop", count=len([*run]), ignore_result=not stored)


def _ahead(lab: Lab, elapsed: float) -> int:
    """How many messages the broker should hold now: enough for all slots, and for the next half second."""
    rate = lab.events.count("ended") / max(elapsed, FAIR)
    least = AHEAD_AT_FIRST if elapsed < FAIR else LEAST_AHEAD
    return max(least, lab.cell.concurrency, round(rate * SECONDS_AHEAD))


def _drained(lab: Lab, sent: tuple[str, ...]) -> bool:
    return lab.in_broker() == 0 and len(lab.events.seen("ended")) >= len(sent)


def _fence(lab: Lab, queues: Sequence[str]) -> tuple[str, ...]:
    """Fill every slot of every worker with tasks that hold, release them, and return them.

    A pool begins its tasks in the order in which it received them: when all of these run, no second run of
    an earlier message can still wait or continue. Each worker has a queue of its own for them.
    """
    gate = lab.new_gate()
    tasks = [
        task
        for worker, queue in zip(lab.workers, queues, strict=True)
        if worker.alive
        for task in lab.sender.send(
            "hold", gate, count=worker.cell.slots, queue=queue, prefix=FENCE, ignore_result=True
        )
    ]
    lab.started(tasks)
    lab.open_gate(gate)
    lab.wait(lambda: lab.events.seen("ended").issuperset(tasks) and lab.in_broker() == 0, "ended")
    return tuple(tasks)
