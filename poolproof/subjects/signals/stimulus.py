"""Send signals to a worker with full slots and a queue that is not empty, and follow each task."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from poolproof.host.waiting import until
from poolproof.lab.lab import Lab
from poolproof.lab.ledger import traces
from poolproof.lab.worker import Worker
from poolproof.subjects.signals.seen import Ending

BEHIND = 2
AHEAD = {"solo": 0, "eventlet": 1, "gevent": 1}
"""How many of the messages behind a worker fetches while its slots are full, if that is not all of them.

Solo fetches nothing while a task runs; a green pool has fetched one message that waits for a slot.
"""
AFTER = 2
"""Tasks that are sent when the worker has recorded the signals."""
SOON = 2.0
"""Seconds after which a worker that has recorded a polite signal, and is still alive, waits for its tasks."""
POLITE = (("SIGTERM",), ("SIGINT",))


def end_by(lab: Lab, signals: Sequence[str]) -> Ending:
    """Fill every slot, send these signals to the main process, and see what ends, is kept and is lost."""
    worker = lab.start()
    gate = lab.new_gate()
    running = lab.sender.send("hold", gate, count=worker.cell.slots, prefix="running")
    lab.started(running)
    behind = lab.sender.send("noop", count=BEHIND, prefix="behind")
    left = BEHIND - AHEAD.get(worker.cell.pool, BEHIND)
    until(lambda: lab.waiting() <= left and _kept(lab).issuperset(behind))
    struck = lab.events.count("started")
    for n, name in enumerate(signals):
        _send(lab, worker, signal.Signals[name], None if tuple(signals[: n + 1]) in POLITE else SOON)
    after = lab.sender.send("noop", count=AFTER, prefix="after")
    cut = bool(until(lambda: not worker.alive, SOON if tuple(signals) in POLITE else None))
    lab.open_gate(gate)
    until(lambda: not worker.alive)
    lab.witness(tasks_running=struck)
    begun = frozenset(lab.history().tasks("started")[struck:])
    ended, kept = frozenset(lab.events.seen("ended")), _kept(lab)
    return Ending(tuple(signals), running, behind, after, ended, begun, kept, worker.exit_status, cut)


def _send(lab: Lab, worker: Worker, signum: signal.Signals, within: float | None) -> None:
    """Send one signal; return when the worker has recorded it, or has ended.

    A worker that ends by force records it after the attempt, which some pools make as long as a task runs.
    """
    before = lab.events.count("shutting-down")
    lab.strike(worker.pid, signum)
    until(lambda: lab.events.count("shutting-down") > before or not worker.alive, within)


def _kept(lab: Lab) -> frozenset[str]:
    """The tasks whose messages are in the queue, or are held for a worker that has not acknowledged them."""
    found = traces(lab, ())
    return frozenset((*found.waiting, *found.unacknowledged))
