"""Let a worker idle, send it messages one at a time and many at once, and see how it requested them."""

from __future__ import annotations

import time
from collections.abc import Sequence

from poolproof.host.waiting import grow
from poolproof.lab.lab import QUEUE, Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.fetching.seen import Ask, Fetching, Probe
from poolproof.subjects.fetching.stimulus_asks import asks, commands

SILENT = 3
"""How many consecutive requests of an idle worker without a message are observed."""
PROBES = 3
AT_ONCE = 30
LONG = 0.5
FRESH = 0.7
"""How much of a long request's time may be over when a message is sent, so that it certainly still waits."""


def watch_fetching(lab: Lab, worker: Worker) -> Fetching:
    """Watch an idle worker, then one that gets messages; claims of one lifetime judge one observation."""
    fetching, seen = lab.once("fetching", lambda: _watch(lab, worker))
    lab.witness(**seen)
    return fetching


def _watch(lab: Lab, worker: Worker) -> tuple[Fetching, dict[str, int]]:
    begun = len(commands(lab, [QUEUE]))
    grow(lambda: len(commands(lab, [QUEUE])), begun + SILENT)
    idle = tuple(each.at for each in commands(lab, [QUEUE])[begun:])
    probes = tuple(filter(None, (_probe(lab) for _ in range(PROBES))))
    sent = lab.sender.send("noop", count=AT_ONCE)
    lab.ended(sent)
    seen = asks(lab, [QUEUE])
    ended = len(lab.events.seen("ended").intersection(sent))
    proof = {"requests": len(seen), "tasks_ended": ended, "messages_to_an_idle_worker": len(probes)}
    return Fetching(worker.pid, seen, idle, probes, sent), proof


def _probe(lab: Lab) -> Probe | None:
    """Send one message to the idle worker; None when the waiting request may have been over by then."""
    before = len(commands(lab, [QUEUE]))
    grow(lambda: len(commands(lab, [QUEUE])), before + 1)
    pending = asks(lab, [QUEUE])[-1:]
    sent = time.monotonic_ns()
    (task,) = lab.sender.send("noop")
    done = time.monotonic_ns()
    lab.ended([task])
    if not pending or (
        pending[0].timeout >= LONG and done - pending[0].at > FRESH * pending[0].timeout * 1e9
    ):
        return None
    return next((Probe(task, sent, ask.at) for ask in asks(lab, [QUEUE]) if ask.task == task), None)


def fetch_one_from_each(lab: Lab, queues: Sequence[str]) -> tuple[tuple[Ask, ...], dict[str, str]]:
    """Put one message into each queue, the last one first, then start a worker with `-Q` in their order."""
    sent = {queue: lab.sender.send("noop", queue=queue)[0] for queue in reversed(queues)}
    lab.start(queues=queues)
    lab.ended(sent.values())
    seen = asks(lab, queues)
    lab.witness(messages_fetched=sum(bool(ask.task) for ask in seen), queues=len(queues))
    return seen, sent
