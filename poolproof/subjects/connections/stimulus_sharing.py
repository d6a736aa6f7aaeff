"""Let the greenlets of one process use one connection: one after another, and at the same time."""

from __future__ import annotations

import socket
from contextlib import closing, suppress

from poolproof.host.waiting import until
from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.connections.seen import Readers, Uses

LETTERS = b"ab"
"""The data that the readers read: one letter for each."""
MORE = 2
"""How many more waves use an open connection, so that each slot uses it again."""
PAIRS = 12
"""How often two tasks wait to read one connection: a worker may behave otherwise after ten times."""


def use_database(lab: Lab, opened: str) -> Uses:
    """Let tasks use the application's connection, opened as `opened` says; see which one each got."""
    return _use_at_once(lab) if opened == "at_once" else _use_one_and_all(lab, opened)


def _use_one_and_all(lab: Lab, opened: str) -> Uses:
    """Let one task use the connection, which opens it, and then one in every slot, more than once."""
    worker = lab.start(words=("--include=opens_at_import",) if opened == "at_import" else ())
    task = "use_database_of_thread" if opened == "in_thread" else "use_database"
    slots = worker.cell.slots
    waves = [_wave(lab, (task,), count) for count in (1, *(slots,) * MORE)]
    return _uses(lab, opened, waves)


def _use_at_once(lab: Lab) -> Uses:
    """Let one task in every slot ask for the connection before the database has greeted any of them."""
    slots = lab.start().cell.slots
    with closing(Greeter()) as database:
        call = ("use_greeting_database", database.port)
        gate = lab.new_gate()
        tasks = lab.sender.send(*call, gate, count=slots)
        lab.reached("asking", tasks)
        lab.witness(asked_before_one_was_open=len(lab.events.seen("asking")))
        lab.wait(lambda: database.greeted() > 0 and lab.events.seen("used").issuperset(tasks), "used")
        first = _end_wave(lab, tasks, gate)
        return _uses(lab, "at_once", [first, *(_wave(lab, call, slots) for _ in range(MORE))])


def _wave(lab: Lab, call: tuple[object, ...], count: int) -> dict[str, int]:
    """Let `count` tasks use the connection at once; returns which connection each one used."""
    gate = lab.new_gate()
    tasks = lab.sender.send(str(call[0]), *call[1:], gate, count=count)
    lab.reached("used", tasks)
    return _end_wave(lab, tasks, gate)


def _end_wave(lab: Lab, tasks: tuple[str, ...], gate: str) -> dict[str, int]:
    """End a wave; returns which connection each task used that held one at the same time as the others."""
    at_once = lab.events.seen("used").intersection(tasks) - lab.events.seen("ended")
    lab.open_gate(gate)
    lab.ended(tasks)
    used = (event for event in lab.history().only(at_once).events if event.kind == "used")
    return {event.task: int(event.note) for event in used}


def _uses(lab: Lab, opened: str, waves: list[dict[str, int]]) -> Uses:
    lab.witness(tasks_ended=lab.events.count("ended"), uses_at_once=max(map(len, waves)))
    return Uses(opened, tuple(waves))


def read_at_once(lab: Lab, _worker: Worker) -> tuple[Readers, ...]:
    """Let two tasks wait to read one connection, again and again, until the second one does not fail."""
    pairs = list[Readers]()
    while len(pairs) < PAIRS and all(each.refused for each in pairs) and (pair := _read_at_once(lab)):
        pairs.append(pair)
    lab.witness(pairs_that_waited=len(pairs))
    return tuple(pairs)


def _read_at_once(lab: Lab) -> Readers | None:
    """Let two tasks wait to read one connection; when the second failed, or will not, let them read.

    None when not both of them came to the point of waiting.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        readers = [_reader(lab, server.getsockname()[1]) for _ in range(2)]
        if not lab.events.seen("waiting").issuperset(readers):
            return None
        refused = _let_read(lab, server, readers)
    return Readers(_note(lab, "read", readers[0]), refused)


def _let_read(lab: Lab, server: socket.socket, readers: list[str]) -> str:
    """Wait to see whether the second fails, then send a letter to each; returns its failure, or empty."""
    second = readers[1]
    failed = until(lambda: second in lab.events.seen("failed"))
    refused = f"{_note(lab, 'failed', second)}, {_note(lab, 'refused', second)}" if failed else ""
    with server.accept()[0] as connection:
        connection.sendall(LETTERS)
        lab.finished(readers)
    return refused


def _reader(lab: Lab, port: int) -> str:
    (task,) = lab.sender.send("read_shared", port)
    lab.reached("waiting", [task])
    return task


def _note(lab: Lab, kind: str, task: str) -> str:
    """The text of the task's first event of that kind; empty when there was none."""
    notes = (each.note for each in lab.events.events() if (each.kind, each.task) == (kind, task))
    return next(notes, "")


class Greeter:
    """A database of the run that sends a word to each client when `greeted` is called."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setblocking(False)
        self._connections: list[socket.socket] = []
        self.port: int = self._server.getsockname()[1]

    def greeted(self) -> int:
        """Greet each client that was not greeted yet; returns how many have been greeted."""
        with suppress(BlockingIOError):
            while True:
                connection = self._server.accept()[0]
                self._connections.append(connection)
                connection.sendall(LETTERS)
        return len(self._connections)

    def close(self) -> None:
        """Close every connection."""
        for each in (self._server, *self._connections):
            each.close()
