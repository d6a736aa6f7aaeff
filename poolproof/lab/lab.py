"""One worker lifetime: a database of its own, its workers, a client, and what is seen of them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import redis

from poolproof import ROOT
from poolproof.host.broker.commands import HELD
from poolproof.host.broker.refusals import Refusals
from poolproof.host.sentinel import STALL
from poolproof.lab.guard import CLIENT, Guard
from poolproof.lab.in_force import not_in_force
from poolproof.lab.observe.wire import Wire
from poolproof.lab.sender import Sender
from poolproof.lab.site import Site
from poolproof.lab.waits import Waits
from poolproof.lab.worker import Worker, WorkerCommand, command, environment
from poolproof.model.cells import Cell
from poolproof.model.errors import Void
from poolproof.model.history import History
from poolproof.model.variants import configuration
from probes.shared.settings import Settings
from probes.shared.versions import versions

T = TypeVar("T")

QUEUE = "basic"


@dataclass(frozen=True, slots=True)
class Setup:
    """How the workers of a lifetime are started: with which mutants, and with which observers.

    `wired` connects to its broker through a relay that sees every command, `watched` records each
    step of a task; `documented` is started without the switches that shorten its start.
    """

    mutants: tuple[str, ...] = ()
    wired: bool = False
    watched: bool = False
    documented: bool = False


PLAIN = Setup()


class Lab(Waits):
    """One lifetime. `proof` is the witness of the current trial."""

    def __init__(self, site: Site, cell: Cell, folder: Path, setup: Setup = PLAIN) -> None:
        super().__init__(folder)
        self.site, self.cell, self.setup = site, cell, setup
        self.proof: dict[str, int] = {}
        self.workers: list[Worker] = []
        self._clients: list[int] = []
        self._seen: dict[str, Any] = {}
        self._database = site.databases.take()
        url = site.broker.database_url(self._database)
        self.sender = Sender(url, setup.watched)
        self.client = redis.Redis.from_url(url, decode_responses=True, socket_timeout=15)
        self.refusals = Refusals(self.client)
        self.guard = Guard(site.supervisor)
        self.guard.watch_broker(self.client)
        at = urlsplit(url)
        broker = at.hostname or "127.0.0.1", at.port or 6379
        self.wire = Wire(*broker, self._pids) if setup.wired else None

    def __enter__(self) -> Lab:
        return self

    def __exit__(self, *_: object) -> None:
        self.guard.close()
        for worker in self.workers:
            worker.end()
        for client in self._clients:
            self.site.supervisor.end(client)
        if self.wire:
            self.wire.close()
        self.sender.close()
        self.client.close()
        self.site.databases.give_back(self._database)

    def _pids(self) -> list[int]:
        return [*self._clients, *(pid for worker in self.workers for pid in worker.tree().pids)]

    @property
    def broker_port(self) -> int:
        """The port that the workers connect to: the relay's when the commands to the broker are observed."""
        return self.wire.port if self.wire else urlsplit(self._url()).port or 6379

    def _url(self) -> str:
        return self.site.broker.database_url(self._database)

    def _worker_url(self) -> str:
        parts = urlsplit(self._url())
        credentials, at, _ = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{credentials}{at}127.0.0.1:{self.broker_port}"))

    def _settings(self, name: str, cell: Cell) -> Settings:
        return Settings(
            name=name,
            broker=self._worker_url() if self.wire else self._url(),
            events=str(self.events.folder),
            gates=str(self.folder / "gates"),
            mutants=self.setup.mutants,
            watched=self.setup.watched,
            conf=configuration(cell),
        )

    def launch(
        self, queues: Sequence[str] = (QUEUE,), *, cell: Cell | None = None, words: Sequence[str] = ()
    ) -> Worker:
        """Start one more worker, also for another cell or with more arguments; do not wait for it."""
        name = f"w{len(self.workers) + 1}"
        documented = self.setup.documented
        return self.type(command(cell or self.cell, name, queues, documented=documented, words=words))

    def type(self, command: WorkerCommand, stdin: Path | None = None) -> Worker:
        """Start one more worker by exactly this command line, reading from `stdin`; do not wait for it."""
        settings, log = self._settings(command.name, command.cell), self.folder / f"{command.name}.log"
        worker = Worker(command, settings, self.site.supervisor, self.events, log, stdin)
        self.workers.append(worker)
        self.guard.watch(worker.pid, command.name, log)
        return worker

    def run_client(self, *arguments: str) -> int:
        """Start `python -m probes.client`, the application's side, with arguments; returns its pid."""
        pid = self.site.supervisor.spawn(
            [sys.executable, "-m", "probes.client", *arguments],
            env=environment(self._settings("client", self.cell), self.folder),
            cwd=ROOT,
            log=self.folder / "client.log",
        )
        self._clients.append(pid)
        self.guard.watch(pid, CLIENT)
        return pid

    def start(
        self,
        *,
        count: int = 1,
        queues: Sequence[str] = (QUEUE,),
        cell: Cell | None = None,
        words: Sequence[str] = (),
    ) -> Worker:
        """Start `count` workers at once, wait until each answers, and return the first."""
        started = [self.launch(queues, cell=cell, words=words) for _ in range(count)]
        for worker in started:
            self.wait_ready(worker)
        return started[0]

    def wait_ready(self, worker: Worker) -> None:
        """Return when the worker answers and runs as its cell says; Void when it does not."""
        self.wait_answer(worker)
        self.check_in_force(worker)

    def wait_answer(self, worker: Worker) -> None:
        """Return when the worker answers; Void when it does not."""
        worker.wait_ready(self.sender.app, self._broker_answers)

    def check_in_force(self, worker: Worker) -> None:
        """Void when the worker reports other values than its cell asks for."""
        reported = worker.reported(self.sender.app)
        changed = {event.note for event in self.events.events() if event.kind == "axis-changed"}
        if wrong := not_in_force(worker.cell, reported, versions(), changed):
            raise Void(f"not in force: {'; '.join(wrong)}")

    def resident(self) -> Worker:
        """The one worker that the claims of this lifetime share; Void when it died under an earlier one."""
        if not self.workers:
            return self.start()
        if not self.workers[0].alive:
            raise Void("the shared worker died under an earlier claim")
        return self.workers[0]

    def strike(self, pid: int, signum: int) -> None:
        """Kill a process on purpose: its death is part of the stimulus, so it does not void the trial."""
        self.guard.strike(pid, signum)
        self.events.note("struck")

    def may_end(self, worker: Worker, *faults: int) -> None:
        """The claim is whether this worker ends, or whether a process of it dies of one of these signals."""
        self.guard.may_end(worker.pid, faults)

    def stopped(self, pid: int) -> AbstractContextManager[None]:
        """Stop a process on purpose inside the block, and let it continue afterwards."""
        return self.guard.stopped(pid)

    def disturbed(self) -> str:
        """What others did to a process of this lifetime, in words; empty when nothing happened."""
        found = (
            self.guard.causes(self.events.events(), self.events.received()),
            self.refusals.since_last_look(),
        )
        causes = "; ".join(filter(None, found))
        return f"{causes}{self._why()}" if causes else ""

    def once(self, what: str, look: Callable[[], T]) -> T:
        """What `look` saw the first time in this lifetime, so that several claims judge one observation."""
        if what not in self._seen:
            self._seen[what] = look()
        return self._seen[what]  # type: ignore[no-any-return]

    def history(self) -> History:
        """What the workers have recorded so far."""
        return self.events.history()

    def variant(self, name: str) -> str:
        """The value that this cell has of one of the claim's variants."""
        return str(self.cell.get(name))

    def waiting(self, queue: str = QUEUE) -> int:
        """How many messages lie in a queue."""
        return int(self.client.llen(queue))

    def in_broker(self, queue: str = QUEUE) -> int:
        """How many messages the broker still has: waiting, or held by a worker and not acknowledged."""
        with self.client.pipeline(transaction=True) as both:
            both.llen(queue)
            both.hlen(HELD)
            return sum(both.execute())

    def left_in_broker(self) -> int:
        """How many messages any list of this database holds, or any worker has not acknowledged."""
        lists = [key for key in self.client.scan_iter(count=1000, _type="LIST") if not key.endswith("pidbox")]
        with self.client.pipeline(transaction=True) as together:
            together.hlen(HELD)
            together.zcard("unacked_index")
            for key in lists:
                together.llen(key)
            unacknowledged, indexed, *lengths = together.execute()
        return int(max(unacknowledged, indexed) + sum(lengths))

    def witness(self, **seen: int) -> None:
        """Prove before the judgement that the claim was exercised; Void when it was not."""
        if self.setup.mutants:
            seen["mutant_applied"] = self.events.count("mutant")
        self.proof.update(seen)
        if absent := [name for name, count in seen.items() if not count]:
            raise Void(f"never exercised: {', '.join(absent)}{self._why()}")
        if self.wire:
            self.wire.check()
        if (gap := self.site.sentinel.longest_gap) > STALL:
            raise Void(f"the machine stood still for {gap:.1f} s")

    def _broker_answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def _why(self) -> str:
        gone = [worker for worker in self.workers if not worker.alive]
        return "".join(
            f"; {worker.command.name} ended with {worker.exit_status}: {worker.last_words()}"
            for worker in gone
        )

    def discard(self) -> None:
        """Remove the files of this lifetime; only those of refuted and undecided cells are kept."""
        shutil.rmtree(self.folder, ignore_errors=True)
