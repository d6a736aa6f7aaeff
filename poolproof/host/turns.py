"""Lets the runs of this machine take turns: trials may run at the same time, a timing runs alone."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from poolproof.model.errors import BadInput

BEGIN, TRIALS = "begin", "trials"
"""The locks: a trial has the first while it begins, and shares the second; a timing has both to its end."""
HELD = {BEGIN: "is being timed, or about to begin; waiting", TRIALS: "is at a trial; waiting"}


def usual() -> Path:
    """The folder in which the runs of one user on this machine find each other; two empty files stay in it.

    If one were removed while a run waits for it, two runs could have the lock at once.
    """
    return Path(tempfile.gettempdir(), f".poolproof-{os.getuid()}")


@dataclass(frozen=True, slots=True)
class Turns:
    """Holds locks that the system releases when a run dies; `say` gets the reason when a run waits."""

    say: Callable[[str], None]
    folder: Path = field(default_factory=usual)

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Wait until no run is timing, then make every timing wait."""
        with ExitStack() as held:
            with self._locked(BEGIN, fcntl.LOCK_EX):
                held.enter_context(self._locked(TRIALS, fcntl.LOCK_SH))
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other run begin a trial, then wait until the trials that are running have ended."""
        # The first lock makes this run the next: without it, overlapping trials would block a timing forever.
        with self._locked(BEGIN, fcntl.LOCK_EX), self._locked(TRIALS, fcntl.LOCK_EX):
            yield

    @contextmanager
    def _locked(self, what: str, how: int) -> Iterator[None]:
        file = self._open(what)
        try:
            try:
                fcntl.flock(file, how | fcntl.LOCK_NB)
            except BlockingIOError:
                self.say(f"another run on this machine ({_holders(file)}) {HELD[what]}")
                fcntl.flock(file, how)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)  # a child that inherited the file would keep the lock
        finally:
            os.close(file)

    def _open(self, what: str) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            with suppress(FileExistsError):
                self.folder.mkdir(mode=0o700)
            self.check()
            return os.open(self.folder / what, flags, 0o600)
        except OSError as error:
            raise self._bad(f"cannot be used ({error.strerror})") from None

    def check(self) -> None:
        """Refuse a folder in which other users can write, because they could lock or replace its files."""
        try:
            found = self.folder.lstat()
        except FileNotFoundError:
            return
        if not stat.S_ISDIR(found.st_mode):
            raise self._bad("is no folder")
        if found.st_uid != os.getuid():
            raise self._bad(f"belongs to another user, {found.st_uid}")
        if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise self._bad("can be written to by others")

    def _bad(self, why: str) -> BadInput:
        return BadInput(
            f"{self.folder}: {why}, and runs lock files there; "
            "have it removed, or set TMPDIR to a folder of yours"
        )


def _holders(file: int) -> str:
    """The processes that hold a lock on an open file, as the kernel lists them."""
    inode = str(os.fstat(file).st_ino)
    with Path("/proc/locks").open() as locks:
        rows = [line.split() for line in locks]
    # 1: FLOCK ADVISORY WRITE 4711 fe:00:1234 0 EOF; a waiting lock has an arrow before its kind.
    pids = [row[4] for row in rows if row[1] == "FLOCK" and row[5].rpartition(":")[2] == inode]
    return f"pid {', '.join(pids)}" if pids else "its pid is not known here"
