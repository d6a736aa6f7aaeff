"""Tells what somebody else did to the processes of a lifetime, so that no claim is charged with it.

Whatever kills, crashes or stops on purpose declares it: `strike`, `may_end`, `stopped`. A process that ends
with an exit status does so itself, unless it was told to stop; a signal that the worker sent is its own
doing. Both count.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import redis

from poolproof.host.waiting import until
from poolproof.lab.observe.births import Births
from poolproof.lab.observe.states import memory_kills, paused
from poolproof.model.history import Event
from poolproof.model.processes import Life, descendants, signal_name

BROKER = "the broker"
SIGNALLED = 256
"""A prefork child whose handler gets a signal leaves with it less this: billiard's _shutdown_cleanup."""
CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT, signal.SIGTRAP)
"""The signals that a process gets for what it does itself."""


@dataclass(slots=True)
class Declared:
    """What the stimulus does on purpose: who may end by itself, whom it kills, whom it stops."""

    may_end: set[int] = field(default_factory=set)
    killed: set[int] = field(default_factory=set)
    stopped: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class OwnDoing:
    """What the processes of a worker wrote down: each signal that they sent, and why a child left."""

    sent: tuple[tuple[int, int, int], ...] = ()
    left: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Event]) -> OwnDoing:
        """What the events tell: target, signal and time; by pid, exit code and time."""
        sent, left = [], {}
        for event in events:
            if event.kind == "sent-signal":
                pid, signum = event.note.split()
                sent.append((int(pid), int(signum), event.at))
            elif event.kind == "leaves":
                left[event.pid] = int(event.note), event.at
        return cls(tuple(sent), left)

    def signal(self, life: Life) -> tuple[int, int]:
        """The signal that ended a process, or made it leave, and when; 0 when it left of its own accord."""
        code, at = self.left.get(life.pid, (0, 0))
        if life.born <= at <= (life.died or 0):
            return (SIGNALLED + code if code < 0 else 0), at
        return max(0, -(life.status or 0)), life.died or 0

    def made(self, signum: int, pid: int, at: int) -> bool:
        """Whether the worker sent this signal to that process before then."""
        return any(sent[:2] == (pid, signum) and sent[2] <= at for sent in self.sent)


class Guard:
    """The watch over one lifetime's processes: its workers, their children, its clients and the broker."""

    def __init__(self, supervisor: int) -> None:
        self.births = Births(supervisor)
        self.declared = Declared()
        self._roots: dict[int, str] = {}
        self._broker: redis.Redis | None = None
        self._run: dict[str, Any] = {}
        self._logs: list[Path] = []
        self._killed_before = memory_kills()

    def watch(self, pid: int, name: str, log: Path | None = None) -> None:
        """From now on tell what happens to this process, which we started, and to its children."""
        self._roots[pid] = name
        if log:
            self._logs.append(log)

    def watch_broker(self, client: redis.Redis) -> None:
        """Watch over the broker: its process where that is ours, and whether it is restarted anywhere."""
        self._broker, self._run = client, _server(client)
        pid = int(self._run.get("process_id", 0))
        if any(life.pid == pid and life.died is None for life in self.births.lives()):
            self.watch(pid, BROKER)

    def strike(self, pid: int, signum: int) -> None:
        """Kill a process on purpose."""
        self.declared.killed.add(pid)
        os.kill(pid, signum)

    def may_end(self, pid: int) -> None:
        """A worker may end by itself, or crash: whether it does is the claim."""
        self.declared.may_end.add(pid)

    @contextmanager
    def stopped(self, pid: int) -> Iterator[None]:
        """Stop a process on purpose, and let it go on afterwards."""
        self.declared.stopped.add(pid)
        os.kill(pid, signal.SIGSTOP)
        try:
            until(lambda: paused(pid))
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def causes(self, events: Iterable[Event]) -> str:
        """What happened that no stimulus and no worker did; empty when nothing did."""
        events = tuple(events)
        own = OwnDoing.of(events)
        lives = [_completed(life, self._logs) for life in self.births.lives()]
        found = [*deaths(lives, self._roots, self.declared, own), *self._pauses(lives)]
        found += stops(events, self._roots, own)
        found += self._memory(found)
        if self._broker and (now := _server(self._broker)) and now.get("run_id") != self._run.get("run_id"):
            found.append(f"{BROKER} was restarted")
        if self.births.failure:
            found.append(f"the observer of processes failed: {self.births.failure}")
        return "; ".join(found)

    def close(self) -> None:
        """End the watch."""
        self.births.close()

    def _pauses(self, lives: Iterable[Life]) -> Iterator[str]:
        paused = self.births.pauses()
        for root, name in self._roots.items():
            for life in descendants(lives, root):
                if life.pid in paused and life.pid not in self.declared.stopped:
                    yield f"{_who(name, root, life)} was {paused[life.pid]} for a while"

    def _memory(self, found: list[str]) -> Iterator[str]:
        """A kill because memory ran out among ours is a cause; one elsewhere may explain what was found."""
        ours, machine = (now - then for now, then in zip(memory_kills(), self._killed_before, strict=True))
        if ours or (machine and found):
            yield f"memory ran out and the kernel killed: its counter oom_kill rose by {ours or machine}"


def deaths(
    lives: Iterable[Life], roots: Mapping[int, str], declared: Declared, own: OwnDoing
) -> Iterator[str]:
    """Each death that neither the stimulus nor the worker itself made, in words."""
    for root, name in roots.items():
        first, *others = descendants(lives, root) or (Life(root, 0, 0),)
        if first.died is not None and not _explained(first, root, name, declared, own):
            yield f"{_who(name, root, first)} {_ended(first, own)}"
        for life in others if name != BROKER else ():
            orphaned = first.died is not None and (life.died or 0) >= first.died
            if life.parent == root and not orphaned and not _own_doing(life, root, declared, own):
                yield f"{_who(name, root, life)} {_ended(life, own)}"


def stops(events: Iterable[Event], roots: Mapping[int, str], own: OwnDoing) -> Iterator[str]:
    """Each time that a worker was told to stop by a signal which it did not send itself, in words.

    It then ends in good order, with status 0: its death looks like its own doing.
    """
    for event in events:
        if event.kind == "told-to-stop" and event.pid in roots:
            signum = int(event.note)
            if not own.made(signum, event.pid, event.at):
                yield f"{roots[event.pid]} ({event.pid}) was told to stop by {signal_name(signum)}"


def _explained(life: Life, root: int, name: str, declared: Declared, own: OwnDoing) -> bool:
    """Whether a process that we started may have ended as it did; a client ends when its work is done."""
    ends_itself = root in declared.may_end or name == "the client"
    return life.pid in declared.killed or (ends_itself and _own_doing(life, root, declared, own))


def _own_doing(life: Life, root: int, declared: Declared, own: OwnDoing) -> bool:
    if life.died is None or life.pid in declared.killed:
        return True
    signum, at = own.signal(life)
    if not signum or own.made(signum, life.pid, at):
        return True
    return signum in CRASHES and root in declared.may_end


def _server(client: redis.Redis) -> dict[str, Any]:
    """What a server says of itself; empty when it does not answer, which the trial notices itself."""
    try:
        return dict(client.info("server"))
    except redis.RedisError:
        return {}


def _completed(life: Life, logs: Iterable[Path]) -> Life:
    """A child whose status nobody saw in time, with the signal that its manager wrote down, if any."""
    if life.died is None or life.status is not None:
        return life
    pattern = rf"pid:{life.pid} exited with 'signal (\d+)"
    told = next(
        (found for log in logs if (found := re.search(pattern, log.read_text(errors="replace")))), None
    )
    return replace(life, status=-int(told[1])) if told else life


def _ended(life: Life, own: OwnDoing) -> str:
    signum, _ = own.signal(life)
    return f"was killed by {signal_name(signum)}" if signum else life.end


def _who(name: str, root: int, life: Life) -> str:
    return f"{name} ({life.pid})" if life.pid == root else f"process {life.pid} of {name}"
