"""Hold more tasks than run at once, end one after another, and see which ran at the same time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from poolproof.host.waiting import until
from poolproof.lab.lab import QUEUE, Lab
from poolproof.lab.worker import READY_WITHIN, Worker, command
from poolproof.model.errors import Void
from poolproof.subjects.concurrency.seen import Overlap, Reported, Span

BESIDE = "beside"
SINGLY = 4
"""How many tasks are ended singly: each time another one begins, so that one slot too many would be seen."""
BEHIND = 2
"""How many more wait behind those, so that a slot is never free because no task waits."""
FIRST = 50
"""How many tasks run before those that hold: a worker may run more at once after its first tasks."""
LAST = 50
"""How many short tasks wait behind those, so that the worker is seen under load as well. More tasks that hold
wait behind these: a worker that fills its slots at first may not do so later."""
Part = tuple[tuple[str, ...], Mapping[str, str]]
"""The tasks of a stream, and the gate of each task that holds behind them."""
SLEEPERS, LONG = 5, 0.5
"""Tasks, and the seconds that each sleeps: much longer than a busy machine needs to begin another."""
SHORT = 0.005
"""Seconds that each of the short tasks waits, so that their spans overlap if they run at once."""


def overlap_tasks(lab: Lab, worker: Worker, queue: str = QUEUE) -> Overlap:
    """Send two streams, and behind each tasks that hold at a gate each; open some gates singly, then all.

    That more tasks were sent than ran at once is no witness, because a pool without a limit runs all of them.
    """
    streams = (("noop", (), FIRST), ("io_sleep", (SHORT,), LAST))
    parts = [_send_part(lab, worker, queue, *stream) for stream in streams]
    sent = tuple(task for stream, gate_of in parts for task in (*stream, *gate_of))
    kept = [running for part in parts for running in _end_singly(lab, worker, part, sent)]
    lab.ended(sent)
    spans = _spans(lab, sent)
    lab.witness(tasks_ended=len(spans))
    return Overlap(sent, spans, tuple(kept))


def _send_part(
    lab: Lab, worker: Worker, queue: str, name: str, arguments: tuple[object, ...], count: int
) -> Part:
    """A stream of short tasks, and more tasks than run at once, each with a gate of its own."""
    stream = lab.sender.send(name, *arguments, count=count, queue=queue)
    gates = [lab.new_gate() for _ in range(worker.cell.slots + SINGLY + BEHIND)]
    return stream, {lab.sender.send("hold", gate, queue=queue, tagged=True)[0]: gate for gate in gates}


def _end_singly(lab: Lab, worker: Worker, part: Part, sent: Collection[str]) -> list[int]:
    """When the tasks after a stream hold, end them one after another, then all; how many ran before each."""
    stream, gate_of = part
    lab.started(gate_of, worker.cell.slots)
    lab.ended(stream)
    kept = [_end_one(lab, gate_of, sent) for _ in range(SINGLY)]
    for gate in gate_of.values():
        lab.open_gate(gate)
    return kept


def compare_concurrency(lab: Lab) -> tuple[Reported, Reported]:
    """Ask a worker, and a prefork one with -c 1, for their concurrency, and see how many tasks each runs."""
    worker = lab.start()
    beside = lab.start(cell=replace(worker.cell, pool="prefork", concurrency=1), queues=(BESIDE,))
    return _report(lab, worker, QUEUE), _report(lab, beside, BESIDE)


def sleep_together(lab: Lab, chosen: str) -> Overlap:
    """Start a worker whose pool is chosen by its switch or by a setting, and let some tasks sleep in it.

    The banner shows which pool it has, because such a worker may not answer.
    """
    line = command(lab.cell, "w1", [QUEUE])
    words = tuple(word for word in line.line if chosen == "switch" or not word.startswith("--pool="))
    worker = lab.type(replace(line, line=words))
    if not until(lambda: worker.announced, READY_WITHIN):
        raise Void(f"the worker did not become ready: {worker.last_words()}")
    sent = lab.sender.send("io_sleep", LONG, count=SLEEPERS)
    lab.ended(sent)
    spans = _spans(lab, sent)
    banner = f"({lab.cell.pool})" in worker.log.read_text(errors="replace")
    lab.witness(messages_taken=len(sent) - lab.waiting(), workers_with_the_pool=int(banner))
    return Overlap(sent, spans)


def _report(lab: Lab, worker: Worker, queue: str) -> Reported:
    name = f"{worker.command.name}@poolproof"
    inspect = lab.sender.app.control.inspect(destination=[name], limit=1, timeout=2)
    answers = until(inspect.stats) or {}
    overlap = overlap_tasks(lab, worker, queue)
    lab.witness(**{f"{worker.cell.pool}_reported": len(answers)})
    return Reported(worker.cell.pool, answers[name]["pool"]["max-concurrency"], overlap.at_once)


def _running(lab: Lab, tasks: Collection[str]) -> list[str]:
    """The tasks that have begun and not ended, in the order in which they began."""
    ended = lab.events.seen("ended")
    return [task for task in lab.history().only(tasks).tasks("started") if task not in ended]


def _end_one(lab: Lab, gate_of: Mapping[str, str], sent: Collection[str]) -> int:
    """Open the gate of the task that has run longest, wait until another has begun; how many ran before."""
    running, before = _running(lab, sent), len(lab.events.seen("started").intersection(sent))
    if held := [task for task in running if task in gate_of]:
        lab.open_gate(gate_of[held[0]])
        lab.ended(held[:1])
        lab.started(sent, before + 1)
    return len(running)


def _spans(lab: Lab, tasks: Collection[str]) -> tuple[Span, ...]:
    events = lab.history().only(tasks).events
    ends = {event.task: event.at for event in events if event.kind == "ended"}
    return tuple(
        Span(event.task, event.at, ends[event.task])
        for event in events
        if event.kind == "started" and event.task in ends
    )
