"""Takes turns with the other runs of this machine: trials share it, and a clock has it alone."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

GATE_HELD = "another run on this machine is being timed, or about to begin; waiting"
"""Whoever has the gate holds it for as long as it is timed, or for the moment in which a trial begins."""


def usual() -> Path:
    """Where the runs of one user on this machine find each other: beside it, two empty files stay behind.

    To remove one while somebody waits for it would let two in at once.
    """
    return Path(tempfile.gettempdir(), f"poolproof-{os.getuid()}.turns")


@dataclass(frozen=True, slots=True)
class Turns:
    """Holds locks that the system takes back from a run that dies; `say` hears why a run stands still."""

    say: Callable[[str], None]
    file: Path = field(default_factory=usual)

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Wait until no run is being timed, then keep every clock waiting."""
        with ExitStack() as held:
            with self._locked("gate", fcntl.LOCK_EX, GATE_HELD):
                held.enter_context(self._locked("room", fcntl.LOCK_SH))
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other run begin a trial, then wait until those that are under way have ended."""
        # Whoever has the gate comes next: without it, trials that overlap would keep a clock out for ever.
        with (
            self._locked("gate", fcntl.LOCK_EX, GATE_HELD),
            self._locked("room", fcntl.LOCK_EX, "another run on this machine is at a trial; waiting"),
        ):
            yield

    @contextmanager
    def _locked(self, what: str, how: int, waiting: str = "") -> Iterator[None]:
        with self.file.with_suffix(f".{what}").open("a") as file:
            try:
                fcntl.flock(file, how | fcntl.LOCK_NB)
            except BlockingIOError:
                if waiting:
                    self.say(waiting)
                fcntl.flock(file, how)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)  # a child that inherited the file would keep it
