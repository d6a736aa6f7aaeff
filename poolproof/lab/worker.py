"""A real `celery worker`, started by a command line and controlled as an operator would do it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from celery import Celery

from poolproof import ROOT
from poolproof.host.supervisor import Supervisor
from poolproof.host.waiting import until
from poolproof.lab.environment import kept
from poolproof.lab.in_force import Reported
from poolproof.lab.observe.events import EventLog
from poolproof.lab.observe.processes import pss_mib, spawned, tree
from poolproof.lab.observe.sockets import Socket, broker_sockets
from poolproof.model.cells import Cell
from poolproof.model.errors import Void
from poolproof.model.history import Event
from poolproof.model.processes import Tree
from probes.shared.settings import Settings

SHORTER_START = ("--without-mingle", "--without-gossip")
READY_WITHIN = 60.0
PROJECTS = ROOT / "probes" / "projects"
"""The applications that documents print; a worker imports them as it would import its user's."""


@dataclass(frozen=True, slots=True)
class WorkerCommand:
    """The command line of one worker: `line` is what an operator would type after `celery`.

    `program` is what Python runs: Celery's module, or the script `celery` of an operator.
    """

    cell: Cell
    name: str
    line: tuple[str, ...]
    program: tuple[str, ...] = ("-m", "celery")

    def __str__(self) -> str:
        setting = () if self.cell.prefetch else ("# with worker_prefetch_multiplier = 0",)
        return " ".join(("celery", *self.line, *setting))


def command(
    cell: Cell, name: str, queues: Sequence[str], *, documented: bool = False, words: Sequence[str] = ()
) -> WorkerCommand:
    """The usual command line of a cell; with `documented` it has no switches that shorten its start."""
    line = (
        "-A", "probes.app", "worker", "--loglevel=info",
        f"--pool={cell.pool}", f"--concurrency={cell.concurrency}",
        *multiplier(cell), f"--queues={','.join(queues)}",
        f"--hostname={name}@poolproof",
        *(() if documented else SHORTER_START), *words,
    )  # fmt: skip
    return WorkerCommand(cell, name, line)


def multiplier(cell: Cell) -> tuple[str, ...]:
    """The switch for the prefetch multiplier; none for no limit, which is a setting (see variants.py)."""
    return (f"--prefetch-multiplier={cell.prefetch}",) if cell.prefetch else ()


def environment(settings: Settings, folder: Path) -> dict[str, str]:
    """The environment of a process under test: the few variables of ours that it needs, and its settings."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    return {
        **kept(os.environ),
        "TMPDIR": str(temporary),
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(PROJECTS))),
        "PYTHONUNBUFFERED": "1",
        **settings.environment(),
    }


class Worker:
    """One running worker, which the supervisor watches, signals and ends."""

    def __init__(
        self,
        command: WorkerCommand,
        settings: Settings,
        supervisor: Supervisor,
        events: EventLog,
        log: Path,
        stdin: Path | None = None,
    ) -> None:
        self.command = command
        self.cell = command.cell
        self.log = log
        self._events = events
        self._supervisor = supervisor
        line = [sys.executable, *command.program, *command.line]
        if stdin:
            line = ["sh", "-c", 'exec "$@" < "$0"', str(stdin), *line]
        self.pid = supervisor.spawn(line, env=environment(settings, log.parent), cwd=ROOT, log=log)

    @property
    def exit_status(self) -> int | None:
        """None while the manager lives; then its exit status, negative for a signal."""
        return self._supervisor.status(self.pid)

    @property
    def alive(self) -> bool:
        """Whether the process that was started is still running."""
        return self.exit_status is None

    def wait_ready(self, control: Celery, broker_answers: Callable[[], bool]) -> None:
        """Return when the worker answers a ping; Void with the last line of its log when it does not."""
        until(lambda: self.announced or not self.alive or not broker_answers(), READY_WITHIN, every=0.01)
        if not self.announced or not until(lambda: self._answers(control), READY_WITHIN):
            raise Void(f"the worker did not become ready: {self.last_words()}")
        if not self.alive:
            raise Void(f"the worker ended with {self.exit_status} as it became ready: {self.last_words()}")

    @property
    def announced(self) -> bool:
        """Whether the worker has recorded that it is ready."""
        return bool(self._readiness())

    def _readiness(self) -> list[Event]:
        return [each for each in self._events.events() if each.kind == "ready" and each.pid == self.pid]

    def reported(self, control: Celery) -> Reported:
        """What the worker reports about itself; Void when it does not answer."""
        inspect = control.control.inspect(destination=[f"{self.command.name}@poolproof"], limit=1, timeout=2)
        stats, conf = (until(ask, READY_WITHIN) for ask in (inspect.stats, inspect.conf))
        if not stats or not conf:
            raise Void(f"the worker does not say how it runs: {self.last_words()}")
        (ready,) = self._readiness()
        return Reported(
            stats=next(iter(stats.values())),
            conf=next(iter(conf.values())),
            versions=dict(word.split("=") for word in ready.note.split()),
            spawned=spawned(self.tree()),
        )

    def _answers(self, control: Celery) -> bool:
        """Ping once; it may be repeated, because a ping is lost if the worker had not subscribed yet."""
        name = f"{self.command.name}@poolproof"
        return not self.alive or bool(control.control.ping(destination=[name], timeout=1.0, limit=1))

    def tree(self) -> Tree:
        """The worker's processes and threads now."""
        return tree(self.pid)

    def sockets(self, port: int) -> tuple[Socket, ...]:
        """The worker's connections to the broker now, by process."""
        return broker_sockets(self.tree().pids, port)

    def memory(self) -> float:
        """The proportional set size of the worker's whole tree now, in MiB."""
        return pss_mib(self.pid)

    def end(self) -> None:
        """End the worker and all its descendants at once."""
        self._supervisor.end(self.pid)

    def last_words(self) -> str:
        """The last line of the worker's log that is not empty."""
        lines = [line.strip() for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1][:200] if lines else "its log is empty"
