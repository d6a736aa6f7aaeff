"""Give a worker tasks that it takes ahead, and see which process runs them, and the requests for them."""

from __future__ import annotations

from dataclasses import replace

from poolproof.host.broker.commands import HELD
from poolproof.host.waiting import grow
from poolproof.lab.lab import QUEUE, Lab
from poolproof.lab.observe.contents import kept
from poolproof.lab.observe.wire import BrokerCommand
from poolproof.lab.worker import Worker, command
from poolproof.subjects.fetching.stimulus_asks import asks
from poolproof.subjects.prefetch.seen import Behind, Kept, Switched, Trips

QUICK = 7
"""How many quick tasks are sent behind a slow one: by default a worker of two slots takes all at once."""
STREAM = 60
MARK = "kept-by-whom"
"""A text in the arguments by which a message is found in the memory of a process."""
SWITCHES = {"unset": None, "two": 2, "ten": 10, "zero": 0}


def run_behind(lab: Lab, _worker: Worker) -> Behind:
    """Let one task hold its slot, send quick ones behind it, and see which of them run meanwhile."""
    gate = lab.new_gate()
    slow = lab.sender.send("hold", gate)
    quick = lab.sender.send("noop", count=QUICK)
    lab.started(slow)
    lab.ended(quick)
    events = lab.history().only((*slow, *quick)).events
    ran = {each.task: each.pid for each in events if each.kind == "ended"}
    holds = next((each.pid for each in events if (each.kind, each.task) == ("started", slow[0])), 0)
    lab.open_gate(gate)
    lab.ended((*slow, *quick))
    lab.witness(slow_tasks_started=int(holds > 0), tasks_ended=len(lab.events.seen("ended")))
    return Behind(holds, quick, ran)


def find_ahead(lab: Lab, worker: Worker) -> Kept:
    """Fill a worker with tasks that hold, and as many ahead as it takes; find each message in a process."""
    gate, count = lab.new_gate(), worker.cell.slots * (1 + max(worker.cell.prefetch, 1))
    marks = {f"{gate}-{MARK}-{n}.": "" for n in range(count)}
    for mark in marks:
        (marks[mark],) = lab.sender.send("hold", gate, mark)
    tasks = {task: mark for mark, task in marks.items()}
    lab.started(tasks, worker.cell.slots)
    grow(lambda: -lab.waiting(), 0)
    tree = worker.tree()
    kept_by = {pid: kept(pid, marks) for pid in tree.pids}
    begun = frozenset(lab.events.seen("started"))
    lab.open_gate(gate)
    lab.ended(tasks)
    lab.witness(tasks_ended=len(lab.events.seen("ended").intersection(tasks)))
    where = {task: frozenset(pid for pid in kept_by if mark in kept_by[pid]) for task, mark in tasks.items()}
    return Kept(
        worker.pid,
        frozenset(tree.pids) - {worker.pid},
        {task: where[task] for task in where if task in begun},
        {task: where[task] for task in where if task not in begun},
    )


def count_trips(lab: Lab, worker: Worker) -> Trips:
    """Send many messages at once, and count the commands that the worker sent because of them."""
    before = len(lab.wire.seen()) if lab.wire else 0
    tasks = lab.sender.send("noop", count=STREAM)
    lab.ended(tasks)
    lab.wait(lambda: lab.in_broker() == 0, "ended")
    brought = [ask for ask in asks(lab, [QUEUE]) if ask.task in tasks]
    seen = lab.wire.seen()[before:] if lab.wire else ()
    lab.witness(messages_fetched=len(brought), tasks_ended=len(lab.events.seen("ended").intersection(tasks)))
    requests = len({(ask.connection, ask.at) for ask in brought})
    return Trips(worker.cell.prefetch, len(brought), requests, _count(seen, "HSET"), _count(seen, "HDEL"))


def _count(seen: tuple[BrokerCommand, ...], name: str) -> int:
    """How often a command was sent that concerns the unacknowledged messages."""
    return sum(each.name == name and each.arguments[0] == HELD for each in seen)


def give_switch(lab: Lab, value: str) -> Switched:
    """Start a worker with this --prefetch-multiplier, or without it, and ask how many it may take."""
    given = SWITCHES[value]
    usual = command(lab.cell, "w1", (QUEUE,))
    line = [word for word in usual.line if not word.startswith("--prefetch-multiplier")]
    words = () if given is None else (f"--prefetch-multiplier={given}",)
    worker = lab.type(replace(usual, line=(*line, *words)))
    lab.wait_answer(worker)
    count = int(worker.reported(lab.sender.app).stats["prefetch_count"])
    tasks = lab.sender.send("noop")
    lab.ended(tasks)
    lab.witness(tasks_ended=lab.events.count("ended"))
    return Switched(given, lab.cell.concurrency, count)
