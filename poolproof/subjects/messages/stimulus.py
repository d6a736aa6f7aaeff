"""Call a task from a client's process, let a worker run it, and collect the commands that the relay saw."""

from __future__ import annotations

from collections.abc import Sequence

from poolproof.host.waiting import grow, until
from poolproof.lab.lab import Lab
from poolproof.lab.observe.wire import BrokerCommand
from poolproof.lab.results import KEY
from poolproof.lab.worker import READY_WITHIN, SHORTER_START, WorkerCommand
from poolproof.model.errors import Void
from poolproof.model.history import Event
from poolproof.subjects.cli.stimulus import DEFAULT_QUEUE, await_start
from poolproof.subjects.messages.seen import Answer, Call, Encoded, Exchange, Pushed
from probes.shared.printed import document_003

CALLS = 12
"""How many calls the client makes: a worker that is right ten times may still go wrong."""
SERVED = (document_003.BASIC, DEFAULT_QUEUE)
"""The queues to which a call may go: that of its module, and Celery's default."""


def round_trip(lab: Lab) -> Exchange:
    """Let a client call `add`, a worker run it, and the client ask for the results once all are stored."""
    worker = lab.type(_line(lab))
    client = lab.run_client(str(CALLS), gate := lab.new_gate())
    await_start(worker)
    if not until(lambda: len(_sent(lab)) == CALLS, READY_WITHIN):
        raise Void(f"the client made {len(_sent(lab))} of {CALLS} calls")
    grow(lambda: _stored_results(lab), CALLS)
    lab.open_gate(gate)
    return _collect(lab, client)


def ask_for_results(lab: Lab, when: str) -> Exchange:
    """Let the client ask for its results when they are `stored`, or be `waiting` for them."""
    return round_trip(lab) if when == "stored" else _wait_for_results(lab)


def _wait_for_results(lab: Lab) -> Exchange:
    """Let a client call `add` and ask for its result before there is a worker; it asks after each call.

    Where a result never comes, the client makes no further call, and the missing result is judged.
    """
    client = lab.run_client(str(CALLS))
    until(lambda: bool(_asked(lab, client)), READY_WITHIN)  # a client that never asks gives no witness
    asked = len(_asked(lab, client))
    await_start(lab.type(_line(lab)))
    exchange = _collect(lab, client)
    lab.witness(asked_before_there_was_a_worker=asked)
    return exchange


def _line(lab: Lab) -> WorkerCommand:
    cell = lab.cell
    pool = (
        f"--pool={cell.pool}",
        f"--concurrency={cell.concurrency}",
        f"--prefetch-multiplier={cell.prefetch}",
    )
    words = ("-A", document_003.APPLICATION, "worker", *pool, f"--queues={','.join(SERVED)}", *SHORTER_START)
    return WorkerCommand(cell, "w1", words)


def _sent(lab: Lab) -> list[Event]:
    return [event for event in lab.history().events if event.kind == "sent"]


def _seen(lab: Lab) -> tuple[BrokerCommand, ...]:
    return lab.wire.seen() if lab.wire else ()


def _asked(lab: Lab, client: int) -> list[BrokerCommand]:
    """Each time that the client asked Redis for a result."""
    return [
        command
        for command in _seen(lab)
        if command.name == "GET" and command.pid == client and command.arguments[0].startswith(KEY)
    ]


def _stored_results(lab: Lab) -> int:
    """How many of the calls have a key in Redis that ends with their id."""
    return sum(bool(_stored(lab, event.task)) for event in _sent(lab))


def _stored(lab: Lab, task: str) -> dict[str, str]:
    keys = list(lab.client.scan_iter(match=f"*{task}", count=1000, _type="STRING"))
    return {key: str(lab.client.get(key)) for key in keys}


def _pushed(commands: Sequence[BrokerCommand], task: str) -> tuple[Pushed, ...]:
    """Every message of the task that was put into a queue, as its connection wrote it."""
    return tuple(
        Pushed(command.arguments[0], text, command.pid, command.at)
        for command in commands
        if command.name == "LPUSH"
        for text in command.arguments[1:]
        if task in text
    )


def _collect(lab: Lab, client: int) -> Exchange:
    grow(lambda: lab.events.count("got"), CALLS)
    if stopped_calling(len(_sent(lab)), lab.events.count("got")):
        raise Void(f"the client made {len(_sent(lab))} of {CALLS} calls, and got all their results")
    calls = tuple(_call(lab, client, event) for event in _sent(lab))
    if 0 in {each.pid for call in calls for each in call.pushed}:
        raise Void("the relay knows no process for a message that was pushed")
    _prove(lab, calls)
    encoded = [event for event in lab.history().events if _of_a_body(event)]
    return Exchange(client, calls, tuple(Encoded(event.pid, event.at) for event in encoded))


def stopped_calling(sent: int, got: int) -> bool:
    """Whether a client made too few calls, though no result was missing that would have kept it waiting."""
    return sent < CALLS and sent == got


def _call(lab: Lab, client: int, sent: Event) -> Call:
    x, y = map(int, sent.note.split())
    asked = [command for command in _asked(lab, client) if sent.task in command.arguments[0]]
    messages = lab.wire.messages if lab.wire else []
    published = [each for each in messages if each.pid == client and each.channel.endswith(sent.task)]
    answers = [Answer(each.arguments[0], _text(each.reply)) for each in asked]
    got = (each.note for each in lab.events.events() if (each.kind, each.task) == ("got", sent.task))
    return Call(
        task=sent.task,
        arguments=(x, y),
        pushed=_pushed(_seen(lab), sent.task),
        stored=_stored(lab, sent.task),
        answers=(*answers, *(Answer(each.channel, each.text) for each in published)),
        got=next(got, ""),
    )


def _prove(lab: Lab, calls: Sequence[Call]) -> None:
    """Prove that messages were sent, and that the worker ran those that it can get."""
    pushed = [each for call in calls for each in call.pushed]
    lab.witness(messages=len(pushed))
    if any(each.queue in SERVED for each in pushed):
        ended = lab.events.seen("ended")
        lab.witness(tasks_ended=sum(call.task in ended for call in calls))


def _of_a_body(event: Event) -> bool:
    """Whether an event is the encoding of arguments: a result says whose it is, a body does not."""
    return event.kind == "encoded" and not event.task


def _text(reply: object) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else ""
