"""Every process that the supervisor spawned, and all its descendants."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from poolproof.host.supervisor import table
from poolproof.model.errors import BadInput, InstrumentError

MARK = "POOLPROOF_SPAWN"
"""The variable that descendants inherit; it names the spawn of a daemon that left its session and parents."""
NOT_A_PROGRAM = (errno.EACCES, errno.ENOEXEC, errno.ENOTDIR)
DEATH_WITHIN = 10.0
"""Seconds that a process may take to die after SIGKILL."""
QUIET_SCANS = 2
"""One scan can miss a process whose parent forked it during the scan and then died."""


class Family:
    """The spawned processes by pid; the calling process must be a child subreaper."""

    def __init__(self) -> None:
        self._spawned: dict[int, subprocess.Popen[bytes]] = {}
        self._numbers: dict[bytes, int] = {}
        self._statuses: dict[int, int] = {}
        self._stops: Counter[int] = Counter()

    def spawn(self, number: int, argv: Sequence[str], env: Mapping[str, str], cwd: str, log: str) -> int:
        """Start a command as the leader of a new session and return its pid."""
        try:
            with Path(log).open("ab") as output:
                process = subprocess.Popen(
                    argv,
                    env={**env, MARK: str(number)},
                    cwd=cwd,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except OSError as error:
            raise _failure(error, argv[0], cwd, log) from error
        self._statuses.pop(process.pid, None)
        self._spawned[process.pid] = process
        self._numbers[str(number).encode()] = process.pid
        return process.pid

    def signal(self, pid: int, signum: int) -> bool:
        """Signal a spawned process; False when it is gone."""
        if self.status(pid) is not None:
            return False
        self._spawned[pid].send_signal(signum)
        return True

    def status(self, pid: int) -> int | None:
        """None while a spawned process is alive, then its exit status, negative for a signal."""
        if pid in self._statuses:
            return self._statuses[pid]
        if pid not in self._spawned:
            raise InstrumentError(f"process {pid} was not spawned by this supervisor")
        return self._spawned[pid].poll()

    def end(self, pid: int) -> None:
        """Kill all descendants of a spawn, and orphans of unknown origin; returns when none is left."""
        if pid in self._statuses:
            return
        self.status(pid)
        self._kill(lambda owner: owner in (pid, None))
        self._statuses[pid] = self._spawned.pop(pid).wait(DEATH_WITHIN)
        self._numbers = {number: other for number, other in self._numbers.items() if other != pid}

    def abandon(self, number: int) -> None:
        """End the spawn of this request number, if it exists: the caller never got its pid."""
        pid = self._numbers.get(str(number).encode())
        if pid is not None:
            self.end(pid)

    def end_all(self) -> None:
        """Kill every descendant; returns when none is left."""
        self._kill(lambda _: True)

    def stops(self) -> list[tuple[int, int]]:
        """How often each child stopped or continued; the kernel reports even very short stops to a parent."""
        self.reap()
        return [*self._stops.items()]

    def reap(self) -> None:
        """Reap dead children, so that no orphan stays a zombie, and count the stops."""
        with suppress(ChildProcessError):
            while stopped := os.waitid(os.P_ALL, 0, os.WSTOPPED | os.WCONTINUED | os.WNOHANG):
                self._stops[stopped.si_pid] += 1
        with suppress(ChildProcessError):  # the call above raises it when all children are dead
            while dead := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                spawned = self._spawned.get(dead.si_pid)
                if spawned is not None and spawned.returncode is None:
                    spawned.poll()
                else:
                    os.waitpid(dead.si_pid, 0)

    def _kill(self, doomed: Callable[[int | None], bool]) -> None:
        deadline = time.monotonic() + DEATH_WITHIN
        quiet = 0
        while quiet < QUIET_SCANS:
            self.reap()
            processes = table.scan()
            owners = table.owners(processes, os.getpid(), self._spawned, self._marked)
            victims = [processes[pid] for pid, owner in owners.items() if doomed(owner)]
            quiet = 0 if victims else quiet + 1
            if victims and time.monotonic() > deadline:
                left = ", ".join(str(victim.pid) for victim in victims)
                raise InstrumentError(f"did not die within {DEATH_WITHIN:.0f} s of SIGKILL: {left}")
            kill_groups({victim.group for victim in victims})

    def _marked(self, pid: int) -> int | None:
        for variable in table.read(pid, "environ").split(b"\0"):
            name, _, number = variable.partition(b"=")
            if name == MARK.encode():
                return self._numbers.get(number)
        return None


def kill_groups(groups: set[int]) -> None:
    """Kill whole groups, also the processes that they fork at this moment; no group contains two spawns."""
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    if groups:
        time.sleep(0.001)  # the kernel needs a moment to end a process; leave it the processor


def _failure(error: OSError, command: str, cwd: str, log: str) -> BadInput | InstrumentError:
    place = str(error.filename)
    if error.errno == errno.ENOENT and place not in (cwd, log):
        return BadInput(f"{command}: command not found; install it, or put its folder on the PATH")
    if error.errno in NOT_A_PROGRAM and place not in (cwd, log):
        return BadInput(
            f"{command}: cannot be run: {error.strerror}; see that it is a program of this machine"
        )
    return InstrumentError(f"cannot start {command}: {place}: {error.strerror}")
