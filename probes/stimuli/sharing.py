"""Have the greenlets of one process use one connection: one after another, beside one another, at once."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing, suppress

from probes.deadline import until
from probes.lab import Lab
from probes.observations.connections import Readers, Uses
from probes.stimuli.streaming import settle
from probes.worker import Worker

LETTERS = b"ab"
"""What there is to read: a letter for each reader, if both are let."""


def use_database(lab: Lab, opened: str) -> Uses:
    """Have tasks use the application's connection, opened as `opened` says; see which each got."""
    return _use_at_once(lab) if opened == "at_once" else _use_one_and_all(lab, opened)


def _use_one_and_all(lab: Lab, opened: str) -> Uses:
    """Have one task use the connection, so that it is open, and then one in every slot."""
    worker = lab.start(words=("--include=opens_at_import",) if opened == "at_import" else ())
    task = "use_database_of_thread" if opened == "in_thread" else "use_database"
    lab.open_gate("one")
    tasks = lab.sender.send(task, "one")
    _settle(lab, lambda: lab.events.seen("ended").issuperset(tasks))
    tasks += (together := lab.sender.send(task, "all", count=worker.cell.slots))
    _settle(lab, lambda: lab.events.seen("used").issuperset(tasks))
    return _uses(lab, opened, tasks, together)


def _use_at_once(lab: Lab) -> Uses:
    """Have one task in every slot ask for the connection before the database has greeted any of them."""
    worker = lab.start()
    with closing(Greeter()) as database:
        tasks = lab.sender.send("use_greeting_database", database.port, "all", count=worker.cell.slots)
        _settle(lab, lambda: lab.events.seen("asking").issuperset(tasks))
        asked = lab.events.seen("asking").intersection(tasks)
        _settle(lab, lambda: database.greeted() > 0 and lab.events.seen("used").issuperset(tasks))
        lab.witness(tasks_asked=len(asked), all_asked_before_one_was_open=int(len(asked) == len(tasks)))
        return _uses(lab, "at_once", tasks, tasks)


def _uses(lab: Lab, opened: str, tasks: tuple[str, ...], together: tuple[str, ...]) -> Uses:
    """Let the tasks end that hold a connection at once; which one each used."""
    beside = lab.events.seen("used").intersection(together) - lab.events.seen("ended")
    lab.open_gate("all")
    _settle(lab, lambda: lab.events.seen("ended").issuperset(tasks))
    ports = {event.task: int(event.note) for event in lab.history().events if event.kind == "used"}
    lab.witness(tasks_ended=lab.events.count("ended"), all_used_at_once=int(len(beside) == len(together)))
    return Uses(opened, ports)


def read_at_once(lab: Lab, _worker: Worker) -> Readers:
    """Have two tasks wait to read one connection; when the second failed, or will not, let them read."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        readers = [_reader(lab, server.getsockname()[1]) for _ in range(2)]
        waiting = lab.events.seen("waiting").issuperset(readers)
        refused = _let_read(lab, server, readers) if waiting else ""
    read = lab.events.seen("read").intersection(readers)
    lab.witness(both_waited=int(waiting), one_read=len(read))
    return Readers(_note(lab, "read", readers[0]), refused)


def _let_read(lab: Lab, server: socket.socket, readers: list[str]) -> str:
    """Wait for the second one to fail, or not to; send a letter to each; returns how it failed."""
    second = readers[1]
    failed = until(lambda: second in lab.events.seen("failed"))
    refused = f"{_note(lab, 'failed', second)}, {_note(lab, 'refused', second)}" if failed else ""
    with server.accept()[0] as connection:
        connection.sendall(LETTERS)
        _settle(lab, lambda: (lab.events.seen("ended") | lab.events.seen("failed")).issuperset(readers))
    return refused


def _reader(lab: Lab, port: int) -> str:
    (task,) = lab.sender.send("read_shared", port)
    _settle(lab, lambda: task in lab.events.seen("waiting"))
    return task


def _note(lab: Lab, kind: str, task: str) -> str:
    """What the task had to say with its first event of that kind; empty when there was none."""
    notes = (each.note for each in lab.events.events() if (each.kind, each.task) == (kind, task))
    return next(notes, "")


class Greeter:
    """A database of the run that says a word to who connects, when it is told to."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setblocking(False)
        self._connections: list[socket.socket] = []
        self.port: int = self._server.getsockname()[1]

    def greeted(self) -> int:
        """Greet all who have connected and have not been greeted yet; how many now have been."""
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


def _settle(lab: Lab, done: Callable[[], bool]) -> None:
    settle(lambda: len(lab.events.events()), done)
