"""Reports what another process did to the processes of a lifetime, so that no claim is blamed for it.

A stimulus that kills, crashes or stops a process declares it: `strike`, `may_end`, `stopped`. A child that
ends with an exit status ended by itself, and so did a worker where the stimulus declares that it may end. A
signal that the worker sent is the worker's own action. All of these count as the worker's behaviour. Any
other signal that ends or stops a process, or that a process handles, voids the trial.

What cannot be seen:

- whether another process sent a signal of a fault, such as SIGSEGV, where the stimulus declares that signal;
- a stop of less than a tenth of a second, where the process is not a child of the supervisor and has no
  handler of SIGCONT, such as a shell that a task starts; and an equally short freeze of a control group;
- a pause of the whole machine below the sentinel's limit, which is far below every deadline.

The CPU time of a process is not compared with the clock, because a waiting process uses none in any case.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import redis

from poolproof.host.supervisor import Supervisor
from poolproof.host.waiting import until
from poolproof.lab.observe.births import Births
from poolproof.lab.observe.states import memory_kills, paused
from poolproof.model.errors import Void
from poolproof.model.history import Event
from poolproof.model.processes import Life, descendants, signal_name

BROKER = "the broker"
CLIENT = "the client"
SIGNALLED = 256
"""A prefork child whose handler gets a signal exits with it minus this: billiard's _shutdown_cleanup."""
FAULTS = (signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT)
"""The signals that the kernel sends to a process for its own error, for example in a library."""
BY_KERNEL = (signal.SIGCHLD, signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF)
"""The signals that a process handles because a child ended or its own timer ran out: nobody sent them."""


@dataclass(slots=True)
class Declared:
    """What the stimulus does on purpose: who may end by itself or by faults, whom it kills or stops."""

    may_end: dict[int, frozenset[int]] = field(default_factory=dict)
    struck: list[tuple[int, int, int]] = field(default_factory=list)
    stopped: set[int] = field(default_factory=set)

    @property
    def killed(self) -> set[int]:
        """The processes that got a signal of the stimulus, which may have ended them."""
        return {pid for pid, _, _ in self.struck}


@dataclass(frozen=True, slots=True)
class OwnDoing:
    """What the processes of a worker recorded: each signal that they sent, and why a child left."""

    sent: tuple[tuple[int, int, int], ...] = ()
    left: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Event], struck: Iterable[tuple[int, int, int]] = ()) -> OwnDoing:
        """What the events report: target, signal and time; by pid, exit code and time.

        The signals that the stimulus itself has sent, `struck`, count as sent by the worker.
        """
        sent, left = [*struck], {}
        for event in events:
            if event.kind == "sent-signal":
                pid, signum = event.note.split()
                sent.append((int(pid), int(signum), event.at))
            elif event.kind == "leaves":
                left[event.pid] = int(event.note), event.at
        return cls(tuple(sent), left)

    def signal(self, life: Life) -> tuple[int, int]:
        """The signal that ended a process, or made it leave, and when; 0 when it left by itself."""
        code, at = self.left.get(life.pid, (0, 0))
        if life.born <= at <= (life.died or 0):
            return (SIGNALLED + code if code < 0 else 0), at
        return max(0, -(life.status or 0)), life.died or 0

    def made(self, signum: int, life: Life, at: int) -> bool:
        """Whether the worker sent this signal to that process, or to its group, before then."""
        return any(sent[1] == signum and _targets(sent[0], life) and sent[2] <= at for sent in self.sent)

    def count(self, signum: int, life: Life) -> int:
        """How often the worker sent this signal to that process, or to its group."""
        return sum(sent[1] == signum and _targets(sent[0], life) for sent in self.sent)


def _targets(pid: int, life: Life) -> bool:
    """Whether a signal to this pid reaches a process; a negative pid is a group: its own, or its parent's."""
    return pid in (life.pid, -life.pid, -life.parent)


class Guard:
    """The watch over one lifetime's processes: its workers, their children, its clients and the broker."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.births = Births(supervisor.pid)
        self.declared = Declared()
        self._roots: dict[int, str] = {}
        self._broker: redis.Redis | None = None
        self._run: dict[str, Any] = {}
        self._logs: list[Path] = []
        self._killed_before = memory_kills()
        self._supervisor = supervisor
        self._stops_before = supervisor.stops()

    def watch(self, pid: int, name: str, log: Path | None = None) -> None:
        """From now on record what happens to this process, which we started, and to its children."""
        self._roots[pid] = name
        if log:
            self._logs.append(log)

    def watch_broker(self, client: redis.Redis) -> None:
        """Watch the broker: its process where we started it, and any restart, wherever it runs."""
        self._broker, self._run = client, _server(client)
        pid = int(self._run.get("process_id", 0))
        if any(life.pid == pid and life.died is None for life in self.births.lives()):
            self.watch(pid, BROKER)

    def strike(self, pid: int, signum: int) -> None:
        """Send a signal to a process on purpose; 0 and negative numbers are whole groups, also our own."""
        if pid <= 0:
            raise Void(f"no process to send {signal.Signals(signum).name} to: the pid is {pid}")
        self.declared.struck.append((pid, signum, time.monotonic_ns()))
        os.kill(pid, signum)

    def may_end(self, pid: int, faults: Iterable[int] = ()) -> None:
        """The claim is whether this worker ends by itself, or a process of it by one of these signals."""
        self.declared.may_end[pid] = frozenset(faults)

    @contextmanager
    def stopped(self, pid: int) -> Iterator[None]:
        """Stop a process on purpose, and let it continue afterwards."""
        self.declared.stopped.add(pid)
        os.kill(pid, signal.SIGSTOP)
        try:
            until(lambda: paused(pid))
            yield
        finally:
            with suppress(ProcessLookupError):  # a stimulus may have killed it meanwhile
                os.kill(pid, signal.SIGCONT)

    def causes(self, events: Iterable[Event], received: Mapping[int, Mapping[int, int]]) -> str:
        """What neither the stimulus nor the worker did and still happened; empty when nothing did.

        `received` has, by pid, the signals that a process handled, and how often each.
        """
        own = OwnDoing.of(events, self.declared.struck)
        lives = [self._completed(life) for life in self.births.lives()]
        found = [*deaths(lives, self._roots, self.declared, own), *self._pauses(lives, received)]
        found += signals(lives, self._roots, own, received)
        found += self._memory(found)
        if self._broker and (now := _server(self._broker)) and now.get("run_id") != self._run.get("run_id"):
            found.append(f"{BROKER} was restarted")
        if self.births.failure:
            found.append(f"the observer of processes failed: {self.births.failure}")
        return "; ".join(found)

    def close(self) -> None:
        """End the watch."""
        self.births.close()

    def _completed(self, life: Life) -> Life:
        """The process with its exit status: from the supervisor that started it, or its manager's log."""
        if life.died is None or life.status is not None:
            return life
        if self._roots.get(life.pid, BROKER) != BROKER:
            return replace(life, status=self._supervisor.status(life.pid))
        return _signalled(life, self._logs)

    def _pauses(self, lives: Iterable[Life], received: Mapping[int, Mapping[int, int]]) -> Iterator[str]:
        """Each process that was seen stopped or frozen, or that continued after a stop that nobody saw."""
        stops = self._supervisor.stops()
        went_on = {pid for pid, signals in received.items() if signal.SIGCONT in signals}
        went_on |= {pid for pid in stops if stops[pid] != self._stops_before.get(pid)}
        paused = dict.fromkeys(went_on, "stopped") | self.births.pauses()
        for root, name in self._roots.items():
            for life in descendants(lives, root):
                if life.pid in paused and life.pid not in self.declared.stopped:
                    yield f"{_who(name, root, life)} was {paused[life.pid]} for a while"

    def _memory(self, found: list[str]) -> Iterator[str]:
        """A kill for lack of memory in our group is a cause; one elsewhere may explain a death found here."""
        ours, machine = (now - then for now, then in zip(memory_kills(), self._killed_before, strict=True))
        if ours or (machine and found):
            yield f"memory ran out and the kernel killed: its counter oom_kill rose by {ours or machine}"


def deaths(
    lives: Iterable[Life], roots: Mapping[int, str], declared: Declared, own: OwnDoing
) -> Iterator[str]:
    """Each death that neither the stimulus nor the worker itself caused, in words."""
    for root, name in roots.items():
        first, *others = tree = descendants(lives, root) or (Life(root, 0, 0),)
        if first.died is not None and not _explained(first, root, name, declared, own):
            yield f"{_who(name, root, first)} {_ended(first, own)}"
        for life in others if name != BROKER else ():
            if not _own_doing(life, root, declared, own) and not _orphaned(life, tree):
                yield f"{_who(name, root, life)} {_ended(life, own)}"


def signals(
    lives: Sequence[Life], roots: Mapping[int, str], own: OwnDoing, received: Mapping[int, Mapping[int, int]]
) -> Iterator[str]:
    """Each signal that a process handled more often than its worker sent it, in words.

    After it the process may end with status 0, restart, or fail a task: each looks like its own behaviour.
    """
    for root, name in roots.items():
        for life in descendants(lives, root):
            for signum, times in received.get(life.pid, {}).items():
                sent_by_nobody = signum in (*BY_KERNEL, signal.SIGCONT)
                if not sent_by_nobody and times > own.count(signum, life):
                    yield f"{_who(name, root, life)} got {signal_name(signum)} from somebody else"


def _orphaned(life: Life, tree: Sequence[Life]) -> bool:
    """Whether the parent of a dead process, or an ancestor, died before it."""
    above = {each.pid: each for each in tree}
    while life.died is not None and (parent := above.pop(life.parent, None)):
        if parent.died is not None and parent.died <= life.died:
            return True
        life = replace(parent, died=life.died)
    return False


def _explained(life: Life, root: int, name: str, declared: Declared, own: OwnDoing) -> bool:
    """Whether a process that we started may have ended as it did; a client ends when its work is done."""
    ends_itself = root in declared.may_end or name == CLIENT
    return life.pid in declared.killed or (ends_itself and _own_doing(life, root, declared, own))


def _own_doing(life: Life, root: int, declared: Declared, own: OwnDoing) -> bool:
    if life.died is None or life.pid in declared.killed:
        return True
    signum, at = own.signal(life)
    return not signum or own.made(signum, life, at) or signum in declared.may_end.get(root, ())


def _server(client: redis.Redis) -> dict[str, Any]:
    """The INFO of a server; empty when it does not answer, which the trial notices itself."""
    try:
        return dict(client.info("server"))
    except redis.RedisError:
        return {}


def _signalled(life: Life, logs: Iterable[Path]) -> Life:
    """A child whose status nobody saw in time, with the signal that its manager logged, if any."""
    pattern = rf"pid:{life.pid} exited with 'signal (\d+)"
    exited = next(
        (found for log in logs if (found := re.search(pattern, log.read_text(errors="replace")))), None
    )
    return replace(life, status=-int(exited[1])) if exited else life


def _ended(life: Life, own: OwnDoing) -> str:
    signum, _ = own.signal(life)
    return f"was killed by {signal_name(signum)}" if signum else life.end


def _who(name: str, root: int, life: Life) -> str:
    return f"{name} ({life.pid})" if life.pid == root else f"process {life.pid} of {name}"
