"""Call a task from a client's process, have a worker run it, and keep what went over the wire meanwhile."""

from __future__ import annotations

from probes.deadline import until
from probes.errors import Void
from probes.lab import Lab
from probes.observations.messages import Answer, Encoded, Exchange, Pushed
from probes.observe.wire import Command
from probes.stimuli.command_lines import await_start
from probes.worker import READY_WITHIN, SHORTER_START, multiplier
from probes.worker import Command as Line

GATE = "ask"


def round_trip(lab: Lab) -> Exchange:
    """Let a client call `add(3, 5)`, a worker run it, and the client ask for the result once it is stored."""
    worker = lab.type(_line(lab))
    client = lab.run_client(GATE)
    await_start(worker)
    if until(lambda: _task(lab), READY_WITHIN):
        until(lambda: _stored(lab))
    lab.open_gate(GATE)
    until(lambda: lab.events.count("got"))
    return _collect(lab, client)


def _line(lab: Lab) -> Line:
    """A worker of both queues to which the call may go: that of its module, and Celery's default."""
    cell = lab.cell
    pool = (f"--pool={cell.pool}", f"--concurrency={cell.concurrency}", *multiplier(cell))
    words = ("-A", "celery_app", "worker", *pool, "--queues=basic,celery", *SHORTER_START)
    return Line(cell, "w1", words)


def _task(lab: Lab) -> str:
    return next(iter(lab.events.seen("sent")), "")


def _seen(lab: Lab) -> tuple[Command, ...]:
    return lab.wire.seen() if lab.wire else ()


def _pushed(lab: Lab, task: str) -> tuple[Pushed, ...]:
    """Every message of the task that was put into a queue, as its connection wrote it."""
    commands = [command for command in _seen(lab) if command.name == "LPUSH"]
    return tuple(
        Pushed(command.arguments[0], text, command.pid, command.at)
        for command in commands
        for text in command.arguments[1:]
        if task in text
    )


def _stored(lab: Lab) -> dict[str, str]:
    """What Redis holds under keys that end with the task's id."""
    keys = list(lab.client.scan_iter(match=f"*{_task(lab)}", count=1000, _type="STRING"))
    return {key: str(lab.client.get(key)) for key in keys}


def _collect(lab: Lab, client: int) -> Exchange:
    task, events = _task(lab), lab.history().events
    asked = [command for command in _seen(lab) if command.name == "GET" and task in command.arguments[0]]
    exchange = Exchange(
        client=client,
        task=task,
        pushed=_pushed(lab, task) if task else (),
        encoded=tuple(Encoded(each.pid, each.at) for each in events if _of_a_body(each.kind, each.task)),
        stored=_stored(lab) if task else {},
        answers=tuple(
            Answer(each.pid, each.arguments[0], _text(each.reply)) for each in asked if each.pid == client
        ),
        got=next((each.note for each in events if each.kind == "got"), ""),
    )
    if 0 in {*(each.pid for each in exchange.pushed), *(each.pid for each in asked)}:
        raise Void("the relay knows no process for a command that concerns the task")
    ended = [each for each in events if each.kind == "ended" and each.task == task]
    lab.witness(
        messages=len(exchange.pushed),
        tasks_ended=len(ended),
        results=sum(each.kind == "got" for each in events),
    )
    return exchange


def _of_a_body(kind: str, task: str) -> bool:
    """Whether an event is the encoding of arguments: a result says whose it is, a body does not."""
    return kind == "encoded" and not task


def _text(reply: object) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else ""
